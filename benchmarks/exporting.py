"""How fast exports are and how much memory they take, by how much is exported: one table.

    python -m benchmarks.exporting [--incidents 10000,100000] [--formats jsonl,csv,geojson,parquet] [--index FOLDER]

Incidents are made by rule and put into an embedded index; then ``vigia export`` runs as a process of its own. Peak memory holds
the interpreter and its libraries, some 150 MB, and the pages of the index that the system has mapped and takes back when it needs
them: they grow with what is read, what the process holds itself does not. With ``--index`` the indexes are kept there and used again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.incidents import incidents
from pipeline.index import Kind, Query
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.names import default_names
from pipeline.settings import Settings

VIGIA = str(Path(sys.executable).with_name("vigia"))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", default="10000,100000")
    parser.add_argument("--formats", default="jsonl,json,csv,geojson,parquet")
    parser.add_argument("--index", type=Path)
    arguments = parser.parse_args()
    table = Table(title="vigia export incidents")
    for column in ("incidents", "format", "records/s", "of CPU", "file, MB", "peak memory, MB"):
        table.add_column(column, justify="left" if column == "format" else "right")
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, arguments.incidents.split(",")):
            home = (arguments.index or Path(folder)) / str(count)
            _fill(home, count)
            for format_ in arguments.formats.split(","):
                table.add_row(f"{count:,}", format_, *_export(home, count, format_, Path(folder)))
    Console().print(table)


def _fill(home: Path, count: int) -> None:
    index = EmbeddedIndex(Settings(home=home).index_dir, default_names())
    if index.count(Query(kind=Kind.INCIDENTS)) != count:
        begun = time.perf_counter()
        index.put(Kind.INCIDENTS, incidents(count))
        print(f"{count:,} incidents made and indexed in {time.perf_counter() - begun:.0f} s", flush=True)
    index.close()


def _export(home: Path, count: int, format_: str, folder: Path) -> list[str]:
    file = folder / f"out.{format_}"
    command = [VIGIA, "export", "incidents", "--format", format_, "--output", str(file)]
    begun = time.perf_counter()
    pid = os.posix_spawn(VIGIA, command, os.environ | {"VIGIA_HOME": str(home)})
    _, status, usage = os.wait4(pid, 0)
    took = time.perf_counter() - begun
    assert status == 0, f"vigia export ended with {status}"
    cpu = usage.ru_utime + usage.ru_stime
    size = file.stat().st_size / 1e6
    file.unlink()
    return [f"{count / took:,.0f}", f"{count / cpu:,.0f}", f"{size:,.1f}", f"{usage.ru_maxrss / 1024:,.0f}"]


if __name__ == "__main__":
    main()
