"""The archive on SQLite and on a real PostgreSQL: what is kept comes back, a replay changes nothing."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from pipeline.archive import Analysed, Archive, ArchiveError, Count, Issue, Pending, RunState, StoredArticle
from pipeline.archive.database import open_engine, reading
from pipeline.archive.schema import metadata
from pipeline.dedupe import sign
from pipeline.merging import merge_changes
from pipeline.records import ClaimRecord, Document, EventRecord
from pipeline.settings import Settings
from pipeline.stop import Stop
from scrapers.items import Article, Asked, Fetch, Known, Outcome, RobotsFile, Validators, article_id, hash_of
from tests import postgres_server
from tests.pipeline.archive_samples import NOON, analysed, article, claim, edited, event, exchange, extraction, fetch

LATER = NOON + timedelta(hours=5)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if postgres_server.programs() is None:
        pytest.skip(postgres_server.MISSING)
    with postgres_server.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(home=tmp_path)
    server: str = request.getfixturevalue("postgres")
    schema = f"t{uuid4().hex}"
    with create_engine(Settings(database_url=server).archive_url).begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    return Settings(home=tmp_path, database_url=f"{server}&options=-csearch_path%3D{schema}")


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings) as opened:
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive that many examples share."""
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    settings = Settings(home=tmp_path_factory.mktemp("odd"), database_url=url)
    with Archive.open(settings) as opened:
        yield opened


def pending(archive: Archive, models_key: str = "m1") -> list[StoredArticle]:
    return list(archive.pending_analysis(models_key))


def document(of: Article, story: str | None = None) -> Document:
    return Document(article=of, extraction=extraction(of), story=story)


# Articles and versions


def test_a_new_article_comes_back_as_it_was(archive: Archive) -> None:
    one = article()
    assert archive.known(one.id) is None
    assert archive.save_article(one, "file#1") is Outcome.NEW
    assert archive.known(one.id) == Known(
        content_hash=one.content_hash, modified=None, fetched=one.fetched, unfinished=False
    )
    assert archive.article(one.id) == one
    assert archive.article("0" * 16) is None


def test_what_became_of_an_address(archive: Archive) -> None:
    address = "https://diario.example.pe/nota-1"
    assert archive.asked(address) is None
    for _ in range(2):
        archive.record(fetch(Outcome.NO_TEXT, url=address))
    archive.record(fetch(Outcome.NEW))
    assert archive.asked(address) == Asked(outcome=Outcome.NO_TEXT, at=NOON, failures=2, status=200)
    archive.record(fetch(Outcome.UNCHANGED, url=address, at=LATER))
    assert archive.asked(address) == Asked(outcome=Outcome.UNCHANGED, at=LATER, failures=0, status=200)


def test_the_same_article_again_changes_nothing_but_when_it_was_seen(archive: Archive) -> None:
    one = article()
    archive.save_article(one, None)
    again = replace(one, fetched=LATER, section="Lima", authors=("Otra",))
    assert archive.save_article(again, None) is Outcome.UNCHANGED
    assert archive.versions(one.id) == [one]
    assert archive.known(one.id) == Known(content_hash=one.content_hash, modified=None, fetched=LATER, unfinished=False)


def test_an_edit_is_a_new_version(archive: Archive) -> None:
    one = article()
    two = edited(one, "Otro texto.", modified=LATER, fetched=LATER)
    archive.save_article(one, None)
    assert archive.save_article(two, None) is Outcome.CHANGED
    assert archive.versions(one.id) == [one, two]
    assert archive.known(one.id) == Known(
        content_hash=two.content_hash, modified=LATER, fetched=LATER, unfinished=False
    )


def test_what_an_outlet_prints_again_at_another_address_is_one_article(archive: Archive) -> None:
    first = article(1, title="Caen extorsionadores")
    assert archive.save_article(first, None) is Outcome.NEW
    again = article(2, title="Caen extorsionadores", fetched=NOON + timedelta(hours=5))
    assert archive.save_article(again, None) is Outcome.UNCHANGED
    assert archive.outlets()["diario"][0] == 1
    assert archive.known(first.id) == Known(
        content_hash=first.content_hash, modified=None, fetched=again.fetched, unfinished=False
    )
    others = (
        article(3, title="Caen extorsionadores", outlet="otro"),
        article(4, title="Caen más extorsionadores"),
        article(5, title="Caen extorsionadores", published=NOON + timedelta(days=60)),
    )
    assert [archive.save_article(other, None) for other in others] == [Outcome.NEW] * 3


