"""Decisions by weighed evidence: each feature of a candidate speaks for and against classes, as a fitted table says.

A table of weights has a row for each feature and a column for each class. ``training/`` fits it to annotated articles.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.lexicon import LexiconError, read_table
from nlp.phrases import Words, words_of

Features = dict[str, float]
"""Names of what is seen of a candidate, each with a value from 0 to 1."""
Matrix = NDArray[np.float64]
C = TypeVar("C", bound=StrEnum)

_FUNCTION_WORDS = frozenset(
    {"a", "al", "con", "como", "de", "del", "el", "en", "la", "las", "le", "les", "lo", "los", "o", "por", "que", "se"}
    | {"su", "sus", "un", "una", "y"}
)
_FUNCTION_WORD = 0.35
"""A function word separates so much of what a content word does."""
_HALF_DISTANCE = 5.0
"""Content words at which a word counts half."""
_READ = 20
"""Words on each side that are read."""
_BEGINNING = 5
"""Letters that stand for a word and its forms: ``exig…``, ``deten…``."""
_MARKS = frozenset(",;:()")
_REMEMBERED = 50_000
"""Names of features that are kept: they are made anew for each candidate otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Generic[C]):
    """What each feature says for each class."""

    classes: tuple[C, ...]
    rows: Mapping[str, int]
    table: Matrix
    """A row for each feature, a column for each class."""

    def votes(self, features: Sequence[Features]) -> Matrix:
        """A row for each candidate; the class with the highest vote is its own. Unknown features say nothing."""
        votes = np.zeros((len(features), len(self.classes)))
        row_of = self.rows.get
        for index, found in enumerate(features):
            known = [(row, value) for name, value in found.items() if (row := row_of(name)) is not None]
            if known:
                rows, values = zip(*known, strict=True)
                votes[index] = np.asarray(values) @ self.table[list(rows)]
        return votes

    def decide(self, features: Sequence[Features], groups: Sequence[int] = ()) -> list[tuple[C, float]]:
        """The likeliest class of each candidate, with its probability. Those of one group decide together."""
        return [(self.classes[int(row.argmax())], float(row.max())) for row in self.probabilities(features, groups)]

    def probabilities(self, features: Sequence[Features], groups: Sequence[int] = ()) -> Matrix:
        """A row for each candidate: the probability of each class. Those of one group have the same."""
        votes = self.votes(features)
        for group in set(groups):
            members = [index for index, each in enumerate(groups) if each == group]
            votes[members] = votes[members].mean(axis=0)
        odds = np.exp(votes - votes.max(axis=1, keepdims=True)) if len(features) else votes
        shares: Matrix = odds / odds.sum(axis=1, keepdims=True)
        return shares


def read_weights(name: str, classes: tuple[C, ...]) -> Weights[C]:
    """The table ``nlp/data/<name>``.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    rows: dict[str, int] = {}
    table: list[list[float]] = []
    for row in read_table(name, frozenset({"feature", *classes})):
        try:
            table.append([float(row[each] or 0) for each in classes])
        except ValueError:
            raise LexiconError(f"nlp/data/{name}: {row['feature']}: a weight is no number") from None
        rows[row["feature"]] = len(rows)
    return Weights(classes=classes, rows=rows, table=np.array(table))


Names = Callable[[str], Sequence[str]]


def _no_names(word: str) -> tuple[()]:  # noqa: ARG001
    return ()


def words_around(words: Words, start: int, end: int, sentence: tuple[int, int], names: Names = _no_names) -> Features:
    """The words of a sentence around ``text[start:end]``: on which side, how far, and those that touch it as they stand.

    ``names`` gives what a word is known by besides its beginning.
    """
    first, after = bisect_left(words.starts, start), bisect_left(words.starts, end)
    begin = bisect_left(words.starts, sentence[0])
    stop = bisect_right(words.ends, sentence[1])
    left = range(first - 1, max(begin, first - _READ) - 1, -1)
    right = range(after, min(stop, after + _READ))
    found: Features = {}
    _spread(found, "left", words, left, start, names)
    _spread(found, "right", words, right, end, names)
    return found | _words_beside(words, left, right)


def words_beside(words: Words, start: int, end: int, sentence: tuple[int, int]) -> Features:
    """The one, two and three words of a sentence on each side of ``text[start:end]``, as they stand."""
    first, after = bisect_left(words.starts, start), bisect_left(words.starts, end)
    begin = bisect_left(words.starts, sentence[0])
    stop = bisect_right(words.ends, sentence[1])
    return _words_beside(words, range(first - 1, begin - 1, -1), range(after, stop))


def _words_beside(words: Words, left: range, right: range) -> Features:
    found: Features = {}
    _touching(found, "left", [words.words[at] for at in left[:3]])
    _touching(found, "right", [words.words[at] for at in right[:3]])
    return found


def passage_words(words: Words, begin: int, end: int, name: str, weight: float) -> Features:
    """The longer words between two offsets, all of one weight: what is spoken of there."""
    passage = slice(bisect_left(words.starts, begin), bisect_right(words.ends, end))
    shorts = _shortened(words.text).shorts[passage]
    return {
        f"{name}:{short}": weight for word, short in zip(words.words[passage], shorts, strict=True) if len(word) > 3
    }


@dataclass(frozen=True, slots=True)
class _Shortened:
    """The words of a text as features know them."""

    shorts: tuple[str, ...]
    marked: tuple[bool, ...]
    """Whether a mark stands between a word and the one before it."""


@lru_cache(maxsize=4)
def _shortened(text: str) -> _Shortened:
    words = words_of(text)
    gaps = map(words.folded.__getitem__, map(slice, (0, *words.ends[:-1]), words.starts))
    return _Shortened(tuple(map(_short, words.words)), tuple(not _MARKS.isdisjoint(gap) for gap in gaps))


def _short(word: str) -> str:
    return "0" if word.isdigit() else word[:_BEGINNING]


def _spread(found: Features, side: str, words: Words, indexes: range, edge: int, names: Names) -> None:
    """The words on one side of a candidate that ends, or begins, at ``edge``, outwards."""
    if not indexes:
        return
    shortened = _shortened(words.text)
    nearest = indexes[0]
    gap = words.folded[words.ends[nearest] : edge] if side == "left" else words.folded[edge : words.starts[nearest]]
    distance = 0.0 if _MARKS.isdisjoint(gap) else 1.0
    for at in indexes:
        if at != nearest and shortened.marked[at + 1 if side == "left" else at]:
            distance += 1.0
        if words.words[at] in _FUNCTION_WORDS:
            distance += _FUNCTION_WORD
            continue
        nearness = _HALF_DISTANCE / (_HALF_DISTANCE + distance)
        for name in (shortened.shorts[at], *names(words.words[at])):
            own, beside = _sided(side, name)
            found.setdefault(own, nearness)
            if nearness > found.get(beside, 0.0):
                found[beside] = nearness
        distance += 1.0


@lru_cache(maxsize=_REMEMBERED)
def _sided(side: str, name: str) -> tuple[str, str]:
    """Features of a word on one side, and on either."""
    return f"{side}:{name}", f"beside:{name}"


def _touching(found: Features, side: str, near: Sequence[str]) -> None:
    """``touch`` features of the one, two and three words next to the candidate, nearest first."""
    for length in range(1, len(near) + 1):
        farthest = near[length - 1] if length == 1 else _short(near[length - 1])
        found[f"{side}{length}:{' '.join([*near[: length - 1], farthest])}"] = 1.0
