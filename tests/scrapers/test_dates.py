"""Dates as outlets write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.dates import EARLIEST, TOLERANCE, to_utc

NOW = datetime(2025, 11, 20, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        # RFC 822
        ("Mon, 27 Oct 2025 21:13:54 +0000", "2025-10-27T21:13:54"),
        ("Tue, 28 Oct 2025 01:00:00 GMT", "2025-10-28T01:00:00"),
        ("Mon, 27 Oct 2025 10:00:00 -0500", "2025-10-27T15:00:00"),
        ("Mon, 27 Oct 2025 10:00:00 -0000", "2025-10-27T10:00:00"),
        ("Mon, 27 Oct 2025 10:00:00", "2025-10-27T15:00:00"),
        ("lun, 27 oct 2025 10:00:00 -0500", "2025-10-27T15:00:00"),
        # ISO 8601
        ("2025-10-27T21:23:19.733Z", "2025-10-27T21:23:19.733000"),
        ("2025-10-27T08:27:49-0500", "2025-10-27T13:27:49"),
        ("2025-10-27 13:42:06", "2025-10-27T18:42:06"),
        ("2025-10-27", "2025-10-27T05:00:00"),
        ("2025-5-3T23:57:00", "2025-05-04T04:57:00"),
        # Unix time
        ("1753650000", "2025-07-27T21:00:00"),
        ("1753650000000", "2025-07-27T21:00:00"),
        # as the press prints them
        ("2 de diciembre de 2024 - 6:29 p. m.", "2024-12-02T23:29:00"),
        ("12 de noviembre de 2025 - 6:29 a. m.", "2025-11-12T11:29:00"),
        ("12 de noviembre del 2025 - 12:05 a.m.", "2025-11-12T05:05:00"),
        ("15 de setiembre del 2025", "2025-09-15T05:00:00"),
        ("Setiembre 15, 2025", "2025-09-15T05:00:00"),
        ("Lunes 3 de noviembre, 2025", "2025-11-03T05:00:00"),
        ("03 Oct 2025 | 14:05 h", "2025-10-03T19:05:00"),
        ("Publicado el 3 de octubre de 2025 a las 14:05", "2025-10-03T19:05:00"),
        ("Actualizado: 02/10/2025 - 19:30", "2025-10-03T00:30:00"),
        ("27 ene 2025 10:00", "2025-01-27T15:00:00"),
        ("15/09/2025 08:30", "2025-09-15T13:30:00"),
        ("14.10.2025", "2025-10-14T05:00:00"),
        ("  14 OCT\n2025 ", "2025-10-14T05:00:00"),
        # without a year: the last such day
        ("12:12 | Lima, feb. 15.", "2025-02-15T17:12:00"),
        ("10:00 | Lima, dic. 3.", "2024-12-03T15:00:00"),
        ("08:15 | Lima, nov. 20.", "2025-11-20T13:15:00"),
        # from now
        ("hace 2 horas", "2025-11-20T13:00:00"),
        ("hace 3 días", "2025-11-17T15:00:00"),
    ],
)
def test_date(raw: str, moment: str) -> None:
    assert to_utc(raw, now=NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "   ",
        "basura",
        "ayer",
        "octubre de 2025",
        "99 de 99 de 9999",
        "a 3 a 4",
        "05:00",
        "1970-01-01",
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "-0001-11-30T00:00:00-05:00",
        "0001-01-01T00:00:00",
        "2025-11-22T00:00:00Z",
        "Sat, 27 Oct 2035 10:00:00 GMT",
        "9999-12-31T23:59:59-05:00",
        "9999999999999",
        "1" * 5_000,
        "1 de enero " * 50,
    ],
)
def test_no_usable_date(raw: str | None) -> None:
    assert to_utc(raw, now=NOW) is None


def test_clock_of_the_outlet_may_be_a_little_ahead() -> None:
    assert to_utc("2025-11-20T16:00:00Z", now=NOW) == NOW + timedelta(hours=1)


def test_same_text_on_another_day_is_another_day() -> None:
    assert to_utc("10:00 | Lima, nov. 19.", now=NOW - timedelta(days=3)) == datetime(2024, 11, 19, 15, 0, tzinfo=UTC)
    assert to_utc("10:00 | Lima, nov. 19.", now=NOW) == datetime(2025, 11, 19, 15, 0, tzinfo=UTC)


@given(st.text(max_size=120))
def test_any_text_gives_a_usable_moment_or_none(raw: str) -> None:
    moment = to_utc(raw, now=NOW)
    assert moment is None or (moment.utcoffset() == timedelta(0) and EARLIEST <= moment <= NOW + TOLERANCE)


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2025, 11, 20), timezones=st.just(UTC)))
def test_iso_dates_come_back(moment: datetime) -> None:
    assert to_utc(moment.isoformat(), now=NOW) == moment
