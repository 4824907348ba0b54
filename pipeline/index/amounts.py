"""How large the sums are that were demanded and paid, by kind of business or any other facet: percentiles.

They are reckoned here from the records that a search finds, one after the other. So they are exact, and the same whichever index
answers: Elasticsearch's own percentiles are estimates.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ConfigDict, with_config
from rapidfuzz import process

from nlp.types import Money, MoneyRole, Polarity
from pipeline.index.base import Kind, QueryError, SearchIndex
from pipeline.index.flatten import RECORDS, entry_of
from pipeline.index.names import Names
from pipeline.index.query import FACETS, Query
from pipeline.index.results import label_of
from pipeline.records import EventRecord, Incident, from_dict

ROLES = frozenset({MoneyRole.DEMANDED, MoneyRole.PAID})
GROUPS = tuple(name for name in FACETS if name not in {"day", "week", "year", "kind", "modality", "unit"})
"""Facets that sums can be grouped by."""
_TWENTIETHS = {"p25": 4, "p50": 9, "p75": 14, "p90": 17}
"""Name -> its place among the nineteen bounds that part the sums into twentieths."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The sums, in soles, of one group: of one value of a facet, and due once a day, a week … alike."""

    value: str
    label: str
    period: str | None
    """``day``, ``week`` …; ``None``: the report does not say. Sums of different periods do not compare."""
    sums: int
    """How many there are. Of few, percentiles say little."""
    p25: float
    p50: float
    p75: float
    p90: float


def find_amounts(index: SearchIndex, query: Query, group: str, names: Names) -> tuple[Amounts, ...]:
    """Percentiles of the sums demanded or paid in the events or incidents that a query finds, the largest groups first.

    A sum told as a range counts by its middle; one with a single bound ("over S/ 5,000") is no amount and is left out, and so
    are events that are denied. What has several values, as two kinds of business, counts under each.

    Raises:
        QueryError: the query is not for events or incidents, or there is no such group.
        IndexUnavailable: as for a search.
    """
    _check(query, group)
    found: dict[tuple[str, str | None], list[float]] = defaultdict(list)
    for hit in index.scan(replace(query, highlight=False, facets=(), offset=0)):
        record = from_dict(RECORDS[query.kind], hit.source)
        values = _values(record, group)
        for money in _sums(record):
            for value in values:
                found[value, money.period and str(money.period)].append((money.min_pen + money.max_pen) / 2)  # type: ignore[operator]
    label = label_of(group, names)
    made = [_amounts(value, label(value), period, sums) for (value, period), sums in found.items()]
    return tuple(sorted(made, key=lambda one: (-one.sums, one.value, one.period or "")))


def _check(query: Query, group: str) -> None:
    if query.kind not in {Kind.EVENTS, Kind.INCIDENTS}:
        raise QueryError("percentiles are of the sums of events or incidents: ask for one of these kinds (--in events)")
    if group not in GROUPS:
        near = process.extractOne(group, GROUPS, score_cutoff=60)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(GROUPS)}"
        raise QueryError(f"sums cannot be grouped by {group!r}: {hint}")


def _values(record: Any, group: str) -> tuple[str, ...]:
    value = getattr(entry_of(record), FACETS[group])
    return value if isinstance(value, tuple) else (value,) if value is not None else ()


def _sums(record: Any) -> Iterator[Money]:
    for money in _money(record):
        if isinstance(money, Money) and money.role in ROLES and None not in (money.min_pen, money.max_pen):
            yield money


def _money(record: EventRecord | Incident) -> Sequence[object]:
    if isinstance(record, Incident):
        return [attested.value for attested in record.money]
    return () if record.event.polarity is Polarity.NEGATIVE else record.event.money


def _amounts(value: str, label: str, period: str | None, sums: list[float]) -> Amounts:
    bounds = statistics.quantiles(sums if len(sums) > 1 else sums * 2, n=20, method="inclusive")
    percentiles = {name: round(bounds[at], 2) for name, at in _TWENTIETHS.items()}
    return Amounts(value=value, label=label, period=period, sums=len(sums), **percentiles)
