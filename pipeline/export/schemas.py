"""The JSON Schemas of the exported records, in ``pipeline/schemas/``.

``python -m pipeline.export.schemas`` writes them anew after a change of a record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from pipeline.alerts.records import Alert
from pipeline.export.dictionary import entries, meaning_of, parts_of
from pipeline.export.records import EXPORTED
from pipeline.records import json_schema

SCHEMAS = Path(__file__).parents[1] / "schemas"


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and JSON Schema of each record that is handed out."""
    for name, kind in {**EXPORTED, "alert": Alert}.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | json_schema(kind)
        for part in parts_of([kind]):
            _describe(schema if part is kind else schema["$defs"][part.__name__], part)
        yield f"{name}.schema.json", schema


def _describe(schema: dict[str, Any], kind: type[Any]) -> None:
    """Say what a record and its fields mean, as the data dictionary does."""
    schema["description"] = meaning_of(kind)
    if is_dataclass(kind):
        for entry in entries(kind):
            schema["properties"][entry.name]["description"] = entry.meaning


def write_schemas(folder: Path = SCHEMAS) -> None:
    """Write the JSON Schemas to the folder that ships."""
    folder.mkdir(exist_ok=True)
    for name, schema in schemas():
        (folder / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
