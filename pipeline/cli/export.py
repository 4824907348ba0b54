"""``vigia export``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from nlp.gazetteer import gazetteer
from pipeline.asked import Asked
from pipeline.cli.base import CommandError, ExitCode, app, state
from pipeline.cli.filters import asking
from pipeline.export import FORMATS, Disclosure, exported
from pipeline.export.records import Exported
from pipeline.index import Kind, Query, open_index
from pipeline.records import ClaimRecord, Document, EventRecord, Incident, from_dict

RECORD_OF: dict[Kind, type[Any]] = {
    Kind.ARTICLES: Document,
    Kind.EVENTS: EventRecord,
    Kind.CLAIMS: ClaimRecord,
    Kind.INCIDENTS: Incident,
}


class Format(StrEnum):
    """Names of :data:`pipeline.export.FORMATS`."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    GEOJSON = "geojson"


@app.command()
@asking()
def export(
    kind: Annotated[Kind, typer.Argument(help="What to take away.")],
    text: Annotated[str, typer.Option("--query", "-q", help="Words to search for, as in vigia search.")] = "",
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write it.")] = Format.JSONL,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; without it, standard output.", metavar="FILE")
    ] = None,
    *,
    asked: Asked,
    private: Annotated[
        bool,
        typer.Option(
            "--with-private", help="Keep victims' names, telephone numbers, plates and addresses: not to be published."
        ),
    ] = False,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Articles with their text, the outlets' property.")
    ] = False,
) -> None:
    """Write articles, events, claims or incidents to a file, filtered as in vigia search.

    Victims, witnesses, telephone numbers, plates and exact addresses are covered unless asked for. The JSON Schemas of the records
    are in pipeline/schemas/. A file is complete or not there at all.

    [bold]Example:[/bold]  vigia export events --crime extorsion --place 'La Libertad' --since 30d --format csv -o extorsion.csv
    """
    query = replace(asked, text=text).query(kind, highlight=False)
    disclosure = Disclosure(private=private, full_text=full_text)
    with _target(output) as out:
        count = FORMATS[format_](_records(query, disclosure), out)
    if output is not None:
        state.errors.print(f"{count} {kind} written to {output}", highlight=False)


def _records(query: Query, disclosure: Disclosure) -> Iterator[Exported]:
    places = gazetteer()
    searched = open_index(state.settings)
    try:
        for hit in searched.scan(query):
            yield exported(from_dict(RECORD_OF[hit.kind], hit.source), places, disclosure)
    finally:
        searched.close()


@contextmanager
def _target(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name when it is complete."""
    if output is None:
        yield sys.stdout
        return
    unfinished = output.with_name(output.name + ".part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            yield out
        unfinished.replace(output)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}", ExitCode.CONFIGURATION) from error
    finally:
        unfinished.unlink(missing_ok=True)
