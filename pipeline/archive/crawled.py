"""What a crawl leaves in the archive: articles and their versions, fetch states, pointers to raw responses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from pipeline.archive.changes import forget_reading
from pipeline.archive.database import upsert
from pipeline.archive.schema import article_versions, articles, exchanges, fetch_states, outlet_visits, robots_files
from pipeline.archive.warc import Pointer
from pipeline.records import decode, encode
from scrapers.items import FAILURES, Article, Exchange, Fetch, Known, Outcome, RobotsFile, Validators, hash_of

DETAIL_CHARACTERS: Final = 2000
REPOSTED_WITHIN: Final = timedelta(days=30)
"""Between two prints of one text at two addresses. What comes back later is a column or a form letter that is printed anew."""
_ANSWERED: Final = frozenset({Outcome.FEED_READ, Outcome.FEED_EMPTY})
_LATER: Final = frozenset({Outcome.NETWORK_ERROR, Outcome.BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """How an address answered when it was last asked."""

    url: str
    outcome: Outcome
    status: int | None
    detail: str | None
    at: datetime
    succeeded: datetime | None
    """Last time that it answered as it should."""
    failures: int
    """In a row, since then."""
    not_before: datetime | None = None
    """The site asked to be left alone until then."""


@dataclass(slots=True)
class FeedAnswers:
    """Validators of the entry points that answered during a crawl, until it is known that all they list was worked off.

    A server that is told them answers "not modified" and lists nothing. So they are kept only when the crawl came to its
    end and nothing of the outlet is left to be fetched again: else a crash, or a page that failed, would lose articles.
    """

    answers: dict[str, tuple[str, Validators]] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    """Outlets that answered 403 or 429."""

    def note(self, fetch: Fetch) -> None:
        """Take in what became of an address."""
        if fetch.outcome in _ANSWERED:
            self.answers[fetch.url] = fetch.outlet, Validators(etag=fetch.etag, last_modified=fetch.last_modified)
        server_failed = fetch.outcome is Outcome.HTTP_ERROR and (fetch.status is None or fetch.status >= 500)
        if fetch.outcome in _LATER or server_failed:
            self.unsettled.add(fetch.outlet)
        if fetch.outcome is Outcome.BLOCKED:
            self.refusing.add(fetch.outlet)

    def worked_off(self, visited: Collection[str]) -> list[str]:
        """Those of some outlets that have nothing left to fetch, or do not want to be asked more."""
        return [outlet for outlet in visited if outlet not in self.unsettled or outlet in self.refusing]

    def settled(self) -> dict[str, Validators]:
        """URL -> validators of the outlets that have nothing left to fetch."""
        return {url: known for url, (outlet, known) in self.answers.items() if outlet not in self.unsettled}


def find_validators(connection: Connection, url: str) -> Validators | None:
    """What the last good and settled answer of an entry point carried. None after a failure: "not modified" would not show
    that it is over.
    """
    state = fetch_states.c
    columns = select(state.etag, state.last_modified, state.failures)
    row = connection.execute(columns.where(state.id == hash_of(url))).first()
    if row is None or row.failures or (row.etag is None and row.last_modified is None):
        return None
    return Validators(etag=row.etag, last_modified=row.last_modified)


def keep_validators(connection: Connection, settled: dict[str, Validators]) -> None:
    """Let the next crawl ask conditionally."""
    for url, known in settled.items():
        values = {"etag": known.etag, "last_modified": known.last_modified}
        connection.execute(update(fetch_states).where(fetch_states.c.id == hash_of(url)).values(**values))


def keep_visits(connection: Connection, outlets: Collection[str], at: datetime) -> None:
    """Enter that a crawl worked off all that some outlets listed, as far as they let it."""
    upsert(connection, outlet_visits, [{"outlet": outlet, "at": at} for outlet in outlets])


def find_visits(connection: Connection) -> dict[str, datetime]:
    """Outlet -> when that was last so."""
    return {row.outlet: row.at for row in connection.execute(select(outlet_visits))}


def forget_validators(connection: Connection, outlets: Collection[str] | None = None) -> None:
    """Let the next crawl read every entry point in full."""
    statement = update(fetch_states).values(etag=None, last_modified=None)
    connection.execute(statement if outlets is None else statement.where(fetch_states.c.outlet.in_(outlets)))


def find_pauses(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Outlet -> until when its sites asked to be left alone; without what is over."""
    state = fetch_states.c
    rows = select(state.outlet, func.max(state.not_before).label("until")).where(state.not_before > now)
    return {row.outlet: row.until for row in connection.execute(rows.group_by(state.outlet))}


