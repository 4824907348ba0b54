"""Temperatures: what the scores of each head are divided by, so that of answers with probability p a share p is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nlp.transformer.decode import Floats, softmax
from nlp.transformer.heads import Heads
from nlp.transformer.reading import Reader
from nlp.transformer.windows import Ints
from training.transformer.examples import IGNORED, Example

_GRID = np.arange(0.5, 3.01, 0.05)


def temperatures(reader: Reader, heads: Heads, chosen: Sequence[Example]) -> dict[str, float]:
    """For each head the temperature of the highest likelihood on articles that nothing was fitted to; 1 where none are asked."""
    scores, answers = _scored(reader, heads, chosen)
    return {
        head: _best(np.concatenate(scores[head]), np.concatenate(answers[head])) if head in scores else 1.0
        for head in heads.weights
    }


def calibrated(heads: Heads, found: dict[str, float]) -> Heads:
    """The same heads with these temperatures."""
    return replace(heads, temperatures=found)


def _scored(
    reader: Reader, heads: Heads, chosen: Sequence[Example]
) -> tuple[dict[str, list[Floats]], dict[str, list[Ints]]]:
    scores: dict[str, list[Floats]] = defaultdict(list)
    answers: dict[str, list[Ints]] = defaultdict(list)

    def note(head: str, vectors: Floats, labels: Ints) -> None:
        scores[head].append(vectors @ heads.weights[head].T + heads.biases[head])
        answers[head].append(labels)

    for example in chosen:
        (vectors,) = reader.vectors([example.ids[1:-1]])
        for head, tags in (("tags", example.tags[1:-1]), ("general", example.general[1:-1])):
            known = tags != IGNORED
            if known.any():
                note(head, vectors[known], tags[known])
        for question, first, last, answer in example.asked:
            note(question, vectors[first - 1 : last - 1].mean(axis=0, keepdims=True), np.array([answer]))
    return scores, answers


def _best(scores: Floats, answers: Ints) -> float:
    def loss(temperature: float) -> float:
        probabilities = softmax((scores / np.float32(temperature)).astype(np.float32))
        return float(-np.log(probabilities[np.arange(len(answers)), answers] + 1e-9).mean())

    return float(min(_GRID, key=loss).round(2))
