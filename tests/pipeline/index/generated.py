"""Records for the tests of the index: a dozen made by hand, and as many as wanted made by rule. All of it is invented."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

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
    Mention,
    Method,
    Modality,
    Money,
    MoneyPeriod,
    MoneyRole,
    Place,
    PlaceRole,
    Prison,
    Triage,
    Value,
)
from pipeline.records import Attested, Document, EventRecord, Incident
from scrapers.items import Article, BodySource, article_id, hash_of, text_of

FIRST_DAY = datetime(2025, 1, 1, 12, tzinfo=UTC)
NEWSROOM = Path(__file__).parents[2] / "newsroom" / "articles"
PLACES = {
    "150110": ("Comas", -11.93, -77.05),
    "150132": ("San Juan de Lurigancho", -11.98, -77.0),
    "130104": ("La Esperanza", -8.07, -79.04),
    "130102": ("El Porvenir", -8.08, -79.0),
    "1301": ("Trujillo", -8.11, -79.02),
    "070101": ("Callao", -12.05, -77.13),
    "20": ("Piura", -5.2, -80.63),
}
GANGS = (
    Gang(name="Los Pulpos", id="pulpos"),
    Gang(name="Los Injertos del Puerto Norte"),
    Gang(name="Tren de Aragua", id="tren_de_aragua"),
    Gang(name="Los Fríos de la Ñusta"),
)
BUSINESSES = (
    Business(type="mototaxi", category="transporte_mototaxi", role=BusinessRole.VICTIM),
    Business(type="bodega", category="comercio_minorista", role=BusinessRole.VICTIM),
    Business(type="empresa de transporte", category="transporte_urbano", role=BusinessRole.VICTIM),
    Business(type="colegio", category="educacion", role=BusinessRole.VICTIM),
)
METHODS = (
    Method(type="amenaza_whatsapp", facet="canal"),
    Method(type="explosivo_dinamita", facet="arma/explosivo"),
    Method(type="explosivo_granada", facet="arma/explosivo"),
)
PRISONS = (Prison(name="Challapalca", id="challapalca"), Prison(name="penal de El Milagro"))
CRIMES = ("extorsion", "sicariato", "homicidio", "robo", "secuestro")
OUTLETS = ("elcomercio", "rpp", "larepublica", "peru21", "trome")
SENTENCES = (
    "Exigen cupos a los mototaxistas de {place} bajo amenaza de muerte.",
    "La Policía capturó a presuntos integrantes de {gang} en {place}.",
    "Según la denuncia, le pidieron S/ {amount} soles por WhatsApp.",
    "Un artefacto explosivo detonó en la puerta de una bodega.",
    "Los extorsionadores dejaron una carta con balas en el colegio.",
    "El chofer de la combi fue baleado por sicarios en moto lineal.",
    "Vecinos reclaman más patrullaje y un estado de emergencia.",
    "Las cámaras captaron el momento del asalto al paso.",
    "El cobro de cupos crece en los mercados de la región.",
    "El jefe policial informó que la investigación continúa.",
)


def article(
    slug: str,
    title: str,
    body: str,
    *,
    outlet: str = "rpp",
    published: datetime | None = FIRST_DAY,
    section: str | None = "policiales",
) -> Article:
    """An article of an invented address."""
    url = f"https://{outlet}.example/{slug}"
    return Article(
        id=article_id(url),
        outlet=outlet,
        url=url,
        title=title,
        body=body,
        published=published,
        published_raw=None if published is None else published.isoformat(),
        fetched=FIRST_DAY,
        section=section,
        body_source=BodySource.FEED,
        content_hash=hash_of(text_of(title, body)),
    )


def document(
    of: Article,
    *,
    events: tuple[Event, ...] = (),
    claims: tuple[Claim, ...] = (),
    mentions: tuple[Mention, ...] = (),
    crimes: tuple[str, ...] = (),
    kind: ArticleKind = ArticleKind.INCIDENT,
    relevant: bool = True,
) -> Document:
    """An article that was read."""
    triage = Triage(relevant=relevant, kind=kind, score=0.9 if relevant else 0.1, crime_types=crimes)
    return Document(
        article=of,
        extraction=Extraction(
            text_hash=of.content_hash,
            published=of.published or FIRST_DAY,
            triage=triage,
            mentions=mentions,
            events=events,
            claims=claims,
        ),
    )


def place(code: str, role: PlaceRole = PlaceRole.INCIDENT) -> Place:
    """One of the places."""
    name, lat, lon = PLACES[code]
    return Place(name=name, ubigeo=code, lat=lat, lon=lon, role=role)


def soles(low: float | None, high: float | None = None, role: MoneyRole = MoneyRole.DEMANDED) -> Money:
    """A sum in soles; one bound given is an exact sum. Four soles are a dollar."""
    high = low if high is None else high
    low_usd, high_usd = (None if bound is None else bound / 4 for bound in (low, high))
    return Money(
        min=low,
        max=high,
        currency="PEN",
        min_pen=low,
        max_pen=high,
        min_usd=low_usd,
        max_usd=high_usd,
        role=role,
        period=MoneyPeriod.WEEK,
    )


def mention(label: Label, value: Value, text: str = "x") -> Mention:
    """A mention somewhere."""
    return Mention(label=label, start=0, end=len(text), text=text, value=value, source="test", score=1.0)


def event(of: Article, crime: str, trigger: str, **facts: object) -> Event:
    """An event of an article."""
    evidence = Evidence(field="trigger", index=0, start=0, end=len(trigger), text=trigger, source="test", score=1.0)
    key = hash_of(f"{of.text}{crime}{trigger}")[:16]
    return Event(id=key, crime_type=crime, trigger=trigger, evidence=(evidence,), **facts)  # type: ignore[arg-type]


def claim(of: Article, text: str, **facts: object) -> Claim:
    """A claim of an article."""
    defaults: dict[str, object] = {
        "quantity_min": 500.0, "quantity_max": None, "comparator": Comparator.OVER, "unit": "negocios",
    }  # fmt: skip
    return Claim(id=hash_of(f"{of.text}{text}")[:16], text=text, start=0, end=len(text), **{**defaults, **facts})  # type: ignore[arg-type]


def incident(records: tuple[EventRecord, ...]) -> Incident:
    """An incident made of events."""
    ids = tuple(record.event.id for record in records)
    first = records[0].event
    return Incident(
        id=ids[0],
        crime_type=first.crime_type,
        events=records,
        dates=(Attested(value=first.date, events=ids),) if first.date else (),
        places=(Attested(value=first.place, events=ids),) if first.place else (),
        gangs=tuple(Attested(value=gang, events=ids) for gang in first.gangs),
        money=tuple(Attested(value=money, events=ids) for money in first.money),
    )


def documents(count: int, seed: int = 7) -> Iterator[Document]:
    """Articles in the manner of the press, the same ones for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        yield _generated(number, chance)


