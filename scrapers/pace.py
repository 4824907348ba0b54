"""How much a site is asked within an hour, and when nobody is asked at all."""

from __future__ import annotations

import asyncio
import re
import time as clock
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, Literal

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from scrapers.dates import LIMA

HOUR: Final = 3600.0
Reason = Literal["rest", "hour", "site"]
"""Night rest, a site's budget for the hour, or a site that is not asked any more in this crawl."""
_REST: Final = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*")
_NAP: Final = 0.5
"""Seconds after which one who waits looks whether the crawl is over."""


class Postponed(IgnoreRequest):
    """A request that is not made now; what it is for comes with the next crawl."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Rest:
    """Hours of the day in Lima within which nothing is asked. It may go over midnight."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Rest:
        """Read ``01:00-05:00``.

        Raises:
            ValueError: something else, or no time at all between the two.
        """
        found = _REST.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no night rest: write 01:00-05:00, in Lima's time")
        begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if begin == end:
            raise ValueError(f"{text!r}: begins when it ends; leave the rest out for none")
        return cls(begin, end)

    def left(self, now: datetime) -> float:
        """Seconds until it is over; 0 when it is not on. ``now`` is aware."""
        here = now.astimezone(LIMA)
        over_midnight = self.end < self.begin
        on = (
            here.time() >= self.begin or here.time() < self.end
            if over_midnight
            else self.begin <= here.time() < self.end
        )
        if not on:
            return 0.0
        day = here.date() + timedelta(days=over_midnight and here.time() >= self.begin)
        return (datetime.combine(day, self.end, LIMA) - here).total_seconds()


@dataclass(slots=True)
class HourlyBudget:
    """Requests that each site may still get, counted over the hour that has just passed."""

    most: int
    """Within any hour; 0: no bound."""
    now: Callable[[], float] = clock.monotonic
    """Seconds."""
    _made: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, site: str) -> float:
        """Enter a request, if there may be one now: 0; else the seconds until there may be."""
        made, now = self._made[site], self.now()
        while made and made[0] <= now - HOUR:
            made.popleft()
        if self.most and len(made) >= self.most:
            return made[0] + HOUR - now
        made.append(now)
        return 0.0


class PaceMiddleware:
    """Keeps the night rest and the sites' hourly budgets. Runs last, when a request is about to be made.

    A usual crawl leaves what it may not ask for the next one; a backfill, which has time, waits.
    """

    def __init__(self, crawler: Crawler) -> None:
        rest = crawler.settings.get("VIGIA_REST")
        self._rest = Rest.parse(rest) if rest else None
        self._budget = HourlyBudget(crawler.settings.getint("VIGIA_REQUESTS_PER_HOUR"))
        self._patient = crawler.settings.getbool("VIGIA_PATIENT")
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PaceMiddleware:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise :class:`Postponed`, or wait, while a request may not be made."""
        while refusal := self._refusal(request.meta["download_slot"]):
            reason, seconds = refusal
            if not self._patient or getattr(self._crawler.spider, "ended", False):
                raise Postponed(reason)
            await asyncio.sleep(min(seconds, _NAP))
        spider: Any = self._crawler.spider
        spider.requests[request.meta["outlet"].id] += 1

    def _refusal(self, site: str) -> tuple[Reason, float] | None:
        if self._rest and (seconds := self._rest.left(datetime.now(UTC))):
            return "rest", seconds
        seconds = self._budget.take(site)
        return ("hour", seconds) if seconds else None
