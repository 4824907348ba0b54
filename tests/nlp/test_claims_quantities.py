"""How figures are bounded, what they count, what they are of, and the areas and times that have no plain name."""

from __future__ import annotations

import pytest

from nlp.types import Claim
from tests.nlp.conftest import Read


def claims(read: Read, words: str, published: str = "2025-11-09") -> tuple[Claim, ...]:
    return read(f"{published}T09:00:00-05:00", f"Estadísticas: la extorsión en cifras\n\n{words}").claims


@pytest.mark.parametrize(
    ("words", "low", "high", "comparator"),
    [
        ("Según el Sidpol, este año hubo entre 5.000 y más de 10.000 denuncias en Lima.", 5000, None, "between"),
        ("Según el Sidpol, este año hubo entre 5.000 y 10.000 denuncias en Lima.", 5000, 10000, "between"),
        ("Según el gremio, entre el 20 al 40 % de los bodegueros pagan cupos en Lima.", 20, 40, "between"),
        ("Según el Sidpol, este año las denuncias crecieron más de un 30 % en Lima.", 30, None, "over"),
        ("Según el Sidpol, este año las denuncias crecieron casi un 30 % en Lima.", 30, 30, "around"),
        ("Según el gremio, más de cuatro de cada diez bodegueros pagan cupos.", 40, None, "over"),
        ("Según el gremio, cuatro de cada diez bodegueros pagan cupos.", 40, 40, "exactly"),
        ("Según el gremio, casi la tercera parte de los bodegueros paga cupos.", 33.3, 33.3, "around"),
        ("Según el Sidpol, este año Lima lleva hasta 95 denuncias.", 95, 95, "exactly"),
        ("Según el Sinadef, este año Lima pasa de los 470 homicidios.", 470, None, "over"),
    ],
)
def test_bounds(read: Read, words: str, low: float, high: float | None, comparator: str) -> None:
    claim = claims(read, words)[0]
    assert (claim.quantity_min, claim.quantity_max, claim.comparator) == (low, high, comparator)


@pytest.mark.parametrize(
    ("words", "unit", "denominator"),
    [
        ("Según el Sidpol, en Lima las denuncias crecieron 30 % este año.", "%", "denuncias"),
        ("Según el gremio, 75 de sus 420 locales son extorsionados en Lima.", "locales", "420 locales"),
        ("Según el gremio, cinco de los doce locales son extorsionados en Lima.", "locales", "doce locales"),
        ("Según el gremio, por cada denuncia hay nueve casos callados en Lima.", "casos", "denuncia"),
        ("Según Ipsos, el 30 % de los encuestados conoce a un extorsionado.", "%", "encuestados"),
        ("Según Ipsos, más del 50 % de los 23,000 bodegueros fueron víctimas.", "%", "23,000 bodegueros"),
        (
            "Según el gremio, el 30 % de las empresas de seguridad de Lima paga cupos.",
            "%",
            "empresas de seguridad de Lima",
        ),
        (
            "Según el gremio, el 30 % de los habitantes del norte que viven en estos barrios paga cupos.",
            "%",
            "habitantes del norte que viven en estos barrios",
        ),
        ("Según el gremio, las bandas están en el 30 % de las obras que se ejecutan en Lima.", "%", "obras"),
        ("Del total de denuncias del año, 310 se registraron en Lima, según el Sidpol.", "denuncias", "denuncias"),
        ("Según el gremio, la extorsión obligó al 20 % de los bodegueros a cerrar sus locales.", "%", "bodegueros"),
    ],
)
def test_what_figures_are_of(read: Read, words: str, unit: str, denominator: str) -> None:
    claim = claims(read, words)[0]
    assert (claim.unit, claim.denominator) == (unit, denominator)


def test_parts_of_a_whole_that_was_told(read: Read) -> None:
    told = claims(
        read,
        "Este año hubo 900 homicidios en Lima, según el Sinadef. De esos 900 homicidios, 410 fueron por encargo y 90 homicidios fueron por robo.",
    )
    assert [(claim.text.split()[0], claim.denominator) for claim in told] == [
        ("900", None),
        ("410", "900 homicidios"),
        ("90", "900 homicidios"),
    ]


