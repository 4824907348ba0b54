from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nlp.lexicon import read_table
from nlp.types import (
    Business,
    Count,
    CountOf,
    DatePrecision,
    DateSpan,
    Event,
    Gang,
    Method,
    Money,
    MoneyRole,
    Place,
    PlaceLevel,
    Polarity,
)
from pipeline.incidents import crime_families, merge
from pipeline.records import ArticleRef, Attested, EventRecord, Incident

FAMILIES = {"extorsion": "extortion", "exigencia_extorsiva": "extortion", "sicariato": "killing"}
DAY = date(2025, 10, 14)
PUBLISHED = datetime(2025, 10, 15, 12, tzinfo=UTC)
COMAS = Place(name="Comas", ubigeo="150110", level=PlaceLevel.DISTRICT)
TEN_THOUSAND = Money(min=10000, max=10000, currency="PEN", role=MoneyRole.DEMANDED)
BODEGA = Business(type="bodega", category="comercio_minorista")
DYNAMITE = Method(type="explosivo_dinamita", facet="arma/explosivo")


def on(day: date) -> DateSpan:
    return DateSpan(start=day, end=day)


def record(article: str, **fields: object) -> EventRecord:
    event = Event(
        id=f"e-{article}",
        crime_type="extorsion",
        trigger="extorsionaban",
        date=on(DAY),
        place=COMAS,
        money=(TEN_THOUSAND,),
        score=0.5,
    )
    ref = ArticleRef(
        id=article,
        outlet="x",
        url=f"https://x.pe/{article}",
        title="t",
        published=PUBLISHED + timedelta(hours=ord(article[0]) - ord("a")),
        content_hash="h",
    )
    return EventRecord(event=replace(event, **fields), article=ref)  # type: ignore[arg-type]


def groups(*records: EventRecord, story_of: dict[str, str] | None = None) -> list[list[str]]:
    return [[one.article.id for one in incident.events] for incident in merge(records, FAMILIES, story_of)]


def test_two_articles_on_one_fact_are_one_incident_with_every_value_and_its_sources() -> None:
    one = record("a", businesses=(BODEGA,), gangs=(Gang(name="Los Halcones de Prueba"),))
    other = record("b", crime_type="exigencia_extorsiva", date=on(DAY + timedelta(days=1)), businesses=(BODEGA,))
    assert list(merge([other, one], FAMILIES)) == [
        Incident(
            id="a.e-a",
            crime_type="extorsion",
            events=(one, other),
            dates=(
                Attested(value=on(DAY), events=("a.e-a",)),
                Attested(value=on(DAY + timedelta(days=1)), events=("b.e-b",)),
            ),
            places=(Attested(value=COMAS, events=("a.e-a", "b.e-b")),),
            gangs=(Attested(value=Gang(name="Los Halcones de Prueba"), events=("a.e-a",)),),
            businesses=(Attested(value=BODEGA, events=("a.e-a", "b.e-b")),),
            money=(Attested(value=TEN_THOUSAND, events=("a.e-a", "b.e-b")),),
            score=0.5,
        )
    ]


APART = {
    "another day": {"date": on(DAY + timedelta(days=2))},
    "no day": {"date": None},
    "only a month": {"date": DateSpan(start=DAY, end=DAY, precision=DatePrecision.MONTH)},
    "another district": {"place": Place(name="Ate", ubigeo="150103")},
    "no place": {"place": None},
    "only a region": {"place": Place(name="Lima", ubigeo="15")},
    "another crime": {"crime_type": "sicariato"},
    "denied": {"polarity": Polarity.NEGATIVE},
    "nothing particular agrees": {"money": ()},
    "only a method agrees": {"money": (), "methods": (DYNAMITE,)},
    "another gang": {"gangs": (Gang(name="Los Otros"),)},
    "another trade": {"businesses": (Business(type="colegio", category="educacion"),)},
}


@pytest.mark.parametrize("difference", APART.values(), ids=APART.keys())
def test_events_that_may_be_two_facts_stay_apart(difference: dict[str, object]) -> None:
    one = record("a", gangs=(Gang(name="Los Unos"),), businesses=(BODEGA,), methods=(DYNAMITE,))
    assert groups(one, record("b", **difference)) == [["a"], ["b"]]


def test_a_province_and_its_district_agree() -> None:
    assert groups(record("a"), record("b", place=Place(name="Lima", ubigeo="1501"))) == [["a", "b"]]


def test_events_of_one_article_stay_apart() -> None:
    one = record("a")
    assert groups(one, replace(one, event=replace(one.event, id="e-2"))) == [["a"], ["a"]]


def test_the_same_story_in_two_outlets_is_one_incident_without_further_particulars() -> None:
    assert groups(record("a", money=()), record("b", money=()), story_of={"a": "a", "b": "a"}) == [["a", "b"]]


def test_an_event_that_fits_two_incidents_joins_neither() -> None:
    dead = (Count(value=2, of=CountOf.DEAD),)
    one = record("a", gangs=(Gang(name="Los Unos"),), counts=dead)
    other = record("b", gangs=(Gang(name="Los Otros"),), counts=dead)
    assert groups(one, other, record("c")) == [["a"], ["b"], ["c"]]


def test_a_merge_is_undone_by_merging_without() -> None:
    assert groups(record("a"), record("b"), record("c")) == [["a", "b", "c"]]
    assert groups(record("a"), record("c")) == [["a", "c"]]


def test_families_are_of_known_crime_types() -> None:
    known = {row["id"] for row in read_table("crime_types.csv", frozenset({"id", "label", "penal_code", "iccs"}))}
    assert set(crime_families()) <= known
    assert crime_families()["exigencia_extorsiva"] == crime_families()["extorsion"]
