"""The exported form of each record, with private things covered."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, with_config

from nlp.gazetteer import Gazetteer
from nlp.types import (
    Claim,
    Event,
    Evidence,
    Mention,
    Person,
    Place,
    Precision,
    Triage,
)
from pipeline.privacy import COVER, cover
from pipeline.records import (
    PUBLIC_ROLES,
    ArticleRef,
    Attested,
    ClaimRecord,
    Document,
    EventRecord,
    Incident,
)

_EXACT = frozenset({Precision.POINT})


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The article that a record comes from; ``content_hash`` names the version of it that offsets refer to."""

    id: str
    """Id of the article: hash of its address."""
    outlet: str
    """Id of the outlet."""
    url: str
    """Address of the article."""
    title: str
    """Its headline, with private things covered."""
    published: datetime | None
    """When it was published; null: not known."""
    content_hash: str
    """SHA-256 of the text that offsets refer to."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEvent:
    """An event, according to one article."""

    schema: Literal["vigia.event/1.0"] = "vigia.event/1.0"
    event: Event
    """What is told."""
    article: Source
    """Who tells it."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedClaim:
    """An attributed figure, according to one article."""

    schema: Literal["vigia.claim/1.0"] = "vigia.claim/1.0"
    claim: Claim
    """What is claimed."""
    article: Source
    """Who reports it."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedArticle:
    """An article: where it is, what kind it is, and what was found in it; its text only when asked for."""

    schema: Literal["vigia.article/1.0"] = "vigia.article/1.0"
    article: Source
    """Where it is."""
    section: str | None
    """Section of the outlet."""
    access: str
    """free, metered or locked."""
    story: str | None
    """Id of the earliest of the articles that print nearly the same text."""
    triage: Triage
    """What sort of article it is."""
    mentions: tuple[Mention, ...]
    """What was found in it; without persons who are neither suspects nor authorities."""
    body: str | None = None
    """Its text; null unless it was asked for."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedIncident:
    """The events that tell one fact, with every value and the events that attest it."""

    schema: Literal["vigia.incident/1.0"] = "vigia.incident/1.0"
    id: str
    """Key, ``article.event``, of its earliest event."""
    crime_type: str
    """Id of the type of crime, of the earliest event."""
    events: tuple[ExportedEvent, ...]
    """What each article tells, in order of publication."""
    dates: tuple[Attested, ...]
    """When it happened: every value, the most attested first."""
    places: tuple[Attested, ...]
    """Where it happened."""
    gangs: tuple[Attested, ...]
    """Gangs that are said to have done it."""
    businesses: tuple[Attested, ...]
    """Businesses that were hit."""
    money: tuple[Attested, ...]
    """Sums that it was about."""
    methods: tuple[Attested, ...]
    """How it was done."""
    counts: tuple[Attested, ...]
    """Numbers of people and things."""
    score: float
    """Confidence, 0 to 1."""


Exported = ExportedEvent | ExportedClaim | ExportedArticle | ExportedIncident
Record = EventRecord | ClaimRecord | Document | Incident

EXPORTED: dict[str, type[Any]] = {
    "event": ExportedEvent,
    "claim": ExportedClaim,
    "article": ExportedArticle,
    "incident": ExportedIncident,
}


