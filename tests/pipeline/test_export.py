from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from nlp.gazetteer import gazetteer
from pipeline.export import FORMATS, Disclosure, exported
from pipeline.export.records import Exported, ExportedEvent
from pipeline.export.schemas import SCHEMAS, schemas
from pipeline.records import to_dict
from tests.pipeline.export_records import EVENT_RECORD, PRIVATE, RECORDS, STREET

COVERED = Disclosure()
EVERYTHING = Disclosure(private=True, full_text=True)


def written(kind: str, format_: str, disclosure: Disclosure = COVERED, copies: int = 1) -> str:
    out = io.StringIO(newline="")
    count = FORMATS[format_]((exported(RECORDS[kind], gazetteer(), disclosure) for _ in range(copies)), out)
    assert count == copies
    return out.getvalue()


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("disclosure", [Disclosure(), Disclosure(full_text=True)], ids=["plain", "full text"])
def test_nothing_private_leaves_in_any_kind_or_format(kind: str, format_: str, disclosure: Disclosure) -> None:
    text = written(kind, format_, disclosure)
    assert [private for private in PRIVATE if private in text] == []


@pytest.mark.parametrize("kind", RECORDS)
def test_private_things_are_there_when_asked_for(kind: str) -> None:
    assert "Ana Prueba" in written(kind, "jsonl", EVERYTHING)


def test_the_body_is_there_only_when_asked_for() -> None:
    assert json.loads(written("article", "jsonl"))["body"] is None
    assert json.loads(written("article", "jsonl", Disclosure(full_text=True)))["body"].startswith("Los Halcones de")


@pytest.mark.parametrize("disclosure", [Disclosure(), EVERYTHING], ids=["covered", "disclosed"])
@pytest.mark.parametrize("kind", RECORDS)
def test_every_export_validates_against_the_schema_that_ships(kind: str, disclosure: Disclosure) -> None:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    record = json.loads(written(kind, "jsonl", disclosure))
    assert list(Draft202012Validator(schema).iter_errors(record)) == []
    broken = record | {"unknown": 1}
    assert list(Draft202012Validator(schema).iter_errors(broken)) != []


def test_the_schemas_that_ship_are_those_of_the_records() -> None:
    shipped = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    assert shipped == dict(schemas()), "run: python -m pipeline.export.schemas"


def test_an_exact_address_becomes_its_district() -> None:
    event = exported(EVENT_RECORD, gazetteer())
    assert isinstance(event, ExportedEvent)
    comas = gazetteer().site("150110")
    assert event.event.place == replace(STREET, name="Comas", lat=comas.lat, lon=comas.lon, precision=comas.precision)


def test_offsets_stay_when_their_text_is_covered() -> None:
    event = exported(EVENT_RECORD, gazetteer())
    assert isinstance(event, ExportedEvent)
    rows = [(row.field, row.start, row.end) for row in event.event.evidence]
    assert rows == [(row.field, row.start, row.end) for row in EVENT_RECORD.event.evidence]


def test_jsonl_and_json_hold_the_same_records() -> None:
    lines = [json.loads(line) for line in written("event", "jsonl", copies=3).splitlines()]
    assert lines == json.loads(written("event", "json", copies=3))
    assert len(lines) == 3


def test_csv_is_one_flat_row_an_event() -> None:
    (row,) = csv.DictReader(io.StringIO(written("event", "csv"), newline=""))
    assert row["money"] == "5000 PEN/week demanded"
    assert (row["crime_type"], row["date_start"], row["ubigeo"], row["arrested"], row["dead"]) == (
        "extorsion",
        "2025-10-14",
        "150110",
        "1",
        "",
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    out = io.StringIO(newline="")
    record = replace(EVENT_RECORD, article=replace(EVENT_RECORD.article, title=cell))
    FORMATS["csv"]([exported(record, gazetteer(), EVERYTHING)], out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert row["title"] == f"'{cell}"


def test_geojson_has_points_and_null_geometries() -> None:
    nowhere = replace(EVENT_RECORD, event=replace(EVENT_RECORD.event, place=None))
    out = io.StringIO()
    FORMATS["geojson"]([exported(EVENT_RECORD, gazetteer()), exported(nowhere, gazetteer())], out)
    collection = json.loads(out.getvalue())
    comas = gazetteer().site("150110")
    assert [feature["geometry"] for feature in collection["features"]] == [
        {"type": "Point", "coordinates": [comas.lon, comas.lat]},
        None,
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_export_is_well_formed(format_: str) -> None:
    out = io.StringIO()
    assert FORMATS[format_]([], out) == 0
    if format_ in {"json", "geojson"}:
        json.loads(out.getvalue())


def test_records_come_and_go_one_by_one() -> None:
    taken: list[int] = []
    seen: list[int] = []

    class Out(io.StringIO):
        def write(self, text: str) -> int:
            seen.append(len(taken))
            return super().write(text)

    def source() -> Any:
        for number in range(3):
            taken.append(number)
            yield exported(EVENT_RECORD, gazetteer())

    FORMATS["jsonl"](source(), Out())
    assert seen == [1, 2, 3]


def test_exports_name_their_schema() -> None:
    names = [to_dict(exported(record, gazetteer()))["schema"] for record in RECORDS.values()]
    assert names == ["vigia.event/1.0", "vigia.claim/1.0", "vigia.article/1.0", "vigia.incident/1.0"]


def test_every_kind_has_an_exported_form() -> None:
    kinds: set[type[Exported]] = {type(exported(record, gazetteer())) for record in RECORDS.values()}
    assert len(kinds) == 4
