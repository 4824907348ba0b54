"""What is linked and what comes of it: names that are known to be places, and the places that they were found to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from nlp.gazetteer import CALLAO, PERU, Kind, Reading, Site, contains
from nlp.types import PlaceLevel


class Name(NamedTuple):
    """A name that is known to be a place."""

    key: str
    """Folded."""
    readings: tuple[Reading, ...]
    sentence: int
    position: int
    """Character offset."""
    parent: int | None = None
    """Index, among the names, of the larger place that the text puts it into."""
    listed: int | None = None
    """Index of the name before it in the same list."""
    level: PlaceLevel | None = None
    """Level that the text says ("distrito de", "región")."""
    head: str | None = None
    """Kind of the generic head before it."""
    open: bool = False
    """A street, locality, quarter or site: it lies in a district that other names tell."""
    within: str | None = None
    """Code of a place that an adjective puts it into ("distrito arequipeño")."""
    origin: bool = False
    """Where somebody comes from: nothing is said to lie there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The place that a name was found to be: ``site`` is ``None`` when it cannot be told."""

    site: Site | None
    candidates: tuple[str, ...]
    score: float
    """Confidence in the code, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Codes of one name that nest in each other (region, province and district Piura): one place at several levels."""

    codes: tuple[str, ...]
    """The largest first."""
    reading: Reading
    """That of the smallest."""

    @property
    def inner(self) -> str:
        """The smallest code."""
        return self.codes[-1]

    @property
    def outer(self) -> str:
        """The largest code."""
        return self.codes[0]

    @property
    def is_city(self) -> bool:
        """Whether the name is that of a region's capital (Piura), not only of a region (La Libertad)."""
        return self.outer != CALLAO and not {self.outer + "01", self.outer + "0101"}.isdisjoint(self.codes)

    @property
    def is_only_region(self) -> bool:
        """Whether the name is a region's and no city's."""
        return len(self.outer) == 2 and self.outer.isdigit() and self.outer != CALLAO and not self.is_city


def families_of(readings: Iterable[Reading]) -> tuple[Family, ...]:
    """Readings grouped where one lies in the other; streets and localities stand by themselves."""
    families: list[list[Reading]] = []
    for reading in sorted(readings, key=lambda r: (len(r.code), r.code)):
        for family in families:
            admin = reading.kind in (Kind.ADMIN, Kind.ALIAS) and family[0].kind in (Kind.ADMIN, Kind.ALIAS)
            if admin and reading.code.isdigit() and contains(family[0].code, reading.code):
                family.append(reading)
                break
        else:
            families.append([reading])
    return tuple(Family(codes=tuple(r.code for r in family), reading=family[-1]) for family in families)


def is_local(code: str) -> bool:
    """Whether a code is narrow enough to tell where a street lies: a district or city, or any place abroad."""
    return (len(code) >= 4 or code == CALLAO) if code.isdigit() else code != PERU
