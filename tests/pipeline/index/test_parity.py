"""Both backends over the same generated articles: the same hits, totals, facets and passages for many queries."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from datetime import timedelta

import pytest

from pipeline.index import Kind, Query, SearchIndex, Sort
from pipeline.index.amounts import find_amounts
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.flatten import parts_of
from pipeline.index.names import default_names
from pipeline.records import EventRecord
from tests.pipeline.index.conftest import elastic, remove
from tests.pipeline.index.generated import FIRST_DAY, documents, incident, newsroom

pytestmark = pytest.mark.elasticsearch

ARTICLES = 2000
TEXTS = (
    "",
    "cupos mototaxistas",
    "extorsión",
    "extorsion bodega",
    "cobro de cupos",
    '"cobro de cupos"',
    "sicario OR granada",
    "policía -bodega",
    "(carta balas) OR (cámaras asalto)",
    "extors* colegio",
    "Los Injertos",
    '"los injertos del puerto norte"',
    "mototaxi combi",
    "denuncia S/ 5000",
    "-extorsión",
    "cupos amount:[1000 TO 5000]",
    "date:2025-02 -amount:>5000",
    'near:"Trujillo, 15 km" OR date:>=2025-11',
    "choferes paradero OR empresarios",
    "fiscalía prisión preventiva",
    "banda:(Los Pulpos OR Los Injertos) NOT policía",
    "business:transporte amount:>US$500",
    "gang:* -prison:*",
    'gang:"Los Pul*" OR prison:Anc* cupos',
    'método:explosivo fecha:>="marzo de 2025"',
    "distrito:(Comas OR Independencia) de crime:(extorsión OR robo)",
)
FILTERS: tuple[dict[str, object], ...] = (
    {},
    {"places": ("La Libertad",)},
    {"places": ("1501", "070101"), "crimes": ("extorsion", "robo")},
    {"gangs": ("Los Pulpos",)},
    {"businesses": ("bodega",), "min_amount": 1000.0},
    {"since": FIRST_DAY + timedelta(days=30), "until": FIRST_DAY + timedelta(days=90)},
    {"outlets": ("rpp", "trome"), "max_amount": 2500.0},
    {"near": "Independencia, Lima", "km": 12.0},
)
FACETS = ("outlet", "crime", "district", "region", "gang", "business", "method", "prison", "role", "period")
FACETS += ("day", "week", "month", "year")
QUERIES = [
    Query(text=text, kind=kind, facets=FACETS, facet_size=5, size=15, **filters)  # type: ignore[arg-type]
    for (text, filters), kind in zip(
        itertools.product(TEXTS, FILTERS), itertools.cycle((Kind.ARTICLES, Kind.EVENTS)), strict=False
    )
]
QUERIES += [Query(kind=kind, text=text, sort=sort) for kind in Kind for text in TEXTS[:6] for sort in Sort]
QUERIES += [
    Query(kind=kind, text=text, fresh=FIRST_DAY + timedelta(days=days), size=size)
    for kind in (Kind.ARTICLES, Kind.EVENTS)
    for text in TEXTS[:6]
    for days, size in ((200, 15), (1000, 200))
]


@pytest.fixture(scope="module")
def both(elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    """The two backends with the same content."""
    made = [*documents(ARTICLES), *newsroom()]
    events = [part for one in made for part in parts_of(one) if isinstance(part, EventRecord)]
    incidents = [incident(pair) for pair in zip(events[::2], events[1::2], strict=False)]
    one, other = EmbeddedIndex(tmp_path_factory.mktemp("index"), default_names()), elastic(elasticsearch_url)
    for index in (one, other):
        assert len(index.replace_articles(made).indexed) == len(made)
        index.put(Kind.INCIDENTS, incidents)
        index.refresh()
    yield one, other
    other.close()
    remove(elasticsearch_url, other._shelves.prefix)


def test_there_are_many_queries() -> None:
    assert len(QUERIES) >= 150


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.kind}-{query.text}-{query.order}")
def test_same_answer(both: tuple[SearchIndex, SearchIndex], query: Query) -> None:
    embedded, elasticsearch = (index.search(query) for index in both)
    assert embedded.total == elasticsearch.total
    assert embedded.facets == elasticsearch.facets
    assert [(hit.id, hit.highlights, hit.told) for hit in embedded.hits] == [
        (hit.id, hit.highlights, hit.told) for hit in elasticsearch.hits
    ]
    scores = [[hit.score for hit in page.hits if hit.score is not None] for page in (embedded, elasticsearch)]
    assert scores[0] == pytest.approx(scores[1], rel=1e-4)
    assert len(scores[0]) in {0, len(embedded.hits)}
    assert [hit.source for hit in embedded.hits] == [hit.source for hit in elasticsearch.hits]


@pytest.mark.parametrize("kind", [Kind.ARTICLES, Kind.EVENTS])
def test_what_is_like_an_entry_is_the_same(both: tuple[SearchIndex, SearchIndex], kind: Kind) -> None:
    """Sums of many words' relevance differ in their last digit, so that equal ones may change places."""
    overlaps = []
    for hit in itertools.islice(both[0].scan(Query(kind=kind, highlight=False)), 0, 400, 20):
        embedded, elasticsearch = (index.search(Query(kind=kind, like=hit.id, size=10)) for index in both)
        assert embedded.total == elasticsearch.total
        if embedded.hits:
            assert embedded.hits[0].score == pytest.approx(elasticsearch.hits[0].score, rel=1e-4)
            ids = [{one.id for one in page.hits} for page in (embedded, elasticsearch)]
            overlaps.append(len(ids[0] & ids[1]) / len(ids[0]))
    assert len(overlaps) >= 10
    assert statistics.mean(overlaps) >= 0.9


def test_same_pages_without_end(both: tuple[SearchIndex, SearchIndex]) -> None:
    found: list[list[str]] = []
    for index in both:
        after, ids = None, []
        while True:
            page = index.search(Query(text="cupos", sort=Sort.OLDEST, size=150, after=after, highlight=False))
            ids += [hit.id for hit in page.hits]
            if (after := page.after) is None:
                break
        assert len(ids) == len(set(ids)) == page.total > 300
        found.append(ids)
    assert found[0] == found[1]


def test_same_scan(both: tuple[SearchIndex, SearchIndex]) -> None:
    for kind in Kind:
        embedded, elasticsearch = ([hit.id for hit in index.scan(Query(kind=kind, highlight=False))] for index in both)
        assert embedded == elasticsearch
        assert len(embedded) == len(set(embedded)) > 0


@pytest.mark.parametrize("kind", [Kind.EVENTS, Kind.INCIDENTS])
@pytest.mark.parametrize("group", ["business", "gang", "district", "month"])
def test_same_percentiles(both: tuple[SearchIndex, SearchIndex], kind: Kind, group: str) -> None:
    query = Query(kind=kind, crimes=("extorsion", "robo"))
    embedded, elasticsearch = (find_amounts(index, query, group, default_names()) for index in both)
    assert embedded == elasticsearch
    if group != "business" or kind is Kind.EVENTS:  # incidents made here have no businesses
        assert len(embedded) > 1


def test_enough_is_found(both: tuple[SearchIndex, SearchIndex]) -> None:
    """Equal answers prove nothing if they are empty."""
    totals = [both[0].count(query) for query in QUERIES]
    assert sum(total > 0 for total in totals) >= 0.8 * len(totals)
