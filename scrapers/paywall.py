"""What may be kept of an article that its outlet sells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from scrapers.items import Access, Article, BodySource, hash_of, text_of

LONGEST_EXCERPT: Final = 600
"""Characters of a body that are kept without a subscription: whole paragraphs, the first one in any case."""


def allowed(article: Article, subscriptions: Collection[str]) -> Article:
    """An article as it may be kept: itself, or only its beginning if it is for subscribers and its page holds more.

    Args:
        article: as it was read. What an outlet hands out in its feed is not reserved.
        subscriptions: ids of outlets whose paid articles the operator has the right to keep.
    """
    handed_out = article.access is not Access.LOCKED or article.body_source is BodySource.FEED
    if handed_out or article.outlet in subscriptions:
        return article
    body = "\n\n".join(_beginning(article.body.split("\n\n")))
    if body == article.body:
        return article
    return replace(article, body=body, content_hash=hash_of(text_of(article.title, body)))


def _beginning(paragraphs: Collection[str]) -> Iterator[str]:
    length = 0
    for paragraph in paragraphs:
        if length and length + len(paragraph) > LONGEST_EXCERPT:
            return
        length += len(paragraph)
        yield paragraph
