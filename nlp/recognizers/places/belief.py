"""Which names are places: what speaks for each by itself, and the company that it keeps in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.gazetteer import CALLAO, LIMA, PERU, Kind, Reading, contains
from nlp.recognizers.places.evidence import REFUSED
from nlp.recognizers.places.spot import Spot

ENOUGH = 0.54
"""A name believed this much is a place."""
_STRONG = 0.6
_REFUSED_FROM = -0.3
"""Below this a name is part of another, and no company makes a place of it."""
_HOLDERS = frozenset({Kind.ADMIN, Kind.ALIAS, Kind.COUNTRY, Kind.ABROAD})
_METROPOLIS = (LIMA, CALLAO)
_CONTAINER = re.compile(
    r"(?:,? (?:en|del?)(?: la| el| las| los)?|\s?[,(–/-]\s?(?:en )?)\s?"
    r"(?:(?:el |la )?(?P<told>distrito|provincia|regi[oó]n|departamento|ciudad|jurisdicci[oó]n)(?: \w+)?(?: de(?:l| la| los)?)?\s)?",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:\s?\([^()\n]{1,20}\))?"
    r"(?:[,;]\s(?:y )?(?:as[ií] )?(?:como )?(?:en |de |del )?(?:el |la )?"
    r"|,? [yeo] (?:en |de |del |a |hacia |hasta )?(?:el |la )?"
    r"|\s?[–/-]\s?"
    r"|,? (?:[yeo]|con) (?:en |de |del )?(?:el |la )?(?:[Aa]venida|[Aa]vd?a?\.|[Jj]ir[oó]n|[Jj]r\.|[Cc]alle|[Cc]a\.|[Pp]asaje|[Pp]s?je\.) "
    r"| (?:a|hasta|hacia|con) (?:el |la )?(?:(?:distrito|centro poblado|provincia|ciudad) de(?:l| la)? )?)"
)
"""What stands between two places of a list: "Lima (14), en Junín (4) y en La Libertad"."""
_GOES_ON = re.compile(r"(?:,|,? [ye]) (?:el |la |en )?[A-ZÁÉÍÓÚÑ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """A name with its final belief, and the spot that the text names as the larger place around it."""

    spot: Spot
    parent: int | None
    """Index of that spot among all."""
    listed: int | None
    """Index of the spot before it, of which it continues the list."""


def believed(spots: Sequence[Spot], text: str, region: str | None) -> list[Believed]:
    """All spots in their order, with their company counted; ``region`` is the code that the outlet writes for."""
    parents = [_parent(spots, index, text) for index in range(len(spots))]
    listed = [_lists(spots, index, text) for index in range(len(spots))]
    alone = [spot.belief for spot in spots]
    for index, parent in enumerate(parents):
        if parent is not None and spots[index].belief >= 0 and spots[parent].belief >= 0:
            alone[index] += 0.45
            alone[parent] += 0.3
    beliefs = alone
    for _ in range(2):
        beliefs = _with_company(spots, alone, beliefs, listed, region)
    return [
        Believed(
            spot=spot if spot.belief == min(belief, 1.0) else spot._replace(belief=min(belief, 1.0)),
            parent=parent,
            listed=before,
        )
        for spot, belief, parent, before in zip(spots, beliefs, parents, listed, strict=True)
    ]


def _parent(spots: Sequence[Spot], index: int, text: str) -> int | None:
    """The next spot, if the text puts this one into it: "El Porvenir, en Trujillo", "Pataz (La Libertad)"."""
    if index + 1 >= len(spots):
        return None
    here, there = spots[index], spots[index + 1]
    gap = text[here.end : there.start]
    container = _CONTAINER.fullmatch(gap) if len(gap) <= 40 else None
    if (
        container is None
        or there.open
        or here.key == there.key
        or (container["told"] is None and _regions(here, there))
    ):
        return None
    admin = [reading for reading in there.readings if reading.kind in _HOLDERS]
    if (here.open or container["told"]) and admin:
        return index + 1
    if any(_holds(outer, inner) for outer in admin for inner in here.readings) or _abroad(here, there, text):
        return index + 1
    return None


def _regions(here: Spot, there: Spot) -> bool:
    """Whether both may be regions: "La Libertad, Áncash" lists two, though a district of Áncash bears the name."""
    return here.level is None and all(any(_is_region(r) for r in spot.readings) for spot in (here, there))


def _abroad(here: Spot, there: Spot, text: str) -> bool:
    """Whether a country says where a town is, "Santa Cruz, Bolivia", rather than goes on a list: "Tacna, Chile y Bolivia"."""
    countries = [r for r in there.readings if r.kind is Kind.COUNTRY and r.code != PERU]
    told = text[here.end : there.start] in (", ", " (") and _GOES_ON.match(text, there.end) is None
    return bool(countries) and told and all(len(r.code) > len("15") for r in here.readings)


def _is_region(reading: Reading) -> bool:
    return reading.kind is Kind.ADMIN and len(reading.code) == len("15") and reading.code.isdigit()


def _holds(outer: Reading, inner: Reading) -> bool:
    if inner.kind is Kind.STREET:
        return False
    if inner.kind is Kind.ABROAD:
        return outer.kind is Kind.COUNTRY and outer.code == inner.code
    apart = inner.kind is Kind.LOCALITY or outer.code != inner.code  # a neighbourhood bears the code of its district
    return apart and contains(outer.code, inner.code)


def _lists(spots: Sequence[Spot], index: int, text: str) -> int | None:
    if index == 0:
        return None
    gap = text[spots[index - 1].end : spots[index].start]
    return index - 1 if len(gap) < 40 and _LISTED.fullmatch(gap) else None


def _with_company(
    spots: Sequence[Spot],
    alone: Sequence[float],
    beliefs: Sequence[float],
    listed: Sequence[int | None],
    region: str | None,
) -> list[float]:
    """Beliefs with the company of the names that are strongly believed so far."""
    strong = {index for index, belief in enumerate(beliefs) if belief >= _STRONG and spots[index].readings}
    keys = {spots[index].key for index in strong}
    refused = {spot.key for spot in spots if spot.belief == REFUSED} - keys
    codes = {code for index in strong for code in _only_place(spots[index])}
    counted = []
    for index, spot in enumerate(spots):
        belief = alone[index]
        if _REFUSED_FROM < belief < _STRONG:
            belief += _company(spot, codes, region) - (0.3 if spot.key in refused else 0.0)
            belief += 0.3 if spot.key in keys and index not in strong else 0.0
            belief += _beside(spots, index, listed, strong)
        counted.append(belief)
    return counted


def _beside(spots: Sequence[Spot], index: int, listed: Sequence[int | None], strong: set[int]) -> float:
    """What the neighbours in a list say: more when they are sure to be places, less when they share a province with it."""
    after = index + 1 if index + 1 < len(spots) and listed[index + 1] == index else None
    neighbours = [other for other in (listed[index], after) if other is not None]
    if any(other in strong for other in neighbours):
        return 0.3
    ours = _codes(spots[index])
    return 0.2 * sum(spots[other].belief >= 0 and not ours.isdisjoint(_codes(spots[other])) for other in neighbours)


def _only_place(spot: Spot) -> set[str]:
    """The code of the province, or region, that a name lies in; of a city that of its province; none when it can be several."""
    codes = sorted(_codes(spot), key=len)
    nested = len(codes) == 2 and len(codes[0]) == 2 and codes[1].startswith(codes[0])
    return set(codes[-1:]) if nested or len(codes) == 1 else set()


def _codes(spot: Spot) -> set[str]:
    return {reading.code[:4] for reading in spot.readings if reading.code.isdigit()}


def _company(spot: Spot, codes: set[str], region: str | None) -> float:
    best = 0.0
    for reading in spot.readings:
        if not reading.code.isdigit() or reading.kind is Kind.STREET:
            continue
        here = (
            0.3
            if reading.code[:4] in codes or _in_metropolis(reading, codes)
            else 0.1
            if any(code[:2] == reading.code[:2] for code in codes)
            else 0.0
        )
        here += 0.15 if region and contains(region, reading.code) else 0.0
        best = max(best, here)
    return best


def _in_metropolis(reading: Reading, codes: set[str]) -> bool:
    """Lima and Callao are one city."""
    return reading.code.startswith(_METROPOLIS) and any(code.startswith(_METROPOLIS) for code in codes)
