"""What matters of an incident: an alert tells that it is new, or that this has changed. One more article alone is no news.

The parts are those of :data:`PARTS`. A sum counts by its bounds, currency and role; a place by the smallest area that is known
of it; of counts those of dead, injured, arrested and kidnapped people. Dates, wording and who reports it do not count.

What was told is kept per event, not per incident: an incident that gets another id, because an earlier report turned up or two
were merged, is none that is new. When an article is read again its events may get other ids. Then what was told of those that
are gone stands for the ones in their place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from nlp.lexicon import fold
from nlp.types import Business, Count, CountOf, Gang, Method, Money, Place, Polarity
from pipeline.archive.alerting import News, Told
from pipeline.index.flatten import NOT_OF_THE_CRIME, ancestors, gang_key
from pipeline.records import Attested, Incident

RULES: Final = "1"
"""To be raised when the same incident has another essence than before."""
Essence = dict[str, list[str]]
_COUNTED: Final = frozenset({CountOf.DEAD, CountOf.INJURED, CountOf.ARRESTED, CountOf.KIDNAPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What came of looking at an incident."""

    news: News | None
    """``None``: nothing that matters is new."""
    told: tuple[Told, ...]
    """What is told of its events from now on."""
    spent: tuple[str, ...] = ()
    """Keys of events that are gone, and for which its events stand."""


def judge(incident: Incident, before: Sequence[Told]) -> Judgement:
    """What is new of an incident. ``before``: what was told of the events of its articles."""
    essence = essence_of(incident)
    keys = {record.key for record in incident.events}
    known = [one for one in before if one.key in keys]
    gone = [one for one in before if one.gone and _same_fact(essence, json.loads(one.essence))]
    told = tuple(
        Told(key=record.key, article_id=record.article.id, essence=_dumped(essence)) for record in incident.events
    )
    candidates = [*known, *gone]
    if not candidates:
        return Judgement(news=News(incident=incident.id, is_new=True), told=told)
    closest = min(candidates, key=lambda one: len(_changed(essence, one)))
    changed = _changed(essence, closest)
    news = News(incident=incident.id, is_new=False, changed=changed) if changed else None
    return Judgement(news=news, told=told, spent=(closest.key,) if closest.gone else ())


def essence_of(incident: Incident) -> Essence:
    """Part -> values, in their order; a part without values is left out."""
    found = {name: sorted(set(values(incident))) for name, values in PARTS.items()}
    return {name: values for name, values in found.items() if values}


def _dumped(essence: Essence) -> str:
    return json.dumps(essence, ensure_ascii=False, separators=(",", ":"))


def _changed(now: Essence, before: Told) -> tuple[str, ...]:
    then: Essence = json.loads(before.essence)
    return tuple(name for name in PARTS if now.get(name) != then.get(name))


def _same_fact(now: Essence, then: Essence) -> bool:
    """Whether an event may stand for one that is gone from its article."""
    return now.get("crime") == then.get("crime") and now.get("place") == then.get("place")


def _values(attested: Iterable[Attested]) -> list[object]:
    return [one.value for one in attested]


def _places(incident: Incident) -> Iterable[str]:
    places = [value for value in _values(incident.places) if isinstance(value, Place)]
    codes = {place.ubigeo for place in places if place.ubigeo}
    above = {code for known in codes for code in ancestors(known) if code != known}
    yield from codes - above
    if not codes:
        yield from (fold(place.name) for place in places)


def _gangs(incident: Incident) -> Iterable[str]:
    for value in _values(incident.gangs):
        if isinstance(value, Gang):
            yield f"id:{value.id}" if value.id else gang_key(value.name)


def _sums(incident: Incident) -> Iterable[str]:
    for value in _values(incident.money):
        if isinstance(value, Money) and value.role not in NOT_OF_THE_CRIME:
            yield f"{value.role} {value.min} {value.max} {value.currency}"


def _counts(incident: Incident) -> Iterable[str]:
    for value in _values(incident.counts):
        if isinstance(value, Count) and value.of in _COUNTED:
            yield f"{value.of} {value.value}"


def _prisons(incident: Incident) -> Iterable[str]:
    for prison in (record.event.prison for record in incident.events):
        if prison is not None:
            yield prison.id or fold(prison.name)


def _officials(incident: Incident) -> Iterable[str]:
    found = (record.event.official_involvement for record in incident.events)
    return (one.status for one in found if one is not None)


def _denied(incident: Incident) -> Collection[str]:
    return ["denied"] if all(record.event.polarity is Polarity.NEGATIVE for record in incident.events) else []


PARTS: Final[dict[str, Callable[[Incident], Iterable[str]]]] = {
    "crime": lambda incident: [incident.crime_type],
    "place": _places,
    "gangs": _gangs,
    "businesses": lambda incident: [v.type for v in _values(incident.businesses) if isinstance(v, Business)],
    "money": _sums,
    "methods": lambda incident: [v.type for v in _values(incident.methods) if isinstance(v, Method)],
    "counts": _counts,
    "prison": _prisons,
    "officials": _officials,
    "denied": _denied,
}
"""What matters of an incident, part by part."""
