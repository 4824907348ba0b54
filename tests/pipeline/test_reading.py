from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nlp.types import Extraction
from pipeline.cli.app import app
from pipeline.records import decode

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


def test_extract_writes_predictions_with_offsets(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(ARTICLE) + "\n\n" + json.dumps({**ARTICLE, "id": "a2"}) + "\n", encoding="utf-8")
    done = runner.invoke(app, ["extract", str(source), "-o", str(target)])
    assert (done.exit_code, done.output) == (0, "")
    first, second = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert second == {**first, "id": "a2"}
    text = f"{ARTICLE['title']}\n\n{ARTICLE['body']}"
    assert all(text[m["start"] : m["end"]] == m["text"] for m in first["mentions"])
    (money,) = [mention for mention in first["mentions"] if mention["label"] == "MONEY"]
    assert {key: money[key] for key in ("text", "min", "max", "currency", "role")} == {
        "text": "S/ 5 mil",
        "min": 5000.0,
        "max": 5000.0,
        "currency": "PEN",
        "role": "demanded",
    }
    (event,) = first["events"]
    assert (event["crime_type"], event["date"], event["ubigeo"]) == ("extorsion", "2025-10-14", "150110")
    assert (first["id"], first["relevant"], first["claims"]) == ("a1", True, [])


def test_bad_lines_are_named_and_left_out() -> None:
    lines = [
        b"{not json",
        json.dumps({key: value for key, value in ARTICLE.items() if key != "body"}).encode(),
        json.dumps({**ARTICLE, "published_at": "2025-10-15T08:00:00"}).encode(),
        b'{"id": "\xff"}',
        json.dumps(ARTICLE).encode(),
    ]
    done = runner.invoke(app, ["extract"], input=b"\n".join(lines))
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a1"]
    said = done.stderr.splitlines()
    assert [line.split(":")[0] for line in said] == ["line 1", "line 2", "line 3", "line 4", "error"]
    assert said[1] == "line 2: body: Field required"
    assert said[2] == "line 3: published_at: Input should have timezone info"
    assert said[4] == "error: 4 line(s) were left out; the reasons stand above"


def test_a_file_that_is_not_there_is_said() -> None:
    for command in ("extract", "read"):
        done = runner.invoke(app, [command, "nowhere.txt"])
        assert (done.exit_code, done.stderr) == (2, "error: cannot read nowhere.txt: No such file or directory\n")


def test_read_shows_spans_events_and_what_read_it(tmp_path: Path) -> None:
    source = tmp_path / "article.txt"
    source.write_text(f"{ARTICLE['title']}\n{ARTICLE['body']}", encoding="utf-8")
    done = runner.invoke(app, ["read", str(source), "--published", "2025-10-15"])
    assert done.exit_code == 0
    for part in ("extorsion", "Comas: disparan contra bodega", "2025-10-14", "150110", "read with spacy"):
        assert part in done.stdout


def test_read_gives_the_extraction_as_json() -> None:
    done = runner.invoke(
        app, ["read", "-", "--published", "2025-10-15", "--json"], input=f"{ARTICLE['title']}\n{ARTICLE['body']}\n"
    )
    found = json.loads(done.stdout)
    assert found.pop("text") == f"{ARTICLE['title']}\n\n{ARTICLE['body']}"
    extraction = decode(Extraction, json.dumps(found))
    assert [event.crime_type for event in extraction.events] == ["extorsion"]
