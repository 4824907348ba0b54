"""Why a value was read: the component and rule that decided, the table row that it stands for, and the score."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from nlp.transformer.schema import BY
from nlp.types import (
    Business,
    Claim,
    Crime,
    Event,
    Evidence,
    Extraction,
    Gang,
    Label,
    Mention,
    Method,
    Place,
    Prison,
    Value,
)

_FIELDS_OF_EVENTS = (
    "trigger",
    "date",
    "place",
    "gangs",
    "businesses",
    "money",
    "methods",
    "counts",
    "prison",
    "official_involvement",
)
FIELDS = (
    "relevance",
    *(label.value.lower() for label in Label),
    "event",
    *(f"event.{name}" for name in _FIELDS_OF_EVENTS),
    "claim",
)
"""What can be explained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One value and what decided it."""

    field: str
    value: str
    text: str
    """The words that it was read from; empty for the article as a whole."""
    start: int | None
    end: int | None
    component: str
    rule: str
    table: str | None
    """The row of ``nlp/data`` that the value stands for, as ``gangs.csv:12``."""
    model: str | None
    """Name and version, where a model and not a rule decided."""
    score: float
    """Confidence, 0 to 1; for a cue of relevance its weight."""


def explain(extraction: Extraction, field: str) -> tuple[Decision, ...]:
    """The decisions behind a field of an extraction, in text order.

    Raises:
        ValueError: the field is none of :data:`FIELDS`.
    """
    if field == "relevance":
        return tuple(_relevance(extraction))
    if field == "claim":
        return tuple(decision for claim in extraction.claims for decision in _claim(claim, extraction))
    name, _, part = field.partition(".")
    if name == "event" and part in ("", *_FIELDS_OF_EVENTS):
        return tuple(_events(extraction, part))
    if field.upper() in tuple(Label):
        return tuple(_mention(m, extraction) for m in extraction.mentions if m.label == field.upper())
    raise ValueError(f"{field!r} is no field that can be explained; these are: {', '.join(FIELDS)}")


def _relevance(extraction: Extraction) -> Iterator[Decision]:
    triage = extraction.triage
    verdict = f"{'relevant' if triage.relevant else 'not relevant'}, {triage.kind}"
    yield _decision("relevance", verdict, "", None, "triage/cues", triage.score, extraction)
    for reason in triage.reasons:
        group, _, cue = reason.partition(": ")
        words, _, weight = cue.rpartition(" ")
        yield _decision("relevance", f"{group} cue", words or cue, None, f"triage/{group}", _number(weight), extraction)


def _number(told: str) -> float:
    try:
        return float(told)
    except ValueError:
        return 0.0


def _mention(mention: Mention, extraction: Extraction) -> Decision:
    return _decision(
        mention.label.lower(),
        shown(mention.value),
        mention.text,
        (mention.start, mention.end),
        mention.source,
        mention.score,
        extraction,
        mention.value,
    )


def _events(extraction: Extraction, part: str) -> Iterator[Decision]:
    for number, event in enumerate(extraction.events, start=1):
        for row in event.evidence:
            if not part or row.field == part:
                yield _evidence(f"event {number}.{row.field}", _told(event, row), row, extraction)


def _told(event: Event, row: Evidence) -> str:
    """The value of an event's field that a row of evidence stands for."""
    if row.field == "trigger":
        return f"{event.crime_type}, {event.modality}{'' if event.polarity == 'positive' else ', denied'}"
    value = getattr(event, row.field, None)
    if isinstance(value, tuple):
        value = value[row.index] if row.index < len(value) else None
    return shown(value) if value is not None else row.text


def _claim(claim: Claim, extraction: Extraction) -> Iterator[Decision]:
    low, high = claim.quantity_min, claim.quantity_max
    bounds = f"{low:,g}" if low == high and low is not None else f"{_bound(low)} to {_bound(high)}"
    about = [f"{bounds} {claim.unit}", claim.scope, claim.period, claim.denominator and f"of {claim.denominator}"]
    told = ", ".join([*(part for part in about if part), f"says {claim.speaker or 'nobody named'}"])
    for row in claim.evidence:
        decision = _evidence(f"claim.{row.field}", told, row, extraction)
        yield replace(decision, table=_row("claim_units.csv", "unit", claim.unit))


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:,g}"


def _evidence(field: str, value: str, row: Evidence, extraction: Extraction) -> Decision:
    origin = next(
        (m.value for m in extraction.mentions if (m.start, m.end, m.source) == (row.start, row.end, row.source)), None
    )
    return _decision(field, value, row.text, (row.start, row.end), row.source, row.score, extraction, origin)


def _decision(
    field: str,
    value: str,
    text: str,
    span: tuple[int, int] | None,
    source: str,
    score: float,
    extraction: Extraction,
    origin: Value | None = None,
) -> Decision:
    component, _, rule = source.partition("/")
    judge = rule.rpartition(BY)[2]
    known = (m for m in extraction.models if judge and m.name == judge)
    model = next((f"{m.name} {m.version}" for m in known), None)
    return Decision(
        field=field,
        value=value,
        text=text,
        start=span[0] if span else None,
        end=span[1] if span else None,
        component=component,
        rule=rule,
        table=_row_of(origin),
        model=model,
        score=score,
    )


def shown(value: object) -> str:
    """A value in short: its own fields that are set, without the conversions of sums."""
    fields = getattr(type(value), "__dataclass_fields__", {})
    hidden = ("kind", "lat", "lon", "candidates", "min_pen", "max_pen", "min_usd", "max_usd")
    told = ((name, getattr(value, name)) for name in fields if name not in hidden)
    return ", ".join(f"{name} {_plain(one)}" for name, one in told if one not in (None, (), ""))


def _plain(value: object) -> str:
    return f"{value:,g}" if isinstance(value, float) else str(value)


_TABLES: tuple[tuple[type, str, str, str], ...] = (
    (Gang, "id", "gangs.csv", "id"),
    (Prison, "id", "prisons.csv", "id"),
    (Place, "ubigeo", "places.csv", "code"),
    (Business, "type", "business_types.csv", "lemma"),
    (Crime, "type", "crime_types.csv", "id"),
    (Method, "type", "methods.csv", "id"),
)
"""Kind of value, its field that names a row, and the table and column of that row."""


def _row_of(value: Value | None) -> str | None:
    found = (
        (getattr(value, field), table, column) for kind, field, table, column in _TABLES if isinstance(value, kind)
    )
    key, table, column = next(found, (None, "", ""))
    return _row(table, column, key) if key else None


def _row(table: str, column: str, key: str) -> str | None:
    line = _lines(table, column).get(key)
    return f"{table}:{line}" if line else None


@lru_cache(maxsize=8)
def _lines(table: str, column: str) -> dict[str, int]:
    lines = (files("nlp") / "data" / table).read_text(encoding="utf-8").splitlines()
    reader = csv.DictReader(lines)
    found: dict[str, int] = {}
    for row in reader:
        found.setdefault(row[column].strip(), reader.line_num)
    return found
