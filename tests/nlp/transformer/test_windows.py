from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlp.transformer.reading import Reader
from nlp.transformer.windows import OVERLAP, WINDOW, cut, windows


@given(pieces=st.integers(min_value=0, max_value=5_000), overlap=st.sampled_from([0, 16, OVERLAP]))
def test_every_piece_counts_in_exactly_one_window(pieces: int, overlap: int) -> None:
    plan = windows(pieces, overlap=overlap)
    counted = [at for window in plan for at in range(window.first, window.last)]
    assert counted == list(range(pieces))
    assert all(window.end - window.start <= WINDOW for window in plan)
    assert all(window.start <= window.first < window.last <= window.end for window in plan)


@given(pieces=st.integers(min_value=WINDOW + 1, max_value=5_000))
def test_a_piece_that_counts_has_neighbours_within_its_window(pieces: int) -> None:
    for window in windows(pieces):
        assert window.first == 0 or window.first - window.start >= OVERLAP // 2
        assert window.last == pieces or window.end - window.last >= OVERLAP // 2


@given(text=st.text(max_size=300))
def test_pieces_lie_in_the_text_in_order(reader: Reader, text: str) -> None:
    pieces = cut(reader.tokenizer, text)
    assert len(pieces.ids) == len(pieces.starts) == len(pieces.ends)
    assert np.all(pieces.starts <= pieces.ends)
    assert np.all(np.diff(pieces.starts) >= 0)
    assert len(pieces) == 0 or pieces.ends[-1] <= len(text)


def test_pieces_of_a_word_are_found_by_its_characters(reader: Reader) -> None:
    text = "Piden S/ 5 mil en Comas"
    pieces = cut(reader.tokenizer, text)
    at = pieces.between(text.index("Comas"), len(text))
    assert text[pieces.starts[at.start] : pieces.ends[at.stop - 1]] == "Comas"
    assert pieces.between(0, 0) == slice(0, 0)
