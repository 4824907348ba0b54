"""Names of places -> codes: which of the places that share a name an article means, or none when it cannot be told.

Each name is weighed by what the text itself says (the larger place named beside it), the other places of the article and
their distance in the text, the region that the outlet writes for, and how well known the place is. One name is one place
throughout an article, unless the text names different larger places beside it. Unsure means none: the candidates are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nlp.gazetteer import CALLAO, LIMA, PERU, Gazetteer, Kind, contains
from nlp.link.hosts import Hosts
from nlp.link.names import Family, Link, Name, families_of
from nlp.types import PlaceLevel

__all__ = ["Link", "Name", "link"]

_MARGIN = 0.4
"""The best candidate must be ahead of the next by this much."""
_SURE = 1.5
"""Names ahead by this much are settled first and speak for the rest."""
_NEAR = {0: 1.2, 1: 0.8}
"""Weight of a place by its distance in sentences."""
_FAR = 0.4
_MOST = 2.0
"""However often a place is named, it weighs no more."""
_LISTED = 1.0
"""Weight of a neighbour in a list: what is listed together lies together."""
_HOME = 1.6
"""Weight of the region that the outlet writes for."""
_METROPOLIS = 0.6
"""Weight of Lima and Callao in outlets of the whole country."""
_TOLD_REGION = 1.2
"""Weight of the only region that the settled places of an article lie in."""
_SAME_NAME = 1.5
"""Weight of another occurrence of the name that the text itself places: one name is one place in an article."""
_NAMED_AS_REGION = 2.5
"""Against a neighbourhood or town that bears a region's name and is not called one: "catorce en Lima, veintitrés en La Libertad"."""
_QUARTER_OF = 2.0
"""For a neighbourhood that is called one, in a district of the article: "la zona de La Libertad" is none of the region."""
_QUARTER_FIRST = 1.0
"""Against the region of that name: its neighbourhood waits until the districts of the article are known."""
_QUARTERS = (Kind.LOCALITY, Kind.CAPITAL)
_NEIGHBOURHOODS = frozenset({"quarter", "site", "zone"})
"""Heads of what lies within a district."""
_BLOCK = 300
"""Names weighed together. No article has so many; a text that has is read in blocks, so that the time stays linear."""
_TOP = 3
"""Co-mentioned places beyond the strongest three add nothing: a long list of places must not outvote the sentence."""
_PRIOR = {Kind.COUNTRY: 2.0, Kind.ABROAD: 0.8, Kind.LOCALITY: 0.3, Kind.CAPITAL: -0.3, Kind.STREET: -0.5}
"""How likely a kind of place is meant when nothing else is known; regions, provinces and districts by their prominence."""


def link(names: Sequence[Name], gazetteer: Gazetteer, region: str | None) -> list[Link]:
    """The place of each name, in their order; ``region`` is the code of the area that the outlet writes for."""
    links: list[Link] = []
    for first in range(0, len(names), _BLOCK):
        block = names if len(names) <= _BLOCK else [_rebased(name, first) for name in names[first : first + _BLOCK]]
        links.extend(_Linker(block, gazetteer, region).run())
    return links


def _rebased(name: Name, first: int) -> Name:
    """The name with its references counted from the beginning of a block; those that lead out of it are dropped."""
    parent = None if name.parent is None or not 0 <= name.parent - first < _BLOCK else name.parent - first
    listed = None if name.listed is None or name.listed < first else name.listed - first
    return name._replace(parent=parent, listed=listed)


