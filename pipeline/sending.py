"""Sending to the outside, for notices and alerts: signed JSON by webhook, e-mail by SMTP.

An address of a webhook often is its own password, so no message here names more of it than the host.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from http.client import HTTPException
from typing import Final, Self
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pipeline.settings import NotifySettings

SIGNATURE: Final = "X-Vigia-Signature"
"""Header with ``sha256=`` and the HMAC (SHA-256, hexadecimal) of the body under the secret."""
SECONDS: Final = 10
"""That one attempt may take."""


class NotSent(RuntimeError):
    """What its receiver did not take; the message says why."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A POST that is redirected would arrive as a GET, without its body."""


def post_json(url: str, body: bytes, *, secret: str | None = None, headers: Mapping[str, str] | None = None) -> None:
    """Send JSON to a webhook.

    Raises:
        NotSent: no answer, or another than success.
    """
    sent = {"Content-Type": "application/json", "User-Agent": "Vigia", **(headers or {})}
    if secret:
        sent[SIGNATURE] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    try:
        request = Request(url, data=body, headers=sent, method="POST")  # noqa: S310  # only http passes checked_webhook
        with build_opener(_NoRedirects).open(request, timeout=SECONDS):
            return
    except HTTPError as error:
        error.close()
        raise NotSent(f"answered {error.code} {error.reason}") from error
    except OSError as error:
        raise NotSent(str(getattr(error, "reason", None) or error)) from error
    except (HTTPException, ValueError) as error:
        raise NotSent(f"no valid answer ({type(error).__name__})") from None  # its text may hold the address


class Mailer:
    """Sends e-mails over one connection, made at the first. To be closed."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send one; when it returns, the server has taken it.

        Raises:
            NotSent: the server cannot be reached, or refuses it.
        """
        settings = self._settings
        try:
            self._server = self._server or _connected(settings)
            self._server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            raise NotSent(f"{settings.smtp_host}:{settings.smtp_port}: {error}") from error

    def close(self) -> None:
        """Let go of the connection."""
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):  # what was taken is taken
                self._server.quit()
            self._server.close()
            self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connected(settings: NotifySettings) -> smtplib.SMTP:
    host, port, context = settings.smtp_host, settings.smtp_port, ssl.create_default_context()
    tls = settings.smtp_security == "tls"
    server = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        if tls
        else smtplib.SMTP(host, port, timeout=SECONDS)
    )
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password or "")
    except BaseException:
        server.close()
        raise
    return server
