"""The two backends, filled alike."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch, NotFoundError

from pipeline.index import SearchIndex
from pipeline.index.elastic import ElasticIndex
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.names import default_names
from pipeline.settings import ElasticsearchSettings

BACKENDS = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]


def elastic(url: str, prefix: str | None = None) -> ElasticIndex:
    """An index of its own on a server."""
    prefix = prefix or f"test-{secrets.token_hex(4)}"
    return ElasticIndex.connect(ElasticsearchSettings(url=url, prefix=prefix), default_names())


def remove(url: str, prefix: str) -> None:
    """Take an index and its templates off the server."""
    with Elasticsearch(url, request_timeout=60) as client:  # a busy machine
        for name in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=name)
        with contextlib.suppress(NotFoundError):
            client.indices.delete_index_template(name=f"{prefix}-*")
            client.cluster.delete_component_template(name=f"{prefix}-*")


@pytest.fixture(params=BACKENDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    """An empty index of each backend."""
    if request.param == "embedded":
        yield EmbeddedIndex(tmp_path, default_names())
        return
    url = request.getfixturevalue("elasticsearch_url")
    made = elastic(url)
    yield made
    made.close()
    remove(url, made._shelves.prefix)
