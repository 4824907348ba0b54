"""A web site of a few lines for the tests of the crawl: each address answers what the test says, and every request is noted."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scrapers.outlet import EntryKind, EntryPoint, Outlet, OutletKind

PARAGRAPH = (
    "La Policía Nacional informó que los detenidos exigían el pago de un cupo semanal a los dueños de bodegas de la zona. "
    "Los agraviados denunciaron amenazas por mensajes de texto y presentaron los audios ante la comisaría del sector. "
)
BODY = "".join(f"<p>Párrafo {number}. {PARAGRAPH}</p>" for number in range(1, 5))
"""Over 600 characters."""


@dataclass(frozen=True)
class Answer:
    """What an address answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """Spread over the body."""
    repeat: int = 1
    """The body is sent this many times over, without a Content-Length if more than once."""
    drop: bool = False
    """The connection is closed in the middle of the body."""


@dataclass
class Asked:
    path: str
    at: float
    headers: dict[str, str]


class Site:
    """A running site on loopback; a context manager. A path that is not listed answers 404."""

    def __init__(self, answers: Mapping[str, Answer], context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = dict(answers)
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.scheme = "http"
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.scheme = "https"

    @property
    def base(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def paths(self) -> list[str]:
        """Everything asked for, in order."""
        return [each.path for each in self.asked]

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def note(self, asked: Asked, step: int) -> None:
        with self._lock:
            if step > 0:
                self.asked.append(asked)
            self._now += step
            self.most_at_once = max(self.most_at_once, self._now)


class _Server(ThreadingHTTPServer):
    site: Site
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        asked = Asked(self.path, time.monotonic(), {name.lower(): value for name, value in self.headers.items()})
        site.note(asked, 1)
        try:
            self._answer(site.answers.get(self.path, Answer("<html><body>404</body></html>", status=404)))
        finally:
            site.note(asked, -1)

    def _answer(self, answer: Answer) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        body = body.replace(b"{base}", self.server.site.base.encode())
        etag = answer.headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            answer, body = Answer(status=304, headers={"ETag": etag}), b""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value.replace("{base}", self.server.site.base))
        if answer.repeat == 1 and answer.status != 304:
            self.send_header("Content-Length", str(len(body) + (100 if answer.drop else 0)))
        if answer.repeat > 1 or answer.drop:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        for _ in range(answer.repeat):
            self.wfile.write(body)
        if answer.seconds:
            self.wfile.flush()
            time.sleep(answer.seconds)

    def log_message(self, format: str, *args: object) -> None:
        pass


RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def item(path: str, *, body: str = BODY, date: str = "Mon, 02 Nov 2026 10:00:00 GMT", more: str = "") -> str:
    """An item of a feed; ``date`` empty: without one."""
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if body else ""
    link = path if "://" in path else "{base}" + path
    return f"<item><title>Extorsión en {path.strip('/')}</title><link>{link}</link>{dated}{content}{more}</item>"


def feed(*items: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An RSS feed."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Prueba</title>' + "".join(items) + "</channel></rss>"
    )
    return Answer(text, headers=RSS | dict(headers or {}))


def article(title: str, body: str = BODY, published: str = "2026-11-02T05:00:00-05:00", head: str = "") -> Answer:
    """An article's page."""
    dated = f'<meta property="article:published_time" content="{published}">' if published else ""
    text = f"<html><head><title>{title}</title>{dated}{head}</head><body><h1>{title}</h1><article>{body}</article></body></html>"
    return Answer(text, headers=HTML)


def outlet(name: str, site: Site, *entries: tuple[str, str], pattern: str | None = "/nota-", **more: object) -> Outlet:
    """An outlet on a site, with (kind, path) as its entry points."""
    points = tuple(
        EntryPoint(kind=EntryKind(kind), url=path if "://" in path else site.base + path, status="checked")
        for kind, path in entries or (("feed", "/feed"),)
    )
    given = {
        "id": name,
        "name": name,
        "domain": site.host,
        "kind": OutletKind.REGIONAL,
        "confidence": "high",
        "entry_points": points,
        "article_url": pattern,
        "article_url_status": None if pattern is None else "checked",
    }
    return Outlet(**(given | more))  # type: ignore[arg-type]
