"""Saved searches, and the alerts that they give: what is kept and what is sent."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import ConfigDict, with_config

from pipeline.asked import Asked
from pipeline.export.records import ExportedIncident
from pipeline.records import from_dict, to_dict
from pipeline.webhooks import checked_webhook, shown_webhook

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST_TARGET: Final = 1000
DEFAULT_WITHIN: Final = "7d"
EMAIL, WEBHOOK, FEED, JSONL = "email", "webhook", "feed", "jsonl"


class AlertError(ValueError):
    """A saved search that cannot be as it is asked for; the message says what to do."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search that is asked of every new incident."""

    name: str
    asked: Asked
    targets: tuple[str, ...]
    """Where alerts go: ``email:ADDRESS``, ``webhook:URL``, ``feed:FILE``, ``jsonl:FILE``."""
    within: str | None = DEFAULT_WITHIN
    """Only incidents whose latest report is not older than this when it comes in; ``None``: of any age."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of an article that tell what a saved search looks for."""

    field: str
    """What they tell: ``trigger`` (the event itself), ``place``, ``gangs``, ``money`` …; ``title``: words of the headline."""
    start: int
    """Offset of the first character in the article's text (title, blank line, body)."""
    end: int
    """Offset after the last character."""
    text: str
    """The words, with private things covered."""
    article_id: str
    """Id of the article."""
    url: str
    """Its address."""
    content_hash: str
    """Names the version of the article that the offsets refer to."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is sent: an incident that a saved search has found, according to the press."""

    schema: Literal["vigia.alert/1.0"] = "vigia.alert/1.0"
    id: str
    """The same when it is sent again: whoever has seen it may leave it."""
    search: str
    """Name of the saved search."""
    at: datetime
    """When it was found."""
    news: Literal["new", "changed"]
    """Whether the incident is new, or differs from before in what matters."""
    changed: tuple[str, ...]
    """What differs: ``crime``, ``place``, ``gangs``, ``businesses``, ``money``, ``methods``, ``counts``, ``prison``,
    ``officials``, ``denied``."""
    spans: tuple[Span, ...]
    """The words that it was found by."""
    incident: ExportedIncident
    """The incident as it was then, without private things."""


def spans_json(spans: Sequence[Span]) -> str:
    """Spans as they are kept."""
    return json.dumps([to_dict(span) for span in spans], ensure_ascii=False, separators=(",", ":"))


def spans_of(kept: str) -> tuple[Span, ...]:
    """What ``spans_json`` wrote."""
    return tuple(from_dict(Span, span) for span in json.loads(kept))


def alert_id(search_id: str, news: int) -> str:
    """Id of the alert of a search and a piece of news."""
    return str(uuid.uuid5(_uuid(search_id), str(news)))


@lru_cache(maxsize=1 << 16)
def _uuid(text: str) -> uuid.UUID:
    return uuid.UUID(text)


def checked_name(name: str) -> str:
    """The name of a saved search.

    Raises:
        AlertError: it has other characters than a name may have.
    """
    if not NAME.fullmatch(name):
        raise AlertError(
            f"{name!r} is no name: up to 64 small letters, digits, - and _, beginning with a letter or digit"
        )
    return name


def email_target(address: str) -> str:
    """Alerts by e-mail.

    Raises:
        AlertError: it is no address.
    """
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError) as error:
        raise AlertError(f"{address!r} is no e-mail address") from error
    if not parsed.username or "." not in parsed.domain.strip(".") or not address.isascii() or not address.isprintable():
        raise AlertError(f"{address!r} is no e-mail address")
    return _target(EMAIL, address)


def webhook_target(url: str, *, allow_http: bool) -> str:
    """Alerts by POST to an address.

    Raises:
        AlertError: it cannot be called, or not safely.
    """
    try:
        return _target(WEBHOOK, checked_webhook(url, allow_http=allow_http))
    except ValueError as error:
        raise AlertError(str(error)) from error


def file_target(kind: str, path: Path) -> str:
    """Alerts in a file, ``FEED`` or ``JSONL``.

    Raises:
        AlertError: there is no such folder, or it is no file.
    """
    absolute = path.expanduser().absolute()
    if not absolute.parent.is_dir():
        raise AlertError(f"there is no folder {absolute.parent}: make it first")
    if absolute.exists() and not absolute.is_file():
        raise AlertError(f"{absolute} is no file")
    return _target(kind, str(absolute))


def _target(kind: str, where: str) -> str:
    if len(where) > LONGEST_TARGET - 10 or not where.isprintable():
        raise AlertError(f"this {kind} address has too many characters, or some that cannot be printed")
    return f"{kind}:{where}"


def shown_target(target: str) -> str:
    """A receiver for people and logs: of a webhook only the host, since the rest may be a password."""
    kind, _, where = target.partition(":")
    return f"{kind}:{shown_webhook(where)}" if kind == WEBHOOK else target
