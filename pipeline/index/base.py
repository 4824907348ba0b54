"""What an index is, whatever stands behind it: kinds of entry, hits, facets, reports, errors, and the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.records import ClaimRecord, Document, EventRecord, Incident

if TYPE_CHECKING:
    from pipeline.index.query import Query

Record = Document | EventRecord | ClaimRecord | Incident
Revisions = Mapping[str, int]
"""Id of a record -> its revision in the archive, which grows with every change of it."""
NO_REVISIONS: Revisions = MappingProxyType({})


class Kind(StrEnum):
    """What an entry of the index is."""

    ARTICLES = "articles"
    EVENTS = "events"
    CLAIMS = "claims"
    INCIDENTS = "incidents"


class IndexUnavailable(Exception):
    """The index cannot be reached, opened or written now; the message says what to do."""


class WrongVersion(IndexUnavailable):
    """A server, or an index, of a version that this program does not work with."""


class QueryError(ValueError):
    """A query that cannot be answered as it is written."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message if position is None else f"{message} (character {position + 1} of the query)")
        self.said = message
        """The message without the position."""
        self.position = position
        """Offset of the wrong character in the query's text, ``None`` when the fault is not in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A passage of an entry's text with the words that were found, accents and all."""

    start: int
    """Offset of the passage in the entry's text; for articles that is the article's text."""
    text: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of each word found, as offsets into the entry's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Words of an article that tell a fact that was asked for: a place, a gang, a sum …"""

    field: str
    """Of the event's evidence: ``place``, ``gangs``, ``money``, ``trigger`` …; of a mention its label; of a claim ``text``."""
    article_id: str
    start: int
    """Offset into the article's text."""
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One entry found."""

    id: str
    """The article's, the incident's, or ``article.event`` and ``article.claim``: see ``pipeline.index.flatten``."""
    kind: Kind
    score: float | None
    """Relevance; comparable within one answer only. ``None`` when the order is not by relevance."""
    source: dict[str, Any]
    """The whole record, as ``pipeline.records.to_dict`` gives it."""
    highlights: tuple[Highlight, ...] = ()
    told: tuple[Told, ...] = ()
    """The words that tell what the filters and fields of the query ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """How many entries have one value."""

    value: str
    count: int
    label: str
    """The value for people: the name of a place for its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The commonest values of one field among all entries found, most entries first, then by value."""

    values: tuple[FacetValue, ...]
    other: int
    """Entries counted under values that are not shown; one with two such values counts twice."""
    missing: int
    """Entries that have no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of an answer."""

    hits: tuple[Hit, ...]
    total: int
    """Entries found on all pages: exact."""
    facets: dict[str, Facet] = field(default_factory=dict)
    after: str | None = None
    """Where the next page begins, for ``Query.after``; ``None``: there is none, or hits are not in the order of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutReport:
    """What became of records that were put."""

    indexed: tuple[str, ...] = ()
    """Ids of records that are now in the index, durably."""
    refused: tuple[tuple[str, str], ...] = ()
    """Id and reason of each record that is not."""
    overtaken: tuple[str, ...] = ()
    """Ids of records of which the index has a newer revision already: they changed nothing."""

    def __add__(self, other: PutReport) -> PutReport:
        return PutReport(
            indexed=self.indexed + other.indexed,
            refused=self.refused + other.refused,
            overtaken=self.overtaken + other.overtaken,
        )


Confirm = Callable[[PutReport], None]
"""Told of a part of a load as soon as it is durable, by whoever called for the load."""


def unheard(_: PutReport) -> None:
    """A part of a load is confirmed, and nobody wants to know before the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """An index, for ``vigia doctor``."""

    backend: str
    where: str
    version: str
    """Of the engine behind it."""
    templates: int
    """Version of the templates that it was made from."""
    target: str
    """Names this very index, see :meth:`SearchIndex.target`; empty when there is none yet."""
    counts: dict[Kind, int]
    lifecycle: str | None = None
    """What moves and goes by itself, for people; ``None``: nothing is to."""
    health: str | None = None
    """Of a cluster's copies: ``green``, ``yellow`` (all is there, but some copies are not) or ``red``. ``None``: there are none."""


class SearchIndex(Protocol):
    """A rebuildable index over the archive. Every method may raise :class:`IndexUnavailable`.

    Whoever loads gives the revision of each record: an older one never takes the place of a newer, however late it comes and
    whoever else loads at the same time. A record without a revision takes the place of whatever is there.
    """

    def put(
        self,
        kind: Kind,
        records: Iterable[Record],
        revisions: Revisions = NO_REVISIONS,
        confirm: Confirm = unheard,
    ) -> PutReport:
        """Put records of one kind; a record whose id is there is replaced. Durable when it returns, visible after a refresh.

        A revision is looked up when its record has come, so the mapping may be filled on the way. ``confirm`` hears of each
        part of the load, so that what was done is known when the index goes away in the middle of it.
        """
        ...

    def delete(self, kind: Kind, ids: Iterable[str], revisions: Revisions = NO_REVISIONS) -> int:
        """Take out entries; the number that were there."""
        ...

    def replace_article(self, document: Document) -> PutReport:
        """Put one article with its events and claims; those of older versions go."""
        ...

    def replace_articles(
        self, documents: Iterable[Document], revisions: Revisions = NO_REVISIONS, confirm: Confirm = unheard
    ) -> PutReport:
        """The same for many, in batches and constant memory; revisions and ``confirm`` as in :meth:`put`. Reports name articles."""
        ...

    def rebuild(
        self,
        documents: Iterable[Document],
        incidents: Iterable[Incident] = (),
        revisions: Revisions = NO_REVISIONS,
        incident_revisions: Revisions = NO_REVISIONS,
    ) -> PutReport:
        """Load everything anew, and only this; searches see the old content until the new is complete.

        The report names articles and incidents. An error that comes out of ``documents`` leaves the index as it was.
        :meth:`target` may have another value afterwards.
        """
        ...

    def get(self, kind: Kind, entry_id: str) -> Hit | None:
        """One entry."""
        ...

    def search(self, query: Query) -> SearchPage:
        """One page.

        Raises:
            QueryError: the query cannot be answered as it is written.
        """
        ...

    def scan(self, query: Query) -> Iterator[Hit]:
        """All that match, newest first (oldest first if the query says so), without limit and in constant memory."""
        ...

    def count(self, query: Query) -> int:
        """How many match."""
        ...

    def refresh(self) -> None:
        """Make what was put visible to searches."""
        ...

    def publish(self) -> None:
        """A load is complete: searches are to read what was loaded, if they still read an index of older templates."""
        ...

    def describe(self) -> IndexState:
        """What it is and how much is in it."""
        ...

    def target(self) -> str:
        """Names this very index, made if need be, for the archive's book of what is indexed.

        Another value means that nothing of the archive is in it yet.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