def test_two_feeds_that_print_an_article_differently_make_two_versions_and_no_more(archive: Archive) -> None:
    one = article()
    two = edited(one, "Como lo trae la otra lista.")
    outcomes = [archive.save_article(which, None) for which in (one, two, one, two, one)]
    assert outcomes == [Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_an_edit_taken_back_is_a_version_when_the_outlet_dates_it_later(archive: Archive) -> None:
    one = replace(article(), modified=NOON)
    two = edited(one, "Otro texto.", modified=LATER)
    three = replace(one, modified=LATER + timedelta(hours=1))
    outcomes = [archive.save_article(which, None) for which in (one, two, three)]
    assert outcomes == [Outcome.NEW, Outcome.CHANGED, Outcome.CHANGED]
    assert archive.versions(one.id) == [one, two, three]


def test_an_unfinished_article_that_is_finished_without_a_change(archive: Archive) -> None:
    one = article(unfinished=True)
    archive.save_article(one, None)
    assert archive.save_article(replace(one, unfinished=False), None) is Outcome.UNCHANGED
    known = archive.known(one.id)
    assert known is not None
    assert not known.unfinished


def test_a_date_that_was_missing_is_entered_and_the_article_read_again(archive: Archive) -> None:
    undated = article(published=None, published_raw=None)
    archive.save_article(undated, None)
    archive.save_extractions([analysed(undated)])
    assert pending(archive) == []
    dated = replace(undated, published=NOON, published_raw="14/10/2025")
    assert archive.save_article(dated, None) is Outcome.UNCHANGED
    assert pending(archive) == [StoredArticle(article=dated, version=1)]


ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)


@given(text=ANY_TEXT)
def test_whatever_stands_beside_the_text_is_kept_or_mended(odd: Archive, text: str) -> None:
    one = article(hash_of(repr(text))[:8], section=text, tags=(text,), authors=(text, "b"), published_raw=text)
    assert odd.save_article(one, None) in {Outcome.NEW, Outcome.UNCHANGED}
    kept = odd.article(one.id)
    assert kept is not None
    assert (kept.title, kept.body, kept.authors[1]) == (one.title, one.body, "b")
    if text.isprintable():
        assert kept == one
    odd.record(fetch(Outcome.BROKEN, url="https://diario.example.pe/odd", detail=text))


# Fetch states and validators


def test_validators_count_only_when_the_crawl_came_to_its_end(archive: Archive) -> None:
    archive.record(fetch())
    assert archive.validators(fetch().url) is None
    archive.settle_crawl()
    assert archive.validators(fetch().url) == Validators(etag='"e1"', last_modified="Tue, 14 Oct 2025 12:00:00 GMT")


@pytest.mark.parametrize(
    "left",
    [
        fetch(Outcome.NETWORK_ERROR, url="https://diario.example.pe/nota", status=None),
        fetch(Outcome.BLOCKED, url="https://diario.example.pe/nota", status=429),
        fetch(Outcome.HTTP_ERROR, url="https://diario.example.pe/nota", status=503),
    ],
    ids=lambda left: left.outcome.value,
)
def test_validators_do_not_count_while_a_page_of_the_outlet_is_left_to_fetch(archive: Archive, left: Fetch) -> None:
    archive.record(fetch())
    archive.record(left)
    archive.settle_crawl()
    assert archive.validators(fetch().url) is None


