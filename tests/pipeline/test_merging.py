"""Stories and incidents made part by part are those of all articles at once, whatever happens in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine

import pipeline.archive.analysed
import pipeline.archive.merging
import pipeline.merging
from nlp.types import Business, DateSpan, Event, Gang, Money, MoneyRole, Place, Polarity
from pipeline.archive import Archive, Merging
from pipeline.archive.database import writing
from pipeline.dedupe import Signature, sign, stories
from pipeline.grouping import crime_families
from pipeline.incidents import merge
from pipeline.merging import merge_changes
from pipeline.settings import Settings
from pipeline.stop import Stop
from scrapers.items import Article
from tests.pipeline.archive_samples import NOON, analysed, article, event

DAY = date(2025, 10, 14)
WORDS = [f"palabra{number}" for number in range(200)]
TEXTS = (WORDS[:40], WORDS[5:45], WORDS[10:50], *(WORDS[at : at + 30] for at in (60, 90, 120, 150)))
"""The first is like the second, the second like the third, the first not like the third, nor any like one of the rest."""


@lru_cache
def hashes(text: int) -> bytes:
    return sign("", NOON, " ".join(TEXTS[text])).hashes


def merged(archive: Archive) -> int | None:
    return merge_changes(archive.merging, Stop())


def expected(archive: Archive) -> tuple[dict[str, str], list[object]]:
    """Stories and incidents of all that was read, made at once."""
    signatures = [
        Signature(article_id=one.article_id, published=one.dated, hashes=one.signature)
        for one in archive.merging.signatures()
    ]
    story_of = stories(signatures)
    incidents = merge(archive.events(), crime_families(), story_of)
    return story_of, sorted(incidents, key=lambda incident: incident.id)


def found(archive: Archive) -> tuple[dict[str, str], list[object]]:
    story_of = {document.article.id: document.story for document in archive.documents() if document.story is not None}
    return story_of, list(archive.incidents())


def save(
    archive: Archive,
    number: int,
    *,
    text: int = 3,
    published: datetime | None = NOON,
    events: tuple[Event, ...] = (),
    relevant: bool = True,
) -> Article:
    """Archive an article, or the edit of one, and what was read of it."""
    known = archive.article(article(number).id)
    body = f"{' '.join(TEXTS[text])} {len(archive.versions(article(number).id))}"
    one = article(number, body=body, published=published, published_raw=published and published.isoformat())
    archive.save_article(replace(one, modified=NOON + timedelta(days=99) if known else None), None)
    read(archive, one.id, text=text, events=events, relevant=relevant)
    return one


def read(archive: Archive, article_id: str, *, text: int, events: tuple[Event, ...], relevant: bool = True) -> None:
    newest = archive.article(article_id)
    assert newest is not None
    version = len(archive.versions(article_id))
    done = analysed(newest, version=version, relevant=relevant, events=events if relevant else (), claims=())
    archive.save_extractions([replace(done, signature=hashes(text) if relevant else None)])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("empty")
    Archive.open(Settings(home=home)).close()
    return home


@contextmanager
def fresh(empty: Path, folder: Path) -> Iterator[Archive]:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(empty, folder)
    with Archive.open(Settings(home=folder)) as archive:
        yield archive


class Killed(Exception):
    """The process has ended."""


@contextmanager
def killed_after(transactions: int) -> Iterator[None]:
    """End the merge within a transaction, some of which have gone well before."""
    left = transactions

    @contextmanager
    def some(engine: Engine) -> Iterator[Connection]:
        nonlocal left
        with writing(engine) as connection:
            yield connection
            left -= 1
            if left < 0:
                raise Killed

    with patch.object(pipeline.archive.merging, "writing", some):
        yield


SMALL = {
    (pipeline.archive.analysed, "PAGE"): 2,
    (pipeline.archive.merging, "EVENTS_AT_ONCE"): 3,
    (pipeline.archive.merging, "DAYS_AT_ONCE"): 2,
    (pipeline.archive.merging, "INCIDENTS_AT_ONCE"): 2,
    (pipeline.merging, "STORIES_AT_ONCE"): 2,
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that even a few articles make many."""
    for (module, name), value in SMALL.items():
        monkeypatch.setattr(module, name, value)


def money(amount: int) -> Money:
    return Money(min=amount, max=amount, currency="PEN", role=MoneyRole.DEMANDED)


def on(day: int) -> DateSpan:
    return DateSpan(start=DAY + timedelta(days=day), end=DAY + timedelta(days=day))


