"""SQLite's full-text index with the same entries, words and queries: what a plain database would do. Only for comparison.

Words come stemmed, as in the other indexes, and a query goes through the same plan, so that all three find the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.index import FACETS, Kind, Query, analysis
from pipeline.index.entries import values
from pipeline.index.flatten import entry_of, kind_of, parts_of
from pipeline.index.names import default_names
from pipeline.index.plan import All, Best, Clause, Never, OneOf, Phrase, Plan, Prefix, Range, Term, make
from pipeline.index.plan import Any as AnyOf
from pipeline.index.query import Sort
from pipeline.records import Document

_SCHEMA = """
CREATE VIRTUAL TABLE {0} USING fts5(title, text, exact, content='', tokenize='unicode61 remove_diacritics 0');
CREATE TABLE {0}_entries (row INTEGER PRIMARY KEY, recency INTEGER, starts INTEGER, ends INTEGER, record BLOB);
CREATE INDEX {0}_recency ON {0}_entries (recency);
CREATE TABLE {0}_facts (field TEXT, value, row INTEGER, PRIMARY KEY (field, value, row)) WITHOUT ROWID;
CREATE INDEX {0}_of_row ON {0}_facts (row, field, value);
"""
_COLUMNS = {"title": "title", "text": "text", "text.exact": "exact"}
_FIELDS = (
    "outlet", "crimes", "place_codes", "districts", "regions", "gangs", "gang_keys", "businesses", "business_categories",
    "methods", "month", "amounts",
)  # fmt: skip


class Fts5Index:
    """Articles, events and claims in one file."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA journal_mode = wal")
        self._rows = count(1)
        for kind in Kind:
            self._connection.executescript(_SCHEMA.format(kind))

    def load(self, documents: Iterable[Document]) -> None:
        """Put articles with their events and claims, in one transaction."""
        with self._connection:
            for document in documents:
                for record in (document, *parts_of(document)):
                    self._put(kind_of(record), values(entry_of(record)))

    def search(self, query: Query) -> tuple[int, list[bytes], dict[str, list[tuple[str, int]]]]:
        """Number found, records of the first page, and facets."""
        plan = make(query, default_names())
        self._connection.execute("DROP TABLE IF EXISTS temp.found")
        self._connection.execute(*_found(query.kind, plan))
        total = self._connection.execute("SELECT count(*) FROM found").fetchone()[0]
        order = "score, recency DESC" if query.order is Sort.RELEVANCE and plan.match else "recency DESC"
        page = self._connection.execute(
            f"SELECT record FROM found JOIN {query.kind}_entries USING (row) ORDER BY {order} LIMIT ? OFFSET ?",
            (query.size, query.offset),
        )
        hits = [record for (record,) in page]
        return total, hits, {name: self._facet(query, name) for name in query.facets}

    def _facet(self, query: Query, name: str) -> list[tuple[str, int]]:
        return self._connection.execute(
            f"SELECT value, count(*) FROM found JOIN {query.kind}_facts USING (row) WHERE field = ? "
            "GROUP BY value ORDER BY 2 DESC, 1 LIMIT ?",
            (FACETS[name], query.facet_size),
        ).fetchall()

    def _put(self, kind: Kind, entry: dict[str, Any]) -> None:
        row = next(self._rows)
        texts = (" ".join(words) for words in (analysis.stems(entry["title"]), analysis.stems(entry["text"])))
        self._connection.execute(
            f"INSERT INTO {kind} (rowid, title, text, exact) VALUES (?, ?, ?, ?)",
            (row, *texts, " ".join(analysis.exact_words(entry["text"]))),
        )
        kept = (row, *(entry.get(name) for name in ("recency", "starts", "ends", "record")))
        self._connection.execute(f"INSERT INTO {kind}_entries VALUES (?, ?, ?, ?, ?)", kept)
        self._connection.executemany(f"INSERT OR IGNORE INTO {kind}_facts VALUES (?, ?, ?)", _facts(row, entry))


def _facts(row: int, entry: dict[str, Any]) -> Iterator[tuple[str, Any, int]]:
    for field in _FIELDS:
        value = entry.get(field, ())
        for one in value if isinstance(value, tuple) else (value,):
            yield field, one, row


def _found(kind: Kind, plan: Plan) -> tuple[str, list[Any]]:
    if plan.match is None:
        matching, given = f"SELECT row, 0.0 AS score FROM {kind}_entries", []
    else:
        score = f"bm25({kind}, 1.0, 1.0, 0.0)"
        matching = f"SELECT rowid AS row, {score} AS score FROM {kind} WHERE {kind} MATCH ?"
        given = [_expression(plan.match)]
    wanted = ["1"]
    for clause in plan.filters:
        condition, bound = _condition(kind, clause)
        wanted.append(condition)
        given += bound
    return (
        f"CREATE TEMP TABLE found AS WITH matching AS MATERIALIZED ({matching}) "
        f"SELECT row, score FROM matching WHERE {' AND '.join(wanted)}",
        given,
    )


def _condition(kind: Kind, clause: Clause) -> tuple[str, list[Any]]:
    having = f"row IN (SELECT row FROM {kind}_facts WHERE field = ? AND"
    match clause:
        case Term(field, value):
            return f"{having} value = ?)", [field, value]
        case OneOf(field, values):
            return f"{having} value IN ({', '.join('?' * len(values))}))", [field, *values]
        case AnyOf(parts):
            made = [_condition(kind, part) for part in parts]
            return f"({' OR '.join(sql for sql, _ in made)})", [one for _, bound in made for one in bound]
        case Range(field, low, high):
            low, high = (-1e300 if low is None else low), (1e300 if high is None else high)
            if field == "amounts":
                return f"{having} value BETWEEN ? AND ?)", [field, low, high]
            return f"row IN (SELECT row FROM {kind}_entries WHERE {field} BETWEEN ? AND ?)", [low, high]
        case _:
            raise NotImplementedError(clause)


def _expression(clause: Clause) -> str:
    """FTS5's language."""
    match clause:
        case All(parts):
            kept = " AND ".join(_expression(part) for part in parts if not isinstance(part, Never))
            gone = "".join(f" NOT {_expression(part.part)}" for part in parts if isinstance(part, Never))
            return f"(({kept}){gone})"
        case AnyOf(parts):
            return f"({' OR '.join(map(_expression, parts))})"
        case Best(parts):
            return f"({' OR '.join(_expression(part) for part, _ in parts)})"
        case Term(field, value):
            return f'{_COLUMNS[field]} : "{value}"'
        case Phrase(field, words):
            return f'{_COLUMNS[field]} : "{" ".join(words)}"'
        case Prefix(field, prefix):
            return f'{_COLUMNS[field]} : "{prefix}" *'
        case _:
            raise NotImplementedError(clause)
