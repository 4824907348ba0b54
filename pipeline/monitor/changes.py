"""Changes of state: noted after each crawl, kept with the notices that tell of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pydantic import ConfigDict, with_config

from pipeline.archive import Archive
from pipeline.archive.watching import OutletState
from pipeline.monitor.judge import judge
from pipeline.monitor.observe import observe
from pipeline.monitor.states import State, Verdict, rank
from pipeline.records import encode

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

LOOKS_BEFORE_TELLING: Final = {State.FAILING: 2}
"""Runs that must find a state before notices tell of it; others at once. Networks fail and recover."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """An outlet that is doing better or worse than before."""

    outlet: str
    before: State
    after: State
    reason: str
    at: datetime

    @property
    def worse(self) -> bool:
        """Whether somebody should look."""
        return rank(self.after) > rank(self.before)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is sent: all changes of one run."""

    id: str
    """The same when it is sent again."""
    at: datetime
    changes: tuple[StateChange, ...]


def watch_step(
    archive: Archive, outlets: Iterable[Outlet], channels: Iterable[str] = (), *, now: datetime | None = None
) -> list[StateChange]:
    """Judge outlets after a crawl; what has changed since they were judged before. Notices for the channels are put down."""
    at = now or datetime.now(UTC)
    seen, before = observe(archive, list(outlets), now=at), archive.watching.states()
    changes: list[StateChange] = []
    tellings: list[StateChange] = []
    states: list[OutletState] = []
    for outlet, observed in seen.items():
        begun = observed.begun
        if begun is None:
            continue  # never asked: nothing to remember
        state = _next(before.get(outlet), outlet, judge(observed), begun, at)
        was = before[outlet].state if outlet in before else State.NEW.value
        if was != state.state:
            changes.append(_change(was, state, at))
        if state.told != state.state and state.looks >= LOOKS_BEFORE_TELLING.get(State(state.state), 1):
            tellings.append(_change(state.told, state, at))
            state = replace(state, told=state.state)
        states.append(state)
    told = [one for one in tellings if rank(one.before) != rank(one.after) or rank(one.after)]
    record = encode(Notice(id=f"vigia-{at:%Y%m%dT%H%M%S%f}", at=at, changes=tuple(told))).decode()
    archive.watching.save_states(states, [(channel, record) for channel in channels if told], at=at)
    return changes


def _next(was: OutletState | None, outlet: str, verdict: Verdict, begun: datetime, at: datetime) -> OutletState:
    if was is not None and was.state == verdict.state:
        return replace(was, reason=verdict.reason, looks=was.looks + 1)
    return OutletState(
        outlet=outlet,
        begun=was.begun if was else begun,
        state=verdict.state.value,
        reason=verdict.reason,
        since=at,
        looks=1,
        told=was.told if was else State.NEW.value,
    )


def _change(before: str, state: OutletState, at: datetime) -> StateChange:
    return StateChange(outlet=state.outlet, before=State(before), after=State(state.state), reason=state.reason, at=at)
