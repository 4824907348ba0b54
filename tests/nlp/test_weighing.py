"""Weighed evidence: words around a candidate as features, decisions by a table, and the regression that fits it."""

from __future__ import annotations

import random
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest

from nlp import lexicon
from nlp.lexicon import LexiconError
from nlp.phrases import words_of
from nlp.recognizers.businesses.weighed import PARTS
from nlp.types import BusinessRole, MoneyRole, PersonRole
from nlp.weighing import Features, Weights, read_weights, words_around, words_beside
from training import softmax

ROLES = (BusinessRole.VICTIM, BusinessRole.FRONT)


def test_words_around_a_candidate() -> None:
    text = "Ayer no. Exigían el pago de S/ 500, bajo amenaza. Luego huyeron."
    start = text.index("S/ 500")
    found = words_around(words_of(text), start, start + 6, (9, text.index(" Luego")))
    assert found == {
        "left:exigi": pytest.approx(5 / 6.7),
        "beside:exigi": pytest.approx(5 / 6.7),
        "left:pago": pytest.approx(5 / 5.35),
        "beside:pago": pytest.approx(5 / 5.35),
        "right:bajo": pytest.approx(5 / 6),
        "beside:bajo": pytest.approx(5 / 6),
        "right:amena": pytest.approx(5 / 7),
        "beside:amena": pytest.approx(5 / 7),
        "left1:de": 1.0,
        "left2:de pago": 1.0,
        "left3:de pago el": 1.0,
        "right1:bajo": 1.0,
        "right2:bajo amena": 1.0,
    }


def test_words_beside_a_candidate_stay_within_its_sentence() -> None:
    text = "Ayer no. Piden S/ 500 bajo amenaza. Luego huyeron."
    start = text.index("S/ 500")
    assert words_beside(words_of(text), start, start + 6, (9, text.index(" Luego"))) == {
        "left1:piden": 1.0,
        "right1:bajo": 1.0,
        "right2:bajo amena": 1.0,
    }


def test_unknown_features_say_nothing() -> None:
    weights = Weights(classes=ROLES, rows={"a": 0, "b": 1}, table=np.array([[1.0, 0.0], [0.0, 2.0]]))
    told = weights.decide([{"a": 1.0, "x": 9.0}, {"a": 1.0, "b": 1.0}])
    assert [role for role, _ in told] == [BusinessRole.VICTIM, BusinessRole.FRONT]
    assert told[0][1] == pytest.approx(np.e / (np.e + 1))
    assert weights.decide([]) == []


@pytest.mark.parametrize(
    ("table", "roles"),
    [
        ("money_role_weights.csv", tuple(MoneyRole)),
        ("person_role_weights.csv", tuple(PersonRole)),
        ("business_role_weights.csv", PARTS),
    ],
)
def test_tables_that_ship_fit(table: str, roles: tuple[StrEnum, ...]) -> None:
    weights = read_weights(table, roles)
    assert weights.table.shape == (len(weights.rows), len(roles))
    assert np.isfinite(weights.table).all()


def test_a_malformed_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "w.csv").write_text("feature,victim,front\nbias,much,\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "files", lambda _: tmp_path)
    with pytest.raises(LexiconError, match=r"w\.csv: bias: a weight is no number"):
        read_weights("w.csv", ROLES)


def test_a_fit_learns_what_tells_classes_apart_and_keeps_priors(tmp_path: Path) -> None:
    chance = random.Random(0)
    features: list[Features] = []
    roles = []
    for _ in range(80):
        role = chance.choice(ROLES)
        roles.append(role)
        features.append({"bias": 1.0, f"cue:{role}": 1.0, f"noise:{chance.randrange(4)}": 1.0})
    weights = softmax.fit(features, roles, ROLES, hold=0.5, fewest=2, priors={"never seen": {BusinessRole.FRONT: 2.0}})
    assert [role for role, _ in weights.decide(features)] == roles
    assert weights.decide([{"bias": 1.0, "never seen": 1.0}])[0][0] is BusinessRole.FRONT
    softmax.write(weights, tmp_path / "w.csv", 0.03)
    lines = (tmp_path / "w.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "feature,victim,front"
    assert "never seen,,2.00" in lines


CHOICES = [
    ([{"near": 1.0, "other": 1.0}, {"far": 1.0, "other": 1.0}], [True, False]),
    ([{"far": 1.0}, {"near": 1.0}, {"far": 1.0}], [False, True, False]),
    ([{"near": 1.0}, {"near": 1.0, "title": 1.0}], [True, True]),
    ([{"title": 1.0}, {"far": 1.0}], [False, False]),
]


def test_the_right_option_of_a_choice_stands_out() -> None:
    weights = softmax.fit_choice(
        CHOICES, BusinessRole.VICTIM, hold=0.1, fewest=2, priors={"title": -2.0, "unseen": 1.0}
    )
    votes = weights.votes([{"near": 1.0}, {"far": 1.0}, {"title": 1.0}])[:, 0]
    assert votes[0] > 0 > votes[1]
    assert votes[2] == pytest.approx(-2.0, abs=0.2)
    assert "unseen" not in weights.rows
