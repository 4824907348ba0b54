"""Today's parsers over yesterday's responses, without a request.

An article is read again from the response that its newest version was read from. Another text becomes a new version; other
dates, authors, sections or tags take the place of the old ones. What cannot be read any more stays as it is.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pipeline.archive import RawMissing, StoredArticle
from pipeline.work import Work
from scrapers.candidates import Candidate, FeedError
from scrapers.items import Article, BodySource, Exchange, Page
from scrapers.paywall import allowed

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

logger = logging.getLogger(__name__)

STAGE: Final = "reparse"
MOST_EXAMPLES: Final = 5
_FIELDS: Final = ("published", "authors", "section", "tags", "access", "unfinished")


class Again(StrEnum):
    """What came of reading an article again."""

    CHANGED = "changed"
    """Another text: a new version."""
    FIELDS = "fields"
    """The same text with other fields."""
    UNCHANGED = "unchanged"
    UNREADABLE = "unreadable"
    """Today's parsers find no text, or another article; it stays as it is."""
    NO_RAW = "no_raw"
    """The response was removed, or is damaged."""
    NO_OUTLET = "no_outlet"
    """No file tells how to read it."""


class _NotThere(ValueError):
    """A response in which an article is not to be found."""


@dataclass(slots=True)
class Reparse:
    """Reading again, in progress."""

    work: Work
    outlets: Mapping[str, Outlet]
    dry_run: bool = False
    counts: Counter[Again] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)

    def run(self, chosen: Collection[str] = ()) -> Counter[Again]:
        """Read again the articles of some outlets, or of all."""
        keeping = self.work.archive.keeping
        for done, raw in enumerate(keeping.raws(chosen)):
            if self.work.stop.due():
                self.work.left.append("some articles were not read again")
                break
            stored = [one for one in keeping.read_from(raw) if not chosen or one.article.outlet in chosen]
            self._response(raw, stored)
            self.work.progress(STAGE, done, 0)
        if self.unreadable:
            some = "; ".join(self.unreadable[:MOST_EXAMPLES])
            n = self.counts[Again.UNREADABLE]
            self.work.problems.append(f"{n} article(s) cannot be read by today's parsers and stay as they are: {some}")
        return self.counts

    def _response(self, raw: str, stored: list[StoredArticle]) -> None:
        try:
            page = page_of(self.work.archive.raw(raw))
        except RawMissing as error:
            logger.warning("%s", error)
            for one in stored:
                self._count(one, Again.NO_RAW)
            return
        reader = _Reader(page)
        for one in stored:
            self._count(one, self._article(one, raw, reader))

    def _article(self, stored: StoredArticle, raw: str, reader: _Reader) -> Again:
        outlet = self.outlets.get(stored.article.outlet)
        if outlet is None:
            return Again.NO_OUTLET
        try:
            article = allowed(reader.read(stored.article, outlet), self.work.settings.crawl.subscriptions)
        except Exception as error:
            # The per-record guard: no response, however strange, may end the work on the others.
            logger.info("%s: %s: %s", stored.article.url, type(error).__name__, error)
            self.unreadable.append(f"{stored.article.id} ({error})")
            return Again.UNREADABLE
        found = compare(stored.article, article)
        if found is not Again.UNCHANGED and not self.dry_run:
            self.work.archive.keeping.save_again(stored, article, raw)
        return found

    def _count(self, stored: StoredArticle, what: Again) -> None:
        self.counts[what] += 1
        self.work.archive.count(STAGE, stored.article.outlet, what.value)


def compare(before: Article, after: Article) -> Again:
    """In what an article differs from what was read before."""
    if before.content_hash != after.content_hash:
        return Again.CHANGED
    same = all(getattr(before, name) == getattr(after, name) for name in _FIELDS)
    return Again.UNCHANGED if same else Again.FIELDS


def page_of(exchange: Exchange) -> Page:
    """A kept response as the parsers take it: as of the moment at which it was fetched."""
    headers: dict[str, str] = {}
    for name, value in exchange.response_headers:
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    return Page(url=exchange.url, status=exchange.status, headers=headers, body=exchange.body, fetched=exchange.at)


class _Reader:
    """One response, out of which one article or many are read."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._listed: dict[str, dict[str, Candidate]] = {}

    def read(self, before: Article, outlet: Outlet) -> Article:
        """The article as today's parsers read it.

        Raises:
            ValueError: it is not there any more.
        """
        from scrapers.layouts import from_feed, from_page
        from scrapers.urls import canonical_url

        announced = None
        if canonical_url(self._page.url, outlet) != before.url:
            announced = self._candidates(outlet).get(before.url)
        article = announced and from_feed(announced, outlet, self._page.fetched)
        if article is None and before.body_source is BodySource.FEED:
            raise _NotThere("its text came from a feed, and this response does not give it whole")
        article = article or from_page(self._page, outlet, known_of(before))
        if article.id != before.id:
            raise _NotThere(f"by today's rules the response is of another article, {article.id} at {article.url}")
        return article

    def _candidates(self, outlet: Outlet) -> dict[str, Candidate]:
        if outlet.id not in self._listed:
            self._listed[outlet.id] = dict(_listed(self._page, outlet))
        return self._listed[outlet.id]


def _listed(page: Page, outlet: Outlet) -> Iterator[tuple[str, Candidate]]:
    """Canonical address and candidate of what an entry point's answer lists; of a page, nothing."""
    from scrapers.entries import Entry, read_entry
    from scrapers.urls import canonical_url

    kinds = dict.fromkeys(entry.kind for entry in sorted(outlet.entry_points, key=lambda one: one.url != page.url))
    for kind in kinds:
        try:
            listed = read_entry(page, Entry(url=page.url, kind=kind, guess=False), outlet)
        except FeedError:
            continue
        for candidate in listed.candidates:
            try:
                yield canonical_url(candidate.url, outlet), candidate
            except ValueError:
                continue


def known_of(article: Article) -> Candidate:
    """What the feed said of an article, as far as it was kept: its page is read with that, as it was then."""
    return Candidate(
        url=article.url,
        title=article.title,
        published_raw=article.published_raw,
        modified_raw=article.modified_raw,
        authors=article.authors,
        section=article.section,
        tags=article.tags,
    )


def reparse_step(
    work: Work, outlets: Mapping[str, Outlet], chosen: Collection[str] = (), *, dry_run: bool = False
) -> Counter[Again]:
    """Read articles again from their kept responses; how many came to what."""
    return Reparse(work=work, outlets=outlets, dry_run=dry_run).run(chosen)
