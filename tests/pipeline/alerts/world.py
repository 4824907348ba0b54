"""A small world for the tests of alerts: articles that come into an archive, and a step that looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nlp.types import DateSpan, Evidence
from pipeline.alerts.delivery import alert_of
from pipeline.alerts.matching import Matched, match_news
from pipeline.alerts.news import note_news
from pipeline.alerts.records import Alert, SavedSearch
from pipeline.archive import Analysed, Archive
from pipeline.asked import Asked
from pipeline.merging import merge_changes
from pipeline.records import Document, encode
from pipeline.settings import Settings
from pipeline.stop import Stop
from scrapers.items import Article, hash_of
from tests.pipeline.index.generated import BUSINESSES, METHODS, article, document, event, place

NOW = datetime(2025, 10, 15, 18, tzinfo=UTC)
PUBLISHED = datetime(2025, 10, 15, 12, tzinfo=UTC)
DAY = DateSpan(start=PUBLISHED.date(), end=PUBLISHED.date())
EVERYTHING = Asked()
SENT_TO = "jsonl:/nowhere/alerts.jsonl"


def report(slug: str, *, title: str = "Piden cupos en Comas", body: str | None = None, **facts: Any) -> Document:
    """An article that tells one event: an extortion of a bodega in Comas unless ``facts`` say otherwise. No two are alike."""
    body = f"Piden cupos a bodegueros.\n\nNota {slug}." if body is None else body
    published = facts.pop("published", PUBLISHED)
    of = article(slug, title, body, outlet=facts.pop("outlet", "rpp"), published=published)
    crime = facts.pop("crime", "extorsion")
    values = {"place": place("150110"), "date": DAY, "businesses": (BUSINESSES[1],), "methods": (METHODS[0],), **facts}
    return document(of, crimes=(crime,), events=(with_evidence(of, event(of, crime, "Piden cupos", **values)),))


def with_evidence(of: Article, told: Any) -> Any:
    """An event whose evidence points at the article's text, as far as the words of its values stand there."""
    words = [("trigger", 0, told.trigger)]
    words += [("place", 0, told.place.name)] if told.place else []
    words += [("gangs", number, gang.name) for number, gang in enumerate(told.gangs)]
    words += [("businesses", number, business.type) for number, business in enumerate(told.businesses)]
    words += [("money", number, f"S/ {money.min:.0f}") for number, money in enumerate(told.money)]
    rows = [_evidence(of, *row) for row in words if row[2] in of.text]
    return replace(told, evidence=tuple(rows))


def _evidence(of: Article, field: str, index: int, words: str) -> Evidence:
    start = of.text.index(words)
    return Evidence(field=field, index=index, start=start, end=start + len(words), text=words, source="test", score=1.0)


def edited(before: Document, body: str, **facts: Any) -> Document:
    """The same article with another body: its event gets another id."""
    of = replace(before.article, body=body, content_hash=hash_of(f"{before.article.title}\n\n{body}"))
    (told,) = before.extraction.events
    again = event(
        of,
        told.crime_type,
        told.trigger,
        place=told.place,
        date=told.date,
        businesses=told.businesses,
        methods=told.methods,
    )
    again = with_evidence(of, replace(again, **facts))
    extraction = replace(before.extraction, text_hash=of.content_hash, events=(again,))
    return replace(before, article=of, extraction=extraction)


@contextmanager
def opened(home: Path) -> Iterator[Archive]:
    """The archive of a home."""
    with Archive.open(Settings(home=home)) as archive:
        yield archive


def arrive(archive: Archive, *documents: Document) -> None:
    """Articles are collected and read, and incidents made of them."""
    for one in documents:
        archive.save_article(one.article, None)
        version = len(archive.versions(one.article.id))
        archive.save_extractions(
            [
                Analysed(
                    article=one.article,
                    version=version,
                    models_key="m",
                    extraction=one.extraction,
                    signature=None,
                    at=PUBLISHED,
                )
            ]
        )
    assert merge_changes(archive.merging, Stop()) is not None


def begin(archive: Archive) -> None:
    """What is there is no news."""
    assert note_news(archive.alerting, Stop(), now=NOW) == 0


def save(archive: Archive, name: str, asked: Asked = EVERYTHING, **more: Any) -> None:
    """Save a search."""
    saved = SavedSearch(name=name, asked=asked, **({"targets": (SENT_TO,)} | more))
    ids = {f"{number:08d}-0000-4000-8000-000000000000" for number in range(1, 100)}
    free = min(ids - {one.id for one in archive.alerting.searches()})
    assert archive.alerting.add_search(free, name, encode(saved).decode(), at=NOW)


def look(archive: Archive, *, now: datetime = NOW) -> Matched:
    """Note what is new, and match it."""
    assert note_news(archive.alerting, Stop(), now=now) is not None
    return match_news(archive.alerting, Stop(), now=now)


def take(archive: Archive, target: str = SENT_TO, *, after: timedelta = timedelta(0)) -> list[Alert]:
    """The alerts that wait for a receiver; they wait no more."""
    waiting = archive.outbox.next_for(target, 1000)
    archive.outbox.settle([one.delivery for one in waiting], at=NOW + after)
    return [alert_of(one) for one in waiting]
