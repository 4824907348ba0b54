"""robots.txt obeyed by RFC 9309, and its Crawl-delay really kept.

Scrapy's own middleware reads a server error as permission and applies no Crawl-delay; hence this one.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler

from scrapers.items import CrawlStore, Outcome, RobotsFile
from scrapers.outlet import Outlet
from scrapers.pace import Postponed
from scrapers.refusals import Refused, asked_pause, challenger_of, refusal_for, status_name

logger = logging.getLogger(__name__)

PRODUCT: Final = "Vigia"
"""The name by which robots.txt may address us."""
LONGEST_DELAY: Final = 120.0
"""Seconds. A site that asks for more between two requests is not crawled: a run would not end."""
FRESH: Final = timedelta(hours=6)
"""How long a robots.txt holds. RFC 9309, 2.4: not longer than a day."""
_MAXIMUM_SIZE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a site allows: by its file, or nothing at all for a reason."""

    parser: Protego | None = None
    refusal: Refused | None = None


class RobotsMiddleware:
    """Lets a request pass when the site's robots.txt allows it; asks for that file once per site and crawl, and not before the one
    that a store holds is :data:`FRESH` old.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise :class:`Refused` for what robots.txt forbids."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        rules = self._rules.get(origin)
        if rules is None:
            rules = self._rules[origin] = asyncio.ensure_future(self._rules_of(origin, request.meta["outlet"]))
        # Shielded: several outlets may wait for one file, and one of them may be given up.
        known = await asyncio.shield(rules)
        if known.refusal is not None:
            refusal = known.refusal
            raise Refused(refusal.outcome, refusal.detail, not_before=refusal.not_before, for_now=True)
        if known.parser is not None:
            self._keep_delay(request.meta["download_slot"], known.parser)
            if not known.parser.can_fetch(request.url, PRODUCT):
                raise Refused(Outcome.FORBIDDEN_BY_ROBOTS, "robots.txt forbids it")

    async def _rules_of(self, origin: str, outlet: Outlet) -> _Rules:
        store: CrawlStore | None = getattr(self._crawler.spider, "store", None)
        kept = store.robots(origin) if store is not None else None
        if kept is not None and timedelta(0) <= datetime.now(UTC) - kept.fetched < FRESH:
            return _Rules(parser=Protego.parse(kept.text))
        rules, text = await self._fetch(origin, outlet)
        if store is not None and text is not None:
            store.save_robots(RobotsFile(origin=origin, text=text, fetched=datetime.now(UTC)))
        return rules

    async def _fetch(self, origin: str, outlet: Outlet) -> tuple[_Rules, str | None]:
        """What a site allows, and its file as far as that may be kept: what cannot be read now is asked for again."""
        meta = {"robots": True, "outlet": outlet, "download_maxsize": _MAXIMUM_SIZE}
        request = Request(f"{origin}/robots.txt", meta=meta, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except Postponed:
            raise
        except Exception as error:  # as in scrapers.fetching
            fault = refusal_for(error)
            return _Rules(refusal=Refused(fault.outcome, f"robots.txt could not be read: {fault.detail}")), None
        if name := challenger_of(response):
            detail = f"robots.txt answered with a page of {name} that keeps robots out"
            return _Rules(refusal=Refused(Outcome.BLOCKED, detail, not_before=asked_pause(response))), None
        if response.status == 200:
            text = response.body.decode("utf-8-sig", "ignore")
            return _Rules(parser=Protego.parse(text)), text
        # RFC 9309, 2.3.1: "unavailable" (4xx) means no rules; "unreachable" (5xx) means that everything is forbidden.
        if response.status >= 500:
            detail = f"robots.txt answered {status_name(response.status)}: all is forbidden until it can be read"
            until = asked_pause(response)
            return _Rules(refusal=Refused(Outcome.FORBIDDEN_BY_ROBOTS, detail, not_before=until)), None
        if response.status == 429:
            detail = f"robots.txt answered {status_name(429)}"
            return _Rules(refusal=Refused(Outcome.BLOCKED, detail, not_before=asked_pause(response))), None
        return _Rules(), ""

    def _keep_delay(self, slot_key: str, parser: Protego) -> None:
        """Space out the requests of a site as it asks; never closer together than we do ourselves."""
        delay = asked_delay(parser)
        if delay is None:
            return
        if delay > LONGEST_DELAY:
            detail = f"robots.txt asks for {delay:g} s between requests; sites that ask for over {LONGEST_DELAY:g} s are left alone"
            raise Refused(Outcome.FORBIDDEN_BY_ROBOTS, detail)
        downloader = self._crawler.engine.downloader
        usual: float = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        if slot_key in downloader.per_slot_settings or delay <= usual:
            return
        logger.info("%s: %g s between requests, as its robots.txt asks", slot_key, delay)
        # For slots that are made later (Scrapy drops idle ones), and for the one that is there. Without jitter: not less.
        downloader.per_slot_settings[slot_key] = {"delay": delay, "jitter": 0.0, "concurrency": 1}
        slot: Any = downloader.slots.get(slot_key)
        if slot is not None:
            slot.delay, slot.jitter = max(slot.delay, delay), 0.0


def asked_delay(parser: Protego) -> float | None:
    """Seconds between two requests, by Crawl-delay or Request-rate, whichever is longer."""
    rate = parser.request_rate(PRODUCT)
    asked = [parser.crawl_delay(PRODUCT), rate.seconds / rate.requests if rate and rate.requests else None]
    return max((each for each in asked if each is not None and each > 0), default=None)
