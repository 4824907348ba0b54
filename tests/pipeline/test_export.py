from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pyarrow import parquet as pq

from nlp.gazetteer import gazetteer
from nlp.types import Place
from pipeline.export import FORMATS, Disclosure, exported, parquet
from pipeline.export.columns import COLUMNS, ColumnType
from pipeline.export.records import Exported, ExportedArticle, ExportedClaim, ExportedEvent, ExportedIncident
from pipeline.export.schemas import SCHEMAS, schemas
from pipeline.export.tables import flat
from pipeline.records import Attested, to_dict
from tests.pipeline.export_records import EVENT_RECORD, PRIVATE, RECORDS, STREET

COVERED = Disclosure()
EVERYTHING = Disclosure(private=True, full_text=True)


KINDS = {"event": ExportedEvent, "claim": ExportedClaim, "article": ExportedArticle, "incident": ExportedIncident}


def put_out(kind: str, format_: str, records: list[Any]) -> bytes:
    """What a format writes of records, which must be that many."""
    way = FORMATS[format_]
    out: Any = io.BytesIO() if way.binary else io.StringIO(newline="")
    assert way.write(iter(records), out, KINDS[kind]) == len(records)
    content: Any = out.getvalue()
    return content if way.binary else content.encode()


def written(kind: str, format_: str, disclosure: Disclosure = COVERED, copies: int = 1) -> str:
    shown = put_out(kind, format_, [exported(RECORDS[kind], gazetteer(), disclosure) for _ in range(copies)])
    if FORMATS[format_].binary:
        return str(pq.read_table(io.BytesIO(shown)).to_pylist())
    return shown.decode()


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


def titled(title: str) -> Any:
    record = replace(EVENT_RECORD, article=replace(EVENT_RECORD.article, title=title))
    return exported(record, gazetteer(), EVERYTHING)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=x", " =x", "＝1", "\ufeff=1", "\u200b＠x"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    text = put_out("event", "csv", [titled(cell)]).decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["title"].startswith("'")
    assert row["title"].replace("'", "") == cell


@given(
    st.text(
        alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(";,\t\r\n\"'=+-@＝＠\ufeff\u200e ")),
        max_size=30,
    )
)
@example(";\t")
@example("; \t=1")
@example("\t\r")
@example("\r\t")
@example(';"=')
@example(" \t")
def test_no_cell_is_a_formula_whatever_is_taken_for_the_separator(title: str) -> None:
    text = put_out("event", "csv", [titled(title)]).decode()
    for separator in ",;\t":
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        cells = [cell for row in rows[1:] for cell in row]
        assert [cell for cell in cells if cell.lstrip(" \ufeff\u200e")[:1] in {*"=+@＝＠\t\r"}] == []
        assert [cell for cell in cells if cell[:1] == "-" and not re.match(r"-\d+\.\d+", cell)] == []  # degrees


@pytest.mark.parametrize(
    ("amount", "told"), [(5000.0, "5000"), (1234567.5, "1234567.5"), (999999.5, "999999.5"), (0.25, "0.25")]
)
def test_sums_are_written_whole(amount: float, told: str) -> None:
    money = replace(EVENT_RECORD.event.money[0], min=amount, max=amount, min_pen=amount, max_pen=2 * amount)
    record = replace(EVENT_RECORD, event=replace(EVENT_RECORD.event, money=(money,)))
    row = flat(exported(record, gazetteer()))
    assert (row["money"], row["amount_min_pen"], row["amount_max_pen"]) == (
        (f"{told} PEN/week demanded",), amount, 2 * amount,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "told"), [(5000.0, 10000.0, "5000..10000"), (None, 5000.0, "..5000"), (5000.0, None, "5000..")]
)
def test_bounds_of_sums_are_written_as_searches_have_them(low: float | None, high: float | None, told: str) -> None:
    """An upper bound alone was written like a debt: -5000."""
    money = replace(EVENT_RECORD.event.money[0], min=low, max=high)
    record = replace(EVENT_RECORD, event=replace(EVENT_RECORD.event, money=(money,)))
    assert flat(exported(record, gazetteer()))["money"] == (f"{told} PEN/week demanded",)


@pytest.mark.parametrize("kind", RECORDS)
def test_every_row_has_the_columns_that_are_documented(kind: str) -> None:
    row = flat(exported(RECORDS[kind], gazetteer(), EVERYTHING))
    columns = COLUMNS[KINDS[kind]]
    assert list(row) == [column.name for column in columns]
    types = {
        ColumnType.TEXT: str, ColumnType.TEXTS: tuple, ColumnType.INTEGER: int, ColumnType.NUMBER: (int, float),
        ColumnType.BOOLEAN: bool, ColumnType.DAY: date, ColumnType.MOMENT: datetime,
    }  # fmt: skip
    wrong = [c.name for c in columns if row[c.name] is not None and not isinstance(row[c.name], types[c.type])]
    assert wrong == []
    assert row["schema"] == f"vigia.{kind}/1.0"


