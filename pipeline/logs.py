"""Logging to standard error: coloured on a terminal, plain lines elsewhere; no text from outside can forge a line."""

from __future__ import annotations

import logging
import sys

from rich.console import Console
from rich.logging import RichHandler

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
_LINE = _CONTROLS | {10: "\\n", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_NOISY = (
    "scrapy",
    "twisted",
    "elastic_transport",
    "alembic",
    "trafilatura",
    "urllib3",
    "htmldate",
    "py.warnings",
    "asyncio",
)

_REPEATING = ("elastic_transport",)
"""Warn of what they then raise as an error."""


class _OneLine(logging.Filter):
    """Escapes control characters of the message: a title with a line break stays one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage().translate(_LINE), None
        return True


class _OursOrWarning(logging.Filter):
    """Libraries only warn. On the handler, because Scrapy sets the levels of its loggers anew."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(_REPEATING):
            return record.levelno >= logging.ERROR
        return record.levelno >= logging.WARNING or not record.name.startswith(_NOISY)


def configure(level: str) -> None:
    """Log at a level (``debug``, ``info``, …) to standard error; libraries only warn unless it is ``debug``."""
    handler: logging.Handler
    if sys.stderr.isatty():
        handler = RichHandler(console=Console(stderr=True), show_path=False, markup=False, rich_tracebacks=False)
        handler.setFormatter(logging.Formatter("%(message)s"))
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_OneLine())
    if level != "debug":
        handler.addFilter(_OursOrWarning())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
