"""Names of places -> codes: which of the places that share a name an article means, or none when it cannot be told.

Each name is weighed by what the text itself says (the larger place named beside it), the other places of the article and
their distance in the text, the region that the outlet writes for, and how well known the place is. One name is one place
throughout an article, unless the text names different larger places beside it. Unsure means none: the candidates are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.gazetteer import CALLAO, LIMA, PERU, Gazetteer, Kind, Reading, Site, contains
from nlp.lexicon import fold
from nlp.types import PlaceLevel

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
_SAME_NAME = 1.5
"""Weight of another occurrence of the name that the text itself places: one name is one place in an article."""
_TOP = 3
_BLOCK = 300
"""Names weighed together. No article has so many; a text that has is read in blocks, so that the time stays linear."""
"""Co-mentioned places beyond the strongest three add nothing: a long list of places must not outvote the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The place that a name was found to be: ``site`` is ``None`` when it cannot be told."""

    site: Site | None
    candidates: tuple[str, ...]
    score: float
    """Confidence in the code, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """Codes of one name that nest in each other (region, province and district Piura): one place at several levels."""

    codes: tuple[str, ...]
    """The largest first."""
    reading: Reading
    """That of the smallest."""

    @property
    def inner(self) -> str:
        return self.codes[-1]

    @property
    def outer(self) -> str:
        return self.codes[0]


def link(names: Sequence[Name], gazetteer: Gazetteer, region: str | None) -> list[Link]:
    """The place of each name, in their order; ``region`` is the code of the area that the outlet writes for."""
    links: list[Link] = []
    for first in range(0, len(names), _BLOCK):
        block = [_rebased(name, first) for name in names[first : first + _BLOCK]]
        links.extend(_Linker(block, gazetteer, region).run())
    return links


def _rebased(name: Name, first: int) -> Name:
    """The name with its references counted from the beginning of a block; those that lead out of it are dropped."""
    parent = None if name.parent is None or not 0 <= name.parent - first < _BLOCK else name.parent - first
    listed = None if name.listed is None or name.listed < first else name.listed - first
    return replace(name, parent=parent, listed=listed)


