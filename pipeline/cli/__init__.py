"""The command line, ``vigia``. One module per group of commands; each adds its commands to :data:`app`."""

from pipeline.cli.app import main

__all__ = ["main"]
