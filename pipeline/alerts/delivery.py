"""Alerts -> their receivers. At least once: what was not taken is tried again, later each time, and never dropped.

Receivers get alerts in their order. A receiver that sees one twice, because a process was killed between sending and noting
it, knows it by its id: header ``Idempotency-Key`` and ``id`` of a webhook, ``Message-ID`` of an e-mail, ``id`` of a feed's
entry. Files never hold one twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import takewhile
from pathlib import Path
from typing import Final

from pipeline.alerts.files import ENTRIES, append_lines, write_feed
from pipeline.alerts.records import EMAIL, FEED, JSONL, WEBHOOK, Alert, shown_target, spans_of
from pipeline.alerts.telling import ACCORDING, told
from pipeline.archive.outbox import Outbox, Outgoing, Waiting
from pipeline.export.records import ExportedIncident
from pipeline.records import decode, encode
from pipeline.sending import Mailer, NotSent, post_json
from pipeline.settings import NotifySettings
from pipeline.stop import Stop
from pipeline.webhooks import checked_webhook

MAIL_HOLDS: Final = 50
"""Alerts of one e-mail."""
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(slots=True)
class Delivered:
    """What came of delivering."""

    alerts: int = 0
    """Delivered, counted once for each receiver."""
    problems: list[str] = field(default_factory=list)
    left: int = 0
    """Alerts that time did not suffice for."""


def alert_of(outgoing: Outgoing) -> Alert:
    """The alert as it is sent."""
    return Alert(
        id=outgoing.id,
        search=outgoing.search,
        at=outgoing.at,
        news="new" if outgoing.news.is_new else "changed",
        changed=outgoing.news.changed,
        spans=spans_of(outgoing.spans),
        incident=decode(ExportedIncident, outgoing.record),
    )


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failures: a minute, then four times as long each time, at most six hours."""
    times: int = 4 ** min(attempts - 1, 10)
    return min(_FIRST_PAUSE * times, _LONGEST_PAUSE)


def deliver(
    outbox: Outbox, settings: NotifySettings, stop: Stop, *, now: datetime, seconds: float | None = None
) -> Delivered:
    """Send what waits. ``seconds``: after which nothing more is begun."""
    until = None if seconds is None else time.monotonic() + seconds
    delivered = Delivered()
    with Mailer(settings) as mailer:
        courier = _Courier(outbox, settings, mailer, now)
        for waiting in outbox.waiting():
            if stop.due() or (until is not None and time.monotonic() > until):
                delivered.left += waiting.alerts
            elif waiting.next_try is not None and waiting.next_try > now:
                delivered.problems.append(_waits(waiting))
            else:
                courier.serve(waiting, delivered, stop, until)
    return delivered


def _waits(waiting: Waiting) -> str:
    assert waiting.next_try is not None
    return (
        f"{waiting.alerts} alert(s) wait for {shown_target(waiting.target)}, which failed {waiting.attempts} time(s): "
        f"{waiting.error}; not tried again before {waiting.next_try:%Y-%m-%d %H:%M} UTC"
    )


class _Courier:
    """Brings alerts to receivers, one after the other."""

    def __init__(self, outbox: Outbox, settings: NotifySettings, mailer: Mailer, now: datetime) -> None:
        self._outbox, self._settings, self._mailer, self._now = outbox, settings, mailer, now
        self._ways: dict[str, Callable[[str, Sequence[Outgoing]], Iterator[list[Outgoing]]]] = {
            EMAIL: self._mail,
            WEBHOOK: self._post,
            FEED: self._feed,
            JSONL: self._lines,
        }

    def serve(self, waiting: Waiting, delivered: Delivered, stop: Stop, until: float | None) -> None:
        """Send one receiver what waits for it, until it fails."""
        kind, _, where = waiting.target.partition(":")
        attempts = waiting.attempts
        while batch := self._outbox.next_for(waiting.target):
            try:
                for sent in self._ways[kind](where, batch):
                    self._outbox.settle([one.delivery for one in sent], at=self._now)
                    delivered.alerts += len(sent)
                    attempts = 0
            except NotSent as error:
                delivered.problems.append(self._postpone(waiting.target, attempts + 1, str(error)))
                return
            if stop.due() or (until is not None and time.monotonic() > until):
                delivered.left += len(self._outbox.next_for(waiting.target))
                return

    def _postpone(self, target: str, attempts: int, error: str) -> str:
        """The oldest alert waits, and with it those behind it."""
        oldest = self._outbox.next_for(target, 1)
        self._outbox.postpone([one.delivery for one in oldest], error, until=self._now + pause(attempts))
        return f"alerts could not be delivered to {shown_target(target)}: {error}; they wait and are tried again"

    def _post(self, url: str, batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
        self._check(url)
        for one in batch:
            headers = {"Idempotency-Key": one.id}
            post_json(url, encode(alert_of(one)), secret=self._settings.webhook_secret, headers=headers)
            yield [one]

    def _check(self, url: str) -> None:
        try:
            checked_webhook(url, allow_http=self._settings.allow_http)
        except ValueError as error:
            raise NotSent(str(error)) from error

    def _mail(self, address: str, batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
        """One e-mail for what one search has found at one time: the same however often it is tried."""
        first = batch[0]
        together = takewhile(lambda one: (one.search, one.at) == (first.search, first.at), batch[:MAIL_HOLDS])
        sent = list(together)
        self._mailer.send(mail_of([alert_of(one) for one in sent], address, self._settings.email_from))
        yield sent

    def _feed(self, file: str, batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
        newest = self._outbox.newest_for(f"{FEED}:{file}", ENTRIES)
        write_feed(Path(file), [alert_of(one) for one in newest])
        yield list(batch)

    def _lines(self, file: str, batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
        append_lines(Path(file), [alert_of(one) for one in batch])
        yield list(batch)


def mail_of(alerts: Sequence[Alert], to: str, sender: str) -> EmailMessage:
    """The e-mail of alerts of one search."""
    first = alerts[0]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = f"Vigía: {len(alerts)} {'aviso' if len(alerts) == 1 else 'avisos'} de «{first.search}»"
    message["Date"] = format_datetime(first.at)
    message["Message-ID"] = f"<{first.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join([*map(told, alerts), ACCORDING]) + "\n")
    return message
