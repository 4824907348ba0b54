"""What reading leaves in the archive: extractions, events, claims; and what indexes still lack of it and of incidents.

Whatever can be long is paged by key: memory does not grow with it, and no transaction stays open while the caller works.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from nlp.types import Claim, Event, Extraction
from pipeline.archive.changes import leave_story, mark_days, mark_incidents, mark_signature, remove_events
from pipeline.archive.database import reading, upsert
from pipeline.archive.schema import (
    article_versions,
    articles,
    claims,
    events,
    extractions,
    incidents,
    index_states,
    rejects,
)
from pipeline.grouping import block_of, crime_families
from pipeline.records import ArticleRef, ClaimRecord, Document, EventRecord, Incident, decode, encode
from scrapers.items import Article

PAGE: Final = 200
"""Rows held in memory at a time."""
ARTICLES: Final = "articles"
INCIDENTS: Final = "incidents"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """The newest version of an article."""

    article: Article
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """What was read out of one version of an article."""

    article: Article
    version: int
    models_key: str
    extraction: Extraction
    signature: bytes | None
    """For finding the same text in other outlets; ``None`` when the article is not relevant."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A document that an index lacks or has in an older form."""

    document: Document
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingIncident:
    """An incident that an index lacks or has in an older form; ``None``: the index is to forget it."""

    id: str
    incident: Incident | None
    revision: int


def pages(engine: Engine, statement: Select[Any], *keys: ColumnElement[Any]) -> Iterator[Any]:
    """Rows of a statement in order of columns that together are unique; each page in a transaction of its own."""
    last: Any = None
    while True:
        page = statement if last is None else statement.where(_after(keys, last))
        with reading(engine) as connection:
            rows = connection.execute(page.order_by(*keys).limit(PAGE)).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = [getattr(rows[-1], key.name) for key in keys]


def _after(keys: Sequence[ColumnElement[Any]], last: Sequence[Any]) -> ColumnElement[bool]:
    further: ColumnElement[bool] = keys[0] > last[0]
    if len(keys) == 1:
        return further
    return and_(keys[0] >= last[0], or_(further, _after(keys[1:], last[1:])))


_CURRENT: Final = and_(article_versions.c.article_id == articles.c.id, article_versions.c.version == articles.c.version)
_READ: Final = and_(
    article_versions.c.article_id == extractions.c.article_id, article_versions.c.version == extractions.c.version
)


def attempt(version: int, models_key: str) -> str:
    """Key of a rejected reading: the same version is read again only by other models."""
    return f"{version}:{models_key}"


def to_analyse(models_key: str, *, unread: bool | None = None) -> Select[Any]:
    """Articles whose newest version was not read by these models, and not rejected by them either.

    ``unread``: only those that no models have read, or only those that others have.
    """
    newest = and_(extractions.c.article_id == articles.c.id, extractions.c.version == articles.c.version)
    by_any = select(extractions.c.article_id).where(newest).exists()
    by_these = select(extractions.c.article_id).where(newest, extractions.c.models_key == models_key).exists()
    tried = and_(
        rejects.c.stage == "analyze",
        rejects.c.id == articles.c.id,
        rejects.c.key == cast(articles.c.version, Text) + literal(f":{models_key}"),
    )
    chosen = {None: ~by_these, True: ~by_any, False: and_(by_any, ~by_these)}[unread]
    return (
        select(articles.c.id, articles.c.version, article_versions.c.record)
        .join(article_versions, _CURRENT)
        .where(chosen, ~select(rejects.c.id).where(tried).exists())
    )


def stored_articles(engine: Engine, statement: Select[Any]) -> Iterator[StoredArticle]:
    """The articles that a statement over ``articles.id``, ``version`` and ``record`` chooses."""
    for row in pages(engine, statement, articles.c.id):
        yield StoredArticle(article=decode(Article, row.record), version=row.version)


