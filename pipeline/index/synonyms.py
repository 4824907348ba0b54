"""What else is looked for when a query has certain words: the table that ships, and rows of the operator's own.

Synonyms belong to the question and not to the index: a change is in force with the next search, and nothing is loaded anew.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pipeline.index import analysis, templates
from pipeline.index.base import QueryError

Stems = tuple[str, ...]
COLUMNS: Final = frozenset({"words", "also", "note"})
MOST_ROWS: Final = 2000
MOST_OTHERS: Final = 60
"""Phrases that a query looks for in the place of one."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The table, ready for queries."""

    others: Mapping[Stems, tuple[Stems, ...]]
    """Stems of the words of a query -> stems of each alternative."""
    longest: int
    """Words in the longest phrase that has synonyms."""

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> Synonyms:
        """The ``words`` of a row, parted by bars, stand for each other; its ``also`` words are found by them and do not find them."""
        table: dict[Stems, dict[Stems, None]] = {}
        for row in rows:
            group, also = _stems(row["words"]), _stems(row.get("also") or "")
            for key in group:
                others = dict.fromkeys(other for other in (*group, *also) if other != key)
                table.setdefault(key, {}).update(others)
        made = {key: tuple(others)[:MOST_OTHERS] for key, others in table.items()}
        return cls(made, max(map(len, made), default=0))


def _stems(cell: str) -> list[Stems]:
    found = (tuple(analysis.stems(phrase)) for phrase in cell.split("|"))
    return [stems for stems in found if stems]


def synonyms(own: Path | None = None) -> Synonyms:
    """The synonyms that ship (``index_templates/synonyms.csv``), with those of a file of the same form; read anew when it changes.

    Raises:
        QueryError: the file cannot be read, or is no such table.
    """
    if own is None:
        return _shipped()
    try:
        state = own.stat()
        return _with(own, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise QueryError(f"the synonyms in {own} cannot be read: {error.strerror}") from error


@cache
def _shipped() -> Synonyms:
    return Synonyms.of(_shipped_rows())


def _shipped_rows() -> Iterator[dict[str, str]]:
    return csv.DictReader(templates.read_lines("synonyms.csv"))


@lru_cache(maxsize=4)
def _with(own: Path, _changed: int, _size: int) -> Synonyms:
    return Synonyms.of([*_shipped_rows(), *_checked(own)])


def _checked(own: Path) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(own.read_text(encoding="utf-8-sig").splitlines())
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise QueryError(f"the synonyms in {own} cannot be read: {error}") from error
    columns = set(reader.fieldnames or ())
    if "words" not in columns or columns - COLUMNS:
        raise QueryError(f"{own} is no table of synonyms: its first line must be words,also or words,also,note")
    if len(rows) > MOST_ROWS:
        raise QueryError(f"{own} has {len(rows)} rows of synonyms: at most {MOST_ROWS}")
    for number, row in enumerate(rows, 2):
        if None in row or len(_stems(row["words"] or "")) + len(_stems(row.get("also") or "")) < 2:  # a pair
            raise QueryError(f"{own}, line {number}: a row needs words that stand for each other, parted by |")
        if not _stems(row["words"] or ""):
            raise QueryError(f"{own}, line {number}: there is nothing under words")
    return rows
