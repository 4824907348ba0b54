"""The index templates as they ship in ``index_templates/``: the one description of fields, for both backends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.index.base import IndexUnavailable, Kind

SHIPPED_PREFIX = "vigia"
COMPONENTS = ("analysis", "common", "place", "actors", "money")
"""Component templates, in the order in which an index template is composed of them."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One mapped field."""

    name: str
    type: str
    """Elasticsearch's name of the type: ``keyword``, ``text``, ``date``, ``long``, ``integer``, ``double``, ``boolean``, …"""
    indexed: bool
    exact: bool
    """Whether it has the subfield ``exact``, with words as written."""


@cache
def folder() -> Path:
    """The folder ``index_templates``.

    It holds data only and is no regular package, which is why it is looked for by hand: ``importlib.resources`` of
    Python 3.11 fails on such a folder in an editable installation.

    Raises:
        IndexUnavailable: the installation is incomplete.
    """
    spec = find_spec("index_templates")
    places = [] if spec is None else list(spec.submodule_search_locations or [])
    for place in map(Path, places):
        if place.is_dir():
            return place
    raise IndexUnavailable("the folder index_templates is missing: the installation is incomplete, reinstall vigia")


def read(name: str) -> dict[str, Any]:
    """The template ``index_templates/<name>.json``."""
    template: dict[str, Any] = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
    return template


def read_lines(name: str) -> list[str]:
    """The lines of a table or list in ``index_templates/``."""
    return (folder() / name).read_text(encoding="utf-8").splitlines()


@cache
def version() -> int:
    """Version of the templates, equal in all of them (a test sees to it)."""
    number: int = read("common")["_meta"]["version"]
    return number


@cache
def fields(kind: Kind) -> tuple[FieldSpec, ...]:
    """The mapped fields of a kind of entry."""
    parts = [read(name)["template"]["mappings"]["properties"] for name in (*COMPONENTS, kind)]
    return tuple(_spec(name, mapping) for properties in parts for name, mapping in properties.items())


def _spec(name: str, mapping: dict[str, Any]) -> FieldSpec:
    indexed = mapping.get("index", True) and mapping.get("enabled", True)
    return FieldSpec(name=name, type=mapping["type"], indexed=indexed, exact="exact" in mapping.get("fields", {}))


def component(name: str) -> dict[str, Any]:
    """The body of a component template."""
    return read(name)


def index_template(kind: Kind, prefix: str) -> dict[str, Any]:
    """The body of an index template, for indexes whose names begin with another prefix than the shipped one."""
    body = read(kind)
    body["index_patterns"] = [_renamed(pattern, prefix) for pattern in body["index_patterns"]]
    body["composed_of"] = [_renamed(part, prefix) for part in body["composed_of"]]
    return body


def _renamed(name: str, prefix: str) -> str:
    return prefix + name.removeprefix(SHIPPED_PREFIX)
