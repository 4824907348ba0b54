"""What reading leaves in the archive: extractions, events, claims, stories, incidents; and what indexes still lack of it.

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
from pipeline.archive.database import reading, upsert
from pipeline.archive.schema import (
    article_versions,
    articles,
    claims,
    events,
    extractions,
    incidents,
    index_states,
    marks,
    rejects,
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A relevant article with the signature of its text."""

    article_id: str
    dated: datetime
    signature: bytes


def pages(engine: Engine, statement: Select[Any], key: ColumnElement[Any]) -> Iterator[Any]:
    """Rows of a statement in order of its unique key; each page in a transaction of its own."""
    last: Any = None
    while True:
        page = statement if last is None else statement.where(key > last)
        with reading(engine) as connection:
            rows = connection.execute(page.order_by(key).limit(PAGE)).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = getattr(rows[-1], key.name)


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
    before = connection.execute(select(extractions.c.version, extractions.c.record).where(here)).first()
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
    if before is not None and (before.version, before.record) == (analysed.version, row["record"]):
        return
    connection.execute(delete(events).where(events.c.article_id == article.id))
    connection.execute(delete(claims).where(claims.c.article_id == article.id))
    if extraction.events:
        connection.execute(insert(events), [_event_row(article.id, event) for event in extraction.events])
    if extraction.claims:
        connection.execute(insert(claims), [_claim_row(article.id, claim) for claim in extraction.claims])
    grown = {"revision": articles.c.revision + 1}
    connection.execute(update(articles).where(articles.c.id == article.id).values(grown))


def _event_row(article_id: str, event: Event) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "id": event.id,
        "crime_type": event.crime_type,
        "first_day": event.date and event.date.start.isoformat(),
        "last_day": event.date and event.date.end.isoformat(),
        "ubigeo": event.place and event.place.ubigeo,
        "record": encode(event).decode(),
    }


def _claim_row(article_id: str, claim: Claim) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "id": claim.id,
        "subject": claim.subject,
        "scope": claim.scope,
        "record": encode(claim).decode(),
    }


_DOCUMENTS: Final = (
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
    statement = _DOCUMENTS
    if since is not None:
        statement = statement.where(articles.c.dated >= since)
    if outlets:
        statement = statement.where(articles.c.outlet.in_(outlets))
    for row in pages(engine, statement, articles.c.id):
        yield _document(row)


def documents_by_id(engine: Engine, ids: Iterable[str]) -> Iterator[Document]:
    """The documents of some articles, in the order asked; ids that are not there are left out."""
    for article_id in ids:
        with reading(engine) as connection:
            row = connection.execute(_DOCUMENTS.where(articles.c.id == article_id)).first()
        if row is not None:
            yield _document(row)


def _document(row: Any) -> Document:
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
    lacking = _DOCUMENTS.where(_lacking(target, ARTICLES, articles.c.id, articles.c.revision))
    for row in pages(engine, lacking, articles.c.id):
        yield Pending(document=_document(row), revision=row.revision)


def count_lacking(connection: Connection, target: str) -> int:
    """How many documents that are."""
    lacking = _DOCUMENTS.where(_lacking(target, ARTICLES, articles.c.id, articles.c.revision))
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


def signatures(engine: Engine) -> Iterator[Signed]:
    """Signatures of all relevant articles, in order of id."""
    statement = select(articles.c.id, articles.c.dated, extractions.c.signature).join(
        extractions, extractions.c.article_id == articles.c.id
    )
    for row in pages(engine, statement.where(extractions.c.signature.is_not(None)), articles.c.id):
        yield Signed(article_id=row.id, dated=row.dated, signature=row.signature)


def set_stories(connection: Connection, stories: Mapping[str, str]) -> int:
    """Enter article id -> story id; the number of articles for which that was new."""
    changed = 0
    for article_id, story in stories.items():
        here = and_(articles.c.id == article_id, or_(articles.c.story.is_(None), articles.c.story != story))
        values: dict[str, Any] = {"story": story, "revision": articles.c.revision + 1}
        changed += connection.execute(update(articles).where(here).values(values)).rowcount
    return changed


def known_stories(engine: Engine) -> dict[str, str]:
    """Article id -> story id."""
    with reading(engine) as connection:
        chosen = select(articles.c.id, articles.c.story).where(articles.c.story.is_not(None))
        return {row.id: row.story for row in connection.execute(chosen)}


def event_records(engine: Engine) -> Iterator[EventRecord]:
    """All events with their articles, article by article."""
    for ref, row in _of_articles(engine, events):
        yield EventRecord(event=decode(Event, row.record), article=ref)


def claim_records(engine: Engine) -> Iterator[ClaimRecord]:
    """All claims with their articles, article by article."""
    for ref, row in _of_articles(engine, claims):
        yield ClaimRecord(claim=decode(Claim, row.record), article=ref)


def _of_articles(engine: Engine, table: Any) -> Iterator[tuple[ArticleRef, Any]]:
    with_some = _DOCUMENTS.where(select(table.c.id).where(table.c.article_id == articles.c.id).exists())
    for row in pages(engine, with_some, articles.c.id):
        ref = _document(row).ref
        with reading(engine) as connection:
            found = connection.execute(select(table).where(table.c.article_id == row.id).order_by(table.c.id)).all()
        for record in found:
            yield ref, record


def save_incidents(connection: Connection, merged: Iterable[Incident]) -> int:
    """Put incidents in the place of all that were there; the number of them that are new, changed or gone."""
    records = {incident.id: encode(incident).decode() for incident in merged}
    before = {row.id: row for row in connection.execute(select(incidents))}
    rows: list[dict[str, Any]] = []
    for key in sorted(records.keys() | before.keys()):
        old = before.get(key)
        if old is None or old.record != records.get(key):
            rows.append({"id": key, "revision": (old.revision if old else 0) + 1, "record": records.get(key)})
    upsert(connection, incidents, rows)
    return len(rows)


def stored_incidents(engine: Engine) -> Iterator[Incident]:
    """All incidents, in order of id."""
    for row in pages(engine, select(incidents).where(incidents.c.record.is_not(None)), incidents.c.id):
        yield decode(Incident, row.record)


def forget_readings(connection: Connection) -> None:
    """Let every article be read again; until then what was read stays."""
    connection.execute(update(extractions).values(models_key=""))
    connection.execute(delete(rejects).where(rejects.c.stage == "analyze"))


def fingerprint(connection: Connection) -> str:
    """Changes whenever a Document does."""
    row = connection.execute(select(func.count(), func.coalesce(func.sum(articles.c.revision), 0))).one()
    return f"{row[0]}:{row[1]}"


def find_mark(connection: Connection, name: str) -> str | None:
    """The state of the archive that a step has worked on."""
    value: str | None = connection.execute(select(marks.c.value).where(marks.c.name == name)).scalar()
    return value


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
