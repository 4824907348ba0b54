"""How work on the archive shows its progress, and what it came to."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from pipeline.archive import Issue, Run
from pipeline.cli.base import LIMA, ExitCode, print_json, state
from pipeline.monitor import StateChange
from pipeline.records import to_dict
from pipeline.stop import Progress
from pipeline.work import BAD, REQUESTS, Work

logger = logging.getLogger(__name__)

MOST_ISSUES = 12
"""Shown in a summary; ``vigia runs ID`` shows all."""
_LOG_SECONDS = 30


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Bars on a terminal; elsewhere a line in the log from time to time."""
    if not sys.stderr.isatty():
        yield _logged()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step)
            bar.update(tasks[step], completed=done, total=total or None)

        yield show


def _logged() -> Progress:
    last = time.monotonic()

    def log(step: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _LOG_SECONDS:
            last = time.monotonic()
            logger.info("%s: %d%s", step, done, f" of {total}" if total else "")

    return log


def conclude(work: Work, *, as_json: bool) -> None:
    """Print what the work came to, and end the command with the exit code for it."""
    assert work.run is not None
    if as_json:
        print_json(
            {
                "run": to_dict(work.run),
                "issues": [to_dict(issue) for issue in work.issues],
                "changes": [to_dict(change) | {"worse": change.worse} for change in work.changes],
                "problems": work.problems,
                "left": work.left,
                "failed": work.failed,
            }
        )
    else:
        _show(work, work.run)
    if work.failed:
        raise typer.Exit(ExitCode.PARTLY_FAILED)


_STEPS = {"analyze": "read", "reparse": "read again from raw responses", "index": "index", "alerts": "alerts"}
"""Stage -> what its counts are of."""


def _show(work: Work, run: Run) -> None:
    console = state.console
    if any(count.stage == "crawl" for count in run.counts):
        console.print(crawl_table(run))
    for stage, what in _STEPS.items():
        if counted := _total(run, stage):
            console.print(f"{what}: {_enumerated(counted)}")
    bad = [issue for issue in work.issues if issue.outcome in BAD]
    for issue in bad[:MOST_ISSUES]:
        console.print(issue_line(issue))
    if len(bad) > MOST_ISSUES:
        console.print(f"… and {len(bad) - MOST_ISSUES} more: vigia runs {run.id}")
    for change in work.changes:
        console.print(change_line(change))
    for line in work.problems:
        console.print(f"[red]{escape(line)}[/red]")
    for line in work.left:
        console.print(f"[yellow]{escape(line)}[/yellow]")
    console.print(f"run {run.id} {run.state.replace('_', ' ')} in {_duration(run)}", highlight=False)


_COLUMNS = ("requests", "new", "changed", "unchanged", "failed", "other")


def crawl_table(run: Run) -> Table:
    """Outlets of which something is new, changed or failed, and requests and addresses of all."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("outlet", *_COLUMNS):
        table.add_column(name, justify="left" if name == "outlet" else "right")
    by_outlet: dict[str, Counter[str]] = {}
    for count in run.counts:
        if count.stage in {"crawl", REQUESTS}:
            column = "requests" if count.stage == REQUESTS else _column(count.outcome)
            by_outlet.setdefault(count.outlet, Counter())[column] += count.n
    for outlet, counts in by_outlet.items():
        if counts["new"] or counts["changed"] or counts["failed"]:
            table.add_row(outlet, *(str(counts[name] or "·") for name in _COLUMNS))
    total = sum(by_outlet.values(), Counter())
    table.add_row(f"all {len(by_outlet)}", *(str(total[name] or "·") for name in _COLUMNS), style="bold")
    return table


def _column(outcome: str) -> str:
    if outcome in BAD:
        return "failed"
    return {"new": "new", "no_date": "new", "changed": "changed", "unchanged": "unchanged"}.get(outcome, "other")


def _total(run: Run, stage: str) -> Counter[str]:
    totals: Counter[str] = Counter()
    for count in run.counts:
        if count.stage == stage:
            totals[count.outcome] += count.n
    return totals


def _enumerated(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(counts.items()) if n)


def issue_line(issue: Issue) -> str:
    """An issue in one line, in Rich's markup."""
    status = f" {issue.status}" if issue.status else ""
    detail = f": {issue.detail}" if issue.detail else ""
    return f"[yellow]{escape(issue.outcome)}{status}[/yellow] {escape(' '.join([issue.outlet, issue.subject]).strip() + detail)}"


def change_line(change: StateChange) -> str:
    """A change of state in one line, in Rich's markup."""
    colour = "red" if change.worse else "green"
    reason = f": {change.reason}" if change.reason else ""
    return f"[{colour}]{escape(change.outlet)}: {change.before} -> {change.after}[/{colour}]{escape(reason)}"


def _duration(run: Run) -> str:
    assert run.finished is not None
    return str(run.finished - run.started).partition(".")[0]


def in_lima(at: datetime | None) -> str:
    """A time for people: in Lima, to the minute."""
    return "never" if at is None else at.astimezone(LIMA).strftime("%Y-%m-%d %H:%M")
