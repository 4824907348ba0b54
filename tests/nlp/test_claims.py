from __future__ import annotations

import pytest

from nlp.types import Claim
from tests.nlp.conftest import Read


def said(claim: Claim) -> tuple[object, ...]:
    return (
        claim.text,
        claim.quantity_min,
        claim.quantity_max,
        claim.unit,
        claim.scope,
        claim.period,
        claim.denominator,
        claim.speaker,
    )


FIGURES = """Denuncias por extorsión aumentaron 30 % en lo que va del año

    En lo que va del 2025 se registraron 18 385 denuncias por extorsión en el Perú, según el Sidpol. La cifra representa un
    aumento de 30 % respecto al mismo periodo del 2024.

    Lima concentra 7 705 casos. Uno de cada tres comerciantes de Trujillo ha sido víctima de extorsión, de acuerdo con la
    Cámara de Comercio."""
HOMICIDES = """Asesinan a taxista en Trujillo

    Un taxista fue asesinado anoche en Trujillo. En lo que va del año se registran más de 60 homicidios en la región La
    Libertad, informó la Policía Nacional."""
RATE = """Empresarios de Trujillo piden ayuda contra la extorsión

    El coronel PNP Raúl Poma Inga informó que en la provincia de Trujillo se registran entre 10 y 12 denuncias por día."""
NONE = """Capturan a dos sujetos con tres pistolas en Comas

    La Policía detuvo ayer a dos sujetos con tres pistolas en Comas. Iban a asaltar una bodega."""

LISTS = """Estadísticas: La Libertad cerró el 2025 con 702 homicidios, la cifra más alta

    La Región Policial La Libertad (Repol) registró 702 homicidios entre enero y diciembre del 2025, frente a los 618 de 2024. La
    mitad de los crímenes ocurrió en el primer semestre.

    Por provincias

    - Trujillo: 388

    - Pataz: 54

    De cada diez familias afectadas, siete no denuncian, estima la Defensoría del Pueblo. En Virú, los asesinatos pasaron de 20
    en 2024 a 41. En la región, el 12 % de los detenidos tiene menos de 18 años."""
ORDINAL = """Asaltan a cambista en Aguas Verdes

    Un cambista fue asaltado ayer en Aguas Verdes. Es el cuarto asalto en la provincia en lo que va de junio, según el
    sindicato de cambistas."""
PARTS = """Atacan botica en El Porvenir

    Una botica de El Porvenir, en Trujillo, fue baleada ayer. Su gremio cuenta 48 locales extorsionados en la provincia desde
    enero, de los cuales siete cerraron para siempre. “Solo cinco denunciaron. Ese es el miedo”, dijo Rosa Paredes Luna, de la
    Asociación de Boticas."""
COUNTRY = """Detienen a policía que cobraba cupos en Lurín

    Un suboficial fue detenido ayer en Lurín.

    En lo que va del año, 214 policías han sido detenidos por corrupción, precisó el Mininter."""
SOUTH = """Balean bus en Juliaca

    Un bus fue baleado ayer en Juliaca. Entre enero y mayo hubo catorce asaltos similares en el sur, sostiene la Federación de
    Transportistas."""
CHANGE = """Balean a mototaxista en Sullana

    Un mototaxista fue baleado ayer en Sullana. En lo que va del año el gremio de mototaxistas de la provincia cuenta 45 ataques.
    En todo 2024 fueron 22. Las denuncias por extorsión pasaron de 68 a 121 en los últimos seis meses."""
GUILD = "gremio de mototaxistas de la provincia"
YEAR = "2025-01-01/2025-12-31"
REPOL = "Región Policial La Libertad (Repol)"

ESTIMATE = """Ferreñafe: arroceros pagan cupos por sacar su cosecha

    Un tractorista fue amenazado ayer en Pítipo. La Junta de Regantes calcula que unos 900 productores de la provincia ya pagan
    cupos. El alcalde llegó con tres regidores."""
REGIONS = """Extorsión en cifras: el norte concentra las denuncias del primer trimestre

    Entre enero y marzo del 2026 se registraron 4 210 denuncias por extorsión en el país, según el Sidpol. La Libertad suma 940
    casos; Lambayeque, 372, y Áncash, 310."""

