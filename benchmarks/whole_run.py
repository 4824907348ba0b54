"""``vigia run`` over the newsroom, stage by stage: articles per second and peak memory of each process.

``python -m benchmarks.whole_run [--elasticsearch URL]``
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.newsroom.content import annotated
from tests.newsroom.server import Newsroom

STAGES = (
    ("crawl and parse", ("crawl", "--since", "2010-01-01")),
    ("analyze", ("analyze",)),
    ("index", ("index",)),
    ("run: nothing new", ("run", "--since", "2010-01-01")),
)


@dataclass(frozen=True, slots=True)
class Timing:
    """A finished process."""

    seconds: float
    megabytes: float
    code: int


def timed(environment: dict[str, str], *arguments: str) -> Timing:
    """Run a command in a process of its own and measure it."""
    command = [str(Path(sys.executable).with_name("vigia")), "--log-level", "error", *arguments]
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    return Timing(seconds, _megabytes(usage), process.returncode)


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--elasticsearch", metavar="URL", help="index into this server, under the prefix vigia-benchmark"
    )
    arguments = parser.parse_args()
    articles = len(annotated())
    table = Table(title=f"vigia over the newsroom: {articles} articles, start of the process included")
    for column in ("stage", "seconds", "articles/s", "peak MB", "exit code"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    with tempfile.TemporaryDirectory() as folder, Newsroom() as newsroom:
        base = _environment(Path(folder), newsroom, arguments.elasticsearch)
        for name, command in STAGES:
            _add(table, name, timed(base, *command), articles)
        whole = _environment(Path(folder) / "whole", newsroom, arguments.elasticsearch)
        _add(table, "run: everything", timed(whole, "run", "--since", "2010-01-01"), articles)
    Console().print(table)


def _environment(folder: Path, newsroom: Newsroom, elasticsearch: str | None) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VIGIA_")}
    own |= {
        "VIGIA_HOME": str(folder),
        "VIGIA_OUTLETS_DIR": str(newsroom.write_outlets(folder / "outlets")),
        "VIGIA_ALLOW_PRIVATE_ADDRESSES": "1",
        "VIGIA_CRAWL_DELAY": "0",
        "VIGIA_CONTACT": "benchmark@example.org",
    }
    if elasticsearch:
        own |= {
            "VIGIA_ELASTICSEARCH_URL": elasticsearch,
            "VIGIA_ELASTICSEARCH_PREFIX": f"vigia-benchmark-{folder.name}".lower(),
        }
    return own


def _add(table: Table, name: str, timing: Timing, articles: int) -> None:
    table.add_row(
        name, f"{timing.seconds:.1f}", f"{articles / timing.seconds:.1f}", f"{timing.megabytes:.0f}", str(timing.code)
    )


if __name__ == "__main__":
    main()
