"""Which events tell the same fact: what two events are compared by, and groups that grow event by event.

An event joins the one group that all of agrees with it, or founds a group of its own. That depends only on the events
published before it whose day is near, so that a part of a long history can be grouped anew while the rest stays as it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from nlp.lexicon import fold, read_table
from nlp.types import CountOf, DatePrecision, Event, MoneyRole, Polarity

MAXIMUM_GAP = timedelta(days=1)
"""Articles of one fact differ by a day ("la noche del lunes", "la madrugada del martes")."""
REACH = 2 * MAXIMUM_GAP.days
"""Days up to which an event bears on the group of another: both may be a gap away from the founder of a group."""
ENOUGH = 2
"""Points of agreement that make two events one, when no point contradicts."""
SAME_STORY = 2
"""The same text in two outlets tells the same events."""

_EXACT = frozenset({DatePrecision.DAY})
_TRANSFERRED = frozenset({MoneyRole.DEMANDED, MoneyRole.PAID, MoneyRole.RANSOM, MoneyRole.STOLEN})
_HARMED = (CountOf.DEAD, CountOf.INJURED, CountOf.KIDNAPPED)
"""The number of arrests grows from article to article and says nothing."""


class Block(NamedTuple):
    """Events of different families or provinces, or of days more than a gap apart, are never one fact."""

    family: str
    province: str
    day: date

    @property
    def name(self) -> str:
        """Without the day."""
        return f"{self.family}:{self.province}"


@lru_cache(maxsize=1)
def crime_families() -> Mapping[str, str]:
    """Crime type -> family, from ``nlp/data/crime_families.csv``; a type that is not there is a family of its own."""
    rows = read_table("crime_families.csv", frozenset({"crime_type", "family"}))
    return {row["crime_type"]: row["family"] for row in rows}


def block_of(event: Event, family_of: Mapping[str, str]) -> Block | None:
    """Where an event is compared; ``None``: with no other, for it lacks a day or a district, or the article denies it."""
    if event.polarity is Polarity.NEGATIVE or event.date is None or event.date.precision not in _EXACT:
        return None
    if event.place is None or event.place.ubigeo is None or len(event.place.ubigeo) < 4:
        return None
    return Block(family_of.get(event.crime_type, event.crime_type), event.place.ubigeo[:4], event.date.start)


class Order(NamedTuple):
    """Events are taken in the order of publication, undated articles last."""

    moment: float
    article_id: str
    event_id: str


def order(published: datetime | None, article_id: str, event_id: str) -> Order:
    """The place of an event among all."""
    return Order(published.timestamp() if published else float("inf"), article_id, event_id)


@dataclass(frozen=True, slots=True)
class Profile:
    """All of an event that counts when it is compared. Many events share one."""

    first: int
    """Day, as its ordinal."""
    last: int
    code: str
    """UBIGEO."""
    gangs: frozenset[str]
    businesses: frozenset[str]
    money: frozenset[tuple[float | None, float | None, str]]
    counts: frozenset[tuple[CountOf, int]]
    """At most one of each kind."""
    methods: frozenset[str]

    def strong(self) -> Iterator[Hashable]:
        """Particulars of which one is enough."""
        yield from (("gang", gang) for gang in self.gangs)
        yield from (("money", sums) for sums in self.money)

    def weak(self) -> Iterator[tuple[str, Hashable]]:
        """Particulars of which two are enough, when they are of different kinds: kind and value."""
        yield from (("business", business) for business in self.businesses)
        yield from (("method", method) for method in self.methods)
        yield from ((of.value, number) for of, number in self.counts)


def profile_of(event: Event) -> Profile:
    """What an event that has a block is compared by."""
    assert event.date is not None
    assert event.place is not None
    counts: dict[CountOf, int] = {}
    for count in event.counts:
        if count.of in _HARMED:
            counts.setdefault(count.of, count.value)
    return Profile(
        first=event.date.start.toordinal(),
        last=event.date.end.toordinal(),
        code=event.place.ubigeo or "",
        gangs=frozenset(key for gang in event.gangs for key in (gang.id, fold(gang.name)) if key),
        businesses=frozenset(business.category for business in event.businesses),
        money=frozenset((m.min, m.max, m.currency) for m in event.money if m.role in _TRANSFERRED and m.currency),
        counts=frozenset(counts.items()),
        methods=frozenset(method.type for method in event.methods),
    )


def are_apart(one: Profile, other: Profile) -> bool:
    """Whether more days lie between two events than between articles of one fact."""
    gap = MAXIMUM_GAP.days
    return one.first - gap > other.last or other.first - gap > one.last


def agreement(one: Profile, other: Profile) -> int | None:
    """Points of agreement; ``None`` when time, place or something particular contradicts."""
    if are_apart(one, other):
        return None
    if not (one.code.startswith(other.code) or other.code.startswith(one.code)):
        return None  # neither equal, nor a province and a district in it
    points = 0
    for mine, others, worth in ((one.gangs, other.gangs, 2), (one.businesses, other.businesses, 1)):
        if mine and others:
            if mine.isdisjoint(others):
                return None
            points += worth
    # a sum that one article lacks, or rounds, contradicts nothing
    points += 0 if one.money.isdisjoint(other.money) else 2
    points += 0 if one.methods.isdisjoint(other.methods) else 1
    return points + len(one.counts & other.counts)


@dataclass(frozen=True, slots=True)
class Facts:
    """An event in a block as it is grouped."""

    key: str
    article_id: str
    story: str
    profile: Profile

    def shared(self) -> Iterator[Hashable]:
        """Of these, two events that tell the same fact share at least one."""
        yield self.story_key
        yield from self.profile.strong()
        for one, other in combinations(sorted(self.profile.weak(), key=repr), 2):
            if one[0] != other[0]:
                yield one, other

    @property
    def story_key(self) -> Hashable:
        """The one key that does not come from the profile."""
        return "story", self.story


@dataclass(slots=True)
class _Group:
    founder: Facts
    articles: set[str] = field(default_factory=set)
    stories: dict[Profile, set[str]] = field(default_factory=dict)
    """Of its events by what they are compared by: a thousand like ones are looked at once."""

    def add(self, facts: Facts) -> None:
        self.articles.add(facts.article_id)
        self.stories.setdefault(facts.profile, set()).add(facts.story)

    def fits(self, facts: Facts) -> bool:
        """Whether all its events tell the same fact. What one article tells apart is apart."""
        if facts.article_id in self.articles:
            return False
        for profile, stories in self.stories.items():
            points = agreement(facts.profile, profile)
            if points is None:
                return False
            if points < ENOUGH and (points + SAME_STORY < ENOUGH or stories != {facts.story}):
                return False
        return True


class Grouping:
    """The groups of one crime family in one province, as events come in order of publication.

    Groups are found by what their founder shares with an event, founders that compare alike at once: the work does not
    grow with the square of the events of a day.
    """

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._founders: dict[tuple[int, Hashable], dict[Profile, list[_Group]]] = {}

    def decide(self, facts: Facts) -> str:
        """Take in an event; the key of the founder of its group: its own when it founds one."""
        group = self._fitting(facts)
        if group is None:
            return self._found(facts)
        group.add(facts)
        return group.founder.key

    def keep(self, facts: Facts, founder: str | None) -> None:
        """Take in an event whose group is known. One whose founder was not taken in bears on none that was, nor does one whose
        founder is said to be of another day by now: it will be decided on when its own day is.
        """
        if founder == facts.key:
            self._found(facts)
        elif founder in self._groups and not are_apart(self._groups[founder].founder.profile, facts.profile):
            self._groups[founder].add(facts)

    def _found(self, facts: Facts) -> str:
        group = self._groups[facts.key] = _Group(facts)
        group.add(facts)
        for key in facts.shared():
            self._founders.setdefault((facts.profile.first, key), {}).setdefault(facts.profile, []).append(group)
        return facts.key

    def _fitting(self, facts: Facts) -> _Group | None:
        """The one group that all agree with; none when several would do, for then it cannot be told."""
        found: _Group | None = None
        for group in self._near(facts):
            if group is not found and group.fits(facts):
                if found is not None:
                    return None
                found = group
        return found

    def _near(self, facts: Facts) -> Iterator[_Group]:
        """Groups that could fit; one may come twice, by its story and by what it is compared by."""
        done: set[Profile] = set()
        for key in facts.shared():
            for shift in range(-MAXIMUM_GAP.days, MAXIMUM_GAP.days + 1):
                for profile, groups in self._founders.get((facts.profile.first + shift, key), {}).items():
                    if profile in done:
                        continue
                    agrees = agreement(facts.profile, profile) is not None
                    if key != facts.story_key or not agrees:
                        done.add(profile)  # all of its groups come now, or none ever
                    if agrees:
                        yield from groups
