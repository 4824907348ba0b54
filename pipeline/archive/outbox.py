"""Alerts on their way: what waits for which receiver, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Select, and_, func, select, update

from pipeline.archive.alerting import News
from pipeline.archive.crawled import clipped
from pipeline.archive.database import reading, writing
from pipeline.archive.schema import alert_deliveries, alerts, incident_news, saved_searches

AT_ONCE: Final = 200
"""Alerts for one receiver that are held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A receiver that something waits for."""

    target: str
    alerts: int
    attempts: int
    """At the oldest alert."""
    error: str | None
    """Of the last attempt."""
    next_try: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """An alert, ready to be sent."""

    delivery: int
    """0 when it is not on its way."""
    id: str
    search: str
    """Name of the saved search."""
    at: datetime
    news: News
    spans: str
    record: str
    """ExportedIncident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of an alert at one receiver."""

    alert: str
    search: str
    incident: str
    at: datetime
    target: str
    attempts: int
    error: str | None
    next_try: datetime | None
    settled: datetime | None
    """When it was delivered."""


class Outbox:
    """The part of the archive that alerts are sent from."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self) -> list[Waiting]:
        """Receivers that something waits for: those that failed come last, most often failed at the end."""
        sent = alert_deliveries.c
        grouped = (
            select(sent.target, func.count().label("alerts"), func.min(sent.id).label("oldest"))
            .where(sent.settled.is_(None))
            .group_by(sent.target)
            .subquery()
        )
        columns = grouped.c.target, grouped.c.alerts, sent.attempts, sent.error, sent.next_try
        joined = select(*columns).join(alert_deliveries, sent.id == grouped.c.oldest)
        with reading(self._engine) as connection:
            rows = connection.execute(joined.order_by(sent.attempts, sent.id)).mappings()
            return [Waiting(**row) for row in rows]

    def next_for(self, target: str, limit: int = AT_ONCE) -> list[Outgoing]:
        """The oldest alerts that wait for a receiver."""
        here = and_(alert_deliveries.c.target == target, alert_deliveries.c.settled.is_(None))
        return self._outgoing(_OUTGOING.where(here).order_by(alert_deliveries.c.id).limit(limit))

    def newest_for(self, target: str, limit: int) -> list[Outgoing]:
        """The newest alerts for a receiver, delivered or not, newest first."""
        here = alert_deliveries.c.target == target
        return self._outgoing(_OUTGOING.where(here).order_by(alert_deliveries.c.id.desc()).limit(limit))

    def settle(self, deliveries: Collection[int], *, at: datetime) -> None:
        """Enter that they are delivered."""
        done = {"settled": at, "attempts": alert_deliveries.c.attempts + 1, "error": None, "next_try": None}
        with writing(self._engine) as connection:
            connection.execute(update(alert_deliveries).where(alert_deliveries.c.id.in_(deliveries)).values(done))

    def postpone(self, deliveries: Collection[int], error: str, *, until: datetime) -> None:
        """Enter that they could not be delivered, and when to try again."""
        failed = {"attempts": alert_deliveries.c.attempts + 1, "error": clipped(error), "next_try": until}
        with writing(self._engine) as connection:
            connection.execute(update(alert_deliveries).where(alert_deliveries.c.id.in_(deliveries)).values(failed))

    def hurry(self) -> None:
        """Let everything that waits be tried at once."""
        with writing(self._engine) as connection:
            waits = alert_deliveries.c.settled.is_(None)
            connection.execute(update(alert_deliveries).where(waits).values(next_try=None))

    def deliveries(self, search: str | None = None, *, waiting: bool = False, limit: int) -> list[Delivery]:
        """What became of the newest alerts, of one search (name) or all, newest first; ``waiting``: only what is on its way."""
        sent = alert_deliveries.c
        columns = sent.alert, sent.target, sent.attempts, sent.error, sent.next_try, sent.settled
        joined = (
            select(*columns, saved_searches.c.name.label("search"), incident_news.c.incident, alerts.c.at)
            .join(alerts, alerts.c.id == sent.alert)
            .join(incident_news, incident_news.c.seq == alerts.c.news)
            .join(saved_searches, saved_searches.c.id == alerts.c.search)
        )
        if search is not None:
            joined = joined.where(saved_searches.c.name == search)
        if waiting:
            joined = joined.where(sent.settled.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(joined.order_by(sent.id.desc()).limit(limit)).mappings()
            return [Delivery(**row) for row in rows]

    def numbers(self) -> Mapping[str, tuple[int, int]]:
        """Name of each saved search that has found something -> alerts, and deliveries of them that wait."""
        counted = select(alerts.c.search, func.count().label("n")).group_by(alerts.c.search).subquery()
        waits = (
            select(alerts.c.search, func.count().label("n"))
            .join(alert_deliveries, alert_deliveries.c.alert == alerts.c.id)
            .where(alert_deliveries.c.settled.is_(None))
            .group_by(alerts.c.search)
            .subquery()
        )
        joined = (
            select(saved_searches.c.name, counted.c.n, func.coalesce(waits.c.n, 0))
            .join(counted, counted.c.search == saved_searches.c.id)
            .outerjoin(waits, waits.c.search == saved_searches.c.id)
        )
        with reading(self._engine) as connection:
            return {row[0]: (row[1], row[2]) for row in connection.execute(joined)}

    def _outgoing(self, chosen: Select[Any]) -> list[Outgoing]:
        with reading(self._engine) as connection:
            rows: Sequence[Any] = connection.execute(chosen).all()
        return [
            Outgoing(
                delivery=row.delivery,
                id=row.id,
                search=row.name,
                at=row.at,
                news=News(incident=row.incident, is_new=row.is_new, changed=tuple(json.loads(row.changed))),
                spans=row.spans,
                record=row.record,
            )
            for row in rows
        ]


_OUTGOING: Final = (
    select(
        alert_deliveries.c.id.label("delivery"),
        alerts.c.id,
        saved_searches.c.name,
        alerts.c.at,
        incident_news.c.incident,
        incident_news.c.is_new,
        incident_news.c.changed,
        alerts.c.spans,
        incident_news.c.record,
    )
    .join(alerts, alerts.c.id == alert_deliveries.c.alert)
    .join(incident_news, incident_news.c.seq == alerts.c.news)
    .join(saved_searches, saved_searches.c.id == alerts.c.search)
)
