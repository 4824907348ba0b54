"""JSON-LD of a page: the object of the article itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from extruct.jsonld import JsonLdExtractor
from lxml import etree

from scrapers.markup import elements, text_of
from scrapers.noise import folded

ARTICLE_TYPES = frozenset(
    {
        "NewsArticle",
        "ReportageNewsArticle",
        "BackgroundNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "Article",
        "BlogPosting",
        "LiveBlogPosting",
        "Report",
    }
)
OTHER_TYPES = frozenset({"AdvertiserContentArticle", "Quiz", "ImageGallery"})
"""Types of pages that look like articles and are none."""
_MOST_TITLES: Final = 50
"""Headlines of a page that are looked at, the first ones."""
_WRAPPING: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$")
"""What was once put around scripts, for browsers that did not know them."""


def article_data(root: etree._Element, url: str) -> tuple[dict[str, Any], set[str]]:
    """The object that describes the article of a page, and the types that say that the page is no article.

    Of several it is the one with the page's address, then the one with the longest text. One that has another address and another
    headline is of another article: pages print those of the articles that they recommend. Broken scripts are passed over.
    """
    articles: list[dict[str, Any]] = []
    others: set[str] = set()
    own = _Own.of(root, url)
    for item in _resolved(list(_items(root))):
        types = _types(item)
        if types & OTHER_TYPES:
            others |= types & OTHER_TYPES
        elif types & ARTICLE_TYPES and own.may_be(item):
            articles.append(item)
    path = _path(url)
    best = max(articles, key=lambda item: (_address(item) == path, len(str(item.get("articleBody") or ""))), default={})
    return best, others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What a page calls itself."""

    paths: frozenset[str]
    titles: str
    """All of them, folded."""

    @classmethod
    def of(cls, root: etree._Element, url: str) -> _Own:
        """What a page that answered at an address calls itself."""
        # Element by element: XPath would sort a union, in a time that grows with its square.
        metas = [(meta.get("property"), meta.get("content") or "") for meta in root.iter("meta")]
        links = (link.get("href") or "" for link in root.iter("link") if link.get("rel") == "canonical")
        addresses = [*links, *(content for name, content in metas if name == "og:url")]
        printed = map(text_of, islice(root.iter("title", "h1"), _MOST_TITLES))
        titles = [*printed, *(content for name, content in metas if name == "og:title")]
        return cls(paths=frozenset(map(_path, (url, *addresses))), titles=_letters(" ".join(titles)))

    def may_be(self, item: dict[str, Any]) -> bool:
        """Whether linked data can be of this page: by its address, or by its headline."""
        address, headline = _address(item), _letters(str(item.get("headline") or item.get("name") or ""))
        return not address or address in self.paths or not headline or headline in self.titles


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", folded(unescape(text)))


def _items(root: etree._Element) -> Iterator[dict[str, Any]]:
    extractor = JsonLdExtractor()
    for script in elements(root, "//script[starts-with(@type, 'application/ld+json')]"):
        script.set("type", "application/ld+json")  # "…; charset=utf-8" is also printed
        script.text = _WRAPPING.sub("", script.text or "")
        try:
            items = extractor.extract_items(script)
        except (ValueError, TypeError, RecursionError):
            continue
        for item in items:
            yield from _graph(item)


def _resolved(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Objects with their authors in full: WordPress' plugins name them by the ``@id`` of an object beside the article."""
    known = {item["@id"]: item for item in items if isinstance(item.get("@id"), str) and item.get("name")}
    for item in items:
        given = item.get("author")
        authors = given if isinstance(given, list) else [given]
        full = [known.get(str(each.get("@id")), each) if isinstance(each, dict) else each for each in authors]
        yield item if full == authors else item | {"author": full}


def _graph(item: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(item, dict):
        return
    yield item
    for key in ("@graph", "mainEntity"):
        inner = item.get(key)
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                yield each


def _types(item: dict[str, Any]) -> set[str]:
    given = item.get("@type")
    names = given if isinstance(given, list) else [given]
    return {str(name).rpartition("/")[2] for name in names}


def _address(item: dict[str, Any]) -> str:
    entity = item.get("mainEntityOfPage")
    return _path(str(item.get("url") or (entity.get("@id") if isinstance(entity, dict) else entity) or ""))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
