"""Exports as Apache Parquet, by pyarrow, which is installed apart: ``pip install 'vigia[parquet]'``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import IO, Any, Final

from pipeline.export.columns import COLUMNS, ColumnType
from pipeline.export.records import Exported, schema_of
from pipeline.export.tables import flat

ROWS_AT_ONCE: Final = 10_000
"""Rows of a row group: what is held in memory."""


class ParquetMissing(RuntimeError):
    """pyarrow is not installed; the message says how to get it."""


def write(records: Iterable[Exported], out: IO[bytes], kind: type[Any]) -> int:
    """Write records of a type; how many there were.

    Raises:
        ParquetMissing: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet as pq
    except ModuleNotFoundError as error:
        raise ParquetMissing("Parquet needs pyarrow: pip install 'vigia[parquet]'") from error
    schema = _schema(pa, kind)
    rest, count = iter(records), 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while rows := [flat(record) for record in islice(rest, ROWS_AT_ONCE)]:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _schema(pa: Any, kind: type[Any]) -> Any:
    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.TEXTS: pa.list_(pa.string()),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.NUMBER: pa.float64(),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.DAY: pa.date32(),
        ColumnType.MOMENT: pa.timestamp("us", tz="UTC"),
    }
    fields = [
        pa.field(column.name, types[column.type], metadata={"meaning": column.meaning}) for column in COLUMNS[kind]
    ]
    return pa.schema(fields, metadata={"vigia.schema": schema_of(kind)})
