"""``vigia doctor --deep``: every article against its hash, every raw response against its checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pipeline.archive import Archive, ArchiveError, RawMissing
from pipeline.cli.checkup import Finding, archive_file
from pipeline.settings import Settings
from pipeline.stop import Progress

MOST_EXAMPLES = 5


def verify(settings: Settings, progress: Progress) -> list[Finding]:
    """Look at every record. Nothing is changed."""
    if (file := archive_file(settings)) is not None and not file.exists():
        return []
    try:
        with Archive.open(settings) as archive:
            return [_database(archive), _articles(archive, progress), _raw(archive, progress), *_leftovers(archive)]
    except ArchiveError:
        return []  # said by the plain check


def _database(archive: Archive) -> Finding:
    faults = archive.keeping.database_faults()
    return _finding("database", len(faults), faults, "faults in its files and references")


def _articles(archive: Archive, progress: Progress) -> Finding:
    total = archive.numbers()["articles"]
    faults = _counted(archive.keeping.article_faults(), "articles", total, progress)
    return _finding("articles", total, list(faults), "as their hashes say")


def _raw(archive: Archive, progress: Progress) -> Finding:
    total = archive.keeping.count_pointers()
    faults = _counted(_raw_faults(archive), "raw responses", total, progress)
    return _finding("raw", total, list(faults), "raw response(s) as their checksums say")


def _raw_faults(archive: Archive) -> Iterator[str | None]:
    for raw, sha256 in archive.keeping.pointers():
        if sha256 is None:
            yield f"{raw}: the archive does not know of it"
            continue
        try:
            body = archive.raw(raw).body
        except RawMissing as error:
            yield str(error)
        else:
            same = hashlib.sha256(body).hexdigest() == sha256
            yield None if same else f"{raw}: other bytes than were fetched"


def _leftovers(archive: Archive) -> Iterator[Finding]:
    if files := archive.keeping.leftovers():
        text = (
            f"{len(files)} file(s) that nothing points into, left by a prune that was killed: vigia prune removes them"
        )
        yield Finding(subject="raw", state="note", text=text)


def _counted(faults: Iterable[str | None], step: str, total: int, progress: Progress) -> Iterator[str]:
    for done, fault in enumerate(faults, start=1):
        if fault is not None:
            yield fault
        if done % 100 == 0 or done == total:
            progress(step, done, total)


def _finding(subject: str, total: int, faults: list[str], fine: str) -> Finding:
    if not faults:
        return Finding(subject=subject, state="ok", text=f"{total} {fine}")
    more = f"; and {len(faults) - MOST_EXAMPLES} more" if len(faults) > MOST_EXAMPLES else ""
    text = f"{len(faults)} at fault: {'; '.join(faults[:MOST_EXAMPLES])}{more}"
    return Finding(subject=subject, state="error", text=text)
