from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.transformer.reading import Reader
from nlp.transformer.schema import SCHEMA

TEXT = (
    "Trujillo: balean bodega cuyo dueño se negó a pagar S/ 3 mil\n\nLa banda criminal Los Cernícalos de la Once exigía tres mil soles"
    " al comerciante Walter Infante Rojas. El ataque ocurrió la noche del lunes en El Porvenir."
)


def test_it_sees_names_and_sums(reader: Reader) -> None:
    seen = {(each.label, TEXT[each.start : each.end]) for each in reader.read(TEXT).spans()}
    assert ("PERSON", "Walter Infante Rojas") in seen
    assert ("PLACE", "El Porvenir") in seen
    assert {label for label, _ in seen} >= {"GANG", "MONEY", "PERSON", "PLACE"}


def test_support_is_high_where_the_mention_is_and_low_where_none_is(reader: Reader) -> None:
    read = reader.read(TEXT)
    start = TEXT.index("Walter")
    assert read.support(start, start + len("Walter Infante Rojas"), "PERSON") > 0.8
    assert read.support(start, start + len("Walter Infante Rojas"), "MONEY") < 0.1


@pytest.mark.parametrize("question", SCHEMA.questions)
def test_answers_are_probabilities(reader: Reader, question: str) -> None:
    answers = reader.read(TEXT).answers(question, 0, 8)
    assert tuple(answers) == SCHEMA.questions[question]
    assert sum(answers.values()) == pytest.approx(1.0, abs=1e-3)


@given(text=st.text(max_size=400))
def test_any_text_can_be_read(reader: Reader, text: str) -> None:
    read = reader.read(text)
    spans = read.spans()
    for each in spans:
        assert 0 <= each.start < each.end <= len(text)
        assert 0 <= each.score <= 1
        assert not (text[each.start - 1 : each.start].isalnum() and text[each.start].isalnum())
        assert not (text[each.end - 1].isalnum() and text[each.end : each.end + 1].isalnum())
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert 0 <= read.support(0, len(text), "GANG") <= 1


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_an_empty_text_holds_nothing(reader: Reader, text: str) -> None:
    read = reader.read(text)
    assert read.spans() == []
    assert read.general_spans() == []
    assert read.support(0, 1, "GANG") == 0.0
    assert read.answers("money_role", 0, 1) == {}


@pytest.mark.parametrize(
    "text", ["警察は五人を逮捕した。" * 30, "Полиция задержала пятерых. " * 30, "🚨🔫💣" * 50, "ab" * 5_000]
)
def test_unknown_scripts_are_read(reader: Reader, text: str) -> None:
    assert all(each.end <= len(text) for each in reader.read(text).spans())


def test_a_text_of_100_000_words_is_read_to_its_end(reader: Reader) -> None:
    body = "La fila avanza despacio . " * 20_000
    text = body + "Piden S/ 8 mil a Julio César Rojas Vega en Comas."
    seen = {text[each.start : each.end] for each in reader.read(text).spans() if each.start >= len(body)}
    assert "Julio César Rojas Vega" in seen


def test_what_stands_in_two_windows_is_seen_once(reader: Reader) -> None:
    filler = "El mercado abre temprano y cierra tarde todos los días . "
    for times in range(10, 40, 6):
        text = filler * times + "La Policía capturó a Julio César Rojas Vega en Comas . " + filler * 30
        found = [text[each.start : each.end] for each in reader.read(text).spans() if each.label == "PERSON"]
        assert found == ["Julio César Rojas Vega"]
