"""``vigia run``, ``analyze``, ``runs`` and ``doctor``: the daily work, and whether all is well."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.archive import Archive, ArchiveError, Run
from pipeline.cli.base import CommandError, ExitCode, app, expected_errors, print_json, state
from pipeline.cli.collect import AsJson, MaxMinutes, OutletNames, Since, chosen_outlets, known_outlets, past_moment
from pipeline.cli.reporting import conclude, crawl_table, in_lima, issue_line, shown_progress
from pipeline.lock import AnotherRun
from pipeline.records import to_dict
from pipeline.run import analyze_step, merge_step, run_all
from pipeline.stop import Stop
from pipeline.work import BAD, REJECTED, working

expected_errors[ArchiveError] = ExitCode.CONFIGURATION
expected_errors[AnotherRun] = ExitCode.ANOTHER_RUN

Processes = Annotated[
    int, typer.Option(help="Processes that read at the same time; each holds the models (some 250 MB).", min=1)
]


def _expect_reading_errors() -> None:
    from nlp.extract import ModelError

    expected_errors.setdefault(ModelError, ExitCode.CONFIGURATION)


@app.command()
def run(
    outlets: OutletNames = None,
    since: Since = None,
    max_minutes: MaxMinutes = None,
    processes: Processes = 1,
    as_json: AsJson = False,
) -> None:
    """Crawl, analyze and index: the whole round, made for cron.

    Unless outlets are named, those are asked that were last worked off as long ago as their files say (poll_minutes).
    One run at a time: a second one leaves at once with exit code 3. Every step goes on where the one before ended, however
    that ended. With --max-minutes the crawl gets six tenths of the time, so that what it finds is read and indexed too.

    Exit codes: 0 fine; 1 partly failed, the summary says what; 2 wrong settings or arguments; 3 another run is on.
    """
    _expect_reading_errors()
    chosen = chosen_outlets(outlets)
    earliest = past_moment(since) if since else None
    regions = {outlet.id: outlet.region for outlet in known_outlets().values()}
    stop = Stop(max_minutes and max_minutes * 60)
    with shown_progress() as progress, working(state.settings, "run", stop=stop, progress=progress) as work:
        run_all(work, chosen, regions, earliest, processes=processes, only_due=not outlets)
    conclude(work, as_json=as_json)


@app.command()
def analyze(
    everything: Annotated[
        bool, typer.Option("--all", help="Read all articles again, not only those that are new or changed.")
    ] = False,
    processes: Processes = 1,
    max_minutes: MaxMinutes = None,
    as_json: AsJson = False,
) -> None:
    """Read the articles of the archive: mentions, events, claims; then stories and incidents.

    What was read before is read again only when text, models, rules or tables have changed.
    """
    _expect_reading_errors()
    regions = {outlet.id: outlet.region for outlet in known_outlets().values()}
    stop = Stop(max_minutes and max_minutes * 60)
    with shown_progress() as progress, working(state.settings, "analyze", stop=stop, progress=progress) as work:
        if everything:
            work.archive.forget_readings()
        analyze_step(work, regions, processes=processes)
        if not work.stop.signalled:
            merge_step(work)
    conclude(work, as_json=as_json)


@app.command()
def runs(
    number: Annotated[
        int | None, typer.Argument(help="A run: show it whole, with all its issues.", metavar="RUN")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many of the newest runs.", min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """List past runs and what they came to; or one of them with everything that went wrong."""
    with Archive.open(state.settings) as archive:
        if number is not None:
            _one_run(archive, number, as_json=as_json)
            return
        found = archive.runs(limit)
    if as_json:
        print_json([to_dict(one) for one in found])
    elif not found:
        state.console.print("no run yet: vigia run")
    else:
        state.console.print(_runs_table(found))


def _one_run(archive: Archive, number: int, *, as_json: bool) -> None:
    one, issues = archive.run(number), archive.issues(number)
    if one is None:
        raise CommandError(f"there is no run {number}: vigia runs lists them", ExitCode.CONFIGURATION)
    if as_json:
        print_json(to_dict(one) | {"issues": [to_dict(issue) for issue in issues]})
        return
    state.console.print(_runs_table([one]))
    state.console.print(crawl_table(one))
    for issue in issues:
        state.console.print(issue_line(issue))


_RUN_COLUMNS = ("new", "changed", "failed", "read", "indexed", REJECTED)


def _runs_table(found: list[Run]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("run", "command", "started", "ended", "state", *_RUN_COLUMNS):
        table.add_column(column, justify="right" if column in _RUN_COLUMNS else "left")
    for one in found:
        totals: Counter[str] = Counter()
        for count in one.counts:
            totals[count.outcome] += count.n
            totals["failed"] += count.n if count.outcome in BAD - {REJECTED} else 0
        totals["read"] = totals["relevant"] + totals["not_relevant"]
        ended = in_lima(one.finished) if one.finished else "·"
        row = (str(one.id), one.command, in_lima(one.started), ended, one.state.replace("_", " "))
        table.add_row(*(escape(cell) for cell in row), *(str(totals[name] or "·") for name in _RUN_COLUMNS))
    return table


@app.command()
def doctor(
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Also verify the archive, and the checksum of every raw response that an article points to."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what is loaded, with versions, and what is missing.

    Exit code 1 when something that is needed does not work.
    """
    from pipeline.cli.checkup import examine

    findings = examine(state.settings)
    if deep:
        from pipeline.cli.deep import verify

        with shown_progress() as progress:
            findings += verify(state.settings, progress)
    if as_json:
        print_json([to_dict(finding) for finding in findings])
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        marks: dict[str, Any] = {
            "ok": "[green]ok[/green]",
            "note": "[yellow]note[/yellow]",
            "error": "[red]error[/red]",
        }
        for finding in findings:
            table.add_row(marks[finding.state], finding.subject, escape(finding.text))
        state.console.print(table)
    if any(finding.state == "error" for finding in findings):
        raise typer.Exit(ExitCode.PARTLY_FAILED)
