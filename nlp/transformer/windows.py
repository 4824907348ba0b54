"""A text cut into windows that the model can read: pieces of words, with overlap, so that every piece is read in context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WINDOW = 254
"""Pieces in a window, without the two marks at its ends."""
OVERLAP = 32
"""Pieces that a window shares with the one before it."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text, without marks at the ends."""

    ids: Ints
    """(pieces,) rows of the vocabulary."""
    starts: Ints
    """(pieces,) offset of the first character."""
    ends: Ints
    """(pieces,) offset after the last character."""

    def __len__(self) -> int:
        return len(self.ids)

    def between(self, start: int, end: int) -> slice:
        """The pieces that touch the characters from ``start`` to ``end``."""
        first = int(self.ends.searchsorted(start, side="right"))
        last = int(self.starts.searchsorted(end, side="left"))
        return slice(first, max(first, last))


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces ``start`` to ``end`` are read together; ``first`` to ``last`` are the ones whose reading counts."""

    start: int
    end: int
    first: int
    last: int


def cut(tokenizer: Tokenizer, text: str) -> Pieces:
    """The pieces of ``text``; those of white space alone are empty."""
    read = tokenizer.encode(text, add_special_tokens=False)
    spans = [(end - len(text[start:end].lstrip()), end) for start, end in read.offsets]
    offsets = np.array(spans, dtype=np.int64).reshape(-1, 2)
    return Pieces(np.array(read.ids, dtype=np.int64), offsets[:, 0].copy(), offsets[:, 1].copy())


def windows(pieces: int, *, size: int = WINDOW, overlap: int = OVERLAP) -> list[Window]:
    """Windows over a text of so many pieces. Each piece counts in exactly one, and never at its edge unless the text ends there."""
    if pieces <= 0:
        return []
    starts = list(range(0, max(1, pieces - overlap), size - overlap))
    found = []
    for number, start in enumerate(starts):
        end = min(start + size, pieces)
        first = 0 if number == 0 else start + overlap // 2
        last = pieces if number == len(starts) - 1 else starts[number + 1] + overlap // 2
        found.append(Window(start, end, first, last))
    return found
