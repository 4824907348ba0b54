"""What both backends promise: each test runs against the embedded index and against a real Elasticsearch."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from nlp.types import ArticleKind, BusinessRole, DateSpan, Label, Modality, MoneyRole, PlaceRole
from pipeline.index import FacetValue, Kind, Query, QueryError, SearchIndex, Sort
from pipeline.index.amounts import Amounts, find_amounts
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.flatten import id_of, parts_of
from pipeline.index.names import default_names
from pipeline.records import Document, EventRecord, to_dict
from tests.pipeline.index.conftest import BACKENDS, elastic, remove
from tests.pipeline.index.generated import (
    BUSINESSES,
    FIRST_DAY,
    GANGS,
    METHODS,
    PRISONS,
    article,
    claim,
    document,
    event,
    incident,
    mention,
    place,
    soles,
)


def _hand_made() -> dict[str, Document]:
    """Seven articles, one day apart from oldest to newest; the names say what they are."""
    a = [
        article(
            name, title, body, outlet=outlet, published=None if name == "undated" else FIRST_DAY + timedelta(days=day)
        )
        for day, (name, outlet, title, body) in enumerate(
            [
                (
                    "comas",
                    "rpp",
                    "Extorsionadores exigen cupos a mototaxistas en Comas",
                    "La banda Los Pulpos pide S/ 5 mil.\n\nLa Policía investiga.",
                ),
                ("trujillo", "elcomercio", "Dinamita en La Esperanza", "Una bodega fue atacada. Piden pago de cupos."),
                (
                    "callao",
                    "rpp",
                    "Capturan a sicario en el Callao",
                    "Había salido del penal. No se menciona extorsión.",
                ),
                ("football", "trome", "Alianza ganó en Matute", "Un equipo sin cupo en la copa jugó en Comas."),
                ("figures", "elcomercio", "Denuncias por extorsión crecen", "Más de 500 negocios, dice el gremio."),
                ("undated", "trome", "Chalequeo a transportistas", "Los mototaxis paran. Año nuevo en Piura."),
                (
                    "ransom",
                    "rpp",
                    "Rescate de 50 mil soles en Lima",
                    "Secuestro en San Juan de Lurigancho, con granada.",
                ),
            ]
        )
    ]
    comas, trujillo, callao, football, figures, undated, ransom = a
    day = DateSpan(start=date(2024, 12, 30), end=date(2024, 12, 31))
    found = [
        document(
            comas,
            crimes=("extorsion",),
            events=(
                event(comas, "extorsion", "exigen cupos", place=place("150110"), gangs=(GANGS[0],),
                      businesses=(BUSINESSES[0],), money=(soles(5000),), methods=(METHODS[0],), date=day),
            ),
        ),
        document(
            trujillo,
            crimes=("extorsion",),
            events=(
                event(trujillo, "extorsion", "atacada", place=place("130104"), gangs=(GANGS[1],),
                      businesses=(BUSINESSES[1],), methods=(METHODS[1],), modality=Modality.ALLEGED),
                event(trujillo, "extorsion", "pago de cupos", place=place("1301"), money=(soles(None, 300),)),
            ),
        ),
        document(
            callao,
            crimes=("sicariato",),
            kind=ArticleKind.JUDICIAL,
            events=(event(callao, "sicariato", "sicario", place=place("070101"), prison=PRISONS[0]),),
        ),
        document(
            football,
            relevant=False,
            kind=ArticleKind.OTHER,
            mentions=(mention(Label.PLACE, place("150110", PlaceRole.CONTEXT)),),
        ),
        document(
            figures,
            crimes=("extorsion",),
            kind=ArticleKind.STATISTICS,
            claims=(claim(figures, "Más de 500 negocios", subject="extorsion", scope="PE", speaker="gremio"),),
        ),
        document(
            undated,
            crimes=("extorsion",),
            mentions=(
                mention(Label.PLACE, place("20")),
                mention(Label.GANG, GANGS[3]),
                mention(Label.BUSINESS, dataclasses.replace(BUSINESSES[2], role=BusinessRole.CONTEXT)),
            ),
        ),
        document(
            ransom,
            crimes=("secuestro",),
            events=(
                event(ransom, "secuestro", "Secuestro", place=place("150132"), methods=(METHODS[2],),
                      money=(soles(50000, role=MoneyRole.RANSOM), soles(2000, role=MoneyRole.REWARD))),
            ),
        ),
    ]  # fmt: skip
    return {one.article.url.rpartition("/")[2]: one for one in found}


HAND_MADE = _hand_made()
NAMES = {one.article.id: name for name, one in HAND_MADE.items()}
NEWEST_FIRST = ["ransom", "figures", "football", "callao", "trujillo", "comas", "undated"]


@pytest.fixture(scope="module", params=BACKENDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """The hand-made articles, loaded once; tests only read it."""
    if request.param == "embedded":
        made: Any = EmbeddedIndex(tmp_path_factory.mktemp("index"), default_names())
    else:
        made = elastic(request.getfixturevalue("elasticsearch_url"))
    made.replace_articles(HAND_MADE.values())
    made.put(Kind.INCIDENTS, [incident(tuple(_events(HAND_MADE["comas"])))])
    made.refresh()
    yield made
    made.close()
    if request.param == "elasticsearch":
        remove(request.getfixturevalue("elasticsearch_url"), made._shelves.prefix)


def _events(one: Document) -> list[EventRecord]:
    return [part for part in parts_of(one) if isinstance(part, EventRecord)]


def _found(index: SearchIndex, query: Query) -> list[str]:
    return [NAMES[hit.source["article"]["id"]] for hit in index.search(query).hits]


TEXT_CASES = [
    ("", NEWEST_FIRST),
    ("mototaxistas", {"comas", "undated"}),
    ("MOTOTAXISTA", {"comas", "undated"}),
    ("extorsión", {"comas", "trujillo", "callao", "football", "figures", "undated"}),
    ("extorsion", {"comas", "trujillo", "callao", "football", "figures", "undated"}),
    ('"extorsión"', {"callao", "figures"}),
    ("cupos comas", {"comas", "football"}),
    ("cupos comas -copa", {"comas"}),
    ("dinamita OR granada", {"trujillo", "ransom"}),
    ("(dinamita OR granada) bodega", {"trujillo"}),
    ('"pago de cupos"', {"trujillo"}),
    ('"de cupos"', {"trujillo"}),
    ('"cupos de pago"', set()),
    ("capt*", {"callao"}),
    ("extors*", {"comas", "callao", "figures"}),
    ("moto* banda", {"comas"}),
    ("policia", {"comas"}),
    ("ano nuevo", {"undated"}),
    ("-extorsión", {"ransom"}),
    ("-comas -callao bodega", {"trujillo"}),
    ("en la", {"comas", "trujillo", "football"}),
    ("rescate de los 50 mil", {"ransom"}),
    ("inexistente", set()),
    ("outlet:rpp", {"comas", "callao", "ransom"}),
    ("place:Comas cupos", {"comas"}),
    ('gang:"Los Pulpos"', {"comas"}),
    ("gang:pulpos OR crime:sicariato", {"comas", "callao"}),
    ("-kind:incident", {"callao", "football", "figures"}),
    ("amount:>5000", {"ransom"}),
    ("amount:>=5000", {"comas", "ransom"}),
    ("amount:<5,000", {"trujillo"}),
    ("amount:[300 TO 5000] cupos", {"comas", "trujillo"}),
    ("-amount:[* TO *]", {"callao", "football", "figures", "undated"}),
    ("date:2025-01-01", {"comas"}),
    ("date:>2025-01-04", {"figures", "ransom"}),
    ("date:[2025-01-02 TO 2025-01-03] OR amount:50000", {"trujillo", "callao", "ransom"}),
    ("date:2025-01 cupos -date:<=2025-01-02", {"callao", "football", "figures"}),
    ("-date:[* TO *]", {"undated"}),
    ("date:2024", set()),
    ("near:Comas", {"comas"}),
    ('near:"Independencia, Lima, 5 km" cupos', {"comas"}),
    ('near:"Lima, 30km" -near:"Comas,1.5 km"', {"callao", "ransom"}),
    ("banda:pulpos", {"comas"}),
    ("provincia:Lima distrito:Comas", {"comas"}),
    ("gang:(Los Pulpos OR Los Injertos del Puerto Norte)", {"comas", "trujillo"}),
    ("-crime:(extorsion OR sicariato OR secuestro) outlet:(rpp OR trome OR elcomercio)", {"football"}),
    ("cupos AND comas NOT copa", {"comas"}),
    ("NOT (comas OR callao) bodega", {"trujillo"}),
    ("outlet:rpp de gang:pulpos", {"comas"}),
    ("método:dinamita", {"trujillo"}),
    ("business:mototaxistas", {"comas"}),
    ("business:transporte", {"comas"}),
    ("crime:Extorsiones", {"comas", "trujillo", "figures", "undated"}),
    ('crime:"cobro de cupos"', {"comas", "trujillo", "figures", "undated"}),
    ('prison:"penal de Challapalca"', {"callao"}),
    ("monto:>US$2000", {"ransom"}),
    ("amount:[* TO 300usd]", {"trujillo"}),
    ('amount:"5 mil"', {"comas"}),
    ('fecha:"enero de 2025" cupos amount:1000..', {"comas"}),
    ("date:01/01/2025", {"comas"}),
    ("date:..2025-01-02", {"comas", "trujillo"}),
    ('near:"5 km de Independencia, Lima" cupos', {"comas"}),
    ("gang:*", {"comas", "trujillo", "undated"}),
    ("-gang:* -amount:*", {"callao", "football", "figures"}),
    ("gang:Pul*", {"comas"}),
    ("gang:zzz*", set()),
    ("cupos prison:* OR prison:Challa*", {"callao"}),
    ("-place:*", {"football", "figures"}),
    ("-date:*", {"undated"}),
    ("kind:* outlet:*", set(NEWEST_FIRST)),
    ("S/ 5", {"comas"}),
    ("taxis mototaxi", set()),
    ("mototaxi", {"undated"}),
    ('"S/ 5 mil"', {"comas"}),
]


@pytest.mark.parametrize(("text", "expected"), TEXT_CASES, ids=[text for text, _ in TEXT_CASES])
def test_text(filled: SearchIndex, text: str, expected: set[str] | list[str]) -> None:
    found = _found(filled, Query(text=text))
    assert (found if isinstance(expected, list) else set(found)) == expected
    assert len(found) == len(set(found)) == filled.count(Query(text=text))


TODAY_CASES = [
    ("date:hoy", {"football"}),
    ("fecha:ayer", {"callao"}),
    ('fecha:"última semana" cupos -date:hoy', {"comas", "trujillo", "callao"}),
    ("date:[2d TO ayer]", {"trujillo", "callao"}),
    ('fecha:"este mes"', {"comas", "trujillo", "callao", "football", "figures", "ransom"}),
    ('fecha:"mes pasado"', set()),
    ("fecha:(jueves OR viernes)", {"trujillo", "callao"}),
]


@pytest.mark.parametrize(("text", "expected"), TODAY_CASES, ids=[text for text, _ in TODAY_CASES])
def test_days_told_from_today(filled: SearchIndex, text: str, expected: set[str]) -> None:
    """As if asked on Saturday, 4 January 2025."""
    assert set(_found(filled, Query(text=text, today=date(2025, 1, 4)))) == expected


FILTER_CASES: list[tuple[dict[str, Any], set[str]]] = [
    ({"outlets": ("trome", "elcomercio")}, {"trujillo", "football", "figures", "undated"}),
    ({"crimes": ("extorsion",)}, {"comas", "trujillo", "figures", "undated"}),
    ({"crimes": ("Extorsión",), "outlets": ("rpp",)}, {"comas"}),
    ({"crimes": ("killing", "kidnapping")}, {"callao", "ransom"}),
    ({"places": ("Comas",)}, {"comas"}),
    ({"places": ("150110", "130104")}, {"comas", "trujillo"}),
    ({"places": ("1501",)}, {"comas", "ransom"}),
    ({"places": ("15",)}, {"comas", "ransom"}),
    ({"places": ("Trujillo",)}, {"trujillo"}),
    ({"places": ("Piura",)}, {"undated"}),
    ({"places": ("PE",)}, {"comas", "trujillo", "callao", "undated", "ransom"}),
    ({"places": ("Chile",)}, set()),
    ({"near": "Independencia, Lima", "km": 5}, {"comas"}),
    ({"near": "Comas"}, {"comas"}),
    ({"near": "Comas", "km": 0.1}, {"comas"}),
    ({"near": "Lima", "km": 30}, {"comas", "callao", "ransom"}),
    ({"near": "Trujillo", "km": 30, "places": ("Huanchaco",)}, {"trujillo"}),
    ({"near": "Cusco", "km": 100}, set()),
    ({"near": "Piura", "km": 1}, set()),
    ({"gangs": ("Los Pulpos",)}, {"comas"}),
    ({"gangs": ("pulpos de Trujillo",)}, {"comas"}),
    ({"gangs": ("los injertos del puerto norte",)}, {"trujillo"}),
    ({"gangs": ("Los Frios de la Nusta",)}, {"undated"}),
    ({"gangs": ("Injertos",)}, set()),
    ({"businesses": ("mototaxi",)}, {"comas"}),
    ({"businesses": ("transporte_mototaxi", "Comercio minorista")}, {"comas", "trujillo"}),
    ({"methods": ("explosivo_dinamita",)}, {"trujillo"}),
    ({"prisons": ("Challapalca",)}, {"callao"}),
    ({"article_kinds": ("judicial", "statistics")}, {"callao", "figures"}),
    ({"relevant": False}, {"football"}),
    ({"relevant": True, "places": ("Comas",)}, {"comas"}),
    ({"min_amount": 5000}, {"comas", "ransom"}),
    ({"min_amount": 5000, "max_amount": 5000}, {"comas"}),
    ({"max_amount": 2500}, {"trujillo"}),
    ({"min_amount": 50000.01}, set()),
    ({"since": FIRST_DAY + timedelta(days=4)}, {"figures", "ransom"}),
    ({"since": date(2025, 1, 2), "until": date(2025, 1, 3)}, {"trujillo", "callao"}),
    ({"until": FIRST_DAY}, {"comas"}),
    ({"article_ids": (HAND_MADE["comas"].article.id, HAND_MADE["ransom"].article.id)}, {"comas", "ransom"}),
]


@pytest.mark.parametrize(("filters", "expected"), FILTER_CASES, ids=[str(filters) for filters, _ in FILTER_CASES])
def test_filters(filled: SearchIndex, filters: dict[str, Any], expected: set[str]) -> None:
    query = Query(**filters)
    assert set(_found(filled, query)) == expected
    assert filled.search(query).total == filled.count(query) == len(expected)
    assert {NAMES[hit.source["article"]["id"]] for hit in filled.scan(query)} == expected


def test_events_and_claims(filled: SearchIndex) -> None:
    query = Query(kind=Kind.EVENTS, places=("Trujillo",))
    assert {hit.source["event"]["trigger"] for hit in filled.search(query).hits} == {"atacada", "pago de cupos"}
    assert _found(filled, Query(kind=Kind.EVENTS, text="extorsión mototaxistas")) == ["comas"]
    assert _found(filled, Query(kind=Kind.CLAIMS, places=("PE",), crimes=("extorsion",))) == ["figures"]
    assert _found(filled, Query(kind=Kind.CLAIMS, text="negocios")) == ["figures"]


def test_an_event_is_dated_by_what_is_told(filled: SearchIndex) -> None:
    told = Query(kind=Kind.EVENTS, since=date(2024, 12, 31), until=date(2024, 12, 31))
    assert _found(filled, told) == ["comas"]
    published = Query(kind=Kind.EVENTS, since=date(2025, 1, 1), until=date(2025, 1, 1))
    assert _found(filled, published) == []


def test_incidents(filled: SearchIndex) -> None:
    (hit,) = filled.search(Query(kind=Kind.INCIDENTS, text="cupos", gangs=("Los Pulpos",), min_amount=4000)).hits
    assert hit.source == to_dict(incident(tuple(_events(HAND_MADE["comas"]))))
    assert filled.count(Query(kind=Kind.INCIDENTS, places=("Trujillo",))) == 0


def test_a_hit_is_the_whole_record(filled: SearchIndex) -> None:
    one = HAND_MADE["comas"]
    (hit,) = filled.search(Query(gangs=("Los Pulpos",))).hits
    assert (hit.id, hit.kind, hit.score, hit.source) == (one.article.id, Kind.ARTICLES, None, to_dict(one))
    assert filled.get(Kind.ARTICLES, one.article.id) == dataclasses.replace(hit, highlights=())
    (told,) = _events(one)
    stored = filled.get(Kind.EVENTS, id_of(told))
    assert stored is not None
    assert stored.source == to_dict(told)
    assert filled.get(Kind.ARTICLES, "nothing") is None


def test_the_order(filled: SearchIndex) -> None:
    assert _found(filled, Query(sort=Sort.OLDEST)) == NEWEST_FIRST[::-1]
    assert _found(filled, Query(text="cupos", sort=Sort.NEWEST)) == [
        "figures", "football", "callao", "trujillo", "comas", "undated",
    ]  # fmt: skip
    assert _found(filled, Query(text="cupos"))[:1] == ["comas"]


def test_relevance_that_fades(filled: SearchIndex) -> None:
    plain = filled.search(Query(text="extorsión"))
    now = FIRST_DAY + timedelta(days=31)
    found = filled.search(Query(text="extorsión", fresh=now))
    assert (found.total, {hit.id for hit in found.hits}) == (plain.total, {hit.id for hit in plain.hits})
    before = {NAMES[hit.id]: hit.score or 0.0 for hit in plain.hits}
    after = {NAMES[hit.id]: hit.score or 0.0 for hit in found.hits}
    assert after["trujillo"] == pytest.approx(before["trujillo"] / 2, rel=1e-3)  # thirty days old
    assert NAMES[found.hits[-1].id] == "undated"
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    pages = [_found(filled, Query(text="extorsión", fresh=now, size=1, offset=at)) for at in range(6)]
    assert [name for page in pages for name in page] == [NAMES[hit.id] for hit in found.hits]
    assert _found(filled, Query(fresh=now)) == NEWEST_FIRST
    with pytest.raises(QueryError, match="not both"):
        Query(text="extorsión", fresh=now, sort=Sort.NEWEST)


def test_pages(filled: SearchIndex) -> None:
    pages = [_found(filled, Query(size=3, offset=offset)) for offset in (0, 3, 6, 9)]
    assert pages == [NEWEST_FIRST[0:3], NEWEST_FIRST[3:6], NEWEST_FIRST[6:7], []]
    ranked = _found(filled, Query(text="extorsión"))
    assert [name for at in range(6) for name in _found(filled, Query(text="extorsión", size=1, offset=at))] == ranked
    assert filled.search(Query(size=0)).total == 7


def test_facets(filled: SearchIndex) -> None:
    facets = filled.search(Query(facets=("outlet", "district", "gang", "kind", "month"), facet_size=2)).facets
    assert facets["outlet"].values == (
        FacetValue(value="rpp", count=3, label="rpp"),
        FacetValue(value="elcomercio", count=2, label="elcomercio"),
    )
    assert (facets["outlet"].other, facets["outlet"].missing) == (2, 0)
    assert facets["district"].values == (
        FacetValue(value="070101", count=1, label="Callao"),
        FacetValue(value="130104", count=1, label="Huanchaco, Trujillo"),
    )
    assert (facets["district"].other, facets["district"].missing) == (2, 3)
    assert [value.value for value in facets["gang"].values] == [
        "Los Fríos de la Ñusta",
        "Los Injertos del Puerto Norte",
    ]
    assert (facets["gang"].other, facets["gang"].missing) == (1, 4)
    assert [(v.value, v.count) for v in facets["kind"].values] == [("incident", 4), ("judicial", 1)]
    assert [(v.value, v.count) for v in facets["month"].values] == [("2025-01", 6)]


def test_times_come_in_their_order(filled: SearchIndex) -> None:
    def counted(name: str, kind: Kind = Kind.ARTICLES, size: int = 10) -> tuple[list[tuple[str, int]], int, int]:
        facet = filled.search(Query(kind=kind, size=0, facets=(name,), facet_size=size)).facets[name]
        return [(value.value, value.count) for value in facet.values], facet.other, facet.missing

    days = [(f"2025-01-0{day}", 1) for day in (1, 2, 3, 4, 5, 7)]
    assert counted("day") == (days, 0, 1)
    assert counted("day", size=2) == (days[-2:], 4, 1)
    assert counted("week") == ([("2024-12-30", 5), ("2025-01-06", 1)], 0, 1)
    assert counted("month") == ([("2025-01", 6)], 0, 1)
    assert counted("year") == ([("2025", 6)], 0, 1)
    # What is told of begins on December 30, whenever it was printed.
    assert counted("year", Kind.EVENTS) == ([("2024", 1), ("2025", 4)], 0, 0)
    assert counted("day", Kind.EVENTS) == (
        [("2024-12-30", 1), ("2025-01-02", 2), ("2025-01-03", 1), ("2025-01-07", 1)],
        0,
        0,
    )


def test_percentiles_of_sums(filled: SearchIndex) -> None:
    """Of sums with both bounds that were demanded or paid: not the ransom, the reward, or what is at most S/ 300."""
    asked = Query(kind=Kind.EVENTS)
    five = {"p25": 5000.0, "p50": 5000.0, "p75": 5000.0, "p90": 5000.0}
    mototaxi = Amounts(value="mototaxi", label="mototaxi", period="week", sums=1, **five)
    assert find_amounts(filled, asked, "business", default_names()) == (mototaxi,)
    (comas,) = find_amounts(filled, asked, "district", default_names())
    assert (comas.value, comas.label) == ("150110", "Comas, Lima")
    assert find_amounts(filled, Query(kind=Kind.EVENTS, text="sicario"), "business", default_names()) == ()
    for query, group in ((Query(), "business"), (asked, "busines"), (asked, "day")):
        with pytest.raises(QueryError):
            find_amounts(filled, query, group, default_names())


def test_facets_count_what_is_found(filled: SearchIndex) -> None:
    page = filled.search(Query(text="cupos", crimes=("extorsion",), size=0, facets=("crime", "modality")[:1]))
    assert [(value.value, value.count) for value in page.facets["crime"].values] == [("extorsion", 4)]
    nothing = filled.search(Query(text="inexistente", facets=("crime",))).facets["crime"]
    assert (nothing.values, nothing.other, nothing.missing) == ((), 0, 0)


def test_highlights_show_the_text_as_printed(filled: SearchIndex) -> None:
    (hit,) = [hit for hit in filled.search(Query(text="extorsion policia")).hits if hit.source["article"]["title"]]
    text = HAND_MADE["comas"].article.text
    marked = [text[start:end] for passage in hit.highlights for start, end in passage.marks]
    assert marked == ["Extorsionadores", "cupos", "Policía"]
    assert all(text[passage.start :].startswith(passage.text) for passage in hit.highlights)
    assert filled.search(Query(text="extorsion policia", highlight=False)).hits[0].highlights == ()


WRONG = [
    ({"text": '"cupos'}, 0),
    ({"text": "a (b"}, 2),
    ({"text": "ganng:x"}, 0),
    ({"text": "cupos place:Comaz"}, 12),
    ({"text": "cupos amount:[1 TO dos2]"}, 19),
    ({"text": "gang:Los Quxunes"}, 5),
    ({"text": "gang:Los*"}, 5),
    ({"text": "crime:extor*"}, 6),
    ({"text": "place:(Comas OR Comaz)"}, 16),
    ({"text": "kind:incident", "kind": Kind.EVENTS}, 0),
    ({"places": ("Miraflores",)}, None),
    ({"near": "Comaz"}, None),
    ({"near": "Comas", "km": 0}, None),
    ({"near": "PE"}, None),
    ({"text": 'cupos near:"Comas, 50000 km"'}, 12),
    ({"crimes": ("extorsionn",)}, None),
    ({"like": "nothing"}, None),
    ({"after": "x", "sort": Sort.NEWEST}, None),
    ({"after": "1", "offset": 5}, None),
    ({"after": "1", "sort": Sort.RELEVANCE}, None),
]


@pytest.mark.parametrize(("fields", "position"), WRONG)
def test_wrong_queries(filled: SearchIndex, fields: dict[str, Any], position: int | None) -> None:
    for ask in (filled.search, filled.count, lambda query: list(filled.scan(query))):
        with pytest.raises(QueryError) as caught:
            ask(Query(**fields))
        assert caught.value.position == position


def test_more_like_this(filled: SearchIndex) -> None:
    page = filled.search(Query(like=HAND_MADE["comas"].article.id))
    found = [NAMES[hit.id] for hit in page.hits]
    assert "comas" not in found
    assert found
    assert page.total == len(found) == filled.count(Query(like=HAND_MADE["comas"].article.id))
    assert all(hit.score for hit in page.hits)
    assert set(found) < set(NAMES.values()) - {"comas"}
    with pytest.raises(QueryError, match="there is no article 'nothing' in the index"):
        filled.search(Query(like="nothing"))


def test_pages_without_end(filled: SearchIndex) -> None:
    for sort, expected in ((Sort.NEWEST, NEWEST_FIRST), (Sort.OLDEST, NEWEST_FIRST[::-1])):
        after, found, totals = None, [], set()
        while True:
            page = filled.search(Query(sort=sort, size=2, after=after, facets=("outlet",)))
            found += [NAMES[hit.id] for hit in page.hits]
            totals.add((page.total, sum(value.count for value in page.facets["outlet"].values)))
            if (after := page.after) is None:
                break
        assert found == expected
        assert totals == {(7, 7)}
    assert filled.search(Query(text="cupos", size=1)).after is None


def test_hits_show_the_words_that_tell_what_was_asked_for(filled: SearchIndex) -> None:
    told = {
        kind: {(one.field, one.text) for hit in filled.search(Query(kind=kind, crimes=("extorsion",))).hits for one in hit.told}
        for kind in (Kind.ARTICLES, Kind.EVENTS)
    }  # fmt: skip
    assert ("trigger", "exigen cupos") in told[Kind.ARTICLES] & told[Kind.EVENTS]
    assert all(hit.told == () for hit in filled.search(Query(text="cupos")).hits)
    assert all(hit.told == () for hit in filled.search(Query(crimes=("extorsion",), highlight=False)).hits)
