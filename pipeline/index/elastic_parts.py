"""Older entries of what was put, taken out of the indexes that they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from elasticsearch import Elasticsearch

from pipeline.index.base import IndexUnavailable
from pipeline.index.elastic_server import TRIES, Action

T = TypeVar("T")

AT_ONCE = 1000
"""Records that are asked for together."""
MOST_FOUND = 10_000
Versions = Mapping[str, int | None]
"""Id of a record -> its revision; ``None`` when whoever loads does not say."""


def take_out_older(client: Elasticsearch, where: str, records: Versions, kept: Sequence[Action], field: str) -> None:
    """Take out what is there of some records up to these revisions, but for the entries that are kept.

    What is there of newer revisions stays: it is of another load, which was quicker.

    Args:
        client: of the server.
        where: the indexes.
        records: those that were put.
        kept: the actions that put them.
        field: that names the record in its entries.

    Raises:
        IndexUnavailable: something else keeps changing these entries.
    """
    older = {"should": list(_up_to(records, field)), "minimum_should_match": 1, "must_not": list(_these(kept))}
    for _ in range(TRIES):
        answer = client.delete_by_query(index=where, query={"bool": older}, conflicts="proceed")
        if not answer["failures"] and not answer["version_conflicts"]:
            return
        client.indices.refresh(index=where)
    raise IndexUnavailable(f"what older versions of articles said cannot be taken out of {where}: {answer}")


def overtaken(client: Elasticsearch, where: str, records: Versions) -> dict[str, int]:
    """Which of some records are in the indexes in a newer revision than these, and in which; as of the last refresh."""
    told = iter([(key, revision) for key, revision in records.items() if revision is not None])
    newest: dict[str, int] = {}
    while some := list(islice(told, AT_ONCE)):
        newer = {"should": list(_beyond(dict(some))), "minimum_should_match": 1}
        answer = client.search(index=where, query={"bool": newer}, size=MOST_FOUND, source_includes=["revision"])
        for hit in answer["hits"]["hits"]:
            newest[hit["_id"]] = max(newest.get(hit["_id"], 0), hit["_source"]["revision"])
    return newest


def _beyond(records: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for revision, keys in _by_revision(records).items():
        yield {"bool": {"filter": [{"terms": {"id": keys}}, {"range": {"revision": {"gt": revision}}}]}}


def _up_to(records: Versions, field: str) -> Iterator[dict[str, Any]]:
    """A query for each revision."""
    for revision, keys in _by_revision(records).items():
        newer = [] if revision is None else [{"range": {"revision": {"gt": revision}}}]
        yield {"bool": {"filter": [{"terms": {field: keys}}], "must_not": newer}}


def _by_revision(records: Mapping[str, T]) -> dict[T, list[str]]:
    of: dict[T, list[str]] = defaultdict(list)
    for key, revision in records.items():
        of[revision].append(key)
    return of


def _these(actions: Sequence[Action]) -> Iterator[dict[str, Any]]:
    """A query for the entries of actions, index by index: the same id in another index is an older entry."""
    of: dict[str, list[str]] = defaultdict(list)
    for action in actions:
        of[action.index].append(action.id)
    for index, ids in of.items():
        yield {"bool": {"filter": [{"term": {"_index": index}}, {"terms": {"id": ids}}]}}
