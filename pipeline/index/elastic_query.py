"""Plans -> Elasticsearch's query language; its aggregations -> facets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.index.base import Facet, FacetValue
from pipeline.index.plan import SCORED, All, AtLeast, Best, Clause, Never, OneOf, Phrase, Plan, Prefix, Range, Term
from pipeline.index.plan import Any as AnyOf
from pipeline.index.query import Query, Sort
from pipeline.index.results import LIMA_MS, FacetAsked, facet

Dsl = dict[str, Any]
SHARD_VALUES = 10_000
"""Values of a facet that each shard counts; with one shard counts are exact whatever their number."""


def build(plan: Plan) -> Dsl:
    """The query of a plan."""
    asked: Dsl = {"filter": [clause_query(clause) for clause in plan.filters]}
    if plan.match is not None:
        asked["must"] = [clause_query(plan.match)]
        asked["should"] = [clause_query(clause) for clause in plan.prefer]
    return {"bool": asked}


def order(plan: Plan, query: Query) -> list[Dsl]:
    """The sort of a query: relevance where it tells entries apart, and equal ones newest first."""
    if query.order is Sort.RELEVANCE and plan.ranked:
        return [{"_score": "desc"}, {"recency": "desc"}]
    return [{"recency": "asc" if query.order is Sort.OLDEST else "desc"}]


def clause_query(clause: Clause) -> Dsl:
    """The query of a clause."""
    match clause:
        case All(parts):
            return _all(parts)
        case AnyOf(parts):
            return {"bool": {"should": [clause_query(part) for part in parts], "minimum_should_match": 1}}
        case AtLeast(number, parts):
            return {"bool": {"should": [clause_query(part) for part in parts], "minimum_should_match": number}}
        case Best(weighted):
            queries = [{"bool": {"must": [clause_query(part)], "boost": weight}} for part, weight in weighted]
            return {"dis_max": {"queries": queries}}
        case Never():
            return _all((clause,))
        case _:
            return _leaf(clause)


def _leaf(clause: Term | OneOf | Phrase | Prefix | Range) -> Dsl:
    match clause:
        case Term(field, value):
            query = {"term": {field: {"value": value}}}
            return query if field in SCORED else _silent(query)
        case OneOf(field, values):
            return _silent({"terms": {field: list(values)}})
        case Phrase(field, words):
            # The words are those of the index already: the analyzer only takes them apart again.
            return {"match_phrase": {field: {"query": " ".join(words), "analyzer": "whitespace"}}}
        case Prefix(field, prefix):
            query = {"prefix": {field: {"value": prefix}}}
            return query if field in SCORED else _silent(query)
        case Range(field, low, high):
            bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
            if field in {"starts", "ends"}:
                bounds = {**bounds, "format": "epoch_millis"}  # type: ignore[dict-item]
            return _silent({"range": {field: bounds}})


def _all(parts: Sequence[Clause]) -> Dsl:
    return {
        "bool": {
            "must": [clause_query(part) for part in parts if not isinstance(part, Never)],
            "must_not": [clause_query(part.part) for part in parts if isinstance(part, Never)],
        }
    }


def _silent(query: Dsl) -> Dsl:
    return {"bool": {"filter": [query]}}


def aggregations(asked: Iterable[FacetAsked]) -> Dsl:
    """What counts the values of facets."""
    found: Dsl = {}
    for wanted in asked:
        found[f"values:{wanted.name}"] = _by_days(wanted) if wanted.by_days else _by_value(wanted)
        found[f"missing:{wanted.name}"] = {"missing": {"field": wanted.field}}
    return found


def _by_days(wanted: FacetAsked) -> Dsl:
    return {
        "date_histogram": {
            "field": wanted.field,
            "fixed_interval": "1d",
            "offset": f"{LIMA_MS}ms",
            "min_doc_count": 1,
        }
    }


def _by_value(wanted: FacetAsked) -> Dsl:
    return {
        "terms": {
            "field": wanted.field,
            "size": SHARD_VALUES if wanted.of_time else wanted.size,
            "shard_size": SHARD_VALUES,
            "order": [{"_count": "desc"}, {"_key": "asc"}],
        }
    }


def facet_of(aggregated: Dsl, asked: FacetAsked) -> Facet:
    """One facet of an answer."""
    values = aggregated[f"values:{asked.name}"]
    missing = aggregated[f"missing:{asked.name}"]["doc_count"]
    if asked.of_time:
        counts = [(asked.value(bucket["key"]), bucket["doc_count"]) for bucket in values["buckets"]]
        return facet(counts, missing, asked)
    return Facet(
        values=tuple(
            FacetValue(value=str(bucket["key"]), count=bucket["doc_count"], label=asked.label(str(bucket["key"])))
            for bucket in values["buckets"]
        ),
        other=values["sum_other_doc_count"],
        missing=missing,
    )
