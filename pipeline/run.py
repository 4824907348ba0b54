"""The steps of a run: crawl -> analyze -> merge into stories and incidents -> index -> alerts.

Each step takes from the archive what is not done yet and leaves its results there, so each can be killed and run again, alone
or one after the other. An article that fails is rejected with its reason and counted; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipeline.analyze import analyze_step
from pipeline.index import IndexUnavailable, open_index
from pipeline.loading import index_step
from pipeline.monitor import watch_step
from pipeline.notify import ALL_SECONDS, channels, deliver
from pipeline.patience import CUT_OFF, cut_off, resting
from pipeline.stop import kept_signals
from pipeline.work import REQUESTS, Work

if TYPE_CHECKING:
    from scrapers.backfill import DateRange
    from scrapers.crawl import CrawlSummary
    from scrapers.outlet import Outlet

logger = logging.getLogger(__name__)

__all__ = ["analyze_step", "crawl_step", "merge_step", "run_all"]

CRAWL_SHARE: Final = 0.6
"""Part of the time that the crawl may take; what it finds has to be read and indexed too."""
READ_SHARE: Final = 0.9
"""Part of the time after which nothing more is read."""
_POSTPONED: Final = {
    "rest": ": it is the night rest (crawl.rest)",
    "site": ": their sites do not answer, or refuse us",
    "hour": ": the hour's requests to a site are used up (crawl.requests_per_hour)",
}
EARLY: Final = 0.9
"""Part of an outlet's ``poll_minutes`` after which it is asked again: what cron starts does not end at the same minute."""


def run_all(
    work: Work,
    outlets: Sequence[Outlet],
    regions: Mapping[str, str | None],
    since: datetime | None,
    *,
    processes: int = 1,
    only_due: bool = False,
) -> None:
    """Crawl, analyze, merge, index and alert; each step as far as the time goes.

    Args:
        work: the run.
        outlets: which are crawled.
        regions: see :func:`analyze_step`.
        since: what outlets date earlier is left.
        processes: that read.
        only_due: whether outlets are passed over that were worked off less than their ``poll_minutes`` ago.
    """
    if only_due and work.settings.crawl.delay is None:
        now = datetime.now(UTC)
        chosen, outlets = outlets, due(outlets, work.archive.worked_off(), resting(work.archive, outlets, now), now)
        logger.info("%d of %d outlets are asked; for the others it is too early", len(outlets), len(chosen))
    crawl_step(work, outlets, since, share=CRAWL_SHARE)
    analyze_step(work, regions, processes=processes, share=READ_SHARE)
    for step in (merge_step, _index_if_there, _alert):
        if not work.stop.signalled:
            step(work)


def _index_if_there(work: Work) -> None:
    try:
        index = open_index(work.settings)
        try:
            index_step(work, index)
        finally:
            index.close()
    except IndexUnavailable as error:
        work.problems.append(f"not indexed: {error}; nothing is lost, the next run indexes it")


def _alert(work: Work) -> None:
    from pipeline.alerts.step import alerts_step

    alerts_step(work, seconds=ALL_SECONDS)


def crawl_step(
    work: Work,
    outlets: Sequence[Outlet],
    since: datetime | None,
    *,
    share: float = 1.0,
    backfill: DateRange | None = None,
    max_pages: int | None = None,
) -> CrawlSummary:
    """Collect what the outlets have published: what they list now, or with ``backfill`` what their archives hold of those days.

    Runs the spiders' reactor, hence once per process.
    """
    from scrapers.crawl import CrawlOptions, crawl

    left = work.stop.seconds_left(share)
    crawling = work.settings.crawl
    options = CrawlOptions(
        since=since,
        backfill=backfill,
        max_pages=max_pages,
        contact=crawling.contact,
        allow_private_addresses=crawling.allow_private_addresses,
        max_seconds=None if left is None else max(1.0, left),
        log_level=work.settings.log_level,
        delay=crawling.delay,
        requests_per_hour=crawling.requests_per_hour,
        rest=crawling.rest,
        subscriptions=crawling.subscriptions,
    )
    with kept_signals():  # Scrapy leaves its own handlers behind
        summary = crawl(outlets, work.archive, options)
    for name, made in summary.requests.items():
        work.archive.count(REQUESTS, name, "made", made)
    visited = [outlet.id for outlet in outlets] if backfill is None else []
    work.archive.settle_crawl(unfinished=summary.left, visited=visited)
    work.stop.signalled |= summary.stopped == "signal"
    if summary.left:
        why = _POSTPONED.get(summary.stopped or "", "")
        work.left.append(f"{sum(summary.left.values())} address(es) wait to be fetched{why}")
    if backfill is None and not work.stop.signalled:
        _watch(work, outlets)
    return summary


def due(
    outlets: Sequence[Outlet], worked_off: Mapping[str, datetime], rests: Mapping[str, datetime], now: datetime
) -> list[Outlet]:
    """Those of some outlets that it is time to ask again: not those that rest, nor what was worked off a short while ago. What was
    cut short, or failed for the first time, is always due, and so is what was worked off by a clock that was wrong.
    """
    return [
        outlet
        for outlet in outlets
        if rests.get(outlet.id, now) <= now
        and (
            (last := worked_off.get(outlet.id)) is None
            or abs(now - last) >= EARLY * timedelta(minutes=outlet.poll_minutes)
        )
    ]


def _watch(work: Work, outlets: Sequence[Outlet]) -> None:
    """Judge how the outlets are doing, and tell of what has changed; not by what says nothing of them."""
    if cut_off(work.archive.fetch_states(entry.url for entry in outlet.entry_points) for outlet in outlets):
        work.problems.append(f"none of {len(outlets)} outlets {CUT_OFF}")
    else:
        work.changes = watch_step(work.archive, outlets, channels(work.settings.notify))
    work.problems += deliver(work.archive.watching, work.settings.notify)


def merge_step(work: Work) -> int:
    """Find the same text in several outlets, and the same fact in several articles; the number of incidents that changed."""
    from pipeline.merging import merge_changes

    changed = merge_changes(work.archive.merging, work.stop)
    if changed is None and not work.archive.merging.settled():
        work.left.append("stories and incidents wait to be brought up to date")
    return changed or 0
