"""Puts the groups of commands together: importing a module adds its commands to the app."""

from __future__ import annotations

import io
import sys

from pipeline.cli import (  # noqa: F401
    alerted,
    alerts,
    article,
    checking,
    collect,
    explain,
    export,
    find,
    keep,
    operate,
    reading,
    watch,
)
from pipeline.cli.base import app

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no "ñ" gets a "?", not a traceback
    app()
