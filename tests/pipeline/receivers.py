"""A webhook and an SMTP server on loopback that keep what they get, and can refuse it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hook(ThreadingHTTPServer):
    """Answers with ``status`` and keeps what it gets."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HookHandler)
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/vigia"


class _HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Post(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it gets; refuses all recipients while ``refuses``."""

    allow_reuse_address = True
    refuses = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _PostHandler)
        self.got: list[tuple[list[str], bytes]] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _PostHandler(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        recipients: list[str] = []
        self.server.connections += 1
        self._say("220 test ESMTP")
        while line := self.rfile.readline():
            command = line.decode().strip()
            match command.upper().split(":")[0].split(" ")[0]:
                case "RCPT" if self.server.refuses:
                    self._say("550 no such mailbox")
                case "RCPT":
                    recipients.append(command.partition(":")[2].strip("<>"))
                    self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    self.server.got.append((recipients, b"".join(iter(self.rfile.readline, b".\r\n"))))
                    recipients = []
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
