"""The parser of annotated examples refuses what is not well marked."""

from __future__ import annotations

import pytest

from nlp.types import Label, Mention, Money
from tests.nlp.marked import Expected, MarkError, check, parse_marked


def _money(start: int, end: int, text: str, amount: float) -> Mention:
    value = Money(min=amount, max=amount, currency="PEN")
    return Mention(label=Label.MONEY, start=start, end=end, text=text, value=value, source="test/rule", score=1.0)


def test_marks_become_text_and_expected_mentions() -> None:
    assert parse_marked('Piden [S/ 5](MONEY min=5 max=5) a «\\[x\\]» en [Comas](PLACE name="Comas viejo")') == (
        "Piden S/ 5 a «[x]» en Comas",
        (
            Expected(label=Label.MONEY, start=6, end=10, text="S/ 5", fields=(("max", "5"), ("min", "5"))),
            Expected(label=Label.PLACE, start=22, end=27, text="Comas", fields=(("name", "Comas viejo"),)),
        ),
    )


@pytest.mark.parametrize(
    "marked",
    [
        "nothing marked at all",
        "[S/ 5](MONEY min=5",
        "[S/ 5]",
        "[S/ 5](CASH min=5)",
        "[S/ 5](MONEY minimum=5)",
        "[S/ 5](MONEY min=5 min=5)",
        "[S/ 5](MONEY min)",
        "[](MONEY min=5)",
        "[S/ 5](MONEY min=5) and [](NONE)",
    ],
)
def test_bad_marks_are_refused(marked: str) -> None:
    with pytest.raises(MarkError):
        parse_marked(marked)


def test_check_compares_complete_sets() -> None:
    marked = "Piden [S/ 5](MONEY min=5 period=null)"
    text, _ = parse_marked(marked)
    check(marked, text, [_money(6, 10, "S/ 5", 5)])
    for wrong in ([], [_money(6, 10, "S/ 5", 6)], [_money(6, 10, "S/ 5", 5), _money(0, 5, "Piden", 5)]):
        with pytest.raises(AssertionError):
            check(marked, text, wrong)
    with pytest.raises(AssertionError):
        check(marked, text, [_money(6, 10, "S/ 6", 5)])


def test_an_explicit_none_wants_nothing() -> None:
    check("Nada[](NONE)", "Nada", [])
    with pytest.raises(AssertionError):
        check("Nada[](NONE)", "Nada", [_money(0, 4, "Nada", 5)])
