"""Whether a word tells how the crime was done, by all that is seen of it: what its row needs, the words beside it, the article.

``nlp/data/method_weights.csv`` says what each feature speaks for; ``python -m training.fit_roles method`` fits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import fold
from nlp.phrases import Words
from nlp.recognizers.situation import company, situation
from nlp.types import Mention, Method, Triage
from nlp.weighing import Features, Weights, read_weights, words_beside


class Verdict(StrEnum):
    """What a word for a method is."""

    METHOD = "method"
    NOT = "not"


VERDICTS = tuple(Verdict)


@lru_cache(maxsize=1)
def method_weights() -> Weights[Verdict]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("method_weights.csv", VERDICTS)


def method_features(
    words: Words,
    mention: Mention,
    signs: Iterable[str],
    others: Sequence[Mention],
    sentence: tuple[int, int],
    triage: Triage | None,
    told: set[str],
) -> Features:
    """The features of one word; ``signs`` are what the rules say, ``told`` the methods before it, to which its own is added."""
    method = mention.value
    assert isinstance(method, Method)
    again = method.type in told
    told.add(method.type)
    return {
        **words_beside(words, mention.start, mention.end, sentence),
        **situation(words.text, mention.start, mention.end, triage),
        **company(others, mention.start, mention.end, sentence),
        **dict.fromkeys(signs, 1.0),
        f"text:{fold(mention.text)}": 1.0,
        f"type:{method.type}": 1.0,
        f"facet:{method.facet}": 1.0,
        f"again:{again}": 1.0,
    }