class _Linker:
    def __init__(self, names: Sequence[Name], gazetteer: Gazetteer, region: str | None) -> None:
        self._names, self._gazetteer, self._region = names, gazetteer, region
        self._families = [() if name.open else _families(name.readings) for name in names]
        self._chosen: dict[int, _Family] = {}
        self._tied: dict[int, tuple[str, ...]] = {}
        self._margins: dict[int, float] = {}

    def run(self) -> list[Link]:
        """Sure names first; each round lets what is settled speak for the rest."""
        for index, families in enumerate(self._families):
            if len(families) == 1:
                self._chosen[index], self._margins[index] = families[0], 2.0
        self._settle(_SURE, sure=True)
        self._settle(_SURE, sure=False)
        self._settle(_MARGIN, sure=False)
        codes = {index: self._level(index, family) for index, family in self._chosen.items()}
        return [self._link(index, codes) for index in range(len(self._names))]

    def _settle(self, margin: float, *, sure: bool) -> None:
        groups: dict[str, list[int]] = defaultdict(list)
        for index, families in enumerate(self._families):
            if len(families) > 1 and index not in self._chosen:
                groups[self._names[index].key].append(index)
        settled: dict[int, tuple[_Family, float]] = {}
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

    def _scored(self, indexes: Sequence[int]) -> list[tuple[float, _Family]]:
        """Families of a name, the best first."""
        scored = []
        for family in self._families[indexes[0]]:
            told = max((self._told(index, family) for index in indexes), key=abs)
            company = max(self._company(index, family) for index in indexes)
            scored.append((self._prior(family) + told + company, family))
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].inner))

    def _told(self, index: int, family: _Family) -> float:
        """What the larger place named beside it and the head before it say."""
        name, total = self._names[index], 0.0
        if name.within is not None:
            total += 4.0 if contains(name.within, family.inner) else -2.0
        elif name.parent is not None:
            outers = self._codes_of(name.parent)
            total += 4.0 if any(contains(outer, family.inner) and outer != family.inner for outer in outers) else -2.0
        if name.level is not None:
            fits = any(self._site_level(code) is name.level for code in family.codes)
            total += 0.5 if fits and family.reading.kind in (Kind.ADMIN, Kind.ALIAS) else 0.0
        if family.reading.kind is Kind.LOCALITY and family.reading.trap:
            total += 0.6 if name.head in ("quarter", "site", "zone") else -0.8
        if family.reading.kind is Kind.STREET:
            total += 1.5 if name.head in ("street", "road") else -3.0
        elif name.head in ("street", "road"):
            total -= 1.0
        return total

    def _site_level(self, code: str) -> PlaceLevel:
        return self._gazetteer.site(code).level

    def _codes_of(self, index: int) -> tuple[str, ...]:
        chosen = self._chosen.get(index)
        families = (chosen,) if chosen else self._families[index]
        return tuple(family.outer for family in families)

    def _prior(self, family: _Family) -> float:
        """How likely the place is meant when nothing else is known."""
        total = _PRIOR.get(family.reading.kind, 0.0)
        if family.reading.kind in (Kind.ADMIN, Kind.ALIAS):
            total += _prominence(family, self._gazetteer)
        if family.reading.trap and len(family.outer) > 2:
            total *= 0.7
        if self._region is None:
            return total + (_METROPOLIS if family.inner.startswith((LIMA, CALLAO)) else 0.0)
        return total + (_HOME if contains(self._region, family.inner) else 0.0)

    def _company(self, index: int, family: _Family) -> float:
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
        return sum(sorted(weights.values(), reverse=True)[:_TOP])

    def _level(self, index: int, family: _Family) -> str:
        """The code of the level that the text means."""
        if len(family.codes) == 1:
            return family.inner
        name = self._names[index]
        if name.level is not None:
            fitting = [code for code in family.codes if self._site_level(code) is name.level]
            if fitting:
                return fitting[0]
            if name.level is PlaceLevel.PROVINCE and self._is_city(family):
                return family.outer + "01"
        region = family.outer if len(family.outer) == 2 else None
        if region is not None and (not self._is_city(family) or self._means_region(index, region)):
            return region
        provinces = [code for code in family.codes if len(code) == 4]
        if provinces:
            return provinces[0]
        return family.outer + "01" if region is not None else family.inner

    def _is_city(self, family: _Family) -> bool:
        """Whether the name is that of the region's capital (Piura), not only of the region (La Libertad)."""
        city = {family.outer + "01", family.outer + "0101"}
        return family.outer != CALLAO and not city.isdisjoint(family.codes)

    def _means_region(self, index: int, region: str) -> bool:
        """ "Sullana (Piura)", "La Libertad, Piura y Áncash": a place elsewhere in the region stands inside, regions beside it."""
        for other, name in enumerate(self._names):
            if name.parent == index and other in self._chosen:
                inner = self._chosen[other].inner
                if inner[:2] == region and inner[:4] != region + "01" and len(inner) >= 4:
                    return True
        return any(
            (family := self._chosen.get(other)) is not None and self._only_region(family)
            for other in self._list_of(index)
        )

    def _list_of(self, index: int) -> list[int]:
        """The other members of the list that a name stands in."""
        first = last = index
        while self._names[first].listed is not None:
            first = self._names[first].listed or 0
        while last + 1 < len(self._names) and self._names[last + 1].listed == last:
            last += 1
        return [other for other in range(first, last + 1) if other != index]

    def _only_region(self, family: _Family) -> bool:
        return (
            len(family.outer) == 2 and family.outer.isdigit() and family.outer != CALLAO and not self._is_city(family)
        )

    def _link(self, index: int, codes: Mapping[int, str]) -> Link:
        if index in codes:
            code = codes[index]
            family = self._chosen[index]
            site = family.reading.site if code == family.inner else self._gazetteer.site(code)
            return Link(site=site, candidates=(), score=min(0.97, 0.8 + 0.1 * self._margins[index]))
        if self._names[index].open:
            return self._hosted(index, codes)
        found = tuple(dict.fromkeys(family.inner for family in self._families[index]))
        return Link(site=None, candidates=found, score=0.5)

    def _hosted(self, index: int, codes: Mapping[int, str]) -> Link:
        """The district of a street, locality or site: its own, if that fits the article, else the one that the article tells."""
        name = self._names[index]
        kinds = _STREETS if name.head in ("street", "road") else _OPEN_KINDS
        known = [reading for reading in name.readings if reading.kind in kinds and reading.code.isdigit()]
        told = codes.get(name.parent) if name.parent is not None else name.within
        host, near = (self._as_district(told), True) if told else self._host(index, codes)
        local = {code for code in codes.values() if _is_local(code)}
        own = self._own(known, {told} if told else {host} if host else set()) or self._landmark(known, told, host)
        if own is None and not told:
            own = self._own(known, {code for code in local if len(code) == 6})
        if own is None and not told:
            doubtful = [reading for reading in known if not (near and reading.trap)]
            own = self._own(doubtful, local) or self._own(doubtful, self._around(local))
        if own is not None:
            return Link(site=own, candidates=(), score=0.85)
        sure = {reading.code: reading.site for reading in known if not reading.trap and len(reading.codes) == 1}
        if len(sure) == 1 and not any(contains(PERU, code) for code in local):
            return Link(site=next(iter(sure.values())), candidates=(), score=0.65)
        if host is not None and host != PERU:
            return Link(site=self._gazetteer.site(host), candidates=(), score=0.7)
        candidates = tuple(dict.fromkeys(code for reading in known for code in reading.codes))
        return Link(site=None, candidates=candidates, score=0.4)

    def _landmark(self, known: Sequence[Reading], told: str | None, host: str | None) -> Site | None:
        """The one street of that name in a city, when the host is only a neighbouring district of it."""
        codes = {code for reading in known if reading.kind is Kind.STREET for code in reading.codes}
        if told or host is None or len(codes) != 1 or host[:4] != min(codes)[:4]:
            return None
        return self._gazetteer.site(codes.pop())

    def _own(self, readings: Iterable[Reading], places: Iterable[str]) -> Site | None:
        """The only site of the readings that lies in one of the places."""
        fitting = {
            code: reading
            for reading in readings
            for code in reading.codes
            if any(contains(place, code) for place in places)
        }
        if len(fitting) != 1:
            return None
        code, reading = next(iter(fitting.items()))
        return reading.site if code == reading.code else self._gazetteer.site(code)

    def _around(self, local: Iterable[str]) -> set[str]:
        """Provinces of places; Lima and Callao are one city."""
        local = set(local)
        around = {code[:4] for code in local if code.isdigit() and len(code) >= 4}
        return around | {LIMA, CALLAO} if any(code.startswith((LIMA, CALLAO)) for code in local) else around

    def _host(self, index: int, codes: Mapping[int, str]) -> tuple[str | None, bool]:
        """Code of the district, or city, nearest before a name or right after it; and whether it is near."""
        name = self._names[index]
        abroad = self._abroad(codes)
        local = [
            i
            for i in codes
            if _is_local(codes[i])
            and (codes[i].isdigit() or abroad)
            and not (i == name.listed or self._names[i].listed == index)
        ]
        same = [i for i in local if self._names[i].sentence == name.sentence]
        before = [i for i in same if i < index]
        after = [i for i in same if i > index]
        if after and (not before or self._names[after[0]].position - name.position < _CLOSE):
            return self._as_district(codes[after[0]]), True
        if before:
            return self._within(codes[before[-1]], codes), True
        elsewhere = [i for i in local if i < index][-1:] or [i for i in local if i > index][:1]
        if not elsewhere:
            return None, False
        near = abs(self._names[elsewhere[0]].sentence - name.sentence) <= 1
        return self._within(codes[elsewhere[0]], codes), near

    def _abroad(self, codes: Mapping[int, str]) -> bool:
        """Whether the article names no place in Peru, so that its streets lie abroad."""
        return not any(contains(PERU, code) for code in codes.values())

    def _within(self, code: str, codes: Mapping[int, str]) -> str:
        """The only district of a city that the article names, if there is one; else the city's own."""
        if len(code) == 4:
            districts = {c for c in codes.values() if len(c) == 6 and c.startswith(code)}
            if len(districts) == 1:
                return districts.pop()
        return self._as_district(code)

    def _as_district(self, code: str) -> str:
        """A city's own district for its province: "Sullana" as the host of a street is the district Sullana."""
        if code == CALLAO:
            return "070101"
        capital = code + "01"
        if len(code) == 4 and code != LIMA and self._gazetteer.known(capital):
            same = fold(self._gazetteer.site(capital).name) == fold(self._gazetteer.site(code).name)
            return capital if same or capital.endswith("0101") else code
        return code


