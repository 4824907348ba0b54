"""Loading an index anew from the archive, beside the one that is searched meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.archive.analysed import ARTICLES, INCIDENTS, index_stage
from pipeline.index import SearchIndex
from pipeline.records import Document, Incident
from pipeline.run import IndexReport
from pipeline.work import Work


class _Stopped(Exception):
    """The work was told to stop: nothing has changed."""


@dataclass(slots=True)
class _Taken:
    """What went into the new index, and in which revision."""

    articles: dict[str, int] = field(default_factory=dict)
    incidents: dict[str, int] = field(default_factory=dict)
    outlets: dict[str, str] = field(default_factory=dict)


def rebuild_step(work: Work, index: SearchIndex) -> IndexReport:
    """Put everything that the archive holds into a new index, then that in the place of the old one.

    When the work is stopped before its end, the old index stays as it is.

    Raises:
        IndexUnavailable: the index went away; the old one stays as it is.
    """
    taken = _Taken()
    nothing = f"rebuild:{uuid.uuid4().hex}"  # an index that has nothing, so that everything is pending
    try:
        loaded = _documents(work, nothing, taken), _incidents(work, nothing, taken)
        put = index.rebuild(*loaded, taken.articles, taken.incidents)
    except _Stopped:
        work.left.append("the index was not loaded anew: stopped before the end; it is as it was")
        return IndexReport()
    target = index.target()
    work.archive.forget_index(target)
    refused = dict(put.refused)
    for kind, revisions in ((ARTICLES, taken.articles), (INCIDENTS, taken.incidents)):
        done = {key: revision for key, revision in revisions.items() if key not in refused}
        work.archive.mark_indexed(target, done, kind=kind)
        for key in revisions.keys() & refused.keys():
            stage, outlet = index_stage(target, kind), taken.outlets.get(key, "")
            work.archive.reject(stage, str(revisions[key]), article_id=key, outlet=outlet, reason=refused[key])
    indexed = sum(key not in refused for key in taken.articles)
    work.archive.count("index", "", "indexed", indexed)
    incidents = sum(key not in refused for key in taken.incidents)
    return IndexReport(indexed=indexed, incidents=incidents, refused=list(put.refused))


def _documents(work: Work, nothing: str, taken: _Taken) -> Iterator[Document]:
    for one in work.archive.pending_index(nothing):
        if work.stop.due():
            raise _Stopped
        article = one.document.article
        taken.articles[article.id], taken.outlets[article.id] = one.revision, article.outlet
        work.progress("index", len(taken.articles), 0)
        yield one.document


def _incidents(work: Work, nothing: str, taken: _Taken) -> Iterator[Incident]:
    for one in work.archive.pending_incidents(nothing):
        if work.stop.due():
            raise _Stopped
        if one.incident is not None:
            taken.incidents[one.id] = one.revision
            yield one.incident