def test_what_sites_ask_of_crawlers_is_kept(archive: Archive) -> None:
    origin = "https://diario.example.pe"
    assert archive.robots(origin) is None
    for rules, at in (("User-agent: *\nDisallow: /\n", NOON), ("", NOON + timedelta(hours=6))):
        archive.save_robots(RobotsFile(origin=origin, text=rules, fetched=at))
        assert archive.robots(origin) == RobotsFile(origin=origin, text=rules, fetched=at)
    until = NOON + timedelta(hours=1)
    archive.record(fetch(Outcome.BLOCKED, status=429, not_before=until))
    archive.record(fetch(Outcome.BLOCKED, status=429, url="https://diario.example.pe/b", not_before=NOON))
    assert archive.pauses(NOON) == {"diario": until}
    assert archive.pauses(until) == {}
    archive.record(fetch())
    assert archive.pauses(NOON) == {}


def test_an_outlet_is_worked_off_when_nothing_of_it_is_left_or_it_refuses(archive: Archive) -> None:
    before = datetime.now(UTC)
    ends = {"a": Outcome.NEW, "b": Outcome.NETWORK_ERROR, "c": Outcome.NEW, "d": Outcome.NEW, "e": Outcome.BLOCKED}
    for outlet, outcome in ends.items():
        archive.record(fetch(Outcome.FEED_READ, url=f"https://{outlet}.pe/feed", outlet=outlet))
        archive.record(fetch(outcome, url=f"https://{outlet}.pe/nota", outlet=outlet))
    archive.settle_crawl(unfinished=["c"], visited=["a", "b", "c", "e"])
    assert set(archive.worked_off()) == {"a", "e"}
    assert archive.worked_off()["a"] >= before


def test_a_page_that_is_gone_holds_nothing_up(archive: Archive) -> None:
    archive.record(fetch())
    archive.record(fetch(Outcome.HTTP_ERROR, url="https://diario.example.pe/nota", status=404))
    archive.settle_crawl()
    assert archive.validators(fetch().url) is not None


def test_validators_do_not_count_while_an_article_is_unfinished(archive: Archive) -> None:
    archive.record(fetch())
    archive.save_article(article(unfinished=True), None)
    archive.settle_crawl()
    assert archive.validators(fetch().url) is None


def test_validators_stay_when_nothing_was_modified_and_come_back_when_a_failure_is_over(archive: Archive) -> None:
    archive.record(fetch())
    archive.settle_crawl()
    archive.record(fetch(Outcome.NOT_MODIFIED, etag=None, last_modified=None, status=304))
    assert archive.validators(fetch().url) is not None
    archive.record(fetch(Outcome.NOT_A_FEED, etag='"html"'))
    archive.settle_crawl()
    assert archive.validators(fetch().url) is None
    archive.record(fetch(Outcome.NOT_MODIFIED, etag=None, last_modified=None, status=304, at=LATER))
    archive.settle_crawl()
    (state,) = archive.fetch_states([fetch().url])
    assert (state.outcome, state.failures, state.at) == (Outcome.NOT_A_FEED, 1, LATER)
    assert archive.validators(fetch().url) is None
    archive.record(fetch())
    archive.settle_crawl()
    known = archive.validators(fetch().url)
    assert known is not None
    assert known.etag == '"e1"'
    archive.forget_validators(["otro"])
    assert archive.validators(fetch().url) == known
    archive.forget_validators()
    assert archive.validators(fetch().url) is None


def test_failures_are_counted_in_a_row_and_the_last_success_stays(archive: Archive) -> None:
    archive.record(fetch(at=NOON))
    archive.record(fetch(Outcome.HTTP_ERROR, status=500, at=LATER))
    archive.record(fetch(Outcome.NOT_A_FEED, detail="HTML\x00 where a feed should be", at=LATER))
    (state,) = archive.fetch_states([fetch().url, "https://never.example.pe/"])
    assert (state.outcome, state.failures, state.succeeded, state.detail) == (
        Outcome.NOT_A_FEED,
        2,
        NOON,
        "HTML where a feed should be",
    )


# Raw responses


