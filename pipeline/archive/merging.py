"""What making stories and incidents takes from the archive and leaves there: only what has changed, a part at a time.

Every part is a transaction that writes what came of some changes and takes out their marks, so that it can be killed at any
moment. The caller holds the lock: nobody else reads articles meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, and_, bindparam, delete, func, select, update

from nlp.types import Event
from pipeline.archive.analysed import DOCUMENTS, document_of, pages, placing
from pipeline.archive.changes import mark_days
from pipeline.archive.database import insert_missing, reading, upsert, writing
from pipeline.archive.schema import (
    articles,
    changed_days,
    changed_incidents,
    changed_signatures,
    events,
    extractions,
    incidents,
    marks,
)
from pipeline.records import ArticleRef, EventRecord, Incident, decode, encode

INCIDENTS_AT_ONCE: Final = 200
EVENTS_AT_ONCE: Final = 10_000
"""Events that are grouped anew at once, when their days are not fuller than that."""
DAYS_AT_ONCE: Final = 400
_ROWS_AT_ONCE: Final = 200
_RULES: Final = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A relevant article with the signature of its text."""

    article_id: str
    dated: datetime
    signature: bytes
    story: str | None
    """As far as it was found before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The moment at which an article like others has come, gone or changed."""

    dated: datetime
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An event of a block with its article, and the incident in which it is so far."""

    event: Event
    article_id: str
    published: datetime | None
    story: str
    incident: str | None

    @property
    def key(self) -> str:
        """As that of its record."""
        return f"{self.article_id}.{self.event.id}"

    @property
    def day(self) -> int:
        """Ordinal of the day by which it is found."""
        assert self.event.date is not None, "an event without a date has no block"
        return self.event.date.start.toordinal()


class Merging:
    """The door of the archive through which stories and incidents are made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settled(self) -> bool:
        """Whether stories and incidents are those of all that was read."""
        with reading(self._engine) as connection:
            tables = (changed_signatures, changed_days, changed_incidents)
            return all(connection.execute(select(table).limit(1)).first() is None for table in tables)

    def rules(self) -> str | None:
        """The rules by which they were made."""
        with reading(self._engine) as connection:
            value: str | None = connection.execute(select(marks.c.value).where(marks.c.name == _RULES)).scalar()
            return value

    def begin_anew(self, rules: str) -> None:
        """Mark everything as changed, for other rules."""
        table = events.c
        statement = select(table.article_id, table.id, table.record, table.published, table.block, table.incident)
        rows = pages(self._engine, statement, table.article_id, table.id)
        while page := list(islice(rows, _ROWS_AT_ONCE)):
            with writing(self._engine) as connection:
                _place_anew(connection, page)
        with writing(self._engine) as connection:
            _mark_everything(connection)
            upsert(connection, marks, [{"name": _RULES, "value": rules}])

    # Stories

    def changes(self) -> Iterator[Change]:
        """Where signatures have changed, the earliest first."""
        table = changed_signatures.c
        for row in pages(self._engine, select(table.dated, table.article_id), table.dated, table.article_id):
            yield Change(dated=row.dated, article_id=row.article_id)

    def signatures(self, since: datetime | None = None) -> Iterator[Signed]:
        """Signatures of the relevant articles in order of publication, those of one moment in order of id."""
        statement = (
            select(articles.c.dated, articles.c.id, articles.c.story, extractions.c.signature)
            .join(extractions, extractions.c.article_id == articles.c.id)
            .where(extractions.c.signature.is_not(None))
        )
        if since is not None:
            statement = statement.where(articles.c.dated >= since)
        for row in pages(self._engine, statement, articles.c.dated, articles.c.id):
            yield Signed(article_id=row.id, dated=row.dated, signature=row.signature, story=row.story)

    def save_stories(self, stories: Mapping[str, str], until: datetime | None) -> None:
        """Enter stories that have changed: article id -> story id.

        ``until``: changes before this moment are done with, ``None``: all. From there on those of now are changes too.
        """
        with writing(self._engine) as connection:
            _set_stories(connection, stories)
            done = delete(changed_signatures)
            connection.execute(done if until is None else done.where(changed_signatures.c.dated < until))
            for ids in _slices(stories, _ROWS_AT_ONCE):
                mark_days(connection, ids)
                if until is not None:
                    _mark_signatures(connection, ids, until)

    # Incidents

    def regroup(
        self, reach: int, decide: Callable[[Sequence[Placed], Collection[int]], Mapping[str, str]]
    ) -> int | None:
        """Decide anew to which incident the events belong that some changes bear on; the number of events that moved.

        ``reach``: days up to which an event bears on others. ``decide`` gets events and the days (ordinals) of those that it is
        to decide on: key of event -> id of incident; on those around them was decided before. ``None``: nothing has changed.
        """
        with writing(self._engine) as connection:
            block, changed = _next_days(connection)
            if block is None:
                return None
            chosen = _widened(changed, reach)
            placed = _placed(connection, block, _widened(chosen, reach))
            decided = decide(placed, chosen)
            moved = [one for one in placed if decided.get(one.key, one.incident) != one.incident]
            _take_out_days(connection, block, changed)
            _move(connection, moved, decided)
            beyond = {one.day for one in moved if not _widened({one.day}, reach) <= chosen}
            upsert(connection, changed_days, [{"block": block, "day": day} for day in _iso(beyond)])
        return len(moved)

    def rewrite_incidents(self, make: Callable[[Sequence[EventRecord]], Incident]) -> int | None:
        """Write some of the changed incidents; how many are new, others or gone. ``None``: none is marked."""
        with writing(self._engine) as connection:
            chosen = select(changed_incidents.c.id).order_by(changed_incidents.c.id).limit(INCIDENTS_AT_ONCE)
            ids = connection.scalars(chosen).all()
            if not ids:
                return None
            members = _members(connection, ids)
            written = _put(connection, ids, {key: make(records) for key, records in members.items()})
            connection.execute(delete(changed_incidents).where(changed_incidents.c.id.in_(ids)))
        return written


