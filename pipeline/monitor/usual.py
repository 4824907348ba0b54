"""What is usual for an outlet, learned from when it has published: plain statistics, by weekday in Lima.

Spidermon is the usual companion of Scrapy's (tried in version 1.27, which runs beside Scrapy 2.19). Its monitors pass or fail on
what Scrapy counted in one crawl, when the spider closes. What is asked here is what one of forty outlets of that spider has
published in eight weeks, across crawls that were killed or saw nothing but "not modified"; the archive alone knows it, and
``vigia outlets`` asks without a crawl. The answer is a state with its reason, not a failure. It also requires ``rfc3987``, which
is under the GPL. So these are a few functions of our own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.monitor.holidays import is_holiday

LIMA: Final = ZoneInfo("America/Lima")
WEEKS: Final = 8
"""How far back usual is learned from."""
ENOUGH_DAYS: Final = 14
ENOUGH_ARTICLES: Final = 20
PATIENCE: Final = 2.5
"""Times the usual longest gap until silence is unusual: a sparse outlet's gaps vary by that much."""
LONG_SILENCE: Final = 21 * 24.0
"""Hours from which on silence is unusual for whoever brings anything at all."""
SHORTEST_SILENCE: Final = 6.0
"""Hours that never are an unusual silence."""


def hour_of(at: datetime) -> int:
    """Hours since 1970."""
    return int(at.timestamp() // 3600)


def gaps(hours: Mapping[int, int]) -> list[tuple[int, int]]:
    """Stretches between one hour with articles and the next one, in order."""
    present = sorted(hour for hour, n in hours.items() if n > 0)
    return list(pairwise(present))


def usual_gap(hours: Mapping[int, int], begun: datetime, at: datetime) -> float | None:
    """The longest gap, in hours, that is usual on this weekday: the median over the weeks of the longest that touched the day.

    ``None`` when fewer than two such days are known.
    """
    known = gaps(hours)
    longest = [
        max((end - start for start, end in known if start < last and end > first), default=0)
        for first, last in _same_days(begun, at)
    ]
    found = [float(gap) for gap in longest if gap]
    return median(found) if len(found) >= 2 else None


def unusual_silence(hours: Mapping[int, int], begun: datetime, at: datetime) -> tuple[float, float] | None:
    """Hours since the last article and the hours that are usual on this weekday, if the first is far longer; else ``None``.

    Nothing is said of an outlet that was watched for less than :data:`ENOUGH_DAYS`, or brought less than
    :data:`ENOUGH_ARTICLES`. Holidays do not count, and what is usual on their weekdays is usual on the day after
    them too.
    """
    past = {hour: n for hour, n in hours.items() if hour <= hour_of(at)}
    if at - begun < timedelta(days=ENOUGH_DAYS) or sum(past.values()) < ENOUGH_ARTICLES:
        return None
    holidays = _holidays(max(past), at)
    recent = [day for day in holidays if at - day < timedelta(days=2)]
    gaps_known = (usual_gap(past, begun, day) for day in (at, *recent))
    usual = max((gap for gap in gaps_known if gap is not None), default=None)
    silence = float(hour_of(at) - max(past))
    if usual is None or silence - sum(holidays.values()) <= max(PATIENCE * usual, SHORTEST_SILENCE):
        return None
    return silence, usual


def long_silence(hours: Mapping[int, int], begun: datetime, at: datetime) -> float | None:
    """Hours since the last article, if that is weeks, and far longer than between any two articles; else ``None``.

    It needs no weekdays: of an outlet that brings little they are not known, and of one that fell silent two months ago not any more.
    Where no article is left, it counts from the beginning of what is known.
    """
    past = {hour: n for hour, n in hours.items() if hour <= hour_of(at)}
    known_since = max(begun, at - timedelta(weeks=WEEKS + 2))
    silence = float(hour_of(at) - max(past, default=hour_of(known_since)))
    longest = max((end - start for start, end in gaps(past)), default=0)
    return silence if silence > max(PATIENCE * longest, LONG_SILENCE) else None


def usual_day(hours: Mapping[int, int], begun: datetime, at: datetime) -> tuple[int, float] | None:
    """Articles in the 24 hours until now, and the median of the same 24 hours in earlier weeks; ``None``: too few weeks, or a
    holiday.
    """
    now = hour_of(at)
    if _holidays(now - 24, at):
        return None
    earlier = [
        _count(hours, now - week * 168) for week in range(1, WEEKS + 1) if now - week * 168 - 24 >= hour_of(begun)
    ]
    return (_count(hours, now), median(earlier)) if len(earlier) >= 2 else None


def _count(hours: Mapping[int, int], until: int) -> int:
    return sum(hours.get(hour, 0) for hour in range(until - 23, until + 1))


def _holidays(last: int, at: datetime) -> dict[datetime, int]:
    """Holidays that touch the hours after one and until a moment, and how many of those hours each has."""
    hours = (datetime.fromtimestamp(hour * 3600, LIMA) for hour in range(last + 1, hour_of(at) + 1))
    days = Counter(hour.replace(hour=0) for hour in hours if is_holiday(hour.date()))
    return dict(days)


def _same_days(begun: datetime, at: datetime) -> Iterator[tuple[int, int]]:
    """The same weekday in earlier weeks, from its first hour to the first of the next day."""
    midnight = at.astimezone(LIMA).replace(hour=0, minute=0, second=0, microsecond=0)
    for week in range(1, WEEKS + 1):
        first = midnight - timedelta(weeks=week)
        if first >= begun:
            yield hour_of(first), hour_of(first + timedelta(days=1))


def weekday(at: datetime) -> str:
    """The day of the week in Lima."""
    return at.astimezone(LIMA).strftime("%A")


def span(hours: float) -> str:
    """A stretch of time for people."""
    days, rest = divmod(round(hours), 24)
    return " ".join(part for part in (f"{days} d" if days else "", f"{rest} h" if rest or not days else "") if part)
