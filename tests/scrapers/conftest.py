"""Crawls for the tests, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from scrapers.crawl import CrawlOptions
from scrapers.outlet import Outlet
from tests.scrapers.crawl_driver import CrawlProcess, MemoryStore, Result

StartCrawl = Callable[..., CrawlProcess]
RunCrawl = Callable[..., Result]


@pytest.fixture(scope="module")
def start_crawl(tmp_path_factory: pytest.TempPathFactory) -> StartCrawl:
    """Starts a crawl of local sites without pauses, unless options say otherwise."""

    def start(outlets: Sequence[Outlet], store: MemoryStore | None = None, **options: Any) -> CrawlProcess:
        chosen = {"allow_private_addresses": True, "delay": 0.0, "timeout": 20.0} | options
        return CrawlProcess(tmp_path_factory.mktemp("crawl"), outlets, store or MemoryStore(), CrawlOptions(**chosen))

    return start


@pytest.fixture(scope="module")
def run_crawl(start_crawl: StartCrawl) -> RunCrawl:
    """Runs a crawl to its end; gives what its store holds then, and its summary."""

    def run(outlets: Sequence[Outlet], store: MemoryStore | None = None, **options: Any) -> Result:
        return start_crawl(outlets, store, **options).end()

    return run
