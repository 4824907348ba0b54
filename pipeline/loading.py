"""Bringing an index up to date with the archive: what it lacks streams in, and what it has confirmed is entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import Final, TypeVar

from pipeline.archive import Pending, PendingIncident
from pipeline.archive.analysed import ARTICLES, INCIDENTS, index_stage
from pipeline.index import Kind, PutReport, SearchIndex
from pipeline.records import Document, Incident
from pipeline.work import Work

T = TypeVar("T")

INDEX_BATCH: Final = 5000
"""Records of one load into the index: after each, searches see what is new."""


@dataclass(slots=True)
class IndexReport:
    """What came of bringing an index up to date."""

    indexed: int = 0
    """Articles, with their events and claims."""
    incidents: int = 0
    """Put or taken out."""
    overtaken: int = 0
    """Of which the index has a newer revision than the archive had."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Id and reason."""


@dataclass(slots=True)
class Taken:
    """What was taken from the archive on its way into an index; filled as the index asks for the next one."""

    revisions: dict[str, int] = field(default_factory=dict)
    """By id of the article or incident."""
    outlets: dict[str, str] = field(default_factory=dict)
    """Of articles."""
    gone: list[str] = field(default_factory=list)
    """Incidents that the index is to forget."""

    def documents(self, pending: Iterable[Pending]) -> Iterator[Document]:
        """The documents, noted."""
        for one in pending:
            article = one.document.article
            self.revisions[article.id], self.outlets[article.id] = one.revision, article.outlet
            yield one.document

    def incidents(self, pending: Iterable[PendingIncident]) -> Iterator[Incident]:
        """The incidents that there are, noted."""
        for one in pending:
            self.revisions[one.id] = one.revision
            if one.incident is None:
                self.gone.append(one.id)
            else:
                yield one.incident


def index_step(work: Work, index: SearchIndex) -> IndexReport:
    """Bring an index up to date with the archive. To load everything anew: :func:`pipeline.rebuild.rebuild_step`.

    Raises:
        IndexUnavailable: the index went away; what it had taken by then is noted, and the next time goes on from there.
    """
    report = IndexReport()
    target = index.target()
    _index_articles(work, index, target, report)
    _index_incidents(work, index, target, report)
    index.refresh()
    if report.overtaken:
        work.problems.append(
            f"of {report.overtaken} record(s) the index has a newer revision: another load was quicker, or the archive "
            "is an older copy (then: vigia index --rebuild)"
        )
    if not work.stop.due():
        index.publish()
    return report


def enter(work: Work, target: str, kind: str, taken: Taken, put: PutReport) -> None:
    """Enter what an index has confirmed, and what it refused."""
    work.archive.mark_indexed(target, {key: taken.revisions[key] for key in put.indexed}, kind=kind)
    stage = index_stage(target, kind)
    for key, reason in put.refused:
        outlet = taken.outlets.get(key, "")
        work.archive.reject(stage, str(taken.revisions[key]), article_id=key, outlet=outlet, reason=reason)


def _index_articles(work: Work, index: SearchIndex, target: str, report: IndexReport) -> None:
    pending = work.archive.pending_index(target)

    def confirmed(taken: Taken, put: PutReport) -> None:
        enter(work, target, ARTICLES, taken, put)
        work.archive.count("index", "", "indexed", len(put.indexed))
        report.indexed += len(put.indexed)
        report.refused += put.refused
        work.progress("index", report.indexed, 0)

    for batch in _batches(work, pending, "articles"):
        taken = Taken()
        put = index.replace_articles(taken.documents(batch), taken.revisions, partial(confirmed, taken))
        report.overtaken += len(put.overtaken)


def _index_incidents(work: Work, index: SearchIndex, target: str, report: IndexReport) -> None:
    pending = work.archive.pending_incidents(target)

    def confirmed(taken: Taken, put: PutReport) -> None:
        enter(work, target, INCIDENTS, taken, put)
        report.incidents += len(put.indexed)
        report.refused += put.refused

    for batch in _batches(work, pending, "incidents"):
        taken = Taken()
        put = index.put(Kind.INCIDENTS, taken.incidents(batch), taken.revisions, partial(confirmed, taken))
        report.overtaken += len(put.overtaken)
        if taken.gone:
            index.delete(Kind.INCIDENTS, taken.gone, taken.revisions)
            confirmed(taken, PutReport(indexed=tuple(taken.gone)))


def _batches(work: Work, pending: Iterator[T], what: str) -> Iterator[Iterator[T]]:
    """What is pending, in parts that end early when the work is to stop. Exhaust each before the next."""
    for first in pending:
        if work.stop.due():
            work.left.append(f"some {what} wait to be indexed")
            return
        yield _until(work, chain([first], islice(pending, INDEX_BATCH - 1)))


def _until(work: Work, pending: Iterator[T]) -> Iterator[T]:
    for one in pending:
        yield one
        if work.stop.due():
            return
