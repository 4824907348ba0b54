"""The time that a figure is for: a usual rate, a partial date or an interval."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from nlp.claims.attribution import Said, same_paragraph
from nlp.lexicon import fold_keeping_length
from nlp.qualify import Sentence
from nlp.types import DatePrecision, DateSpan, MoneyPeriod

_RATES = (
    ("day", re.compile(r"\b(?:por dia|al dia|diari[oa]s?|cada dia|cada 24 horas|diariamente)\b")),
    ("week", re.compile(r"\b(?:por semana|a la semana|semanal(?:es)?|cada semana)\b")),
    ("month", re.compile(r"\b(?:por mes|al mes|mensual(?:es)?|cada mes)\b")),
    ("year", re.compile(r"\b(?:por ano|al ano|anual(?:es)?|cada ano)\b")),
)
_MONEY_RATES = {
    MoneyPeriod.DAY: "day",
    MoneyPeriod.WEEK: "week",
    MoneyPeriod.MONTH: "month",
    MoneyPeriod.YEAR: "year",
}
_RATE_NAMES = frozenset({"day", "week", "month", "year"})
_SO_FAR = re.compile(r"\b(?:en lo que va de(?:l)?|lo que va de(?:l)?|durante este|este) (?:presente )?(?:ano|20\d\d)\b")
_SAME_PERIOD = re.compile(
    r"[^a-z]*\d[^\d]{0,24}\b(?:mismo|igual|similar) (?:periodo|lapso|tramo) (?:de|del) (?:ano )?(?P<year>20\d\d|pasado|anterior)\b"
)
_COMPARED_WITH = re.compile(
    r"\b(?:respecto (?:a|al|de|del)|en comparacion (?:con|al)|comparado con|frente a|que en|versus)\b[^.;]{0,50}$"
)
_SINCE = re.compile(r"\bdesde (?:el )?(?:ano )?(?P<year>20\d\d)\b")
_YEARS = re.compile(r"\b(?:entre (?:el )?|de(?:l)? )?(?P<from>20[0-3]\d) (?:y|al?) (?:el )?(?P<to>20[0-3]\d)\b")
_YEAR = re.compile(r"\b(?:en|durante|de|del) (?:el )?(?:ano )?(?P<year>20[0-3]\d)\b")
_NEAR = 60


def period_of(said: Said, sentences: Sequence[Sentence], text: str, today: date) -> str | None:
    """Told in the sentence, else taken over from the figure or sentence before in the paragraph, or in the article."""
    if said.money is not None and said.money.period in _MONEY_RATES:
        return _MONEY_RATES[said.money.period]
    here = sentences[said.position]
    found = _period_in(here, said.start, text, today, cases=said.cases)
    if found is not None:
        return found
    taken_over = said.before.period if said.before is not None else None
    if taken_over in _RATE_NAMES:
        taken_over = None
    if taken_over is not None and same_paragraph(said, sentences):
        return taken_over
    for sentence in reversed(sentences[: said.position]):
        if sentence.paragraph != here.paragraph:
            break
        found = _period_in(sentence, sentence.end, text, today)
        if found is not None and found not in _RATE_NAMES:
            return found
    return taken_over if said.figures else None


def _period_in(sentence: Sentence, start: int, text: str, today: date, *, cases: bool = False) -> str | None:
    """The period that a sentence gives to the figure at ``start``."""
    folded = fold_keeping_length(text[sentence.start : sentence.end])
    at = start - sentence.start
    near = folded[max(0, at - 12) : at + _NEAR]
    rate = next((name for name, pattern in _RATES if pattern.search(near)), None)
    if rate is not None:
        return rate
    spans = _wide_spans(sentence, start)
    same = _SAME_PERIOD.match(folded, at)
    if cases and same and spans:
        return _shifted(max(spans, key=lambda item: item[1].end)[1], same["year"])
    written = _written_out(folded, today)
    if written is not None:
        return written
    spans = [item for item in spans if not _COMPARED_WITH.search(folded[: item[2] - sentence.start])]
    if spans:
        return min(spans, key=lambda item: item[0])[1].iso
    return _named_year(folded, at)


def _wide_spans(sentence: Sentence, start: int) -> list[tuple[int, DateSpan, int]]:
    """Dates of a sentence that are no single day, with their distance from the figure and their place."""
    return [
        (abs(mention.start - start), mention.value, mention.start)
        for mention in sentence.mentions
        if isinstance(mention.value, DateSpan)
        and (mention.value.precision is not DatePrecision.DAY or mention.value.start != mention.value.end)
    ]


def _written_out(folded: str, today: date) -> str | None:
    so_far = _SO_FAR.search(folded)
    if so_far:
        year = next((int(digits) for digits in re.findall(r"20\d\d", so_far[0])), today.year)
        return f"{year}-01-01/{today.isoformat() if year == today.year else f'{year}-12-31'}"
    since = _SINCE.search(folded)
    if since:
        return f"{since['year']}-01-01/{today.isoformat()}"
    years = _YEARS.search(folded)
    return f"{years['from']}/{years['to']}" if years else None


def _named_year(folded: str, at: int) -> str | None:
    named = [
        (abs(match.start() - at), match["year"])
        for match in _YEAR.finditer(folded)
        if not _COMPARED_WITH.search(folded[: match.end()])
    ]
    return min(named)[1] if named else None


def _shifted(span: DateSpan, year: str) -> str:
    """The same part of another year."""
    shift = span.start.year - (int(year) if year.isdigit() else span.start.year - 1)
    start, end = (_in_year(day, day.year - shift) for day in (span.start, span.end))
    return f"{start.isoformat()}/{end.isoformat()}"


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=year)
