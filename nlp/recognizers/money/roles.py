"""What a sum of money was for.

The cues of its sentence, weighed by their distance, speak first; a sum told again takes part in what is said of it elsewhere;
a sum in a row of sums shares the role of the one before; and what the passage is about decides where nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.recognizers.money.amounts import Amount
from nlp.recognizers.money.scan import Hit, Scan
from nlp.recognizers.money.tables import Cues, RoleCue, Topics
from nlp.recognizers.money.topics import LEAD, REACH, Scores, Topic, topic_at
from nlp.types import MoneyRole

_HALF_DISTANCE = 55.0
"""Characters at which a cue counts half."""
_OVER_SUM = 0.75
"""A cue on the other side of another sum counts so much."""
_OVER_CLAUSE = 0.6
_AFTER = 0.7
"""Cues stand before the sum as a rule; one after it counts so much."""
_NEIGHBOUR = 0.45
"""A cue of the sentence before counts so much."""
_TOLD_AGAIN = 0.75
"""What is said of the same sum elsewhere in the article counts so much."""
_DISTINCT = 10
"""Smaller sums are told again by chance."""
_SHARED = 0.8
_ROW = 60
"""Characters between two sums of one row, at most."""
_ENOUGH = 0.22
_TOLD = 0.15
"""So weak a cue does not keep a large sum from being a budget."""
_LOOK_BACK = 220
_WINDOW = 320
"""Characters of the sentence that are read on either side of a sum."""
_LARGE = ((5e6, 0.3), (8e5, 0.12))
"""So large a sum is a budget rather than a demand."""
_SMALL_ROLES = frozenset({MoneyRole.PAID, MoneyRole.DEMANDED, MoneyRole.PRICE, MoneyRole.OTHER})
_CLAUSE = re.compile(r"[;:]|\.(?= )|\n|, (?:y|pero|mientras|aunque|pues|porque|cuyo|cuya)\b")


def roles_of(
    folded: str,
    sentences: Sequence[tuple[int, int]],
    amounts: Sequence[Amount],
    regular: Sequence[bool],
    cues: Cues,
    topics: Topics,
) -> list[tuple[MoneyRole, float]]:
    """Role and its confidence for each amount.

    ``sentences`` are the limits of each amount's own sentence; ``regular`` says whether it is due again and again.
    """
    regions = [(0, LEAD)] + [(max(0, amount.start - REACH), amount.end + REACH) for amount in amounts]
    scan = Scan(cues.pattern, cues.values, folded, regions)
    subjects = Scan(topics.pattern, topics.values, folded, regions)
    local = [
        _scores(folded, scan, _near(limits, amount), amount, amounts[max(0, index - 4) : index + 5])
        for index, (amount, limits) in enumerate(zip(amounts, sentences, strict=True))
    ]
    scores = _told_elsewhere(amounts, local)
    roles: list[tuple[MoneyRole, float]] = []
    for index, own in enumerate(scores):
        _share(folded, index, amounts, sentences, roles, own, local[index])
        if max(own.values(), default=0.0) < _ENOUGH:
            _add(own, _before_sentence(folded, scan, sentences[index], amounts[index]))
        topic = topic_at(subjects, amounts[index].start, amounts[index].end)
        roles.append(_best(own, amounts[index], topic, regular[index]))
    return roles


def _best(scores: Scores, amount: Amount, topic: Topic, regular: bool) -> tuple[MoneyRole, float]:
    coloured = topic.coloured(scores, regular=regular)
    role, score = max(coloured.items(), key=lambda item: item[1], default=(MoneyRole.OTHER, 0.0))
    size = amount.max or amount.min or 0.0
    bonus = next((bonus for limit, bonus in _LARGE if size >= limit), 0.0)
    told = max((score for role, score in scores.items() if role not in _SMALL_ROLES), default=0.0)
    if bonus and topic.name in ("", "public") and told < _TOLD:
        coloured[MoneyRole.BUDGET] = coloured.get(MoneyRole.BUDGET, 0.0) + bonus
        role, score = max(coloured.items(), key=lambda item: item[1])
    if score >= _ENOUGH:
        return topic.turned(role, regular=regular), min(score, 1.0)
    return topic.default(size, regular=regular), 0.0


def _add(scores: Scores, more: Scores) -> None:
    for role, score in more.items():
        scores[role] = max(scores.get(role, 0.0), score)


def _told_elsewhere(amounts: Sequence[Amount], local: Sequence[Scores]) -> list[Scores]:
    """Scores of each amount, with what is said where the same sum is told again."""
    said: dict[tuple[float | None, float | None, str], Scores] = {}
    for amount, scores in zip(amounts, local, strict=True):
        _add(said.setdefault((amount.min, amount.max, amount.currency), {}), scores)
    completed = []
    for amount, scores in zip(amounts, local, strict=True):
        own = dict(scores)
        if (amount.max or amount.min or 0.0) >= _DISTINCT:
            elsewhere = said[(amount.min, amount.max, amount.currency)]
            _add(own, {role: score * _TOLD_AGAIN for role, score in elsewhere.items()})
        completed.append(own)
    return completed


def _share(
    folded: str,
    index: int,
    amounts: Sequence[Amount],
    sentences: Sequence[tuple[int, int]],
    roles: Sequence[tuple[MoneyRole, float]],
    own: Scores,
    local: Scores,
) -> None:
    """Let a sum in a row share the role of the one before it: ``S/ 25, oriente a S/ 50 y occidente a 120 soles``."""
    if not index or sentences[index] != sentences[index - 1]:
        return
    gap = amounts[index].start - amounts[index - 1].end
    role, score = roles[index - 1]
    if gap <= _ROW and role is not MoneyRole.OTHER and max(local.values(), default=0.0) < 0.5:
        _add(
            own,
            {
                role: score
                * _SHARED
                * (1.0 if "." not in folded[amounts[index - 1].end : amounts[index].start] else 0.5)
            },
        )


def _near(limits: tuple[int, int], amount: Amount) -> tuple[int, int]:
    return max(limits[0], amount.start - _WINDOW), min(limits[1], amount.end + _WINDOW)


def _before_sentence(folded: str, scan: Scan[RoleCue], limits: tuple[int, int], amount: Amount) -> Scores:
    earliest = max(0, limits[0] - _LOOK_BACK)
    paragraph = folded.rfind("\n", earliest, max(0, limits[0] - 1))
    scores = _scores(folded, scan, (max(earliest, paragraph), limits[0]), amount, ())
    return {role: score * _NEIGHBOUR for role, score in scores.items()}


def _scores(
    folded: str, scan: Scan[RoleCue], limits: tuple[int, int], amount: Amount, amounts: Sequence[Amount]
) -> Scores:
    scores: Scores = {}
    for hit in scan.within(*limits):
        _add(scores, {hit.value.role: hit.value.weight * _nearness(folded, hit, amount, amounts)})
    return scores


def _nearness(folded: str, hit: Hit[RoleCue], amount: Amount, amounts: Sequence[Amount]) -> float:
    """How much a cue counts for an amount, by what lies between them."""
    before = hit.end <= amount.start
    if hit.value.side == ("after" if before else "before"):
        return 0.0
    left, right = (hit.end, amount.start) if before else (amount.end, hit.start)
    if right < left:
        return 0.0
    between = sum(1 for other in amounts if left <= other.start and other.end <= right)
    clauses = len(_CLAUSE.findall(folded, left, right))
    nearness = _OVER_SUM ** min(between, 3) * _OVER_CLAUSE ** min(clauses, 2) / (1.0 + (right - left) / _HALF_DISTANCE)
    return nearness if before or hit.value.side == "after" else nearness * _AFTER
