"""The words of articles that tell what a search asks for: of a place, a gang, a sum … the evidence, as a reading found it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from nlp.types import Event, Evidence
from pipeline.index.base import Record, Told
from pipeline.index.flatten import facts_of, takes_part
from pipeline.index.plan import Clause, OneOf, Range, Term
from pipeline.records import ClaimRecord, Document, EventRecord, Incident

MOST: Final = 50
"""Spans of one hit."""
TRIGGER: Final = "trigger"
"""Field of the words that tell the event itself, and so its crime."""
_Row = tuple[Told, Mapping[str, Any]]
"""Words, and what they tell, as an index has it."""


def told(record: Record, clauses: Sequence[Clause]) -> tuple[Told, ...]:
    """The words that tell any of what is looked for, in the order of the record; offsets are into the article's text."""
    found = dict.fromkeys(words for words, facts in _rows(record) if any(tells(clause, facts) for clause in clauses))
    return tuple(found)[:MOST]


def tells(clause: Clause, facts: Mapping[str, Any]) -> bool:
    """Whether facts are what a clause about a fact looks for."""
    match clause:
        case Term(field, value):
            return value in facts.get(field, ())
        case OneOf(field, values):
            return not set(values).isdisjoint(facts.get(field, ()))
        case Range(field, low, high):
            sums = facts.get(field, ())
            return any((low is None or low <= one) and (high is None or one <= high) for one in sums)
        case _:
            return False


def facts_told(event: Event, evidence: Evidence, crime: str) -> dict[str, Any]:
    """What the words of an event's evidence tell, as an index has it; of its trigger that is the crime."""
    if evidence.field == TRIGGER:
        return facts_of([crime], [])
    value = getattr(event, evidence.field, None)
    if isinstance(value, tuple):
        value = value[evidence.index] if evidence.index < len(value) else None
    return {} if value is None else facts_of([], [value])


def _rows(record: Record) -> Iterator[_Row]:
    match record:
        case Document():
            yield from _article_rows(record)
        case EventRecord():
            yield from _event_rows(record, record.event.crime_type)
        case Incident():
            for report in record.events:
                yield from _event_rows(report, record.crime_type)
        case ClaimRecord():
            claim = record.claim
            facts = facts_of([claim.subject] if claim.subject else [], [])
            yield _words("text", record.article.id, claim.start, claim.end, claim.text), facts


def _article_rows(document: Document) -> Iterator[_Row]:
    key = document.article.id
    for mention in document.extraction.mentions:
        if takes_part(mention.value):
            words = _words(mention.label.value.lower(), key, mention.start, mention.end, mention.text)
            yield words, facts_of([], [mention.value])
    for event in document.extraction.events:
        yield from _event_rows(EventRecord(event=event, article=document.ref), event.crime_type)


def _event_rows(record: EventRecord, crime: str) -> Iterator[_Row]:
    for evidence in record.event.evidence:
        words = _words(evidence.field, record.article.id, evidence.start, evidence.end, evidence.text)
        yield words, facts_told(record.event, evidence, crime)


def _words(field: str, article_id: str, start: int, end: int, text: str) -> Told:
    return Told(field=field, article_id=article_id, start=start, end=end, text=text)