CASES = [
    (
        "an article of figures",
        "2025-09-02T06:00:00-05:00",
        FIGURES,
        [
            (
                "18 385 denuncias por extorsión",
                18385,
                18385,
                "denuncias",
                "PE",
                "2025-01-01/2025-09-02",
                None,
                "Sidpol",
            ),
            (
                "30 % respecto al mismo periodo del 2024",
                30,
                30,
                "%",
                "PE",
                "2025-01-01/2025-09-02",
                "denuncias respecto al mismo periodo del 2024",
                "Sidpol",
            ),
            ("7 705 casos", 7705, 7705, "denuncias", "1501", "2025-01-01/2025-09-02", None, "Sidpol"),
            (
                "Uno de cada tres comerciantes de Trujillo",
                33.3,
                33.3,
                "%",
                "1301",
                None,
                "comerciantes de Trujillo",
                "Cámara de Comercio",
            ),
        ],
    ),
    (
        "a figure beside an incident",
        "2022-09-19T18:30:00-05:00",
        HOMICIDES,
        [("más de 60 homicidios", 60, None, "homicidios", "13", "2022-01-01/2022-09-19", None, "Policía Nacional")],
    ),
    (
        "a usual rate",
        "2025-09-02T06:00:00-05:00",
        RATE,
        [("entre 10 y 12 denuncias", 10, 12, "denuncias", "1301", "day", None, "Raúl Poma Inga, PNP")],
    ),
    (
        "lists, comparisons and figures without a unit",
        "2026-01-09T06:00:00-05:00",
        LISTS,
        [
            ("702 homicidios", 702, 702, "homicidios", "13", YEAR, None, REPOL),
            ("618", 618, 618, "homicidios", "13", "2024-01-01/2024-12-31", None, REPOL),
            ("La mitad de los crímenes", 50, 50, "%", "13", "2025-01-01/2025-06-30", "crímenes", REPOL),
            ("388", 388, 388, "homicidios", "1301", YEAR, None, REPOL),
            ("54", 54, 54, "homicidios", "1308", YEAR, None, REPOL),
            (
                "De cada diez familias afectadas, siete",
                70,
                70,
                "%",
                "13",
                None,
                "familias afectadas",
                "Defensoría del Pueblo",
            ),
            ("20", 20, 20, "asesinatos", "1312", "2024-01-01/2024-12-31", None, "Defensoría del Pueblo"),
            ("41", 41, 41, "asesinatos", "1312", YEAR, None, "Defensoría del Pueblo"),
            ("12 % de los detenidos", 12, 12, "%", "13", YEAR, "detenidos", "Defensoría del Pueblo"),
        ],
    ),
    (
        "the last of so many, in the province of the place before",
        "2024-06-17T06:00:00-05:00",
        ORDINAL,
        [("cuarto asalto", 4, 4, "asaltos", "2403", "2024-06-01/2024-06-17", None, "sindicato de cambistas")],
    ),
    (
        "parts of what was counted, and who speaks after a quotation",
        "2025-03-21T06:00:00-05:00",
        PARTS,
        [
            (
                "48 locales",
                48,
                48,
                "locales",
                "1301",
                "2025-01-01/2025-03-21",
                None,
                "Rosa Paredes Luna, Asociación de Boticas",
            ),
            (
                "siete",
                7,
                7,
                "locales",
                "1301",
                "2025-01-01/2025-03-21",
                None,
                "Rosa Paredes Luna, Asociación de Boticas",
            ),
            (
                "cinco",
                5,
                5,
                "locales",
                "1301",
                "2025-01-01/2025-03-21",
                None,
                "Rosa Paredes Luna, Asociación de Boticas",
            ),
        ],
    ),
    (
        "figures of a national institution are of the country",
        "2025-07-29T06:00:00-05:00",
        COUNTRY,
        [("214 policías", 214, 214, "policías", "PE", "2025-01-01/2025-07-29", None, "Mininter")],
    ),
    (
        "no code stands for the south",
        "2025-06-10T06:00:00-05:00",
        SOUTH,
        [("catorce asaltos", 14, 14, "asaltos", None, "2025-01-01/2025-05-31", None, "Federación de Transportistas")],
    ),
    (
        "the same at another time, and a change as one figure",
        "2025-08-10T06:00:00-05:00",
        CHANGE,
        [
            ("45 ataques", 45, 45, "ataques", "2006", "2025-01-01/2025-08-10", None, GUILD),
            ("22", 22, 22, "ataques", "2006", "2024-01-01/2024-12-31", None, GUILD),
            ("68 a 121", 121, 121, "denuncias", "2006", "2025-02-10/2025-08-10", None, GUILD),
        ],
    ),
    (
        "what a guild estimates, beside an incident",
        "2025-05-20T06:00:00-05:00",
        ESTIMATE,
        [("unos 900 productores", 900, 900, "productores", "1402", None, None, "Junta de Regantes")],
    ),
    (
        "places with a number each",
        "2026-04-20T06:00:00-05:00",
        REGIONS,
        [
            (
                "4 210 denuncias por extorsión",
                *(4210, 4210, "denuncias", "PE", "2026-01-01/2026-03-31", None, "Sidpol"),
            ),
            ("940 casos", 940, 940, "denuncias", "13", "2026-01-01/2026-03-31", None, "Sidpol"),
            ("372", 372, 372, "denuncias", "14", "2026-01-01/2026-03-31", None, "Sidpol"),
            ("310", 310, 310, "denuncias", "02", "2026-01-01/2026-03-31", None, "Sidpol"),
        ],
    ),
    ("the counts of an incident are no claims", "2025-09-02T06:00:00-05:00", NONE, []),
]


