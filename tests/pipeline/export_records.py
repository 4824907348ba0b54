"""One record of each kind, with something private in every place where it could be."""

from __future__ import annotations

from datetime import UTC, date, datetime

from nlp.types import (
    ArticleKind,
    Business,
    BusinessRole,
    Claim,
    Comparator,
    Count,
    CountOf,
    DateSpan,
    Event,
    Evidence,
    Extraction,
    Gang,
    Label,
    LegalStatus,
    Mention,
    Method,
    Money,
    MoneyPeriod,
    MoneyRole,
    OfficialInvolvement,
    Person,
    PersonRole,
    Place,
    PlaceLevel,
    PlaceRole,
    Precision,
    Triage,
)
from pipeline.incidents import merge
from pipeline.records import ClaimRecord, Document, EventRecord, Incident
from scrapers.items import Article, BodySource, article_id, hash_of, text_of

TITLE = "Comas: extorsionan a Ana Prueba Ríos, dueña de la bodega Doña Anita"
BODY = (
    "Los Halcones de Prueba exigían S/ 5 mil semanales a Ana Prueba Ríos desde el 987 654 321. Vive en la avenida Los Ensayos 1250. "
    "Juan Fingido Soto, alias Cuchara, fue detenido.\n\nSegún Ana Prueba Ríos, más de 40 bodegas pagan cupo."
)
TEXT = text_of(TITLE, BODY)
URL = "https://ejemplo.pe/lima/nota-1"
PUBLISHED = datetime(2025, 10, 15, 12, tzinfo=UTC)


def mention(label: Label, text: str, value: object) -> Mention:
    start = TEXT.index(text)
    return Mention(label=label, start=start, end=start + len(text), text=text, value=value, source="test", score=0.9)  # type: ignore[arg-type]


def evidence(field: str, text: str) -> Evidence:
    start = TEXT.index(text)
    return Evidence(field=field, index=0, start=start, end=start + len(text), text=text, source="test", score=0.9)


MONEY = Money(
    min=5000, max=5000, currency="PEN", period=MoneyPeriod.WEEK, role=MoneyRole.DEMANDED, min_pen=5000, max_pen=5000
)
STREET = Place(
    name="avenida Los Ensayos 1250",
    ubigeo="150110",
    level=PlaceLevel.DISTRICT,
    lat=-11.9,
    lon=-77.1,
    precision=Precision.POINT,
    role=PlaceRole.INCIDENT,
)
BODEGA = Business(type="bodega", category="comercio_minorista", ciiu="4711", role=BusinessRole.VICTIM)
GANG = Gang(name="Los Halcones de Prueba")

MENTIONS = (
    mention(Label.PERSON, "Ana Prueba Ríos", Person(name="Ana Prueba Ríos", role=PersonRole.VICTIM)),
    mention(Label.BUSINESS, "bodega Doña Anita", BODEGA),
    mention(Label.GANG, "Los Halcones de Prueba", GANG),
    mention(Label.MONEY, "S/ 5 mil", MONEY),
    mention(Label.PLACE, "avenida Los Ensayos 1250", STREET),
    mention(
        Label.PERSON,
        "Juan Fingido Soto",
        Person(name="Juan Fingido Soto", role=PersonRole.SUSPECT, aliases=("Cuchara",)),
    ),
)

EVENT = Event(
    id="event-1",
    crime_type="extorsion",
    trigger="extorsionan a Ana Prueba Ríos",
    date=DateSpan(start=date(2025, 10, 14), end=date(2025, 10, 14)),
    place=STREET,
    gangs=(GANG,),
    businesses=(BODEGA,),
    money=(MONEY,),
    methods=(Method(type="amenaza_llamada", facet="canal"),),
    counts=(Count(value=1, of=CountOf.ARRESTED),),
    official_involvement=OfficialInvolvement(status=LegalStatus.ALLEGED, office="suboficial de la PNP"),
    evidence=(
        evidence("trigger", "extorsionan a Ana Prueba Ríos"),
        evidence("place", "avenida Los Ensayos 1250"),
        evidence("businesses", "bodega Doña Anita"),
        evidence("money", "S/ 5 mil"),
    ),
    score=0.8,
)
CLAIM = Claim(
    id="claim-1",
    text="más de 40 bodegas pagan cupo",
    start=TEXT.index("más de 40"),
    end=TEXT.index("más de 40") + len("más de 40 bodegas pagan cupo"),
    quantity_min=40,
    quantity_max=None,
    comparator=Comparator.OVER,
    unit="bodegas",
    subject="extorsion",
    scope="150110",
    speaker="Ana Prueba Ríos",
    evidence=(evidence("speaker", "Ana Prueba Ríos"),),
    score=0.7,
)
DOCUMENT = Document(
    article=Article(
        id=article_id(URL),
        outlet="ejemplo",
        url=URL,
        title=TITLE,
        body=BODY,
        published=PUBLISHED,
        published_raw="2025-10-15T07:00:00-05:00",
        fetched=PUBLISHED,
        section="Lima",
        body_source=BodySource.FEED,
        content_hash=hash_of(TEXT),
    ),
    extraction=Extraction(
        text_hash=hash_of(TEXT),
        published=PUBLISHED,
        triage=Triage(relevant=True, kind=ArticleKind.INCIDENT, score=0.99, crime_types=("extorsion",)),
        mentions=MENTIONS,
        events=(EVENT,),
        claims=(CLAIM,),
    ),
)
EVENT_RECORD = EventRecord(event=EVENT, article=DOCUMENT.ref)
CLAIM_RECORD = ClaimRecord(claim=CLAIM, article=DOCUMENT.ref)


def incident() -> Incident:
    (only,) = merge([EVENT_RECORD], {})
    return only


RECORDS = {"event": EVENT_RECORD, "claim": CLAIM_RECORD, "article": DOCUMENT, "incident": incident()}
PRIVATE = ("Ana Prueba", "Doña Anita", "987 654 321", "Ensayos")
"""What no export may hold unless it is asked for."""
