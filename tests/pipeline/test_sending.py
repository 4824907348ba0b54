"""Where webhooks may be, and that nothing said of them is a secret."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from pipeline.sending import Mailer, NotSent, checked_webhook, post_json, shown_webhook
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


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/a?b=c",
        "https://hooks.example.org:8443",
        "http://localhost:8080/x",
        "http://127.0.0.1/x",
        "http://[::1]:8/x",
    ],
)
def test_an_address_that_may_be_called(url: str) -> None:
    assert checked_webhook(url) == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.org/x", "readable on the way"),
        ("http://10.0.0.1/x", "readable on the way"),
        ("http://127.0.0.1.example.org/x", "readable on the way"),
        ("https://ana:clave@hooks.example.org/", "no user and password"),
        ("ftp://hooks.example.org/", "must be written https://"),
        ("file:///etc/passwd", "must be written https://"),
        ("https://", "must be written https://"),
        ("https://hooks.example.org:x/", "must be written https://"),
        ("https://hooks.example.org/a b", "must be written https://"),
        ("https://hooks.example.org/\r\nX: y", "must be written https://"),
        ("https://[::1/", "must be written https://"),
        ("hooks.example.org", "must be written https://"),
    ],
)
def test_an_address_that_may_not(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked_webhook(url)


def test_without_encryption_on_request() -> None:
    assert checked_webhook("http://hooks.example.org/x", allow_http=True) == "http://hooks.example.org/x"


def test_an_address_is_shown_without_what_may_be_a_password() -> None:
    assert shown_webhook("https://hooks.example.org:8443/services/geheim?token=geheim") == (
        "https://hooks.example.org:8443/…"
    )


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
