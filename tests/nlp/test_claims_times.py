"""Times of figures: what words name, what stands beside a figure, what points back to the one before."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.claims.times import spans_in
from nlp.types import Claim
from tests.nlp.conftest import Read

TODAY = date(2025, 10, 9)


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("desde 2017 hasta junio de 2024", ["2017-01-01/2024-06-30"]),
        ("desde el 2019 hasta fines de marzo de 2025", ["2019-01-01/2025-03-31"]),
        ("entre setiembre 2016 y febrero 2017", ["2016-09-01/2017-02-28"]),
        ("febrero - marzo 2023", ["2023-02-01/2023-03-31"]),
        ("hasta ayer 8 de octubre", ["2025-01-01/2025-10-08"]),
        ("hasta el domingo 5 de octubre", ["2025-01-01/2025-10-05"]),
        ("al pasado 27 de setiembre", ["2025-01-01/2025-09-27"]),
        ("en octubre hubo 92, frente a 80 del mes previo", ["2025-09-01/2025-09-30", "2025-10-01/2025-10-09"]),
        ("del mes pasado", ["2025-09-01/2025-09-30"]),
        ("en lo que va del mes", ["2025-10-01/2025-10-09"]),
        ("dijo que marzo es el mes mas violento", ["2025-03-01/2025-03-31"]),
        ("en 2023 hubo 40 y de enero a marzo de ese ano, 3", ["2023-01-01/2023-12-31", "2023-01-01/2023-03-31"]),
        ("de enero a marzo del mismo ano", []),
        ("entre enero y octubre", ["2025-01-01/2025-10-09"]),
        ("en las elecciones del 2026", []),
        ("en lo que va de esta segunda semana", []),
        ("el ano del paro, 2020, hubo 30", ["2020-01-01/2020-12-31"]),
    ],
)  # fmt: skip
def test_spans(folded: str, expected: list[str]) -> None:
    assert sorted(span.iso for span in spans_in(folded, TODAY)) == sorted(expected)


def test_a_month_that_ends_is_told_whole() -> None:
    (span,) = spans_in("entre enero y diciembre", date(2025, 12, 30))
    assert span.iso == "2025-01-01/2025-12-31"


def claims(read: Read, words: str) -> dict[str, Claim]:
    found = read("2025-10-09T09:00:00-05:00", f"Estadísticas: la extorsión en cifras\n\n{words}").claims
    return {claim.text: claim for claim in found}


def test_the_other_year_of_the_same_part(read: Read) -> None:
    told = claims(
        read,
        "Según el Sidpol, en agosto hubo 62 denuncias en Tacna, mientras que llegaron 41 en el mismo periodo de 2024."
        "\n\nDe enero a mayo del año pasado hubo 310 denuncias en Tacna, y este año van 402.",
    )
    assert told["62 denuncias"].period == "2025-08-01/2025-08-31"
    assert told["41"].period == "2024-08-01/2024-08-31"
    assert told["310 denuncias"].period == "2024-01-01/2024-05-31"
    assert told["402"].period == "2025-01-01/2025-05-31"


def test_the_name_of_a_place_is_no_month(read: Read) -> None:
    told = claims(read, "En 2024, solo en Veintiséis de Octubre se registraron 812 denuncias, según el Sidpol.")
    assert told["812 denuncias"].period == "2024-01-01/2024-12-31"


def test_a_range_is_one_figure_of_a_row(read: Read) -> None:
    told = claims(
        read,
        "Según el gremio, en 2024, entre 40 y 50 boticas fueron víctimas de extorsión en Lima, pero en lo que va del año la cifra supera las 90.",
    )
    first, second = told.values()
    assert (first.period, first.unit) == ("2024-01-01/2024-12-31", "boticas")
    assert (second.period, second.quantity_min, second.quantity_max) == ("2025-01-01/2025-10-09", 90, None)


def test_a_list_has_one_time_and_one_source(read: Read) -> None:
    told = claims(
        read,
        "En 2024 hubo 9 310 denuncias por extorsión en el país, según el Sidpol."
        "\n\nLas regiones con más denuncias fueron Piura (812), Tumbes (640), Loreto (233) y Puno (118).",
    )
    listed = [told[text] for text in ("812", "640", "233", "118")]
    assert {(claim.period, claim.speaker) for claim in listed} == {("2024-01-01/2024-12-31", "Sidpol")}


def test_the_same_month_of_this_year(read: Read) -> None:
    told = claims(
        read,
        "Según el Sidpol, en Tacna hubo 41 robos en febrero del año pasado; en el mismo mes de este año fueron 52 casos."
        "\n\nEn Ilo se registraron 310 denuncias entre enero y junio. Doce meses antes, a esta misma fecha, eran 243.",
    )
    assert told["41 robos"].period == "2024-02-01/2024-02-29"
    assert told["52 casos"].period == "2025-02-01/2025-02-28"
    assert told["243"].period == "2024-01-01/2024-06-30"


@pytest.mark.parametrize("when", ["En las últimas 24 horas", "En apenas una jornada", "En un solo día"])
def test_a_day(read: Read, when: str) -> None:
    told = claims(read, f"{when} fueron detenidos 310 extorsionadores en Tacna, informó la Policía Nacional.")
    assert [claim.period for claim in told.values()] == ["day"]


def test_months_of_a_list_are_of_one_year(read: Read) -> None:
    told = claims(read, "Los homicidios por mes, según el Sinadef: enero (201), febrero (187) y diciembre (231).")
    assert [claim.period for claim in told.values()] == [
        "2024-01-01/2024-01-31",
        "2024-02-01/2024-02-29",
        "2024-12-01/2024-12-31",
    ]


def test_a_month_that_bears_the_brunt(read: Read) -> None:
    told = claims(read, "Julio se llevó la peor parte con 71 denuncias en Tacna, según el Sidpol.")
    assert [claim.period for claim in told.values()] == ["2025-07-01/2025-07-31"]


def test_months_and_years_of_a_list(read: Read) -> None:
    told = claims(
        read,
        "Según el Sidpol, este año hubo 1 310 denuncias en Tacna. Enero, 120; febrero, 98; marzo, 143."
        "\n\nAño 2023: 410 casos"
        "\n\nEl 2022 hubo 300 denuncias en Tacna, el 2024 fueron 415 y en lo que va del 2025 ya suman 1 310.",
    )
    assert [told[text].period for text in ("120", "98", "143")] == [
        "2025-01-01/2025-01-31",
        "2025-02-01/2025-02-28",
        "2025-03-01/2025-03-31",
    ]
    assert [told[text].period[:10] for text in ("410 casos", "300 denuncias", "415")] == [
        "2023-01-01",
        "2022-01-01",
        "2024-01-01",
    ]


def test_a_survey_named_by_its_year(read: Read) -> None:
    told = claims(
        read,
        "Según la encuesta “Seguridad de las empresas 2023”, del INEI, el 26 % de los negocios sufrió un delito."
        "\n\nEl 48 % de los negocios no denuncia, conforme publicó este Diario.",
    )
    assert {claim.period for claim in told.values()} == {"2023-01-01/2023-12-31"}


def test_growth_is_of_the_time_that_grew(read: Read) -> None:
    told = claims(
        read,
        "Según el Sidpol, de enero a marzo de 2025 hubo 310 denuncias en Tacna. Al compararse con idéntico lapso de 2024"
        " aparece un alza de casi 15 %.",
    )
    assert {claim.period for claim in told.values()} == {"2025-01-01/2025-03-31"}
