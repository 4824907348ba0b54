"""A span that a model sees by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """Offsets in characters, what it is, and how probable that is (0 to 1)."""

    start: int
    end: int
    label: str
    score: float
