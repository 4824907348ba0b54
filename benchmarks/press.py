"""Articles made by rule in the manner of the press, as many as wanted, the same ones for the same seed. All of it is invented.

Names of places, gangs, trades, prisons, streets and persons come from the tables that ship, few of them often and many seldom. An
article has some 160 words, the mentions and events that its text tells, and evidence that points at its words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from benchmarks.incidents import OUTLETS, World, rows
from nlp.types import (
    ArticleKind,
    Business,
    BusinessRole,
    Claim,
    Comparator,
    DateSpan,
    Event,
    Evidence,
    Extraction,
    Gang,
    Label,
    Mention,
    Method,
    Money,
    MoneyPeriod,
    MoneyRole,
    Place,
    PlaceLevel,
    PlaceRole,
    Precision,
    Triage,
    Value,
)
from pipeline.records import Document
from scrapers.items import Article, BodySource, article_id, hash_of, text_of

FIRST = datetime(2023, 1, 1, 5, tzinfo=UTC)
PER_DAY = 900
"""Articles of all outlets in a day."""
ASIDE = 0.3
"""Part of the articles with a sentence on something else."""
AMOUNTS = (200, 500, 1000, 1500, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Topic:
    """What the press writes of one thing."""

    kind: ArticleKind
    share: int
    """Of all articles, in hundredths."""
    triggers: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What articles are written of: ``press.yaml``."""

    titles: tuple[str, ...]
    anywhere: tuple[str, ...]
    """Sentences of any topic."""
    topics: dict[str, Topic]
    """By crime type."""

    @classmethod
    def read(cls) -> Words:
        """The file."""
        told = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
        return TypeAdapter(cls).validate_python(told)


@dataclass
class Scene:
    """What one article tells of, by the names of the templates' blanks."""

    words: dict[str, str]
    values: dict[str, Value]
    """Of the blanks that are mentions."""


_LABELS = {
    "place": Label.PLACE,
    "gang": Label.GANG,
    "business": Label.BUSINESS,
    "amount": Label.MONEY,
}


