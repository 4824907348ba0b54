"""Accepted names -> every place in the text where they stand, in full or shortened, each with its fullest form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.phrases import Covered, Found, PhraseTable, Words
from nlp.recognizers.gangs.names import Name, name_at
from nlp.recognizers.gangs.registry import registry

_ARTICLE_BEFORE = re.compile(r"\b(?:los|las|la|el)\s\Z", re.IGNORECASE)
_LINK_AFTER = re.compile(r"\s(?:de|del)\s(?:(?:la|los|las|el)\s)?[A-ZÁÉÍÓÚÑ]")
_LINKS = frozenset({"DE", "DEL", "LA", "LAS", "LOS", "EL", "Y", "EN", "AL"})
_KINDS = frozenset({"cartel", "clan"})
"""First words of names that are also written small: "cártel de Sinaloa"."""
_QUOTES = "“”\"«»‘’'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A mention of an accepted gang."""

    start: int
    end: int
    key: str
    """Of the form that stands here."""
    name: str
    """The fullest form in the article."""
    full_key: str


def registered_in(words: Words) -> Iterator[str]:
    """Keys of the registry whose words stand in the text, capitalised."""
    for found in _registered().find(words):
        if _capitalised(words, found):
            yield found.value


@lru_cache(maxsize=1)
def _registered() -> PhraseTable[str]:
    return PhraseTable([(key, key) for key in registry().rows])


def fullest_names(accepted: Iterable[str]) -> dict[str, str]:
    """For each accepted key the key of its fullest form.

    A shorter form stands for the only longer one that begins with it; for none when there are several, since the same
    pattern with another place is another gang. Two rows of the registry are never made one.
    """
    keys = dict.fromkeys(accepted)
    full = {key: key for key in keys}
    extensions = _extensions(keys)
    for key in keys:
        longer = [other for other in extensions.get(key, ()) if other not in extensions and not _told_apart(key, other)]
        if len(longer) == 1:
            full[key] = longer[0]
    same_row = _by_row(keys)
    return {key: same_row.get(target, target) if target == key else target for key, target in full.items()}


def shortened_keys(accepted: Iterable[str]) -> frozenset[str]:
    """Keys that an accepted name goes on from: "rapidos" when "rapidos del cono" is one."""
    return frozenset(_extensions(accepted))


def _extensions(keys: Iterable[str]) -> dict[str, list[str]]:
    """Each beginning of a key -> the keys that go on from there."""
    extensions: dict[str, list[str]] = {}
    for key in keys:
        words = key.split()
        for length in range(1, len(words)):
            extensions.setdefault(" ".join(words[:length]), []).append(key)
    return extensions


def _told_apart(one: str, other: str) -> bool:
    rows = registry().rows
    ids, others = {row.id for row in rows.get(one, ())}, {row.id for row in rows.get(other, ())}
    return bool(ids) and bool(others) and not ids & others


def _by_row(keys: Iterable[str]) -> dict[str, str]:
    """Keys of one unmistakable row -> the longest of them ("TdA" -> "Tren de Aragua")."""
    longest: dict[str, str] = {}
    for key in keys:
        rows = registry().rows.get(key, ())
        if len(rows) == 1 and len(key) > len(longest.get(rows[0].id, "")):
            longest[rows[0].id] = key
    return {key: longest[rows[0].id] for key in keys if len(rows := registry().rows.get(key, ())) == 1}


def occurrences_of(words: Words, candidates: list[Name], full: dict[str, str]) -> list[Occurrence]:
    """Every mention of the accepted names, in text order; ``full`` is what :func:`fullest_names` gave."""
    exact = {(name.first, name.after): _bare(words, name) for name in candidates if name.key in full}
    table = PhraseTable([*((key, key) for key in full), *_short_forms(full)], for_one_text=True)
    spans: list[tuple[Name, str]] = [(name, name.key) for name in exact.values()]
    taken = Covered(len(words.text), ((name.start, name.end) for name in exact.values()))
    for found in table.find(words):
        if taken.meets(found.start, found.end):
            continue
        name = _widened(words, found)
        if _credible(words, found, name, short=found.value not in full):
            spans.append((name, found.value))
    display = _display(spans, full)
    owner = full | {short: full[key] for short, key in _short_owner(full).items()}
    return [
        Occurrence(start=name.start, end=name.end, key=key, name=display[owner[key]], full_key=owner[key])
        for name, key in sorted(spans, key=lambda pair: pair[0].start)
    ]


