"""How fast the search index loads and answers, how large it is, and how much memory it takes: one table.

    python -m benchmarks.indexing [--articles 10000] [--elasticsearch] [--shards 1]

The articles are made by rule in the manner of the press (``benchmarks.press``), the same ones each time; the time that making
them takes is left out. They are loaded with their events and claims, then forty typical queries, most with facets, are asked five
times. SQLite's FTS5 does the same for comparison (``benchmarks.fts5``). With ``--elasticsearch`` one node of our own is measured
too, in turns with the client's bare ``parallel_bulk``, which gets the very same bytes ready made.

*entries* are articles, events and claims. On a busy machine the clock tells of its other work: then look at what is told in
seconds of processors, and at *p95 best*, which takes the quickest of the five answers to each query. *mean CPU* of Elasticsearch
holds the server's part. Peak memory is that of the process that loads and searches; of Elasticsearch the server's is added.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk
from rich.console import Console
from rich.table import Table

from benchmarks.fts5 import Fts5Index
from benchmarks.press import documents
from pipeline.index import Kind, Query
from pipeline.index.elastic import ElasticIndex
from pipeline.index.elastic_loading import body_of
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.flatten import entry_of, id_of, kind_of, parts_of
from pipeline.index.names import default_names
from pipeline.records import Document
from pipeline.settings import ElasticsearchSettings

CHUNK = 5000
TURN = 1000
"""Articles that are loaded in one way before the other has its turn."""
ROUNDS = 5
PATIENCE = 60.0
"""Seconds of asking after which no further round begins."""
FACETS = ("gang", "district", "month")
HEAP = "1g"
_TEXTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("cupos mototaxistas", {}),
    ("extorsión", {}),
    ("extorsión bodega", {"min_amount": 1000.0}),
    ('"cobros de cupos"', {}),
    ("extors*", {"places": ("La Libertad",)}),
    ("granada OR dinamita", {}),
    ("policía -colegio", {"crimes": ("extorsion",)}),
    ("sicarios", {"places": ("15",)}),
    ("amenazas whatsapp", {"crimes": ("extortion",)}),
    ("penal llamadas", {}),
    ("paro transportistas", {"outlets": ("rpp", "trome")}),
    ("estado emergencia patrullaje", {}),
    ("", {"gangs": ("Los Pulpos",)}),
    ("", {"places": ("La Libertad",), "crimes": ("extorsion",)}),
    ("", {"businesses": ("bodega",)}),
    ("", {"near": "Comas", "km": 10.0}),
    ("", {"min_amount": 5000.0, "max_amount": 20_000.0}),
    ("", {}),
    ("fiscal detención preliminar", {}),
    ("(cámaras motocicleta) OR (testigos repartidores)", {}),
)
QUERIES = [Query(text=text, facets=FACETS, kind=kind, **given) for text, given in _TEXTS for kind in (Kind.ARTICLES, Kind.EVENTS)]  # fmt: skip


@dataclass
class Measured:
    """One row of the table."""

    name: str
    articles: int = 0
    entries: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    """Seconds of processors."""
    size: int = 0
    """Bytes on disk."""
    memory: float = 0.0
    """Megabytes."""
    times: list[list[float]] = field(default_factory=list)
    """Of each query the milliseconds of each answer."""
    asking: float = 0.0
    """Milliseconds of processors that an answer took on average."""
    cpu_times: list[float] = field(default_factory=list)
    """Of each query the milliseconds of the processor for the answer that took least; in one process only."""
    totals: list[int] = field(default_factory=list)
    """What each query found: the same for all."""

    def cells(self) -> Iterator[str]:
        """As the table has them."""
        yield from (self.name, f"{self.articles / self.seconds:,.0f}", f"{self.entries / self.seconds:,.0f}")
        yield f"{self.entries / self.cpu:,.0f}"
        yield f"{self.size / self.articles / 1000:.1f}" if self.size else ""
        if not self.times:
            yield from ("",) * 7
            return
        cuts = statistics.quantiles([one for times in self.times for one in times], n=100)
        yield from (f"{cuts[at]:.1f}" for at in (49, 94, 98))
        yield f"{statistics.quantiles([min(times) for times in self.times], n=20)[18]:.1f}"
        yield f"{statistics.quantiles(self.cpu_times, n=20)[18]:.1f}" if self.cpu_times else ""
        yield f"{self.asking:.1f}"
        yield f"{self.memory:,.0f}"


_COLUMNS = (
    "index", "articles/s", "entries/s", "entries / CPU s", "GB / million articles", "p50 ms", "p95 ms", "p99 ms",
    "p95 best", "p95 CPU", "mean CPU", "peak MB",
)  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--elasticsearch", action="store_true")
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--only", choices=_MEASURES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        rows = _MEASURES[arguments.only](arguments.articles, arguments.shards)
        print(json.dumps([asdict(row) for row in rows]))
        return
    wanted = [name for name in _MEASURES if name != "elasticsearch" or arguments.elasticsearch]
    Console(width=max(Console().width, 160)).print(
        _table(arguments.articles, [row for name in wanted for row in _apart(name, arguments)])
    )


def _apart(name: str, arguments: argparse.Namespace) -> list[Measured]:
    """Measured in a process of its own, so that memory is its own."""
    command = [sys.executable, "-m", "benchmarks.indexing", "--only", name, "--articles", str(arguments.articles)]
    command += ["--shards", str(arguments.shards)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [Measured(**row) for row in json.loads(done.stdout)]


def _table(articles: int, rows: list[Measured]) -> Table:
    load = os.getloadavg()[1]
    table = Table(
        title=f"{articles:,} articles, {len(QUERIES)} queries, {os.cpu_count()} cores, load average {load:.1f}"
    )
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column == "index" else "right")
    for row in rows:
        table.add_row(*row.cells())
    found = {tuple(row.totals) for row in rows if row.totals}
    table.caption = "all found the same" if len(found) == 1 else f"THEY DIFFER: {found}"
    by_name = {row.name: row for row in rows}
    if bare := by_name.get("parallel_bulk"):
        table.caption += f"; Vigía's load at {bare.seconds / by_name['elasticsearch'].seconds:.2f} of the bare rate"
    return table


def _chunks(articles: int, size: int = CHUNK) -> Iterator[list[Document]]:
    made = documents(articles)
    while chunk := list(islice(made, size)):
        yield chunk


def _clocked(row: Measured, work: Callable[[], Any], cpu: Callable[[], float]) -> None:
    wall, used = time.perf_counter(), cpu()
    work()
    row.seconds += time.perf_counter() - wall
    row.cpu += cpu() - used


def _count(row: Measured, chunk: list[Document]) -> None:
    row.articles += len(chunk)
    row.entries += sum(1 + len(list(parts_of(one))) for one in chunk)


def _ask(row: Measured, search: Callable[[Query], int], cpu: Callable[[], float] = time.process_time) -> None:
    """Ask the queries, once for the files to be read and then as often as patience allows; what takes too long is asked once."""
    row.times, used = [[] for _ in QUERIES], [[] for _ in QUERIES]  # type: ignore[var-annotated]
    begun, all_used = time.perf_counter(), cpu()
    row.totals = [
        _answer(query, search, times, cpus) for query, times, cpus in zip(QUERIES, row.times, used, strict=True)
    ]
    asked = len(QUERIES)
    if time.perf_counter() - begun < PATIENCE:
        for each in (*row.times, *used):
            each.clear()
        all_used, patient_until, asked = cpu(), time.perf_counter() + PATIENCE, 0
        while asked < ROUNDS * len(QUERIES) and (not asked or time.perf_counter() < patient_until):
            asked += len(QUERIES)
            for query, times, cpus in zip(QUERIES, row.times, used, strict=True):
                _answer(query, search, times, cpus)
    row.asking = (cpu() - all_used) * 1000 / asked
    row.cpu_times = [min(cpus) for cpus in used] if cpu is time.process_time else []


def _answer(query: Query, search: Callable[[Query], int], times: list[float], cpus: list[float]) -> int:
    """How many answer a query; adds the milliseconds that it took by the clock and of the processor."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    found = search(query)
    times.append((time.perf_counter() - begun) * 1000)
    cpus.append((time.process_time() - begun_cpu) * 1000)
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size(folder: str) -> int:
    return sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())


