"""The time that a figure is for: a usual rate or an interval of days, read from the words around it.

A sentence is cut where it begins to compare ("frente a", "más que en"); a figure takes the time of its own part. What has
none takes it over from the sentences before it in the paragraph and, in articles of figures, from the first that tells one.
Which days words name is told in :mod:`nlp.claims.times`; which of the times told a figure is for, fitted weights decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from nlp.claims.article import Article
from nlp.claims.attribution import Said
from nlp.claims.enumerations import partner
from nlp.claims.options import Choice, Option, merged
from nlp.claims.times import YEAR, Span, day_of, months, shifted, spans_in
from nlp.qualify import Sentence, Zone
from nlp.types import MoneyPeriod

_RATE_WORDS = {
    "day": r"por dia|al dia(?! \d)|diari[oa]s?|cada dia|cada 24 horas|diariamente|(?:cada|por) jornada",
    "week": "por semana|a la semana|semanal(?:es)?|cada semana",
    "month": "por mes|al mes|mensual(?:es)?|cada mes",
    "year": "por ano|al ano|anual(?:es)?|cada ano",
}
_RATES = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in _RATE_WORDS.items())
_ANY_RATE = re.compile(rf"\b(?:{'|'.join(_RATE_WORDS.values())})\b")
_MONEY_RATES = {
    MoneyPeriod.DAY: "day",
    MoneyPeriod.WEEK: "week",
    MoneyPeriod.MONTH: "month",
    MoneyPeriod.YEAR: "year",
}
_RATE_NAMES = frozenset({"day", "week", "month", "year"})
_AVERAGE = re.compile(
    r"\bpromedio (?P<rate>diario|semanal|mensual|anual|por (?:dia|semana|mes|ano))\b(?:[^.;()\d]|20\d\d){0,90}$"
)
"""Before a figure: it is that rate's, however far its noun stands."""
_WHEN = re.compile(rf"\b(?:en|desde|del?) (?:el )?(?:ano )?(?P<year>{YEAR}),? cuando [^.;()\d]{{0,50}}$")
"""Before a figure: it is of that year."""
_SAME = r"(?:mism[oa]s?|igual|similar(?:es)?) (?:periodo|lapso|tramo|trimestre|semestre|cuatrimestre|rango|intervalo|mes(?:es)?|fecha)(?: de tiempo)?"
_COMPARES = re.compile(
    r"\b(?:respecto (?:a|al|de|del)|en comparacion (?:con|al)|comparad[oa] con|frente a|versus|cuando|(?:mas|menos|mayor|menor) que"
    r"|(?:mas|menos|mayor(?:es)?|menor(?:es)?|superior(?:es)?|inferior(?:es)?|doble|triple|veces)\b[^.,;:\d]{0,30} que en"
    r"|(?:supera(?:n|ron|ndo)?|supero)(?! (?:l[oa]s )?(?:\d|mil\b|cien))"
    rf"|(?:el )?{_SAME})\b"
)
_SAME_PERIOD = re.compile(
    rf"\b(?:{_SAME},? (?:del?|en|en el|el)(?: ano)? (?P<year>20\d\d|pasado|anterior)|(?P<year_before>20\d\d|pasado|anterior),? (?:en|durante) (?:el |los )?{_SAME}|un ano (?:antes|atras))\b"
)
_CLAUSE = re.compile(r"[,;:.()]|\s\d")
_IN_TIME = re.compile(
    r"\b(?:crec\w+|aument\w+|sub(?:io|ieron)|baj(?:o|aron)|cay(?:o|eron)|redu\w+|alza|caida|increment\w+|descen\w+|disminu\w+|(?:mas|menos) que"
    r"|total|casos|denuncias|hechos|homicidios|victimas|ocurri\w+|registr\w+|concentr\w+|recib(?:io|ieron)|fue(?:ron)?|pag(?:o|aron))\b"
)
"""A share in such a sentence is of a time; other shares ("tres de cada diez no denuncian") are of none unless they tell it."""
_FIELD_WORK = re.compile(r"\b(?:entrevist\w+|encuest(?:o|aron|ados)|trabajo de campo)\b")
"""The days on which a survey was taken are not what it is about."""
_COUNTED_IN = r"(?:registr|report|sum|acumul|tuvo|hubo|cerr|alcanz)\w*"
_RATE_REACH, _NEAR = 44, 45
_ANOTHER_PART = re.compile(r"\d|;|[.] ")
_ATTACHED = re.compile(r"\d ?%? ?$")
"""A time right after a number is that number's."""
_AHEAD = re.compile(
    r"\b\w{3,}(?:[aei]ran?|[aei]rian?)\b|\bproyect\w+|\bpreve\w*|\b(?:termino|cierre|fin(?:es|ales)?) (?:de|del) (?:ano|20\d\d)\b"
)
_EARLIER, _LEAD = 8, 4
"""Sentences before a figure, and first ones below a title, whose times it may take."""
_ISO = re.compile(r"(?P<first>\d{4}-\d\d-\d\d)/(?P<last>\d{4}-\d\d-\d\d)")


