"""Typed, validated reading of the tables in ``nlp/data/``; and the one way in which names are folded for look-up.

A table is UTF-8 CSV with a header row; a cell that holds several values separates them with ``|``. Its origin stands in
``nlp/data/ORIGINS.md``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import filterfalse

_NOT_WORD = re.compile(r"[^\w]+")
_NAME = 40
"""Characters of a text that may be a name."""


class LexiconError(ValueError):
    """A table that is missing, or a row of it that does not fit. The message names file, line and column."""


def read_table(name: str, columns: frozenset[str]) -> Iterator[dict[str, str]]:
    """Rows of ``nlp/data/<name>``, cells stripped of surrounding white space.

    Raises:
        LexiconError: the file is missing, or its columns are not exactly ``columns``, or a row is short or long.
    """
    path = files("nlp") / "data" / name
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise LexiconError(f"nlp/data/{name} is missing: the installation is incomplete, reinstall vigia") from None
    reader = csv.DictReader(lines)
    if set(reader.fieldnames or ()) != columns:
        raise LexiconError(f"nlp/data/{name}: columns are {sorted(reader.fieldnames or ())}, not {sorted(columns)}")
    for row in reader:
        if None in row or None in row.values():
            raise LexiconError(f"nlp/data/{name}:{reader.line_num}: the row does not have {len(columns)} cells")
        yield {column: cell.strip() for column, cell in row.items()}


def split_cell(cell: str) -> tuple[str, ...]:
    """The values of a cell that separates them with ``|``."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def fold(text: str) -> str:
    """A look-up key: lower case, no accents (ñ becomes n), anything but letters and digits turned into one space."""
    return _fold_name(text) if len(text) <= _NAME else _fold(text)


def _fold(text: str) -> str:
    plain = text if text.isascii() else "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", text)))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()


_fold_name = lru_cache(maxsize=20_000)(_fold)
"""Names are folded time and again; the last ones are kept."""


class _Folding(dict[str, str]):
    """Characters to folded ones, filled as they are met."""

    def __missing__(self, character: str) -> str:
        base = unicodedata.normalize("NFKD", character)[0]
        lower = base.lower()
        self[character] = lower if len(lower) == 1 else base
        return self[character]


_FOLDING = _Folding()
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
"""Few characters of a text: only these are looked up one by one."""


def fold_keeping_length(text: str) -> str:
    """Lower case without accents, character for character: offsets into the result are offsets into ``text``."""
    return _BEYOND_ASCII.sub(_folded, text).lower()


def _folded(match: re.Match[str]) -> str:
    return _FOLDING[match[0]]
