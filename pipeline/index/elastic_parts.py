"""What articles said in older revisions, taken out of the indexes of events and claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from pipeline.index.base import IndexUnavailable
from pipeline.index.elastic_server import TRIES

Versions = Mapping[str, int | None]
"""Id of an article -> its revision; ``None`` when whoever loads does not say."""


def take_out_older(client: Elasticsearch, index: str, articles: Versions, kept: Sequence[str] = ()) -> None:
    """Take out what some articles said up to these revisions, but for the entries that are kept.

    What they say in newer revisions stays: it is of another load, which was quicker.

    Raises:
        IndexUnavailable: something else keeps changing these entries.
    """
    if not articles:
        return
    older = {"should": list(_said(articles)), "minimum_should_match": 1, "must_not": [{"terms": {"id": list(kept)}}]}
    for _ in range(TRIES):
        answer = client.delete_by_query(index=index, query={"bool": older}, conflicts="proceed")
        if not answer["failures"] and not answer["version_conflicts"]:
            return
        client.indices.refresh(index=index)
    raise IndexUnavailable(f"what older versions of articles said cannot be taken out of {index}: {answer}")


def overtaken(client: Elasticsearch, index: str, articles: Versions) -> dict[str, int]:
    """Which of some articles are in the index in a newer revision than these, and in which."""
    told = {key: revision for key, revision in articles.items() if revision is not None}
    if not told:
        return {}
    found = client.mget(index=index, ids=list(told), source=False)["docs"]
    versions = {one["_id"]: one["_version"] for one in found if one.get("found")}
    return {key: version for key, version in versions.items() if version > told[key]}


def _said(articles: Versions) -> Iterator[dict[str, Any]]:
    """A query for each revision."""
    of: dict[int | None, list[str]] = defaultdict(list)
    for key, revision in articles.items():
        of[revision].append(key)
    for revision, keys in of.items():
        newer = [] if revision is None else [{"range": {"revision": {"gt": revision}}}]
        yield {"bool": {"filter": [{"terms": {"article_id": keys}}], "must_not": newer}}
