"""The crawl of one outlet: entry points first, then the pages that they lead to and that no feed holds whole.

Entry point -> candidates -> article from the feed's own text, or later from its page -> store. Every address that is met gets
exactly one outcome; what is left when the time is up gets none, and comes with the next crawl.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from scrapy import Request
from scrapy.http import Headers, Response

from scrapers.dates import to_utc
from scrapers.feeds import (
    Candidate,
    FeedError,
    NotAFeed,
    read_feed,
    read_gobpe,
    read_listing,
    read_news_sitemap,
    read_wp_json,
)
from scrapers.items import (
    FAILURES,
    Article,
    CrawlStore,
    Exchange,
    Fetch,
    Known,
    Outcome,
    Page,
    article_id,
)
from scrapers.layouts import NoText, PageError, from_feed, from_page
from scrapers.middlewares import site_of
from scrapers.outlet import EntryKind, EntryPoint, Outlet
from scrapers.refusals import DOWNLOAD_FAULTS, Refused, refusal_for, refusal_of, status_name
from scrapers.settings import LARGEST_FEED, LARGEST_PAGE, CrawlOptions
from scrapers.urls import canonical_url, same_site

logger = logging.getLogger(__name__)

Download = Callable[[Request], Awaitable[Response]]

MOST_CHILDREN: Final = 50
"""Sitemaps that are followed from one index, the first ones."""
DEEPEST: Final = 2
"""Indexes of sitemaps above one another."""
LONGEST_URL: Final = 2_000
_READERS: Final[dict[EntryKind, Callable[[Page], list[Candidate]]]] = {
    EntryKind.FEED: read_feed,
    EntryKind.GOBPE_API: read_gobpe,
    EntryKind.WP_JSON: read_wp_json,
}


@dataclass(slots=True)
class Budget:
    """Pages that may still be fetched, all outlets together; ``None``: no bound."""

    pages: int | None

    def take(self) -> bool:
        """Whether there is one left; it is taken."""
        if self.pages is None:
            return True
        self.pages -= 1
        return self.pages >= 0


@dataclass(slots=True, kw_only=True)
class _Entry:
    """An entry point, or a sitemap that one led to."""

    url: str
    kind: EntryKind
    guess: bool
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """An article whose page is to be fetched."""

    url: str
    """Canonical."""
    candidate: Candidate


@dataclass(slots=True, kw_only=True)
class _Found:
    """What reading an entry point came to."""

    listed: int = 0
    strangers: int = 0
    """Links on the outlet's site that do not have the form of an article."""
    passed_over: bool = False
    """Something that is not in the store was too old: it may be wanted one day, and "not modified" would hide it."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """One outlet in one crawl. ``counts`` holds the outcomes so far, ``left`` the addresses that were not reached."""

    outlet: Outlet
    store: CrawlStore
    options: CrawlOptions
    download: Download
    budget: Budget
    counts: Counter[Outcome] = field(default_factory=Counter)
    _entries: deque[_Entry] = field(default_factory=deque)
    _pages: deque[_Wanted] = field(default_factory=deque)
    _claimed: set[str] = field(default_factory=set)
    _out_of_pages: bool = False

    def __post_init__(self) -> None:
        for entry in self.outlet.entry_points:
            self._entries.append(_Entry(url=entry.url, kind=entry.kind, guess=_is_guess(entry)))

    @property
    def left(self) -> int:
        """Addresses known and not reached yet."""
        return len(self._entries) + len(self._pages)

    async def run(self) -> None:
        """Crawl the outlet. Errors of the store end it; those of one address are that address's outcome."""
        while self._entries:
            await self._read_entry(self._entries[0])
            self._entries.popleft()
        while self._pages and self.budget.take():
            await self._read_page(self._pages[0])
            self._pages.popleft()
        logger.info("%s: %s", self.outlet.id, ", ".join(f"{n} {what}" for what, n in sorted(self.counts.items())))

    # --- entry points

    async def _read_entry(self, entry: _Entry) -> None:
        try:
            response = await self._fetch(entry.url, LARGEST_FEED, self._conditions(entry.url))
        except Refused as refused:
            self._record_entry(entry, refused.outcome, status=refused.status, detail=refused.detail)
            return
        if response.status == HTTPStatus.NOT_MODIFIED:
            self._record_entry(entry, Outcome.NOT_MODIFIED, status=response.status)
            return
        page, raw = _page(response), self._keep(response)
        try:
            candidates = self._candidates(page, entry)
        except FeedError as error:
            outcome = Outcome.NOT_A_FEED if isinstance(error, NotAFeed) else Outcome.BROKEN
            self._record_entry(entry, outcome, status=page.status, detail=str(error))
            return
        found = await self._work_through(candidates, page, raw, entry)
        self._record_read(entry, page, found)

    def _conditions(self, url: str) -> dict[str, str]:
        known = self.store.validators(url)
        headers = {} if known is None else {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _candidates(self, page: Page, entry: _Entry) -> list[Candidate]:
        if entry.kind is EntryKind.LISTING:
            return read_listing(page, self.outlet)
        if entry.kind is not EntryKind.NEWS_SITEMAP:
            return _READERS[entry.kind](page)
        listed = read_news_sitemap(page)
        self._entries.extend(self._children(listed.children, entry))
        return list(listed.candidates)

    def _children(self, urls: tuple[str, ...], parent: _Entry) -> Iterator[_Entry]:
        known = {entry.url for entry in self._entries} | self._claimed
        fresh = [url for url in dict.fromkeys(urls) if url not in known and same_site(url, self.outlet)]
        if parent.depth < DEEPEST:
            for url in fresh[:MOST_CHILDREN]:
                self._claimed.add(url)
                yield _Entry(url=url, kind=EntryKind.NEWS_SITEMAP, guess=parent.guess, depth=parent.depth + 1)

    async def _work_through(self, candidates: list[Candidate], page: Page, raw: str, entry: _Entry) -> _Found:
        found = _Found(listed=len(candidates))
        for candidate in candidates:
            url = self._address(candidate, entry, found)
            if url is not None:
                self._claimed.add(url)
                self._consider(url, candidate, page, raw, found)
            await asyncio.sleep(0)  # a long feed must not keep other outlets' answers waiting
        return found

    def _address(self, candidate: Candidate, entry: _Entry, found: _Found) -> str | None:
        """The canonical address of a candidate that is an article of this outlet and was not met before."""
        try:
            url = canonical_url(candidate.url, self.outlet) if len(candidate.url) <= LONGEST_URL else None
        except ValueError:
            url = None
        if url is None:
            self._record(
                candidate.url[:LONGEST_URL], Outcome.BROKEN, detail=f"{entry.url} lists it: not an address of a page"
            )
            return None
        if url in self._claimed:
            return None
        if not same_site(url, self.outlet):
            self._claimed.add(url)
            self._record(url, Outcome.OFF_SITE, detail=f"{entry.url} lists it")
            return None
        if not self.outlet.is_article(url):
            found.strangers += 1
            return None
        return url

    def _consider(self, url: str, candidate: Candidate, page: Page, raw: str, found: _Found) -> None:
        """Settle a candidate from what the entry point says of it, or put its page on the list."""
        known = self.store.known(article_id(url))
        dates = [to_utc(text, now=page.fetched) for text in (candidate.published_raw, candidate.modified_raw)]
        newest = max((date for date in dates if date is not None), default=None)
        if self.options.since is not None and newest is not None and newest < self.options.since:
            found.passed_over |= known is None
            self._record(url, Outcome.TOO_OLD)
            return
        article = self._guarded(url, lambda: from_feed(candidate, self.outlet, page.fetched))
        if isinstance(article, Article):
            self._save(url, article, raw)
        elif article is None and (known is None or known.unfinished or _edited(known, dates[1])):
            self._pages.append(_Wanted(url=url, candidate=candidate))
        elif article is None:
            self._record(url, Outcome.UNCHANGED)

    def _record_read(self, entry: _Entry, page: Page, found: _Found) -> None:
        if found.listed and found.strangers == found.listed:
            detail = (
                f"lists {found.listed} addresses, none of which has the form of an article: "
                f"check article_url in outlets/{self.outlet.id}.yaml"
            )
            self._record_entry(entry, Outcome.BROKEN, status=page.status, detail=detail)
            return
        outcome = Outcome.FEED_READ if found.listed or entry.kind is EntryKind.NEWS_SITEMAP else Outcome.FEED_EMPTY
        self._record_entry(entry, outcome, status=page.status, page=None if found.passed_over else page)

    # --- pages of articles

    async def _read_page(self, wanted: _Wanted) -> None:
        try:
            response = await self._fetch(wanted.url, LARGEST_PAGE)
        except Refused as refused:
            self._record(wanted.url, refused.outcome, status=refused.status, detail=refused.detail)
            return
        page, raw = _page(response), self._keep(response)
        if canonical_url(page.url, self.outlet) != wanted.url and not self.outlet.is_article(
            canonical_url(page.url, self.outlet)
        ):
            self._record(
                wanted.url, Outcome.NO_TEXT, status=page.status, detail=f"leads to {page.url[:200]}, no article"
            )
            return
        article = self._guarded(wanted.url, lambda: from_page(page, self.outlet, wanted.candidate))
        if isinstance(article, Article):
            edited = to_utc(wanted.candidate.modified_raw, now=page.fetched)
            if edited is not None and (article.modified is None or edited > article.modified):
                # Kept with the article, so that the same announcement does not have it fetched again.
                article = replace(article, modified=edited, modified_raw=wanted.candidate.modified_raw)
            self._save(wanted.url, article, raw, status=page.status)

    def _guarded(self, url: str, read: Callable[[], Article | None]) -> Article | Outcome | None:
        """An article as read; or, recorded, the outcome of one that cannot be."""
        try:
            return read()
        except PageError as error:
            outcome = Outcome.NO_TEXT if isinstance(error, NoText) else Outcome.BROKEN
            return self._record(url, outcome, detail=str(error))
        except Exception as error:
            # The per-record guard: no page, however strange, may end the crawl of its outlet.
            logger.exception("%s: could not be read", url)
            return self._record(url, Outcome.BROKEN, detail=f"fault while reading: {type(error).__name__}: {error}")

    def _save(self, url: str, article: Article, raw: str, status: int | None = None) -> None:
        outcome = self.store.save_article(article, raw)
        if article.published is None and outcome is not Outcome.UNCHANGED:
            self._record(url, Outcome.NO_DATE, status=status, detail=f"date as written: {article.published_raw!r}")
            return
        self._record(url, outcome, status=status)

    # --- both

    async def _fetch(self, url: str, largest: int, headers: dict[str, str] | None = None) -> Response:
        """A 200 or 304.

        Raises:
            Refused: anything else.
        """
        meta: dict[str, Any] = {"outlet": self.outlet, "download_slot": site_of(url), "download_maxsize": largest}
        try:
            response = await self.download(Request(url, headers=headers or {}, meta=meta, dont_filter=True))
        except DOWNLOAD_FAULTS as error:
            raise refusal_for(error) from error
        if refused := refusal_of(response):
            raise refused
        return response

    def _keep(self, response: Response) -> str:
        return self.store.save_exchange(
            Exchange(
                url=response.url,
                request_headers=_headers(response.request.headers if response.request is not None else Headers()),
                status=response.status,
                reason=status_name(response.status).partition(" ")[2],
                response_headers=[
                    (_text(k), _text(value)) for k, values in response.headers.items() for value in values
                ],
                body=response.body,
                at=datetime.now(UTC),
            )
        )

    def _record_entry(
        self,
        entry: _Entry,
        outcome: Outcome,
        *,
        status: int | None = None,
        detail: str | None = None,
        page: Page | None = None,
    ) -> None:
        if detail is not None and entry.guess:
            detail += " (this entry point is a guess)"
        if outcome in FAILURES:
            logger.warning("%s: %s: %s: %s", self.outlet.id, entry.url, outcome, detail)
        headers = page.headers if page is not None else {}
        self._record(
            entry.url,
            outcome,
            status=status,
            detail=detail,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )

    def _record(self, url: str, outcome: Outcome, **more: Any) -> Outcome:
        self.store.record(Fetch(outlet=self.outlet.id, url=url, outcome=outcome, at=datetime.now(UTC), **more))
        self.counts[outcome] += 1
        logger.debug("%s: %s: %s", self.outlet.id, url, outcome)
        return outcome


def _is_guess(entry: EntryPoint) -> bool:
    return entry.status == "guess"


def _edited(known: Known, modified: datetime | None) -> bool:
    """Whether the outlet dates an edit after the version that is stored."""
    return modified is not None and modified > (known.modified or known.fetched)


def _page(response: Response) -> Page:
    headers = {name.lower(): value for name, value in _headers(response.headers).items()}
    return Page(
        url=response.url, status=response.status, headers=headers, body=response.body, fetched=datetime.now(UTC)
    )


def _headers(headers: Headers) -> dict[str, str]:
    return {_text(name): _text(b", ".join(values)) for name, values in headers.items()}


def _text(header: bytes) -> str:
    return header.decode("latin-1")
