"""Linear heads on the encoder's vectors, in numpy: tags of pieces, answers about spans and about the article."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from nlp.transformer.decode import Floats, softmax
from nlp.transformer.schema import Schema


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights (answers, size), biases and temperatures by head: ``tags``, ``general`` and each question of the schema.

    A temperature divides the scores, so that probabilities mean what they say.
    """

    weights: dict[str, Floats]
    biases: dict[str, Floats]
    temperatures: dict[str, float]

    def logs(self, head: str, vectors: Floats) -> Floats:
        """(n, answers) log probabilities of (n, size) vectors."""
        return np.log(np.maximum(self.probabilities(head, vectors), np.float32(1e-9)))

    def probabilities(self, head: str, vectors: Floats) -> Floats:
        """(n, answers) probabilities of (n, size) vectors."""
        scores = (vectors @ self.weights[head].T + self.biases[head]) / np.float32(self.temperatures[head])
        return softmax(scores.astype(np.float32))

    def to_bytes(self) -> bytes:
        """As an uncompressed npz file without pickles."""
        out = BytesIO()
        arrays: dict[str, Any] = {f"{head}.weight": weight.astype(np.float16) for head, weight in self.weights.items()}
        arrays |= {f"{head}.bias": bias.astype(np.float32) for head, bias in self.biases.items()}
        arrays |= {f"{head}.temperature": np.float32(value) for head, value in self.temperatures.items()}
        np.savez(out, allow_pickle=False, **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, schema: Schema) -> Heads:
        """Read what :meth:`to_bytes` wrote.

        Raises:
            ValueError: it is no such file, or a head is missing or has another shape than the schema asks.
        """
        sizes = {"tags": len(schema.tags), "general": len(schema.general_tags)}
        sizes |= {question: len(answers) for question, answers in schema.questions.items()}
        weights, biases, temperatures = {}, {}, {}
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            for head, size in sizes.items():
                try:
                    weights[head] = arrays[f"{head}.weight"].astype(np.float32)
                    biases[head] = arrays[f"{head}.bias"].astype(np.float32)
                    temperatures[head] = float(arrays[f"{head}.temperature"])
                except KeyError as error:
                    raise ValueError(f"the head {head} is missing: {error}") from None
                if weights[head].shape[0] != size or biases[head].shape != (size,):
                    raise ValueError(f"the head {head} has {weights[head].shape[0]} answers instead of {size}")
        return cls(weights, biases, temperatures)
