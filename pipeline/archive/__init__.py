"""The archive: SQLite by default, PostgreSQL by URL; raw responses in WARC files beside it."""

from pipeline.archive.analysed import Analysed, Pending, PendingIncident, StoredArticle
from pipeline.archive.archive import Archive
from pipeline.archive.crawled import FetchState
from pipeline.archive.database import ArchiveError
from pipeline.archive.merging import Change, Merging, Placed, Signed
from pipeline.archive.runs import Count, Issue, Reject, Run, RunState
from pipeline.archive.warc import RawMissing

__all__ = [
    "Analysed",
    "Archive",
    "ArchiveError",
    "Change",
    "Count",
    "FetchState",
    "Issue",
    "Merging",
    "Pending",
    "PendingIncident",
    "Placed",
    "RawMissing",
    "Reject",
    "Run",
    "RunState",
    "Signed",
    "StoredArticle",
]
