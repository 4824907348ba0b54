"""One run at a time, by a lock that goes with its process however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.lock import AnotherRun, exclusive

HOLDER = """
import sys, time
from pathlib import Path
from pipeline.lock import exclusive
with exclusive(Path(sys.argv[1]), "run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_can_be_had_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "home" / "vigia.lock"
    for _ in range(2):
        with exclusive(path, "run"):
            pass
    assert not path.with_suffix(".pid").exists()


@pytest.mark.kill
def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "vigia.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for _ in range(2):
            with pytest.raises(AnotherRun) as caught, exclusive(path, "crawl"):
                pass
            assert str(caught.value) == f"another run is on (vigia run, process {holder.pid}): wait for it, or stop it"
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    with exclusive(path, "crawl"):
        assert str(os.getpid()) in path.with_suffix(".pid").read_text()


def test_a_lock_without_its_note_still_locks(tmp_path: Path) -> None:
    path = tmp_path / "vigia.lock"
    with exclusive(path, "run"):
        path.with_suffix(".pid").write_text("torn {")
        with pytest.raises(AnotherRun, match="process unknown"), exclusive(path, "crawl"):
            pass
