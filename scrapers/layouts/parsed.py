"""A page, parsed once for all readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from scrapers.decoding import Undecodable, decode
from scrapers.items import Page
from scrapers.layouts.cms import arc_story
from scrapers.layouts.linked_data import article_data
from scrapers.markup import length_of, parse_html, select, string, text_of
from scrapers.noise import load_noise

_UNPRINTED = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
"""What no text holds: control characters, and bytes that are no characters."""
_DAMAGED = 0.02
"""Part of such characters from which on it is no text at all."""
_BINARY = re.compile(rb"\A(?:%PDF|\xff\xd8\xff|\x89PNG|GIF8|RIFF|PK\x03\x04|\x00\x00)")
_NOT_HTML = re.compile(r"^(?:image|audio|video|font)/|pdf|zip|octet-stream|json|(?<!xhtml\+)xml", re.IGNORECASE)
_HEADLINE = 15
"""Characters of a headline; a shorter ``h1`` is the outlet's logo."""
_ARTICLE = 400


class PageError(ValueError):
    """A page that gave no article; the message says why."""


class NoText(PageError):
    """HTML without an article in it."""


class BrokenPage(PageError):
    """No HTML, or nothing that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A page and what is read from it more than once."""

    page: Page
    markup: str
    root: etree._Element
    linked: dict[str, Any]
    """The article's own JSON-LD object; empty when there is none."""
    story: dict[str, Any]
    """The story of an Arc page, ``Fusion.globalContent``; empty when there is none."""
    scope: etree._Element
    """What holds the article: the whole page, or a part of it where further articles follow below."""

    def select(self, selector: str) -> list[etree._Element]:
        """Elements of the article that a CSS selector names, in document order."""
        return select(self.scope, selector)

    def meta(self, *names: str) -> Iterator[str]:
        """Contents of ``meta`` elements by ``property`` or ``name``, in the order of the names asked for."""
        for name in names:
            for element in self.root.iter("meta"):
                if name in {element.get("property"), element.get("name"), element.get("itemprop")}:
                    content = (element.get("content") or "").strip()
                    if content:
                        yield content


def parse_page(page: Page) -> Parsed:
    """Decode and parse a page.

    Raises:
        BrokenPage: no bytes, another kind of file, or nothing that is HTML.
        NoText: the page says itself that it is an advertisement, a quiz or a gallery, or that the article is not there.
    """
    kind = page.headers.get("content-type", "")
    if not page.body.strip():
        raise BrokenPage("empty page")
    if _BINARY.match(page.body) or _NOT_HTML.search(kind):
        raise BrokenPage(f"not an HTML page ({kind or 'binary data'})")
    try:
        markup = decode(page)
    except Undecodable as error:
        raise BrokenPage(str(error)) from error
    if len(_UNPRINTED.findall(markup)) > _DAMAGED * len(markup):
        raise BrokenPage("not a page but binary data, or a text in an encoding that nothing tells")
    root = parse_html(markup)
    if root is None or string(root, "boolean(//body//text()[normalize-space()] or //script)") != "True":
        raise BrokenPage("nothing in it that is HTML")
    linked, others = article_data(root, page.url)
    if not linked and others:
        raise NoText(f"the page is marked as {', '.join(sorted(others))}")
    if not linked and (said := _missing(root)):
        raise NoText(f"the page says that there is no article: {said!r}")
    story = arc_story(markup)
    return Parsed(page=page, markup=markup, root=root, linked=linked, story=story, scope=_scope(root))


def _missing(root: etree._Element) -> str | None:
    """What a page's headline or title says when it is that there is no article."""
    titles = (" ".join(text_of(each).split()) for each in root.iter("h1", "title"))
    return next(filter(load_noise().is_missing, islice(titles, 5)), None)


def _scope(root: etree._Element) -> etree._Element:
    """The first of several articles of one build in a row: pages that scroll on print the next ones below. Else the root."""
    headlines = [each for each in root.iter("h1") if length_of(each) >= _HEADLINE]
    if len(headlines) < 2:
        return root
    scope = headlines[0]
    for above in headlines[0].iterancestors():
        if any(headline in above.iter("h1") for headline in headlines[1:]):
            break
        scope = above
    build = (scope.tag, scope.get("class"))
    alike = [each for each in scope.itersiblings() if (each.tag, each.get("class")) == build]
    repeated = any(next(each.iter("h1"), None) in headlines for each in alike)
    return scope if repeated and length_of(scope) >= _ARTICLE else root


def strings(value: Any) -> Iterator[str]:
    """The texts in a value of linked data: a string, an object with a name, or a list of either."""
    values: Iterable[Any] = value if isinstance(value, list) else (value,)
    for each in values:
        text = each.get("name") if isinstance(each, dict) else each
        if isinstance(text, list):
            yield from strings(text)
        elif isinstance(text, str) and text.strip():
            yield text
