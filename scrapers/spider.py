"""One spider for all outlets: each is visited by itself, side by side with the others, one request at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

from scrapy import Request, Spider
from scrapy.http import Response

from scrapers.check import Look, OutletSeen
from scrapers.items import CrawlStore
from scrapers.outlet import Outlet
from scrapers.settings import OUTLETS_AT_ONCE, CrawlOptions
from scrapers.visit import Budget, Visit

Stop = Literal["time", "pages", "signal", "rest", "hour", "site"]
"""What ends a crawl early: ``max_seconds``, ``max_pages``, SIGINT and SIGTERM, the night rest, a site's budget for the hour, in a
backfill a site that does not answer or refuses us."""


class OutletSpider(Spider):
    """Visits outlets and keeps what it finds in a store; nothing is yielded to Scrapy."""

    name = "outlets"

    def __init__(self, *, outlets: Sequence[Outlet], store: CrawlStore, options: CrawlOptions, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.options = options
        self.store = store
        self.stopped: Stop | None = None
        self.fault: Exception | None = None
        self.requests: Counter[str] = Counter()
        """By outlet, all that were made: robots.txt, redirects and retries too."""
        self.ended = False
        """Whether nothing more is to be asked: what waits for its turn gives up."""
        budget = Budget(options.max_pages)
        self.visits = [
            Visit(outlet=outlet, store=store, options=options, download=self._download, budget=budget)
            for outlet in outlets
        ]

    async def start(self) -> AsyncIterator[Any]:
        """Visit all outlets, until they are done, the time is up, or the store fails."""
        turns = asyncio.Semaphore(OUTLETS_AT_ONCE)
        tasks = [asyncio.create_task(_in_turn(visit, turns)) for visit in self.visits]
        try:
            _, pending = await asyncio.wait(
                tasks, timeout=self.options.max_seconds, return_when=asyncio.FIRST_EXCEPTION
            )
        except asyncio.CancelledError:
            self.stopped = "signal"
            raise
        finally:
            self.ended = True
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            faults = [each for each in results if isinstance(each, Exception)]
            self.fault = faults[0] if faults else None
        if pending and self.fault is None:
            self.stopped = "time"
        elif any(visit.left for visit in self.visits):
            self.stopped = next((visit.postponed for visit in self.visits if visit.postponed), "pages")
        return
        yield  # type: ignore[unreachable]  # makes it the asynchronous generator that Scrapy asks for

    async def _download(self, request: Request) -> Response:
        assert self.crawler.engine is not None  # it runs: it called start()
        return await self.crawler.engine.download_async(request)


class CheckSpider(Spider):
    """Looks at outlets; ``seen`` holds what they answered, in their order, without those that the time did not reach."""

    name = "check"

    def __init__(self, *, outlets: Sequence[Outlet], options: CrawlOptions, one: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.options = options
        self.seen: list[OutletSeen] = []
        self.requests: Counter[str] = Counter()
        self.fault: Exception | None = None
        self.looks = [Look(outlet=outlet, download=self._download, one=one) for outlet in outlets]

    async def start(self) -> AsyncIterator[Any]:
        """Look at all outlets, until they are done or the time is up."""
        turns = asyncio.Semaphore(OUTLETS_AT_ONCE)
        tasks = [asyncio.create_task(_in_turn(look, turns)) for look in self.looks]
        try:
            await asyncio.wait(tasks, timeout=self.options.max_seconds)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            self.seen = [each for each in results if isinstance(each, OutletSeen)]
            self.fault = next((each for each in results if isinstance(each, Exception)), None)
        return
        yield  # type: ignore[unreachable]  # as above

    async def _download(self, request: Request) -> Response:
        assert self.crawler.engine is not None
        return await self.crawler.engine.download_async(request)


async def _in_turn(visit: Visit | Look, turns: asyncio.Semaphore) -> OutletSeen | None:
    async with turns:
        return await visit.run()
