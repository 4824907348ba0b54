"""The states of an outlet, and what is known of it when they are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from scrapers.items import Outcome


class State(StrEnum):
    """How an outlet is doing."""

    OK = "ok"
    NEW = "new"
    """Too little history to know what is usual for it."""
    DISABLED = "disabled"
    DEGRADED = "degraded"
    """It brings articles, but fewer, shorter or barer ones than usual, or by some of its entry points only."""
    SILENT = "silent"
    """It answers and brings nothing, for longer than is usual for it."""
    CHANGED = "changed"
    """It answers with something else than it used to: no feed, a feed gone, links that lead elsewhere."""
    FAILING = "failing"
    """It does not answer, or with errors."""
    BLOCKED = "blocked"
    """It refuses us: 401, 403, 429, robots.txt."""


_RANK: Final = {State.DEGRADED: 1, State.SILENT: 2, State.CHANGED: 3, State.FAILING: 3, State.BLOCKED: 3}


def rank(state: State) -> int:
    """How bad a state is: 0 (all is well, or nothing is known) to 3."""
    return _RANK.get(state, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A state, and why, for people."""

    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How an entry point answered when it was last asked."""

    url: str
    guess: bool
    """Nobody has seen it answer: while others do, it does not count."""
    outcome: Outcome
    status: int | None
    failures: int
    """In a row."""
    detail: str | None = None
    """What was wrong, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one run met at the outlet."""

    at: datetime
    good: int = 0
    """Articles that were new, or changed."""
    known: int = 0
    """Articles that were known already, or too old."""
    strangers: int = 0
    """Addresses on its site that do not have the form of an article."""
    bad: Mapping[Outcome, int] = field(default_factory=dict)
    """Failures of articles' pages, without those of entry points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article in figures."""

    characters: int
    """Of its body."""
    date: bool
    authors: bool
    section: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What is known of an outlet. Times are aware UTC."""

    enabled: bool = True
    disabled_reason: str | None = None
    answers: tuple[Answer, ...] = ()
    """Of the entry points that were ever asked."""
    looks: tuple[Look, ...] = ()
    """Newest first."""
    begun: datetime | None = None
    """When it was first asked; ``None``: never."""
    looked: datetime | None = None
    """Last time that an entry point answered as it should: silence is measured at that moment, since one who does not listen
    hears nothing."""
    hours: Mapping[int, int] = field(default_factory=dict)
    """Articles published in each hour, by hours since 1970 (UTC); hours without any are left out."""
    samples: tuple[Sample, ...] = ()
    """Newest first."""
    worse_since: datetime | None = None
    """Since when it has been degraded, if that is not so long ago that its new ways are its usual ones."""
