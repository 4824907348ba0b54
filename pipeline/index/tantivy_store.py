"""One kind of entry in one folder: schema, writer and reader of tantivy. The schema is read off the index templates."""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import tantivy

from pipeline.index import analysis, templates
from pipeline.index.base import IndexUnavailable, Kind, Record
from pipeline.index.entries import values
from pipeline.index.flatten import entry_of
from pipeline.index.freshness import faded
from pipeline.index.tantivy_query import field_name

T = TypeVar("T")

HEAP = {Kind.ARTICLES: 64_000_000, Kind.EVENTS: 24_000_000, Kind.CLAIMS: 16_000_000, Kind.INCIDENTS: 16_000_000}
"""Bytes that a writer gathers before it writes a segment."""
SCAN_PAGE = 2_000
PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""
_ERRORS = (ValueError, OSError, RuntimeError)
_FROM_SYSTEM = re.compile(r"\b(?:os error|code:) (\d+)")
"""The operating system's own number in what tantivy says."""
_REMEDIES = {
    errno.ENOSPC: "the disk is full: make room on it",
    errno.EDQUOT: "the disk is full: make room on it",
    errno.EROFS: "nothing can be written there: an index is read by those only who may write to its folder",
    errno.EACCES: "nothing can be written there: an index is read by those only who may write to its folder",
    errno.EPERM: "nothing can be written there: an index is read by those only who may write to its folder",
}
"""What to do about faults that are not the index's."""
_ANALYZED = "whitespace"
"""Texts are handed over as search words with spaces between them (``pipeline.index.analysis``)."""


