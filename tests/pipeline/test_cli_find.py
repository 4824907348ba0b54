"""``vigia index`` and ``vigia search`` as processes of their own, over a real archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.archive import Analysed, Archive
from pipeline.index import Kind, Query, open_index
from pipeline.records import Document, to_dict
from tests.pipeline.index.conftest import remove
from tests.pipeline.index.generated import (
    BUSINESSES,
    FIRST_DAY,
    GANGS,
    METHODS,
    article,
    claim,
    document,
    event,
    place,
    soles,
)
from tests.pipeline.newsroom_home import Home

COMAS = article(
    "comas", "Exigen cupos a mototaxistas en Comas", "La banda Los Pulpos pide S/ 5 mil.\n\nLa Policía investiga."
)
FIGURES = article(
    "cifras", "Crecen las denuncias", "Más de 500 negocios sufren extorsión.", outlet="trome", published=None
)
TOLD = event(COMAS, "extorsion", "Exigen cupos", place=place("150110"), gangs=(GANGS[0],), businesses=(BUSINESSES[0],),
             money=(soles(5000),), methods=(METHODS[0],))  # fmt: skip
DOCUMENTS = [
    document(COMAS, crimes=("extorsion",), events=(TOLD,)),
    document(
        FIGURES, claims=(claim(FIGURES, "Más de 500 negocios", subject="extorsion", scope="PE", speaker="gremio"),)
    ),
]


def _analysed(one: Document, version: int = 1) -> Analysed:
    return Analysed(
        article=one.article, version=version, models_key="m", extraction=one.extraction, signature=None, at=FIRST_DAY
    )


def _fill(made: Home) -> Home:
    with Archive.open(made.settings) as archive:
        for one in DOCUMENTS:
            archive.save_article(one.article, None)
        archive.save_extractions(_analysed(one) for one in DOCUMENTS)
    done = made.vigia("index", "--json")
    assert (done.code, done.err) == (0, "")
    assert [(count["outcome"], count["n"]) for count in json.loads(done.out)["run"]["counts"]] == [("indexed", 2)]
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose archive holds the documents, and whose index is loaded."""
    return _fill(Home.make(tmp_path_factory.mktemp("home")))


@pytest.mark.elasticsearch
def test_one_variable_makes_it_elasticsearch(home: Home, elasticsearch_url: str, tmp_path: Path) -> None:
    more = {"VIGIA_ELASTICSEARCH_URL": elasticsearch_url, "VIGIA_ELASTICSEARCH_PREFIX": "test-cli-find"}
    other = _fill(Home.make(tmp_path, **more))
    search = ("cupos mototaxistas OR negocios", "--facet", "gang", "--facet", "month")
    assert _json(other, *search) == _json(home, *search)
    assert json.loads(other.vigia("index", "--json").out)["run"]["counts"] == []
    done = other.vigia("index", "--rebuild", "--json")
    assert [(count["outcome"], count["n"]) for count in json.loads(done.out)["run"]["counts"]] == [("indexed", 2)]
    assert json.loads(other.vigia("index", "--json").out)["run"]["counts"] == []
    remove(elasticsearch_url, "test-cli-find")


def _json(home: Home, *arguments: str) -> dict[str, object]:
    done = home.vigia("search", *arguments, "--json")
    assert (done.code, done.err) == (0, "")
    answer: dict[str, object] = json.loads(done.out)
    return answer


