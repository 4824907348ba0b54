"""Events of several articles that tell the same fact -> one incident.

Merging is cautious: two events become one incident only when crime family, time and place agree, something particular
agrees beside them, and nothing particular contradicts. The merge is a pure function of the events: nothing is lost by it,
every event stays whole inside its incident, and running it without one of them undoes that one's part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from nlp.lexicon import fold, read_table
from nlp.types import CountOf, DatePrecision, Event, MoneyRole, Polarity, Value
from pipeline.records import Attested, EventRecord, Incident

MAXIMUM_GAP = timedelta(days=1)
"""Articles of one fact differ by a day ("la noche del lunes", "la madrugada del martes")."""
ENOUGH = 2
"""Points of agreement that make two events one, when no point contradicts."""
SAME_STORY = 2
"""The same text in two outlets tells the same events."""

Block = tuple[str, str, date]

_EXACT = frozenset({DatePrecision.DAY})
_TRANSFERRED = frozenset({MoneyRole.DEMANDED, MoneyRole.PAID, MoneyRole.RANSOM, MoneyRole.STOLEN})


def merge(
    records: Iterable[EventRecord], family_of: Mapping[str, str], story_of: Mapping[str, str] | None = None
) -> Iterator[Incident]:
    """Incidents of all the events given, in order of their earliest event.

    ``family_of`` maps crime types to families, see :func:`crime_families`; ``story_of`` maps article ids to story ids.
    Events without a day or a district, and events that the article denies, stay incidents of their own.
    """
    story_of = story_of or {}
    groups: list[list[EventRecord]] = []
    blocks: dict[Block, list[list[EventRecord]]] = defaultdict(list)
    for record in sorted(records, key=_order):
        block = _block(record.event, family_of)
        near = [group for neighbour in _neighbours(block) for group in blocks.get(neighbour, ())]
        group = _fitting(record, near, story_of)
        if group is None:
            group = []
            groups.append(group)
            if block:
                blocks[block].append(group)
        group.append(record)
    for group in groups:
        yield _incident(group)


@lru_cache(maxsize=1)
def crime_families() -> Mapping[str, str]:
    """Crime type -> family, from ``nlp/data/crime_families.csv``; a type that is not there is a family of its own."""
    rows = read_table("crime_families.csv", frozenset({"crime_type", "family"}))
    return {row["crime_type"]: row["family"] for row in rows}


def _order(record: EventRecord) -> tuple[float, str, str]:
    published = record.article.published
    return (published.timestamp() if published else float("inf"), record.article.id, record.event.id)


def _block(event: Event, family_of: Mapping[str, str]) -> Block | None:
    """Crime family, province and day; an event without a block is compared with none."""
    if event.polarity is Polarity.NEGATIVE or event.date is None or event.date.precision not in _EXACT:
        return None
    if event.place is None or event.place.ubigeo is None or len(event.place.ubigeo) < 4:
        return None
    return family_of.get(event.crime_type, event.crime_type), event.place.ubigeo[:4], event.date.start


def _neighbours(block: Block | None) -> Iterator[Block]:
    if block is not None:
        family, province, day = block
        for shift in range(-MAXIMUM_GAP.days, MAXIMUM_GAP.days + 1):
            yield family, province, day + timedelta(days=shift)


def _fitting(
    record: EventRecord, groups: Sequence[list[EventRecord]], story_of: Mapping[str, str]
) -> list[EventRecord] | None:
    """The one group that all agree with; none when several would do, for then it cannot be told."""
    fitting = [group for group in groups if all(_same_fact(record, other, story_of) for other in group)]
    return fitting[0] if len(fitting) == 1 else None


def _same_fact(one: EventRecord, other: EventRecord, story_of: Mapping[str, str]) -> bool:
    if one.article.id == other.article.id:
        return False  # what one article tells apart is apart
    if not _same_time(one.event, other.event) or not _same_place(one.event, other.event):
        return False
    points = [compare(one.event, other.event) for compare in _COMPARISONS]
    if min(points) < 0:
        return False
    story = story_of.get(one.article.id, one.article.id)
    same_story = story == story_of.get(other.article.id, other.article.id)
    return sum(points) + (SAME_STORY if same_story else 0) >= ENOUGH


def _same_time(one: Event, other: Event) -> bool:
    assert one.date is not None
    assert other.date is not None
    return one.date.start - MAXIMUM_GAP <= other.date.end and other.date.start - MAXIMUM_GAP <= one.date.end


def _same_place(one: Event, other: Event) -> bool:
    """Equal codes, or a province and a district in it."""
    assert one.place is not None
    assert other.place is not None
    codes = one.place.ubigeo or "", other.place.ubigeo or ""
    return codes[0].startswith(codes[1]) or codes[1].startswith(codes[0])


def _compare_gangs(one: Event, other: Event) -> int:
    names = [{key for gang in event.gangs for key in (gang.id, fold(gang.name)) if key} for event in (one, other)]
    return _compare_sets(names[0], names[1], 2)


def _compare_businesses(one: Event, other: Event) -> int:
    return _compare_sets({b.category for b in one.businesses}, {b.category for b in other.businesses}, 1)


def _compare_money(one: Event, other: Event) -> int:
    sums = [
        {(m.min, m.max, m.currency) for m in event.money if m.role in _TRANSFERRED and m.currency}
        for event in (one, other)
    ]
    return 2 if sums[0] & sums[1] else 0  # a sum that one article lacks, or rounds, contradicts nothing


def _compare_counts(one: Event, other: Event) -> int:
    """The dead, injured and kidnapped; the number of arrests grows from article to article and says nothing."""
    points = 0
    for of in (CountOf.DEAD, CountOf.INJURED, CountOf.KIDNAPPED):
        numbers = [next((c.value for c in event.counts if c.of is of), None) for event in (one, other)]
        if None not in numbers:
            points += 1 if numbers[0] == numbers[1] else 0
    return points


def _compare_methods(one: Event, other: Event) -> int:
    return 1 if {m.type for m in one.methods} & {m.type for m in other.methods} else 0


def _compare_sets(one: set[str], other: set[str], points: int) -> int:
    if not one or not other:
        return 0
    return points if one & other else -1


_COMPARISONS: tuple[Callable[[Event, Event], int], ...] = (
    _compare_gangs,
    _compare_businesses,
    _compare_money,
    _compare_counts,
    _compare_methods,
)


def _incident(group: Sequence[EventRecord]) -> Incident:
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
            if value is not None and record.key not in sources.setdefault(value, []):
                sources[value].append(record.key)
    ordered = sorted(sources.items(), key=lambda item: -len(item[1]))
    return tuple(Attested(value=value, events=tuple(events)) for value, events in ordered)
