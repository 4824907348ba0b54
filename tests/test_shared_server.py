"""A server of several processes: started once, stopped when nobody uses it any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.shared_server import shared


def test_who_has_started_it_stops_it_when_all_have_let_go(tmp_path: Path) -> None:
    note, happened = tmp_path / "server", list[str]()

    @contextmanager
    def start() -> Iterator[str]:
        happened.append("started")
        yield f"address {happened.count('started')}"
        happened.append("stopped")

    with ExitStack() as user:
        with ExitStack() as starter:
            assert starter.enter_context(shared(note, start)) == "address 1"
            assert user.enter_context(shared(note, start)) == "address 1"
            leaving = threading.Thread(target=starter.pop_all().close)
            leaving.start()
        leaving.join(0.2)
        assert happened == ["started"]
    leaving.join()
    assert happened == ["started", "stopped"]
    with shared(note, start) as address:
        assert address == "address 2"
