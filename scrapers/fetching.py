"""One request of a crawl: its limits and headers, its answer or its refusal, and the forms in which an answer is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Headers, Response

from scrapers.items import Exchange, Outcome, Page
from scrapers.middlewares import site_of
from scrapers.outlet import Outlet
from scrapers.pace import Postponed
from scrapers.refusals import Refused, refusal_for, refusal_of, status_name

Download = Callable[[Request], Awaitable[Response]]
"""A request through Scrapy's downloader with all its middlewares."""


async def fetch(
    download: Download, url: str, outlet: Outlet, *, largest: int, headers: dict[str, str] | None = None
) -> Response:
    """The answer at an address of an outlet: 200, or 304 to a conditional request.

    Args:
        download: what carries the request.
        url: where.
        outlet: whose sites the request, and each of its redirects, must stay on.
        largest: bytes that the answer may have.
        headers: the conditions of a conditional request.

    Raises:
        Refused: any other end.
        Postponed: it may not be asked now.
    """
    meta = {"outlet": outlet, "download_slot": site_of(url), "download_maxsize": largest}
    try:
        response = await download(Request(url, headers=headers or {}, meta=meta, dont_filter=True))
    except Postponed:
        raise
    except Exception as error:  # whatever it is: it must not end the crawl of the other outlets
        raise refusal_for(error) from error
    if refused := refusal_of(response):
        raise refused
    if response.status == HTTPStatus.NOT_MODIFIED and not headers:
        raise Refused(Outcome.HTTP_ERROR, "304 Not Modified, to a request without a condition", response.status)
    return response


def page_of(response: Response) -> Page:
    """A response as the readers take it."""
    headers = {name.lower(): value for name, value in _joined(response.headers).items()}
    return Page(
        url=response.url, status=response.status, headers=headers, body=response.body, fetched=datetime.now(UTC)
    )


def exchange_of(response: Response) -> Exchange:
    """A response, with its request, as it is archived. The body is unpacked already."""
    return Exchange(
        url=response.url,
        request_headers=_joined(response.request.headers) if response.request is not None else {},
        status=response.status,
        reason=status_name(response.status).partition(" ")[2],
        response_headers=[(_text(name), _text(value)) for name, values in response.headers.items() for value in values],
        body=response.body,
        at=datetime.now(UTC),
    )


def _joined(headers: Headers) -> dict[str, str]:
    return {_text(name): _text(b", ".join(values)) for name, values in headers.items()}


def _text(header: bytes) -> str:
    return header.decode("latin-1")