def schema_of(kind: type[Any]) -> str:
    """Name and version of the schema of an exported type of record: ``vigia.event/1.0``."""
    (name,) = (field.default for field in fields(kind) if field.name == "schema")
    return str(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What an export may show. Both are off unless somebody asks."""

    private: bool = False
    """Victims' and bystanders' names, numbers, plates, exact addresses."""
    full_text: bool = False
    """Bodies of articles: the outlets' property."""


def exported(record: Record, gazetteer: Gazetteer, disclosure: Disclosure = Disclosure()) -> Exported:
    """The form of a record that may leave the house."""
    match record:
        case EventRecord():
            return _event(record, gazetteer, disclosure)
        case ClaimRecord():
            return _claim(record, disclosure)
        case Document():
            return _article(record, gazetteer, disclosure)
        case Incident():
            return _incident(record, gazetteer, disclosure)


def _source(ref: ArticleRef, disclosure: Disclosure) -> Source:
    return Source(
        id=ref.id,
        outlet=ref.outlet,
        url=ref.url,
        title=ref.title if disclosure.private else cover(ref.title, ref.private),
        published=ref.published,
        content_hash=ref.content_hash,
    )


def _event(record: EventRecord, gazetteer: Gazetteer, disclosure: Disclosure) -> ExportedEvent:
    event = record.event if disclosure.private else _covered_event(record.event, record.article.private, gazetteer)
    return ExportedEvent(event=event, article=_source(record.article, disclosure))


def _covered_event(event: Event, names: tuple[str, ...], gazetteer: Gazetteer) -> Event:
    exact_place = event.place is not None and event.place.precision in _EXACT
    hidden = {"place"} if exact_place else set()
    return replace(
        event,
        trigger=cover(event.trigger, names),
        place=event.place and coarse(event.place, gazetteer),
        official_involvement=event.official_involvement
        and replace(event.official_involvement, office=cover(event.official_involvement.office, names)),
        evidence=tuple(_covered_evidence(row, names, hidden) for row in event.evidence),
    )


def _covered_evidence(row: Evidence, names: tuple[str, ...], hidden: set[str]) -> Evidence:
    text = COVER if row.field in hidden else cover(row.text, names)
    return row if text == row.text else replace(row, text=text)


def coarse(place: Place, gazetteer: Gazetteer) -> Place:
    """A place without its exact point: a street or a market becomes its district."""
    if place.precision not in _EXACT:
        name = cover(place.name)
        return place if name == place.name else replace(place, name=name)
    site = gazetteer.site(place.ubigeo) if place.ubigeo and gazetteer.known(place.ubigeo) else None
    if site is None:
        return replace(place, name=COVER, lat=None, lon=None, precision=None)
    return replace(place, name=site.name, lat=site.lat, lon=site.lon, precision=site.precision)


def _claim(record: ClaimRecord, disclosure: Disclosure) -> ExportedClaim:
    claim, names = record.claim, record.article.private
    if not disclosure.private:
        claim = replace(
            claim,
            text=cover(claim.text, names),
            speaker=claim.speaker and cover(claim.speaker, names),
            relay=claim.relay and cover(claim.relay, names),
            evidence=tuple(_covered_evidence(row, names, set()) for row in claim.evidence),
        )
    return ExportedClaim(claim=claim, article=_source(record.article, disclosure))


def _article(document: Document, gazetteer: Gazetteer, disclosure: Disclosure) -> ExportedArticle:
    article, extraction, ref = document.article, document.extraction, document.ref
    mentions = extraction.mentions
    if not disclosure.private:
        mentions = tuple(
            _covered_mention(mention, ref.private, gazetteer) for mention in mentions if not _is_private(mention)
        )
    return ExportedArticle(
        article=_source(ref, disclosure),
        section=article.section,
        access=article.access.value,
        story=document.story,
        triage=extraction.triage,
        mentions=mentions,
        body=_body(article.body, ref.private, disclosure),
    )


def _body(body: str, names: tuple[str, ...], disclosure: Disclosure) -> str | None:
    if not disclosure.full_text:
        return None
    return body if disclosure.private else cover(body, names)


def _is_private(mention: Mention) -> bool:
    return isinstance(mention.value, Person) and mention.value.role not in PUBLIC_ROLES


def _covered_mention(mention: Mention, names: tuple[str, ...], gazetteer: Gazetteer) -> Mention:
    if isinstance(mention.value, Place) and mention.value.precision in _EXACT:
        return replace(mention, text=COVER, value=coarse(mention.value, gazetteer))
    return replace(mention, text=cover(mention.text, names))


def _incident(incident: Incident, gazetteer: Gazetteer, disclosure: Disclosure) -> ExportedIncident:
    places = incident.places
    if not disclosure.private:
        places = tuple(
            replace(row, value=coarse(row.value, gazetteer)) if isinstance(row.value, Place) else row for row in places
        )
    return ExportedIncident(
        id=incident.id,
        crime_type=incident.crime_type,
        events=tuple(_event(record, gazetteer, disclosure) for record in incident.events),
        dates=incident.dates,
        places=places,
        gangs=incident.gangs,
        businesses=incident.businesses,
        money=incident.money,
        methods=incident.methods,
        counts=incident.counts,
        score=incident.score,
    )