_CLOSE = 80
"""Characters within which a place after a street tells where it lies."""
_STREETS = frozenset({Kind.STREET})
_OPEN_KINDS = frozenset({Kind.LOCALITY, Kind.STREET, Kind.CAPITAL})
_PRIOR = {Kind.COUNTRY: 2.0, Kind.ABROAD: 0.8, Kind.LOCALITY: 0.3, Kind.CAPITAL: -0.3, Kind.STREET: -0.5}


def _families(readings: Iterable[Reading]) -> tuple[_Family, ...]:
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
    return tuple(_Family(codes=tuple(r.code for r in family), reading=family[-1]) for family in families)


def _prominence(family: _Family, gazetteer: Gazetteer) -> float:
    code, people = family.inner, gazetteer.site(family.inner).population
    if len(family.outer) == 2:
        return 2.0
    if code.startswith((LIMA, CALLAO)) and len(code) == 6:
        return 1.2
    if len(family.outer) == 4:
        return 1.2 + (0.4 if people >= 100_000 else 0.0)
    return 0.9 if people >= 100_000 else 0.6 if people >= 20_000 else 0.3 if people >= 5_000 else 0.0


def _related(anchor: _Family, family: _Family) -> float:
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


def _is_local(code: str) -> bool:
    """Whether a code is narrow enough to tell where a street lies: a district or city, or any place abroad."""
    return (len(code) >= 4 or code == CALLAO) if code.isdigit() else code != PERU
