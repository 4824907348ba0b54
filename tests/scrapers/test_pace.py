"""Night rest and hourly budgets: the rules by the clock, and crawls that keep to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scrapers.backfill import DateRange
from scrapers.dates import LIMA
from scrapers.items import Outcome
from scrapers.pace import HOUR, HourlyBudget, Rest
from tests.scrapers.conftest import RunCrawl
from tests.scrapers.site import Site, article, feed, item, outlet
from tests.scrapers.test_backfill import with_archive

HOURS = 3600.0


@pytest.mark.parametrize(
    ("rest", "at", "left"),
    [
        ("01:00-05:00", "00:59:59", 0),
        ("01:00-05:00", "01:00:00", 4 * HOURS),
        ("01:00-05:00", "04:59:59", 1),
        ("01:00-05:00", "05:00:00", 0),
        ("23:00-05:30", "23:00:00", 6.5 * HOURS),
        ("23:00-05:30", "00:00:00", 5.5 * HOURS),
        ("23:00-05:30", "05:30:00", 0),
        ("23:00-05:30", "22:59:59", 0),
        (" 1:00 - 5:00 ", "03:00:00", 2 * HOURS),
    ],
)
def test_when_there_is_rest(rest: str, at: str, left: float) -> None:
    now = datetime.fromisoformat(f"2026-11-23T{at}").replace(tzinfo=LIMA)
    assert Rest.parse(rest).left(now.astimezone(UTC)) == left


@pytest.mark.parametrize("text", ["", "1-5", "25:00-05:00", "01:60-05:00", "01:00", "05:00-05:00"])
def test_what_is_no_rest(text: str) -> None:
    with pytest.raises(ValueError, match=r"01:00-05:00|begins when it ends"):
        Rest.parse(text)


def test_a_budget_is_of_any_hour() -> None:
    moments = [0.0, 10.0, 20.0, HOUR - 1, HOUR, HOUR + 5, HOUR + 10, HOUR + 10]
    budget = HourlyBudget(2, now=iter(moments).__next__)
    taken = [budget.take("a.example") for _ in moments[1:]]
    assert taken == [0.0, 0.0, HOUR - 20, 1.0, 0.0, 5.0, 0.0]
    assert budget.take("b.example") == 0.0
    unbound = HourlyBudget(0)
    assert [unbound.take("a.example") for _ in range(10_000)] == [0.0] * 10_000


def test_what_the_hour_does_not_allow_comes_later(run_crawl: RunCrawl) -> None:
    pages = {f"/nota-{n}": article(f"Nota {n}") for n in range(5)}
    with (
        Site({"/feed": feed(*(item(path, body="") for path in pages))} | pages) as site,
        Site({"/feed": feed(item("/nota-9"))}) as other,
    ):
        outlets = [outlet("a", site), outlet("b", other)]
        first = run_crawl(outlets, requests_per_hour=4)
        assert site.paths == ["/robots.txt", "/feed", "/nota-0", "/nota-1"]
        assert (first.summary.stopped, first.summary.left) == ("hour", {"a": 3})
        assert first.summary.counts == {
            "a": {Outcome.NEW: 2, Outcome.FEED_READ: 1},
            "b": {Outcome.NEW: 1, Outcome.FEED_READ: 1},
        }
        second = run_crawl(outlets, first.store)
        assert site.paths[4:] == ["/feed", "/nota-2", "/nota-3", "/nota-4"]
        assert (second.summary.stopped, len(second.store.articles)) == (None, 6)


def test_nothing_is_asked_at_night(run_crawl: RunCrawl) -> None:
    now = datetime.now(LIMA)
    night = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    with Site({"/feed": feed(item("/nota-1"))}) as site:
        done = run_crawl([outlet("a", site)], rest=night)
        assert (site.paths, done.store.fetches) == ([], [])
        assert (done.summary.stopped, done.summary.left, done.summary.counts) == ("rest", {"a": 1}, {"a": {}})
        day = f"{now + timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
        assert run_crawl([outlet("a", site)], rest=day).summary.complete


def test_a_backfill_waits(run_crawl: RunCrawl) -> None:
    now = datetime.now(LIMA)
    night = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    day = date(2024, 1, 10)
    with Site({}) as site:
        done = run_crawl([with_archive(site)], rest=night, max_seconds=1.0, backfill=DateRange(first=day, last=day))
        assert site.paths == []
    assert (done.summary.stopped, done.summary.left) == ("time", {"diario": 1})