@pytest.mark.parametrize(
    ("published", "text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_claims(read: Read, published: str, text: str, expected: list[tuple[object, ...]]) -> None:
    assert [said(claim) for claim in read(published, text).claims] == expected


PERIODS = [
    ("en lo que va del año", "2025-01-01/2025-08-11"),
    ("entre enero y marzo", "2025-01-01/2025-03-31"),
    ("de enero a julio de este año", "2025-01-01/2025-07-31"),
    ("entre agosto y diciembre", "2024-08-01/2024-12-31"),
    ("entre el 1 de enero y el 29 de junio", "2025-01-01/2025-06-29"),
    ("de noviembre a febrero", "2024-11-01/2025-02-28"),
    ("durante 2024", "2024-01-01/2024-12-31"),
    ("el año pasado", "2024-01-01/2024-12-31"),
    ("en los últimos tres meses", "2025-05-11/2025-08-11"),
    ("en los últimos dos años", "2023-08-11/2025-08-11"),
    ("en el primer semestre", "2025-01-01/2025-06-30"),
    ("en el último trimestre", "2024-10-01/2024-12-31"),
    ("en el primer cuatrimestre del 2023", "2023-01-01/2023-04-30"),
    ("desde 2021", "2021-01-01/2025-08-11"),
    ("desde octubre", "2024-10-01/2025-08-11"),
    ("hasta el 31 de julio", "2025-01-01/2025-07-31"),
    ("entre 2021 y 2022", "2021-01-01/2022-12-31"),
    ("en setiembre", "2024-09-01/2024-09-30"),
    ("el mes pasado", "2025-07-01/2025-07-31"),
    ("entre el 1 y 19 de enero", "2025-01-01/2025-01-19"),
    ("del 10 al 13 de octubre de 2024", "2024-10-10/2024-10-13"),
    ("entre los meses de enero y mayo", "2025-01-01/2025-05-31"),
    ("hasta el mes de julio", "2025-01-01/2025-07-31"),
    ("en los primeros 40 días de 2025", "2025-01-01/2025-02-09"),
    ("al mes", "month"),
    ("diarias", "day"),
]


@pytest.mark.parametrize(("words", "period"), PERIODS)
def test_periods(read: Read, words: str, period: str) -> None:
    text = f"Extorsión en cifras\n\nLa Policía Nacional registró 312 denuncias por extorsión {words} en Trujillo."
    assert [claim.period for claim in read("2025-08-11T09:00:00-05:00", text).claims] == [period]


MONTHS = """Extorsión en cifras

    Entre enero y abril de 2024 se registraron 7586 denuncias por extorsión en el país, según la Policía Nacional. Las cifras
    abarcan los meses de enero (1735 denuncias), febrero (1735), marzo (1990) y abril (2126)."""


@pytest.mark.parametrize(
    ("published", "words", "period"),
    [
        ("2026-01-06", "Este plan es nuevo. En el año se registraron 320 denuncias en Trujillo.", "2025-01-01/2025-12-31"),
        ("2026-03-06", "Este plan es nuevo. En el año se registraron 320 denuncias en Trujillo.", "2026-01-01/2026-03-06"),
        ("2026-01-06", "Enero fue el mes más violento en Trujillo, con 320 denuncias.", "2025-01-01/2025-01-31"),
        ("2025-08-06", "Este año, el promedio diario fue de 32 denuncias, por encima del de 2024.", "day"),
        ("2025-02-06", "Este año las denuncias son diez veces las que había desde 2019, cuando hubo apenas 37 denuncias.", "2019-01-01/2019-12-31"),
        ("2025-08-06", "Entre enero y mayo hubo 320 denuncias en Trujillo.", "2025-01-01/2025-05-31"),
    ],
)  # fmt: skip
def test_times_told_plainly(read: Read, published: str, words: str, period: str) -> None:
    claims = read(f"{published}T09:00:00-05:00", f"Extorsión en cifras\n\n{words}").claims
    assert [claim.period for claim in claims] == [period]


def test_figures_in_brackets_are_of_the_month_before_them(read: Read) -> None:
    found = {claim.text: claim.period for claim in read("2024-10-04T09:00:00-05:00", MONTHS).claims}
    assert found["1735"] == "2024-02-01/2024-02-29"
    assert found["2126"] == "2024-04-01/2024-04-30"


def test_a_figure_that_was_passed_is_a_lower_bound_of_its_own_year(read: Read) -> None:
    text = """Extorsión en cifras

    Trujillo pasó de un caso diario en 2018 a más de treinta en 2025.

    Según la Policía Nacional, en 2024 las denuncias por extorsión superaron los 2.500 casos."""
    claim = read("2025-08-14T09:00:00-05:00", text).claims[-1]
    assert (claim.quantity_min, claim.quantity_max, claim.period) == (2500, None, "2024-01-01/2024-12-31")


def test_what_one_operation_seized_is_no_claim(read: Read) -> None:
    text = """Comas: cae banda que extorsionaba a mototaxistas

    Durante el registro del vehículo, los policías incautaron diez celulares y 40 cartuchos, según la Policía Nacional."""
    assert read("2025-08-14T09:00:00-05:00", text).claims == ()


SINADEF = """Homicidios en cifras: ranking por regiones

    El Sinadef contabilizó 2110 homicidios en el Perú en 2024. En 2021 se registraron 1 405 homicidios, en 2022 fueron 1 520 y en
    2023 se llegó a 1 498. El promedio diario del país fue de 5,8 asesinatos. Enero registró 180 casos, febrero 172 y marzo (2030).

    Los homicidios aumentaron en Piura, Ica y Puno 40 %, 25 % y 12 %, respectivamente, desde 2019, cuando hubo 36 casos."""


def test_figures_in_a_row_take_their_own_times_and_places(read: Read) -> None:
    found = {claim.text: claim for claim in read("2024-12-30T09:00:00-05:00", SINADEF).claims}
    years = {text: claim.period for text, claim in found.items()}
    assert years["1 405 homicidios"] == "2021-01-01/2021-12-31"
    assert years["1 520"] == "2022-01-01/2022-12-31"
    assert years["1 498"] == "2023-01-01/2023-12-31"
    assert years["5,8 asesinatos"] == "day"
    assert (years["172"], years["2030"]) == ("2024-02-01/2024-02-29", "2024-03-01/2024-03-31")
    assert [found[text].scope for text in ("40 %", "25 %", "12 %")] == ["2001", "1101", "2101"]
    assert years["36 casos"] == "2019-01-01/2019-12-31"


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("Las denuncias se multiplicaron por 14 en Lima, según el Sidpol.", []),
        ("En Lima hubo 40 asaltos este año. Fueron capturados Luis Rojas Díaz (27) y Juan Peña Cruz (43).", ["40 asaltos"]),
        ("Al cierre del día 19, el Sidpol contaba 74 denuncias en Lima.", ["74 denuncias"]),
        ("Este año van 310 denuncias en Lima, dice Anitra, gremio que agrupa a 460 empresas.", ["310 denuncias"]),
        ("El 41 % de limeños fue extorsionado, según Ipsos. El nivel de confianza es del 95 %.", ["41 % de limeños"]),
        ("Este año van 310 denuncias en Lima, lo que supera a las 280 registradas en 2023.", ["310 denuncias", "280"]),
    ],
)  # fmt: skip
def test_what_is_no_figure_of_many_events(read: Read, words: str, figures: list[str]) -> None:
    text = f"Estadísticas: denuncias por extorsión en cifras\n\n{words}"
    assert [claim.text for claim in read("2024-11-09T09:00:00-05:00", text).claims] == figures


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("Cerca de 900 bodegas cerraron este año en el país, según lo dio a conocer Elsa Quispe Ramos.", "Elsa Quispe Ramos"),
        ("Cerca de 900 bodegas cerraron este año en el país, según informó a RPP Elsa Quispe Ramos.", "Elsa Quispe Ramos"),
        (
            "Cerca de 900 bodegas cerraron este año en el país, según la presidenta de la Asociación de Bodegueros, Elsa Quispe Ramos.",
            "Elsa Quispe Ramos",
        ),
        ("Este año cerraron 900 bodegas en el país, según se detalló.", None),
        ("Elsa Quispe Ramos habló ayer.\n\n“Este año cerraron 900 bodegas en el país”, explicó Quispe.", "Elsa Quispe Ramos"),
    ],
)  # fmt: skip
def test_who_says_it(read: Read, words: str, speaker: str | None) -> None:
    text = f"Bodegas cierran por la extorsión\n\n{words}"
    told = [claim.speaker for claim in read("2025-08-09T09:00:00-05:00", text).claims]
    assert [name and name.split(", ")[0] for name in told] == [speaker]


