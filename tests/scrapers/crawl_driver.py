"""One crawl in a process of its own, because Twisted's reactor runs once: ``python -m tests.scrapers.crawl_driver JOB RESULT``."""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass, field
from pathlib import Path

from scrapers.crawl import CrawlOptions, CrawlSummary, crawl
from scrapers.items import Article, Exchange, Fetch, Known, Outcome, Validators
from scrapers.outlet import Outlet


@dataclass
class MemoryStore:
    """A store as a crawl needs it; survives from crawl to crawl by pickle."""

    articles: dict[str, list[Article]] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)
    raw_of: dict[str, str | None] = field(default_factory=dict)
    kept: dict[str, Validators] = field(default_factory=dict)
    broken: bool = False

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
class Job:
    outlets: list[Outlet]
    options: CrawlOptions
    store: MemoryStore


@dataclass(frozen=True)
class Result:
    store: MemoryStore
    summary: CrawlSummary


def main(job_path: Path, result_path: Path) -> None:
    job: Job = pickle.loads(job_path.read_bytes())
    summary = crawl(job.outlets, job.store, job.options)
    result_path.write_bytes(pickle.dumps(Result(store=job.store, summary=summary)))


if __name__ == "__main__":
    # Under its own name, so that what is pickled here can be read elsewhere.
    from tests.scrapers import crawl_driver

    crawl_driver.main(Path(sys.argv[1]), Path(sys.argv[2]))
