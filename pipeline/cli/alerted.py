"""``vigia alerts list``, ``show`` and ``deliveries``: how saved searches are doing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.alerts.records import SavedSearch, shown_target
from pipeline.archive import Archive
from pipeline.archive.alerting import StoredSearch
from pipeline.cli.alerts import Name, alerts, find_stored
from pipeline.cli.base import print_json, state
from pipeline.cli.collect import AsJson
from pipeline.cli.filters import as_options
from pipeline.cli.reporting import in_lima
from pipeline.records import RecordError, decode, to_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """How a saved search is doing."""

    name: str
    asked: str
    """As on a command line."""
    within: str | None
    targets: tuple[str, ...]
    created: datetime
    error: str | None
    """Why it is broken."""
    broken: datetime | None
    """Since when."""
    alerts: int
    waiting: int
    """Deliveries that were not made yet."""


@alerts.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the saved searches: what they ask, whom they tell, whether one is broken, and what waits to be delivered."""
    with Archive.open(state.settings) as archive:
        reports = _reports(archive)
    if as_json:
        print_json([to_dict(report) for report in reports])
    elif not reports:
        state.console.print("no search is saved yet: vigia alerts add")
    else:
        state.console.print(_table(reports))


def _reports(archive: Archive) -> list[SearchReport]:
    numbers = archive.outbox.numbers()
    return [_report(one, *numbers.get(one.name, (0, 0))) for one in archive.alerting.searches()]


def _report(stored: StoredSearch, found: int, waiting: int) -> SearchReport:
    try:
        saved: SavedSearch | None = decode(SavedSearch, stored.record)
        error = stored.error
    except RecordError as caught:
        saved, error = None, str(caught)
    return SearchReport(
        name=stored.name,
        asked=as_options(saved.asked) if saved else "?",
        within=saved.within if saved else None,
        targets=tuple(map(shown_target, saved.targets)) if saved else (),
        created=stored.created,
        error=error,
        broken=stored.broken,
        alerts=found,
        waiting=waiting,
    )


def _table(reports: list[SearchReport]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("name", "state", "asks", "tells", "alerts", "waiting"):
        table.add_column(column, justify="right" if column in {"alerts", "waiting"} else "left", overflow="fold")
    for report in reports:
        condition = (
            f"[red]broken since {in_lima(report.broken)}: {escape(report.error)}[/red]" if report.error else "ok"
        )
        table.add_row(
            report.name,
            condition,
            escape(report.asked or "everything"),
            escape(", ".join(report.targets)),
            str(report.alerts),
            str(report.waiting or "·"),
        )
    return table


@alerts.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show a saved search."""
    with Archive.open(state.settings) as archive:
        stored = find_stored(archive, name)
        report = _report(stored, *archive.outbox.numbers().get(name, (0, 0)))
    if as_json:
        print_json(to_dict(report))
        return
    lines = {
        "name": report.name,
        "asks": report.asked or "everything",
        "within": report.within or "any age",
        "tells": "\n".join(report.targets),
        "saved": in_lima(report.created),
        "state": f"broken since {in_lima(report.broken)}: {report.error}" if report.error else "ok",
        "alerts": f"{report.alerts}, {report.waiting} deliveries wait",
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    for key, value in lines.items():
        table.add_row(f"[bold]{key}[/bold]", escape(value))
    state.console.print(table)


@alerts.command()
def deliveries(
    name: Annotated[str | None, typer.Argument(help="Only those of this saved search.", metavar="NAME")] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that were not made yet.")] = False,
    limit: Annotated[int, typer.Option(help="How many of the newest.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the newest alerts and what became of them at each receiver. Delivered ones are kept for 90 days."""
    with Archive.open(state.settings) as archive:
        if name is not None:
            find_stored(archive, name)
        found = archive.outbox.deliveries(name, waiting=waiting, limit=limit)
    shown = [replace(one, target=shown_target(one.target)) for one in found]
    if as_json:
        print_json([to_dict(one) for one in shown])
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("found", "search", "incident", "receiver", "state"):
        table.add_column(column, overflow="fold")
    for one in shown:
        if one.settled:
            condition = f"delivered {in_lima(one.settled)}"
        else:
            condition = f"failed {one.attempts} time(s): {one.error}" if one.attempts else "waits"
        table.add_row(in_lima(one.at), one.search, one.incident, escape(one.target), escape(condition))
    state.console.print(table if shown else "no alert yet")
