"""Which addresses of webhooks may be called, and how they are shown."""

from __future__ import annotations

import pytest

from pipeline.webhooks import checked_webhook, shown_webhook


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