def test_a_country_in_the_name_of_an_institution_is_no_area(read: Read) -> None:
    text = """La Libertad: menos bandas tras los operativos

    La Policía Nacional del Perú dijo que en los primeros 25 días del año deshizo 41 bandas de cobradores de cupos en la región La
    Libertad."""
    (claim,) = read("2025-01-27T09:00:00-05:00", text).claims
    assert (claim.scope, claim.period) == ("13", "2025-01-01/2025-01-25")


def test_a_figure_is_not_laid_into_the_mouth_of_a_victim(read: Read) -> None:
    text = """La Perla: ataque armado contra auto deja un muerto

    Una persona fue asesinada hoy en La Perla. Los heridos fueron llevados al hospital. Uno de ellos fue identificado como Raúl Poma Castro, de 63
    años, mientras que su acompañante falleció a causa de los impactos de bala.

    Cabe señalar que, en el 2025 se registraron unos 2.226 homicidios, lo que representa un 7% más que en el 2024."""
    claims = read("2026-02-02T09:00:00-05:00", text).claims
    assert claims
    assert not [claim for claim in claims if claim.speaker and "Poma" in claim.speaker]


def test_what_is_told_plainly_is_surer(read: Read) -> None:
    plain = "En lo que va del 2025 se registraron 18 385 denuncias por extorsión en el Perú, según el Sidpol."
    vague = "Un vecino cree que en Lima y Callao, como en 2023, hubo o habrá 12 casos, frente a los 30 de enero."
    text = f"Extorsión en cifras\n\n{plain}\n\n{vague}"
    surest, *others = sorted((claim.score for claim in read("2025-09-02T09:00:00-05:00", text).claims), reverse=True)
    first = read("2025-09-02T09:00:00-05:00", text).claims[0]
    assert first.text.startswith("18 385")
    assert first.score == surest
    assert all(0 < score < 0.6 for score in others)


def test_an_article_of_several_regions_in_its_title_is_of_the_country(read: Read) -> None:
    text = """Cobro de cupos: Lima y otras regiones, en cifras

    Según el Sistema de Denuncias Policiales (Sidpol), de enero a julio hubo 9.310 denuncias por extorsión."""
    assert read("2025-10-09T09:00:00-05:00", text).claims[-1].scope == "PE"
