"""Loading an index anew from the archive, beside the one that is searched meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pipeline.archive.analysed import ARTICLES, INCIDENTS
from pipeline.index import PutReport, SearchIndex
from pipeline.loading import IndexReport, Taken, enter
from pipeline.records import Document
from pipeline.work import Work

T = TypeVar("T")


class _Stopped(Exception):
    """The work was told to stop: nothing has changed."""


def rebuild_step(work: Work, index: SearchIndex) -> IndexReport:
    """Put everything that the archive holds into a new index, then that in the place of the old one.

    When the work is stopped before its end, the old index stays as it is.

    Raises:
        IndexUnavailable: the index went away; the old one stays as it is.
    """
    articles, incidents = Taken(), Taken()
    nothing = f"rebuild:{uuid.uuid4().hex}"  # an index that has nothing, so that everything is pending
    try:
        put = index.rebuild(
            _told(work, articles.documents(_unless_stopped(work, work.archive.pending_index(nothing)))),
            incidents.incidents(_unless_stopped(work, work.archive.pending_incidents(nothing))),
            articles.revisions,
            incidents.revisions,
        )
    except _Stopped:
        work.left.append("the index was not loaded anew: stopped before the end; it is as it was")
        return IndexReport()
    target = index.target()
    work.archive.forget_index(target)
    of_articles, of_incidents = _of(articles, put), _of(incidents, put)
    enter(work, target, ARTICLES, articles, of_articles)
    enter(work, target, INCIDENTS, incidents, of_incidents)
    indexed = len(of_articles.indexed)
    work.archive.count("index", "", "indexed", indexed)
    return IndexReport(indexed=indexed, incidents=len(of_incidents.indexed), refused=list(put.refused))


def _of(taken: Taken, put: PutReport) -> PutReport:
    """The part of a report that tells of what was taken."""
    refused = tuple(pair for pair in put.refused if pair[0] in taken.revisions)
    shut_out = {key for key, _ in refused}
    return PutReport(indexed=tuple(key for key in taken.revisions if key not in shut_out), refused=refused)


def _told(work: Work, documents: Iterable[Document]) -> Iterator[Document]:
    for number, document in enumerate(documents, 1):
        work.progress("index", number, 0)
        yield document


def _unless_stopped(work: Work, pending: Iterable[T]) -> Iterator[T]:
    for one in pending:
        if work.stop.due():
            raise _Stopped
        yield one
