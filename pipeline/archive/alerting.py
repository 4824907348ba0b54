"""What the archive keeps for alerts: saved searches, what is new of incidents, and what was found of it.

Saved searches remember up to which piece of news they were matched. So one that is broken, or a step that is killed, goes on
from there, and what is found is entered together with how far the search has come. The caller holds the lock, but for adding
and removing searches.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, update

from pipeline.archive.analysed import INCIDENTS, PendingIncident, mark_indexed, pending_incidents
from pipeline.archive.crawled import clipped
from pipeline.archive.database import reading, upsert, writing
from pipeline.archive.schema import (
    alert_deliveries,
    alerts,
    events,
    incident_news,
    incidents,
    index_states,
    marks,
    saved_searches,
    told_events,
)
from pipeline.records import Incident, decode

TARGET: Final = "alerts"
"""Alerts learn of changed incidents as an index does, under this name."""
_IDS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSearch:
    """A saved search as it is kept."""

    id: str
    name: str
    record: str
    created: datetime
    seen: int
    """Number of the last piece of news that it was matched against."""
    error: str | None = None
    """Why it is broken."""
    broken: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What mattered of an event's incident when alerts last looked at it."""

    key: str
    article_id: str
    essence: str
    gone: bool = False
    """The article was read again since, and tells no such event any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """That an incident is new, or another than before in what matters."""

    incident: str
    is_new: bool
    changed: tuple[str, ...] = ()
    """What differs from before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """A piece of news with its number, and the incident as it is now; ``None``: merged into another since."""

    seq: int
    at: datetime
    news: News
    incident: Incident | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An alert: a piece of news that a saved search finds."""

    id: str
    search: str
    """Id of the saved search."""
    news: int
    spans: str
    targets: tuple[str, ...]
    """Where it goes."""


class Alerting:
    """The part of the archive that alerts are made from."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Saved searches

    def searches(self) -> list[StoredSearch]:
        """All of them, by name."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(saved_searches).order_by(saved_searches.c.name)).mappings()
            return [StoredSearch(**row) for row in rows]

    def search(self, name: str) -> StoredSearch | None:
        """One of them."""
        with reading(self._engine) as connection:
            chosen = select(saved_searches).where(saved_searches.c.name == name)
            row = connection.execute(chosen).mappings().first()
            return None if row is None else StoredSearch(**row)

    def add_search(self, search_id: str, name: str, record: str, *, at: datetime) -> bool:
        """Save a search; what is new from now on will be matched. False when there is one of this name."""
        with writing(self._engine) as connection:
            here = saved_searches.c.name == name
            if connection.execute(select(saved_searches.c.id).where(here)).first() is not None:
                return False
            newest = connection.execute(select(func.max(incident_news.c.seq))).scalar() or 0
            row = {"id": search_id, "name": name, "record": record, "created": at, "seen": newest}
            connection.execute(insert(saved_searches).values(row))
        return True

    def replace_search(self, name: str, record: str, targets: Collection[str]) -> bool:
        """Put another record in the place of a search's; it goes on from where it was. What waits for targets that it has no
        more is dropped. False when there is none of this name.
        """
        with writing(self._engine) as connection:
            here = saved_searches.c.name == name
            search_id = connection.execute(select(saved_searches.c.id).where(here)).scalar()
            if search_id is None:
                return False
            now = {"record": record, "error": None, "broken": None}
            connection.execute(update(saved_searches).where(here).values(now))
            of = select(alerts.c.id).where(alerts.c.search == search_id)
            waiting = and_(alert_deliveries.c.alert.in_(of), alert_deliveries.c.settled.is_(None))
            connection.execute(delete(alert_deliveries).where(waiting, alert_deliveries.c.target.not_in(targets)))
        return True

    def remove_search(self, name: str) -> bool:
        """Remove a search and its alerts, sent or not. False when there is none of this name."""
        with writing(self._engine) as connection:
            return bool(connection.execute(delete(saved_searches).where(saved_searches.c.name == name)).rowcount)

    def note_broken(self, errors: Mapping[str, str], *, at: datetime) -> None:
        """Enter which searches are broken, and why: id -> reason. The others are not."""
        table = saved_searches.c
        with writing(self._engine) as connection:
            mended = and_(table.error.is_not(None), table.id.not_in(errors))
            connection.execute(update(saved_searches).where(mended).values(error=None, broken=None))
            for search_id, error in errors.items():
                now = {"error": clipped(error), "broken": func.coalesce(table.broken, at)}
                connection.execute(update(saved_searches).where(table.id == search_id).values(now))

    # What is new

    def rules(self) -> str | None:
        """The rules by which incidents were last judged; ``None``: they never were."""
        with reading(self._engine) as connection:
            value: str | None = connection.execute(select(marks.c.value).where(marks.c.name == TARGET)).scalar()
            return value

    def set_rules(self, rules: str, *, afresh: bool = False) -> None:
        """Enter the rules. ``afresh``: every incident is to be judged by them."""
        with writing(self._engine) as connection:
            if afresh:
                connection.execute(delete(index_states).where(index_states.c.target == TARGET))
            upsert(connection, marks, [{"name": TARGET, "value": rules}])

    def pending(self) -> Iterator[PendingIncident]:
        """Incidents that have come, changed or gone since they were judged."""
        return pending_incidents(self._engine, TARGET)

    def told(self, article_ids: Collection[str]) -> list[Told]:
        """What was told of the events of some articles, gone or not."""
        found: list[Told] = []
        with reading(self._engine) as connection:
            for ids in _slices(article_ids):
                here = select(events.c.article_id, events.c.id).where(events.c.article_id.in_(ids))
                live = {f"{row.article_id}.{row.id}" for row in connection.execute(here)}
                rows = connection.execute(select(told_events).where(told_events.c.article_id.in_(ids))).mappings()
                found += [replace(Told(**row), gone=row["key"] not in live) for row in rows]
        return found

    def save_news(
        self,
        judged: Mapping[str, int],
        news: Sequence[News],
        told: Iterable[Told],
        spent: Collection[str],
        *,
        at: datetime,
    ) -> None:
        """Enter what came of judging incidents: id -> revision of those judged, what is new of them, what is now told of
        their events, and keys of what was told of events that are gone and stand for others now.
        """
        rows = [{"key": one.key, "article_id": one.article_id, "essence": one.essence} for one in told]
        with writing(self._engine) as connection:
            upsert(connection, told_events, rows)
            for keys in _slices(spent):
                connection.execute(delete(told_events).where(told_events.c.key.in_(keys)))
            for one in news:
                values = {"incident": one.incident, "is_new": one.is_new, "changed": json.dumps(one.changed), "at": at}
                connection.execute(insert(incident_news).values(values))
            mark_indexed(connection, TARGET, INCIDENTS, judged)

    def news_after(self, seq: int, limit: int) -> list[NewsItem]:
        """News with greater numbers, in their order."""
        joined = select(incident_news, incidents.c.record.label("now")).outerjoin(
            incidents, incidents.c.id == incident_news.c.incident
        )
        with reading(self._engine) as connection:
            rows = connection.execute(
                joined.where(incident_news.c.seq > seq).order_by(incident_news.c.seq).limit(limit)
            )
            return [_item(row) for row in rows]

    # What was found

    def save_alerts(
        self, found: Sequence[Found], records: Mapping[int, str], matched: Collection[str], upto: int, *, at: datetime
    ) -> int:
        """Enter alerts with the searches (ids) that were matched, and up to which piece of news; the number of alerts.

        ``records``: number of the news -> the incident as alerts show it. What a search that was removed meanwhile has found
        is left out.
        """
        with writing(self._engine) as connection:
            there = set(connection.scalars(select(saved_searches.c.id).with_for_update()))
            kept = [one for one in found if one.search in there]
            for seq in {one.news for one in kept}:
                missing = and_(incident_news.c.seq == seq, incident_news.c.record.is_(None))
                connection.execute(update(incident_news).where(missing).values(record=records[seq]))
            _insert_alerts(connection, kept, at)
            for ids in _slices(matched):
                here = saved_searches.c.id.in_(ids)
                connection.execute(update(saved_searches).where(here).values(seen=upto))
        return len(kept)

    def forget(self, before: datetime) -> None:
        """Remove alerts that were delivered everywhere before a time, and news that nothing needs any more."""
        waiting = select(alert_deliveries.c.alert).where(alert_deliveries.c.settled.is_(None))
        used = select(alerts.c.news)
        with writing(self._engine) as connection:
            connection.execute(delete(alerts).where(alerts.c.at < before, alerts.c.id.not_in(waiting)))
            seen = connection.execute(select(func.min(saved_searches.c.seen))).scalar()
            old = [incident_news.c.at < before, incident_news.c.seq.not_in(used)]
            if seen is not None:
                old.append(incident_news.c.seq <= seen)
            connection.execute(delete(incident_news).where(*old))


def _slices(of: Collection[str]) -> Iterator[list[str]]:
    left = iter(of)
    while part := list(islice(left, _IDS_AT_ONCE)):
        yield part


def _item(row: Any) -> NewsItem:
    news = News(incident=row.incident, is_new=row.is_new, changed=tuple(json.loads(row.changed)))
    incident = None if row.now is None else decode(Incident, row.now)
    return NewsItem(seq=row.seq, at=row.at, news=news, incident=incident)


def _insert_alerts(connection: Connection, found: Sequence[Found], at: datetime) -> None:
    if not found:
        return
    rows = [{"id": one.id, "search": one.search, "news": one.news, "at": at, "spans": one.spans} for one in found]
    sent = [{"alert": one.id, "target": target, "attempts": 0} for one in found for target in one.targets]
    connection.execute(insert(alerts), rows)
    if sent:
        connection.execute(insert(alert_deliveries), sent)