def test_a_search_as_json(home: Home) -> None:
    filters = ["--crime", "extorsion", "--place", "Comas", "--gang", "Los Pulpos", "--min-amount", "1000"]
    answer = _json(home, "cupos mototaxistas", *filters, "--business", "mototaxi", "--facet", "gang")
    (hit,) = answer.pop("hits")  # type: ignore[attr-defined]
    assert answer == {
        "total": 1,
        "page": 1,
        "size": 10,
        "after": None,
        "facets": {
            "gang": {"values": [{"value": "Los Pulpos", "count": 1, "label": "Los Pulpos"}], "other": 0, "missing": 0}
        },
    }
    assert (hit["id"], hit["kind"], hit["source"]) == (COMAS.id, "articles", to_dict(DOCUMENTS[0]))
    (passage,) = hit["highlights"]
    assert [COMAS.text[start:end] for start, end in passage["marks"]] == ["Exigen cupos", "mototaxistas"]
    assert [(one["field"], one["text"]) for one in hit["told"]] == [("trigger", "Exigen cupos")]


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        ([], 2),
        (["--in", "events"], 1),
        (["--in", "claims", "negocios"], 1),
        (["--in", "incidents"], 0),
        (["--outlet", "trome"], 1),
        (["--since", "2025-01-01", "--until", "2025-01-01"], 1),
        (["--since", "1d"], 0),
        (["--max-amount", "4999"], 0),
        (["--near", "Independencia, Lima", "--km", "6"], 1),
        (["--near", "Trujillo"], 0),
        (["amount:[1000 TO 5000] date:2025-01", "--fresh"], 1),
        (["--not-relevant"], 0),
        (["--kind", "incident"], 2),
        (["policía OR denuncias", "-extorsión"], None),
    ],
)
def test_options(home: Home, arguments: list[str], total: int | None) -> None:
    if total is None:
        done = home.vigia("search", *arguments)
        assert done.code == 2  # an option of that name does not exist: a query that begins with - goes after --
        return
    assert _json(home, *arguments)["total"] == total


def test_pages(home: Home) -> None:
    pages = [[hit["id"] for hit in _json(home, "--size", "1", "--page", page)["hits"]] for page in "123"]  # type: ignore[attr-defined]
    assert pages == [[COMAS.id], [FIGURES.id], []]


def test_a_search_for_people(home: Home) -> None:
    done = home.vigia("search", "cupos policia", "--place", "Comas", "--facet", "district", "--facet", "gang")
    assert (done.code, done.err) == (0, "")
    lines = [line.rstrip() for line in done.out.splitlines()]
    assert lines[:5] == [
        "1 article in Comas, Lima (150110)",
        "",
        "2025-01-01  rpp  Exigen cupos a mototaxistas en Comas",
        "  … Exigen cupos a mototaxistas en Comas  La banda Los Pulpos pide S/ 5 mil.  La Policía investiga.",
        f"  {COMAS.url}",
    ]
    assert [line.split() for line in lines[6:8]] == [["district", "articles"], ["Comas,", "Lima", "(150110)", "1"]]


def test_percentiles_times_and_points(home: Home) -> None:
    arguments = ("--in", "events", "--percentiles", "business", "--facet", "district", "--facet", "week", "--size", "0")
    assert _json(home, *arguments) == {
        "total": 1,
        "page": 1,
        "size": 0,
        "after": None,
        "hits": [],
        "facets": {
            "district": {
                "values": [
                    {"value": "150110", "count": 1, "label": "Comas, Lima", "lat": -11.95722, "lon": -77.04944},
                ],
                "other": 0,
                "missing": 0,
            },
            "week": {
                "values": [{"value": "2024-12-30", "count": 1, "label": "2024-12-30"}],
                "other": 0,
                "missing": 0,
            },
        },
        "percentiles": {
            "business": [
                {"value": "mototaxi", "label": "mototaxi", "period": "week", "sums": 1}
                | dict.fromkeys(("p25", "p50", "p75", "p90"), 5000.0)
            ]
        },
    }
    lines = [line.split() for line in home.vigia("search", *arguments).out.splitlines()]
    assert ["business", "per", "sums", "p25", "p50", "p75", "p90"] in lines
    assert ["mototaxi", "week", "1", "5,000", "5,000", "5,000", "5,000"] in lines


