from __future__ import annotations

from pathlib import Path

import pytest

from nlp.gazetteer import Kind, contains, gazetteer, level_of
from nlp.lexicon import fold, read_table
from nlp.types import PlaceLevel, Precision
from training.build_gazetteer import OUTPUT, main

PLACES = frozenset({"code", "name", "level", "capital", "lat", "lon", "precision", "population", "source"})


def rows() -> list[dict[str, str]]:
    return list(read_table("places.csv", PLACES))


def test_all_of_peru_is_there() -> None:
    levels = [row["level"] for row in rows()]
    assert (levels.count("region"), levels.count("province"), levels.count("district")) == (25, 196, 1891)


def test_codes_nest_and_stand_in_order() -> None:
    codes = [row["code"] for row in rows()]
    assert codes == sorted(set(codes))
    known = set(codes)
    for row in rows():
        assert level_of(row["code"]) is PlaceLevel(row["level"])
        assert len(row["code"]) == 2 or row["code"][:-2] in known


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("07", "Callao"),  # INEI's; RENIEC's 07 is Cusco
        ("08", "Cusco"),
        ("15", "Lima"),
        ("070107", "Mi Perú"),
        ("130112", "Alto Trujillo"),
        ("150132", "San Juan de Lurigancho"),
        ("150143", "Villa María del Triunfo"),
        ("200115", "Veintiséis de Octubre"),
    ],
)
def test_codes_are_those_of_inei(code: str, name: str) -> None:
    assert gazetteer().site(code).name == name


def test_coordinates_lie_in_peru_and_say_what_they_are() -> None:
    for row in rows():
        assert -18.4 < float(row["lat"]) < 0, row
        assert -81.4 < float(row["lon"]) < -68.6, row
        if row["level"] == "district":
            assert row["precision"] in ("district", "province"), row
        else:
            assert row["precision"] == row["level"], row


def test_a_district_without_a_point_of_its_own_has_that_of_its_province() -> None:
    by_code = {row["code"]: row for row in rows()}
    for row in by_code.values():
        if row["level"] == "district" and row["precision"] == "province":
            province = by_code[row["code"][:4]]
            assert (row["lat"], row["lon"]) == (province["lat"], province["lon"])


@pytest.mark.parametrize(
    ("table", "column", "columns"),
    [
        ("place_aliases.csv", "code", {"alias", "code", "needs_context"}),
        ("localities.csv", "code", {"name", "aliases", "kind", "code", "lat", "lon", "precision", "distinctive"}),
        ("demonyms.csv", "code", {"demonym", "code"}),
    ],
)
def test_tables_name_codes_that_exist(table: str, column: str, columns: set[str]) -> None:
    for row in read_table(table, frozenset(columns)):
        assert gazetteer().known(row[column]), row


def test_a_locality_lies_near_its_district() -> None:
    columns = frozenset({"name", "aliases", "kind", "code", "lat", "lon", "precision", "distinctive"})
    for row in read_table("localities.csv", columns):
        if row["lat"]:
            site = gazetteer().site(row["code"])
            assert site.lat is not None
            assert site.lon is not None
            assert abs(float(row["lat"]) - site.lat) < 0.4, row
            assert abs(float(row["lon"]) - site.lon) < 0.4, row


def test_readings_of_shared_names() -> None:
    assert {reading.code for reading in gazetteer().readings("piura")} == {"20", "2001", "200101"}
    codes = {r.code for r in gazetteer().readings(fold("Miraflores")) if r.kind is Kind.ADMIN}
    assert codes == {"040110", "100506", "150122", "151021"}
    assert gazetteer().readings("no hay tal lugar") == ()


@pytest.mark.parametrize(
    ("outer", "inner", "inside"),
    [
        ("13", "130112", True),
        ("1301", "1301", True),
        ("1301", "1302", False),
        ("PE", "130112", True),
        ("PE", "EC", False),
        ("EC", "EC", True),
    ],
)
def test_contains(outer: str, inner: str, inside: bool) -> None:
    assert contains(outer, inner) is inside


@pytest.mark.parametrize(
    ("word", "home"), [("trujillanos", "1301"), ("chalaca", "07"), ("puneño", "21"), ("mesa", None)]
)
def test_home_of(word: str, home: str | None) -> None:
    assert gazetteer().home_of(fold(word)) == home


def test_distance() -> None:
    km = gazetteer().km("1501", "1301")
    assert km is not None
    assert 480 < km < 500
    assert gazetteer().km("1501", "EC") is None


def test_level_of_refuses_what_is_no_code() -> None:
    with pytest.raises(ValueError, match="2, 4 or 6 digits"):
        level_of("150")


def test_the_table_is_what_the_script_builds(tmp_path: Path) -> None:
    main([str(tmp_path)])
    assert (tmp_path / "places.csv").read_text(encoding="utf-8") == OUTPUT.read_text(encoding="utf-8")


def test_countries_have_no_point() -> None:
    site = gazetteer().site("EC")
    assert (site.name, site.lat, site.precision) == ("Ecuador", None, Precision.COUNTRY)
