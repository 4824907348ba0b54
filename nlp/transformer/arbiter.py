"""Rules and model -> one answer, by three rules and the table of ``trust``.

A mention of the rules stands unless the model puts next to nothing into it. A role is the one for which the rules' answer, or their
probabilities where they weigh it, and the model's probabilities together speak most (a product of experts). What the model alone sees is added where it is nearly sure; that is
done in ``names``, which also links. A mention that the two see differently is never a sure one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from nlp.recognizers import Beliefs
from nlp.recognizers.persons.weighed import SPEAKS
from nlp.recognizers.situation import TOLD
from nlp.transformer.schema import NO_PERIOD, PERIOD_BY, PERIODS, ROLE_BY, ROLE_QUESTIONS, SCHEMA
from nlp.transformer.trust import Trust
from nlp.types import (
    Business,
    BusinessRole,
    Count,
    CountOf,
    Mention,
    Money,
    MoneyPeriod,
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
"""Exports cover the names of these people: it takes more to say that one of them is another, and nothing makes them suspects."""
_CAUTION = 2.0
"""So much more, as a logarithm."""
_LEAST = 1e-9
"""A probability of nothing, for logarithms."""


class Read(Protocol):
    """What the arbiter asks of a reading (``reading.Reading``, ``hub.HubReading``)."""

    def support(self, start: int, end: int, label: str) -> float:
        """Probability that the characters are a mention of ``label``."""

    def answers(self, question: str, start: int, end: int) -> dict[str, float]:
        """Probability of each answer; empty when it has none."""


def arbitrate(
    mentions: Iterable[Mention], read: Read, trust: Trust, model: str, beliefs: Beliefs | None = None
) -> Iterator[Mention]:
    """The mentions that stand, with the roles that stand. ``model`` is named in the source of what it changed.

    ``beliefs`` holds the probabilities of the rules.
    """
    for mention in mentions:
        if mention.label not in SCHEMA.mentions:
            yield mention
            continue
        support = read.support(mention.start, mention.end, mention.label)
        if support < trust.drop_below.get(mention.label, 0.0):
            continue
        score = mention.score if support >= _DOUBT else min(mention.score, UNSURE)
        believed = (beliefs or {}).get((mention.label, mention.start), {})
        scored = mention if score == mention.score else replace(mention, score=score)
        told = _with_role(scored, read, trust, model, believed)
        yield _with_period(told, read, trust, model)


def _with_role(mention: Mention, read: Read, trust: Trust, model: str, believed: Mapping[str, float]) -> Mention:
    question = ROLE_QUESTIONS.get(mention.label)
    if question is None or question not in trust.rule_odds:
        return mention
    answers = read.answers(question, mention.start, mention.end)
    if not answers:
        return mention
    said = _role(mention.value)
    if believed and question in trust.model_weight:
        best = most_agreed(believed, answers, trust.model_weight[question])
    else:
        best = most_probable(answers, said, trust.rule_odds[question] + (_CAUTION if said in _PROTECTED else 0.0))
    if best == said or (said in _PROTECTED and best == PersonRole.SUSPECT) or _is_settled(mention, best):
        return mention
    return replace(mention, value=_told_otherwise(mention.value, best), source=f"{mention.source}{ROLE_BY}{model}")


def _is_settled(mention: Mention, best: str) -> bool:
    """Whether the words beside a mention tell its role, or that of a person is not a suspect's."""
    return mention.source.endswith(TOLD) or (mention.source.endswith(SPEAKS) and best == PersonRole.SUSPECT)


def _with_period(mention: Mention, read: Read, trust: Trust, model: str) -> Mention:
    """A sum of which the rules do not tell how often it is due, with what the model says of that, if it is sure enough."""
    value, least = mention.value, trust.fill_above.get(PERIODS)
    if least is None or not isinstance(value, Money) or value.period is not None:
        return mention
    answers = read.answers(PERIODS, mention.start, mention.end)
    best = max(answers, key=answers.__getitem__, default=NO_PERIOD)
    if best in (NO_PERIOD, MoneyPeriod.ONCE) or answers[best] <= least:
        return mention
    period = MoneyPeriod(best)
    return replace(mention, value=replace(value, period=period), source=f"{mention.source}{PERIOD_BY}{model}")


def most_probable(answers: dict[str, float], said: str, odds: float) -> str:
    """The answer with the highest product of the model's probability and the rules' odds; ``said`` is theirs."""
    return max(answers, key=lambda answer: math.log(answers[answer] + _LEAST) + odds * (answer == said))


def most_agreed(believed: Mapping[str, float], answers: Mapping[str, float], weight: float) -> str:
    """The answer with the highest product of the rules' probability and the model's, that to the power ``weight``."""
    return max(
        answers, key=lambda each: math.log(believed.get(each, 0.0) + _LEAST) + weight * math.log(answers[each] + _LEAST)
    )


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
