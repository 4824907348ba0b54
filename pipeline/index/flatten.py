"""Records -> flat entries of the index.

What an article's entry says of crimes, places and money comes from its events and from mentions with a part in them; a place
that is only context is not where it happened.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from nlp.lexicon import fold
from nlp.types import (
    Business,
    BusinessRole,
    Claim,
    CountOf,
    DateSpan,
    Event,
    Gang,
    Method,
    Money,
    MoneyRole,
    Place,
    PlaceRole,
    Prison,
)
from pipeline.index.base import Kind, Record
from pipeline.index.entries import ArticleEntry, ClaimEntry, Entry, EventEntry, IncidentEntry
from pipeline.index.query import LIMA, first_moment, last_moment
from pipeline.records import Attested, ClaimRecord, Document, EventRecord, Incident, encode
from scrapers.items import text_of

V = TypeVar("V")

NOT_OF_THE_CRIME = frozenset({MoneyRole.REWARD, MoneyRole.FINE, MoneyRole.BUDGET, MoneyRole.PRICE})
"""Sums that a search by amount does not look at."""
_LATEST = (1 << 32) - 1
TIE_BITS = 31
"""Lowest bits of an entry's recency, which only tell entries of one second apart."""
ARTICLE_WORDS = frozenset({"los", "las", "el", "la"})
_KINDS: dict[type[Any], Kind] = {
    Document: Kind.ARTICLES,
    EventRecord: Kind.EVENTS,
    ClaimRecord: Kind.CLAIMS,
    Incident: Kind.INCIDENTS,
}
_NONE = object()
_PARTS: dict[type[Any], object] = {
    Gang: None,
    Method: None,
    Prison: None,
    Money: None,
    Place: PlaceRole.INCIDENT,
    Business: BusinessRole.VICTIM,
}
"""Values that take part in a crime when they have this role; ``None``: in any."""
RECORDS: dict[Kind, type[Any]] = {kind: record for record, kind in _KINDS.items()}


def kind_of(record: Record) -> Kind:
    """The kind of entry that a record becomes."""
    return _KINDS[type(record)]


def id_of(record: Record) -> str:
    """Id of a record's entry. Two outlets may print one text, so events and claims carry the article's id before their own."""
    match record:
        case Document():
            return record.article.id
        case EventRecord():
            return record.key
        case ClaimRecord():
            return f"{record.article.id}.{record.claim.id}"
        case Incident():
            return record.id


def parts_of(document: Document) -> Iterator[EventRecord | ClaimRecord]:
    """The events and claims of an article."""
    for event in document.extraction.events:
        yield EventRecord(event=event, article=document.ref)
    for claim in document.extraction.claims:
        yield ClaimRecord(claim=claim, article=document.ref)


def entry_of(record: Record, revision: int | None = None) -> Entry:
    """The entry of a record, in a revision of the archive's."""
    return _MADE[type(record)](record, revision)


def text_of_record(record: Record) -> str:
    """The text of a record's entry, which highlights refer to."""
    match record:
        case Document():
            return record.article.text
        case EventRecord():
            return _event_text(record)
        case ClaimRecord():
            claim = record.claim
            return text_of(
                record.article.title, _lines((claim.text, claim.speaker, claim.subject and _plain(claim.subject)))
            )
        case Incident():
            return "\n\n".join(dict.fromkeys(_event_text(event) for event in record.events))


def gang_key(name: str) -> str:
    """A gang's name for comparison: ``Los Pulpos`` and ``pulpos`` are one."""
    words = fold(name).split()
    while len(words) > 1 and words[0] in ARTICLE_WORDS:
        words = words[1:]
    return " ".join(words)


def ancestors(code: str) -> tuple[str, ...]:
    """A place's code and all above it, the smallest first: ``150110`` -> ``150110 1501 15 PE``; a foreign one stands alone."""
    if not code.isdigit():
        return (code,)
    return (*(code[:length] for length in (6, 4, 2) if len(code) >= length), "PE")


def _article(document: Document, revision: int | None) -> ArticleEntry:
    article, extraction = document.article, document.extraction
    values = list(_part_taking(document))
    triage = extraction.triage
    return ArticleEntry(
        id=article.id,
        revision=revision,
        article_id=(article.id,),
        outlet=(article.outlet,),
        url=article.url,
        title=article.title,
        text=article.text,
        **_when(article.published, None, article.id),
        **facts_of([*triage.crime_types, *(event.crime_type for event in extraction.events)], values),
        record=encode(document),
        section=article.section,
        access=article.access,
        story=document.story,
        article_kind=triage.kind,
        relevant=triage.relevant,
        relevance=triage.score,
    )


