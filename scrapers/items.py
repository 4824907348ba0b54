"""What leaves this room: pages as fetched, articles as read, and the store that the spider talks to.

Scrapers know no database. Whoever runs a crawl hands in a :class:`CrawlStore`; the pipeline's archive is one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol


class BodySource(StrEnum):
    """Where the body of an article was read from, in order of preference."""

    FEED = "feed"
    JSON_LD = "json_ld"
    CMS = "cms"
    SELECTOR = "selector"
    TRAFILATURA = "trafilatura"


class Access(StrEnum):
    """Whether the outlet gives the article away."""

    FREE = "free"
    METERED = "metered"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response, decoded no further than its transport encoding."""

    url: str
    """Address that answered, after redirects."""
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    fetched: datetime
    """Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as one outlet published it, at one moment. Every offset in the system refers to :attr:`text`."""

    id: str
    """First 16 hexadecimal digits of the SHA-256 of what identifies it, as a rule its canonical URL (``Outlet.identity``)."""
    outlet: str
    """Id of the outlet: the name of its file in ``scrapers/outlets/``."""
    url: str
    """Canonical URL."""
    title: str
    body: str
    """Canonical text (``scrapers.text``): NFC, paragraphs separated by an empty line, noise lines removed."""
    published: datetime | None
    """Aware UTC; ``None`` when the outlet gives no usable date. A date in the future is not usable."""
    published_raw: str | None
    """The same as the outlet wrote it."""
    modified: datetime | None = None
    modified_raw: str | None = None
    fetched: datetime
    """Aware UTC."""
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    body_source: BodySource
    access: Access = Access.FREE
    unfinished: bool = False
    """To be fetched again: the outlet says that it is still being written ("NOTA EN DESARROLLO"), or its page could not be had and
    this is the feed's summary."""
    content_hash: str
    """SHA-256 (hex) of :attr:`text`: equal hashes are the same version."""

    @property
    def text(self) -> str:
        """The text that is read and that every offset refers to."""
        return text_of(self.title, self.body)


def text_of(title: str, body: str) -> str:
    """The text of an article: title, empty line, body."""
    return f"{title}\n\n{body}"


def hash_of(text: str) -> str:
    """SHA-256 (hex) of the UTF-8 form of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def article_id(identity: str) -> str:
    """Id of the article that something identifies: see :meth:`scrapers.outlet.Outlet.identity`."""
    return hash_of(identity)[:16]


class Outcome(StrEnum):
    """What became of one address in one run; each is counted exactly once."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    """304, or a feed whose bytes did not change."""
    FEED_READ = "feed_read"
    """An entry point (feed, sitemap, list, API sheet) that answered and was understood."""
    FEED_EMPTY = "feed_empty"
    """An entry point that is well formed and lists nothing, or nothing more."""
    FEED_DONE = "feed_done"
    """A sheet of an archive that was read and all of whose articles were worked off: it is not asked again."""
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"
    """In a backfill: published after the days that were asked for."""
    NOT_ARTICLE = "not_article"
    """Listed, on the outlet's site, and not of the form that its articles' addresses have (``article_url``)."""
    NO_TEXT = "no_text"
    NO_DATE = "no_date"
    """Kept, but without a usable date."""
    FORBIDDEN_BY_ROBOTS = "forbidden_by_robots"
    BLOCKED = "blocked"
    """403 or 429."""
    HTTP_ERROR = "http_error"
    NETWORK_ERROR = "network_error"
    """DNS, connection, TLS, timeout."""
    TOO_LARGE = "too_large"
    OFF_SITE = "off_site"
    """A redirect or link that leaves the outlet's domain."""
    NOT_A_FEED = "not_a_feed"
    """HTML, or something else, where a feed should be."""
    BROKEN = "broken"
    """Not understood by the parser; the detail says why."""


FAILURES = frozenset(
    {
        Outcome.NO_TEXT,
        Outcome.BLOCKED,
        Outcome.HTTP_ERROR,
        Outcome.NETWORK_ERROR,
        Outcome.TOO_LARGE,
        Outcome.OFF_SITE,
        Outcome.NOT_A_FEED,
        Outcome.BROKEN,
        Outcome.FORBIDDEN_BY_ROBOTS,
    }
)
"""Outcomes that make a run "partly failed"."""
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Statuses of an address that is not there any more: an article was withdrawn, a feed has moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One counted line of a crawl: an address and what became of it."""

    outlet: str
    url: str
    outcome: Outcome
    at: datetime
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    detail: str | None = None
    """For people: what was wrong, or what was done instead."""
    not_before: datetime | None = None
    """The site asked to be left alone until then (``Retry-After``). Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a conditional request sends back to the server."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store already holds of an article."""

    content_hash: str
    modified: datetime | None
    fetched: datetime
    unfinished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of an address when it was last met, whether or not it was fetched then."""

    outcome: Outcome
    at: datetime
    failures: int
    """In a row, up to then."""
    status: int | None = None
    """Of the answer; ``None``: there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """A site's robots.txt as it was read."""

    origin: str
    """``https://elcomercio.pe``."""
    text: str
    """Empty when there is none."""
    fetched: datetime
    """Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its response, for the raw archive."""

    url: str
    request_headers: dict[str, str]
    status: int
    reason: str
    response_headers: list[tuple[str, str]]
    body: bytes
    at: datetime


class CrawlStore(Protocol):
    """Where a crawl keeps what it finds and looks up what it knows. Called from one thread."""

    def validators(self, url: str) -> Validators | None:
        """Validators of the last good answer of an entry point, if any."""
        ...

    def known(self, article_id: str) -> Known | None:
        """The newest version of an article, if it is stored."""
        ...

    def asked(self, url: str) -> Asked | None:
        """The last outcome that was recorded of an address, if any."""
        ...

    def robots(self, origin: str) -> RobotsFile | None:
        """The robots.txt of a site as it was last read, if it ever was."""
        ...

    def save_robots(self, file: RobotsFile) -> None:
        """Keep a robots.txt in place of the one before."""
        ...

    def save_exchange(self, exchange: Exchange) -> str:
        """Keep a raw response; return a pointer to it."""
        ...

    def save_article(self, article: Article, raw: str | None) -> Outcome:
        """Keep an article durably before returning: ``NEW``, ``CHANGED`` (a new version) or ``UNCHANGED``.

        ``raw`` points to the exchange that it was read from.
        """
        ...

    def record(self, fetch: Fetch) -> None:
        """Keep the outcome of one address; the store counts it."""
        ...
