"""``make demo``: Vigía at work on the local newsroom, by the commands that a user would type."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.newsroom.content import SITES
from tests.newsroom.server import Newsroom

HOME = Path(__file__).parents[2] / "var" / "demo"
BASE_PORT = 47310
"""Addresses are part of an article's identity, so the demo keeps its ports from run to run."""


def main() -> int:
    """Run the demo; return the exit code of ``vigia run``."""
    busy = [port for port in range(BASE_PORT, BASE_PORT + len(SITES)) if not _free(port)]
    if busy:
        print(
            f"make demo needs the ports {BASE_PORT}-{BASE_PORT + len(SITES) - 1} of loopback; in use: {busy}",
            file=sys.stderr,
        )
        return 2
    with Newsroom(BASE_PORT) as newsroom:
        environment = os.environ | {
            "VIGIA_HOME": str(HOME),
            "VIGIA_OUTLETS_DIR": str(newsroom.write_outlets(HOME / "outlets")),
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "1",
            "VIGIA_CRAWL_DELAY": "0.05",
            "VIGIA_CONTACT": "demo@example.org",
        }
        say("The newsroom is on the air: " + ", ".join(f"{name} {site.base}" for name, site in newsroom.sites.items()))
        code = vigia(environment, "run", "--since", "2010-01-01")
    vigia(environment, "search", "--in", "events", "--table", "--size", "25")
    vigia(environment, "search", "cupos mototaxistas", "--size", "3", "--facet", "gang", "--facet", "place")
    target = HOME / "events.jsonl"
    vigia(environment, "export", "events", "--format", "jsonl", "--output", str(target))
    say(f"Events as JSON Lines: {target}")
    return code


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def vigia(environment: dict[str, str], *arguments: str) -> int:
    """Run a command and show it."""
    say("$ vigia " + " ".join(f"'{word}'" if " " in word else word for word in arguments))
    command = [str(Path(sys.executable).with_name("vigia")), *arguments]
    return subprocess.run(command, env=environment, check=False).returncode


def say(line: str) -> None:
    """A line between the outputs of the commands."""
    print(f"\n{line}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
