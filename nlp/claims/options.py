"""Fields of a claim chosen among what the article offers for them: each option with its evidence, weighed.

What each feature says stands in ``nlp/data/claim_*_weights.csv``; ``python -m training.fit_claims`` fits them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from nlp.weighing import Features, Weights, read_weights


class Worth(StrEnum):
    """What the features of an option speak for."""

    RIGHT = "right"
    """It is the one."""


class Field(StrEnum):
    """A field of a claim that is chosen."""

    SPEAKER = "speaker"
    SCOPE = "scope"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value that a field may have; ``None``: the article does not tell."""

    value: str | None
    features: Features


@lru_cache(maxsize=3)
def option_weights(what: Field) -> Weights[Worth]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights(f"claim_{what}_weights.csv", (Worth.RIGHT,))


def merged(options: Iterable[Option]) -> list[Option]:
    """One option for each value, with all the evidence for it."""
    evidence: dict[str | None, Features] = {}
    for option in options:
        known = evidence.get(option.value)
        if known is None:
            evidence[option.value] = dict(option.features)
            continue
        for name, value in option.features.items():
            if value > known.get(name, 0.0):
                known[name] = value
    return [Option(value=value, features=features) for value, features in evidence.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The value taken for a field."""

    value: str | None
    score: float
    """Likelihood that it is right, 0 to 1."""


def chosen(options: Sequence[Option], weights: Weights[Worth]) -> Choice:
    """The option that most speaks for; of equals the first."""
    votes = weights.votes([option.features for option in options])[:, 0]
    odds = np.exp(votes - votes.max())
    index = int(odds.argmax())
    return Choice(value=options[index].value, score=float(odds[index] / odds.sum()))