class _Linker:
    def __init__(self, names: Sequence[Name], gazetteer: Gazetteer, region: str | None) -> None:
        self._names, self._gazetteer, self._region = names, gazetteer, region
        self._open = {
            index
            for index, name in enumerate(names)
            if name.open or _is_street_of_country(name) or _unknown_there(names, index)
        }
        self._families = [() if index in self._open else families_of(name.readings) for index, name in enumerate(names)]
        self._chosen: dict[int, Family] = {}
        self._margins: dict[int, float] = {}
        self._told_region: frozenset[str] = frozenset()

    def run(self) -> list[Link]:
        """Sure names first; each round lets what is settled speak for the rest."""
        for index, families in enumerate(self._families):
            if len(families) == 1:
                self._chosen[index], self._margins[index] = families[0], 2.0
        self._settle(_SURE, sure=True)
        self._told_region = self._only_region()
        self._settle(_SURE, sure=False)
        self._settle(_MARGIN, sure=False)
        codes = {index: self._level(index, self._chosen[index]) for index in sorted(self._chosen)}
        hosts = Hosts(self._names, codes, self._gazetteer)
        return [self._link(index, codes, hosts) for index in range(len(self._names))]

    def _only_region(self) -> frozenset[str]:
        """The region that all settled places of Peru lie in; Lima and Callao are one. Empty when there are several or none."""
        regions = {family.inner[:2] for family in self._chosen.values() if family.inner[:1].isdigit()}
        return frozenset(regions) if len(regions) == 1 or regions == {LIMA[:2], CALLAO[:2]} else frozenset()

    def _settle(self, margin: float, *, sure: bool) -> None:
        groups: dict[str, list[int]] = defaultdict(list)
        for index, families in enumerate(self._families):
            if len(families) > 1 and index not in self._chosen:
                groups[self._names[index].key].append(index)
        settled: dict[int, tuple[Family, float]] = {}
        for group in groups.values():
            for indexes in self._split(group, sure=sure):
                scored = self._scored(indexes)
                lead = scored[0][0] - scored[1][0]
                if lead >= margin:
                    settled.update(dict.fromkeys(indexes, (scored[0][1], lead)))
        for index, (family, lead) in settled.items():
            self._chosen[index], self._margins[index] = family, lead

    def _split(self, group: list[int], *, sure: bool) -> Iterable[list[int]]:
        """Occurrences that mean one place: together, but for those beside which the text names a larger place of their own.

        Those that are placed by the text come first; the bare ones wait until their company is known.
        """
        by_parent: dict[str, list[int]] = defaultdict(list)
        bare = []
        for index in group:
            name = self._names[index]
            parent = name.within or (self._names[name.parent].key if name.parent is not None else None)
            if parent is None:
                bare.append(index)
            else:
                by_parent[parent].append(index)
        if sure and by_parent:
            return by_parent.values()
        return [*by_parent.values(), bare] if bare else by_parent.values()

    def _scored(self, indexes: Sequence[int]) -> list[tuple[float, Family]]:
        """Families of a name, the best first."""
        scored = []
        for family in self._families[indexes[0]]:
            told = max((self._told(index, family) for index in indexes), key=abs)
            company = max(self._company(index, family) for index in indexes)
            scored.append((self._prior(family) + told + company, family))
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].inner))

    def _told(self, index: int, family: Family) -> float:
        """What the larger place named beside it and the head before it say."""
        name, total = self._names[index], 0.0
        if name.within is not None:
            total += 4.0 if contains(name.within, family.inner) else -2.0
        elif name.parent is not None:
            outers = self._codes_of(name.parent)
            quarter = family.reading.kind is Kind.LOCALITY
            held = any(contains(outer, family.inner) and (quarter or outer != family.inner) for outer in outers)
            total += 4.0 if held else -2.0
        if name.level is not None:
            fits = any(self._site_level(code) is name.level for code in family.codes)
            total += 0.5 if fits and family.reading.kind in (Kind.ADMIN, Kind.ALIAS) else 0.0
        called_so = name.head in _NEIGHBOURHOODS
        if family.reading.kind is Kind.LOCALITY and family.reading.trap:
            total += 0.6 if called_so else -0.8
        if family.reading.kind in _QUARTERS and not called_so:
            total -= _NAMED_AS_REGION if any(other.is_only_region for other in self._families[index]) else 0.0
        if called_so and family.is_only_region and self._is_quarter(index):
            total -= _QUARTER_FIRST
        if family.reading.kind is Kind.STREET:
            total += 1.5 if name.head in ("street", "road") else -3.0
        elif name.head in ("street", "road"):
            total -= 1.0
        return total

    def _is_quarter(self, index: int) -> bool:
        return any(family.reading.kind in _QUARTERS for family in self._families[index])

    def _site_level(self, code: str) -> PlaceLevel:
        return self._gazetteer.site(code).level

    def _codes_of(self, index: int) -> tuple[str, ...]:
        chosen = self._chosen.get(index)
        families = (chosen,) if chosen else self._families[index]
        return tuple(family.outer for family in families)

    def _prior(self, family: Family) -> float:
        """How likely the place is meant when nothing else is known."""
        total = _PRIOR.get(family.reading.kind, 0.0)
        if family.reading.kind in (Kind.ADMIN, Kind.ALIAS):
            total += _prominence(family, self._gazetteer)
        if family.reading.trap and len(family.outer) > 2:
            total *= 0.7
        if self._region is None and self._told_region:
            return total + (_TOLD_REGION if family.inner[:2] in self._told_region else 0.0)
        if self._region is None:
            return total + (_METROPOLIS if family.inner.startswith((LIMA, CALLAO)) else 0.0)
        return total + (_HOME if contains(self._region, family.inner) else 0.0)

    def _company(self, index: int, family: Family) -> float:
        """What the settled places of the article say for a family: the nearer, in the text and on the map, the more."""
        name = self._names[index]
        weights: dict[str, float] = {}
        for other, chosen in self._chosen.items():
            if self._names[other].key == name.key:
                weights[chosen.inner] = _SAME_NAME if chosen.inner == family.inner else 0.0
                continue
            nearness = _NEAR.get(abs(self._names[other].sentence - name.sentence), _FAR)
            if name.listed == other or self._names[other].listed == index:
                if len(chosen.outer) == len(family.outer) == 2:  # regions are listed with regions
                    weights[chosen.outer] = _LISTED
                elif contains(chosen.outer, family.inner) and chosen.outer != family.outer:
                    continue  # a list does not name the whole and its part
                nearness += _LISTED
            weights[chosen.inner] = min(_MOST, weights.get(chosen.inner, 0.0) + nearness * _related(chosen, family))
        company = sum(sorted(weights.values(), reverse=True)[:_TOP])
        return company + (_QUARTER_OF if self._is_quarter_here(index, family) else 0.0)

    def _is_quarter_here(self, index: int, family: Family) -> bool:
        """Whether a neighbourhood that is called one lies in a district that the article names."""
        called_so = self._names[index].head in _NEIGHBOURHOODS and family.reading.kind in _QUARTERS
        return called_so and any(
            chosen.inner == family.inner and self._names[other].key != self._names[index].key
            for other, chosen in self._chosen.items()
        )

    def _level(self, index: int, family: Family) -> str:
        """The code of the level that the text means."""
        if len(family.codes) == 1:
            return family.inner
        name = self._names[index]
        if name.level is not None:
            fitting = [code for code in family.codes if self._site_level(code) is name.level]
            if fitting:
                return fitting[0]
            if name.level is PlaceLevel.PROVINCE and family.is_city:
                return family.outer + "01"
        region = family.outer if len(family.outer) == 2 else None
        if region is not None and (not family.is_city or self._means_region(index, region)):
            return region
        provinces = [code for code in family.codes if len(code) == 4]
        if provinces:
            return provinces[0]
        return family.outer + "01" if region is not None else family.inner

    def _means_region(self, index: int, region: str) -> bool:
        """ "Sullana (Piura)", "La Libertad, Piura y Áncash": a place elsewhere in the region stands inside, regions beside it."""
        for other, name in enumerate(self._names):
            if name.parent == index and other in self._chosen:
                inner = self._chosen[other].inner
                if inner[:2] == region and inner[:4] != region + "01" and len(inner) >= 4:
                    return True
        return any(
            (family := self._chosen.get(other)) is not None and family.is_only_region for other in self._list_of(index)
        )

    def _list_of(self, index: int) -> list[int]:
        """The other members of the list that a name stands in."""
        first = last = index
        while self._names[first].listed is not None:
            first = self._names[first].listed or 0
        while last + 1 < len(self._names) and self._names[last + 1].listed == last:
            last += 1
        return [other for other in range(first, last + 1) if other != index]

    def _link(self, index: int, codes: Mapping[int, str], hosts: Hosts) -> Link:
        twin = self._street_of_name(index, codes)
        if twin is not None:
            return hosts.link(twin)
        if index in codes:
            code = codes[index]
            family = self._chosen[index]
            site = family.reading.site if code == family.inner else self._gazetteer.site(code)
            return Link(site=site, candidates=(), score=min(0.97, 0.8 + 0.1 * self._margins[index]))
        if index in self._open or self._names[index].head in _NEIGHBOURHOODS | {"post"}:
            return hosts.link(index)
        found = tuple(dict.fromkeys(family.inner for family in self._families[index]))
        return Link(site=None, candidates=found, score=0.5)

    def _street_of_name(self, index: int, codes: Mapping[int, str]) -> int | None:
        """The street that a bare name means, "matan a chofer en Dos de Mayo", where nothing else of the article is in the place of that name."""
        name = self._names[index]
        if index not in codes or name.head is not None or name.parent is not None or not codes[index].isdigit():
            return None
        region = codes[index][:2]
        if any(code[:2] == region for other, code in codes.items() if self._names[other].key != name.key):
            return None
        return next(
            (
                other
                for other in sorted(self._open)
                if self._names[other].key == name.key and self._names[other].head == "street"
            ),
            None,
        )