def new_index(kind: Kind, folder: Path | None = None) -> tantivy.Index:
    """The index of a kind in a folder, made if it is not there; without a folder, in memory."""
    index = tantivy.Index(_schema(kind), path=None if folder is None else str(folder))
    index.register_tokenizer(_ANALYZED, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


class Shelf:
    """The tantivy index of one kind."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self._kind, self._folder = kind, folder
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int] | None = None

    def open(self) -> tantivy.Index:
        """The index, made if it is not there."""
        if self._index is None:
            with self._explained("opened"):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._index = new_index(self._kind, self._folder)
        return self._index

    def mend(self) -> None:
        """Empty a folder whose index is damaged, for one that is about to be loaded anew."""
        try:
            self.open()
        except IndexUnavailable as error:
            if _remedy(error.__cause__) is not None:
                raise
            shutil.rmtree(self._folder)

    def forget(self) -> None:
        """Close it."""
        self._index = self._seen = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """The one writer; what is not committed when the block ends is gone."""
        index = self.open()
        locked = self._lock(index)
        writer = Writer(locked, index)
        try:
            yield writer
        finally:
            with self._explained("written"):
                writer.leave()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Reader]:
        """The index as it is now."""
        index = self.open()
        with self._explained("read"):
            self._reload(index)
            yield Reader(index)

    def _reload(self, index: tantivy.Index) -> None:
        """See what was committed, by whatever process: a commit renames a new ``meta.json`` into place."""
        stat = (self._folder / "meta.json").stat()
        now = (stat.st_mtime_ns, stat.st_ino)
        if now != self._seen:
            index.reload()
            self._seen = now

    def _lock(self, index: tantivy.Index) -> Any:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return index.writer(HEAP[self._kind], 1)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    raise self._unavailable("written", error) from error
                if time.monotonic() > until:
                    raise IndexUnavailable(
                        f"another process is writing to the index in {self._folder}: wait until it is done"
                    ) from error
            time.sleep(0.1)

    @contextlib.contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except _ERRORS as error:
            if type(error) in {ValueError, RuntimeError} or isinstance(error, OSError):
                raise self._unavailable(what, error) from error
            raise

    def _unavailable(self, what: str, error: Exception) -> IndexUnavailable:
        remedy = _remedy(error) or "it can be made anew from the archive: vigia index --rebuild"
        return IndexUnavailable(f"the index in {self._folder} cannot be {what} ({error}); {remedy}")


def _remedy(error: BaseException | None) -> str | None:
    """What to do about a fault of the disk; ``None``: it is the index that is damaged."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (said := _FROM_SYSTEM.search(str(error))):
        number = int(said[1])
    return None if number is None else _REMEDIES.get(number)


class Writer:
    """Adds and takes out entries; nothing is visible, or kept, before the commit."""

    def __init__(self, writer: Any, index: tantivy.Index) -> None:
        self._writer, self._index = writer, index
        self._committed: Reader | None = None
        self._since: dict[str, int] = {}
        """Revisions of what was put or taken out after the last commit."""
        self._named: dict[str, set[str]] = defaultdict(set)
        """Values of a field by which something was taken out, or put, after the last commit."""
        self._emptied = False
        self._pending = False

    def put(self, prepared: tuple[str, tantivy.Document]) -> None:
        """Add an entry in the place of the one with its id."""
        entry_id, document = prepared
        self.delete("id", entry_id)
        self._writer.add_document(document)
        self._pending = True

    def overtaken(self, entry_id: str, revision: int | None) -> bool:
        """Whether a newer revision of an entry is there already. If not, this one is taken to be put, or taken out, next."""
        if revision is None or self._emptied:
            return False
        since = self._since.get(entry_id)
        newer = self._holds_newer(entry_id, revision) if since is None else since > revision
        if not newer:
            self._since[entry_id] = revision
        return newer

    def _holds_newer(self, entry_id: str, revision: int) -> bool:
        committed = self._read()
        return committed.may_have("id", entry_id) and committed.has_newer(entry_id, revision)

    def _read(self) -> Reader:
        if self._committed is None:
            self._index.reload()
            self._committed = Reader(self._index)
        return self._committed

    def delete(self, field: str, value: str) -> None:
        """Take out the entries that have a value in a field. To ask for what is not there would cost a look into every
        part of the index at the commit.
        """
        named = self._named[field]
        if value in named or (not self._emptied and self._read().may_have(field, value)):
            self._writer.delete_documents_by_term(field, value)
            self._pending = True
        named.add(value)

    def delete_everything(self) -> None:
        """Take out all entries."""
        self._writer.delete_all_documents()
        self._emptied = self._pending = True

    def commit(self) -> None:
        """Keep it all, at once."""
        if self._pending:
            self._writer.commit()
        self._committed, self._since, self._emptied, self._pending = None, {}, False, False
        self._named.clear()

    def leave(self) -> None:
        """Give up what was not committed, and end the tidying up. A rollback would throw away what is half tidied up."""
        if self._pending:
            self._writer.rollback()
        self._writer.wait_merging_threads()


_ORDER = {False: tantivy.Order.Desc, True: tantivy.Order.Asc}


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """The first hits of a query, each with what it is ordered by and where it stands."""

    hits: list[tuple[T, Any]]
    total: int
    """Of all that match."""


class Reader:
    """The index as it is at one moment."""

    def __init__(self, index: tantivy.Index) -> None:
        self.schema, self.searcher = index.schema, index.searcher()

    def size(self) -> int:
        """Number of entries."""
        number: int = self.searcher.num_docs
        return number

    def count(self, query: tantivy.Query) -> int:
        """Number of entries that match."""
        found: Any = self.searcher.search(query, 1, count=True)
        number: int = found.count
        return number

    def may_have(self, field: str, value: str) -> bool:
        """``False``: no entry has this value in a field. Those that were taken out lately may still count."""
        return bool(self.searcher.doc_freq(field, value))

    def has_newer(self, entry_id: str, revision: int) -> bool:
        """Whether an entry is there in a revision above this one."""
        above = tantivy.Query.range_query(self.schema, "revision", tantivy.FieldType.Integer, revision + 1, None)
        this = tantivy.Query.term_query(self.schema, "id", entry_id)
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, this), (tantivy.Occur.Must, above)])
        return self.count(both) > 0

    def having(self, stems: Sequence[str]) -> dict[str, int]:
        """How many entries have each of some stems in their text."""
        return {stem: self.count(tantivy.Query.term_query(self.schema, "text", stem)) for stem in stems}

    def stored(self, address: Any) -> tuple[str, bytes]:
        """Id and record of an entry."""
        found = self.searcher.doc(address)
        return found["id"][0], bytes(found["record"][0])

    def ranked(self, query: tantivy.Query, wanted: int) -> Ranked[float]:
        """Hits by relevance, equal ones newest first: so all that are as relevant as the last one wanted must be seen."""
        limit = wanted + 50
        while True:
            found = self._search(query, limit)
            hits = found.hits
            if len(hits) < limit or hits[-1][0] < hits[wanted - 1][0]:
                break
            limit *= 4
        recency: list[Any] = self.searcher.fast_field_values("recency", [address for _, address in hits])
        ordered = sorted(zip(hits, recency, strict=True), key=lambda pair: (-pair[0][0], -pair[1]))
        return Ranked([hit for hit, _ in ordered[:wanted]], found.count)

    def freshest(self, query: tantivy.Query, wanted: int, now: datetime) -> Ranked[float]:
        """The same by relevance that has faded with age. No entry gains by that, so those seen suffice once the last one
        wanted is ahead of all that were not.
        """
        limit = wanted + 50
        while True:
            found = self._search(query, limit)
            hits = found.hits
            recency: list[Any] = self.searcher.fast_field_values("recency", [address for _, address in hits])
            aged = [(faded(hit[0], at, now), at, hit[1]) for hit, at in zip(hits, recency, strict=True)]
            aged.sort(key=lambda one: (-one[0], -one[1]))
            if len(hits) < limit or aged[wanted - 1][0] > hits[-1][0]:
                return Ranked([(score, address) for score, _, address in aged[:wanted]], found.count)
            limit *= 4

    def by_recency(self, query: tantivy.Query, limit: int, *, oldest_first: bool) -> Ranked[int]:
        """Hits with their recency."""
        found = self._search(query, limit, order_by_field="recency", order=_ORDER[oldest_first])
        return Ranked(found.hits, found.count)

    def _search(self, query: tantivy.Query, limit: int, **order: Any) -> Any:
        return self.searcher.search(query, limit, count=True, **order)

    def walk(self, query: tantivy.Query, *, oldest_first: bool) -> Iterator[Any]:
        """All that match, each page from where the last one ended; entries that share a recency are not lost."""
        last: int | None = None
        given: set[tuple[int, int]] = set()
        while True:
            limit = SCAN_PAGE + len(given)
            rest = query if last is None else self.beyond(query, last, oldest_first=oldest_first)
            page = self.by_recency(rest, limit, oldest_first=oldest_first).hits
            yield from (address for _, address in page if place_of(address) not in given)
            if len(page) < limit:
                return
            if page[-1][0] != last:
                last, given = page[-1][0], set()
            given |= {place_of(address) for recency, address in page if recency == last}

    def beyond(self, query: tantivy.Query, last: int, *, oldest_first: bool) -> tantivy.Query:
        """What a query finds from a recency on, itself included."""
        low, high = (last, None) if oldest_first else (None, last)
        bound = tantivy.Query.range_query(self.schema, "recency", tantivy.FieldType.Integer, low, high)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, bound)])


