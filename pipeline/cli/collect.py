"""``vigia crawl``: collecting articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pipeline.archive.watching import BACKFILL
from pipeline.cli.base import ExitCode, app, expected_errors, moment, state
from pipeline.cli.reporting import conclude, shown_progress
from pipeline.run import crawl_step
from pipeline.stop import Stop
from pipeline.work import working

if TYPE_CHECKING:
    from scrapers.backfill import DateRange
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
MaxPages = Annotated[
    int | None, typer.Option(help="Stop after so many pages; the next time goes on from there.", min=1, metavar="N")
]
FromDay = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Read the outlets' archives instead of what they list now, from this day in Lima on.",
        metavar="YYYY-MM-DD",
    ),
]
ToDay = Annotated[
    str | None,
    typer.Option("--to", help="With --from: up to this day; without it, up to today.", metavar="YYYY-MM-DD"),
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

    known = known_outlets()
    chosen = select_outlets(known, names or ())
    select_outlets(known, sorted(state.settings.crawl.subscriptions))  # a name that is none is told
    if not state.settings.crawl.contact:
        state.errors.print(
            "[yellow]no contact is set:[/yellow] outlets cannot reach you; set VIGIA_CONTACT to an address"
        )
    return chosen


@app.command()
def crawl(
    outlets: OutletNames = None,
    since: Since = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    max_pages: MaxPages = None,
    max_minutes: MaxMinutes = None,
    as_json: AsJson = False,
) -> None:
    """Collect articles from the outlets into the archive: what they list now, or with --from what their archives hold.

    Politely: robots.txt is obeyed, one request at a time per site. What is known is not fetched again; an edited article
    becomes a new version. Killed at any moment, the next crawl goes on from there.
    """
    days = backfill_days(from_day, to_day)
    if days is not None and since:
        raise typer.BadParameter("leave --since out: a backfill has its own days", param_hint="--since")
    chosen = chosen_outlets(outlets)
    if days is not None:
        chosen = with_archives(chosen, days)
    earliest = past_moment(since) if since else None
    stop = Stop(max_minutes and max_minutes * 60)
    command = "crawl" if days is None else BACKFILL
    with shown_progress() as progress, working(state.settings, command, stop=stop, progress=progress) as work:
        crawl_step(work, chosen, earliest, backfill=days, max_pages=max_pages)
    conclude(work, as_json=as_json)


def past_moment(since: str) -> datetime:
    """The moment of --since.

    Raises:
        typer.BadParameter: it is none, or has not come yet: nothing is published after it.
    """
    earliest = moment(since)
    if earliest > datetime.now(UTC):
        raise typer.BadParameter(f"{since!r} has not come yet: nothing would be collected", param_hint="--since")
    return earliest


def backfill_days(first: str | None, last: str | None, *, now: datetime | None = None) -> DateRange | None:
    """The days of --from and --to; ``None``: neither is given.

    Raises:
        typer.BadParameter: --to alone, no dates, the wrong way round, or in the future.
    """
    from scrapers.backfill import past_days
    from scrapers.dates import LIMA

    if first is None:
        if last is not None:
            raise typer.BadParameter("give --from too: where the backfill begins", param_hint="--to")
        return None
    now = now or datetime.now(UTC)
    begin = _day(first, "--from")
    end = _day(last, "--to") if last is not None else now.astimezone(LIMA).date()
    try:
        return past_days(begin, end, now=now)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--from / --to") from None


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day: write 2024-01-31", param_hint=option) from None


def with_archives(chosen: Sequence[Outlet], days: DateRange) -> list[Outlet]:
    """Those of the outlets whose archives reach these days; the others are named.

    Raises:
        OutletError: none does.
    """
    from scrapers.backfill import archived_entries
    from scrapers.outlet import OutletError

    reaching = [outlet for outlet in chosen if archived_entries(outlet, days, now=datetime.now(UTC))]
    without = ", ".join(outlet.id for outlet in chosen if outlet not in reaching)
    if not reaching:
        raise OutletError(
            f"no archive of {days.first} to {days.last} is known of: {without}; see `archives` in its file"
        )
    if without:
        state.errors.print(f"[yellow]no archive of these days is known of:[/yellow] {escape(without)}")
    return reaching
