"""Puts the groups of commands together and turns our errors into messages and exit codes."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="vigia",
    help="Vigía watches the press of Peru for crime, above all extortion.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def main() -> None:
    """Entry point of the console script."""
    app()
