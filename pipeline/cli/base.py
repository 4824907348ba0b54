"""What all commands share: the app, the settings, the consoles, and the guard that turns our errors into exit codes."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from pipeline import logs, moments
from pipeline.settings import ConfigError, LogLevel, Settings, load_settings

LIMA = moments.LIMA


class ExitCode(IntEnum):
    """What a command tells its caller."""

    FINE = 0
    PARTLY_FAILED = 1
    CONFIGURATION = 2
    ANOTHER_RUN = 3


class CommandError(Exception):
    """A command cannot do what was asked; the message says what to do about it."""

    def __init__(self, message: str, code: ExitCode = ExitCode.PARTLY_FAILED) -> None:
        super().__init__(message)
        self.code = code


expected_errors: dict[type[Exception], ExitCode] = {ConfigError: ExitCode.CONFIGURATION}
"""Errors that are messages to the user and not faults of the program. Command modules add those of their own."""


class State:
    """What the options before the command set, and what commands share because of it."""

    def __init__(self) -> None:
        self.config: Path | None = None
        self.log_level: LogLevel | None = None
        self._settings: Settings | None = None

    def reset(self, config: Path | None, log_level: LogLevel | None) -> None:
        """Begin a command line."""
        self.config, self.log_level, self._settings = config, log_level, None

    @property
    def settings(self) -> Settings:
        """The settings, read at first use; logging is set up by them.

        Raises:
            ConfigError: see :func:`pipeline.settings.load_settings`.
        """
        if self._settings is None:
            settings = load_settings(self.config)
            if self.log_level is not None:
                settings = settings.model_copy(update={"log_level": self.log_level})
            logs.configure(settings.log_level)
            self._settings = settings
        return self._settings

    @property
    def debug(self) -> bool:
        """Whether errors are shown with their traceback."""
        level = self._settings.log_level if self._settings is not None else self.log_level
        return level == "debug"

    @property
    def console(self) -> Console:
        """For results: standard output. Wide when it is no terminal, so that tables in files and pipes are whole."""
        return Console(width=None if sys.stdout.isatty() else 200)

    @property
    def errors(self) -> Console:
        """For messages: standard error."""
        return Console(stderr=True, soft_wrap=True)


state = State()


_ORDER = (
    "run",
    "crawl",
    "analyze",
    "index",
    "search",
    "export",
    "alerts",
    "read",
    "extract",
    "explain",
    "article",
    "outlets",
)
"""Of the commands in the help; the others follow."""


class GuardedGroup(TyperGroup):
    """Commands whose expected errors end as one line on standard error and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Those of daily use first."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except _expected() as error:
            if state.debug:
                raise
            state.errors.print(f"[red]error:[/red] {escape(str(error))}", highlight=False)
            raise typer.Exit(_code_of(error)) from error


def _expected() -> tuple[type[Exception], ...]:
    return CommandError, *expected_errors


def _code_of(error: Exception) -> int:
    if isinstance(error, CommandError):
        return error.code
    return next((code for kind, code in expected_errors.items() if isinstance(error, kind)), ExitCode.PARTLY_FAILED)


_HELP = """Vigía watches the Spanish-language press of Peru for crime, above all extortion.

It collects articles, reads out of them who demanded how much from which kind of business, where, when, by which gang \
and how, and lets you search and export that.

[bold]A first round:[/bold]  vigia run --since 2d  and then  vigia search 'cupos mototaxistas'

[bold]Every 20 minutes, from cron:[/bold]  vigia run --since 2d --max-minutes 18

[bold]Is something missing?[/bold]  vigia doctor

[bold]Settings[/bold] come from a TOML file and from environment variables (VIGIA_HOME, VIGIA_CONTACT, \
VIGIA_DATABASE_URL, VIGIA_ELASTICSEARCH_URL …); the environment wins.

[bold]Exit codes:[/bold] 0 fine; 1 partly failed: the rest was done, and the summary says what failed; \
2 wrong settings or arguments; 3 another run is on.
"""

app = typer.Typer(
    name="vigia",
    help=_HELP,
    cls=GuardedGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vigia {version('vigia')}")
        raise typer.Exit


@app.callback()
def vigia(
    config: Annotated[
        Path | None,
        typer.Option(
            help="Settings file (TOML). Without it: $VIGIA_CONFIG, else ./vigia.toml if there.", metavar="FILE"
        ),
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(help="debug, info, warning or error. debug also shows tracebacks.", metavar="LEVEL")
    ] = None,
    show_version: Annotated[  # noqa: ARG001 -- its callback acts
        bool,
        typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Set what all commands share."""
    levels = ("debug", "info", "warning", "error")
    if log_level is not None and log_level not in levels:
        raise typer.BadParameter(f"one of {', '.join(levels)}", param_hint="--log-level")
    state.reset(config, log_level)  # type: ignore[arg-type]


def print_json(value: Any) -> None:
    """A value on standard output as JSON for programs: unstyled, whatever the terminal."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def moment(text: str, *, now: datetime | None = None) -> datetime:
    """A moment (aware UTC) from an option, as :func:`pipeline.moments.moment` reads it.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return moments.moment(text, now=now)
    except moments.NoTime as error:
        raise typer.BadParameter(str(error)) from None
