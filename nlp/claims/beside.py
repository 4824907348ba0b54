"""Times that nothing else can outweigh, since they stand right beside their figure: "promedio diario de", "enero (1735)"."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from nlp.claims.article import Article
from nlp.claims.attribution import Said
from nlp.claims.comparisons import SAME_PERIOD, shifted_iso, times_before
from nlp.claims.options import Choice
from nlp.claims.rates import AVERAGE, RATES
from nlp.claims.times import YEAR, Span, day_of, months, shifted, spans_in
from nlp.qualify import Sentence

_WHEN = re.compile(rf"\b(?:en|desde|del?) (?:todo )?(?:el )?(?:ano )?(?P<year>{YEAR}),? cuando [^.;()\d]{{0,50}}$")
"""Before a figure: it is of that year."""
_UP_TO_IT = re.compile(
    r"(?: (?!(?:mas|menos|que|frente|respecto|comparad[oa]|comparacion|mayor|menor|superior|inferior)\b)[^\W\d]+){0,4}?"
    r" (?:en|durante|del?|para) (?:el |los |ese )?"
)
"""Between a figure and "mismo periodo": no comparison."""
_THIS_YEAR = re.compile(r"\b(?:este|el presente) ano\b(?:[^.;\d]{0,50})$")
"""Before a figure: what was told of last year is set beside it."""
_COUNTED_IN = r"(?:registr|report|sum|acumul|tuvo|hubo|cerr|alcanz)\w*"


def period_beside(said: Said, article: Article) -> Choice | None:
    """A time that nothing else can outweigh.

    That of "promedio diario", of "desde 2019, cuando", of "32 en el mismo periodo de 2024", of "de enero a mayo del año pasado
    hubo 20 y este año, 30", or the month behind which a figure stands ("enero (1735 denuncias), febrero (1735)").
    """
    here = article.sentences[said.position]
    folded = article.dated(here)
    at = said.start - here.start
    average, then = AVERAGE.search(folded, 0, at), _WHEN.search(folded, 0, at)
    if average is not None:
        return Choice(value=next(name for name, pattern in RATES if pattern.search(average["rate"])), score=1.0)
    if then is not None and not any(m.start() < then.end("year") <= m.end() for m in SAME_PERIOD.finditer(folded)):
        return Choice(value=f"{then['year']}-01-01/{then['year']}-12-31", score=1.0)
    return _same_part(said, folded, here, article) or _month_of_figure(at, folded, here, article)


def _same_part(said: Said, folded: str, here: Sentence, article: Article) -> Choice | None:
    """The time of the figure before, or of the times before it, in the other year that the figure's own words name."""
    if said.share or said.before is None:
        return None
    at, core = said.start - here.start, said.end - here.start
    after = SAME_PERIOD.search(folded, core)
    if after is not None and _UP_TO_IT.fullmatch(folded, core, after.start()):
        value = shifted_iso(said.before.period, after["year"] or after["year_before"] or "anterior")
        return Choice(value=value, score=1.0) if value else None
    before = [span for span in spans_in(folded, article.today) if span.end <= at]
    now = _THIS_YEAR.search(folded, 0, at)
    last = max((span for span in before if now and span.start < now.start()), key=lambda span: span.end, default=None)
    if now is None or last is None or not _is_begun_last_year(last, article.today):
        return None
    return Choice(value=shifted(last, str(article.today.year)), score=1.0)


def _is_begun_last_year(span: Span, today: date) -> bool:
    """Whether days are the first months of last year, but not all of it."""
    year = today.year - 1
    return span.first == date(year, 1, 1) and date(year, 1, 31) < span.last < date(year, 12, 31)


def _month_of_figure(at: int, folded: str, here: Sentence, article: Article) -> Choice | None:
    named = _month_beside().search(folded, 0, at)
    inside = [
        span for span in spans_in(folded, article.today) if named and span.start <= named.start("month") < span.end
    ]
    if named is None or any(span.rule not in ("month", "month_done") for span in inside):
        return None
    month = months()[named["month"]]
    years = [span.last.year for span in spans_in(folded, article.today)] or [
        span.last.year for span in times_before(here, article)[-1:]
    ]
    year = int(named["year"] or (years[0] if years else article.today.year))
    if date(year, month, 1) > article.today:
        year = article.today.year - 1
    days = f"{date(year, month, 1).isoformat()}/{day_of(year, month, None, last=True).isoformat()}"
    return Choice(value=days, score=1.0)


@lru_cache(maxsize=1)
def _month_beside() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?P<month>{'|'.join(months())})(?: de(?:l)? (?P<year>{YEAR}))? ?(?:\(|: |,? con | {_COUNTED_IN} | (?:fue|es|ha sido) el mes\b[^.;\d]{{0,70}} | )(?:con )?$"
    )
