"""A round of alerts on each database: what is kept and given back is the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.types import Gang
from pipeline.alerts.delivery import deliver
from pipeline.alerts.records import SavedSearch
from pipeline.archive import Archive
from pipeline.asked import Asked
from pipeline.records import encode
from pipeline.settings import NotifySettings, Settings
from pipeline.stop import Stop
from tests import postgres_server
from tests.pipeline.alerts.world import NOW, SENT_TO, arrive, begin, look, report, save, take
from tests.pipeline.index.generated import place


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if postgres_server.programs() is None:
        pytest.skip(postgres_server.MISSING)
    with postgres_server.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with Archive.open(Settings(home=tmp_path, database_url=url)) as opened:
        yield opened


def test_a_round(archive: Archive, tmp_path: Path) -> None:
    begin(archive)
    file = tmp_path / "a.jsonl"
    save(archive, "lima", Asked(places=("Lima",)), targets=(SENT_TO, f"jsonl:{file}", "webhook:http://127.0.0.1:9/x"))
    save(archive, "todo", targets=())
    broken = SavedSearch(name="rota", asked=Asked(text='"'), targets=(SENT_TO,))
    archive.alerting.add_search("00000000-0000-4000-8000-000000000000", "rota", encode(broken).decode(), at=NOW)
    assert not archive.alerting.add_search("00000000-0000-4000-8000-000000000001", "rota", "", at=NOW)
    arrive(archive, report("a"), report("n", place=place("130104")), report("b", date=None))
    assert look(archive).alerts == 2 + 3
    assert [(one.name, one.seen, one.error is None) for one in archive.alerting.searches()] == [
        ("lima", 3, True),
        ("rota", 0, False),
        ("todo", 3, True),
    ]
    assert archive.outbox.numbers() == {"lima": (2, 6), "todo": (3, 0)}
    done = deliver(archive.outbox, NotifySettings(), Stop(), now=NOW)
    assert (done.alerts, len(done.problems), len(file.read_bytes().splitlines())) == (2, 2, 2)
    waiting = [(one.target, one.alerts, one.attempts, one.next_try) for one in archive.outbox.waiting()]
    assert waiting == [
        (SENT_TO, 2, 1, NOW + timedelta(minutes=1)),
        ("webhook:http://127.0.0.1:9/x", 2, 1, NOW + timedelta(minutes=1)),
    ]
    later = NOW - timedelta(hours=1)
    arrive(archive, report("c", published=later), report("d", published=later, gangs=(Gang(name="Los Pulpos"),)))
    mended = SavedSearch(name="rota", asked=Asked(), targets=(SENT_TO,))
    archive.alerting.replace_search("rota", encode(mended).decode(), mended.targets)
    look(archive)
    got = sorted((alert.search, alert.news, alert.changed) for alert in take(archive))
    expected: list[Any] = [
        ("lima", "changed", ("gangs",)),
        ("lima", "new", ()),
        ("lima", "new", ()),
        ("rota", "new", ()),
        ("rota", "new", ()),
        ("rota", "new", ()),
    ]
    assert got == expected
    archive.outbox.hurry()
    assert [(one.target, one.next_try) for one in archive.outbox.waiting()] == [
        (f"jsonl:{file}", None),
        ("webhook:http://127.0.0.1:9/x", None),
    ]
    assert deliver(archive.outbox, NotifySettings(), Stop(), now=NOW).alerts == 1
    archive.alerting.forget(NOW + timedelta(days=1))
    left = archive.outbox.deliveries(limit=100)
    assert {one.target for one in left if one.settled is None} == {"webhook:http://127.0.0.1:9/x"}
    assert {one.search for one in left} == {"lima"}
    assert archive.alerting.remove_search("lima")
    assert archive.outbox.waiting() == []