def _is_street_of_country(name: Name) -> bool:
    """Whether a street bears the name of a country or of a city abroad: "calle Jamaica"."""
    return name.head == "street" and not any(code.isdigit() for reading in name.readings for code in reading.codes)


def _unknown_there(names: Sequence[Name], index: int) -> bool:
    """Whether the text puts a name into a place in which none of that name is known: "La Grama, distrito de Chao"."""
    name = names[index]
    if name.parent is None:
        return False
    outers = [reading.code for reading in names[name.parent].readings]
    at_home = any(outer.isdigit() for outer in outers)
    if at_home and any(reading.code.isdigit() and len(reading.code) < len("150132") for reading in name.readings):
        return False  # provinces and regions are known all
    return not any(contains(outer, code) for outer in outers for reading in name.readings for code in reading.codes)


def _prominence(family: Family, gazetteer: Gazetteer) -> float:
    code, people = family.inner, gazetteer.site(family.inner).population
    if len(family.outer) == 2:
        return 2.0
    if code.startswith((LIMA, CALLAO)) and len(code) == 6:
        return 1.2
    if len(family.outer) == 4:
        return 1.2 + (0.4 if people >= 100_000 else 0.0)
    return 0.9 if people >= 100_000 else 0.6 if people >= 20_000 else 0.3 if people >= 5_000 else 0.0


def _related(anchor: Family, family: Family) -> float:
    """How much a settled place speaks for another: 0 to 1."""
    one, other = anchor.inner, family.inner
    if not one.isdigit() or not other.isdigit():
        return 1.0 if one == other and one != PERU else 0.0
    if len(anchor.outer) == 2 and contains(anchor.outer, other):
        return 0.9
    if one == other:
        return 1.4
    if one[:4] == other[:4] or family.outer == one[:2]:
        return 1.0
    return 0.6 if one[:2] == other[:2] else 0.0