@pytest.mark.parametrize(
    ("words", "text", "unit"),
    [
        (
            "Según el gremio, entre 30 y 40 boticas fueron víctimas de extorsión en Lima este año.",
            "entre 30",
            "boticas",
        ),
        ("Según el Sidpol, este año hubo 310 denuncias y 80 casos de usurpación en Lima.", "310", "denuncias"),
        ("Según el gremio, este año ya suman 15 los choferes asesinados en Lima.", "15 los choferes", "choferes"),
        ("Según la Policía, este año se capturó a 90 extorsionadores en Lima.", "90 extorsionadores", "capturados"),
        ("Según el Sidpol, este año hubo 20.705 denuncias por este delito en Lima.", "20.705 denuncias", "denuncias"),
        ("Según la Policía, este año hay 143 hampones puestos tras las rejas en Lima.", "143 hampones", "detenidos"),
        ("Según la Policía, este año hay 1384 personas arrestadas en Lima.", "1384 personas", "detenidos"),
        ("Según el gremio, este año fueron asesinados 31 choferes en Lima.", "31 choferes", "choferes asesinados"),
        ("Según el gremio, 31 choferes y cobradores fueron asesinados en Lima.", "31 choferes", "choferes asesinados"),
        ("Es el quinto músico asesinado este año en Lima, según el gremio.", "quinto", "músicos asesinados"),
        (
            "Este año la cifra de policías detenidos llegó a 130 en Lima, según la Fiscalía.",
            "130",
            "policías detenidos",
        ),
    ],
)
def test_units(read: Read, words: str, text: str, unit: str) -> None:
    claim = claims(read, words)[0]
    assert claim.text.startswith(text)
    assert not claim.text.endswith("este")
    assert unit in claim.unit


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("Según el Sidpol, hasta fines de octubre hubo 320 denuncias en Lima.", "2025-01-01/2025-10-31"),
        ("Según el Sidpol, hasta agosto de este año hubo 320 denuncias en Lima.", "2025-01-01/2025-08-31"),
        ("Según el Sidpol, en Lima hubo 320 denuncias (2022).", "2022-01-01/2022-12-31"),
        ("Según el Sidpol, el delito creció desde 2021, con 320 denuncias ese año en Lima.", "2021-01-01/2021-12-31"),
        ("Según el Sidpol, es más que en 2022, cuando hubo 320 denuncias en Lima.", "2022-01-01/2022-12-31"),
        ("Según el Sidpol, en Lima se registran 32 denuncias por jornada.", "day"),
        (
            "La Policía informó que en octubre hubo 45 denuncias en Lima, más que en el mismo periodo de 2024.",
            "2025-10-01/2025-10-31",
        ),
    ],
)
def test_times(read: Read, words: str, period: str) -> None:
    assert [claim.period for claim in claims(read, words)] == [period]


def test_a_part_of_the_country_has_no_code(read: Read) -> None:
    words = "Según Ipsos, en Lima el 33 % fue víctima de extorsión. En el norte, el porcentaje es de 20 %."
    assert [claim.scope for claim in claims(read, words)] == ["1501", None]


def test_the_whole_country_is_told_beside_a_figure(read: Read) -> None:
    words = (
        "El general de Lima dijo que este año se desarticularon 52 bandas en todo el país. En Comas cayeron 12 bandas."
    )
    assert [claim.scope for claim in claims(read, words)][:1] == ["PE"]


def test_the_capital_is_an_area(read: Read) -> None:
    words = "Según el Sidpol, en el Perú hubo 9 310 denuncias por extorsión este año. En la capital se registraron 4 120 casos."
    assert [claim.scope for claim in claims(read, words)] == ["PE", "1501"]


@pytest.mark.parametrize(
    "words",
    [
        "Septiembre registró 181 homicidios en Lima.",
        "Puno y Junín registraron 181 homicidios este año.",
        "Según el tipo de delito, este año hubo 181 homicidios en Lima.",
    ],
)
def test_who_is_no_speaker(read: Read, words: str) -> None:
    assert [claim.speaker for claim in claims(read, words)] == [None]


def test_an_institution_beside_a_name_only_is_its_office(read: Read) -> None:
    words = "El coronel Raúl Poma Inga informó que la Policía Nacional registró 181 homicidios este año en Lima."
    (claim,) = claims(read, words)
    assert claim.speaker != "Raúl Poma Inga, Policía Nacional"


def test_shares_of_a_row_are_two(read: Read) -> None:
    words = "Según Ipsos, hubo capturas en solo el 3,1 % de las denuncias y devolución de lo robado en el 2,4 %."
    assert [claim.quantity_min for claim in claims(read, words)] == [3.1, 2.4]


