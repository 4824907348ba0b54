from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.recognizers.persons.weighed import SPEAKS
from nlp.recognizers.situation import TOLD
from nlp.transformer.arbiter import UNSURE, arbitrate, most_probable
from nlp.transformer.schema import ROLE_QUESTIONS, SCHEMA
from nlp.transformer.trust import Trust, trust
from nlp.types import Crime, Gang, Label, Mention, Money, MoneyPeriod, MoneyRole, Person, PersonRole

TRUST = Trust(drop_below={"GANG": 0.1}, add_above={}, rule_odds={"money_role": 1.0})


class Says:
    """A reading that says the same of every span."""

    def __init__(self, support: float, **answers: float) -> None:
        self._support, self._answers = support, answers

    def support(self, start: int, end: int, label: str) -> float:
        return self._support

    def answers(self, question: str, start: int, end: int) -> dict[str, float]:
        return self._answers


GANG = Mention(
    label=Label.GANG, start=0, end=6, text="Los Xx", value=Gang(name="Los Xx"), source="gang/cues", score=0.95
)
SUM = Mention(
    label=Label.MONEY,
    start=0,
    end=6,
    text="S/ 500",
    value=Money(min=500, max=500, currency="PEN", role=MoneyRole.STOLEN),
    source="money/symbol",
    score=0.99,
)


def test_both_see_it() -> None:
    assert list(arbitrate([GANG], Says(0.97), TRUST, "m")) == [GANG]


def test_a_mention_in_doubt_stands_and_is_not_sure() -> None:
    assert list(arbitrate([GANG], Says(0.2), TRUST, "m")) == [replace(GANG, score=UNSURE)]


def test_a_mention_that_the_model_does_not_believe_at_all_is_dropped() -> None:
    assert list(arbitrate([GANG], Says(0.05), TRUST, "m")) == []


def test_labels_that_are_not_in_the_table_are_left_to_the_rules() -> None:
    (found,) = arbitrate([SUM], Says(0.0, stolen=1.0), TRUST, "m")
    assert found.value == SUM.value


def test_a_crime_is_none_of_its_business() -> None:
    crime = replace(GANG, label=Label.CRIME, value=Crime(type="extorsion"))
    assert list(arbitrate([crime], Says(0.0), TRUST, "m")) == [crime]


def test_the_rules_role_stands_unless_the_model_is_surer() -> None:
    (kept,) = arbitrate([SUM], Says(0.9, demanded=0.6, stolen=0.4), TRUST, "m")
    assert kept == SUM
    (changed,) = arbitrate([SUM], Says(0.9, demanded=0.9, stolen=0.1), TRUST, "m")
    assert changed == replace(SUM, value=replace(SUM.value, role=MoneyRole.DEMANDED), source="money/symbol, role by m")


def test_a_part_that_the_words_tell_stands_and_who_speaks_is_not_exposed() -> None:
    trusted = replace(TRUST, rule_odds={"person_role": 1.0})
    killer = replace(
        GANG, label=Label.PERSON, value=Person(name="Ana Roca", role=PersonRole.SUSPECT), source=f"person/context{TOLD}"
    )
    assert list(arbitrate([killer], Says(0.9, suspect=0.0, victim=1.0), trusted, "m")) == [killer]
    speaker = replace(killer, value=Person(name="Ana Roca", role=PersonRole.OTHER), source=f"person/context{SPEAKS}")
    assert list(arbitrate([speaker], Says(0.9, other=0.0, suspect=1.0), trusted, "m")) == [speaker]
    (changed,) = arbitrate([speaker], Says(0.9, other=0.0, authority=1.0), trusted, "m")
    assert changed.value == Person(name="Ana Roca", role=PersonRole.AUTHORITY)


def test_it_takes_more_to_uncover_a_victim() -> None:
    trusted = replace(TRUST, rule_odds={"person_role": 1.0})
    victim = replace(GANG, label=Label.PERSON, value=Person(name="Ana Roca", role=PersonRole.VICTIM))
    (kept,) = arbitrate([victim], Says(0.9, suspect=0.9, victim=0.1), trusted, "m")
    assert kept == victim
    (sure,) = arbitrate([victim], Says(0.9, suspect=1.0, victim=0.0), trusted, "m")
    assert sure == victim
    suspect = replace(victim, value=Person(name="Ana Roca", role=PersonRole.SUSPECT))
    (changed,) = arbitrate([suspect], Says(0.9, victim=0.9, suspect=0.1), trusted, "m")
    assert changed.value == victim.value


def test_where_the_rules_weigh_a_role_their_doubt_counts() -> None:
    trusted = replace(TRUST, model_weight={"money_role": 0.5})
    says = Says(0.9, demanded=0.8, stolen=0.2)
    sure = {(Label.MONEY, 0): {"stolen": 0.9, "demanded": 0.1}}
    assert list(arbitrate([SUM], says, trusted, "m", sure)) == [SUM]
    unsure = {(Label.MONEY, 0): {"stolen": 0.55, "demanded": 0.45}}
    (changed,) = arbitrate([SUM], says, trusted, "m", unsure)
    assert isinstance(changed.value, Money)
    assert changed.value.role is MoneyRole.DEMANDED


@pytest.mark.parametrize(
    ("answers", "period"),
    [
        ({"day": 0.7, "none": 0.3}, MoneyPeriod.DAY),
        ({"day": 0.4, "none": 0.6}, None),
        ({"day": 0.45, "none": 0.3, "week": 0.25}, None),
        ({"once": 0.9, "none": 0.1}, None),
    ],
)
def test_the_model_tells_a_period_that_the_rules_leave_open(
    answers: dict[str, float], period: MoneyPeriod | None
) -> None:
    trusted = Trust(drop_below={}, add_above={}, rule_odds={}, fill_above={"money_period": 0.5})
    (found,) = arbitrate([SUM], Says(0.9, **answers), trusted, "m")
    assert isinstance(found.value, Money)
    assert found.value.period is period
    assert found.source == ("money/symbol, period by m" if period else "money/symbol")


def test_a_period_that_the_rules_tell_stands() -> None:
    assert isinstance(SUM.value, Money)
    weekly = replace(SUM, value=replace(SUM.value, period=MoneyPeriod.WEEK))
    trusted = Trust(drop_below={}, add_above={}, rule_odds={}, fill_above={"money_period": 0.5})
    assert list(arbitrate([weekly], Says(0.9, day=0.9), trusted, "m")) == [weekly]


def test_a_reading_without_answers_changes_no_role() -> None:
    assert list(arbitrate([SUM], Says(1.0), TRUST, "m")) == [SUM]


@pytest.mark.parametrize(("odds", "best"), [(0.0, "b"), (0.5, "b"), (3.0, "a")])
def test_odds(odds: float, best: str) -> None:
    assert most_probable({"a": 0.2, "b": 0.8}, "a", odds) == best


def test_the_table_that_ships_names_tasks_of_the_model() -> None:
    shipped = trust()
    assert set(shipped.drop_below) | set(shipped.add_above) <= set(SCHEMA.mentions)
    assert set(shipped.rule_odds) <= set(ROLE_QUESTIONS.values())
    assert all(0 < value < 1 for value in [*shipped.drop_below.values(), *shipped.add_above.values()])
