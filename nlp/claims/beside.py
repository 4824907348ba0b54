"""Times that nothing else can outweigh, since they stand right beside their figure: "promedio diario de", "enero (1735)"."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from nlp.claims.article import Article
from nlp.claims.attribution import Said
from nlp.claims.comparisons import SAME_PERIOD, other_year, shifted_iso, times_before
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
_SURVEY = re.compile(r"\b(?:[Ee]ncuesta|[Ss]ondeo|[Bb]ar[oó]metro)\b[^.;:\n]{0,80}? (?P<year>20\d\d)[”\"»’']")
"""The name of a survey that ends in its year."""
_THIS_YEAR = re.compile(r"\b(?:este|el presente) ano\b(?:[^.;\d]{0,50})$")
"""Before a figure: what was told of last year is set beside it."""
_COUNTED_IN = r"(?:registr|report|sum|acumul|tuvo|hubo|cerr|alcanz)\w*"
_LEADS = re.compile(r"\b(?:cabeza|encabez\w+|lider\w+|sigue[n]?|seguid[oa]) (?:con |por |a )?$")
"""Before a month: it ranks among others, and no time begins or ends with it."""
_CHANGE = re.compile(
    r"\b(?:alza|incremento|aumento|crecimiento|subida|caida|reduccion|descenso|disminucion|baja) (?:del?|en) (?:un |mas del? |casi |cerca del? |alrededor del? )*$"
)
"""Before a share: so much more or less than before."""
_ONE_DAY = re.compile(
    r"\ben (?:(?:apenas|solo|tan solo|menos de|las|las ultimas|las pasadas) )?(?:24 horas|un (?:solo )?dia|una (?:sola )?jornada)\b"
)
"""In a sentence: what it counts happened within a day."""
_COUNTED_THEN = re.compile(
    rf",? (?:[^.;:()\d]{{0,30}} )?(?:apenas |solo )?(?:fueron|eran|hubo|habia|{_COUNTED_IN}) (?:[^.;:,()\d]{{0,20}} )?"
)
"""Between "the same period" and its figure."""


def period_beside(said: Said, article: Article) -> Choice | None:
    """A time that nothing else can outweigh.

    That of "promedio diario", of "desde 2019, cuando", of "32 en el mismo periodo de 2024", of "de enero a mayo del año pasado
    hubo 20 y este año, 30", the month behind which a figure stands ("enero (1735 denuncias), febrero (1735)"), or the one day of
    "en apenas una jornada".
    """
    here = article.sentences[said.position]
    folded = article.dated(here)
    at = said.start - here.start
    average, then = AVERAGE.search(folded, 0, at), _WHEN.search(folded, 0, at)
    if average is not None:
        return Choice(value=next(name for name, pattern in RATES if pattern.search(average["rate"])), score=1.0)
    if then is not None and not any(m.start() < then.end("year") <= m.end() for m in SAME_PERIOD.finditer(folded)):
        return Choice(value=f"{then['year']}-01-01/{then['year']}-12-31", score=1.0)
    return (
        _of_survey(said, folded, article)
        or _of_change(said, folded, at, article)
        or _same_part(said, folded, here, article)
        or _month_of_figure(at, folded, here, article)
        or _one_day(said, folded, article)
    )


def _same_part(said: Said, folded: str, here: Sentence, article: Article) -> Choice | None:
    """The time of the figure before, or of the times before it, in the other year that the figure's own words name."""
    if said.share or said.before is None:
        return None
    at, core = said.start - here.start, said.end - here.start
    after = SAME_PERIOD.search(folded, core)
    same = after if after is not None and _UP_TO_IT.fullmatch(folded, core, after.start()) else _same_before(at, folded)
    if same is not None:
        value = shifted_iso(said.before.period, other_year(same, article.today))
        return Choice(value=value, score=1.0) if value else None
    before = [span for span in spans_in(folded, article.today) if span.end <= at]
    now = _THIS_YEAR.search(folded, 0, at)
    last = max((span for span in before if now and span.start < now.start()), key=lambda span: span.end, default=None)
    if now is None or last is None or not _is_begun_last_year(last, article.today):
        return None
    return Choice(value=shifted(last, str(article.today.year)), score=1.0)


