"""How likely a date is that of an incident: weighed evidence from its sentence and from where it stands in the article.

Every date is read, since claims need them too; most are of complaints, laws, hearings and statements. What each feature
says stands in ``nlp/data/date_weights.csv``; ``python -m training.fit_dates`` fits those weights to annotated articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from nlp.events.acts import is_act
from nlp.events.when import is_of_report
from nlp.phrases import words_of
from nlp.qualify import Sentence, Zone, tells_of_many
from nlp.types import ArticleKind, DateSpan, Label, Mention, Place
from nlp.weighing import Features, Weights, read_weights, words_around

_TELLS = frozenset({ArticleKind.INCIDENT, ArticleKind.ROUNDUP, ArticleKind.JUDICIAL})
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
_BESIDE = (Label.GANG, Label.PERSON, Label.DATE, Label.COUNT)
_AGES = ((0, "today"), (1, "yesterday"), (7, "week"), (31, "month"), (100, "quarter"), (400, "year"))
_MOST_COUNTED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date with the sentence that holds it and what speaks for or against its being that of an incident."""

    sentence: int
    """Index among the sentences."""
    mention: Mention
    features: Features


class Bearing(StrEnum):
    """What a date is that of."""

    INCIDENT = "incident"
    OTHER = "other"


CLASSES = tuple(Bearing)


@lru_cache(maxsize=1)
def date_weights() -> Weights[Bearing]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("date_weights.csv", CLASSES)


def weighed(
    sentences: Sequence[Sentence], text: str, kind: ArticleKind, published: date
) -> tuple[tuple[Sentence, ...], dict[int, Mention]]:
    """The sentences with the score of every date made its likelihood, and the dates by their start. ``published``: in Lima."""
    dates = list(dates_of(sentences, text, kind, published))
    scored = {
        dated.mention.start: replace(dated.mention, score=round(likely, 3))
        for dated, likely in zip(dates, likelihoods([dated.features for dated in dates], date_weights()), strict=True)
    }
    if not scored:
        return tuple(sentences), scored
    return tuple(_with_scores(sentence, scored) for sentence in sentences), scored


def likelihoods(features: Sequence[Features], weights: Weights[Bearing]) -> list[float]:
    """Probability that each date is an incident's. Unknown features say nothing."""
    return [float(row[CLASSES.index(Bearing.INCIDENT)]) for row in weights.probabilities(features)]


def dates_of(sentences: Sequence[Sentence], text: str, kind: ArticleKind, published: date) -> Iterator[Dated]:
    """The dates that the recognizer found, with their features, in text order."""
    last = max((sentence.paragraph for sentence in sentences), default=0)
    quotations = [match.span() for match in _QUOTED.finditer(text)]
    told: set[date] = set()
    number = 0
    for index, sentence in enumerate(sentences):
        for mention in sentence.mentions:
            value = mention.value
            if not isinstance(value, DateSpan) or not mention.source.startswith("dates/"):
                continue
            names = [
                "bias",
                mention.source,
                f"number {min(number, _MOST_COUNTED)}",
                *_of_position(sentence, last, kind),
                *_of_age(value, published, kind),
                *_of_company(sentence, mention, text),
            ]
            names += ["quoted"] if any(start <= mention.start < end for start, end in quotations) else []
            names += ["told before"] if value.start in told else []
            told.add(value.start)
            number += 1
            features = words_around(words_of(text), mention.start, mention.end, (sentence.start, sentence.end))
            features.update(dict.fromkeys(names, 1.0), score=mention.score)
            yield Dated(sentence=index, mention=mention, features=features)


def _with_scores(sentence: Sentence, scored: Mapping[int, Mention]) -> Sentence:
    if all(mention.label is not Label.DATE for mention in sentence.mentions):
        return sentence
    mentions = tuple(scored.get(m.start, m) if m.label is Label.DATE else m for m in sentence.mentions)
    return replace(sentence, mentions=mentions)


def _of_position(sentence: Sentence, last: int, kind: ArticleKind) -> Iterator[str]:
    if sentence.zone is not Zone.BODY:
        zone = sentence.zone.value
    else:
        zone = "lead" if sentence.paragraph <= 2 else "end" if sentence.paragraph >= last - 1 else "body"
    tells = "tells" if kind in _TELLS else "talks"
    yield f"zone {zone}"
    yield f"zone {zone} {tells}"
    yield f"kind {kind.value}"


def _of_age(value: DateSpan, published: date, kind: ArticleKind) -> Iterator[str]:
    days = (published - value.start).days
    age = "future" if days < 0 else next((name for most, name in _AGES if days <= most), "old")
    yield f"age {age}"
    yield f"age {age} {value.precision.value}"
    yield f"precision {value.precision.value}"
    if kind is ArticleKind.JUDICIAL:
        yield f"judicial {age}"


def _of_company(sentence: Sentence, mention: Mention, text: str) -> Iterator[str]:
    for other in sentence.mentions:
        if other is mention:
            continue
        if is_act(other):
            yield "act"
            yield f"act {other.label.value}"
        if isinstance(other.value, Place):
            yield f"place {other.value.role.value}"
        if other.label in _BESIDE:
            yield f"beside {other.label.value}"
    if sentence.background:
        yield "background"
    if tells_of_many(words_of(text).folded[sentence.start : sentence.end]):
        yield "aggregate"
    if is_of_report(text, mention):
        yield "report"
    if not re.search(r"\w", text[sentence.start : mention.start]):
        yield "opens"
