"""The part that a trade plays, if any, by all that is seen of it: the verdict of the cues, the words around it, the article.

``nlp/data/business_role_weights.csv`` says what each feature speaks for; ``python -m training.fit_roles business`` fits it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import fold
from nlp.phrases import Words
from nlp.recognizers.situation import company, situation
from nlp.types import Business, BusinessRole, Mention, Triage
from nlp.weighing import Features, Weights, read_weights, words_beside


class Part(StrEnum):
    """What a trade is in an article; all but the last are those of :class:`~nlp.types.BusinessRole`."""

    VICTIM = BusinessRole.VICTIM
    FRONT = BusinessRole.FRONT
    CONTEXT = BusinessRole.CONTEXT
    NOT = "not"
    """Touched by no crime."""


PARTS = tuple(Part)
SCENE = "scene"
"""Feature of a trade that is but the place where people were killed, hurt or taken."""


@lru_cache(maxsize=1)
def business_weights() -> Weights[Part]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("business_role_weights.csv", PARTS)


def business_features(
    words: Words,
    mention: Mention,
    part: Part,
    others: Sequence[Mention],
    sentence: tuple[int, int],
    triage: Triage | None,
    told: set[str],
) -> Features:
    """The features of one trade; ``part`` is the verdict of the cues, ``told`` are the categories named before it, to which its own is added."""
    business = mention.value
    assert isinstance(business, Business)
    again = business.category in told
    told.add(business.category)
    return {
        **words_beside(words, mention.start, mention.end, sentence),
        **situation(words.text, mention.start, mention.end, triage),
        **company(others, mention.start, mention.end, sentence),
        f"text:{fold(mention.text)}": 1.0,
        f"type:{business.type}": 1.0,
        f"category:{business.category}": 1.0,
        f"verdict:{part}": 1.0,
        f"source:{mention.source}": 1.0,
        f"again:{again}": 1.0,
    }