def _part_taking(document: Document) -> Iterator[Any]:
    for event in document.extraction.events:
        yield from _values_of(event)
    for mention in document.extraction.mentions:
        if takes_part(mention.value):
            yield mention.value


def takes_part(value: Any) -> bool:
    """Whether what is mentioned in an article has a part in a crime, so that the article is found by it."""
    role = _PARTS.get(type(value), _NONE)
    return role is None or getattr(value, "role", None) is role


def _values_of(event: Event) -> Iterator[Any]:
    yield from (value for value in (event.place, event.prison) if value is not None)
    yield from (*event.gangs, *event.businesses, *event.money, *event.methods)


def _event(record: EventRecord, revision: int | None) -> EventEntry:
    event, article = record.event, record.article
    counts = {count.of: count.value for count in reversed(event.counts)}
    return EventEntry(
        id=id_of(record),
        revision=revision,
        article_id=(article.id,),
        outlet=(article.outlet,),
        url=article.url,
        title=article.title,
        text=text_of_record(record),
        **_when(article.published, event.date, id_of(record)),
        **facts_of([event.crime_type], list(_values_of(event))),
        record=encode(record),
        modality=event.modality,
        polarity=event.polarity,
        date_precision=event.date.precision if event.date else None,
        official_involvement=event.official_involvement.status if event.official_involvement else None,
        dead=counts.get(CountOf.DEAD),
        injured=counts.get(CountOf.INJURED),
        arrested=counts.get(CountOf.ARRESTED),
        score=event.score,
    )


def _claim(record: ClaimRecord, revision: int | None) -> ClaimEntry:
    claim, article = record.claim, record.article
    return ClaimEntry(
        id=id_of(record),
        revision=revision,
        article_id=(article.id,),
        outlet=(article.outlet,),
        url=article.url,
        title=article.title,
        text=text_of_record(record),
        **_when(article.published, None, id_of(record)),
        **claim_facts(claim),
        record=encode(record),
        unit=claim.unit,
        comparator=claim.comparator,
        quantity_min=claim.quantity_min,
        quantity_max=claim.quantity_max,
        period=claim.period,
        speaker=claim.speaker,
        score=claim.score,
    )


def claim_facts(claim: Claim) -> dict[str, Any]:
    """Fields of a claim's entry: its subject is its crime, its scope its place."""
    place = [Place(name=claim.scope, ubigeo=claim.scope)] if claim.scope else []
    return facts_of([claim.subject] if claim.subject else [], place)


def _incident(incident: Incident, revision: int | None) -> IncidentEntry:
    articles = [record.article for record in incident.events]
    published = [article.published for article in articles if article.published]
    groups = (incident.places, incident.gangs, incident.businesses, incident.money, incident.methods)
    prisons = [record.event.prison for record in incident.events if record.event.prison]
    return IncidentEntry(
        id=incident.id,
        revision=revision,
        article_id=_unique(article.id for article in articles),
        outlet=_unique(article.outlet for article in articles),
        url=articles[0].url if articles else None,
        title=articles[0].title if articles else "",
        text=text_of_record(incident),
        **_when(max(published, default=None), _span(incident.dates), incident.id),
        **facts_of([incident.crime_type], [*(attested.value for group in groups for attested in group), *prisons]),
        record=encode(incident),
        reports=len({article.id for article in articles}),
        score=incident.score,
    )


_MADE: dict[type[Any], Callable[[Any, int | None], Entry]] = {
    Document: _article,
    EventRecord: _event,
    ClaimRecord: _claim,
    Incident: _incident,
}


def _span(dates: tuple[Attested, ...]) -> DateSpan | None:
    spans = [attested.value for attested in dates if isinstance(attested.value, DateSpan)]
    if not spans:
        return None
    return DateSpan(start=min(span.start for span in spans), end=max(span.end for span in spans))


def time_of(told: DateSpan) -> dict[str, int | None]:
    """Fields of an entry that happened then."""
    return {"starts": _begin_of(told.start), "ends": _end_of(told.end)}


