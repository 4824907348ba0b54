"""Sequences of capitalised words that are a person's full name: given name and surname, or unknown words in plain context."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import LexiconError, fold, read_table
from nlp.phrases import Words

_UPPER = "A-ZÁÉÍÓÚÜÑ"
_REST = rf"[a-záéíóúüñ]+(?:['’´-]?[{_UPPER}]?[a-záéíóúüñ]+)?"
_WORD = rf"[{_UPPER}]{_REST}"
_INITIAL = rf"[{_UPPER}]\."
_LINK = r"(?:[Dd]e la|[Dd]e los|[Dd]e las|[Dd]el|[Dd]e|y)"
_NICKNAME = rf"[“\"‘'«](?!L[oa]s\b){_WORD}[”\"’'»]"
"""Within a name: Paul “Russo” Flores."""
_BEGIN = rf"[{_UPPER}](?<![\w.@/].)"
"""First letter of a name; that it stands first lets the search pass over all other characters."""
_SEQUENCE = re.compile(rf"{_BEGIN}{_REST}(?:(?: {_NICKNAME})? (?:{_LINK} )?(?:{_WORD}|{_INITIAL}))+(?!\w)")
_LOUD = rf"[{_UPPER}]{{2,}}"
_LOUD_SEQUENCE = re.compile(rf"{_BEGIN}[{_UPPER}]+(?: (?:(?:DE LA|DE LOS|DEL|DE) )?{_LOUD})+(?!\w)")
"""Words in capitals: names in a headline in capitals, if a table knows them."""
_LOUD_TOKEN = re.compile(rf"(?:DE LA|DE LOS|DEL|DE)(?= )|{_LOUD}")
_TOKEN = re.compile(rf"{_LINK}(?= )|{_WORD}|{_INITIAL}")
_AGE = re.compile(
    r"\s?\(\s?\d{1,2}(?:\s?años)?\s?\)|,?\s(?:de|quien tenía|tenía)\s\d{1,2}\saños|,\s?\d{1,2},|\s?\(\d{1,2}[),]"
)
_LINKS = frozenset({"de", "del", "de la", "de los"})
_MOST_WORDS = 5
_BY = re.compile(r"\s*(?:(?:Por|Escribe|Texto|Redacción|Autor|Autora|Escrito por)\b ?:? ?)?", re.IGNORECASE)
_LINE = 80
_NAME_ENDS = re.compile(rf"\n[\W\d]*{_WORD}(?: {_WORD})+[^\n\w]*\Z")
_NAME_BEGINS = re.compile(rf"[\W\d]*{_WORD}(?: {_WORD})+[^\n\w]*(?:\n|\Z)")
"""Lines that hold a name and nothing else."""
_COMPANY_AFTER = re.compile(r"\s(?:S\.?\s?A\.?|SAC|EIRL|S\.?R\.?L)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class FullName:
    """A full name: offsets, indexes of its first word and of the word after it, and how sure its words make it."""

    start: int
    end: int
    text: str
    first: int
    after: int
    age_after: bool
    known: bool
    """Whether it begins with a known given name."""
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The table of names."""

    given: frozenset[str]
    ambiguous: frozenset[str]
    """Given names that are also words or places."""
    surnames: frozenset[str]
    stops: frozenset[str]
    """Words that end a name, or keep a sequence from being one."""
    organisations: frozenset[str]
    """Those of them that end what is no person's name: "Business School"; many of the others are surnames too."""
    not_persons: frozenset[str]
    """Folded names of streets, schools, districts… that look like a person's."""


@lru_cache(maxsize=1)
def names() -> Names:
    """The tables ``person_names.csv`` and ``not_persons.csv``.

    Raises:
        LexiconError: a table is missing or a row does not fit.
    """
    kinds: dict[str, set[str]] = {
        "given": set(),
        "ambiguous": set(),
        "surname": set(),
        "stop": set(),
        "organisation": set(),
    }
    for row in read_table("person_names.csv", frozenset({"name", "kind"})):
        if row["kind"] not in kinds:
            raise LexiconError(f"nlp/data/person_names.csv: {row['name']}: kind is {row['kind']!r}")
        kinds[row["kind"]].add(fold(row["name"]))
    others = (fold(row["name"]) for row in read_table("not_persons.csv", frozenset({"name"})))
    given = frozenset(kinds["given"] | kinds["ambiguous"])
    return Names(
        given=given,
        ambiguous=frozenset(kinds["ambiguous"]),
        surnames=frozenset(kinds["surname"]),
        stops=frozenset(kinds["stop"] | kinds["organisation"]),
        organisations=frozenset(kinds["organisation"]),
        not_persons=frozenset(others),
    )


def full_names(words: Words) -> Iterator[FullName]:
    """Every sequence that can be a full name, in text order; ``score`` is 0.4 where only its surroundings can tell."""
    yield from sorted([*_spoken(words), *_shouted(words)], key=lambda name: name.start)


def _shouted(words: Words) -> Iterator[FullName]:
    """Names in capitals: a given name and surnames, all known."""
    for match in _LOUD_SEQUENCE.finditer(words.text):
        tokens = list(_LOUD_TOKEN.finditer(words.text, match.start(), match.end()))
        folded = [fold(token.group()) for token in tokens]
        index = 0
        while index < len(tokens):
            after = _known_name(folded, index)
            if after is not None:
                yield full_name(words, tokens[index].start(), tokens[after - 1].end(), 0.9)
            index = after or index + 1


