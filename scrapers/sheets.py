"""JSON -> candidates: gob.pe's search, WordPress' list of posts, JSON Feed."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from scrapers.candidates import (
    BrokenFeed,
    Candidate,
    NotAFeed,
    addressed,
    decoded,
    kind_of,
    linked_address,
    names_of,
)
from scrapers.items import Page
from scrapers.text import one_line

T = TypeVar("T")
JSON_FEED = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{.{0,4000}?"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org', re.DOTALL)
"""How a JSON Feed (jsonfeed.org, version 1 or 1.1) is known."""


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
    return addressed([candidate for row in rows if (candidate := _from_gobpe(row, page.url))], results)


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
    posts = _rows(data, dict)
    return addressed([candidate for post in posts if (candidate := _from_post(post, page.url))], data)


def read_json_feed(page: Page) -> list[Candidate]:
    """The items of a JSON Feed.

    Raises:
        BrokenFeed: not JSON, or without a list of items.
    """
    data = _json(page)
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise BrokenFeed("JSON Feed without a list of items")
    return addressed([candidate for item in _rows(items, dict) if (candidate := _from_item(item, page.url))], items)


def _json(page: Page) -> Any:
    text = decoded(page)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("<"):
            raise NotAFeed(f"expected JSON, got {kind_of(text)}") from error
        raise BrokenFeed(f"JSON that cannot be read: {error}") from error


def _from_gobpe(row: dict[str, Any], base: str) -> Candidate | None:
    link = str(row.get("url") or "")
    href = re.search(r"href\s*=\s*[\"']([^\"']+)", link)
    url = linked_address(href[1] if href else link, base)
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
    url = linked_address(post.get("link"), base)
    if url is None:
        return None
    embedded = post.get("_embedded")
    groups = _rows(embedded.get("wp:term"), list) if isinstance(embedded, dict) else []
    terms = [term for group in groups for term in _rows(group, dict)]
    authors = _rows(embedded.get("author"), dict) if isinstance(embedded, dict) else []
    sections = names_of(term.get("name") for term in terms if term.get("taxonomy") == "category")
    tags = names_of(term.get("name") for term in terms if term.get("taxonomy") == "post_tag")
    return Candidate(
        url=url,
        title=one_line(_rendered(post, "title")),
        published_raw=_gmt(post, "date"),
        modified_raw=_gmt(post, "modified"),
        body_html=_rendered(post, "content"),
        summary_html=_rendered(post, "excerpt"),
        authors=names_of(author.get("name") for author in authors),
        section=sections[0] if sections else None,
        tags=tuple(dict.fromkeys((*sections[1:], *tags))),
        id_hint=str(post["id"]) if "id" in post else None,
    )


def _from_item(item: dict[str, Any], base: str) -> Candidate | None:
    given = {key: value for key, value in item.items() if isinstance(value, str) and value}
    url = linked_address(given.get("url"), base)
    if url is None:
        return None
    authors = _rows(item.get("authors") or [item.get("author")], dict)
    published, modified = given.get("date_published"), given.get("date_modified")
    return Candidate(
        url=url,
        title=one_line(given.get("title")),
        published_raw=published or modified,
        modified_raw=modified if published else None,
        body_html=given.get("content_html") or given.get("content_text"),
        summary_html=given.get("summary"),
        authors=names_of(author.get("name") for author in authors),
        tags=names_of(_rows(item.get("tags"), str)),
        id_hint=str(item["id"]) if "id" in item else None,
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
