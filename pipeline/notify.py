"""Notices of changes, sent by webhook and e-mail. At least once: what could not be sent is sent by the next run.

Sending never keeps a run from its work: it has little time, and what fails is told in the summary. A receiver that sees a
notice twice knows it by its id (``id`` in the JSON, ``Message-ID`` of the e-mail).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from pydantic import ConfigDict, with_config

from pipeline.archive.watching import PendingNotice, Watching
from pipeline.checking import Canary
from pipeline.monitor import Notice
from pipeline.records import decode, encode
from pipeline.sending import Mailer, NotSent, post_json
from pipeline.settings import NotifySettings

WEBHOOK: Final = "webhook"
EMAIL: Final = "email"
ALL_SECONDS: Final = 30
"""After which no further attempt is begun in this run."""
GIVE_UP: Final = timedelta(days=7)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryNotice:
    """What is sent of outlets whose daily article did not come through."""

    id: str
    at: datetime
    canaries: tuple[Canary, ...]


def channels(settings: NotifySettings) -> tuple[str, ...]:
    """Where notices go."""
    return tuple(
        name for name, target in ((WEBHOOK, settings.webhook_url), (EMAIL, settings.email_to)) if target is not None
    )


def deliver(watching: Watching, settings: NotifySettings, *, now: datetime | None = None) -> list[str]:
    """Send what waits; what could not be sent, for people. A channel that fails is tried again by the next run."""
    now = now or datetime.now(UTC)
    begun, problems, failed = time.monotonic(), [], set()
    for notice in watching.pending_notices():
        if notice.channel not in channels(settings):
            watching.settle_notice(notice.id, error="not set any more", at=now)
            continue
        if notice.channel in failed or time.monotonic() - begun > ALL_SECONDS:
            continue
        try:
            _SENDERS[notice.channel](notice, settings)
        except NotSent as error:
            failed.add(notice.channel)
            over = now - notice.at > GIVE_UP
            watching.settle_notice(notice.id, error=str(error), at=now if over else None)
            then = "given up" if over else "the next run tries again"
            problems.append(f"a notice could not be sent by {notice.channel}: {error}; {then}")
        else:
            watching.settle_notice(notice.id, at=now)
    return problems


def tell_canaries(failed: Sequence[Canary], settings: NotifySettings, *, now: datetime | None = None) -> list[str]:
    """Tell at once of outlets whose daily article did not come through; what could not be sent, for people."""
    now = now or datetime.now(UTC)
    record = CanaryNotice(id=f"vigia-canary-{now:%Y%m%dT%H%M%S%f}", at=now, canaries=tuple(failed))
    problems = []
    for channel in channels(settings):
        try:
            if channel == WEBHOOK:
                assert settings.webhook_url is not None
                post_json(settings.webhook_url, encode(record), secret=settings.webhook_secret)
            else:
                with Mailer(settings) as mailer:
                    mailer.send(_canary_mail(record, settings))
        except NotSent as error:
            problems.append(f"canaries could not be told by {channel}: {error}")
    return problems


def _canary_mail(notice: CanaryNotice, settings: NotifySettings) -> EmailMessage:
    lines = [f"{bird.outlet}: {fault}" for bird in notice.canaries for fault in bird.faults]
    subject = f"Vigia: no article came through of {len(notice.canaries)} outlet(s)"
    return _mail_of(
        notice.id, notice.at, subject, [*lines, "", "vigia outlets check OUTLET --live says more."], settings
    )


def _post(notice: PendingNotice, settings: NotifySettings) -> None:
    assert settings.webhook_url is not None
    post_json(settings.webhook_url, notice.record.encode(), secret=settings.webhook_secret)


def _mail(notice: PendingNotice, settings: NotifySettings) -> None:
    with Mailer(settings) as mailer:
        mailer.send(message_of(decode(Notice, notice.record), settings))


def message_of(notice: Notice, settings: NotifySettings) -> EmailMessage:
    """The e-mail of a notice."""
    worse = sum(change.worse for change in notice.changes)
    lines = [
        f"{change.outlet}: {change.before} -> {change.after}" + (f"\n    {change.reason}" if change.reason else "")
        for change in notice.changes
    ]
    subject = f"Vigia: {worse} outlet(s) worse, {len(notice.changes) - worse} better or otherwise"
    return _mail_of(notice.id, notice.at, subject, [*lines, "", "vigia outlets shows them all."], settings)


def _mail_of(key: str, at: datetime, subject: str, lines: Sequence[str], settings: NotifySettings) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.email_from
    message["To"] = settings.email_to or ""
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{key}@{settings.email_from.rpartition('@')[2]}>"
    message.set_content("\n".join(lines) + "\n")
    return message


_SENDERS: Final[dict[str, Callable[[PendingNotice, NotifySettings], None]]] = {WEBHOOK: _post, EMAIL: _mail}
