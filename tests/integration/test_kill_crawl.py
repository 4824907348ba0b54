"""A crawl killed with SIGKILL fifty times at random moments, each time carried on: no article lost, none twice."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from pipeline.archive import Archive
from pipeline.settings import Settings, load_settings
from scrapers.crawl import CrawlOptions, crawl
from scrapers.items import article_id
from scrapers.outlet import Outlet
from scrapers.urls import canonical_url
from tests.forked import CONTEXT
from tests.scrapers.site import Answer, Site, article, feed, item, outlet

pytestmark = pytest.mark.kill
KILLS = 50
MOST_REQUESTS = 14
"""That a crawl makes before it is killed; an undisturbed one makes 206."""


def collect(settings: Settings, outlets: list[Outlet]) -> None:
    """What ``vigia crawl`` does between its lock and its summary."""
    with Archive.open(settings) as archive:
        archive.begin_run("crawl")
        options = CrawlOptions(allow_private_addresses=True, delay=0.01, log_level="error")
        archive.settle_crawl(unfinished=crawl(outlets, archive, options).left)


def site_of(number: int) -> tuple[dict[str, Answer], list[str]]:
    """The answers of a site, and the addresses of its articles: some whole in the feed, some on pages, some in both feeds."""
    whole = [f"/nota-{number}-f{n}" for n in range(40)]
    pages = [f"/nota-{number}-p{n}" for n in range(100)]
    answers = {
        "/feed": feed(*map(item, whole), headers={"ETag": '"uno"'}),
        "/otro": feed(
            *(item(path) for path in whole[:10]), *(item(path, body="") for path in pages), headers={"ETag": '"dos"'}
        ),
    }
    return answers | {path: article(f"Extorsión en {path}") for path in pages}, whole + pages


def test_fifty_times(tmp_path: Path) -> None:
    settings = load_settings(env={"VIGIA_HOME": str(tmp_path / "home")})
    moments = random.Random(20261123)
    (first, one), (second, two) = site_of(1), site_of(2)
    with Site(first) as a, Site(second) as b:
        outlets = [outlet(name, site, ("feed", "/feed"), ("feed", "/otro")) for name, site in (("a", a), ("b", b))]
        expected = {
            article_id(canonical_url(site.base + path, each))
            for each, site, paths in zip(outlets, (a, b), (one, two), strict=True)
            for path in paths
        }
        killed = 0
        for _ in range(KILLS):
            process = CONTEXT.Process(target=collect, args=(settings, outlets))
            enough = len(a.asked) + len(b.asked) + moments.randint(1, MOST_REQUESTS)
            process.start()
            while process.is_alive() and len(a.asked) + len(b.asked) < enough:
                time.sleep(0.001)
            time.sleep(moments.uniform(0.0, 0.02))
            killed += process.is_alive()
            process.kill()
            process.join()
        assert killed == KILLS
        with Archive.open(settings) as archive:
            assert 20 < sum(n for n, _ in archive.outlets().values()) < len(expected)  # they fell into the crawl itself
        last = CONTEXT.Process(target=collect, args=(settings, outlets))
        last.start()
        last.join(120)
        assert last.exitcode == 0
        asked = [path for site in (a, b) for path in site.paths if "-p" in path]
    with Archive.open(settings) as archive:
        assert set(archive.outlets()) == {"a", "b"}
        versions = {each: archive.versions(each) for each in expected}
        assert {each: len(known) for each, known in versions.items()} == dict.fromkeys(expected, 1)
        assert sum(n for n, _ in archive.outlets().values()) == len(expected) == 280
        assert all(known[0].title.startswith("Extorsión en") for known in versions.values())
    # A page is fetched again only if the kill fell between its answer and its article.
    assert len(asked) <= 200 + KILLS * 2
