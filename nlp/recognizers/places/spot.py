"""Names of the gazetteer in a text, each with the evidence for and against its being a place here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.gazetteer import CALLAO, LIMA, Gazetteer, Kind, Reading
from nlp.lexicon import fold, read_table
from nlp.recognizers.places.layout import FUNCTION_WORDS, Layout
from nlp.types import PlaceLevel

CONNECTORS = frozenset("de del la las los el y".split())
_ACRONYM = 4
"""A name of so few letters, all capitals in the table, counts in capitals only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
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
    """Known by its head only: not a name of the gazetteer."""

    @property
    def level(self) -> PlaceLevel | None:
        """The level that its head says."""
        return _HEAD_LEVELS.get(self.head or "")


_HEAD_LEVELS = {
    "district": PlaceLevel.DISTRICT,
    "province": PlaceLevel.PROVINCE,
    "city": PlaceLevel.PROVINCE,
    "region": PlaceLevel.REGION,
}
_PLACE_HEADS = frozenset({"district", "province", "city", "region", "town"})


@lru_cache(maxsize=1)
def heads() -> dict[str, str]:
    """Kind of each generic head, by folded word."""
    return {fold(row["head"]): row["kind"] for row in read_table("place_heads.csv", frozenset({"head", "kind"}))}


@lru_cache(maxsize=1)
def frames() -> dict[str, str]:
    """What a word before a name makes of it, by folded word: ``institution``, ``public``, ``name``, ``gang``, ``person``."""
    return {fold(row["word"]): row["frame"] for row in read_table("place_frames.csv", frozenset({"word", "frame"}))}


def spots(layout: Layout, gazetteer: Gazetteer, masked: bytearray) -> Iterator[Spot]:
    """Names of the gazetteer from left to right, the longest at each place; ``masked`` characters hold other names.

    A name that is part of another ("Caja Huancayo", "Luis Morales") comes with belief -1.
    """
    index, count = 0, len(layout.words.words)
    while index < count:
        length = 0
        if layout.words.words[index] in gazetteer.lengths and (layout.upper[index] or _article(layout, index)):
            length = _longest(layout, gazetteer, index)
        start = layout.words.starts[index]
        if length and not any(masked[start : layout.words.ends[index + length - 1]]):
            yield from _spot(layout, gazetteer, index, index + length)
        index += length or 1


def _article(layout: Layout, index: int) -> bool:
    """Whether a word is a lower-case article before a capital: "distrito de la Victoria"."""
    return (
        layout.words.words[index] in ("la", "el", "los", "las")
        and index + 1 < len(layout.upper)
        and layout.upper[index + 1]
    )


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
    return all(layout.upper[i] or layout.words.words[i] in CONNECTORS for i in range(first, after))


def _spot(layout: Layout, gazetteer: Gazetteer, first: int, after: int) -> Iterator[Spot]:
    key = " ".join(layout.words.words[first:after])
    start, end = layout.words.starts[first], layout.words.ends[after - 1]
    readings = tuple(r for r in gazetteer.readings(key) if _fits_case(r, layout.text[start:end]))
    if not readings:
        return
    evidence = _Evidence(layout, first, after)
    base = max(_base(reading) for reading in readings)
    belief = base + evidence.weight(trap=all(reading.trap for reading in readings))
    yield Spot(
        key=key,
        start=start,
        end=end,
        first=first,
        after=after,
        readings=readings,
        sentence=layout.sentence(start),
        belief=-1.0 if evidence.refused() else belief,
        head=evidence.head,
        institution=evidence.frame in ("institution", "public"),
    )


def _fits_case(reading: Reading, surface: str) -> bool:
    letters = reading.name.replace(".", "")
    return not (letters.isupper() and len(letters) <= _ACRONYM) or surface.isupper()


def _base(reading: Reading) -> float:
    """Belief in a name without context."""
    match reading.kind:
        case Kind.COUNTRY:
            return 0.3 if reading.trap else 0.8
        case Kind.ABROAD:
            return 0.2 if reading.trap else 0.7
        case Kind.STREET:
            return 0.0 if reading.trap else 0.5
        case Kind.LOCALITY:
            return 0.1 if reading.trap else 0.65
        case Kind.CAPITAL:
            return 0.2
        case Kind.ALIAS:
            return 0.3 if reading.trap else 0.75
        case _:
            return _base_of_admin(reading)


