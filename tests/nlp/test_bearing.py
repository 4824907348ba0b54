"""Which dates of an article are those of incidents."""

from __future__ import annotations

import pytest

from nlp.events.bearing import date_weights, likelihoods
from nlp.events.when import is_of_report
from nlp.types import DateSpan, Label
from tests.nlp.conftest import Read
from tests.nlp.marked import make_doc

ARTICLE = """Comas: matan a bodeguero que se negó a pagar cupo

    Un bodeguero fue asesinado a balazos la noche del lunes en Comas, Lima. Sicarios en moto le dispararon cuando cerraba su
    local.

    El ministro del Interior anunció hoy que la ley contra el sicariato será debatida. En 2023 el Congreso aprobó otra.

    Lima, 15 de octubre de 2025."""
ELSEWHERE = """Feria de libros en Barranco

    La feria abrió ayer y termina el domingo. Hubo dos heridos leves en la entrada por una caída de estantes."""


def test_dates_of_incidents_are_kept(read: Read) -> None:
    found = read("2025-10-15T08:00:00-05:00", ARTICLE)
    assert [m.text for m in found.mentions if m.label is Label.DATE] == ["la noche del lunes"]


def test_where_no_crime_is_told_no_dates_are_kept_and_of_counts_the_toll(read: Read) -> None:
    found = read("2025-10-15T08:00:00-05:00", ELSEWHERE)
    assert [m.text for m in found.mentions if m.label in (Label.DATE, Label.COUNT)] == ["dos"]


def test_the_score_of_a_date_is_its_likelihood(read: Read) -> None:
    found = read("2025-10-15T08:00:00-05:00", ARTICLE)
    (day,) = (m for m in found.mentions if isinstance(m.value, DateSpan))
    assert 0.45 <= day.score <= 1.0


@pytest.mark.parametrize("features", [{}, {"never seen": 1.0}])
def test_unknown_features_say_nothing(features: dict[str, float]) -> None:
    assert likelihoods([features], date_weights()) == [0.5]


@pytest.mark.parametrize(("of_incident", "of_other"), [("ocurrió", "declaró"), ("ocurrió", "denunció")])
def test_the_words_beside_a_date_have_a_say(read: Read, of_incident: str, of_other: str) -> None:
    scores = []
    for verb in (of_incident, of_other):
        found = read(
            "2025-10-15T08:00:00-05:00", f"{ARTICLE.splitlines()[0]}\n\nTodo {verb} el lunes, y la gente calla."
        )
        scores += [m.score for m in found.mentions if m.label is Label.DATE] or [0.0]
    assert scores[0] > scores[1]


@pytest.mark.parametrize(
    ("told", "reported"),
    [
        ("El ataque fue reportado a las autoridades el 22 de octubre.", True),
        ("El ataque ocurrió el 22 de octubre, frente a todos.", False),
    ],
)
def test_the_day_of_a_report_is_known(told: str, reported: bool) -> None:
    (day,) = (m for m in make_doc(told, "date_recognizer")._.mentions or [] if isinstance(m.value, DateSpan))
    assert is_of_report(told, day) is reported