def save_extraction(connection: Connection, analysed: Analysed) -> None:
    """Put what was read in the place of what was read before. The same again is no news for the indexes."""
    article, extraction = analysed.article, analysed.extraction
    here = extractions.c.article_id == article.id
    columns = extractions.c.version, extractions.c.record, extractions.c.signature
    before = connection.execute(select(*columns).where(here)).first()
    row = {
        "article_id": article.id,
        "version": analysed.version,
        "models_key": analysed.models_key,
        "analysed": analysed.at,
        "relevant": extraction.triage.relevant,
        "signature": analysed.signature,
        "record": encode(extraction).decode(),
    }
    upsert(connection, extractions, [row])
    _note_signature(connection, article.id, before and before.signature, analysed.signature)
    if before is not None and (before.version, before.record) == (analysed.version, row["record"]):
        return
    _replace_events(connection, analysed)
    grown = {"revision": articles.c.revision + 1}
    connection.execute(update(articles).where(articles.c.id == article.id).values(grown))


def _note_signature(connection: Connection, article_id: str, before: bytes | None, now: bytes | None) -> None:
    if before != now:
        mark_signature(connection, article_id)
        if now is None:
            leave_story(connection, article_id)


def _replace_events(connection: Connection, analysed: Analysed) -> None:
    article, extraction = analysed.article, analysed.extraction
    remove_events(connection, article.id)
    if extraction.events:
        connection.execute(insert(events), [event_row(article, event) for event in extraction.events])
    if extraction.claims:
        connection.execute(insert(claims), [_claim_row(article.id, claim) for claim in extraction.claims])
    mark_days(connection, [article.id])
    mark_incidents(connection, article.id)


def event_row(article: Article, event: Event) -> dict[str, Any]:
    """An event as it is kept, before it is compared with others."""
    return {
        "article_id": article.id,
        "id": event.id,
        "crime_type": event.crime_type,
        "first_day": event.date and event.date.start.isoformat(),
        "last_day": event.date and event.date.end.isoformat(),
        "ubigeo": event.place and event.place.ubigeo,
        "record": encode(event).decode(),
        "published": article.published,
        **placing(article.id, event),
    }


def placing(article_id: str, event: Event) -> dict[str, str | None]:
    """Where an event is compared. One that is compared with no other is an incident of its own at once."""
    block = block_of(event, crime_families())
    if block is None:
        return {"block": None, "incident": f"{article_id}.{event.id}"}
    return {"block": block.name, "incident": None}


def _claim_row(article_id: str, claim: Claim) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "id": claim.id,
        "subject": claim.subject,
        "scope": claim.scope,
        "record": encode(claim).decode(),
    }


DOCUMENTS: Final = (
    select(
        articles.c.id,
        articles.c.story,
        articles.c.revision,
        article_versions.c.record,
        extractions.c.record.label("extraction"),
    )
    .join(extractions, extractions.c.article_id == articles.c.id)
    .join(article_versions, _READ)
)


def documents(engine: Engine, *, since: datetime | None = None, outlets: Collection[str] = ()) -> Iterator[Document]:
    """Articles that were read, in order of id: all, or those since a time of publication, or of some outlets."""
    statement = DOCUMENTS
    if since is not None:
        statement = statement.where(articles.c.dated >= since)
    if outlets:
        statement = statement.where(articles.c.outlet.in_(outlets))
    for row in pages(engine, statement, articles.c.id):
        yield document_of(row)


def documents_by_id(engine: Engine, ids: Iterable[str]) -> Iterator[Document]:
    """The documents of some articles, in the order asked; ids that are not there are left out."""
    for article_id in ids:
        with reading(engine) as connection:
            row = connection.execute(DOCUMENTS.where(articles.c.id == article_id)).first()
        if row is not None:
            yield document_of(row)


def document_of(row: Any) -> Document:
    """The document of a row of ``DOCUMENTS``."""
    return Document(article=decode(Article, row.record), extraction=decode(Extraction, row.extraction), story=row.story)


def _lacking(target: str, kind: str, key: ColumnElement[Any], revision: ColumnElement[int]) -> ColumnElement[bool]:
    state = index_states.c
    there = and_(state.target == target, state.kind == kind, state.id == key, state.revision == revision)
    tried = and_(
        rejects.c.stage == index_stage(target, kind), rejects.c.id == key, rejects.c.key == cast(revision, Text)
    )
    return and_(~select(state.id).where(there).exists(), ~select(rejects.c.id).where(tried).exists())


