"""Outlets asked live: what they answer, and what that means for their files and for the daily canary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scrapers.advice import advice, faults
from scrapers.check import OutletSeen
from scrapers.crawl import CrawlOptions
from scrapers.items import Outcome
from scrapers.outlet import EntryPoint, Outlet, Selectors
from tests.scrapers.crawl_driver import checked
from tests.scrapers.site import BODY, HTML, PARAGRAPH, Answer, Site, article, feed, item
from tests.scrapers.site import outlet as any_outlet

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOME = (
    '<html><head><link rel="alternate" type="application/rss+xml" href="/feed/nuevo">'
    '<link rel="alternate" type="application/rss+xml" href="/comments/feed/"></head><body>Portada</body></html>'
)
ELSEWHERE = "".join(
    f"<p>Otra historia {n}: vecinos celebran la fiesta patronal con danzas y comida.</p>" for n in range(12)
)
RunCheck = Callable[..., OutletSeen]


@pytest.fixture(scope="module")
def run_check(tmp_path_factory: pytest.TempPathFactory) -> RunCheck:
    """Asks one outlet."""

    def run(asked: Outlet, *, one: bool = False, **options: Any) -> OutletSeen:
        chosen = CrawlOptions(**{"allow_private_addresses": True, "delay": 0.0, "timeout": 20.0} | options)
        (seen,) = checked(tmp_path_factory.mktemp("check"), [asked], chosen, one=one)
        return seen

    return run


def told(seen: OutletSeen, site: Site, now: datetime = NOW) -> list[tuple[str, str, str]]:
    """The advice, without the site's address."""
    given = [(one.key, one.change, one.why) for one in advice(seen, now=now)]
    return [(a.replace(site.base, ""), b.replace(site.base, ""), c.replace(site.base, "")) for a, b, c in given]


def outlet(name: str, site: Site, *entries: tuple[str, str], **more: Any) -> Outlet:
    """An outlet whose file knows where the text of its pages stands."""
    return any_outlet(name, site, *entries, **{"selectors": Selectors(body="article")} | more)


def guessing(asked: Outlet) -> Outlet:
    return replace(asked, entry_points=tuple(replace(each, status="guess") for each in asked.entry_points))


def test_a_file_that_is_right_needs_nothing(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("/nota-1"), item("/nota-2")), "/nota-1": article("Extorsión en nota-1")}) as site:
        seen = run_check(outlet("uno", site))
    assert told(seen, site) == []
    assert faults(seen) == ()
    assert site.paths == ["/robots.txt", "/feed", "/nota-1"]
    assert (seen.entries[0].listed, seen.entries[0].articles, seen.entries[0].whole) == (2, 2, 2)


def test_a_guess_that_answers_is_a_guess_no_more(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("/nota-1", body="")), "/nota-1": article("Extorsión en nota-1")}) as site:
        seen = run_check(replace(guessing(outlet("uno", site)), article_url_status="guess"))
    assert told(seen, site) == [
        ("entry_points: /feed", "status: checked", "note: checked 2026-11-03: 1 articles, 0 with their whole text"),
        ("article_url_status", "checked", "it matches 1 addresses that are listed"),
    ]


def test_a_feed_that_is_gone_and_what_the_site_names_instead(run_check: RunCheck) -> None:
    robots = Answer(
        "User-agent: *\nDisallow:\nSitemap: /sitemap-noticias.xml\nSitemap: https://otra.example/mapa.xml\n"
    )
    with Site({"/robots.txt": robots, "/": Answer(HOME, headers=HTML)}) as site:
        seen = run_check(outlet("uno", site))
    assert told(seen, site) == [
        ("entry_points: /feed", "take it out, or write its new address", "http error 404: 404 Not Found"),
        ("entry_points", "try /feed/nuevo", "the site itself names it"),
        ("entry_points", "try /sitemap-noticias.xml", "the site itself names it"),
    ]
    assert [fault.replace(site.base, "") for fault in faults(seen)] == ["/feed: http error 404: 404 Not Found"]


def test_a_page_where_a_feed_should_be(run_check: RunCheck) -> None:
    page = Answer("<!doctype html><html><head><title>Volvemos pronto</title></head></html>", headers=HTML)
    with Site({"/feed": page}) as site:
        seen = run_check(outlet("uno", site))
    why = "not a feed 200: expected a feed, got an HTML page ('Volvemos pronto')"
    assert told(seen, site) == [("entry_points: /feed", "take it out, or write its new address", why)]


