"""Feed items and pages -> Article. Pure: no network, no clock.

``LAYOUTS`` says in which order the text of a page is looked for; what each place is called at which outlet stands in the outlet's
file and in ``selectors.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapers.feeds import Candidate
from scrapers.items import Access, Article, BodySource, Page, article_id, hash_of, text_of
from scrapers.layouts.announced import tells_of
from scrapers.layouts.bodies import Found, Reader, andina_comments, cms, extracted, json_ld, selected
from scrapers.layouts.metadata import PUBLISHED, Metadata, of_candidate, of_page, without_byline
from scrapers.layouts.parsed import BrokenPage, NoText, PageError, Parsed, parse_page
from scrapers.markup import string
from scrapers.markup import text_of as text_of_element
from scrapers.noise import folded
from scrapers.text import Reading, read_html
from scrapers.urls import LONGEST_URL, canonical_url, may_be_same, same_site

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

__all__ = ["LAYOUTS", "BrokenPage", "NoText", "PageError", "from_feed", "from_page"]

LAYOUTS: dict[str, tuple[Reader, ...]] = {
    "arc": (json_ld, cms, selected, extracted),
    "glr": (json_ld, cms, selected, extracted),
    "wordpress": (json_ld, selected, extracted),
    "json_ld": (json_ld, cms, selected, extracted),
    "andina": (andina_comments, json_ld, selected, extracted),
    "gobpe": (selected, json_ld, extracted),
    "generic": (json_ld, cms, selected, extracted),
}
"""Where the text of a page is looked for, by the outlet's ``layout``, in order of preference."""

LONGEST_TEXT = 400_000
"""Characters; the longest reports, and laws printed whole, have a tenth to a half of it, and reading takes its time for more."""
_LONGEST_TITLE = 500
_MOST_HEADLINES = 20
_LONGEST_NAME = 200
"""Characters of an author, a section or a tag."""
_SHORTEST = 80
"""Characters below which there is no article: a caption, a notice about cookies."""
_NEARLY = 0.5
"""A preferred reading is taken when it has this part of the longest one: what is longer by less holds boxes beside the text."""


def from_feed(candidate: Candidate, outlet: Outlet, fetched: datetime) -> Article | None:
    """The article that a feed gives whole.

    ``None`` when the feed's text is missing, shorter than the outlet's ``minimum_body``, cut off or unfinished, or has no title:
    then the page is to be fetched.
    """
    reading = _from_candidate(candidate, outlet)
    if reading is None or reading.unfinished or not candidate.title:
        return None
    found = Found(reading=reading, source=BodySource.FEED)
    return _article(candidate.url, outlet, fetched, found, of_candidate(candidate, outlet, fetched))


def from_summary(candidate: Candidate, outlet: Outlet, fetched: datetime) -> Article | None:
    """What a feed gives of an article whose page cannot be had now: short, and marked as unfinished, so that it is asked for again.

    ``None`` when the feed gives no title or no sentence.
    """
    texts = [read_html(html, outlet) for html in (candidate.body_html, candidate.summary_html) if html]
    longest = max(texts, key=lambda reading: len(reading.text), default=None)
    if longest is None or len(longest.text) < _SHORTEST or not candidate.title:
        return None
    found = Found(reading=replace(longest, unfinished=True), source=BodySource.FEED)
    return _article(candidate.url, outlet, fetched, found, of_candidate(candidate, outlet, fetched))


def from_page(page: Page, outlet: Outlet, candidate: Candidate | None = None) -> Article:
    """The article that a page holds, completed by what its feed said of it.

    Raises:
        NoText: a page without an article: a list, a gallery, an advertisement, a text of a few words.
        BrokenPage: not HTML, nothing that can be read, or a wall before the article (cookies, log-in, maintenance).
    """
    if not urlsplit(page.url).path.strip("/"):
        raise NoText("the outlet's home page")
    parsed = parse_page(page)
    metadata = of_page(parsed, outlet, candidate)
    found = _best(parsed, outlet, metadata.access)
    given = _from_candidate(candidate, outlet) if candidate else None
    if given and (found is None or len(given.text) > len(found.reading.text)):
        found = Found(reading=given, source=BodySource.FEED)
    if found is None:
        raise NoText(f"no text of an article in the page (layout {outlet.layout})")
    if not metadata.title:
        raise NoText("text without a title")
    if found.source is not BodySource.FEED and not _is_expected(parsed, found.reading.text, candidate):
        raise BrokenPage(
            f"the page does not tell of what was announced, and does not say that it is an article: {found.reading.text[:80]!r}"
        )
    return _article(_address(parsed, outlet), outlet, page.fetched, found, metadata)


