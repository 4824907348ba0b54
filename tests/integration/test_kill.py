"""``vigia run`` killed with SIGKILL in each of its steps, then run again: the same as an undisturbed run."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive import Archive, RunState
from pipeline.work import REQUESTS
from tests.newsroom.server import Newsroom
from tests.pipeline.newsroom_home import Home

pytestmark = pytest.mark.kill
RUN = ("run", "--since", "2015-01-01")


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def undisturbed(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, Any]]:
    home = Home.make(tmp_path_factory.mktemp("undisturbed"), newsroom)
    done = home.vigia(*RUN)
    assert done.code == 0, done.out + done.err
    return home, home.content()


def rows(home: Home, table: str) -> int:
    """Rows of a table of an archive that another process is writing to."""
    file = home.settings.home / "vigia.db"
    if not file.exists():
        return 0
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return count
    except sqlite3.OperationalError:
        return 0  # not made yet
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_when(home: Home, due: Callable[[], bool], *arguments: str) -> list[int]:
    """Start a run and kill it at a moment; the processes that it had started."""
    process = home.start(*RUN, *arguments)
    try:
        while not due():
            assert process.poll() is None, f"it ended before its time: {process.communicate()[1][-3000:]}"
            time.sleep(0.002)
        offspring = children(process.pid)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    return offspring


def assert_recovers(home: Home, expected: dict[str, Any]) -> None:
    done = home.vigia(*RUN)
    assert done.code == 0, done.out + done.err
    assert home.content() == expected
    with Archive.open(home.settings) as archive:
        assert [run.state for run in archive.runs()][:2] == [RunState.FINISHED, RunState.KILLED]


MOMENTS = {
    "as the archive is made": ("runs", 1),
    "at the first article": ("articles", 1),
    "in the middle of the crawl": ("articles", 25),
    "near the end of the crawl": ("articles", 60),
    "at the first article read": ("extractions", 1),
    "in the middle of the reading": ("extractions", 30),
    "while it indexes": ("incidents", 1),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_is_carried_on(
    newsroom: Newsroom, undisturbed: tuple[Home, dict[str, Any]], tmp_path: Path, moment: str
) -> None:
    home = Home.make(tmp_path, newsroom)
    table, enough = MOMENTS[moment]
    kill_when(home, lambda: rows(home, table) >= enough)
    assert_recovers(home, undisturbed[1])


def test_killed_while_several_processes_read_leaves_none_behind(
    newsroom: Newsroom, undisturbed: tuple[Home, dict[str, Any]], tmp_path: Path
) -> None:
    home = Home.make(tmp_path, newsroom)
    workers = kill_when(home, lambda: rows(home, "extractions") >= 5, "--processes", "2")
    assert len(workers) >= 2
    assert_recovers(home, undisturbed[1])
    assert [pid for pid in workers if alive(pid)] == []


def test_killed_again_and_again(newsroom: Newsroom, undisturbed: tuple[Home, dict[str, Any]], tmp_path: Path) -> None:
    home = Home.make(tmp_path, newsroom)
    for table, enough in (("articles", 10), ("articles", 40), ("extractions", 20), ("index_states", 1)):
        kill_when(home, lambda table=table, enough=enough: rows(home, table) >= enough)
    assert_recovers(home, undisturbed[1])


def test_a_second_run_finds_nothing_new_and_changes_nothing(undisturbed: tuple[Home, dict[str, Any]]) -> None:
    home, content = undisturbed
    with Archive.open(home.settings) as archive:
        before = list(archive.documents())
    done = home.vigia(*RUN, "--json")
    assert done.code == 0
    outcomes = {count["outcome"] for count in done.json["run"]["counts"] if count["stage"] != REQUESTS}
    assert outcomes <= {"feed_read", "not_modified", "unchanged", "too_old", "forbidden_by_robots"}
    assert home.content() == content
    with Archive.open(home.settings) as archive:
        assert list(archive.documents()) == before


def test_while_a_run_is_on_another_leaves_at_once(newsroom: Newsroom, tmp_path: Path) -> None:
    home = Home.make(tmp_path, newsroom)
    first = home.start(*RUN)
    while rows(home, "articles") == 0:
        time.sleep(0.01)
    second = home.vigia("crawl")
    assert (second.code, second.out) == (3, "")
    assert f"another run is on (vigia run, process {first.pid})" in second.err
    assert first.wait(timeout=120) == 0
    first.communicate()


@pytest.mark.parametrize(("table", "enough"), [("articles", 5), ("extractions", 5)])
def test_a_run_that_is_told_to_stop_ends_cleanly(
    newsroom: Newsroom, undisturbed: tuple[Home, dict[str, Any]], tmp_path: Path, table: str, enough: int
) -> None:
    home = Home.make(tmp_path, newsroom)
    process = home.start(*RUN)
    while rows(home, table) < enough:
        time.sleep(0.002)
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=60)
    assert process.returncode == 1, told
    with Archive.open(home.settings) as archive:
        assert [run.state for run in archive.runs()] == [RunState.STOPPED], told
    done = home.vigia(*RUN)
    assert done.code == 0
    assert home.content() == undisturbed[1]
