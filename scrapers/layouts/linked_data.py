"""JSON-LD of a page: the object of the article itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from extruct.jsonld import JsonLdExtractor
from lxml import etree

from scrapers.markup import elements

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


def article_data(root: etree._Element, url: str) -> tuple[dict[str, Any], set[str]]:
    """The object that describes the article of a page, and the types that say that the page is no article.

    Of several it is the one with the page's address, then the one with the longest text. Broken scripts are passed over.
    """
    articles: list[dict[str, Any]] = []
    others: set[str] = set()
    for item in _items(root):
        types = _types(item)
        if types & OTHER_TYPES:
            others |= types & OTHER_TYPES
        elif types & ARTICLE_TYPES:
            articles.append(item)
    path = urlsplit(url).path.rstrip("/")
    best = max(articles, key=lambda item: (_address(item) == path, len(str(item.get("articleBody") or ""))), default={})
    return best, others


def _items(root: etree._Element) -> Iterator[dict[str, Any]]:
    extractor = JsonLdExtractor()
    for script in elements(root, "//script[starts-with(@type, 'application/ld+json')]"):
        script.set("type", "application/ld+json")  # "…; charset=utf-8" is also printed
        try:
            items = extractor.extract_items(script)
        except (ValueError, TypeError, RecursionError):
            continue
        for item in items:
            yield from _graph(item)


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
    given = item.get("url") or (entity.get("@id") if isinstance(entity, dict) else entity)
    try:
        return urlsplit(str(given or "")).path.rstrip("/")
    except ValueError:
        return ""
