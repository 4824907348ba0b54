"""Entry points -> candidates: RSS and Atom, news sitemaps, lists of links, gob.pe's search, WordPress posts. No network.

Each reader takes a response and gives what it announces, in its order. An entry point that is well formed and announces nothing
gives nothing; one that is something else raises :class:`NotAFeed`, one that cannot be read :class:`BrokenFeed`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin

import feedparser
from lxml import etree

from scrapers.decoding import Undecodable, decode
from scrapers.items import Page
from scrapers.markup import parse_html, string, text_of
from scrapers.text import one_line
from scrapers.urls import canonical_url, is_web_address, same_site

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

T = TypeVar("T")

_PROLOGUE = re.compile(r"(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*+<([\w:.-]+)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ENTITY_DECLARATION = re.compile(r"<!ENTITY", re.IGNORECASE)
_FEED_ROOTS = frozenset(["rss", "feed", "rdf"])
_SITEMAP_ROOTS = frozenset(["urlset", "sitemapindex"])
_JUNK_BEFORE = 5_000
"""Characters within which a feed's root is looked for, behind blank lines or a warning of the server's own programs."""
_TAG_PAGE = re.compile(r"/(?:tags?|etiquetas?|noticias-de|temas?)/", re.IGNORECASE)
_SLUG = re.compile(r"(?:[^/-]+-){3}[^/]*/?$")


class FeedError(ValueError):
    """An entry point that gave no list of articles; the message says what came instead."""


class NotAFeed(FeedError):
    """HTML, or something else, where a feed, sitemap or list should be."""


class BrokenFeed(FeedError):
    """Damaged, empty of bytes, or dangerous."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that an entry point announces, as it announces it."""

    url: str
    """Absolute; not canonical yet."""
    title: str = ""
    published_raw: str | None = None
    modified_raw: str | None = None
    body_html: str | None = None
    """What is given as the whole text."""
    summary_html: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    id_hint: str | None = None
    """The outlet's own id: a feed's guid, WordPress' post id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntries:
    """What a sitemap lists: articles, or further sitemaps."""

    candidates: tuple[Candidate, ...] = ()
    children: tuple[str, ...] = ()


def read_feed(page: Page) -> list[Candidate]:
    """The items of an RSS or Atom feed. A damaged feed gives the items that can still be read.

    Raises:
        NotAFeed: HTML, a sitemap, JSON or anything else.
        BrokenFeed: no bytes, entity declarations, or damage that leaves nothing.
    """
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
    return candidates


def read_news_sitemap(page: Page) -> SitemapEntries:
    """The addresses of a sitemap, with the titles and dates of the news extension, or the sitemaps of an index.

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
    if etree.QName(root).localname == "sitemapindex":
        children = (_linked(row.get("loc"), page.url) for row in rows)
        return SitemapEntries(children=tuple(dict.fromkeys(filter(None, children))))
    candidates = (_from_sitemap(row, page.url) for row in rows)
    return SitemapEntries(candidates=tuple(filter(None, candidates)))


def read_listing(page: Page, outlet: Outlet) -> list[Candidate]:
    """The links of a list page that lead to articles of the outlet, in the page's order, each article once.

    Without an ``article_url`` an address is taken for an article when it ends in a title of four words or more.

    Raises:
        NotAFeed: XML or JSON.
        BrokenFeed: no bytes.
    """
    text = _decoded(page)
    if not text.lstrip().startswith("<") or _root(text) in _FEED_ROOTS | _SITEMAP_ROOTS:
        raise NotAFeed(f"expected an HTML page with links, got {_kind(text)}")
    root = parse_html(text)
    base = page.url if root is None else urljoin(page.url, string(root, "string(//base/@href)").strip())
    found: dict[str, Candidate] = {}
    for link in [] if root is None else root.iter("a"):
        url = _linked(link.get("href"), base)
        if url is None or not same_site(url, outlet):
            continue
        key = canonical_url(url, outlet)
        title = one_line(text_of(link) or link.get("title"))
        if _may_be_article(key, outlet) and (key not in found or len(found[key].title) < len(title)):
            found[key] = Candidate(url=url, title=title)
    return list(found.values())


def read_gobpe(page: Page) -> list[Candidate]:
    """The notices on a sheet of gob.pe's ``busquedas.json``.

    Raises:
        NotAFeed: HTML.
        BrokenFeed: not JSON, or JSON of another form.
    """
    data = _json(page)
    try:
        results = data["data"]["attributes"]["results"]
        rows = [row for row in results if isinstance(row, dict)]
    except (KeyError, TypeError) as error:
        raise BrokenFeed("JSON without data.attributes.results: gob.pe's search has changed") from error
    return [candidate for row in rows if (candidate := _from_gobpe(row, page.url))]


def read_wp_json(page: Page) -> list[Candidate]:
    """The posts of a WordPress list (``/wp-json/wp/v2/posts``); authors and terms when they are embedded.

    Raises:
        NotAFeed: HTML, or WordPress' answer that there is no such list.
        BrokenFeed: not JSON.
    """
    data = _json(page)
    if not isinstance(data, list):
        reason = data.get("message") or data.get("code") if isinstance(data, dict) else None
        raise NotAFeed(f"expected a list of WordPress posts, got: {reason or type(data).__name__}")
    return [
        candidate for post in data if isinstance(post, dict) and (candidate := _from_post(post, page.url)) is not None
    ]


# --- bytes


def _decoded(page: Page) -> str:
    try:
        text = decode(page)
    except Undecodable as error:
        raise BrokenFeed(str(error)) from error
    if not text.strip():
        raise BrokenFeed("empty answer")
    return text


