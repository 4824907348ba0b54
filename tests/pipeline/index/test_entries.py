"""Records -> entries."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.types import BusinessRole, DatePrecision, DateSpan, Gang, Label, MoneyPeriod, MoneyRole, Place, PlaceRole
from pipeline.index.entries import values
from pipeline.index.flatten import ancestors, entry_of, gang_key, id_of, parts_of, text_of_record
from pipeline.records import EventRecord, encode
from tests.pipeline.index.generated import (
    BUSINESSES,
    FIRST_DAY,
    GANGS,
    METHODS,
    PRISONS,
    article,
    claim,
    document,
    documents,
    event,
    incident,
    mention,
    place,
    soles,
)

MIDDAY = int(FIRST_DAY.timestamp() * 1000)
LIMA_DAY = int(datetime(2024, 12, 31, 5, tzinfo=UTC).timestamp() * 1000)


def test_an_event_in_full() -> None:
    of = article("nota", "Cupos en Comas", "Cuerpo.")
    told = event(
        of,
        "extorsion",
        "exigen cupos",
        place=place("150110"),
        gangs=(GANGS[0],),
        businesses=(BUSINESSES[0],),
        methods=(METHODS[0],),
        prison=PRISONS[0],
        money=(soles(5000), soles(800, role=MoneyRole.REWARD)),
        date=DateSpan(start=date(2024, 12, 31), end=date(2024, 12, 31), precision=DatePrecision.DAY),
        score=0.8,
    )
    record = EventRecord(event=told, article=document(of).ref)
    entry = values(entry_of(record))
    recency = entry.pop("recency")
    assert recency >> 31 == FIRST_DAY.timestamp()
    assert entry == {
        "id": f"{of.id}.{told.id}",
        "article_id": (of.id,),
        "outlet": ("rpp",),
        "url": of.url,
        "title": "Cupos en Comas",
        "text": "Cupos en Comas\n\nexigen cupos\nComas\nChallapalca\nLos Pulpos\nextorsion\nmototaxi\namenaza whatsapp",
        "published": MIDDAY,
        "starts": LIMA_DAY,
        "ends": LIMA_DAY + 24 * 3600 * 1000 - 1,
        "month": "2024-12",
        "crimes": ("extorsion",),
        "places": ("150110",),
        "place_codes": ("150110", "1501", "15", "PE"),
        "regions": ("15",),
        "provinces": ("1501",),
        "districts": ("150110",),
        "location": (-11.93, -77.05),
        "gangs": ("Los Pulpos",),
        "gang_keys": ("pulpos", "id:pulpos"),
        "businesses": ("mototaxi",),
        "business_categories": ("transporte_mototaxi",),
        "methods": ("amenaza_whatsapp",),
        "prisons": ("challapalca",),
        "prison_keys": ("challapalca", "id:challapalca"),
        "amounts": (5000.0,),
        "amounts_usd": (1250.0,),
        "money_roles": (MoneyRole.DEMANDED,),
        "money_periods": (MoneyPeriod.WEEK,),
        "modality": "asserted",
        "polarity": "positive",
        "date_precision": "day",
        "score": 0.8,
        "record": encode(record),
    }


def test_an_article_is_where_something_happened_and_not_what_it_mentions() -> None:
    of = article("nota", "Título", "Cuerpo.")
    read = document(
        of,
        crimes=("robo",),
        events=(event(of, "extorsion", "cupos", place=place("130104")),),
        mentions=(
            mention(Label.PLACE, place("150110", PlaceRole.CONTEXT)),
            mention(Label.PLACE, place("150132", PlaceRole.PRISON)),
            mention(Label.PLACE, place("20")),
            mention(Label.PLACE, Place(name="La Villa", role=PlaceRole.INCIDENT, candidates=("150110", "120206"))),
            mention(Label.BUSINESS, BUSINESSES[0]),
            mention(Label.BUSINESS, dataclasses.replace(BUSINESSES[1], role=BusinessRole.CONTEXT)),
            mention(Label.MONEY, soles(99, role=MoneyRole.BUDGET)),
        ),
    )
    entry = entry_of(read)
    assert (entry.crimes, entry.places, entry.districts) == (("robo", "extorsion"), ("130104", "20"), ("130104",))
    assert (entry.businesses, entry.amounts, entry.text) == (("mototaxi",), (), of.text)


def test_a_claim_and_an_incident() -> None:
    of = article("nota", "Cifras", "Cuerpo.")
    read = document(
        of,
        events=(event(of, "extorsion", "cupos", gangs=(GANGS[0],), money=(soles(1000),)),),
        claims=(claim(of, "más de 500 negocios", subject="extorsion", scope="PE", speaker="Gremio"),),
    )
    told, stated = parts_of(read)
    entry = entry_of(stated)
    assert (entry.crimes, entry.place_codes, entry.starts) == (("extorsion",), ("PE",), MIDDAY)
    assert text_of_record(stated) == "Cifras\n\nmás de 500 negocios\nGremio\nextorsion"
    assert isinstance(told, EventRecord)
    merged = incident(
        (told, dataclasses.replace(told, article=dataclasses.replace(told.article, id="x", outlet="trome")))
    )
    entry = entry_of(merged)
    assert (entry.id, entry.article_id, entry.outlet) == (merged.id, (of.id, "x"), ("rpp", "trome"))
    assert (entry.gang_keys, entry.amounts, entry.starts) == (("pulpos", "id:pulpos"), (1000.0,), MIDDAY)
    assert values(entry)["reports"] == 2


def test_no_date() -> None:
    entry = entry_of(document(article("nota", "T", "C", published=None)))
    assert (entry.published, entry.starts, entry.ends, entry.month, entry.recency >> 31) == (None, None, None, None, 0)


@pytest.mark.parametrize(
    ("code", "all_of_them"),
    [("150110", ("150110", "1501", "15", "PE")), ("1301", ("1301", "13", "PE")), ("20", ("20", "PE")), ("PE", ("PE",)), ("CL", ("CL",))],
)  # fmt: skip
def test_ancestors(code: str, all_of_them: tuple[str, ...]) -> None:
    assert ancestors(code) == all_of_them


@pytest.mark.parametrize(
    ("name", "key"), [("Los Pulpos", "pulpos"), ("La Ñ", "n"), ("Los", "los"), ("El Tren de Aragua", "tren de aragua")]
)
def test_gang_keys(name: str, key: str) -> None:
    assert gang_key(name) == key


def test_ids_are_unlike() -> None:
    made = list(documents(400))
    records = [*made, *(part for one in made for part in parts_of(one))]
    assert len({id_of(record) for record in records}) == len(records)
    assert len({entry_of(record).recency for record in records}) >= 0.98 * len(records)


@given(st.text(min_size=1, max_size=40))
def test_any_gang_has_a_key_that_finds_it(name: str) -> None:
    of = article("nota", "T", "C")
    entry = entry_of(document(of, mentions=(mention(Label.GANG, Gang(name=name)),)))
    assert entry.gang_keys == (gang_key(name),)
