"""Processes that are forked from one that has everything imported, to spare the tests the wait; and ``vigia`` as one of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.cli import main

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "alembic.command",
        "dateparser",
        "encodings.charmap",
        "nlp.extract",
        "nlp.transformer.component",
        "onnxruntime",
        "scrapers.handler",
        "scrapers.middlewares",
        "scrapers.robots",
        "scrapers.spider",
        "scrapy.crawler",
        "scrapy.downloadermiddlewares.cookies",
        "spacy",
        "trafilatura",
        "xml.sax.expatreader",
        "tests.scrapers.crawl_driver",
        __name__,
    ]
)
"""Of modules alone: models, archives and indexes are opened by each process itself."""


class Vigia:
    """``vigia`` under way: what the console script runs, in a process of its own. To be used as ``subprocess.Popen`` is."""

    def __init__(self, arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> None:
        self._told = tempfile.TemporaryDirectory(prefix="vigia-told-")
        self._streams = [Path(self._told.name) / name for name in ("out", "err")]
        given = (arguments, dict(environment), folder, self._streams)
        self._process = CONTEXT.Process(target=_vigia, args=given)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As of a ``Popen``: negative, the signal that ended it."""
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("vigia", timeout or 0.0)
        return self.returncode

    def send_signal(self, which: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, which)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; what it wrote."""
        self.wait(timeout)
        out, err = (stream.read_text(encoding="utf-8") if stream.exists() else "" for stream in self._streams)
        self._told.cleanup()
        return out, err


def _vigia(arguments: tuple[str, ...], environment: dict[str, str], folder: Path, streams: list[Path]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(streams, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, errors="backslashreplace", buffering=1)  # noqa: SIM115
    sys.argv = ["vigia", *arguments]
    main()
