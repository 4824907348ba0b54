"""The words of articles that a search found an incident by: evidence of the fields asked for, and of the words asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from nlp.gazetteer import Gazetteer
from pipeline.alerts.records import Span, spans_json
from pipeline.export.records import ExportedEvent, ExportedIncident, exported
from pipeline.index import analysis
from pipeline.index.evidence import TRIGGER, facts_told, tells
from pipeline.index.plan import EXACT, TEXT, All, AtLeast, Best, Clause, Never, Phrase, Plan, Prefix, Term
from pipeline.index.plan import Any as AnyOf
from pipeline.records import Incident

MOST: Final = 50
"""Spans of one alert."""


def looked_for(plan: Plan) -> tuple[Clause, ...]:
    """The words and values that a search looks for; what it leaves out is not among them."""
    parts = plan.filters if plan.match is None else (*plan.filters, plan.match)
    return tuple(dict.fromkeys(leaf for part in parts for leaf in _leaves(part)))


def _leaves(clause: Clause) -> Iterator[Clause]:
    match clause:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _leaves(part)
        case Best(weighted):
            for part, _ in weighted:
                yield from _leaves(part)
        case Never():
            return
        case _:
            yield clause


@dataclass(frozen=True)
class _Row:
    """Words of an article, and what they tell, as an index has it."""

    span: Span
    text: str
    """As printed; that of the span may be covered."""
    facts: dict[str, Any]

    @cached_property
    def stems(self) -> list[str]:
        return analysis.stems(self.text)

    @cached_property
    def exact(self) -> list[str]:
        return analysis.exact_words(self.text)

    def tells(self, clause: Clause) -> bool:
        """Whether they are, or tell, what is looked for."""
        match clause:
            case Term(field=field, value=value) if field == TEXT:
                return value in self.stems
            case Phrase(field, words):
                return _holds(self.exact if field == EXACT else self.stems, list(words))
            case Prefix(_, prefix):
                return any(word.startswith(prefix) for word in self.exact)
            case _:
                return tells(clause, self.facts)


def _holds(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


class Testimony:
    """An incident with the words that tell it. What has been looked for once is known."""

    def __init__(self, incident: Incident, gazetteer: Gazetteer) -> None:
        self.shown: ExportedIncident = exported(incident, gazetteer)  # type: ignore[assignment]
        """The incident without private things."""
        self._rows = _rows(incident, self.shown)
        self._triggers = frozenset(at for at, row in enumerate(self._rows) if row.span.field == TRIGGER)
        self._telling: dict[Clause, frozenset[int]] = {}
        self._known: dict[frozenset[int], str] = {}

    def spans(self, clauses: Sequence[Clause]) -> str:
        """Words that tell what is looked for, and those that tell the events themselves, in order of the reports; as JSON."""
        chosen = self._triggers.union(*map(self._rows_that_tell, clauses))
        if chosen not in self._known:
            self._known[chosen] = spans_json([self._rows[at].span for at in sorted(chosen)[:MOST]])
        return self._known[chosen]

    def _rows_that_tell(self, clause: Clause) -> frozenset[int]:
        known = self._telling.get(clause)
        if known is None:
            known = frozenset(at for at, row in enumerate(self._rows) if row.tells(clause))
            self._telling[clause] = known
        return known


def _rows(incident: Incident, shown: ExportedIncident) -> list[_Row]:
    found: dict[tuple[str, str, int, int], _Row] = {}
    for record, public in zip(incident.events, shown.events, strict=True):
        title = _row("title", (0, len(record.article.title)), record.article.title, public.article.title, public, {})
        rows = [title]
        for evidence, covered in zip(record.event.evidence, public.event.evidence, strict=True):
            place = evidence.start, evidence.end
            facts = facts_told(record.event, evidence, incident.crime_type)
            rows.append(_row(evidence.field, place, evidence.text, covered.text, public, facts))
        for row in rows:
            found.setdefault((row.span.article_id, row.span.field, row.span.start, row.span.end), row)
    return list(found.values())


def _row(
    field: str, place: tuple[int, int], text: str, covered: str, public: ExportedEvent, facts: dict[str, Any]
) -> _Row:
    article = public.article
    span = Span(
        field=field,
        start=place[0],
        end=place[1],
        text=covered,
        article_id=article.id,
        url=article.url,
        content_hash=article.content_hash,
    )
    return _Row(span=span, text=text, facts=facts)