def test_a_feed_that_has_moved(run_check: RunCheck) -> None:
    moved = Answer(status=301, headers={"Location": "/rss/todo.xml"})
    answers = {"/feed": moved, "/rss/todo.xml": feed(item("/nota-1")), "/nota-1": article("Extorsión en nota-1")}
    with Site(answers) as site:
        seen = run_check(outlet("uno", site))
    assert told(seen, site) == [
        ("entry_points: /feed", "url: /rss/todo.xml", "that is where it answers now"),
    ]


def test_a_pattern_that_misses(run_check: RunCheck) -> None:
    listed = feed(item("/nota-1"), *(item(f"/cronica/{n}") for n in range(3)))
    with Site({"/feed": listed, "/nota-1": article("Extorsión en nota-1")}) as site:
        most = run_check(outlet("uno", site))
        none = run_check(outlet("uno", site, pattern="/articulo/"))
    examples = "/cronica/0, /cronica/1, /cronica/2"
    why = "/feed lists 4 addresses, 1 of the form of an article"
    assert told(most, site) == [("article_url", f"match these too, if they are articles: {examples}", why)]
    lists = "lists 4 addresses, none of which has the form of an article"
    assert told(none, site) == [
        ("entry_points: /feed", "article_url: it must match /nota-1, /cronica/0, /cronica/1", lists),
    ]


def test_another_domain(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("https://nuevo.example/nota-1"))}) as site:
        seen = run_check(outlet("uno", site))
    why = "lists 1 addresses, none of which has the form of an article"
    assert told(seen, site) == [
        ("entry_points: /feed", "domain or hosts: it lists https://nuevo.example/nota-1", why),
    ]


@pytest.mark.parametrize(
    ("answers", "change", "why"),
    [
        ({"/feed": Answer(status=403)}, "try again later, and from another network, before changing anything", "blocked 403: 403 Forbidden"),
        (
            {"/robots.txt": Answer("User-agent: *\nDisallow: /feed\n")},
            "take it out: it is not collected",
            "forbidden by robots: robots.txt forbids it",
        ),
        ({"/feed": feed()}, "nothing, if it is new; look again tomorrow", "feed empty"),
    ],
    ids=["blocked", "robots", "empty"],
)  # fmt: skip
def test_what_is_not_to_be_changed(run_check: RunCheck, answers: dict[str, Answer], change: str, why: str) -> None:
    with Site(answers) as site:
        seen = run_check(outlet("uno", site))
    assert told(seen, site) == [("entry_points: /feed", change, why)]


def test_a_feed_that_fell_asleep(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("/nota-1")), "/nota-1": article("Extorsión en nota-1")}) as site:
        seen = run_check(outlet("uno", site))
    assert told(seen, site, now=datetime(2026, 11, 26, tzinfo=UTC)) == [
        ("entry_points: /feed", "take it out, or find out where it went", "its newest article is of 2026-11-02"),
    ]


def test_a_feed_that_is_asked_too_seldom(run_check: RunCheck) -> None:
    items = [item(f"/nota-{n}", date=f"Mon, 02 Nov 2026 10:{10 * n:02}:00 GMT") for n in range(6)]
    with Site({"/feed": feed(*items), "/nota-5": article("Extorsión en nota-5")}) as site:
        seen = run_check(outlet("uno", site))
    assert told(seen, site) == [("poll_minutes", "25", "its feeds hold the articles of 50 minutes only")]


def test_selectors_and_layout_that_do_not_fit_the_page(run_check: RunCheck) -> None:
    page = article("Extorsión en nota-1", body=f'{BODY}<img src="/wp-content/uploads/a.jpg">')
    with Site({"/feed": feed(item("/nota-1")), "/nota-1": page}) as site:
        seen = run_check(outlet("uno", site, selectors=Selectors(body="article", title="h1.titular", authors=".firma")))
    assert told(seen, site) == [
        ("selectors", "mend title: h1.titular", "it finds nothing in /nota-1"),
        ("selectors", "mend authors: .firma", "it finds nothing in /nota-1"),
        ("layout", "wordpress", "/nota-1 is built that way"),
    ]


def test_the_newest_page_may_be_a_gallery(run_check: RunCheck) -> None:
    items = [item(f"/nota-{n}", body="", date=f"Mon, 02 Nov 2026 1{n}:00:00 GMT") for n in range(4)]
    answers = {"/feed": feed(*items), "/nota-3": article("Galería", body=""), "/nota-2": article("Extorsión en nota-2")}
    with Site(answers) as site:
        seen = run_check(outlet("uno", site))
        site.answers["/nota-2"] = site.answers["/nota-1"] = site.answers["/nota-3"]
        galleries = run_check(outlet("uno", site))
    assert [page.outcome for page in seen.pages] == [Outcome.NO_TEXT, Outcome.NEW]
    assert faults(seen) == ()
    assert [page.outcome for page in galleries.pages] == [Outcome.NO_TEXT] * 3
    (fault,) = faults(galleries)
    assert fault.startswith(f"{site.base}/nota-1: no text: ")