def test_a_raw_response_comes_back_and_the_same_body_is_kept_once(archive: Archive, settings: Settings) -> None:
    first = archive.save_exchange(exchange())
    other = archive.save_exchange(exchange(b"<rss>2</rss>"))
    again = archive.save_exchange(exchange(at=LATER))
    assert first == again != other
    back = archive.raw(first)
    assert back == replace(exchange(), response_headers=[*exchange().response_headers, ("Content-Length", "6")])
    archive.close()
    with Archive.open(settings) as reopened:
        third = reopened.save_exchange(exchange(b"<rss>3</rss>"))
        assert reopened.raw(other).body == b"<rss>2</rss>"
        assert reopened.raw(third).body == b"<rss>3</rss>"
    assert len(list(settings.warc_dir.iterdir())) == 1


# Runs


def test_a_run_counts_every_address_once_and_keeps_what_went_wrong(archive: Archive) -> None:
    number = archive.begin_run("crawl diario")
    archive.record(fetch())
    archive.record(fetch(Outcome.NEW, url="https://diario.example.pe/1"))
    archive.record(fetch(Outcome.NEW, url="https://diario.example.pe/2"))
    archive.record(fetch(Outcome.NOT_A_FEED, url="https://otro.example.pe/feed", outlet="otro", detail="HTML"))
    archive.count("index", "", "indexed", 3)
    archive.count("index", "", "indexed", 2)
    run = archive.end_run(RunState.FINISHED)
    assert (run.id, run.command, run.state) == (number, "crawl diario", RunState.FINISHED)
    assert run.counts == (
        Count(stage="crawl", outlet="diario", outcome="feed_read", n=1),
        Count(stage="crawl", outlet="diario", outcome="new", n=2),
        Count(stage="crawl", outlet="otro", outcome="not_a_feed", n=1),
        Count(stage="index", outlet="", outcome="indexed", n=5),
    )
    assert archive.issues(number) == [
        Issue(
            stage="crawl",
            outlet="otro",
            subject="https://otro.example.pe/feed",
            outcome="not_a_feed",
            status=200,
            detail="HTML",
            at=NOON,
        )
    ]
    assert archive.runs() == [run]
    assert archive.last_counts() == {"diario": {"feed_read": 1, "new": 2}, "otro": {"not_a_feed": 1}}


def test_a_run_that_was_killed_is_found_out_by_the_next(archive: Archive, settings: Settings) -> None:
    killed = archive.begin_run("run")
    with Archive.open(settings) as other:
        other.begin_run("run")
        states = {run.id: run.state for run in other.runs()}
    assert states == {killed: RunState.KILLED, killed + 1: RunState.RUNNING}


def test_outside_a_run_the_state_is_kept_and_nothing_counted(archive: Archive) -> None:
    archive.record(fetch())
    archive.count("index", "", "indexed")
    assert archive.last_counts() == {}
    assert len(archive.fetch_states([fetch().url])) == 1


# Reading


def test_what_was_read_is_not_read_again_unless_text_or_models_change(archive: Archive) -> None:
    one, two = sorted((article(1), article(2)), key=lambda which: which.id)
    archive.save_article(one, None)
    archive.save_article(two, None)
    assert pending(archive) == [StoredArticle(article=one, version=1), StoredArticle(article=two, version=1)]
    archive.save_extractions([analysed(one), analysed(two)])
    assert pending(archive) == []
    assert archive.count_pending_analysis("m2") == 2
    changed = edited(two, "Otro texto.")
    archive.save_article(changed, None)
    assert pending(archive) == [StoredArticle(article=changed, version=2)]


def test_new_articles_are_read_before_those_that_other_models_have_read(archive: Archive) -> None:
    one, two = sorted((article(1), article(2)), key=lambda which: which.id)
    archive.save_article(one, None)
    archive.save_extractions([analysed(one)])
    archive.save_article(two, None)
    assert [stored.article for stored in archive.pending_analysis("m2")] == [two, one]


def test_reading_all_again_keeps_what_was_read_until_it_is_read_again(archive: Archive) -> None:
    one = article()
    archive.save_article(one, None)
    archive.save_extractions([analysed(one)])
    archive.mark_indexed("here", {one.id: 1})
    archive.forget_readings()
    assert list(archive.documents()) == [document(one)]
    assert pending(archive) == [StoredArticle(article=one, version=1)]
    archive.save_extractions([analysed(one)])
    assert pending(archive) == []
    assert list(archive.pending_index("here")) == []


