"""What figures count: the units of ``nlp/data/claim_units.csv``, and a figure with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.types import Comparator, Money


class UnitClass(StrEnum):
    """What a unit stands for, which decides where a number of it is a claim."""

    CASE = "case"
    DEAD = "dead"
    FORCE = "force"
    SEIZURE = "seizure"
    BUSINESS = "business"
    SHARE = "share"
    SUM = "sum"
    OTHER = "other"
    """Any other plural noun: a claim only in articles of figures."""
    PART = "part"
    """A part of what was counted before: foreigners among those arrested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A row of ``claim_units.csv``."""

    unit: str
    subject: str | None
    kind: UnitClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A figure with its unit."""

    start: int
    end: int
    core: int
    """Where the figure itself ends; what a share is of stands between here and ``end``."""
    low: float | None
    high: float | None
    comparator: Comparator
    unit: Unit
    denominator: str | None = None
    money: Money | None = None
    fraction: bool = False
    """Told as a fraction ("la mitad")."""
    form: str = "counted"
    """How it is told: with what it counts, as an ordinal, a sum, or without a unit of its own."""
    score: float = 1.0
    """Likelihood that it is a claim, 0 to 1."""


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Units by folded word.

    Raises:
        LexiconError: a class is unknown.
    """
    table = {}
    for row in read_table("claim_units.csv", frozenset({"word", "unit", "subject", "class"})):
        if row["class"] not in tuple(UnitClass):
            raise LexiconError(
                f"nlp/data/claim_units.csv: {row['word']!r}: class {row['class']!r} is none of {[*UnitClass]}"
            )
        table[row["word"]] = Unit(unit=row["unit"], subject=row["subject"] or None, kind=UnitClass(row["class"]))
    return table
