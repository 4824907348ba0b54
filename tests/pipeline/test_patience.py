"""When outlets that do not answer, or refuse us, are asked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.archive import Archive, FetchState
from pipeline.patience import cut_off, next_try, resting
from pipeline.settings import Settings
from scrapers.items import Outcome
from scrapers.outlet import EntryPoint, Outlet, OutletKind
from tests.pipeline.archive_samples import NOON, fetch

HOUR = timedelta(hours=1)
FEED = "https://diario.example.pe/feed/"


def paper(name: str) -> Outlet:
    return Outlet(
        id=name,
        name=name,
        domain=f"{name}.example.pe",
        kind=OutletKind.NATIONAL,
        confidence="low",
        entry_points=(EntryPoint(kind="feed", url=f"https://{name}.example.pe/feed/", status="checked"),),
    )


DIARIO = paper("diario")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(Settings(home=tmp_path)) as opened:
        yield opened


def state(failures: int, outcome: Outcome = Outcome.NETWORK_ERROR) -> FetchState:
    return FetchState(url=FEED, outcome=outcome, status=None, detail=None, at=NOON, succeeded=None, failures=failures)


@pytest.mark.parametrize(
    ("failures", "outcome", "hours"),
    [
        (1, Outcome.NETWORK_ERROR, None),
        (2, Outcome.NETWORK_ERROR, 1),
        (3, Outcome.HTTP_ERROR, 2),
        (4, Outcome.NOT_A_FEED, 4),
        (5, Outcome.NETWORK_ERROR, 6),
        (500, Outcome.NETWORK_ERROR, 6),
        (1, Outcome.BLOCKED, 1),
        (2, Outcome.BLOCKED, 2),
        (6, Outcome.FORBIDDEN_BY_ROBOTS, 24),
        (10_000, Outcome.BLOCKED, 24),
    ],
)
def test_later_each_time(failures: int, outcome: Outcome, hours: int | None) -> None:
    assert next_try([state(failures, outcome)], HOUR) == (None if hours is None else NOON + hours * HOUR)


def test_while_one_entry_point_answers_all_are_asked() -> None:
    assert next_try([state(9), state(0, Outcome.FEED_READ)], HOUR) is None
    assert next_try([], HOUR) is None


def test_when_nobody_is_reached_it_is_our_own_network(archive: Archive) -> None:
    papers = [paper(f"diario{number}") for number in range(4)]
    feeds = [each.entry_points[0].url for each in papers]
    for _ in range(9):
        for each, url in zip(papers, feeds, strict=True):
            archive.record(replace(fetch(Outcome.NETWORK_ERROR), outlet=each.id, url=url))
    assert cut_off(archive.fetch_states([url]) for url in feeds)
    assert resting(archive, papers, NOON) == {}
    assert "diario0" in resting(archive, papers[:2], NOON)  # two may well fail at once by themselves
    archive.record(replace(fetch(), outlet="diario3", url=feeds[3]))
    assert not cut_off(archive.fetch_states([url]) for url in feeds)
    assert resting(archive, papers, NOON) == dict.fromkeys(("diario0", "diario1", "diario2"), NOON + 6 * HOUR)


def test_an_answer_of_whatever_kind_shows_that_the_network_is_there() -> None:
    assert cut_off([[state(1)]] * 3)
    assert not cut_off([[state(1)], [state(1)], [state(3, Outcome.HTTP_ERROR)]])
    assert not cut_off([[state(1)], [state(1)], []])


def test_an_outlet_rests_until_the_later_of_what_it_asked_and_what_it_earned(archive: Archive) -> None:
    assert resting(archive, [DIARIO], NOON) == {}
    archive.record(fetch(Outcome.BLOCKED, status=429))
    assert resting(archive, [DIARIO], NOON) == {"diario": NOON + HOUR}
    archive.record(fetch(Outcome.BLOCKED, status=429, not_before=NOON + 5 * HOUR))
    assert resting(archive, [DIARIO], NOON) == {"diario": NOON + 5 * HOUR}
    assert resting(archive, [DIARIO], NOON + 5 * HOUR) == {}
    assert resting(archive, [DIARIO], NOON - 30 * 24 * HOUR) == {}  # the clock was wrong
    archive.record(fetch())
    assert resting(archive, [DIARIO], NOON) == {}
