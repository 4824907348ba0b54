"""The filters of a search as options: one table for every command that takes them."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Annotated, Any

import typer

from pipeline.asked import Asked

TextArgument = Annotated[
    str,
    typer.Argument(
        help="""Words that must all be there; "a phrase", -without, OR, begin*, (…), field:value, amount:>1000, date:2025-10, near:"Comas, 5km"."""
    ),
]
_Some = list[str] | None

OPTIONS: dict[str, Any] = {
    "crimes": Annotated[
        _Some, typer.Option("--crime", help="Type of crime (extorsion, sicariato …) or family: extortion, killing …")
    ],
    "places": Annotated[_Some, typer.Option("--place", help="Name or UBIGEO code; a region holds its districts.")],
    "near": Annotated[
        str | None,
        typer.Option(
            "--near",
            help="A place: what happened in districts whose point on the map is at most --km away.",
            metavar="PLACE",
        ),
    ],
    "km": Annotated[float, typer.Option("--km", help="Distance for --near, in kilometres.")],
    "gangs": Annotated[_Some, typer.Option("--gang", help="Name or alias of a gang.")],
    "businesses": Annotated[_Some, typer.Option("--business", help="Type or category of the victim's business.")],
    "methods": Annotated[_Some, typer.Option("--method", help="How it was done: explosivo_dinamita …")],
    "prisons": Annotated[_Some, typer.Option("--prison", help="Name of a prison.")],
    "outlets": Annotated[_Some, typer.Option("--outlet", help="Id of an outlet: vigia outlets lists them.")],
    "article_kinds": Annotated[
        _Some, typer.Option("--kind", help="Articles only: incident, roundup, statistics, judicial …")
    ],
    "relevant": Annotated[
        bool | None, typer.Option("--relevant/--not-relevant", help="Articles only: crime in Peru, or not.")
    ],
    "since": Annotated[str | None, typer.Option("--since", help="30d, 12h, 2w or a date: 2025-01-31.")],
    "until": Annotated[str | None, typer.Option("--until", help="The same; the day itself is included.")],
    "min_amount": Annotated[
        float | None, typer.Option("--min-amount", help="Soles that were demanded, paid, stolen …")
    ],
    "max_amount": Annotated[float | None, typer.Option("--max-amount", help="The same.")],
}
"""Field of :class:`pipeline.asked.Asked` -> its option. Its words are given otherwise, command by command."""
_DEFAULTS = {field.name: field.default for field in fields(Asked)}
OF_ARTICLES = frozenset({"article_kinds", "relevant"})
"""Filters that only articles can be asked for."""


def asking(*, without: frozenset[str] = frozenset()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """For a command whose parameter ``asked`` is an :class:`Asked`: the command line gets an option for each filter instead."""
    names = [name for name in OPTIONS if name not in without]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_options(**given: Any) -> None:
            filters = {name: given.pop(name) for name in names}
            command(asked=_asked(filters), **given)

        options = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=OPTIONS[name],
                default=None if _DEFAULTS[name] == () else _DEFAULTS[name],
            )
            for name in names
        ]
        with_options.__signature__ = _with(command, options)  # type: ignore[attr-defined]
        return with_options

    return decorate


def as_options(asked: Asked) -> str:
    """What is asked as it stands on a command line."""
    words = [asked.text] if asked.text else []
    for name, option in OPTIONS.items():
        value = getattr(asked, name)
        if value != _DEFAULTS[name]:
            for one in value if isinstance(value, tuple) else (value,):
                words += [str(option.__metadata__[0].default), f"{one:g}" if isinstance(one, float) else str(one)]
    return shlex.join(words)


def _asked(filters: dict[str, Any]) -> Asked:
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in filters.items()}
    present: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return Asked(**present)


def _with(command: Callable[..., None], options: list[inspect.Parameter]) -> inspect.Signature:
    """The command's signature with the options where ``asked`` stands."""
    signature = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        here = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)]
        parameters += options if parameter.name == "asked" else here
    return signature.replace(parameters=parameters)
