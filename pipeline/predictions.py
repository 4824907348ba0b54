"""An :class:`~nlp.types.Extraction` in the form of the annotation guide: what ``vigia extract`` writes and scorers read."""

from __future__ import annotations

from typing import Any, assert_never

from nlp.types import (
    Business,
    Claim,
    Count,
    CountOf,
    Crime,
    DateSpan,
    Event,
    Extraction,
    Gang,
    Label,
    Mention,
    Method,
    Money,
    Person,
    Place,
    Prison,
    Value,
)

Json = dict[str, Any]

_COUNTED = (CountOf.DEAD, CountOf.INJURED, CountOf.ARRESTED)


def prediction(article_id: str, extraction: Extraction) -> Json:
    """One line of predictions."""
    triage = extraction.triage
    return {
        "id": article_id,
        "relevant": triage.relevant,
        "kind": triage.kind.value,
        "crime_types": list(triage.crime_types),
        "mentions": [_mention(mention) for mention in extraction.mentions if mention.label is not Label.CRIME],
        "events": [event_row(event) for event in extraction.events],
        "claims": [_claim(claim) for claim in extraction.claims],
        "flags": list(extraction.flags),
        "models": {model.name: model.version for model in extraction.models},
    }


def _mention(mention: Mention) -> Json:
    common = {"label": mention.label.value, "text": mention.text, "start": mention.start, "end": mention.end}
    return {**common, **_value(mention.value), "score": round(mention.score, 3), "source": mention.source}


def _value(value: Value) -> Json:  # noqa: C901, PLR0911 - one short case for each kind of value
    match value:
        case Money():
            return _money(value)
        case Place():
            return {"ubigeo": value.ubigeo, "role": value.role.value, "candidates": list(value.candidates)}
        case Gang():
            return {"gang": value.name, "gang_id": value.id}
        case Business():
            return {"business": value.type, "category": value.category, "role": value.role.value}
        case Prison():
            return {"prison": value.name}
        case Person():
            return {"role": value.role.value, "alias": list(value.aliases)}
        case Method():
            return {"method": value.type}
        case DateSpan():
            return {"value": value.iso}
        case Count():
            return {"value": value.value, "of": value.of.value}
        case Crime():
            return {"crime": value.type}
        case _:
            assert_never(value)


def _money(value: Money) -> Json:
    return {
        "min": value.min,
        "max": value.max,
        "currency": value.currency,
        "period": value.period.value if value.period else None,
        "role": value.role.value,
    }


def event_row(event: Event) -> Json:
    """An event in the form of the guide."""
    counts = {count.of: count.value for count in event.counts}
    return {
        "crime_type": event.crime_type,
        "trigger": event.trigger,
        "date": event.date.iso if event.date else None,
        "date_precision": event.date.precision.value if event.date else "unknown",
        "ubigeo": event.place.ubigeo if event.place else None,
        "gangs": [gang.name for gang in event.gangs],
        "businesses": [business.type for business in event.businesses],
        "methods": [method.type for method in event.methods],
        "money": [_money(sum_) for sum_ in event.money],
        **{kind.value: counts.get(kind, 0) for kind in _COUNTED},
        "prison": event.prison.name if event.prison else None,
        "official_involvement": event.official_involvement.status.value if event.official_involvement else None,
        "modality": event.modality.value,
        "polarity": event.polarity.value,
        "score": round(event.score, 3),
    }


def _claim(claim: Claim) -> Json:
    return {
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
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
