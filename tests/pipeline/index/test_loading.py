"""What both backends promise of loading: each test runs against the embedded index and against a real Elasticsearch."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipeline.index import Kind, PutReport, Query, SearchIndex, Sort
from pipeline.index.flatten import id_of, parts_of
from pipeline.records import ClaimRecord, Document, EventRecord
from tests.pipeline.index.generated import article, document, documents, event, incident
from tests.pipeline.index.test_contract import HAND_MADE, NAMES, NEWEST_FIRST


def _found(index: SearchIndex, query: Query) -> list[str]:
    return [NAMES[hit.source["article"]["id"]] for hit in index.search(query).hits]


def test_put_twice_is_once(index: SearchIndex) -> None:
    for _ in range(2):
        report = index.replace_articles(HAND_MADE.values())
        assert (set(report.indexed), report.refused) == (set(NAMES), ())
    index.refresh()
    before = {kind: list(index.scan(Query(kind=kind))) for kind in Kind}
    assert [len(found) for found in before.values()] == [7, 5, 1, 0]
    assert index.describe().counts == {Kind.ARTICLES: 7, Kind.EVENTS: 5, Kind.CLAIMS: 1, Kind.INCIDENTS: 0}


def test_a_new_version_takes_the_place_of_the_old(index: SearchIndex) -> None:
    old = HAND_MADE["trujillo"]
    index.replace_articles([old, HAND_MADE["comas"]])
    edited = dataclasses.replace(old.article, body="Nada se sabe.", content_hash="f" * 64)
    index.replace_article(document(edited, events=(event(edited, "homicidio", "muerte"),)))
    index.refresh()
    assert index.count(Query()) == 2
    assert index.count(Query(text="dinamita bodega")) == 0
    events = [hit.source["event"]["trigger"] for hit in index.scan(Query(kind=Kind.EVENTS))]
    assert sorted(events) == ["exigen cupos", "muerte"]


def test_the_same_article_twice_in_one_load(index: SearchIndex) -> None:
    old = HAND_MADE["trujillo"]
    edited = dataclasses.replace(old.article, body="Nada se sabe.", content_hash="f" * 64)
    index.replace_articles([old, document(edited)])
    index.refresh()
    assert (index.count(Query()), index.count(Query(kind=Kind.EVENTS))) == (1, 0)


def test_an_article_that_was_there_comes_twice_in_one_load(index: SearchIndex) -> None:
    old, comas = HAND_MADE["trujillo"], HAND_MADE["comas"]
    index.replace_articles([old])
    index.refresh()
    edited = dataclasses.replace(old.article, body="Nada se sabe.", content_hash="f" * 64)
    index.replace_articles([old, comas, document(edited), comas])
    index.refresh()
    assert [index.count(Query(kind=kind)) for kind in (Kind.ARTICLES, Kind.EVENTS)] == [2, len(comas.extraction.events)]


def _told(at: str, *events: str) -> Document:
    """The same article as it was read at different times."""
    of = article("told-twice", f"Como se leyó {at}", "Cobran cupos.")
    return document(of, events=tuple(event(of, "extorsion", words) for words in events))


def _triggers(index: SearchIndex) -> list[str]:
    index.refresh()
    return sorted(hit.source["event"]["trigger"] for hit in index.scan(Query(kind=Kind.EVENTS)))


def test_an_older_revision_changes_nothing(index: SearchIndex) -> None:
    newer, older = _told("después", "cobran"), _told("antes", "exigen", "amenazan")
    assert index.replace_articles([newer], {newer.article.id: 3}).indexed == (newer.article.id,)
    for late in (2, 1):
        report = index.replace_articles([older], {older.article.id: late})
        assert report == PutReport(overtaken=(older.article.id,))
    assert _triggers(index) == ["cobran"]
    assert index.count(Query(text="después")) == 1
    assert index.replace_articles([older], {older.article.id: 4}).indexed == (older.article.id,)
    assert _triggers(index) == ["amenazan", "exigen"]
    assert index.count(Query(text="después")) == 0


def test_the_same_revision_again_is_put_again(index: SearchIndex) -> None:
    for _ in range(2):
        report = index.replace_articles(HAND_MADE.values(), dict.fromkeys(NAMES, 7))
        assert set(report.indexed) == set(NAMES)
    index.refresh()
    assert [index.count(Query(kind=kind)) for kind in Kind] == [7, 5, 1, 0]


def test_an_older_revision_in_the_same_load(index: SearchIndex) -> None:
    """Revisions are looked up as documents come."""
    revisions: dict[str, int] = {}

    def stream() -> Iterator[Document]:
        for revision, one in ((5, _told("después", "cobran")), (4, _told("antes", "exigen"))):
            yield from HAND_MADE.values()
            yield from documents(250)
            revisions[one.article.id] = revision
            yield one

    report = index.replace_articles(stream(), revisions)
    assert report.overtaken == (_told("").article.id,)
    assert "cobran" in _triggers(index)
    assert "exigen" not in _triggers(index)


def test_an_older_incident_neither_replaces_nor_removes_a_newer(index: SearchIndex) -> None:
    (record,) = (part for part in parts_of(_told("hoy", "cobran")) if isinstance(part, EventRecord))
    newer = incident((record,))
    older = dataclasses.replace(newer, crime_type="homicidio")
    index.put(Kind.INCIDENTS, [newer], {newer.id: 3})
    assert index.put(Kind.INCIDENTS, [older], {newer.id: 2}).overtaken == (newer.id,)
    assert index.delete(Kind.INCIDENTS, [newer.id], {newer.id: 2}) == 0
    index.refresh()
    (hit,) = index.search(Query(kind=Kind.INCIDENTS)).hits
    assert hit.source["crime_type"] == newer.crime_type
    assert index.delete(Kind.INCIDENTS, [newer.id], {newer.id: 4}) == 1


def test_a_rebuild_begins_with_whatever_revisions_it_is_given(index: SearchIndex) -> None:
    newer, older = _told("después", "cobran"), _told("antes", "exigen")
    index.replace_articles([newer], {newer.article.id: 9})
    assert index.rebuild([older], (), {older.article.id: 2}).indexed == (older.article.id,)
    assert _triggers(index) == ["exigen"]
    assert index.replace_articles([newer], {newer.article.id: 1}).overtaken == (newer.article.id,)


def test_equal_texts_in_two_outlets_keep_their_events(index: SearchIndex) -> None:
    first = article("wire", "Cable", "Cobran cupos.", outlet="rpp")
    second = article("wire", "Cable", "Cobran cupos.", outlet="trome")
    index.replace_articles([document(of, events=(event(of, "extorsion", "Cobran cupos"),)) for of in (first, second)])
    index.refresh()
    assert index.count(Query(kind=Kind.EVENTS)) == 2


def test_delete(index: SearchIndex) -> None:
    index.replace_articles(HAND_MADE.values())
    index.refresh()
    gone = [HAND_MADE["comas"].article.id, "nothing"]
    assert index.delete(Kind.ARTICLES, gone) == 1
    index.refresh()
    assert _found(index, Query()) == [name for name in NEWEST_FIRST if name != "comas"]


def test_put_of_parts(index: SearchIndex) -> None:
    parts = [part for one in HAND_MADE.values() for part in parts_of(one)]
    events = [part for part in parts if isinstance(part, EventRecord)]
    claims = [part for part in parts if isinstance(part, ClaimRecord)]
    assert set(index.put(Kind.EVENTS, events).indexed) == {id_of(part) for part in events}
    assert index.put(Kind.CLAIMS, claims).indexed == (id_of(claims[0]),)
    index.refresh()
    assert [index.count(Query(kind=kind)) for kind in Kind] == [0, 5, 1, 0]


def test_what_cannot_be_stored_is_refused_alone(index: SearchIndex) -> None:
    broken = dataclasses.replace(article("broken", "Un carácter roto", ""), body="no es Unicode: \ud800")
    report = index.replace_articles([HAND_MADE["comas"], document(broken), HAND_MADE["ransom"]])
    assert set(report.indexed) == {HAND_MADE["comas"].article.id, HAND_MADE["ransom"].article.id}
    ((refused, reason),) = report.refused
    assert refused == broken.id
    assert reason
    index.refresh()
    assert index.count(Query()) == 2


def test_rebuild(index: SearchIndex) -> None:
    index.replace_articles(HAND_MADE.values())
    index.refresh()
    seen: list[int] = []

    def stream() -> Iterator[Document]:
        for one in (HAND_MADE["comas"], HAND_MADE["trujillo"]):
            seen.append(index.count(Query()))
            yield one

    report = index.rebuild(stream())
    assert len(report.indexed) == 2
    assert seen == [7, 7]
    assert _found(index, Query()) == ["trujillo", "comas"]
    assert index.count(Query(kind=Kind.EVENTS)) == 3


def test_a_rebuild_that_fails_changes_nothing(index: SearchIndex) -> None:
    index.replace_articles(HAND_MADE.values())
    index.refresh()

    def stream() -> Iterator[Document]:
        yield HAND_MADE["comas"]
        raise RuntimeError("the archive went away")

    with pytest.raises(RuntimeError, match="went away"):
        index.rebuild(stream())
    assert _found(index, Query()) == NEWEST_FIRST
    index.replace_articles([HAND_MADE["comas"]])
    index.refresh()
    assert _found(index, Query()) == NEWEST_FIRST


def test_an_empty_index_answers(index: SearchIndex) -> None:
    page = index.search(Query(text="cupos", facets=("gang",)))
    assert (page.hits, page.total, page.facets["gang"].values) == ((), 0, ())
    assert list(index.scan(Query())) == []
    assert index.get(Kind.EVENTS, "x") is None


def test_the_target_stays(index: SearchIndex) -> None:
    target = index.target()
    index.replace_articles(HAND_MADE.values())
    assert index.target() == target == index.describe().target


def test_scan_gives_all_in_order(index: SearchIndex) -> None:
    made = list(documents(1200))
    same_moment = [
        document(article(f"same-{number}", "Igual", "Igual.", published=datetime(2024, 5, 1, tzinfo=UTC)))
        for number in range(60)
    ]
    index.replace_articles([*made, *same_moment])
    index.refresh()
    found = list(index.scan(Query(highlight=False)))
    assert sorted(hit.id for hit in found) == sorted(one.article.id for one in [*made, *same_moment])
    dates = [hit.source["article"]["published"] or "" for hit in found]
    assert dates == sorted(dates, reverse=True)
    oldest = [hit.id for hit in index.scan(Query(sort=Sort.OLDEST, highlight=False))]
    assert oldest == [hit.id for hit in found][::-1]


def test_each_part_of_a_load_is_confirmed_once(index: SearchIndex) -> None:
    broken = dataclasses.replace(article("broken", "Un carácter roto", ""), body="no es Unicode: \ud800")
    confirmed: list[PutReport] = []
    report = index.replace_articles([*HAND_MADE.values(), document(broken)], confirm=confirmed.append)
    assert sum(confirmed, PutReport()) == report
    assert set(report.indexed) == set(NAMES)
    assert [key for key, _ in report.refused] == [broken.id]
    confirmed.clear()
    assert index.replace_articles([], confirm=confirmed.append) == PutReport()
    assert confirmed == []