def test_events_for_people(home: Home) -> None:
    lines = home.vigia("search", "--in", "events").out.splitlines()
    assert "  extorsion · Comas · Los Pulpos · mototaxi · PEN 5,000 per week demanded" in [
        line.rstrip() for line in lines
    ]
    lines = home.vigia("search", "--in", "claims").out.splitlines()
    assert "  Más de 500 negocios · gremio · PE" in [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (['"cupos'], "error: this quotation mark is not closed (character 1 of the query)"),
        (["--place", "Comaz"], "did you mean Comas"),
        (["--place", "Miraflores"], "Miraflores, Lima (150122)"),
        (["--crime", "extorcion"], "or extorsion"),
        (["--crime", "xyz"], "there is no crime 'xyz': there are extortion,"),
        (["--facet", "gangs"], "did you mean gang?"),
        (["--in", "events", "--relevant"], "only articles"),
        (["--min-amount", "5", "--max-amount", "1"], "smallest amount"),
        (["--since", "mañana"], "is no time"),
        (["--until", "2025-02-31"], "is no date"),
        (["--size", "5000"], "size must be between"),
        (["--percentiles", "business"], "--in events"),
        (["--in", "events", "--percentiles", "busines"], "did you mean business?"),
    ],
)
def test_wrong_searches(home: Home, arguments: list[str], said: str) -> None:
    done = home.vigia("search", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.replace("│", " ").split())


def test_events_show_the_words_that_tell_what_was_asked_for(home: Home) -> None:
    assert "told by trigger Exigen cupos" in home.vigia("search", "--in", "events", "crime:extorsion").out
    assert "told by" not in home.vigia("search", "--in", "events", "mototaxistas").out


def test_hints(home: Home) -> None:
    assert "gangs of similar names: Los Pulpos" in home.vigia("search", "--gang", "Los Pulpoz").out
    assert "gangs of similar names: Los Pulpos" in home.vigia("search", "gang:pulpoz").out
    assert "no articles have the outlet xyz" in home.vigia("search", "--outlet", "xyz").out
    assert "the last page is --page 1" in home.vigia("search", "cupos", "--page", "9").out
    assert "outlets of similar names: trome" in home.vigia("search", "medio:tromé2").out
    assert "no articles have Pulpoz: did you mean Pulpos?" in home.vigia("search", "cupos Pulpoz").out
    assert "no articles have Comaz: did you mean Comas?" in home.vigia("search", "Comaz").out
    assert "similar names" not in home.vigia("search", "gang:pulpos nada").out
    longer = home.vigia("search", "crime:robo feroz").out
    assert 'a name of several words is written crime:"robo feroz"' in " ".join(longer.split())
    assert "ends before" not in home.vigia("search", "place:San Juan de Lurigancho nada").out
    assert "OR, AND and NOT are written in capitals" in home.vigia("search", "cupos or dinamita").out
    assert "in Comas, Lima (150110)" in home.vigia("search", "distrito:Comas").out
    assert "there are no incidents in the index" in home.vigia("search", "--in", "incidents").out


def test_what_changed_is_loaded_and_nothing_else(home: Home) -> None:
    assert json.loads(home.vigia("index", "--json").out)["run"]["counts"] == []
    done = home.vigia("index", "--rebuild", "--json")
    assert [(count["outcome"], count["n"]) for count in json.loads(done.out)["run"]["counts"]] == [("indexed", 2)]
    assert json.loads(home.vigia("index", "--json").out)["run"]["counts"] == []
    index = open_index(home.settings)
    assert [index.count(Query(kind=kind)) for kind in Kind] == [2, 1, 1, 0]
    index.close()


