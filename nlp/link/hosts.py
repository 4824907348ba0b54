"""In which district a street, locality or site lies: its own, where that fits the article, else the one that the text tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nlp.gazetteer import CALLAO, LIMA, PERU, Gazetteer, Kind, Reading, Site, contains
from nlp.lexicon import fold
from nlp.link.names import Link, Name, is_local

_CLOSE = 80
"""Characters within which a place after a street tells where it lies."""
_STREETS = frozenset({Kind.STREET})
_OPEN_KINDS = frozenset({Kind.LOCALITY, Kind.STREET, Kind.CAPITAL})


class Hosts:
    """The places of an article that have a code, as hosts of those that have none of their own."""

    def __init__(self, names: Sequence[Name], codes: Mapping[int, str], gazetteer: Gazetteer) -> None:
        self._names, self._codes, self._gazetteer = names, codes, gazetteer
        self._local = {code for code in codes.values() if is_local(code)}
        self._abroad = not any(contains(PERU, code) for code in codes.values())
        """Whether the article names no place in Peru, so that its streets lie abroad."""

    def link(self, index: int) -> Link:
        """The place of a street, locality or site, by its index among the names."""
        name = self._names[index]
        kinds = _STREETS if name.head in ("street", "road") else _OPEN_KINDS
        known = [
            reading
            for reading in name.readings
            if reading.kind in kinds and reading.code.isdigit() and not self._is_another(index)
        ]
        told = self._told(index)
        host, near = (self._as_district(told), True) if told else self._host(index)
        nearest = told or host
        own = (
            self._own(known, {nearest} if nearest else set())
            or self._crossing(index)
            or self._landmark(known, told, host)
        )
        if own is None and not told:
            own = _famous(known) or self._elsewhere(_of_city(known, host) if near and host else known, near=near)
        if own is not None:
            return Link(site=own, candidates=(), score=0.85)
        sure = {reading.code: reading.site for reading in known if not reading.trap and len(reading.codes) == 1}
        if len(sure) == 1 and not any(contains(PERU, code) for code in self._local):
            return Link(site=next(iter(sure.values())), candidates=(), score=0.65)
        if host is not None and host != PERU:
            return Link(site=self._gazetteer.site(host), candidates=(), score=0.7)
        candidates = tuple(dict.fromkeys(code for reading in known for code in reading.codes))
        return Link(site=None, candidates=candidates, score=0.4)

    def _elsewhere(self, known: Sequence[Reading], *, near: bool) -> Site | None:
        """Its own place, if the article names that district, or, when no district is near or the name is rare, its province."""
        doubtless = [reading for reading in known if not (near and reading.trap)]
        return (
            self._own(known, {code for code in self._local if len(code) == 6})
            or self._own(doubtless, self._local)
            or self._own(doubtless, self._around())
        )

    def _told(self, index: int) -> str | None:
        """Code of the place that the text puts a name into, or else the street that it crosses."""
        for each in (index, *self._crossed(index)):
            name = self._names[each]
            if told := self._codes.get(name.parent) if name.parent is not None else name.within:
                return told
        return None

    def _crossing(self, index: int) -> Site | None:
        """The only district near where both of two streets that cross lie."""
        for other in self._crossed(index):
            common = _streets(self._names[index]) & _streets(self._names[other])
            near = {code for code in common if any(contains(place, code) for place in self._around())}
            if len(near) == 1:
                return self._gazetteer.site(near.pop())
        return None

    def _is_another(self, index: int) -> bool:
        """Whether a street crosses one that lies elsewhere than all that bear its name: it is none of them."""
        ours = _streets(self._names[index])
        crossed = [_streets(self._names[other]) for other in self._crossed(index)]
        return any(theirs and ours.isdisjoint(theirs) for theirs in crossed)

    def _crossed(self, index: int) -> Iterator[int]:
        """The streets that are named in one breath with a street."""
        before, after = self._names[index].listed, index + 1
        if self._names[index].head == "street":
            if before is not None and self._names[before].head == "street":
                yield before
            if after < len(self._names) and self._names[after].listed == index and self._names[after].head == "street":
                yield after

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

    def _around(self) -> set[str]:
        """Provinces of the places of the article; Lima and Callao are one city."""
        around = {code[:4] for code in self._local if code.isdigit() and len(code) >= 4}
        return around | {LIMA, CALLAO} if any(code.startswith((LIMA, CALLAO)) for code in self._local) else around

    def _host(self, index: int) -> tuple[str | None, bool]:
        """Code of the district, or city, nearest before a name or right after it; and whether it is near."""
        name = self._names[index]
        local = [
            i
            for i in self._codes
            if is_local(self._codes[i])
            and not self._names[i].origin
            and (self._codes[i].isdigit() or self._abroad)
            and not (i == name.listed or self._names[i].listed == index)
        ]
        same = [i for i in local if self._names[i].sentence == name.sentence]
        before = [i for i in same if i < index]
        after = [i for i in same if i > index]
        if after and (not before or self._names[after[0]].position - name.position < _CLOSE):
            return self._as_district(self._codes[after[0]]), True
        if before:
            return self._within(self._codes[before[-1]]), True
        local = [i for i in local if not self._is_listed(i)] or local
        elsewhere = [i for i in local if i < index][-1:] or [i for i in local if i > index][:1]
        if not elsewhere:
            return None, False
        near = abs(self._names[elsewhere[0]].sentence - name.sentence) <= 1
        return self._within(self._codes[elsewhere[0]]), near

    def _is_listed(self, index: int) -> bool:
        """Whether a name stands beside another, as in a route or a list: neither says where the next sentence is."""
        after = index + 1
        return self._names[index].listed is not None or (
            after < len(self._names) and self._names[after].listed == index
        )

    def _within(self, code: str) -> str:
        """The only district of a city that the article names, if there is one; else the city's own."""
        if len(code) == 4:
            districts = {c for c in self._codes.values() if len(c) == 6 and c.startswith(code)}
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


def _streets(name: Name) -> set[str]:
    """The districts in which streets of a name lie."""
    return {code for reading in name.readings if reading.kind is Kind.STREET for code in reading.codes}


def _of_city(known: Sequence[Reading], host: str) -> list[Reading]:
    """The readings without streets of other cities than that of the place beside: Arequipa has an avenida Venezuela too."""
    return [
        reading
        for reading in known
        if reading.kind is not Kind.STREET or any(_is_one_city(code, host) for code in reading.codes)
    ]


def _is_one_city(code: str, other: str) -> bool:
    return code[:4] == other[:4] or (code.startswith((LIMA, CALLAO)) and other.startswith((LIMA, CALLAO)))


def _famous(known: Sequence[Reading]) -> Site | None:
    """A quarter or landmark whose name the country has but once, "Huaycán", wherever else the article is at."""
    sites = {r.code: r.site for r in known if r.kind is Kind.LOCALITY and not r.trap and len(r.codes) == 1}
    return next(iter(sites.values())) if len(sites) == 1 and len(known) == 1 else None