def index_stage(target: str, kind: str) -> str:
    """Name of the stage under which what an index refuses is kept."""
    return f"index:{kind}:{target}"


def pending_documents(engine: Engine, target: str) -> Iterator[Pending]:
    """Documents that an index lacks, has in an older form, and did not refuse in this one."""
    lacking = DOCUMENTS.where(_lacking(target, ARTICLES, articles.c.id, articles.c.revision))
    for row in pages(engine, lacking, articles.c.id):
        yield Pending(document=document_of(row), revision=row.revision)


def count_lacking(connection: Connection, target: str) -> int:
    """How many documents that are."""
    lacking = DOCUMENTS.where(_lacking(target, ARTICLES, articles.c.id, articles.c.revision))
    ids = lacking.with_only_columns(articles.c.id).subquery()
    return connection.execute(select(func.count()).select_from(ids)).scalar_one()


def pending_incidents(engine: Engine, target: str) -> Iterator[PendingIncident]:
    """The same for incidents, and those that an index has and is to forget."""
    held = select(index_states.c.id).where(
        index_states.c.target == target, index_states.c.kind == INCIDENTS, index_states.c.id == incidents.c.id
    )
    statement = select(incidents).where(
        _lacking(target, INCIDENTS, incidents.c.id, incidents.c.revision),
        or_(incidents.c.record.is_not(None), held.exists()),
    )
    for row in pages(engine, statement, incidents.c.id):
        incident = None if row.record is None else decode(Incident, row.record)
        yield PendingIncident(id=row.id, incident=incident, revision=row.revision)


def mark_indexed(connection: Connection, target: str, kind: str, revisions: Mapping[str, int]) -> None:
    """Enter which revision of a record an index now has."""
    rows = [{"target": target, "kind": kind, "id": key, "revision": revision} for key, revision in revisions.items()]
    upsert(connection, index_states, rows)


def forget_index(connection: Connection, target: str) -> None:
    """Enter that an index is empty: everything is pending again."""
    connection.execute(delete(index_states).where(index_states.c.target == target))
    for kind in (ARTICLES, INCIDENTS):
        connection.execute(delete(rejects).where(rejects.c.stage == index_stage(target, kind)))


def event_records(engine: Engine) -> Iterator[EventRecord]:
    """All events with their articles, article by article."""
    for ref, row in _of_articles(engine, events):
        yield EventRecord(event=decode(Event, row.record), article=ref)


def claim_records(engine: Engine) -> Iterator[ClaimRecord]:
    """All claims with their articles, article by article."""
    for ref, row in _of_articles(engine, claims):
        yield ClaimRecord(claim=decode(Claim, row.record), article=ref)


def _of_articles(engine: Engine, table: Any) -> Iterator[tuple[ArticleRef, Any]]:
    with_some = DOCUMENTS.where(select(table.c.id).where(table.c.article_id == articles.c.id).exists())
    for row in pages(engine, with_some, articles.c.id):
        ref = document_of(row).ref
        with reading(engine) as connection:
            found = connection.execute(select(table).where(table.c.article_id == row.id).order_by(table.c.id)).all()
        for record in found:
            yield ref, record


def stored_incidents(engine: Engine) -> Iterator[Incident]:
    """All incidents, in order of id."""
    for row in pages(engine, select(incidents).where(incidents.c.record.is_not(None)), incidents.c.id):
        yield decode(Incident, row.record)


def forget_readings(connection: Connection) -> None:
    """Let every article be read again; until then what was read stays."""
    connection.execute(update(extractions).values(models_key=""))
    connection.execute(delete(rejects).where(rejects.c.stage == "analyze"))


def numbers(connection: Connection) -> dict[str, int]:
    """How many records of each sort the archive holds."""
    tables: Sequence[Any] = (articles, article_versions, extractions, events, claims)
    found = {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}
    kept = select(func.count()).select_from(incidents).where(incidents.c.record.is_not(None))
    relevant = select(func.count()).select_from(extractions).where(extractions.c.relevant)
    return found | {
        "relevant": connection.execute(relevant).scalar_one(),
        "incidents": connection.execute(kept).scalar_one(),
    }
