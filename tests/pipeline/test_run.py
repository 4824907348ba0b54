"""The steps of a run on real components: an article that fails is rejected alone, a stop leaves the rest for later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from spacy.tokens import Doc

import nlp.extract
from nlp.extract import Text
from nlp.types import Extraction, ModelVersion
from pipeline.archive import Archive, ArchiveError, RunState
from pipeline.index import Kind, PutReport, Query, SearchIndex, open_index
from pipeline.index.base import Confirm, Revisions
from pipeline.loading import index_step
from pipeline.records import Document, from_dict
from pipeline.run import analyze_step, due, merge_step
from pipeline.settings import Settings
from pipeline.stop import Stop
from pipeline.work import Work, working
from scrapers.items import Article, Fetch, Outcome
from scrapers.outlet import Outlet, OutletKind
from tests.pipeline.archive_samples import NOON, article, edited, fetch

BODIES = (
    "Un mototaxista denunció que la banda Los Injertos le exige S/ 500 semanales en Comas, en Lima.",
    "El alcalde inauguró un parque.",
    "Extorsionadores dejaron una granada en una bodega de Trujillo y pidieron S/ 20 mil.",
    "La policía detuvo a dos sujetos por cobro de cupos en San Juan de Lurigancho.",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def articles(settings: Settings) -> list[Article]:
    """Archived, in the order in which they are read."""
    made = sorted((article(n, body=body) for n, body in enumerate(BODIES)), key=lambda one: one.id)
    with Archive.open(settings) as archive:
        for one in made:
            archive.save_article(one, None)
    return made


def poison(monkeypatch: pytest.MonkeyPatch, *hashes: str) -> None:
    """Let the reading of some texts fail, as a fault in a rule would."""
    real = nlp.extract._extraction

    def failing(text: Text, doc: Doc, models: tuple[ModelVersion, ...], downgraded: tuple[str, ...]) -> Extraction:
        extraction = real(text, doc, models, downgraded)
        if extraction.text_hash in hashes:
            raise RecursionError("too deep")
        return extraction

    monkeypatch.setattr(nlp.extract, "_extraction", failing)


def analyze(settings: Settings, stop: Stop | None = None) -> Work:
    with working(settings, "analyze", stop=stop) as work:
        analyze_step(work, {"diario": "15"})
        merge_step(work)
    return work


def counts(work: Work) -> dict[tuple[str, str], int]:
    assert work.run is not None
    return {(count.stage, count.outcome): count.n for count in work.run.counts}


def read(work: Work) -> int:
    return sum(n for (stage, outcome), n in counts(work).items() if stage == "analyze" and outcome != "rejected")


def test_articles_are_read_and_merged(settings: Settings, articles: list[Article]) -> None:
    work = analyze(settings)
    assert not work.failed
    assert read(work) == len(articles)
    with Archive.open(settings) as archive:
        assert [document.article for document in archive.documents()] == articles
        assert all(document.extraction.text_hash == document.article.content_hash for document in archive.documents())
        assert sum(len(incident.events) for incident in archive.incidents()) == archive.numbers()["events"] > 0
        assert archive.merging.settled()
    again = analyze(settings)
    assert counts(again) == {}


@pytest.mark.parametrize("positions", [(0,), (1,), (3,), (0, 1, 2, 3)], ids=str)
def test_an_article_that_cannot_be_read_is_rejected_alone(
    settings: Settings, articles: list[Article], monkeypatch: pytest.MonkeyPatch, positions: tuple[int, ...]
) -> None:
    bad = [articles[position] for position in positions]
    with monkeypatch.context() as patched:
        poison(patched, *[one.content_hash for one in bad])
        work = analyze(settings)
    assert work.failed
    with Archive.open(settings) as archive:
        assert [(reject.id, reject.reason) for reject in archive.rejects("analyze")] == [
            (one.id, "RecursionError: too deep") for one in bad
        ]
        kept = [document.article for document in archive.documents()]
    assert kept == [one for one in articles if one not in bad]
    assert [(issue.outcome, issue.subject) for issue in work.issues] == [("rejected", one.id) for one in bad]
    assert not analyze(settings).failed  # not tried again by the same rules
    with Archive.open(settings) as archive:
        archive.forget_readings()
    analyze(settings)
    with Archive.open(settings) as archive:
        assert [document.article for document in archive.documents()] == articles
        assert archive.rejects() == []


def test_a_fault_of_the_archive_is_no_fault_of_an_article(
    settings: Settings, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_archive: Archive, _key: str) -> Iterator[object]:
        raise OSError("disk gone")
        yield

    monkeypatch.setattr(Archive, "pending_analysis", broken)
    with pytest.raises(ArchiveError, match="disk gone"):
        analyze(settings)
    with Archive.open(settings) as archive:
        assert archive.rejects() == []
        assert [run.state for run in archive.runs()] == [RunState.FAILED]


def test_out_of_time_leaves_the_rest_for_the_next_run(settings: Settings, articles: list[Article]) -> None:
    work = analyze(settings, Stop(seconds=0))
    assert work.left == ["4 article(s) wait to be read"]
    assert not work.failed
    assert work.run is not None
    assert work.run.state is RunState.OUT_OF_TIME
    assert read(analyze(settings)) == len(articles)


def test_an_undated_article_is_read_by_the_day_of_its_fetch_and_says_so(settings: Settings) -> None:
    undated = article(published=None, published_raw=None)
    with Archive.open(settings) as archive:
        archive.save_article(undated, None)
    analyze(settings)
    with Archive.open(settings) as archive:
        document = archive.document(undated.id)
    assert document is not None
    assert document.extraction.published == undated.fetched
    assert "no_date" in document.extraction.flags


def index_once(settings: Settings, index: SearchIndex | None = None) -> Work:
    with working(settings, "index") as work:
        opened = index or open_index(settings)
        index_step(work, opened)
        opened.close()
    return work


def held(settings: Settings, kind: Kind) -> set[str]:
    index = open_index(settings)
    try:
        return {hit.id for hit in index.scan(Query(kind=kind))}
    finally:
        index.close()


def test_what_was_read_is_indexed_once(settings: Settings, articles: list[Article]) -> None:
    analyze(settings)
    work = index_once(settings)
    assert counts(work) == {("index", "indexed"): 4}
    assert held(settings, Kind.ARTICLES) == {one.id for one in articles}
    with Archive.open(settings) as archive:
        assert held(settings, Kind.INCIDENTS) == {incident.id for incident in archive.incidents()}
    assert counts(index_once(settings)) == {}


def test_an_edited_article_takes_the_place_of_its_older_version(settings: Settings, articles: list[Article]) -> None:
    analyze(settings)
    index_once(settings)
    before = next(one for one in articles if "mototaxista" in one.body)
    after = edited(before, "El alcalde inauguró una losa deportiva.")
    with Archive.open(settings) as archive:
        archive.save_article(after, None)
    analyze(settings)
    work = index_once(settings)
    assert ("index", "indexed") in counts(work)
    index = open_index(settings)
    try:
        assert [hit.source["article"]["body"] for hit in index.scan(Query(text="losa deportiva"))] == [after.body]
        assert list(index.scan(Query(kind=Kind.EVENTS, article_ids=(before.id,)))) == []
    finally:
        index.close()
    with Archive.open(settings) as archive:
        assert held(settings, Kind.INCIDENTS) == {incident.id for incident in archive.incidents()}


class Refusing:
    """The embedded index, which refuses one article."""

    def __init__(self, index: SearchIndex, article_id: str) -> None:
        self._index = index
        self._article_id = article_id

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def replace_articles(self, documents: Iterable[Document], revisions: Revisions, confirm: Confirm) -> PutReport:
        others = [one for one in documents if one.article.id != self._article_id]
        report = self._index.replace_articles(others, revisions) + PutReport(
            refused=((self._article_id, "a field too long"),)
        )
        confirm(report)
        return report


def test_an_archive_that_is_older_than_the_index_is_no_success(settings: Settings, articles: list[Article]) -> None:
    analyze(settings)
    index_once(settings)
    index = open_index(settings)
    ahead = index.get(Kind.ARTICLES, articles[1].id)
    assert ahead is not None
    index.replace_articles([from_dict(Document, ahead.source)], {articles[1].id: 99})
    with Archive.open(settings) as archive:
        archive.forget_index(index.target())
    work = index_once(settings)
    assert work.failed
    (problem,) = work.problems
    assert "of 1 record(s) the index has a newer revision" in problem
    assert "vigia index --rebuild" in problem
    assert counts(work) == {("index", "indexed"): 3}
    with Archive.open(settings) as archive:
        assert archive.count_pending_index(index.target()) == 1


def test_what_an_index_refuses_is_counted_and_kept_with_its_reason(settings: Settings, articles: list[Article]) -> None:
    analyze(settings)
    refused = articles[1]
    index = Refusing(open_index(settings), refused.id)
    target = index._index.target()
    work = index_once(settings, index)  # type: ignore[arg-type]
    assert work.failed
    assert counts(work) == {("index", "indexed"): 3, ("index", "rejected"): 1}
    with Archive.open(settings) as archive:
        assert [(reject.stage, reject.id, reject.reason) for reject in archive.rejects()] == [
            (f"index:articles:{target}", refused.id, "a field too long")
        ]
    assert counts(index_once(settings)) == {}
    with Archive.open(settings) as archive:
        archive.clear_rejects(f"index:articles:{target}")
    assert counts(index_once(settings)) == {("index", "indexed"): 1}
    assert held(settings, Kind.ARTICLES) == {one.id for one in articles}


@pytest.mark.parametrize(
    ("fetches", "failed"),
    [
        ([fetch()], False),
        ([fetch(), fetch(Outcome.FORBIDDEN_BY_ROBOTS, url="https://diario.example.pe/privado")], False),
        ([fetch(Outcome.FORBIDDEN_BY_ROBOTS)], True),
        ([fetch(), fetch(Outcome.HTTP_ERROR, url="https://diario.example.pe/nota", status=500)], True),
        ([fetch(Outcome.FEED_EMPTY)], False),
        ([fetch(Outcome.NOT_A_FEED)], True),
        ([fetch(), fetch(Outcome.TOO_OLD, url="https://diario.example.pe/nota")], False),
    ],
    ids=lambda value: "+".join(one.outcome for one in value) if isinstance(value, list) else str(value),
)
def test_which_outcomes_make_a_run_partly_failed(settings: Settings, fetches: list[Fetch], failed: bool) -> None:
    with working(settings, "crawl") as work:
        for one in fetches:
            work.archive.record(one)
    assert work.failed is failed


@pytest.mark.parametrize(
    ("minutes_ago", "asked"),
    [(None, True), (0, False), (50, False), (55, True), (600, True), (-30, False), (-500_000, True)],
)
def test_an_outlet_is_asked_again_when_it_is_time(minutes_ago: int | None, asked: bool) -> None:
    outlet = Outlet(
        id="diario", name="Diario", domain="diario.pe", kind=OutletKind.NATIONAL, confidence="low", poll_minutes=60
    )
    worked_off = {} if minutes_ago is None else {"diario": NOON - timedelta(minutes=minutes_ago)}
    assert due([outlet], worked_off, {}, NOON) == ([outlet] if asked else [])
    assert due([outlet], worked_off, {"diario": NOON + timedelta(minutes=1)}, NOON) == []


def test_a_step_that_breaks_is_entered_as_failed_and_the_lock_is_free(settings: Settings) -> None:
    def break_down() -> None:
        with working(settings, "run"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_down()
    with working(settings, "run") as work:
        states = [run.state for run in work.archive.runs()]
    assert states == [RunState.RUNNING, RunState.FAILED]
    assert not work.failed
