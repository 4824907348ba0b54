from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nlp.transformer.decode import Floats, best_tags, softmax, spans_of
from nlp.transformer.schema import Tags

TAGS = Tags(("GANG", "PLACE"))


def valid(path: tuple[int, ...]) -> bool:
    return all(
        tag % 2 == 1 or tag == 0 or before in {tag, tag - 1} for before, tag in zip((0, *path), path, strict=False)
    )


@given(scores=arrays(np.float32, st.tuples(st.integers(1, 4), st.just(len(TAGS))), elements=st.floats(-5, 5, width=32)))
def test_the_sequence_is_the_best_of_all_valid_ones(scores: Floats) -> None:
    logs = np.log(softmax(scores))
    found = tuple(best_tags(logs).tolist())
    assert valid(found)
    worth = {
        path: sum(logs[at, tag] for at, tag in enumerate(path))
        for path in product(range(len(TAGS)), repeat=len(scores))
        if valid(path)
    }
    assert worth[found] == pytest.approx(max(worth.values()), abs=1e-4)


def test_no_pieces_no_tags() -> None:
    assert best_tags(np.zeros((0, len(TAGS)), dtype=np.float32)).tolist() == []


def test_spans() -> None:
    assert spans_of(np.array([0, 1, 2, 1, 0, 3, 4, 4]), TAGS) == [(1, 3, "GANG"), (3, 4, "GANG"), (5, 8, "PLACE")]


def test_probabilities_sum_to_one_however_large_the_scores() -> None:
    assert softmax(np.array([[1e4, -1e4, 0.0]], dtype=np.float32)).sum() == pytest.approx(1.0)