def merged(archive: Archive) -> int | None:
    return merge_changes(archive.merging, Stop())


def signed(of: Article, **more: Any) -> Analysed:
    return replace(analysed(of, **more), signature=sign(of.id, NOON, of.body).hashes)


def test_whether_stories_and_incidents_are_up_to_date(archive: Archive) -> None:
    one = article()
    archive.save_article(one, None)
    assert archive.merging.settled()  # nobody has read it
    archive.save_extractions([signed(one)])
    assert not archive.merging.settled()
    assert merged(archive) == 1
    assert archive.merging.settled()
    archive.save_extractions([signed(one, models_key="m2")])
    assert archive.merging.settled()  # other models have read the same out of it
    archive.save_extractions([signed(one, events=(event(2),))])
    assert not archive.merging.settled()


def test_an_article_that_is_relevant_no_more_leaves_its_story_and_its_incident(archive: Archive) -> None:
    articles = [article(number, published=NOON + timedelta(hours=number)) for number in range(3)]
    for one in articles:
        archive.save_article(one, None)
        archive.save_extractions([signed(one)])
    assert merged(archive) == 1
    assert [one.story for one in archive.documents()] == [articles[0].id] * 3
    archive.save_extractions([analysed(articles[0], relevant=False)])
    assert merged(archive) == 2
    stories = {one.article.id: one.story for one in archive.documents()}
    assert [stories[one.id] for one in articles] == [None, articles[1].id, articles[1].id]
    assert [[record.article.id for record in one.events] for one in archive.incidents()] == [
        [articles[1].id, articles[2].id]
    ]


def test_events_wait_to_be_read_anew_when_their_date_is_found_out(archive: Archive) -> None:
    undated = article(published=None, published_raw=None)
    archive.save_article(undated, None)
    archive.save_extractions([signed(undated)])
    assert merged(archive) == 1
    dated = replace(undated, published=NOON)
    archive.save_article(dated, None)
    assert merged(archive) == 1
    assert list(archive.incidents()) == []
    archive.save_extractions([signed(dated)])
    assert merged(archive) == 1
    assert [one.events[0].article.published for one in archive.incidents()] == [NOON]


def test_a_rejected_article_is_not_tried_again_by_the_same_models(archive: Archive) -> None:
    one = article()
    archive.save_article(one, None)
    archive.reject("analyze", "1:m1", article_id=one.id, outlet="diario", reason="ValueError: x")
    assert pending(archive) == []
    assert archive.count_pending_analysis("m2") == 1
    assert [(r.stage, r.id, r.key, r.reason) for r in archive.rejects()] == [
        ("analyze", one.id, "1:m1", "ValueError: x")
    ]
    archive.clear_rejects("analyze")
    assert pending(archive) == [StoredArticle(article=one, version=1)]
    archive.reject("analyze", "1:m1", article_id=one.id, outlet="diario", reason="ValueError: x")
    archive.save_extractions([analysed(one)])
    assert archive.rejects("analyze") == []


def test_documents_events_and_claims_come_back(archive: Archive) -> None:
    one, two = sorted((article(1), article(2, published=NOON - timedelta(days=9))), key=lambda which: which.id)
    for which in (one, two):
        archive.save_article(which, None)
    archive.save_extractions([analysed(one), analysed(two)])
    assert list(archive.documents()) == [document(one), document(two)]
    assert list(archive.documents(since=NOON - timedelta(days=1))) == [
        document(which) for which in (one, two) if which.published == NOON
    ]
    assert list(archive.documents([two.id, "0" * 16, one.id])) == [document(two), document(one)]
    assert list(archive.documents(outlets=["otro"])) == []
    assert archive.document(one.id) == document(one)
    assert list(archive.events()) == [EventRecord(event=event(), article=document(which).ref) for which in (one, two)]
    assert list(archive.claims()) == [ClaimRecord(claim=claim(), article=document(which).ref) for which in (one, two)]


