"""How fast the index loads and answers, and how large it is: one table.

    python -m benchmarks.indexing [--articles 5000] [--elasticsearch]

The articles are made by rule in the manner of the press, the same ones each time. With ``--elasticsearch`` the same is measured
on the server that ``VIGIA_TEST_ELASTICSEARCH_URL`` names, or on one node of our own.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.index import Kind, Query, SearchIndex
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.names import default_names
from pipeline.records import Document
from tests.pipeline.index.generated import documents

QUERIES = [
    Query(text=text, facets=facets, kind=kind)
    for text in ("cupos mototaxistas", "extorsión", '"cobro de cupos"', "extors*", "sicario OR granada", "policía -bodega", "")
    for facets in ((), ("gang", "district", "month"))
    for kind in (Kind.ARTICLES, Kind.EVENTS)
]  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--elasticsearch", action="store_true")
    arguments = parser.parse_args()
    made = list(documents(arguments.articles))
    table = Table(title=f"{arguments.articles} generated articles, {len(QUERIES)} queries")
    for column in ("backend", "load, articles/s", "again, articles/s", "MB", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(column, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        index = EmbeddedIndex(Path(folder), default_names())
        row = measure(index, made)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        table.add_row("embedded", *row[:2], f"{size / 1e6:.1f}", *row[2:])
    if arguments.elasticsearch:
        with _elasticsearch() as (server, size_of):
            row = measure(server, made)
            table.add_row("elasticsearch", *row[:2], f"{size_of() / 1e6:.1f}", *row[2:])
    Console().print(table)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure(index: SearchIndex, made: list[Document]) -> list[str]:
    """Rates of a first load and of the same again, and the times of the queries."""
    rates = []
    for _ in range(2):
        begun = time.perf_counter()
        assert len(index.replace_articles(made).indexed) == len(made)
        index.refresh()
        rates.append(f"{len(made) / (time.perf_counter() - begun):.0f}")
    times = []
    for _ in range(5):
        for query in QUERIES:
            begun = time.perf_counter()
            index.search(query)
            times.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(times, n=100)
    return [*rates, *(f"{cuts[at]:.1f}" for at in (49, 94, 98))]


@contextlib.contextmanager
def _elasticsearch() -> Iterator[tuple[SearchIndex, object]]:
    import os

    from elasticsearch import Elasticsearch

    from pipeline.index.elastic import ElasticIndex
    from pipeline.settings import ElasticsearchSettings
    from tests.elasticsearch_node import running
    from tests.pipeline.index.conftest import remove

    with contextlib.ExitStack() as stack:
        url = os.environ.get("VIGIA_TEST_ELASTICSEARCH_URL") or stack.enter_context(running())[0].url
        prefix = f"benchmark-{secrets.token_hex(4)}"
        index = ElasticIndex.connect(ElasticsearchSettings(url=url, prefix=prefix), default_names())
        client = stack.enter_context(Elasticsearch(url))

        def size() -> int:
            stats = client.indices.stats(index=f"{prefix}-*", metric="store")
            return int(stats["_all"]["total"]["store"]["size_in_bytes"])

        yield index, size
        index.close()
        remove(url, prefix)


if __name__ == "__main__":
    main()
