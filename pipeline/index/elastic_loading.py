"""Records into the indexes of a server: what goes where, in which order, and what has to go for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from elasticsearch import Elasticsearch
from pydantic_core import to_json

from pipeline.index.base import Confirm, Kind, PutReport, Record, Revisions
from pipeline.index.elastic_names import Shelves
from pipeline.index.elastic_parts import Versions, overtaken, take_out_older
from pipeline.index.elastic_server import Action, Result, bulk
from pipeline.index.entries import Entry, values
from pipeline.index.flatten import entry_of, id_of, kind_of, parts_of
from pipeline.index.lanes import Lanes
from pipeline.index.results import Tally
from pipeline.records import Document

T = TypeVar("T")

BATCH = 500
"""Records that go together; of articles, older events and claims are taken out together."""
LANES = 2
"""Batches that are under way at once: while one is sent, the next is made."""
OF_ARTICLES = (Kind.ARTICLES, Kind.EVENTS, Kind.CLAIMS)


class Sight:
    """What a load can see of the indexes: all that was there before it, once it looks; lanes look at the same time."""

    def __init__(self, refresh: Callable[[], None]) -> None:
        self._refresh, self._lock, self._is_clear = refresh, threading.Lock(), False
        self.replaced: set[str] = set()
        """Ids of records of which something was there before."""

    def clear(self) -> None:
        """Make all that is there visible, unless that was done. Nothing is read on a first load, so it refreshes nothing."""
        with self._lock:
            if not self._is_clear:
                self._refresh()
                self._is_clear = True

    def forget(self) -> None:
        """Something was put that is to be seen."""
        self._is_clear = False


class Loader:
    """Loads of one :class:`~pipeline.index.elastic.ElasticIndex`. The client's errors pass through."""

    def __init__(self, client: Elasticsearch, shelves: Shelves) -> None:
        self._client, self._shelves = client, shelves

    def put(self, kind: Kind, records: Iterable[Record], revisions: Revisions, confirm: Confirm) -> PutReport:
        """See :meth:`~pipeline.index.base.SearchIndex.put`."""
        divided = self._shelves.divided(kind)
        with Lanes(LANES, confirm) as lanes:
            sight = Sight(lambda: self.refresh((kind,)))
            newest: dict[str, int] = {}
            for batch in _batches(records, BATCH):
                lanes.send(self._put, kind, batch, _looked_up(revisions, map(id_of, batch), newest), sight)
            report = lanes.report()
        return self._without_late(report, kind, (kind,), newest, sight, field="id") if divided else report

    def delete(self, kind: Kind, ids: Iterable[str], revisions: Revisions) -> int:
        """See :meth:`~pipeline.index.base.SearchIndex.delete`."""
        places = self._shelves.parts(kind)
        actions = (Action(index, kind, key, key, revision=revisions.get(key)) for key in ids for index in places)
        return sum(result.found and not result.overtaken for result in bulk(self._client, actions))

    def replace_articles(self, documents: Iterable[Document], revisions: Revisions, confirm: Confirm) -> PutReport:
        """See :meth:`~pipeline.index.base.SearchIndex.replace_articles`."""
        with Lanes(LANES, confirm) as lanes:
            sight = Sight(lambda: self.refresh(OF_ARTICLES))
            seen: set[str] = set()
            newest: dict[str, int] = {}
            for batch in _batches(documents, BATCH):
                last = {document.article.id: document for document in batch}
                if not seen.isdisjoint(last):
                    lanes.wait()
                    sight.forget()  # or what this load itself put would not be found and taken out
                seen.update(last)
                lanes.send(self._replace, list(last.values()), _looked_up(revisions, last, newest), sight)
            report = lanes.report()
        return self._without_late(report, Kind.ARTICLES, OF_ARTICLES, newest, sight, field="article_id")

    def refresh(self, kinds: Sequence[Kind]) -> None:
        """Make what was put visible to searches."""
        self._client.indices.refresh(index=",".join(self._shelves.everywhere(kind) for kind in kinds))

    def _put(self, kind: Kind, batch: Sequence[Record], revisions: Versions, sight: Sight) -> PutReport:
        tally = Tally()
        made = [action for record in batch for action in self._actions(tally, id_of(record), [record], revisions)]
        put = _settle(tally, bulk(self._client, made))
        if self._shelves.divided(kind):
            self._only_once(kind, {key: revisions[key] for key in put}, made, "id", sight)
        return tally.report()

    def _replace(self, batch: Sequence[Document], revisions: Versions, sight: Sight) -> PutReport:
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
        put = _settle(tally, [*first, *bulk(self._client, parts)])
        known = {result.action.owner for result in first if result.found}
        for kind in OF_ARTICLES:
            divided = self._shelves.divided(kind)
            if divided or kind is not Kind.ARTICLES:
                older = {key: revisions[key] for key in put if divided or key in known}
                self._only_once(kind, older, made, "article_id", sight)
        return tally.report()

    def _only_once(self, kind: Kind, put: Versions, made: Sequence[Action], field: str, sight: Sight) -> None:
        """Take out older entries of what was put, wherever they are."""
        if not put:
            return
        sight.replaced.update(put)
        sight.clear()
        kept = [action for action in made if action.kind is kind]
        take_out_older(self._client, self._shelves.everywhere(kind), put, kept, field)

    def _without_late(
        self, report: PutReport, owners: Kind, kinds: Sequence[Kind], newest: Revisions, sight: Sight, field: str
    ) -> PutReport:
        """Take back what another load has overtaken on the way, or long ago in the index of another year; and take out what
        requests of an older, killed load have brought meanwhile.

        What the other puts from now on it takes out the older of by itself: after the refresh it sees what this load has put.
        """
        told = {key: newest[key] for key in report.indexed if key in newest}
        if not told:
            return report
        self.refresh(kinds)
        late = overtaken(self._client, self._shelves.everywhere(owners), told)
        newer = {key: told[key] for key in sight.replaced if key in told} | late
        older = {key: revision - 1 for key, revision in newer.items()}
        for kind in kinds if older else ():
            take_out_older(self._client, self._shelves.everywhere(kind), older, (), field)
        return replace(
            report,
            indexed=tuple(key for key in report.indexed if key not in late),
            overtaken=(*report.overtaken, *(key for key in dict.fromkeys(report.indexed) if key in late)),
        )

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


def _looked_up(revisions: Revisions, keys: Iterable[str], newest: dict[str, int]) -> Versions:
    """The revisions of a batch; the newest of each record in the load is noted."""
    found = {key: revisions.get(key) for key in keys}
    for key, revision in found.items():
        if revision is not None:
            newest[key] = max(revision, newest.get(key, revision))
    return found


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


def _settle(tally: Tally, results: Iterable[Result]) -> list[str]:
    """Count each record once: it is in when all its parts are, and none was overtaken. Gives the ids of those."""
    errors: dict[str, str | None] = {}
    beaten: set[str] = set()
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