@pytest.mark.parametrize("kind", RECORDS)
def test_parquet_holds_the_rows(kind: str) -> None:
    record = exported(RECORDS[kind], gazetteer())
    table = pq.read_table(io.BytesIO(put_out(kind, "parquet", [record] * 3)))
    expected = {name: list(value) if isinstance(value, tuple) else value for name, value in flat(record).items()}
    assert table.to_pylist() == [expected] * 3
    assert table.schema.metadata[b"vigia.schema"].decode() == f"vigia.{kind}/1.0"
    assert [field.metadata[b"meaning"].decode() for field in table.schema] == [
        column.meaning for column in COLUMNS[KINDS[kind]]
    ]


def test_parquet_is_written_a_row_group_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 4)
    taken: list[int] = []

    class Out(io.BytesIO):
        def write(self, content: Any) -> int:
            taken.append(source.taken)
            return super().write(content)

    class Source:
        taken = 0

        def __iter__(self) -> Any:
            for self.taken in range(1, 11):
                yield exported(EVENT_RECORD, gazetteer())

    source, out = Source(), Out()
    assert FORMATS["parquet"].write(source, out, ExportedEvent) == 10
    assert {4, 8, 10} <= set(taken)
    assert pq.ParquetFile(out).num_row_groups == 3


def test_geojson_has_points_and_null_geometries() -> None:
    nowhere = replace(EVENT_RECORD, event=replace(EVENT_RECORD.event, place=None))
    shown = [exported(EVENT_RECORD, gazetteer()), exported(nowhere, gazetteer())]
    collection = json.loads(put_out("event", "geojson", shown))
    comas = gazetteer().site("150110")
    assert [feature["geometry"] for feature in collection["features"]] == [
        {"type": "Point", "coordinates": [comas.lon, comas.lat]},
        None,
    ]


def test_an_incident_lies_where_most_say_and_its_columns_say_so_too() -> None:
    incident = exported(RECORDS["incident"], gazetteer())
    assert isinstance(incident, ExportedIncident)
    huaraz = gazetteer().site("020101")
    best = Place(name="Huaraz", ubigeo="020101", lat=huaraz.lat, lon=huaraz.lon)
    told = replace(incident, places=(Attested(value=best, events=("a", "b")), *incident.places))
    (feature,) = json.loads(put_out("incident", "geojson", [told]))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [huaraz.lon, huaraz.lat]}
    names = ("place", "ubigeo", "lon", "lat")
    assert [feature["properties"][name] for name in names] == ["Huaraz", "020101", huaraz.lon, huaraz.lat]


@pytest.mark.parametrize("kind", RECORDS)
def test_geojson_is_as_the_standard_has_it(kind: str) -> None:
    """RFC 7946: longitude first and within bounds, an id of its own for each feature, nothing but JSON's numbers."""
    text = written(kind, "geojson", copies=2)
    collection = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no number of JSON"))
    assert set(collection) == {"type", "features"}
    for feature in collection["features"]:
        assert (set(feature), feature["type"]) == ({"type", "id", "geometry", "properties"}, "Feature")
        if (geometry := feature["geometry"]) is not None:
            longitude, latitude = geometry["coordinates"]
            assert -82 < longitude < -68  # Peru
            assert -19 < latitude < 0


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_export_is_well_formed(format_: str, kind: str) -> None:
    content, names = put_out(kind, format_, []), [column.name for column in COLUMNS[KINDS[kind]]]
    match format_:
        case "jsonl":
            assert content == b""
        case "json":
            assert json.loads(content) == []
        case "csv":
            assert content.decode() == ",".join(names) + "\r\n"
        case "geojson":
            assert json.loads(content) == {"type": "FeatureCollection", "features": []}
        case _:
            assert pq.read_table(io.BytesIO(content)).column_names == names


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

    FORMATS["jsonl"].write(source(), Out(), ExportedEvent)
    assert seen == [1, 2, 3]


def test_exports_name_their_schema() -> None:
    names = [to_dict(exported(record, gazetteer()))["schema"] for record in RECORDS.values()]
    assert names == ["vigia.event/1.0", "vigia.claim/1.0", "vigia.article/1.0", "vigia.incident/1.0"]


def test_every_kind_has_an_exported_form() -> None:
    kinds: set[type[Exported]] = {type(exported(record, gazetteer())) for record in RECORDS.values()}
    assert len(kinds) == 4