def test_accidents_of_traffic_are_no_claims(read: Read) -> None:
    words = (
        "Durante 2024, en choques, atropellos y volcaduras murieron 2516 personas en el Perú, según la Policía."
        "\n\nLima (541) es donde más gente murió, y le siguen Puno (274) y Cusco (226)."
    )
    assert not claims(read, words)


def test_cases_in_a_title_make_an_article_of_figures(read: Read) -> None:
    text = """Chimbote acumula 260 denuncias por extorsión

    De enero a junio suman 260 las denuncias en Chimbote, según la Depincri. Un año antes eran 243."""
    told = read("2025-07-04T09:00:00-05:00", text).claims
    assert [(claim.quantity_min, claim.unit) for claim in told] == [(260, "denuncias"), (243, "denuncias")]


def test_what_is_not_only_in_a_place_is_not_of_it(read: Read) -> None:
    text = """Vuelven los plagios, y ya no solo en Lima

    En 2024 se acumularon 4 069 denuncias por secuestro, de acuerdo con el Ministerio Público."""
    assert [claim.scope for claim in read("2025-03-08T09:00:00-05:00", text).claims] == ["PE"]


def test_a_figure_behind_its_place_is_of_it_whatever_follows(read: Read) -> None:
    words = "Según el Sinadef, los homicidios de este año son de Tumbes (121) y Loreto (138), más de la mitad de lo contado en el país."
    assert [claim.scope for claim in claims(read, words)][:2] == ["24", "16"]


def test_places_that_make_up_a_share_together(read: Read) -> None:
    words = "Según el Sidpol, este año Tumbes, Loreto y Puno concentran el 69 % de las denuncias. Según el Sidpol, Comas y Ate suman el 20 %."
    assert [claim.scope for claim in claims(read, words)] == ["PE", "1501"]


def test_growth_is_of_the_area_of_what_grew(read: Read) -> None:
    text = """Matan a balazos a comerciante en Trujillo

    Un comerciante fue asesinado anoche en Trujillo. Con este caso suman 112 los homicidios de este año en Trujillo.

    En todo el país se llegó a 1 320 asesinatos, 18 % más que en el mismo periodo del año pasado, según el Sinadef."""
    told = read("2025-11-09T09:00:00-05:00", text).claims
    assert [(claim.quantity_min, claim.scope) for claim in told][-2:] == [(1320, "PE"), (18, "PE")]


def test_figures_and_places_in_turn(read: Read) -> None:
    text = """Arequipa: denuncias por extorsión se duplican

    La Región Policial Arequipa registró 1 204 denuncias este año. De ese total, 840 corresponden a la provincia de Arequipa,
    120 a Caylloma y 90 a Camaná."""
    told = {claim.quantity_min: claim.scope for claim in read("2025-11-09T09:00:00-05:00", text).claims}
    assert [told[count] for count in (840, 120, 90)] == ["0401", "0405", "0402"]


def test_the_title_tells_what_the_body_tells_again(read: Read) -> None:
    text = """Van 1387 homicidios en el Perú

    Este año 1387 personas fueron asesinadas en el país, según el Sinadef."""
    assert len(read("2025-11-09T09:00:00-05:00", text).claims) == 1


def test_a_gang_after_two_others_is_counted_where_it_is_said_since_when(read: Read) -> None:
    told = claims(
        read, "Es la tercera banda desarticulada en Ate en lo que va del año, informó el coronel Luis Soto Poma."
    )
    assert [(claim.quantity_min, claim.unit) for claim in told] == [(3, "bandas")]
    assert not claims(
        read, "Según el gremio, una tercera banda criminal les cobra desde el lunes un cupo a los choferes."
    )


def test_an_age_is_no_figure(read: Read) -> None:
    caught = "Luis Soto Poma, de 26 años, alias “Zurdo”, y Ana Roca Paz, de 30, alias “Nena”"
    assert not claims(read, f"Ambos son ciudadanos extranjeros y fueron identificados como {caught}, según la PNP.")


def test_the_size_of_a_town_or_a_sample_is_no_claim(read: Read) -> None:
    words = "Según Ipsos, en ciudades de más de 20.000 habitantes, el 21 % fue víctima de extorsión, con una muestra de 1,210 personas."
    assert [claim.quantity_min for claim in claims(read, words)] == [21]


def test_figures_of_a_long_text_are_all_read(read: Read) -> None:
    lines = "".join(f"Hubo {count} denuncias más en Lima.\n" for count in range(300, 600))
    assert len(claims(read, f"Según el Sidpol, este año hubo 9 310 denuncias en el Perú.\n{lines}")) > 200
