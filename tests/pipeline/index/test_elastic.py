"""What only the Elasticsearch backend does: servers that are down, busy, of another kind or version; aliases and versions."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from nlp.types import Gang, Label
from pipeline.index import IndexUnavailable, Kind, PutReport, Query, WrongVersion, elastic_loading, elastic_server
from pipeline.index.elastic import ElasticIndex
from pipeline.index.names import default_names
from pipeline.records import Document
from pipeline.settings import ElasticsearchSettings
from tests.pipeline.index.conftest import elastic, remove
from tests.pipeline.index.generated import article, document, documents, event, mention
from tests.pipeline.index.proxied import Answer, proxy


def _connect(url: str, **settings: Any) -> ElasticIndex:
    return ElasticIndex.connect(ElasticsearchSettings(url=url, **settings), default_names())


def _info(number: str) -> Answer:
    return 200, {"name": "n", "cluster_name": "c", "version": {"number": number}, "tagline": "You Know, for Search"}


def test_nobody_answers() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://user:secret@127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(IndexUnavailable, match="cannot be reached") as caught:
            _connect(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "product", "error", "said"),
    [
        (_info("7.17.9"), True, WrongVersion, "is Elasticsearch 7.17.9: Vigía needs 8 or 9"),
        (_info("10.0.0"), True, WrongVersion, "is Elasticsearch 10.0.0"),
        (_info("2.11.0"), False, WrongVersion, "is not Elasticsearch"),
        ((406, {"error": "media type"}), True, WrongVersion, "older than Elasticsearch 8"),
        ((401, {"error": "who?"}), True, IndexUnavailable, "VIGIA_ELASTICSEARCH_API_KEY"),
        ((403, {"error": {"root_cause": [{"reason": "no right"}]}}), True, IndexUnavailable, "not allow.*no right"),
        ((500, {"error": "x"}), True, IndexUnavailable, "answers 500"),
    ],
)
def test_what_answers_is_not_what_is_needed(answer: Answer, product: bool, error: type[Exception], said: str) -> None:
    with proxy(lambda *_: answer, product=product) as (url, _), pytest.raises(error, match=said):
        _connect(url)


def test_settings_that_do_not_go_together() -> None:
    with pytest.raises(IndexUnavailable, match="do not go together"):
        _connect("http://127.0.0.1:9", api_key="a", user="b", password="c")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long pauses."""
    monkeypatch.setattr(elastic_server, "FIRST_PAUSE", 0.01)


def _busy(path: str, body: bytes, how: str) -> Answer:
    if how == "request":
        return 503, {"error": "busy"}
    count = body.count(b'{"index":{"_index"')
    return 200, {"items": [{"index": {"status": 429, "error": {"type": "busy", "reason": "full"}}}] * count}


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", ["request", "items"])
def test_a_busy_server_is_asked_again(elasticsearch_url: str, how: str) -> None:
    turns = iter(range(3))

    def rule(path: str, body: bytes) -> Answer | None:
        return _busy(path, body, how) if path.startswith("/_bulk") and next(turns, None) is not None else None

    with proxy(rule, elasticsearch_url) as (url, server):
        index = elastic(url)
        report = index.replace_articles(documents(20))
        index.refresh()
        assert (len(report.indexed), report.refused, index.count(Query())) == (20, (), 20)
        assert sum(path.startswith("/_bulk") for path in server.paths) == 5
        remove(elasticsearch_url, index._shelves.prefix)


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", ["request", "items"])
def test_a_server_that_stays_busy(elasticsearch_url: str, how: str) -> None:
    def rule(path: str, body: bytes) -> Answer | None:
        return _busy(path, body, how) if path.startswith("/_bulk") else None

    with proxy(rule, elasticsearch_url) as (url, _):
        index = elastic(url)
        with pytest.raises(IndexUnavailable, match="answers 503" if how == "request" else r"writes nothing now.*full"):
            index.replace_articles(documents(3))
        remove(elasticsearch_url, index._shelves.prefix)


@pytest.mark.elasticsearch
def test_a_refused_document_is_reported_and_the_others_are_in(elasticsearch_url: str) -> None:
    index = elastic(elasticsearch_url)
    good = list(documents(5))
    # A field that the strict mapping does not know, as after a change of the program without one of the templates.
    with Elasticsearch(elasticsearch_url) as client:
        name = index._shelves.to_write(Kind.ARTICLES)
        answer = client.bulk(operations=[{"index": {"_index": name, "_id": "x"}}, {"unknown": 1}])
    assert answer["items"][0]["index"]["error"]["type"] == "strict_dynamic_mapping_exception"
    too_long = document(article("long", "T", "C"), mentions=(mention(Label.GANG, Gang(name="x" * 9000)),))
    report = index.replace_articles([*good[:2], too_long, *good[2:]])
    assert set(report.indexed) == {one.article.id for one in good}
    ((refused, reason),) = report.refused
    assert (refused, "gangs has a value of 9000 characters" in reason) == (too_long.article.id, True)
    remove(elasticsearch_url, index._shelves.prefix)