def _when(published: datetime | None, told: DateSpan | None, entry_id: str) -> dict[str, Any]:
    at = milliseconds(published)
    local = told.start if told else (published.astimezone(LIMA) if published else None)
    return {
        "published": at,
        **(time_of(told) if told else {"starts": at, "ends": at}),
        "month": f"{local.year:04}-{local.month:02}" if local else None,
        "recency": _recency(published, entry_id),
    }


@lru_cache(maxsize=1 << 12)
def _begin_of(day: date) -> int | None:
    return milliseconds(first_moment(day))


@lru_cache(maxsize=1 << 12)
def _end_of(day: date) -> int | None:
    return milliseconds(last_moment(day))


def milliseconds(moment: datetime | None) -> int | None:
    """Since 1970, whole."""
    return None if moment is None else int(moment.timestamp() * 1000 // 1)


def _recency(published: datetime | None, entry_id: str) -> int:
    seconds = min(max(int(published.timestamp()), 0), _LATEST) if published else 0
    tie = int.from_bytes(hashlib.sha256(entry_id.encode()).digest()[:4]) >> (32 - TIE_BITS)
    return seconds << TIE_BITS | tie


def facts_of(crimes: Iterable[str], found: list[Any]) -> dict[str, Any]:
    """Fields of an entry that tells of these crimes and values."""
    of: dict[type[Any], list[Any]] = defaultdict(list)
    for value in found:
        of[type(value)].append(value)
    places = [place for place in of[Place] if place.ubigeo]
    gangs, businesses, prisons, methods = of[Gang], of[Business], of[Prison], of[Method]
    sums = [money for money in of[Money] if money.role not in NOT_OF_THE_CRIME]
    codes = _unique(place.ubigeo for place in places if place.ubigeo)
    above = _unique(code for place in codes for code in ancestors(place))
    return {
        "crimes": _unique(crimes),
        "places": codes,
        "place_codes": above,
        "regions": _of_length(above, 2),
        "provinces": _of_length(above, 4),
        "districts": _of_length(above, 6),
        "location": next(((p.lat, p.lon) for p in places if p.lat is not None and p.lon is not None), None),
        "gangs": _unique(gang.name for gang in gangs),
        "gang_keys": _unique(key for gang in gangs for key in _gang_keys(gang.name, gang.id)),
        "businesses": _unique(business.type for business in businesses),
        "business_categories": _unique(business.category for business in businesses),
        "methods": _unique(method.type for method in methods),
        "prisons": _unique(prison.id or prison.name for prison in prisons),
        "prison_keys": _unique(key for prison in prisons for key in _prison_keys(prison.name, prison.id)),
        "amounts": _unique(bound for money in sums for bound in (money.min_pen, money.max_pen) if bound is not None),
        "amounts_usd": _unique(
            bound for money in sums for bound in (money.min_usd, money.max_usd) if bound is not None
        ),
        "money_roles": _unique(str(money.role) for money in sums),
        "money_periods": _unique(str(money.period) for money in sums if money.period),
    }


def _keys(folded: str, registry_id: str | None) -> tuple[str, ...]:
    return (folded, f"id:{registry_id}") if registry_id else (folded,)


def _of_length(codes: tuple[str, ...], length: int) -> tuple[str, ...]:
    return tuple(code for code in codes if len(code) == length and code.isdigit())


def _unique(found: Iterable[V]) -> tuple[V, ...]:
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1 << 12)
def _gang_keys(name: str, registry_id: str | None) -> tuple[str, ...]:
    return _keys(gang_key(name), registry_id)


@lru_cache(maxsize=1 << 12)
def _prison_keys(name: str, registry_id: str | None) -> tuple[str, ...]:
    return _keys(fold(name), registry_id)


def _event_text(record: EventRecord) -> str:
    event = record.event
    names = [value.name for value in (event.place, event.prison, *event.gangs) if value is not None]
    types = [_plain(event.crime_type), *(business.type for business in event.businesses)]
    methods = [_plain(method.type) for method in event.methods]
    return text_of(
        record.article.title,
        _lines((event.trigger, *(evidence.text for evidence in event.evidence), *names, *types, *methods)),
    )


def _plain(identifier: str) -> str:
    return identifier.replace("_", " ")


def _lines(parts: Iterable[str | None]) -> str:
    return "\n".join(_unique(part for part in parts if part))
