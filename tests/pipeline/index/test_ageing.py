"""Indexes divided by years, under a lifecycle policy.

The Elasticsearch of the tests has no lifecycle management, so what belongs to it is answered in its place, and the settings that
it does not know are taken out on the way. Everything else is done by the real server.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.cli import checkup
from pipeline.index import Kind, Query
from pipeline.index.elastic import ElasticIndex
from pipeline.index.elastic_ageing import NOT_ALLOWED, NOT_MANAGED
from pipeline.index.flatten import parts_of
from pipeline.index.names import default_names
from pipeline.records import Document, EventRecord
from pipeline.settings import ElasticsearchSettings, LifecycleSettings, Settings
from tests.pipeline.index.conftest import elastic, remove
from tests.pipeline.index.generated import article, document, documents, event, incident
from tests.pipeline.index.proxied import Answer, proxy

pytestmark = pytest.mark.elasticsearch

BOTH = LifecycleSettings(warm_after=90, delete_after=730)
LAST_OF_2024 = datetime(2025, 1, 1, 4, 59, tzinfo=UTC)
"""In Lima."""
FIRST_OF_2025 = datetime(2025, 1, 1, 5, 0, tzinfo=UTC)


@dataclass
class Managed:
    """A server with lifecycle management, as it looks from here."""

    url: str
    prefix: str
    policies: dict[str, Any] = field(default_factory=dict)
    ageing: dict[str, Any] = field(default_factory=dict)
    """Index -> its settings of the lifecycle."""

    def index(self, lifecycle: LifecycleSettings = BOTH) -> ElasticIndex:
        settings = ElasticsearchSettings(url=self.url, prefix=self.prefix, lifecycle=lifecycle)
        return ElasticIndex.connect(settings, default_names())

    def answer(self, path: str, body: bytes) -> Answer | None:
        if not path.startswith("/_ilm/policy/"):
            return None
        name = path.removeprefix("/_ilm/policy/")
        if body:
            self.policies[name] = json.loads(body)["policy"]
        if name not in self.policies:
            return 404, {"error": {"type": "resource_not_found_exception", "reason": "Lifecycle policy not found"}}
        return 200, {"acknowledged": True}

    def edit(self, path: str, body: bytes) -> bytes:
        asked = json.loads(body) if b'"lifecycle"' in body and b'"settings"' in body else {}
        if asked:
            self.ageing[path.partition("?")[0].strip("/")] = asked["settings"]["index"].pop("lifecycle")
        return json.dumps(asked).encode() if asked else body


@pytest.fixture
def managed(elasticsearch_url: str) -> Iterator[Managed]:
    """It, with a prefix of its own."""
    made = Managed("", f"test-{secrets.token_hex(4)}")
    with proxy(made.answer, elasticsearch_url, edit=made.edit) as (made.url, _):
        yield made
    remove(elasticsearch_url, made.prefix)


def _at(name: str, published: datetime | None, *triggers: str) -> Document:
    of = article(name, "Cupos en Comas", "Cobran cupos.", published=published)
    return document(of, events=tuple(event(of, "extorsion", words) for words in triggers))


def _where(managed: Managed, kind: Kind) -> dict[str, str]:
    """Entry -> the index that it is in."""
    with Elasticsearch(managed.url) as client:
        client.indices.refresh(index=f"{managed.prefix}-*")
        found = client.search(index=f"{managed.prefix}-{kind}-v*", size=1000)["hits"]["hits"]
    assert len({hit["_id"] for hit in found}) == len(found), "an entry is there twice"
    return {hit["_id"]: hit["_index"].removeprefix(f"{managed.prefix}-") for hit in found}


def test_each_year_has_its_index_and_ages_from_its_end(managed: Managed) -> None:
    index = managed.index()
    old, new, undated = (
        _at(*of) for of in (("old", LAST_OF_2024, "a"), ("new", FIRST_OF_2025, "b"), ("no", None, "c"))
    )
    assert len(index.replace_articles([old, new, undated]).indexed) == 3
    assert _where(managed, Kind.ARTICLES) == {
        old.article.id: "articles-v2-y2024", new.article.id: "articles-v2-y2025", undated.article.id: "articles-v2",
    }  # fmt: skip
    assert set(_where(managed, Kind.EVENTS).values()) == {"events-v2-y2024", "events-v2-y2025", "events-v2"}
    assert managed.ageing[f"{managed.prefix}-articles-v2-y2024"] == {
        "name": managed.prefix, "origination_date": int(FIRST_OF_2025.timestamp() * 1000),
    }  # fmt: skip
    assert not [name for name in managed.ageing if not name.endswith(("-y2024", "-y2025"))]  # the undated never go
    phases = managed.policies[managed.prefix]["phases"]
    assert {name: phase["min_age"] for name, phase in phases.items()} == {"hot": "0ms", "warm": "90d", "delete": "730d"}
    assert "delete" in phases["delete"]["actions"]
    assert index.count(Query()) == 3
    assert {hit.id for hit in index.scan(Query(kind=Kind.EVENTS, text="cupos"))} == set(_where(managed, Kind.EVENTS))
    found = index.get(Kind.ARTICLES, old.article.id)
    assert found is not None
    assert found.source["article"]["id"] == old.article.id


def test_only_what_is_set_is_in_the_policy(managed: Managed) -> None:
    managed.index(LifecycleSettings(warm_after=30)).replace_articles(documents(1))
    assert set(managed.policies[managed.prefix]["phases"]) == {"hot", "warm"}
    managed.index(LifecycleSettings(delete_after=30)).replace_articles(documents(1))
    assert set(managed.policies[managed.prefix]["phases"]) == {"hot", "delete"}


@pytest.mark.parametrize("revisions", [(1, 2), (None, None)])
def test_what_gets_another_date_is_there_once(managed: Managed, revisions: tuple[int | None, int | None]) -> None:
    index = managed.index()
    for published, revision in zip((LAST_OF_2024, FIRST_OF_2025), revisions, strict=True):
        moved = _at("moved", published, "exigen", "cobran")
        given = {} if revision is None else {moved.article.id: revision}
        assert index.replace_articles([moved, _at("other", LAST_OF_2024, "piden")], given).indexed
    assert _where(managed, Kind.ARTICLES)[moved.article.id] == "articles-v2-y2025"
    assert sorted(_where(managed, Kind.EVENTS).values()) == ["events-v2-y2024", "events-v2-y2025", "events-v2-y2025"]
    assert index.count(Query(kind=Kind.EVENTS)) == 3


def test_an_older_revision_of_another_year_changes_nothing(managed: Managed) -> None:
    index = managed.index()
    newer, older = _at("moved", FIRST_OF_2025, "cobran"), _at("moved", LAST_OF_2024, "exigen", "piden")
    index.replace_articles([newer], {newer.article.id: 3})
    assert index.replace_articles([older], {older.article.id: 2}).overtaken == (older.article.id,)
    assert set(_where(managed, Kind.ARTICLES).values()) == {"articles-v2-y2025"}
    assert set(_where(managed, Kind.EVENTS).values()) == {"events-v2-y2025"}


def test_an_incident_goes_with_its_newest_report_and_can_be_taken_out(managed: Managed) -> None:
    index = managed.index()
    old, new = (part for of in (_at("a", LAST_OF_2024, "x"), _at("b", FIRST_OF_2025, "y")) for part in parts_of(of))
    assert isinstance(old, EventRecord)
    assert isinstance(new, EventRecord)
    first = incident((old,))
    grown = dataclasses.replace(incident((old, new)), id=first.id)
    index.put(Kind.INCIDENTS, [first], {first.id: 1})
    assert _where(managed, Kind.INCIDENTS) == {first.id: "incidents-v2-y2024"}
    assert index.put(Kind.INCIDENTS, [grown], {first.id: 2}).indexed == (first.id,)
    assert _where(managed, Kind.INCIDENTS) == {first.id: "incidents-v2-y2025"}
    assert index.put(Kind.INCIDENTS, [first], {first.id: 1}).overtaken == (first.id,)
    assert _where(managed, Kind.INCIDENTS) == {first.id: "incidents-v2-y2025"}
    assert index.delete(Kind.INCIDENTS, [first.id], {first.id: 3}) == 1
    assert _where(managed, Kind.INCIDENTS) == {}


def test_when_a_year_goes_the_rest_is_there_and_nothing_is_loaded_again(managed: Managed) -> None:
    index = managed.index()
    index.replace_articles([_at("old", LAST_OF_2024, "a"), _at("new", FIRST_OF_2025, "b")])
    target = index.target()
    with Elasticsearch(managed.url) as client:  # as the policy does
        client.indices.delete(index=f"{managed.prefix}-articles-v2-y2024,{managed.prefix}-events-v2-y2024")
    again = managed.index()
    again.refresh()
    assert again.target() == target
    assert [again.count(Query(kind=kind)) for kind in (Kind.ARTICLES, Kind.EVENTS)] == [1, 1]
    assert again.replace_articles([_at("old", LAST_OF_2024, "a")]).indexed
    again.publish()
    again.refresh()
    assert again.count(Query()) == 2


def test_made_anew_and_turned_on_and_off(managed: Managed) -> None:
    made = [_at("old", LAST_OF_2024, "a"), _at("new", FIRST_OF_2025, "b")]
    plain = managed.index(LifecycleSettings())
    plain.replace_articles(made)
    assert set(_where(managed, Kind.ARTICLES).values()) == {"articles-v2"}
    divided = managed.index()
    divided.replace_articles(made[:1])  # out of the index without a year
    assert set(_where(managed, Kind.ARTICLES).values()) == {"articles-v2", "articles-v2-y2024"}
    assert len(divided.rebuild(made).indexed) == 2
    assert {name[-6:] for name in _where(managed, Kind.ARTICLES).values()} == {"-y2024", "-y2025"}
    assert divided.count(Query()) == 2
    with pytest.raises(RuntimeError, match="went away"):
        divided.rebuild(_stream_that_breaks(made))
    assert divided.count(Query()) == 2
    with Elasticsearch(managed.url) as client:
        assert len(client.indices.get(index=f"{managed.prefix}-articles-*")) == 3
    plain = managed.index(LifecycleSettings())
    plain.replace_articles(made)
    plain.publish()
    plain.refresh()
    assert plain.count(Query()) == 2
    assert {"-y20" in name for name in _where(managed, Kind.ARTICLES).values()} == {False}
    plain.rebuild(made)
    with Elasticsearch(managed.url) as client:
        assert len(client.indices.get(index=f"{managed.prefix}-articles-*")) == 1


def _stream_that_breaks(made: list[Document]) -> Iterator[Document]:
    yield from made
    raise RuntimeError("the archive went away")


def test_the_same_answers_divided_or_not(managed: Managed, elasticsearch_url: str) -> None:
    made = list(documents(200))
    divided, plain = managed.index(), elastic(elasticsearch_url)
    for index in (divided, plain):
        index.replace_articles(made)
        index.refresh()
    for text in ("", "cupos mototaxistas", "gang:pulpos OR granada"):
        asked = Query(text=text, size=50, facets=("gang", "month"))
        found, expected = divided.search(asked), plain.search(asked)
        assert ([hit.id for hit in found.hits], found.total, found.facets) == (
            [hit.id for hit in expected.hits], expected.total, expected.facets,
        )  # fmt: skip
    remove(elasticsearch_url, plain._shelves.prefix)


def test_a_word_where_there_is_no_management(elasticsearch_url: str, caplog: pytest.LogCaptureFixture) -> None:
    settings = ElasticsearchSettings(url=elasticsearch_url, prefix=f"test-{secrets.token_hex(4)}", lifecycle=BOTH)
    index = ElasticIndex.connect(settings, default_names())
    assert index.describe().lifecycle == NOT_MANAGED
    assert len(index.replace_articles(documents(3)).indexed) == 3
    assert NOT_MANAGED in caplog.text
    with Elasticsearch(elasticsearch_url) as client:
        assert not [name for name in client.indices.get(index=f"{settings.prefix}-*") if "-y2" in name]
    remove(elasticsearch_url, settings.prefix)


def test_the_doctor_tells_it(managed: Managed, elasticsearch_url: str) -> None:
    managed.index().replace_articles(documents(1))
    found = {}
    for url in (managed.url, elasticsearch_url):
        asked = Settings(elasticsearch=ElasticsearchSettings(url=url, prefix=managed.prefix, lifecycle=BOTH))
        (found[url],) = [one for one in checkup._index(asked) if one.subject == "lifecycle"]
    assert (found[managed.url].state, found[managed.url].text.split(" days")[0]) == (
        "ok",
        "entries move to warm nodes 90",
    )
    assert (found[elasticsearch_url].state, found[elasticsearch_url].text) == ("note", NOT_MANAGED)


def test_what_is_told(managed: Managed, elasticsearch_url: str) -> None:
    said = "entries move to warm nodes 90 days after the end of their year and are deleted 730 days after the end of their year"
    index = managed.index()
    assert index.describe().lifecycle == f"{said}, as soon as something is loaded (vigia index)"
    index.replace_articles(documents(1))
    assert index.describe().lifecycle == f"{said} (policy {managed.prefix})"
    assert managed.index(LifecycleSettings()).describe().lifecycle is None
    with proxy(lambda path, body: (403, {"error": "no"}) if "_ilm" in path else None, elasticsearch_url) as (url, _):
        settings = ElasticsearchSettings(url=url, prefix=managed.prefix, lifecycle=BOTH)
        assert ElasticIndex.connect(settings, default_names()).describe().lifecycle == NOT_ALLOWED
