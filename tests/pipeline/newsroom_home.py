"""A home for Vigía and the newsroom's outlets, and ``vigia`` as a process of its own in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.archive import Archive
from pipeline.index import Kind, Query, open_index
from pipeline.records import to_dict
from pipeline.settings import Settings, load_settings
from tests.forked import Vigia
from tests.newsroom.server import Newsroom


@dataclass(frozen=True)
class Home:
    """One installation at work."""

    environment: dict[str, str]

    @classmethod
    def make(cls, folder: Path, newsroom: Newsroom | None = None, **more: str) -> Home:
        """A home in a folder; it knows the newsroom's outlets, or those that ship."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("VIGIA_")}
        own = {"VIGIA_HOME": str(folder / "home"), "VIGIA_CONTACT": "test@example.org", "COLUMNS": "200"}
        if newsroom is not None:
            own |= {
                "VIGIA_OUTLETS_DIR": str(newsroom.write_outlets(folder / "outlets")),
                "VIGIA_ALLOW_PRIVATE_ADDRESSES": "1",
                "VIGIA_CRAWL_DELAY": "0.01",
            }
        return cls(inherited | own | more)

    @property
    def settings(self) -> Settings:
        return load_settings(env=self.environment)

    def start(self, *arguments: str, **more: str) -> Vigia:
        return Vigia(arguments, self.environment | more, Path(self.environment["VIGIA_HOME"]).parent)

    def vigia(self, *arguments: str, **more: str) -> Done:
        """Run a command to its end."""
        process = self.start(*arguments, **more)
        out, err = process.communicate(timeout=240)
        return Done(code=process.wait(), out=out, err=err)

    def content(self) -> dict[str, Any]:
        """All that counts of what is kept: the same after a replay, whatever happened on the way. Times of fetching do not count."""
        with Archive.open(self.settings) as archive:
            documents = {document.article.id: to_dict(document) for document in archive.documents()}
            content: dict[str, Any] = {
                "versions": {key: [one.content_hash for one in archive.versions(key)] for key in sorted(documents)},
                "documents": {key: _timeless(documents[key]) for key in sorted(documents)},
                "numbers": archive.numbers(),
                "incidents": sorted((_timeless(to_dict(one)) for one in archive.incidents()), key=str),
                "rejects": [to_dict(one) for one in archive.rejects()],
            }
        return content | {"index": self.indexed()}

    def indexed(self) -> dict[str, list[str]]:
        """Kind -> ids of what the index holds."""
        index = open_index(self.settings)
        try:
            return {kind: sorted(hit.id for hit in index.scan(Query(kind=kind))) for kind in Kind}
        finally:
            index.close()


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def _timeless(record: Mapping[str, Any]) -> Any:
    """Without the times of fetching, which differ from run to run."""
    if isinstance(record, Mapping):
        return {key: _timeless(value) for key, value in record.items() if key != "fetched"}
    return [_timeless(value) for value in record] if isinstance(record, list) else record
