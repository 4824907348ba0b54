"""docs/data-dictionary.md: every field of every exported record and every column of tables, out of the code that makes them.

``python -m pipeline.export.dictionary`` writes it anew.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import types
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pipeline.alerts.records import Alert
from pipeline.export.columns import COLUMNS
from pipeline.export.records import EXPORTED, schema_of

FILE: Final = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
_HEAD: Final = """# Data dictionary

What `vigia export` writes and alerts hold. Made of the code by `python -m pipeline.export.dictionary`; the same as JSON Schema is
in `pipeline/schemas/`.

Every record names its schema and version in `schema`, as `vigia.event/1.0`. Within a major version fields are added but none goes
or changes its meaning. Offsets count characters (Unicode code points) of the article's text: title, blank line, body. Times are
ISO 8601 in UTC, days are those of Lima. What victims could be known by is covered with `[…]`, see the README.
"""
_PLAIN: Final[dict[Any, str]] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    datetime: "time",
    date: "day",
}
_TABLES: Final = """## Tables

The columns of CSV (comma, UTF-8, `\\r\\n`; `--bom` for Excel) and Parquet, and the properties of GeoJSON. Any cell may be empty.
A text in CSV that a spreadsheet would run as a formula has an apostrophe before it.
"""


_SAID: Final = {"schema": "Name and version of this schema.", "kind": "Says what kind of value it is."}
"""Fields that mean the same everywhere."""


class Undocumented(LookupError):
    """A field or type that says nothing of its meaning."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a record, or a value of an enumeration."""

    name: str
    type: str
    meaning: str


def write_dictionary(file: Path = FILE) -> None:
    """Write the file that ships."""
    file.write_text(dictionary(), encoding="utf-8")


def dictionary() -> str:
    """The whole text.

    Raises:
        Undocumented: a field without meaning.
    """
    records = {**{f"{name.capitalize()}s": kind for name, kind in EXPORTED.items()}, "Alerts": Alert}
    parts = [_HEAD]
    shown: set[type[Any]] = set()
    for title, kind in records.items():
        heading = f'## {title}: `{schema_of(kind)}`\n\n<a id="{kind.__name__.lower()}"></a>'
        parts.append(f"{heading}\n\n{meaning_of(kind)}\n\n{_table(kind)}")
        shown.add(kind)
    parts.append("## Parts of records\n")
    parts += [_part(kind) for kind in parts_of(list(records.values())) if kind not in shown]
    parts.append(_TABLES)
    parts += [_columns(kind) for kind in COLUMNS]
    return "\n".join(parts)


def _part(kind: type[Any]) -> str:
    body = _values(kind) if issubclass(kind, StrEnum) else _table(kind)
    return f"### {kind.__name__}\n\n{meaning_of(kind)}\n\n{body}"


def _table(kind: type[Any]) -> str:
    rows = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in entries(kind)]
    return "\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def _columns(kind: type[Any]) -> str:
    rows = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in COLUMNS[kind]]
    head = f"### Columns of {schema_of(kind).partition('.')[2].partition('/')[0]}s\n"
    return "\n".join([head, "| column | type | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def _values(kind: type[StrEnum]) -> str:
    told = _attribute_texts(kind)
    lines = [f"- `{one.value}`" + (f": {told[one.name]}" if one.name in told else "") for one in kind]
    return "\n".join(lines) + "\n"


def entries(kind: type[Any]) -> Iterator[Entry]:
    """The fields of a record.

    Raises:
        Undocumented: one of them has no meaning.
    """
    hints, told = get_type_hints(kind, include_extras=True), _SAID | _attribute_texts(kind)
    for field in fields(kind):
        if field.name not in told:
            raise Undocumented(f"{kind.__module__}.{kind.__name__}.{field.name} has no docstring beneath it")
        yield Entry(field.name, type_text(hints[field.name]), told[field.name])


def parts_of(kinds: list[type[Any]]) -> Iterator[type[Any]]:
    """Records and enumerations within some records, each once, by name."""
    found: dict[str, type[Any]] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind.__name__ in found:
            continue
        found[kind.__name__] = kind
        if is_dataclass(kind):
            hints = get_type_hints(kind, include_extras=True)
            waiting += [named for hint in hints.values() for named in _named(hint)]
    yield from (found[name] for name in sorted(found))


def _named(hint: Any) -> Iterator[type[Any]]:
    if get_args(hint) and get_origin(hint) is not Literal:
        for argument in get_args(hint):
            yield from _named(argument)
    elif inspect.isclass(hint) and (is_dataclass(hint) or issubclass(hint, StrEnum)):
        yield hint


def type_text(hint: Any) -> str:
    """A type for readers: ``list of Money``, ``text or null``."""
    if get_origin(hint) is Annotated:
        return type_text(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        parts = [one for one in get_args(hint) if one is not types.NoneType]
        null = [] if len(parts) == len(get_args(hint)) else ["null"]
        return " or ".join([*map(type_text, parts), *null])
    if get_origin(hint) is tuple:
        return f"list of {type_text(get_args(hint)[0])}"
    if get_origin(hint) is Literal:
        return " or ".join(f"`{one}`" for one in get_args(hint))
    return _PLAIN.get(hint) or f"[{hint.__name__}](#{hint.__name__.lower()})"


def meaning_of(kind: type[Any]) -> str:
    """What a record or enumeration is.

    Raises:
        Undocumented: it does not say.
    """
    text = inspect.getdoc(kind)
    if not text:
        raise Undocumented(f"{kind.__module__}.{kind.__name__} has no docstring")
    return _prose(text)


def _attribute_texts(kind: type[Any]) -> dict[str, str]:
    """Field -> the docstring beneath it, which Python itself does not keep."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(node, ast.ClassDef)
    told: dict[str, str] = {}
    for before, after in zip(node.body, node.body[1:], strict=False):
        target = before.target if isinstance(before, ast.AnnAssign) else None
        if isinstance(before, ast.Assign):
            target = before.targets[0]  # type: ignore[assignment]
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if isinstance(target, ast.Name) and is_text:
            told[target.id] = _prose(inspect.cleandoc(str(after.value.value)))  # type: ignore[attr-defined]
    return told


def _prose(text: str) -> str:
    """A docstring as one line of Markdown."""
    return " ".join(text.replace("``", "`").split()).replace("|", "\\|").replace(":class:`", "`")


if __name__ == "__main__":
    write_dictionary(*map(Path, sys.argv[1:2]))