def _slices(of: Collection[str], size: int) -> Iterator[list[str]]:
    left = iter(of)
    while part := list(islice(left, size)):
        yield part


def _place_anew(connection: Connection, page: Sequence[Any]) -> None:
    undated = _refs(connection, {row.article_id for row in page if row.published is None})
    for row in page:
        ref = undated.get(row.article_id)
        now = {"published": ref.published if ref else row.published, "block": row.block, "incident": row.incident}
        place = placing(row.article_id, decode(Event, row.record))
        if place["block"] is None or place["block"] != row.block:
            now |= place
        if (now["published"], now["block"], now["incident"]) != (row.published, row.block, row.incident):
            here = and_(events.c.article_id == row.article_id, events.c.id == row.id)
            connection.execute(update(events).where(here).values(now))


def _mark_everything(connection: Connection) -> None:
    signed = select(extractions.c.article_id).where(extractions.c.signature.is_not(None))
    dated = select(articles.c.dated, articles.c.id).where(articles.c.id.in_(signed))
    days = select(events.c.block, events.c.first_day).where(events.c.block.is_not(None)).distinct()
    insert_missing(connection, changed_signatures, dated)
    insert_missing(connection, changed_days, days)
    insert_missing(connection, changed_incidents, select(incidents.c.id).where(incidents.c.record.is_not(None)))
    own = select(events.c.incident).where(events.c.incident.is_not(None)).distinct()
    insert_missing(connection, changed_incidents, own)


def _set_stories(connection: Connection, stories: Mapping[str, str]) -> None:
    here = articles.c.id == bindparam("of")
    values: dict[str, Any] = {"story": bindparam("now"), "revision": articles.c.revision + 1}
    rows = [{"of": article_id, "now": story} for article_id, story in stories.items()]
    if rows:
        connection.execute(update(articles).where(here).values(values), rows)


def _mark_signatures(connection: Connection, ids: Collection[str], until: datetime) -> None:
    here = and_(articles.c.id.in_(ids), articles.c.dated >= until)
    insert_missing(connection, changed_signatures, select(articles.c.dated, articles.c.id).where(here))


