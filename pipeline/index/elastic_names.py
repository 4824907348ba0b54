"""The indexes of one prefix on a server: ``<prefix>-<kind>-v<template version>`` behind the alias ``<prefix>-<kind>``.

Searches read the alias. Loads write to the index of this program's templates; when the alias is on another one, it is moved
once the load is complete, so that readers see the old content until the new is all there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from pipeline.index import templates
from pipeline.index.base import Kind, WrongVersion


@dataclass(frozen=True, slots=True)
class Layout:
    """Parts and copies of an index that is made."""

    shards: int = 1
    replicas: int | None = None
    """``None``: as the templates say, one as soon as there is a second node."""

    def settings(self) -> dict[str, Any]:
        """Settings of the index."""
        copies = {} if self.replicas is None else {"number_of_replicas": self.replicas, "auto_expand_replicas": False}
        return {"index": {"number_of_shards": self.shards, **copies}}


class Shelves:
    """Names of indexes, and the steps that make and switch them."""

    def __init__(self, client: Elasticsearch, prefix: str, layout: Layout) -> None:
        self._client, self.prefix, self._layout = client, prefix, layout
        self._write: dict[Kind, str] = {}
        self._checked: set[Kind] = set()

    def alias(self, kind: Kind) -> str:
        """What searches read."""
        return f"{self.prefix}-{kind}"

    def to_read(self, kind: Kind) -> str:
        """The alias, after a look at what stands behind it.

        Raises:
            WrongVersion: an index made from other templates than this program's.
        """
        if kind not in self._checked:
            behind = self._versions(kind)
            wrong = sorted({version for version in behind.values() if version != templates.version()}, key=str)
            if wrong:
                raise WrongVersion(
                    f"the index {self.alias(kind)} was made from version {wrong[0]} of the templates and this program "
                    f"has version {templates.version()}: run vigia index to load it anew"
                )
            if behind:
                self._checked.add(kind)
        return self.alias(kind)

    def to_write(self, kind: Kind) -> str:
        """The index of this program's templates, made if it is not there."""
        if kind not in self._write:
            if not self._write:
                self._put_templates()
            self._write[kind] = self._current(kind) or self._create(kind, self._plain_name(kind))
        return self._write[kind]

    def begin_anew(self) -> dict[Kind, str]:
        """New, empty indexes beside those that are read; they become the ones to write to. Gives those that were."""
        before = {kind: self.to_write(kind) for kind in Kind}
        stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        for kind in Kind:
            self._write[kind] = self._create(kind, f"{self._plain_name(kind)}-{stamp}")
        return before

    def give_up(self, before: dict[Kind, str]) -> None:
        """Undo :meth:`begin_anew`."""
        for kind, name in before.items():
            self._client.indices.delete(index=self._write[kind], ignore_unavailable=True)
            self._write[kind] = name

    def publish(self) -> None:
        """Move aliases to the indexes that were written, all at once, and remove those that they were on."""
        actions: list[dict[str, Any]] = []
        old: list[str] = []
        for kind, name in self._write.items():
            others = [index for index in self._versions(kind) if index != name]
            if others or not self._behind(kind):
                actions += [{"remove": {"index": index, "alias": self.alias(kind)}} for index in others]
                actions.append({"add": {"index": name, "alias": self.alias(kind), "is_write_index": True}})
                old += others
        if actions:
            self._client.indices.update_aliases(actions=actions)
        if old:
            self._client.indices.delete(index=",".join(old), ignore_unavailable=True)
        self._checked.clear()

    def target(self) -> str:
        """Names these very indexes: another value once one of them was removed or replaced."""
        return self._target_of([self.to_write(kind) for kind in Kind])

    def known_target(self) -> str:
        """The same, without making any; empty when one is not there."""
        found = [self._write.get(kind) or self._current(kind) for kind in Kind]
        return "" if None in found else self._target_of([name for name in found if name])

    def _target_of(self, indexes: list[str]) -> str:
        ids = [self._id_of(index) for index in indexes]
        return "elasticsearch:" + hashlib.sha256("".join(ids).encode()).hexdigest()[:32]

    def _id_of(self, index: str) -> str:
        answer = self._client.indices.get_settings(index=index, name="index.uuid", flat_settings=True)
        return str(next(iter(answer.values()))["settings"]["index.uuid"])

    def _plain_name(self, kind: Kind) -> str:
        return f"{self.prefix}-{kind}-v{templates.version()}"

    def _behind(self, kind: Kind) -> list[str]:
        try:
            return sorted(self._client.indices.get_alias(name=self.alias(kind)))
        except NotFoundError:
            return []

    def _versions(self, kind: Kind) -> dict[str, Any]:
        """Index behind the alias -> version of the templates that it was made from."""
        found = self._behind(kind)
        if not found:
            return {}
        mappings = self._client.indices.get_mapping(index=",".join(found))
        return {name: body["mappings"].get("_meta", {}).get("version") for name, body in mappings.items()}

    def _current(self, kind: Kind) -> str | None:
        fitting = [name for name, version in self._versions(kind).items() if version == templates.version()]
        if fitting:
            return fitting[0]
        plain = self._plain_name(kind)
        return plain if self._client.indices.exists(index=plain) else None

    def _create(self, kind: Kind, name: str) -> str:
        # The first index of all is read while it is loaded; any later one only when it is complete.
        first = not self._behind(kind) and name == self._plain_name(kind)
        aliases = {self.alias(kind): {"is_write_index": True}} if first else {}
        try:
            self._client.indices.create(
                index=name, aliases=aliases, settings=self._layout.settings(), wait_for_active_shards=1
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # another process was quicker
                raise
        return name

    def _put_templates(self) -> None:
        for name in templates.COMPONENTS:
            body = templates.component(name)
            self._client.cluster.put_component_template(
                name=f"{self.prefix}-{name}", template=body["template"], meta=body["_meta"]
            )
        for kind in Kind:
            body = templates.index_template(kind, self.prefix)
            meta = body.pop("_meta")
            self._client.indices.put_index_template(name=f"{self.prefix}-{kind}", meta=meta, **body)
