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
from nlp.claims.cohesion import bond, is_listed
from nlp.claims.comparisons import (
    ATTACHED,
    COMPARES,
    SAME_PERIOD,
    other_year,
    shifted_iso,
    times_before,
    uncompared,
)
from nlp.claims.enumerations import partner
from nlp.claims.options import Option, merged
from nlp.claims.rates import ANY_RATE, AVERAGE, RATES
from nlp.claims.times import Span, shifted, spans_in
from nlp.qualify import Sentence, Zone
from nlp.types import MoneyPeriod

_MONEY_RATES = {
    MoneyPeriod.DAY: "day",
    MoneyPeriod.WEEK: "week",
    MoneyPeriod.MONTH: "month",
    MoneyPeriod.YEAR: "year",
}
_RATE_NAMES = frozenset({"day", "week", "month", "year"})
_CLAUSE = re.compile(r"[,;:.()]|\s\d")
_IN_TIME = re.compile(
    r"\b(?:crec\w+|aument\w+|sub(?:io|ieron)|baj(?:o|aron)|cay(?:o|eron)|redu\w+|alza|caida|increment\w+|descen\w+|disminu\w+|(?:mas|menos) que"
    r"|total|casos|denuncias|hechos|homicidios|victimas|ocurri\w+|registr\w+|concentr\w+|recib(?:io|ieron)|fue(?:ron)?|pag(?:o|aron))\b"
)
"""A share in such a sentence is of a time; other shares ("tres de cada diez no denuncian") are of none unless they tell it."""
_RATE_REACH, _NEAR = 44, 45
_ANOTHER_PART = re.compile(r"\d|;|[.] |\b(?:y|mientras que|pero) (?:en|el|al|durante)\b")
_AHEAD = re.compile(
    r"\b\w{3,}(?:[aei]ran?|[aei]rian?)\b|\bproyect\w+|\bpreve\w*|\b(?:termino|cierre|fin(?:es|ales)?) (?:de|del) (?:ano|20\d\d)\b"
)
_SAME_TIME = re.compile(
    r"\b(?:en|durante) (?:el mismo|ese mismo|ese|este mismo|dicho|igual|similar) (?:periodo|lapso|tiempo|tramo|intervalo|ano|mes)\b(?! (?:de|del|en) )"
)
"""In a sentence: the time of what was counted before."""
_EARLIER, _LEAD = 8, 4
"""Sentences before a figure, and first ones below a title, whose times it may take."""
_AVERAGED = re.compile(r"\b(?:promedio|media)\b")


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
    if said.share and not _IN_TIME.search(article.dated(here)):
        return None, "timeless"
    before = times_before(here, article)
    if before:
        return before[-1].iso, f"paragraph {min(len(before), 2)}"
    return (_main(article), "article") if said.figures else (None, "nowhere")


def _period_in(sentence: Sentence, said: Said, article: Article) -> tuple[str | None, str]:
    folded = article.dated(sentence)
    at, core = said.start - sentence.start, said.end - sentence.start
    rate = _rate(folded, at, core)
    if rate is not None:
        return rate, "rate"
    spans = spans_in(folded, article.today)
    cuts = [0, *(match.start() for match in COMPARES.finditer(folded)), len(folded)]
    low = max(cut for cut in cuts if cut <= at)
    high = min((cut for cut in cuts if cut >= core), default=len(folded))
    first_cut = min((cut for cut in cuts if cut), default=len(folded))
    same = SAME_PERIOD.search(folded, first_cut) if at > first_cut else None
    if same and same.start() < core + _NEAR:
        whole = [span for span in spans if span.start < first_cut]
        before = whole or times_before(sentence, article)
        if before:
            return shifted(before[0], other_year(same, article.today)), "shifted"
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
    own = [span for span in own if span.end <= at and not ATTACHED.search(folded, 0, span.start)] or following
    if not own:
        return None, ""
    return min(own, key=lambda span: min(abs(span.start - at), abs(span.end - at))).iso, f"own {min(len(own), 2)}"


