"""Incidents made by rule in the manner of the press, as many as wanted, the same ones for the same seed. All of it is invented."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from nlp.types import (
    Business,
    BusinessRole,
    Count,
    CountOf,
    DateSpan,
    Event,
    Evidence,
    Gang,
    Method,
    Money,
    MoneyPeriod,
    MoneyRole,
    Place,
    PlaceLevel,
    PlaceRole,
    Precision,
)
from pipeline.incidents import incident_of
from pipeline.records import ArticleRef, EventRecord, Incident
from scrapers.items import article_id, hash_of

FIRST = datetime(2024, 1, 1, 5, tzinfo=UTC)
CRIMES = ("extorsion",) * 6 + (
    "sicariato",
    "homicidio",
    "secuestro",
    "robo",
    "exigencia_extorsiva",
    "prestamo_extorsivo",
)
OUTLETS = ("elcomercio", "rpp", "larepublica", "peru21", "trome", "correo", "andina", "exitosa")


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table that ships."""
    return list(csv.DictReader((files("nlp") / "data" / table).read_text(encoding="utf-8").splitlines()))


@dataclass
class World:
    """What incidents are made of."""

    districts: list[dict[str, str]]
    gangs: list[dict[str, str]]
    businesses: list[dict[str, str]]
    methods: list[dict[str, str]]

    @classmethod
    def read(cls) -> World:
        """From the tables that ship."""
        districts = [row for row in rows("places.csv") if row["level"] == "district"]
        return cls(districts, rows("gangs.csv"), rows("business_types.csv"), rows("methods.csv"))

    def district(self, chance: random.Random) -> dict[str, str]:
        """Few districts have many incidents, many have few."""
        return self.districts[int(len(self.districts) * chance.random() ** 3)]


def incidents(count: int, seed: int = 7, per_day: int = 300) -> Iterator[Incident]:
    """Incidents, the oldest first."""
    chance, world = random.Random(seed), World.read()
    for number in range(count):
        when = FIRST + timedelta(days=number // per_day, minutes=chance.randint(0, 1439))
        reports = chance.choice((1, 1, 1, 1, 2, 2, 3, 5))
        first = _event(number, when, chance, world)
        yield incident_of(_report(first, number, report, when) for report in range(reports))


def _report(event: Event, number: int, report: int, when: datetime) -> EventRecord:
    outlet = OUTLETS[(number + report) % len(OUTLETS)]
    url = f"https://{outlet}.example/nota-{number}-{report}"
    title = f"{event.trigger.capitalize()} en {event.place.name if event.place else 'Lima'}: nota {number}"
    ref = ArticleRef(
        id=article_id(url),
        outlet=outlet,
        url=url,
        title=title,
        published=when + timedelta(hours=report),
        content_hash=hash_of(title),
    )
    return EventRecord(event=event, article=ref)


def _event(number: int, when: datetime, chance: random.Random, world: World) -> Event:
    district, business, method = world.district(chance), chance.choice(world.businesses), chance.choice(world.methods)
    gangs = tuple(Gang(name=row["name"], id=row["id"]) for row in chance.sample(world.gangs, chance.choice((0, 0, 1))))
    amount = float(chance.choice((200, 500, 1000, 2500, 5000, 10000, 50000)))
    place = Place(
        name=district["name"],
        ubigeo=district["code"],
        level=PlaceLevel.DISTRICT,
        lat=float(district["lat"]) if district["lat"] else None,
        lon=float(district["lon"]) if district["lon"] else None,
        precision=Precision.DISTRICT,
        role=PlaceRole.INCIDENT,
    )
    trigger = chance.choice(("exigen cupos", "extorsionan", "balean", "detonan explosivo", "amenazan de muerte"))
    words = [
        ("trigger", trigger),
        ("place", place.name),
        ("businesses", business["lemma"]),
        ("money", f"S/ {amount:.0f}"),
    ]
    words += [("gangs", gang.name) for gang in gangs]
    return Event(
        id=hash_of(f"{number}")[:16],
        crime_type=chance.choice(CRIMES),
        trigger=trigger,
        date=DateSpan(start=when.date(), end=when.date()),
        place=place,
        gangs=gangs,
        businesses=(
            Business(
                type=business["lemma"], category=business["category"], ciiu=business["ciiu"], role=BusinessRole.VICTIM
            ),
        ),
        money=(
            Money(
                min=amount,
                max=amount,
                currency="PEN",
                min_pen=amount,
                max_pen=amount,
                role=MoneyRole.DEMANDED,
                period=chance.choice((None, MoneyPeriod.WEEK, MoneyPeriod.MONTH)),
            ),
        ),
        methods=(Method(type=method["id"], facet=method["facet"]),),
        counts=(Count(value=chance.randint(1, 4), of=CountOf.INJURED),) if chance.random() < 0.3 else (),
        evidence=tuple(
            Evidence(field=name, index=0, start=20 * at, end=20 * at + len(text), text=text, source="rule", score=0.9)
            for at, (name, text) in enumerate(words)
        ),
        score=0.8,
    )
