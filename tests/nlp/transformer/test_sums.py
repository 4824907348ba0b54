from __future__ import annotations

from datetime import UTC, datetime

import pytest
from spacy.language import Language

from nlp.extract import Text, extract
from nlp.types import Label, Money

HEAD = "Comas: extorsionadores amenazan a dueña de restaurante\n\n"


def sums(nlp: Language, body: str) -> list[tuple[str, float | None, float | None, str, str | None]]:
    found = extract(nlp, Text(text=HEAD + body, published=datetime(2025, 6, 3, 15, tzinfo=UTC)))
    return [
        (m.text, m.value.min, m.value.max, m.value.currency, m.value.period)
        for m in found.mentions
        if isinstance(m.value, Money) and m.source.startswith("transformer/")
    ]


def test_a_number_that_is_money_by_what_is_said_around_it(nlp: Language) -> None:
    body = "Primero fueron S/ 500. Luego, mil quinientos; la señora cerró."
    assert [found[:4] for found in sums(nlp, body)] == [("mil quinientos", 1500, 1500, "PEN")]


@pytest.mark.parametrize(
    "body",
    [
        "Los extorsionadores exigían tres mil dólares al mes. Después subieron: ahora son ocho mil.",
        "Tres mil comerciantes marcharon contra las extorsiones; cinco mil policías los cuidaron.",
        "En 2024 la Policía recibió 27 mil denuncias por extorsión, y este año ya van 20 mil.",
        "El número 987 654 321 llamó veinte veces a la mujer de 35 años.",
    ],
)
def test_nothing_is_added_where_the_currency_is_open_or_things_are_counted(nlp: Language, body: str) -> None:
    assert sums(nlp, body) == []


def test_a_sum_that_the_model_alone_sees_is_never_sure(nlp: Language) -> None:
    text = HEAD + "Primero fueron S/ 500. Luego, mil quinientos; la señora cerró."
    found = extract(nlp, Text(text=text, published=datetime(2025, 6, 3, 15, tzinfo=UTC)))
    assert all(m.score < 0.9 for m in found.mentions if m.label is Label.MONEY and m.source.startswith("transformer/"))
