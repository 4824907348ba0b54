"""The forked ``vigia`` does what the installed command does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forked import Vigia


@pytest.mark.parametrize("arguments", [("--version",), ("outlets", "--json"), ("search", '"cupos'), ("xyz",)])
def test_it_answers_as_the_console_script(arguments: tuple[str, ...], tmp_path: Path) -> None:
    environment = os.environ | {"VIGIA_HOME": str(tmp_path / "home"), "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("vigia")), *arguments]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    forked = Vigia(arguments, environment, tmp_path)
    assert forked.communicate() == (done.stdout, done.stderr)
    assert forked.returncode == done.returncode


def test_it_can_be_killed(tmp_path: Path) -> None:
    forked = Vigia(("--help",), os.environ, tmp_path)
    forked.send_signal(signal.SIGKILL)
    forked.communicate()
    assert forked.returncode == -signal.SIGKILL
