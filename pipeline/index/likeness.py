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
SHARE = 0.2
"""Part of them that another must have to be like it. With 0.3, 67 of the newsroom's 71 articles were like no other."""
_FEWEST = 4
"""Entries that must have a word for it to tell one apart: rarer ones are names and slips, by which no two are alike."""
_SMALL = 15
"""In an index of fewer than this for each of them, fewer do."""
_SHORTEST = 3
_MOST_LOOKED_UP = 300

Counting = Callable[[Sequence[str]], Mapping[str, int]]
"""Stems -> number of entries that have each."""


def telling_stems(text: str, counting: Counting, total: int) -> tuple[str, ...]:
    """The stems that tell a text apart among all: those it has often and others seldom, but not too seldom."""
    stop = analysis.stop_words()
    words = [word for word in analysis.words(text) if word.exact not in stop and len(word.exact) >= _SHORTEST]
    often = Counter(word.stem for word in words)
    candidates = [stem for stem, _ in often.most_common(_MOST_LOOKED_UP)]
    having = counting(candidates) if candidates else {}

    def weight(stem: str) -> float:
        return (1.0 + math.log(often[stem])) * math.log1p(total / having[stem])

    fewest = max(2, min(_FEWEST, total // _SMALL))
    shared = [stem for stem in candidates if having[stem] >= fewest]
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