def _is_expected(parsed: Parsed, body: str, announced: Candidate | None) -> bool:
    """Whether a page says in its head that it is an article, or tells of what was announced."""
    if parsed.linked or parsed.story or any(parsed.meta(*PUBLISHED)):
        return True
    printed = map(text_of_element, islice(parsed.root.iter("h1", "title"), _MOST_HEADLINES))
    title, url = (announced.title, announced.url) if announced else ("", parsed.page.url)
    return tells_of("\n".join((body, *printed)), title, url)


def _from_candidate(candidate: Candidate, outlet: Outlet) -> Reading | None:
    """The text of a feed item if it is whole. A summary is whole only when it is long and ends like a text."""
    if candidate.body_html:
        reading = read_html(candidate.body_html, outlet)
        if len(reading.text) >= outlet.minimum_body and not reading.truncated:
            return reading
    if candidate.summary_html and candidate.summary_html != candidate.body_html:
        reading = read_html(candidate.summary_html, outlet)
        ends = reading.text.endswith((".", "”", '"', "»", ")", "!", "?"))
        if ends and len(reading.text) >= max(outlet.minimum_body, _SHORTEST) and not reading.truncated:
            return reading
    return None


def _best(parsed: Parsed, outlet: Outlet, access: Access) -> Found | None:
    """The first reading that is not far shorter than the longest; no further are made after one that is long enough."""
    readings: list[Found] = []
    for found in _readings(parsed, outlet):
        readings.append(found)
        if found.sure and (len(found.reading.text) >= outlet.minimum_body or access is Access.LOCKED):
            break
    if not readings:
        return None
    longest = max(len(found.reading.text) for found in readings)
    readings.sort(key=lambda found: not found.sure)
    return next(found for found in readings if len(found.reading.text) >= _NEARLY * longest)


def _readings(parsed: Parsed, outlet: Outlet) -> Iterator[Found]:
    for read in LAYOUTS[outlet.layout]:
        found = read(parsed, outlet)
        if found is not None and len(found.reading.text) >= _SHORTEST:
            yield found


def _address(parsed: Parsed, outlet: Outlet) -> str:
    """The address that the page gives itself, if it is one of the outlet's articles; else the one that answered.

    An address that tells of something else is not believed: a template that names one and the same address in all pages would make
    one article of all.
    """
    own = string(parsed.root, "string(//link[@rel='canonical'][1]/@href)")
    if own and outlet.article_url is not None:
        try:
            url = canonical_url(urljoin(parsed.page.url, own), outlet)
        except ValueError:
            return parsed.page.url
        if (
            len(url) <= LONGEST_URL
            and same_site(url, outlet)
            and outlet.is_article(url)
            and may_be_same(url, parsed.page.url)
        ):
            return url
    return parsed.page.url


def _article(url: str, outlet: Outlet, fetched: datetime, found: Found, metadata: Metadata) -> Article:
    canonical = canonical_url(url, outlet)
    body = _without_head(found.reading.text, metadata)
    if len(body) > LONGEST_TEXT:
        raise BrokenPage(f"a text of {len(body):,} characters is no article")
    title = metadata.title[:_LONGEST_TITLE].rstrip()
    access = metadata.access
    if access is Access.LOCKED and not metadata.tiered and len(body) >= outlet.minimum_body:
        # "isAccessibleForFree: false" alone is also said of texts that are handed out in full.
        access = Access.METERED
    return Article(
        id=article_id(outlet.identity(canonical)),
        outlet=outlet.id,
        url=canonical,
        title=title,
        body=body,
        published=metadata.published,
        published_raw=metadata.published_raw,
        modified=metadata.modified,
        modified_raw=metadata.modified_raw,
        fetched=fetched,
        authors=tuple(name[:_LONGEST_NAME] for name in metadata.authors),
        section=metadata.section and metadata.section[:_LONGEST_NAME],
        tags=tuple(tag[:_LONGEST_NAME] for tag in metadata.tags),
        body_source=found.source,
        access=access,
        unfinished=found.reading.unfinished,
        content_hash=hash_of(text_of(title, body)),
    )


def _without_head(body: str, metadata: Metadata) -> str:
    """A body without title, author and section, which some pages print once more above its first paragraph."""
    named = {folded(name) for name in (metadata.title, *metadata.authors, metadata.section or "", *metadata.tags)}
    paragraphs = body.split("\n\n")
    begin = next((n for n, each in enumerate(paragraphs) if folded(without_byline(each)) not in named), 0)
    return "\n\n".join(paragraphs[begin:])