def _known_name(folded: list[str], first: int) -> int | None:
    """Token after the name that begins at a token, if all its words are known and one is a surname."""
    table = names()
    if folded[first] not in table.given or folded[first] in table.ambiguous:
        return None
    after = first + 1
    while after < len(folded) and after - first < _MOST_WORDS and folded[after] in table.given | table.surnames:
        after += 1
    surnames = [word for word in folded[first + 1 : after] if word in table.surnames]
    return after if surnames else None


def full_name(words: Words, start: int, end: int, score: float) -> FullName:
    """The words between two offsets as a name; ``score`` is how sure they make it."""
    return FullName(
        start=start,
        end=end,
        text=words.text[start:end],
        first=bisect_left(words.starts, start),
        after=bisect_left(words.starts, end),
        age_after=_AGE.match(words.text, end) is not None,
        known=score >= 0.6,
        score=score,
    )


def _spoken(words: Words) -> Iterator[FullName]:
    for match in _SEQUENCE.finditer(words.text):
        tokens = list(_TOKEN.finditer(words.text, match.start(), match.end()))
        aged = _AGE.match(words.text, match.end()) is not None
        for first, after, score in _names_in(tokens, aged=aged):
            start, end = tokens[first].start(), tokens[after - 1].end()
            if not _is_nobody(words, start, end):
                yield full_name(words, start, end, score)


def _names_in(tokens: list[re.Match[str]], *, aged: bool) -> Iterator[tuple[int, int, float]]:
    """First token, token after the last, and score of each name in a sequence; "A y B" holds two."""
    begin = 0
    for index in [*(at for at, token in enumerate(tokens) if token.group() == "y"), len(tokens)]:
        part = tokens[begin:index]
        found = _name_in(part, aged=aged and index == len(tokens))
        if found is not None:
            yield found[0] + begin, found[1] + begin, found[2]
        begin = index + 1


def _name_in(tokens: list[re.Match[str]], *, aged: bool) -> tuple[int, int, float] | None:
    folded = [fold(token.group()) for token in tokens]
    table = names()
    for index, word in enumerate(folded[:-1]):
        if (
            word in table.given
            and _capital(tokens[index])
            and folded[max(0, index - 1)] not in ("san", "santa", "santo")
        ):
            after = _end_of(tokens, folded, index)
            rest = [
                each for at, each in enumerate(folded[index + 1 : after], index + 1) if _is_surname(tokens[at], each)
            ]
            if rest:
                known = any(each in table.surnames for each in rest)
                return (
                    _begin_of(tokens, folded, index),
                    after,
                    0.9 if known else 0.6 if word in table.ambiguous else 0.72,
                )
    capitals = [index for index, token in enumerate(tokens) if _capital(token)]
    named = any(word in table.surnames for word in folded[1:]) and folded[0] not in table.surnames | table.stops
    named = named or (aged and len(capitals) >= 3 and table.stops.isdisjoint(folded))
    if 2 <= len(capitals) <= 5 and named:
        return capitals[0], capitals[-1] + 1, 0.4
    return None


def _begin_of(tokens: list[re.Match[str]], folded: list[str], first: int) -> int:
    """An unknown capitalised word before a known given name is a given name too, unless it only begins a sentence."""
    if first == 0 or not _capital(tokens[first - 1]) or folded[first - 1] in names().stops:
        return first
    token = tokens[first - 1]
    before = token.string[max(0, token.start() - 2) : token.start()]
    return first - 1 if before and re.fullmatch(r"[\w,] ", before) else first


def _end_of(tokens: list[re.Match[str]], folded: list[str], first: int) -> int:
    """Token after the last of a name: "de" goes on only before a surname or a given name."""
    table = names()
    at = first + 1
    capitals = 1
    while at < len(tokens) and capitals < 6:
        if folded[at] in table.stops:
            break
        if not _capital(tokens[at]):
            following = folded[at + 1] if at + 1 < len(tokens) else ""
            if following not in table.surnames and following not in table.given:
                break
        else:
            capitals += 1
        at += 1
    return at


def _is_surname(token: re.Match[str], folded: str) -> bool:
    table = names()
    return _capital(token) and (folded in table.surnames or folded not in table.given)


def _capital(token: re.Match[str]) -> bool:
    return token.group()[0].isupper() and fold(token.group()) not in _LINKS


def _is_nobody(words: Words, start: int, end: int) -> bool:
    """Whether what looks like a name is a street's, a company's, a school's…, or the author's on a line by itself."""
    folded = fold(words.text[start:end])
    table = names()
    if folded in table.not_persons or _COMPANY_AFTER.match(words.text, end) or signs(words.text, start, end):
        return True
    if _AGE.match(words.text, end):  # "José Gálvez Palacios (17)" is called after somebody
        return False
    return any(folded.startswith(f"{other} ") for other in table.not_persons if other[:3] == folded[:3])


def signs(text: str, start: int, end: int) -> bool:
    """Whether a name is all that stands on its line, below the title, with no list about it."""
    begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if begin == 0 or stop < 0 or not _BY.fullmatch(text, begin, start) or text[end:stop].strip(" ."):
        return False
    before, after = text[max(0, begin - _LINE) : begin].rstrip(), text[stop : stop + _LINE].lstrip()
    return not before.endswith(":") and not _NAME_ENDS.search(before) and not _NAME_BEGINS.match(after)
