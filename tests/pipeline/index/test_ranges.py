"""Ranges of sums and days in the text of a query."""

from __future__ import annotations

import contextlib
import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index import Query, QueryError
from pipeline.index.names import default_names
from pipeline.index.plan import make
from pipeline.index.query import DEFAULT_KM, LIMA, place_and_km
from pipeline.index.ranges import Sums, days, sums

TODAY = date(2026, 11, 25)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1500", Sums(1500.0, 1500.0)),
        ("1,500.50", Sums(1500.5, 1500.5)),
        (">1000", Sums(math.nextafter(1000, math.inf), None)),
        (">= 1000", Sums(1000.0, None)),
        ("<1,000,000", Sums(None, math.nextafter(1_000_000, -math.inf))),
        ("<=1000", Sums(None, 1000.0)),
        ("[1000 TO 5000]", Sums(1000.0, 5000.0)),
        ("[1000 to *]", Sums(1000.0, None)),
        ("[* TO 0.5]", Sums(None, 0.5)),
        ("[* TO *]", Sums(None, None)),
        ("1000..5000", Sums(1000.0, 5000.0)),
        ("..5000", Sums(None, 5000.0)),
        ("5000 ..", Sums(5000.0, None)),
        ("1.500", Sums(1500.0, 1500.0)),
        ("S/ 1 500", Sums(1500.0, 1500.0)),
        ("S/.1,500", Sums(1500.0, 1500.0)),
        ("10 mil", Sums(10_000.0, 10_000.0)),
        ("10mil", Sums(10_000.0, 10_000.0)),
        ("10k", Sums(10_000.0, 10_000.0)),
        ('>= "2 millones de soles"', Sums(2e6, None)),
        ("[5 mil TO 10 mil]", Sums(5000.0, 10_000.0)),
        ("1000usd", Sums(1000.0, 1000.0, "USD")),
        (">=US$1000", Sums(1000.0, None, "USD")),
        ("$ 1000", Sums(1000.0, 1000.0, "USD")),
        ("mil dólares", Sums(1000.0, 1000.0, "USD")),
        ("[1000 TO 5000 dólares]", Sums(1000.0, 5000.0, "USD")),
    ],
)
def test_sums(value: str, expected: Sums) -> None:
    assert sums(value) == expected


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
        ("2024-11..2025-02", (date(2024, 11, 1), date(2025, 2, 28))),
        ("2025..", (date(2025, 1, 1), None)),
        ("05/03/2025", (date(2025, 3, 5), date(2025, 3, 5))),
        ("5-3-2025", (date(2025, 3, 5), date(2025, 3, 5))),
        ("03/2025", (date(2025, 3, 1), date(2025, 3, 31))),
        ("marzo 2025", (date(2025, 3, 1), date(2025, 3, 31))),
        ("Setiembre-2025", (date(2025, 9, 1), date(2025, 9, 30))),
        ("marzo del 2025", (date(2025, 3, 1), date(2025, 3, 31))),
        ("5 de marzo de 2025", (date(2025, 3, 5), date(2025, 3, 5))),
        ('>"marzo 2025"', (date(2025, 4, 1), None)),
        ("[enero-2025 TO 15 de marzo de 2025]", (date(2025, 1, 1), date(2025, 3, 15))),
    ],
)
def test_days(value: str, expected: tuple[date | None, date | None]) -> None:
    assert days(value, TODAY) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hoy", (TODAY, TODAY)),
        ("ayer", (date(2026, 11, 24), date(2026, 11, 24))),
        ("7d", (date(2026, 11, 18), TODAY)),
        ("2w", (date(2026, 11, 11), TODAY)),
        ("última semana", (date(2026, 11, 18), TODAY)),
        ("Últimos 3 meses", (date(2026, 8, 27), TODAY)),
        ("el último año", (date(2025, 11, 25), TODAY)),
        ("[30d TO 7d]", (date(2026, 10, 26), date(2026, 11, 18))),
        (">=7d", (date(2026, 11, 18), None)),
        ("<7d", (None, date(2026, 11, 17))),
        ("7d..", (date(2026, 11, 18), None)),
        ("[ayer TO hoy]", (date(2026, 11, 24), TODAY)),
        (">ayer", (TODAY, None)),
        ("esta semana", (date(2026, 11, 23), date(2026, 11, 29))),
        ("semana-pasada", (date(2026, 11, 16), date(2026, 11, 22))),
        ("mes pasado", (date(2026, 10, 1), date(2026, 10, 31))),
        ("año pasado", (date(2025, 1, 1), date(2025, 12, 31))),
        ("lunes", (date(2026, 11, 23), date(2026, 11, 23))),
        ("marzo", (date(2026, 3, 1), date(2026, 3, 31))),
        ("diciembre", (date(2025, 12, 1), date(2025, 12, 31))),
        ("15 de marzo", (date(2026, 3, 15), date(2026, 3, 15))),
        ("hace 3 días", (date(2026, 11, 22), date(2026, 11, 22))),
        ("[marzo TO ayer]", (date(2026, 3, 1), date(2026, 11, 24))),
    ],
)
def test_days_told_from_today(value: str, expected: tuple[date | None, date | None]) -> None:
    assert days(value, TODAY) == expected


