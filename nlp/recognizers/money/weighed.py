"""What a sum of money was for, by all that is seen of it: the verdict of the cues, the words around it, size, period, article.

``nlp/data/money_role_weights.csv`` says what each feature speaks for; ``python -m training.fit_roles money`` fits it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from nlp.phrases import Words
from nlp.recognizers.money.amounts import Amount
from nlp.recognizers.money.classes import names_of
from nlp.recognizers.money.roles import Verdict
from nlp.recognizers.situation import situation
from nlp.types import MoneyPeriod, MoneyRole, Triage
from nlp.weighing import Features, Weights, passage_words, read_weights, words_around

ROLES = tuple(MoneyRole)
_BEFORE, _AFTER = 200, 100
"""Characters before and after the sentence that tell what is spoken of."""
_PASSAGE = 0.3
"""What a word there weighs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A sum with what tells its role."""

    amount: Amount
    sentence: tuple[int, int]
    period: MoneyPeriod | None
    features: Features


@lru_cache(maxsize=1)
def money_weights() -> Weights[MoneyRole]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("money_role_weights.csv", ROLES)


def sum_features(
    words: Words,
    amount: Amount,
    sentence: tuple[int, int],
    period: MoneyPeriod | None,
    verdict: Verdict,
    triage: Triage | None,
) -> Features:
    """The features of one sum; ``period`` is that of the sum wherever the article tells it."""
    size = amount.max or amount.min or 0.0
    best = max(verdict.said, key=lambda role: verdict.said[role], default=None)
    return {
        **words_around(words, amount.start, amount.end, sentence, names_of),
        **passage_words(words, sentence[0] - _BEFORE, sentence[0], "previous", _PASSAGE),
        **passage_words(words, sentence[1], sentence[1] + _AFTER, "next", _PASSAGE),
        **situation(words.text, amount.start, amount.end, triage),
        **{f"cue:{role}": score for role, score in verdict.said.items()},
        **{f"cue_before:{role}": score for role, score in verdict.before.items()},
        f"best:{best}": 1.0,
        f"verdict:{verdict.role}": 1.0,
        f"topic:{verdict.topic}": 1.0,
        f"size:{int(math.log10(max(size, 1.0)))}": 1.0,
        f"currency:{amount.currency}": 1.0,
        f"comparator:{amount.comparator}": 1.0,
        f"period:{period}": 1.0,
        f"regular:{period not in (None, MoneyPeriod.ONCE)}": 1.0,
    }
