"""What only the embedded index does: files, locks, processes that are killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.index import IndexUnavailable, Kind, Query, open_index, tantivy_store
from pipeline.index.embedded import EmbeddedIndex
from pipeline.index.names import default_names
from pipeline.settings import Settings
from tests.pipeline.index.generated import documents

LOADER = """
import sys
from pathlib import Path
from pipeline.index import embedded
from pipeline.index.names import default_names
from tests.pipeline.index.generated import documents

def stream():
    for number, one in enumerate(documents(100_000)):
        if number == 350:
            print("half way", flush=True)
        yield one

embedded.COMMIT_EVERY = 100
embedded.EmbeddedIndex(Path(sys.argv[1]), default_names()).replace_articles(stream())
"""


def _index(folder: Path) -> EmbeddedIndex:
    return EmbeddedIndex(folder, default_names())


def test_the_settings_choose_it(tmp_path: Path) -> None:
    index = open_index(Settings(home=tmp_path))
    assert index.describe().where == str(tmp_path / "index" / "v2")


def test_looking_makes_nothing(tmp_path: Path) -> None:
    state = _index(tmp_path / "index").describe()
    assert (state.target, set(state.counts.values())) == ("", {0})
    assert not (tmp_path / "index").exists()


def test_readers_see_what_another_process_commits(tmp_path: Path) -> None:
    reader, writer = _index(tmp_path), _index(tmp_path)
    assert reader.count(Query()) == 0
    writer.replace_articles(documents(3))
    assert reader.count(Query()) == 3
    writer.replace_articles(documents(5))
    assert reader.count(Query()) == 5


@pytest.mark.kill
def test_killed_in_the_middle_of_a_load(tmp_path: Path) -> None:
    loader = subprocess.Popen([sys.executable, "-c", LOADER, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd())
    assert loader.stdout is not None
    assert loader.stdout.readline() == b"half way\n"
    os.kill(loader.pid, signal.SIGKILL)
    loader.wait()
    index = _index(tmp_path)
    kept = index.count(Query())
    assert kept >= 300
    assert kept % 100 == 0
    made = list(documents(500))
    for _ in range(2):
        assert len(index.replace_articles(made).indexed) == 500
    assert index.count(Query()) >= 500
    undisturbed = _index(tmp_path / "other")
    undisturbed.replace_articles(made)
    ids = {one.article.id for one in made}
    for kind in (Kind.EVENTS, Kind.CLAIMS):
        there = [hit for hit in index.scan(Query(kind=kind)) if hit.source["article"]["id"] in ids]
        assert there == list(undisturbed.scan(Query(kind=kind)))


@pytest.mark.kill
def test_one_process_writes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_store, "PATIENCE", 0.3)
    loader = subprocess.Popen([sys.executable, "-c", LOADER, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path.cwd())
    try:
        assert loader.stdout is not None
        loader.stdout.readline()
        index = _index(tmp_path)
        with pytest.raises(IndexUnavailable, match="another process is writing"):
            index.replace_articles(documents(1))
        assert index.count(Query()) >= 100
    finally:
        loader.kill()
        loader.wait()
    monkeypatch.undo()
    deadline = time.monotonic() + 10
    while index.target() and time.monotonic() < deadline:
        if index.replace_articles(documents(1)).indexed:
            break


def test_what_older_templates_made_goes_when_a_load_is_complete(tmp_path: Path) -> None:
    for name in ("v1", "v99", "vault"):
        (tmp_path / name / "articles").mkdir(parents=True)
    index = _index(tmp_path)
    index.replace_articles(documents(3))
    assert (tmp_path / "v1").exists()
    index.publish()
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["v2", "v99", "vault"]
    assert index.count(Query()) == 3


def test_a_broken_index_says_what_to_do(tmp_path: Path) -> None:
    _index(tmp_path).replace_articles(documents(3))
    (tmp_path / "v2" / "articles" / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexUnavailable, match="can be made anew from the archive: vigia index --rebuild"):
        _index(tmp_path).search(Query())


@pytest.mark.parametrize("damage", ["meta.json", ".managed.json", "everything"])
def test_a_rebuild_mends_a_broken_index(tmp_path: Path, damage: str) -> None:
    _index(tmp_path).replace_articles(documents(3))
    for file in (each for each in (tmp_path / "v2").rglob("*") if each.is_file()):
        if damage in {file.name, "everything"}:
            file.write_bytes(b"\xfe\x00" * 100)
    _index(tmp_path).rebuild(documents(5))
    assert _index(tmp_path).count(Query()) == 5


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full: make room on it"),
        (ValueError("An IO error occurred: 'No space left on device (os error 28) at path \"x\"'"), "the disk is full"),
        (ValueError("LockFile: IoError(Os { code: 30, kind: ReadOnlyFilesystem })"), "nothing can be written there"),
        (ValueError("Data corrupted"), "vigia index --rebuild"),
    ],
)
def test_an_index_that_is_whole_is_not_to_be_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(tantivy_store, "new_index", fail)
    with pytest.raises(IndexUnavailable, match=said):
        _index(tmp_path).search(Query())


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file", encoding="utf-8")
    with pytest.raises(IndexUnavailable):
        _index(tmp_path / "index").search(Query())
    with pytest.raises(IndexUnavailable):
        _index(tmp_path / "index").replace_articles(documents(1))


def test_a_scan_goes_on_while_others_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_store, "SCAN_PAGE", 10)
    index = _index(tmp_path)
    index.replace_articles(documents(95))
    scan = index.scan(Query(highlight=False))
    first = next(scan)
    index.rebuild(documents(1, seed=99))
    rest = list(scan)
    assert len({first.id, *(hit.id for hit in rest)}) == 95
    assert index.count(Query()) == 1