def period_of(said: Said, article: Article) -> tuple[str | None, str]:
    """The time of a figure by its cue words, and where it is told.

    In its part of the sentence, else before it in the paragraph, else, among figures, in the article.
    """
    if said.money is not None and said.money.period in _MONEY_RATES:
        return _MONEY_RATES[said.money.period], "sum"
    here = article.sentences[said.position]
    found, how = _period_in(here, said, article)
    if found is not None:
        return found, how
    if said.share and not _IN_TIME.search(article.told(here)):
        return None, "timeless"
    before = _before(here, article)
    if before:
        return before[-1].iso, f"paragraph {min(len(before), 2)}"
    return (_main(article), "article") if said.figures else (None, "nowhere")


def _period_in(sentence: Sentence, said: Said, article: Article) -> tuple[str | None, str]:
    folded = article.told(sentence)
    at, core = said.start - sentence.start, said.end - sentence.start
    rate = _rate(folded, at, core)
    if rate is not None:
        return rate, "rate"
    spans = spans_in(folded, article.today)
    cuts = [0, *(match.start() for match in _COMPARES.finditer(folded)), len(folded)]
    low = max(cut for cut in cuts if cut <= at)
    high = min((cut for cut in cuts if cut >= core), default=len(folded))
    first_cut = min((cut for cut in cuts if cut), default=len(folded))
    same = _SAME_PERIOD.search(folded, first_cut) if at > first_cut else None
    if same and same.start() < core + _NEAR:
        whole = [span for span in spans if span.start < first_cut]
        before = whole or _before(sentence, article)
        if before:
            return shifted(before[0], same["year"] or same["year_before"] or "anterior"), "shifted"
    own = [span for span in spans if low <= span.start < high]
    if not own:
        compared = [span for span in spans if first_cut <= span.start < at]
        return (compared[-1].iso, "compared") if compared else (None, "")
    following = [
        span
        for span in sorted(own, key=lambda span: span.start)
        if span.start >= core - 1 and not _ANOTHER_PART.search(folded, core, span.start)
    ]
    if following and following[0].start - core <= _NEAR:
        return following[0].iso, "following"
    own = [span for span in own if span.end <= at and not _ATTACHED.search(folded, 0, span.start)] or following
    if not own:
        return None, ""
    return min(own, key=lambda span: min(abs(span.start - at), abs(span.end - at))).iso, f"own {min(len(own), 2)}"


def period_beside(said: Said, article: Article) -> Choice | None:
    """A time that nothing else can outweigh: that of "promedio diario", of "desde 2019, cuando", or the month behind which a
    figure stands ("enero (1735 denuncias), febrero (1735)").
    """
    here = article.sentences[said.position]
    folded = article.told(here)
    at = said.start - here.start
    average, then = _AVERAGE.search(folded, 0, at), _WHEN.search(folded, 0, at)
    if average is not None:
        return Choice(value=next(name for name, pattern in _RATES if pattern.search(average["rate"])), score=1.0)
    if then is not None and not any(m.start() < then.end("year") <= m.end() for m in _SAME_PERIOD.finditer(folded)):
        return Choice(value=f"{then['year']}-01-01/{then['year']}-12-31", score=1.0)
    return _month_of_figure(at, folded, here, article)


def _month_of_figure(at: int, folded: str, here: Sentence, article: Article) -> Choice | None:
    named = _month_beside().search(folded, 0, at)
    inside = [
        span for span in spans_in(folded, article.today) if named and span.start <= named.start("month") < span.end
    ]
    if named is None or any(span.rule not in ("month", "month_done") for span in inside):
        return None
    month = months()[named["month"]]
    years = [span.last.year for span in spans_in(folded, article.today)] or [
        span.last.year for span in _before(here, article)[-1:]
    ]
    year = int(named["year"] or (years[0] if years else article.today.year))
    if date(year, month, 1) > article.today:
        year = article.today.year - 1
    days = f"{date(year, month, 1).isoformat()}/{day_of(year, month, None, last=True).isoformat()}"
    return Choice(value=days, score=1.0)


@lru_cache(maxsize=1)
def _month_beside() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?P<month>{'|'.join(months())})(?: de(?:l)? (?P<year>{YEAR}))? ?(?:\(|: |,? con | {_COUNTED_IN} | )(?:con )?$"
    )