def place_of(address: Any) -> tuple[int, int]:
    """Where an entry stands in the index as it is now."""
    return address.segment_ord, address.doc


@cache
def _schema(kind: Kind) -> Any:
    builder = tantivy.SchemaBuilder()
    for spec in templates.fields(kind):
        _add_field(builder, spec)
    return builder.build()


def _add_field(builder: Any, spec: templates.FieldSpec) -> None:
    """The field of tantivy that answers as the mapped one does."""
    match spec.type:
        case "text":
            for name in (spec.name, f"{spec.name}.exact") if spec.exact else (spec.name,):
                builder.add_text_field(field_name(name), tokenizer_name=_ANALYZED)
        case "keyword" if spec.indexed:
            stored = spec.name == "id"
            builder.add_text_field(spec.name, stored=stored, fast=True, tokenizer_name="raw", index_option="basic")
        case "date" | "long" | "integer":
            builder.add_integer_field(spec.name, indexed=True, fast=True)
        case "double":
            builder.add_float_field(spec.name, indexed=True, fast=True)
        case "boolean":
            builder.add_boolean_field(spec.name, indexed=True, fast=True)
        case "geo_point":
            for part in ("lat", "lon"):
                builder.add_float_field(f"{spec.name}_{part}", indexed=True, fast=True)
        case "object":
            builder.add_bytes_field(spec.name, stored=True)
        case _:
            assert not spec.indexed, f"the embedded index has no field like {spec}"


def prepare(kind: Kind, record: Record, revision: int | None = None) -> tuple[str, tantivy.Document]:
    """Id and document of a record.

    Raises:
        ValueError: it holds what cannot be stored.
    """
    found = values(entry_of(record, revision))
    kept, texts = _plain(kind), _texts(kind)
    fields = {name: [*value] if isinstance(value, tuple) else value for name, value in found.items() if name in kept}
    for spec in texts:
        fields |= _searched(spec, found[spec.name])
    if "location" in found:
        fields["location_lat"], fields["location_lon"] = found["location"]
    return found["id"], tantivy.Document.from_dict(fields, _schema(kind))


@cache
def _plain(kind: Kind) -> frozenset[str]:
    """Fields whose values are kept as they are."""
    wanted = (spec for spec in templates.fields(kind) if spec.indexed or spec.type == "object")
    return frozenset(spec.name for spec in wanted if spec.type not in {"text", "geo_point"})


@cache
def _texts(kind: Kind) -> tuple[templates.FieldSpec, ...]:
    return tuple(spec for spec in templates.fields(kind) if spec.type == "text")


def _searched(spec: templates.FieldSpec, text: str) -> dict[str, Any]:
    stems, exact = analysis.searched(text)
    return {spec.name: stems, field_name(f"{spec.name}.exact"): exact} if spec.exact else {spec.name: stems}
