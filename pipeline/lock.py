"""One run at a time: a lock of the operating system, which goes with its process however that ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class AnotherRun(RuntimeError):
    """Another process is at work on the same home."""


@contextmanager
def exclusive(path: Path, command: str) -> Iterator[None]:
    """Hold the lock at ``path``.

    Raises:
        AnotherRun: somebody else holds it; the message names the process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AnotherRun(f"another run is on ({_holder(path)}): wait for it, or stop it") from None
    try:
        _note(path).write_text(json.dumps({"pid": os.getpid(), "command": command}), encoding="utf-8")
        yield
    finally:
        _note(path).unlink(missing_ok=True)
        lock.release()


def _note(path: Path) -> Path:
    """Beside the lock: opening the lock file itself may empty it."""
    return path.with_suffix(".pid")


def _holder(path: Path) -> str:
    try:
        note = json.loads(_note(path).read_text(encoding="utf-8"))
        return f"vigia {note['command']}, process {note['pid']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "process unknown"