def _of_survey(said: Said, folded: str, article: Article) -> Choice | None:
    """The year in the name of the survey that an article of shares tells first: "encuesta a empresas sobre seguridad 2017"."""
    named = _survey_year(article) if said.share and said.figures else None
    others = [span for span in spans_in(folded, article.today) if span.iso != named]
    return Choice(value=named, score=1.0) if named and not others else None


@lru_cache(maxsize=2)
def _survey_year(article: Article) -> str | None:
    for sentence in article.body:
        named = _SURVEY.search(article.text, sentence.start, sentence.end)
        if named is not None:
            return f"{named['year']}-01-01/{named['year']}-12-31"
        if spans_in(article.dated(sentence), article.today):
            return None
    return None


def _of_change(said: Said, folded: str, at: int, article: Article) -> Choice | None:
    """Of growth whose sentence tells only what it is compared with: the time of the figure before it."""
    before = said.before.period if said.before is not None else None
    if not said.share or before is None or "/" not in before or not _CHANGE.search(folded, 0, at):
        return None
    spans = spans_in(folded, article.today)
    same = [match.span() for match in SAME_PERIOD.finditer(folded)]
    compared = all(any(start <= span.start < end for start, end in same) for span in spans)
    return Choice(value=before, score=1.0) if spans and compared else None


def _same_before(at: int, folded: str) -> re.Match[str] | None:
    """``en el mismo mes de este año fueron 433``, ``doce meses antes eran 243``: right before the figure."""
    last = max(SAME_PERIOD.finditer(folded, 0, at), key=re.Match.end, default=None)
    return last if last is not None and _COUNTED_THEN.fullmatch(folded, last.end(), at) else None


def _is_begun_last_year(span: Span, today: date) -> bool:
    """Whether days are the first months of last year, but not all of it."""
    year = today.year - 1
    return span.first == date(year, 1, 1) and date(year, 1, 31) < span.last < date(year, 12, 31)


def _month_of_figure(at: int, folded: str, here: Sentence, article: Article) -> Choice | None:
    named = _month_beside().search(folded, 0, at)
    inside = [
        span for span in spans_in(folded, article.today) if named and span.start <= named.start("month") < span.end
    ]
    led = named is not None and _LEADS.search(folded, 0, named.start("month")) is not None
    if named is None or (not led and any(span.rule not in ("month", "month_done") for span in inside)):
        return None
    month = months()[named["month"]]
    years = [span.last.year for span in spans_in(folded, article.today)] or [
        span.last.year for span in times_before(here, article)[-1:]
    ]
    year = int(named["year"] or (years[0] if years else article.today.year))
    latest = max(number for word, number in months().items() if word == named["month"] or _is_listed(word, folded))
    if date(year, latest, 1) > article.today:
        year = article.today.year - 1
    days = f"{date(year, month, 1).isoformat()}/{day_of(year, month, None, last=True).isoformat()}"
    return Choice(value=days, score=1.0)


def _one_day(said: Said, folded: str, article: Article) -> Choice | None:
    """The day in which a sentence without another time says that so many were counted."""
    if said.share or said.money is not None:
        return None
    told = _ONE_DAY.search(folded)
    others = [
        s for s in spans_in(folded, article.today) if told and not (s.start < told.end() and told.start() < s.end)
    ]
    return Choice(value="day", score=1.0) if told is not None and not others else None


def _is_listed(month: str, folded: str) -> bool:
    """Whether a month stands with its figure in a list: ``diciembre (231)``."""
    return re.search(rf"\b{month} ?\(\d", folded) is not None


@lru_cache(maxsize=1)
def _month_beside() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\d de )\b(?P<month>{'|'.join(months())})(?: de(?:l)? (?P<year>{YEAR}))? ?(?:\(|: |, |,? con |,? se llev(?:o|a) [^.;\d]{{0,60}} | {_COUNTED_IN} | (?:fue|es|ha sido) el mes\b[^.;\d]{{0,70}} | )(?:con )?$"
    )
