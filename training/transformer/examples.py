"""Annotated texts -> windows of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from nlp.transformer.schema import ARTICLE_QUESTIONS, SCHEMA
from nlp.transformer.windows import Ints, Pieces, cut, windows
from nlp.types import Label
from training.transformer.articles import Annotated

IGNORED = -100
"""No label is known here, and no loss is taken (the default of torch)."""
_EVERY_OCCURRENCE = frozenset({Label.MONEY, Label.PLACE, Label.GANG})


@dataclass(frozen=True, slots=True)
class Example:
    """One window with what is known about it."""

    ids: Ints
    """(pieces,) with the marks at both ends."""
    tags: Ints
    """(pieces,) tags of our labels, or :data:`IGNORED`."""
    general: Ints
    """(pieces,) tags of the general labels, or :data:`IGNORED`."""
    asked: tuple[tuple[str, int, int, int], ...]
    """(question, first piece, after the last, number of the answer)."""


OVERLAP = 16
"""Less than at reading: in fitting, a piece that is read twice is read once for nothing."""


def examples(tokenizer: Tokenizer, articles: Iterable[Annotated]) -> Iterator[Example]:
    """The windows of texts, in order."""
    begin, end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
    for article in articles:
        pieces = cut(tokenizer, article.text)
        tags = _tags(article, pieces)
        ignored = np.full(len(pieces), IGNORED)
        for window in windows(len(pieces), overlap=OVERLAP):
            at = slice(window.start, window.end)
            mine, general = (ignored[at], tags[at]) if article.general else (tags[at], ignored[at])
            yield Example(
                ids=np.array([begin, *pieces.ids[at], end]),
                tags=_between_marks(mine),
                general=_between_marks(general),
                asked=tuple(_asked(article, pieces, window.start, window.end)),
            )


def _between_marks(labels: Ints) -> Ints:
    return np.concatenate([[IGNORED], labels, [IGNORED]])


def _tags(article: Annotated, pieces: Pieces) -> Ints:
    scheme = SCHEMA.general_tags if article.general else SCHEMA.tags
    tags = np.zeros(len(pieces), dtype=np.int64)
    if not article.general:
        for start, end in _repeated(article):
            tags[pieces.between(start, end)] = IGNORED
    for span in article.spans:
        at = pieces.between(span.start, span.end)
        if at.start < at.stop:
            tags[at] = scheme.begin(span.label) + 1
            tags[at.start] -= 1
    return tags


def _repeated(article: Annotated) -> Iterator[tuple[int, int]]:
    """Later occurrences of words of which only the first is annotated: neither mentions nor none."""
    for span in article.spans:
        if span.label in _EVERY_OCCURRENCE:
            continue
        words = article.text[span.start : span.end]
        at = article.text.find(words, span.end)
        while at >= 0:
            yield at, at + len(words)
            at = article.text.find(words, at + len(words))


def _asked(article: Annotated, pieces: Pieces, start: int, end: int) -> Iterator[tuple[str, int, int, int]]:
    for span in article.spans:
        at = pieces.between(span.start, span.end)
        if start <= at.start < at.stop <= end:
            for question, answer in span.answers.items():
                yield question, at.start - start + 1, at.stop - start + 1, answer
    for question in ARTICLE_QUESTIONS:
        if question in article.answers:
            yield question, 1, end - start + 1, article.answers[question]
