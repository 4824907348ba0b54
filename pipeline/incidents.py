"""Events of several articles that tell the same fact -> one incident.

Merging is cautious: two events become one incident only when crime family, time and place agree, something particular
agrees beside them, and nothing particular contradicts (:mod:`pipeline.grouping`). The merge is a pure function of the
events: nothing is lost by it, every event stays whole inside its incident, and running it without one of them undoes that
one's part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from nlp.types import Event, Value
from pipeline.grouping import Facts, Grouping, Order, block_of, crime_families, order, profile_of
from pipeline.records import Attested, EventRecord, Incident

__all__ = ["crime_families", "incident_of", "merge"]


def merge(
    records: Iterable[EventRecord], family_of: Mapping[str, str], story_of: Mapping[str, str] | None = None
) -> Iterator[Incident]:
    """Incidents of all the events given, in order of their earliest event.

    ``family_of`` maps crime types to families, see :func:`crime_families`; ``story_of`` maps article ids to story ids.
    Events without a day or a district, and events that the article denies, stay incidents of their own.
    """
    story_of = story_of or {}
    groupings: dict[str, Grouping] = defaultdict(Grouping)
    groups: dict[str, list[EventRecord]] = {}
    for record in sorted(records, key=_order):
        block = block_of(record.event, family_of)
        founder = record.key
        if block:
            article = record.article.id
            facts = Facts(record.key, article, story_of.get(article, article), profile_of(record.event))
            founder = groupings[block.name].decide(facts)
        groups.setdefault(founder, []).append(record)
    for group in groups.values():
        yield incident_of(group)


def _order(record: EventRecord) -> Order:
    return order(record.article.published, record.article.id, record.event.id)


def incident_of(records: Iterable[EventRecord]) -> Incident:
    """The incident that all of these events tell, in whatever order they come."""
    group = sorted(records, key=_order)
    return Incident(
        id=group[0].key,
        crime_type=group[0].event.crime_type,
        events=tuple(group),
        dates=_attested(group, lambda event: [event.date]),
        places=_attested(group, lambda event: [event.place]),
        gangs=_attested(group, lambda event: event.gangs),
        businesses=_attested(group, lambda event: event.businesses),
        money=_attested(group, lambda event: event.money),
        methods=_attested(group, lambda event: event.methods),
        counts=_attested(group, lambda event: event.counts),
        score=max(record.event.score for record in group),
    )


def _attested(
    group: Sequence[EventRecord], values_of: Callable[[Event], Sequence[Value | None]]
) -> tuple[Attested, ...]:
    """Every different value with the events that say it, the most attested first."""
    sources: dict[Value, list[str]] = {}
    for record in group:
        for value in values_of(record.event):
            if value is not None and sources.setdefault(value, [])[-1:] != [record.key]:
                sources[value].append(record.key)
    ordered = sorted(sources.items(), key=lambda item: -len(item[1]))
    return tuple(Attested(value=value, events=tuple(events)) for value, events in ordered)
