"""Why an address gave nothing that can be read: every way in which a request can end badly, as one outcome and its detail."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed

from scrapers.challenges import challenger
from scrapers.items import Outcome

_ASKING: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)
_DAY: Final = 86_400


class Refused(IgnoreRequest):
    """A request that is not made, or an answer that is not used; ``detail`` tells people why."""

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        status: int | None = None,
        not_before: datetime | None = None,
        *,
        for_now: bool = False,
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail
        self.status = status
        self.not_before = not_before
        self.for_now = for_now
        """Whether all else of the site is refused too, as long as this crawl lasts."""


logger = logging.getLogger(__name__)

_NETWORK: Final[dict[type[Exception], str]] = {
    CannotResolveHostError: "the host name is not known",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "no complete answer in time",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "the connection failed",
    UnsupportedURLSchemeError: "not an address of the web",
    NotSupported: "not an address of the web",
    ConnectError: "the connection failed",
    ConnectionClosed: "the connection was closed",
    OSError: "the connection failed",
}
NETWORK_FAULTS: Final[tuple[type[Exception], ...]] = tuple(_NETWORK)
"""Exceptions of a download that mean that the network, or the server's end of it, failed."""


def refusal_for(error: Exception) -> Refused:
    """The refusal that an exception of a download means.

    Whatever it is, it is one address's: what unpacks an answer fails on a damaged one with errors of its own (zlib, Brotli, Zstandard).
    """
    if isinstance(error, Refused):
        return error
    if isinstance(error, DownloadCancelledError):
        return Refused(Outcome.TOO_LARGE, "more bytes than any feed or page needs")
    if isinstance(error, IgnoreRequest):
        if error.__cause__ is not None:  # Scrapy's own limit on what a compressed answer may unpack to
            return Refused(Outcome.TOO_LARGE, "unpacks to more bytes than any feed or page needs")
        return Refused(Outcome.HTTP_ERROR, str(error) or "not fetched")
    meaning = next((text for kind, text in _NETWORK.items() if isinstance(error, kind)), None)
    # What the resolver says repeats the address, three times.
    said = "" if isinstance(error, CannotResolveHostError) else " ".join(str(error).split())
    if meaning is None:
        logger.warning("an answer that cannot be taken: %s: %s", type(error).__name__, said, exc_info=error)
        return Refused(Outcome.NETWORK_ERROR, f"the answer cannot be taken: {type(error).__name__}: {said}")
    return Refused(Outcome.NETWORK_ERROR, f"{meaning}: {said}" if said else meaning)


def refusal_of(response: Response) -> Refused | None:
    """What is wrong with an answer by its status, or as a page that keeps robots out; ``None`` for other 200 and 304."""
    status = response.status
    if name := challenger_of(response):
        detail = f"{status_name(status)}: a page of {name} that keeps robots out"
        return Refused(Outcome.BLOCKED, detail, status, asked_pause(response))
    if status in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        return None
    name, until = status_name(status), asked_pause(response)
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
        return Refused(Outcome.BLOCKED, name, status, until)
    return Refused(Outcome.HTTP_ERROR, name, status, until)


def challenger_of(response: Response) -> str | None:
    """Who keeps us out by this answer, if it is a page that does nothing else."""
    if b"html" not in (response.headers.get("Content-Type") or b"html").lower():
        return None
    return challenger(response.body)


def asked_pause(response: Response) -> datetime | None:
    """Until when a site asks to be left alone: ``Retry-After`` of a 403, 429 or 503 in seconds or as a date, a day at most."""
    if response.status not in _ASKING:
        return None
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    now = datetime.now(UTC)
    until = now + timedelta(seconds=min(int(said), _DAY)) if _SECONDS.fullmatch(said) else _http_date(said)
    return min(until, now + timedelta(seconds=_DAY)) if until is not None and until > now else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def status_name(status: int) -> str:
    """``404 Not Found``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
