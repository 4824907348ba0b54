"""States of outlets: each provoked, from figures and from an archive; what is usual is learned by weekday."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive import Archive, RunState
from pipeline.archive.watching import OutletState
from pipeline.monitor import (
    Answer,
    Look,
    Notice,
    Observed,
    Sample,
    State,
    StateChange,
    Verdict,
    coverage,
    judge,
    observe,
    watch_step,
)
from pipeline.monitor.holidays import is_holiday
from pipeline.monitor.usual import LIMA, hour_of, unusual_silence
from pipeline.records import decode
from pipeline.settings import Settings
from scrapers.items import Outcome
from scrapers.outlet import EntryKind, EntryPoint, Outlet, OutletKind
from tests.pipeline.archive_samples import article, fetch

TUESDAY = datetime(2025, 10, 14, 17, tzinfo=UTC)  # noon in Lima
FEED = "https://diario.example.pe/feed/"
WEEKS = timedelta(weeks=8)


def every(hours: int, *, until: datetime = TUESDAY, weeks: int = 9) -> Counter[int]:
    """One article in so many hours."""
    last = hour_of(until)
    return Counter(range(last, last - weeks * 168, -hours))


def answer(outcome: Outcome = Outcome.FEED_READ, **more: object) -> Answer:
    values = {"url": FEED, "guess": False, "outcome": outcome, "status": 200, "failures": 0}
    return Answer(**(values | more))  # type: ignore[arg-type]


def failing(outcome: Outcome, status: int | None = None, failures: int = 1, **more: object) -> Answer:
    return answer(outcome, status=status, failures=failures, **more)


def sample(characters: int = 1800, *, date: bool = True, authors: bool = True, section: bool = True) -> Sample:
    return Sample(characters=characters, date=date, authors=authors, section=section)


HEALTHY = Observed(
    answers=(answer(),),
    looks=tuple(Look(at=TUESDAY - timedelta(hours=n), good=1, known=30) for n in range(30)),
    begun=TUESDAY - WEEKS,
    looked=TUESDAY,
    hours=every(1),
    samples=(sample(),) * 100,
)
SECOND = "https://diario.example.pe/portada"


def bad(**outcomes: int) -> Look:
    return Look(at=TUESDAY, good=1, bad={Outcome(name): n for name, n in outcomes.items()})


TEXTLESS = tuple(replace(bad(no_text=9), at=TUESDAY - timedelta(hours=n)) for n in range(50))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict(state=State.OK)),
        ({"enabled": False, "disabled_reason": "closed"}, Verdict(state=State.DISABLED, reason="closed")),
        ({"answers": ()}, Verdict(state=State.NEW, reason="never asked")),
        (
            {"begun": TUESDAY - timedelta(days=3)},
            Verdict(state=State.NEW, reason="watched for 3 d: too short to judge"),
        ),
        (
            {"hours": Counter(dict(list(every(1).items())[:19]))},
            Verdict(state=State.NEW, reason="too few articles to know what is usual"),
        ),
        (
            {"answers": (failing(Outcome.BLOCKED, 403),)},
            Verdict(state=State.BLOCKED, reason=f"{FEED}: blocked 403, once"),
        ),
        (
            {"answers": (failing(Outcome.NOT_A_FEED, 200, detail="expected a feed, got an HTML page ('Portada')"),)},
            Verdict(
                state=State.CHANGED,
                reason=f"{FEED}: not a feed 200 (expected a feed, got an HTML page ('Portada')), once",
            ),
        ),
        (
            {"looks": (Look(at=TUESDAY, good=1, known=7, strangers=22), *HEALTHY.looks[1:])},
            Verdict(
                state=State.DEGRADED,
                reason="22 of the 30 addresses that it lists do not have the form of an article; usual: 0%: check article_url",
            ),
        ),
        (
            {"looks": (Look(at=TUESDAY, known=5, strangers=25),)},
            Verdict(
                state=State.DEGRADED,
                reason="25 of the 30 addresses that it lists do not have the form of an article: check article_url",
            ),
        ),
        (
            {"looks": tuple(Look(at=TUESDAY - timedelta(hours=n), known=10, strangers=20) for n in range(30))},
            Verdict(state=State.OK),
        ),
        ({"looks": (Look(at=TUESDAY, known=1, strangers=8), *HEALTHY.looks[1:])}, Verdict(state=State.OK)),
        (
            {"answers": (failing(Outcome.HTTP_ERROR, 401, 2),)},
            Verdict(state=State.BLOCKED, reason=f"{FEED}: http error 401, 2 times in a row"),
        ),
        (
            {"answers": (failing(Outcome.FORBIDDEN_BY_ROBOTS),)},
            Verdict(state=State.BLOCKED, reason=f"{FEED}: forbidden by robots, once"),
        ),
        (
            {"answers": (failing(Outcome.NETWORK_ERROR),)},
            Verdict(state=State.FAILING, reason=f"{FEED}: network error, once"),
        ),
        (
            {"answers": (failing(Outcome.HTTP_ERROR, 502),)},
            Verdict(state=State.FAILING, reason=f"{FEED}: http error 502, once"),
        ),
        (
            {"answers": (failing(Outcome.HTTP_ERROR, 404),)},
            Verdict(state=State.CHANGED, reason=f"{FEED}: http error 404, once"),
        ),
        (
            {"answers": (failing(Outcome.NOT_A_FEED, 200),)},
            Verdict(state=State.CHANGED, reason=f"{FEED}: not a feed 200, once"),
        ),
        (
            {"answers": (failing(Outcome.BROKEN, 200),)},
            Verdict(state=State.CHANGED, reason=f"{FEED}: broken 200, once"),
        ),
        ({"answers": (answer(Outcome.FEED_EMPTY),)}, Verdict(state=State.OK)),
        ({"answers": (answer(), failing(Outcome.BLOCKED, 403, 2, url=SECOND))}, Verdict(state=State.OK)),
        (
            {"answers": (answer(), failing(Outcome.BLOCKED, 403, 3, url=SECOND))},
            Verdict(state=State.DEGRADED, reason=f"1 of 2 entry points: {SECOND}: blocked 403, 3 times in a row"),
        ),
        ({"answers": (answer(), failing(Outcome.HTTP_ERROR, 404, 9, url=SECOND, guess=True))}, Verdict(state=State.OK)),
        (
            {"answers": (failing(Outcome.HTTP_ERROR, 404, 9, guess=True),)},
            Verdict(state=State.CHANGED, reason=f"{FEED}: http error 404, 9 times in a row"),
        ),
        (
            {"looks": (bad(blocked=5), *HEALTHY.looks)},
            Verdict(state=State.BLOCKED, reason="5 of the last 6 pages refused to us"),
        ),
        (
            {"looks": (bad(network_error=2, http_error=3), *HEALTHY.looks)},
            Verdict(state=State.FAILING, reason="5 of the last 6 pages failing"),
        ),
        ({"looks": (bad(http_error=1), *HEALTHY.looks)}, Verdict(state=State.OK)),
        (
            {"looks": (bad(no_text=5), *HEALTHY.looks)},
            Verdict(state=State.DEGRADED, reason="5 of the last 6 pages without a text that can be read"),
        ),
        (
            {"looks": TEXTLESS, "worse_since": TUESDAY - timedelta(days=4)},
            Verdict(state=State.DEGRADED, reason="9 of the last 10 pages without a text that can be read"),
        ),
        ({"looks": TEXTLESS}, Verdict(state=State.OK)),  # it has always been so: videos
        (
            {"looks": (Look(at=TUESDAY, bad={Outcome.OFF_SITE: 20}), *HEALTHY.looks)},
            Verdict(state=State.CHANGED, reason="all 20 addresses that it lists are of other sites"),
        ),
        ({"looks": (bad(off_site=20), *HEALTHY.looks)}, Verdict(state=State.OK)),
        (
            {"hours": every(1, until=TUESDAY - timedelta(hours=8))},
            Verdict(state=State.SILENT, reason="nothing new for 8 h; usual on a Tuesday: up to 1 h"),
        ),
        ({"hours": every(1, until=TUESDAY - timedelta(hours=6))}, Verdict(state=State.OK)),
        (
            {"hours": {}, "begun": TUESDAY - timedelta(weeks=30)},
            Verdict(state=State.SILENT, reason="nothing new for 70 d or longer"),
        ),
        (
            {"hours": {}, "begun": TUESDAY - timedelta(days=22)},
            Verdict(state=State.SILENT, reason="nothing new for 22 d or longer"),
        ),
        (
            {"hours": every(100, until=TUESDAY - timedelta(days=30), weeks=5)},
            Verdict(state=State.SILENT, reason="nothing new for 30 d"),
        ),
        (
            {"hours": every(15 * 24, until=TUESDAY - timedelta(days=30), weeks=5)},
            Verdict(state=State.NEW, reason="too few articles to know what is usual"),
        ),
        (
            {"hours": Counter({hour: 3 if hour <= hour_of(TUESDAY) - 24 else hour % 2 for hour in every(1)})},
            Verdict(state=State.DEGRADED, reason="12 articles in 24 hours; usual until this hour of a Tuesday: 72"),
        ),
        (
            {"samples": (sample(400),) * 20 + (sample(),) * 80},
            Verdict(state=State.DEGRADED, reason="bodies of 400 characters; usual: 1800"),
        ),
        (
            {"samples": (sample(date=False, authors=False),) * 20 + (sample(),) * 80},
            Verdict(
                state=State.DEGRADED,
                reason="a date: 0% of the last 20 articles; usual: 100%; "
                "authors: 0% of the last 20 articles; usual: 100%",
            ),
        ),
        ({"samples": (sample(section=False),) * 20 + (sample(),) * 30}, Verdict(state=State.OK)),
    ],
)
def test_states(change: dict[str, object], expected: Verdict) -> None:
    assert judge(replace(HEALTHY, **change)) == expected  # type: ignore[arg-type]


def test_coverage_of_the_newest_articles() -> None:
    whole = Sample(characters=2_000, date=True, authors=True, section=True)
    bare = Sample(characters=400, date=True, authors=False, section=False)
    assert coverage([whole, bare, bare, bare]) == {
        "articles": 4,
        "characters": 400,
        "date": 1.0,
        "authors": 0.25,
        "section": 0.25,
    }
    assert coverage([]) == {}


def test_a_collapse_is_not_said_when_nobody_looked_in_between() -> None:
    few = {hour: 3 if hour <= hour_of(TUESDAY) - 24 else hour % 2 for hour in every(1)}
    seen = replace(HEALTHY, hours=few, looks=HEALTHY.looks[:1])
    assert judge(seen) == Verdict(state=State.OK)


def test_a_quiet_weekend_is_usual_on_a_weekend_and_not_on_a_weekday() -> None:
    """It publishes hourly from Monday to Friday only (UTC)."""
    weekdays = {hour: 1 for hour in every(1, weeks=10) if (hour // 24 + 3) % 7 < 5}
    sunday = TUESDAY - timedelta(days=2)
    until_friday = {hour: n for hour, n in weekdays.items() if hour <= hour_of(sunday)}
    assert unusual_silence(until_friday, TUESDAY - WEEKS, sunday) is None
    until_monday = {hour: n for hour, n in weekdays.items() if hour <= hour_of(TUESDAY) - 30}
    assert unusual_silence(until_monday, TUESDAY - WEEKS, TUESDAY) == (30.0, 1.0)


@pytest.mark.parametrize(
    ("last", "quiet", "silent"),
    [
        ("2026-07-27 17", "2026-07-30 10", "2026-08-04 08"),  # Independence Day is on a Tuesday and a Wednesday
        ("2026-06-26 17", "2026-06-30 10", "2026-07-01 08"),  # Saint Peter and Saint Paul's on a Monday
        ("2026-04-01 17", "2026-04-06 08", "2026-04-07 08"),  # Holy Thursday and Good Friday
        ("2026-09-21 17", "2026-09-22 17", "2026-09-23 12"),  # nothing is on the 22nd of September
    ],
)
def test_who_rests_on_holidays_is_not_silent(last: str, quiet: str, silent: str) -> None:
    """It publishes hourly from nine to five, Monday to Friday."""
    moments = [datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=LIMA) for text in (last, quiet, silent)]
    days = [moments[0] - timedelta(hours=age) for age in range(70 * 24)]
    hours = {hour_of(at): 1 for at in days if at.weekday() < 5 and 9 <= at.hour <= 17}
    assert unusual_silence(hours, days[-1], moments[1]) is None
    assert unusual_silence(hours, days[-1], moments[2]) is not None


def test_holidays() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(map(is_holiday, year)) == 16
    assert all(is_holiday(day) for day in (date(2024, 3, 29), date(2025, 4, 17), date(2038, 4, 23), date(2027, 7, 28)))
    assert not any(is_holiday(day) for day in (date(2026, 4, 4), date(2026, 7, 30)))


@given(
    st.dictionaries(st.integers(0, 9 * 168), st.integers(1, 50), min_size=1, max_size=300),
    st.integers(0, 400),
)
def test_silence_is_only_ever_ended_by_an_article(ages: dict[int, int], later: int) -> None:
    hours = {hour_of(TUESDAY) - age: n for age, n in ages.items()}
    begun = TUESDAY - WEEKS
    silence = unusual_silence(hours, begun, TUESDAY)
    assert silence is None or silence[0] == min(ages) > max(6, 2.5 * silence[1])
    assert unusual_silence(hours | {hour_of(TUESDAY): 1}, begun, TUESDAY) is None
    if silence is not None:
        same_day = TUESDAY + timedelta(hours=later % 12)
        assert unusual_silence(hours, begun, same_day) is not None


@given(st.integers(1, 48), st.integers(0, 7 * 24))
def test_a_steady_outlet_is_never_silent_while_it_goes_on(step: int, offset: int) -> None:
    now = TUESDAY + timedelta(hours=offset)
    assert unusual_silence(every(step, until=now - timedelta(hours=step - 1), weeks=10), TUESDAY - WEEKS, now) is None


@given(st.integers(1, 24), st.integers(1, 400))
def test_whoever_died_stays_silent_however_long_ago_it_was(step: int, days: int) -> None:
    """When its last articles are too old to be remembered, it is not taken for a new outlet."""
    now, told = TUESDAY, []
    for since in (days, days + 30, days + 60):
        kept = every(step, until=now - timedelta(days=since))
        window = {hour: n for hour, n in kept.items() if hour > hour_of(now - timedelta(weeks=10))}
        told.append(judge(replace(HEALTHY, hours=window, begun=now - timedelta(weeks=100))).state)
    assert told[1:] == [State.SILENT] * 2


# From an archive

OUTLET = Outlet(
    id="diario",
    name="Diario",
    domain="diario.example.pe",
    kind=OutletKind.REGIONAL,
    confidence="high",
    entry_points=(EntryPoint(kind=EntryKind.FEED, url=FEED, status="checked"),),
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(Settings(home=tmp_path)) as opened:
        yield opened


def look(archive: Archive, outcome: Outcome, at: datetime, **more: object) -> list[StateChange]:
    """One run that asks the feed, and judges."""
    archive.begin_run("crawl")
    archive.record(fetch(outcome, at=at, **more))
    changes = watch_step(archive, [OUTLET], ["webhook"], now=at)
    archive.end_run(RunState.FINISHED)
    return changes


def told(archive: Archive) -> list[list[tuple[State, State]]]:
    notices = [decode(Notice, notice.record) for notice in archive.watching.pending_notices()]
    return [[(change.before, change.after) for change in notice.changes] for notice in notices]


def test_an_outlet_goes_through_its_states(archive: Archive) -> None:
    now = datetime.now(UTC)
    steps = [now + timedelta(minutes=n) for n in range(10)]
    assert judge(observe(archive, [OUTLET])["diario"]) == Verdict(state=State.NEW, reason="never asked")
    assert look(archive, Outcome.FEED_READ, steps[0]) == []
    (change,) = look(archive, Outcome.BLOCKED, steps[1], status=403)
    assert (change.before, change.after, change.worse) == (State.NEW, State.BLOCKED, True)
    assert look(archive, Outcome.NOT_MODIFIED, steps[2], status=304) == []  # does not turn it green
    (change,) = look(archive, Outcome.FEED_EMPTY, steps[3])
    assert (change.before, change.after, change.worse) == (State.BLOCKED, State.NEW, False)
    state = archive.watching.states()["diario"]
    assert (state.state, state.since, state.looks) == ("new", steps[3], 1)
    assert told(archive) == [[(State.NEW, State.BLOCKED)], [(State.BLOCKED, State.NEW)]]


def test_a_network_that_fails_once_is_shown_and_not_told_of(archive: Archive) -> None:
    now = datetime.now(UTC)
    assert [one.after for one in look(archive, Outcome.NETWORK_ERROR, now)] == [State.FAILING]
    assert told(archive) == []
    look(archive, Outcome.NETWORK_ERROR, now + timedelta(minutes=1))
    assert told(archive) == [[(State.NEW, State.FAILING)]]
    look(archive, Outcome.NETWORK_ERROR, now + timedelta(minutes=2))
    assert len(told(archive)) == 1


def well_for_weeks(archive: Archive) -> datetime:
    """Now, with an outlet that has been watched for six weeks and was well, and a run that has begun."""
    now = datetime.now(UTC).replace(minute=30)
    begun = now - timedelta(weeks=6)
    archive.begin_run("crawl")
    archive.record(fetch(at=now))
    first = OutletState(outlet="diario", begun=begun, state="ok", reason="", since=begun, looks=9, told="ok")
    archive.watching.save_states([first], at=now)
    return now


def test_bodies_that_stay_short_are_no_recovery(archive: Archive) -> None:
    now = well_for_weeks(archive)

    def publish(numbers: range, characters: int, until: datetime) -> None:
        for number in numbers:
            at = until - timedelta(minutes=10 * (number - numbers.start))
            body = "Una nota. " * (characters // 10)
            archive.save_article(article(number, body=body, published=at, section="Policial"), None)

    publish(range(200), 500, now - timedelta(hours=4))
    publish(range(200, 220), 50, now)
    (change,) = watch_step(archive, [OUTLET], now=now)
    assert (change.after, change.reason) == (State.DEGRADED, "bodies of 50 characters; usual: 500")
    later = now + timedelta(days=2)
    publish(range(300, 500), 50, later)
    archive.record(fetch(at=later))
    assert watch_step(archive, [OUTLET], now=later) == []
    publish(range(600, 620), 500, later + timedelta(hours=5))
    (change,) = watch_step(archive, [OUTLET], now=later)
    assert (change.before, change.after) == (State.DEGRADED, State.OK)


def test_silence_and_shrunken_bodies_are_seen_in_an_archive(archive: Archive) -> None:
    now = well_for_weeks(archive)
    for number in range(200):
        at = now - timedelta(hours=12 + 4 * number)
        body = "Una nota. " * (5 if number < 20 else 50)
        archive.save_article(article(number, body=body, published=at, section="Policial"), None)
    (change,) = watch_step(archive, [OUTLET], now=now)
    assert (change.after, change.reason.partition(";")[0]) == (State.SILENT, "nothing new for 12 h")
    archive.save_article(article("hoy", body="Una nota. " * 5, published=now - timedelta(hours=1)), None)
    (change,) = watch_step(archive, [OUTLET], now=now)
    assert (change.before, change.after, change.worse) == (State.SILENT, State.DEGRADED, False)
    assert change.reason == "bodies of 50 characters; usual: 500"
