"""``vigia export``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from nlp.gazetteer import gazetteer
from pipeline.asked import Asked
from pipeline.cli.base import CommandError, ExitCode, app, expected_errors, state
from pipeline.cli.filters import asking
from pipeline.export import FORMATS, Disclosure, exported
from pipeline.export.formats import BOM
from pipeline.export.parquet import ParquetMissing
from pipeline.export.records import Exported, ExportedArticle, ExportedClaim, ExportedEvent, ExportedIncident
from pipeline.index import Kind, Query, open_index
from pipeline.records import ClaimRecord, Document, EventRecord, Incident, from_dict

RECORD_OF: dict[Kind, type[Any]] = {
    Kind.ARTICLES: Document,
    Kind.EVENTS: EventRecord,
    Kind.CLAIMS: ClaimRecord,
    Kind.INCIDENTS: Incident,
}
EXPORTED_OF: dict[Kind, type[Any]] = {
    Kind.ARTICLES: ExportedArticle,
    Kind.EVENTS: ExportedEvent,
    Kind.CLAIMS: ExportedClaim,
    Kind.INCIDENTS: ExportedIncident,
}
expected_errors[ParquetMissing] = ExitCode.CONFIGURATION


class Format(StrEnum):
    """Names of :data:`pipeline.export.FORMATS`."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    GEOJSON = "geojson"
    PARQUET = "parquet"


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
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV: begin with the mark by which Excel knows that it is UTF-8.")
    ] = False,
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
    are in pipeline/schemas/, what each field means is in docs/data-dictionary.md. A file is complete or not there at all.

    [bold]Example:[/bold]  vigia export events --crime extorsion --place 'La Libertad' --since 30d --format csv -o extorsion.csv
    """
    query = replace(asked, text=text).query(kind, highlight=False)
    disclosure = Disclosure(private=private, full_text=full_text)
    writer = FORMATS[format_]
    if bom and format_ is not Format.CSV:
        raise typer.BadParameter("only CSV has it", param_hint="--bom")
    with _target(output, binary=writer.binary) as out:
        if bom:
            out.write(BOM)
        count = writer.write(_records(query, disclosure), out, EXPORTED_OF[kind])
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
def _target(output: Path | None, *, binary: bool) -> Iterator[IO[Any]]:
    """Standard output, or a file that takes its name when it is complete."""
    if output is None:
        if binary and sys.stdout.isatty():
            raise CommandError("this format is no text: name a file with --output", ExitCode.CONFIGURATION)
        yield sys.stdout.buffer if binary else sys.stdout
        return
    unfinished = output.with_name(output.name + ".part")
    try:
        with unfinished.open("wb") if binary else unfinished.open("w", encoding="utf-8", newline="") as out:
            yield out
        unfinished.replace(output)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}", ExitCode.CONFIGURATION) from error
    finally:
        unfinished.unlink(missing_ok=True)
