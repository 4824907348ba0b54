"""Servers that the processes of one test run share: the first to need one starts it, and stops it when all have let go."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock


@contextmanager
def shared(note: Path, start: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Address of the server that ``start`` starts, or that another process has started and noted in a file.

    Who has started it waits, as its block ends, for all that use it; a user that dies lets go by dying.
    """
    starting = FileLock(note.with_suffix(".lock"))
    with note.with_suffix(".users").open("w") as users, ExitStack() as own:
        with starting:
            if not note.exists():
                note.write_text(own.enter_context(start()), encoding="utf-8")
                own.callback(fcntl.flock, users, fcntl.LOCK_EX)
                own.callback(_withdraw, note, starting)
            else:
                fcntl.flock(users, fcntl.LOCK_SH)
            address = note.read_text(encoding="utf-8")
        yield address


def _withdraw(note: Path, starting: FileLock) -> None:
    with starting:
        note.unlink()
