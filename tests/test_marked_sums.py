"""Texts in which sums are marked."""

from __future__ import annotations

from pathlib import Path

from nlp.types import MoneyRole
from training.marked_sums import read_marked, unmarked

TEXTS = Path("training/marked_sums.txt")


def test_marks_are_taken_out_and_kept() -> None:
    found = unmarked("Piden [S/ 5 mil|demanded] al mes y dieron [mil|paid].")
    assert found.text == "Piden S/ 5 mil al mes y dieron mil."
    assert [(found.text[start:end], role) for start, end, role in found.roles] == [
        ("S/ 5 mil", "demanded"),
        ("mil", "paid"),
    ]


def test_the_texts_are_well_marked() -> None:
    texts = list(read_marked(TEXTS))
    assert len(texts) > 100
    for each in texts:
        assert each.text.count("\n\n") == 1, each.text
        assert not set("[]|") & set(each.text), each.text
        assert {role for *_, role in each.roles} <= set(MoneyRole), each.text
