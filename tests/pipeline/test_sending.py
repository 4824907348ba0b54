"""Where webhooks may be, and that nothing said of them is a secret."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from pipeline.sending import Mailer, NotSent, post_json
from pipeline.settings import NotifySettings
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


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses(hook: Hook, status: int) -> None:
    hook.status = status
    with pytest.raises(NotSent, match=f"answered {status}") as caught:
        post_json(hook.url + "/geheim", b"{}")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/geheim", "http://127.0.0.1:9/geheim\x7f", "gopher://geheim"])
def test_a_webhook_that_cannot_be_reached(url: str) -> None:
    with pytest.raises(NotSent) as caught:
        post_json(url, b"{}", secret="geheim")
    assert "geheim" not in str(caught.value)


def _mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "vigia@example.org", to
    message.set_content("x")
    return message


def test_mails_go_over_one_connection_and_after_a_refusal_over_another(post: Post) -> None:
    settings = NotifySettings(smtp_host="127.0.0.1", smtp_port=post.port)
    with Mailer(settings) as mailer:
        mailer.send(_mail("a@example.org"))
        mailer.send(_mail("b@example.org"))
        assert post.connections == 1
        post.refuses = True
        with pytest.raises(NotSent, match="550"):
            mailer.send(_mail("c@example.org"))
        post.refuses = False
        mailer.send(_mail("d@example.org"))
    assert [recipients for recipients, _ in post.got] == [[f"{name}@example.org"] for name in "abd"]
    assert post.connections == 2


def test_a_wrong_password_is_not_repeated(post: Post) -> None:
    settings = NotifySettings(smtp_host="127.0.0.1", smtp_port=post.port, smtp_user="ana", smtp_password="geheim")
    with Mailer(settings) as mailer, pytest.raises(NotSent) as caught:
        mailer.send(_mail("a@example.org"))
    assert isinstance(caught.value.__cause__, smtplib.SMTPException)
    assert "geheim" not in str(caught.value)


def test_headers_cannot_be_injected(post: Post) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        _mail("a@example.org\r\nBcc: todos@example.org")
