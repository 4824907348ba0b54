from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from nlp.extract import Models, Text, downgrades, extract, load
from nlp.transformer.reading import Reader
from nlp.transformer.store import ModelFile, TransformerError, pack, read_shipped, shipped, unpack

DATA = Path(__file__).parents[3] / "nlp" / "data"


@pytest.fixture(scope="module")
def file() -> bytes:
    return (DATA / shipped().file).read_bytes()


@pytest.fixture(scope="module")
def model(file: bytes) -> ModelFile:
    return unpack(file)


def test_what_ships_is_small_and_the_file_of_its_row(file: bytes) -> None:
    assert len(file) <= 25_000_000
    assert hashlib.sha256(file).hexdigest() == shipped().sha256


def test_the_manifest_tells_what_the_table_tells(model: ModelFile) -> None:
    assert (model.manifest["name"], model.manifest["version"]) == (shipped().name, shipped().version)


def test_the_same_parts_give_the_same_file(model: ModelFile) -> None:
    manifest = {key: value for key, value in model.manifest.items() if key != "schema"}
    once, again = (pack(manifest, model.tokenizer, model.heads, model.onnx) for _ in range(2))
    assert once == again
    read = unpack(once)
    assert read.onnx == model.onnx
    assert all(np.array_equal(read.heads.weights[head], weights) for head, weights in model.heads.weights.items())


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:-100], lambda b: b[:5_000], lambda b: b"x" * 100])
def test_a_damaged_file_is_one_clear_error(file: bytes, damage: object) -> None:
    with pytest.raises(TransformerError, match="damaged"):
        unpack(damage(file))  # type: ignore[operator]


def test_a_bit_that_fell_over_is_found(file: bytes) -> None:
    at = len(file) // 2
    with pytest.raises(TransformerError, match="damaged"):
        unpack(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :])


def test_a_model_for_other_labels_is_refused(model: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from nlp.transformer import store

    other = pack({**model.manifest, "check": None}, model.tokenizer, model.heads, b"")
    monkeypatch.setattr(store, "SCHEMA", replace(store.SCHEMA, general=("PER",)))
    with pytest.raises(TransformerError, match="other labels"):
        unpack(other)


def test_a_graph_that_onnx_runtime_cannot_run_is_an_error(model: ModelFile) -> None:
    with pytest.raises(TransformerError, match="cannot be run on this machine"):
        Reader(ModelFile(model.manifest, model.tokenizer, model.heads, b"no graph"))


def test_a_processor_that_reads_otherwise_is_found_out(model: ModelFile) -> None:
    noise = np.random.default_rng(1).normal(size=len(model.manifest["check"]["vector"])).tolist()
    manifest = {**model.manifest, "check": {**model.manifest["check"], "vector": noise}}
    with pytest.raises(TransformerError, match="reads otherwise on this processor"):
        Reader(ModelFile(manifest, model.tokenizer, model.heads, model.onnx))


@pytest.mark.parametrize("state", ["missing", "another"])
def test_without_its_file_the_rules_read_alone_and_say_so(tmp_path: Path, state: str) -> None:
    """In a copy of the package, as a broken installation has it."""
    shutil.copytree(DATA.parent, tmp_path / "nlp", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path / "nlp" / "data" / shipped().file
    target.unlink()
    if state == "another":
        target.write_bytes(b"not the model")
    script = (
        "from datetime import UTC, datetime\n"
        "from nlp.extract import Text, downgrades, extract, load\n"
        "nlp = load()\n"
        "found = extract(nlp, Text(text='Piden S/ 5 mil a bodeguero de Comas', published=datetime(2025, 1, 2, tzinfo=UTC)))\n"
        "print(found.flags, len(found.mentions), downgrades(nlp))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'downgrade:rules'" in run.stdout
    assert "VIGIA_TRANSFORMER=off" in run.stdout
    assert "the rules read alone" in run.stderr


def test_switched_off_it_is_no_downgrade(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        nlp = load(Models(transformer=False))
    found = extract(nlp, Text(text="Piden S/ 5 mil en Comas", published=datetime(2025, 1, 2, tzinfo=UTC)))
    assert not nlp.has_pipe("transformer_entities")
    assert downgrades(nlp) == ()
    assert "downgrade:rules" not in found.flags
    assert shipped().name not in {model.name for model in found.models}
    assert not caplog.records


def test_read_shipped(model: ModelFile) -> None:
    assert read_shipped().manifest == model.manifest
