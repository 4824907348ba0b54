"""More like this: the words that tell an entry apart, by which others like it are found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pipeline.index import analysis
from pipeline.index.base import QueryError
from pipeline.index.query import Query

WORDS = 25
"""Words by which an entry is told."""
SHARE = 0.3
"""Part of them that another must have to be like it."""
_SHORTEST = 3
_MOST_LOOKED_UP = 300

Counting = Callable[[Sequence[str]], Mapping[str, int]]
"""Stems -> number of entries that have each."""


def telling_stems(text: str, counting: Counting, total: int) -> tuple[str, ...]:
    """The stems that tell a text apart among all: those it has often and others seldom. One that no other has tells nothing."""
    stop = analysis.stop_words()
    words = [word for word in analysis.words(text) if word.exact not in stop and len(word.exact) >= _SHORTEST]
    often = Counter(word.stem for word in words)
    candidates = [stem for stem, _ in often.most_common(_MOST_LOOKED_UP)]
    having = counting(candidates) if candidates else {}

    def weight(stem: str) -> float:
        return (1.0 + math.log(often[stem])) * math.log1p(total / having[stem])

    shared = [stem for stem in candidates if having[stem] > 1]
    return tuple(sorted(shared, key=lambda stem: (-weight(stem), stem))[:WORDS])


def stems_of(query: Query, text: str | None, counting: Counting, total: int) -> tuple[str, ...]:
    """The stems that tell the entry that a query's ``like`` names, given its text.

    Raises:
        QueryError: there is no such entry.
    """
    if text is None:
        raise QueryError(f"there is no {query.kind.removesuffix('s')} {query.like!r} in the index")
    return telling_stems(text, counting, total)


def enough(stems: int) -> int:
    """How many of so many stems another entry must have."""
    return max(1, math.ceil(SHARE * stems))