def find_robots(connection: Connection, origin: str) -> RobotsFile | None:
    """The robots.txt of a site as it was last read."""
    row = connection.execute(select(robots_files).where(robots_files.c.origin == origin)).mappings().first()
    return None if row is None else RobotsFile(**row)


def save_robots(connection: Connection, file: RobotsFile) -> None:
    """Keep a robots.txt in place of the one before."""
    row = {"origin": file.origin, "text": storable(file.text), "fetched": file.fetched}
    upsert(connection, robots_files, [row])


def save_fetch(connection: Connection, fetch: Fetch) -> None:
    """Keep the newest state of an address; its validators stay as they are. "Not modified" ends no failure."""
    key = hash_of(fetch.url)
    before = connection.execute(
        select(fetch_states.c.failures, fetch_states.c.succeeded).where(fetch_states.c.id == key)
    ).first()
    if fetch.outcome is Outcome.NOT_MODIFIED and before is not None and before.failures:
        connection.execute(update(fetch_states).where(fetch_states.c.id == key).values(at=fetch.at))
        return
    failed = fetch.outcome in FAILURES
    row = {
        "id": key,
        "url": storable(fetch.url),
        "outlet": fetch.outlet,
        "outcome": fetch.outcome.value,
        "status": fetch.status,
        "detail": clipped(fetch.detail),
        "at": fetch.at,
        "succeeded": (before and before.succeeded) if failed else fetch.at,
        "failures": (before.failures if before else 0) + 1 if failed else 0,
        "not_before": fetch.not_before,
    }
    upsert(connection, fetch_states, [row])


def find_states(connection: Connection, urls: Iterable[str]) -> Iterator[FetchState]:
    """States of those addresses that were ever asked."""
    state = fetch_states.c
    columns = select(*(state[name] for name in FetchState.__slots__))
    for url in urls:
        row = connection.execute(columns.where(state.id == hash_of(url))).mappings().first()
        if row is not None:
            yield FetchState(**(dict(row) | {"outcome": Outcome(row["outcome"])}))


def find_known(connection: Connection, article_id: str) -> Known | None:
    """What is stored of an article."""
    row = connection.execute(
        select(articles.c.content_hash, articles.c.modified, articles.c.checked, articles.c.unfinished).where(
            articles.c.id == article_id
        )
    ).first()
    return row and Known(
        content_hash=row.content_hash, modified=row.modified, fetched=row.checked, unfinished=row.unfinished
    )


def save_article(connection: Connection, article: Article, raw: str | None) -> Outcome:
    """Keep an article: a new one, a new version, or nothing but the fact that it was seen again, at its own address or another.

    A text that an earlier version already had counts as an edit only when the outlet dates it later: two feeds of one
    outlet that print an article differently would otherwise make versions for ever.
    """
    stored = connection.execute(select(articles).where(articles.c.id == article.id)).mappings().first()
    if stored is None:
        if (original := _reposted(connection, article)) is not None:
            _see_again(connection, replace(article, id=original["id"]), original)
            return Outcome.UNCHANGED
        connection.execute(insert(articles).values(_first(article)))
        _add_version(connection, article, 1, raw)
        return Outcome.NEW
    newer = article.modified is not None and (stored["modified"] is None or article.modified > stored["modified"])
    if stored["content_hash"] == article.content_hash or (not newer and _had(connection, article)):
        _see_again(connection, article, stored)
        return Outcome.UNCHANGED
    version = stored["version"] + 1
    values = _newest(article) | {"version": version, "modified": article.modified or stored["modified"]}
    connection.execute(update(articles).where(articles.c.id == article.id).values(**values))
    _add_version(connection, article, version, raw)
    return Outcome.CHANGED


def _reposted(connection: Connection, article: Article) -> Any:
    """The article of the same outlet with the same title and text, at another address, of the same days."""
    about = article.published or article.fetched
    same = (
        articles.c.outlet == article.outlet,
        articles.c.content_hash == article.content_hash,
        articles.c.dated.between(about - REPOSTED_WITHIN, about + REPOSTED_WITHIN),
    )
    return connection.execute(select(articles).where(*same).order_by(articles.c.id).limit(1)).mappings().first()


