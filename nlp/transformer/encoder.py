"""The encoder as ONNX Runtime runs it: pieces of windows in, one vector a piece out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from nlp.transformer.decode import Floats
from nlp.transformer.windows import Ints

_BATCH = 2
"""Windows run side by side. On one core more of them are slower: with six layers 4,800 words/s at 1 and 2, 3,700 at 8,
3,000 at 16, for what a layer holds then leaves the cache."""


class Encoder:
    """A session of ONNX Runtime on one thread: Vigía runs in processes, not in threads."""

    def __init__(self, onnx: bytes, *, begin: int, end: int, padding: int) -> None:
        """``begin``, ``end`` and ``padding`` are the rows of the marks in the vocabulary.

        Raises:
            Exception: whatever ONNX Runtime raises for a graph that it cannot run here.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        self._begin, self._end, self._padding = begin, end, padding

    def vectors(self, windows: Sequence[Ints]) -> Iterator[Floats]:
        """(pieces, size) for every window of pieces without marks, in order."""
        waiting = iter(windows)
        while batch := list(islice(waiting, _BATCH)):
            longest = max(map(len, batch)) + 2
            ids = np.full((len(batch), longest), self._padding, dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, window in enumerate(batch):
                ids[row, : len(window) + 2] = [self._begin, *window, self._end]
                mask[row, : len(window) + 2] = 1
            (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
            for row, window in enumerate(batch):
                yield hidden[row, 1 : len(window) + 1]
