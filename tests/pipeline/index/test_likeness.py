"""The words that tell an entry apart."""

from __future__ import annotations

import pytest

from pipeline.index.likeness import WORDS, enough, telling_stems

EVERYBODY = 1000


def _stems(text: str, **having: int) -> tuple[str, ...]:
    return telling_stems(text, lambda stems: {stem: having.get(stem, EVERYBODY) for stem in stems}, EVERYBODY)


def test_what_others_seldom_have_comes_first() -> None:
    stems = _stems("Dinamita en la bodega: la bodega ardió", dinamit=3, bodeg=200)
    assert stems == ("dinamit", "bodeg", "ardi")


def test_what_nobody_else_has_and_what_everybody_says_tells_nothing() -> None:
    assert _stems("Xyzzy en el de la y", xyzzy=1) == ()
    assert _stems("") == ()


def test_there_are_not_too_many() -> None:
    assert len(_stems(" ".join(f"palabra{number}x" for number in range(500)))) == WORDS


@pytest.mark.parametrize(("stems", "needed"), [(0, 1), (1, 1), (4, 2), (25, 8)])
def test_how_many_another_needs(stems: int, needed: int) -> None:
    assert enough(stems) == needed