def _first(article: Article) -> dict[str, Any]:
    return _newest(article) | {
        "id": article.id,
        "outlet": article.outlet,
        "url": storable(article.url),
        "version": 1,
        "dated": article.published or article.fetched,
        "revision": 0,
    }


def _newest(article: Article) -> dict[str, Any]:
    return {
        "content_hash": article.content_hash,
        "modified": article.modified,
        "checked": article.fetched,
        "unfinished": article.unfinished,
    }


def _add_version(connection: Connection, article: Article, version: int, raw: str | None) -> None:
    connection.execute(
        insert(article_versions).values(
            article_id=article.id,
            version=version,
            content_hash=article.content_hash,
            fetched=article.fetched,
            raw=raw,
            record=stored_record(article),
        )
    )


def _had(connection: Connection, article: Article) -> bool:
    versions = article_versions.c
    same = select(versions.version).where(
        versions.article_id == article.id, versions.content_hash == article.content_hash
    )
    return connection.execute(same.limit(1)).first() is not None


def _see_again(connection: Connection, article: Article, stored: Any) -> None:
    dates = [at for at in (stored["modified"], article.modified) if at is not None]
    values: dict[str, Any] = {"checked": max(stored["checked"], article.fetched), "modified": max(dates, default=None)}
    if stored["content_hash"] == article.content_hash:
        values["unfinished"] = article.unfinished
        if article.published is not None:
            values |= _learn_date(connection, article, stored["version"])
    connection.execute(update(articles).where(articles.c.id == article.id).values(**values))


def _learn_date(connection: Connection, article: Article, version: int) -> dict[str, Any]:
    """A publication date that was missing: it is entered, and the article is read again by it."""
    here = (article_versions.c.article_id == article.id) & (article_versions.c.version == version)
    known = decode(Article, connection.execute(select(article_versions.c.record).where(here)).scalar_one())
    if known.published is not None:
        return {}
    dated = replace(known, published=article.published, published_raw=article.published_raw)
    connection.execute(update(article_versions).where(here).values(record=stored_record(dated)))
    forget_reading(connection, article.id)
    return {"dated": article.published}


def find_exchange(connection: Connection, url: str, sha256: str) -> Pointer | None:
    """An earlier exchange at the same address with the same body."""
    same = exchanges.c.url == storable(url), exchanges.c.sha256 == sha256
    return _pointer(connection.execute(select(exchanges).where(*same).order_by(exchanges.c.id).limit(1)).first())


def last_exchange(connection: Connection) -> Pointer | None:
    """The exchange whose records were written last."""
    newest = select(func.max(exchanges.c.file)).scalar_subquery()
    ordered = select(exchanges).where(exchanges.c.file == newest).order_by(exchanges.c.offset.desc())
    return _pointer(connection.execute(ordered.limit(1)).first())


def save_exchange(connection: Connection, exchange: Exchange, sha256: str, pointer: Pointer) -> None:
    """Keep where an exchange is."""
    connection.execute(
        insert(exchanges).values(
            url=storable(exchange.url),
            at=exchange.at,
            status=exchange.status,
            file=pointer.file,
            offset=pointer.offset,
            length=pointer.length,
            sha256=sha256,
        )
    )


def _pointer(row: Any) -> Pointer | None:
    return row and Pointer(file=row.file, offset=row.offset, length=row.length)


def storable(text: str) -> str:
    """Without what a database cannot keep in a text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def stored_record(article: Article) -> str:
    """The record of an article. Half characters (lone surrogates) beside its text must not keep it out."""
    try:
        return encode(article).decode()
    except ValueError:
        return encode(
            replace(
                article,
                published_raw=article.published_raw and storable(article.published_raw),
                modified_raw=article.modified_raw and storable(article.modified_raw),
                section=article.section and storable(article.section),
                authors=tuple(map(storable, article.authors)),
                tags=tuple(map(storable, article.tags)),
            )
        ).decode()


def clipped(detail: str | None) -> str | None:
    """A detail of bounded length."""
    return detail and storable(detail)[:DETAIL_CHARACTERS]


def outlets_seen(connection: Connection) -> Iterator[tuple[str, int, datetime]]:
    """Outlet, number of its articles, and when the newest of them was published."""
    count, newest = func.count(), func.max(articles.c.dated)
    for row in connection.execute(select(articles.c.outlet, count, newest).group_by(articles.c.outlet)):
        yield row[0], row[1], row[2]