def period_options(said: Said, article: Article) -> list[Option]:
    """The times that a figure may be for, with what speaks for each; ``None``: it tells none."""
    here = article.sentences[said.position]
    folded = article.dated(here)
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
        near = said.standing(article)
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
        rated = said.before.period in _RATE_NAMES
        names += [f"before {near} rate {rated}", f"before rate {rated} averaged {_AVERAGED.search(folded) is not None}"]
        if _SAME_TIME.search(folded) and not own:
            names += ["before same time", f"before same time {near}"]
        if is_listed(said, article):
            names += ["before listed", f"before listed {kind}"]
        tie = bond(said, article)
        names += [f"before {near} {tie}", f"before {near} {tie} {alone}"]
        if said.before.period == said.latest:
            names += [f"before latest {tie}", f"before latest {near} {alone}"]
        options.append(_option(said.before.period, names))
        if said.latest not in {None, said.before.period}:
            options.append(_option(said.latest, _as_latest(said, [near, tie, alone, state])))
        same = SAME_PERIOD.search(folded)
        if same and (shifted := shifted_iso(said.before.period, other_year(same, article.today))):
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


def _as_latest(said: Said, circumstances: Sequence[str]) -> list[str]:
    """What speaks for the latest time of all, when the figure before is of an earlier one, or of none."""
    back = "none" if said.before is None or said.before.period is None else "earlier"
    return [
        "latest",
        *(f"latest {each}" for each in circumstances),
        f"latest {back}",
        *(f"latest {back} {each}" for each in circumstances),
    ]


def later(one: str | None, other: str | None) -> str | None:
    """Of two times the one that ends last, of equals the second; usual rates and ``None`` are no times."""
    if other is None or "/" not in other:
        return one
    return one if one is not None and one.partition("/")[2] > other.partition("/")[2] else other


def _option(value: str | None, names: Sequence[str]) -> Option:
    return Option(value=value, features=dict.fromkeys(names, 1.0))


def _grain(period: str | None) -> str:
    if period is None or period in _RATE_NAMES:
        return period or "none"
    return f"{len(period)}{'/' if '/' in period else ''}"


def _own_times(
    said: Said, here: Sentence, folded: str, spans: Sequence[Span], today: date
) -> Iterator[tuple[str, list[str]]]:
    """Rates and times of the figure's own sentence, with how they stand to it."""
    at, core = said.start - here.start, said.end - here.start
    cut = COMPARES.search(folded)
    ordered = sorted(spans, key=lambda span: span.start)
    same = [match.span() for match in SAME_PERIOD.finditer(folded)]
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
            f"time {side} attached {ATTACHED.search(folded, 0, span.start) is not None}",
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
    for name, pattern in RATES:
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
        tie = bond(said, article)
        yield main, ["main", f"main {tie}", f"main {tie} figures {said.figures}"]
    nearest = True
    for sentence in reversed(article.sentences[max(0, here.index - _EARLIER) : here.index]):
        if sentence.zone in (Zone.ASIDE, Zone.HEADING):
            continue
        where = "paragraph" if sentence.paragraph == here.paragraph else "earlier"
        spans = sorted(uncompared(sentence, article), key=lambda span: span.start)
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
        yield from ((span.iso, ["title"]) for span in uncompared(sentence, article))
    if here.zone is Zone.TITLE:
        for sentence in article.body[:_LEAD]:
            yield from ((span.iso, ["told below"]) for span in uncompared(sentence, article))


def times_told(folded: str, today: date) -> str:
    """Whether a folded sentence tells a usual rate, a time, or neither: ``rate``, ``time``, ``none``."""
    if ANY_RATE.search(folded):
        return "rate"
    return "time" if spans_in(folded, today) else "none"


def _rate(folded: str, at: int, core: int) -> str | None:
    end = _CLAUSE.search(folded, core)
    after = folded[core : min(core + _RATE_REACH, end.start() if end else len(folded))]
    average = AVERAGE.search(folded, 0, at)
    near = f"{average['rate'] if average else ''} {folded[max(0, at - 12) : core]}{after}"
    return next((name for name, pattern in RATES if pattern.search(near)), None)


@lru_cache(maxsize=2)
def _main(article: Article) -> str | None:
    """What an article of figures is about: the first time told in its body, else in its title."""
    for sentence in (*article.body, *article.titles):
        spans = uncompared(sentence, article)
        if spans:
            return spans[0].iso
    return None