def _next_days(connection: Connection) -> tuple[str | None, set[int]]:
    """Changed days of one block, as ordinals: as many as hold no more events than are grouped at once."""
    table = changed_days.c
    block = connection.execute(select(func.min(table.block))).scalar()
    held = (
        select(func.count())
        .where(events.c.block == table.block, events.c.first_day == table.day)
        .correlate(changed_days)
        .scalar_subquery()
    )
    statement = select(table.day, held.label("held")).where(table.block == block).order_by(table.day)
    days: set[int] = set()
    total = 0
    for row in connection.execute(statement.limit(DAYS_AT_ONCE)):
        total += row.held
        if days and total > EVENTS_AT_ONCE:
            break
        days.add(date.fromisoformat(row.day).toordinal())
    return block, days


def _widened(days: Collection[int], by: int) -> set[int]:
    """The days and those around them, as far as the calendar goes."""
    around = {day + shift for day in days for shift in range(-by, by + 1)}
    return {day for day in around if date.min.toordinal() <= day <= date.max.toordinal()}


def _iso(days: Collection[int]) -> list[str]:
    return [date.fromordinal(day).isoformat() for day in sorted(days)]


def _placed(connection: Connection, block: str, days: Collection[int]) -> list[Placed]:
    columns = events.c.article_id, events.c.published, events.c.incident, events.c.record, articles.c.story
    chosen = (
        select(*columns)
        .join(articles, articles.c.id == events.c.article_id)
        .where(events.c.block == block, events.c.first_day.in_(_iso(days)))
    )
    return [
        Placed(
            event=decode(Event, row.record),
            article_id=row.article_id,
            published=row.published,
            story=row.story or row.article_id,
            incident=row.incident,
        )
        for row in connection.execute(chosen)
    ]


def _take_out_days(connection: Connection, block: str, days: Collection[int]) -> None:
    here = and_(changed_days.c.block == block, changed_days.c.day.in_(_iso(days)))
    connection.execute(delete(changed_days).where(here))


def _move(connection: Connection, moved: Sequence[Placed], decided: Mapping[str, str]) -> None:
    here = and_(events.c.article_id == bindparam("of"), events.c.id == bindparam("event"))
    rows = [{"of": one.article_id, "event": one.event.id, "now": decided[one.key]} for one in moved]
    if rows:
        connection.execute(update(events).where(here).values(incident=bindparam("now")), rows)
    changed = {key for one in moved for key in (one.incident, decided[one.key]) if key is not None}
    upsert(connection, changed_incidents, [{"id": key} for key in sorted(changed)])


def _members(connection: Connection, ids: Sequence[str]) -> dict[str, list[EventRecord]]:
    chosen = select(events.c.incident, events.c.article_id, events.c.record).where(events.c.incident.in_(ids))
    rows = connection.execute(chosen).all()
    refs = _refs(connection, {row.article_id for row in rows})
    members: dict[str, list[EventRecord]] = {}
    for row in rows:
        record = EventRecord(event=decode(Event, row.record), article=refs[row.article_id])
        members.setdefault(row.incident, []).append(record)
    return members


def _refs(connection: Connection, article_ids: Collection[str]) -> dict[str, ArticleRef]:
    refs: dict[str, ArticleRef] = {}
    for ids in _slices(article_ids, _ROWS_AT_ONCE):
        for row in connection.execute(DOCUMENTS.where(articles.c.id.in_(ids))):
            refs[row.id] = document_of(row).ref
    return refs


def _put(connection: Connection, ids: Sequence[str], made: Mapping[str, Incident]) -> int:
    """Write those that differ from what is there. What is gone stays as a name, so that indexes learn to forget it."""
    before = {row.id: row for row in connection.execute(select(incidents).where(incidents.c.id.in_(ids)))}
    rows: list[dict[str, Any]] = []
    for key in ids:
        record = encode(made[key]).decode() if key in made else None
        old = before.get(key)
        if record != (old and old.record):
            rows.append({"id": key, "revision": (old.revision if old else 0) + 1, "record": record})
    upsert(connection, incidents, rows)
    return len(rows)
