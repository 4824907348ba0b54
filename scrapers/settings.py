"""How a crawl behaves: the options that its caller sets, and Scrapy settings that are polite and safe whatever they are.

Each departs from a default of Scrapy that is neither (Scrapy 2.19: robots.txt ignored, no delay, eight requests at a time,
answers up to 1 GiB, certificates not verified, ``file:`` addresses fetched, a telnet console).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from scrapers.backfill import DateRange
from scrapers.pace import Rest
from scrapers.robots import PRODUCT

LARGEST_FEED: Final = 20_000_000
LARGEST_PAGE: Final = 4_000_000
"""Bytes, as sent and as unpacked."""
PAUSE: Final = 2.0
"""Seconds between two requests to one site, at least."""
OUTLETS_AT_ONCE: Final = 64
"""Outlets that are visited side by side; more of them take turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """What the caller of a crawl decides.

    Raises:
        ValueError: a contact with control characters, a ``since`` without zone or beside a backfill, a bound that is not positive, a rest
            that cannot be read.
    """

    since: datetime | None = None
    """Aware. What outlets date earlier is not fetched; ``None``: everything that they list."""
    backfill: DateRange | None = None
    """Read the outlets' archives of these days, instead of what they list now."""
    contact: str = ""
    """Mail address or web page for site owners; part of the user agent."""
    allow_private_addresses: bool = False
    """For tests: outlets on loopback and private addresses."""
    max_seconds: float | None = None
    """The crawl ends after this time; what is left comes with the next one."""
    max_pages: int | None = None
    """Pages of articles fetched, of all outlets together; entry points are not counted, sheets of an archive are."""
    log_level: str = "info"
    delay: float | None = None
    """Seconds between requests to one site instead of the polite pause and its adjustment. For tests."""
    timeout: float = 30.0
    """Seconds for one whole answer."""
    requests_per_hour: int = 0
    """Requests that a site gets within any hour, robots.txt and retries included; 0: no bound."""
    rest: str | None = None
    """Hours in Lima within which nothing is asked, such as ``01:00-05:00``."""
    subscriptions: frozenset[str] = frozenset()
    """Ids of outlets whose paid articles may be kept whole; of those of the others only the beginning is, without the raw response."""

    def __post_init__(self) -> None:
        if re.search(r"[^\x20-\x7e]", self.contact):
            raise ValueError("the contact goes into the user agent: plain ASCII without control characters")
        if self.rest is not None:
            Rest.parse(self.rest)
        if self.requests_per_hour < 0:
            raise ValueError("requests_per_hour must not be negative")
        if self.since is not None and self.since.tzinfo is None:
            raise ValueError("since must say its time zone")
        if self.since is not None and self.backfill is not None:
            raise ValueError("a backfill has its own days: leave since out")
        for name in ("max_seconds", "max_pages", "timeout"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name} must be positive")


def user_agent(contact: str) -> str:
    """Who we are: ``Vigia/0.1.0 (+contact)``."""
    name = f"{PRODUCT}/{version('vigia')}"
    return f"{name} (+{contact})" if contact else name


def crawl_settings(options: CrawlOptions) -> dict[str, Any]:
    """Scrapy settings for a crawl."""
    return _SAFE | _POLITE | _QUIET | _components() | _chosen(options)


_SAFE: Final[dict[str, Any]] = {
    "DOWNLOAD_HANDLERS": {
        "http": "scrapers.handler.BoundedHandler",
        "https": "scrapers.handler.BoundedHandler",
        "file": None,
        "data": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DNS_TIMEOUT": 20,
    "DNSCACHE_ENABLED": True,
    "TELNETCONSOLE_ENABLED": False,
    "COOKIES_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "REDIRECT_MAX_TIMES": 5,
    "REFERRER_POLICY": "no-referrer",
    "HTTPCACHE_ENABLED": False,
}
_POLITE: Final[dict[str, Any]] = {
    "ROBOTSTXT_OBEY": False,  # scrapers.robots does it, unconditionally
    "CONCURRENT_REQUESTS": 0,  # no bound over all: each outlet has one request under way, OUTLETS_AT_ONCE at most
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": PAUSE,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": PAUSE,
    "AUTOTHROTTLE_MAX_DELAY": 60.0,
    "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.5,
    "RETRY_TIMES": 2,
    # Not 429: a site that asks for fewer requests gets none.
    "RETRY_HTTP_CODES": [500, 502, 503, 504, 522, 524, 408],
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.5",
        "Accept-Language": "es-PE,es;q=0.9",
    },
}
_QUIET: Final[dict[str, Any]] = {
    "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
    "LOG_INSTALL_ROOT_HANDLER": False,  # messages go where the program's own go
    "LOG_ENABLED": False,
    "STATS_DUMP": False,
}


def _components() -> dict[str, Any]:
    own = "scrapers.middlewares"
    middlewares = {
        f"{own}.SiteMiddleware": 50,
        "scrapers.robots.RobotsMiddleware": 100,
        f"{own}.BackoffMiddleware": 550,
        f"{own}.LocationMiddleware": 610,
        f"{own}.AddressMiddleware": 760,
        "scrapers.pace.PaceMiddleware": 770,
    }
    replaced = {
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    }
    # Scrapy's own extensions are left out of its base: those that are only set to None are imported all the same.
    return {
        "DOWNLOADER_MIDDLEWARES": middlewares | replaced,
        "EXTENSIONS_BASE": {f"scrapy.extensions.{name}": 0 for name in ("corestats.CoreStats", "memusage.MemoryUsage")},
        "EXTENSIONS": {f"{own}.PoliteThrottle": 0},
    }


def _chosen(options: CrawlOptions) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "USER_AGENT": user_agent(options.contact),
        "DOWNLOAD_TIMEOUT": options.timeout,
        "VIGIA_ALLOW_PRIVATE_ADDRESSES": options.allow_private_addresses,
        "VIGIA_REQUESTS_PER_HOUR": options.requests_per_hour,
        "VIGIA_REST": options.rest,
        "VIGIA_PATIENT": options.backfill is not None,
    }
    if options.delay is not None:
        chosen |= {"DOWNLOAD_DELAY": options.delay, "DOWNLOAD_DELAY_JITTER": 0.0, "AUTOTHROTTLE_ENABLED": False}
    return chosen
