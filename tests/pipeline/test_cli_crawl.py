"""``vigia crawl --from --to``: which days and outlets it takes, and what it says of others."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import typer

from pipeline.cli.collect import backfill_days, past_moment, with_archives
from scrapers.backfill import DateRange
from scrapers.outlet import OutletError, load_outlets

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 22:00 of the day before in Lima


def test_days() -> None:
    quarter = DateRange(first=date(2024, 1, 1), last=date(2024, 3, 31))
    assert backfill_days("2024-01-01", "2024-03-31", now=NOW) == quarter
    assert backfill_days("2026-11-22", None, now=NOW) == DateRange(first=date(2026, 11, 22), last=date(2026, 11, 22))
    assert backfill_days(None, None, now=NOW) is None


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (None, "2024-03-31", "give --from too"),
        ("2024-03-31", "2024-01-01", "2024-01-01 is before 2024-03-31"),
        ("2024-01-01", "2026-11-23", "2026-11-23 has not come yet: today it is 2026-11-22 in Lima"),
        ("enero", None, "'enero' is no day: write 2024-01-31"),
        ("2024-02-30", None, "'2024-02-30' is no day"),
    ],
)
def test_days_that_are_refused(first: str | None, last: str | None, message: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        backfill_days(first, last, now=NOW)
    assert message in caught.value.message


def test_since_a_day_that_has_not_come() -> None:
    assert past_moment("2d") < datetime.now(UTC)
    with pytest.raises(typer.BadParameter) as caught:
        past_moment("2099-01-01")
    assert caught.value.message == "'2099-01-01' has not come yet: nothing would be collected"


def test_outlets_without_an_archive_are_named() -> None:
    known, days = load_outlets(), DateRange(first=date(2024, 1, 1), last=date(2024, 1, 2))
    assert with_archives([known["rpp"]], days) == [known["rpp"]]
    assert with_archives([known["rpp"], known["andina"]], days) == [known["rpp"]]
    with pytest.raises(OutletError, match="no archive of 2024-01-01 to 2024-01-02 is known of: andina, larepublica"):
        with_archives([known["andina"], known["larepublica"]], days)
