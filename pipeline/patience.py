"""When an outlet that does not answer, or refuses us, is asked again: later each time, and not before the moment that it named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from scrapers.items import Outcome

if TYPE_CHECKING:
    from pipeline.archive import Archive, FetchState
    from scrapers.outlet import Outlet

LONGEST: Final = timedelta(hours=6)
"""Between two tries of an outlet that does not answer as it should."""
LONGEST_REFUSED: Final = timedelta(hours=24)
"""The same of one that refuses us."""
SEVERAL: Final = 3
"""Outlets that do not fail at once by themselves."""
CUT_OFF: Final = (
    "could be reached: is this machine connected (network, DNS, proxy, firewall)? The next run asks all of them again; "
    "until one answers, how they are doing is not judged"
)
"""What is said of outlets when :func:`cut_off`."""
_REFUSALS: Final = frozenset({Outcome.BLOCKED, Outcome.FORBIDDEN_BY_ROBOTS})
_DOUBLINGS: Final = 10


def resting(archive: Archive, outlets: Iterable[Outlet], now: datetime) -> dict[str, datetime]:
    """Outlet -> when it is asked again; without those that may be asked now."""
    named = archive.pauses(now)
    until: dict[str, datetime] = {}
    states = [(outlet, archive.fetch_states(entry.url for entry in outlet.entry_points)) for outlet in outlets]
    ours = cut_off(answers for _, answers in states)
    for outlet, answers in states:
        earned = None if ours else next_try(answers, timedelta(minutes=outlet.poll_minutes))
        latest = max((moment for moment in (named.get(outlet.id), earned) if moment is not None), default=now)
        if now < latest <= now + LONGEST_REFUSED:  # a later one was entered by a clock that was wrong
            until[outlet.id] = latest
    return until


def cut_off(answers: Iterable[Sequence[FetchState]]) -> bool:
    """Whether it is this machine that is cut off from the network, and not the outlets that fail: not one of several answered, by
    whatever, when it was last asked.

    Args:
        answers: of outlets, the states of the entry points of each.
    """
    asked = [states for states in answers if states]
    lost = all(state.failures and state.outcome is Outcome.NETWORK_ERROR for states in asked for state in states)
    return len(asked) >= SEVERAL and lost


def next_try(states: Sequence[FetchState], poll: timedelta) -> datetime | None:
    """When an outlet is asked again of whose entry points none answered when it was last asked; ``None``: with the next run.

    After the first failure at once (networks fail and recover), then after one, two, four … times the usual while. Who refused us
    is left alone from the first time on.

    Args:
        states: of its entry points.
        poll: how often it is asked as a rule.
    """
    if not states or not all(state.failures for state in states):
        return None
    refused = any(state.outcome in _REFUSALS for state in states)
    times = min(state.failures for state in states) - (0 if refused else 1)
    if times < 1:
        return None
    wait = min(poll * (1 << min(times - 1, _DOUBLINGS)), LONGEST_REFUSED if refused else LONGEST)
    return max(state.at for state in states) + wait
