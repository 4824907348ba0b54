from __future__ import annotations

import pytest

from nlp.gazetteer import gazetteer
from nlp.lexicon import fold
from nlp.link import Name, link
from nlp.types import PlaceLevel


def name(surface: str, sentence: int = 0, **known: object) -> Name:
    key = fold(surface)
    bare = Name(key=key, readings=gazetteer().readings(key), sentence=sentence, position=100 * sentence)
    return bare._replace(**known)


def codes(*names: Name, region: str | None = None) -> list[str | None]:
    placed = [one._replace(position=one.position + 10 * index) for index, one in enumerate(names)]
    return [found.site.code if found.site else None for found in link(placed, gazetteer(), region)]


def test_the_larger_place_beside_it_decides() -> None:
    assert codes(name("San Miguel", parent=1), name("La Mar")) == ["050501", "0505"]
    assert codes(name("San Miguel", parent=1), name("Puno")) == ["211105", "21"]


def test_two_places_of_one_name_in_one_article() -> None:
    found = codes(
        name("Miraflores", 0, parent=1),
        name("Lima", 0),
        name("Miraflores", 3, parent=3),
        name("Arequipa", 3),
        name("Miraflores", 4),
    )
    assert (found[0], found[2]) == ("150122", "040110")


def test_no_candidate_ahead_means_none() -> None:
    (found,) = link([name("San Pedro")], gazetteer(), None)
    assert found.site is None
    assert len(found.candidates) > 2
    assert found.score <= 0.5


@pytest.mark.parametrize(
    ("level", "code"),
    [(None, "2001"), (PlaceLevel.REGION, "20"), (PlaceLevel.PROVINCE, "2001"), (PlaceLevel.DISTRICT, "200101")],
)
def test_levels_of_one_name(level: PlaceLevel | None, code: str) -> None:
    assert codes(name("Piura", level=level)) == [code]


def test_a_name_that_is_only_a_region_s() -> None:
    assert codes(name("La Libertad", level=PlaceLevel.REGION)) == ["13"]
    assert codes(name("Loreto"), name("Ucayali", listed=0)) == ["16", "25"]


def test_the_outlet_s_region() -> None:
    assert codes(name("Santa Rosa"), region="14") == ["140114"]
    assert codes(name("La Victoria"), region="14") == ["140106"]


def test_a_street_lies_where_the_article_says() -> None:
    street = name("avenida que no está en las tablas", open=True, head="street")
    assert codes(street, name("Comas")) == ["150110", "150110"]
    assert codes(street, name("Sullana")) == ["200601", "2006"]
    assert codes(street, name("Callao")) == ["070101", "07"]
    assert codes(street) == [None]
    assert codes(street, name("Ecuador")) == ["EC", "EC"]


def test_a_locality_of_another_city_is_the_local_one() -> None:
    monserrate = name("Monserrate", 0, open=True, head="quarter")
    assert codes(monserrate, name("Trujillo", 0)) == ["130101", "1301"]
    assert codes(monserrate, name("Breña", 2)) == ["150101", "150105"]


def test_an_adjective_places_a_name() -> None:
    assert codes(name("San Sebastián", within="08")) == ["080105"]


def test_no_names() -> None:
    assert link([], gazetteer(), None) == []


def test_a_region_and_not_the_quarter_that_bears_its_name() -> None:
    lima = [name("San Juan de Lurigancho", 1), name("Comas", 1), name("Lima Metropolitana", 0)]
    assert codes(name("La Libertad"), *lima)[0] == "13"
    assert codes(name("La Libertad", head="quarter"), *lima)[0] == "150110"


def test_streets_that_cross_lie_in_one_district() -> None:
    def cross(one: str, other: str, lies_in: str) -> list[str | None]:
        streets = [name(key, open=True, head="street", listed=listed) for key, listed in ((one, None), (other, 0))]
        return codes(*streets, name(lies_in))[:2]

    assert cross("Micaela Bastidas", "Separadora Industrial", "Lima") == ["150142", "150142"]
    assert cross("Alfredo Mendiola", "Próceres de la Independencia", "Comas") == ["150110", "150110"]