def test_a_removed_index_is_loaded_again(tmp_path: Path) -> None:
    home = Home.make(tmp_path)
    with Archive.open(home.settings) as archive:
        archive.save_article(COMAS, None)
        archive.save_extractions([_analysed(DOCUMENTS[0])])
    for _ in range(2):
        assert home.vigia("index").code == 0
        assert _json(home, "cupos")["total"] == 1
        for file in sorted(home.settings.index_dir.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
    assert _json(home)["total"] == 0


def test_what_the_index_refuses_is_counted_and_told(tmp_path: Path) -> None:
    home = Home.make(tmp_path)
    long = article("long", "Título", "Cuerpo.")
    told = event(long, "extorsion", "cupos", gangs=(type(GANGS[0])(name="x" * 9000),))
    with Archive.open(home.settings) as archive:
        for one in (document(long, events=(told,)), DOCUMENTS[0]):
            archive.save_article(one.article, None)
            archive.save_extractions([_analysed(one)])
    assert home.vigia("index", "--failed").out.strip() == "the index has refused nothing"
    done = home.vigia("index")
    assert done.code == 1
    assert "gangs has a value of 9000 characters" in done.out
    assert _json(home)["total"] == 1
    assert home.vigia("index").code == 0
    (refused,) = home.vigia("index", "--failed", "--json").json
    assert set(refused) == {"kind", "id", "reason", "at"}
    reason = "gangs has a value of 9000 characters; an index holds at most 8000"
    assert (refused["kind"], refused["id"], refused["reason"]) == ("articles", long.id, reason)
    assert reason in " ".join(home.vigia("index", "--failed").out.split())
    done = home.vigia("index", "--retry")
    assert (done.code, reason in done.out) == (1, True)
    with Archive.open(home.settings) as archive:
        shorter = document(long, events=(event(long, "extorsion", "cupos", gangs=(GANGS[0],)),))
        archive.save_extractions([_analysed(shorter)])
    assert home.vigia("index").code == 0
    assert (home.vigia("index", "--failed", "--json").json, _json(home)["total"]) == ([], 2)


def test_what_could_not_be_taken_then_is_taken_when_it_is_tried_again(tmp_path: Path) -> None:
    home = _fill(Home.make(tmp_path))
    with Archive.open(home.settings) as archive:
        index = open_index(home.settings)
        index.delete(Kind.ARTICLES, [COMAS.id])
        archive.forget_index(index.target())
        archive.mark_indexed(index.target(), {FIGURES.id: 1})
        stage = f"index:articles:{index.target()}"
        revisions = {one.document.article.id: one.revision for one in archive.pending_index(index.target())}
        archive.reject(stage, str(revisions[COMAS.id]), article_id=COMAS.id, outlet="rpp", reason="disk full")
        index.close()
    assert home.vigia("index").code == 0
    assert _json(home)["total"] == 1
    assert [one["reason"] for one in home.vigia("index", "--failed", "--json").json] == ["disk full"]
    assert home.vigia("index", "--retry").code == 0
    assert (home.vigia("index", "--failed", "--json").json, _json(home)["total"]) == ([], 2)
    done = home.vigia("index", "--failed", "--retry")
    assert (done.code, "choose one of" in done.err) == (2, True)


def test_elasticsearch_that_is_down(tmp_path: Path) -> None:
    home = Home.make(tmp_path, VIGIA_ELASTICSEARCH_URL="http://127.0.0.1:9")
    for command in (["index"], ["search", "cupos"]):
        done = home.vigia(*command)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("error: Elasticsearch on http://127.0.0.1:9 cannot be reached")


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("events", ["date", "extorsion", "Comas, Lima", "mototaxi", "PEN 5,000", "Los Pulpos"]),
        ("claims", ["Más de 500 negocios", "Perú", "gremio", "trome"]),
        ("articles", ["Exigen cupos a mototaxistas en Comas", "Crecen las denuncias"]),
    ],
)
def test_a_table_has_a_line_a_hit(home: Home, kind: str, cells: list[str]) -> None:
    done = home.vigia("search", "--in", kind, "--table")
    assert (done.code, done.err) == (0, "")
    assert [cell for cell in cells if cell not in done.out] == []
