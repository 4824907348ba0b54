"""Title, dates, authors, section, tags and access: from linked data, then meta elements, then the feed, then the address."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import htmldate
from lxml import etree

from scrapers.dates import to_utc
from scrapers.feeds import Candidate
from scrapers.items import Access
from scrapers.layouts.parsed import Parsed, strings
from scrapers.markup import blocks_of, text_of
from scrapers.noise import load_noise
from scrapers.text import one_line

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

PUBLISHED = (
    "article:published_time",
    "datePublished",
    "og:published_time",
    "publish-date",
    "parsely-pub-date",
    "cXenseParse:recs:publishtime",
    "date",
    "DC.date.issued",
)
_MODIFIED = ("article:modified_time", "dateModified", "og:updated_time")
_URL_DATES = (
    re.compile(r"/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/|$)"),
    re.compile(r"/(?P<d>\d{2})/(?P<m>\d{2})/(?P<y>20\d\d)(?:/|$)"),
    re.compile(r"_(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)/?$"),
)
_NO_SECTION = re.compile(r"^(?:index\.php|noticias?|news|agencia|\d+|.{41,})$", re.IGNORECASE)
_NO_NAME = re.compile(r"^(?:an[oó]nimo|admin|administrador|https?://.*|.*@.*|.{81,}|\W*)$", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:(?:escrito |publicado )?por:?|escribe:|redacci[oó]n:|autora?:?|by)\s+", re.IGNORECASE)
_TRUNCATED = re.compile(r"(?:…|\.\.\.)$")
_HEADLINE = 15
_BELOW = 15
"""Blocks below the headline within which its date stands."""
_MOST = 30
"""Tags and authors that are kept: a list of a hundred is the site's, not the article's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """All of an article but its text."""

    title: str
    published: datetime | None
    published_raw: str | None
    modified: datetime | None
    modified_raw: str | None
    authors: tuple[str, ...]
    section: str | None
    tags: tuple[str, ...]
    access: Access = Access.FREE
    tiered: bool = False
    """The outlet names the tier (free, metered, locked), and does not only say that the article is not free."""


def of_candidate(candidate: Candidate, outlet: Outlet, fetched: datetime) -> Metadata:
    """What a feed says of an article."""
    published, published_raw = _date([candidate.published_raw, *_url_dates(candidate.url)], fetched)
    modified, modified_raw = _modified([candidate.modified_raw], fetched, published)
    return Metadata(
        title=candidate.title,
        published=published,
        published_raw=published_raw,
        modified=modified,
        modified_raw=modified_raw,
        authors=_people(candidate.authors),
        section=candidate.section or _url_section(candidate.url, outlet),
        tags=_tags(candidate.tags),
    )


def of_page(parsed: Parsed, outlet: Outlet, candidate: Candidate | None) -> Metadata:
    """What a page says of its article, completed by what the feed said."""
    fed = candidate or Candidate(url=parsed.page.url)
    now = parsed.page.fetched
    published, published_raw = _date(_published(parsed, outlet, fed), now)
    modified, modified_raw = _modified(
        [*strings(parsed.linked.get("dateModified")), *parsed.meta(*_MODIFIED), fed.modified_raw], now, published
    )
    access, tiered = _access(parsed)
    sections = (
        *strings(parsed.linked.get("articleSection")),
        *parsed.meta("article:section"),
        fed.section,
        _url_section(parsed.page.url, outlet),
    )
    return Metadata(
        title=next(filter(None, _titles(parsed, outlet, fed)), ""),
        published=published,
        published_raw=published_raw,
        modified=modified,
        modified_raw=modified_raw,
        authors=next(filter(None, _named(parsed, outlet, fed)), ()),
        section=next(filter(None, (one_line(section) for section in sections)), None),
        tags=next(filter(None, map(_tags, _keywords(parsed, fed))), ()),
        access=access,
        tiered=tiered,
    )


# --- title


def _titles(parsed: Parsed, outlet: Outlet, fed: Candidate) -> Iterator[str]:
    cut_off = []
    for title in _all_titles(parsed, outlet, fed):
        plain = _without_site(one_line(title), parsed, outlet)
        if not _TRUNCATED.search(plain):
            yield plain
        cut_off.append(plain)
    yield from cut_off


def _all_titles(parsed: Parsed, outlet: Outlet, fed: Candidate) -> Iterator[str]:
    headline = _headline(parsed)
    if _begins_window_title(headline, parsed):
        # What linked data and meta elements print instead is for search engines and social networks.
        yield headline
    yield from strings(parsed.linked.get("headline"))
    if outlet.selectors.title:
        yield from map(text_of, parsed.select(outlet.selectors.title))
    for title in (*parsed.meta("og:title", "twitter:title"), fed.title):
        # The page's title is often the headline with the outlet's name before or behind it.
        yield headline if len(headline) >= _HEADLINE and headline in one_line(title) else title
    yield headline
    yield from map(text_of, parsed.root.iter("title"))


def _headline(parsed: Parsed) -> str:
    heading = next(parsed.scope.iter("h1"), None)
    return one_line(text_of(heading)) if heading is not None else ""


def _begins_window_title(headline: str, parsed: Parsed) -> bool:
    """Whether the title of the window is the headline, with or without more behind it, and no other title that the page gives.

    That it gives another one as well says that its ``h1`` is the name of the outlet.
    """
    window = one_line(text_of(title)) if (title := next(parsed.root.iter("title"), None)) is not None else ""
    others = (*strings(parsed.linked.get("headline")), *parsed.meta("og:title"))
    alike = len(headline) >= _HEADLINE and window.startswith(headline)
    return alike and not any(one_line(other) in window for other in others)


