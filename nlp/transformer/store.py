"""The file of the model: one ZIP with its manifest, tokenizer, heads and encoder, checked against the table that ships.

No pickle is read and nothing is fetched. Whatever is wrong with the file is one error that says what to do.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any

from nlp.lexicon import read_table
from nlp.transformer.heads import Heads
from nlp.transformer.schema import SCHEMA

_TABLE = "transformer.csv"
_MANIFEST, _TOKENIZER, _HEADS, _ENCODER = "manifest.json", "tokenizer.json", "heads.npz", "encoder.onnx"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class TransformerError(RuntimeError):
    """The model cannot be used. The message tells why, and what to do."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The row of ``transformer.csv``: which file, in which version, with which SHA-256."""

    name: str
    version: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The parts of a model, unpacked and checked."""

    manifest: dict[str, Any]
    tokenizer: str
    """JSON of the package tokenizers."""
    heads: Heads
    onnx: bytes


def shipped() -> Shipped:
    """The model that ships with this version of Vigía."""
    (row,) = read_table(_TABLE, frozenset({"name", "version", "file", "sha256"}))
    return Shipped(row["name"], row["version"], row["file"], row["sha256"])


def read_shipped() -> ModelFile:
    """The model that ships.

    Raises:
        TransformerError: its file is missing, damaged or of another version.
    """
    row = shipped()
    try:
        data = (files("nlp") / "data" / row.file).read_bytes()
    except OSError:
        raise TransformerError(
            f"nlp/data/{row.file} is missing: install Vigía anew, or set VIGIA_TRANSFORMER=off"
        ) from None
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise TransformerError(
            f"nlp/data/{row.file} is not the file that nlp/data/{_TABLE} names: install Vigía anew, or set VIGIA_TRANSFORMER=off"
        )
    return unpack(data)


def pack(manifest: dict[str, Any], tokenizer: str, heads: Heads, onnx: bytes) -> bytes:
    """The file of a model; the same parts give the same bytes."""
    out = BytesIO()
    parts = {
        _MANIFEST: json.dumps({**manifest, "schema": SCHEMA.as_json()}, ensure_ascii=False, indent=1).encode(),
        _TOKENIZER: tokenizer.encode(),
        _HEADS: heads.to_bytes(),
        _ENCODER: onnx,
    }
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def unpack(data: bytes) -> ModelFile:
    """The parts of a model's file.

    Raises:
        TransformerError: it is no such file, or was trained for other labels and questions.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if manifest["schema"] != SCHEMA.as_json():
                raise TransformerError("the model was trained for other labels: train it anew with 'make model'")
            return ModelFile(
                manifest=manifest,
                tokenizer=archive.read(_TOKENIZER).decode(),
                heads=Heads.from_bytes(archive.read(_HEADS), SCHEMA),
                onnx=archive.read(_ENCODER),
            )
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, KeyError, ValueError, NotImplementedError) as error:
        raise TransformerError(f"the model's file is damaged ({error}): install Vigía anew") from error
