"""``vigia outlets``: how those who publish are doing, beside ``vigia outlets check`` in ``checking.py``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.archive import Archive, FetchState
from pipeline.cli.base import app, print_json, state
from pipeline.cli.collect import AsJson, known_outlets
from pipeline.cli.reporting import in_lima
from pipeline.monitor import Observed, State, coverage, judge, observe, rank
from pipeline.patience import CUT_OFF, cut_off, resting
from pipeline.records import to_dict

if TYPE_CHECKING:
    from pipeline.archive.watching import OutletState
    from scrapers.outlet import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletReport:
    """How an outlet is doing."""

    id: str
    name: str
    kind: str
    enabled: bool
    disabled_reason: str | None
    state: State
    reason: str
    since: datetime | None
    """When a run first found it in this state; ``None``: none has yet."""
    last_success: datetime | None
    asked_again: datetime | None
    """``vigia run`` leaves it alone until then: it does not answer, or refuses us."""
    articles: int
    newest: datetime | None
    last_run: dict[str, int]
    """Outcome -> addresses, in the last run that asked it."""
    coverage: dict[str, float]
    """Of its newest articles: their number, the middle length of their bodies, the shares with a date, authors, a section."""
    entry_points: list[dict[str, Any]]


outlets = typer.Typer(rich_markup_mode="rich")
app.add_typer(outlets, name="outlets")


@outlets.callback(invoke_without_command=True)
def list_outlets(
    context: typer.Context,
    only: Annotated[
        list[State] | None,
        typer.Option(
            "--state",
            help="Only outlets in this state: silent, blocked …; may be given several times.",
            metavar="STATE",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the outlets: how each is doing and why, and when it last answered.

    States: ok; degraded (fewer, shorter or barer articles than usual, or an entry point failing); silent (nothing new for
    longer than is usual for it on this weekday); changed (its feed is gone or not understood); failing (no answer);
    blocked (it refuses us); new (too little history to judge); disabled. All as of the last time that it was asked.

    vigia outlets check --live asks them now.
    """
    if context.invoked_subcommand is not None:
        return
    known = known_outlets()
    with Archive.open(state.settings) as archive:
        reports = _reports(known, archive)
        lost = cut_off(
            archive.fetch_states(entry.url for entry in one.entry_points) for one in known.values() if one.enabled
        )
    chosen = [report for report in reports if not only or report.state in only]
    if as_json:
        print_json([to_dict(report) for report in chosen])
    else:
        state.console.print(_table(chosen))
        enabled = sum(report.enabled for report in chosen)
        state.console.print(f"{len(chosen)} outlets, {enabled} enabled; times are Lima's")
        for step in [f"none of them {CUT_OFF}"] if lost else _next_steps(chosen):
            state.console.print(step, soft_wrap=True, highlight=False, markup=False)


def _reports(known: dict[str, Outlet], archive: Archive) -> list[OutletReport]:
    seen, counts = archive.outlets(), archive.last_counts()
    observed, entered = observe(archive, list(known.values())), archive.watching.states()
    rests = resting(archive, known.values(), datetime.now(UTC))
    return [
        _report(outlet, archive, seen.get(key), counts.get(key, {}), observed[key], entered.get(key), rests.get(key))
        for key, outlet in known.items()
    ]


def _report(
    outlet: Outlet,
    archive: Archive,
    seen: tuple[int, datetime] | None,
    counts: dict[str, int],
    observed: Observed,
    entered: OutletState | None,
    asked_again: datetime | None,
) -> OutletReport:
    verdict = judge(observed)
    states = {found.url: found for found in archive.fetch_states(entry.url for entry in outlet.entry_points)}
    return OutletReport(
        id=outlet.id,
        name=outlet.name,
        kind=outlet.kind,
        enabled=outlet.enabled,
        disabled_reason=outlet.disabled_reason,
        state=verdict.state,
        reason=verdict.reason,
        since=entered.since if entered is not None and entered.state == verdict.state else None,
        last_success=max((found.succeeded for found in states.values() if found.succeeded), default=None),
        asked_again=asked_again if outlet.enabled else None,
        articles=seen[0] if seen else 0,
        newest=seen[1] if seen else None,
        last_run=counts,
        coverage=coverage(observed.samples),
        entry_points=[
            {"kind": entry.kind, "url": entry.url, "status": entry.status} | _answer(states.get(entry.url))
            for entry in outlet.entry_points
        ],
    )


def _answer(found: FetchState | None) -> dict[str, Any]:
    if found is None:
        return {"outcome": None, "failures": 0, "last_success": None, "detail": None}
    succeeded = found.succeeded.isoformat() if found.succeeded else None
    return {
        "outcome": found.outcome,
        "failures": found.failures,
        "last_success": succeeded,
        "detail": found.detail,
    }


_NEXT = {
    State.BLOCKED: "wait, or write to them: refusals are not got around; vigia outlets check {ids} --live asks once",
    State.CHANGED: "vigia outlets check {ids} --live prints what to change in the outlet's file",
    State.FAILING: "wait while the site is down; when it lasts, vigia outlets check {ids} --live",
    State.SILENT: "see whether anything was published; vigia outlets check {ids} --live compares",
    State.DEGRADED: "vigia outlets check {ids} --live; when its pages have changed, vigia reparse {ids} after a change of its file",
}
"""What an operator does about a state."""


def _next_steps(reports: Sequence[OutletReport]) -> Iterator[str]:
    for found, step in _NEXT.items():
        if ids := " ".join(report.id for report in reports if report.state is found):
            yield f"{found}: {step.format(ids=ids)}"


_QUIET = {State.OK: "green", State.NEW: "dim", State.DISABLED: "dim"}


def _table(reports: Sequence[OutletReport]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    resting_ones = any(report.asked_again for report in reports)
    again = ("asked again",) if resting_ones else ()
    for column in ("outlet", "state", "since", "last success", "articles", "last run", *again, "reason"):
        table.add_column(column, justify="right" if column == "articles" else "left")
    for report in reports:
        colour = _QUIET.get(report.state, "red" if rank(report.state) > 1 else "yellow")
        table.add_row(
            report.id,
            f"[{colour}]{report.state}[/{colour}]",
            in_lima(report.since) if report.since else "·",
            in_lima(report.last_success) if report.last_success else "·",
            str(report.articles or "·"),
            ", ".join(f"{n} {name}" for name, n in report.last_run.items() if name in {"new", "changed"}) or "·",
            *([in_lima(report.asked_again) if report.asked_again else "·"] if resting_ones else []),
            escape(report.reason),
        )
    return table
