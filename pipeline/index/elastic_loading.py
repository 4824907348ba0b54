"""Records into the indexes of a server: what goes where, in which order, and what has to go for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from elasticsearch import Elasticsearch
from pydantic_core import to_json

from pipeline.index.base import Kind, PutReport, Record, Revisions
from pipeline.index.elastic_names import Shelves
from pipeline.index.elastic_parts import Versions, overtaken, take_out_older
from pipeline.index.elastic_server import Action, Result, bulk
from pipeline.index.entries import Entry, values
from pipeline.index.flatten import entry_of, id_of, kind_of, parts_of
from pipeline.index.lanes import Lanes
from pipeline.index.results import Tally
from pipeline.records import Document

T = TypeVar("T")

BATCH = 250
"""Records that go together; of articles, older events and claims are taken out together."""
LANES = 2
"""Batches that are under way at once: while one is sent, the next is made."""
OF_ARTICLES = (Kind.ARTICLES, Kind.EVENTS, Kind.CLAIMS)


class Loader:
    """Loads of one :class:`~pipeline.index.elastic.ElasticIndex`. The client's errors pass through."""

    def __init__(self, client: Elasticsearch, shelves: Shelves) -> None:
        self._client, self._shelves = client, shelves

    def put(self, kind: Kind, records: Iterable[Record], revisions: Revisions) -> PutReport:
        """See :meth:`~pipeline.index.base.SearchIndex.put`."""
        with Lanes(LANES) as lanes:
            if self._shelves.divided(kind):
                self.refresh((kind,))
            for batch in _batches(records, BATCH):
                lanes.send(self._put, kind, batch, {key: revisions.get(key) for key in map(id_of, batch)})
            return lanes.report()

    def delete(self, kind: Kind, ids: Iterable[str], revisions: Revisions) -> int:
        """See :meth:`~pipeline.index.base.SearchIndex.delete`."""
        places = self._shelves.parts(kind)
        actions = (Action(index, kind, key, key, revision=revisions.get(key)) for key in ids for index in places)
        return sum(result.found and not result.overtaken for result in bulk(self._client, actions))

    def replace_articles(self, documents: Iterable[Document], revisions: Revisions) -> PutReport:
        """See :meth:`~pipeline.index.base.SearchIndex.replace_articles`."""
        with Lanes(LANES) as lanes:
            self.refresh(OF_ARTICLES)
            seen: set[str] = set()
            for batch in _batches(documents, BATCH):
                last = {document.article.id: document for document in batch}
                if not seen.isdisjoint(last):
                    lanes.wait()
                    self.refresh(OF_ARTICLES)  # or what this load itself put would not be found and taken out
                seen.update(last)
                lanes.send(self._replace, list(last.values()), {key: revisions.get(key) for key in last})
            return lanes.report()

    def refresh(self, kinds: Sequence[Kind]) -> None:
        """Make what was put visible to searches."""
        self._client.indices.refresh(index=",".join(self._shelves.everywhere(kind) for kind in kinds))

    def _put(self, kind: Kind, batch: Sequence[Record], revisions: Versions) -> PutReport:
        tally = Tally()
        made = [action for record in batch for action in self._actions(tally, id_of(record), [record], revisions)]
        results = [*bulk(self._client, made)]
        late = self._late(kind, made, revisions) if self._shelves.divided(kind) else {}
        put = _settle(tally, results, late)
        if self._shelves.divided(kind):
            self._only_once(kind, {key: revisions[key] for key in put}, made, late, field="id")
        return tally.report()

    def _replace(self, batch: Sequence[Document], revisions: Versions) -> PutReport:
        """Articles first, then what they say: where an article was not there before, nothing that it said was."""
        tally = Tally()
        made = [
            action
            for document in batch
            for action in self._actions(tally, document.article.id, [document, *parts_of(document)], revisions)
        ]
        first = [*bulk(self._client, (action for action in made if action.kind is Kind.ARTICLES))]
        kept_out = {result.action.owner for result in first if result.error or result.overtaken}
        parts = [action for action in made if action.kind is not Kind.ARTICLES and action.owner not in kept_out]
        results = [*first, *bulk(self._client, parts)]
        late = self._late(Kind.ARTICLES, [action for action in made if action.owner not in kept_out], revisions)
        put = _settle(tally, results, late)
        known = {result.action.owner for result in first if result.found}
        for kind in OF_ARTICLES:
            divided = self._shelves.divided(kind)
            if divided or kind is not Kind.ARTICLES:
                older = {key: revisions[key] for key in put if divided or key in known}
                self._only_once(kind, older, made, late, field="article_id")
        return tally.report()

    def _late(self, kind: Kind, made: Sequence[Action], revisions: Versions) -> dict[str, int]:
        """Records of which another load has put a newer revision meanwhile, or long ago in another slice."""
        owners = {action.owner: revisions[action.owner] for action in made}
        return overtaken(self._client, self._shelves.parts(kind), owners)

    def _only_once(
        self, kind: Kind, put: Versions, made: Sequence[Action], late: Mapping[str, int], field: str
    ) -> None:
        """Take out older entries of what was put, wherever they are, and what was put too late."""
        where = self._shelves.everywhere(kind)
        take_out_older(self._client, where, put, [action for action in made if action.kind is kind], field)
        if late:
            self._client.indices.refresh(index=where)
            take_out_older(self._client, where, {key: newest - 1 for key, newest in late.items()}, (), field)

    def _actions(self, tally: Tally, owner: str, records: Sequence[Record], revisions: Versions) -> list[Action]:
        """The actions of a record and its parts; none, and it is refused, when one of them cannot be written as JSON."""
        revision = revisions[owner]
        made: list[Action] = []
        try:
            for record in records:
                kind, entry = kind_of(record), entry_of(record, revision)
                index = self._shelves.to_write(kind, entry.published)
                made.append(Action(index, kind, entry.id, owner, body_of(entry), revision))
        except ValueError as error:
            tally.refused(owner, str(error))
            return []
        return made


def body_of(entry: Entry) -> bytes:
    """An entry as the server gets it.

    Raises:
        ValueError: it cannot be written.
    """
    found = values(entry)
    if "location" in found:
        found["location"] = dict(zip(("lat", "lon"), found["location"], strict=True))
    whole: bytes = found.pop("record")
    return to_json(found)[:-1] + b',"record":' + whole + b"}"


def _settle(tally: Tally, results: Iterable[Result], late: Iterable[str]) -> list[str]:
    """Count each record once: it is in when all its parts are, and it was not too ``late``. Gives the ids of those."""
    errors: dict[str, str | None] = {}
    beaten = set(late)
    for result in results:
        reason = result.error and f"{result.action.index}/{result.action.id}: {result.error}"
        errors[result.action.owner] = errors.get(result.action.owner) or reason
        if result.overtaken:
            beaten.add(result.action.owner)
    for owner, reason in errors.items():
        if reason:
            tally.refused(owner, reason)
        elif owner in beaten:
            tally.overtaken(owner)
        else:
            tally.indexed(owner)
    return [owner for owner, reason in errors.items() if not reason and owner not in beaten]


def _batches(records: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(records)
    while batch := list(islice(iterator, size)):
        yield batch
