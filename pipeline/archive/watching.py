"""What the archive knows of how outlets are doing: their history, their states, and notices that are to be sent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, and_, extract, func, insert, select, update

from pipeline.archive.crawled import clipped
from pipeline.archive.database import reading, upsert, writing
from pipeline.archive.schema import (
    article_versions,
    articles,
    notices,
    outlet_states,
    run_counts,
    run_issues,
    runs,
)
from scrapers.items import FAILURES, GONE

RUNS: Final = 100
"""Newest runs that are looked at."""
BACKFILL: Final = "backfill"
"""Command of the runs that say nothing of how outlets are doing now."""
_STAGE: Final = "crawl"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletState:
    """How an outlet was doing when it was last judged."""

    outlet: str
    begun: datetime
    state: str
    reason: str
    since: datetime
    looks: int
    """Runs in a row that found it in this state."""
    told: str
    """The state that notices last told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingNotice:
    """A notice that has not been delivered yet."""

    id: int
    channel: str
    record: str
    at: datetime
    attempts: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run counted at one outlet."""

    at: datetime
    counts: dict[str, int]
    """Outcome -> addresses."""
    bad_pages: dict[str, int]
    """Outcome -> failures, without those of entry points, nor of pages that were found gone in an earlier run: an article that was
    withdrawn is met again as long as it is listed.
    """


class Watching:
    """The part of the archive that knows how outlets are doing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # History

    def begun(self) -> dict[str, datetime]:
        """Outlet -> when it was first asked."""
        with reading(self._engine) as connection:
            entered = {row.outlet: row.begun for row in connection.execute(select(outlet_states))}
            first = select(run_counts.c.outlet, func.min(run_counts.c.run_id).label("run_id"))
            unknown = first.where(run_counts.c.stage == _STAGE, run_counts.c.outlet.not_in(entered))
            found = unknown.group_by(run_counts.c.outlet).subquery()
            joined = select(found.c.outlet, runs.c.started).join(runs, runs.c.id == found.c.run_id)
            return entered | {row.outlet: row.started for row in connection.execute(joined)}

    def run_facts(self, entry_points: Collection[str]) -> dict[str, list[RunFacts]]:
        """Outlet -> what the newest runs counted at it, newest first."""
        crawls = select(runs.c.id, runs.c.started).where(runs.c.command != BACKFILL)
        newest = crawls.order_by(runs.c.id.desc()).limit(RUNS).subquery()
        count, issue = run_counts.c, run_issues.c
        counted = (
            select(count.outlet, newest.c.id, newest.c.started, count.outcome, count.n)
            .join(newest, newest.c.id == count.run_id)
            .where(count.stage == _STAGE)
        )
        failed = (
            select(issue.outlet, newest.c.id, issue.subject, issue.outcome, issue.status)
            .join(newest, newest.c.id == issue.run_id)
            .where(issue.stage == _STAGE, issue.outcome.in_([outcome.value for outcome in FAILURES]))
        )
        facts: dict[tuple[str, int], RunFacts] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(counted.order_by(newest.c.id.desc())):
                fact = facts.setdefault((row.outlet, row.id), RunFacts(at=row.started, counts={}, bad_pages={}))
                fact.counts[row.outcome] = row.n
            passed_over = set(entry_points)
            for outlet, run_id, subject, outcome, status in connection.execute(failed.order_by(newest.c.id)):
                if subject not in passed_over and (outlet, run_id) in facts:
                    bad = facts[outlet, run_id].bad_pages
                    bad[outcome] = bad.get(outcome, 0) + 1
                if status in GONE:
                    passed_over.add(subject)
        by_outlet: dict[str, list[RunFacts]] = {}
        for (outlet, _), fact in facts.items():
            by_outlet.setdefault(outlet, []).append(fact)
        return by_outlet

    def hours(self, since: datetime) -> dict[str, Counter[int]]:
        """Outlet -> hours since 1970 in which it published -> number of articles."""
        hour = (extract("epoch", articles.c.dated) // 3600).label("hour")
        counted = select(articles.c.outlet, hour, func.count()).where(articles.c.dated >= since)
        found: dict[str, Counter[int]] = {}
        with reading(self._engine) as connection:
            for outlet, at, n in connection.execute(counted.group_by(articles.c.outlet, hour)):
                found.setdefault(outlet, Counter())[int(at)] = n
        return found

    def newest_records(self, outlet: str, limit: int, before: datetime | None = None) -> list[dict[str, Any]]:
        """Records of the newest articles of an outlet, or of the newest before some time, as they were first kept, newest first. Not
        validated: for counting.
        """
        first = and_(article_versions.c.article_id == articles.c.id, article_versions.c.version == 1)
        newest = select(article_versions.c.record).join(articles, first).where(articles.c.outlet == outlet)
        if before is not None:
            newest = newest.where(articles.c.dated < before)
        with reading(self._engine) as connection:
            records = connection.scalars(newest.order_by(articles.c.dated.desc()).limit(limit))
            return [json.loads(record) for record in records]

    # States

    def states(self) -> dict[str, OutletState]:
        """Outlet -> its state when it was last judged."""
        with reading(self._engine) as connection:
            found = connection.execute(select(outlet_states)).mappings()
            return {row["outlet"]: OutletState(**row) for row in found}

    def save_states(self, states: Iterable[OutletState], told: Sequence[tuple[str, str]] = (), *, at: datetime) -> None:
        """Keep states and, with them or not at all, notices that are to be sent: channel and record."""
        with writing(self._engine) as connection:
            rows = [{name: getattr(one, name) for name in OutletState.__slots__} for one in states]
            upsert(connection, outlet_states, rows)
            for channel, record in told:
                connection.execute(insert(notices).values(channel=channel, record=record, at=at, attempts=0))

    # Notices

    def pending_notices(self) -> list[PendingNotice]:
        """Notices that were not delivered yet, oldest first."""
        notice = notices.c
        columns = select(notice.id, notice.channel, notice.record, notice.at, notice.attempts, notice.error)
        with reading(self._engine) as connection:
            waiting = connection.execute(columns.where(notice.settled.is_(None)).order_by(notice.id)).mappings()
            return [PendingNotice(**row) for row in waiting]

    def settle_notice(self, notice_id: int, *, error: str | None = None, at: datetime | None = None) -> None:
        """Enter an attempt. ``at``: when it was delivered, or given up; ``None``: to be tried again."""
        values: dict[str, Any] = {"attempts": notices.c.attempts + 1, "error": clipped(error), "settled": at}
        with writing(self._engine) as connection:
            connection.execute(update(notices).where(notices.c.id == notice_id).values(values))
