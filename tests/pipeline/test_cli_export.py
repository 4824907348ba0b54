"""``vigia export`` over a real index, as a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet as pq

from pipeline.cli.export import Format
from pipeline.export import FORMATS
from pipeline.index import Kind, open_index
from pipeline.settings import load_settings
from tests.forked import Vigia
from tests.pipeline.export_records import CLAIM_RECORD, DOCUMENT, EVENT_RECORD, PRIVATE, incident


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    index = open_index(load_settings(env={"VIGIA_HOME": str(folder)}))
    index.put(Kind.ARTICLES, [DOCUMENT])
    index.put(Kind.EVENTS, [EVENT_RECORD])
    index.put(Kind.CLAIMS, [CLAIM_RECORD])
    index.put(Kind.INCIDENTS, [incident()])
    index.refresh()
    index.close()
    return folder


def vigia(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    process = Vigia(("export", *arguments), os.environ | {"VIGIA_HOME": str(home)}, home)
    out, err = process.communicate()
    return subprocess.CompletedProcess(arguments, process.wait(), out, err)


def test_the_options_formats_are_the_writers() -> None:
    assert [format_.value for format_ in Format] == list(FORMATS)


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_every_kind_goes_to_standard_output_without_private_things(home: Path, kind: str) -> None:
    done = vigia(home, kind)
    assert (done.returncode, done.stderr) == (0, "")
    (record,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert record["schema"].startswith("vigia.")
    assert [private for private in PRIVATE if private in done.stdout] == []


def test_filters_are_those_of_search(home: Path) -> None:
    one = ["--crime", "extorsion", "--place", "Comas", "--gang", "Los Halcones de Prueba", "--min-amount", "4000"]
    assert len(vigia(home, "events", *one).stdout.splitlines()) == 1
    assert len(vigia(home, "events", "--near", "Comas", "--km", "3").stdout.splitlines()) == 1
    assert vigia(home, "events", "--near", "Tacna", "--km", "3").stdout == ""
    assert vigia(home, "events", "--crime", "sicariato").stdout == ""
    assert vigia(home, "events", "--min-amount", "6000").stdout == ""
    assert vigia(home, "events", "--until", "2024-01-01").stdout == ""


def test_a_file_is_written_whole_and_told_of(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "events.csv"
    done = vigia(home, "events", "--format", "csv", "--output", str(target))
    assert done.returncode == 0
    assert "1 events written to" in done.stderr
    assert len(target.read_text(encoding="utf-8").splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_parquet_goes_to_a_file_and_into_a_pipe(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "events.parquet"
    done = vigia(home, "events", "--format", "parquet", "--output", str(target))
    assert (done.returncode, "1 events written to" in done.stderr) == (0, True)
    command = [str(Path(sys.executable).with_name("vigia")), "export", "events", "--format", "parquet"]
    piped = subprocess.run(
        command, env=os.environ | {"VIGIA_HOME": str(home)}, cwd=home, capture_output=True, check=True
    )
    assert pq.read_table(io.BytesIO(piped.stdout)).equals(pq.read_table(target))
    assert pq.read_table(target).column("crime_type").to_pylist() == ["extorsion"]


def test_excel_is_told_that_it_is_utf8(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "events.csv"
    assert vigia(home, "events", "--format", "csv", "--bom", "--output", str(target)).returncode == 0
    plain = vigia(home, "events", "--format", "csv").stdout
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,crime_type,")
    assert content[3:].decode().splitlines() == plain.splitlines()


def test_private_things_and_texts_are_there_on_request(home: Path) -> None:
    text = vigia(home, "articles", "--with-private", "--full-text").stdout
    assert [private for private in PRIVATE if private not in text] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonsense",), "nonsense"),
        (("events", "--format", "xml"), "xml"),
        (("events", "--bom"), "only CSV has it"),
        (("events", "--output", "/nowhere/at/all.jsonl"), "cannot be written"),
        (("events", "--query", '"open'), "character"),
        (("events", "--place", "Comaz"), "Comas"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(home: Path, arguments: tuple[str, ...], message: str) -> None:
    done = vigia(home, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr
