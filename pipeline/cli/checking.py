"""``vigia outlets check`` and ``vigia canary``: outlets asked now, and compared with what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from pipeline.checking import Canary, Checkup, Song, check_outlets, sing
from pipeline.cli.base import ExitCode, app, print_json, state
from pipeline.cli.collect import AsJson, OutletNames, chosen_outlets, known_outlets
from pipeline.cli.reporting import in_lima
from pipeline.cli.watch import outlets
from pipeline.notify import tell_canaries
from pipeline.records import to_dict

if TYPE_CHECKING:
    from scrapers.outlet import Outlet


@outlets.command()
def check(
    names: OutletNames = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the outlets: each entry point once, and one article's page.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare outlets with their files, and print what to change in them.

    With --live the outlets are asked, as politely as in a crawl; nothing is stored. Without, only what the files themselves
    say is unsure is listed. Exit code 1: there is something to change.
    """
    if not live:
        _show_guesses(_chosen(names), as_json=as_json)
        return
    found = check_outlets(state.settings, chosen_outlets(names))
    if as_json:
        print_json([to_dict(each) for each in found])
    else:
        _show(found)
    if any(each.advice or not each.complete for each in found):
        raise typer.Exit(ExitCode.PARTLY_FAILED)


@app.command()
def canary(
    names: OutletNames = None,
    notify: Annotated[
        bool,
        typer.Option(
            "--notify",
            help="Tell those of the settings' notify section when an outlet's article does not come through.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow one article of each outlet from its feed to its text, and store nothing: once a day, from cron.

    An article comes through when its page, or its feed, gives a title, a date and a text, and the two give the same text.
    Exit code 1: one did not. Outlets of which no entry point was ever seen to answer (unproven) do not count.
    """
    birds = sing(state.settings, chosen_outlets(names))
    silent = [bird for bird in birds if bird.song is Song.FAILED]
    problems = tell_canaries(silent, state.settings.notify) if notify and silent else []
    if as_json:
        print_json([to_dict(bird) for bird in birds])
    else:
        _show_birds(birds)
    for problem in problems:
        state.errors.print(f"[red]{escape(problem)}[/red]")
    if silent or problems or any(bird.song is Song.NOT_ASKED for bird in birds):
        raise typer.Exit(ExitCode.PARTLY_FAILED)


def _chosen(names: list[str] | None) -> list[Outlet]:
    from scrapers.outlet import select_outlets

    return select_outlets(known_outlets(), names or ())


def _show_guesses(chosen: Sequence[Outlet], *, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"outlet": outlet.id, "kind": entry.kind.value, "url": entry.url, "note": entry.note}
        for outlet in chosen
        for entry in outlet.entry_points
        if entry.status == "guess"
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state.console.print(f"[bold]{row['outlet']}[/bold] {escape(row['url'])}: {escape(row['note'])}", soft_wrap=True)
    state.console.print(f"{len(rows)} entry points were never seen to answer: vigia outlets check --live asks them")


def _show(found: Sequence[Checkup]) -> None:
    for each in found:
        state.console.print(f"[bold]{each.outlet}[/bold]")
        for entry in each.entries:
            state.console.print(f"  {escape(_entry_line(entry))}", soft_wrap=True, highlight=False)
        for page in each.pages:
            state.console.print(f"  {escape(_page_line(page))}", soft_wrap=True, highlight=False)
        for one in each.advice:
            line = f"  [yellow]{escape(one['key'])}[/yellow]: {escape(one['change'])} ({escape(one['why'])})"
            state.console.print(line, soft_wrap=True, highlight=False)
        if not each.complete:
            state.console.print("  [yellow]not asked to the end: night rest, or the budget of the hour[/yellow]")
    n = sum(bool(each.advice) for each in found)
    state.console.print(f"{len(found)} outlets asked; {n} differ from their files")


def _entry_line(entry: dict[str, Any]) -> str:
    if entry["articles"]:
        span = f", {entry['oldest'][:16]} to {entry['newest'][:16]} UTC" if entry["newest"] else ""
        return f"{entry['url']}: {entry['articles']} articles, {entry['whole']} whole{span}"
    detail = f": {entry['detail']}" if entry["detail"] else ""
    return f"{entry['url']}: {entry['outcome'].replace('_', ' ')}{detail}"


def _page_line(page: dict[str, Any]) -> str:
    if page["outcome"] == "read":
        return f"{page['url']}: {page['characters']} characters by {page['source']}, {page['published'] or 'no date'}"
    return f"{page['url']}: {page['outcome'].replace('_', ' ')}: {page['detail']}"


_COLOURS = {Song.OK: "green", Song.FAILED: "red", Song.NOT_ASKED: "yellow", Song.UNPROVEN: "dim"}


def _show_birds(birds: Sequence[Canary]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("outlet", "canary", "published", "characters", "from", "article, or what is wrong"):
        table.add_column(column, justify="right" if column == "characters" else "left", overflow="fold")
    for bird in birds:
        table.add_row(
            bird.outlet,
            f"[{_COLOURS[bird.song]}]{bird.song.replace('_', ' ')}[/{_COLOURS[bird.song]}]",
            in_lima(bird.published) if bird.published else "·",
            str(bird.characters or "·"),
            bird.source or "·",
            escape("; ".join(bird.faults) or bird.url or ""),
        )
    state.console.print(table)
    songs = Counter(bird.song for bird in birds)
    state.console.print(", ".join(f"{n} {song.replace('_', ' ')}" for song, n in songs.items()))
