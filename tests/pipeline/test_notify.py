"""Notices, sent to a real HTTP server and a real SMTP server on loopback."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.archive import Archive
from pipeline.monitor import Notice, State, StateChange
from pipeline.notify import channels, deliver
from pipeline.records import encode
from pipeline.sending import SIGNATURE
from pipeline.settings import NotifySettings, Settings
from tests.pipeline.receivers import Hook, Post, serving

NOW = datetime(2025, 10, 14, 17, tzinfo=UTC)
NOTICE = Notice(
    id="vigia-1",
    at=NOW,
    changes=(
        StateChange(outlet="diario", before=State.OK, after=State.SILENT, reason="nothing new for 3 d", at=NOW),
        StateChange(outlet="radio", before=State.BLOCKED, after=State.OK, reason="", at=NOW),
    ),
)


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    with serving(server):
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    server = Post()
    with serving(server):
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(Settings(home=tmp_path)) as opened:
        yield opened


def put(archive: Archive, settings: NotifySettings, notice: Notice = NOTICE) -> None:
    record = encode(notice).decode()
    archive.watching.save_states([], [(channel, record) for channel in channels(settings)], at=notice.at)


def test_without_settings_nobody_is_told() -> None:
    assert channels(NotifySettings()) == ()


def test_a_webhook_gets_the_changes_signed(archive: Archive, hook: Hook) -> None:
    settings = NotifySettings(webhook_url=hook.url, webhook_secret="clave")
    put(archive, settings)
    assert deliver(archive.watching, settings, now=NOW) == []
    ((headers, body),) = hook.got
    assert headers[SIGNATURE] == "sha256=" + hmac.new(b"clave", body, hashlib.sha256).hexdigest()
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "id": "vigia-1",
        "at": "2025-10-14T17:00:00Z",
        "changes": [
            {
                "outlet": "diario",
                "before": "ok",
                "after": "silent",
                "reason": "nothing new for 3 d",
                "at": "2025-10-14T17:00:00Z",
            },
            {"outlet": "radio", "before": "blocked", "after": "ok", "reason": "", "at": "2025-10-14T17:00:00Z"},
        ],
    }
    assert deliver(archive.watching, settings, now=NOW) == []
    assert len(hook.got) == 1


def test_without_a_secret_nothing_is_signed(archive: Archive, hook: Hook) -> None:
    settings = NotifySettings(webhook_url=hook.url)
    put(archive, settings)
    assert deliver(archive.watching, settings) == []
    assert SIGNATURE not in hook.got[0][0]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_was_not_taken_is_sent_again_by_the_next_run(archive: Archive, hook: Hook, status: int) -> None:
    settings = NotifySettings(webhook_url=hook.url)
    put(archive, settings)
    put(archive, settings)
    hook.status = status
    (problem,) = deliver(archive.watching, settings, now=NOW)
    assert problem.startswith(f"a notice could not be sent by webhook: answered {status}")
    assert problem.endswith("; the next run tries again")
    assert [notice.attempts for notice in archive.watching.pending_notices()] == [1, 0]
    hook.status = 200
    assert deliver(archive.watching, settings, now=NOW) == []
    assert len(hook.got) == 3
    assert archive.watching.pending_notices() == []


def test_after_a_week_it_is_given_up(archive: Archive) -> None:
    settings = NotifySettings(webhook_url="http://127.0.0.1:9/")
    put(archive, settings)
    (problem,) = deliver(archive.watching, settings, now=NOW + timedelta(days=8))
    assert "refused" in problem
    assert problem.endswith("; given up")
    assert archive.watching.pending_notices() == []


def test_a_channel_that_is_set_no_more_is_forgotten(archive: Archive, hook: Hook) -> None:
    put(archive, NotifySettings(webhook_url=hook.url))
    assert deliver(archive.watching, NotifySettings(), now=NOW) == []
    assert archive.watching.pending_notices() == []
    assert hook.got == []


def test_a_mail_tells_the_changes(archive: Archive, post: Post) -> None:
    settings = NotifySettings(
        email_to="ana@example.org, beto@example.org",
        email_from="vigia@example.org",
        smtp_host="127.0.0.1",
        smtp_port=post.port,
    )
    put(archive, settings)
    assert deliver(archive.watching, settings, now=NOW) == []
    ((recipients, data),) = post.got
    assert recipients == ["ana@example.org", "beto@example.org"]
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert message["Subject"] == "Vigia: 1 outlet(s) worse, 1 better or otherwise"
    assert message["Message-ID"] == "<vigia-1@example.org>"
    assert message.get_content().replace("\r\n", "\n") == (
        "diario: ok -> silent\n    nothing new for 3 d\nradio: blocked -> ok\n\nvigia outlets shows them all.\n"
    )


def test_a_channel_that_fails_does_not_keep_the_other_from_its_notices(
    archive: Archive, hook: Hook, post: Post
) -> None:
    settings = NotifySettings(
        webhook_url=hook.url, email_to="ana@example.org", smtp_host="127.0.0.1", smtp_port=post.port
    )
    put(archive, settings)
    post.refuses = True
    (problem,) = deliver(archive.watching, settings, now=NOW)
    assert "could not be sent by email: 127.0.0.1:" in problem
    assert len(hook.got) == 1
    post.refuses = False
    assert deliver(archive.watching, settings, now=NOW) == []
    assert (len(hook.got), len(post.got)) == (1, 1)


def test_a_server_without_encryption_gets_nothing_when_it_is_asked_for(archive: Archive, post: Post) -> None:
    settings = NotifySettings(
        email_to="ana@example.org", smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="starttls"
    )
    put(archive, settings)
    (problem,) = deliver(archive.watching, settings, now=NOW)
    assert "STARTTLS" in problem
    assert post.got == []
