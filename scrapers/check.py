"""What outlets answer at this moment: each entry point once, and one article's page. Nothing is stored.

The same requests, limits and manners as in a crawl. ``scrapers.advice`` compares what is seen with the outlet's file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from scrapy import Request

from scrapers.candidates import linked_address
from scrapers.dates import to_utc
from scrapers.entries import Entry, entries_of, read_entry
from scrapers.feeds import Candidate
from scrapers.fetching import Download, fetch, page_of
from scrapers.guard import guarded
from scrapers.items import Article, Outcome, Page
from scrapers.layouts import from_feed, from_page
from scrapers.layouts.parsed import parse_page
from scrapers.markup import elements, parse_html
from scrapers.outlet import Layout, Outlet
from scrapers.pace import Postponed
from scrapers.refusals import Refused
from scrapers.settings import LARGEST_FEED, LARGEST_PAGE
from scrapers.urls import canonical_url, same_site

MOST_PAGES: Final = 3
"""Pages that are looked at for one with a text: the newest may be a gallery."""
SAMPLES: Final = 3
"""Addresses that are named as examples."""
_FEEDS: Final = (
    "//link[contains(concat(' ', @rel, ' '), ' alternate ')][contains(@type, 'rss') or contains(@type, 'atom')]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """What an entry point answered."""

    entry: Entry
    outcome: Outcome
    """``FEED_READ``, ``FEED_EMPTY``, or what was wrong."""
    status: int | None = None
    detail: str | None = None
    answered: str | None = None
    """Address that answered, if it is another."""
    listed: int = 0
    articles: int = 0
    """Of those listed: on the outlet's sites, and of the form of its articles."""
    whole: int = 0
    """Of the articles: those whose text the entry point gives whole."""
    strangers: tuple[str, ...] = ()
    """Some addresses on the outlet's sites that do not have the form of an article."""
    elsewhere: tuple[str, ...] = ()
    """Some addresses on other sites."""
    newest: datetime | None = None
    oldest: datetime | None = None
    """Publication dates of the articles."""

    @property
    def good(self) -> bool:
        """Whether it lists articles."""
        return self.articles > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """What the page of an article answered."""

    url: str
    outcome: Outcome
    """``NEW`` for one that could be read, or what was wrong."""
    detail: str | None = None
    article: Article | None = None
    fed: Article | None = None
    """The same article as its feed gives it, if it gives it whole."""
    layout: Layout | None = None
    """How the page is built, where that shows."""
    missing: tuple[str, ...] = ()
    """The file's selectors that find nothing in it, as ``title: h1.headline``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSeen:
    """An outlet as it answers now."""

    outlet: Outlet
    entries: tuple[EntrySeen, ...]
    pages: tuple[PageSeen, ...] = ()
    """Up to the first that could be read."""
    announced: tuple[str, ...] = ()
    """Feeds and sitemaps that the home page and robots.txt name; looked for when an entry point does not answer as it should."""
    postponed: bool = False
    """It could not be asked to the end: night rest, or the hour's budget."""

    @property
    def page(self) -> PageSeen | None:
        """The page that says most: the one that could be read, else the last."""
        return self.pages[-1] if self.pages else None


