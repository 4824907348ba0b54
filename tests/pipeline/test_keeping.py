"""Keeping raw responses and watching outlets, on SQLite and on a real PostgreSQL; what a killed prune leaves is put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.archive import Archive, RawMissing, RunState
from pipeline.archive.warc import WarcFolder
from pipeline.archive.watching import BACKFILL, RunFacts
from pipeline.retention import Policy, prune
from pipeline.settings import Settings
from scrapers.items import Outcome
from tests import postgres_server
from tests.pipeline.archive_samples import NOON, article, edited, exchange, fetch

EVERYTHING = Policy(max_bytes=0)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    if request.param == "sqlite":
        yield Settings(home=tmp_path)
        return
    if postgres_server.programs() is None:
        pytest.skip(postgres_server.MISSING)
    with postgres_server.server() as url:
        yield Settings(home=tmp_path, database_url=url)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings) as opened:
        yield opened


def test_an_old_version_loses_its_response_and_the_newest_keeps_it(archive: Archive, settings: Settings) -> None:
    first = article()
    old = archive.save_exchange(exchange(b"old" * 1000))
    archive.save_article(first, old)
    new = archive.save_exchange(replace(exchange(b"new" * 1000), url="https://diario.example.pe/nota-1"))
    archive.save_article(edited(first, "Otro texto de la nota."), new)
    feed = archive.save_exchange(exchange(b"only a feed"))
    assert [(one.needed, str(one.pointer)) for one in archive.keeping.exchanges(old.partition("#")[0])] == [
        (False, old),
        (True, new),
        (False, feed),
    ]
    archive.close()
    with Archive.open(settings) as again:
        report = prune(again.keeping, EVERYTHING)
        assert (report.responses_removed, report.files_removed, report.files_rewritten) == (2, 0, 1)
        before, after = again.keeping.versions(first.id)
        assert (before.raw, before.source) == (None, None)
        assert after.source == "https://diario.example.pe/nota-1"
        assert after.raw is not None
        assert again.raw(after.raw).body == b"new" * 1000
        with pytest.raises(RawMissing):
            again.raw(old)
        assert list(again.keeping.pointers()) == [(after.raw, next(iter(again.keeping.pointers()))[1])]
        assert list(again.keeping.article_faults()) == [None]
        assert again.keeping.database_faults() == []
        behind = again.save_exchange(exchange(b"goes on in the file that was rewritten"))
        assert again.raw(behind).body == b"goes on in the file that was rewritten"
        assert len(again.keeping.sizes()) == 1


class Killed(BaseException):
    """The end of the process."""


@pytest.mark.parametrize("moment", ["copy", "remove"])
def test_a_prune_that_is_killed_loses_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    one = article()
    with Archive.open(settings) as archive:
        archive.save_exchange(exchange(b"only a feed"))
        archive.save_article(one, archive.save_exchange(exchange(b"its page")))
    real = getattr(WarcFolder, moment)

    def killed(folder: WarcFolder, *arguments: object) -> None:
        if moment == "copy":
            real(folder, *arguments)
        raise Killed

    with Archive.open(settings) as archive, monkeypatch.context() as patched:
        patched.setattr(WarcFolder, moment, killed)
        with pytest.raises(Killed):
            prune(archive.keeping, EVERYTHING)
    with Archive.open(settings) as archive:
        assert len(archive.keeping.leftovers()) == 1
        prune(archive.keeping, EVERYTHING)
        assert archive.keeping.leftovers() == []
        assert len(archive.keeping.sizes()) == 1
        (version,) = archive.keeping.versions(one.id)
        assert version.raw is not None
        assert archive.raw(version.raw).body == b"its page"


def test_by_size_the_oldest_go_first_and_no_more_than_needed(archive: Archive) -> None:
    pointers = [archive.save_exchange(exchange(bytes([n]) * 5000, at=NOON + timedelta(days=n))) for n in range(4)]
    archive.close()
    file = pointers[0].partition("#")[0]
    lengths = [one.pointer.length for one in archive.keeping.exchanges(file)]
    total = sum(archive.keeping.sizes().values())
    report = prune(archive.keeping, Policy(max_bytes=total - lengths[0] - 1))
    assert (report.responses_removed, report.over) == (2, 0)
    left = [one for name in archive.keeping.sizes() for one in archive.keeping.exchanges(name)]
    assert [archive.raw(str(one.pointer)).body[:1] for one in left] == [b"\x02", b"\x03"]
    assert prune(archive.keeping, Policy(older_than=NOON + timedelta(days=3))).responses_removed == 1


def test_what_is_known_of_an_outlet(archive: Archive) -> None:
    for number in range(3):
        at = NOON + timedelta(hours=number)
        archive.save_article(article(number, published=at, section="Policial" if number else None), None)
    archive.begin_run("crawl")
    archive.record(fetch(Outcome.BLOCKED))
    archive.record(fetch(Outcome.BLOCKED, url="https://diario.example.pe/nota-7"))
    archive.record(fetch(Outcome.NEW, url="https://diario.example.pe/nota-8"))
    run = archive.end_run(RunState.FINISHED)
    archive.begin_run(BACKFILL)
    archive.record(fetch(Outcome.HTTP_ERROR, url="https://diario.example.pe/2020/nota-9", status=404))
    archive.end_run(RunState.FINISHED)
    later = []
    for _ in range(2):  # withdrawn, and still listed
        archive.begin_run("crawl")
        archive.record(fetch(Outcome.HTTP_ERROR, url="https://diario.example.pe/nota-10", status=404))
        later.append(archive.end_run(RunState.FINISHED))
    watching = archive.watching
    assert watching.begun() == {"diario": run.started}
    assert watching.run_facts({fetch().url}) == {
        "diario": [
            RunFacts(at=later[1].started, counts={"http_error": 1}, bad_pages={}),
            RunFacts(at=later[0].started, counts={"http_error": 1}, bad_pages={"http_error": 1}),
            RunFacts(at=run.started, counts={"blocked": 2, "new": 1}, bad_pages={"blocked": 1}),
        ]
    }
    noon = int(NOON.timestamp()) // 3600
    assert watching.hours(NOON) == {"diario": {noon: 1, noon + 1: 1, noon + 2: 1}}
    assert [record["section"] for record in watching.newest_records("diario", 2)] == ["Policial", "Policial"]
