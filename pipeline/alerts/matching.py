"""News and saved searches -> alerts. Each search is asked of what came since it was last asked; a broken one stays where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from nlp.gazetteer import Gazetteer, gazetteer
from pipeline.alerts.records import SavedSearch, alert_id
from pipeline.alerts.spans import Testimony, looked_for
from pipeline.archive.alerting import Alerting, Found, NewsItem, StoredSearch
from pipeline.index import Kind, QueryError
from pipeline.index.names import Names, default_names
from pipeline.index.plan import Clause, Plan, make
from pipeline.index.sieve import Sieve
from pipeline.moments import NoTime, duration
from pipeline.records import RecordError, decode, encode
from pipeline.stop import Stop

AT_ONCE: Final = 1000
"""News that are held in memory."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A saved search, ready to be asked."""

    id: str
    saved: SavedSearch
    plan: Plan
    clauses: tuple[Clause, ...]
    within: timedelta | None


@dataclass(slots=True)
class Matched:
    """What came of matching."""

    alerts: int = 0
    broken: dict[str, str] = field(default_factory=dict)
    """Name of each broken search -> why."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Id and reason of incidents that no search can find."""
    stopped: bool = False


def match_news(alerting: Alerting, stop: Stop, *, now: datetime, names: Names | None = None) -> Matched:
    """Ask every saved search of the news since it was last asked."""
    return Matching(alerting, names or default_names(), now).run(stop)


def prepare(
    stored: Iterable[StoredSearch], *, now: datetime, names: Names
) -> tuple[dict[str, Standing], dict[str, str]]:
    """Searches that can be asked, by id; and names of those that cannot, each with the reason."""
    standing: dict[str, Standing] = {}
    broken: dict[str, str] = {}
    for one in stored:
        try:
            standing[one.id] = stand(one.id, decode(SavedSearch, one.record), now=now, names=names)
        except (RecordError, QueryError, NoTime) as error:
            broken[one.name] = str(error)
    return standing, broken


def stand(search_id: str, saved: SavedSearch, *, now: datetime, names: Names) -> Standing:
    """A saved search, ready to be asked.

    Raises:
        QueryError: it cannot be answered as it is written.
        NoTime: ``within`` is no length of time.
    """
    plan = make(saved.asked.query(Kind.INCIDENTS, now=now), names)
    within = None if saved.within is None else duration(saved.within)
    return Standing(search_id, saved, plan, looked_for(plan), within)


class Sifted:
    """Some news, to be asked by many searches."""

    def __init__(self, news: Sequence[NewsItem], places: Gazetteer) -> None:
        self._places = places
        self._items: dict[str, list[NewsItem]] = {}
        for item in news:
            if item.incident is not None:
                self._items.setdefault(item.incident.id, []).append(item)
        self._sieve = Sieve(Kind.INCIDENTS, [items[0].incident for items in self._items.values() if items[0].incident])
        self._testimonies: dict[str, Testimony] = {}

    @property
    def refused(self) -> list[tuple[str, str]]:
        """Id and reason of incidents that no search can find."""
        return self._sieve.refused

    def found(self, one: Standing, after: int = 0) -> Iterator[tuple[NewsItem, str]]:
        """News later than some piece that a search finds, in its order, each with the words that it is found by as JSON.

        Of several pieces on one incident only the first is told: it is shown as it is now anyway.
        """
        later = [[item for item in self._items[key] if item.seq > after] for key in self._sieve.find(one.plan)]
        for item in sorted((items[0] for items in later if items), key=lambda item: item.seq):
            if _is_recent(item, one.within):
                yield item, self.testimony(item).spans(one.clauses)

    def testimony(self, item: NewsItem) -> Testimony:
        """The incident of a piece of news, with the words that tell it."""
        assert item.incident is not None
        key = item.incident.id
        if key not in self._testimonies:
            self._testimonies[key] = Testimony(item.incident, self._places)
        return self._testimonies[key]


def _is_recent(item: NewsItem, within: timedelta | None) -> bool:
    assert item.incident is not None
    published = [record.article.published for record in item.incident.events if record.article.published]
    return within is None or not published or max(published) >= item.at - within


class Matching:
    """The saved searches, asked of the news a part at a time."""

    def __init__(self, alerting: Alerting, names: Names, now: datetime) -> None:
        self._alerting, self._now = alerting, now
        stored = alerting.searches()
        self._standing, broken = prepare(stored, now=now, names=names)
        alerting.note_broken({one.id: broken[one.name] for one in stored if one.name in broken}, at=now)
        self._seen = {one.id: one.seen for one in stored if one.id in self._standing}
        self._places = gazetteer()
        self.outcome = Matched(broken=broken)

    def run(self, stop: Stop) -> Matched:
        """Ask all of them of all the news since they were last asked."""
        while self._seen and (news := self._alerting.news_after(min(self._seen.values()), AT_ONCE)):
            if stop.due():
                self.outcome.stopped = True
                break
            self._match(news)
        return self.outcome

    def _match(self, news: Sequence[NewsItem]) -> None:
        sifted, newest = Sifted(news, self._places), news[-1].seq
        due = [one for key, one in self._standing.items() if self._seen[key] < newest]
        found: list[Found] = []
        records: dict[int, str] = {}
        for one in due:
            for item, spans in sifted.found(one, self._seen[one.id]):
                if item.seq not in records:
                    records[item.seq] = encode(sifted.testimony(item).shown).decode()
                key, targets = alert_id(one.id, item.seq), one.saved.targets
                found.append(Found(id=key, search=one.id, news=item.seq, spans=spans, targets=targets))
        ids = [one.id for one in due]
        self.outcome.alerts += self._alerting.save_alerts(found, records, ids, newest, at=self._now)
        self.outcome.refused += sifted.refused
        self._seen |= dict.fromkeys(ids, newest)
