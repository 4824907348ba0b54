"""Entry points -> candidates: RSS and Atom, news sitemaps, lists of links; JSON is read by ``scrapers.sheets``. No network.

Each reader takes a response and gives what it announces, in its order. An entry point that is well formed and announces nothing
gives nothing; one that is something else raises :class:`NotAFeed`, one that cannot be read :class:`BrokenFeed`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import feedparser
from lxml import etree

from scrapers.candidates import (
    HTML,
    JUNK_BEFORE,
    BrokenFeed,
    Candidate,
    FeedError,
    NotAFeed,
    addressed,
    decoded,
    kind_of,
    linked_address,
    names_of,
    root_of,
)
from scrapers.dates import to_utc
from scrapers.items import Page
from scrapers.markup import parse_html, string, text_of
from scrapers.sheets import JSON_FEED, read_gobpe, read_json_feed, read_wp_json
from scrapers.text import one_line
from scrapers.urls import canonical_url, same_site

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

__all__ = [
    "BrokenFeed",
    "Candidate",
    "FeedError",
    "NotAFeed",
    "SitemapEntries",
    "read_feed",
    "read_gobpe",
    "read_listing",
    "read_news_sitemap",
    "read_wp_json",
    "without_articles",
]

_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]")
_ENTITY_DECLARATION = re.compile(r"<!(?i:ENTITY)")
_FEED_ROOTS = frozenset(["rss", "feed", "rdf"])
_SITEMAP_ROOTS = frozenset(["urlset", "sitemapindex"])
_PICTURES = frozenset(["image", "video"])
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
_TAG_PAGE = re.compile(r"/(?:tags?|etiquetas?|noticias-de|temas?)/", re.IGNORECASE)
_EXAMPLES = 3
_SEVERAL = 5
_AT_ONCE = timedelta(minutes=2)
_SLUG = re.compile(r"(?:[^/-]+-){3}[^/]*/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntries:
    """What a sitemap lists: articles, or further sitemaps."""

    candidates: tuple[Candidate, ...] = ()
    children: tuple[str, ...] = ()


def read_feed(page: Page) -> list[Candidate]:
    """The items of an RSS, Atom or JSON feed. A damaged feed of XML gives the items that can still be read.

    Raises:
        NotAFeed: HTML, a sitemap, other JSON or anything else.
        BrokenFeed: no bytes, entity declarations, or damage that leaves nothing.
    """
    if JSON_FEED.search(page.body[:JUNK_BEFORE]):
        return read_json_feed(page)
    text = _xml(page, _FEED_ROOTS)
    # A file object: feedparser would take a string for an address or a file's name, and open it.
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    candidates = [candidate for entry in parsed.entries if (candidate := _from_entry(entry, page.url))]
    if not candidates and parsed.bozo:
        raise BrokenFeed(f"feed that cannot be read: {parsed.bozo_exception}")
    return addressed(candidates, parsed.entries)


def read_news_sitemap(page: Page) -> SitemapEntries:
    """The addresses of a sitemap, with the titles and dates of the news extension, or the sitemaps of an index, the newest first.

    Raises:
        NotAFeed: HTML, a feed, JSON or anything else.
        BrokenFeed: no bytes, entity declarations, or damage that leaves nothing.
    """
    text = _xml(page, _SITEMAP_ROOTS)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise BrokenFeed(f"sitemap that cannot be read: {error}") from error
    if root is None:
        raise BrokenFeed("sitemap that cannot be read")
    rows = [_fields(element) for element in root if isinstance(element.tag, str)]
    if not any("loc" in row for row in rows) and parser.error_log:
        raise BrokenFeed(f"sitemap that cannot be read: {parser.error_log[0].message}")
    listed = addressed([found for row in rows if (found := _from_sitemap(row, page.url))], rows)
    if _local(root) == "sitemapindex":
        listed.sort(key=lambda found: to_utc(found.modified_raw, now=page.fetched) or page.fetched, reverse=True)
        return SitemapEntries(children=tuple(dict.fromkeys(found.url for found in listed)))
    return SitemapEntries(candidates=tuple(_believed(listed, page)))


def read_listing(page: Page, outlet: Outlet) -> list[Candidate]:
    """The links of a list page that lead to articles of the outlet, in the page's order, each article once.

    Without an ``article_url`` an address is taken for an article when it ends in a title of four words or more.

    Raises:
        NotAFeed: XML or JSON.
        BrokenFeed: no bytes.
    """
    found: dict[str, Candidate] = {}
    for candidate in _links(page, outlet):
        key = canonical_url(candidate.url, outlet)
        if _may_be_article(key, outlet) and (key not in found or len(found[key].title) < len(candidate.title)):
            found[key] = candidate
    return list(found.values())


def without_articles(page: Page, outlet: Outlet) -> str:
    """What there is in a list page without a link to an article, for people."""
    links = dict.fromkeys(canonical_url(each.url, outlet) for each in _links(page, outlet))
    if not links:
        return "an HTML page without links to the outlet's site: built in the browser, or none of its lists any more"
    longest = ", ".join(sorted(links, key=len, reverse=True)[:_EXAMPLES])
    return (
        f"an HTML page with {len(links)} links, none of which has the form of an article: "
        f"check article_url in outlets/{outlet.id}.yaml; the longest are {longest}"
    )


def _links(page: Page, outlet: Outlet) -> Iterator[Candidate]:
    """The links of a list page that stay on the outlet's sites."""
    text = decoded(page)
    if not text.lstrip().startswith("<") or root_of(text) in _FEED_ROOTS | _SITEMAP_ROOTS:
        raise NotAFeed(f"expected an HTML page with links, got {kind_of(text)}")
    root = parse_html(text)
    base = (linked_address(string(root, "string(//base/@href)"), page.url) if root is not None else None) or page.url
    for link in [] if root is None else root.iter("a"):
        url = linked_address(link.get("href"), base)
        if url is not None and same_site(url, outlet):
            yield Candidate(url=url, title=one_line(text_of(link) or link.get("title")))


