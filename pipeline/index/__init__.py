"""The search index: one :class:`Query`, two backends that answer alike.

``open_index(settings)`` gives the embedded index, or Elasticsearch when the settings name one.

    base       what an index is: kinds, hits, facets, errors, the protocol
    query      what is asked; syntax: its text; names: places and gangs by name; plan: all of that settled
    analysis   words, stems, synonyms: as in ``index_templates/``
    entries    what is indexed of a record; flatten: records -> entries; templates: their fields as mapped
    ranges     sums and days in a query's text; freshness: relevance that fades with age
    amounts    percentiles of the sums in what is found, the same from either
    results    what is stored -> hits, with highlight and evidence; facets
    sieve      many queries asked of a few records, for alerts
    embedded   tantivy (tantivy_store, tantivy_query); elastic: Elasticsearch (elastic_server, elastic_names,
               elastic_loading, elastic_parts, elastic_ageing, elastic_query)

The differences that remain between the two: ``docs/search.md``.
"""

from __future__ import annotations

from pipeline.index.base import (
    Facet,
    FacetValue,
    Highlight,
    Hit,
    IndexState,
    IndexUnavailable,
    Kind,
    PutReport,
    QueryError,
    SearchIndex,
    SearchPage,
    WrongVersion,
)
from pipeline.index.names import default_names
from pipeline.index.query import FACETS, Query, Sort
from pipeline.settings import Settings

__all__ = [
    "FACETS",
    "Facet",
    "FacetValue",
    "Highlight",
    "Hit",
    "IndexState",
    "IndexUnavailable",
    "Kind",
    "PutReport",
    "Query",
    "QueryError",
    "SearchIndex",
    "SearchPage",
    "Sort",
    "WrongVersion",
    "open_index",
]


def open_index(settings: Settings) -> SearchIndex:
    """The index that the settings name.

    Raises:
        IndexUnavailable: it cannot be opened, or the server cannot be reached.
        WrongVersion: a server of a version that is not supported.
    """
    names = default_names(settings.synonyms)
    if settings.elasticsearch.url is None:
        from pipeline.index.embedded import EmbeddedIndex

        return EmbeddedIndex(settings.index_dir, names)
    from pipeline.index.elastic import ElasticIndex

    return ElasticIndex.connect(settings.elasticsearch, names)
