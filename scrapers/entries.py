"""An entry point's answer -> what it lists, whatever kind of entry point it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from scrapers.feeds import (
    BrokenFeed,
    Candidate,
    SitemapEntries,
    read_feed,
    read_gobpe,
    read_listing,
    read_news_sitemap,
    read_wp_json,
    without_articles,
)
from scrapers.items import Page
from scrapers.outlet import EntryKind, Outlet

DEEPEST: Final = 2
"""Indexes of sitemaps above one another that are followed."""
MOST_SHEETS: Final = 20
"""Sheets of one list that are read in an ordinary crawl."""
MOST_ARCHIVE_SHEETS: Final = 400
"""Sheets of one month in a backfill."""
_LISTS: Final[dict[EntryKind, Callable[[Page], list[Candidate]]]] = {
    EntryKind.FEED: read_feed,
    EntryKind.GOBPE_API: read_gobpe,
    EntryKind.WP_JSON: read_wp_json,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry point of an outlet, or a sitemap that one led to."""

    url: str
    kind: EntryKind
    guess: bool
    """Nobody has seen it answer."""
    depth: int = 0
    sheets: str | None = None
    """Address of its further sheets, with ``{page}``; ``None``: there is one only."""
    number: int = 1
    """Of this sheet."""
    final_from: datetime | None = None
    """A sheet of an archive: what was read of it after this moment is all that it will ever list."""

    @property
    def most_sheets(self) -> int:
        """How far it is followed."""
        return MOST_SHEETS if self.final_from is None else MOST_ARCHIVE_SHEETS

    def child(self, url: str) -> Entry:
        """A sitemap that this one lists."""
        return replace(self, url=url, kind=EntryKind.NEWS_SITEMAP, depth=self.depth + 1, sheets=None, number=1)

    def following(self) -> Entry | None:
        """The next sheet, if there may be one."""
        if self.sheets is None or self.number >= self.most_sheets:
            return None
        return replace(self, url=self.sheets.replace("{page}", str(self.number + 1)), number=self.number + 1)


def entries_of(outlet: Outlet) -> list[Entry]:
    """The entry points of an outlet, in the order of its file: feeds that hold whole texts come first."""
    return [
        Entry(url=each.url, kind=each.kind, guess=each.status == "guess", sheets=_sheets(each.url, each.kind))
        for each in outlet.entry_points
    ]


def _sheets(url: str, kind: EntryKind) -> str | None:
    """The address of the further sheets of a list that answers by sheets."""
    parameter = {EntryKind.GOBPE_API: "sheet", EntryKind.WP_JSON: "page"}.get(kind)
    if parameter is None:
        return None
    numbered, found = re.subn(rf"(?<=[?&]){parameter}=\d+", f"{parameter}={{page}}", url)
    return numbered if found else f"{url}{'&' if '?' in url else '?'}{parameter}={{page}}"


def read_entry(page: Page, entry: Entry, outlet: Outlet) -> SitemapEntries:
    """What an entry point lists: articles, and for an index of sitemaps those sitemaps.

    Raises:
        FeedError: it is something else, or broken.
    """
    if entry.kind is EntryKind.NEWS_SITEMAP:
        listed = read_news_sitemap(page)
        return listed if entry.depth < DEEPEST else SitemapEntries(candidates=listed.candidates)
    if entry.kind is EntryKind.LISTING:
        articles = tuple(read_listing(page, outlet))
        if not articles and entry.final_from is None:  # a day of an archive may be empty; a list of the newest never is
            raise BrokenFeed(without_articles(page, outlet))
        return SitemapEntries(candidates=articles)
    return SitemapEntries(candidates=tuple(_LISTS[entry.kind](page)))
