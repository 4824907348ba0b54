"""``vigia crawl`` and ``vigia outlets``: collecting articles, and the state of those who publish them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.archive import Archive, FetchState
from pipeline.cli.base import ExitCode, app, expected_errors, moment, print_json, state
from pipeline.cli.reporting import conclude, in_lima, shown_progress
from pipeline.run import crawl_step
from pipeline.stop import Stop
from pipeline.work import working

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

OutletNames = Annotated[
    list[str] | None, typer.Argument(help="Ids of outlets; without any, all that are enabled.", metavar="OUTLET")
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Leave out what was published earlier: 36h, 2d, 3w, or a date in Lima such as 2025-01-31. "
        "Without it, everything that the outlets list now.",
        metavar="WHEN",
    ),
]
MaxMinutes = Annotated[
    float | None, typer.Option(help="Stop after so many minutes; the next time goes on from there.", min=0.01)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def known_outlets() -> dict[str, Outlet]:
    """All outlets of the settings."""
    from scrapers.outlet import OutletError, load_outlets

    expected_errors.setdefault(OutletError, ExitCode.CONFIGURATION)
    return load_outlets(state.settings.outlets_dir)


def chosen_outlets(names: Sequence[str] | None) -> list[Outlet]:
    """The outlets to crawl."""
    from scrapers.outlet import select_outlets

    chosen = select_outlets(known_outlets(), names or ())
    if not state.settings.crawl.contact:
        state.errors.print(
            "[yellow]no contact is set:[/yellow] outlets cannot reach you; set VIGIA_CONTACT to an address"
        )
    return chosen


@app.command()
def crawl(
    outlets: OutletNames = None,
    since: Since = None,
    max_minutes: MaxMinutes = None,
    as_json: AsJson = False,
) -> None:
    """Collect articles from the outlets into the archive.

    Politely: robots.txt is obeyed, one request at a time per site. What is known is not fetched again; an edited article
    becomes a new version. Killed at any moment, the next crawl goes on from there.
    """
    chosen = chosen_outlets(outlets)
    earliest = moment(since) if since else None
    stop = Stop(max_minutes and max_minutes * 60)
    with shown_progress() as progress, working(state.settings, "crawl", stop=stop, progress=progress) as work:
        crawl_step(work, chosen, earliest)
    conclude(work, as_json=as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletReport:
    """How an outlet is doing."""

    id: str
    name: str
    kind: str
    enabled: bool
    disabled_reason: str | None
    status: str
    """``disabled``, ``never asked``, ``ok``, ``failing``, ``partly failing`` (of its entry points)."""
    last_success: datetime | None
    articles: int
    newest: datetime | None
    last_run: dict[str, int]
    """Outcome -> addresses, in the last run that asked it."""
    entry_points: list[dict[str, Any]]


@app.command()
def outlets(as_json: AsJson = False) -> None:
    """List the outlets: which are enabled, why not, whether they answer, and when they last did."""
    known = known_outlets()
    with Archive.open(state.settings) as archive:
        seen, counts = archive.outlets(), archive.last_counts()
        reports = [_report(outlet, archive, seen.get(outlet.id), counts) for outlet in known.values()]
    if as_json:
        print_json([_as_dict(report) for report in reports])
    else:
        state.console.print(_table(reports))
        enabled = sum(report.enabled for report in reports)
        state.console.print(f"{len(reports)} outlets, {enabled} enabled; times are Lima's")


def _report(
    outlet: Outlet, archive: Archive, seen: tuple[int, datetime] | None, counts: dict[str, dict[str, int]]
) -> OutletReport:
    states = {found.url: found for found in archive.fetch_states(entry.url for entry in outlet.entry_points)}
    return OutletReport(
        id=outlet.id,
        name=outlet.name,
        kind=outlet.kind,
        enabled=outlet.enabled,
        disabled_reason=outlet.disabled_reason,
        status=status_of(outlet.enabled, list(states.values())),
        last_success=max((found.succeeded for found in states.values() if found.succeeded), default=None),
        articles=seen[0] if seen else 0,
        newest=seen[1] if seen else None,
        last_run=counts.get(outlet.id, {}),
        entry_points=[
            {"kind": entry.kind, "url": entry.url, "status": entry.status} | _answer(states.get(entry.url))
            for entry in outlet.entry_points
        ],
    )


def status_of(enabled: bool, states: Sequence[FetchState]) -> str:
    """One word for how an outlet's entry points answer."""
    failing = sum(found.failures > 0 for found in states)
    if not states:
        return "never asked" if enabled else "disabled"
    if failing == 0:
        return "ok"
    return "failing" if failing == len(states) else "partly failing"


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


def _as_dict(report: OutletReport) -> dict[str, Any]:
    from pipeline.records import to_dict

    return to_dict(report)


_COLOURS = {"ok": "green", "failing": "red", "partly failing": "yellow", "never asked": "dim", "disabled": "dim"}


def _table(reports: Sequence[OutletReport]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("outlet", "status", "last success", "articles", "last run", "remarks"):
        table.add_column(column, justify="right" if column == "articles" else "left")
    for report in reports:
        colour = _COLOURS[report.status]
        table.add_row(
            report.id,
            f"[{colour}]{report.status}[/{colour}]",
            in_lima(report.last_success) if report.last_success else "·",
            str(report.articles or "·"),
            ", ".join(f"{n} {name}" for name, n in report.last_run.items() if name in {"new", "changed"}) or "·",
            escape(_remark(report)),
        )
    return table


def _remark(report: OutletReport) -> str:
    if not report.enabled:
        return f"disabled: {report.disabled_reason}"
    failing = [entry for entry in report.entry_points if entry["failures"]]
    return "; ".join(f"{entry['url']}: {entry['outcome']} ({entry['failures']} times)" for entry in failing)
