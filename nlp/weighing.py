"""Decisions by weighed evidence: each feature of a candidate speaks for and against classes, as a fitted table says.

A table of weights has a row for each feature and a column for each class. ``training/`` fits it to annotated articles.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from itertools import accumulate, chain, repeat
from operator import add, sub
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.lexicon import LexiconError, read_table
from nlp.phrases import Words, words_of

Features = dict[str, float]
"""Names of what is seen of a candidate, each with a value from 0 to 1."""
Matrix = NDArray[np.float64]
Row = NDArray[np.float64]
"""A value for each class."""
C = TypeVar("C", bound=StrEnum)

_FUNCTION_WORDS = frozenset(
    {"a", "al", "con", "como", "de", "del", "el", "en", "la", "las", "le", "les", "lo", "los", "o", "por", "que", "se"}
    | {"su", "sus", "un", "una", "y"}
)
_CONTENT_WORD, _FUNCTION_WORD = 20, 7
"""How far a word separates those on either side of it, in twentieths of a content word; a mark as far as a content word."""
_HALF_DISTANCE = 5 * _CONTENT_WORD
"""At which a word counts half."""
_READ = 20
"""Words on each side that are read."""
_NEARNESS = tuple(_HALF_DISTANCE / (_HALF_DISTANCE + distance) for distance in range(2 * _CONTENT_WORD * (_READ + 1)))
"""What a word counts at each distance."""
_BEGINNING = 5
"""Letters that stand for a word and its forms: ``exig…``, ``deten…``."""
_MARK = re.compile(r"[,;:()]")
_UNKNOWN = -1
"""Row of a feature that has none."""
_REMEMBERED = 50_000
"""Words whose names are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Generic[C]):
    """What each feature says for each class."""

    classes: tuple[C, ...]
    rows: Mapping[str, int]
    table: Matrix
    """A row for each feature, a column for each class."""
    _said: Matrix = field(init=False, repr=False, compare=False)
    """The table, and a last row for features that say nothing."""

    def __post_init__(self) -> None:
        """Lay out the weights so that no look-up fails."""
        object.__setattr__(self, "_said", np.vstack([self.table, np.zeros(len(self.classes))]))

    def votes(self, features: Sequence[Features]) -> Matrix:
        """A row for each candidate; the class with the highest vote is its own. Unknown features say nothing."""
        votes = np.empty((len(features), len(self.classes)))
        row_of = self.rows.get
        for index, found in enumerate(features):
            rows = list(map(row_of, found, repeat(_UNKNOWN)))
            votes[index] = np.fromiter(found.values(), np.float64, len(rows)) @ self._said.take(rows, axis=0)
        return votes

    def decide(self, features: Sequence[Features], groups: Sequence[int] = ()) -> list[tuple[C, float]]:
        """The likeliest class of each candidate, with its probability. Those of one group decide together."""
        return [(self.classes[int(row.argmax())], float(row.max())) for row in self.probabilities(features, groups)]

    def probabilities(self, features: Sequence[Features], groups: Sequence[int] = ()) -> Matrix:
        """A row for each candidate: the probability of each class. Those of one group have the same.

        Half of what decides is said of the first of a group: before it stands what is said of all.
        """
        votes = self.votes(features)
        for group in set(groups):
            members = [index for index, each in enumerate(groups) if each == group]
            votes[members] = (votes[members[0]] + votes[members].mean(axis=0)) / 2
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
    named, (starts, ends) = _named(words.text, begin, stop, names), _line(words.text)
    found: Features = {}
    if begin < first:
        near = named.between(max(begin, first - _READ), first)
        here = ends[first - 1] + _parting(words.folded[words.ends[first - 1] : start])
        _spread(found, named.left[near], named.beside[near], [_NEARNESS[here - ends[at]] for at in named.words[near]])
    if after < stop:
        near = named.between(after, min(stop, after + _READ))
        here = starts[after] - _parting(words.folded[end : words.starts[after]])
        nearness = [_NEARNESS[starts[at] - here] for at in named.words[near]]
        _spread(found, named.right[near][::-1], named.beside[near][::-1], nearness[::-1])
    return found | _words_beside(words, range(first - 1, begin - 1, -1), range(after, stop))


