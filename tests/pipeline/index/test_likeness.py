"""The words that tell an entry apart."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.likeness import WORDS, enough, telling_stems
from pipeline.index.names import default_names
from pipeline.index.query import Query
from tests.pipeline.index.generated import newsroom

EVERYBODY = 1000


def _stems(text: str, **having: int) -> tuple[str, ...]:
    return telling_stems(text, lambda stems: {stem: having.get(stem, EVERYBODY) for stem in stems}, EVERYBODY)


def test_what_others_seldom_have_comes_first() -> None:
    stems = _stems("Dinamita en la bodega: la bodega ardió", dinamit=4, bodeg=200)
    assert stems == ("dinamit", "bodeg", "ardi")


def test_what_next_to_nobody_has_and_what_everybody_says_tells_nothing() -> None:
    assert _stems("Xyzzy en el de la y", xyzzy=3) == ()
    assert _stems("") == ()


def test_there_are_not_too_many() -> None:
    assert len(_stems(" ".join(f"palabra{number}x" for number in range(500)))) == WORDS


@pytest.mark.parametrize(("stems", "needed"), [(0, 1), (1, 1), (6, 2), (25, 5)])
def test_how_many_another_needs(stems: int, needed: int) -> None:
    assert enough(stems) == needed


def test_articles_of_the_press_have_others_like_them(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path, default_names())
    made = list(newsroom())
    index.replace_articles(made)
    alike = [index.count(Query(like=document.article.id)) for document in made]
    assert sum(found == 0 for found in alike) <= len(made) // 20
    assert statistics.median(alike) <= len(made) // 4
