"""What a sum of money was for, as the cues of the tables say.

The cues of its sentence, weighed by their distance, speak first; a sum told again takes part in what is said of it elsewhere;
a sum in a row of sums shares the role of the one before; and what the passage is about decides where nothing else does.
``weighed`` has the last word.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

from nlp.phrases import words_of
from nlp.recognizers.money.amounts import Amount
from nlp.recognizers.money.scan import Hit, Scan
from nlp.recognizers.money.tables import Cues, RoleCue, Topics
from nlp.recognizers.money.topics import LEAD, REACH, Scores, Topic, topic_at
from nlp.types import MoneyRole

_HALF_DISTANCE = 6.5
"""Content words between a cue and a sum at which the cue counts half."""
_FUNCTION_WORD = 0.35
"""A function word separates so much of what a content word does."""
_DIRECT = 1.2
"""A cue with function words only between it and the sum governs it: ``recompensa de hasta``, ``pagaron los``."""
_OVER_SUM = 0.75
"""A cue on the other side of another sum counts so much."""
_OVER_CLAUSE = 0.6
_OVER_VERB = 0.75
"""A cue counts so much for each verb of another action between it and the sum."""
_AFTER = 0.7
"""Cues stand before the sum as a rule; one after it counts so much."""
_OF_NOUN = 1.2
"""What a sum is called right after it, ``S/ 5 000 de recompensa``, tells more than the verb before it."""
_NEIGHBOUR = 0.45
"""A cue of the sentence before counts so much."""
_TOLD_AGAIN = 0.75
"""What is said of the same sum elsewhere in the article counts so much."""
_DISTINCT = 10
"""Smaller sums are told again by chance."""
_SHARED = 0.8
_UNJOINED = 0.8
"""Without a conjunction or comma between them, a sum shares so much less of it."""
_GOVERNED = 0.6
"""A sum with a cue this strong shares nothing."""
_ROW = 90
"""Characters between two sums of one row, at most."""
_ENOUGH = 0.17
_TOLD = 0.15
"""So weak a cue does not keep a large sum from being a budget."""
_CLOSE = 2.2
"""Words between a sum and a cue that counts right beside it only."""
_LOOK_BACK = 220
_WINDOW = 320
"""Characters of the sentence that are read on either side of a sum."""
_LARGE = ((5e6, 0.3), (8e5, 0.12))
"""So large a sum is a budget rather than a demand."""
_PUBLIC = 1e6
"""What costs so much is a work or a purchase of the state."""
_SMALL_ROLES = frozenset({MoneyRole.PAID, MoneyRole.DEMANDED, MoneyRole.PRICE, MoneyRole.OTHER})
_TOKEN = re.compile(
    r"(?P<stop>[;:\n]|\.(?= )|, (?:y|pero|mientras|aunque|pues|porque|cuyo|cuya)\b)"
    r"|\b(?P<function>de|del|por|en|a|al|con|es|era|fue|son|eran|seria|hasta|desde|entre|y|o|u|l[aoe]s?|el|un[oa]?s?|su|sus|se|me"
    r"|nos|te|lo|que|como|mas|menos|casi|cerca|alrededor|solo|apenas|otros?|otras|(?:suma|monto|cantidad|valor|total|pago) de|de)\b"
    r"|(?P<word>[^\W\d_]+)"
)
_JOINED = re.compile(r"[,;]| y | o | mas | luego ")
_RELATIVE = re.compile(r",? (?:(?:dinero|monto|suma|cifra|cantidad) )?que\b")
_FINITE = ("aron", "ieron", "aban")
"""Endings that hardly any word but a verb has; one in ``-ó`` is told by its accent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the cues say of a sum: the role, and what it was told from."""

    role: MoneyRole
    said: Scores
    """By the cues of its sentence."""
    before: Scores
    """By those of the sentence before."""
    topic: str
    """What the passage is about; empty when nothing tells."""


def roles_of(
    text: str,
    folded: str,
    sentences: Sequence[tuple[int, int]],
    amounts: Sequence[Amount],
    regular: Sequence[bool],
    cues: Cues,
    topics: Topics,
) -> list[Verdict]:
    """What the cues say of each amount.

    ``sentences`` are the limits of each amount's own sentence; ``regular`` says whether it is due again and again.
    """
    regions = [(0, LEAD)] + [(max(0, amount.start - REACH), amount.end + REACH) for amount in amounts]
    scan = Scan(cues.patterns, cues.values, words_of(text), regions)
    subjects = Scan(topics.patterns, topics.values, words_of(text), regions)
    local = [
        _scores(text, folded, scan, _near(limits, amount), amount, amounts[max(0, index - 4) : index + 5])
        for index, (amount, limits) in enumerate(zip(amounts, sentences, strict=True))
    ]
    scores = _told_elsewhere(amounts, local)
    roles: list[tuple[MoneyRole, float]] = []
    verdicts: list[Verdict] = []
    for index, own in enumerate(scores):
        _share(folded, index, amounts, sentences, roles, own, local[index])
        before = _before_sentence(text, folded, scan, sentences[index], amounts[index])
        if max(own.values(), default=0.0) < _ENOUGH:
            _add(own, before)
        topic = topic_at(subjects, amounts[index].start, amounts[index].end)
        roles.append(_best(own, amounts[index], topic, regular[index]))
        verdicts.append(Verdict(role=roles[-1][0], said=local[index], before=before, topic=topic.name))
    return verdicts


def _best(scores: Scores, amount: Amount, topic: Topic, regular: bool) -> tuple[MoneyRole, float]:
    coloured = topic.coloured(scores, regular=regular)
    role, score = max(coloured.items(), key=lambda item: item[1], default=(MoneyRole.OTHER, 0.0))
    size = amount.max or amount.min or 0.0
    bonus = next((bonus for limit, bonus in _LARGE if size >= limit), 0.0)
    told = max((score for role, score in scores.items() if role not in _SMALL_ROLES), default=0.0)
    if bonus and topic.name in ("", "public") and told < _TOLD:
        coloured[MoneyRole.BUDGET] = coloured.get(MoneyRole.BUDGET, 0.0) + bonus
        role, score = max(coloured.items(), key=lambda item: item[1])
    if role is MoneyRole.PRICE and size >= _PUBLIC and topic.name not in ("seizure", "robbery"):
        role = MoneyRole.BUDGET
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
    between = folded[amounts[index - 1].end : amounts[index].start]
    role, score = roles[index - 1]
    if len(between) <= _ROW and role is not MoneyRole.OTHER and max(local.values(), default=0.0) < _GOVERNED:
        _add(own, {role: score * (_SHARED if _JOINED.search(between) else _SHARED * _UNJOINED)})


def _near(limits: tuple[int, int], amount: Amount) -> tuple[int, int]:
    return max(limits[0], amount.start - _WINDOW), min(limits[1], amount.end + _WINDOW)


def _before_sentence(text: str, folded: str, scan: Scan[RoleCue], limits: tuple[int, int], amount: Amount) -> Scores:
    earliest = max(0, limits[0] - _LOOK_BACK)
    paragraph = folded.rfind("\n", earliest, max(0, limits[0] - 1))
    scores = _scores(text, folded, scan, (max(earliest, paragraph), limits[0]), amount, ())
    return {role: score * _NEIGHBOUR for role, score in scores.items()}


def _scores(
    text: str,
    folded: str,
    scan: Scan[RoleCue],
    limits: tuple[int, int],
    amount: Amount,
    amounts: Sequence[Amount],
) -> Scores:
    """What the cues within ``limits`` say of an amount; ``amounts`` are those beside it."""
    scores: Scores = {}
    hits = scan.within(*limits)
    if not hits:
        return scores
    around = _Around(text, folded, limits, amount, amounts)
    for hit in hits:
        _add(scores, {hit.value.role: hit.value.weight * around.nearness(hit)})
    return scores


class _Side:
    """The words on one side of a sum, from the sum outwards: how much a cue counts by what lies between."""

    def __init__(self, marks: Sequence[tuple[int, float, float]]) -> None:
        self._places = [place for place, _, _ in marks]
        self._distances = list(accumulate((distance for _, distance, _ in marks), initial=0.0))
        self._factors = list(accumulate((factor for _, _, factor in marks), mul, initial=1.0))

    def nearness(self, place: int) -> tuple[float, float]:
        """Distance in words of a cue that ends ``place`` characters from the sum, and the factor of what stands between."""
        passed = bisect.bisect_right(self._places, place)
        return self._distances[passed], self._factors[passed]


class _Around:
    """What stands around a sum inside ``limits``; a sum further on, a clause's end and other verbs shield it from cues."""

    def __init__(
        self, text: str, folded: str, limits: tuple[int, int], amount: Amount, amounts: Sequence[Amount]
    ) -> None:
        self._amount = amount
        self._folded = folded
        self._relative = _RELATIVE.match(folded, amount.end) is not None
        tokens = [
            (match.start(), match.end(), *_parting(text, match))
            for span in ((limits[0], min(amount.start, limits[1])), (max(amount.end, limits[0]), limits[1]))
            for match in _TOKEN.finditer(folded, *span)
        ]
        tokens += [(other.start, other.end, 0.0, _OVER_SUM) for other in amounts if other is not amount]
        before = [
            (amount.start - end, distance, factor) for start, end, distance, factor in tokens if end <= amount.start
        ]
        after = [
            (start - amount.end, distance, factor) for start, end, distance, factor in tokens if start >= amount.end
        ]
        self._left, self._right = _Side(sorted(before)), _Side(sorted(after))

    def nearness(self, hit: Hit[RoleCue]) -> float:
        """How much a cue counts for the sum."""
        before = hit.end <= self._amount.start
        side = hit.value.side
        if side in (("after", "by") if before else ("before", "of")) or (not before and hit.start < self._amount.end):
            return 0.0
        left, right = (hit.end, self._amount.start) if before else (self._amount.end, hit.start)
        distance, factor = (self._left if before else self._right).nearness(right - left - 1)
        if side in ("of", "by") and (distance > _CLOSE or "," in self._folded[left:right]):
            return 0.0
        nearness = factor / (1.0 + distance / _HALF_DISTANCE) * (_DIRECT if distance < 1.0 else 1.0)
        if not before and self._folded[left:right] == " de ":
            return nearness * _OF_NOUN
        return nearness if before or side in ("after", "by") or self._relative else nearness * _AFTER


def _parting(text: str, match: re.Match[str]) -> tuple[float, float]:
    """How far a token sets a cue and a sum apart: in words, and by a factor."""
    if match["stop"]:
        return 0.0, _OVER_CLAUSE
    if match["function"]:
        return _FUNCTION_WORD, 1.0
    verb = match["word"].endswith(_FINITE) or (len(match["word"]) > 3 and text[match.end() - 1] in "óÓ")
    return 1.0, _OVER_VERB if verb else 1.0