def _embedded(articles: int, _: int) -> list[Measured]:
    row = Measured("embedded")
    with tempfile.TemporaryDirectory() as folder:
        index = EmbeddedIndex(Path(folder), default_names())
        for chunk in _chunks(articles):
            _count(row, chunk)
            _clocked(row, lambda chunk=chunk: index.replace_articles(chunk), time.process_time)  # type: ignore[misc]
        row.size = _size(folder)
        _ask(row, lambda query: index.search(query).total)
        row.memory = _peak()
    return [row]


def _fts5(articles: int, _: int) -> list[Measured]:
    row = Measured("SQLite FTS5")
    with tempfile.TemporaryDirectory() as folder:
        index = Fts5Index(Path(folder) / "index.db")
        for chunk in _chunks(articles):
            _count(row, chunk)
            _clocked(row, lambda chunk=chunk: index.load(chunk), time.process_time)  # type: ignore[misc]
        row.size = _size(folder)
        _ask(row, lambda query: index.search(query)[0])
        row.memory = _peak()
    return [row]


def _elasticsearch(articles: int, shards: int) -> list[Measured]:
    from tests.elasticsearch_node import Node, running

    def server(node: Node) -> Callable[[], float]:
        return lambda: time.process_time() + _of_group(node.process.pid, _cpu_of)

    ours, bare = Measured("elasticsearch"), Measured("parallel_bulk")
    with running(heap=HEAP, lasting=True) as (node,), Elasticsearch(node.url, request_timeout=120) as client:
        settings = [ElasticsearchSettings(url=node.url, prefix=f"{name}-{secrets.token_hex(3)}", shards=shards) for name in ("ours", "bare")]  # fmt: skip
        index, other = (ElasticIndex.connect(one, default_names()) for one in settings)
        for one in (index, other):
            one.target()
        for turn, chunk in enumerate(_chunks(articles, TURN)):
            bodies = [(other._shelves.to_write(kind_of(record)), id_of(record), body_of(entry_of(record))) for one in chunk for record in (one, *parts_of(one))]  # fmt: skip
            _count(ours, chunk)
            _count(bare, chunk)
            loads = [
                (ours, lambda chunk=chunk: index.replace_articles(chunk)),
                (bare, lambda bodies=bodies: _bare(client, bodies)),
            ]
            for row, load in loads if turn % 2 else reversed(loads):
                _clocked(row, load, server(node))  # type: ignore[arg-type]
        index.refresh()
        client.indices.forcemerge(index=f"{settings[0].prefix}-*", max_num_segments=5)
        stats = client.indices.stats(index=f"{settings[0].prefix}-*", metric="store")
        ours.size = int(stats["_all"]["total"]["store"]["size_in_bytes"])
        client.indices.delete(index=",".join(client.indices.get(index=f"{settings[1].prefix}-*")))
        _ask(ours, lambda query: index.search(query).total, server(node))
        ours.memory = _peak() + _of_group(node.process.pid, _resident_of)
    return [ours, bare]


def _bare(client: Elasticsearch, bodies: list[tuple[str, str, bytes]]) -> None:
    def expand(action: Any) -> Any:
        index, key, body = action
        return {"index": {"_index": index, "_id": key}}, body

    for done, said in parallel_bulk(client, bodies, thread_count=2, chunk_size=500, expand_action_callback=expand):
        assert done, said


def _of_group(group: int, measure: Callable[[Path], float]) -> float:
    """Sum over the processes of a group."""
    found = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) == group:
                found += measure(process)
        except OSError:  # it has ended
            continue
    return found


def _cpu_of(process: Path) -> float:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_of(process: Path) -> float:
    lines = (process / "status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


_MEASURES: dict[str, Callable[[int, int], list[Measured]]] = {
    "embedded": _embedded,
    "fts5": _fts5,
    "elasticsearch": _elasticsearch,
}


if __name__ == "__main__":
    main()