def period_options(said: Said, article: Article) -> list[Option]:
    """The times that a figure may be for, with what speaks for each; ``None``: it tells none."""
    here = article.sentences[said.position]
    folded = article.told(here)
    kind = "share" if said.share else "money" if said.money else "cases" if said.cases else "other"
    verb = "in time" if _IN_TIME.search(folded) else "timeless"
    kind = f"{kind} {verb}" if said.share else kind
    state = f"{kind} {'figures' if said.figures else 'story'}"
    own = spans_in(folded, article.today)
    alone = f"own {min(len(own), 2)}"
    options = [
        _option(value, [*names, f"{names[0]} {alone}"])
        for value, names in _own_times(said, here, folded, own, article.today)
    ]
    voice = "first" if said.before is None else "same" if said.before.speaker == said.speaker else "another"
    options += [
        _option(
            value,
            [*names, *(f"{name} {extra}" for name in names[:1] for extra in (alone, kind, state, f"{voice} {kind}"))],
        )
        for value, names in _other_times(said, article)
    ]
    if said.before is not None:
        near = _standing(said, article)
        speaker = "same" if said.before.speaker == said.speaker else "other"
        unit = "share" if said.before.unit == "%" else "sum" if said.before.unit.isupper() else "count"
        names = [
            "some",
            f"before {near}",
            f"before {near} {alone}",
            f"before {near} {state}",
            f"before {near} {speaker} speaker",
        ]
        names += [f"before {near} {unit} to {kind}", f"before {near} none {said.before.period is None}"]
        names += [f"before {near} rate {said.before.period in _RATE_NAMES}"]
        options.append(_option(said.before.period, names))
        same = _SAME_PERIOD.search(folded)
        if same and (shifted := _shifted_iso(said.before.period, same["year"] or same["year_before"] or "anterior")):
            side = "before" if here.start + same.start() < said.start else "after"
            options.append(_option(shifted, ["some", "shifted", f"shifted {side}"]))
    cue, how = period_of(said, article)
    options.append(
        _option(
            cue, ["cue", f"cue {how}", f"cue {how} {state}", f"cue {state}", f"cue {how} {alone}", f"cue {_grain(cue)}"]
        )
    )
    told = len({option.value for option in options if option.value not in _RATE_NAMES} - {None})
    options.append(
        _option(
            None,
            [
                *("no time", f"no time {state}", f"no time {alone}", f"no time {kind} {verb}"),
                *(
                    f"no time {alone} {state}",
                    f"no time of {min(told, 3)}",
                    f"no time of {min(told, 3)} {state}",
                    f"no time {voice} {kind}",
                ),
            ],
        )
    )
    return merged(options)


def _option(value: str | None, names: Sequence[str]) -> Option:
    return Option(value=value, features=dict.fromkeys(names, 1.0))


def _grain(period: str | None) -> str:
    if period is None or period in _RATE_NAMES:
        return period or "none"
    return f"{len(period)}{'/' if '/' in period else ''}"


def _standing(said: Said, article: Article) -> str:
    """Where the figure before stands: in the sentence, the paragraph or elsewhere."""
    assert said.before is not None
    here = article.sentences[said.position]
    if said.before.start >= here.start:
        return "sentence"
    return "paragraph" if said.before.start >= article.paragraph_span(here)[0] else "elsewhere"


def _own_times(
    said: Said, here: Sentence, folded: str, spans: Sequence[Span], today: date
) -> Iterator[tuple[str, list[str]]]:
    """Rates and times of the figure's own sentence, with how they stand to it."""
    at, core = said.start - here.start, said.end - here.start
    cut = _COMPARES.search(folded)
    ordered = sorted(spans, key=lambda span: span.start)
    same = [match.span() for match in _SAME_PERIOD.finditer(folded)]
    turn = partner(at, core, folded, [(span.start, span.end) for span in ordered])
    before = [span for span in ordered if span.end <= at]
    after = [span for span in ordered if span.start >= core - 1]
    for index, span in enumerate(ordered):
        side = "before" if span in before else "after" if span in after else "within"
        gap = folded[span.end : at] if side == "before" else folded[core : span.start]
        marks = f"{'clause' if re.search(r'[,;:]', gap) else 'close'} {min(len(re.findall(r'[0-9][0-9.,]*', gap)), 2)}"
        compared = "compared" if cut and span.start >= cut.start() else "plain"
        beyond = "compared" if cut and at >= cut.start() else "plain"
        names = [
            "time",
            f"time {side}",
            f"time {side} {marks}",
            f"time {side} {'near' if len(gap) < _NEAR else 'far'}",
            f"time {side} {compared} of {beyond}",
            f"time rule {span.rule}",
            f"time rule {span.rule} {side}",
            f"time of same period {any(start <= span.start < end for start, end in same)}",
            f"time {side} attached {_ATTACHED.search(folded, 0, span.start) is not None}",
            f"time {'only' if len(ordered) == 1 else 'several'} {side}",
        ]
        if turn is not None and not any(start <= ordered[turn].start < end for start, end in same):
            names.append("time in turn" if turn == index else "time out of turn")
        if before and span is before[-1]:
            names.append(f"time last before {compared} {'and after' if after else ''}")
        if after and span is after[0]:
            names += [f"time first after {compared} {'and before' if before else ''}", f"time first after {marks}"]
        yield span.iso, names
        if span.last == today and span.first == date(today.year, 1, 1):
            yield (
                f"{today.year}-01-01/{today.year}-12-31",
                ["this year", f"this year {span.rule}", f"this year ahead {_AHEAD.search(folded) is not None}"],
            )
    for name, pattern in _RATES:
        for match in pattern.finditer(folded):
            gap = folded[match.end() : at] if match.end() <= at else folded[core : match.start()]
            side = "before" if match.end() <= at else "after"
            marks = (
                f"{'clause' if re.search(r'[,;:]', gap) else 'close'} {min(len(re.findall(r'[0-9][0-9.,]*', gap)), 2)}"
            )
            yield (
                name,
                [
                    "rate",
                    f"rate {side}",
                    f"rate {side} {marks}",
                    f"rate {side} {len(gap) // 15 if len(gap) < 60 else 'far'}",
                ],
            )
    if said.money is not None and said.money.period in _MONEY_RATES:
        yield _MONEY_RATES[said.money.period], ["rate", "rate money"]


