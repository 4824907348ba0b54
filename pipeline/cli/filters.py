"""The filters that ``vigia search`` and ``vigia export`` share: their options, and how times are written."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

import typer

from pipeline.cli.base import moment

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

TextArgument = Annotated[
    str,
    typer.Argument(
        help="""Words that must all be there; "a phrase", -without, OR, begin*, (…), field:value, amount:>1000, date:2025-10, near:"Comas, 5km"."""
    ),
]
CrimeOption = Annotated[
    list[str] | None,
    typer.Option("--crime", help="Type of crime (extorsion, sicariato …) or family: extortion, killing …"),
]
PlaceOption = Annotated[
    list[str] | None, typer.Option("--place", help="Name or UBIGEO code; a region holds its districts.")
]
NearOption = Annotated[
    str | None,
    typer.Option(
        "--near",
        help="A place: what happened in districts whose point on the map is at most --km away.",
        metavar="PLACE",
    ),
]
KmOption = Annotated[float, typer.Option("--km", help="Distance for --near, in kilometres.")]
GangOption = Annotated[list[str] | None, typer.Option("--gang", help="Name or alias of a gang.")]
BusinessOption = Annotated[
    list[str] | None, typer.Option("--business", help="Type or category of the victim's business.")
]
MethodOption = Annotated[list[str] | None, typer.Option("--method", help="How it was done: explosivo_dinamita …")]
PrisonOption = Annotated[list[str] | None, typer.Option("--prison", help="Name of a prison.")]
OutletOption = Annotated[list[str] | None, typer.Option("--outlet", help="Id of an outlet: vigia outlets lists them.")]
ArticleKindOption = Annotated[
    list[str] | None, typer.Option("--kind", help="Articles only: incident, roundup, statistics, judicial …")
]
RelevantOption = Annotated[
    bool | None, typer.Option("--relevant/--not-relevant", help="Articles only: crime in Peru, or not.")
]
SinceOption = Annotated[str | None, typer.Option("--since", help="30d, 12h, 2w or a date: 2025-01-31.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="The same; the day itself is included.")]
MinAmountOption = Annotated[float | None, typer.Option("--min-amount", help="Soles that were demanded, paid, stolen …")]
MaxAmountOption = Annotated[float | None, typer.Option("--max-amount", help="The same.")]


def day_or_moment(text: str | None) -> datetime | date | None:
    """A day in Lima, whole, for a date; else the moment.

    Raises:
        typer.BadParameter: neither.
    """
    if text is None:
        return None
    if _DAY.fullmatch(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is no date: {error}") from error
    return moment(text)
