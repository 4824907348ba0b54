"""Runs, their counted outcomes and issues, and records that were rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import ConfigDict, with_config
from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.archive.crawled import clipped, storable
from pipeline.archive.database import upsert
from pipeline.archive.schema import rejects, run_counts, run_issues, runs

_IDS_AT_ONCE: Final = 500


class RunState(StrEnum):
    """How a run is going, or ended."""

    RUNNING = "running"
    FINISHED = "finished"
    OUT_OF_TIME = "out_of_time"
    """Reached its time limit; the next run goes on from there."""
    STOPPED = "stopped"
    """By a signal."""
    FAILED = "failed"
    """By an error; the log says which."""
    KILLED = "killed"
    """Ended without a word; found out by the next run."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many addresses or articles of an outlet ended in one way in one stage of a run."""

    stage: str
    outlet: str
    outcome: str
    n: int


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that a person may want to look into."""

    stage: str
    outlet: str
    subject: str
    """URL or article id."""
    outcome: str
    status: int | None = None
    detail: str | None = None
    at: datetime


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command and what it came to."""

    id: int
    command: str
    started: datetime
    finished: datetime | None
    state: RunState
    counts: tuple[Count, ...] = ()


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A record that one stage could not take."""

    stage: str
    id: str
    key: str
    """What was tried, e.g. version and models: the same is not tried again by itself."""
    reason: str
    at: datetime


def begin(connection: Connection, command: str, at: datetime) -> int:
    """Enter a run. The caller holds the lock, so whatever still seems to be running was killed."""
    connection.execute(update(runs).where(runs.c.state == RunState.RUNNING.value).values(state=RunState.KILLED.value))
    started = insert(runs).values(command=command, started=at, state=RunState.RUNNING.value).returning(runs.c.id)
    number: int = connection.execute(started).scalar_one()
    return number


def end(connection: Connection, run_id: int, state: RunState, at: datetime) -> None:
    """Enter how a run ended."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(state=state.value, finished=at))


def count(connection: Connection, run_id: int, counts: Mapping[tuple[str, str, str], int]) -> None:
    """Add to the counts of a run: (stage, outlet, outcome) -> n."""
    insert_into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert_into(run_counts)
    added = statement.on_conflict_do_update(
        index_elements=[column.name for column in run_counts.primary_key],
        set_={"n": run_counts.c.n + statement.excluded.n},
    )
    for (stage, outlet, outcome), n in sorted(counts.items()):
        connection.execute(added, {"run_id": run_id, "stage": stage, "outlet": outlet, "outcome": outcome, "n": n})


def add_issue(connection: Connection, run_id: int, issue: Issue) -> None:
    """Keep an issue of a run."""
    connection.execute(
        insert(run_issues).values(
            run_id=run_id,
            stage=issue.stage,
            outlet=issue.outlet,
            subject=storable(issue.subject),
            outcome=issue.outcome,
            status=issue.status,
            detail=clipped(issue.detail),
            at=issue.at,
        )
    )


def find_runs(connection: Connection, limit: int) -> list[Run]:
    """The newest runs, newest first, with their counts."""
    newest = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit)).all()
    return [_run(connection, row) for row in newest]


def find_run(connection: Connection, run_id: int) -> Run | None:
    """One run with its counts."""
    row = connection.execute(select(runs).where(runs.c.id == run_id)).first()
    return None if row is None else _run(connection, row)


def _run(connection: Connection, row: Row[tuple[object, ...]]) -> Run:
    table = run_counts.c
    counted = select(table.stage, table.outlet, table.outcome, table.n).where(table.run_id == row.id)
    ordered = counted.order_by(table.stage, table.outlet, table.outcome)
    return Run(
        id=row.id,
        command=row.command,
        started=row.started,
        finished=row.finished,
        state=RunState(row.state),
        counts=tuple(Count(**count) for count in connection.execute(ordered).mappings()),
    )


def last_counts(connection: Connection, stage: str) -> dict[str, dict[str, int]]:
    """Outlet -> outcome -> n of the newest run in which the outlet was counted in a stage."""
    newest = (
        select(run_counts.c.outlet, func.max(run_counts.c.run_id).label("run_id"))
        .where(run_counts.c.stage == stage)
        .group_by(run_counts.c.outlet)
        .subquery()
    )
    table = run_counts.c
    joined = select(table.outlet, table.outcome, table.n).join_from(
        run_counts, newest, (table.outlet == newest.c.outlet) & (table.run_id == newest.c.run_id)
    )
    found: dict[str, dict[str, int]] = {}
    for outlet, outcome, n in connection.execute(joined.where(table.stage == stage).order_by(table.outcome)):
        found.setdefault(outlet, {})[outcome] = n
    return found


def find_issues(connection: Connection, run_id: int) -> list[Issue]:
    """Issues of a run in the order in which they arose."""
    table = run_issues.c
    columns = select(
        table.stage, table.outlet, table.subject, table.outcome, table.status, table.detail, table.at
    ).where(table.run_id == run_id)
    return [Issue(**row) for row in connection.execute(columns.order_by(table.id)).mappings()]


def save_reject(connection: Connection, reject: Reject) -> None:
    """Keep a reject; an earlier one of the same record and stage is overwritten."""
    row = {
        "stage": reject.stage,
        "id": reject.id,
        "key": reject.key,
        "reason": clipped(reject.reason) or "",
        "at": reject.at,
    }
    upsert(connection, rejects, [row])


def clear_rejects(connection: Connection, stage: str, ids: list[str] | None = None) -> None:
    """Forget rejects of a stage: all, or those of some records, because they were taken or are to be tried again."""
    statement = delete(rejects).where(rejects.c.stage == stage)
    if ids is None:
        connection.execute(statement)
        return
    for start in range(0, len(ids), _IDS_AT_ONCE):  # databases bound the number of values in a statement
        connection.execute(statement.where(rejects.c.id.in_(ids[start : start + _IDS_AT_ONCE])))


def find_rejects(connection: Connection, stage: str | None = None) -> list[Reject]:
    """Rejects of a stage, or all."""
    statement = select(rejects).order_by(rejects.c.stage, rejects.c.id)
    chosen = statement if stage is None else statement.where(rejects.c.stage == stage)
    return [Reject(**row) for row in connection.execute(chosen).mappings()]
