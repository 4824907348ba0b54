"""What a name can mean as a place, and where that is: the tables of places read once and looked up by folded words.

Codes are INEI's (6 digits a district, 4 a province, 2 a region), ``PE`` for Peru, ISO 3166 alpha-2 for other countries.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, fold, read_table, split_cell
from nlp.types import PlaceLevel, Precision

PERU = "PE"
LIMA = "1501"
CALLAO = "07"
_EARTH_KM = 6371.0
_SAINT = re.compile(r"(?:san|santa|santo|santos|virgen|senor|sagrado)(?: (?!de\b|del\b)\w+){0,2}")
"""A saint's name, with no "de …" that tells one place from the saint's others."""
_LEVELS = {2: PlaceLevel.REGION, 4: PlaceLevel.PROVINCE, 6: PlaceLevel.DISTRICT}


class Kind(StrEnum):
    """What sort of thing a reading of a name is."""

    ADMIN = "admin"
    """A region, province or district by its own name, or Peru."""
    ALIAS = "alias"
    """Another name of one of these, in use in the press."""
    CAPITAL = "capital"
    """The town that a district is governed from, where its name is another."""
    LOCALITY = "locality"
    STREET = "street"
    COUNTRY = "country"
    ABROAD = "abroad"
    """A city or province of another country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place with a code, or a locality inside one."""

    code: str
    name: str
    level: PlaceLevel
    lat: float | None
    lon: float | None
    precision: Precision | None
    population: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing that a name can mean. ``trap``: the name is also a word, a person's or a saint's; it needs context to count."""

    name: str
    code: str
    kind: Kind
    trap: bool
    site: Site
    codes: tuple[str, ...]
    """All districts that a street runs through, the first of them being ``code``; else ``(code,)``."""


def level_of(code: str) -> PlaceLevel:
    """Level of a code.

    Raises:
        ValueError: it is not the code of a place.
    """
    if code.isdigit():
        try:
            return _LEVELS[len(code)]
        except KeyError:
            raise ValueError(f"{code!r} is no UBIGEO code: it has 2, 4 or 6 digits") from None
    return PlaceLevel.COUNTRY


def contains(outer: str, inner: str) -> bool:
    """Whether the place ``inner`` lies in ``outer`` or is the same."""
    return inner.startswith(outer) or (outer == PERU and inner.isdigit())


