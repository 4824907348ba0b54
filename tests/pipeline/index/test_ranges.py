"""Ranges of sums and days in the text of a query."""

from __future__ import annotations

import contextlib
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index import Query, QueryError
from pipeline.index.names import default_names
from pipeline.index.plan import make
from pipeline.index.ranges import amounts, days


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1500", (1500.0, 1500.0)),
        ("1,500.50", (1500.5, 1500.5)),
        (">1000", (math.nextafter(1000, math.inf), None)),
        (">= 1000", (1000.0, None)),
        ("<1,000,000", (None, math.nextafter(1_000_000, -math.inf))),
        ("<=1000", (None, 1000.0)),
        ("[1000 TO 5000]", (1000.0, 5000.0)),
        ("[1000 to *]", (1000.0, None)),
        ("[* TO 0.5]", (None, 0.5)),
        ("[* TO *]", (None, None)),
    ],
)
def test_sums(value: str, expected: tuple[float | None, float | None]) -> None:
    assert amounts(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025", (date(2025, 1, 1), date(2025, 12, 31))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2025-3-5", (date(2025, 3, 5), date(2025, 3, 5))),
        (">2024-12", (date(2025, 1, 1), None)),
        (">=2024-12", (date(2024, 12, 1), None)),
        ("<2025", (None, date(2024, 12, 31))),
        ("<=2025-02", (None, date(2025, 2, 28))),
        ("[2024-11 TO 2025-02]", (date(2024, 11, 1), date(2025, 2, 28))),
        ("[* TO 2025]", (None, date(2025, 12, 31))),
    ],
)
def test_days(value: str, expected: tuple[date | None, date | None]) -> None:
    assert days(value) == expected


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("amount:mil", "'mil' is no sum", 0),
        ("cupos amount:1.500", "'1.500' is no sum", 6),
        ("amount:>-5", "'-5' is no sum", 0),
        ("amount:[5 TO 1]", "greater than the greatest", 0),
        ("amount:[5", "is no sum", 0),
        ("amount:[5 1]", "is no sum", 0),
        ("date:ayer", "'ayer' is no date", 0),
        ("date:2025-13", "'2025-13' is no date", 0),
        ("date:2025-02-30", "'2025-02-30' is no date", 0),
        ("x -date:0000", "'0000' is no date", 3),
        ("date:>9999", "no day beyond", 0),
        ("date:[2025 TO 2024]", "end before they begin", 0),
    ],
)
def test_what_is_no_range(text: str, said: str, position: int) -> None:
    with pytest.raises(QueryError, match=said.replace("[", r"\[")) as caught:
        make(Query(text=text), default_names())
    assert caught.value.position == position


@given(st.sampled_from(("amount:", "date:", "near:", "-date:")), st.text(max_size=20))
def test_whatever_is_typed_is_a_range_or_an_error_that_points_at_it(field: str, value: str) -> None:
    with contextlib.suppress(QueryError):
        make(Query(text=field + value), default_names())
    with contextlib.suppress(QueryError):
        make(Query(text=f'{field}"{value}"'), default_names())
