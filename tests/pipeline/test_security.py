"""Nothing listens to others, and nothing that is printed or logged is a secret."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.newsroom.server import Newsroom
from tests.pipeline.newsroom_home import Home
from tests.pipeline.receivers import Hook, serving

ROOT = Path(__file__).parents[2]
LISTENING = "0A"
"""State of a socket in /proc/net/tcp."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    server.status = 401
    with serving(server):
        yield server


def _sockets(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found |= set(re.findall(r"socket:\[(\d+)\]", str(link.readlink())))
        except OSError:
            continue  # closed meanwhile
    return found


def _listening(pid: int) -> set[str]:
    """Addresses on which a process listens."""
    mine = _sockets(pid)
    lines = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
    ]
    return {cells[1] for cells in lines if cells[3] == LISTENING and cells[9] in mine}


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="needs Linux's /proc")
def test_a_run_listens_on_nothing(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        process = Home.make(tmp_path, newsroom).start("run", "--since", "2015-01-01")
        seen: set[str] = set()
        while process.poll() is None:
            try:
                seen |= _listening(process.pid)
            except FileNotFoundError:
                break  # ended meanwhile
            time.sleep(0.02)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert seen == set()


def test_what_the_compose_file_starts_listens_on_loopback() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_no_secret_is_printed_or_logged(tmp_path: Path, hook: Hook) -> None:
    at = f"127.0.0.1:{hook.server_address[1]}"
    home = Home.make(
        tmp_path,
        VIGIA_ELASTICSEARCH_API_KEY="geheim",
        VIGIA_NOTIFY_WEBHOOK_URL=f"http://{at}/geheim",
        VIGIA_NOTIFY_WEBHOOK_SECRET="geheim",
        VIGIA_NOTIFY_SMTP_USER="ana",
        VIGIA_NOTIFY_SMTP_PASSWORD="geheim",
    )
    told = [home.vigia("alerts", "add", "una", "--webhook", f"http://{at}/geheim?token=geheim")]
    told += [home.vigia("--log-level", "debug", "alerts", "run"), home.vigia("alerts", "show", "una", "--json")]
    wrong: list[tuple[str, dict[str, str]]] = [
        ("index", {"VIGIA_ELASTICSEARCH_URL": f"http://{at}"}),
        ("index", {"VIGIA_ELASTICSEARCH_URL": f"http://ana:geheim@{at}"}),
        ("runs", {"VIGIA_DATABASE_URL": "postgresql://vigia:geheim@127.0.0.1:9/vigia"}),
        ("runs", {"VIGIA_NOTIFY_WEBHOOK_URL": "ftp://geheim"}),
    ]
    told += [home.vigia("--log-level", level, command, **one) for command, one in wrong for level in ("debug", "info")]
    assert [one.code for one in told] == [0, 0, 0, 1, 1, 1, 1, 1, 2, 1, 2], [one.err for one in told]
    assert [one.out + one.err for one in told if "geheim" in one.out + one.err] == []
