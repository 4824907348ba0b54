"""``vigia alerts run`` killed with SIGKILL at any moment, then run again: nobody misses an alert, and files hold none twice."""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline.archive import Archive
from tests.integration.test_kill import rows
from tests.pipeline.alerts.world import arrive, report
from tests.pipeline.newsroom_home import Home
from tests.pipeline.receivers import Hook, Post, serving

pytestmark = pytest.mark.kill
INCIDENTS = 220


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose incidents came in after alerts had begun."""
    folder = tmp_path_factory.mktemp("filled")
    home = Home.make(folder)
    assert home.vigia("alerts", "add", "primera", "--jsonl", str(folder / "x")).code == 0
    assert home.vigia("alerts", "remove", "primera").code == 0
    with Archive.open(home.settings) as archive:
        arrive(archive, *(report(f"n{number}", date=None, published=None) for number in range(INCIDENTS)))
    return folder / "home"


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    with serving(server):
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    server = Post()
    with serving(server):
        yield server


class Watch:
    """A home with one saved search that tells everybody, and what everybody got."""

    def __init__(self, folder: Path, filled: Path, hook: Hook, post: Post) -> None:
        shutil.copytree(filled, folder / "home")
        mail = {"VIGIA_NOTIFY_SMTP_HOST": "127.0.0.1", "VIGIA_NOTIFY_SMTP_PORT": str(post.port)}
        self.home, self.hook, self.post = Home.make(folder, **mail), hook, post
        self.lines, self.feed = folder / "a.jsonl", folder / "f.xml"
        receivers = ["--jsonl", str(self.lines), "--feed", str(self.feed), "--email", "ana@example.org"]
        done = self.home.vigia("alerts", "add", "una", "--crime", "extorsion", "--webhook", hook.url, *receivers)
        assert done.code == 0, done.err

    def kill_when(self, due: Callable[[], bool]) -> bool:
        """Start a run and kill it at a moment; whether it was still going."""
        process = self.home.start("alerts", "run")
        while process.poll() is None and not due():
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL

    def assert_all_got_everything(self) -> None:
        done = self.home.vigia("alerts", "run", "--json")
        assert done.code == 0, done.out + done.err
        written = [json.loads(line) for line in self.lines.read_text(encoding="utf-8").splitlines()]
        ids = {alert["id"]: alert["incident"]["id"] for alert in written}
        assert (len(written), len(ids), len(set(ids.values()))) == (INCIDENTS, INCIDENTS, INCIDENTS)
        posted = Counter(headers["Idempotency-Key"] for headers, _ in self.hook.got)
        assert posted.keys() == ids.keys()
        mailed = "".join(data.decode() for _, data in self.post.got)
        assert [key for key in ids if key not in mailed] == []
        entries = {one.text for one in ElementTree.parse(self.feed).iter("{http://www.w3.org/2005/Atom}id")}
        assert len(entries & {f"urn:uuid:{key}" for key in ids}) == 100
        with Archive.open(self.home.settings) as archive:
            assert archive.outbox.waiting() == []
        assert self.home.vigia("alerts", "run", "--json").json["run"]["counts"] == []


@pytest.fixture
def watch(tmp_path: Path, filled: Path, hook: Hook, post: Post) -> Watch:
    return Watch(tmp_path, filled, hook, post)


MOMENTS: dict[str, Callable[[Watch], bool]] = {
    "in the middle of judging": lambda watch: rows(watch.home, "incident_news") >= 1,
    "when it is matched": lambda watch: rows(watch.home, "alerts") >= 1,
    "at the first line": lambda watch: watch.lines.exists(),
    "in the middle of the calls": lambda watch: len(watch.hook.got) >= 100,
    "at the first mail": lambda watch: len(watch.post.got) >= 1,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_is_carried_on(watch: Watch, moment: str) -> None:
    assert watch.kill_when(lambda: MOMENTS[moment](watch))
    watch.assert_all_got_everything()


def test_killed_again_and_again(watch: Watch) -> None:
    chance, killed = random.Random(11), 0
    for _ in range(6):
        posted = len(watch.hook.got) + chance.randint(1, 40)
        killed += watch.kill_when(lambda posted=posted: len(watch.hook.got) >= posted)  # type: ignore[misc]
    assert killed >= 4
    watch.assert_all_got_everything()
    posted_twice = len(watch.hook.got) - INCIDENTS
    assert 0 <= posted_twice <= killed  # at most the one that was on its way
