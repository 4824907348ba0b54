"""Scrapy's handler of http and https, with a bound on what stands before an answer's body.

Twisted bounds one line of a header and nothing else: a server that sends headers, or "100 Continue", without end would fill the
memory until the time for an answer is up.
"""

from __future__ import annotations

from typing import Any, Final

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

LARGEST_HEAD: Final = 500_000
"""Bytes before the body: status lines and headers. Servers themselves take a tenth of that."""


class TooManyHeaders(ValueError):
    """An answer whose headers do not end."""


class BoundedHandler(HTTP11DownloadHandler):
    """Gives up connections that send more than :data:`LARGEST_HEAD` before a body."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        usual = self._pool._factory

        class Factory(usual):  # type: ignore[misc, valid-type]
            """Scrapy's own, which is private; only what it builds is touched."""

            def buildProtocol(self, addr: Any) -> Any:
                return _bounded(super().buildProtocol(addr))

        self._pool._factory = Factory


def _bounded(protocol: Any) -> Any:
    receive, head = protocol.dataReceived, 0

    def bounded(data: bytes) -> None:
        nonlocal head
        parser = protocol._parser
        head = head + len(data) if parser is not None and parser.state in {STATUS, HEADER} else 0
        if head > LARGEST_HEAD:
            protocol._giveUp(Failure(TooManyHeaders(f"over {LARGEST_HEAD:,} bytes of headers")))  # type: ignore[no-untyped-call]
        else:
            receive(data)

    protocol.dataReceived = bounded
    return protocol
