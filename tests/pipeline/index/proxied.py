"""A server between the client and a real one, which can answer by a rule of its own, and keep what was asked."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, Any]]


class Proxy(ThreadingHTTPServer):
    """Answers by a rule of its own, or hands on to a real server."""

    daemon_threads = True
    rule: Callable[[str, bytes], Answer | None]
    behind: str | None
    product: bool
    edit: Callable[[str, bytes], bytes]
    paths: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.paths.append(self.path)
        made = self.server.rule(self.path, body)
        status, content = self._behind(body) if made is None else (made[0], json.dumps(made[1]).encode())
        self.send_response(status)
        if self.server.product:
            self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _behind(self, body: bytes) -> tuple[int, bytes]:
        headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
        request = urllib.request.Request(
            f"{self.server.behind}{self.path}",
            data=self.server.edit(self.path, body) or None,
            headers=headers,
            method=self.command,
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet."""

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer


@contextmanager
def proxy(
    rule: Callable[[str, bytes], Answer | None],
    behind: str | None = None,
    *,
    product: bool = True,
    edit: Callable[[str, bytes], bytes] = lambda path, body: body,
) -> Iterator[tuple[str, Proxy]]:
    """A server whose answers ``rule`` gives; what it leaves goes, edited, to the one behind."""
    with Proxy(("127.0.0.1", 0), _Handler) as server:
        server.rule, server.behind, server.product, server.paths = rule, behind, product, []
        server.edit = edit
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", server
        server.shutdown()
