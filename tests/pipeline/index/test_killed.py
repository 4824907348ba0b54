"""A real Elasticsearch that dies in the middle of a load: nothing is lost, nothing is there twice, nothing is reported wrongly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import loading
from pipeline.archive import Analysed, Archive
from pipeline.index import IndexUnavailable, Kind, Query, SearchIndex, elastic_server, open_index
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.names import default_names
from pipeline.settings import ElasticsearchSettings, Settings
from pipeline.work import Work, working
from tests.conftest import needs_elasticsearch
from tests.elasticsearch_node import Node, running, started_again
from tests.pipeline.index.generated import FIRST_DAY, documents

pytestmark = [pytest.mark.elasticsearch, pytest.mark.kill]

ARTICLES = 400


@pytest.fixture
def node() -> Iterator[Node]:
    """A node of its own: the shared one may not die."""
    needs_elasticsearch()
    with running() as (made,):
        yield made


@pytest.fixture
def settings(node: Node, tmp_path: Path) -> Settings:
    """Of a home whose archive is full and whose index is empty."""
    made = Settings(home=tmp_path / "home", elasticsearch=ElasticsearchSettings(url=node.url))
    with Archive.open(made) as archive:
        for one in documents(ARTICLES):
            archive.save_article(one.article, None)
        archive.save_extractions(
            Analysed(
                article=one.article,
                version=1,
                models_key="m",
                extraction=one.extraction,
                signature=None,
                at=FIRST_DAY,
            )
            for one in documents(ARTICLES)
        )
    return made


def _content(index: SearchIndex) -> dict[str, dict[str, object]]:
    return {kind: {hit.id: hit.source for hit in index.scan(Query(kind=kind, highlight=False))} for kind in Kind}


def _load(settings: Settings) -> Work:
    with working(settings, "index") as work:
        index = open_index(settings)
        try:
            loading.index_step(work, index)
        finally:
            index.close()
    return work


def _load_and_die(settings: Settings, node: Node) -> int:
    """A load in which the server is killed while the second batch is under way; the number that is noted as indexed."""
    killer = threading.Timer(0.05, node.kill)

    def begun(step: str, done: int, total: int) -> None:
        if not killer.is_alive() and node.process.poll() is None:
            killer.start()

    with working(settings, "index", progress=begun) as work:
        index = open_index(settings)
        with pytest.raises(IndexUnavailable, match="cannot be reached"):
            loading.index_step(work, index)
        index.close()
    killer.join()
    assert work.run is not None
    return sum(count.n for count in work.run.counts if count.outcome == "indexed")


def test_killed_in_the_middle_of_a_load(
    node: Node, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_server, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(loading, "INDEX_BATCH", 50)
    noted = _load_and_die(settings, node)
    assert 0 < noted < ARTICLES

    reference = EmbeddedIndex(tmp_path / "reference", default_names())
    with Archive.open(settings) as archive:
        reference.replace_articles(archive.documents())
    expected = _content(reference)
    with started_again(node):
        index = open_index(settings)
        with Archive.open(settings) as archive:
            missing = {one.document.article.id for one in archive.pending_index(index.target())}
        assert len(missing) == ARTICLES - noted
        index.refresh()
        assert set(expected["articles"]) - missing <= set(_content(index)["articles"])  # what was noted has survived

        for _ in range(2):
            work = _load(settings)
            assert not work.failed
            assert _content(index) == expected
            assert index.describe().counts == {kind: len(expected[kind]) for kind in Kind}
            with Archive.open(settings) as archive:
                assert list(archive.pending_index(index.target())) == []
                archive.forget_index(index.target())  # so that the next load replays everything
        index.close()
