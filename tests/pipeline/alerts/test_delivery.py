"""Alerts, sent to a real HTTP server, a real SMTP server and real files: once each, in order, and again when they were not taken."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.alerts.delivery import Delivered, deliver, pause
from pipeline.alerts.records import Alert
from pipeline.archive import Archive
from pipeline.records import decode
from pipeline.sending import SIGNATURE
from pipeline.settings import NotifySettings
from pipeline.stop import Stop
from tests.pipeline.alerts.world import NOW, arrive, begin, look, opened, report, save
from tests.pipeline.receivers import Hook, Post, serving


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
    with opened(tmp_path / "home") as made:
        begin(made)
        yield made


def found(
    archive: Archive, *targets: str, incidents: int = 3, name: str = "una", first: int = 0, now: datetime = NOW
) -> None:
    """A search finds some incidents."""
    save(archive, name, targets=targets)
    arrive(archive, *(report(f"n{number}", date=None) for number in range(first, first + incidents)))
    look(archive, now=now)


def sent(
    archive: Archive, settings: NotifySettings | None = None, *, now: datetime = NOW, stop: Stop | None = None
) -> Delivered:
    return deliver(archive.outbox, settings or NotifySettings(), stop or Stop(), now=now)


def test_a_webhook_gets_each_alert_signed_and_with_its_id(archive: Archive, hook: Hook) -> None:
    found(archive, f"webhook:{hook.url}")
    assert sent(archive, NotifySettings(webhook_secret="clave")) == Delivered(alerts=3)
    for headers, body in hook.got:
        assert headers[SIGNATURE] == "sha256=" + hmac.new(b"clave", body, hashlib.sha256).hexdigest()
        alert = decode(Alert, body)
        assert (headers["Idempotency-Key"], alert.search) == (alert.id, "una")
    assert len({headers["Idempotency-Key"] for headers, _ in hook.got}) == 3
    assert sent(archive) == Delivered()
    assert len(hook.got) == 3


def test_what_is_not_taken_waits_in_order_and_longer_each_time(archive: Archive, hook: Hook) -> None:
    found(archive, f"webhook:{hook.url}/geheim")
    hook.status = 500
    now = NOW
    for attempt, minutes in enumerate((1, 4, 16, 64, 256, 360, 360), start=1):
        assert pause(attempt) == timedelta(minutes=minutes)
        (problem,) = sent(archive, now=now).problems
        assert "answered 500" in problem
        (problem,) = sent(archive, now=now + pause(attempt) - timedelta(seconds=1)).problems
        assert problem.startswith(
            f"3 alert(s) wait for webhook:http://127.0.0.1:{hook.server_address[1]}/…, which failed {attempt}"
        )
        assert "geheim" not in problem
        now += pause(attempt)
    assert len(hook.got) == 7
    assert len({headers["Idempotency-Key"] for headers, _ in hook.got}) == 1
    hook.status = 200
    assert sent(archive, now=now) == Delivered(alerts=3)
    keys = [headers["Idempotency-Key"] for headers, _ in hook.got[6:]]
    assert (keys[0], len(set(keys))) == (keys[1], 3)


def test_what_waits_can_be_tried_at_once(archive: Archive, hook: Hook) -> None:
    found(archive, f"webhook:{hook.url}", incidents=1)
    hook.status = 503
    sent(archive)
    hook.status = 200
    archive.outbox.hurry()
    assert sent(archive) == Delivered(alerts=1)


def test_a_receiver_that_fails_does_not_keep_others_from_theirs(archive: Archive, hook: Hook, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    found(archive, "webhook:http://127.0.0.1:9/", f"jsonl:{file}", f"webhook:{hook.url}")
    done = sent(archive)
    assert (done.alerts, len(done.problems)) == (6, 1)
    assert "webhook:http://127.0.0.1:9/…: [Errno 111]" in done.problems[0]
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(hook.got) == 3


def test_a_webhook_without_encryption_needs_the_setting(archive: Archive) -> None:
    found(archive, "webhook:http://192.0.2.1/x", incidents=1)
    (problem,) = sent(archive).problems
    assert "write https://…, or set notify.allow_http" in problem


def _mails(post: Post) -> list[email.message.EmailMessage]:
    return [email.message_from_bytes(data, policy=email.policy.default) for _, data in post.got]  # type: ignore[arg-type]


def test_a_mail_holds_what_one_search_found_at_one_time(archive: Archive, post: Post) -> None:
    settings = NotifySettings(email_from="vigia@example.org", smtp_host="127.0.0.1", smtp_port=post.port)
    found(archive, "email:ana@example.org", "email:beto@example.org")
    arrive(archive, report("later", crime="robo"))
    look(archive, now=NOW + timedelta(hours=1))
    assert sent(archive, settings) == Delivered(alerts=8)
    assert [recipients for recipients, _ in post.got] == [["ana@example.org"]] * 2 + [["beto@example.org"]] * 2
    assert [mail["Subject"] for mail in _mails(post)] == ["Vigía: 3 avisos de «una»", "Vigía: 1 aviso de «una»"] * 2
    text = _mails(post)[1].get_content().replace("\r\n", "\n")
    assert text.startswith("Robo · Comas, Lima · 15/10/2025 · bodega\nNuevo. 1 nota.\n")
    assert text.endswith("\n\nEs lo que informa la prensa: nadie es culpable por figurar aquí.\n")
    assert post.connections == 1


def test_a_mail_that_is_sent_again_is_the_same(archive: Archive, post: Post) -> None:
    settings = NotifySettings(smtp_host="127.0.0.1", smtp_port=post.port)
    found(archive, "email:ana@example.org", incidents=60)
    post.refuses = True
    (problem,) = sent(archive, settings).problems
    assert "email:ana@example.org" in problem
    assert post.got == []
    post.refuses = False
    found(archive, "jsonl:/nowhere/x", name="otra", first=60, now=NOW + timedelta(seconds=9))  # more is found meanwhile
    assert sent(archive, settings, now=NOW + timedelta(minutes=1)).alerts == 63
    assert [mail["Subject"] for mail in _mails(post)] == [
        "Vigía: 50 avisos de «una»",
        "Vigía: 10 avisos de «una»",
        "Vigía: 3 avisos de «una»",
    ]
    assert len({mail["Message-ID"] for mail in _mails(post)}) == 3


def test_a_feed_shows_the_newest_of_all_searches_that_write_it(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "f.xml"
    found(archive, f"feed:{file}")
    assert sent(archive) == Delivered(alerts=3)
    before = file.read_text(encoding="utf-8")
    found(archive, f"feed:{file}", name="otra", incidents=99, first=3)
    assert sent(archive) == Delivered(alerts=198)
    after = file.read_text(encoding="utf-8")
    assert (before.count("<entry>"), after.count("<entry>")) == (3, 100)
    assert "<title>Vigía: otra, una</title>" in after


def test_a_file_that_cannot_be_written_waits(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "later" / "a.jsonl"
    found(archive, f"jsonl:{file}")
    (problem,) = sent(archive).problems
    assert "cannot be written" in problem
    file.parent.mkdir()
    assert sent(archive, now=NOW + timedelta(minutes=1)) == Delivered(alerts=3)
    assert [json.loads(line)["search"] for line in file.read_text(encoding="utf-8").splitlines()] == ["una"] * 3


def test_no_time_no_sending(archive: Archive, hook: Hook) -> None:
    found(archive, f"webhook:{hook.url}")
    assert sent(archive, stop=Stop(0)) == Delivered(left=3)
    assert deliver(archive.outbox, NotifySettings(), Stop(), now=NOW, seconds=-1) == Delivered(left=3)
    assert hook.got == []


def test_nothing_that_is_logged_or_told_is_a_secret(
    archive: Archive, hook: Hook, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    settings = NotifySettings(
        webhook_secret="geheim", smtp_host="127.0.0.1", smtp_port=post.port, smtp_user="ana", smtp_password="geheim"
    )
    found(
        archive, f"webhook:{hook.url}/geheim?token=geheim", "webhook:http://127.0.0.1:9/geheim", "email:ana@example.org"
    )
    hook.status = 404
    with caplog.at_level(logging.DEBUG):
        problems = sent(archive, settings).problems
    assert len(problems) == 3
    assert "geheim" not in "".join(problems) + caplog.text
    assert "geheim" not in "".join(str(one.error) for one in archive.outbox.waiting())