EVENTS = st.builds(
    event,
    number=st.integers(1, 2),
    crime_type=st.sampled_from(["extorsion"] * 6 + ["exigencia_extorsiva", "sicariato"]),
    date=st.sampled_from([*map(on, range(6)), *map(on, range(6)), None]),
    place=st.sampled_from([Place(name="x", ubigeo=code) for code in ["150110"] * 9 + ["1501", "150103", "15"]]),
    money=st.sampled_from([(money(500),), (money(900),), (money(500), money(900)), ()]),
    gangs=st.sampled_from([(), (), (), (Gang(name="Los Unos"),), (Gang(name="Los Otros"),)]),
    businesses=st.sampled_from([(), (), (Business(type="bodega", category="comercio"),)]),
    polarity=st.sampled_from([Polarity.POSITIVE] * 8 + [Polarity.NEGATIVE]),
)
BARE = st.just((event(money=()),))
"""It is one with others only where the story is."""


def histories(
    events: st.SearchStrategy[tuple[Event, ...]], texts: list[int]
) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Articles that come in any order, some of them again; merges, some of them killed; dates that are found out later."""
    save = st.tuples(
        st.just("save"), st.integers(0, 7), st.sampled_from(texts), events, st.sampled_from([True] * 7 + [False])
    )
    merges = st.one_of(st.just(("merge",)), st.tuples(st.just("kill"), st.integers(0, 9)))
    step = st.one_of(save, save, save, merges, merges, st.tuples(st.just("date"), st.integers(0, 7)))
    first = st.permutations(range(8)).flatmap(lambda order: st.tuples(*(_with_number(save, n) for n in order[:6])))
    return st.tuples(first, st.lists(step, min_size=4, max_size=25)).map(lambda both: [*both[0], ("merge",), *both[1]])


def _with_number(save: st.SearchStrategy[tuple[Any, ...]], number: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return save.map(lambda step: (step[0], number, *step[2:]))


SOME_EVENTS = st.lists(EVENTS, min_size=1, max_size=2, unique_by=lambda one: one.id).map(tuple)
HISTORIES = st.one_of(
    histories(SOME_EVENTS, [3, 4, 5, 6]), histories(SOME_EVENTS, [0, 3, 4]), histories(BARE, [0, 1, 2])
)
MOMENTS = st.lists(st.sampled_from([0, 6, 7, 12, 14, 18, 24, None]), min_size=8, max_size=8)


def take(archive: Archive, step: tuple[Any, ...], moments: list[int | None]) -> None:
    match step:
        case "save", number, text, events, relevant:
            days = moments[number]
            published = None if days is None else NOON + timedelta(days=days)
            save(archive, number, text=text, published=published, events=events, relevant=relevant)
        case "date", number:
            known = archive.article(article(number).id)
            if known is not None and known.published is None:  # found out later: it waits to be read anew
                archive.save_article(replace(known, published=NOON - timedelta(days=3)), None)
        case ("merge",):
            merged(archive)
        case "kill", transactions:
            with killed_after(transactions):
                try:
                    merged(archive)
                except Killed:
                    return


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=HISTORIES, moments=MOMENTS)
def test_any_order_of_arrivals_edits_and_kills_gives_what_one_merge_gives(
    empty: Path, tmp_path: Path, small: None, steps: list[tuple[Any, ...]], moments: list[int | None]
) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        for step in steps:
            take(archive, step, moments)
        merged(archive)
        assert found(archive) == expected(archive)
        assert archive.merging.settled()
        assert merged(archive) == 0


def test_an_edit_takes_the_founder_of_a_group_to_another_day(empty: Path, tmp_path: Path, small: None) -> None:
    """What is still said to belong to it, from before, does not keep others of its article out."""
    here, gang = Place(name="x", ubigeo="150110"), (Gang(name="Los Otros"),)
    later = (
        event(1, date=on(4), place=here, money=(money(500), money(900)), gangs=gang),
        event(2, date=on(0), place=here, money=(money(900),)),
    )
    with fresh(empty, tmp_path / "home") as archive:
        save(archive, 0, text=3, events=(event(2, date=on(5), place=here, money=(money(500),)),))
        save(archive, 1, text=6, published=NOON + timedelta(days=7), events=later)
        merged(archive)
        save(archive, 0, text=6, events=later)
        merged(archive)
        assert found(archive) == expected(archive)


def test_a_move_spreads_from_day_to_day(empty: Path, tmp_path: Path, small: None) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        for day in (1, 2, 3, 4, 5):
            save(archive, day, text=3, published=NOON + timedelta(days=11 * day), events=(event(date=on(day)),))
        merged(archive)
        assert grouped(archive) == [[1, 2], [3, 4], [5]]
        save(archive, 0, published=NOON, events=(event(date=on(0)),))  # the second now tells of the same as this one
        merged(archive)
        assert grouped(archive) == [[0, 1], [2, 3], [4, 5]]
        assert found(archive) == expected(archive)


def test_events_part_when_the_story_of_one_changes(empty: Path, tmp_path: Path) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        bare = (event(money=()),)
        save(archive, 1, text=2, published=NOON + timedelta(hours=1), events=bare)
        save(archive, 2, text=1, published=NOON + timedelta(hours=2), events=bare)
        merged(archive)
        assert grouped(archive) == [[1, 2]]
        save(archive, 3, text=0, published=NOON)  # like the second only, and the earliest that is
        merged(archive)
        assert grouped(archive) == [[1], [2]]
        assert found(archive) == expected(archive)


def grouped(archive: Archive) -> list[list[int]]:
    """Numbers of the articles of each incident."""
    return sorted(
        [int(record.article.url.rpartition("-")[2]) for record in incident.events] for incident in archive.incidents()
    )


def test_stories_written_before_a_kill_are_gone_on_from(empty: Path, tmp_path: Path, small: None) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        ids = {
            number: save(archive, number, text=text, published=NOON + timedelta(days=day)).id
            for number, (text, day) in enumerate([(1, 7), (2, 14), (3, 1), (4, 12)])
        }
        merged(archive)
        first = save(archive, 9, text=0, published=NOON).id
        with killed_after(2), pytest.raises(Killed):
            merged(archive)
        assert found(archive)[0][ids[0]] == first != found(archive)[0][ids[1]]
        merged(archive)
        assert found(archive) == expected(archive)
        assert found(archive)[0][ids[1]] == first


@pytest.mark.parametrize("transactions", range(8))
def test_wherever_a_first_merge_is_killed_the_next_one_finishes_it(
    empty: Path, tmp_path: Path, small: None, transactions: int
) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        for number in range(4):
            save(archive, number, text=0, events=(event(date=on(number)), event(2, date=None)))
        with killed_after(transactions), pytest.raises(Killed):
            merged(archive)
        assert not archive.merging.settled() or archive.merging.rules() is None
        merged(archive)
        assert found(archive) == expected(archive)


def test_a_signal_stops_between_parts_and_the_next_time_goes_on(empty: Path, tmp_path: Path, small: None) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        for number in range(6):
            save(archive, number, text=0, published=NOON + timedelta(days=4 * number), events=(event(),))
        stop = Stop()
        with patch.object(Merging, "regroup", stopping(stop, Merging.regroup)):
            assert merge_changes(archive.merging, stop) is None
        assert not archive.merging.settled()
        assert merge_changes(archive.merging, stop) is None
        merged(archive)
        assert found(archive) == expected(archive)


def stopping(stop: Stop, real: Any) -> Any:
    """As a signal that comes while it works."""

    def method(*arguments: Any) -> int | None:
        stop.signalled = True
        return real(*arguments)

    return method


def test_only_what_changed_is_written(empty: Path, tmp_path: Path) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        save(archive, 1, text=3, events=(event(),))
        save(archive, 2, text=4, events=(event(date=on(20)),))
        save(archive, 3, text=5, events=(event(date=None),))
        assert merged(archive) == 3
        save(archive, 4, text=6, published=NOON + timedelta(hours=1), events=(event(),))
        assert merged(archive) == 1
        assert grouped(archive) == [[1, 4], [2], [3]]


def test_other_families_make_everything_anew(
    empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: None
) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        save(archive, 1, text=3, events=(event(crime_type="extorsion"),))
        save(archive, 2, text=4, events=(event(crime_type="sicariato"),))
        merged(archive)
        assert grouped(archive) == [[1], [2]]
        one_family = {"extorsion": "any", "sicariato": "any"}
        monkeypatch.setattr(pipeline.merging, "crime_families", lambda: one_family)
        monkeypatch.setattr(pipeline.archive.analysed, "crime_families", lambda: one_family)
        merged(archive)
        assert grouped(archive) == [[1, 2]]


def test_an_archive_of_the_first_schema_is_merged_anew(tmp_path: Path) -> None:
    chosen = Settings(home=tmp_path)
    with Archive.open(chosen) as archive:
        for number in range(3):
            save(
                archive, number, text=0, published=NOON + timedelta(days=number), events=(event(), event(2, date=None))
            )
        save(archive, 3, text=3, published=None, events=(event(2, money=()),))
        merged(archive)
        before = found(archive)
        archive.mark_indexed(
            "here", {one.id: one.revision for one in archive.pending_incidents("here")}, kind="incidents"
        )
    engine = create_engine(chosen.archive_url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(pipeline.archive.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        connection.exec_driver_sql("UPDATE marks SET value = '4:8'")
        connection.exec_driver_sql("UPDATE incidents SET id = 'of older rules' WHERE id LIKE '%.event1'")
    engine.dispose()
    with Archive.open(chosen) as archive:
        merged(archive)
        assert found(archive) == before == expected(archive)


def test_a_busy_day_of_like_events_is_one_incident(empty: Path, tmp_path: Path) -> None:
    with fresh(empty, tmp_path / "home") as archive:
        for number in range(30):
            save(archive, number, text=3, events=(event(),))
        assert merged(archive) == 1
        assert len(grouped(archive)[0]) == 30
        assert found(archive) == expected(archive)
