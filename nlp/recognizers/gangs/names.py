"""Strings of a text that have the shape of a gang's name, quoted or not; whether they are names is judged elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nlp.lexicon import fold, read_table
from nlp.patterns import PatternTable
from nlp.phrases import Covered, Words
from nlp.recognizers.gangs.registry import key_of

_UPPER = "A-ZÁÉÍÓÚÜÑ"
_CAPITALISED = rf"[{_UPPER}0-9]\w*(?:[´’'-]\w+)?(?!\w|[/$])"
_LINK = r"(?:[dD][eE]|[dD][eE][lL]|[aA][lL])[ ](?:(?:[lL][aAoO][sS]?|[eE][lL])[ ])?"
_TAIL = rf"(?:[ ](?:{_LINK})?{_CAPITALISED}){{0,6}}"

_WITH_ARTICLE = re.compile(rf"\b(?:[Ll][oa]s|L[OA]S|La|El)[ ](?=[{_UPPER}]){_CAPITALISED}{_TAIL}")
_QUOTED = re.compile(
    rf"[“\"«‘'](?<!\w.)(?P<name>(?:[Ll][oa]s[ ]|[Ll]a[ ]|[Ee]l[ ])?[{_UPPER}0-9][^“”\"«»‘\n,.;:¿?¡!()]{{1,59}}?)[”\"»’'](?!\w)"
)
_HEADED = PatternTable(
    [
        r"(?:[bB]andas?|(?:[oO]rganizaci[oó]n|[rR]ed|[gG]rupo|[eE]structura|[fF]acci[oó]n|[cC]é?e?lula)(?=\s[cdt])|[cC]lan)"
        r"(?: (?:criminal|delictiv[oa]|delincuencial|terrorista|transnacional|trasnacional|internacional|familiar))*"
        rf"(?: (?:denominad|llamad|conocid|autodenominad)[oa](?: como)?)? (?P<name>{_CAPITALISED}{_TAIL})"
    ],
    cased=True,
)
_NAMED_BY_KIND = PatternTable(
    [rf"(?:Clan|Banda|Batería|C[aá]rtel|Dinastía|Hermandad|Mafia) (?:{_LINK})?(?:El |La )?{_CAPITALISED}{_TAIL}"],
    cased=True,
)
_ARTICLE = re.compile(r"(?P<article>[Ll][oa]s|LOS|LAS|[Ll]a|LA|[Ee]l|EL)\s")
_ARTICLE_OUTSIDE = re.compile(r"\b(?P<article>[Ll][oa]s)\s[“\"«‘']\Z")
_PLURAL = re.compile(r"\w+s\b")
_LOWER_WORDS = frozenset(
    ("de", "del", "la", "las", "los", "el", "lo", "y", "e", "en", "con", "sin", "al", "a", "para", "por")
)
_BARE = re.compile(
    rf"(?P<first>[{_UPPER}](?<=[\w,:)] .)(?!(?<=L)(?:[oa]s|[ao]|OS|AS|A)\b|(?<=E)(?:[lL]|st[ea])\b|(?<=U)na?\b|(?<=A)lias\b)\w+)"
    rf"(?!\w)(?:[ ](?:{_LINK})?{_CAPITALISED}){{1,5}}"
)
_PLAIN_BAND = re.compile(r"[bB]andas? [A-ZÁÉÍÓÚÑ]")
_TWO_NAMES = re.compile(r"(?<! de) (?:Los|Las) | [ye] (?:La|El) ")
_FINITE = re.compile(r"(?:[aei]n|[aei]ban|[íi]an|r[áo]n)$")
"""Ending of a verb whose subject a plural name would be: “Los vecinos tienen miedo” is said, not a name."""
_WE = re.compile(r"(?:voy|vamos|hemos|estamos|(?:ten|sab|quer|conoc|pod)emos|\w+[aei]remos)")
"""What those who threaten say they do: “Los vamos a matar” is no name."""
_MAX_WORDS = 8
_MAX_LOWER = 3
"""Words in lower case, links aside, that a quoted name may hold."""


class Name(NamedTuple):
    """A string that could be a gang's name: offsets, and the indexes of its first word and of the word after it."""

    start: int
    end: int
    text: str
    key: str
    quoted: bool
    plural: bool
    """Whether it begins with ``Los`` or ``Las``, or stands quoted after them: los “Pulpos”."""
    article: bool
    bare: bool
    """Whether nothing but its capitals shows that it is a name."""
    first: int
    after: int


