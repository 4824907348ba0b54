"""The shipped templates hold the fields of the entries, and nothing else."""

from __future__ import annotations

import hashlib
import json
import types
import typing
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.index import Kind, templates
from pipeline.index.entries import ENTRIES
from pipeline.index.query import FACETS
from pipeline.index.tantivy_store import _schema

FILES = (*templates.COMPONENTS, *Kind)
HELD_AS = {
    "keyword": (str,),
    "text": (str,),
    "date": (int,),
    "long": (int,),
    "integer": (int,),
    "double": (float,),
    "boolean": (bool,),
    "geo_point": (tuple,),
    "object": (bytes,),
}
DIGESTS = {2: "014dc663c5d1572109735ecb001c882bbe9f6dc7ffbb07fb27dee9a92ce934a5"}
"""Version of the templates -> SHA-256 of them. A change of what they hold, or of the order of fields, needs a new version:
the indexes that are there were made from the old one."""


def _held(annotation: Any) -> type:
    """What a field holds, many or one, perhaps nothing: ``tuple[str, ...] | None`` -> ``str``."""
    if isinstance(annotation, types.UnionType):
        (annotation,) = [part for part in typing.get_args(annotation) if part is not types.NoneType]
    if typing.get_origin(annotation) is tuple and typing.get_args(annotation)[-1] is Ellipsis:
        annotation = typing.get_args(annotation)[0]
    held: type = typing.get_origin(annotation) or annotation
    return held


@pytest.mark.parametrize("kind", list(Kind))
def test_fields_of_entries_and_templates_are_the_same(kind: Kind) -> None:
    mapped = {spec.name: spec.type for spec in templates.fields(kind)}
    hints = typing.get_type_hints(ENTRIES[kind])
    held = {field.name: _held(hints[field.name]) for field in fields(ENTRIES[kind])}
    assert mapped.keys() == held.keys()
    assert {name: held[name] for name in held if held[name] not in HELD_AS[mapped[name]]} == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_no_field_is_mapped_twice(kind: Kind) -> None:
    names = [spec.name for spec in templates.fields(kind)]
    assert len(names) == len(set(names))


def test_every_facet_is_a_mapped_keyword_or_counts_days() -> None:
    mapped = {spec.name: spec for kind in Kind for spec in templates.fields(kind)}
    assert {mapped[field].type for name, field in FACETS.items() if name not in {"day", "week"}} == {"keyword"}
    assert {mapped[FACETS[name]].type for name in ("day", "week")} == {"date"}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part)


def test_mappings_are_strict() -> None:
    assert templates.read("common")["template"]["mappings"]["dynamic"] == "strict"
    assert [
        part for name in FILES for part in _objects(templates.read(name)) if part.get("dynamic", "strict") != "strict"
    ] == []


def test_versions_agree_and_change_with_the_content() -> None:
    assert {templates.read(name)["_meta"]["version"] for name in FILES} == {templates.version()}
    assert templates.read("common")["template"]["mappings"]["_meta"]["version"] == templates.version()
    held = [{**templates.read(name), "_meta": None} for name in FILES]
    digest = hashlib.sha256(json.dumps(held).encode()).hexdigest()
    assert DIGESTS.get(templates.version()) == digest, "raise the version in all templates, and enter it here"


@pytest.mark.parametrize("kind", list(Kind))
def test_the_embedded_index_has_every_indexed_field(kind: Kind) -> None:
    assert _schema(kind) is not None
    assert {spec.name for spec in templates.fields(kind) if not spec.indexed} == {"url", "record"}


def test_another_prefix() -> None:
    body = templates.index_template(Kind.EVENTS, "mine")
    assert body["index_patterns"] == ["mine-events-v*"]
    assert body["composed_of"] == [f"mine-{name}" for name in ("analysis", "common", "place", "actors", "money")]


def test_every_component_is_part_of_every_index() -> None:
    assert {tuple(templates.read(kind)["composed_of"]) for kind in Kind} == {
        tuple(f"vigia-{name}" for name in templates.COMPONENTS)
    }


@pytest.mark.elasticsearch
@pytest.mark.parametrize("kind", list(Kind))
def test_elasticsearch_takes_them_as_they_ship(elasticsearch_url: str, kind: Kind) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        for name in templates.COMPONENTS:
            client.cluster.put_component_template(name=f"shipped-{name}", template=templates.read(name)["template"])
        body = templates.index_template(kind, "shipped")
        client.indices.put_index_template(name=f"shipped-{kind}", **{k: v for k, v in body.items() if k != "_meta"})
        made = client.indices.simulate_index_template(name=f"shipped-{kind}-v2")["template"]
        client.indices.delete_index_template(name=f"shipped-{kind}")
    assert made["mappings"]["dynamic"] == "strict"
    assert made["mappings"]["properties"].keys() == {spec.name for spec in templates.fields(kind)}
