"""What is news of an incident, and what is not: real archives, articles that come, are edited and read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.types import (
    Comparator,
    Count,
    CountOf,
    Gang,
    LegalStatus,
    Method,
    Modality,
    MoneyRole,
    OfficialInvolvement,
    Polarity,
    Prison,
)
from pipeline.alerts.essence import PARTS, RULES, essence_of
from pipeline.alerts.news import AT_ONCE, note_news
from pipeline.alerts.telling import PARTS as TOLD_PARTS
from pipeline.archive import Archive
from pipeline.asked import Asked
from pipeline.incidents import incident_of
from pipeline.index.flatten import parts_of
from pipeline.records import Document, EventRecord
from pipeline.stop import Stop
from tests.pipeline.alerts.world import NOW, PUBLISHED, arrive, begin, edited, look, opened, report, save, take
from tests.pipeline.index.generated import BUSINESSES, place, soles

PULPOS = Gang(name="Los Pulpos", id="pulpos")
EVERYTHING = {
    "gangs": (PULPOS, Gang(name="Los Fríos")),
    "money": (soles(500.0), soles(9.0, role=MoneyRole.BUDGET)),
    "methods": (Method(type="explosivo_dinamita", facet="arma/explosivo"),),
    "counts": (Count(value=2, of=CountOf.DEAD), Count(value=30, of=CountOf.SHOTS)),
    "prison": Prison(name="Challapalca", id="challapalca"),
    "official_involvement": OfficialInvolvement(status=LegalStatus.INVESTIGATED, office="suboficial"),
    "polarity": Polarity.NEGATIVE,
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive in which a search finds everything."""
    with opened(tmp_path) as made:
        begin(made)
        save(made, "todo")
        yield made


def news(archive: Archive) -> list[tuple[str, tuple[str, ...]]]:
    """What is told now, in order of incidents."""
    look(archive)
    return [(alert.news, alert.changed) for alert in take(archive)]


def _incident(one: Document) -> Any:
    return incident_of(part for part in parts_of(one) if isinstance(part, EventRecord))


def test_what_matters() -> None:
    assert essence_of(_incident(report("a", **EVERYTHING))) == {
        "crime": ["extorsion"],
        "place": ["150110"],
        "gangs": ["frios", "id:pulpos"],
        "businesses": ["bodega"],
        "money": ["demanded 500.0 500.0 PEN"],
        "methods": ["explosivo_dinamita"],
        "counts": ["dead 2"],
        "prison": ["challapalca"],
        "officials": ["investigated"],
        "denied": ["denied"],
    }
    assert PARTS.keys() <= TOLD_PARTS.keys()


@pytest.mark.parametrize(
    ("facts", "changed"),
    [
        ({"crime": "sicariato"}, "crime"),
        ({"place": place("150132")}, "place"),
        ({"gangs": (PULPOS,)}, "gangs"),
        ({"businesses": BUSINESSES[:1]}, "businesses"),
        ({"money": (soles(500.0),)}, "money"),
        ({"methods": EVERYTHING["methods"]}, "methods"),
        ({"counts": EVERYTHING["counts"]}, "counts"),
        ({"prison": EVERYTHING["prison"]}, "prison"),
        ({"official_involvement": EVERYTHING["official_involvement"]}, "officials"),
        ({"polarity": Polarity.NEGATIVE}, "denied"),
        ({"date": None}, None),
        ({"modality": Modality.ALLEGED}, None),
        ({"counts": (Count(value=3, of=CountOf.VEHICLES),)}, None),
        ({"money": (soles(500.0, role=MoneyRole.REWARD),)}, None),
        ({"title": "Otro titular", "outlet": "trome"}, None),
    ],
)
def test_each_part_that_matters(facts: dict[str, Any], changed: str | None) -> None:
    plain, other = (essence_of(_incident(report("a", **more))) for more in ({}, facts))
    assert [part for part in PARTS if plain.get(part) != other.get(part)] == ([changed] if changed else [])


def test_a_larger_area_around_a_place_and_another_wording_of_a_sum_are_nothing_new() -> None:
    exact = report("a", money=(soles(500.0),))
    about = report("b", place=place("1301"), money=(replace(soles(500.0), comparator=Comparator.AROUND),))
    within = report("c", place=place("130104"), money=(soles(500.0),))
    both = incident_of(part for one in (about, within) for part in parts_of(one) if isinstance(part, EventRecord))
    assert essence_of(both) == essence_of(_incident(within))
    assert essence_of(both)["money"] == essence_of(_incident(exact))["money"]