def test_events_of_an_older_version_go(archive: Archive) -> None:
    one = article()
    two = edited(one, "Otro texto.")
    archive.save_article(one, None)
    archive.save_extractions([analysed(one, events=(event(1), event(2)))])
    archive.save_article(two, None)
    assert [record.event.id for record in archive.events()] == ["event1", "event2"]
    archive.save_extractions([analysed(two, version=2, events=(event(3),), claims=())])
    assert [record.event.id for record in archive.events()] == ["event3"]
    assert list(archive.claims()) == []
    assert archive.document(one.id) == Document(article=two, extraction=extraction(two, events=(event(3),), claims=()))


def test_the_same_text_at_two_addresses_has_the_same_event_twice(archive: Archive) -> None:
    for which in (article(1), article(2)):
        archive.save_article(which, None)
        archive.save_extractions([analysed(which)])
    assert [record.event.id for record in archive.events()] == ["event1", "event1"]


def test_long_listings_are_paged_whole_and_in_order(archive: Archive) -> None:
    articles = [article(number) for number in range(501)]
    for which in articles:
        archive.save_article(which, None)
    ids = [stored.article.id for stored in archive.pending_analysis("m1")]
    assert ids == sorted(which.id for which in articles)


# Indexes


def test_an_index_is_given_what_it_lacks_and_nothing_twice(archive: Archive) -> None:
    one = article()
    archive.save_article(one, None)
    assert list(archive.pending_index("here")) == []
    archive.save_extractions([analysed(one)])
    assert list(archive.pending_index("here")) == [Pending(document=document(one), revision=1)]
    archive.mark_indexed("here", {one.id: 1})
    assert list(archive.pending_index("here")) == []
    assert list(archive.pending_index("there")) == [Pending(document=document(one), revision=1)]
    archive.merging.save_stories({one.id: one.id}, None)
    assert list(archive.pending_index("here")) == [Pending(document=document(one, one.id), revision=2)]
    archive.mark_indexed("here", {one.id: 2})
    assert list(archive.pending_index("here")) == []
    archive.forget_index("here")
    assert list(archive.pending_index("here")) == [Pending(document=document(one, one.id), revision=2)]


def test_what_an_index_refused_is_not_offered_again_until_it_changes(archive: Archive) -> None:
    one = article()
    archive.save_article(one, None)
    archive.save_extractions([analysed(one)])
    archive.reject("index:articles:here", "1", article_id=one.id, outlet="diario", reason="mapping")
    assert list(archive.pending_index("here")) == []
    assert len(list(archive.pending_index("there"))) == 1
    archive.save_extractions([analysed(one, models_key="m2")])
    assert list(archive.pending_index("here")) == []
    archive.save_extractions([analysed(one, models_key="m3", claims=())])
    other = Document(article=one, extraction=extraction(one, claims=()))
    assert list(archive.pending_index("here")) == [Pending(document=other, revision=2)]
    archive.mark_indexed("here", {one.id: 2})
    assert archive.rejects() == []


def test_incidents_that_change_are_pending_and_indexes_learn_to_forget(archive: Archive) -> None:
    one, two, three = (article(n, published=NOON + timedelta(hours=n)) for n in (1, 2, 3))
    for which, told in ((one, event()), (two, event(date=None))):
        archive.save_article(which, None)
        archive.save_extractions([signed(which, events=(told,))])
    merged(archive)
    first, second = f"{one.id}.event1", f"{two.id}.event1"
    assert revisions(archive, "here") == {first: (1, 1), second: (1, 1)}
    archive.mark_indexed("here", {first: 1, second: 1}, kind="incidents")
    assert merged(archive) == 0
    assert revisions(archive, "here") == {}
    archive.save_article(three, None)
    archive.save_extractions([signed(three), signed(two, events=())])
    merged(archive)
    assert revisions(archive, "here") == {first: (2, 2), second: (2, None)}
    assert revisions(archive, "there") == {first: (2, 2)}
    archive.mark_indexed("here", {first: 2, second: 2}, kind="incidents")
    archive.save_extractions([signed(two, events=(event(date=None),))])
    merged(archive)
    assert revisions(archive, "here") == {second: (3, 1)}


