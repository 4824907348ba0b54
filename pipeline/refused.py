"""Records that an index refused: kept in the archive with the reason, listed, and tried again on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ConfigDict, with_config

from pipeline.archive import Archive
from pipeline.archive.analysed import ARTICLES, INCIDENTS, index_stage
from pipeline.index import SearchIndex


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record that is not in the index, though the index was asked to take it."""

    kind: str
    """``articles``, each with its events and claims, or ``incidents``."""
    id: str
    reason: str
    at: datetime
    """When it was tried last."""


def find_refused(archive: Archive, index: SearchIndex) -> list[Refused]:
    """What this very index refused and has not taken since.

    Raises:
        IndexUnavailable: the index cannot say which one it is.
    """
    return [
        Refused(kind=kind, id=reject.id, reason=reject.reason, at=reject.at)
        for kind, stage in _stages(index)
        for reject in archive.rejects(stage)
    ]


def forget_refused(archive: Archive, index: SearchIndex) -> None:
    """Let all of that be tried again: the next load takes it up. Killed after this, nothing is lost: it is pending.

    Raises:
        IndexUnavailable: as above.
    """
    for _, stage in _stages(index):
        archive.clear_rejects(stage)


def _stages(index: SearchIndex) -> list[tuple[str, str]]:
    target = index.target()
    return [(kind, index_stage(target, kind)) for kind in (ARTICLES, INCIDENTS)]
