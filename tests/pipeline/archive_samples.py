"""Invented articles, exchanges and extractions for the tests of the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from nlp.types import (
    ArticleKind,
    Claim,
    Comparator,
    DateSpan,
    Event,
    Extraction,
    Money,
    MoneyRole,
    Place,
    PlaceLevel,
    Triage,
)
from pipeline.archive import Analysed
from scrapers.items import (
    Access,
    Article,
    BodySource,
    Exchange,
    Fetch,
    Outcome,
    article_id,
    hash_of,
    text_of,
)

NOON = datetime(2025, 10, 14, 12, 0, tzinfo=UTC)


def article(
    number: int | str = 1, *, body: str = "Un mototaxista denunció que le piden cupos en Comas.", **more: Any
) -> Article:
    """An article; its address goes by the number."""
    url = f"https://diario.example.pe/nota-{number}"
    title = more.pop("title", f"Nota {number}")
    values: dict[str, Any] = {
        "id": article_id(url),
        "outlet": "diario",
        "url": url,
        "title": title,
        "body": body,
        "published": NOON,
        "published_raw": "2025-10-14T07:00:00-05:00",
        "fetched": NOON.replace(hour=13),
        "authors": ("Redacción",),
        "tags": ("Comas",),
        "body_source": BodySource.FEED,
        "access": Access.FREE,
        "content_hash": hash_of(text_of(title, body)),
    }
    return Article(**(values | more))


def edited(before: Article, body: str, **more: Any) -> Article:
    """The same article with another body."""
    return replace(before, body=body, content_hash=hash_of(text_of(before.title, body)), **more)


def exchange(body: bytes = b"<rss/>", **more: Any) -> Exchange:
    """A response."""
    values: dict[str, Any] = {
        "url": "https://diario.example.pe/feed/?a=1",
        "request_headers": {"User-Agent": "Vigia/1"},
        "status": 200,
        "reason": "OK",
        "response_headers": [("Content-Type", "application/rss+xml"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")],
        "body": body,
        "at": NOON,
    }
    return Exchange(**(values | more))


def fetch(outcome: Outcome = Outcome.FEED_READ, **more: Any) -> Fetch:
    """The outcome of the feed, or of another address."""
    values: dict[str, Any] = {
        "outlet": "diario",
        "url": "https://diario.example.pe/feed/",
        "outcome": outcome,
        "at": NOON,
        "status": 200,
        "etag": '"e1"',
        "last_modified": "Tue, 14 Oct 2025 12:00:00 GMT",
    }
    return Fetch(**(values | more))


def event(number: int = 1, **more: Any) -> Event:
    """A demand of money in Comas."""
    values: dict[str, Any] = {
        "id": f"event{number}",
        "crime_type": "extorsion",
        "trigger": "piden cupos",
        "date": DateSpan(start=date(2025, 10, 13), end=date(2025, 10, 13)),
        "place": Place(name="Comas", ubigeo="150110", level=PlaceLevel.DISTRICT),
        "money": (Money(min=500.0, max=500.0, currency="PEN", role=MoneyRole.DEMANDED),),
        "score": 0.9,
    }
    return Event(**(values | more))


def claim(number: int = 1) -> Claim:
    """A figure that somebody gave."""
    return Claim(
        id=f"claim{number}",
        text="más de 500 denuncias",
        start=0,
        end=20,
        quantity_min=500.0,
        quantity_max=None,
        comparator=Comparator.OVER,
        unit="denuncias",
        subject="extorsion",
        scope="15",
    )


def extraction(of: Article, *, relevant: bool = True, **more: Any) -> Extraction:
    """What was read out of an article."""
    values: dict[str, Any] = {
        "text_hash": of.content_hash,
        "published": of.published or of.fetched,
        "triage": Triage(relevant=relevant, kind=ArticleKind.INCIDENT, score=0.9, crime_types=("extorsion",)),
        "events": (event(),) if relevant else (),
        "claims": (claim(),) if relevant else (),
    }
    return Extraction(**(values | more))


def analysed(of: Article, *, version: int = 1, models_key: str = "m1", relevant: bool = True, **more: Any) -> Analysed:
    """The same as it is handed to the archive."""
    return Analysed(
        article=of,
        version=version,
        models_key=models_key,
        extraction=extraction(of, relevant=relevant, **more),
        signature=b"signature" if relevant else None,
        at=NOON,
    )