def _xml(page: Page, roots: frozenset[str]) -> str:
    """The text of an XML document from its root on, if it is one of these."""
    text = decoded(page)
    if _ENTITY_DECLARATION.search(text):
        raise BrokenFeed("declares XML entities, which feeds have no use for; refused")
    found = _ROOT.search(text[:JUNK_BEFORE])
    if found and not HTML.search(text[: found.start()]):
        text = text[found.start() :]
    text = _REFERENCE.sub(_sound, text)
    name = root_of(text)
    if name not in roots:
        wanted = "a sitemap" if roots is _SITEMAP_ROOTS else "a feed"
        raise NotAFeed(f"expected {wanted}, got {kind_of(text)}")
    return text


def _sound(reference: re.Match[str]) -> str:
    """A character reference, or nothing for one that names no character: feedparser fails on the whole feed for it."""
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    code = int(digits, base) if len(digits) <= 12 else -1  # no endless numbers
    return reference[0] if 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF else ""


# --- one row of each


def _from_entry(entry: Any, base: str) -> Candidate | None:
    # dict.get: feedparser's own would fall back from "updated" to "published", with a warning.
    given: dict[str, Any] = {key: dict.get(entry, key) for key in dict.keys(entry)}
    url = linked_address(given.get("feedburner_origlink") or given.get("link"), base)
    if url is None:
        return None
    published, updated = given.get("published") or given.get("created"), given.get("updated")
    bodies = [part.get("value") or "" for part in given.get("content") or ()]
    section, tags = _section_and_tags(given.get("tags") or ())
    return Candidate(
        url=url,
        title=one_line(given.get("title")),
        published_raw=published or updated,
        modified_raw=updated if published else None,
        body_html=max(bodies, key=len, default="") or None,
        summary_html=given.get("summary") or None,
        authors=names_of(author.get("name") for author in given.get("authors") or ()),
        section=section,
        tags=tags,
        id_hint=given.get("id") or None,
    )


def _section_and_tags(categories: Iterable[Any]) -> tuple[str | None, tuple[str, ...]]:
    """The first category that is no tag is the section. La República tells them apart by the category's address."""
    section: str | None = None
    tags: list[str] = []
    for category in categories:
        name = one_line(category.get("term") or category.get("label"))
        if not name:
            continue
        if section is None and not _TAG_PAGE.search(category.get("scheme") or ""):
            section = name
        else:
            tags.append(name)
    return section, tuple(dict.fromkeys(tags))


def _fields(element: etree._Element) -> dict[str, str]:
    """The texts under a row of a sitemap by local name, the first of each. Pictures and videos have addresses and titles of their own."""
    fields: dict[str, str] = {}
    for part in element.iterchildren(etree.Element):
        if _local(part) in _PICTURES:
            continue
        for field in part.iter(etree.Element):
            if text := (field.text or "").strip():
                fields.setdefault(_local(field), text)
    return fields


def _local(element: etree._Element) -> str:
    """The name of an element without its namespace, or the prefix of one that was never declared (``news:title``)."""
    return re.split("[}:]", str(element.tag))[-1]


def _from_sitemap(row: dict[str, str], base: str) -> Candidate | None:
    url = linked_address(row.get("loc"), base)
    if url is None:
        return None
    return Candidate(
        url=url,
        title=one_line(row.get("title")),
        published_raw=row.get("publication_date"),
        modified_raw=row.get("lastmod"),
        tags=names_of(row.get("keywords", "").split(",")),
    )


def _believed(listed: list[Candidate], page: Page) -> list[Candidate]:
    """Candidates without the edits of a sitemap that dates all of its articles with the moment in which it was made itself: each
    crawl would fetch all of them again.
    """
    edits = [moment for each in listed if (moment := to_utc(each.modified_raw, now=page.fetched))]
    if len(edits) < _SEVERAL or max(edits) - min(edits) > _AT_ONCE or min(edits) < page.fetched - timedelta(days=1):
        return listed
    return [replace(each, modified_raw=None) for each in listed]


def _may_be_article(canonical: str, outlet: Outlet) -> bool:
    if not outlet.is_article(canonical):
        return False
    return outlet.article_url is not None or _SLUG.search(canonical.partition("://")[2]) is not None
