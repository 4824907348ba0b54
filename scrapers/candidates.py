"""What entry points announce, and what all their readers share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from urllib.parse import urljoin

from scrapers.decoding import Undecodable, decode
from scrapers.items import Page
from scrapers.text import one_line
from scrapers.urls import is_web_address

_PROLOGUE = re.compile(r"(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*+<([\w:.-]+)", re.DOTALL | re.IGNORECASE)
HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
JUNK_BEFORE = 5_000
"""Characters within which a document's root is looked for, behind blank lines or a warning of the server's own programs."""


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


def decoded(page: Page) -> str:
    """The text of a response.

    Raises:
        BrokenFeed: there is none.
    """
    try:
        text = decode(page)
    except Undecodable as error:
        raise BrokenFeed(str(error)) from error
    if not text.strip():
        raise BrokenFeed("empty answer")
    return text


def root_of(text: str) -> str:
    """Name of the root element of an XML document, in lower case without its prefix; ``rdf`` for RDF; empty if there is none."""
    found = _PROLOGUE.match(text)
    if not found:
        return ""
    prefix, _, local = found[1].rpartition(":")
    return (prefix if prefix.lower() == "rdf" else local).lower()


def kind_of(text: str) -> str:
    """What a document is, for messages."""
    if HTML.search(text[:JUNK_BEFORE]):
        title = re.search(r"<title[^>]*>([^<]{1,200})", text[: JUNK_BEFORE * 4], re.IGNORECASE)
        return f"an HTML page ({one_line(title[1])!r})" if title else "an HTML page"
    if text.lstrip()[:1] in {"{", "["}:
        return "JSON"
    name = root_of(text)
    return f"XML with the root <{name}>" if name else "something that is not XML"


def names_of(raw: Iterable[str | None]) -> tuple[str, ...]:
    """Names as they were given, cleaned, each once."""
    return tuple(dict.fromkeys(name for each in raw if isinstance(each, str) and (name := one_line(each))))


def addressed(candidates: list[Candidate], rows: Sized) -> list[Candidate]:
    """The candidates that were found in some rows.

    Raises:
        BrokenFeed: there are rows, and none has an address. That is no empty list: the form of its rows has changed.
    """
    if rows and not candidates:
        raise BrokenFeed(f"lists {len(rows)} items, none of which has an address of the web")
    return candidates


def linked_address(href: str | None, base: str) -> str | None:
    """An absolute web address, or ``None``."""
    if not isinstance(href, str) or not href.strip():
        return None
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return None
    return url if is_web_address(url) else None
