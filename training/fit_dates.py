"""Fit ``nlp/data/date_weights.csv`` to annotated articles: ``python -m training.fit_dates FILE.jsonl … [--check]``.

A logistic regression over the features of :mod:`nlp.events.bearing`: is a date that the recognizer found annotated as that of an
incident? ``--check`` writes nothing and prints, for articles left out of the fit in parts, what dates above a likelihood
would score.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.events.bearing import Features, dates_of, likelihood
from nlp.types import DateSpan, Mention
from training.readings import Reading, readings

OUTPUT = Path("nlp/data/date_weights.csv")
HOLD = 2.0
"""How strongly weights are drawn towards 0."""
STEPS, RATE = 400, 0.05
FEWEST = 4
"""Dates that a feature must go with to get a weight."""
PARTS = 5
_SMALL = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The dates of one article; ``right``: annotated, ``None``: a repetition, neither wanted nor wrong."""

    features: Sequence[Features]
    right: Sequence[bool | None]
    annotated: int


def main() -> int:
    """Run the command."""
    arguments = [Path(argument) for argument in sys.argv[1:] if argument != "--check"]
    examples = [_example(one) for one in readings(arguments) if one.relevant]
    if "--check" in sys.argv:
        check(examples)
        return 0
    weights = fit(examples)
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("feature", "weight"))
        writer.writerows((name, f"{weight:.2f}") for name, weight in sorted(weights.items()) if abs(weight) >= _SMALL)
    return 0


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Weights by feature."""
    rows = [
        (features, right)
        for example in examples
        for features, right in zip(example.features, example.right, strict=True)
        if right is not None
    ]
    counts = Counter(name for features, _ in rows for name in features)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    columns = {name: column for column, name in enumerate(names)}
    seen: NDArray[np.float64] = np.zeros((len(rows), len(names)))
    for row, (features, _) in enumerate(rows):
        for name, value in features.items():
            if name in columns:
                seen[row, columns[name]] = value
    wanted = np.array([float(right) for _, right in rows])
    return dict(zip(names, _descend(seen, wanted).tolist(), strict=True))


def _descend(seen: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adam's steps down the penalised log loss."""
    weights, mean, square = (np.zeros(seen.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        told = 1.0 / (1.0 + np.exp(-seen @ weights))
        slope = seen.T @ (told - wanted) + HOLD * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def check(examples: Sequence[Example]) -> None:
    """Print precision, recall and F1 by the least likelihood, on articles that the weights were not fitted to."""
    told: list[tuple[float, bool]] = []
    for part in range(PARTS):
        weights = fit([example for index, example in enumerate(examples) if index % PARTS != part])
        for example in examples[part::PARTS]:
            pairs = zip(example.features, example.right, strict=True)
            told += [(likelihood(features, weights), right) for features, right in pairs if right is not None]
    annotated = sum(example.annotated for example in examples)
    for least in (0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        kept = [right for score, right in told if score >= least]
        hits = sum(kept)
        print(
            f"likelihood >= {least:.2f}: precision {hits / max(1, len(kept)):.3f} recall {hits / max(1, annotated):.3f}"
            f" F1 {2 * hits / max(1, len(kept) + annotated):.3f}"
        )


def _example(one: Reading) -> Example:
    found = list(dates_of(one.sentences(), one.text, one.kind, one.published.date()))
    given = [mention for mention in one.as_annotated().mentions if isinstance(mention.value, DateSpan)]
    hits = [any(_same(dated.mention, mention) for mention in given) for dated in found]
    known = {dated.mention.value for dated, hit in zip(found, hits, strict=True) if hit}
    return Example(
        features=[dated.features for dated in found],
        right=[hit or (None if d.mention.value in known else False) for d, hit in zip(found, hits, strict=True)],
        annotated=len(given),
    )


def _same(one: Mention, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)


if __name__ == "__main__":
    sys.exit(main())
