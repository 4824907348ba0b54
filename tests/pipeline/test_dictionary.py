"""The data dictionary and the schemas are in step with the records."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from pipeline.alerts.records import Alert
from pipeline.export.columns import COLUMNS
from pipeline.export.dictionary import FILE, Undocumented, dictionary, entries, type_text
from pipeline.export.records import EXPORTED
from pipeline.export.schemas import SCHEMAS
from pipeline.records import to_dict
from tests.pipeline.alerts.test_files import alert

TEXT = FILE.read_text(encoding="utf-8")


@dataclass
class Bare:
    """A record of which one field says nothing."""

    told: str
    """Something."""
    untold: int


def test_the_dictionary_that_ships_is_that_of_the_code() -> None:
    assert dictionary() == TEXT, "run: python -m pipeline.export.dictionary"


def test_every_field_and_column_is_in_it() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", TEXT, flags=re.MULTILINE))
    named = {field.name for kind in (*EXPORTED.values(), Alert) for field in fields(kind)}
    assert named | {column.name for columns in COLUMNS.values() for column in columns} <= rows


def test_every_link_leads_somewhere() -> None:
    anchors = {heading.lower() for heading in re.findall(r"^### (\w+)$", TEXT, flags=re.MULTILINE)}
    anchors |= set(re.findall(r'<a id="(\w+)">', TEXT))
    assert set(re.findall(r"\(#(\w+)\)", TEXT)) <= anchors


def test_a_field_without_meaning_is_refused() -> None:
    with pytest.raises(Undocumented, match=r"Bare\.untold has no docstring beneath it"):
        list(entries(Bare))


def test_types_for_readers() -> None:
    assert [type_text(hint) for hint in (tuple[str, ...], date | None, bool, tuple[Alert, ...])] == [
        "list of text",
        "day or null",
        "true or false",
        "list of [Alert](#alert)",
    ]


def test_an_alert_is_as_its_schema_says() -> None:
    schema = json.loads((SCHEMAS / "alert.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(to_dict(alert()))) == []
    assert list(Draft202012Validator(schema).iter_errors(to_dict(alert()) | {"more": 1})) != []
    assert schema["properties"]["spans"]["description"] == "The words that it was found by."
