"""Where the text of a page may stand: one reader for each place. A reader gives what it found, or nothing."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

import trafilatura
import yaml
from lxml import etree

from scrapers.items import BodySource
from scrapers.layouts.attest import attested
from scrapers.layouts.cms import arc_markup, next_markup
from scrapers.layouts.parsed import Parsed, strings
from scrapers.markup import Block, blocks_of, drop_boxes, string
from scrapers.text import Reading, one_line, read_blocks, read_html, read_text

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|li)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|[a-z]{2,8});", re.IGNORECASE)
_PARAGRAPH = 1_200
"""Characters that a paragraph of the press has at most, as a rule: a text with longer ones has lost its line breaks."""
_HEADLINE = 15
_RUNNING = 80
"""Characters from which a block is a paragraph and no heading."""
_ANDINA = re.compile(r"<!--[^>]{0,80}CONTENIDO DE LA NOTICIA[^>]{0,80}-->", re.IGNORECASE)
_ANDINA_END = re.compile(r"\(FIN\)|<!--[^>]{0,80}FIN[^>]{0,80}-->", re.IGNORECASE)
_MOST_PARAGRAPHS = 20_000
"""Of a page that trafilatura reads; no text of the press has a tenth of them. It sorts their texts, in a time that grows with the
square, and where no signal of :mod:`scrapers.guard` comes through."""
_TO_HTML = {
    "head": "h2",
    "list": "ul",
    "item": "li",
    "quote": "blockquote",
    "ref": "a",
    "hi": "b",
    "lb": "br",
    "row": "tr",
    "cell": "td",
}
"""Names of trafilatura's elements, after TEI, and ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A text and where it was found."""

    reading: Reading
    source: BodySource
    sure: bool = True
    """``False`` for a text that is only taken when no other place has as much: it has lost its paragraphs, or its end."""


Reader = Callable[[Parsed, "Outlet"], Found | None]


def json_ld(parsed: Parsed, outlet: Outlet) -> Found | None:
    """``articleBody`` of the page's linked data.

    Many outlets print it without paragraphs, and some only its beginning. The paragraphs are then those of the page that it attests.
    """
    text = "\n\n".join(strings(parsed.linked.get("articleBody"))) or _live_blog(parsed.linked)
    if not text.strip():
        return None
    if one_line(text) in {one_line(deck) for deck in strings(parsed.linked.get("description"))}:
        return Found(reading=read_html(text, outlet), source=BodySource.JSON_LD, sure=False)
    if _MARKUP.search(text):
        return Found(reading=read_html(text, outlet), source=BodySource.JSON_LD)
    plain = read_html(text, outlet) if _ENTITY.search(text) else read_text(text, outlet)
    agreed = attested(unescape(text), list(blocks_of(_body(parsed.scope), outlet)))
    if agreed.blocks:
        return Found(reading=read_blocks(agreed.blocks, outlet), source=BodySource.JSON_LD, sure=agreed.whole)
    flat = len(plain.text) / (plain.text.count("\n\n") + 1) > _PARAGRAPH
    return Found(reading=plain, source=BodySource.JSON_LD, sure=not flat)


def cms(parsed: Parsed, outlet: Outlet) -> Found | None:
    """The story as the content management system handed it to the page: Arc's Fusion, Next.js."""
    headline = parsed.linked.get("headline") or string(parsed.scope, "string(.//h1)")
    markup = arc_markup(parsed.story) or next_markup(parsed.root, str(headline))
    return Found(reading=read_html(markup, outlet), source=BodySource.CMS) if markup else None


def selected(parsed: Parsed, outlet: Outlet) -> Found | None:
    """The elements that the outlet's file names, else those that pages of its layout usually have."""
    best: Found | None = None
    own = [outlet.selectors.body] if outlet.selectors.body else []
    for selector in (*own, *_usual(outlet.layout)):
        blocks = _said_once(list(blocks_of(each, outlet)) for each in _outermost(parsed.select(selector)))
        found = Found(reading=read_blocks(blocks, outlet), source=BodySource.SELECTOR)
        if len(found.reading.text) >= outlet.minimum_body:
            return found
        if best is None or len(found.reading.text) > len(best.reading.text):
            best = found
    return best


def _said_once(parts: Iterable[list[Block]]) -> list[Block]:
    """The blocks of all parts but those that say nothing new: pages print a text once for telephones and once for wide screens."""
    blocks: list[Block] = []
    seen: set[str] = set()
    for part in parts:
        paragraphs = {block.text for block in part if len(block.text) >= _RUNNING}
        if not paragraphs or paragraphs - seen:
            blocks.extend(part)
        seen |= paragraphs
    return blocks


def extracted(parsed: Parsed, outlet: Outlet) -> Found | None:
    """What trafilatura takes for the text, in the paragraphs of the page, from below its headline."""
    scope = copy.deepcopy(parsed.scope)
    drop_boxes(scope, outlet)
    if next(islice(scope.iter("p"), _MOST_PARAGRAPHS, None), None) is not None:
        return None
    document = trafilatura.bare_extraction(
        scope,
        include_comments=False,
        include_tables=False,
        include_links=True,
    )
    if document is None or isinstance(document, dict) or document.body is None:
        return None
    body = document.body
    for element in body.iter(*_TO_HTML):
        element.tag = _TO_HTML[str(element.tag)]
    taken = list(blocks_of(body, outlet))
    text = "\n\n".join(block.text for block in taken)
    below = _below_headline(list(blocks_of(_body(parsed.scope), outlet)))
    blocks = attested(text, below).blocks or taken
    return Found(reading=read_blocks(blocks, outlet), source=BodySource.TRAFILATURA)


def _below_headline(blocks: list[Block]) -> list[Block]:
    """Blocks without those above the page's first headline, unless most of the text stands there."""
    begin = next((n for n, each in enumerate(blocks) if each.heading and len(each.text) >= _HEADLINE), 0)
    above, below = (sum(len(each.text) for each in part) for part in (blocks[:begin], blocks[begin:]))
    return blocks[begin:] if below >= above else blocks


def andina_comments(parsed: Parsed, outlet: Outlet) -> Found | None:
    """Andina's text: no paragraphs, but ``div`` elements after a comment, up to "(FIN)"."""
    start = _ANDINA.search(parsed.markup)
    if start is None:
        return None
    end = _ANDINA_END.search(parsed.markup, start.end())
    if end is None:
        return None
    return Found(reading=read_html(parsed.markup[start.end() : end.start()], outlet), source=BodySource.SELECTOR)


def _live_blog(linked: dict[str, Any]) -> str:
    """The posts of a live blog, in their order."""
    posts = linked.get("liveBlogUpdate")
    rows = [post for post in (posts if isinstance(posts, list) else [posts]) if isinstance(post, dict)]
    return "\n\n".join(text for post in rows for key in ("headline", "articleBody") for text in strings(post.get(key)))


def _body(root: etree._Element) -> etree._Element:
    body = root.find("body")
    return root if body is None else body


def _outermost(elements: list[etree._Element]) -> list[etree._Element]:
    """Elements that lie in no other one of them."""
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


@cache
def _table() -> dict[str, Any]:
    text = files("scrapers.layouts").joinpath("selectors.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def _usual(layout: str) -> list[str]:
    table = _table()["body"]
    return [*table.get(layout, ()), *table["any"]]
