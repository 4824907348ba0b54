"""Fit ``nlp/data/date_weights.csv`` to annotated articles: ``python -m training.fit_dates FILE.jsonl … [--check]``.

A regression (``training.softmax``, two classes) over the features of :mod:`nlp.events.bearing`: is a date that the recognizer found annotated as that of an
incident? ``--check`` writes nothing and prints, for articles left out of the fit in parts, what dates above a likelihood
would score.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.events.bearing import CLASSES, Bearing, dates_of, likelihoods
from nlp.types import DateSpan, Mention
from nlp.weighing import Features, Weights
from training import softmax
from training.readings import Reading, readings

OUTPUT = Path("nlp/data/date_weights.csv")
HOLD = 2.0
"""How strongly weights are drawn towards 0."""
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
    if not arguments:
        print(__doc__)
        return 2
    examples = [_example(one) for one in readings(arguments) if one.relevant]
    if "--check" in sys.argv:
        check(examples)
        return 0
    softmax.write(fit(examples), OUTPUT, _SMALL)
    print(f"{sum(len(example.features) for example in examples)} dates; {OUTPUT} written")
    return 0


def fit(examples: Sequence[Example]) -> Weights[Bearing]:
    """Weights of the features; repetitions teach nothing."""
    known = [
        (features, Bearing.INCIDENT if right else Bearing.OTHER)
        for example in examples
        for features, right in zip(example.features, example.right, strict=True)
        if right is not None
    ]
    features, wanted = zip(*known, strict=True)
    return softmax.fit(features, wanted, CLASSES, hold=HOLD, fewest=FEWEST)


def check(examples: Sequence[Example]) -> None:
    """Print precision, recall and F1 by the least likelihood, on articles that the weights were not fitted to."""
    told: list[tuple[float, bool]] = []
    for part in range(PARTS):
        weights = fit([example for index, example in enumerate(examples) if index % PARTS != part])
        for example in examples[part::PARTS]:
            pairs = zip(likelihoods(example.features, weights), example.right, strict=True)
            told += [(likely, right) for likely, right in pairs if right is not None]
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
