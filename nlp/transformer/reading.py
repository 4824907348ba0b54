"""A text as the model reads it: the probability that a span is a mention, the spans that it sees, answers about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from nlp.transformer.decode import Floats, best_tags, spans_of
from nlp.transformer.encoder import Encoder
from nlp.transformer.heads import Heads
from nlp.transformer.schema import SCHEMA
from nlp.transformer.seen import Seen
from nlp.transformer.store import ModelFile, TransformerError
from nlp.transformer.windows import Ints, Pieces, cut, windows
from nlp.types import ModelVersion

Halves = npt.NDArray[np.float16]
"""Vectors as they are kept: a text of 100,000 words takes 110 MB."""
_MARKS = ("<s>", "</s>")
_ALIKE = 0.9
"""Cosine between the vectors of the check text here and where the model was made. Other processors round otherwise
(measured: over .99 with and without VNNI); one that lacks an instruction gives noise."""


class Reading:
    """What the model makes of one text. All offsets are characters."""

    def __init__(self, text: str, pieces: Pieces, vectors: Floats, heads: Heads) -> None:
        """``vectors`` is (pieces, size)."""
        self._text, self._pieces, self._heads = text, pieces, heads
        self._vectors: Halves = vectors.astype(np.float16)
        self._tags = heads.probabilities("tags", vectors) if len(pieces) else None
        self._inside = None if self._tags is None else self._tags[:, 1::2] + self._tags[:, 2::2]

    def support(self, start: int, end: int, label: str) -> float:
        """Probability, 0 to 1, that the characters belong to a mention of ``label``: the mean over their pieces."""
        at = self._pieces.between(start, end)
        if self._inside is None or at.start == at.stop:
            return 0.0
        return float(self._inside[at, SCHEMA.tags.labels.index(label)].mean())

    def spans(self) -> list[Seen]:
        """The mentions that the model sees, in text order; they begin and end where words do."""
        if self._tags is None:
            return []
        path = best_tags(np.log(np.maximum(self._tags, np.float32(1e-9))))
        found: list[Seen] = []
        for first, last, label in spans_of(path, SCHEMA.tags):
            start, end = _whole_words(self._text, int(self._pieces.starts[first]), int(self._pieces.ends[last - 1]))
            if start < end and (not found or found[-1].end <= start):
                found.append(Seen(start, end, label, self.support(start, end, label)))
        return found

    def general_spans(self) -> list[Seen]:
        """Names of the general classes, in text order."""
        if self._tags is None:
            return []
        probabilities = self._heads.probabilities("general", self._vectors.astype(np.float32))
        path = best_tags(np.log(np.maximum(probabilities, np.float32(1e-9))))
        return [
            Seen(
                int(self._pieces.starts[first]),
                int(self._pieces.ends[last - 1]),
                label,
                float(probabilities[np.arange(first, last), path[first:last]].mean()),
            )
            for first, last, label in spans_of(path, SCHEMA.general_tags)
        ]

    def answers(self, question: str, start: int, end: int) -> dict[str, float]:
        """Probability of each answer to a question about the characters; empty where there are none."""
        at = self._pieces.between(start, end)
        if at.start == at.stop:
            return {}
        return self._answers(question, self._vectors[at])

    def article(self, question: str) -> dict[str, float]:
        """Probability of each answer to a question about the whole text; empty for an empty one."""
        return self._answers(question, self._vectors) if len(self._pieces) else {}

    def _answers(self, question: str, vectors: Halves) -> dict[str, float]:
        mean = vectors.astype(np.float32).mean(axis=0, keepdims=True)
        found = self._heads.probabilities(question, mean)[0]
        return dict(zip(SCHEMA.questions[question], map(float, found), strict=True))


class Reader:
    """Tokenizer, encoder and heads of one model."""

    def __init__(self, model: ModelFile) -> None:
        """Load it and check that it reads here as it did where it was made.

        Raises:
            TransformerError: ONNX Runtime cannot run it, or gives other vectors on this processor.
        """
        self.version = ModelVersion(name=model.manifest["name"], version=model.manifest["version"])
        self._heads = model.heads
        try:
            self.tokenizer = Tokenizer.from_str(model.tokenizer)
            begin, end = (self.tokenizer.encode(mark, add_special_tokens=False).ids[0] for mark in _MARKS)
            self._encoder = Encoder(model.onnx, begin=begin, end=end)
        except ImportError as error:
            raise TransformerError(
                f"ONNX Runtime cannot be loaded ({error}): install onnxruntime for this machine"
            ) from error
        except Exception as error:  # ONNX Runtime and tokenizers raise classes of their own
            raise TransformerError(f"the model cannot be run on this machine: {error}") from error
        if model.manifest["check"] is not None:
            self._check(model.manifest["check"])

    def read(self, text: str) -> Reading:
        """Read a text of any length; time and memory grow with its length."""
        pieces = cut(self.tokenizer, text)
        plan = windows(len(pieces))
        parts = self.vectors([pieces.ids[window.start : window.end] for window in plan])
        kept = [
            part[window.first - window.start : window.last - window.start]
            for window, part in zip(plan, parts, strict=True)
        ]
        vectors = np.concatenate(kept) if kept else np.zeros((0, 0), dtype=np.float32)
        return Reading(text, pieces, vectors, self._heads)

    def vectors(self, windows_of_ids: Sequence[Ints]) -> Iterator[Floats]:
        """(pieces, size) for every window of pieces without marks, in order."""
        return self._encoder.vectors(windows_of_ids)

    def mean_vector(self, text: str) -> Floats:
        """(size,) mean of the vectors of a text that is not empty."""
        mean: Floats = self.read(text)._vectors.astype(np.float32).mean(axis=0)
        return mean

    def _check(self, check: dict[str, object]) -> None:
        here = self.mean_vector(str(check["text"]))
        there = np.array(check["vector"], dtype=np.float32)
        alike = float(here @ there / (np.linalg.norm(here) * np.linalg.norm(there) + 1e-9))
        if not alike >= _ALIKE:
            raise TransformerError(
                f"the model reads otherwise on this processor (cosine {alike:.2f}): set VIGIA_TRANSFORMER=off"
            )


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span and the rest of the words that it cuts."""
    if start >= end:
        return start, end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
