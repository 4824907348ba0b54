"""The crawl of one outlet: entry points first, then the pages that they lead to and that no feed holds whole.

Entry point -> candidates -> article from the feed's own text, or later from its page -> store. Every address that is met gets
exactly one outcome; what is left when the time is up gets none, and comes with the next crawl.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar

from scrapers.backfill import archived_entries
from scrapers.dates import to_utc
from scrapers.entries import Entry, entries_of, read_entry
from scrapers.feeds import Candidate, SitemapEntries
from scrapers.fetching import Download, exchange_of, fetch, page_of
from scrapers.guard import TooSlow, guarded
from scrapers.items import (
    FAILURES,
    GONE,
    Article,
    CrawlStore,
    Fetch,
    Known,
    Outcome,
    Page,
    article_id,
)
from scrapers.layouts import NoText, from_feed, from_page, from_summary
from scrapers.middlewares import site_of
from scrapers.outlet import Outlet
from scrapers.pace import Postponed, Reason
from scrapers.paywall import allowed
from scrapers.refusals import Refused
from scrapers.settings import LARGEST_FEED, LARGEST_PAGE, CrawlOptions
from scrapers.urls import LONGEST_URL, canonical_url, same_site

logger = logging.getLogger(__name__)
T = TypeVar("T")

MOST_CHILDREN: Final = 50
"""Sitemaps that are followed from one index, the first ones."""
MOST_LISTED: Final = 50_000
"""Articles that one entry point can list, the first ones: as many as a sitemap may have."""
SLOW_BEFORE_STOP: Final = 3
"""Answers that took too long to read, after which an outlet's are not read in the same crawl."""
LOOKS_WITHOUT_TEXT: Final = 3
"""Crawls that look for text at an address which never gave any, or is gone; breaking news begin as a headline."""
_PERHAPS_LATER: Final = frozenset({Outcome.BLOCKED, Outcome.NETWORK_ERROR, Outcome.FORBIDDEN_BY_ROBOTS})
"""Why a page is not had although it may be there. A page that is gone (404, 410) may have been withdrawn: nothing stands in for it."""
_READ_BEFORE: Final = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NO_DATE})
_MAY_PASS: Final = frozenset({Outcome.NETWORK_ERROR, Outcome.BLOCKED})
_NO_MORE_SHEETS: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})
"""What WordPress, and lists of pages, answer behind their last sheet."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """An article whose page is to be fetched."""

    url: str
    """Canonical."""
    candidate: Candidate
    listed: datetime
    """When its entry point was read, with the pointer to that answer."""
    raw: str


@dataclass(slots=True, kw_only=True)
class _Found:
    """What reading an entry point came to."""

    listed: int
    empty: bool
    """Neither articles nor further sitemaps."""
    strangers: int = 0
    """Links on the outlet's site that do not have the form of an article."""
    fresh: int = 0
    """Addresses that no other entry point had named in this crawl."""
    oldest: datetime | None = None
    """Publication date."""
    passed_over: bool = False
    """Something that is not in the store was too old: it may be wanted one day, and "not modified" would hide it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What became of an entry point, before it is recorded."""

    outcome: Outcome
    status: int | None = None
    detail: str | None = None
    not_before: datetime | None = None
    page: Page | None = None
    """Its answer, when "not modified" may stand for it the next time."""
    for_now: bool = False
    """Refused, with all else of its site, as long as this crawl lasts."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """One outlet in one crawl. ``counts`` holds the outcomes so far, ``left`` the addresses that were not reached."""

    outlet: Outlet
    store: CrawlStore
    options: CrawlOptions
    download: Download
    budget: Budget
    counts: Counter[Outcome] = field(default_factory=Counter)
    postponed: Reason | None = None
    """Why it ended with something left, if not for want of time."""
    _entries: deque[Entry] = field(default_factory=deque)
    _pages: deque[_Wanted] = field(default_factory=deque)
    _claimed: set[str] = field(default_factory=set)
    _later: int = 0
    """Sheets of an archive at sites that are not asked any more in this crawl."""
    _slow: int = 0
    """Answers that took too long to read."""
    _unsettled: bool = False
    """Something of the sheet under way failed in a way that may pass."""

    def __post_init__(self) -> None:
        days = self.options.backfill
        now = datetime.now(UTC)
        self._entries.extend(entries_of(self.outlet) if days is None else archived_entries(self.outlet, days, now=now))
        self._claimed.update(entry.url for entry in self._entries)

    @property
    def left(self) -> int:
        """Addresses known and not reached yet."""
        return len(self._entries) + len(self._pages) + self._later

    async def run(self) -> None:
        """Crawl the outlet. Errors of the store end it; those of one address are that address's outcome."""
        try:
            await (self._read_now() if self.options.backfill is None else self._read_archives())
        except Postponed as postponed:
            self.postponed = postponed.reason
        logger.info("%s: %s", self.outlet.id, ", ".join(f"{n} {what}" for what, n in sorted(self.counts.items())))

    async def _read_now(self) -> None:
        while self._entries and not self._too_slow:
            entry = self._entries[0]
            self._record_entry(entry, await self._read_entry(entry))
            self._entries.popleft()
        await self._read_pages()

    async def _read_archives(self) -> None:
        """Sheet by sheet, each recorded only when its articles are worked off: what was killed is asked again."""
        while self._entries:
            entry = self._entries[0]
            if known := self._final_outcome(entry):
                if known is Outcome.FEED_DONE:
                    self._follow_sheet(entry)
            elif self._too_slow or not self.budget.take():
                return
            else:
                self._unsettled = False
                reading = await self._read_entry(entry)
                await self._read_pages()
                if self._pages:
                    return
                self._record_entry(entry, self._settled(reading))
                if reading.for_now:
                    self._leave(site_of(entry.url))
                    continue
            self._entries.popleft()

    def _leave(self, site: str) -> None:
        """Put off all sheets at a site, the first of which is the one that told why."""
        there = [entry for entry in self._entries if site_of(entry.url) == site]
        self._entries = deque(entry for entry in self._entries if site_of(entry.url) != site)
        self._later += len(there) - 1
        self.postponed = "site"

    def _final_outcome(self, entry: Entry) -> Outcome | None:
        """What a sheet of an archive came to, if all that it will ever list was worked off before."""
        asked = self.store.asked(entry.url)
        if asked is None or entry.final_from is None or asked.at < entry.final_from:
            return None
        return asked.outcome if asked.outcome in {Outcome.FEED_DONE, Outcome.FEED_EMPTY} else None

    def _settled(self, reading: _Reading) -> _Reading:
        done = reading.outcome is Outcome.FEED_READ and not self._unsettled
        return replace(reading, outcome=Outcome.FEED_DONE) if done else reading

    async def _read_pages(self) -> None:
        while self._pages and not self._too_slow and self.budget.take():
            await self._read_page(self._pages[0])
            self._pages.popleft()

    @property
    def _too_slow(self) -> bool:
        return self._slow >= SLOW_BEFORE_STOP

    def _guarded(self, url: str, read: Callable[[], T]) -> T | Refused:
        found = guarded(url, read)
        self._slow += isinstance(found, TooSlow)
        return found

    # --- entry points

    async def _read_entry(self, entry: Entry) -> _Reading:
        try:
            response = await fetch(
                self.download,
                entry.url,
                self.outlet,
                largest=LARGEST_FEED,
                headers=self._conditions(entry),
            )
        except Refused as refused:
            if entry.number > 1 and refused.status in _NO_MORE_SHEETS:
                return _Reading(outcome=Outcome.FEED_EMPTY, status=refused.status, detail="no further sheet")
            return _Reading(
                outcome=refused.outcome,
                status=refused.status,
                detail=refused.detail,
                not_before=refused.not_before,
                for_now=refused.for_now,
            )
        if response.status == HTTPStatus.NOT_MODIFIED:
            return _Reading(outcome=Outcome.NOT_MODIFIED, status=response.status)
        page, raw = page_of(response), self.store.save_exchange(exchange_of(response))
        listed = self._guarded(entry.url, lambda: read_entry(page, entry, self.outlet))
        if isinstance(listed, Refused):
            return _Reading(outcome=listed.outcome, status=page.status, detail=listed.detail)
        self._follow(listed.children, entry)
        found = await self._work_through(listed, page, raw, entry)
        if self._has_more_sheets(found):
            self._follow_sheet(entry)
        return self._reading(entry, page, found)

    def _has_more_sheets(self, found: _Found) -> bool:
        """In a backfill until a sheet brings nothing new; else until a sheet reaches back to ``since``."""
        if self.options.backfill is not None:
            return found.fresh > 0
        since = self.options.since
        return since is not None and found.oldest is not None and found.oldest >= since

    def _follow_sheet(self, entry: Entry) -> None:
        following = entry.following()
        if following is not None and following.url not in self._claimed:
            self._claimed.add(following.url)
            self._entries.insert(1, following)

    def _conditions(self, entry: Entry) -> dict[str, str]:
        # An archive's sheet is worked off, or it is read anew; what follows a first sheet moves with it.
        known = self.store.validators(entry.url) if entry.final_from is None and entry.number == 1 else None
        headers = {} if known is None else {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _follow(self, children: tuple[str, ...], parent: Entry) -> None:
        fresh = [url for url in dict.fromkeys(children) if url not in self._claimed and same_site(url, self.outlet)]
        self._claimed.update(fresh[:MOST_CHILDREN])
        self._entries.extend(parent.child(url) for url in fresh[:MOST_CHILDREN])

    async def _work_through(self, listed: SitemapEntries, page: Page, raw: str, entry: Entry) -> _Found:
        found = _Found(listed=len(listed.candidates), empty=not (listed.candidates or listed.children))
        for candidate in listed.candidates[:MOST_LISTED]:
            if self._too_slow:
                found.passed_over = True
                break
            url = self._address(candidate, entry, found)
            if url is not None:
                self._claimed.add(url)
                self._consider(url, candidate, page, raw, found)
            await asyncio.sleep(0)  # a long feed must not keep other outlets' answers waiting
        return found

    def _address(self, candidate: Candidate, entry: Entry, found: _Found) -> str | None:
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
        own = same_site(url, self.outlet)
        strange = own and not self.outlet.is_article(url)
        found.strangers += strange
        if url in self._claimed:
            return None
        found.fresh += 1
        if own and not strange:
            return url
        self._claimed.add(url)
        if strange:
            self._record(url, Outcome.NOT_ARTICLE)
        else:
            self._record(url, Outcome.OFF_SITE, detail=f"{entry.url} lists it")
        return None

    def _consider(self, url: str, candidate: Candidate, page: Page, raw: str, found: _Found) -> None:
        """Settle a candidate from what the entry point says of it, or put its page on the list."""
        known = self.store.known(self._id(url))
        dates = [to_utc(text, now=page.fetched) for text in (candidate.published_raw, candidate.modified_raw)]
        found.oldest = min((date for date in (found.oldest, dates[0]) if date is not None), default=None)
        if untimely := self._untimely(*dates):
            found.passed_over |= known is None
            self._record(url, untimely)
            return
        article = self._guarded(url, lambda: from_feed(candidate, self.outlet, page.fetched))
        if isinstance(article, Refused):
            self._record(url, article.outcome, detail=article.detail)
        elif article is not None:
            self._save(url, article, raw)
        elif self._page_is_wanted(url, known, modified=dates[1]):
            self._pages.append(_Wanted(url=url, candidate=candidate, listed=page.fetched, raw=raw))
        else:
            self._record(url, Outcome.UNCHANGED)

    def _id(self, url: str) -> str:
        return article_id(self.outlet.identity(url))

    def _untimely(self, published: datetime | None, modified: datetime | None) -> Outcome | None:
        """Whether something is not of the time that is asked for; what has no date may be."""
        wanted, since = self.options.backfill, self.options.since
        if wanted is not None:  # "modified" says nothing here: whole archives are touched by a new template
            if published is None or wanted.begin <= published < wanted.end:
                return None
            return Outcome.TOO_OLD if published < wanted.begin else Outcome.TOO_NEW
        newest = max((date for date in (published, modified) if date is not None), default=None)
        return Outcome.TOO_OLD if since is not None and newest is not None and newest < since else None

    def _page_is_wanted(self, url: str, known: Known | None, modified: datetime | None) -> bool:
        if known is not None:
            return known.unfinished or (modified is not None and modified > (known.modified or known.fetched))
        asked = self.store.asked(url)
        if asked is None or (modified is not None and modified > asked.at):
            return True
        # An address that was read before and holds nothing of its own: a gallery, or an article known by another address.
        nothing_there = asked.outcome is Outcome.NO_TEXT or asked.status in GONE
        return asked.outcome not in _READ_BEFORE and not (nothing_there and asked.failures >= LOOKS_WITHOUT_TEXT)

    def _reading(self, entry: Entry, page: Page, found: _Found) -> _Reading:
        if found.listed and found.strangers == found.listed:
            detail = (
                f"lists {found.listed} addresses, none of which has the form of an article: "
                f"check article_url in outlets/{self.outlet.id}.yaml"
            )
            return _Reading(outcome=Outcome.BROKEN, status=page.status, detail=detail)
        outcome = Outcome.FEED_EMPTY if found.empty else Outcome.FEED_READ
        if entry.number > 1 and not found.fresh and not found.empty:
            return _Reading(outcome=Outcome.FEED_EMPTY, status=page.status, detail="repeats the sheets before it")
        return _Reading(outcome=outcome, status=page.status, page=None if found.passed_over else page)

    # --- pages of articles

    async def _read_page(self, wanted: _Wanted) -> None:
        try:
            response = await fetch(self.download, wanted.url, self.outlet, largest=LARGEST_PAGE)
        except Refused as refused:
            if refused.outcome in _PERHAPS_LATER:
                self._keep_summary(wanted)
            self._record(
                wanted.url, refused.outcome, status=refused.status, detail=refused.detail, not_before=refused.not_before
            )
            return
        page = page_of(response)
        article = self._guarded(wanted.url, lambda: self._article(page, wanted))
        if isinstance(article, Refused):
            self.store.save_exchange(exchange_of(response))
            if article.outcome is Outcome.BROKEN:
                self._keep_summary(wanted)
            self._record(wanted.url, article.outcome, status=page.status, detail=article.detail)
            return
        kept = allowed(article, self.options.subscriptions)
        raw = self.store.save_exchange(exchange_of(response)) if kept is article else None
        self._save(wanted.url, kept, raw, status=page.status)

    def _keep_summary(self, wanted: _Wanted) -> None:
        """What the feed said of an article is better than nothing while its page cannot be had."""
        if self.store.known(self._id(wanted.url)) is None:
            article = self._guarded(wanted.url, lambda: from_summary(wanted.candidate, self.outlet, wanted.listed))
            if isinstance(article, Article):
                self.store.save_article(replace(article, url=wanted.url, id=self._id(wanted.url)), wanted.raw)

    def _article(self, page: Page, wanted: _Wanted) -> Article:
        answered = canonical_url(page.url, self.outlet)
        if answered != wanted.url and not self.outlet.is_article(answered):
            raise NoText(f"leads to {answered[:200]}, which is no article")
        article = from_page(page, self.outlet, wanted.candidate)
        edited = to_utc(wanted.candidate.modified_raw, now=page.fetched)
        if edited is not None and (article.modified is None or edited > article.modified):
            # Kept with the article, so that the same announcement does not have it fetched again.
            return replace(article, modified=edited, modified_raw=wanted.candidate.modified_raw)
        return article

    def _save(self, url: str, article: Article, raw: str | None, status: int | None = None) -> None:
        outcome = self.store.save_article(article, raw)
        if article.published is None and outcome is not Outcome.UNCHANGED:
            self._record(url, Outcome.NO_DATE, status=status, detail=f"date as written: {article.published_raw!r}")
            return
        self._record(url, outcome, status=status)

    # --- both

    def _record_entry(self, entry: Entry, reading: _Reading) -> None:
        detail = reading.detail
        if detail is not None and entry.guess and reading.outcome in FAILURES:
            detail += " (this entry point is a guess)"
        if reading.outcome in FAILURES:
            logger.warning("%s: %s: %s: %s", self.outlet.id, entry.url, reading.outcome, detail)
        headers = reading.page.headers if reading.page is not None else {}
        self._record(
            entry.url,
            reading.outcome,
            status=reading.status,
            detail=detail,
            not_before=reading.not_before,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )

    def _record(self, url: str, outcome: Outcome, **more: Any) -> Outcome:
        self.store.record(Fetch(outlet=self.outlet.id, url=url, outcome=outcome, at=datetime.now(UTC), **more))
        self.counts[outcome] += 1
        server_failed = outcome is Outcome.HTTP_ERROR and (more.get("status") or 500) >= 500
        self._unsettled |= server_failed or outcome in _MAY_PASS
        logger.debug("%s: %s: %s", self.outlet.id, url, outcome)
        return outcome
