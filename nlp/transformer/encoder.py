"""The encoder as ONNX Runtime runs it: pieces of windows in, one vector a piece out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nlp.transformer.decode import Floats
from nlp.transformer.windows import Ints

_DISABLED = ["SkipLayerNormFusion"]
"""Adding and normalising in one step takes ONNX Runtime 1.32 three times as long on a CPU as in two."""


class Encoder:
    """A session of ONNX Runtime on one thread: Vigía runs in processes, not in threads."""

    def __init__(self, onnx: bytes, *, begin: int, end: int) -> None:
        """``begin`` and ``end`` are the rows of the marks in the vocabulary.

        Raises:
            Exception: whatever ONNX Runtime raises for a graph that it cannot run here.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            onnx, options, providers=["CPUExecutionProvider"], disabled_optimizers=_DISABLED
        )
        self._begin, self._end = np.array([[begin]]), np.array([[end]])

    def vectors(self, windows: Sequence[Ints]) -> Iterator[Floats]:
        """(pieces, size) for every window of pieces without marks, in order.

        One at a time: on one core, windows side by side are no faster, and shorter ones are padded to the longest.
        """
        for window in windows:
            ids = np.concatenate([self._begin, window[np.newaxis], self._end], axis=1)
            (hidden,) = self._session.run(None, {"input_ids": ids})
            yield hidden[0, 1:-1]
