"""From what a backend stores to what a search gives back; and the tally of a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.index.base import Facet, FacetValue, Hit, Kind, PutReport
from pipeline.index.evidence import told
from pipeline.index.flatten import RECORDS, text_of_record
from pipeline.index.highlight import highlight
from pipeline.index.names import Names
from pipeline.index.plan import Marks
from pipeline.index.query import FACETS, Query, Sort
from pipeline.records import from_dict
from scrapers.items import text_of

NO_MARKS = Marks()
OF_PLACES = frozenset({"place", "region", "province", "district"})
"""Facets whose values are codes of places."""
TIMES = frozenset({"day", "week", "month", "year"})
DAY_MS = 24 * 3600 * 1000
LIMA_MS = 5 * 3600 * 1000
"""How much later than in UTC a day begins in Lima. (In some summers until 1994 it was an hour less.)"""


@dataclass(frozen=True, slots=True)
class FacetAsked:
    """A facet that a query asks for."""

    name: str
    field: str
    size: int
    label: Callable[[str], str]
    """Value -> what people call it."""

    @property
    def of_time(self) -> bool:
        """Whether its values are times, which are shown in their order."""
        return self.name in TIMES

    @property
    def by_days(self) -> bool:
        """Whether the backend counts days, by their first millisecond: weeks are made of them."""
        return self.name in {"day", "week"}

    def value(self, key: str | float) -> str:
        """The value that a key of the backend's stands for: the day 2025-01-03 lies in the week of Monday 2024-12-30."""
        if self.by_days:
            day = (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=float(key) - LIMA_MS)).date()
            return str(day - timedelta(days=day.weekday()) if self.name == "week" else day)
        return str(key)[:4] if self.name == "year" else str(key)


def hit_of(kind: Kind, entry_id: str, source: dict[str, Any], score: float | None, marks: Marks = NO_MARKS) -> Hit:
    """A hit, with the passages that hold the words looked for."""
    words = told(kind, source, marks.facts) if marks.facts else ()
    spans = [(one.start, one.end) for one in words] if kind is Kind.ARTICLES else []
    passages = highlight(entry_text(kind, source), marks, spans) if marks != NO_MARKS else ()
    rounded = None if score is None else float(f"{score:.6g}")  # both backends count in single precision
    return Hit(id=entry_id, kind=kind, score=rounded, source=source, highlights=passages, told=words)


def next_page(query: Query, recencies: Sequence[int | None]) -> str | None:
    """``after`` of the page whose hits have these recencies, if another may follow it."""
    if query.size == 0 or len(recencies) < query.size or query.order is Sort.RELEVANCE or recencies[-1] is None:
        return None
    return str(recencies[-1])


def entry_text(kind: Kind, source: dict[str, Any]) -> str:
    """The text of an entry, made again from its record as stored."""
    if kind is Kind.ARTICLES:  # spared the decoding of all its mentions
        return text_of(source["article"]["title"], source["article"]["body"])
    return text_of_record(from_dict(RECORDS[kind], source))


def facets_asked(query: Query, names: Names) -> Iterator[FacetAsked]:
    """The facets that a query asks for."""
    for name in dict.fromkeys(query.facets):
        yield FacetAsked(name, FACETS[name], query.facet_size, label_of(name, names))


def label_of(facet_name: str, names: Names) -> Callable[[str], str]:
    """What turns the values of a facet into what people call them."""
    return names.place_label if facet_name in OF_PLACES else str


def facet(counts: list[tuple[str, int]], missing: int, asked: FacetAsked) -> Facet:
    """A facet from the counts of all values: the commonest first; times in their order, the last ones."""
    if asked.of_time:
        summed: Counter[str] = Counter()
        for value, count in counts:
            summed[value] += count
        ordered = sorted(summed.items(), reverse=True)
    else:
        ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    shown = ordered[: asked.size]
    values = [FacetValue(value=value, count=count, label=asked.label(value)) for value, count in shown]
    return Facet(
        values=tuple(reversed(values) if asked.of_time else values),
        other=sum(count for _, count in ordered[asked.size :]),
        missing=missing,
    )


class Tally:
    """What became of the records of a load."""

    def __init__(self) -> None:
        self._indexed: list[str] = []
        self._refused: list[tuple[str, str]] = []
        self._overtaken: list[str] = []

    def indexed(self, entry_id: str) -> None:
        """This one is in."""
        self._indexed.append(entry_id)

    def refused(self, entry_id: str, reason: str) -> None:
        """This one is not."""
        self._refused.append((entry_id, reason))

    def overtaken(self, entry_id: str) -> None:
        """Of this one a newer revision is in."""
        self._overtaken.append(entry_id)

    def report(self) -> PutReport:
        """The sum."""
        return PutReport(indexed=tuple(self._indexed), refused=tuple(self._refused), overtaken=tuple(self._overtaken))
