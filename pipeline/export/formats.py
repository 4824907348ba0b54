"""The formats that exported records are written in. Each writer streams: what it holds does not grow with what it writes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from pipeline.export.columns import COLUMNS
from pipeline.export.records import Exported
from pipeline.export.tables import flat, place_of
from pipeline.records import encode

BOM: Final = "\ufeff"
"""Tells Excel that a CSV file is UTF-8."""
_UNSEEN: Final = r"[\s\0\u200b-\u200f\u2028-\u202e\u2060\ufeff]*"
"""Characters that a spreadsheet may pass over before a formula: white space, marks of direction and byte order."""
_BEGINS: Final = re.compile(rf"{_UNSEEN}[=+\-@＝＋－＠\t\r\n]")
_INSIDE: Final = _UNSEEN.replace("]*", '"]*')
"""The same within a cell, where quotation marks close and open what is read as one."""
_BLANK_CELL: Final = re.compile(rf"[;\t](?={_INSIDE}[\r\n])|[;\r\n](?={_INSIDE}\t)")
"""What may be taken for the end of a cell, with another behind it that begins with a tab or a line break."""
_WITHIN: Final = re.compile(rf"([\t\r\n;])(?={_INSIDE}[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write records of one kind to a file."""

    write: Callable[[Iterable[Exported], IO[Any], type[Any]], int]
    """Gets the records, the file and their type, which is known even when there is none; returns how many it wrote."""
    binary: bool = False
    """Whether it writes bytes."""


def write_jsonl(records: Iterable[Exported], out: IO[str], _kind: type[Any]) -> int:
    """JSON Lines: one record a line."""
    count = 0
    for record in records:
        out.write(encode(record).decode() + "\n")
        count += 1
    return count


def write_json(records: Iterable[Exported], out: IO[str], _kind: type[Any]) -> int:
    """One JSON array, written as it comes."""
    count = 0
    out.write("[")
    for record in records:
        out.write(("," if count else "") + "\n" + encode(record).decode())
        count += 1
    out.write("\n]\n")
    return count


def write_csv(records: Iterable[Exported], out: IO[str], kind: type[Any]) -> int:
    """One flat row a record, after a row of names. No cell can be taken for a formula."""
    writer = csv.DictWriter(out, [column.name for column in COLUMNS[kind]], lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for record in records:
        writer.writerow({name: harmless(cell) for name, cell in _plain(flat(record)).items()})
        count += 1
    return count


def write_geojson(records: Iterable[Exported], out: IO[str], _kind: type[Any]) -> int:
    """A FeatureCollection; what has no coordinates has a null geometry, as RFC 7946 has it."""
    count = 0
    out.write('{"type": "FeatureCollection", "features": [')
    for record in records:
        out.write(("," if count else "") + "\n" + json.dumps(_feature(record), ensure_ascii=False))
        count += 1
    out.write("\n]}\n")
    return count


def write_parquet(records: Iterable[Exported], out: IO[bytes], kind: type[Any]) -> int:
    """An Apache Parquet file, a row group at a time.

    Raises:
        ParquetMissing: pyarrow is not installed.
    """
    from pipeline.export.parquet import write

    return write(records, out, kind)


FORMATS: Final[dict[str, Format]] = {
    "jsonl": Format(write_jsonl),
    "json": Format(write_json),
    "csv": Format(write_csv),
    "geojson": Format(write_geojson),
    "parquet": Format(write_parquet, binary=True),
}


def _feature(record: Exported) -> dict[str, Any]:
    place, properties = place_of(record), _plain(flat(record))
    located = place is not None and place.lat is not None and place.lon is not None
    geometry = {"type": "Point", "coordinates": [place.lon, place.lat]} if place and located else None
    return {"type": "Feature", "id": properties["id"], "geometry": geometry, "properties": properties}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row with texts for times, and one text for several."""
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, tuple):
        return "|".join(one.replace("|", "/") for one in value)
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date


def harmless(cell: Any) -> Any:
    """A spreadsheet runs a text that begins like a formula; an apostrophe makes it text (OWASP, CSV injection).

    One that takes ``;`` or a tab for the separator, as Excel does in many languages, begins cells within a text too.
    """
    if not isinstance(cell, str):
        return cell
    inner = _WITHIN.sub(r"\1'", _BLANK_CELL.sub(r"\g<0>'", cell))
    return f"'{inner}" if _BEGINS.match(cell) else inner
