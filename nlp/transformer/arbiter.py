"""Rules and model -> one answer, by three rules and the table of ``trust``.

A mention of the rules stands unless the model puts next to nothing into it. A role is the one for which the rules' answer and the
model's probabilities together speak most (a product of experts). What the model alone sees is added where it is nearly sure; that is
done in ``names``, which also links. A mention that the two see differently is never a sure one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from nlp.transformer.schema import ROLE_QUESTIONS, SCHEMA
from nlp.transformer.trust import Trust
from nlp.types import (
    Business,
    BusinessRole,
    Count,
    CountOf,
    Mention,
    Money,
    MoneyRole,
    Person,
    PersonRole,
    Place,
    PlaceRole,
    Value,
)

UNSURE = 0.85
"""The most that a mention scores that the model would not have made: below .9, which stands for "nine in ten are right"."""
_DOUBT = 0.5
_PROTECTED = frozenset({PersonRole.VICTIM, PersonRole.WITNESS})
"""Exports cover the names of these people: it takes more to say that one of them is another."""
_CAUTION = 2.0
"""So much more, as a logarithm."""
ROLE_BY = ", role by "
"""Stands in the source of a mention between the rule that found it and the model that told its role."""


class Read(Protocol):
    """What the arbiter asks of a reading (``reading.Reading``, ``hub.HubReading``)."""

    def support(self, start: int, end: int, label: str) -> float:
        """Probability that the characters are a mention of ``label``."""

    def answers(self, question: str, start: int, end: int) -> dict[str, float]:
        """Probability of each answer; empty when it has none."""


def arbitrate(mentions: Iterable[Mention], read: Read, trust: Trust, model: str) -> Iterator[Mention]:
    """The mentions that stand, with the roles that stand. ``model`` is named in the source of what it changed."""
    for mention in mentions:
        if mention.label not in SCHEMA.mentions:
            yield mention
            continue
        support = read.support(mention.start, mention.end, mention.label)
        if support < trust.drop_below.get(mention.label, 0.0):
            continue
        score = mention.score if support >= _DOUBT else min(mention.score, UNSURE)
        yield _with_role(replace(mention, score=score), read, trust, model)


def _with_role(mention: Mention, read: Read, trust: Trust, model: str) -> Mention:
    question = ROLE_QUESTIONS.get(mention.label)
    if question is None or question not in trust.rule_odds:
        return mention
    answers = read.answers(question, mention.start, mention.end)
    if not answers:
        return mention
    said = _role(mention.value)
    odds = trust.rule_odds[question] + (_CAUTION if said in _PROTECTED else 0.0)
    best = most_probable(answers, said, odds)
    if best == said:
        return mention
    return replace(mention, value=_told_otherwise(mention.value, best), source=f"{mention.source}{ROLE_BY}{model}")


def most_probable(answers: dict[str, float], said: str, odds: float) -> str:
    """The answer with the highest product of the model's probability and the rules' odds; ``said`` is theirs."""
    return max(answers, key=lambda answer: math.log(answers[answer] + 1e-9) + odds * (answer == said))


def _role(value: Value) -> StrEnum:
    match value:
        case Money() | Place() | Business() | Person():
            return value.role
        case Count():
            return value.of
        case _:
            raise TypeError(f"a {value.kind} has no role")


def _told_otherwise(value: Value, role: str) -> Value:
    match value:
        case Money():
            return replace(value, role=MoneyRole(role))
        case Place():
            return replace(value, role=PlaceRole(role))
        case Business():
            return replace(value, role=BusinessRole(role))
        case Person():
            return replace(value, role=PersonRole(role))
        case Count():
            return replace(value, of=CountOf(role))
        case _:
            raise TypeError(f"a {value.kind} has no role")
