"""The rules of a crawl one by one: addresses that are public, delays that sites ask for, settings, options, refusals."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from twisted.internet.error import ConnectionLost

from scrapers.items import Outcome
from scrapers.middlewares import AddressMiddleware, LocationMiddleware, site_of
from scrapers.refusals import Refused, asked_pause, refusal_for, refusal_of
from scrapers.robots import asked_delay
from scrapers.settings import CrawlOptions, crawl_settings, user_agent
from scrapers.spider import OutletSpider

PUBLIC = ["8.8.8.8", "[2606:4700:4700::1111]"]
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[::]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[fec0::1]",
    "[ff02::1]",
]


def check_address(host: str, *, allow: bool = False) -> None:
    options = CrawlOptions(allow_private_addresses=allow)
    middleware = AddressMiddleware(Crawler(OutletSpider, crawl_settings(options)))
    asyncio.run(middleware.process_request(Request(f"http://{host}/")))


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses(host: str) -> None:
    check_address(host)


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses(host: str) -> None:
    with pytest.raises(Refused, match="a private address") as caught:
        check_address(host)
    assert caught.value.outcome is Outcome.OFF_SITE
    check_address(host, allow=True)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.rpp.pe/rss", "rpp.pe"),
        ("https://RPP.pe/lima", "rpp.pe"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("https://m.rpp.pe/", "m.rpp.pe"),
    ],
)
def test_sites(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("", None),
        ("User-agent: *\nDisallow: /privado\n", None),
        ("User-agent: *\nCrawl-delay: 10\n", 10.0),
        ("User-agent: *\nCrawl-delay: 1.5\n", 1.5),
        ("User-agent: *\nCrawl-delay: 0\n", None),
        ("User-agent: *\nCrawl-delay: mucho\n", None),
        ("User-agent: *\nCrawl-delay: -3\n", None),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: vigia\nCrawl-delay: 4\n", 4.0),
        ("User-agent: otro\nCrawl-delay: 10\n", None),
        ("User-agent: *\nRequest-rate: 1/20\n", 20.0),
        ("User-agent: *\nCrawl-delay: 30\nRequest-rate: 1/20\n", 30.0),
    ],
)
def test_delays_that_sites_ask_for(robots: str, delay: float | None) -> None:
    assert asked_delay(Protego.parse(robots)) == delay


@given(st.text(max_size=300))
def test_any_robots_file_has_a_delay_or_none(text: str) -> None:
    delay = asked_delay(Protego.parse(f"User-agent: *\nCrawl-delay: {text}\n{text}"))
    assert delay is None or delay > 0


@pytest.mark.parametrize(
    ("error", "outcome", "detail"),
    [
        (CannotResolveHostError("no.example"), Outcome.NETWORK_ERROR, "the host name is not known"),
        (DownloadTimeoutError(), Outcome.NETWORK_ERROR, "no complete answer in time"),
        (ConnectionLost("bye"), Outcome.NETWORK_ERROR, "the connection was closed: Connection to the other side was lost in a non-clean fashion: bye"),
        (ConnectionResetError("reset\nby peer"), Outcome.NETWORK_ERROR, "the connection failed: reset by peer"),
        (DownloadCancelledError("x"), Outcome.TOO_LARGE, "more bytes than any feed or page needs"),
        (IgnoreRequest("max redirections reached"), Outcome.HTTP_ERROR, "max redirections reached"),
        (Refused(Outcome.BLOCKED, "403 Forbidden"), Outcome.BLOCKED, "403 Forbidden"),
    ],
)  # fmt: skip
def test_what_an_exception_means(error: Exception, outcome: Outcome, detail: str) -> None:
    refused = refusal_for(error)
    assert (refused.outcome, refused.detail.removesuffix(".")) == (outcome, detail)


@pytest.mark.parametrize(
    ("location", "detail"),
    [
        ("javascript:alert(1)", "leads to 'javascript:alert(1)', which is no address of the web"),
        ("data:a\x1b[2J", "leads to 'data:a\\x1b[2J', which is no address of the web"),
        ("http://[::1/", "leads to 'http://[::1/', which is no address of the web"),
        ("http://a:b@c.example/", "leads to 'http://a:b@c.example/', which is no address of the web"),
    ],
)
def test_redirects_that_are_none(location: str, detail: str) -> None:
    request = Request("https://prueba.example/")
    with pytest.raises(Refused) as caught:
        LocationMiddleware().process_response(
            request, Response(request.url, status=302, headers={"Location": location})
        )
    assert (caught.value.outcome, caught.value.detail, caught.value.status) == (Outcome.OFF_SITE, detail, 302)
    plain = Response(request.url, status=302, headers={"Location": "/otra"})
    assert LocationMiddleware().process_response(request, plain) is plain


@pytest.mark.parametrize(
    ("status", "headers", "refused"),
    [
        (200, {}, None),
        (304, {}, None),
        (204, {}, (Outcome.HTTP_ERROR, "204 No Content")),
        (403, {}, (Outcome.BLOCKED, "403 Forbidden")),
        (429, {}, (Outcome.BLOCKED, "429 Too Many Requests")),
        (404, {}, (Outcome.HTTP_ERROR, "404 Not Found")),
        (520, {}, (Outcome.HTTP_ERROR, "520")),
        (301, {}, (Outcome.HTTP_ERROR, "301 Moved Permanently")),
    ],
)  # fmt: skip
def test_what_a_status_means(status: int, headers: dict[str, str], refused: tuple[Outcome, str] | None) -> None:
    found = refusal_of(Response("https://prueba.example/", status=status, headers=headers))
    assert (found and (found.outcome, found.detail)) == refused
    assert found is None or found.status == status


@pytest.mark.parametrize(
    ("status", "said", "minutes"),
    [
        (503, "120", 2),
        (429, " 3600 ", 60),
        (403, "60", 1),
        (503, "999999999", 1440),
        (503, "in one hour", None),
        (503, "-5", None),
        (503, "0", None),
        (503, "99999999999999999999", None),
        (503, "\u0663\u0660\u0660", None),
        (503, "Mon, 05 Oct 2015 10:00:00 GMT", None),
        (503, "Mon, 05 Oct 2099 10:00:00 GMT", 1440),
        (503, "Mon, 05 Oct 99999 10:00:00 GMT", None),
        (503, None, None),
        (200, "120", None),
        (404, "120", None),
    ],
)
def test_how_long_a_site_asks_to_be_left_alone(status: int, said: str | None, minutes: int | None) -> None:
    headers = {} if said is None else {"Retry-After": said}
    before = datetime.now(UTC)
    until = asked_pause(Response("https://prueba.example/", status=status, headers=headers))
    assert (None if until is None else round((until - before).total_seconds() / 60)) == minutes


def test_who_we_are() -> None:
    assert user_agent("prensa@vigia.example") == "Vigia/0.1.0 (+prensa@vigia.example)"
    assert user_agent("") == "Vigia/0.1.0"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"contact": "a\r\nX-Otro: b"}, "control characters"),
        ({"contact": "señor@vigia.example"}, "ASCII"),
        ({"since": datetime(2026, 11, 1)}, "time zone"),
        ({"max_seconds": 0}, "max_seconds must be positive"),
        ({"max_pages": -1}, "max_pages must be positive"),
        ({"timeout": 0}, "timeout must be positive"),
    ],
)
def test_options_that_are_wrong(option: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        CrawlOptions(**option)  # type: ignore[arg-type]


def test_only_the_web_is_spoken() -> None:
    handlers = Crawler(OutletSpider, crawl_settings(CrawlOptions())).settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_options_change_the_pace_and_nothing_else() -> None:
    usual, quick = crawl_settings(CrawlOptions()), crawl_settings(CrawlOptions(delay=0.0))
    assert {key for key in quick if quick[key] != usual.get(key)} == {
        "DOWNLOAD_DELAY",
        "DOWNLOAD_DELAY_JITTER",
        "AUTOTHROTTLE_ENABLED",
    }
