"""A server that does not keep to HTTP: each address answers with bytes as they are written here, without end if need be."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterable, Mapping

Bytes = Callable[[], Iterable[bytes]]
OK = b"HTTP/1.1 200 OK\r\n"


class RawSite:
    """A running server on loopback; a context manager. What is not listed answers 404."""

    def __init__(self, answers: Mapping[str, Bytes]) -> None:
        self.answers = {"/robots.txt": lambda: [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]} | dict(answers)
        self.paths: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.base = f"http://{self.host}"

    def __enter__(self) -> RawSite:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    site: RawSite
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what is wanted."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        path = self.rfile.readline().split(b" ")[1].decode()
        while self.rfile.readline().strip():
            pass
        self.server.site.paths.append(path)
        answer = self.server.site.answers.get(path, self.server.site.answers["/robots.txt"])
        for part in answer():
            self.wfile.write(part.replace(b"{base}", self.server.site.base.encode()))
