"""What an article is about by weighed evidence: its words, the sums of its cue words and its form.

What each feature says stands in ``nlp/data/triage_weights.csv`` (is it crime in Peru?) and ``nlp/data/triage_kind_weights.csv``
(in which form?); ``python -m training.fit_triage`` fits both to annotated articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from nlp.triage.cues import LEAD_WORDS, Opening
from nlp.types import ArticleKind
from nlp.weighing import Features, Weights, read_weights

_BEGINNING = 5
"""Letters that stand for a word and its forms."""
_SHORTEST = 4
_KNOWN_WORDS = 200_000
_FURTHER_DOWN = 0.6
_FULL_SUM = 30.0
"""A group whose cues reach it speaks as loudly as it can."""
_FULL_MARGIN = 15.0
_LISTED = re.compile(r"^[^\S\n]*(?:[-•–]|\d+[.)])", re.MULTILINE)
_PER_CENT = re.compile(r"%|\bpor ciento\b")


class _Names(dict[str, str]):
    """Names of the features of words, made when first met."""

    def __missing__(self, word: str) -> str:
        name = f"word {word[:_BEGINNING]}" if len(word) >= _SHORTEST else "word"
        if len(self) < _KNOWN_WORDS:
            self[word] = name
        return name


_NAMES = _Names()


class Relevance(StrEnum):
    """Whether an article reports crime in Peru."""

    CRIME = "crime"
    OTHER = "other"


RELEVANCE, KINDS = tuple(Relevance), tuple(ArticleKind)


@lru_cache(maxsize=1)
def relevance_weights() -> Weights[Relevance]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("triage_weights.csv", RELEVANCE)


@lru_cache(maxsize=1)
def says_crime() -> Mapping[str, float]:
    """What each feature says for crime, less what it says against: as quick to sum as it gets."""
    weights = relevance_weights()
    return {name: float(weights.table[row, 0] - weights.table[row, 1]) for name, row in weights.rows.items()}


@lru_cache(maxsize=1)
def kind_weights() -> Weights[ArticleKind]:
    """The same, of the form of an article."""
    return read_weights("triage_kind_weights.csv", KINDS)


def features(read: Opening, body: str, sums: Mapping[str, float], margin: float, *, abroad: bool) -> Features:
    """What is seen of an article. ``sums``: of its cues by group; ``margin``: of the cues for crime over what is enough."""
    found: Features = {"bias": 1.0, "margin": max(-1.0, min(1.0, margin / _FULL_MARGIN))}
    found["enough cues" if margin >= 0 else "too few cues"] = 1.0
    if abroad:
        found["abroad"] = 1.0
    for group, value in sums.items():
        found[f"sum {group}"] = min(value, _FULL_SUM) / _FULL_SUM
        found[f"any {group}"] = 1.0
    found |= {f"title {'0' if word.isdigit() else word[:_BEGINNING]}": 1.0 for word in read.title_words}
    found |= dict.fromkeys(map(_NAMES.__getitem__, read.body_words), _FURTHER_DOWN)
    found |= dict.fromkeys(map(_NAMES.__getitem__, read.body_words[:LEAD_WORDS]), 1.0)
    found |= _of_form(read, body)
    return found


def _of_form(read: Opening, body: str) -> Iterator[tuple[str, float]]:
    numbers = sum(map(str.isdigit, read.body_words)) / max(1, len(read.body_words))
    yield "form length", min(1.0, len(body) / 5000)
    yield "form quotations", min(1.0, (body.count("“") + body.count("«") + body.count('"') / 2) / 10)
    yield "form lists", min(1.0, len(_LISTED.findall(body)) / 5)
    yield "form per cent", min(1.0, len(_PER_CENT.findall(read.body)) / 6)
    yield "form numbers", min(1.0, 15 * numbers)
    yield "form question", float("?" in read.title)
