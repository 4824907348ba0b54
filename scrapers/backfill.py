"""Days of the past -> the addresses at which an outlet's archives list what it published on them. Pure.

An archive is cut into sheets: one address for each day or month, and further numbered ones where its answers are paged. A sheet
whose articles were all worked off after its time was over is final: the store keeps that, and a backfill that was killed goes
on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from scrapers.dates import LIMA
from scrapers.entries import Entry
from scrapers.outlet import ArchivePoint, Outlet

SETTLED: Final = timedelta(days=1)
"""After the end of a day its list is taken to be complete."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Days in Lima, both ends included.

    Raises:
        ValueError: the last day is before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}: give the earlier day first")

    @property
    def begin(self) -> datetime:
        """Aware UTC."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """Aware UTC; the first moment after."""
        return _midnight(self.last + _DAY)

    def days(self) -> Iterator[DateRange]:
        """Each day by itself."""
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            yield DateRange(first=day, last=day)

    def months(self) -> Iterator[DateRange]:
        """What there is of each month."""
        first = self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield DateRange(first=first, last=min(self.last, following - _DAY))
            first = following

    def overlap(self, earliest: date | None) -> DateRange | None:
        """The part of it that is not before a day."""
        first = max(self.first, earliest or self.first)
        return DateRange(first=first, last=self.last) if first <= self.last else None


def past_days(first: date, last: date, *, now: datetime) -> DateRange:
    """The days of a backfill.

    Raises:
        ValueError: the last day is before the first, or has not come yet.
    """
    wanted, today = DateRange(first=first, last=last), now.astimezone(LIMA).date()
    if last > today:
        raise ValueError(f"{last} has not come yet: today it is {today} in Lima")
    return wanted


def archived_entries(outlet: Outlet, wanted: DateRange, *, now: datetime) -> list[Entry]:
    """The first sheet of each day or month at each archive of an outlet, the oldest first; empty: no archive reaches there."""
    today = now.astimezone(LIMA).date()
    found: list[tuple[date, Entry]] = []
    for archive in outlet.archives:
        oldest = today - timedelta(days=archive.days_back) if archive.days_back else None
        within = wanted.overlap(max(filter(None, (archive.earliest, oldest)), default=None))
        for part in _parts(archive, within) if within else ():
            found.append((part.first, _entry(archive, part)))
    return [entry for _, entry in sorted(found, key=lambda each: each[0])]


def _parts(archive: ArchivePoint, within: DateRange) -> Iterator[DateRange]:
    return within.days() if re.search(r"\{(?:YYYY-MM-)?DD\}", archive.url) else within.months()


def _entry(archive: ArchivePoint, part: DateRange) -> Entry:
    values = {
        "YYYY-MM-DD": part.first.isoformat(),
        "YYYY": f"{part.first:%Y}",
        "MM": f"{part.first:%m}",
        "DD": f"{part.first:%d}",
        "from": part.first.isoformat(),
        "until": part.last.isoformat(),
        "from_dmy": f"{part.first:%d-%m-%Y}",
        "until_dmy": f"{part.last:%d-%m-%Y}",
        "day_before": (part.first - _DAY).isoformat(),
        "day_after": (part.last + _DAY).isoformat(),
        "page": "{page}",
    }
    url = re.sub(r"\{([^{}]*)\}", lambda name: values[name[1]], archive.url)
    return Entry(
        url=url.replace("{page}", "1"),
        kind=archive.kind,
        guess=archive.status == "guess",
        sheets=url if "{page}" in url else None,
        final_from=part.end + SETTLED,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LIMA).astimezone(UTC)