def _xml(page: Page, roots: frozenset[str]) -> str:
    """The text of an XML document from its root on, if it is one of these."""
    text = _decoded(page)
    if _ENTITY_DECLARATION.search(text):
        raise BrokenFeed("declares XML entities, which feeds have no use for; refused")
    found = _ROOT.search(text[:_JUNK_BEFORE])
    if found and not _HTML.search(text[: found.start()]):
        text = text[found.start() :]
    name = _root(text)
    if name not in roots:
        wanted = "a sitemap" if roots is _SITEMAP_ROOTS else "a feed"
        raise NotAFeed(f"expected {wanted}, got {_kind(text)}")
    return text


def _root(text: str) -> str:
    found = _PROLOGUE.match(text)
    if not found:
        return ""
    prefix, _, local = found[1].rpartition(":")
    return (prefix if prefix.lower() == "rdf" else local).lower()


def _kind(text: str) -> str:
    """What a document is, for messages."""
    if _HTML.search(text[:_JUNK_BEFORE]):
        title = re.search(r"<title[^>]*>([^<]{1,200})", text[: _JUNK_BEFORE * 4], re.IGNORECASE)
        return f"an HTML page ({one_line(title[1])!r})" if title else "an HTML page"
    if text.lstrip()[:1] in {"{", "["}:
        return "JSON"
    name = _root(text)
    return f"XML with the root <{name}>" if name else "something that is not XML"


def _json(page: Page) -> Any:
    text = _decoded(page)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("<"):
            raise NotAFeed(f"expected JSON, got {_kind(text)}") from error
        raise BrokenFeed(f"JSON that cannot be read: {error}") from error


# --- one row of each


def _from_entry(entry: Any, base: str) -> Candidate | None:
    # dict.get: feedparser's own would fall back from "updated" to "published", with a warning.
    given: dict[str, Any] = {key: dict.get(entry, key) for key in dict.keys(entry)}
    url = _linked(given.get("feedburner_origlink") or given.get("link"), base)
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
        authors=_names(author.get("name") for author in given.get("authors") or ()),
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
    """The texts under a row of a sitemap by local name, the first of each."""
    fields: dict[str, str] = {}
    for field in element.iter(etree.Element):
        text = (field.text or "").strip()
        if text:
            fields.setdefault(etree.QName(field).localname, text)
    return fields


def _from_sitemap(row: dict[str, str], base: str) -> Candidate | None:
    url = _linked(row.get("loc"), base)
    if url is None:
        return None
    return Candidate(
        url=url,
        title=one_line(row.get("title")),
        published_raw=row.get("publication_date"),
        modified_raw=row.get("lastmod"),
        tags=_names(row.get("keywords", "").split(",")),
    )


def _from_gobpe(row: dict[str, Any], base: str) -> Candidate | None:
    link = str(row.get("url") or "")
    href = re.search(r"href\s*=\s*[\"']([^\"']+)", link)
    url = _linked(href[1] if href else link, base)
    if url is None:
        return None
    content = row.get("content")
    publication = row.get("publication")
    return Candidate(
        url=url,
        title=one_line(str(row.get("name_with_parent") or row.get("name") or "")),
        published_raw=str(publication) if publication else None,
        summary_html=str(content) if content else None,
    )


def _from_post(post: dict[str, Any], base: str) -> Candidate | None:
    url = _linked(post.get("link"), base)
    if url is None:
        return None
    embedded = post.get("_embedded")
    groups = _rows(embedded.get("wp:term"), list) if isinstance(embedded, dict) else []
    terms = [term for group in groups for term in _rows(group, dict)]
    authors = _rows(embedded.get("author"), dict) if isinstance(embedded, dict) else []
    sections = _names(term.get("name") for term in terms if term.get("taxonomy") == "category")
    tags = _names(term.get("name") for term in terms if term.get("taxonomy") == "post_tag")
    return Candidate(
        url=url,
        title=one_line(_rendered(post, "title")),
        published_raw=_gmt(post, "date"),
        modified_raw=_gmt(post, "modified"),
        body_html=_rendered(post, "content"),
        summary_html=_rendered(post, "excerpt"),
        authors=_names(author.get("name") for author in authors),
        section=sections[0] if sections else None,
        tags=tuple(dict.fromkeys((*sections[1:], *tags))),
        id_hint=str(post["id"]) if "id" in post else None,
    )


def _rows(value: Any, kind: type[T]) -> list[T]:
    """The items of a list that are of a kind; none of what is no list."""
    return [item for item in value if isinstance(item, kind)] if isinstance(value, list) else []


def _rendered(post: dict[str, Any], key: str) -> str | None:
    value = post.get(key)
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text else None


def _gmt(post: dict[str, Any], key: str) -> str | None:
    """WordPress gives each date twice: in GMT without saying so, and in the site's own time."""
    gmt, local = post.get(f"{key}_gmt"), post.get(key)
    if isinstance(gmt, str) and gmt:
        return gmt if gmt.endswith("Z") else f"{gmt}Z"
    return local if isinstance(local, str) and local else None


def _names(raw: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in raw if isinstance(each, str) and (name := one_line(each))))


# --- links


def _linked(href: str | None, base: str) -> str | None:
    """An absolute web address, or ``None``."""
    if not isinstance(href, str) or not href.strip():
        return None
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return None
    return url if is_web_address(url) else None


def _may_be_article(canonical: str, outlet: Outlet) -> bool:
    if not outlet.is_article(canonical):
        return False
    return outlet.article_url is not None or _SLUG.search(canonical.partition("://")[2]) is not None
