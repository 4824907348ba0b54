"""The look-up of many phrases: longest match, stems, gaps, and the characters that are taken."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.phrases import Covered, PhraseTable, words_of

TABLE = PhraseTable(
    [("gota a gota", 1), ("balea*", 2), ("balear", 3), ("arma* de fuego", 4), ("arma*", 5), ("cobró", 6), ("cobr*", 7)]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("El Gota a Gota", [("Gota a Gota", 1)]),
        ("balear, balearon", [("balear", 3), ("balearon", 2)]),
        ("dos armas de fuego", [("armas de fuego", 4)]),
        ("armas, de fuego", [("armas", 5)]),
        ("armas.\n\nDe fuego", [("armas", 5)]),
        ("arma “de fuego”", [("arma “de fuego", 4)]),
        ("COBRO y cobraban", [("COBRO", 6), ("cobraban", 7)]),
        ("desarma", []),
        ("", []),
    ],
)
def test_phrases_of_a_text(text: str, found: list[tuple[str, int]]) -> None:
    assert [(text[each.start : each.end], each.value) for each in TABLE.find(words_of(text))] == found


def test_a_phrase_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no word"):
        PhraseTable([("¡!", 1)])


@given(st.text(alphabet="abc balear 'armsdfueg.\n", max_size=80))
def test_finds_do_not_overlap_and_do_not_depend_on_what_was_asked_before(text: str) -> None:
    found = TABLE.find(words_of(text))
    assert all(left.after <= right.first for left, right in itertools.pairwise(found))
    TABLE.find(words_of("gota a gota"))
    assert TABLE.find(words_of(text)) == found


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6), st.integers(0, 30), st.integers(0, 30))
def test_covered_is_overlap(spans: list[tuple[int, int]], start: int, end: int) -> None:
    spans = [(min(span), max(span)) for span in spans]
    covered = Covered(30, spans)
    start, end = min(start, end), max(start, end)
    assert covered.meets(start, end) == any(set(range(*span)) & set(range(start, end)) for span in spans)