class Press:
    """Writes articles, one after the other."""

    def __init__(self, seed: int = 7) -> None:
        self._chance, self._world, self._words = random.Random(seed), World.read(), Words.read()
        names = rows("person_names.csv")
        self._given = [row["name"] for row in names if row["kind"] == "given"]
        self._family = [row["name"] for row in names if row["kind"] != "given"]
        self._streets = [row["name"] for row in rows("streets.csv")]
        self._prisons = [row["name"] for row in rows("prisons.csv")]
        self._provinces = {row["code"]: row["name"] for row in rows("places.csv") if row["level"] == "province"}

    def article(self, number: int) -> Document:
        """The article of a number; call them in order."""
        chance = self._chance
        topics = self._words.topics
        (name,) = chance.choices(tuple(topics), [topic.share for topic in topics.values()])
        topic = topics[name]
        scene = self._scene(chance.choice(topic.triggers))
        title = chance.choice(self._words.titles).format(**scene.words)
        own = chance.sample(topic.sentences, chance.randint(4, min(9, len(topic.sentences))))
        told = [*own, *chance.sample(self._words.anywhere, chance.randint(2, 5))]
        if chance.random() < ASIDE:  # an article on one thing speaks of another, too
            told.append(chance.choice(topics[chance.choice(tuple(topics))].sentences))
        chance.shuffle(told)
        told = [sentence.format(**scene.words) for sentence in told]
        body = "\n\n".join(" ".join(told[at : at + 3]) for at in range(0, len(told), 3))
        of = self._written(number, title[:1].upper() + title[1:], f"{body}\n\n{self._filler()}")
        return _read(of, name, topic, scene, is_event=chance.random() < 0.85, is_claim=chance.random() < 0.1)

    def _filler(self) -> str:
        """Names and places such as an article mentions by the way: words that few others have."""
        chance = self._chance
        people = [f"{chance.choice(self._given)} {chance.choice(self._family)}" for _ in range(chance.randint(4, 12))]
        places = [self._world.district(chance)["name"] for _ in range(chance.randint(3, 10))]
        return f"También se refirieron al tema {', '.join(people)}. Hay casos parecidos en {', '.join(places)}."

    def _scene(self, trigger: str) -> Scene:
        chance = self._chance
        district = self._world.district(chance)
        gang = self._world.gangs[int(len(self._world.gangs) * chance.random() ** 3)]
        business = self._world.businesses[int(len(self._world.businesses) * chance.random() ** 2)]
        method, amount = chance.choice(self._world.methods), chance.choice(AMOUNTS)
        person = f"{chance.choice(self._given)} {chance.choice(self._family)} {chance.choice(self._family)}"
        return Scene(
            words={
                "place": district["name"],
                "province": self._provinces[district["code"][:4]],
                "gang": gang["name"],
                "business": business["lemma"],
                "amount": f"{amount:,}".replace(",", " "),
                "person": person,
                "street": f"avenida {chance.choice(self._streets)}",
                "prison": chance.choice(self._prisons),
                "count": str(chance.randint(100, 3000)),
                "trigger": trigger,
            },
            values={
                "place": _place(district),
                "gang": Gang(name=gang["name"], id=gang["id"]),
                "business": Business(
                    type=business["lemma"],
                    category=business["category"],
                    ciiu=business["ciiu"],
                    role=BusinessRole.VICTIM,
                ),
                "amount": _soles(float(amount), chance.choice((None, MoneyPeriod.WEEK, MoneyPeriod.MONTH))),
                "method": Method(type=method["id"], facet=method["facet"]),
            },
        )

    def _written(self, number: int, title: str, body: str) -> Article:
        outlet = self._chance.choice(OUTLETS)
        published = FIRST + timedelta(seconds=number * 86_400 // PER_DAY)
        url = f"https://{outlet}.example/policiales/{published:%Y/%m/%d}/nota-{number}"
        return Article(
            id=article_id(url),
            outlet=outlet,
            url=url,
            title=title,
            body=body,
            section="policiales",
            published=published,
            published_raw=published.isoformat(),
            fetched=published,
            body_source=BodySource.FEED,
            content_hash=hash_of(text_of(title, body)),
        )


def documents(count: int, seed: int = 7) -> Iterator[Document]:
    """Articles, the oldest first."""
    press = Press(seed)
    return map(press.article, range(count))


def _place(row: dict[str, str]) -> Place:
    lat, lon = (float(row[part]) if row[part] else None for part in ("lat", "lon"))
    return Place(
        name=row["name"],
        ubigeo=row["code"],
        level=PlaceLevel.DISTRICT,
        lat=lat,
        lon=lon,
        precision=Precision.DISTRICT,
        role=PlaceRole.INCIDENT,
    )


def _soles(amount: float, period: MoneyPeriod | None) -> Money:
    return Money(
        min=amount,
        max=amount,
        currency="PEN",
        min_pen=amount,
        max_pen=amount,
        role=MoneyRole.DEMANDED,
        period=period,
    )


def _read(of: Article, crime: str, topic: Topic, scene: Scene, *, is_event: bool, is_claim: bool) -> Document:
    """The article with what a reading would find in it."""
    is_crime = topic.kind is not ArticleKind.OTHER
    mentions = tuple(sorted(_mentions(of.text, scene), key=lambda mention: mention.start))
    return Document(
        article=of,
        extraction=Extraction(
            text_hash=of.content_hash,
            published=of.published or FIRST,
            triage=Triage(
                relevant=is_crime,
                kind=topic.kind,
                score=0.9 if is_crime else 0.1,
                crime_types=(crime,) if is_crime else (),
            ),
            mentions=mentions,
            events=(_event(of, crime, scene, mentions),) if is_event and is_crime else (),
            claims=(_claim(of, scene),) if is_claim else (),
        ),
    )


def _mentions(text: str, scene: Scene) -> Iterator[Mention]:
    for name, label in _LABELS.items():
        word = scene.words[name]
        for start in islice(_found(text, word), 3):
            yield Mention(
                label=label,
                start=start,
                end=start + len(word),
                text=word,
                value=scene.values[name],
                source="press",
                score=0.9,
            )


def _found(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _event(of: Article, crime: str, scene: Scene, mentions: tuple[Mention, ...]) -> Event:
    told = {mention.label: mention for mention in reversed(mentions)}
    value = {name: scene.values[name] for name, label in _LABELS.items() if label in told}
    fields = {Label.PLACE: "place", Label.GANG: "gangs", Label.BUSINESS: "businesses", Label.MONEY: "money"}
    evidence = [
        Evidence(
            field=fields[label],
            index=0,
            start=mention.start,
            end=mention.end,
            text=mention.text,
            source="press",
            score=0.9,
        )
        for label, mention in told.items()
    ]
    day = (of.published or FIRST).date()
    trigger = scene.words["trigger"]
    at = max(of.text.lower().find(trigger), 0)
    evidence.append(
        Evidence(field="trigger", index=0, start=at, end=at + len(trigger), text=trigger, source="press", score=0.9)
    )
    return Event(
        id=hash_of(f"{of.id}{crime}")[:16],
        crime_type=crime,
        trigger=trigger,
        date=DateSpan(start=day, end=day),
        place=value.get("place"),  # type: ignore[arg-type]
        gangs=tuple(v for v in value.values() if isinstance(v, Gang)),
        businesses=tuple(v for v in value.values() if isinstance(v, Business)),
        money=tuple(v for v in value.values() if isinstance(v, Money)),
        methods=(scene.values["method"],),  # type: ignore[arg-type]
        evidence=tuple(evidence),
        score=0.8,
    )


def _claim(of: Article, scene: Scene) -> Claim:
    text = f"{scene.words['count']} denuncias"
    place = scene.values["place"]
    assert isinstance(place, Place)
    return Claim(
        id=hash_of(f"{of.id}claim")[:16],
        text=text,
        start=0,
        end=len(text),
        quantity_min=float(scene.words["count"]),
        quantity_max=float(scene.words["count"]),
        comparator=Comparator.EXACTLY,
        unit="denuncias",
        subject="extorsion",
        scope=place.ubigeo and place.ubigeo[:2],
        speaker="fiscalía",
    )
