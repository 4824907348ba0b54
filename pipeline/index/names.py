"""Names that people type -> codes that the index holds, by the tables of ``nlp/data/``; and codes -> names for people.

A name that fits several places is an error that lists them with their codes; an unknown one is an error with what it is near to.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import TypeVar

from rapidfuzz import fuzz, process

from nlp.lexicon import fold, split_cell
from nlp.types import ArticleKind
from pipeline.index.base import QueryError
from pipeline.index.entries import gang_key

T = TypeVar("T")

NEAR = 75.0
"""How alike (0 to 100) a name must be to be offered."""
_LEVELS = {2: "region", 4: "province", 6: "district"}


class Names:
    """The tables, read at first use."""

    def place(self, text: str) -> str:
        """The code of a place given by code or by name (``Comas``, ``150110``, ``Miraflores, Lima``, ``provincia de Trujillo``).

        A name that a district shares with the province or region around it means the larger one.

        Raises:
            QueryError: unknown, or the name of several places.
        """
        text = text.strip()
        if text.isdigit() or (len(text) == 2 and text.isupper()):
            return self._place_by_code(text)
        name, _, within = (part.strip() for part in text.partition(","))
        level, name = _level_said(name)
        codes = [code for code in self._codes_by_name.get(fold(name), ()) if level in (None, len(code))]
        if within:
            above = self.place(within)
            codes = [code for code in codes if code.startswith(above) and code != above] or [
                code for code in codes if code.startswith(above)
            ]
        largest = [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]
        if len(largest) == 1:
            return largest[0]
        raise self._no_place(text, largest)

    def place_label(self, code: str) -> str:
        """A place's name with what it lies in: ``Comas, Lima``; the code itself when it is unknown."""
        if code == "PE":
            return "Perú"
        name = self._places.get(code)
        if name is None:
            return code
        around = self._places.get(code[:4]) if len(code) == 6 else self._places.get(code[:2])
        return name if len(code) == 2 or around in (None, name) else f"{name}, {around}"

    def gang(self, name: str) -> tuple[str, ...]:
        """Keys of a gang: its registry id if a name or alias of the registry is given, and its own name."""
        key = gang_key(name)
        known = tuple(f"id:{gang_id}" for gang_id in self._gangs.get(key, ()))
        return (*known, key)

    def prison(self, name: str) -> tuple[str, ...]:
        """Keys of a prison: its registry id if a name or alias of the registry is given, and its own name."""
        key = fold(name)
        known = tuple(f"id:{prison_id}" for prison_id in self._prisons.get(key, ()))
        return (*known, key)

    def crime(self, name: str) -> str:
        """Id of a type of crime, given by id or by its Spanish label.

        Raises:
            QueryError: there is none like it.
        """
        return _pick("crime", name, self._crimes)

    def business(self, name: str) -> tuple[str, str]:
        """Field and value of a type of business or of a category of them.

        Raises:
            QueryError: there is none like it.
        """
        return _pick("business", name, self._businesses)

    def method(self, name: str) -> str:
        """Id of a method, given by id or by a word for it.

        Raises:
            QueryError: there is none like it.
        """
        return _pick("method", name, self._methods)

    def article_kind(self, name: str) -> str:
        """A kind of article.

        Raises:
            QueryError: there is none like it.
        """
        return _pick("kind", name, {kind.value: kind.value for kind in ArticleKind})

    def near_gangs(self, name: str, known: Iterable[str]) -> list[str]:
        """Names out of ``known`` that resemble a gang's name."""
        found = process.extract(
            gang_key(name), list(known), processor=gang_key, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3
        )
        return [near for near, _, _ in found]

    def _place_by_code(self, code: str) -> str:
        if code in self._places or not code.isdigit():
            return code
        raise QueryError(f"there is no place with the code {code}: INEI codes have 2, 4 or 6 digits (15, 1501, 150110)")

    def _no_place(self, text: str, codes: list[str]) -> QueryError:
        if codes:
            candidates = "; ".join(
                f"{self.place_label(code)} ({code}, {_LEVELS[len(code)]})" for code in sorted(codes)[:12]
            )
            return QueryError(f"there are several places called {text!r}: give the code of one of {candidates}")
        found = process.extract(fold(text), list(self._codes_by_name), scorer=fuzz.ratio, score_cutoff=NEAR, limit=3)
        near = [self.place_label(self._codes_by_name[name][0]) for name, _, _ in found]
        return QueryError(
            f"there is no place called {text!r}" + (f": did you mean {' or '.join(near)}?" if near else "")
        )

    @cached_property
    def _places(self) -> dict[str, str]:
        return {row["code"]: row["name"] for row in _rows("places.csv")}

    @cached_property
    def _codes_by_name(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, name in self._places.items():
            found[fold(name)].append(code)
        for row in _rows("place_aliases.csv"):
            found[fold(row["alias"])].append(row["code"])
        for name in ("Perú", "todo el Perú"):
            found[fold(name)].append("PE")
        return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}

    @cached_property
    def _gangs(self) -> dict[str, tuple[str, ...]]:
        return _by_name(_rows("gangs.csv"), gang_key)

    @cached_property
    def _prisons(self) -> dict[str, tuple[str, ...]]:
        return _by_name(_rows("prisons.csv"), fold)

    @cached_property
    def _crimes(self) -> dict[str, str]:
        rows = list(_rows("crime_types.csv"))
        return {**{fold(row["label"]): row["id"] for row in rows}, **{fold(row["id"]): row["id"] for row in rows}}

    @cached_property
    def _businesses(self) -> dict[str, tuple[str, str]]:
        rows = list(_rows("business_types.csv"))
        categories = {fold(row["category"]): ("business_categories", row["category"]) for row in rows}
        return {**categories, **{fold(row["lemma"]): ("businesses", row["lemma"]) for row in rows}}

    @cached_property
    def _methods(self) -> dict[str, str]:
        return {fold(row["id"]): row["id"] for row in _rows("methods.csv")}


@cache
def default_names() -> Names:
    """The names of the shipped tables."""
    return Names()


def _rows(table: str) -> Iterator[dict[str, str]]:
    lines = (files("nlp") / "data" / table).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(lines)


def _by_name(rows: Iterable[Mapping[str, str]], key: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for name in (row["id"], row["name"], *split_cell(row["aliases"])):
            found[key(name)][row["id"]] = None
    return {name: tuple(ids) for name, ids in found.items()}


_LEVEL_WORDS = {
    "region": 2,
    "departamento": 2,
    "provincia": 4,
    "distrito": 6,
}


def _level_said(name: str) -> tuple[int | None, str]:
    """``provincia de Trujillo`` -> (4, ``Trujillo``)."""
    first, _, rest = name.partition(" ")
    level = _LEVEL_WORDS.get(fold(first))
    if level is None or not rest:
        return None, name
    return level, rest.removeprefix("de ").strip()


def _pick(what: str, name: str, table: Mapping[str, T]) -> T:
    key = fold(name.replace("_", " "))
    folded = {fold(known.replace("_", " ")): value for known, value in table.items()}
    if key in folded:
        return folded[key]
    near = [found for found, _, _ in process.extract(key, list(folded), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3)]
    hint = f": did you mean {' or '.join(str(found) for found in near)}?" if near else ""
    raise QueryError(f"there is no {what} {name!r}{hint}")