def _base_of_admin(reading: Reading) -> float:
    code = reading.code
    metropolis = code.startswith((LIMA, CALLAO))
    if reading.trap:
        return 0.4 if metropolis or len(code) < 6 else 0.15
    if metropolis or len(code) < 6:
        return 0.75
    return 0.65 if reading.site.population >= 20_000 else 0.55


class _Evidence:
    """What the words beside a name say."""

    def __init__(self, layout: Layout, first: int, after: int) -> None:
        self._layout, self._first, self._after = layout, first, after
        self._shouted = layout.shouted[first]
        self.before = layout.words.words[first - 1] if layout.adjacent(first - 1) else ""
        self.head, self._linked = self._find_head()
        self.frame = self._find_frame()

    def _find_head(self) -> tuple[str | None, bool]:
        """The generic head before the name: right before it, or with "de" between; and whether there is a "de"."""
        index, linked = self._first - 1, False
        words = self._layout.words.words
        while index >= 0 and words[index] in ("de", "del", "la", "el", "los", "las") and self._layout.adjacent(index):
            linked = linked or words[index] in ("de", "del")
            index -= 1
        if index < 0 or not (self._layout.joined(index) or self._layout.gap(index) in (". ", ".")):
            return None, linked
        return heads().get(words[index]), linked

    def _find_frame(self) -> str | None:
        """What the words before the name make of it, looking left over words that can belong to one long name."""
        words, layout = self._layout.words.words, self._layout
        index = self._first - 1
        for _ in range(6):
            if index < 0 or not layout.adjacent(index):
                return None
            word = words[index]
            direct = index == self._first - 1
            frame = frames().get(word)
            if frame == "person" and not direct:
                frame = None
            if frame and (layout.upper[index] or frame == "institution" or (direct and frame != "gang")):
                return frame
            if not (layout.upper[index] or word in CONNECTORS) or layout.initial(index):
                return None
            index -= 1
        return None

    def refused(self) -> bool:
        """Whether the name is part of another name, or a person's."""
        if self._shouted:
            return False
        direct = self.before not in CONNECTORS
        if self.frame in ("name", "gang") or (self.frame in ("public", "person") and direct):
            return self.head is None
        return self._part_of_longer() or self._of_a_name()

    def _part_of_longer(self) -> bool:
        """A capitalised word right before or after, that is no head and does not begin a sentence."""
        layout, first, after = self._layout, self._first, self._after
        if layout.adjacent(after - 1) and layout.upper[after] and not layout.shouted[after]:
            follower = layout.words.words[after]
            if not layout.surface(after).isdigit() and follower not in heads() and not self._begins_place(after):
                return True
        if not layout.adjacent(first - 1) or not layout.upper[first - 1] or layout.shouted[first - 1]:
            return False
        word = layout.words.words[first - 1]
        if word in FUNCTION_WORDS or word in heads() or frames().get(word) == "institution":
            return False
        return not layout.surface(first - 1).isdigit() and not (layout.initial(first - 1) and len(word) < 3)

    def _begins_place(self, index: int) -> bool:
        return self._layout.surface(index) in ("Norte", "Sur", "Este", "Oeste", "Centro")

    def _of_a_name(self) -> bool:
        """ "Los Malditos de Bayóvar", "Tren de Aragua", "Juan de Rosas": capitals, then "de", inside a sentence."""
        layout, index = self._layout, self._first - 1
        words = layout.words.words
        if index < 1 or words[index] not in ("de", "del") or self.frame or self.head:
            return False
        for previous in range(index - 1, max(-1, index - 6), -1):
            if not layout.adjacent(previous) or not (layout.upper[previous] or words[previous] in CONNECTORS):
                return False
            if words[previous] in ("los", "las") and layout.upper[previous]:
                return previous < index - 1
        return False

    def weight(self, *, trap: bool) -> float:
        """Sum of what speaks for and against."""
        total = 0.0
        if self.head in _PLACE_HEADS:
            total += 0.6
        elif self.head is not None:
            total += 0.3
        if self.frame == "institution":
            total += 0.3
        total += _PREPOSITIONS.get(self.before, 0.0)
        single = self._after - self._first == 1
        if self._layout.initial(self._first) and not self.head:
            total -= 0.2 if single or trap else 0.05
        if self._shouted and (single or trap):
            total -= 0.15
        if not self._layout.upper[self._first]:
            total -= 0.3
        return total


_PREPOSITIONS = {
    "en": 0.25,
    "desde": 0.15,
    "hacia": 0.15,
    "hasta": 0.1,
    "entre": 0.05,
    "de": 0.05,
    "del": 0.05,
    "a": 0.05,
    "por": 0.0,
}
