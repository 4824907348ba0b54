"""Softmax regression over sparse features, for :class:`nlp.weighing.Weights`: few examples, weights drawn towards priors.

:func:`fit` tells classes apart, :func:`fit_choice` the right one of several options.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.weighing import C, Features, Matrix, Weights

STEPS = 200
_POWER_STEPS = 15
_MARGIN = 1.05


def fit(
    features: Sequence[Features],
    wanted: Sequence[C],
    classes: tuple[C, ...],
    *,
    hold: float,
    fewest: int,
    priors: Mapping[str, Mapping[str, float]] | None = None,
) -> Weights[C]:
    """Weights by accelerated gradient descent on the cross-entropy, each held to its prior, else to 0, by ``hold``.

    A feature seen in fewer than ``fewest`` candidates gets no weight but its prior. Every candidate needs a feature: give
    all a bias.
    """
    known = priors or {}
    counts = Counter(name for found in features for name in found)
    names = sorted(name for name, count in counts.items() if count >= fewest or name in known)
    rows = {name: index for index, name in enumerate(names)}
    seen = _Sparse(features, rows)
    target = np.zeros((len(features), len(classes)))
    target[np.arange(len(features)), [classes.index(each) for each in wanted]] = 1.0
    prior = np.array([[known.get(name, {}).get(each, 0.0) for each in classes] for name in names])
    unseen = [name for name in known if name not in rows]
    beliefs = [[known[name].get(each, 0.0) for each in classes] for name in unseen]
    rows |= {name: len(names) + index for index, name in enumerate(unseen)}

    def slope(votes: Matrix) -> Matrix:
        odds = np.exp(votes - votes.max(axis=1, keepdims=True))
        shares: Matrix = odds / odds.sum(axis=1, keepdims=True) - target
        return shares

    fitted = _descend(seen, slope, prior, hold)
    return Weights(classes=classes, rows=rows, table=np.vstack([fitted, *beliefs]) if beliefs else fitted)


def fit_choice(
    choices: Sequence[tuple[Sequence[Features], Sequence[bool]]],
    right: C,
    *,
    hold: float,
    fewest: int,
    priors: Mapping[str, float],
) -> Weights[C]:
    """Weights of the one class ``right`` by which the right of several options stands out.

    A choice is the features of its options and which of them are right: one, several of equal worth, or none, which teaches
    nothing. The likelihood is that of taking a right one, with the options of a choice sharing 1. Each weight is held to its
    prior, else to 0.
    """
    told = [(options, rights) for options, rights in choices if any(rights)]
    features = [{_EVERY: 1.0, **option} for options, _ in told for option in options]
    counts = Counter(name for found in features for name in found)
    names = sorted(name for name, count in counts.items() if count >= fewest or name in priors)
    rows = {name: index for index, name in enumerate(names)}
    prior = np.array([[priors.get(name, 0.0)] for name in names])
    good = np.array([[float(each)] for _, rights in told for each in rights])
    groups = _Groups([len(options) for options, _ in told])
    seen = _Sparse(features, rows)

    def slope(votes: Matrix) -> Matrix:
        shares = groups.shares(np.exp(votes - groups.most(votes)))
        return shares - groups.shares(shares * good)

    return Weights(classes=(right,), rows=rows, table=_descend(seen, slope, prior, hold))


_EVERY = "every option"


class _Groups:
    """Rows of options, choice after choice."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._of = np.repeat(np.arange(len(sizes)), sizes)
        self._begin = np.concatenate([[0], np.cumsum(sizes)[:-1]])

    def most(self, values: Matrix) -> Matrix:
        highest: Matrix = np.maximum.reduceat(values, self._begin, axis=0)[self._of]
        return highest

    def shares(self, values: Matrix) -> Matrix:
        total: Matrix = np.add.reduceat(values, self._begin, axis=0)[self._of]
        return values / np.maximum(total, np.finfo(np.float64).tiny)


class _Sparse:
    """Values of features by candidate, multiplied from either side."""

    def __init__(self, features: Sequence[Features], rows: Mapping[str, int]) -> None:
        cells = [
            (index, rows[name], value)
            for index, found in enumerate(features)
            for name, value in found.items()
            if name in rows
        ]
        candidates, columns, values = zip(*cells, strict=True)
        self._columns, self._values = np.array(columns), np.array(values)[:, None]
        self._begin = np.searchsorted(np.array(candidates), np.arange(len(features)))
        order = np.argsort(self._columns, kind="stable")
        self._candidates = np.array(candidates)[order]
        self._by_column = self._values[order]
        self._first = np.searchsorted(self._columns[order], np.arange(len(rows)))
        self.width = len(rows)

    def times(self, weights: Matrix) -> Matrix:
        product: Matrix = np.add.reduceat(weights[self._columns] * self._values, self._begin, axis=0)
        return product

    def transposed_times(self, votes: Matrix) -> Matrix:
        product: Matrix = np.add.reduceat(votes[self._candidates] * self._by_column, self._first, axis=0)
        return product

    def norm(self) -> float:
        """The square of the largest singular value, from above."""
        direction: NDArray[np.float64] = np.random.RandomState(0).rand(self.width, 1)
        for _ in range(_POWER_STEPS):
            direction = self.transposed_times(self.times(direction))
            direction /= np.linalg.norm(direction)
        return float(np.linalg.norm(self.times(direction)) ** 2) * _MARGIN


def _descend(seen: _Sparse, slope: Callable[[Matrix], Matrix], prior: Matrix, hold: float) -> Matrix:
    """Weights that the cross-entropy, whose ``slope`` over the votes is given, and the pull to the prior agree on."""
    rate = 1.0 / (0.5 * seen.norm() + 2 * hold)
    weights, ahead, momentum = prior.copy(), prior.copy(), 1.0
    for _ in range(STEPS):
        stepped = ahead - rate * (seen.transposed_times(slope(seen.times(ahead))) + 2 * hold * (ahead - prior))
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = stepped + (momentum - 1) / following * (stepped - weights)
        weights, momentum = stepped, following
    return weights


def write(weights: Weights[C], path: Path, least: float) -> None:
    """The table, without features whose weights all stay under ``least``; a weight of 0 is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["feature", *weights.classes])
        for name, index in weights.rows.items():
            row = weights.table[index]
            if np.abs(row).max() >= least:
                writer.writerow([name, *(f"{value:.2f}" if abs(value) >= 0.005 else "" for value in row)])