class Gazetteer:
    """Readings of names, and sites of codes."""

    def __init__(self) -> None:
        self._sites = {site.code: site for site in _sites()}
        self._traps = {fold(row["name"]) for row in read_table("place_name_traps.csv", frozenset({"name", "reason"}))}
        self._readings: dict[str, list[Reading]] = defaultdict(list)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        self._load_admin()
        self._load_aliases()
        self._load_capitals()
        self._load_localities()
        self._load_streets()
        self._load_abroad()
        self.demonyms = {
            fold(row["demonym"]): row["code"] for row in read_table("demonyms.csv", frozenset({"demonym", "code"}))
        }
        """Code of the place whose people an adjective names, by its folded stem ("trujillan")."""
        self.lengths = {first: tuple(sorted(found, reverse=True)) for first, found in self._lengths.items()}
        """Numbers of words of the names that begin with a folded word, the longest first."""

    def readings(self, key: str) -> tuple[Reading, ...]:
        """What a folded name can mean."""
        return tuple(self._readings.get(key, ()))

    def keys(self) -> tuple[str, ...]:
        """All folded names that have a reading."""
        return tuple(self._readings)

    def site(self, code: str) -> Site:
        """The place of a code.

        Raises:
            KeyError: there is no such code in the gazetteer.
        """
        return self._sites[code]

    def home_of(self, word: str) -> str | None:
        """Code of the place that a folded adjective ("trujillana") belongs to; ``None`` when it is not such an adjective."""
        stem = word.removesuffix("s").removesuffix("e").removesuffix("a").removesuffix("o")
        return self.demonyms.get(stem) if len(stem) < len(word) else None

    def known(self, code: str) -> bool:
        """Whether there is such a code."""
        return code in self._sites

    def km(self, one: str, other: str) -> float | None:
        """Distance between two coded places, in km; ``None`` when one has no point."""
        a, b = self._sites.get(one), self._sites.get(other)
        if a is None or b is None or a.lat is None or a.lon is None or b.lat is None or b.lon is None:
            return None
        north, east = math.radians(b.lat - a.lat), math.radians(b.lon - a.lon)
        chord = math.sin(north / 2) ** 2
        chord += math.cos(math.radians(a.lat)) * math.cos(math.radians(b.lat)) * math.sin(east / 2) ** 2
        return 2 * _EARTH_KM * math.asin(math.sqrt(chord))

    def _add(self, name: str, reading: Reading) -> None:
        key = fold(name)
        if any(other.code == reading.code and other.kind != Kind.STREET for other in self._readings[key]):
            return
        self._readings[key].append(reading)
        words = key.split()
        self._lengths[words[0]].add(len(words))

    def _trap(self, name: str) -> bool:
        key = fold(name)
        return key in self._traps or bool(_SAINT.fullmatch(key)) or key[:1].isdigit()

    def _load_admin(self) -> None:
        for code, site in self._sites.items():
            if not code.isdigit():
                continue
            trap = self._trap(site.name)
            self._add(site.name, _reading(site, site.name, Kind.ADMIN, trap))

    def _load_capitals(self) -> None:
        for row in read_table("places.csv", _PLACES):
            capital, code = row["capital"], row["code"]
            if len(code) == 6 and capital and fold(capital) != fold(row["name"]):
                self._add(capital, _reading(self._sites[code], capital, Kind.CAPITAL, True))

    def _load_aliases(self) -> None:
        for row in read_table("place_aliases.csv", frozenset({"alias", "code", "needs_context"})):
            site = self._site_of("place_aliases.csv", row["alias"], row["code"])
            self._add(row["alias"], _reading(site, row["alias"], Kind.ALIAS, bool(row["needs_context"])))

    def _load_localities(self) -> None:
        columns = frozenset({"name", "aliases", "kind", "code", "lat", "lon", "precision", "distinctive"})
        for row in read_table("localities.csv", columns):
            district = self._site_of("localities.csv", row["name"], row["code"])
            site = Site(
                code=district.code,
                name=row["name"],
                level=district.level,
                lat=float(row["lat"]) if row["lat"] else district.lat,
                lon=float(row["lon"]) if row["lon"] else district.lon,
                precision=Precision.NEIGHBOURHOOD if row["lat"] else district.precision,
            )
            for name in (row["name"], *split_cell(row["aliases"])):
                self._add(name, _reading(site, name, Kind.LOCALITY, not row["distinctive"]))

    def _load_streets(self) -> None:
        for row in read_table("streets.csv", frozenset({"name", "aliases", "codes", "distinctive"})):
            codes = split_cell(row["codes"]) or (PERU,)
            site = self._site_of("streets.csv", row["name"], codes[0])
            for name in (row["name"], *split_cell(row["aliases"])):
                self._add(name, _reading(site, name, Kind.STREET, not row["distinctive"], codes))

    def _load_abroad(self) -> None:
        for row in read_table("foreign_places.csv", frozenset({"name", "aliases", "kind", "country", "needs_context"})):
            country = self._sites[row["country"]]
            kind = Kind.COUNTRY if row["kind"] == "country" else Kind.ABROAD
            for name in (row["name"], *split_cell(row["aliases"])):
                self._add(name, _reading(country, name, kind, bool(row["needs_context"])))

    def _site_of(self, table: str, name: str, code: str) -> Site:
        if code not in self._sites:
            raise LexiconError(f"nlp/data/{table}: {name}: there is no place {code!r} in places.csv")
        return self._sites[code]


_PLACES = frozenset({"code", "name", "level", "capital", "lat", "lon", "precision", "population", "source"})


def _sites() -> Iterator[Site]:
    yield Site(code=PERU, name="Perú", level=PlaceLevel.COUNTRY, lat=None, lon=None, precision=Precision.COUNTRY)
    for row in read_table("places.csv", _PLACES):
        yield Site(
            code=row["code"],
            name=row["name"],
            level=PlaceLevel(row["level"]),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            precision=Precision(row["precision"]),
            population=int(row["population"]),
        )
    for row in read_table("foreign_places.csv", frozenset({"name", "aliases", "kind", "country", "needs_context"})):
        if row["kind"] == "country":
            yield Site(
                code=row["country"],
                name=row["name"],
                level=PlaceLevel.COUNTRY,
                lat=None,
                lon=None,
                precision=Precision.COUNTRY,
            )


def _reading(site: Site, name: str, kind: Kind, trap: bool, codes: tuple[str, ...] | None = None) -> Reading:
    return Reading(name=name, code=site.code, kind=kind, trap=trap, site=site, codes=codes or (site.code,))


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer that ships, read on first use.

    Raises:
        LexiconError: a table of places is missing or malformed.
    """
    return Gazetteer()