def _without_site(title: str, parsed: Parsed, outlet: Outlet) -> str:
    """A title without the outlet's name at its end: "… | El Comercio Perú", "… - La Voz"."""
    names = [outlet.name.casefold(), *(name.casefold() for name in parsed.meta("og:site_name"))]
    for mark in (" | ", " - ", " – ", " — "):
        head, found, tail = title.rpartition(mark)
        if found and any(name in tail.casefold() for name in names):
            return head
    return title


# --- dates


def _published(parsed: Parsed, outlet: Outlet, fed: Candidate) -> Iterator[str | None]:
    yield from strings(parsed.linked.get("datePublished"))
    yield from parsed.meta(*PUBLISHED)
    yield fed.published_raw
    if outlet.selectors.published:
        yield from map(_moment, parsed.select(outlet.selectors.published))
    yield from (element.get("datetime") for element in parsed.select("article time[datetime], main time[datetime]")[:1])
    yield from _url_dates(parsed.page.url)
    yield from _printed(parsed, outlet)
    # Without scripts: what they say of this article was asked above, and they tell the dates of others too.
    bare = copy.deepcopy(parsed.root)
    etree.strip_elements(bare, "script", with_tail=False)
    yield htmldate.find_date(bare, extensive_search=False, original_date=True)


def _printed(parsed: Parsed, outlet: Outlet) -> Iterator[str]:
    """Dates that stand alone shortly below the headline: Andina's, gob.pe's."""
    headline = _headline(parsed)
    blocks = dropwhile(lambda block: headline and block.text != headline, blocks_of(parsed.scope, outlet))
    yield from (block.text for block in islice(blocks, _BELOW) if load_noise().is_dateline(block.text))


def _moment(element: etree._Element) -> str:
    return element.get("datetime") or element.get("content") or text_of(element)


def _url_dates(url: str) -> Iterator[str]:
    for pattern in _URL_DATES:
        if found := pattern.search(urlsplit(url).path):
            yield f"{found['y']}-{found['m']:0>2}-{found['d']:0>2}"


def _date(raws: Iterable[str | None], now: datetime) -> tuple[datetime | None, str | None]:
    """The first usable date, with its raw form; without one the first raw form stays."""
    first: str | None = None
    for raw in raws:
        text = " ".join((raw or "").split())
        if text and (moment := to_utc(text, now=now)):
            return moment, text
        first = first or text or None
    return None, first


def _modified(
    raws: Iterable[str | None], now: datetime, published: datetime | None
) -> tuple[datetime | None, str | None]:
    """As :func:`_date`; an article is not modified before it is published."""
    moment, raw = _date(raws, now)
    if moment and published and moment < published:
        return None, raw
    return moment, raw


# --- people, sections, tags


def _authors(parsed: Parsed, outlet: Outlet, fed: Candidate) -> Iterator[Iterable[str]]:
    yield strings(parsed.linked.get("author"))
    if outlet.selectors.authors:
        yield map(text_of, parsed.select(outlet.selectors.authors))
    yield parsed.meta("author", "article:author", "parsely-author")
    yield fed.authors


def _named(parsed: Parsed, outlet: Outlet, fed: Candidate) -> Iterator[tuple[str, ...]]:
    """Those whom each place names, without the outlet itself."""
    sites = {outlet.name.casefold(), *(name.casefold() for name in parsed.meta("og:site_name"))}
    for people in map(_people, _authors(parsed, outlet, fed)):
        yield tuple(name for name in people if name.casefold() not in sites)


def without_byline(name: str) -> str:
    """A name without "Por", "Escribe:" and the like before it."""
    return _BYLINE.sub("", name)


def _people(raw: Iterable[str]) -> tuple[str, ...]:
    names = (without_byline(one_line(name)) for name in raw)
    return tuple(dict.fromkeys(name for name in names if not _NO_NAME.match(name)))[:_MOST]


def _keywords(parsed: Parsed, fed: Candidate) -> Iterator[Iterable[str]]:
    yield _split(strings(parsed.linked.get("keywords")))
    yield parsed.meta("article:tag")
    yield fed.tags
    yield _split(parsed.meta("news_keywords", "keywords"))


def _split(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from value.split(",")


def _tags(raw: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for each in raw if (tag := one_line(each))))[:_MOST]


def _url_section(url: str, outlet: Outlet) -> str | None:
    """The folders of an address: ``peru/la-libertad``, ``edicion/chimbote``."""
    path = unquote(urlsplit(url).path)
    for pattern, replacement in outlet.path_rewrites:
        path = re.sub(pattern, replacement, path)
    folders = [part for part in path.split("/")[:-1] if part] if not path.endswith("/") else path.split("/")[1:-2]
    return "/".join(part for part in folders if not _NO_SECTION.match(part)) or None


# --- access


def _access(parsed: Parsed) -> tuple[Access, bool]:
    for tier in parsed.meta("article:content_tier", "content_tier"):
        if tier.lower() in {"free", "metered", "locked"}:
            return Access(tier.lower()), True
    restrictions = parsed.story.get("content_restrictions")
    code = str(restrictions.get("content_code")).lower() if isinstance(restrictions, dict) else ""
    if code in {"metered", "premium", "locked", "exclusive"}:
        return (Access.METERED if code == "metered" else Access.LOCKED), True
    if any(kind.lower() == "premium" for kind in parsed.meta("cXenseParse:per-tiponota")):
        return Access.LOCKED, True
    free = parsed.linked.get("isAccessibleForFree")
    return (Access.LOCKED if str(free).lower() == "false" else Access.FREE), False
