"""Numbers as the press writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexicon import fold_keeping_length
from nlp.numbers import digit_value, find_numbers


def _found(text: str) -> list[tuple[str, float]]:
    return [(text[n.start : n.end], n.value) for n in find_numbers(fold_keeping_length(text))]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("50 000", 50_000),
        ("50\u00a0000", 50_000),
        ("50,000", 50_000),
        ("50.000", 50_000),
        ("1 234 567", 1_234_567),
        ("1,500.50", 1500.5),
        ("1.500,50", 1500.5),
        ("1500.5", 1500.5),
        ("0.500", 0.5),
        ("19’505,138", 19_505_138),
        ("439′746.978", 439_746_978),
        ("50,430,449.00", 50_430_449),
        ("27,9 millones", 27_900_000),
        ("6.000 millones", 6_000_000_000),
        ("14 mil millones", 14_000_000_000),
        ("268 mllns", 268_000_000),
        ("5 mil", 5_000),
        ("5mil", 5_000),
        ("2 mil 380", 2_380),
        ("tres millones 900 mil", 3_900_000),
        ("2 millones 847 mil 451", 2_847_451),
        ("veinte mil", 20_000),
        ("mil doscientos", 1_200),
        ("treinta y cinco mil quinientos", 35_500),
        ("doscientas cincuenta mil", 250_000),
        ("medio millón", 500_000),
        ("un millón y medio", 1_500_000),
        ("dos y medio millones", 2_500_000),
        ("un centenar", 100),
        ("media docena", 6),
        ("un par", 2),
        ("veintiún", 21),
    ],
)
def test_one_number(written: str, value: float) -> None:
    assert _found(f"Son {written} en total") == [(written, value)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("un hombre y una mujer a medio camino", []),
        ("millones de personas, cientos y miles", []),
        ("cinco, seis o siete", [("cinco", 5), ("seis", 6), ("siete", 7)]),
        ("en 2025 300 personas", [("2025", 2025), ("300", 300)]),
        ("treinta y 5", [("treinta", 30), ("5", 5)]),
        ("las bolillas 04,08,19", []),
        ("S/.2.000.", [("2.000", 2000)]),
        ("código 1234567890123456789012345", []),
    ],
)
def test_where_a_number_begins_and_ends(text: str, found: list[tuple[str, float]]) -> None:
    assert _found(text) == found


def test_scale_is_that_of_the_last_word() -> None:
    assert [n.scale for n in find_numbers("5 mil, 3 mil 500, 2 millones, 80")] == [1e3, 1, 1e6, 1]


def test_no_number_of_two_decimal_points() -> None:
    assert digit_value("4.5.6") is None


@given(st.text(alphabet=" 0123456789.,'yunmiloestrceadá\u00a0\n", max_size=200))
def test_any_text_gives_ordered_numbers_inside_it(text: str) -> None:
    last = 0
    for number in find_numbers(fold_keeping_length(text)):
        assert last <= number.start < number.end <= len(text)
        assert number.value >= 0
        last = number.end


@given(st.integers(min_value=1000, max_value=999_999_999))
def test_grouping_does_not_change_the_value(value: int) -> None:
    for separator in (",", ".", " "):
        assert [n.value for n in find_numbers(f"{value:,}".replace(",", separator))] == [value]
