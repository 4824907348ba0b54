"""Acts of another time that a report goes back to in a clause are events of their own."""

from __future__ import annotations

from time import perf_counter

import pytest

from tests.nlp.conftest import Read
from tests.nlp.test_events import told

WHEN = "2025-06-12T08:00:00-05:00"
ROBBERY = """Chiclayo: asaltan botica y se llevan S/ 9 mil

    Cuatro sujetos asaltaron el martes una botica en el distrito de Pomalca y se llevaron S/ 9 mil de la caja.

    Los vecinos dieron aviso al serenazgo. {more}"""


@pytest.mark.parametrize(
    ("more", "other"),
    [
        (
            "La Policía busca a una banda que en abril asaltó con cascos una ferretería de Tumán.",
            {"crime": "robo_agravado", "date": "2025-04", "place": "140120", "victims": ["ferretería"]},
        ),
        (
            "Nilo Tafur Rengifo, uno de los detenidos, fue intervenido en marzo del 2024 por robar licores de una bodega de Tumán.",
            {"crime": "robo", "date": "2024-03", "place": "140120", "victims": ["bodega"], "counts": {"arrested": 1}},
        ),
    ],
)
def test_an_act_of_another_month_with_its_victim_is_another_event(
    read: Read, more: str, other: dict[str, object]
) -> None:
    first, second = read(WHEN, ROBBERY.format(more=more)).events
    assert (told(first)["date"], told(first)["victims"]) == ("2025-06-10", ["botica"])
    assert told(second) == other


def test_what_somebody_was_caught_for_before_is_another_event_in_the_lead_too(read: Read) -> None:
    lead = "La Policía detuvo a uno de ellos, que ya había sido capturado en marzo del 2024 por asaltar una ferretería."
    first, second = read(WHEN, ROBBERY.partition("\n\n    Los vecinos")[0] + f" {lead}").events
    assert told(first)["victims"] == ["botica"]
    assert (told(second)["date"], told(second)["victims"]) == ("2024-03", ["ferretería"])


@pytest.mark.parametrize(
    "more",
    [
        "La banda asalta en la zona desde abril.",
        "En abril un ladrón asaltó a un joven.",
        "Nilo Tafur Rengifo, uno de los detenidos, fue intervenido en marzo del año pasado.",
    ],
)
def test_what_is_told_without_victim_is_none(read: Read, more: str) -> None:
    (event,) = read(WHEN, ROBBERY.format(more=more)).events
    assert told(event)["date"] == "2025-06-10"


EXTORTION = """Ate: extorsionan a dueño de pollería

    Extorsionadores exigen desde hace semanas S/ 5 000 al dueño de una pollería de Ate. Ayer detonaron un explosivo en su puerta.

    {more}"""


@pytest.mark.parametrize(
    ("more", "many"),
    [
        ("En abril le pidieron S/ 2 000 al dueño de la pollería por mensajes de texto.", 1),
        ("En abril le pidieron S/ 2 000 al dueño de una panadería de Santa Anita por mensajes de texto.", 2),
    ],
)
def test_a_day_of_the_same_extortion_is_none(read: Read, more: str, many: int) -> None:
    assert len(read(WHEN, EXTORTION.format(more=more)).events) == many


def test_time_goes_with_the_length_of_what_is_gone_back_to(read: Read) -> None:
    again = "fue detenido en marzo por robar un grifo y "
    texts = [ROBBERY.format(more=again * many) for many in (300, 1200)]
    read(WHEN, texts[0])
    times = []
    for text in texts:
        begun = perf_counter()
        read(WHEN, text)
        times.append(perf_counter() - begun)
    assert times[1] < 12 * times[0]
