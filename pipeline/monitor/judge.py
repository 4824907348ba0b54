"""How an outlet is doing, from what is known of it. Pure.

In order: what its entry points answer, what its pages answer, whether it is silent, whether what it brings is worse than usual.
An empty feed is not a broken one: it makes an outlet silent, in time. A "not modified" proves nothing: it neither counts as
an article nor ends a failure (see :func:`pipeline.archive.crawled.save_fetch`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.monitor.states import Answer, Look, Observed, Sample, State, Verdict
from pipeline.monitor.usual import ENOUGH_ARTICLES, ENOUGH_DAYS, long_silence, span, unusual_silence, usual_day, weekday
from scrapers.items import GONE, Outcome

PARTLY: Final = 3
"""Failures in a row from which one entry point among several makes an outlet degraded."""
FEW_PAGES: Final = 5
"""Pages from which a share means something."""
LISTED: Final = 10
"""Addresses listed in one run from which a share means something."""
RECENT: Final = 20
"""Articles that are compared with those before them."""
BEFORE: Final = 60
"""Articles before those, at least, for the comparison."""
BUSY: Final = 20
"""Articles a day from which a collapse shows."""
_REFUSING: Final = frozenset({401, 402, 407, 451})
_KINDS: Final = {
    Outcome.BLOCKED: State.BLOCKED,
    Outcome.FORBIDDEN_BY_ROBOTS: State.BLOCKED,
    Outcome.NETWORK_ERROR: State.FAILING,
    Outcome.HTTP_ERROR: State.FAILING,
}
_TEXTLESS: Final = (Outcome.NO_TEXT, Outcome.BROKEN, Outcome.TOO_LARGE)


def judge(seen: Observed) -> Verdict:
    """The state of an outlet."""
    if not seen.enabled:
        return Verdict(state=State.DISABLED, reason=seen.disabled_reason or "")
    if not seen.answers:
        return Verdict(state=State.NEW, reason="never asked")
    for find in (_by_entries, _by_pages, _silent):
        if (verdict := find(seen)) is not None:
            return verdict
    if worse := [
        *_entries_that_fail(seen),
        *_textless(seen),
        *_strangers(seen),
        *_fewer(seen),
        *_poorer(seen.samples),
    ]:
        return Verdict(state=State.DEGRADED, reason="; ".join(worse))
    return _settled(seen)


def _settled(seen: Observed) -> Verdict:
    if seen.begun is None or seen.looked is None:
        return Verdict(state=State.NEW, reason="it has not answered yet")
    watched = seen.looked - seen.begun
    if watched < timedelta(days=ENOUGH_DAYS):
        return Verdict(
            state=State.NEW, reason=f"watched for {span(watched.total_seconds() / 3600)}: too short to judge"
        )
    if sum(seen.hours.values()) < ENOUGH_ARTICLES:
        return Verdict(state=State.NEW, reason="too few articles to know what is usual")
    return Verdict(state=State.OK)


# --- entry points


def _counted(answers: Sequence[Answer]) -> list[Answer]:
    """The entry points that count: guesses do only when there is nothing else, or when one of them answers."""
    return [one for one in answers if not one.guess or not one.failures] or list(answers)


def _by_entries(seen: Observed) -> Verdict | None:
    counted = _counted(seen.answers)
    if any(not one.failures for one in counted):
        return None
    kinds = Counter(map(_kind, counted))
    state = max(kinds, key=lambda kind: (kinds[kind], kind is State.BLOCKED, kind is State.CHANGED))
    of_it = [one for one in counted if _kind(one) is state]
    return Verdict(state=state, reason="; ".join(map(_told, of_it[:3])))


def _kind(answer: Answer) -> State:
    if answer.outcome is Outcome.HTTP_ERROR and answer.status in _REFUSING:
        return State.BLOCKED
    if answer.outcome is Outcome.HTTP_ERROR and answer.status in GONE:
        return State.CHANGED
    return _KINDS.get(answer.outcome, State.CHANGED)


def _told(answer: Answer) -> str:
    status = f" {answer.status}" if answer.status else ""
    detail = f" ({answer.detail})" if answer.detail else ""
    return f"{answer.url}: {answer.outcome.replace('_', ' ')}{status}{detail}, {_times(answer.failures)}"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times in a row"


def _entries_that_fail(seen: Observed) -> Iterator[str]:
    counted = _counted(seen.answers)
    failing = [one for one in counted if one.failures >= PARTLY]
    if failing:
        yield f"{len(failing)} of {len(counted)} entry points: {'; '.join(map(_told, failing[:3]))}"


# --- pages


def _latest(looks: Sequence[Look]) -> tuple[list[Look], list[Look]]:
    """The newest looks that together met a few pages, and those before."""
    met = 0
    for position, look in enumerate(looks):
        met += look.good + sum(look.bad.values()) - look.bad.get(Outcome.OFF_SITE, 0)
        if met >= FEW_PAGES:
            return list(looks[: position + 1]), list(looks[position + 1 :])
    return [], list(looks)


def _shares(looks: Sequence[Look], outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Pages with one of the outcomes, and pages met."""
    bad: Counter[Outcome] = Counter()
    for look in looks:
        bad.update(look.bad)
    of_them = sum(bad[outcome] for outcome in outcomes)
    return of_them, sum(bad.values()) - bad[Outcome.OFF_SITE] + sum(look.good for look in looks)


