"""One crawl in a process of its own, because Twisted's reactor runs once; and a store in memory for it."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import pytest

from scrapers.check import OutletSeen
from scrapers.crawl import CrawlOptions, CrawlSummary, check, crawl
from scrapers.items import FAILURES, Article, Asked, Exchange, Fetch, Known, Outcome, RobotsFile, Validators
from scrapers.outlet import Outlet
from tests.forked import CONTEXT


@dataclass
class MemoryStore:
    """A store as a crawl needs it; survives from crawl to crawl by pickle."""

    articles: dict[str, list[Article]] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    raw_of: dict[str, str | None] = field(default_factory=dict)
    kept: dict[str, Validators] = field(default_factory=dict)
    broken: bool = False
    files: dict[str, RobotsFile] = field(default_factory=dict)

    def validators(self, url: str) -> Validators | None:
        return self.kept.get(url)

    def known(self, article_id: str) -> Known | None:
        if article_id not in self.articles:
            return None
        newest = self.articles[article_id][-1]
        return Known(
            content_hash=newest.content_hash,
            modified=newest.modified,
            fetched=newest.fetched,
            unfinished=newest.unfinished,
        )

    def asked(self, url: str) -> Asked | None:
        records = [fetch for fetch in self.fetches if fetch.url == url]
        failed = list(takewhile(lambda fetch: fetch.outcome in FAILURES, reversed(records)))
        if not records:
            return None
        last = records[-1]
        return Asked(outcome=last.outcome, at=last.at, failures=len(failed), status=last.status)

    def robots(self, origin: str) -> RobotsFile | None:
        return self.files.get(origin)

    def save_robots(self, file: RobotsFile) -> None:
        self.files[file.origin] = file

    def save_exchange(self, exchange: Exchange) -> str:
        self.exchanges.append(exchange)
        return f"raw#{len(self.exchanges) - 1}"

    def save_article(self, article: Article, raw: str | None) -> Outcome:
        if self.broken:
            raise OSError("disk full")
        versions = self.articles.setdefault(article.id, [])
        outcome = Outcome.CHANGED if versions else Outcome.NEW
        if versions and versions[-1].content_hash == article.content_hash:
            versions[-1] = article
            return Outcome.UNCHANGED
        versions.append(article)
        self.raw_of[article.id] = raw
        return outcome

    def record(self, fetch: Fetch) -> None:
        self.fetches.append(fetch)
        if fetch.outcome in {Outcome.FEED_READ, Outcome.FEED_EMPTY}:
            self.kept[fetch.url] = Validators(etag=fetch.etag, last_modified=fetch.last_modified)


@dataclass(frozen=True)
class Result:
    store: MemoryStore
    summary: CrawlSummary


class CrawlProcess:
    """A crawl under way."""

    def __init__(self, folder: Path, outlets: Sequence[Outlet], store: MemoryStore, options: CrawlOptions) -> None:
        self._result = folder / "result"
        self._process = CONTEXT.Process(target=_crawl, args=(list(outlets), store, options, self._result))
        self._process.start()

    def terminate(self) -> None:
        """SIGTERM."""
        self._process.terminate()

    def end(self) -> Result:
        """Wait for its end; raise what it raised."""
        self._process.join(timeout=120)
        assert self._process.exitcode == 0
        result: Result | Exception = pickle.loads(self._result.read_bytes())
        if isinstance(result, Exception):
            raise result
        return result


def _crawl(outlets: list[Outlet], store: MemoryStore, options: CrawlOptions, path: Path) -> None:
    result: Result | Exception
    handlers = [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)]
    try:
        result = Result(store=store, summary=crawl(outlets, store, options))
        assert [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)] == handlers
        with pytest.raises(RuntimeError, match="works once in a process"):
            crawl(outlets, store, options)
    except Exception as error:
        result = error
    path.write_bytes(pickle.dumps(result))


def checked(folder: Path, outlets: Sequence[Outlet], options: CrawlOptions, *, one: bool) -> list[OutletSeen]:
    """What outlets answer, asked in a process of its own."""
    path = folder / "seen"
    process = CONTEXT.Process(target=_check, args=(list(outlets), options, one, path))
    process.start()
    process.join(timeout=120)
    assert process.exitcode == 0
    seen: list[OutletSeen] = pickle.loads(path.read_bytes())
    return seen


def _check(outlets: list[Outlet], options: CrawlOptions, one: bool, path: Path) -> None:
    path.write_bytes(pickle.dumps(check(outlets, options, one=one)))
