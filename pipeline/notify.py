"""Notices of changes, sent by webhook and e-mail. At least once: what could not be sent is sent by the next run.

Sending never keeps a run from its work: it has little time, and what fails is told in the summary. A receiver that sees a
notice twice knows it by its id (``id`` in the JSON, ``Message-ID`` of the e-mail).
"""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pipeline.archive.watching import PendingNotice, Watching
from pipeline.monitor import Notice
from pipeline.records import decode
from pipeline.settings import NotifySettings

WEBHOOK: Final = "webhook"
EMAIL: Final = "email"
SIGNATURE: Final = "X-Vigia-Signature"
"""Header with ``sha256=`` and the HMAC (SHA-256, hexadecimal) of the body under the secret."""
SECONDS: Final = 10
"""That one attempt may take."""
ALL_SECONDS: Final = 30
"""After which no further attempt is begun in this run."""
GIVE_UP: Final = timedelta(days=7)


class NotSent(RuntimeError):
    """A notice that its receiver did not take; the message says why."""


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


# --- webhook


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A POST that is redirected would arrive as a GET, without its notice."""


def _post(notice: PendingNotice, settings: NotifySettings) -> None:
    assert settings.webhook_url is not None
    body = notice.record.encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Vigia"}
    if settings.webhook_secret:
        signature = hmac.new(settings.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        headers[SIGNATURE] = f"sha256={signature}"
    request = Request(settings.webhook_url, data=body, headers=headers, method="POST")  # noqa: S310  # the settings allow only http
    try:
        with build_opener(_NoRedirects).open(request, timeout=SECONDS):
            return
    except HTTPError as error:
        error.close()
        raise NotSent(f"answered {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotSent(str(getattr(error, "reason", None) or error)) from error


# --- e-mail


def _mail(notice: PendingNotice, settings: NotifySettings) -> None:
    message = message_of(decode(Notice, notice.record), settings)
    try:
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password or "")
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(f"{settings.smtp_host}:{settings.smtp_port}: {error}") from error


def _connected(settings: NotifySettings) -> smtplib.SMTP:
    host, port, context = settings.smtp_host, settings.smtp_port, ssl.create_default_context()
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def message_of(notice: Notice, settings: NotifySettings) -> EmailMessage:
    """The e-mail of a notice."""
    worse = sum(change.worse for change in notice.changes)
    lines = [
        f"{change.outlet}: {change.before} -> {change.after}" + (f"\n    {change.reason}" if change.reason else "")
        for change in notice.changes
    ]
    message = EmailMessage()
    message["From"] = settings.email_from
    message["To"] = settings.email_to or ""
    message["Subject"] = f"Vigia: {worse} outlet(s) worse, {len(notice.changes) - worse} better or otherwise"
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.id}@{settings.email_from.rpartition('@')[2]}>"
    message.set_content("\n".join([*lines, "", "vigia outlets shows them all."]) + "\n")
    return message


_SENDERS: Final[dict[str, Callable[[PendingNotice, NotifySettings], None]]] = {WEBHOOK: _post, EMAIL: _mail}
