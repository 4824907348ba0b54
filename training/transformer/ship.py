"""A fitted network -> the file that ships, its row in ``transformer.csv``, and the report of every figure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from nlp.transformer.reading import Reader
from nlp.transformer.store import pack, unpack
from training.transformer.articles import Annotated
from training.transformer.calibrate import calibrated, temperatures
from training.transformer.examples import examples
from training.transformer.export import CHECK_TEXT, check_of, to_onnx
from training.transformer.net import Net

NAME = "vigia-news-es"
FILE = "vigia_news_es.zip"
DATA = Path(__file__).parents[2] / "nlp" / "data"
REPORT = Path(__file__).with_name("report.json")


def assemble(
    net: Net,
    folder: Path,
    chosen: Sequence[Annotated],
    version: str,
    say: Callable[[str], None],
    *,
    quantized: bool = True,
) -> bytes:
    """The bytes of a model file: encoder, tokenizer, heads with their temperatures, manifest with its check."""
    say("writing the encoder as ONNX" + (" in int8" if quantized else ""))
    onnx, tokenizer, heads = (
        to_onnx(net, quantized=quantized),
        (folder / "tokenizer.json").read_text("utf-8"),
        net.to_heads(),
    )
    manifest: dict[str, Any] = {"name": NAME, "version": version, "license": "MIT (base), Apache-2.0 (fitting)"}
    draft = Reader(unpack(pack({**manifest, "check": None}, tokenizer, heads, onnx)))
    manifest["check"] = check_of(draft.mean_vector(CHECK_TEXT))
    say("making probabilities honest")
    windows = list(examples(Tokenizer.from_str(tokenizer), chosen))
    heads = calibrated(heads, temperatures(draft, heads, windows))
    return pack(manifest, tokenizer, heads, onnx)


def put(data: bytes, version: str) -> None:
    """Write the model's file and its row."""
    (DATA / FILE).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    (DATA / "transformer.csv").write_text(
        f"name,version,file,sha256\n{NAME},{version},{FILE},{digest}\n", encoding="utf-8"
    )


def report(figures: dict[str, Any]) -> None:
    """Write the report."""
    text = json.dumps(
        {"made": f"{datetime.now(UTC):%Y-%m-%d}", **figures}, indent=1, ensure_ascii=False, default=_plain
    )
    REPORT.write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)