def test_a_page_that_gives_another_text_than_the_feed(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("/nota-1")), "/nota-1": article("Extorsión en nota-1", body=ELSEWHERE)}) as site:
        other = run_check(outlet("uno", site))
        site.answers["/nota-1"] = article("Extorsión en nota-1", body=f"<p>{PARAGRAPH}</p>")
        part = run_check(outlet("uno", site))
    assert [fault.partition(": ")[2][:48] for fault in faults(other)] == [
        "the page and the feed give different texts (144 "
    ]
    (shorter,) = faults(part)
    assert shorter == f"{site.base}/nota-1: the page gives 39 words of the feed's 164"
    assert told(part, site) == [("selectors", "look at the page", "/nota-1: the page gives 39 words of the feed's 164")]


def test_a_page_that_is_refused_beside_a_feed_that_is_whole(run_check: RunCheck) -> None:
    """Peru21's way: the feed answers, the pages do not. Articles come through."""
    with Site({"/feed": feed(item("/nota-1")), "/nota-1": Answer(status=403)}) as site:
        seen = run_check(outlet("uno", site))
    assert faults(seen) == ()
    assert told(seen, site) == [("selectors", "see why", "/nota-1: blocked: 403 Forbidden")]


def test_an_index_of_sitemaps(run_check: RunCheck) -> None:
    rows = "<url><loc>{base}/nota-1</loc><lastmod>2026-11-02T10:00:00Z</lastmod></url>"
    index = "".join(f"<sitemap><loc>{{base}}/{name}.xml</loc></sitemap>" for name in ("paginas", "noticias"))
    answers = {
        "/mapa.xml": Answer(
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{index}</sitemapindex>'
        ),
        "/noticias.xml": Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'),
        "/nota-1": article("Extorsión en nota-1"),
    }
    with Site(answers) as site:
        seen = run_check(outlet("uno", site, ("news_sitemap", "/mapa.xml")))
    assert told(seen, site) == []
    assert site.paths == ["/robots.txt", "/mapa.xml", "/noticias.xml", "/nota-1"]


def test_a_canary_asks_no_more_than_it_needs(run_check: RunCheck) -> None:
    answers = {"/b": feed(item("/nota-1")), "/c": feed(item("/nota-2")), "/nota-1": article("Extorsión en nota-1")}
    with Site(answers) as site:
        seen = run_check(outlet("uno", site, ("feed", "/a"), ("feed", "/b"), ("feed", "/c")), one=True)
    assert site.paths == ["/robots.txt", "/a", "/b", "/nota-1"]
    assert faults(seen) == ()
    assert seen.page is not None
    assert seen.page.article is not None
    assert seen.page.article.title == "Extorsión en nota-1"


def test_an_article_without_a_date_does_not_come_through_whole(run_check: RunCheck) -> None:
    with Site(
        {"/feed": feed(item("/nota-1", body="", date="")), "/nota-1": article("Extorsión", published="")}
    ) as site:
        seen = run_check(outlet("uno", site), one=True)
    assert faults(seen) == (f"{site.base}/nota-1: no usable date (as written: None)",)


def test_a_text_that_nobody_knows_the_place_of(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("/nota-1")), "/nota-1": article("Extorsión en nota-1")}) as site:
        seen = run_check(any_outlet("uno", site))
    why = "in /nota-1 the text was found by guesswork (trafilatura)"
    assert told(seen, site) == [("selectors", "body: the element that holds the text", why)]


def test_night_rest(run_check: RunCheck) -> None:
    with Site({"/feed": feed(item("/nota-1"))}) as site:
        seen = run_check(outlet("uno", site), one=True, rest="00:00-23:59")
    assert site.paths == []
    assert faults(seen) == ("not asked to the end: night rest, or the budget of the hour",)


def test_a_pattern_of_entry_points_is_compared_one_by_one(run_check: RunCheck) -> None:
    """Each entry point gets its own verdict."""
    with Site({"/a": feed(item("/nota-1")), "/nota-1": article("Extorsión en nota-1")}) as site:
        asked = outlet("uno", site, ("feed", "/a"), ("listing", "/b"))
        points: tuple[EntryPoint, ...] = (asked.entry_points[0], replace(asked.entry_points[1], status="guess"))
        seen = run_check(replace(asked, entry_points=points))
    assert told(seen, site) == [
        ("entry_points: /b", "take it out, or write its new address", "http error 404: 404 Not Found"),
    ]
