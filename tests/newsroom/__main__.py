"""Run the newsroom by hand: ``python -m tests.newsroom --outlets DIR``; stop it with Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from tests.newsroom.server import Newsroom


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description=__doc__)
    parser.add_argument("--outlets", type=Path, required=True, help="folder to write the outlet files to")
    parser.add_argument("--base-port", type=int, default=0, help="first of eight ports; 0 takes free ones")
    parser.add_argument("--edition", type=int, default=1, help="1, or 2 with an edited and a completed article")
    arguments = parser.parse_args()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with Newsroom(arguments.base_port, arguments.edition) as newsroom:
        newsroom.write_outlets(arguments.outlets)
        for outlet, site in newsroom.sites.items():
            print(f"{outlet:18} {site.base}", flush=True)
        print("ready", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
