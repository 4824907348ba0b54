"""What every command that writes to the archive goes by: the lock, the book of runs, a stop, and what could not be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.archive import Archive, ArchiveError, Issue, Run, RunState
from pipeline.lock import exclusive
from pipeline.monitor import StateChange
from pipeline.settings import Settings
from pipeline.stop import Progress, Stop, silent
from scrapers.items import FAILURES, Outcome

REJECTED = "rejected"
"""Outcome of a record that a step could not take."""
REQUESTS = "requests"
"""Stage under which a run counts the requests that its crawl made, by outlet."""
BAD = (FAILURES | {REJECTED}) - {Outcome.FORBIDDEN_BY_ROBOTS}
"""Outcomes that make a run "partly failed"."""
_ANSWERED = frozenset({Outcome.FEED_READ, Outcome.FEED_DONE, Outcome.FEED_EMPTY, Outcome.NOT_MODIFIED})
_DONE = frozenset({RunState.FINISHED, RunState.OUT_OF_TIME})


@dataclass(slots=True, kw_only=True)
class Work:
    """One command at work on the archive, and what it came to."""

    settings: Settings
    archive: Archive
    stop: Stop
    progress: Progress = silent
    problems: list[str] = field(default_factory=list)
    """Steps that could not be done, for people."""
    left: list[str] = field(default_factory=list)
    """What the stop left for the next run, for people."""
    changes: list[StateChange] = field(default_factory=list)
    """Outlets that are doing better or worse than after the last run."""
    run: Run | None = None
    """The run as entered; set when it has ended."""
    issues: list[Issue] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether something did not work, though the rest was done. Ask when it has ended."""
        assert self.run is not None, "the work has not ended"
        counted = any(count.outcome in BAD for count in self.run.counts)
        worse = any(change.worse for change in self.changes)
        return bool(self.problems) or worse or counted or bool(self._shut_out()) or self.run.state not in _DONE

    def _shut_out(self) -> set[str]:
        """Outlets whose robots.txt let us read nothing. A page that it forbids is no failure: we keep to it."""
        assert self.run is not None
        forbidden = {count.outlet for count in self.run.counts if count.outcome == Outcome.FORBIDDEN_BY_ROBOTS}
        return forbidden - {count.outlet for count in self.run.counts if count.outcome in _ANSWERED}

    def state(self) -> RunState:
        """How it ends, when it ends now."""
        if self.stop.signalled:
            return RunState.STOPPED
        return RunState.OUT_OF_TIME if self.left else RunState.FINISHED


@contextmanager
def _archive_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"a file cannot be read or written: {error}; what was done until then is kept") from error


@contextmanager
def working(
    settings: Settings, command: str, *, stop: Stop | None = None, progress: Progress = silent
) -> Iterator[Work]:
    """Hold the lock, open the archive, and enter the work into its book of runs.

    Raises:
        AnotherRun: somebody else is at work.
        ArchiveError: the archive cannot be opened, or failed at work; what was done until then is kept.
    """
    with _archive_errors(), exclusive(settings.lock_path, command), Archive.open(settings) as archive:
        work = Work(settings=settings, archive=archive, stop=stop or Stop(), progress=progress)
        number = archive.begin_run(command)
        state = RunState.FAILED
        try:
            with work.stop.by_signal():
                yield work
            state = work.state()
        finally:
            work.run = archive.end_run(state)
            work.issues = archive.issues(number)