def _by_pages(seen: Observed) -> Verdict | None:
    latest, _ = _latest(seen.looks)
    for state, name, outcomes in (
        (State.BLOCKED, "refused to us", (Outcome.BLOCKED, Outcome.FORBIDDEN_BY_ROBOTS)),
        (State.FAILING, "failing", (Outcome.NETWORK_ERROR, Outcome.HTTP_ERROR)),
    ):
        n, met = _shares(latest, outcomes)
        if met and n * 2 > met:
            return Verdict(state=state, reason=f"{n} of the last {met} pages {name}")
    return _elsewhere(seen.looks)


def _elsewhere(looks: Sequence[Look]) -> Verdict | None:
    """Feeds that list nothing but other sites."""
    listing = next((look for look in looks if look.good or look.known or look.bad), None)
    if listing is None or listing.good or listing.known:
        return None
    strangers = listing.bad.get(Outcome.OFF_SITE, 0)
    if strangers < FEW_PAGES or strangers < sum(listing.bad.values()):
        return None
    return Verdict(state=State.CHANGED, reason=f"all {strangers} addresses that it lists are of other sites")


def _textless(seen: Observed) -> Iterator[str]:
    latest, before = _latest(seen.looks)
    n, met = _shares(latest, _TEXTLESS)
    if not met:
        return
    was, of = _shares(_healthy(before, seen), _TEXTLESS)
    usual = was / of if of >= BEFORE else 0.4
    if n >= 3 and n / met >= usual + 0.4:
        yield f"{n} of the last {met} pages without a text that can be read"


def _healthy(looks: Sequence[Look], seen: Observed) -> list[Look]:
    """Looks that tell what is usual: what stays worse for a day or two would become so, and that be taken for a recovery."""
    return [look for look in looks if seen.worse_since is None or look.at < seen.worse_since]


def _strangers(seen: Observed) -> Iterator[str]:
    """More than usual of what is listed does not look like an article: some section has addresses of a new form."""
    latest = next((look for look in seen.looks if _listed(look) >= LISTED), None)
    if latest is None:
        return
    before = [look for look in _healthy(seen.looks, seen) if look.at < latest.at]
    of = sum(map(_listed, before))
    usual = sum(look.strangers for look in before) / of if of >= BEFORE else None
    if latest.strangers / _listed(latest) >= (0.5 if usual is None else usual) + 0.3:
        known = "" if usual is None else f"; usual: {usual:.0%}"
        yield (
            f"{latest.strangers} of the {_listed(latest)} addresses that it lists do not have the form of an article{known}: "
            "check article_url"
        )


def _listed(look: Look) -> int:
    return look.good + look.known + look.strangers + sum(look.bad.values())


# --- what it publishes


def _silent(seen: Observed) -> Verdict | None:
    if seen.begun is None or seen.looked is None:
        return None
    if silence := unusual_silence(seen.hours, seen.begun, seen.looked):
        hours, usual = silence
        reason = f"nothing new for {span(hours)}; usual on a {weekday(seen.looked)}: up to {span(usual)}"
        return Verdict(state=State.SILENT, reason=reason)
    if weeks := long_silence(seen.hours, seen.begun, seen.looked):
        reason = f"nothing new for {span(weeks)}" + ("" if seen.hours else " or longer")
        return Verdict(state=State.SILENT, reason=reason)
    return None


def _fewer(seen: Observed) -> Iterator[str]:
    """A collapse of the number of articles, if we have looked often enough to have seen them all."""
    if seen.begun is None or seen.looked is None or not _attended(seen):
        return
    day = usual_day(seen.hours, seen.begun, seen.looked)
    if day is not None and day[1] >= BUSY and day[0] < 0.2 * day[1]:
        yield f"{day[0]} articles in 24 hours; usual until this hour of a {weekday(seen.looked)}: {day[1]:.0f}"


def _attended(seen: Observed) -> bool:
    assert seen.looked is not None
    times = [seen.looked, *sorted((look.at for look in seen.looks), reverse=True)]
    for later, earlier in pairwise(times):
        if later - earlier > timedelta(hours=6):
            return False
        if earlier <= seen.looked - timedelta(hours=24):
            return True
    return False


def coverage(samples: Sequence[Sample]) -> dict[str, float]:
    """Of the newest articles: how many were looked at, the middle length of their bodies, and the share that has each field."""
    recent = samples[:RECENT]
    if not recent:
        return {}
    shares = {name.rpartition(" ")[2]: sum(map(has, recent)) / len(recent) for name, has in _FIELDS.items()}
    return {"articles": len(recent), "characters": median(one.characters for one in recent)} | shares


_FIELDS: Final[dict[str, Callable[[Sample], bool]]] = {
    "a date": lambda one: one.date,
    "authors": lambda one: one.authors,
    "a section": lambda one: one.section,
}


def _poorer(samples: Sequence[Sample]) -> Iterator[str]:
    recent, before = samples[:RECENT], samples[RECENT:]
    if len(before) < BEFORE:
        return
    now, usual = (median(one.characters for one in some) for some in (recent, before))
    if now < 0.5 * usual:
        yield f"bodies of {now:.0f} characters; usual: {usual:.0f}"
    for name, has in _FIELDS.items():
        is_now, was = (sum(map(has, some)) / len(some) for some in (recent, before))
        if was >= 0.5 and is_now <= 0.5 * was:
            yield f"{name}: {is_now:.0%} of the last {len(recent)} articles; usual: {was:.0%}"
