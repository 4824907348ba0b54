"""The indexes of one prefix on a server: ``<prefix>-<kind>-v<template version>`` behind the alias ``<prefix>-<kind>``.

With a lifecycle policy each has an index beside it for every year of publication, ``…-y2025``, behind the same alias; what has no
date stays in the one without a year. Searches read the alias. Loads write to the index of this program's templates; when the alias is on another one, it is moved
once the load is complete, so that readers see the old content until the new is all there.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from pipeline.index import templates
from pipeline.index.base import Kind, WrongVersion
from pipeline.index.elastic_ageing import Ageing, year_of
from pipeline.settings import ElasticsearchSettings, LifecycleSettings

logger = logging.getLogger(__name__)


_OF_A_YEAR = re.compile(r"-y\d{4}$")
_OF_A_REBUILD = re.compile(r"-v\d+-(\d{20})(?:-y\d{4})?$")
"""When it began, to the microsecond."""
_LONGEST_REBUILD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Layout:
    """Parts and copies of an index that is made, and how it ages."""

    shards: int
    replicas: int | None
    """``None``: as the templates say, one as soon as there is a second node."""
    lifecycle: LifecycleSettings

    @classmethod
    def of(cls, settings: ElasticsearchSettings) -> Layout:
        """As set."""
        return cls(settings.shards, settings.replicas, settings.lifecycle)

    def settings(self) -> dict[str, Any]:
        """Settings of the index."""
        copies = {} if self.replicas is None else {"number_of_replicas": self.replicas, "auto_expand_replicas": False}
        return {"number_of_shards": self.shards, **copies}


class Shelves:
    """Names of indexes, and the steps that make and switch them."""

    def __init__(self, client: Elasticsearch, prefix: str, layout: Layout) -> None:
        self._client, self.prefix, self._layout = client, prefix, layout
        self._ageing = Ageing(client, prefix, layout.lifecycle) if layout.lifecycle.told else None
        self._ages = False
        """Whether the server keeps to the policy."""
        self._write: dict[Kind, str] = {}
        self._years: dict[Kind, set[str]] = {}
        """Indexes of years that are known to be there."""
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

    def to_write(self, kind: Kind, published: int | None = None) -> str:
        """The index of this program's templates for what was published then, in milliseconds since 1970; made if it is not there."""
        base = self._base(kind)
        year = year_of(published)
        if self._ageing is None or not self._ages or year is None:
            return base
        name = f"{base}-y{year:04}"
        if name not in self._years[kind]:
            self._create(
                name, {self.alias(kind): {}} if base in self._behind(kind) else {}, self._ageing.index_settings(year)
            )
            self._years[kind].add(name)
        return name

    def parts(self, kind: Kind) -> list[str]:
        """The index to write to and those of years beside it."""
        return [self._base(kind), *sorted(self._years[kind])]

    def everywhere(self, kind: Kind) -> str:
        """The same, for requests."""
        base = self._base(kind)
        return f"{base},{base}-y*"

    def divided(self, kind: Kind) -> bool:
        """Whether there are indexes of years, so that a record may be in another index than the one that it is put into."""
        self._base(kind)
        return self._ages or bool(self._years[kind])

    def lifecycle(self) -> str | None:
        """What moves and goes by itself, for people; ``None``: nothing is to."""
        return None if self._ageing is None else self._ageing.told()

    def _base(self, kind: Kind) -> str:
        if kind not in self._write:
            if not self._write:
                self._put_templates()
            self._begin(kind, self._current(kind) or self._create_first(kind))
        return self._write[kind]

    def _begin(self, kind: Kind, base: str) -> None:
        """Write to an index from now on."""
        self._write[kind] = base
        self._years[kind] = set(self._client.indices.get(index=f"{base}-y*", features="aliases"))

    def begin_anew(self) -> dict[Kind, str]:
        """New, empty indexes beside those that are read; they become the ones to write to. Gives those that were."""
        before = {kind: self.to_write(kind) for kind in Kind}
        self._clear_away()
        stamp = _stamp(datetime.now(UTC))
        for kind in Kind:
            self._begin(kind, self._create(f"{self._plain_name(kind)}-{stamp}"))
        return before

    def _clear_away(self) -> None:
        """Remove what killed rebuilds left: behind no alias, and begun so long ago that no other machine is still at it."""
        since = _stamp(datetime.now(UTC) - _LONGEST_REBUILD)
        found = self._client.indices.get(index=[f"{self.alias(kind)}-v*" for kind in Kind], features="aliases")
        begun = {name: match[1] for name in found if (match := _OF_A_REBUILD.search(name))}
        left = sorted(name for name, stamp in begun.items() if stamp < since and not found[name]["aliases"])
        if left:
            self._client.indices.delete(index=left, ignore_unavailable=True)
            logger.info("removed what a killed rebuild had left: %s", ", ".join(left))

    def give_up(self, before: dict[Kind, str]) -> None:
        """Undo :meth:`begin_anew`."""
        for kind, name in before.items():
            self._client.indices.delete(index=",".join(self.parts(kind)), ignore_unavailable=True)
            self._begin(kind, name)

    def publish(self) -> None:
        """Move aliases to the indexes that were written, all at once, and remove those that they were on."""
        actions: list[dict[str, Any]] = []
        old: list[str] = []
        for kind, base in self._write.items():
            self._begin(kind, base)  # another process may have made indexes of years
            wanted, behind = self.parts(kind), self._behind(kind)
            others = [index for index in behind if index not in wanted]
            actions += [{"remove": {"index": index, "alias": self.alias(kind)}} for index in others]
            actions += [
                {"add": {"index": index, "alias": self.alias(kind), "is_write_index": index == base}}
                for index in wanted
                if index not in behind
            ]
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
        fitting = [
            name
            for name, version in self._versions(kind).items()
            if version == templates.version() and not _OF_A_YEAR.search(name)
        ]
        if fitting:
            return min(fitting)
        plain = self._plain_name(kind)
        return plain if self._client.indices.exists(index=plain) else None

    def _create_first(self, kind: Kind) -> str:
        # The first index of all is read while it is loaded; any later one only when it is complete.
        first = not self._behind(kind)
        return self._create(self._plain_name(kind), {self.alias(kind): {"is_write_index": True}} if first else {})

    def _create(self, name: str, aliases: dict[str, Any] | None = None, further: dict[str, Any] | None = None) -> str:
        try:
            self._client.indices.create(
                index=name,
                aliases=aliases or {},
                settings={"index": {**self._layout.settings(), **(further or {})}},
                wait_for_active_shards=1,
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
        if self._ageing is not None:
            why_not = self._ageing.install()
            self._ages = why_not is None
            if why_not:
                logger.warning("elasticsearch.lifecycle: %s", why_not)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S%f}"