def test_what_is_there_when_alerts_begin_is_no_news(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        arrive(archive, report("before"))
        begin(archive)
        save(archive, "todo")
        assert news(archive) == []
        arrive(archive, report("after", crime="homicidio"))
        assert news(archive) == [("new", ())]


def test_a_new_incident_is_told_once(archive: Archive) -> None:
    arrive(archive, report("a"))
    assert news(archive) == [("new", ())]
    assert news(archive) == []


def test_one_more_article_is_no_news(archive: Archive) -> None:
    arrive(archive, report("a"))
    assert news(archive) == [("new", ())]
    arrive(archive, report("b", outlet="trome"))
    assert len(list(archive.incidents())) == 1
    assert news(archive) == []


def test_one_more_article_that_knows_more_is(archive: Archive) -> None:
    arrive(archive, report("a"))
    assert news(archive) == [("new", ())]
    arrive(archive, report("b", outlet="trome", gangs=(PULPOS,), money=(soles(500.0),)))
    assert len(list(archive.incidents())) == 1
    assert news(archive) == [("changed", ("gangs", "money"))]


def test_an_earlier_article_that_turns_up_makes_no_new_incident(archive: Archive) -> None:
    arrive(archive, report("a"))
    (before,) = archive.incidents()
    assert news(archive) == [("new", ())]
    arrive(archive, report("b", outlet="trome", published=PUBLISHED - timedelta(hours=5)))
    (now,) = archive.incidents()
    assert now.id != before.id
    assert news(archive) == []


def test_an_edit_that_changes_nothing_that_matters_is_no_news(archive: Archive) -> None:
    first = report("a")
    arrive(archive, first)
    assert news(archive) == [("new", ())]
    arrive(archive, edited(first, "Piden cupos a bodegueros de la zona."))
    (incident,) = archive.incidents()
    assert incident.id != f"{first.article.id}.{first.extraction.events[0].id}"
    assert news(archive) == []


def test_an_edit_that_counts_the_dead_is_news_of_the_same_incident(archive: Archive) -> None:
    first = report("a")
    arrive(archive, first)
    assert news(archive) == [("new", ())]
    second = edited(first, "Hay dos muertos.", counts=(Count(value=2, of=CountOf.DEAD),))
    arrive(archive, second)
    assert news(archive) == [("changed", ("counts",))]
    arrive(archive, edited(second, "Hay tres muertos.", counts=(Count(value=3, of=CountOf.DEAD),)))
    assert news(archive) == [("changed", ("counts",))]
    assert news(archive) == []


def test_an_edit_that_tells_of_another_place_is_another_incident(archive: Archive) -> None:
    first = report("a")
    arrive(archive, first)
    assert news(archive) == [("new", ())]
    arrive(archive, edited(first, "Fue en San Juan de Lurigancho.", place=place("150132")))
    assert news(archive) == [("new", ())]


def test_an_article_that_is_not_relevant_any_more_is_no_news(archive: Archive) -> None:
    first = report("a")
    arrive(archive, first)
    assert news(archive) == [("new", ())]
    nothing = replace(first.extraction, events=())
    arrive(archive, replace(first, extraction=nothing))
    assert list(archive.incidents()) == []
    assert news(archive) == []


def test_other_rules_make_no_old_incident_new(archive: Archive) -> None:
    arrive(archive, report("a"))
    assert news(archive) == [("new", ())]
    arrive(archive, report("b", outlet="trome", gangs=(PULPOS,)), report("c", crime="homicidio"))
    archive.alerting.set_rules("0")
    assert news(archive) == [("new", ())]
    assert archive.alerting.rules() == RULES
    assert news(archive) == []


def test_many_incidents_are_judged_in_parts_and_a_stop_loses_none(archive: Archive) -> None:
    class AfterOne(Stop):
        asked = 0

        def due(self, share: float = 1.0) -> bool:
            self.asked += 1
            return self.asked > 1

    number = AT_ONCE + 30
    arrive(archive, *(report(f"n{index}", date=None, title=f"Nota {index}") for index in range(number)))
    assert note_news(archive.alerting, AfterOne(), now=NOW) is None
    assert len(archive.alerting.news_after(0, 1000)) == AT_ONCE
    assert len(news(archive)) == number
    assert news(archive) == []


def test_a_search_that_is_saved_later_is_not_told_of_what_was(archive: Archive) -> None:
    arrive(archive, report("a"))
    look(archive)
    save(archive, "luego", Asked(crimes=("extorsion",)), targets=("feed:/nowhere/luego.xml",))
    arrive(archive, report("b", crime="robo"), report("c", date=None))
    look(archive)
    assert [len(take(archive, target)) for target in ("feed:/nowhere/luego.xml",)] == [1]
