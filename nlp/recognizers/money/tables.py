"""The tables of the money recognizer, read once and compiled to patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.patterns import PatternTable, numbered
from nlp.types import MoneyPeriod, MoneyRole

_UNIT_KINDS = frozenset({"symbol", "word", "slang", "cued_slang"})
_SIDES = frozenset({"before", "after", "any", "of", "by"})
_BOUNDS = frozenset({"min", "max", "around", "exact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of money as written: ``S/``, ``dólares``, ``lucas``."""

    currency: str
    """ISO 4217 code."""
    multiplier: float
    """Worth in the currency: a ``china`` is half a sol."""
    kind: str
    """symbol, word, slang, or cued_slang: a word of ordinary life that is money only where money is spoken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a phrase beside a sum makes of it: a lower or an upper bound, or an approximation."""

    bound: str
    inside: bool
    """The phrase belongs to the span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCue:
    """Words that tell what a sum was for."""

    role: MoneyRole
    weight: float
    side: str
    """Where the cue stands: before the sum, after it, or any; ``of`` and ``by`` right before and right after it only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Cues, and what each of them says."""

    patterns: PatternTable
    values: tuple[RoleCue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """Words that tell what a passage is about, as ``Cues``; values are topic, role of a sum there, weight."""

    patterns: PatternTable
    values: tuple[tuple[str, MoneyRole, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Words that tell on one side of a sum how often it is due."""

    rows: tuple[tuple[re.Pattern[str], MoneyPeriod], ...]
    """One by one, since they may overlap."""
    all: re.Pattern[str]
    """Any of them; of those that begin at one place the first. :func:`~nlp.patterns.number_of` tells its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All that the recognizer knows."""

    units: Mapping[str, Unit]
    symbol_before: re.Pattern[str]
    """A currency symbol that ends where a number begins."""
    unit_after: re.Pattern[str]
    """The unit that follows a number, from its end."""
    lone: PatternTable
    """``un sol``, ``una luca``, ``medio dólar``: the article as a number."""
    bounds: Mapping[str, Bound]
    bound_before: re.Pattern[str]
    bound_after: re.Pattern[str]
    periods_after: Periods
    periods_before: Periods
    verb_before: re.Pattern[str]
    """A verb that wants a sum, right before a bare number; group ``strong`` when it hardly wants anything else."""
    cues: Cues
    topics: Topics


@lru_cache(maxsize=1)
def read_tables() -> Tables:
    """Read and compile the tables, once for all that need them.

    Raises:
        LexiconError: a row does not fit.
    """
    units = _units()
    symbols = _alternatives(unit for unit, value in units.items() if value.kind == "symbol")
    words = _alternatives(unit for unit, value in units.items() if value.kind != "symbol" or unit.isalpha())
    bounds, before, after = _bounds()
    return Tables(
        units=units,
        symbol_before=re.compile(rf"(?<![a-z0-9])(?P<unit>{symbols})[ \u00a0]?$"),
        unit_after=re.compile(rf"[ \u00a0]?(?P<of>de )?(?:(?P<unit>(?:{words}))\b|(?P<sign>us\$|€|\$))"),
        lone=PatternTable([rf"(?P<one>una?|medi[oa])[ \u00a0](?P<unit>{words})\b"]),
        bounds=bounds,
        bound_before=re.compile(rf"\b(?P<phrase>{_alternatives(before)})(?: (?:los|las|el|unos|unas))? ?[“\"'‘«]?$"),
        bound_after=re.compile(rf" (?P<phrase>{_alternatives(after)})\b(?! tardar)"),
        periods_after=_periods("after", end=r"\b"),
        periods_before=_periods("before", end=r"(?!\w)"),
        verb_before=_verbs(),
        cues=_cues(),
        topics=_topics(),
    )


def _alternatives(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


def _one_of(table: str, column: str, value: str, known: frozenset[str]) -> str:
    if value not in known:
        raise LexiconError(f"nlp/data/{table}: {column} {value!r} is none of {', '.join(sorted(known))}")
    return value


def _units() -> dict[str, Unit]:
    units = {}
    for row in read_table("money_units.csv", frozenset({"unit", "currency", "multiplier", "kind"})):
        kind = _one_of("money_units.csv", "kind", row["kind"], _UNIT_KINDS)
        units[row["unit"]] = Unit(currency=row["currency"], multiplier=float(row["multiplier"]), kind=kind)
    return units


def _bounds() -> tuple[dict[str, Bound], list[str], list[str]]:
    bounds, sides = {}, {"before": list[str](), "after": list[str]()}
    for row in read_table("money_bounds.csv", frozenset({"phrase", "bound", "side", "inside"})):
        bound = _one_of("money_bounds.csv", "bound", row["bound"], _BOUNDS)
        side = _one_of("money_bounds.csv", "side", row["side"], _SIDES)
        bounds[row["phrase"]] = Bound(bound=bound, inside=row["inside"] == "yes")
        sides[side].append(row["phrase"])
    return bounds, sides["before"], sides["after"]


def _periods(side: str, *, end: str) -> Periods:
    rows = list(read_table("money_periods.csv", frozenset({"pattern", "period", "side"})))
    rows = [row for row in rows if _one_of("money_periods.csv", "side", row["side"], _SIDES) == side]
    return Periods(
        rows=tuple((re.compile(rf"\b(?:{row['pattern']}){end}"), MoneyPeriod(row["period"])) for row in rows),
        all=re.compile(rf"\b(?:{'|'.join(numbered(row['pattern'] for row in rows))}){end}"),
    )


def _verbs() -> re.Pattern[str]:
    grouped: dict[str, list[str]] = {"strong": [], "weak": []}
    for row in read_table("money_verbs.csv", frozenset({"pattern", "strength"})):
        grouped[row["strength"]].append(row["pattern"])
    return re.compile(
        rf"\b(?:(?P<strong>{'|'.join(grouped['strong'])})|(?P<weak>{'|'.join(grouped['weak'])}))"
        r"(?: (?:me|nos|les?|se|otros|solo|ya|ahora|hasta|unos|unas|(?:la )?(?:suma|cantidad|cifra|monto) de)){0,3}"
        r"[ \u00a0][“\"'‘«]?$"
    )


def _cues() -> Cues:
    values, parts = [], []
    rows = read_table("money_roles.csv", frozenset({"role", "pattern", "weight", "side"}))
    for row in sorted(rows, key=lambda row: -row["pattern"].count(" ")):  # "por información" before "información"
        side = _one_of("money_roles.csv", "side", row["side"], _SIDES)
        values.append(RoleCue(role=MoneyRole(row["role"]), weight=float(row["weight"]), side=side))
        parts.append(row["pattern"])
    return Cues(patterns=_expressions("money_roles.csv", parts), values=tuple(values))


def _topics() -> Topics:
    rows = list(read_table("money_topics.csv", frozenset({"topic", "role", "pattern", "weight"})))
    rows.sort(key=lambda row: -row["pattern"].count(" "))
    return Topics(
        patterns=_expressions("money_topics.csv", [row["pattern"] for row in rows]),
        values=tuple((row["topic"], MoneyRole(row["role"]), float(row["weight"])) for row in rows),
    )


def _expressions(table: str, parts: Sequence[str]) -> PatternTable:
    """The rows of a table, numbered from 0."""
    for part in parts:
        if re.compile(part).groups:
            raise LexiconError(f"nlp/data/{table}: {part!r} holds a group that captures; write (?:…)")
    try:
        return PatternTable(numbered(parts), after=r"(?!\w)")
    except ValueError as error:
        raise LexiconError(f"nlp/data/{table}: {error}") from None
