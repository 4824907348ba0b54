"""What a sum of money was for: the cues of its sentence, weighed by their distance; then those of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.recognizers.money.amounts import Amount
from nlp.recognizers.money.tables import Cues, RoleCue
from nlp.types import MoneyRole

_HALF_DISTANCE = 55.0
"""Characters at which a cue counts half."""
_OVER_SUM = 0.75
"""A cue on the other side of another sum counts so much."""
_OVER_CLAUSE = 0.6
_NEIGHBOUR = 0.45
"""A cue of the sentence before counts so much."""
_ENOUGH = 0.22
_CLAUSE = re.compile(r"[;:]|\.(?= )|\n|, (?:y|pero|mientras|aunque)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    start: int
    end: int
    cue: RoleCue


def roles_of(
    folded: str, sentences: Sequence[tuple[int, int]], amounts: Sequence[Amount], cues: Cues
) -> list[tuple[MoneyRole, float]]:
    """Role and its confidence for each amount. ``sentences`` are the limits of each amount's own sentence."""
    roles: list[tuple[MoneyRole, float]] = []
    for index, amount in enumerate(amounts):
        limits = sentences[index]
        scores = _scores(folded, limits, amount, amounts, cues, 1.0)
        if not scores or max(scores.values()) < _ENOUGH:
            before = (max(0, folded.rfind("\n", 0, max(0, limits[0] - 1)), limits[0] - 220), limits[0])
            for role, score in _scores(folded, before, amount, amounts, cues, _NEIGHBOUR).items():
                scores[role] = scores.get(role, 0.0) + score
        role, score = max(scores.items(), key=lambda item: item[1], default=(MoneyRole.OTHER, 0.0))
        roles.append((role, min(score, 1.0)) if score >= _ENOUGH else (MoneyRole.OTHER, 0.0))
    return roles


def _scores(
    folded: str, limits: tuple[int, int], amount: Amount, amounts: Sequence[Amount], cues: Cues, factor: float
) -> dict[MoneyRole, float]:
    scores: dict[MoneyRole, float] = {}
    for match in cues.pattern.finditer(folded, *limits):
        cue = cues.values[(match.lastindex or 1) - 1]
        weight = _weight(folded, match.start(), match.end(), cue, amount, amounts) * factor
        if weight > scores.get(cue.role, 0.0):
            scores[cue.role] = weight
    return scores


def _weight(folded: str, start: int, end: int, cue: RoleCue, amount: Amount, amounts: Sequence[Amount]) -> float:
    before = end <= amount.start
    if (cue.side == "before" and not before) or (cue.side == "after" and before):
        return 0.0
    left, right = (end, amount.start) if before else (amount.end, start)
    weight = cue.weight / (1.0 + max(0, right - left) / _HALF_DISTANCE)
    if not before and cue.side == "any":
        weight *= 0.7
    between = sum(1 for other in amounts if left <= other.start and other.end <= right)
    weight *= _OVER_SUM ** min(between, 3)
    weight *= _OVER_CLAUSE ** min(2, len(_CLAUSE.findall(folded, left, right))) if right > left else 1.0
    return weight
