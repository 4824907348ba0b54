"""Where a sentence compares with another time: "frente a", "más que en", "el mismo periodo del año pasado"."""

from __future__ import annotations

import re
from datetime import date

from nlp.claims.article import Article
from nlp.claims.times import Span, shifted, spans_in
from nlp.qualify import Sentence

_SAME = r"(?:mism[oa]s?|igual|identic[oa]s?|similar(?:es)?) (?:periodo|lapso|tramo|trimestre|semestre|cuatrimestre|rango|intervalo|mes(?:es)?|fecha)(?: de tiempo)?"
COMPARES = re.compile(
    r"\b(?:respecto (?:a|al|de|del)|en comparacion (?:con|al)|comparad[oa] con|frente a|versus|cuando|(?:mas|menos|mayor|menor) que"
    r"|(?:mas|menos|mayor(?:es)?|menor(?:es)?|superior(?:es)?|inferior(?:es)?|doble|triple|veces)\b[^.,;:\d]{0,30} que en"
    r"|(?:supera(?:n|ron|ndo)?|supero)(?! (?:l[oa]s )?(?:\d|mil\b|cien))"
    rf"|(?:el )?{_SAME})\b"
)
SAME_PERIOD = re.compile(
    rf"\b(?:{_SAME},? (?:del?|en|en el|el)(?: ano)? (?P<year>20\d\d|pasado|anterior)|{_SAME},? (?:de|en) (?P<now>este ano)|a esta(?:s alturas| misma fecha) del ano (?P<then>pasado|anterior)|(?P<year_before>20\d\d|pasado|anterior),? (?:en|durante) (?:el |los )?{_SAME}|(?:un ano|doce meses) (?:antes|atras))\b"
)
_FIELD_WORK = re.compile(r"\b(?:entrevist\w+|encuest(?:o|aron|ados)|trabajo de campo)\b")
"""The days on which a survey was taken are not what it is about."""
ATTACHED = re.compile(r"\d ?%? ?$")
"""A time right after a number is that number's."""
_ISO = re.compile(r"(?P<first>\d{4}-\d\d-\d\d)/(?P<last>\d{4}-\d\d-\d\d)")


def uncompared(sentence: Sentence, article: Article) -> list[Span]:
    """Times that a sentence tells before it begins to compare; none of the days of a survey."""
    folded = article.dated(sentence)
    spans = spans_in(folded, article.today)
    if not spans or _FIELD_WORK.search(folded):
        return []
    cut = COMPARES.search(folded)
    return [span for span in spans if cut is None or span.start < cut.start()]


def times_before(here: Sentence, article: Article) -> list[Span]:
    """Times of the nearest sentence before in the paragraph that tells any."""
    for sentence in article.before(here):
        folded = article.dated(sentence)
        spans = [s for s in uncompared(sentence, article) if not ATTACHED.search(folded, 0, s.start)]
        if spans:
            return spans
    return []


def other_year(same: re.Match[str], today: date) -> str:
    """The year that "the same period" is of; one that is told by a word is the one before."""
    return str(today.year) if same["now"] else same["year"] or same["year_before"] or same["then"] or "anterior"


def shifted_iso(period: str | None, year: str) -> str | None:
    """The same part of another year, of an interval as it is told."""
    match = _ISO.fullmatch(period or "")
    if match is None:
        return None
    first, last = date.fromisoformat(match["first"]), date.fromisoformat(match["last"])
    return shifted(Span(start=0, end=0, first=first, last=last, rule="shifted"), year)
