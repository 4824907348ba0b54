"""``vigia reparse`` and ``vigia prune``: raw responses, read again and removed."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pipeline.archive import Archive
from pipeline.cli.base import CommandError, ExitCode, app, moment, print_json, state
from pipeline.cli.collect import AsJson, MaxMinutes, OutletNames, known_outlets
from pipeline.cli.reporting import conclude, shown_progress
from pipeline.records import to_dict
from pipeline.reparse import reparse_step
from pipeline.retention import Policy, PruneReport
from pipeline.retention import prune as prune_files
from pipeline.stop import Stop
from pipeline.work import working

GIGABYTE = 1_000_000_000
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")]


@app.command()
def reparse(
    outlets: OutletNames = None, dry_run: DryRun = False, max_minutes: MaxMinutes = None, as_json: AsJson = False
) -> None:
    """Read articles again from their raw responses with today's parsers, without a request.

    Another text becomes a new version of the article, other dates, authors or sections take the place of the old ones; both
    are then read by vigia analyze. What today's parsers cannot read stays as it is, and is told.
    """
    known = known_outlets()
    if unknown := [name for name in outlets or () if name not in known]:
        raise CommandError(f"there is no outlet {unknown[0]}: vigia outlets lists them", ExitCode.CONFIGURATION)
    stop = Stop(max_minutes and max_minutes * 60)
    with shown_progress() as progress, working(state.settings, "reparse", stop=stop, progress=progress) as work:
        reparse_step(work, known, outlets or (), dry_run=dry_run)
    conclude(work, as_json=as_json)


@app.command()
def prune(
    warc_older_than: Annotated[
        str | None,
        typer.Option(help="Remove responses that were last the answer before then: 365d, 2y, a date.", metavar="WHEN"),
    ] = None,
    warc_max_gb: Annotated[
        float | None, typer.Option(help="Remove the oldest responses until all take no more than this.", min=0)
    ] = None,
    even_newest: Annotated[
        bool,
        typer.Option("--even-newest", help="Also what the newest version of an article was read from: its evidence."),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Remove old raw responses (WARC files) by age or size.

    What the newest version of an article was read from stays, unless --even-newest is given. Articles, their versions and what
    was read out of them always stay.
    """
    if warc_older_than is None and warc_max_gb is None:
        raise CommandError("say what may go: --warc-older-than 365d, --warc-max-gb 20", ExitCode.CONFIGURATION)
    policy = Policy(
        older_than=None if warc_older_than is None else moment(warc_older_than),
        max_bytes=None if warc_max_gb is None else int(warc_max_gb * GIGABYTE),
        even_newest=even_newest,
    )
    if dry_run:
        with shown_progress() as progress, Archive.open(state.settings) as archive:
            report = prune_files(archive.keeping, policy, dry_run=True, progress=progress)
    else:
        with shown_progress() as progress, working(state.settings, "prune", progress=progress) as work:
            report = prune_files(work.archive.keeping, policy, stop=work.stop, progress=progress)
    if as_json:
        print_json(to_dict(report) | {"dry_run": dry_run})
    else:
        _show(report, dry_run=dry_run)


def _show(report: PruneReport, *, dry_run: bool) -> None:
    verb = "would be removed" if dry_run else "removed"
    state.console.print(
        f"{report.responses_removed} response(s), {size(report.bytes_removed)} of {size(report.bytes_before)}, {verb}: "
        f"{report.files_removed} file(s) whole, {report.files_rewritten} in part",
        highlight=False,
    )
    if report.over:
        state.console.print(
            f"[yellow]{size(report.over)} above the limit belong to newest versions of articles:[/yellow] "
            "--even-newest removes them too"
        )
    if report.left:
        state.console.print("[yellow]stopped before the end: the next time goes on[/yellow]")


def size(n: int) -> str:
    """Bytes for people."""
    for unit, of in (("GB", GIGABYTE), ("MB", 1_000_000), ("kB", 1000)):
        if n >= of:
            return re.sub(r"\.0$", "", f"{n / of:.1f}") + f" {unit}"
    return f"{n} B"
