"""Exported records as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from nlp.types import Claim, CountOf, Event, Label, Money, Place
from pipeline.export.records import (
    Exported,
    ExportedArticle,
    ExportedClaim,
    ExportedEvent,
    ExportedIncident,
    Source,
)
from pipeline.index.flatten import NOT_OF_THE_CRIME


def flat(record: Exported) -> dict[str, Any]:
    """Column -> value of a record; the columns are those of :data:`pipeline.export.columns.COLUMNS`."""
    return _columns(record) | {"schema": record.schema}


def _columns(record: Exported) -> dict[str, Any]:
    match record:
        case ExportedEvent():
            return _flat_event(record.event) | _flat_source(record.article)
        case ExportedClaim():
            return _flat_claim(record.claim) | _flat_source(record.article)
        case ExportedArticle():
            return _flat_article(record)
        case ExportedIncident():
            return _flat_incident(record)


def place_of(record: Exported) -> Place | None:
    """Where it happened."""
    match record:
        case ExportedEvent():
            return record.event.place
        case ExportedIncident():
            best = record.places[0].value if record.places else None
            return best if isinstance(best, Place) else None
        case _:
            return None


def _flat_source(source: Source) -> dict[str, Any]:
    return {
        "outlet": source.outlet,
        "url": source.url,
        "title": source.title,
        "published": source.published,
        "article_id": source.id,
        "content_hash": source.content_hash,
    }


def _flat_event(event: Event) -> dict[str, Any]:
    counts = {count.of: count.value for count in event.counts}
    place = event.place
    sums = [money for money in event.money if money.role not in NOT_OF_THE_CRIME]
    bounds = [bound for money in sums for bound in (money.min_pen, money.max_pen) if bound is not None]
    return {
        "id": event.id,
        "crime_type": event.crime_type,
        "date_start": event.date.start if event.date else None,
        "date_end": event.date.end if event.date else None,
        "date_precision": event.date.precision.value if event.date else None,
        "place": place.name if place else None,
        "ubigeo": place.ubigeo if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "coordinates_stand_for": place.precision.value if place and place.precision else None,
        "gangs": _some(gang.name for gang in event.gangs),
        "businesses": _some(business.type for business in event.businesses),
        "business_categories": _some(business.category for business in event.businesses),
        "money": _some(_sum(money) for money in event.money),
        "amount_min_pen": min(bounds, default=None),
        "amount_max_pen": max(bounds, default=None),
        "methods": _some(method.type for method in event.methods),
        "dead": counts.get(CountOf.DEAD),
        "injured": counts.get(CountOf.INJURED),
        "arrested": counts.get(CountOf.ARRESTED),
        "kidnapped": counts.get(CountOf.KIDNAPPED),
        "prison": event.prison.name if event.prison else None,
        "official_involvement": event.official_involvement.status.value if event.official_involvement else None,
        "modality": event.modality.value,
        "polarity": event.polarity.value,
        "score": round(event.score, 3),
    }


def _flat_claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "text": claim.text,
        "quantity_min": claim.quantity_min,
        "quantity_max": claim.quantity_max,
        "comparator": claim.comparator.value,
        "unit": claim.unit,
        "subject": claim.subject,
        "scope": claim.scope,
        "period": claim.period,
        "denominator": claim.denominator,
        "speaker": claim.speaker,
        "relay": claim.relay,
        "score": round(claim.score, 3),
    }


def _flat_article(record: ExportedArticle) -> dict[str, Any]:
    labels: Mapping[Label, set[str]] = {label: set() for label in Label}
    for mention in record.mentions:
        labels[mention.label].add(mention.text)
    columns = {label.value.lower() + "_mentions": _some(sorted(texts)) for label, texts in labels.items()}
    return {
        "id": record.article.id,
        "relevant": record.triage.relevant,
        "kind": record.triage.kind.value,
        "crime_types": _some(record.triage.crime_types),
        "section": record.section,
        "access": record.access,
        "story": record.story,
        **columns,
        **_flat_source(record.article),
        "body": record.body,
    }


def _flat_incident(record: ExportedIncident) -> dict[str, Any]:
    first = record.events[0]
    return _flat_event(replace(first.event, place=place_of(record))) | {
        "id": record.id,
        "score": round(record.score, 3),
        "articles": len({event.article.id for event in record.events}),
        "outlets": _some(sorted({event.article.outlet for event in record.events})),
        "urls": _some(dict.fromkeys(event.article.url for event in record.events)),
        "title": first.article.title,
        "published": first.article.published,
    }


def _sum(money: Money) -> str:
    """``5000..10000 PEN/week demanded``; an open bound is left out, as in searches (``amount:..5000``)."""
    bounds = [_plain(money.min), _plain(money.max)]
    amount = bounds[0] if money.min == money.max else "..".join(bounds)
    period = f"/{money.period.value}" if money.period else ""
    return f"{amount} {money.currency}{period} {money.role.value}"


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.2f}".rstrip("0").rstrip(".")


def _some(values: Iterable[str]) -> tuple[str, ...] | None:
    return tuple(values) or None
