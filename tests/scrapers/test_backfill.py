"""Going back: days into addresses, sheet after sheet, killed and carried on."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.backfill import DateRange, archived_entries, past_days
from scrapers.entries import entries_of
from scrapers.items import Outcome
from scrapers.outlet import ArchivePoint, EntryKind, Outlet, OutletError, OutletKind, load_outlets
from tests.scrapers.conftest import RunCrawl
from tests.scrapers.crawl_driver import MemoryStore, Result
from tests.scrapers.site import BODY, Answer, Site, article, feed, item, outlet

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 22:00 of the day before in Lima
DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
JSON = {"Content-Type": "application/json"}


def archive(url: str, kind: str = "listing", **more: Any) -> ArchivePoint:
    return ArchivePoint(kind=EntryKind(kind), url=url, status="checked", **more)


def paper(*archives: ArchivePoint) -> Outlet:
    return Outlet(
        id="diario",
        name="Diario",
        domain="diario.example.pe",
        kind=OutletKind.NATIONAL,
        confidence="high",
        archives=archives,
    )


def addresses(wanted: DateRange, *archives: ArchivePoint) -> list[str]:
    return [entry.url for entry in archived_entries(paper(*archives), wanted, now=NOW)]


@given(DAYS, DAYS)
def test_parts_are_the_whole(first: date, last: date) -> None:
    wanted = DateRange(first=min(first, last), last=max(first, last))
    for parts in (list(wanted.days()), list(wanted.months())):
        assert (parts[0].first, parts[-1].last) == (wanted.first, wanted.last)
        for one, other in pairwise(parts):
            assert one.last + timedelta(days=1) == other.first
    assert all((part.first.year, part.first.month) == (part.last.year, part.last.month) for part in wanted.months())


def test_days_are_limas() -> None:
    day = DateRange(first=date(2024, 1, 31), last=date(2024, 1, 31))
    assert (day.begin, day.end) == (datetime(2024, 1, 31, 5, tzinfo=UTC), datetime(2024, 2, 1, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2024-03-02", "2024-03-01", "2024-03-01 is before 2024-03-02"),
        ("2026-11-20", "2026-11-23", "2026-11-23 has not come yet: today it is 2026-11-22 in Lima"),
    ],
)
def test_wrong_days(first: str, last: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        past_days(date.fromisoformat(first), date.fromisoformat(last), now=NOW)


def test_one_address_for_each_day_the_oldest_first() -> None:
    wanted = DateRange(first=date(2024, 2, 28), last=date(2024, 3, 1))
    by_day = archive("https://diario.example.pe/archivo/{YYYY-MM-DD}/")
    by_parts = archive("https://diario.example.pe/mapa/{YYYY}/{MM}/{DD}", "news_sitemap")
    assert addresses(wanted, by_day, by_parts) == [
        "https://diario.example.pe/archivo/2024-02-28/",
        "https://diario.example.pe/mapa/2024/02/28",
        "https://diario.example.pe/archivo/2024-02-29/",
        "https://diario.example.pe/mapa/2024/02/29",
        "https://diario.example.pe/archivo/2024-03-01/",
        "https://diario.example.pe/mapa/2024/03/01",
    ]


def test_one_address_for_each_month() -> None:
    wanted = DateRange(first=date(2024, 2, 15), last=date(2024, 3, 31))
    posts = archive("https://diario.example.pe/posts?after={day_before}T23:59:59&before={day_after}&page={page}")
    notices = archive("https://diario.example.pe/b.json?desde={from_dmy}&hasta={until_dmy}&sheet={page}")
    assert addresses(wanted, posts, notices) == [
        "https://diario.example.pe/posts?after=2024-02-14T23:59:59&before=2024-03-01&page=1",
        "https://diario.example.pe/b.json?desde=15-02-2024&hasta=29-02-2024&sheet=1",
        "https://diario.example.pe/posts?after=2024-02-29T23:59:59&before=2024-04-01&page=1",
        "https://diario.example.pe/b.json?desde=01-03-2024&hasta=31-03-2024&sheet=1",
    ]
    first = archived_entries(paper(posts), wanted, now=NOW)[0]
    second = first.following()
    assert second is not None
    assert second.url == "https://diario.example.pe/posts?after=2024-02-14T23:59:59&before=2024-03-01&page=2"


def test_how_far_back_an_archive_reaches() -> None:
    wanted = DateRange(first=date(2026, 11, 18), last=date(2026, 11, 22))
    short = archive("https://diario.example.pe/corto/{YYYY-MM-DD}", days_back=1)
    young = archive("https://diario.example.pe/nuevo/{YYYY-MM-DD}", earliest=date(2026, 11, 22))
    assert addresses(wanted, short, young) == [
        "https://diario.example.pe/corto/2026-11-21",
        "https://diario.example.pe/corto/2026-11-22",
        "https://diario.example.pe/nuevo/2026-11-22",
    ]
    assert addresses(DateRange(first=date(2020, 1, 1), last=date(2020, 1, 2)), short, young) == []


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://diario.example.pe/{dia}", "unknown placeholder {dia}"),
        ("https://diario.example.pe/{page}", "needs a placeholder for the day or month"),
        ("https://diario.example.pe/archivo", "needs a placeholder for the day or month"),
        ("ftp://diario.example.pe/{YYYY-MM-DD}", "must begin with http"),
    ],
)
def test_templates_that_are_refused(tmp_path: Any, url: str, fault: str) -> None:
    (tmp_path / "diario.yaml").write_text(
        "name: Diario\ndomain: diario.example.pe\nkind: national\nconfidence: high\n"
        "entry_points: [{kind: feed, url: 'https://diario.example.pe/f', status: guess}]\n"
        f"archives: [{{kind: listing, url: '{url}', status: guess}}]\n"
    )
    with pytest.raises(OutletError, match="archives") as caught:
        load_outlets(tmp_path)
    assert fault in str(caught.value)


def test_archives_that_ship() -> None:
    reaching = {
        name
        for name, each in load_outlets().items()
        if archived_entries(each, DateRange(first=date(2024, 1, 1), last=date(2024, 1, 2)), now=NOW)
    }
    assert {"elcomercio", "gestion", "correo", "ojo", "trome", "rpp", "gobpe", "diariodechimbote"} <= reaching
    assert not {"larepublica", "andina", "infobae_peru"} & reaching


# --- crawls


def posts(*paths: str, day: str = "2024-01-10") -> Answer:
    rows = [
        {
            "id": number,
            "link": "{base}" + path,
            "date_gmt": f"{day}T15:00:00",
            "modified_gmt": f"{day}T15:00:00",
            "title": {"rendered": f"Cobro de cupos en {path}"},
            "content": {"rendered": BODY},
        }
        for number, path in enumerate(paths)
    ]
    return Answer(json.dumps(rows), headers=JSON)


MONTH = "/wp?a=2024-01-09&b=2024-02-01&page="
ANSWERS = {
    "/archivo/2024-01-10": Answer('<a href="/nota-1">Uno</a><a href="/nota-2">Dos</a>'),
    "/archivo/2024-01-11": Answer("<p>No hay notas.</p>"),
    "/archivo/2024-01-12": Answer('<a href="/nota-3">Tres</a><a href="/nota-1">Uno</a>'),
    "/nota-1": article("Uno"),
    "/nota-2": article("Dos"),
    "/nota-3": article("Tres"),
}
THREE_DAYS = DateRange(first=date(2024, 1, 10), last=date(2024, 1, 12))


def with_archive(site: Site, path: str = "/archivo/{YYYY-MM-DD}", kind: str = "listing") -> Outlet:
    return outlet("diario", site, archives=(archive(site.base + path, kind),))


def outcomes(result: Result, site: Site, since: int = 0) -> list[tuple[str, Outcome]]:
    return [(fetch.url.removeprefix(site.base), fetch.outcome) for fetch in result.store.fetches[since:]]


def test_a_backfill_and_the_next_one(run_crawl: RunCrawl) -> None:
    with Site(ANSWERS) as site:
        done = run_crawl([with_archive(site)], backfill=THREE_DAYS)
        assert outcomes(done, site) == [
            ("/nota-1", Outcome.NEW),
            ("/nota-2", Outcome.NEW),
            ("/archivo/2024-01-10", Outcome.FEED_DONE),
            ("/archivo/2024-01-11", Outcome.FEED_EMPTY),
            ("/nota-3", Outcome.NEW),
            ("/archivo/2024-01-12", Outcome.FEED_DONE),
        ]
        assert done.summary.complete
        asked = len(site.asked)
        again = run_crawl([with_archive(site)], done.store, backfill=THREE_DAYS)
        assert (site.paths[asked:], again.store.fetches) == ([], done.store.fetches)


def test_a_backfill_with_few_pages_a_time(run_crawl: RunCrawl) -> None:
    """Every run goes on where the last one ended; a sheet counts only when its articles are there."""
    with Site(ANSWERS) as site:
        store, asked, stopped = MemoryStore(), [], []
        for _ in range(4):
            before = len(site.asked)
            result = run_crawl([with_archive(site)], store, backfill=THREE_DAYS, max_pages=2)
            store = result.store
            asked.append([path for path in site.paths[before:] if path != "/robots.txt"])
            stopped.append(result.summary.stopped)
    assert asked == [
        ["/archivo/2024-01-10", "/nota-1"],
        ["/archivo/2024-01-10", "/nota-2"],
        ["/archivo/2024-01-11", "/archivo/2024-01-12"],
        ["/archivo/2024-01-12", "/nota-3"],
    ]
    assert stopped == ["pages", "pages", "pages", None]
    assert sorted(len(versions) for versions in store.articles.values()) == [1, 1, 1]


def test_a_sheet_with_a_page_that_failed_is_asked_again(run_crawl: RunCrawl) -> None:
    with Site(ANSWERS | {"/nota-2": Answer(status=503)}) as site:
        day = DateRange(first=date(2024, 1, 10), last=date(2024, 1, 10))
        first = run_crawl([with_archive(site)], backfill=day)
        assert outcomes(first, site)[-1] == ("/archivo/2024-01-10", Outcome.FEED_READ)
        site.answers["/nota-2"] = article("Dos")
        known = len(first.store.fetches)
        second = run_crawl([with_archive(site)], first.store, backfill=day)
        assert outcomes(second, site, known) == [
            ("/nota-1", Outcome.UNCHANGED),
            ("/nota-2", Outcome.NEW),
            ("/archivo/2024-01-10", Outcome.FEED_DONE),
        ]


def test_a_site_that_does_not_answer_is_not_asked_for_every_day(run_crawl: RunCrawl) -> None:
    """Nor is a day that was not asked for entered as failed; the next crawl begins with it."""
    with Site(ANSWERS | {"/robots.txt": Answer(status=503)}) as site:
        first = run_crawl([with_archive(site)], backfill=THREE_DAYS)
        assert outcomes(first, site) == [("/archivo/2024-01-10", Outcome.FORBIDDEN_BY_ROBOTS)]
        assert (first.summary.stopped, first.summary.left) == ("site", {"diario": 2})
        site.answers["/robots.txt"] = Answer(status=404)
        second = run_crawl([with_archive(site)], first.store, backfill=THREE_DAYS)
        assert second.summary.complete
        assert len(second.store.articles) == 3


def test_today_is_never_final(run_crawl: RunCrawl) -> None:
    today = datetime.now(UTC).astimezone().date() - timedelta(days=1)
    day = DateRange(first=today, last=today)
    with Site({f"/archivo/{today}": Answer('<a href="/nota-1">Uno</a>'), "/nota-1": article("Uno")}) as site:
        first = run_crawl([with_archive(site)], backfill=day)
        second = run_crawl([with_archive(site)], first.store, backfill=day)
        assert site.paths.count(f"/archivo/{today}") == 2
        assert site.paths.count("/nota-1") == 1
        assert len(second.store.articles) == 1


def test_sheets_of_a_month(run_crawl: RunCrawl) -> None:
    """WordPress answers 400 behind its last sheet; what is not of these days is left."""
    answers = {
        MONTH + "1": posts("/nota-1", "/nota-2"),
        MONTH + "2": posts("/nota-3", "/nota-3"),
        MONTH + "3": posts("/nota-4", day="2024-02-02"),
        MONTH + "4": posts("/nota-5", day="2023-12-31"),
        MONTH + "5": Answer('{"code":"rest_post_invalid_page_number"}', status=400, headers=JSON),
    }
    wanted = DateRange(first=date(2024, 1, 10), last=date(2024, 1, 31))
    with Site(answers) as site:
        paged = with_archive(site, "/wp?a={day_before}&b={day_after}&page={page}", "wp_json")
        done = run_crawl([paged], backfill=wanted)
        assert outcomes(done, site) == [
            ("/nota-1", Outcome.NEW),
            ("/nota-2", Outcome.NEW),
            (MONTH + "1", Outcome.FEED_DONE),
            ("/nota-3", Outcome.NEW),
            (MONTH + "2", Outcome.FEED_DONE),
            ("/nota-4", Outcome.TOO_NEW),
            (MONTH + "3", Outcome.FEED_DONE),
            ("/nota-5", Outcome.TOO_OLD),
            (MONTH + "4", Outcome.FEED_DONE),
            (MONTH + "5", Outcome.FEED_EMPTY),
        ]
        asked = len(site.asked)
        run_crawl([paged], done.store, backfill=wanted)
        assert site.paths[asked:] == []


def test_an_archive_that_repeats_its_last_sheet_ends(run_crawl: RunCrawl) -> None:
    answers = {MONTH + str(number): posts("/nota-1") for number in range(1, 9)}
    with Site(answers) as site:
        paged = with_archive(site, "/wp?a={day_before}&b={day_after}&page={page}", "wp_json")
        done = run_crawl([paged], backfill=DateRange(first=date(2024, 1, 10), last=date(2024, 1, 31)))
        assert outcomes(done, site) == [
            ("/nota-1", Outcome.NEW),
            (MONTH + "1", Outcome.FEED_DONE),
            (MONTH + "2", Outcome.FEED_EMPTY),
        ]


SINCE = datetime(2024, 1, 9, tzinfo=UTC)


def test_a_usual_crawl_reads_sheets_until_since(run_crawl: RunCrawl) -> None:
    answers = {
        "/wp": posts("/nota-1"),
        "/wp?page=2": posts("/nota-2"),
        "/wp?page=3": posts("/nota-3", "/nota-4", day="2024-01-08"),
        "/wp?page=4": posts("/nota-5", day="2024-01-07"),
    }
    with Site(answers) as site:
        paged = outlet("diario", site, ("wp_json", "/wp"))
        done = run_crawl([paged], since=SINCE)
        assert outcomes(done, site) == [
            ("/nota-1", Outcome.NEW),
            ("/wp", Outcome.FEED_READ),
            ("/nota-2", Outcome.NEW),
            ("/wp?page=2", Outcome.FEED_READ),
            ("/nota-3", Outcome.TOO_OLD),
            ("/nota-4", Outcome.TOO_OLD),
            ("/wp?page=3", Outcome.FEED_READ),
        ]
        without = run_crawl([paged])
        assert outcomes(without, site) == [("/nota-1", Outcome.NEW), ("/wp", Outcome.FEED_READ)]


def test_only_numbered_lists_have_sheets() -> None:
    with Site({"/feed": feed(item("/nota-1"))}) as site:
        entries = entries_of(outlet("diario", site, ("feed", "/feed"), ("gobpe_api", "/b.json?a[]=x&sheet=1&t=y")))
    assert [entry.following() and entry.following().url.removeprefix(site.base) for entry in entries] == [  # type: ignore[union-attr]
        None,
        "/b.json?a[]=x&sheet=2&t=y",
    ]
