"""The words of articles that tell what a search asks for: of a place, a gang, a sum … the evidence, as a reading found it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

from nlp.types import Claim, DateSpan, Event, Evidence, Label, Mention
from pipeline.index.base import Kind, Told
from pipeline.index.flatten import claim_facts, facts_of, takes_part, time_of
from pipeline.index.plan import All, Clause, OneOf, Prefix, Range, Term
from pipeline.records import from_dict

MOST: Final = 50
"""Spans of one hit."""
TRIGGER: Final = "trigger"
"""Field of the words that tell the event itself, and so its crime."""
_PLACES: Final = frozenset({"place_codes", "districts"})
_TOLD_BY: Final = {
    Label.PLACE: _PLACES,
    Label.GANG: frozenset({"gang_keys"}),
    Label.BUSINESS: frozenset({"businesses", "business_categories"}),
    Label.METHOD: frozenset({"methods"}),
    Label.PRISON: frozenset({"prison_keys"}),
    Label.MONEY: frozenset({"amounts", "amounts_usd"}),
}
"""Label of mentions -> fields that they can tell."""
Source = dict[str, Any]
"""A record as an index keeps it."""
_Row = tuple[Told, Mapping[str, Any]]
"""Words, and what they tell, as an index has it."""


def told(kind: Kind, source: Source, clauses: Sequence[Clause]) -> tuple[Told, ...]:
    """The words of a record, as an index keeps it, that tell any of what is looked for; offsets are into the article's text."""
    fields = {field for clause in clauses if isinstance(field := getattr(clause, "field", None), str)}
    rows = _ROWS[kind](source, fields)
    found = dict.fromkeys(words for words, facts in rows if any(tells(clause, facts) for clause in clauses))
    return tuple(found)[:MOST]


def tells(clause: Clause, facts: Mapping[str, Any]) -> bool:
    """Whether facts are what a clause about a fact looks for."""
    match clause:
        case Term(field, value):
            return value in facts.get(field, ())
        case OneOf(field, values):
            return not set(values).isdisjoint(facts.get(field, ()))
        case Prefix(field, prefix):
            return any(str(value).startswith(prefix) for value in facts.get(field, ()))
        case All(parts):
            return all(tells(part, facts) for part in parts)
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
    if isinstance(value, DateSpan):
        return {name: (moment,) for name, moment in time_of(value).items()}
    return {} if value is None else facts_of([], [value])


def _article_rows(source: Source, fields: Set[str]) -> Iterator[_Row]:
    key = source["article"]["id"]
    for raw in source["extraction"]["mentions"]:
        if not fields.isdisjoint(_TOLD_BY.get(raw["label"], ())):  # what cannot tell it is not even decoded
            mention = from_dict(Mention, raw)
            if takes_part(mention.value):
                yield _words(mention.label.lower(), key, mention), facts_of([], [mention.value])
    for event in source["extraction"]["events"]:
        yield from _rows_of_event(key, event, event["crime_type"])


def _event_rows(source: Source, _: Set[str]) -> Iterator[_Row]:
    yield from _rows_of_event(source["article"]["id"], source["event"], source["event"]["crime_type"])


def _incident_rows(source: Source, _: Set[str]) -> Iterator[_Row]:
    for report in source["events"]:
        yield from _rows_of_event(report["article"]["id"], report["event"], source["crime_type"])


def _claim_rows(source: Source, _: Set[str]) -> Iterator[_Row]:
    claim = from_dict(Claim, source["claim"])
    yield _words("text", source["article"]["id"], claim), claim_facts(claim)


_ROWS: Final[dict[Kind, Callable[[Source, Set[str]], Iterator[_Row]]]] = {
    Kind.ARTICLES: _article_rows,
    Kind.EVENTS: _event_rows,
    Kind.CLAIMS: _claim_rows,
    Kind.INCIDENTS: _incident_rows,
}


def _rows_of_event(article_id: str, source: Source, crime: str) -> Iterator[_Row]:
    event = from_dict(Event, source)
    for evidence in event.evidence:
        yield _words(evidence.field, article_id, evidence), facts_told(event, evidence, crime)


def _words(field: str, article_id: str, found: Mention | Evidence | Claim) -> Told:
    return Told(field=field, article_id=article_id, start=found.start, end=found.end, text=found.text)
