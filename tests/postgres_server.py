"""A real PostgreSQL of one's own: in a temporary folder, on a Unix socket only, stopped at the end; never as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL's initdb and pg_ctl are not on this machine (Debian: apt-get install postgresql)"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[str]:
    """A running server; the URL of its empty database."""
    binaries = programs()
    assert binaries is not None, MISSING
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="vigia-pg-"))
    os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    started = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    try:
        _run(user, [binaries / "initdb", "-D", data, "-A", "trust", "-U", "vigia", "-E", "UTF8", "--locale=C"])
        _run(user, [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", started, "start"])
        try:
            yield f"postgresql://vigia@/postgres?host={folder}"
        finally:
            _run(user, [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> pwd.struct_passwd:
    """Ourselves, or, since the server refuses to run as root, somebody with fewer rights."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return pwd.getpwnam("nobody")


def _run(user: pwd.struct_passwd, command: list[str | Path]) -> None:
    ids: dict[str, int] = {"user": user.pw_uid, "group": user.pw_gid} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "pg_ctl" not in str(command[0]) else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if "pg_ctl" not in str(command[0]) else subprocess.DEVNULL,
        cwd="/",
        text=True,
        check=False,
        **ids,
    )
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}"
