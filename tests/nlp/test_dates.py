"""Date expressions against the day of publication: Wednesday, 15 October 2025, unless said otherwise."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.recognizers import LIMA
from nlp.recognizers.dates import DateFinder
from nlp.types import DateSpan
from tests.nlp.marked import find, make_doc


@pytest.mark.parametrize(
    "marked",
    [
        "Ocurrió [ayer](DATE value=2025-10-14 precision=day source=dates/near).",
        "Ocurrió [anoche](DATE value=2025-10-14) en Comas.",
        "Ocurrió [anteayer](DATE value=2025-10-13).",
        "Ocurrió [ayer por la tarde](DATE value=2025-10-14).",
        "Ocurrió [la madrugada de ayer](DATE value=2025-10-14).",
        "Ocurrió [hoy](DATE value=2025-10-15).",
        "Ocurrió [la madrugada de hoy, 15 de octubre](DATE value=2025-10-15), en Comas.",
        "Murió [ayer, 14 de octubre](DATE value=2025-10-14), en Comas.",
        "La Fiscalía detuvo [hoy miércoles](DATE value=2025-10-15) a tres.",
        "La Fiscalía ejecutó [en la fecha](DATE value=2025-10-15) un operativo.",
        "Ocurrió [esta madrugada](DATE value=2025-10-15 source=dates/thispart).",
        "Ocurrió [la madrugada de este miércoles](DATE value=2025-10-15).",
        "Ocurrió [el martes](DATE value=2025-10-14 source=dates/dayname).",
        "Ocurrió [el último martes](DATE value=2025-10-14).",
        "Ocurrió [el domingo pasado](DATE value=2025-10-12).",
        "Ocurrió [el miércoles pasado](DATE value=2025-10-08).",
        "Ocurrió [la noche del viernes](DATE value=2025-10-10).",
        "Ocurrió a las 9:30 p. m. del [sábado](DATE value=2025-10-11).",
        "Ocurrió [la noche del martes 14](DATE value=2025-10-14).",
        "Ocurrió [el lunes por la noche](DATE value=2025-10-13).",
        "Fue [el 4 de enero de 2021](DATE value=2021-01-04); [el 13 de noviembre del mismo año](DATE value=2021-11-13) murió.",
        "En [marzo de 2022](DATE value=2022-03) pagó y [el 8 de junio de ese año](DATE value=2022-06-08) lo mataron.",
        "Hubo disparos contra una discoteca ([día 4](DATE source=dates/daynoted)) y una granada en un hostal ([día 9](DATE)).",
        "Llamaron [el 3 de octubre](DATE value=2025-10-03). [El 9](DATE value=2025-10-09 source=dates/dayonly) le dispararon.",
        "Llamaron [el 3 de octubre](DATE value=2025-10-03). [Una semana después](DATE value=2025-10-10) murió.",
        "Ocurrió [la madrugada del 12 de octubre](DATE value=2025-10-12 source=dates/date).",
        "Ocurrió [el pasado lunes 13 de octubre](DATE value=2025-10-13).",
        "Ocurrió [el 20 de diciembre](DATE value=2024-12-20).",
        "Ocurrió [el 20 de diciembre del año pasado](DATE value=2024-12-20).",
        "Ocurrió [el 5 de marzo de 2024](DATE value=2024-03-05).",
        "Ocurrió [el primero de mayo del 2023](DATE value=2023-05-01).",
        "Ocurrió [el 15/09/2025](DATE value=2025-09-15).",
        "Ocurrió [el 15.09.2025](DATE value=2025-09-15).",
        "Ocurrió [la semana pasada](DATE value=2025-10-06/2025-10-12 precision=week).",
        "Ocurrió [esta semana](DATE value=2025-10-13/2025-10-19 precision=week).",
        "Ocurrió [el fin de semana](DATE value=2025-10-11/2025-10-12).",
        "Ocurrió [hace tres días](DATE value=2025-10-12 source=dates/ago).",
        "Ocurrió [hace dos semanas](DATE start=2025-10-01 end=2025-10-01 precision=week).",
        "Ocurrió [hace un mes](DATE start=2025-09-15 precision=week).",
        "Ocurrió [hace dos años](DATE value=2023 precision=year).",
        "Ocurrió [tres días atrás](DATE value=2025-10-12 source=dates/back).",
        "Ocurrió en [agosto del 2024](DATE value=2024-08 precision=month).",
        "Ocurrió en [marzo](DATE value=2025-03 precision=month).",
        "Ocurrió en [noviembre](DATE value=2024-11).",
        "Ocurrió en [setiembre del año pasado](DATE value=2024-09).",
        "Ocurrió [el mes pasado](DATE value=2025-09).",
        "Ocurrió [en el 2021](DATE value=2021 precision=year).",
        "Ocurrió [el año pasado](DATE value=2024).",
        "Ocurrió [del 3 al 10 de octubre](DATE value=2025-10-03/2025-10-10).",
        "Sumó 451 casos [de enero a julio](DATE start=2025-01-01 end=2025-07-31 source=dates/months).",
        "Sumó 451 casos [entre enero y el 5 de octubre](DATE start=2025-01-01 end=2025-10-05).",
        "Hay 451 casos [en lo que va del año](DATE start=2025-01-01 end=2025-10-15).",
        "Hay 451 casos en el [primer semestre de 2025](DATE start=2025-01-01 end=2025-06-30).",
        "Lo atacaron [el lunes](DATE value=2025-10-13). [Al día siguiente](DATE value=2025-10-14) volvieron.",
        "Ocurrió [el 12 de octubre](DATE value=2025-10-12) y [dos días después](DATE value=2025-10-14) huyeron.",
    ],
)
def test_expressions(marked: str) -> None:
    find(marked, "date_recognizer")


@pytest.mark.parametrize(
    ("published", "marked"),
    [
        (datetime(2026, 1, 3, 9, tzinfo=LIMA), "Ocurrió [el 30 de diciembre](DATE value=2025-12-30)."),
        (datetime(2026, 1, 3, 9, tzinfo=LIMA), "Desde [el lunes 5 de enero](DATE value=2026-01-05) cuesta más."),
        (datetime(2026, 3, 1, 0, 30, tzinfo=LIMA), "Ocurrió [ayer](DATE value=2026-02-28)."),
        (datetime(2024, 4, 22, 9, tzinfo=LIMA), "Ocurrió [la noche del sábado 20 de abril](DATE value=2024-04-20)."),
        (datetime(2025, 10, 17, 9, tzinfo=LIMA), "Ocurrió [este viernes](DATE value=2025-10-17)."),
        # what is not told as past, and is near, is to come
        (
            datetime(2024, 10, 9, 9, tzinfo=LIMA),
            "Mercados se suman al paro del [10 de octubre](DATE value=2024-10-10).",
        ),
        (datetime(2024, 10, 9, 9, tzinfo=LIMA), "Lo mataron [el 10 de octubre](DATE value=2023-10-10)."),
    ],
)
def test_against_other_days(published: datetime, marked: str) -> None:
    find(marked, "date_recognizer", published=published)


@pytest.mark.parametrize(
    "text",
    [
        "En la avenida 28 de Julio y la plaza Dos de Mayo.",
        "Vive en el distrito Veintiséis de Octubre.",
        "Cada viernes pagan; los sábados descansan.",
        "Un grupo de 12 sujetos entró.",
        "Marzo Castillo y Abril Rojas declararon.",
        "Pagó S/ 12.10.25 por 2025 soles.",
        "El expediente 31/02/2025.",
        "El fiscal José Domingo Pérez y el chofer Luis Domingo declararon.",
        "Llegó de Santo Domingo.",
        "El 21 le volaron el taller; el 80 por ciento no denuncia.",
    ],
)
def test_what_is_no_date(text: str) -> None:
    find(text + "[](NONE)", "date_recognizer")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("La marcha se realizará este viernes.", "2025-10-17"),
        ("La prórroga rige hasta el 20 de noviembre.", "2025-11-20"),
        ("Volverán el próximo lunes.", "2025-10-20"),
        ("El TC verá el 25 de noviembre los casos.", "2025-11-25"),
        ("La Ley 32108 se publicó el 9 de agosto del 2024.", "2024-08-09"),
    ],
)
def test_dates_to_come_and_of_laws_score_low(text: str, value: str) -> None:
    (mention,) = make_doc(text, "date_recognizer")._.mentions
    assert isinstance(mention.value, DateSpan)
    assert mention.value.iso == value
    assert mention.score < 0.45


def test_vague_words_before_the_day_score_low() -> None:
    mentions = make_doc("Dos semanas atrás, la noche del domingo 5, lo atacaron.", "date_recognizer")._.mentions
    assert [(m.value.iso, m.score > 0.5) for m in mentions] == [("2025-10-01/2025-10-01", False), ("2025-10-05", True)]


@given(st.text(alphabet=" 0123456789/.-,eldmartsvinojuchyápqbz", max_size=160))
def test_any_text_gives_ordered_dates_inside_it(text: str) -> None:
    last = 0
    for mention in make_doc(text, "date_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text
        assert last <= mention.start < mention.end
        assert isinstance(mention.value, DateSpan)
        assert mention.value.start <= mention.value.end
        last = mention.end


EXPRESSIONS = """
el la del de este último pasado lunes martes 7 12 31 febrero marzo 2024 2025 hoy ayer noche madrugada hace dos semanas meses
años atrás entre y al enero próximo día siguiente mes año fin semana primer semestre en lo que va , . 15/09/2025 0 99
"""
WORDS = st.sampled_from(EXPRESSIONS.split())


@given(st.lists(WORDS, max_size=30).map(" ".join), st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_words_of_dates_in_any_order_are_read(text: str, day: date) -> None:
    published = datetime(day.year, day.month, day.day, 12, tzinfo=LIMA)
    for mention in make_doc(text, "date_recognizer", published=published)._.mentions or []:
        assert mention.value.start <= mention.value.end


@pytest.mark.parametrize("unit", ["1", "1 ", "el ", "lunes ", "12 de octubre ", "hace 3 días ", "de enero a ", "1/1/"])
def test_long_hostile_text_is_read(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    mentions = DateFinder().find(text, [(0, len(text))], date(2025, 10, 15))
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
