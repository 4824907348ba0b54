"""Marks of what has changed since stories and incidents were made, entered in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select, update

from pipeline.archive.database import insert_missing
from pipeline.archive.schema import (
    articles,
    changed_days,
    changed_incidents,
    changed_signatures,
    claims,
    events,
    extractions,
)


def mark_signature(connection: Connection, article_id: str) -> None:
    """The signature of an article is new, another or gone."""
    insert_missing(
        connection, changed_signatures, select(articles.c.dated, articles.c.id).where(articles.c.id == article_id)
    )


def mark_days(connection: Connection, article_ids: Collection[str]) -> None:
    """The events of some articles, or their stories, are new, others, or about to go."""
    here = events.c.article_id.in_(article_ids)
    days = select(events.c.block, events.c.first_day).where(here, events.c.block.is_not(None)).distinct()
    insert_missing(connection, changed_days, days)


def mark_incidents(connection: Connection, article_id: str) -> None:
    """The incidents to which events of an article belong have to be written anew."""
    here = events.c.article_id == article_id
    insert_missing(
        connection,
        changed_incidents,
        select(events.c.incident).where(here, events.c.incident.is_not(None)).distinct(),
    )


def remove_events(connection: Connection, article_id: str) -> None:
    """Take out what was read of an article: events and claims."""
    mark_days(connection, [article_id])
    mark_incidents(connection, article_id)
    connection.execute(delete(events).where(events.c.article_id == article_id))
    connection.execute(delete(claims).where(claims.c.article_id == article_id))


def leave_story(connection: Connection, article_id: str) -> None:
    """An article is like no other any more: it is not relevant, or not read."""
    connection.execute(update(articles).where(articles.c.id == article_id).values(story=None))
    mark_days(connection, [article_id])


def forget_reading(connection: Connection, article_id: str) -> None:
    """Take out all that was read of an article, for it has to be read anew. While it is dated as it was."""
    mark_signature(connection, article_id)
    leave_story(connection, article_id)
    remove_events(connection, article_id)
    connection.execute(delete(extractions).where(extractions.c.article_id == article_id))
