"""Other victims that an article tells of in passing: "en enero, el dueño de una heladería rechazó un pedido de S/ 5000".

Whoever is spoken of with an indefinite article is no victim that was told of before; with a day or month of its own that is
another event. A sentence that tells of several such victims is cut between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from nlp.events.acts import is_strike, strikes, tells_act
from nlp.events.days import SURE_DATE, covered, days_of
from nlp.qualify import Sentence, Zone
from nlp.types import Business, BusinessRole, DatePrecision, DateSpan, Mention, Method

_INDEFINITE = re.compile(
    r"\b(?:una?|un[oa]s|otr[oa]s?|dos|tres|cuatro|cinco|seis|vari[oa]s) (?:[^\W\d_]+ ){0,2}\Z", re.IGNORECASE
)
"""Before somebody who has not been spoken of."""
_WORD = re.compile(r"\w")
_TWO_PAIRS = 4
_LEAD = 1
"""The last paragraph of title and lead."""
_WHERE = re.compile(
    r"\b(?:en|dentro de|desde|hasta|hacia) (?:una?|un[oa]s|otr[oa]s?) (?:[^\W\d_]+ ){0,2}\Z", re.IGNORECASE
)
"""Before the place where somebody was found, caught or met."""
_REACH = 40
"""Characters before a victim that hold its article."""
_BETWEEN = re.compile(r"[;:,]\s+(?:y\s+|e\s+|mientras que\s+)?|\s+(?=y\s)")
"""Where one clause ends and another begins."""
_DOUBTFUL_DATE = 0.2
"""Score of a date from which it dates another victim beside it."""
_AGO = ("dates/ago", "dates/back")
_ON_PREMISES = ("explosivo_", "incendio")
"""Attacks on the place that they happen in."""
_EXACT = (DatePrecision.DAY, DatePrecision.MONTH)


def with_their_dates(sentences: Sequence[Sentence], text: str) -> Iterator[Sentence]:
    """The sentences, those that are nothing but a date together with the next one: "10 de julio. Matan al chofer"."""
    date: Sentence | None = None
    for sentence in sentences:
        if date is not None and sentence.paragraph == date.paragraph and sentence.zone is date.zone:
            mentions, cues = (_surely(date.mentions[0]), *sentence.mentions), (*date.cues, *sentence.cues)
            yield replace(sentence, start=date.start, mentions=mentions, cues=cues)
            date = None
            continue
        if date is not None:
            yield date
        date = sentence if _is_bare_date(sentence, text) else None
        if date is None:
            yield sentence
    if date is not None:
        yield date


def _is_bare_date(sentence: Sentence, text: str) -> bool:
    if sentence.zone is not Zone.BODY or len(sentence.mentions) != 1 or not _is_date(sentence.mentions[0]):
        return False
    mention = sentence.mentions[0]
    return not _WORD.search(text, sentence.start, mention.start) and not _WORD.search(text, mention.end, sentence.end)


def clauses(sentence: Sentence, text: str) -> list[Sentence]:
    """A sentence, cut between the victims or attacks that each have a date of their own."""
    groups = list(_in_turns(sentence, text)) if sentence.zone is Zone.BODY else []
    if len(groups) < _TWO_PAIRS or len(groups) % 2:
        return [sentence]
    ends = []
    for last, first in zip(groups[1:-1:2], groups[2::2], strict=True):
        gaps = list(_BETWEEN.finditer(text, last[-1].end, first[0].start))
        if not gaps:
            return [sentence]
        ends.append(gaps[-1].end())
    bounds = [sentence.start, *ends, sentence.end]
    return [_part(sentence, start, end) for start, end in pairwise(bounds)]


def _in_turns(sentence: Sentence, text: str) -> Iterator[list[Mention]]:
    """The dates of a sentence, and between them its victims and attacks; of a month with its days the days."""
    days = covered(day for day in _dates(sentence) if day.precision is DatePrecision.DAY)
    told = (
        m
        for m in sentence.mentions
        if is_strike(m) or _is_new(m, text) or (_is_date(m) and not (_is_month(m) and days & _covers(m)))
    )
    for _, group in groupby(told, key=_is_date):
        yield list(group)


def surely_dated(sentence: Sentence) -> Sentence:
    """A sentence with its dates made sure: what it tells in passing happened then."""
    return replace(sentence, mentions=tuple(_surely(m) if _is_date(m) else m for m in sentence.mentions))


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    inside = (mention for mention in sentence.mentions if start <= mention.start < end)
    mentions = tuple(_surely(mention) if _is_date(mention) else mention for mention in inside)
    cues = tuple(cue for cue in sentence.cues if start <= cue.start < end)
    return replace(sentence, start=start, end=end, mentions=mentions, cues=cues)


def told_in_passing(sentences: Sequence[Sentence], text: str) -> frozenset[int]:
    """Starts of the sentences that tell what was done on another day: to the same victims once more, or to others."""
    others = [sentence for sentence in sentences if _has_other_victim(sentence, text)]
    apart = {sentence.start for sentence in others}
    told = [sentence for sentence in sentences if _tells(sentence) and sentence.start not in apart]
    known = covered(day for sentence in told for day in days_of(sentence) if day.precision in _EXACT)
    elsewhen = []
    for sentence in others:
        days = _dates(sentence)
        if known and known.isdisjoint(covered(days, around=1)):
            elsewhen.append(sentence.start)
        else:
            known |= covered(days)
    return frozenset([*_struck_again(sentences), *elsewhen])


def _struck_again(sentences: Iterable[Sentence]) -> Iterator[int]:
    """Sentences that tell an attack on another day than those told before."""
    lead = [sentence for sentence in sentences if sentence.paragraph <= _LEAD]
    struck = covered(day for one in lead for day in days_of(one)) if any(map(strikes, lead)) else set()
    for sentence in sentences:
        days = [day for day in days_of(sentence) if day.precision in _EXACT] if strikes(sentence) else []
        if sentence.paragraph > _LEAD and struck and days and struck.isdisjoint(covered(days, around=1)):
            yield sentence.start
        struck |= covered(days)


def _has_other_victim(sentence: Sentence, text: str) -> bool:
    """Whether a sentence after the lead tells with a date what was done to somebody not spoken of before."""
    told = sentence.paragraph > _LEAD and _tells(sentence) and bool(_dates(sentence))
    blown_up = any(isinstance(m.value, Method) and m.value.type.startswith(_ON_PREMISES) for m in sentence.mentions)
    return told and any(_is_new(m, text) and (blown_up or not _before(_WHERE, m, text)) for m in sentence.mentions)


def _tells(sentence: Sentence) -> bool:
    return tells_act(sentence) or strikes(sentence)


def _dates(sentence: Sentence) -> list[DateSpan]:
    return [m.value for m in sentence.mentions if _is_date(m) and isinstance(m.value, DateSpan)]


def _covers(mention: Mention) -> set[int]:
    return covered([mention.value]) if isinstance(mention.value, DateSpan) else set()


def _is_date(mention: Mention) -> bool:
    value = mention.value
    told = mention.score >= _DOUBTFUL_DATE or mention.source in _AGO
    return isinstance(value, DateSpan) and value.precision in _EXACT and told


def _is_month(mention: Mention) -> bool:
    return isinstance(mention.value, DateSpan) and mention.value.precision is DatePrecision.MONTH


def _surely(date: Mention) -> Mention:
    return replace(date, score=max(SURE_DATE, date.score))


def _is_new(mention: Mention, text: str) -> bool:
    value = mention.value
    victim = isinstance(value, Business) and value.role is BusinessRole.VICTIM
    return victim and _before(_INDEFINITE, mention, text)


def _before(pattern: re.Pattern[str], mention: Mention, text: str) -> bool:
    return pattern.search(text, max(0, mention.start - _REACH), mention.start) is not None
