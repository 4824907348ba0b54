"""Three nodes of a real Elasticsearch, one of which dies while articles are loaded and searched: nothing is lost or wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from pipeline.index import Kind, Query, SearchIndex, elastic_loading
from pipeline.index.elastic import ElasticIndex
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.names import default_names
from pipeline.records import Document
from pipeline.settings import ElasticsearchSettings
from tests.conftest import needs_elasticsearch
from tests.elasticsearch_node import Node, running, started_again
from tests.pipeline.index.generated import documents

pytestmark = [pytest.mark.elasticsearch, pytest.mark.kill, pytest.mark.timeout(1500)]

THERE_BEFORE, LOADED = 400, 1200
SHARDS = 2
TOTAL_MEMORY = Path("/proc/meminfo")
NEEDED_MB = 3000


@pytest.fixture(scope="module")
def nodes() -> Iterator[list[Node]]:
    """A cluster of its own."""
    needs_elasticsearch()
    if (free := _free_mb()) is not None and free < NEEDED_MB:
        pytest.skip(f"three nodes need {NEEDED_MB} MB of memory, and {free} MB are free")
    with running(3) as made:
        yield made


def _free_mb() -> int | None:
    if not TOTAL_MEMORY.exists():
        return None
    lines = TOTAL_MEMORY.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:"))


@dataclass
class _Reader:
    """Searches, without pause, for what was there before; keeps what the answers say."""

    index: SearchIndex
    done: threading.Event = field(default_factory=threading.Event)
    totals: list[int] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def read(self) -> None:
        asked = Query(outlets=("antes",), facets=("district",), size=5)
        while not self.done.is_set():
            try:
                self.totals.append(self.index.search(asked).total)
            except Exception as error:  # whatever it is, the test shows it
                self.errors.append(error)


def _content(index: SearchIndex) -> dict[str, dict[str, object]]:
    return {kind: {hit.id: hit.source for hit in index.scan(Query(kind=kind, highlight=False))} for kind in Kind}


def _holder(client: Elasticsearch, nodes: list[Node], alias: str) -> Node:
    """The node with the first copy of a part of an index."""
    shards = client.cat.shards(index=alias, format="json")
    name = next(shard["node"] for shard in shards if shard["prirep"] == "p")
    return nodes[int(name.removeprefix("node-"))]


def _loaded_while_it_dies(index: ElasticIndex, made: list[Document], dying: Node) -> tuple[str, ...]:
    """Load, and kill a node in the middle; ids of what the load says is in."""

    def stream() -> Iterator[Document]:
        for number, one in enumerate(made):
            if number == len(made) // 2:
                threading.Timer(0.1, dying.kill).start()  # while a request is under way
            yield one

    report = index.replace_articles(stream())
    assert report.refused == ()
    return report.indexed


def test_a_node_dies_while_articles_are_loaded_and_searched(
    nodes: list[Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_loading, "BATCH", 50)
    made = list(documents(THERE_BEFORE + LOADED))
    before = [replace(one, article=replace(one.article, outlet="antes")) for one in made[:THERE_BEFORE]]
    reference = EmbeddedIndex(tmp_path, default_names())
    reference.replace_articles([*before, *made[THERE_BEFORE:]])
    expected = _content(reference)

    settings = ElasticsearchSettings(url=",".join(node.url for node in nodes), shards=SHARDS)
    index, reader = (ElasticIndex.connect(settings, default_names()) for _ in range(2))
    index.replace_articles(before)
    index.refresh()
    with Elasticsearch(settings.urls) as client:
        client.cluster.health(wait_for_status="green", wait_for_no_relocating_shards=True, timeout="120s")
        assert index.describe().health == "green"
        dying = _holder(client, nodes, "vigia-articles")

        reading = _Reader(reader)
        thread = threading.Thread(target=reading.read, daemon=True)
        thread.start()
        indexed = _loaded_while_it_dies(index, made[THERE_BEFORE:], dying)
        reading.done.set()
        thread.join()
        assert dying.process.poll() is not None
        assert reading.errors == []
        assert set(reading.totals) == {THERE_BEFORE}  # never a part of the answer

        assert len(indexed) == LOADED
        index.refresh()
        assert _content(index) == expected
        assert index.describe().health == "yellow"
        with started_again(dying):
            client.cluster.health(wait_for_status="green", wait_for_no_relocating_shards=True, timeout="120s")
            assert _content(index) == expected
            assert index.describe().counts == {kind: len(expected[kind]) for kind in Kind}
    index.close()
    reader.close()
