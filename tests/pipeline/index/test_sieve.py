"""Many queries asked of a few records: each finds what a search finds."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from nlp.types import Gang
from pipeline.incidents import merge
from pipeline.index import Kind, Query
from pipeline.index.base import Record
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.flatten import parts_of
from pipeline.index.names import default_names
from pipeline.index.plan import make
from pipeline.index.sieve import Sieve
from pipeline.records import EventRecord
from tests.pipeline.index.generated import article, document, documents, event
from tests.pipeline.index.test_parity import FILTERS, TEXTS

NAMES = default_names()
ARTICLES = list(documents(300))
EVENTS = [part for one in ARTICLES for part in parts_of(one) if isinstance(part, EventRecord)]
RECORDS: dict[Kind, list[Record]] = {
    Kind.ARTICLES: list(ARTICLES),
    Kind.EVENTS: list(EVENTS),
    Kind.INCIDENTS: list(merge(EVENTS, {})),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_query_finds_what_a_search_finds(tmp_path: Path, kind: Kind) -> None:
    index, sieve = EmbeddedIndex(tmp_path, NAMES), Sieve(kind, RECORDS[kind])
    assert index.put(kind, RECORDS[kind]).refused == ()
    found = []
    for text, filters in itertools.product(TEXTS, FILTERS):
        query = Query(kind=kind, text=text, highlight=False, **filters)  # type: ignore[arg-type]
        ids = sieve.find(make(query, NAMES))
        assert ids == [hit.id for hit in index.scan(query)], query
        found.append(len(ids))
    assert sum(number > 0 for number in found) > 0.6 * len(found)  # equal answers prove nothing if they are empty
    assert (found[0], sieve.refused) == (len(RECORDS[kind]), [])


def test_of_nothing_nothing_is_found() -> None:
    sieve = Sieve(Kind.INCIDENTS, [])
    assert [sieve.find(make(Query(kind=Kind.INCIDENTS, text=text), NAMES)) for text in TEXTS] == [[]] * len(TEXTS)


def test_what_an_index_cannot_hold_is_told() -> None:
    of = article("long", "Cupos en Comas", "Cuerpo.")
    (told,) = parts_of(document(of, events=(event(of, "extorsion", "cupos", gangs=(Gang(name="x" * 9000),)),)))
    sieve = Sieve(Kind.EVENTS, [told, EVENTS[0]])
    assert sieve.find(make(Query(kind=Kind.EVENTS), NAMES)) == [EVENTS[0].key]
    ((refused, reason),) = sieve.refused
    assert (refused, "9000 characters" in reason) == (f"{of.id}.{told.event.id}", True)  # type: ignore[union-attr]
