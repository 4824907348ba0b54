"""Names of the gazetteer in a text, each with the evidence for and against its being a place here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp.gazetteer import CALLAO, LIMA, PERU, Gazetteer, Kind, Reading
from nlp.recognizers.places.evidence import PLACE_HEADS, Evidence, frames, heads
from nlp.recognizers.places.layout import CONNECTORS, Layout
from nlp.types import PlaceLevel

_LOWER_CASE = frozenset({"cono", "primer"})
"""First words of names that the press also writes without capitals."""
_ABBREVIATED = re.compile(r"\.\s?\w{1,3}\Z")
_ACRONYM = 4
"""A name of so few letters, all capitals in the table, counts in capitals only."""


class Spot(NamedTuple):
    """A name that may be a place."""

    key: str
    """Its folded words."""
    start: int
    end: int
    first: int
    after: int
    """Index of its first word and of the word after it."""
    readings: tuple[Reading, ...]
    sentence: int
    belief: float
    """From -1 to 1: how much speaks for a place here, the company of other places not counted."""
    head: str | None = None
    """Kind of the head before it (``place_heads.csv``): ``district``, ``street``, ``quarter`` …"""
    institution: bool = False
    """Inside the name of a territorial institution."""
    open: bool = False
    """Known by its head only, or a street or locality: the district that it lies in is to be told from the text."""
    linked: bool = False
    """Whether "de" stands between its head and it."""
    within: str | None = None
    """Code of the place that an adjective before it names ("distrito arequipeño de Miraflores")."""

    origin: bool = False
    """Whether somebody is said to come from there."""

    @property
    def level(self) -> PlaceLevel | None:
        """The level that its head says."""
        return _HEAD_LEVELS.get(self.head or "")


_HEAD_LEVELS = {
    "district": PlaceLevel.DISTRICT,
    "province": PlaceLevel.PROVINCE,
    "city": PlaceLevel.PROVINCE,
    "centre": PlaceLevel.DISTRICT,
    "region": PlaceLevel.REGION,
}


def spots(layout: Layout, gazetteer: Gazetteer, masked: bytearray) -> Iterator[Spot]:
    """Names of the gazetteer from left to right, the longest at each place; ``masked`` characters hold other names.

    A name that is part of another ("Caja Huancayo", "Luis Morales") comes with belief -1.
    """
    index, count = 0, len(layout.words.words)
    while index < count:
        length = 0
        if layout.words.words[index] in gazetteer.lengths and (layout.upper[index] or _lower(layout, index)):
            length = _longest(layout, gazetteer, index)
        start = layout.words.starts[index]
        if length and not any(masked[start : layout.words.ends[index + length - 1]]):
            yield from _spot(layout, gazetteer, index, index + length)
        index += length or 1


def _lower(layout: Layout, index: int) -> bool:
    """Whether a name may begin with a lower-case word: "distrito de la Victoria", "comisaría de la Victoria", "cono norte"."""
    words = layout.words.words
    if words[index] in ("la", "el", "los", "las"):
        if index < 2 or words[index - 1] != "de":
            return False
        return heads().get(words[index - 2]) in PLACE_HEADS or frames().get(words[index - 2]) == "institution"
    return words[index] in _LOWER_CASE


def _longest(layout: Layout, gazetteer: Gazetteer, index: int) -> int:
    words = layout.words.words
    for length in gazetteer.lengths[words[index]]:
        after = index + length
        if after > len(words) or not all(layout.joined(i) for i in range(index, after - 1)):
            continue
        if gazetteer.readings(" ".join(words[index:after])) and _capital(layout, index, after):
            return length
    return 0


def _capital(layout: Layout, first: int, after: int) -> bool:
    """Whether all words but connectors begin with a capital or digit; lower-case names ("cono norte") stand in the table so."""
    words = layout.words.words
    if words[first] in _LOWER_CASE and not layout.upper[first]:
        return layout.text[layout.words.starts[first] : layout.words.ends[after - 1]].islower()
    return all(layout.upper[i] or words[i] in CONNECTORS for i in range(first, after))


def _spot(layout: Layout, gazetteer: Gazetteer, first: int, after: int) -> Iterator[Spot]:
    key = " ".join(layout.words.words[first:after])
    start, end = layout.words.starts[first], layout.words.ends[after - 1]
    if _ABBREVIATED.search(layout.text, start, end) and layout.text[end : end + 1] == ".":
        end += 1  # "EE. UU." ends with its dot
    readings = tuple(r for r in gazetteer.readings(key) if _fits_case(r, layout.text[start:end]))
    if not readings:
        return
    evidence = Evidence(layout, gazetteer, first, after)
    base = max(_base(reading) for reading in readings)
    trap = all(reading.trap for reading in readings)
    belief = evidence.refusal(trap=trap) or base + evidence.weight(trap=trap)
    yield Spot(
        key=key,
        start=start,
        end=end,
        first=first,
        after=after,
        readings=readings,
        sentence=layout.sentence(start),
        belief=belief,
        head=evidence.head,
        institution=evidence.frame in ("institution", "public"),
        open=all(reading.kind in (Kind.STREET, Kind.LOCALITY) for reading in readings),
        linked=evidence.linked,
        within=evidence.within,
        origin=evidence.origin,
    )


def _fits_case(reading: Reading, surface: str) -> bool:
    letters = reading.name.replace(".", "")
    return not (letters.isupper() and len(letters) <= _ACRONYM) or surface.isupper()


_BASE = {
    Kind.COUNTRY: (0.8, 0.3),
    Kind.ABROAD: (0.7, 0.2),
    Kind.LOCALITY: (0.65, 0.1),
    Kind.CAPITAL: (0.2, 0.2),
    Kind.ALIAS: (0.75, 0.3),
}
"""Belief in a name without context: of one that is nothing else, and of one that is also a word or a person's."""


def _base(reading: Reading) -> float:
    if reading.kind is Kind.ADMIN:
        return _base_of_admin(reading)
    if reading.kind is Kind.STREET:  # highways and the great avenues need no "avenida"
        return 0.6 if not reading.trap and reading.code in (PERU, LIMA) else 0.0
    sure, doubtful = _BASE[reading.kind]
    return doubtful if reading.trap else sure


def _base_of_admin(reading: Reading) -> float:
    code = reading.code
    metropolis = code.startswith((LIMA, CALLAO))
    if reading.trap:
        if len(code) == 2 and " " in reading.name and not reading.name.startswith("San "):
            return 0.75  # "La Libertad", "Madre de Dios"
        return 0.5 if len(code) == 2 else 0.45 if metropolis or len(code) == 4 else 0.15
    if metropolis or len(code) < 6:
        return 0.75
    if reading.site.population >= 20_000:
        return 0.65
    return 0.55 if " " in reading.name else 0.45  # a small district of one word may be a surname
