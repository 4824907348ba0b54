"""A crawl from outside: outlets, a store and options in; what became of every address, counted, out."""

from __future__ import annotations

import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from scrapers.items import FAILURES, CrawlStore, Outcome
from scrapers.outlet import Outlet
from scrapers.settings import CrawlOptions, crawl_settings

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import CrawlerProcess

    from scrapers.check import OutletSeen

__all__ = ["CrawlOptions", "CrawlSummary", "check", "crawl"]

AnySpider = TypeVar("AnySpider", bound="Spider")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSummary:
    """What a crawl came to."""

    counts: dict[str, dict[Outcome, int]]
    """By outlet. Every address that was met is counted once."""
    left: dict[str, int]
    """By outlet, addresses that were known and not reached; outlets with none are left out."""
    requests: dict[str, int]
    """By outlet, all that were made: robots.txt, redirects and retries too."""
    stopped: Literal["time", "pages", "signal", "rest", "hour", "site"] | None
    """What ended it early: ``max_seconds``, ``max_pages``, a signal (SIGINT, SIGTERM), the night rest, a site's budget for
    the hour, or in a backfill a site that does not answer or refuses us (the others may have been worked off)."""

    @property
    def complete(self) -> bool:
        """Whether it came to its end by itself."""
        return self.stopped is None

    @property
    def failed(self) -> int:
        """Addresses with an outcome that makes the run "partly failed"."""
        return sum(n for counts in self.counts.values() for outcome, n in counts.items() if outcome in FAILURES)

    def total(self, outcome: Outcome) -> int:
        """Addresses with an outcome, all outlets together."""
        return sum(counts.get(outcome, 0) for counts in self.counts.values())


def crawl(outlets: Sequence[Outlet], store: CrawlStore, options: CrawlOptions) -> CrawlSummary:
    """Crawl outlets into a store. Runs Twisted's reactor in this thread, so it works once in a process.

    SIGTERM and SIGINT end it at once and cleanly: what was saved stays saved, what was not comes with the next crawl.

    Raises:
        RuntimeError: a second crawl in the same process.
        Exception: whatever the store raised; the crawl has ended.
    """
    from scrapers.spider import OutletSpider

    spider = _run(OutletSpider, options, outlets=outlets, store=store)
    if spider.fault is not None:
        raise spider.fault
    return CrawlSummary(
        counts={visit.outlet.id: dict(visit.counts) for visit in spider.visits},
        left={visit.outlet.id: visit.left for visit in spider.visits if visit.left},
        requests=dict(spider.requests),
        stopped=spider.stopped,
    )


def check(outlets: Sequence[Outlet], options: CrawlOptions, *, one: bool = False) -> list[OutletSeen]:
    """Ask outlets how they answer now, and store nothing. Works, like :func:`crawl`, once in a process.

    Args:
        outlets: which.
        options: as for a crawl; the outlets that ``max_seconds`` does not reach are left out of the result.
        one: whether one article of each is enough; else each entry point is asked.

    Raises:
        RuntimeError: a second crawl in the same process.
    """
    from scrapers.spider import CheckSpider

    spider = _run(CheckSpider, options, outlets=outlets, one=one)
    if spider.fault is not None:
        raise spider.fault
    return spider.seen


def _run(kind: type[AnySpider], options: CrawlOptions, **given: Any) -> AnySpider:
    """A spider that has done its work."""
    _quiet(options.log_level)
    process = _process(options)
    _quiet(options.log_level)
    crawler = process.create_crawler(kind)
    process.crawl(crawler, options=options, **given)
    _start(process)
    if not isinstance(crawler.spider, kind):
        raise RuntimeError("the crawl could not be started; the log says why")
    return crawler.spider


def _process(options: CrawlOptions) -> CrawlerProcess:
    from scrapy.crawler import CrawlerProcess

    disabled = logging.root.manager.disable
    logging.disable(max(disabled, logging.INFO))  # Scrapy tells its versions as it starts, whatever the levels are
    try:
        return CrawlerProcess(crawl_settings(options))
    finally:
        logging.disable(disabled)


def _start(process: CrawlerProcess) -> None:
    """Run to the end; the signal handlers of the program are there again afterwards."""
    from twisted.internet.error import ReactorNotRestartable

    handlers = {which: signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)}
    try:
        process.start()
    except ReactorNotRestartable as error:
        raise RuntimeError("a crawl works once in a process: start another process") from error
    finally:
        for which, handler in handlers.items():
            if handler is not None:  # None: not set by Python
                signal.signal(which, handler)


def _quiet(level: str) -> None:
    """Our own messages at the level that was asked for; libraries only warn unless it is ``debug``."""
    logging.getLogger("scrapers").setLevel(level.upper())
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
