"""Raw responses and what points to them: for reading them again, for removing old ones, for verifying all."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from pipeline.archive.analysed import StoredArticle, pages
from pipeline.archive.changes import forget_reading, mark_signature
from pipeline.archive.crawled import stored_record
from pipeline.archive.database import reading, writing
from pipeline.archive.schema import article_versions, articles, exchanges, extractions
from pipeline.archive.warc import Pointer, WarcFolder, generation_of
from pipeline.records import decode
from scrapers.items import Article, hash_of

_NEWEST = and_(article_versions.c.article_id == articles.c.id, article_versions.c.version == articles.c.version)
_POINTER: ColumnElement[str] = exchanges.c.file + literal("#") + cast(exchanges.c.offset, Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptExchange:
    """An exchange in a WARC file."""

    pointer: Pointer
    at: datetime
    """When this was last the answer."""
    needed: bool
    """The newest version of an article points to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInfo:
    """A version of an article and where it came from."""

    version: int
    article: Article
    raw: str | None
    source: str | None
    """Address of the feed or page that answered with it; ``None``: the raw response was removed."""


class Keeping:
    """The part of the archive that looks after raw responses."""

    def __init__(self, engine: Engine, raw: WarcFolder) -> None:
        self._engine = engine
        self._raw = raw

    # Versions

    def versions(self, key: str) -> list[VersionInfo]:
        """All versions of an article, the first one first."""
        version = article_versions.c
        chosen = select(version.version, version.record, version.raw).where(version.article_id == key)
        with reading(self._engine) as connection:
            return [
                VersionInfo(
                    version=row.version,
                    article=decode(Article, row.record),
                    raw=row.raw,
                    source=_source(connection, row.raw),
                )
                for row in connection.execute(chosen.order_by(version.version)).all()
            ]

    # Reading again

    def raws(self, outlets: Collection[str] = ()) -> Iterator[str]:
        """Pointers to the responses that the newest versions of articles were read from, each once."""
        raw = article_versions.c.raw
        chosen = select(raw).join(articles, _NEWEST).where(raw.is_not(None)).distinct()
        if outlets:
            chosen = chosen.where(articles.c.outlet.in_(outlets))
        return (row.raw for row in pages(self._engine, chosen, raw))

    def read_from(self, raw: str) -> list[StoredArticle]:
        """Articles whose newest version was read from a response."""
        chosen = select(article_versions.c.record, articles.c.version).join(articles, _NEWEST)
        with reading(self._engine) as connection:
            rows = connection.execute(chosen.where(article_versions.c.raw == raw).order_by(articles.c.id)).all()
        return [StoredArticle(article=decode(Article, row.record), version=row.version) for row in rows]

    def save_again(self, stored: StoredArticle, article: Article, raw: str) -> None:
        """Keep what was read again from a response: another text as a new version, other fields in the version's place."""
        article = replace(article, fetched=stored.article.fetched)
        newest = articles.c.id == article.id
        with writing(self._engine) as connection:
            same_text = article.content_hash == stored.article.content_hash
            if same_text or article.published != stored.article.published:
                forget_reading(connection, article.id)
            if article.published is not None:
                mark_signature(connection, article.id)  # where it was among the others, and where it will be
                connection.execute(update(articles).where(newest).values(dated=article.published))
                mark_signature(connection, article.id)
            if same_text:
                here = and_(article_versions.c.article_id == article.id, article_versions.c.version == stored.version)
                connection.execute(update(article_versions).where(here).values(record=stored_record(article)))
                return
            values = {
                "version": stored.version + 1,
                "content_hash": article.content_hash,
                "unfinished": article.unfinished,
            }
            connection.execute(update(articles).where(newest).values(values))
            connection.execute(
                insert(article_versions).values(
                    article_id=article.id,
                    version=stored.version + 1,
                    content_hash=article.content_hash,
                    fetched=article.fetched,
                    raw=raw,
                    record=stored_record(article),
                )
            )

    # Removing

    def sizes(self) -> dict[str, int]:
        """WARC files and their bytes, oldest first."""
        return self._raw.sizes()

    def exchanges(self, file: str) -> list[KeptExchange]:
        """Exchanges of a file, each once, in their order in it."""
        newest = select(articles.c.id).join(article_versions, _NEWEST).where(article_versions.c.raw == _POINTER)
        exchange = exchanges.c
        chosen = select(
            exchange.offset, exchange.length, exchange.at, newest.correlate(exchanges).exists().label("needed")
        ).where(exchange.file == file)
        found: dict[int, KeptExchange] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(chosen.order_by(exchange.offset, exchange.at)):
                pointer = Pointer(file=file, offset=row.offset, length=row.length)
                found[row.offset] = KeptExchange(pointer=pointer, at=row.at, needed=bool(row.needed))
        return list(found.values())

    def keep_only(self, file: str, kept: Sequence[Pointer]) -> None:
        """Remove all other exchanges of a file. Killed at any moment, each pointer still leads to its response."""
        moved = self._raw.copy(file, kept) if kept else []
        with writing(self._engine) as connection:
            for old, new in zip(kept, moved, strict=True):
                connection.execute(
                    update(article_versions).where(article_versions.c.raw == str(old)).values(raw=str(new))
                )
                here = and_(exchanges.c.file == file, exchanges.c.offset == old.offset)
                connection.execute(update(exchanges).where(here).values(file=new.file, offset=new.offset))
            gone = and_(article_versions.c.raw >= f"{file}#", article_versions.c.raw < f"{file}$")
            connection.execute(update(article_versions).where(gone).values(raw=None))
            connection.execute(delete(exchanges).where(exchanges.c.file == file))
        self._raw.remove(file)

    def leftovers(self) -> list[str]:
        """Files of a rewriting that was cut short: nothing points into them, but into another form of the same file."""
        with reading(self._engine) as connection:
            used = set(connection.scalars(select(exchanges.c.file).distinct()))
        stems = {generation_of(file)[0] for file in used}
        return [file for file in self.sizes() if file not in used and generation_of(file)[0] in stems]

    def remove_file(self, file: str) -> None:
        """Delete a file that nothing points into."""
        self._raw.remove(file)

    # Verifying

    def count_pointers(self) -> int:
        """Responses that versions of articles point to."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count(article_versions.c.raw.distinct()))).scalar_one()

    def pointers(self) -> Iterator[tuple[str, str | None]]:
        """Each of them, with the SHA-256 of its body; ``None``: the archive does not know of it."""
        raw = article_versions.c.raw
        for row in pages(self._engine, select(raw).where(raw.is_not(None)).distinct(), raw):
            with reading(self._engine) as connection:
                known = select(exchanges.c.sha256).where(_at(row.raw))
                yield row.raw, connection.execute(known.limit(1)).scalar()

    def database_faults(self) -> list[str]:
        """What the database itself finds wrong with its files and references."""
        with reading(self._engine) as connection:
            if connection.dialect.name != "sqlite":
                return []  # PostgreSQL verifies its pages and references by itself
            checked = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        faults = [str(line) for line in checked if line != "ok"]
        return faults + [f"{row[0]} row {row[1]} refers to nothing in {row[2]}" for row in dangling]

    def article_faults(self) -> Iterator[str | None]:
        """For each article what is wrong with its newest version, or ``None``."""
        chosen = (
            select(
                articles.c.id,
                articles.c.content_hash,
                article_versions.c.record,
                extractions.c.version.label("read"),
                articles.c.version,
                extractions.c.record.label("extraction"),
            )
            .outerjoin(article_versions, _NEWEST)
            .outerjoin(extractions, extractions.c.article_id == articles.c.id)
        )
        for row in pages(self._engine, chosen, articles.c.id):
            fault = _fault(row)
            yield f"article {row.id}: {fault}" if fault else None


def _fault(row: Any) -> str | None:
    if row.record is None:
        return "its newest version is not there"
    try:
        article = decode(Article, row.record)
    except ValueError as error:
        return str(error)
    if article.id != row.id:
        return "its record is of another article"
    if not row.content_hash == article.content_hash == hash_of(article.text):
        return "its text is not the one that its hash names"
    if row.read == row.version and json.loads(row.extraction)["text_hash"] != row.content_hash:
        return "what was read out of it is of another text"
    return None


def _at(raw: str) -> ColumnElement[bool]:
    file, _, offset = raw.rpartition("#")
    return and_(exchanges.c.file == file, exchanges.c.offset == int(offset))


def _source(connection: Connection, raw: str | None) -> str | None:
    if raw is None:
        return None
    found: str | None = connection.execute(select(exchanges.c.url).where(_at(raw)).limit(1)).scalar()
    return found