def _other_times(said: Said, article: Article) -> Iterator[tuple[str, list[str]]]:
    """Times of the sentences before it, of the title and of the first that tells one."""
    here = article.sentences[said.position]
    main = _main(article)
    if main is not None:
        yield main, ["main"]
    nearest = True
    for sentence in reversed(article.sentences[max(0, here.index - _EARLIER) : here.index]):
        if sentence.zone in (Zone.ASIDE, Zone.HEADING):
            continue
        where = "paragraph" if sentence.paragraph == here.paragraph else "earlier"
        spans = sorted(_uncompared(sentence, article), key=lambda span: span.start)
        for index, span in enumerate(spans):
            order = (
                "only" if len(spans) == 1 else "last" if index == len(spans) - 1 else "first" if not index else "mid"
            )
            near = "nearest" if nearest else "farther"
            yield (
                span.iso,
                [
                    f"{where} {near}",
                    f"{where} {near} {order}",
                    f"{where} gap {min(here.index - sentence.index, 3)}",
                    f"other rule {span.rule}",
                ],
            )
        nearest = nearest and not spans
    for sentence in article.titles:
        yield from ((span.iso, ["title"]) for span in _uncompared(sentence, article))
    if here.zone is Zone.TITLE:
        for sentence in article.body[:_LEAD]:
            yield from ((span.iso, ["told below"]) for span in _uncompared(sentence, article))


def _shifted_iso(period: str | None, year: str) -> str | None:
    """The same part of another year, of an interval as it is told."""
    match = _ISO.fullmatch(period or "")
    if match is None:
        return None
    first, last = date.fromisoformat(match["first"]), date.fromisoformat(match["last"])
    return shifted(Span(start=0, end=0, first=first, last=last, rule="shifted"), year)


def times_told(folded: str, today: date) -> str:
    """Whether a folded sentence tells a usual rate, a time, or neither: ``rate``, ``time``, ``none``."""
    if _ANY_RATE.search(folded):
        return "rate"
    return "time" if spans_in(folded, today) else "none"


def _before(here: Sentence, article: Article) -> list[Span]:
    """Times of the nearest sentence before in the paragraph that tells any."""
    for sentence in article.before(here):
        folded = article.told(sentence)
        spans = [s for s in _uncompared(sentence, article) if not _ATTACHED.search(folded, 0, s.start)]
        if spans:
            return spans
    return []


def _rate(folded: str, at: int, core: int) -> str | None:
    end = _CLAUSE.search(folded, core)
    after = folded[core : min(core + _RATE_REACH, end.start() if end else len(folded))]
    average = _AVERAGE.search(folded, 0, at)
    near = f"{average['rate'] if average else ''} {folded[max(0, at - 12) : core]}{after}"
    return next((name for name, pattern in _RATES if pattern.search(near)), None)


def _uncompared(sentence: Sentence, article: Article) -> list[Span]:
    folded = article.told(sentence)
    spans = spans_in(folded, article.today)
    if not spans or _FIELD_WORK.search(folded):
        return []
    cut = _COMPARES.search(folded)
    return [span for span in spans if cut is None or span.start < cut.start()]


@lru_cache(maxsize=2)
def _main(article: Article) -> str | None:
    """What an article of figures is about: the first time told in its body, else in its title."""
    for sentence in (*article.body, *article.titles):
        spans = _uncompared(sentence, article)
        if spans:
            return spans[0].iso
    return None
