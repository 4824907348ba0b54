"""Stories as content management systems hand them to their pages: Arc's ``Fusion.globalContent``, Next.js' ``__NEXT_DATA__``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree

from scrapers.markup import string
from scrapers.noise import folded

_FUSION = re.compile(r"Fusion\.globalContent\s*=\s*(?=\{)")
_EMBED = re.compile(r"<(?:iframe|script|form|style)\b", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"<p[\s>]", re.IGNORECASE)
_TITLES = ("title", "titulo", "headline", "headlines", "name")


def arc_story(page: str) -> dict[str, Any]:
    """The story that an Arc page was made from; empty when the page does not tell."""
    start = _FUSION.search(page)
    story = _decoded(page, start.end()) if start else None
    return story if isinstance(story, dict) else {}


def arc_markup(story: dict[str, Any]) -> str | None:
    """An Arc story as HTML, without its pictures, embeds and links to other stories."""
    elements = story.get("content_elements")
    if not isinstance(elements, list):
        return None
    return "".join(_element(each) for each in elements if isinstance(each, dict)) or None


def next_markup(root: etree._Element, headline: str) -> str | None:
    """The story of a Next.js page as HTML: of the texts in the page's data, the longest that bears the headline."""
    data = string(root, "string(//script[@id='__NEXT_DATA__'])")
    page = _decoded(data, 0) if data else None
    title = folded(headline).strip()
    texts = [text for item in _objects(page) if _bears(item, title) for text in _texts(item)]
    return max(texts, key=len, default=None)


def _decoded(text: str, start: int) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _bears(item: dict[str, Any], title: str) -> bool:
    for key in _TITLES:
        value = item.get(key)
        given = value.get("basic") if isinstance(value, dict) else value
        if isinstance(given, str) and title and folded(given).strip() == title:
            return True
    return False


def _texts(item: dict[str, Any]) -> Iterator[str]:
    """The texts of a story and of what it holds directly: ``{title, data: {content}}`` is as usual as ``{title, content}``."""
    for holder in (item, *(value for value in item.values() if isinstance(value, dict))):
        if story := arc_markup(holder):
            yield story
        yield from (text for text in holder.values() if isinstance(text, str) and _PARAGRAPHS.search(text))


def _element(element: dict[str, Any]) -> str:
    content = element.get("content")
    text = content if isinstance(content, str) else ""
    match element.get("type"):
        case "text":
            return f"<p>{text}</p>"
        case "header":
            return f"<h2>{text}</h2>"
        case "raw_html" if _PARAGRAPHS.search(text) and not _EMBED.search(text):
            return text
        case "quote" | "blockquote":
            return f"<blockquote><p>{text}</p>{_inner(element, 'content_elements')}</blockquote>"
        case "list":
            return f"<ul>{_inner(element, 'items')}</ul>"
        case _:
            return ""


def _inner(element: dict[str, Any], key: str) -> str:
    inner = element.get(key)
    rows = (each for each in inner if isinstance(each, dict)) if isinstance(inner, list) else ()
    return "".join(f"<li>{_element(row) or escape(str(row.get('content') or ''))}</li>" for row in rows)
