"""The JSON Schemas of the exported records, in ``pipeline/schemas/``.

``python -m pipeline.export.schemas`` writes them anew after a change of a record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.export.records import EXPORTED
from pipeline.records import json_schema

SCHEMAS = Path(__file__).parents[1] / "schemas"


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and JSON Schema of each exported record."""
    for name, kind in EXPORTED.items():
        yield f"{name}.schema.json", {"$schema": "https://json-schema.org/draft/2020-12/schema"} | json_schema(kind)


def write_schemas(folder: Path = SCHEMAS) -> None:
    """Write the JSON Schemas to the folder that ships."""
    folder.mkdir(exist_ok=True)
    for name, schema in schemas():
        (folder / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
