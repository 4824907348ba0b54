"""Cue words around sums, looked up once for a text however many sums there are: linear in its length."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from nlp.patterns import PatternTable, number_of
from nlp.phrases import Words

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """A cue at ``text[start:end]``, and what its table says of it."""

    start: int
    end: int
    value: T


class Scan(Generic[T]):
    """All cues of a table in the regions of a text; ``values`` says what each of its rows means."""

    def __init__(
        self, patterns: PatternTable, values: Sequence[T], words: Words, regions: Iterable[tuple[int, int]]
    ) -> None:
        self._hits = [
            Hit(*match.span(), values[number_of(match)])
            for left, right in _merged(regions)
            for match in patterns.finditer(words, left, right)
        ]
        self._starts = [hit.start for hit in self._hits]

    def within(self, left: int, right: int) -> Sequence[Hit[T]]:
        """Cues that lie in ``text[left:right]``, in order."""
        first = bisect.bisect_left(self._starts, left)
        after = bisect.bisect_left(self._starts, right)
        return [hit for hit in self._hits[first:after] if hit.end <= right]


def _merged(regions: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for left, right in sorted(regions):
        if merged and left <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], right)
        else:
            merged.append((left, right))
    return merged