@dataclass(slots=True, kw_only=True)
class Look:
    """Asks one outlet."""

    outlet: Outlet
    download: Download
    one: bool = False
    """Stop at the first entry point that leads to an article."""

    async def run(self) -> OutletSeen:
        """What the outlet answers. Whatever is wrong with it is part of that."""
        entries: list[EntrySeen] = []
        pages: list[PageSeen] = []
        try:
            for entry in entries_of(self.outlet):
                seen, candidates, fetched = await self._entry(entry)
                entries.append(seen)
                if candidates and not (pages and pages[-1].article):
                    pages += [page async for page in self._pages(candidates, fetched)]
                if self.one and pages and pages[-1].article:
                    break
            announced = () if all(seen.good for seen in entries) or self.one else await self._announced()
        except Postponed:
            return OutletSeen(outlet=self.outlet, entries=tuple(entries), pages=tuple(pages), postponed=True)
        return OutletSeen(outlet=self.outlet, entries=tuple(entries), pages=tuple(pages), announced=announced)

    # --- entry points

    async def _entry(self, entry: Entry) -> tuple[EntrySeen, list[Candidate], datetime | None]:
        page = await self._page(entry.url, LARGEST_FEED)
        if isinstance(page, Refused):
            return _refused(entry, page), [], None
        listed = guarded(entry.url, lambda: read_entry(page, entry, self.outlet))
        if isinstance(listed, Refused):
            return _refused(entry, listed, page), [], None
        if listed.children and not listed.candidates and entry.depth == 0:
            seen, candidates, fetched = await self._entry(entry.child(_newest_of(listed.children)))
            return _as_parent(seen, entry, page), candidates, fetched
        articles = [each for each in listed.candidates if self._is_article(each)]
        return self._entry_seen(entry, page, listed.candidates, articles), _by_date(articles, page), page.fetched

    def _entry_seen(
        self, entry: Entry, page: Page, listed: Sequence[Candidate], articles: Sequence[Candidate]
    ) -> EntrySeen:
        own = [each.url for each in listed if same_site(each.url, self.outlet)]
        dates = sorted(filter(None, (to_utc(each.published_raw, now=page.fetched) for each in articles)))
        known = {each.url for each in articles}
        return EntrySeen(
            entry=entry,
            outcome=Outcome.FEED_READ if listed else Outcome.FEED_EMPTY,
            status=page.status,
            answered=_moved(entry, page),
            listed=len(listed),
            articles=len(articles),
            whole=sum(self._fed(each, page.fetched) is not None for each in articles),
            strangers=tuple(dict.fromkeys(url for url in own if url not in known))[:SAMPLES],
            elsewhere=tuple(dict.fromkeys(each.url for each in listed if each.url not in own))[:SAMPLES],
            newest=dates[-1] if dates else None,
            oldest=dates[0] if dates else None,
        )

    def _is_article(self, candidate: Candidate) -> bool:
        if not same_site(candidate.url, self.outlet):
            return False
        return self.outlet.is_article(canonical_url(candidate.url, self.outlet))

    def _fed(self, candidate: Candidate, fetched: datetime) -> Article | None:
        article = guarded(candidate.url, lambda: from_feed(candidate, self.outlet, fetched))
        return article if isinstance(article, Article) else None

    # --- pages

    async def _pages(self, candidates: Sequence[Candidate], fetched: datetime | None) -> AsyncIterator[PageSeen]:
        for candidate in candidates[:MOST_PAGES]:
            seen = await self._article(candidate, fetched)
            yield seen
            if seen.article is not None or seen.outcome is not Outcome.NO_TEXT:
                return

    async def _article(self, candidate: Candidate, fetched: datetime | None) -> PageSeen:
        url = canonical_url(candidate.url, self.outlet)
        fed = self._fed(candidate, fetched) if fetched is not None else None
        page = await self._page(url, LARGEST_PAGE)
        alone = replace(candidate, body_html=None, summary_html=None)  # the text is to be the page's own
        article = page if isinstance(page, Refused) else guarded(url, lambda: from_page(page, self.outlet, alone))
        if isinstance(article, Refused):
            return PageSeen(url=url, outcome=article.outcome, detail=article.detail, fed=fed)
        assert isinstance(page, Page)
        return PageSeen(
            url=url,
            outcome=Outcome.NEW,
            article=article,
            fed=fed,
            layout=layout_of(page.body),
            missing=tuple(_missing(page, self.outlet)),
        )

    async def _page(self, url: str, largest: int) -> Page | Refused:
        try:
            return page_of(await fetch(self.download, url, self.outlet, largest=largest))
        except Refused as refused:
            return refused

    # --- what the site itself names

    async def _announced(self) -> tuple[str, ...]:
        scheme = urlsplit(self.outlet.entry_points[0].url).scheme
        base = f"{scheme}://{self.outlet.domain}"
        home = await self._page(f"{base}/", LARGEST_PAGE)
        feeds = [] if isinstance(home, Refused) else list(_feeds_of(home))
        found = [url for url in (*feeds, *await self._sitemaps(base)) if same_site(url, self.outlet)]
        known = {entry.url for entry in self.outlet.entry_points}
        return tuple(url for url in dict.fromkeys(found) if url not in known)[: 4 * SAMPLES]

    async def _sitemaps(self, base: str) -> list[str]:
        meta = {"robots": True, "outlet": self.outlet, "download_maxsize": LARGEST_PAGE}
        try:
            response = await self.download(Request(f"{base}/robots.txt", meta=meta, dont_filter=True))
        except Exception:  # what cannot be had announces nothing
            return []
        lines = response.body.decode("utf-8", "ignore").splitlines() if response.status == 200 else []
        named = [line.partition(":")[2] for line in lines if line.strip().lower().startswith("sitemap:")]
        return [url for each in named if (url := linked_address(each, base))]


def layout_of(body: bytes) -> Layout | None:
    """How a page is built, where its markup says so."""
    if b"Fusion.globalContent" in body or b"/pf/resources/" in body:
        return "arc"
    if b"/wp-content/" in body or b"/wp-json/" in body:
        return "wordpress"
    return None


def _refused(entry: Entry, refused: Refused, page: Page | None = None) -> EntrySeen:
    status = refused.status if page is None else page.status
    answered = None if page is None else _moved(entry, page)
    return EntrySeen(entry=entry, outcome=refused.outcome, status=status, detail=refused.detail, answered=answered)


def _as_parent(seen: EntrySeen, entry: Entry, page: Page) -> EntrySeen:
    """What the first sitemap of an index says, said of the index."""
    fields = {name: getattr(seen, name) for name in EntrySeen.__slots__}
    return EntrySeen(**fields | {"entry": entry, "answered": _moved(entry, page)})


def _moved(entry: Entry, page: Page) -> str | None:
    return page.url if page.url != entry.url and urlsplit(page.url).path != urlsplit(entry.url).path else None


def _newest_of(children: Sequence[str]) -> str:
    """The sitemap of an index that most likely lists news of today."""
    return next((url for url in children if "news" in url.lower() or "noticias" in url.lower()), children[0])


def _by_date(candidates: Sequence[Candidate], page: Page) -> list[Candidate]:
    """Newest first; without dates, in the order of the list."""

    def age(candidate: Candidate) -> float:
        date = to_utc(candidate.published_raw, now=page.fetched)
        return -date.timestamp() if date is not None else 0.0

    return sorted(candidates, key=age)


def _feeds_of(home: Page) -> Iterator[str]:
    root = parse_html(home.body.decode("utf-8", "replace"))
    for link in [] if root is None else elements(root, _FEEDS):
        url = linked_address(link.get("href"), home.url)
        if url is not None and "/comments/" not in url:
            yield url


def _missing(page: Page, outlet: Outlet) -> Iterator[str]:
    parsed = parse_page(page)
    for name in ("title", "body", "published", "authors"):
        selector = getattr(outlet.selectors, name)
        if selector and not parsed.select(selector):
            yield f"{name}: {selector}"
