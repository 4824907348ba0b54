"""What is known of outlets, gathered from the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pipeline.archive import Archive, FetchState
from pipeline.archive.watching import RunFacts
from pipeline.monitor.judge import BEFORE, RECENT
from pipeline.monitor.states import Answer, Look, Observed, Sample, State
from pipeline.monitor.usual import WEEKS
from scrapers.items import Outcome

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

_GOOD: Final = (Outcome.NEW, Outcome.CHANGED, Outcome.NO_DATE)
_KNOWN: Final = (Outcome.UNCHANGED, Outcome.TOO_OLD)
_USUAL: Final = 3 * BEFORE
"""Articles from which it is learned what articles are usually like."""
FORGIVEN: Final = timedelta(days=14)
"""After which the new ways of an outlet are its usual ones."""


def observe(archive: Archive, outlets: list[Outlet], *, now: datetime | None = None) -> dict[str, Observed]:
    """Outlet -> what is known of it."""
    watching = archive.watching
    entry_points = {entry.url for outlet in outlets for entry in outlet.entry_points}
    begun, facts = watching.begun(), watching.run_facts(entry_points)
    now = now or datetime.now(UTC)
    hours = watching.hours(now - timedelta(weeks=WEEKS + 2))
    worse = {
        key: state.since
        for key, state in watching.states().items()
        if state.state == State.DEGRADED and now - state.since < FORGIVEN
    }
    return {
        outlet.id: _observed(
            archive,
            outlet,
            begun.get(outlet.id),
            facts.get(outlet.id, []),
            hours.get(outlet.id, Counter()),
            worse.get(outlet.id),
        )
        for outlet in outlets
    }


def _observed(
    archive: Archive,
    outlet: Outlet,
    begun: datetime | None,
    facts: list[RunFacts],
    hours: Mapping[int, int],
    worse_since: datetime | None,
) -> Observed:
    if not outlet.enabled:
        return Observed(enabled=False, disabled_reason=outlet.disabled_reason)
    guesses = {entry.url: entry.status == "guess" for entry in outlet.entry_points}
    states = [state for state in archive.fetch_states(guesses) if state.url in guesses]
    return Observed(
        answers=tuple(_answer(state, guess=guesses[state.url]) for state in states),
        looks=tuple(map(_look, facts)),
        begun=begun,
        looked=max((state.succeeded for state in states if state.succeeded), default=None),
        hours=hours,
        samples=tuple(_samples(archive, outlet.id, worse_since)) if states else (),
        worse_since=worse_since,
    )


def _samples(archive: Archive, outlet: str, worse_since: datetime | None) -> Iterator[Sample]:
    """The newest articles, and those before them that they are compared with: of an outlet that does worse those before it did, or its
    new ways would soon be taken for its usual ones, and that for a recovery.
    """
    if worse_since is None:
        yield from map(_sample, archive.watching.newest_records(outlet, RECENT + _USUAL))
        return
    yield from map(_sample, archive.watching.newest_records(outlet, RECENT))
    yield from map(_sample, archive.watching.newest_records(outlet, _USUAL, before=worse_since))


def _answer(state: FetchState, *, guess: bool) -> Answer:
    return Answer(
        url=state.url,
        guess=guess,
        outcome=state.outcome,
        status=state.status,
        failures=state.failures,
        detail=state.detail,
    )


def _look(facts: RunFacts) -> Look:
    return Look(
        at=facts.at,
        good=sum(facts.counts.get(outcome, 0) for outcome in _GOOD),
        known=sum(facts.counts.get(outcome, 0) for outcome in _KNOWN),
        strangers=facts.counts.get(Outcome.NOT_ARTICLE, 0),
        bad={Outcome(outcome): n for outcome, n in facts.bad_pages.items()},
    )


def _sample(record: Mapping[str, Any]) -> Sample:
    return Sample(
        characters=len(record["body"]),
        date=record["published"] is not None,
        authors=bool(record.get("authors")),
        section=bool(record.get("section")),
    )
