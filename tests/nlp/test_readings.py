"""Annotated articles as the assembler gets them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from nlp.types import DatePrecision, DateSpan, Gang, Label, Money, MoneyRole, Place, PlaceRole
from training.readings import readings

ARTICLE = {
    "id": "t-1",
    "outlet": "rpp",
    "published_at": "2025-11-20T10:00:00-05:00",
    "title": "Exigen cupo en Comas",
    "body": "Los Zorros piden S/ 500 en Comas desde octubre.",
    "relevant": True,
    "kind": "incident",
    "mentions": [
        {"label": "PLACE", "text": "Comas", "nth": 2, "ubigeo": "150110", "role": "incident"},
        {"label": "GANG", "text": "Los Zorros", "nth": 1, "gang": "Los Zorros"},
        {"label": "DATE", "text": "octubre", "nth": 1, "value": "2025-10"},
        {
            "label": "MONEY",
            "text": "S/ 500",
            "nth": 1,
            "min": 500,
            "max": 500,
            "currency": "PEN",
            "period": None,
            "role": "demanded",
        },
    ],
    "events": [],
}


def test_annotated_mentions_stand_in_for_those_read(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(json.dumps(ARTICLE) + "\n\n", encoding="utf-8")
    (read,) = readings([file])
    given = [mention for mention in read.as_annotated().mentions if mention.label is not Label.CRIME]
    october = DateSpan(start=date(2025, 10, 1), end=date(2025, 10, 31), precision=DatePrecision.MONTH)
    assert [(mention.text, mention.value) for mention in given if mention.label is not Label.PERSON] == [
        ("Los Zorros", Gang(name="Los Zorros")),
        ("S/ 500", Money(min=500, max=500, currency="PEN", role=MoneyRole.DEMANDED)),
        ("Comas", Place(name="Comas", ubigeo="150110", role=PlaceRole.INCIDENT)),
        ("octubre", october),
    ]
    assert all(read.text[mention.start : mention.end] == mention.text for mention in given)
