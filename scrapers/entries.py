"""An entry point's answer -> what it lists, whatever kind of entry point it is. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scrapers.feeds import (
    Candidate,
    SitemapEntries,
    read_feed,
    read_gobpe,
    read_listing,
    read_news_sitemap,
    read_wp_json,
)
from scrapers.items import Page
from scrapers.outlet import EntryKind, Outlet

DEEPEST: Final = 2
"""Indexes of sitemaps above one another that are followed."""
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

    def child(self, url: str) -> Entry:
        """A sitemap that this one lists."""
        return Entry(url=url, kind=EntryKind.NEWS_SITEMAP, guess=self.guess, depth=self.depth + 1)


def entries_of(outlet: Outlet) -> list[Entry]:
    """The entry points of an outlet, in the order of its file: feeds that hold whole texts come first."""
    return [Entry(url=each.url, kind=each.kind, guess=each.status == "guess") for each in outlet.entry_points]


def read_entry(page: Page, entry: Entry, outlet: Outlet) -> SitemapEntries:
    """What an entry point lists: articles, and for an index of sitemaps those sitemaps.

    Raises:
        FeedError: it is something else, or broken.
    """
    if entry.kind is EntryKind.NEWS_SITEMAP:
        listed = read_news_sitemap(page)
        return listed if entry.depth < DEEPEST else SitemapEntries(candidates=listed.candidates)
    if entry.kind is EntryKind.LISTING:
        return SitemapEntries(candidates=tuple(read_listing(page, outlet)))
    return SitemapEntries(candidates=tuple(_LISTS[entry.kind](page)))