@pytest.mark.elasticsearch
def test_a_server_that_writes_nothing_is_no_fault_of_the_documents(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had taken by then is confirmed, nothing else is, and nothing is refused."""
    monkeypatch.setattr(elastic_loading, "BATCH", 40)
    index = elastic(elasticsearch_url)
    name = index._shelves.to_write(Kind.ARTICLES)
    confirmed: list[PutReport] = []
    made = list(documents(240))

    def stream(client: Elasticsearch) -> Iterator[Document]:
        for number, one in enumerate(made):
            if number == 200:  # as when its disk is full
                client.indices.put_settings(index=name, settings={"index.blocks.write": True})
            yield one

    with Elasticsearch(elasticsearch_url) as client:
        with pytest.raises(IndexUnavailable, match=r"cluster_block_exception.*run vigia index again"):
            index.replace_articles(stream(client), confirm=confirmed.append)
        client.indices.put_settings(index=name, settings={"index.blocks.write": None})
    index.refresh()
    told = {key for report in confirmed for key in report.indexed}
    assert not any(report.refused for report in confirmed)
    assert told <= {hit.id for hit in index.scan(Query(highlight=False))}
    assert 0 < len(told) < len(made)
    remove(elasticsearch_url, index._shelves.prefix)


@pytest.mark.elasticsearch
@pytest.mark.parametrize("overtaken_at", ["before its article", "before its events", "before what is older goes"])
def test_two_loads_of_one_article(elasticsearch_url: str, overtaken_at: str) -> None:
    """The one that has an older revision is held up at some request, until the other has put a newer one."""
    of = article("raced", "Cupos en Comas", "Cobran cupos.")
    older = document(of, events=tuple(event(of, "extorsion", words) for words in ("exigen", "amenazan")))
    newer = document(of, events=(event(of, "extorsion", "cobran"),))
    here = {
        "before its article": lambda path, body: path.startswith("/_bulk"),
        "before its events": lambda path, body: path.startswith("/_bulk") and b"exigen" in body and b"-events-" in body,
        "before what is older goes": lambda path, body: "_delete_by_query" in path,
    }[overtaken_at]
    quick = elastic(elasticsearch_url)
    first = document(of, events=(event(of, "extorsion", "reciben"),))
    quick.replace_articles([first], {of.id: 1})
    waiting = iter([True])

    def rule(path: str, body: bytes) -> Answer | None:
        if here(path, body) and next(waiting, False):
            assert quick.replace_articles([newer], {of.id: 3}).indexed == (of.id,)
        return None

    with proxy(rule, elasticsearch_url) as (url, _):
        slow = elastic(url, quick._shelves.prefix)
        report = slow.replace_articles([older], {of.id: 2})
    assert (report.indexed, report.overtaken) == ((), (of.id,))
    assert next(waiting, None) is None
    quick.refresh()
    assert [hit.source["event"]["trigger"] for hit in quick.scan(Query(kind=Kind.EVENTS))] == ["cobran"]
    remove(elasticsearch_url, quick._shelves.prefix)


@pytest.mark.elasticsearch
def test_a_request_of_a_killed_load_is_carried_out_during_the_next(elasticsearch_url: str) -> None:
    """The old version's events come in after the new load has taken out the older ones; they go all the same."""
    of = article("killed", "Cupos en Comas", "Cobran cupos.")
    under_way: list[bytes] = []

    def holds_back(path: str, body: bytes) -> Answer | None:
        if path.startswith("/_bulk") and b"-events-" in body:
            under_way.append(body)
            return 200, {"items": [{"index": {"status": 201, "result": "created"}}]}
        return None

    def lets_go(path: str, body: bytes) -> Answer | None:
        if "_delete_by_query" in path and "-claims-" in path and under_way:
            with Elasticsearch(elasticsearch_url) as client:
                answer = client.bulk(operations=under_way.pop())  # type: ignore[arg-type]  # bytes go as they are
            assert not answer["errors"]
        return None

    with proxy(holds_back, elasticsearch_url) as (url, _):
        killed = elastic(url)
        killed.replace_articles([document(of, events=(event(of, "extorsion", "exigen"),))], {of.id: 1})
    with proxy(lets_go, elasticsearch_url) as (url, _):
        following = elastic(url, killed._shelves.prefix)
        assert following.replace_articles([document(of)], {of.id: 2}).indexed == (of.id,)
    assert under_way == []
    index = elastic(elasticsearch_url, killed._shelves.prefix)
    index.refresh()
    assert [index.count(Query(kind=kind)) for kind in (Kind.ARTICLES, Kind.EVENTS)] == [1, 0]
    remove(elasticsearch_url, killed._shelves.prefix)


@pytest.mark.elasticsearch
def test_a_request_that_comes_late_brings_nothing_back(elasticsearch_url: str) -> None:
    """What was taken out is not put again by the same request, repeated within ten minutes."""
    of = article("late", "Cupos en Comas", "Cobran cupos.")
    kept: list[bytes] = []

    def rule(path: str, body: bytes) -> Answer | None:
        if path.startswith("/_bulk"):
            kept.append(body)
        return None

    with proxy(rule, elasticsearch_url) as (url, _):
        index = elastic(url)
        index.replace_articles([document(of, events=(event(of, "extorsion", "exigen"),))], {of.id: 1})
        index.replace_articles([document(of)], {of.id: 2})
        with Elasticsearch(url) as client:
            answers = [client.bulk(operations=body) for body in kept[:2]]  # type: ignore[arg-type]
    assert [item["index"]["status"] for answer in answers for item in answer["items"]] == [409, 409]
    index = elastic(elasticsearch_url, index._shelves.prefix)
    index.refresh()
    assert [index.count(Query(kind=kind)) for kind in (Kind.ARTICLES, Kind.EVENTS)] == [1, 0]
    remove(elasticsearch_url, index._shelves.prefix)


@pytest.mark.elasticsearch
def test_an_index_of_another_version_of_the_templates(elasticsearch_url: str) -> None:
    index = elastic(elasticsearch_url)
    prefix = index._shelves.prefix
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.create(
            index=f"{prefix}-articles-v0",
            mappings={"_meta": {"version": 0}, "properties": {"id": {"type": "keyword"}}},
            aliases={f"{prefix}-articles": {"is_write_index": True}},
        )
        client.index(index=f"{prefix}-articles", id="old", document={"id": "old"}, refresh=True)
        for ask in (index.search, index.count, lambda query: list(index.scan(query))):
            with pytest.raises(WrongVersion, match="version 0 of the templates and this program has version 2"):
                ask(Query())
        report = index.replace_articles(documents(4))
        assert client.count(index=f"{prefix}-articles")["count"] == 1  # readers of the old program see no gap
        index.refresh()
        with pytest.raises(WrongVersion):
            index.count(Query())
        index.publish()
        assert (len(report.indexed), index.count(Query())) == (4, 4)
        assert sorted(client.indices.get(index=f"{prefix}-articles*")) == [f"{prefix}-articles-v2"]
    remove(elasticsearch_url, prefix)


@pytest.mark.elasticsearch
def test_readers_see_no_gap_while_indexes_are_made_anew(elasticsearch_url: str) -> None:
    index = elastic(elasticsearch_url)
    reader = elastic(elasticsearch_url, index._shelves.prefix)
    made = list(documents(60))
    index.rebuild(made)
    seen: list[int | Exception] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.append(reader.search(Query(facets=("gang",))).total)
            except Exception as error:  # whatever it is, the test shows it
                seen.append(error)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    for _ in range(4):
        index.rebuild(made)
    done.set()
    reading.join()
    assert set(seen) == {60}
    remove(elasticsearch_url, index._shelves.prefix)


@pytest.mark.elasticsearch
def test_a_rebuild_clears_away_what_a_killed_one_has_left(elasticsearch_url: str) -> None:
    index = elastic(elasticsearch_url)
    prefix = index._shelves.prefix
    index.rebuild(documents(1))
    stamps = {
        "old": "20250101000000000000",
        "read": "20250101000000000001",
        "under way": f"{datetime.now(UTC):%Y%m%d%H%M%S%f}",
    }
    names = {what: f"{prefix}-articles-v2-{stamp}" for what, stamp in stamps.items()}
    with Elasticsearch(elasticsearch_url) as client:
        for what, name in names.items():
            client.indices.create(index=name, aliases={f"{prefix}-by-hand": {}} if what == "read" else {})
        client.indices.create(index=f"{names['old']}-y2025")
        index.rebuild(documents(1))
        there = set(client.indices.get(index=f"{prefix}-articles-*"))
    assert there - set(names.values()) == {index._shelves.to_write(Kind.ARTICLES)}
    assert there & set(names.values()) == {names["read"], names["under way"]}
    remove(elasticsearch_url, prefix)


@pytest.mark.elasticsearch
def test_a_removed_index_is_another_target(elasticsearch_url: str) -> None:
    index = elastic(elasticsearch_url)
    prefix = index._shelves.prefix
    assert index.describe().target == ""
    target = index.target()
    assert elastic(elasticsearch_url, prefix).target() == target
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=f"{prefix}-events-v2")
    fresh = elastic(elasticsearch_url, prefix)
    assert fresh.describe().target == ""
    assert fresh.target() != target
    remove(elasticsearch_url, prefix)


@pytest.mark.elasticsearch
def test_names_and_aliases(elasticsearch_url: str) -> None:
    index = elastic(elasticsearch_url)
    prefix = index._shelves.prefix
    index.replace_articles(documents(2))
    index.refresh()
    with Elasticsearch(elasticsearch_url) as client:
        made = client.indices.get(index=f"{prefix}-*")
        assert {name: list(body["aliases"]) for name, body in made.items()} == {
            f"{prefix}-{kind}-v2": [f"{prefix}-{kind}"] for kind in Kind
        }
        index.rebuild(documents(1))
        made = client.indices.get(index=f"{prefix}-*")
        assert sorted(alias for body in made.values() for alias in body["aliases"]) == sorted(
            f"{prefix}-{kind}" for kind in Kind
        )
        assert len(made) == len(Kind)
    remove(elasticsearch_url, prefix)
