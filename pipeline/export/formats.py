"""The formats that exported records are written in. Each writer streams: one record comes, one record goes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from nlp.types import Claim, CountOf, Event, Label, Money, Place
from pipeline.export.records import (
    Exported,
    ExportedArticle,
    ExportedClaim,
    ExportedEvent,
    ExportedIncident,
    Source,
)
from pipeline.records import to_dict


def write_jsonl(records: Iterable[Exported], out: TextIO) -> int:
    """JSON Lines: one record a line."""
    count = 0
    for record in records:
        out.write(json.dumps(to_dict(record), ensure_ascii=False) + "\n")
        count += 1
    return count


def write_json(records: Iterable[Exported], out: TextIO) -> int:
    """One JSON array, written as it comes."""
    count = 0
    out.write("[")
    for record in records:
        out.write(("," if count else "") + "\n" + json.dumps(to_dict(record), ensure_ascii=False))
        count += 1
    out.write("\n]\n")
    return count


def write_csv(records: Iterable[Exported], out: TextIO) -> int:
    """One flat row a record; several values of a cell are separated by ``|``. No cell can be taken for a formula."""
    writer: csv.DictWriter[str] | None = None
    count = 0
    for record in records:
        row = flat(record)
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\r\n")
            writer.writeheader()
        writer.writerow({column: _harmless(cell) for column, cell in row.items()})
        count += 1
    return count


def write_geojson(records: Iterable[Exported], out: TextIO) -> int:
    """A FeatureCollection; what has no coordinates has a null geometry, as RFC 7946 has it."""
    count = 0
    out.write('{"type": "FeatureCollection", "features": [')
    for record in records:
        place = _place(record)
        located = place is not None and place.lat is not None and place.lon is not None
        geometry = {"type": "Point", "coordinates": [place.lon, place.lat]} if place and located else None
        feature = {"type": "Feature", "id": flat(record)["id"], "geometry": geometry, "properties": flat(record)}
        out.write(("," if count else "") + "\n" + json.dumps(feature, ensure_ascii=False))
        count += 1
    out.write("\n]}\n")
    return count


FORMATS: dict[str, Callable[[Iterable[Exported], TextIO], int]] = {
    "jsonl": write_jsonl,
    "json": write_json,
    "csv": write_csv,
    "geojson": write_geojson,
}
"""Writers by name; each returns how many records it wrote."""


def _harmless(cell: Any) -> Any:
    """A spreadsheet runs a text that begins like a formula; an apostrophe makes it text (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def flat(record: Exported) -> dict[str, Any]:
    """The columns of a record, for tables."""
    match record:
        case ExportedEvent():
            return _flat_event(record.event) | _flat_source(record.article)
        case ExportedClaim():
            return _flat_claim(record.claim) | _flat_source(record.article)
        case ExportedArticle():
            return _flat_article(record)
        case ExportedIncident():
            return _flat_incident(record)


def _place(record: Exported) -> Place | None:
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
        "published": source.published.isoformat() if source.published else None,
        "article_id": source.id,
        "content_hash": source.content_hash,
    }


def _flat_event(event: Event) -> dict[str, Any]:
    counts = {count.of: count.value for count in event.counts}
    place = event.place
    return {
        "id": event.id,
        "crime_type": event.crime_type,
        "date_start": event.date.start.isoformat() if event.date else None,
        "date_end": event.date.end.isoformat() if event.date else None,
        "date_precision": event.date.precision.value if event.date else None,
        "place": place.name if place else None,
        "ubigeo": place.ubigeo if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "coordinates_stand_for": place.precision.value if place and place.precision else None,
        "gangs": _joined(gang.name for gang in event.gangs),
        "businesses": _joined(business.type for business in event.businesses),
        "business_categories": _joined(business.category for business in event.businesses),
        "money": _joined(_sum(money) for money in event.money),
        "methods": _joined(method.type for method in event.methods),
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
    columns = {label.value.lower() + "_mentions": _joined(sorted(texts)) for label, texts in labels.items()}
    return {
        "id": record.article.id,
        "relevant": record.triage.relevant,
        "kind": record.triage.kind.value,
        "crime_types": _joined(record.triage.crime_types),
        "section": record.section,
        "access": record.access,
        "story": record.story,
        **columns,
        **_flat_source(record.article),
        "body": record.body,
    }


def _flat_incident(record: ExportedIncident) -> dict[str, Any]:
    first = record.events[0]
    return _flat_event(first.event) | {
        "id": record.id,
        "score": round(record.score, 3),
        "articles": len({event.article.id for event in record.events}),
        "outlets": _joined(sorted({event.article.outlet for event in record.events})),
        "urls": _joined(dict.fromkeys(event.article.url for event in record.events)),
        "title": first.article.title,
        "published": first.article.published.isoformat() if first.article.published else None,
    }


def _sum(money: Money) -> str:
    """``5000-10000 PEN/week demanded``; an open bound is left empty."""
    bounds = [f"{bound:g}" if bound is not None and bound < 1e6 else _plain(bound) for bound in (money.min, money.max)]
    amount = bounds[0] if money.min == money.max else "-".join(bounds)
    period = f"/{money.period.value}" if money.period else ""
    return f"{amount} {money.currency}{period} {money.role.value}"


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.2f}".rstrip("0").rstrip(".")


def _joined(values: Iterable[str]) -> str | None:
    return "|".join(values) or None
