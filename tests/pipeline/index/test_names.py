"""Names that people type: places, gangs, prisons, crimes, businesses, methods."""

from __future__ import annotations

import pytest

from pipeline.index import QueryError
from pipeline.index.names import default_names

NAMES = default_names()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Comas", "150110"),
        ("comas", "150110"),
        ("150110", "150110"),
        ("Comas, Concepción", "120206"),
        ("SJL", "150132"),
        ("Trujillo", "1301"),
        ("distrito de Trujillo", "130101"),
        ("Miraflores, Lima", "150122"),
        ("Miraflores, Arequipa", "040110"),
        ("La Libertad", "13"),
        ("Callao", "07"),
        ("Áncash", "02"),
        ("provincia de Pataz", "1308"),
        ("Perú", "PE"),
        ("PE", "PE"),
        ("Chile", "CL"),
        ("CL", "CL"),
    ],
)
def test_places(text: str, code: str) -> None:
    assert NAMES.place(text) == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Miraflores", ["several places", "040110", "150122", "Miraflores, Lima"]),
        ("Comaz", ["no place", "Comas, Lima (150110)"]),
        ("999999", ["no place with the code"]),
        ("1", ["no place with the code"]),
        ("XX", ["no place with the code"]),
        ("qwertyuiop", ["no place"]),
        ("", ["no place"]),
        ("Comas, Chile", ["no place"]),
    ],
)
def test_places_that_cannot_be_told(text: str, said: list[str]) -> None:
    with pytest.raises(QueryError) as caught:
        NAMES.place(text)
    assert [part for part in said if part not in str(caught.value)] == []


def test_labels_of_places() -> None:
    assert [NAMES.place_label(code) for code in ("150110", "1301", "13", "1501", "PE", "999999", "CL")] == [
        "Comas, Lima", "Trujillo, La Libertad", "La Libertad", "Lima", "Perú", "999999", "Chile",
    ]  # fmt: skip


def test_gangs_by_name_alias_and_as_the_press_writes_them() -> None:
    assert NAMES.gang("los pulpos") == NAMES.gang("Pulpos") == ("id:pulpos", "pulpos")
    assert NAMES.gang("Los Pulpos de Trujillo") == ("id:pulpos", "pulpos de trujillo")
    assert NAMES.gang("La Nueva Banda") == ("nueva banda",)
    assert NAMES.similar("Los Pulpitos", ["Los Pulpos", "La Jauría"]) == ["Los Pulpos"]


def test_tables() -> None:
    assert NAMES.crime("Extorsión") == NAMES.crime("extorsion") == ("extorsion",)
    assert {"extorsion", "exigencia_extorsiva", "prestamo_extorsivo"} <= set(NAMES.crime("extortion"))
    assert NAMES.business("bodegueros") == (("businesses", "bodega"),)
    assert NAMES.business("comercio_minorista") == (("business_categories", "comercio_minorista"),)
    assert NAMES.method("explosivo_dinamita") == NAMES.method("explosivo dinamita") == ("explosivo_dinamita",)
    assert NAMES.article_kind("Judicial") == ("judicial",)
    assert NAMES.prison("Piedras Gordas") == ("id:ancon_i", "piedras gordas")


def test_plurals_synonyms_and_parts_of_names() -> None:
    assert NAMES.crime("Extorsiones") == NAMES.crime("cobro de cupos") == NAMES.crime("extorsión")
    assert NAMES.crime("sicario") == NAMES.crime("sicariato")
    assert NAMES.crime("cohechos") == NAMES.crime("cohecho")
    assert NAMES.business("pollerías") == NAMES.business("polleria") == NAMES.business("Pollería")
    assert NAMES.method("granadas") == ("explosivo_granada",)
    explosives = NAMES.method("explosivo")
    assert {"explosivo_dinamita", "explosivo_granada"} <= set(explosives)
    assert all(method.startswith("explosivo_") for method in explosives)
    transport = NAMES.business("transporte")
    assert {("business_categories", "transporte_mototaxi"), ("business_categories", "transporte_taxi")} <= set(
        transport
    )
    with pytest.raises(QueryError, match="did you mean restaurant"):
        NAMES.business("restorán")
    with pytest.raises(QueryError, match="there are incident, roundup"):
        NAMES.article_kind("zzzz")


def test_prisons_as_people_name_them() -> None:
    assert NAMES.prison("penal de Lurigancho") == NAMES.prison("Lurigancho")
    assert NAMES.prison("E.P. Challapalca") == NAMES.prison("cárcel de Challapalca") == NAMES.prison("Challapalca")
    assert NAMES.prison("Ancón") == ("id:ancon_i", "id:ancon_ii", "id:mujeres_ancon_ii", "ancon")
    assert NAMES.prison("Ancón II") == ("id:ancon_ii", "ancon ii")
    assert NAMES.prison("Penal") == ("penal",)


@pytest.mark.parametrize(
    ("field", "name", "known"),
    [
        ("place", "san juan de lurigancho", True),
        ("place", "Miraflores, Lima", True),
        ("place", "Miraflores, Nada", False),
        ("place", "Lima extorsión", False),
        ("gang", "Los Pulpos", True),
        ("gang", "Los Nadies de Acá", False),
        ("prison", "penal El Milagro", True),
        ("crime", "robos agravados", True),
        ("method", "explosivo", False),
        ("outlet", "La República", False),
    ],
)
def test_what_the_tables_have_a_whole_name_for(field: str, name: str, known: bool) -> None:
    assert NAMES.knows(field, name) is known


def test_a_word_out_of_a_longer_name_is_offered_though_it_is_misspelt() -> None:
    with pytest.raises(QueryError, match=r"did you mean .*\bexplosivo_granada\b"):
        NAMES.method("granda")


def test_an_article_alone_is_no_gang() -> None:
    with pytest.raises(QueryError, match="no name of a gang"):
        NAMES.gang("Los")


@pytest.mark.parametrize("what", ["crime", "business", "method", "article_kind"])
def test_unknown_values_are_errors(what: str) -> None:
    with pytest.raises(QueryError, match="there is no"):
        getattr(NAMES, what)("zzzzzz")
    with pytest.raises(QueryError, match=r"did you mean .*\bextorsion\b"):
        NAMES.crime("extorcion")


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("rpp", "rpp"),
        ("RPP", "rpp"),
        ("La República", "larepublica"),
        ("Perú21", "peru21"),
        ("infobae_peru", "infobae_peru"),
    ],
)
def test_outlets_by_id_or_name(name: str, outlet: str) -> None:
    assert NAMES.outlet(name) == outlet
