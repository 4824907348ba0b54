"""From what a backend stores to what a search gives back; and the tally of a load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.index.base import Facet, FacetValue, Hit, Kind, PutReport
from pipeline.index.flatten import RECORDS, text_of_record
from pipeline.index.highlight import highlight
from pipeline.index.names import Names
from pipeline.index.plan import Marks
from pipeline.index.query import FACETS, Query
from pipeline.records import from_dict
from scrapers.items import text_of

NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class FacetAsked:
    """A facet that a query asks for."""

    name: str
    field: str
    size: int
    label: Callable[[str], str]
    """Value -> what people call it."""


def hit_of(kind: Kind, entry_id: str, source: dict[str, Any], score: float | None, marks: Marks = NO_MARKS) -> Hit:
    """A hit, with the passages that hold the words looked for."""
    passages = highlight(entry_text(kind, source), marks) if marks != NO_MARKS else ()
    rounded = None if score is None else float(f"{score:.6g}")  # both backends count in single precision
    return Hit(id=entry_id, kind=kind, score=rounded, source=source, highlights=passages)


def entry_text(kind: Kind, source: dict[str, Any]) -> str:
    """The text of an entry, made again from its record as stored."""
    if kind is Kind.ARTICLES:  # spared the decoding of all its mentions
        return text_of(source["article"]["title"], source["article"]["body"])
    return text_of_record(from_dict(RECORDS[kind], source))


def facets_asked(query: Query, names: Names) -> Iterator[FacetAsked]:
    """The facets that a query asks for."""
    for name in dict.fromkeys(query.facets):
        label = names.place_label if name in {"place", "region", "province", "district"} else str
        yield FacetAsked(name, FACETS[name], query.facet_size, label)


def facet(counts: list[tuple[str, int]], missing: int, asked: FacetAsked) -> Facet:
    """A facet from the counts of all values."""
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    shown = ordered[: asked.size]
    return Facet(
        values=tuple(FacetValue(value=value, count=count, label=asked.label(value)) for value, count in shown),
        other=sum(count for _, count in ordered[asked.size :]),
        missing=missing,
    )


class Tally:
    """What became of the records of a load."""

    def __init__(self) -> None:
        self._indexed: list[str] = []
        self._refused: list[tuple[str, str]] = []

    def indexed(self, entry_id: str) -> None:
        """This one is in."""
        self._indexed.append(entry_id)

    def refused(self, entry_id: str, reason: str) -> None:
        """This one is not."""
        self._refused.append((entry_id, reason))

    def report(self) -> PutReport:
        """The sum."""
        return PutReport(indexed=tuple(self._indexed), refused=tuple(self._refused))
