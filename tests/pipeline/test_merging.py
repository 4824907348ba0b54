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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

import pipeline.archive.analysed
import pipeline.archive.merging
import pipeline.merging
from nlp.types import Business, DateSpan, Event, Gang, Money, MoneyRole, Place, Polarity
from pipeline.archive import Archive
from pipeline.archive.database import writing
from pipeline.dedupe import WINDOW, Signature, sign, stories
from pipeline.grouping import crime_families
from pipeline.incidents import merge
from pipeline.merging import merge_changes
from pipeline.settings import Settings
from pipeline.stop import Stop
from scrapers.items import Article, hash_of
from tests.pipeline.archive_samples import NOON, analysed, article, event

DAY = date(2025, 10, 14)
WORDS = [f"palabra{number}" for number in range(200)]
TEXTS = (WORDS[:40], WORDS[5:45], WORDS[10:50], WORDS[100:140])
"""The first is like the second, the second like the third, the first not like the third."""


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


EVENTS = st.builds(
    event,
    number=st.integers(1, 3),
    crime_type=st.sampled_from(["extorsion", "extorsion", "exigencia_extorsiva", "sicariato"]),
    date=st.one_of(
        st.integers(0, 6).map(lambda n: DateSpan(start=DAY + timedelta(days=n), end=DAY + timedelta(days=n))), st.none()
    ),
    place=st.sampled_from([Place(name="x", ubigeo=code) for code in ("150110", "150110", "1501", "150103", "15")]),
    money=st.sampled_from([(), (money(500),), (money(900),), (money(500), money(900))]),
    gangs=st.sampled_from([(), (), (Gang(name="Los Unos"),), (Gang(name="Los Otros"),)]),
    businesses=st.sampled_from([(), (Business(type="bodega", category="comercio"),)]),
    polarity=st.sampled_from([Polarity.POSITIVE] * 4 + [Polarity.NEGATIVE]),
)
SAVES = st.tuples(
    st.just("save"),
    st.integers(0, 7),
    st.integers(0, 3),
    st.lists(EVENTS, max_size=2, unique_by=lambda one: one.id).map(tuple),
    st.integers(0, 6).map(bool),
)
STEPS = st.lists(
    st.one_of(
        SAVES,
        SAVES,
        SAVES,
        st.tuples(st.just("date"), st.integers(0, 7)),
        st.tuples(st.just("merge")),
        st.tuples(st.just("kill"), st.integers(0, 9)),
    ),
    min_size=3,
    max_size=25,
)
MOMENTS = st.lists(st.one_of(st.integers(0, 25), st.none()), min_size=8, max_size=8)


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


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS, moments=MOMENTS)
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