def _spread(found: Features, side: Sequence[str], beside: Sequence[str], nearness: Sequence[float]) -> None:
    """Add the names of one side from the farthest to the nearest: it counts, where a name stands twice."""
    found.update(zip(side, nearness, strict=True))
    for name, near in dict(zip(beside, nearness, strict=True)).items():
        if near > found.get(name, 0.0):
            found[name] = near


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
    shorts = _shortened(words.text)[passage]
    return {
        f"{name}:{short}": weight for word, short in zip(words.words[passage], shorts, strict=True) if len(word) > 3
    }


@lru_cache(maxsize=4)
def _shortened(text: str) -> tuple[str, ...]:
    """The words of a text as features know them."""
    return tuple(map(_short, words_of(text).words))


def _short(word: str) -> str:
    return "0" if word.isdigit() else word[:_BEGINNING]


class _Named(NamedTuple):
    """The names of the words of a sentence, in text order: those on one side of a candidate are a slice."""

    begin: int
    """Index of the first word."""
    first: Sequence[int]
    """For each word, and the end: how many names stand before. Function words have none."""
    left: Sequence[str]
    """Names as features of a word to the left of a candidate."""
    right: Sequence[str]
    beside: Sequence[str]
    """The same, on whichever side."""
    words: Sequence[int]
    """Index of the word of each name."""

    def between(self, begin: int, stop: int) -> slice:
        """The names of the words from ``begin`` to ``stop``."""
        return slice(self.first[begin - self.begin], self.first[stop - self.begin])


@lru_cache(maxsize=64)
def _named(text: str, begin: int, stop: int, names: Names) -> _Named:
    """The names of the words from ``begin`` to ``stop``. The last sentences are kept: candidates stand beside each other."""
    named = list(map(_sided(names).__getitem__, words_of(text).words[begin:stop]))
    counts = list(map(len, named))
    left, right, beside = zip(*chain.from_iterable(named), strict=True) if any(counts) else ((), (), ())
    return _Named(
        begin=begin,
        first=list(accumulate(counts, initial=0)),
        left=left,
        right=right,
        beside=beside,
        words=list(chain.from_iterable(map(repeat, range(begin, stop), counts))),
    )


@lru_cache(maxsize=4)
def _line(text: str) -> tuple[Sequence[int], Sequence[int]]:
    """Where each word begins and ends on a line on which words lie as far from each other as they are held to be."""
    words = words_of(text)
    lengths = [_FUNCTION_WORD if word in _FUNCTION_WORDS else _CONTENT_WORD for word in words.words]
    partings = [0] * len(lengths)
    for mark in _MARK.finditer(words.folded):
        if (after := bisect_left(words.starts, mark.start())) < len(partings):
            partings[after] = _CONTENT_WORD
    ends = list(accumulate(map(add, lengths, partings)))
    return list(map(sub, ends, lengths)), ends


def _parting(gap: str) -> int:
    """How far a mark between two words sets them apart."""
    return _CONTENT_WORD if gap != " " and _MARK.search(gap) else 0


class _Sided(dict[str, Sequence[tuple[str, str, str]]]):
    """The names of words as features to the left, to the right and on either side, made when a word is first met."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, word: str) -> Sequence[tuple[str, str, str]]:
        names = () if word in _FUNCTION_WORDS else (_short(word), *self._names(word))
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = tuple((f"left:{name}", f"right:{name}", f"beside:{name}") for name in names)
        return self[word]


_sided = cache(_Sided)
"""One for each kind of names."""


def _touching(found: Features, side: str, near: Sequence[str]) -> None:
    """``touch`` features of the one, two and three words next to the candidate, nearest first."""
    for length in range(1, len(near) + 1):
        farthest = near[length - 1] if length == 1 else _short(near[length - 1])
        found[f"{side}{length}:{' '.join([*near[: length - 1], farthest])}"] = 1.0
