"""Tables of the archive. Times are aware UTC; records are JSON text written by ``pipeline.records``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC on every database (SQLite has no time zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive time is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be archived: {value.isoformat()}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_SERIAL = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str, of: str, **options: Any) -> Column[Any]:
    return Column(name, ForeignKey(of, ondelete="CASCADE"), **options)


articles = Table(
    "articles",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("outlet", String(100), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("version", Integer, nullable=False),  # the newest, from 1
    Column("content_hash", String(64), nullable=False, index=True),  # of the newest version
    Column("dated", UtcDateTime, nullable=False),  # publication, or first sight when that is unknown
    Column("modified", UtcDateTime),
    Column("checked", UtcDateTime, nullable=False),  # last time that the outlet was seen to publish this
    Column("unfinished", Boolean, nullable=False),
    Column("story", String(16)),
    Column("revision", Integer, nullable=False),  # grows whenever the article's Document changes; 0 while there is none
)

article_versions = Table(
    "article_versions",
    metadata,
    _key("article_id", "articles.id", primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("fetched", UtcDateTime, nullable=False),
    Column("raw", Text),  # pointer to the exchange it was read from
    Column("record", Text, nullable=False),  # Article
)

fetch_states = Table(
    "fetch_states",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the URL: an index holds no endless addresses
    Column("url", Text, nullable=False),
    Column("outlet", String(100), nullable=False, index=True),
    Column("etag", Text),  # validators of the last good answer whose contents were all worked off
    Column("last_modified", Text),
    Column("outcome", String(30), nullable=False),
    Column("status", Integer),
    Column("detail", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("succeeded", UtcDateTime),
    Column("failures", Integer, nullable=False),  # in a row
    Column("not_before", UtcDateTime),  # the site asked to be left alone until then
)

robots_files = Table(
    "robots_files",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("text", Text, nullable=False),  # empty when the site has none
    Column("fetched", UtcDateTime, nullable=False),
)

outlet_visits = Table(
    "outlet_visits",
    metadata,
    Column("outlet", String(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False),  # when a crawl last worked off all that it listed
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("file", String(200), nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),  # of its records in the file, in bytes
    Column("sha256", String(64), nullable=False, index=True),  # of the body
)

runs = Table(
    "runs",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("command", Text, nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    Column("state", String(20), nullable=False),
)

run_counts = Table(
    "run_counts",
    metadata,
    _key("run_id", "runs.id", primary_key=True),
    Column("stage", String(20), primary_key=True),
    Column("outlet", String(100), primary_key=True),
    Column("outcome", String(30), primary_key=True),
    Column("n", Integer, nullable=False),
)

run_issues = Table(
    "run_issues",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    _key("run_id", "runs.id", nullable=False, index=True),
    Column("stage", String(20), nullable=False),
    Column("outlet", String(100), nullable=False),
    Column("subject", Text, nullable=False),  # URL or article id
    Column("outcome", String(30), nullable=False),
    Column("status", Integer),
    Column("detail", Text),
    Column("at", UtcDateTime, nullable=False),
)

extractions = Table(
    "extractions",
    metadata,
    _key("article_id", "articles.id", primary_key=True),
    Column("version", Integer, nullable=False),
    Column("models_key", Text, nullable=False, index=True),
    Column("analysed", UtcDateTime, nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("signature", LargeBinary),  # for finding the same text elsewhere; only of relevant articles
    Column("record", Text, nullable=False),  # Extraction
    ForeignKeyConstraint(
        ["article_id", "version"],
        ["article_versions.article_id", "article_versions.version"],
        name="fk_extractions_version",
    ),
)

events = Table(
    "events",
    metadata,
    _key("article_id", "articles.id", primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("crime_type", Text, nullable=False, index=True),
    Column("first_day", String(10), index=True),  # ISO date
    Column("last_day", String(10)),
    Column("ubigeo", Text, index=True),
    Column("record", Text, nullable=False),  # Event
    Column("published", UtcDateTime),  # of the version that was read; NULL: not known
    Column("block", Text),  # crime family and province; NULL when it is compared with no other event
    Column("incident", String(64), index=True),  # the one it belongs to; NULL until that is decided
)

claims = Table(
    "claims",
    metadata,
    _key("article_id", "articles.id", primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("subject", Text),
    Column("scope", Text),
    Column("record", Text, nullable=False),  # Claim
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("record", Text),  # Incident; NULL when it was merged away, so that indexes learn to forget it
)

# What has changed since stories and incidents were last made. Entered in the transaction that changes it, taken out in the one
# that writes what came of it.

changed_signatures = Table(
    "changed_signatures",
    metadata,
    Column(
        "dated", UtcDateTime, primary_key=True
    ),  # the moment at which an article like others has come, gone or changed
    Column("article_id", String(16), primary_key=True),
)

changed_days = Table(
    "changed_days",
    metadata,
    Column("block", Text, primary_key=True),
    Column("day", String(10), primary_key=True),  # ISO date, on which an event or its story has changed
)

changed_incidents = Table(
    "changed_incidents",
    metadata,
    Column("id", String(64), primary_key=True),
)

index_states = Table(
    "index_states",
    metadata,
    Column("target", String(300), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
)

rejects = Table(
    "rejects",
    metadata,
    Column("stage", String(300), primary_key=True),  # analyze, or index:<target>
    Column("id", String(64), primary_key=True),
    Column("key", Text, nullable=False),  # what was tried: the same is not tried again by itself
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(60), primary_key=True),  # of a step that works on the archive as a whole
    Column("value", Text, nullable=False),  # the rules that it has worked by
)

Index("ix_article_versions_content_hash", article_versions.c.content_hash)
Index("ix_articles_dated_id", articles.c.dated, articles.c.id)
Index("ix_events_block_first_day", events.c.block, events.c.first_day)

outlet_states = Table(
    "outlet_states",
    metadata,
    Column("outlet", String(100), primary_key=True),
    Column("begun", UtcDateTime, nullable=False),  # when it was first asked
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("looks", Integer, nullable=False),  # runs in a row that found it in this state
    Column("told", String(20), nullable=False),  # the state that notices last told of
)

notices = Table(
    "notices",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("channel", String(20), nullable=False),  # webhook or email
    Column("record", Text, nullable=False),  # Notice
    Column("at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),  # of the last attempt
    Column("settled", UtcDateTime),  # delivered, or given up: then there is an error
)

Index("ix_articles_outlet_dated", articles.c.outlet, articles.c.dated)
Index("ix_article_versions_raw", article_versions.c.raw)
Index("ix_exchanges_file_offset", exchanges.c.file, exchanges.c.offset)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID
    Column("name", String(64), nullable=False, unique=True, index=True),
    Column("record", Text, nullable=False),  # SavedSearch
    Column("created", UtcDateTime, nullable=False),
    Column("seen", BigInteger, nullable=False),  # news up to this number were matched; that of a broken one stays
    Column("error", Text),  # why it is broken
    Column("broken", UtcDateTime),  # since when
)

incident_news = Table(
    "incident_news",
    metadata,
    Column("seq", _SERIAL, primary_key=True, autoincrement=True),
    Column("incident", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("is_new", Boolean, nullable=False),
    Column("changed", Text, nullable=False),  # JSON: what differs from before
    Column("record", Text),  # ExportedIncident, as it was when a saved search first found it
    sqlite_autoincrement=True,  # a number is never given twice: searches remember how far they have come
)

told_events = Table(
    "told_events",
    metadata,
    Column("key", String(64), primary_key=True),  # article.event
    _key("article_id", "articles.id", nullable=False, index=True),
    Column("essence", Text, nullable=False),  # of its incident, when alerts last looked at it
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", String(36), primary_key=True),  # UUID made of search and news: the same when it is made again
    _key("search", "saved_searches.id", nullable=False, index=True),
    _key("news", "incident_news.seq", nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("spans", Text, nullable=False),  # JSON: tuple of Span
)

alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    _key("alert", "alerts.id", nullable=False, index=True),
    Column("target", String(1000), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),  # of the last attempt
    Column("next_try", UtcDateTime),
    Column("settled", UtcDateTime),  # when it was delivered
)

Index("ix_alert_deliveries_target_settled", alert_deliveries.c.target, alert_deliveries.c.settled)
