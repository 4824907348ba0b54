"""What outlets do wrong, each at a site of its own, all in one crawl: every address ends in exactly the state it should."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from scrapers.items import Outcome
from scrapers.refusals import Refused
from tests.scrapers.conftest import RunCrawl
from tests.scrapers.crawl_driver import Result
from tests.scrapers.site import BODY, HTML, RSS, Answer, Site, article, feed, item, outlet

LARGE = b"<p>" + b"x" * 1_000_000 + b"</p>"
FUTURE = "Mon, 02 Nov 2037 10:00:00 GMT"


@dataclass(frozen=True)
class Case:
    """A site, and what is to become of its addresses: path -> (outcome, a part of the detail)."""

    answers: dict[str, Answer]
    outcomes: dict[str, tuple[Outcome, str | None]]
    entries: tuple[tuple[str, str], ...] = (("feed", "/feed"),)
    asked: list[str] | None = None
    """Paths asked for in order, robots.txt left out; ``None``: not compared."""
    more: dict[str, Any] = field(default_factory=dict)


WALL = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>diario.pe</h1><p>Comprobando que la conexión de este sitio es "
    "segura. El sitio debe revisar la seguridad de su conexión antes de continuar, y eso puede tardar unos segundos.</p></body></html>"
)
"""A page that would be taken for an article by its length."""
READ: tuple[Outcome, str | None] = (Outcome.FEED_READ, None)
NEW: tuple[Outcome, str | None] = (Outcome.NEW, None)

CASES: dict[str, Case] = {
    "feed_404": Case({}, {"/feed": (Outcome.HTTP_ERROR, "404 Not Found")}, asked=["/feed"]),
    "feed_403": Case({"/feed": Answer(status=403)}, {"/feed": (Outcome.BLOCKED, "403 Forbidden")}, asked=["/feed"]),
    "feed_304_without_a_condition": Case(
        {"/feed": Answer(status=304)},
        {"/feed": (Outcome.HTTP_ERROR, "304 Not Modified, to a request without a condition")},
        asked=["/feed"],
    ),
    "feed_410": Case({"/feed": Answer(status=410)}, {"/feed": (Outcome.HTTP_ERROR, "410 Gone")}),
    "feed_500": Case(
        {"/feed": Answer(status=500)},
        {"/feed": (Outcome.HTTP_ERROR, "500 Internal Server Error")},
        asked=["/feed", "/feed", "/feed"],
    ),
    "html_for_a_feed": Case(
        {"/feed": Answer("<!doctype html><html><title>Portada</title></html>", headers=HTML)},
        {"/feed": (Outcome.NOT_A_FEED, "an HTML page ('Portada')")},
    ),
    "no_bytes": Case({"/feed": Answer("", headers=RSS)}, {"/feed": (Outcome.BROKEN, "empty answer")}),
    "broken_xml": Case(
        {"/feed": Answer("<rss><channel><item><title>Robo", headers=RSS)}, {"/feed": (Outcome.BROKEN, "cannot be read")}
    ),
    "entities": Case(
        {"/feed": Answer('<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>', headers=RSS)},
        {"/feed": (Outcome.BROKEN, "entities")},
    ),
    "empty_feed": Case({"/feed": feed()}, {"/feed": (Outcome.FEED_EMPTY, None)}),
    "no_articles_listed": Case(
        {"/feed": feed(item("/quienes-somos"), item("/contacto"))},
        {
            "/feed": (Outcome.BROKEN, "check article_url in outlets/no_articles_listed.yaml"),
            "/quienes-somos": (Outcome.NOT_ARTICLE, None),
            "/contacto": (Outcome.NOT_ARTICLE, None),
        },
        asked=["/feed"],
    ),
    "addresses_that_differ_in_their_queries_alone": Case(
        {"/feed": feed(*(item(f"/?p={number}") for number in range(4)))},
        {
            "/feed": (Outcome.BROKEN, "lists 4 addresses, none of which has the form of an article"),
            "/": (Outcome.NOT_ARTICLE, None),
        },
        asked=["/feed"],
    ),
    "items_without_addresses": Case(
        {"/feed": feed("<item><title>Robo</title></item>", "<item><guid isPermaLink='false'>7</guid></item>")},
        {"/feed": (Outcome.BROKEN, "lists 2 items, none of which has an address of the web")},
    ),
    "some_articles_listed": Case(
        {"/feed": feed(item("/nota-1"), item("/quienes-somos"))},
        {"/feed": READ, "/nota-1": NEW, "/quienes-somos": (Outcome.NOT_ARTICLE, None)},
        asked=["/feed"],
    ),
    "list_built_in_the_browser": Case(
        {"/feed": Answer('<html><div id="app"></div><script src="/app.js"></script></html>', headers=HTML)},
        {"/feed": (Outcome.BROKEN, "without links to the outlet's site: built in the browser")},
        entries=(("listing", "/feed"),),
    ),
    "list_with_addresses_of_a_new_form": Case(
        {
            "/feed": Answer(
                '<html><a href="/policial/cobran-cupos/">x</a><a href="/contacto">y</a></html>', headers=HTML
            )
        },
        {
            "/feed": (
                Outcome.BROKEN,
                "2 links, none of which has the form of an article: check article_url in outlets/list",
            )
        },
        entries=(("listing", "/feed"),),
    ),
    "no_date": Case(
        {"/feed": feed(item("/nota-1", date=""), item("/nota-2"))},
        {"/feed": READ, "/nota-1": (Outcome.NO_DATE, "None"), "/nota-2": NEW},
        asked=["/feed"],
    ),
    "future_date": Case(
        {"/feed": feed(item("/nota-1", date=FUTURE))},
        {"/feed": READ, "/nota-1": (Outcome.NO_DATE, FUTURE)},
        asked=["/feed"],
    ),
    "latin_1": Case(
        {"/feed": Answer(feed(item("/nota-1")).body.encode("latin-1"), headers=RSS)},  # type: ignore[union-attr]
        {"/feed": READ, "/nota-1": NEW},
    ),
    "pages": Case(
        {
            "/feed": feed(*(item(f"/nota-{name}", body="") for name in ("buena", "404", "vacia", "pdf", "corta"))),
            "/nota-buena": article("Cobran cupos a bodegas"),
            "/nota-vacia": Answer("", headers=HTML),
            "/nota-pdf": Answer(b"%PDF-1.7 ...", headers={"Content-Type": "application/pdf"}),
            "/nota-corta": article("Galería", body="<p>Mira las fotos</p>"),
        },
        {
            "/feed": READ,
            "/nota-buena": NEW,
            "/nota-404": (Outcome.HTTP_ERROR, "404 Not Found"),
            "/nota-vacia": (Outcome.BROKEN, "empty"),
            "/nota-pdf": (Outcome.BROKEN, "application/pdf"),
            "/nota-corta": (Outcome.NO_TEXT, "no text"),
        },
    ),
    "off_site": Case(
        {
            "/feed": feed(item("https://otro.example/nota-1"), item("/nota-2", body="")),
            "/nota-2": Answer(status=302, headers={"Location": "https://publicidad.example/x"}),
        },
        {
            "/feed": READ,
            "https://otro.example/nota-1": (Outcome.OFF_SITE, "lists it"),
            "/nota-2": (Outcome.OFF_SITE, "https://publicidad.example/x"),
        },
        asked=["/feed", "/nota-2"],
    ),
    "feed_leads_off_site": Case(
        {"/feed": Answer(status=301, headers={"Location": "http://127.0.0.1:1/feed"})},
        {"/feed": (Outcome.OFF_SITE, "http://127.0.0.1:1/feed")},
        asked=["/feed"],
    ),
    "strange_schemes": Case(
        {
            "/feed": feed(item("/nota-1", body=""), item("/nota-2", body="")),
            "/nota-1": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
            "/nota-2": Answer(status=302, headers={"Location": "ftp://127.0.0.1/nota-2"}),
        },
        {
            "/feed": READ,
            "/nota-1": (Outcome.OFF_SITE, "file:///etc/passwd"),
            "/nota-2": (Outcome.OFF_SITE, "ftp://127.0.0.1/nota-2"),
        },
    ),
    "redirects": Case(
        {
            "/feed": Answer(status=301, headers={"Location": "/feed/"}),
            "/feed/": feed(item("/nota-1", body=""), item("/nota-2", body=""), item("/nota-3", body="")),
            "/nota-1": Answer(status=302, headers={"Location": "{base}/nota-1-nueva"}),
            "/nota-1-nueva": article("Nueva dirección"),
            "/nota-2": Answer(status=302, headers={"Location": "/"}),
            "/": Answer(f"<html><body>{BODY}</body></html>", headers=HTML),
            "/nota-3": Answer(status=302, headers={"Location": "/nota-3"}),
        },
        {
            "/feed": READ,
            "/nota-1": NEW,
            "/nota-2": (Outcome.NO_TEXT, "no article"),
            "/nota-3": (Outcome.HTTP_ERROR, "max redirections reached"),
        },
    ),
    "robots": Case(
        {
            "/robots.txt": Answer("User-agent: *\nDisallow: /nota-privada\n\nUser-agent: otro\nDisallow: /\n"),
            "/feed": feed(item("/nota-1", body=""), item("/nota-privada-2", body="")),
            "/nota-1": article("Permitida"),
            "/nota-privada-2": article("Prohibida"),
        },
        {"/feed": READ, "/nota-1": NEW, "/nota-privada-2": (Outcome.FORBIDDEN_BY_ROBOTS, "robots.txt forbids it")},
        asked=["/feed", "/nota-1"],
    ),
    "robots_for_us": Case(
        {"/robots.txt": Answer("User-agent: Vigia\nDisallow: /\n"), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.FORBIDDEN_BY_ROBOTS, "robots.txt forbids it")},
        asked=[],
    ),
    "robots_behind_a_redirect": Case(
        {
            "/robots.txt": Answer("User-agent: *\nDisallow: /feed-viejo\n"),
            "/feed": Answer(status=301, headers={"Location": "/feed-viejo"}),
            "/feed-viejo": feed(item("/nota-1")),
        },
        {"/feed": (Outcome.FORBIDDEN_BY_ROBOTS, "robots.txt forbids it")},
        asked=["/feed"],
    ),
    "robots_503": Case(
        {"/robots.txt": Answer(status=503), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.FORBIDDEN_BY_ROBOTS, "robots.txt answered 503")},
        asked=[],
    ),
    "robots_403": Case(
        {"/robots.txt": Answer(status=403), "/feed": feed(item("/nota-1"))}, {"/feed": READ, "/nota-1": NEW}
    ),
    "robots_wants_hours": Case(
        {"/robots.txt": Answer("User-agent: *\nCrawl-delay: 3600\n"), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.FORBIDDEN_BY_ROBOTS, "3600 s between requests")},
        asked=[],
    ),
    "too_many_requests": Case(
        {
            "/feed": feed(item("/nota-1", body=""), item("/nota-2", body=""), item("/nota-3")),
            "/nota-1": Answer(status=429, headers={"Retry-After": "60"}),
        },
        {
            "/feed": READ,
            "/nota-1": (Outcome.BLOCKED, "429 Too Many Requests"),
            "/nota-2": (Outcome.BLOCKED, "not asked: the site asked for fewer requests (429) in this run"),
            "/nota-3": NEW,
        },
        asked=["/feed", "/nota-1"],
    ),
    "asks_to_be_left_alone": Case(
        {
            "/feed": feed(item("/nota-1", body=""), item("/nota-2", body="")),
            "/nota-1": Answer(status=503, headers={"Retry-After": "3600"}),
        },
        {
            "/feed": READ,
            "/nota-1": (Outcome.HTTP_ERROR, "503 Service Unavailable"),
            "/nota-2": (
                Outcome.HTTP_ERROR,
                "not asked: the site asked to be left alone (503 Service Unavailable) until",
            ),
        },
        asked=["/feed", "/nota-1"],
    ),
    "robots_asks_to_be_left_alone": Case(
        {"/robots.txt": Answer(status=503, headers={"Retry-After": "7200"}), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.FORBIDDEN_BY_ROBOTS, "robots.txt answered 503")},
        asked=[],
    ),
    "pages_that_keep_robots_out": Case(
        {"/feed": feed(*(item(f"/nota-{n}", body="") for n in range(1, 6)))}
        | {f"/nota-{n}": Answer(WALL, headers=HTML) for n in range(1, 6)},
        {"/feed": READ}
        | {f"/nota-{n}": (Outcome.BLOCKED, "200 OK: a page of Cloudflare that keeps robots out") for n in (1, 2, 3)}
        | {
            f"/nota-{n}": (Outcome.BLOCKED, "not asked: the site answered with a page that keeps robots out 3 times")
            for n in (4, 5)
        },
        asked=["/feed", "/nota-1", "/nota-2", "/nota-3"],
    ),
    "a_wall_before_robots_txt": Case(
        {"/robots.txt": Answer(WALL, headers=HTML), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.BLOCKED, "robots.txt answered with a page of Cloudflare that keeps robots out")},
        asked=[],
    ),
    "a_wall_before_the_feed": Case(
        {"/feed": Answer(WALL, status=503, headers=HTML)},
        {"/feed": (Outcome.BLOCKED, "503 Service Unavailable: a page of Cloudflare")},
    ),
    "forbidden_again_and_again": Case(
        {"/feed": feed(*(item(f"/nota-{n}", body="") for n in range(1, 6)))}
        | {f"/nota-{n}": Answer(status=403) for n in range(1, 6)},
        {"/feed": READ}
        | {f"/nota-{n}": (Outcome.BLOCKED, "403 Forbidden") for n in (1, 2, 3)}
        | {f"/nota-{n}": (Outcome.BLOCKED, "not asked: the site answered 403 3 times in this run") for n in (4, 5)},
        asked=["/feed", "/nota-1", "/nota-2", "/nota-3"],
    ),
    "server_down": Case(
        {"/feed": feed(*(item(f"/nota-{n}", body="") for n in range(1, 7)))}
        | {f"/nota-{n}": Answer(status=502) for n in range(1, 7)},
        {"/feed": READ}
        | {f"/nota-{n}": (Outcome.HTTP_ERROR, "502 Bad Gateway") for n in (1, 2, 3, 4)}
        | {f"/nota-{n}": (Outcome.HTTP_ERROR, "not asked: 4 addresses of the site ended with 502") for n in (5, 6)},
        asked=["/feed", *(f"/nota-{n}" for n in (1, 2, 3, 4) for _ in range(3))],
    ),
    "too_large": Case(
        {
            "/feed": feed(*(item(f"/nota-{name}", body="") for name in ("dicho", "callado", "bomba", "1"))),
            "/nota-dicho": Answer(LARGE * 5, headers=HTML),
            "/nota-callado": Answer(LARGE, headers=HTML, repeat=50),
            "/nota-bomba": Answer(gzip.compress(LARGE * 50), headers=HTML | {"Content-Encoding": "gzip"}),
            "/nota-1": article("De tamaño normal"),
        },
        {
            "/feed": READ,
            "/nota-dicho": (Outcome.TOO_LARGE, "more bytes"),
            "/nota-callado": (Outcome.TOO_LARGE, "more bytes"),
            "/nota-bomba": (Outcome.TOO_LARGE, "unpacks to more bytes"),
            "/nota-1": NEW,
        },
    ),
    "large_feed": Case(
        {"/feed": Answer(LARGE, headers=RSS, repeat=25)}, {"/feed": (Outcome.TOO_LARGE, "more bytes")}, asked=["/feed"]
    ),
    "broken_off": Case(
        {"/feed": Answer("<rss>", headers=RSS, drop=True)}, {"/feed": (Outcome.NETWORK_ERROR, "broke off")}
    ),
    "slow": Case(
        {
            "/feed": feed(item("/nota-1", body=""), item("/nota-2", body="")),
            "/nota-1": Answer("<html>", headers=HTML, seconds=20, drop=True),
            "/nota-2": article("Rápida"),
        },
        {"/feed": READ, "/nota-1": (Outcome.NETWORK_ERROR, "no complete answer in time"), "/nota-2": NEW},
    ),
    "several_entry_points": Case(
        {
            "/feed": feed(item("/nota-1"), item("/nota-2", body="")),
            "/lima": feed(item("/nota-1"), item("/nota-3")),
            "/mapa.xml": Answer(
                '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
                + "".join(f"<url><loc>{{base}}/nota-{n}</loc></url>" for n in (1, 2, 4))
                + "</urlset>",
                headers={"Content-Type": "application/xml"},
            ),
            "/portada": Answer(
                '<a href="/nota-5">Cae banda de extorsionadores</a><a href="/lima">Lima</a>', headers=HTML
            ),
            "/nota-2": article("Dos"),
            "/nota-4": article("Cuatro"),
            "/nota-5": article("Cinco"),
        },
        {
            "/feed": READ,
            "/lima": READ,
            "/mapa.xml": READ,
            "/portada": READ,
            "/nota-1": NEW,
            "/nota-2": NEW,
            "/nota-3": NEW,
            "/nota-4": NEW,
            "/nota-5": NEW,
        },
        entries=(("feed", "/feed"), ("feed", "/lima"), ("news_sitemap", "/mapa.xml"), ("listing", "/portada")),
        asked=["/feed", "/lima", "/mapa.xml", "/portada", "/nota-2", "/nota-4", "/nota-5"],
    ),
    "sitemaps_of_sitemaps": Case(
        {
            "/indice.xml": Answer(
                "<sitemapindex><sitemap><loc>{base}/a.xml</loc></sitemap><sitemap><loc>{base}/vacio.xml</loc></sitemap>"
                "<sitemap><loc>https://otro.example/b.xml</loc></sitemap><sitemap><loc>{base}/indice.xml</loc></sitemap>"
                "</sitemapindex>",
                headers={"Content-Type": "application/xml"},
            ),
            "/a.xml": Answer("<urlset><url><loc>{base}/nota-1</loc></url></urlset>"),
            "/vacio.xml": Answer("<urlset></urlset>"),
            "/nota-1": article("Uno"),
        },
        {"/indice.xml": READ, "/a.xml": READ, "/vacio.xml": (Outcome.FEED_EMPTY, None), "/nota-1": NEW},
        entries=(("news_sitemap", "/indice.xml"),),
        asked=["/indice.xml", "/a.xml", "/vacio.xml", "/nota-1"],
    ),
    "every_form_of_one_address": Case(
        {
            "/feed": feed(
                item("/nota-1?utm_source=rss", body=""),
                item("/nota-1#comentarios", body=""),
                item("/index.php/nota-1?ref=portada", body=""),
            ),
            "/nota-1": article("Uno"),
        },
        {"/feed": READ, "/nota-1": NEW},
        asked=["/feed", "/nota-1"],
        more={"path_rewrites": (("^/index\\.php/", "/"),)},
    ),
}


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, Site]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(Site(case.answers)) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def result(sites: dict[str, Site], run_crawl: RunCrawl) -> Result:
    outlets = [outlet(name, sites[name], *case.entries, **case.more) for name, case in CASES.items()]
    return run_crawl(outlets, timeout=6.0)


@pytest.mark.parametrize("name", CASES)
def test_each_address_ends_in_one_state(name: str, sites: dict[str, Site], result: Result) -> None:
    site, case = sites[name], CASES[name]
    fetches = [fetch for fetch in result.store.fetches if fetch.outlet == name]
    states = [(fetch.url.removeprefix(site.base), fetch.outcome) for fetch in fetches]
    assert sorted(states) == sorted((path, outcome) for path, (outcome, _) in case.outcomes.items())
    for fetch in fetches:
        expected = case.outcomes[fetch.url.removeprefix(site.base)][1]
        assert fetch.detail == expected if expected is None else expected in str(fetch.detail), fetch
    if case.asked is not None:
        assert [path for path in site.paths if path != "/robots.txt"] == case.asked


def test_the_moment_that_a_site_names_is_recorded(result: Result) -> None:
    named = {
        (fetch.outlet, fetch.url.rpartition("/")[2]): round((fetch.not_before - fetch.at).total_seconds() / 60)
        for fetch in result.store.fetches
        if fetch.not_before is not None
    }
    assert named == {
        ("too_many_requests", "nota-1"): 1,
        ("too_many_requests", "nota-2"): 1,
        ("asks_to_be_left_alone", "nota-1"): 60,
        ("asks_to_be_left_alone", "nota-2"): 60,
        ("robots_asks_to_be_left_alone", "feed"): 120,
    }


def test_one_request_at_a_time(sites: dict[str, Site], result: Result) -> None:
    # A request that was given up may still be answered when the next one comes.
    given_up = {"slow", "too_large"}
    others = set(CASES) - given_up
    assert {name: site.most_at_once for name, site in sites.items() if name in others} == dict.fromkeys(others, 1)


def test_summary_counts_what_the_store_was_told(result: Result) -> None:
    told: dict[str, dict[Outcome, int]] = {name: {} for name in CASES}
    for fetch in result.store.fetches:
        told[fetch.outlet][fetch.outcome] = told[fetch.outlet].get(fetch.outcome, 0) + 1
    assert result.summary.counts == told
    assert (result.summary.stopped, result.summary.complete, result.summary.left) == (None, True, {})
    assert result.summary.total(Outcome.FEED_EMPTY) == 2


def test_kept_articles(result: Result, sites: dict[str, Site]) -> None:
    """No more articles than addresses that ended well, each with its text and a pointer to what it was read from."""
    good = {Outcome.NEW, Outcome.NO_DATE}
    expected = sum(outcome in good for case in CASES.values() for outcome, _ in case.outcomes.values())
    assert len(result.store.articles) == expected
    for versions in result.store.articles.values():
        assert len(versions) == 1
        assert "cupo semanal a los dueños de bodegas" in versions[0].body
        pointer = result.store.raw_of[versions[0].id]
        assert pointer is not None
        exchange = result.store.exchanges[int(pointer.removeprefix("raw#"))]
        assert exchange.status == 200
        assert exchange.url.startswith(sites[versions[0].outlet].base)


def test_user_agent_and_no_cookies(result: Result, sites: dict[str, Site]) -> None:
    assert {asked.headers["user-agent"] for site in sites.values() for asked in site.asked} == {"Vigia/0.1.0"}
    for site in sites.values():
        for asked in site.asked:
            assert set(asked.headers) <= {
                "host",
                "user-agent",
                "accept",
                "accept-language",
                "accept-encoding",
                "connection",
            }


def test_refusals_are_what_scrapy_ignores() -> None:
    refused = Refused(Outcome.BLOCKED, "403 Forbidden", 403)
    assert (refused.outcome, refused.detail, refused.status, str(refused)) == (
        Outcome.BLOCKED,
        "403 Forbidden",
        403,
        "403 Forbidden",
    )
