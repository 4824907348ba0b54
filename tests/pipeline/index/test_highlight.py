"""Passages and the words marked in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index.highlight import PASSAGES, WIDTH, highlight
from pipeline.index.names import default_names
from pipeline.index.plan import Marks, make
from pipeline.index.query import Query

TEXT = (
    "Exigían cupos en Comas\n\nLa Policía capturó a 'Los Pulpos'. " + "Nada más se supo. " * 40 + "\n\n"
    "El cobro de cupos continúa: cobran S/ 5 000 a mototaxistas. " + "Sin novedad. " * 40 + "Otra vez la policía."
)


def _marked(query: str, text: str = TEXT) -> list[list[str]]:
    found = highlight(text, make(Query(text=query), default_names()).marks)
    return [[text[start:end] for start, end in passage.marks] for passage in found]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("policia", [["Policía"], ["policía"]]),
        ('"cobro de cupos"', [["cobro", "de", "cupos"]]),
        ('"5 000"', [["5", "000"]]),
        ("mototaxista -comas", [["mototaxistas"]]),
        ("puls* pulp*", [["Pulpos"]]),
        ('"los pulpos"', [["Los", "Pulpos"]]),
        ("place:Comas", []),
        ("", []),
    ],
)
def test_marks(query: str, marked: list[list[str]]) -> None:
    assert _marked(query) == marked


def test_passages_are_pieces_of_the_text_that_end_at_words() -> None:
    for passage in highlight(TEXT, make(Query(text="policía cupos mototaxistas"), default_names()).marks):
        assert TEXT[passage.start : passage.start + len(passage.text)] == passage.text
        assert passage.start == 0 or TEXT[passage.start - 1].isspace()
        end = passage.start + len(passage.text)
        assert end == len(TEXT) or TEXT[end].isspace()


@given(
    text=st.text(alphabet=st.sampled_from("cupo s\n.áñ"), max_size=600),
    stems=st.sets(st.sampled_from(["cupo", "cup", "s", "pa"])),
)
def test_any_text(text: str, stems: set[str]) -> None:
    found = highlight(text, Marks(stems=frozenset(stems), prefixes=("cu",), phrases=frozenset({("s", "s")})))
    assert len(found) <= PASSAGES
    for passage in found:
        assert text[passage.start :].startswith(passage.text)
        assert len(passage.text) <= WIDTH * 4
        assert passage.marks
        low, high = passage.start, passage.start + len(passage.text)
        assert all(low <= start < end <= high for start, end in passage.marks)
    marks = [mark for passage in found for mark in passage.marks]
    assert len(marks) == len(set(marks))


def test_a_long_hostile_text_is_looked_through_in_time() -> None:
    text = "cupo " * 200_000
    assert len(highlight(text, Marks(stems=frozenset({"cupo"})))) == PASSAGES