def names_in(words: Words) -> list[Name]:
    """Quoted names, and unquoted ones that begin with an article or follow a head, in text order and without overlap."""
    names = list(_quoted(words))
    taken = Covered(len(words.text), ((name.start, name.end) for name in names))
    for name in (*_unquoted(words), *_named_by_kind(words), *_headed(words), *_bare(words)):
        if not taken.meets(name.start, name.end):
            taken.add(name.start, name.end)
            names.append(name)
    return sorted(names, key=lambda name: name.start)


def name_at(words: Words, start: int, end: int, *, quoted: bool, bare: bool = False) -> Name:
    """The string between two offsets, as a name."""
    text = words.text[start:end]
    article = _ARTICLE.match(text) or (
        _ARTICLE_OUTSIDE.search(words.text, max(0, start - 6), start) if quoted and _PLURAL.match(text) else None
    )
    return Name(
        start=start,
        end=end,
        text=text,
        key=key_of(text),
        quoted=quoted,
        article=article is not None,
        plural=article is not None and article.group("article").lower() in ("los", "las"),
        bare=bare,
        first=bisect_left(words.starts, start),
        after=bisect_left(words.starts, end),
    )


def _quoted(words: Words) -> Iterator[Name]:
    for match in _QUOTED.finditer(words.text):
        parts = match.group("name").split()
        if len(parts) <= _MAX_WORDS and not _TWO_NAMES.search(match.group("name")) and _fit_in_name(parts):
            yield name_at(words, match.start("name"), match.end("name"), quoted=True)


def _fit_in_name(parts: list[str]) -> bool:
    """Whether quoted words can be one name; after "Los" some outlets write nouns in lower case: “Los malditos del cono sur”."""
    small = [part for part in parts[1:] if part[0].islower() and part.lower() not in _LOWER_WORDS]
    if not small or any(map(_WE.fullmatch, small)):
        return not small
    most = _MAX_LOWER if parts[1][0].islower() else 1
    return parts[0] in ("Los", "Las") and len(small) <= most and not any(map(_FINITE.search, small[1:]))


def _unquoted(words: Words) -> Iterator[Name]:
    for match in _WITH_ARTICLE.finditer(words.text):
        yield name_at(words, match.start(), match.end(), quoted=False)


def _headed(words: Words) -> Iterator[Name]:
    for match in _HEADED.finditer(words):
        if _PLAIN_BAND.match(match.group()) and " " not in match.group("name"):
            continue  # "la banda Crucifijo" plays music
        yield name_at(words, match.start("name"), match.end("name"), quoted=False)


def _bare(words: Words) -> Iterator[Name]:
    """Sequences of capitalised words within a sentence that begin with no article and no given name, and are not surnames all."""
    given, surnames = _names_of_persons("given"), _names_of_persons("surname")
    for match in _BARE.finditer(words.text):
        if fold(match.group("first")) in given or match.group().isupper():
            continue
        if not surnames.issuperset(fold(match.group()).split()):
            yield name_at(words, match.start(), match.end(), quoted=False, bare=True)


@lru_cache(maxsize=2)
def _names_of_persons(kind: str) -> frozenset[str]:
    rows = read_table("person_names.csv", frozenset({"name", "kind"}))
    return frozenset(fold(row["name"]) for row in rows if row["kind"] == kind)


def _named_by_kind(words: Words) -> Iterator[Name]:
    for match in _NAMED_BY_KIND.finditer(words):
        yield name_at(words, match.start(), match.end(), quoted=False)