def revisions(archive: Archive, target: str) -> dict[str, tuple[int, int | None]]:
    """Id of each pending incident -> its revision and how many events it has; ``None``: it is gone."""
    pending = archive.pending_incidents(target)
    return {one.id: (one.revision, one.incident and len(one.incident.events)) for one in pending}


def test_numbers_and_outlets(archive: Archive) -> None:
    one, two = article(1), article(2)
    archive.save_article(one, None)
    archive.save_article(two, None)
    archive.save_article(edited(two, "Otro texto."), None)
    archive.save_extractions([analysed(one), analysed(edited(two, "Otro texto."), version=2, relevant=False)])
    assert archive.numbers() == {
        "articles": 2,
        "article_versions": 3,
        "extractions": 2,
        "events": 1,
        "claims": 1,
        "relevant": 1,
        "incidents": 0,
    }
    assert archive.outlets() == {"diario": (2, NOON)}


# Opening


def test_migrations_make_what_the_code_expects(archive: Archive, settings: Settings) -> None:
    engine = open_engine(settings.archive_url)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def _open(settings: Settings) -> dict[str, int]:
    with Archive.open(settings) as opened:
        return opened.numbers()


def test_processes_that_open_a_new_archive_at_once_agree(settings: Settings) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_open, [settings] * 3))
    assert results == [results[0]] * 3


def test_an_archive_of_a_newer_version_is_left_alone(archive: Archive, settings: Settings) -> None:
    engine = open_engine(settings.archive_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(ArchiveError, match=r"newer version of Vigía \(schema 9999\): upgrade Vigía"):
        Archive.open(settings)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "vigia.db").write_text("this is no database, but it is long enough to be looked at" * 20)
    with pytest.raises(ArchiveError, match="file is not a database; check VIGIA_HOME and VIGIA_DATABASE_URL"):
        Archive.open(Settings(home=tmp_path))


def test_a_database_that_is_damaged_says_so(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Archive.open(settings) as fresh:
        fresh.begin_run("run")
        fresh.end_run(RunState.FINISHED)
    file = tmp_path / "vigia.db"
    with closing(sqlite3.connect(file)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as pages:
        pages.seek((root - 1) * size)
        pages.write(b"\xfe" * size)
    with Archive.open(settings) as damaged, pytest.raises(ArchiveError, match=r"malformed; .* sqlite3 FILE .recover"):
        damaged.runs(1)


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="set VIGIA_HOME"):
        Archive.open(Settings(home=tmp_path / "file" / "home"))


def test_a_server_that_is_not_there_names_no_password() -> None:
    settings = Settings(database_url="postgresql://vigia:geheim@127.0.0.1:9/vigia")
    with pytest.raises(ArchiveError, match="cannot open the archive postgresql") as caught:
        Archive.open(settings)
    assert "geheim" not in str(caught.value)
    assert "geheim" not in repr(settings)


def test_without_its_driver_postgresql_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ArchiveError, match=r"pip install 'vigia\[postgres\]'"):
        Archive.open(Settings(database_url="postgresql://vigia@127.0.0.1:9/vigia"))


def test_many_records_are_marked_at_once(archive: Archive) -> None:
    revisions = {f"{number:016d}": 1 for number in range(70_000)}
    archive.mark_indexed("here", revisions)
    assert list(archive.pending_index("here")) == []


def test_a_reader_does_not_hold_a_writer_up(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Archive.open(settings) as archive, Archive.open(settings) as other:
        for number in range(3):
            archive.save_article(article(number), None)
        listing = archive.pending_analysis("m1")
        next(listing)
        assert other.save_article(article(9), None) is Outcome.NEW
        assert len(list(listing)) in (2, 3)


def test_an_archive_that_was_torn_down_in_a_transaction_has_all_of_it_or_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Archive.open(settings) as archive:
        archive.save_article(article(1), None)
    child = os.fork()
    if child == 0:
        connection = sqlite3.connect(tmp_path / "vigia.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM article_versions")
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    with Archive.open(settings) as archive:
        assert archive.article(article_id("https://diario.example.pe/nota-1")) == article(1)
