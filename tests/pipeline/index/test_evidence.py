"""The words of articles that tell what a search asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nlp.types import DateSpan, Evidence, Gang, Label, Mention, PlaceRole
from pipeline.index import Kind, Query
from pipeline.index.evidence import told
from pipeline.index.names import default_names
from pipeline.index.plan import make
from pipeline.records import ClaimRecord, EventRecord, to_dict
from tests.pipeline.index.generated import article, claim, document, event, incident, place, soles

TEXT = "Los Pulpos piden S/ 5000 en Comas el martes"
OF = article("a", TEXT, "También en Trujillo.")


def _mention(label: Label, value: Any, words: str) -> Mention:
    start = OF.text.index(words)
    return Mention(label=label, start=start, end=start + len(words), text=words, value=value, source="test", score=1.0)


def _evidence(field: str, words: str) -> Evidence:
    start = OF.text.index(words)
    return Evidence(field=field, index=0, start=start, end=start + len(words), text=words, source="test", score=1.0)


EVENT = replace(
    event(OF, "extorsion", "piden", place=place("150110"), gangs=(Gang(name="Los Pulpos", id="pulpos"),), money=(soles(5000),), date=DateSpan(start=date(2025, 3, 4), end=date(2025, 3, 4))),
    evidence=(
        _evidence("trigger", "piden"),
        _evidence("place", "Comas"),
        _evidence("gangs", "Los Pulpos"),
        _evidence("money", "S/ 5000"),
        _evidence("date", "el martes"),
    ),
)  # fmt: skip
DOCUMENT = document(
    OF,
    events=(EVENT,),
    mentions=(
        _mention(Label.PLACE, place("150110"), "Comas"),
        _mention(Label.PLACE, place("1301", PlaceRole.CONTEXT), "Trujillo"),
    ),
)
RECORD = EventRecord(event=EVENT, article=DOCUMENT.ref)
CLAIM = ClaimRecord(claim=claim(OF, "más de 500", subject="extorsion", scope="15"), article=DOCUMENT.ref)


def _told(kind: Kind, record: Any, **asked: Any) -> list[tuple[str, str]]:
    facts = make(Query(kind=kind, **asked), default_names()).marks.facts
    found = told(kind, to_dict(record), facts)
    for one in found if kind is not Kind.CLAIMS else ():
        assert OF.text[one.start : one.end] == one.text
    return [(one.field, one.text) for one in found]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"places": ("Lima",)}, [("place", "Comas")]),
        ({"near": "Comas"}, [("place", "Comas")]),
        ({"places": ("La Libertad",)}, []),
        ({"gangs": ("Los Pulpos",), "min_amount": 1000.0}, [("gangs", "Los Pulpos"), ("money", "S/ 5000")]),
        ({"min_amount": 6000.0}, []),
        ({"crimes": ("extortion",)}, [("trigger", "piden")]),
        ({"text": "gang:Pulpos -place:Comas"}, [("gangs", "Los Pulpos")]),
        ({"text": "Comas"}, []),
        ({"text": "gang:Pul* -amount:*"}, [("gangs", "Los Pulpos")]),
        ({"text": "amount:* gang:Injer*"}, [("money", "S/ 5000")]),
        ({"text": "date:2025-03"}, [("date", "el martes")]),
        ({"since": date(2025, 3, 4)}, [("date", "el martes")]),
        ({"since": date(2025, 3, 1), "until": date(2025, 3, 3)}, []),
        ({"text": "amount:>US$1000 date:2025"}, [("money", "S/ 5000"), ("date", "el martes")]),
    ],
)
def test_events_and_incidents(asked: dict[str, Any], words: list[tuple[str, str]]) -> None:
    assert _told(Kind.EVENTS, RECORD, **asked) == words
    assert _told(Kind.INCIDENTS, incident((RECORD,)), **asked) == words


def test_articles_tell_by_mentions_that_have_a_part_and_by_their_events() -> None:
    assert _told(Kind.ARTICLES, DOCUMENT, places=("Comas",), crimes=("extorsion",)) == [
        ("place", "Comas"),
        ("trigger", "piden"),
    ]
    assert _told(Kind.ARTICLES, DOCUMENT, places=("Trujillo",)) == []
    assert _told(Kind.ARTICLES, DOCUMENT, text="date:2025") == []  # that is when it was published


def test_claims() -> None:
    assert _told(Kind.CLAIMS, CLAIM, places=("Lima",)) == [("text", "más de 500")]
    assert _told(Kind.CLAIMS, CLAIM, crimes=("robo",)) == []
