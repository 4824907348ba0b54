"""The index of a cluster: Elasticsearch 8 or 9, by the official client, with the templates of ``index_templates/``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Self, TypeVar

from elasticsearch import Elasticsearch, NotFoundError
from pydantic_core import to_json

from pipeline.index import templates
from pipeline.index.base import (
    NO_REVISIONS,
    Hit,
    IndexState,
    Kind,
    PutReport,
    Record,
    Revisions,
    SearchPage,
)
from pipeline.index.elastic_names import Layout, Shelves
from pipeline.index.elastic_parts import Versions, overtaken, take_out_older
from pipeline.index.elastic_query import Dsl, aggregations, build, facet_of, order
from pipeline.index.elastic_server import Action, Result, bulk, connect, explained, shown
from pipeline.index.entries import values
from pipeline.index.flatten import entry_of, id_of, kind_of, parts_of
from pipeline.index.freshness import faded_query
from pipeline.index.lanes import Lanes
from pipeline.index.likeness import stems_of
from pipeline.index.names import Names
from pipeline.index.plan import TEXT, Plan, make
from pipeline.index.query import Query
from pipeline.index.results import NO_MARKS, Tally, entry_text, facet, facets_asked, hit_of, next_page
from pipeline.records import Document, Incident
from pipeline.settings import ElasticsearchSettings

T = TypeVar("T")

BATCH = 250
"""Records that go together; of articles, older events and claims are taken out together."""
LANES = 2
"""Batches that are under way at once: while one is sent, the next is made."""
SCAN_PAGE = 500
KEEP_ALIVE = "5m"
_OF_ARTICLES = (Kind.EVENTS, Kind.CLAIMS)


class ElasticIndex:
    """A :class:`~pipeline.index.base.SearchIndex` on Elasticsearch."""

    def __init__(self, client: Elasticsearch, settings: ElasticsearchSettings, names: Names) -> None:
        self._client, self._urls, self._names = client, settings.urls, names
        self._shelves = Shelves(client, settings.prefix, Layout(settings.shards, settings.replicas))

    @classmethod
    def connect(cls, settings: ElasticsearchSettings, names: Names) -> Self:
        """An index on the server that the settings name.

        Raises:
            IndexUnavailable: it cannot be reached, or does not let us in.
            WrongVersion: it is not Elasticsearch 8 or 9.
        """
        return cls(connect(settings), settings, names)

    def put(self, kind: Kind, records: Iterable[Record], revisions: Revisions = NO_REVISIONS) -> PutReport:
        """See the protocol."""
        with self._explained(), Lanes(LANES) as lanes:
            index = self._shelves.to_write(kind)
            for batch in _batches(records, BATCH):
                lanes.send(self._put, index, batch, revisions)
            return lanes.report()

    def delete(self, kind: Kind, ids: Iterable[str], revisions: Revisions = NO_REVISIONS) -> int:
        """See the protocol."""
        with self._explained():
            index = self._shelves.to_write(kind)
            actions = (Action(index, key, key, revision=revisions.get(key)) for key in ids)
            return sum(result.found and not result.overtaken for result in bulk(self._client, actions))

    def replace_article(self, document: Document) -> PutReport:
        """See the protocol."""
        return self.replace_articles([document])

    def replace_articles(self, documents: Iterable[Document], revisions: Revisions = NO_REVISIONS) -> PutReport:
        """See the protocol."""
        with self._explained(), Lanes(LANES) as lanes:
            self._refresh((Kind.ARTICLES, *_OF_ARTICLES))
            seen: set[str] = set()
            for batch in _batches(documents, BATCH):
                last = {document.article.id: document for document in batch}
                if not seen.isdisjoint(last):
                    lanes.wait()
                    self._refresh(_OF_ARTICLES)  # or what this load itself put would not be found and taken out
                seen.update(last)
                lanes.send(self._replace, list(last.values()), {key: revisions.get(key) for key in last})
            return lanes.report()

    def rebuild(
        self,
        documents: Iterable[Document],
        incidents: Iterable[Incident] = (),
        revisions: Revisions = NO_REVISIONS,
        incident_revisions: Revisions = NO_REVISIONS,
    ) -> PutReport:
        """See the protocol. New indexes are filled beside the old ones, then the aliases move."""
        with self._explained():
            before = self._shelves.begin_anew()
            try:
                report = self.replace_articles(documents, revisions)
                report += self.put(Kind.INCIDENTS, incidents, incident_revisions)
            except BaseException:
                self._shelves.give_up(before)
                raise
            self.refresh()
            self.publish()
        return report

    def get(self, kind: Kind, entry_id: str) -> Hit | None:
        """See the protocol."""
        with self._explained():
            try:
                found = self._client.get(index=self._shelves.to_read(kind), id=entry_id, source_includes=["record"])
            except NotFoundError:
                return None
            return hit_of(kind, entry_id, found["_source"]["record"], None)

    def search(self, query: Query) -> SearchPage:
        """See the protocol."""
        plan = self._plan(query)
        facets = list(facets_asked(query, self._names))
        with self._explained():
            answer = self._client.search(
                index=self._shelves.to_read(query.kind),
                ignore_unavailable=True,
                allow_partial_search_results=False,
                search_type="dfs_query_then_fetch",
                query=faded_query(build(plan), query.fresh) if query.fresh and plan.ranked else build(plan),
                sort=order(plan, query),
                from_=query.offset,
                search_after=None if query.begins_after is None else [query.begins_after],
                size=query.size,
                track_total_hits=True,
                track_scores=False,
                source_includes=["record"],
                aggregations=aggregations(facets) or None,
            )
        marks = plan.marks if query.highlight else NO_MARKS
        counted = answer.get("aggregations", {})
        return SearchPage(
            hits=tuple(
                hit_of(query.kind, hit["_id"], hit["_source"]["record"], hit["_score"], marks)
                for hit in answer["hits"]["hits"]
            ),
            total=answer["hits"]["total"]["value"],
            facets={facet.name: facet_of(counted, facet) for facet in facets} if counted else _no_facets(facets),
            after=next_page(query, [hit["sort"][-1] for hit in answer["hits"]["hits"]]),
        )

    def scan(self, query: Query) -> Iterator[Hit]:
        """See the protocol. It reads the index as it was when the scan began: a point in time, closed at the end."""
        plan = self._plan(query)
        marks = plan.marks if query.highlight else NO_MARKS
        direction = "asc" if query.order is query.order.OLDEST else "desc"
        with self._explained(), self._point_in_time(query.kind) as point:
            if point is None:
                return
            for hit in self._walk(point, build(plan), [{"recency": direction}]):
                yield hit_of(query.kind, hit["_id"], hit["_source"]["record"], None, marks)

    def count(self, query: Query) -> int:
        """See the protocol."""
        plan = self._plan(query)
        with self._explained():
            answer = self._client.search(
                index=self._shelves.to_read(query.kind),
                ignore_unavailable=True,
                allow_partial_search_results=False,
                query=build(plan),
                size=0,
                track_total_hits=True,
            )
        number: int = answer["hits"]["total"]["value"]
        return number

    def refresh(self) -> None:
        """See the protocol."""
        with self._explained():
            self._refresh(tuple(Kind))

    def publish(self) -> None:
        """See the protocol."""
        with self._explained():
            self._shelves.publish()

    def describe(self) -> IndexState:
        """See the protocol."""
        with self._explained():
            version = str(self._client.info()["version"]["number"])
            return IndexState(
                backend="elasticsearch",
                where=f"{shown(self._urls)} {self._shelves.prefix}-*",
                version=version,
                templates=templates.version(),
                target=self._shelves.known_target(),
                counts={kind: self.count(Query(kind=kind)) for kind in Kind},
                health=str(self._client.cluster.health(index=f"{self._shelves.prefix}-*")["status"]),
            )

    def target(self) -> str:
        """See the protocol."""
        with self._explained():
            return self._shelves.target()

    def close(self) -> None:
        """See the protocol."""
        self._client.close()

    def _plan(self, query: Query) -> Plan:
        if query.like is None:
            return make(query, self._names)
        found = self.get(query.kind, query.like)
        text = entry_text(query.kind, found.source) if found else None
        total = self.count(Query(kind=query.kind)) if found else 0
        return make(query, self._names, stems_of(query, text, lambda stems: self._having(query.kind, stems), total))

    def _having(self, kind: Kind, stems: Sequence[str]) -> dict[str, int]:
        """How many entries have each of some stems in their text."""
        with self._explained():
            answer = self._client.search(
                index=self._shelves.to_read(kind),
                allow_partial_search_results=False,
                size=0,
                aggregations={"stems": {"filters": {"filters": {stem: {"term": {TEXT: stem}} for stem in stems}}}},
            )
        return {stem: bucket["doc_count"] for stem, bucket in answer["aggregations"]["stems"]["buckets"].items()}

    def _explained(self) -> contextlib.AbstractContextManager[None]:
        return explained(self._urls)

    def _refresh(self, kinds: Sequence[Kind]) -> None:
        self._client.indices.refresh(index=",".join(self._shelves.to_write(kind) for kind in kinds))

    def _put(self, index: str, batch: Sequence[Record], revisions: Revisions) -> PutReport:
        tally = Tally()
        made = [
            action
            for record in batch
            for action in self._actions(tally, id_of(record), revisions.get(id_of(record)), [(index, record)])
        ]
        _settle(tally, bulk(self._client, made))
        return tally.report()

    def _replace(self, batch: Sequence[Document], revisions: Versions) -> PutReport:
        """Articles first, then what they say: where an article was not there before, nothing that it said was."""
        tally = Tally()
        made = [action for document in batch for action in self._actions_of(tally, document, revisions)]
        articles = self._shelves.to_write(Kind.ARTICLES)
        first = [*bulk(self._client, (action for action in made if action.index == articles))]
        kept_out = {result.action.owner for result in first if result.error or result.overtaken}
        parts = [action for action in made if action.index != articles and action.owner not in kept_out]
        results = [*first, *bulk(self._client, parts)]
        late = overtaken(self._client, articles, {key: revisions[key] for key in {part.owner for part in parts}})
        put = _settle(tally, results, late)
        known = {result.action.owner for result in first if result.found}
        for kind in _OF_ARTICLES:
            index = self._shelves.to_write(kind)
            kept = [action.id for action in parts if action.index == index]
            take_out_older(self._client, index, {key: revisions[key] for key in put if key in known}, kept)
            self._take_back(index, late)
        return tally.report()

    def _take_back(self, index: str, late: Mapping[str, int]) -> None:
        """Take out what was put of articles of which another load has put a newer revision meanwhile."""
        if late:
            self._client.indices.refresh(index=index)
            take_out_older(self._client, index, {key: newest - 1 for key, newest in late.items()})

    def _actions_of(self, tally: Tally, document: Document, revisions: Versions) -> list[Action]:
        parts: list[Record] = [document, *parts_of(document)]
        located = [(self._shelves.to_write(kind_of(part)), part) for part in parts]
        return self._actions(tally, document.article.id, revisions.get(document.article.id), located)

    def _actions(
        self, tally: Tally, owner: str, revision: int | None, located: Sequence[tuple[str, Record]]
    ) -> list[Action]:
        """The actions of a record and its parts; none, and it is refused, when one of them cannot be written as JSON."""
        try:
            return [Action(index, id_of(one), owner, _body(one, revision), revision) for index, one in located]
        except ValueError as error:
            tally.refused(owner, str(error))
            return []

    @contextlib.contextmanager
    def _point_in_time(self, kind: Kind) -> Iterator[str | None]:
        alias = self._shelves.to_read(kind)
        if not self._client.indices.exists_alias(name=alias):
            yield None
            return
        point = self._client.open_point_in_time(index=alias, keep_alive=KEEP_ALIVE)["id"]
        try:
            yield point
        finally:
            with contextlib.suppress(NotFoundError):
                self._client.close_point_in_time(id=point)

    def _walk(self, point: str, query: Dsl, sort: list[Dsl]) -> Iterator[dict[str, Any]]:
        after: list[Any] | None = None
        while True:
            answer = self._client.search(
                pit={"id": point, "keep_alive": KEEP_ALIVE},
                allow_partial_search_results=False,
                query=query,
                sort=sort,
                size=SCAN_PAGE,
                search_after=after,
                track_total_hits=False,
                source_includes=["record"],
            )
            hits = answer["hits"]["hits"]
            yield from hits
            if len(hits) < SCAN_PAGE:
                return
            after = hits[-1]["sort"]


def _body(record: Record, revision: int | None) -> bytes:
    found = values(entry_of(record, revision))
    if "location" in found:
        found["location"] = dict(zip(("lat", "lon"), found["location"], strict=True))
    whole: bytes = found.pop("record")
    return to_json(found)[:-1] + b',"record":' + whole + b"}"


def _settle(tally: Tally, results: Iterable[Result], late: Iterable[str] = ()) -> list[str]:
    """Count each record once: it is in when all its parts are, and it was not too ``late``. Gives the ids of those."""
    errors: dict[str, str | None] = {}
    beaten = set(late)
    for result in results:
        reason = result.error and f"{result.action.index}/{result.action.id}: {result.error}"
        errors[result.action.owner] = errors.get(result.action.owner) or reason
        if result.overtaken:
            beaten.add(result.action.owner)
    for owner, reason in errors.items():
        if reason:
            tally.refused(owner, reason)
        elif owner in beaten:
            tally.overtaken(owner)
        else:
            tally.indexed(owner)
    return [owner for owner, reason in errors.items() if not reason and owner not in beaten]


def _no_facets(asked: Iterable[Any]) -> dict[str, Any]:
    """Facets of an index that is not there yet."""
    return {wanted.name: facet([], 0, wanted) for wanted in asked}


def _batches(records: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(records)
    while batch := list(islice(iterator, size)):
        yield batch
