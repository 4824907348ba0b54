"""Saved searches against what is new: who is told of what, by which words, and what becomes of a broken one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.types import Gang
from pipeline.alerts import matching
from pipeline.alerts.matching import match_news
from pipeline.alerts.news import note_news
from pipeline.alerts.records import SavedSearch, Span
from pipeline.archive import Archive
from pipeline.asked import Asked
from pipeline.records import encode, to_dict
from pipeline.stop import Stop
from tests.pipeline.alerts.world import NOW, PUBLISHED, SENT_TO, arrive, begin, look, opened, report, save, take
from tests.pipeline.export_records import DOCUMENT, PRIVATE
from tests.pipeline.index.generated import place, soles

PULPOS = Gang(name="Los Pulpos", id="pulpos")
TOLD = report(
    "comas",
    title="Cobran cupos en Comas",
    body="Piden cupos. Los Pulpos exigen S/ 500 a una bodega de Comas con dinamita.",
    gangs=(PULPOS,),
    money=(soles(500.0),),
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path) as made:
        begin(made)
        yield made


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (Asked(), {"trigger": "Piden cupos"}),
        (Asked(crimes=("extorsion",)), {"trigger": "Piden cupos"}),
        (Asked(places=("Lima",)), {"trigger": "Piden cupos", "place": "Comas"}),
        (Asked(near="Independencia, Lima", km=9), {"trigger": "Piden cupos", "place": "Comas"}),
        (Asked(gangs=("Los Pulpos",)), {"trigger": "Piden cupos", "gangs": "Los Pulpos"}),
        (Asked(businesses=("bodega",)), {"trigger": "Piden cupos", "businesses": "bodega"}),
        (Asked(businesses=("comercio_minorista",)), {"trigger": "Piden cupos", "businesses": "bodega"}),
        (Asked(min_amount=400), {"trigger": "Piden cupos", "money": "S/ 500"}),
        (Asked(text="amount:<=500"), {"trigger": "Piden cupos", "money": "S/ 500"}),
        (Asked(text="cobran"), {"trigger": "Piden cupos", "title": "Cobran cupos en Comas"}),
        (Asked(text='"los pulpos" -dinamita'), {"trigger": "Piden cupos", "gangs": "Los Pulpos"}),
        (Asked(text="pulp* gang:pulpos"), {"trigger": "Piden cupos", "gangs": "Los Pulpos"}),
        (Asked(text="bodega OR mina"), {"trigger": "Piden cupos", "businesses": "bodega"}),
        (Asked(since="30d", outlets=("rpp",)), {"trigger": "Piden cupos"}),
        (Asked(places=("Trujillo",)), None),
        (Asked(crimes=("homicidio",)), None),
        (Asked(min_amount=600), None),
        (Asked(text="cobran -cupos"), None),
        (Asked(since="2025-11-01"), None),
        (Asked(outlets=("trome",)), None),
    ],
)
def test_what_is_found_and_by_which_words(archive: Archive, asked: Asked, fields: dict[str, str] | None) -> None:
    save(archive, "una", asked)
    arrive(archive, TOLD)
    look(archive)
    alerts = take(archive)
    assert [{span.field: span.text for span in alert.spans} for alert in alerts] == ([fields] if fields else [])
    for span in (span for alert in alerts for span in alert.spans):
        assert TOLD.article.text[span.start : span.end] == span.text
        assert (span.article_id, span.url, span.content_hash) == (
            TOLD.article.id,
            TOLD.article.url,
            TOLD.article.content_hash,
        )


def test_an_alert_is_complete(archive: Archive) -> None:
    save(archive, "una", Asked(crimes=("extorsion",)))
    arrive(archive, TOLD)
    look(archive)
    (alert,) = take(archive)
    shown = to_dict(alert)
    incident = shown.pop("incident")
    event = TOLD.extraction.events[0]
    start = TOLD.article.text.index("Piden")
    assert shown == {
        "schema": "vigia.alert/1.0",
        "id": alert.id,
        "search": "una",
        "at": "2025-10-15T18:00:00Z",
        "news": "new",
        "changed": [],
        "spans": [
            to_dict(
                Span(
                    field="trigger",
                    start=start,
                    end=start + 11,
                    text="Piden cupos",
                    article_id=TOLD.article.id,
                    url=TOLD.article.url,
                    content_hash=TOLD.article.content_hash,
                )
            )
        ],
    }
    assert (incident["schema"], incident["id"]) == ("vigia.incident/1.0", f"{TOLD.article.id}.{event.id}")


@pytest.mark.parametrize("text", ["", "Ana", '"Ana Prueba"', "Anita OR Ensayos", "prueb*", "987"])
def test_private_things_are_not_told(archive: Archive, text: str) -> None:
    save(archive, "una", Asked(text=text))
    arrive(archive, DOCUMENT)
    look(archive)
    told = [encode(alert).decode() for alert in take(archive)]
    assert len(told) == (0 if text == "987" else 1)  # what no evidence holds is not even looked through
    assert [private for private in PRIVATE if any(private in one for one in told)] == []


@pytest.mark.parametrize(("within", "told"), [("7d", 0), ("8d", 1), (None, 1)])
def test_what_was_reported_long_before_it_came_in_is_not_told(archive: Archive, within: str | None, told: int) -> None:
    save(archive, "una", within=within)
    arrive(archive, TOLD)
    look(archive, now=PUBLISHED + timedelta(days=7, hours=1))
    assert len(take(archive)) == told


def test_what_has_no_date_is_told(archive: Archive) -> None:
    save(archive, "una")
    arrive(archive, report("undated", published=None))
    look(archive, now=NOW + timedelta(days=900))
    assert len(take(archive)) == 1


def test_each_search_and_each_receiver_gets_what_is_its_own(archive: Archive) -> None:
    save(archive, "lima", Asked(places=("Lima",)), targets=("jsonl:/l", "feed:/f"))
    save(archive, "norte", Asked(places=("La Libertad",)), targets=("jsonl:/n", "feed:/f"))
    arrive(archive, report("l"), report("n", place=place("130104")), report("p", place=place("20")))
    assert look(archive).alerts == 2
    got = {target: [(one.search, one.incident.crime_type) for one in take(archive, target)] for target in
           ("jsonl:/l", "jsonl:/n", "feed:/f")}  # fmt: skip
    assert got == {
        "jsonl:/l": [("lima", "extorsion")],
        "jsonl:/n": [("norte", "extorsion")],
        "feed:/f": [("lima", "extorsion"), ("norte", "extorsion")],
    }


BROKEN = {
    "a place that is no more": encode(SavedSearch(name="rota", asked=Asked(places=("Comaz",)), targets=(SENT_TO,))),
    "words that cannot be read": encode(SavedSearch(name="rota", asked=Asked(text='"cupos'), targets=(SENT_TO,))),
    "a time that is none": encode(SavedSearch(name="rota", asked=Asked(since="x"), targets=(SENT_TO,))),
    "an age that is none": encode(SavedSearch(name="rota", asked=Asked(), targets=(SENT_TO,), within="x")),
    "a record of another version": b'{"name": "rota", "more": 1}',
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_search_is_told_of_and_misses_nothing(archive: Archive, what: str) -> None:
    save(archive, "sana", targets=("jsonl:/s",))
    archive.alerting.add_search("00000000-0000-4000-8000-000000000000", "rota", BROKEN[what].decode(), at=NOW)
    arrive(archive, TOLD)
    matched = look(archive)
    assert list(matched.broken) == ["rota"]
    (rota, sana) = archive.alerting.searches()
    assert (rota.error, rota.broken, sana.error) == (matched.broken["rota"], NOW, None)
    arrive(archive, report("later", place=place("130104")))
    later = NOW + timedelta(hours=1)
    assert look(archive, now=later).broken == matched.broken
    assert [one.broken for one in archive.alerting.searches()] == [NOW, None]
    assert (len(take(archive, "jsonl:/s")), take(archive)) == (2, [])
    mended = SavedSearch(name="rota", asked=Asked(), targets=(SENT_TO,))
    assert archive.alerting.replace_search("rota", encode(mended).decode(), mended.targets)
    assert look(archive, now=later).broken == {}
    assert [one.error for one in archive.alerting.searches()] == [None, None]
    assert len(take(archive)) == 2
    assert look(archive, now=later).alerts == 0
    assert take(archive, "jsonl:/s") == []


def test_what_breaks_and_is_whole_again_by_itself_is_not_broken_any_more(archive: Archive) -> None:
    save(archive, "una")
    (stored,) = archive.alerting.searches()
    archive.alerting.note_broken({stored.id: "the tables are being written"}, at=NOW)
    arrive(archive, TOLD)
    assert look(archive).alerts == 1
    assert archive.alerting.searches()[0].error is None


def test_a_search_that_is_removed_takes_its_alerts_along(archive: Archive) -> None:
    save(archive, "una")
    arrive(archive, TOLD)
    look(archive)
    assert archive.alerting.remove_search("una")
    assert not archive.alerting.remove_search("una")
    assert take(archive) == []
    assert archive.outbox.waiting() == []


def test_receivers_that_a_search_has_no_more_are_not_told(archive: Archive) -> None:
    save(archive, "una", targets=("jsonl:/a", "jsonl:/b"))
    save(archive, "otra", targets=("jsonl:/a",))
    arrive(archive, TOLD)
    look(archive)
    mended = SavedSearch(name="una", asked=Asked(), targets=("jsonl:/b",))
    archive.alerting.replace_search("una", encode(mended).decode(), mended.targets)
    assert {target: [one.search for one in take(archive, target)] for target in ("jsonl:/a", "jsonl:/b")} == {
        "jsonl:/a": ["otra"],
        "jsonl:/b": ["una"],
    }


def test_much_news_is_matched_in_parts(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "AT_ONCE", 7)
    save(archive, "una")
    arrive(archive, *(report(f"n{number}", date=None) for number in range(20)))
    assert note_news(archive.alerting, Stop(), now=NOW) == 20

    class Soon(Stop):
        asked = 0

        def due(self, share: float = 1.0) -> bool:
            self.asked += 1
            return self.asked > 2

    assert (stopped := match_news(archive.alerting, Soon(), now=NOW)).stopped
    assert stopped.alerts == 14
    save(archive, "luego", targets=("jsonl:/l",))
    assert look(archive).alerts == 6
    alerts = take(archive)
    assert len({alert.id for alert in alerts}) == len({alert.incident.id for alert in alerts}) == 20
    assert take(archive, "jsonl:/l") == []


def test_the_same_news_makes_the_same_alert(archive: Archive) -> None:
    save(archive, "una")
    arrive(archive, TOLD)
    look(archive)
    assert [alert.id for alert in take(archive)] == ["a7827f54-b80e-55ab-8908-cb4fc6d55907"]


def test_an_incident_that_no_index_holds_is_told_of(archive: Archive) -> None:
    save(archive, "una")
    arrive(archive, report("long", gangs=(Gang(name="x" * 9000),)), report("short", date=None))
    matched = look(archive)
    ((_, reason),) = matched.refused
    assert ("9000 characters" in reason, matched.alerts) == (True, 1)


def test_of_two_pieces_of_news_on_one_incident_one_is_told(archive: Archive) -> None:
    save(archive, "una")
    arrive(archive, report("a"))
    assert note_news(archive.alerting, Stop(), now=NOW) == 1
    arrive(archive, report("b", published=PUBLISHED + timedelta(hours=1), gangs=(PULPOS,)))
    assert look(archive).alerts == 1
    (alert,) = take(archive)
    assert (alert.news, [gang.value.name for gang in alert.incident.gangs]) == ("new", ["Los Pulpos"])  # type: ignore[union-attr]


def test_delivered_alerts_are_forgotten_after_a_while_and_waiting_ones_never(archive: Archive) -> None:
    save(archive, "una", targets=("jsonl:/a", "jsonl:/b"))
    arrive(archive, report("a"), report("b", date=None))
    look(archive)
    take(archive, "jsonl:/a")
    first = archive.outbox.next_for("jsonl:/b", 1)
    archive.outbox.settle([one.delivery for one in first], at=NOW)
    archive.alerting.forget(NOW)
    assert len(archive.outbox.deliveries(limit=10)) == 4
    archive.alerting.forget(NOW + timedelta(seconds=1))
    assert [(one.target, one.settled is None) for one in archive.outbox.deliveries(limit=10)] == [
        ("jsonl:/b", True),
        ("jsonl:/a", False),
    ]
    arrive(archive, report("c", crime="robo"))
    assert look(archive).alerts == 1  # numbers of news are not given again


def test_news_that_a_broken_search_has_not_seen_stay(archive: Archive) -> None:
    archive.alerting.add_search(
        "00000000-0000-4000-8000-000000000000", "rota", BROKEN["words that cannot be read"].decode(), at=NOW
    )
    arrive(archive, TOLD)
    look(archive)
    archive.alerting.forget(NOW + timedelta(days=400))
    mended: Any = SavedSearch(name="rota", asked=Asked(), targets=(SENT_TO,))
    archive.alerting.replace_search("rota", encode(mended).decode(), mended.targets)
    assert look(archive).alerts == 1
    assert json.loads(encode(take(archive)[0]))["search"] == "rota"
