"""``vigia explain``: for a field of an article, what decided each value and how surely."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from nlp.types import Extraction
from pipeline.archive import Archive
from pipeline.cli.base import CommandError, ExitCode, app, print_json, state
from pipeline.cli.collect import AsJson
from pipeline.cli.reading import read_article
from pipeline.explanation import FIELDS, Decision, explain
from pipeline.records import to_dict


@app.command("explain")
def explain_command(
    key: Annotated[str, typer.Argument(help="Id of an article, or a JSON file as for extract.", metavar="ARTICLE")],
    field: Annotated[str, typer.Argument(help=f"One of: {', '.join(FIELDS)}.", metavar="FIELD")],
    as_json: AsJson = False,
) -> None:
    """Tell why: for each value of a field the component, rule, table row or model that decided, and the score."""
    if field not in FIELDS:
        message = f"{field!r} is no field that can be explained; these are: {', '.join(FIELDS)}"
        raise CommandError(message, ExitCode.CONFIGURATION)
    decisions = explain(_extraction(key), field)
    if as_json:
        print_json([to_dict(decision) for decision in decisions])
    elif decisions:
        state.console.print(_table(decisions))
    else:
        state.console.print(f"nothing was read for {field}", highlight=False)


def _extraction(key: str) -> Extraction:
    if Path(key).is_file():
        return read_article(key)
    with Archive.open(state.settings) as archive:
        document = archive.document(key)
        known = document is not None or archive.article(key) is not None
    if document is None:
        reason = "it was not read yet: vigia analyze" if known else "vigia search finds ids"
        raise CommandError(f"there is no reading of article {key} in the archive: {reason}", ExitCode.CONFIGURATION)
    return document.extraction


def _table(decisions: tuple[Decision, ...]) -> Table:
    table = Table("field", "value", "read from", "component", "rule", "row or model", "score")
    for one in decisions:
        span = f" [{one.start}:{one.end}]" if one.start is not None else ""
        table.add_row(
            one.field,
            escape(one.value),
            escape(f"{one.text}{span}"),
            one.component,
            one.rule,
            one.model or one.table or "",
            f"{one.score:.2f}",
        )
    return table