def test_today_is_the_day_in_lima_on_which_it_is_asked() -> None:
    now = datetime.now(UTC).astimezone(LIMA).date()
    possible = (now, now + timedelta(days=1))  # it may be midnight
    expected = [make(Query(text="date:ayer", today=day), default_names()).match for day in possible]
    assert make(Query(text="date:ayer"), default_names()).match in expected


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("amount:cupo", "'cupo' is no sum", 7),
        ("cupos amount:1.50.5", "'1.50.5' is no sum", 13),
        ("amount:>-5", "'-5' is no sum", 8),
        ("amount:US$", "is no sum", 7),
        ("amount:500EUR", "is no sum", 7),
        ("amount:S/500usd", "is no sum", 7),
        ("amount:[5 TO 1]", "greater than the greatest", 7),
        ("amount:[10 TO x1]", "'x1' is no sum", 14),
        ("amount:[S/5 TO US$9]", "of one currency", 7),
        ("amount:[5", "is no sum", 7),
        ("amount:[5 1]", "is no sum", 7),
        ("date:mañana", "'mañana' is no date", 5),
        ("date:12h", "'12h' is no date", 5),
        ("date:[7d TO ayer mismo]", "'ayer mismo' is no date", 12),
        ("date:últimos", "'últimos' is no date", 5),
        ("date:9999y", "before any day", 5),
        ("date:[ayer TO 30d]", "end before they begin", 5),
        ('date:"mayor 2025"', "'mayor 2025' is no date", 6),
        ("date:2025-13", "'2025-13' is no date", 5),
        ("date:13/13/2025", "'13/13/2025' is no date", 5),
        ("date:2025-02-30", "'2025-02-30' is no date", 5),
        ("date:[2025 TO 2025-13]", "'2025-13' is no date", 14),
        ("x -date:0000", "'0000' is no date", 8),
        ("date:>9999", "no day beyond", 5),
        ("date:[2025 TO 2024]", "end before they begin", 5),
    ],
)
def test_what_is_no_range(text: str, said: str, position: int) -> None:
    with pytest.raises(QueryError, match=said.replace("[", r"\[")) as caught:
        make(Query(text=text), default_names())
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Comas", ("Comas", DEFAULT_KM)),
        ("Comas, 5km", ("Comas", 5.0)),
        ("Miraflores, Lima, 2.5 km", ("Miraflores, Lima", 2.5)),
        ("Comas, 10", ("Comas", 10.0)),
        ("Comas 10 km", ("Comas", 10.0)),
        ("Comas a 10 kilómetros", ("Comas", 10.0)),
        ("a 1,5 km de Comas", ("Comas", 1.5)),
        ("500 metros de Comas", ("Comas", 0.5)),
        ("Alto Trujillo 2", ("Alto Trujillo 2", DEFAULT_KM)),
    ],
)
def test_distances(value: str, expected: tuple[str, float]) -> None:
    assert place_and_km(value) == expected


@given(st.sampled_from(("amount:", "date:", "near:", "-date:")), st.text(max_size=20))
def test_whatever_is_typed_is_a_range_or_an_error_that_points_at_it(field: str, value: str) -> None:
    with contextlib.suppress(QueryError):
        make(Query(text=field + value), default_names())
    with contextlib.suppress(QueryError):
        make(Query(text=f'{field}"{value}"'), default_names())
