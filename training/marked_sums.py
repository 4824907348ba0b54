"""Short texts in which only the sums are marked, with what each was for: ``training/marked_sums.txt``, for ``training.fit_roles money``.

Texts are parted by empty lines, the title first: ``piden [S/ 5 mil|demanded] al mes``. Written for this project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nlp.recognizers import LIMA

PUBLISHED = datetime(2025, 6, 1, 12, tzinfo=LIMA)
"""For want of a date."""
_MARK = re.compile(r"\[(?P<sum>[^\[\]|]+)\|(?P<role>\w+)\]")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text without its marks."""

    text: str
    roles: tuple[tuple[int, int, str], ...]
    """Offsets and role of each sum."""


def read_marked(path: Path) -> Iterator[MarkedText]:
    """The texts of a file."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        yield unmarked(block.replace("\n", "\n\n", 1))


def unmarked(marked: str) -> MarkedText:
    """A text without its marks, and where they stood."""
    text, last = "", 0
    roles: list[tuple[int, int, str]] = []
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        roles.append((len(text), len(text) + len(mark["sum"]), mark["role"]))
        text, last = text + mark["sum"], mark.end()
    return MarkedText(text + marked[last:], tuple(roles))
