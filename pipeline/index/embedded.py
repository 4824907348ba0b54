"""The index of one machine: tantivy, in a folder under ``VIGIA_HOME``. Its fields are those of the index templates.

One folder per kind of entry, ``index/v<template version>/<kind>``; those of older versions go when a load is complete. A commit
is atomic: a load that is killed leaves the index as it was after the last commit, and the next load puts the rest. One process
writes at a time; any number read.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy

from pipeline.index import templates
from pipeline.index.base import (
    NO_REVISIONS,
    Confirm,
    Hit,
    IndexState,
    IndexUnavailable,
    Kind,
    PutReport,
    Record,
    Revisions,
    SearchPage,
    unheard,
)
from pipeline.index.flatten import id_of, kind_of, parts_of
from pipeline.index.likeness import stems_of
from pipeline.index.names import Names
from pipeline.index.plan import Marks, Plan, Term, make
from pipeline.index.query import Query, Sort
from pipeline.index.results import NO_MARKS, Tally, entry_text, facets_asked, hit_of, next_page
from pipeline.index.tantivy_query import build, clause_query, counted, facets_of
from pipeline.index.tantivy_store import Reader, Shelf, Writer, prepare
from pipeline.records import Document, Incident

COMMIT_EVERY = 5_000
"""Records between commits: what a killed load has to do again."""
_OF_ARTICLES = (Kind.ARTICLES, Kind.EVENTS, Kind.CLAIMS)


class EmbeddedIndex:
    """A :class:`~pipeline.index.base.SearchIndex` on tantivy."""

    def __init__(self, folder: Path, names: Names) -> None:
        self._folder = folder / f"v{templates.version()}"
        self._mark = self._folder / "id"
        self._names = names
        self._shelves = {kind: Shelf(kind, self._folder / kind) for kind in Kind}
        self._counting = ThreadPoolExecutor()
        """Counts facets while the hits are fetched."""

    def put(
        self,
        kind: Kind,
        records: Iterable[Record],
        revisions: Revisions = NO_REVISIONS,
        confirm: Confirm = unheard,
    ) -> PutReport:
        """See the protocol."""
        with self._writing(kind) as writers:
            return _load(writers, records, lambda record: _put(writers[kind], record, revisions), confirm)

    def delete(self, kind: Kind, ids: Iterable[str], revisions: Revisions = NO_REVISIONS) -> int:
        """See the protocol."""
        before = self._size(kind)
        with self._writing(kind) as writers:
            for entry_id in ids:
                if not writers[kind].overtaken(entry_id, revisions.get(entry_id)):
                    writers[kind].delete("id", entry_id)
            _commit(writers)
        return before - self._size(kind)

    def replace_article(self, document: Document) -> PutReport:
        """See the protocol."""
        return self.replace_articles([document])

    def replace_articles(
        self, documents: Iterable[Document], revisions: Revisions = NO_REVISIONS, confirm: Confirm = unheard
    ) -> PutReport:
        """See the protocol."""
        with self._writing(*_OF_ARTICLES) as writers:
            return _load(writers, documents, lambda document: _replace(writers, document, revisions), confirm)

    def rebuild(
        self,
        documents: Iterable[Document],
        incidents: Iterable[Incident] = (),
        revisions: Revisions = NO_REVISIONS,
        incident_revisions: Revisions = NO_REVISIONS,
    ) -> PutReport:
        """See the protocol. One commit at the end puts the new in the place of the old."""
        for shelf in self._shelves.values():
            shelf.mend()
        with self._writing(*Kind) as writers:
            for writer in writers.values():
                writer.delete_everything()
            tally = Tally()
            for document in documents:
                _counted(tally, document, lambda document: _replace(writers, document, revisions))
            for incident in incidents:
                _counted(tally, incident, lambda one: _put(writers[Kind.INCIDENTS], one, incident_revisions))
            _commit(writers)
        self.publish()
        return tally.report()

    def get(self, kind: Kind, entry_id: str) -> Hit | None:
        """See the protocol."""
        with self._shelves[kind].reading() as reader:
            asked = clause_query(reader.schema, Term("id", entry_id))
            found = [(None, address) for _, address in reader.by_recency(asked, 1, oldest_first=False).hits]
            return _hit(kind, reader, found[0], NO_MARKS) if found else None

    def search(self, query: Query) -> SearchPage:
        """See the protocol."""
        with self._shelves[query.kind].reading() as reader:
            plan = self._plan(query, reader)
            asked = build(reader.schema, plan)
            counting = self._counting.submit(counted, reader, asked, list(facets_asked(query, self._names)))
            total, page = _page(reader, asked, plan, query)
            return SearchPage(
                hits=tuple(_hit(query.kind, reader, (one.score, one.address), _marks(query, plan)) for one in page),
                total=total,
                facets=facets_of(counting.result(), total),
                after=next_page(query, [one.recency for one in page]),
            )

    def scan(self, query: Query) -> Iterator[Hit]:
        """See the protocol. It reads the index as it was when the scan began."""
        with self._shelves[query.kind].reading() as reader:
            plan = self._plan(query, reader)
            for address in reader.walk(build(reader.schema, plan), oldest_first=query.order is Sort.OLDEST):
                yield _hit(query.kind, reader, (None, address), _marks(query, plan))

    def count(self, query: Query) -> int:
        """See the protocol."""
        with self._shelves[query.kind].reading() as reader:
            return reader.count(build(reader.schema, self._plan(query, reader)))

    def refresh(self) -> None:
        """See the protocol. A commit is visible at once, so there is nothing to do."""

    def publish(self) -> None:
        """See the protocol. What was made from older templates lies in folders of its own, which go now."""
        for folder in self._folder.parent.glob("v*"):
            if folder.name[1:].isdigit() and int(folder.name[1:]) < templates.version():
                shutil.rmtree(folder, ignore_errors=True)  # what somebody still reads goes the next time

    def describe(self) -> IndexState:
        """See the protocol."""
        return IndexState(
            backend="embedded",
            where=str(self._folder),
            version=metadata.version("tantivy"),
            templates=templates.version(),
            target=self.target() if self._mark.exists() else "",
            counts={kind: self._size(kind) if self._mark.exists() else 0 for kind in Kind},
        )

    def target(self) -> str:
        """See the protocol."""
        try:
            return f"embedded:{self._read_mark()}"
        except OSError as error:
            raise IndexUnavailable(f"the index in {self._folder} cannot be made ({error.strerror})") from error

    def _read_mark(self) -> str:
        if not self._mark.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            new = self._mark.with_suffix(f".{os.getpid()}")
            new.write_text(uuid.uuid4().hex, encoding="ascii")
            with contextlib.suppress(FileExistsError):
                os.link(new, self._mark)  # whoever comes first, and never half written
            new.unlink()
        return self._mark.read_text(encoding="ascii", errors="replace")

    def close(self) -> None:
        """See the protocol."""
        self._counting.shutdown()
        for shelf in self._shelves.values():
            shelf.forget()

    def _plan(self, query: Query, reader: Reader) -> Plan:
        if query.like is None:
            return make(query, self._names)
        found = reader.by_recency(clause_query(reader.schema, Term("id", query.like)), 1, oldest_first=False).hits
        text = entry_text(query.kind, json.loads(reader.stored(found[0][1])[1])) if found else None
        return make(query, self._names, stems_of(query, text, reader.having, reader.size()))

    def _size(self, kind: Kind) -> int:
        with self._shelves[kind].reading() as reader:
            return reader.size()

    @contextlib.contextmanager
    def _writing(self, *kinds: Kind) -> Iterator[dict[Kind, Writer]]:
        self.target()
        with contextlib.ExitStack() as stack:
            yield {kind: stack.enter_context(self._shelves[kind].writing()) for kind in kinds}


def _load(
    writers: Mapping[Kind, Writer], records: Iterable[Any], put: Callable[[Any], bool], confirm: Confirm
) -> PutReport:
    whole, stream = PutReport(), iter(records)
    while (part := _load_some(writers, islice(stream, COMMIT_EVERY), put)) != PutReport():
        confirm(part)
        whole += part
    return whole


def _load_some(writers: Mapping[Kind, Writer], records: Iterable[Any], put: Callable[[Any], bool]) -> PutReport:
    tally = Tally()
    for record in records:
        _counted(tally, record, put)
    report = tally.report()
    if report != PutReport():
        _commit(writers)
    return report


def _counted(tally: Tally, record: Any, put: Callable[[Any], bool]) -> None:
    try:
        count = tally.indexed if put(record) else tally.overtaken
    except ValueError as error:  # text that is no Unicode, a number that is too large
        tally.refused(id_of(record), str(error))
    else:
        count(id_of(record))


def _commit(writers: Mapping[Kind, Writer]) -> None:
    """Articles last: an article that is there has its events and claims there."""
    for kind in sorted(writers, key=lambda kind: kind is Kind.ARTICLES):
        writers[kind].commit()


def _put(writer: Writer, record: Record, revisions: Revisions) -> bool:
    """Put a record; ``False``: a newer revision of it is there."""
    revision = revisions.get(id_of(record))
    ready = prepare(kind_of(record), record, revision)
    if writer.overtaken(id_of(record), revision):
        return False
    writer.put(ready)
    return True


def _replace(writers: Mapping[Kind, Writer], document: Document, revisions: Revisions) -> bool:
    """Put an article and what it says; all of it or, when some part cannot be stored, nothing. ``False``: it was overtaken."""
    revision = revisions.get(document.article.id)
    parts: list[Record] = [document, *parts_of(document)]
    ready = [(kind_of(part), prepare(kind_of(part), part, revision)) for part in parts]
    if writers[Kind.ARTICLES].overtaken(document.article.id, revision):
        return False
    for kind in (Kind.EVENTS, Kind.CLAIMS):
        writers[kind].delete("article_id", document.article.id)
    for kind, prepared in ready:
        writers[kind].put(prepared)
    return True


@dataclass(frozen=True, slots=True)
class _Found:
    score: float | None
    recency: int | None
    address: Any


def _page(reader: Reader, asked: tantivy.Query, plan: Plan, query: Query) -> tuple[int, list[_Found]]:
    """How many are found, and those of the page."""
    wanted, now = query.offset + query.size, query.fresh
    if query.size == 0:
        return reader.count(asked), []
    if query.order is Sort.RELEVANCE and plan.ranked:
        best = reader.ranked(asked, wanted) if now is None else reader.freshest(asked, wanted, now)
        return best.total, [_Found(score, None, address) for score, address in best.hits[query.offset :]]
    oldest_first, after = query.order is Sort.OLDEST, query.begins_after
    rest = (
        asked if after is None else reader.beyond(asked, after + (1 if oldest_first else -1), oldest_first=oldest_first)
    )
    found = reader.by_recency(rest, wanted, oldest_first=oldest_first)
    total = found.total if after is None else reader.count(asked)
    return total, [_Found(None, recency, address) for recency, address in found.hits[query.offset :]]


def _marks(query: Query, plan: Plan) -> Marks:
    return plan.marks if query.highlight else NO_MARKS


def _hit(kind: Kind, reader: Reader, found: tuple[float | None, Any], marks: Marks) -> Hit:
    score, address = found
    entry_id, record = reader.stored(address)
    return hit_of(kind, entry_id, json.loads(record), score, marks)
