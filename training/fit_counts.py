"""Fit ``nlp/data/count_weights.csv`` to annotated articles: ``python -m training.fit_counts FILE.jsonl … [--check]``.

A regression (``training.softmax``) over the features of :mod:`nlp.counting`: is a number annotated as a count, and of what?
``--check`` writes nothing and prints, for articles left out of the fit in parts, what numbers above a likelihood would score.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from nlp.counting import VERDICTS, Numbered, Verdict, numbered
from nlp.recognizers import text_of
from nlp.recognizers.counts import CountFinder
from nlp.types import Count, Mention
from nlp.weighing import Weights
from training import softmax
from training.readings import annotated, docs

OUTPUT = Path("nlp/data/count_weights.csv")
HOLD = 3.0
"""How strongly weights are drawn towards 0."""
FEWEST = 4
"""Numbers that a feature must go with to get a weight."""
PARTS = 5
_SMALL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The numbers of one article; ``verdicts``: as annotated, ``None`` for a repetition, neither wanted nor wrong."""

    numbers: Sequence[Numbered]
    verdicts: Sequence[Verdict | None]
    annotated: int


def main() -> int:
    """Run the command."""
    paths = [Path(argument) for argument in sys.argv[1:] if argument != "--check"]
    if not paths:
        print(__doc__)
        return 2
    finder = CountFinder()
    examples = [example(article, doc, finder) for article, doc in docs(paths, "pruner") if doc._.triage.relevant]
    if "--check" in sys.argv:
        check(examples)
        return 0
    softmax.write(fit(examples), OUTPUT, _SMALL)
    print(f"{sum(len(example.numbers) for example in examples)} numbers; {OUTPUT} written")
    return 0


def example(article: dict[str, Any], doc: Doc, finder: CountFinder) -> Example:
    """The numbers of an article that was read up to the pruner."""
    found = list(numbered(text_of(doc), doc._.triage.kind, doc._.sentences, doc._.events, doc._.claims, finder))
    given = [mention for mention in annotated(article) if isinstance(mention.value, Count)]
    values = {mention.value.value for mention in given if isinstance(mention.value, Count)}
    return Example(
        numbers=found,
        verdicts=[_verdict(number.mention, given, values) for number in found],
        annotated=len(given),
    )


def fit(examples: Sequence[Example]) -> Weights[Verdict]:
    """Weights of the features; repetitions teach nothing."""
    known = [
        (number.features, verdict)
        for example in examples
        for number, verdict in zip(example.numbers, example.verdicts, strict=True)
        if verdict is not None
    ]
    features, wanted = zip(*known, strict=True)
    return softmax.fit(features, wanted, VERDICTS, hold=HOLD, fewest=FEWEST)


def check(examples: Sequence[Example]) -> None:
    """Print precision, recall and F1 by the least likelihood, on articles that the weights were not fitted to."""
    told: list[tuple[float, bool]] = []
    for part in range(PARTS):
        weights = fit([example for index, example in enumerate(examples) if index % PARTS != part])
        for one in examples[part::PARTS]:
            shares = weights.probabilities([number.features for number in one.numbers])
            for share, verdict in zip(shares, one.verdicts, strict=True):
                if verdict is not None:
                    told.append((1.0 - float(share[-1]), verdict is not Verdict.NOTHING))
    wanted = sum(example.annotated for example in examples)
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        kept = [right for likely, right in told if likely >= least]
        hits = sum(kept)
        print(
            f"likelihood >= {least:.2f}: precision {hits / max(1, len(kept)):.3f} recall {hits / max(1, wanted):.3f}"
            f" F1 {2 * hits / max(1, len(kept) + wanted):.3f}"
        )


def _verdict(number: Mention, given: Sequence[Mention], values: set[int]) -> Verdict | None:
    for mention in given:
        if number.start < mention.end and mention.start < number.end and isinstance(mention.value, Count):
            return Verdict(mention.value.of)
    assert isinstance(number.value, Count)
    return None if number.value.value in values else Verdict.NOTHING


if __name__ == "__main__":
    sys.exit(main())