def _short_owner(full: dict[str, str]) -> dict[str, str]:
    """Short form -> the only gang that it can mean: "malditos" for "malditos de pisco"."""
    owners: dict[str, set[str]] = {}
    for key, target in full.items():
        match = re.match(r"(\w+(?: \w+)?) (?:de|del|al)\b", key)
        if match and match.group(1) not in full and len(match.group(1)) > 3:
            owners.setdefault(match.group(1), set()).add(target)
    return {short: next(iter(keys)) for short, keys in owners.items() if len(keys) == 1}


def _short_forms(full: dict[str, str]) -> Iterator[tuple[str, str]]:
    not_gangs = registry().not_gangs
    yield from ((short, short) for short in _short_owner(full) if not_gangs.get(short) != "place")


def _widened(words: Words, found: Found[str]) -> Name:
    """The phrase with the article before it, as a name."""
    before = _ARTICLE_BEFORE.search(words.text, max(0, found.start - 5), found.start)
    start = found.start
    if before and (before.group()[0].isupper() or before.group().strip() in ("los", "las")):
        start = before.start()
    quoted = bool(start and words.text[start - 1] in _QUOTES and words.text[found.end : found.end + 1] in _QUOTES)
    return _bare(words, name_at(words, start, found.end, quoted=quoted))


def _bare(words: Words, name: Name) -> Name:
    """The name without an article that the registry does not write: "El Tren de Aragua" at the head of a sentence."""
    rows = registry().rows.get(name.key, ())
    if name.plural or not name.article or not rows or rows[0].name.startswith(("El ", "La ")):
        return name
    start = words.starts[name.first + 1]
    return name_at(words, start, name.end, quoted=name.quoted)


def _credible(words: Words, found: Found[str], name: Name, *, short: bool) -> bool:
    if not _capitalised(words, found):
        return False
    if short and _LINK_AFTER.match(words.text, found.end):
        return False
    has_article = _ARTICLE_BEFORE.search(words.text, max(0, found.start - 5), found.start) is not None
    if short:
        return name.quoted or name.plural or (has_article and words.text[found.start :].istitle())
    return has_article or name.quoted or " " in found.value or found.value in registry().rows


def _capitalised(words: Words, found: Found[str]) -> bool:
    if words.words[found.first] in _KINDS and found.after - found.first > 1:
        return words.text[words.starts[found.after - 1]].isupper()
    return words.text[found.start].isupper() or words.text[found.start].isdigit()


def _display(spans: list[tuple[Name, str]], full: dict[str, str]) -> dict[str, str]:
    """Each full key -> its longest surface, rather in mixed case; an article in lower case is made a capital one."""
    surfaces: dict[str, list[str]] = {}
    for name, key in spans:
        surfaces.setdefault(key, []).append(name.text)
    display: dict[str, str] = {}
    for key in set(full.values()):
        best = max(surfaces.get(key, [key]), key=lambda text: (not text.isupper() or len(text) < 6, len(text)))
        display[key] = _in_mixed_case(best) if best.isupper() and " " in best else best[:1].upper() + best[1:]
    return display


def _in_mixed_case(text: str) -> str:
    """A name out of a headline in capitals: "LOS LOBOS NG DE ATE" -> "Los Lobos NG de Ate"."""
    words = text.split(" ")
    return " ".join(
        word.lower() if index and word in _LINKS else word if len(word) < 4 and index else word.capitalize()
        for index, word in enumerate(words)
    )
