"""Addresses of webhooks. One often is its own password, so no message names more of it than the host."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")


def checked_webhook(url: str, *, allow_http: bool = False) -> str:
    """The address of a webhook, if what it gets is safe on the way: https, or this machine, or ``allow_http``.

    Raises:
        ValueError: it is not; the message says what to do.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or not _PRINTABLE.fullmatch(url):
        raise ValueError("the address of a webhook must be written https://HOST/…")
    if parts.username is not None:
        raise ValueError("the address of a webhook holds no user and password: what it gets is signed instead")
    if parts.scheme == "http" and not (allow_http or _is_loopback(host)):
        raise ValueError(
            "what a webhook gets must not be readable on the way: write https://…, or set notify.allow_http"
        )
    return url


def shown_webhook(url: str) -> str:
    """The address for people and logs: without what may be a password in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}/…"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
