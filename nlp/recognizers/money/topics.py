"""What the passage around a sum is about: extortion, a kidnapping, a killing for hire, prices. It colours what its cues say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlp.recognizers.money.scan import Scan
from nlp.types import MoneyRole

Scores = dict[MoneyRole, float]

REACH = 450
"""Characters around a sum that tell its topic."""
LEAD = 400
"""Where the title and the first sentences end, about."""
_HALF_DISTANCE = 150.0
_LEAD_WEIGHT = 0.3
_ENOUGH = 0.3
_EVERYDAY = frozenset({"prices", "public"})
_BESIDE_CRIME = 0.5
"""Fares, works and budgets are spoken of beside most crimes; they count so much there."""
_FACTORS: Mapping[str, Mapping[MoneyRole, float]] = {
    "extortion": {MoneyRole.DEMANDED: 0.85, MoneyRole.PRICE: 0.75, MoneyRole.BUDGET: 0.9},
    "kidnapping": {MoneyRole.PRICE: 0.7, MoneyRole.BUDGET: 0.6},
    "killing": {MoneyRole.BUDGET: 0.6},
    "robbery": {MoneyRole.BUDGET: 0.6},
    "seizure": {MoneyRole.BUDGET: 0.6, MoneyRole.PRICE: 0.8},
    "loan": {MoneyRole.BUDGET: 0.6, MoneyRole.PAID: 0.85, MoneyRole.PRICE: 0.6, MoneyRole.LOAN: 1.15},
    "prices": {MoneyRole.DEMANDED: 0.6, MoneyRole.PRICE: 1.3},
    "public": {MoneyRole.DEMANDED: 0.7, MoneyRole.PAID: 0.6, MoneyRole.PRICE: 0.7, MoneyRole.BUDGET: 1.2},
}
_TURNS: Mapping[str, Mapping[MoneyRole, MoneyRole]] = {
    "kidnapping": {MoneyRole.DEMANDED: MoneyRole.RANSOM},
    "killing": dict.fromkeys((MoneyRole.DEMANDED, MoneyRole.PAID, MoneyRole.INCOME), MoneyRole.CONTRACT_KILLING),
}
"""A demand in a kidnapping is a ransom; what is paid for a killing is its price."""
_WORTH_A_CRIME = 500
_TURNED = frozenset({MoneyRole.RANSOM, MoneyRole.CONTRACT_KILLING})
_REGULAR: Mapping[MoneyRole, float] = {MoneyRole.DEMANDED: 1.3, MoneyRole.PRICE: 0.6}
"""A sum due regularly, in a passage about extortion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic with the role that a sum has there when nothing is said of it; empty where there is none."""

    name: str
    role: MoneyRole | None

    def coloured(self, scores: Scores, *, regular: bool) -> Scores:
        """Scores with the weight that roles have in this topic, for a sum that is due regularly or not."""
        factors = _FACTORS.get(self.name, {})
        if regular and self.name == "extortion":
            factors = _REGULAR
        return {role: score * factors.get(role, 1.0) for role, score in scores.items()}

    def turned(self, role: MoneyRole, *, regular: bool) -> MoneyRole:
        """The role that a role amounts to in this topic. Neither a ransom nor a killing is paid by the week."""
        return role if regular else _TURNS.get(self.name, {}).get(role, role)

    def default(self, size: float, *, regular: bool) -> MoneyRole:
        """The role of a sum of which nothing is said."""
        if self.role is None or (self.role in _TURNED and (regular or size < _WORTH_A_CRIME)):
            return MoneyRole.OTHER
        return self.role


def topic_at(scan: Scan[tuple[str, MoneyRole, float]], start: int, end: int) -> Topic:
    """The topic whose words are most and closest around ``text[start:end]``; that of the title and the lead has a say."""
    weights = _weights(scan, start, end)
    lead = max(_weights(scan, LEAD, LEAD).items(), key=lambda item: item[1], default=None)
    if lead is not None and lead[1] >= _ENOUGH:
        weights[lead[0]] = weights.get(lead[0], 0.0) + _LEAD_WEIGHT
    if any(weight >= _ENOUGH and name not in _EVERYDAY for (name, _), weight in weights.items()):
        weights = {key: weight * (_BESIDE_CRIME if key[0] in _EVERYDAY else 1.0) for key, weight in weights.items()}
    (name, role), weight = max(weights.items(), key=lambda item: item[1], default=(("", MoneyRole.OTHER), 0.0))
    return Topic(name=name, role=role) if weight >= _ENOUGH else Topic(name="", role=None)


def _weights(scan: Scan[tuple[str, MoneyRole, float]], start: int, end: int) -> dict[tuple[str, MoneyRole], float]:
    weights: dict[tuple[str, MoneyRole], float] = {}
    for hit in scan.within(max(0, start - REACH), end + REACH // 2):
        name, role, weight = hit.value
        distance = start - hit.end if hit.end <= start else max(0, hit.start - end)
        weights[name, role] = weights.get((name, role), 0.0) + weight / (1.0 + distance / _HALF_DISTANCE)
    return weights
