"""The index of a cluster: Elasticsearch 8 or 9, by the official client, with the templates of ``index_templates/``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self, TypeVar

from elasticsearch import Elasticsearch, NotFoundError

from pipeline.index import templates
from pipeline.index.base import (
    NO_REVISIONS,
    Confirm,
    Hit,
    IndexState,
    Kind,
    PutReport,
    Record,
    Revisions,
    SearchPage,
    unheard,
)
from pipeline.index.elastic_loading import Loader
from pipeline.index.elastic_names import Layout, Shelves
from pipeline.index.elastic_query import Dsl, aggregations, build, facet_of, order
from pipeline.index.elastic_server import connect, explained, shown
from pipeline.index.freshness import faded_query
from pipeline.index.likeness import stems_of
from pipeline.index.names import Names
from pipeline.index.plan import TEXT, Plan, make
from pipeline.index.query import Query
from pipeline.index.results import NO_MARKS, entry_text, facet, facets_asked, hit_of, next_page
from pipeline.records import Document, Incident
from pipeline.settings import ElasticsearchSettings

T = TypeVar("T")

SCAN_PAGE = 500
KEEP_ALIVE = "5m"


class ElasticIndex:
    """A :class:`~pipeline.index.base.SearchIndex` on Elasticsearch."""

    def __init__(self, client: Elasticsearch, settings: ElasticsearchSettings, names: Names) -> None:
        self._client, self._urls, self._names = client, settings.urls, names
        self._shelves = Shelves(client, settings.prefix, Layout.of(settings))
        self._loader = Loader(client, self._shelves)

    @classmethod
    def connect(cls, settings: ElasticsearchSettings, names: Names) -> Self:
        """An index on the server that the settings name.

        Raises:
            IndexUnavailable: it cannot be reached, or does not let us in.
            WrongVersion: it is not Elasticsearch 8 or 9.
        """
        return cls(connect(settings), settings, names)

    def put(
        self,
        kind: Kind,
        records: Iterable[Record],
        revisions: Revisions = NO_REVISIONS,
        confirm: Confirm = unheard,
    ) -> PutReport:
        """See the protocol."""
        with self._explained():
            return self._loader.put(kind, records, revisions, confirm)

    def delete(self, kind: Kind, ids: Iterable[str], revisions: Revisions = NO_REVISIONS) -> int:
        """See the protocol."""
        with self._explained():
            return self._loader.delete(kind, ids, revisions)

    def replace_article(self, document: Document) -> PutReport:
        """See the protocol."""
        return self.replace_articles([document])

    def replace_articles(
        self, documents: Iterable[Document], revisions: Revisions = NO_REVISIONS, confirm: Confirm = unheard
    ) -> PutReport:
        """See the protocol."""
        with self._explained():
            return self._loader.replace_articles(documents, revisions, confirm)

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
            found = self._client.search(
                index=self._shelves.to_read(kind),
                ignore_unavailable=True,
                query={"ids": {"values": [entry_id]}},
                size=1,
                source_includes=["record"],
            )["hits"]["hits"]
            return hit_of(kind, entry_id, found[0]["_source"]["record"], None) if found else None

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
            self._loader.refresh(tuple(Kind))

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
                lifecycle=self._shelves.lifecycle(),
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


def _no_facets(asked: Iterable[Any]) -> dict[str, Any]:
    """Facets of an index that is not there yet."""
    return {wanted.name: facet([], 0, wanted) for wanted in asked}