def _generated(number: int, chance: random.Random) -> Document:
    code = chance.choice(list(PLACES))
    gang = chance.choice(GANGS)
    amount = chance.choice((500, 1000, 2500, 5000, 10000, 50000))
    chosen = chance.sample(SENTENCES, chance.randint(3, 8))
    told = [sentence.format(place=PLACES[code][0], gang=gang.name, amount=amount) for sentence in chosen]
    published = FIRST_DAY + timedelta(hours=5 * number, minutes=chance.randint(0, 59)) if number % 17 else None
    of = article(
        f"nota-{number}",
        told[0].rstrip("."),
        "\n\n".join(told[1:]),
        outlet=chance.choice(OUTLETS),
        published=published,
    )
    crime = chance.choice(CRIMES)
    facts: dict[str, object] = {
        "place": chance.choice((place(code), None)),
        "gangs": chance.choice(((gang,), ())),
        "businesses": tuple(chance.sample(BUSINESSES, chance.randint(0, 2))),
        "methods": tuple(chance.sample(METHODS, chance.randint(0, 1))),
        "money": chance.choice(((soles(float(amount)),), (), (soles(None, float(amount)),))),
        "counts": chance.choice(((Count(value=2, of=CountOf.INJURED),), ())),
        "prison": chance.choice((None, None, *PRISONS)),
        "modality": chance.choice(tuple(Modality)),
        "date": None if published is None else DateSpan(start=published.date(), end=published.date()),
    }
    events = tuple(
        event(of, crime, word, **facts) for word in chance.sample(("cupos", "baleado", "asalto"), chance.randint(0, 2))
    )
    claims = (
        (claim(of, "más de 500 negocios", subject="extorsion", scope=code[:2], speaker="Gremio"),)
        if number % 5 == 0
        else ()
    )
    kind = chance.choice(tuple(ArticleKind))
    return document(of, events=events, claims=claims, crimes=(crime,), kind=kind, relevant=number % 4 != 0)


def long_ago() -> date:
    """A day on which nothing was published."""
    return date(1999, 12, 31)


def newsroom() -> list[Document]:
    """The articles that the test newsroom publishes, as long and varied as the press has them."""
    lines = [line for file in sorted(NEWSROOM.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    told = [json.loads(line) for line in lines]
    return [
        document(
            article(
                one["id"],
                one["title"],
                one["body"],
                outlet=one["outlet"],
                published=datetime.fromisoformat(one["published_at"]),
            )
        )
        for one in told
    ]
