"""Plans -> tantivy's queries; its aggregations -> facets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tantivy

from pipeline.index.base import Facet
from pipeline.index.plan import SCORED, All, AtLeast, Best, Clause, Never, OneOf, Phrase, Plan, Prefix, Range, Term
from pipeline.index.plan import Any as AnyOf
from pipeline.index.results import DAY_MS, LIMA_MS, FacetAsked, facet

MOST_VALUES = 50_000
"""Different values of a facet that are counted."""
_NO_VALUE = "\x00"
"""Stands for the value of entries that have none."""
OF_MONEY = frozenset({"amounts", "amounts_usd"})
_Occur = tantivy.Occur


def field_name(field: str) -> str:
    """A field's name in tantivy, where a dot would mean a part of a JSON value."""
    return field.replace(".", "_")


def build(schema: Any, plan: Plan) -> tantivy.Query:
    """The query of a plan."""
    parts = [(_Occur.Must, _silent(clause_query(schema, clause))) for clause in plan.filters]
    if plan.match is not None:
        parts.append((_Occur.Must, clause_query(schema, plan.match)))
        parts += [(_Occur.Should, clause_query(schema, clause)) for clause in plan.prefer]
    return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()


def clause_query(schema: Any, clause: Clause) -> tantivy.Query:
    """The query of a clause."""
    match clause:
        case All(parts):
            return _all(schema, parts)
        case AnyOf(parts):
            return tantivy.Query.boolean_query([(_Occur.Should, clause_query(schema, part)) for part in parts])
        case AtLeast(number, parts):
            some = [(_Occur.Should, clause_query(schema, part)) for part in parts]
            return tantivy.Query.boolean_query(some, minimum_number_should_match=number)
        case Best(weighted):
            boosted = [tantivy.Query.boost_query(clause_query(schema, part), weight) for part, weight in weighted]
            return tantivy.Query.disjunction_max_query(boosted)
        case Never():
            return _all(schema, (clause,))
        case _:
            return _leaf(schema, clause)


def _leaf(schema: Any, clause: Term | OneOf | Phrase | Prefix | Range) -> tantivy.Query:
    name = field_name(clause.field)
    match clause:
        case Term(field, value):
            query = tantivy.Query.term_query(schema, name, value)
            return query if field in SCORED else _silent(query)
        case OneOf(_, values):
            return _silent(tantivy.Query.term_set_query(schema, name, list(values)))
        case Phrase(_, words) if len(words) == 1:
            return tantivy.Query.term_query(schema, name, words[0])
        case Phrase(_, words):
            return tantivy.Query.phrase_query(schema, name, list(words))
        case Prefix(field, prefix):
            query = tantivy.Query.regex_query(schema, name, prefix + ".*")
            return tantivy.Query.const_score_query(query, 1.0 if field in SCORED else 0.0)
        case Range():
            return _range(schema, clause)


def _all(schema: Any, parts: Sequence[Clause]) -> tantivy.Query:
    asked = [
        (_Occur.MustNot, clause_query(schema, part.part))
        if isinstance(part, Never)
        else (_Occur.Must, clause_query(schema, part))
        for part in parts
    ]
    if all(occur == _Occur.MustNot for occur, _ in asked):
        asked.append((_Occur.Must, _silent(tantivy.Query.all_query())))
    return tantivy.Query.boolean_query(asked)


def _range(schema: Any, clause: Range) -> tantivy.Query:
    if clause.field in OF_MONEY:
        kind, low, high = tantivy.FieldType.Float, clause.low, clause.high
    else:
        kind = tantivy.FieldType.Integer
        low, high = (None if bound is None else int(bound) for bound in (clause.low, clause.high))
    return _silent(tantivy.Query.range_query(schema, clause.field, kind, low, high))


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


Buckets = Sequence[dict[str, Any]]
"""Values of a facet as tantivy tells them, with their counts."""


def counted(reader: Any, query: tantivy.Query, wanted: Sequence[FacetAsked]) -> list[tuple[FacetAsked, Buckets]]:
    """The values of fields among what a query finds: all facets in one pass."""
    if not wanted:
        return []
    found = reader.searcher.aggregate(query, {facet.name: _aggregation(facet) for facet in wanted})
    return [(facet, found[facet.name]["buckets"]) for facet in wanted]


def facets_of(found: Sequence[tuple[FacetAsked, Buckets]], total: int) -> dict[str, Facet]:
    """The commonest values of facets, or their times in order, of so many entries found."""
    return {facet.name: _facet_of(buckets, facet, total) for facet, buckets in found}


def _aggregation(asked: FacetAsked) -> dict[str, Any]:
    if asked.by_days:
        return {"histogram": {"field": asked.field, "interval": DAY_MS, "offset": LIMA_MS, "min_doc_count": 1}}
    terms = {"field": asked.field, "size": MOST_VALUES, "segment_size": MOST_VALUES, "missing": _NO_VALUE}
    return {"terms": terms}


def _facet_of(buckets: Buckets, asked: FacetAsked, total: int) -> Facet:
    counted = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    missing = counted.pop(_NO_VALUE, 0)
    if asked.by_days:  # an entry has one day or none
        missing = total - sum(counted.values())
    return facet([(asked.value(key), count) for key, count in counted.items()], missing, asked)
