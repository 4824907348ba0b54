"""Collecting: how fast feeds and pages become articles, how true these are, and what a day of crawls takes.

    python -m benchmarks.crawling [--sites 40] [--articles 8000] [--runs 72]

Three tables over the local newsroom, whose eight formats are played by as many sites as asked for. Speeds are of processor time
on one core. The day is that of cron: ``vigia crawl`` as often as asked for, each time a process of its own, while the sites go on
publishing; their feeds list the newest hundred articles.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

import trafilatura
from rich.console import Console
from rich.table import Table

from scrapers.feeds import read_feed
from scrapers.items import Article, Page
from scrapers.layouts import from_feed, from_page
from scrapers.outlet import Outlet, load_outlets
from scrapers.urls import canonical_url
from tests.newsroom import formats
from tests.newsroom.content import SITES, Story, annotated
from tests.newsroom.server import ENTRY_POINTS, Newsroom, Site

VIGIA = str(Path(sys.executable).with_name("vigia"))
WHOLE_FEEDS = ("elcomercio", "larepublica", "diariodechimbote")
"""Formats whose feeds carry the body."""
LISTED = 100
BEGIN = datetime(2025, 10, 14, 5, tzinfo=UTC)
"""Midnight in Lima."""
BASE = "http://127.0.0.1:8000"
_PROMOTION = re.compile(r"(?:LEE TAMBIÉN|TE PUEDE INTERESAR|Mira también):")
"""How the paragraphs begin that the stories themselves hold and that are no part of them."""
_WITHOUT_BYLINE = ("andina", "diariodechimbote", "gobpe")
"""Formats whose pages print neither author nor section."""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--articles", type=int, default=8_000, help="of all sites, in the day")
    parser.add_argument("--runs", type=int, default=72, help="crawls in the day; 0 leaves the day out")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each speed, at least")
    arguments = parser.parse_args()
    console = Console(width=140)
    console.print(speeds(arguments.seconds))
    console.print(truth())
    if arguments.runs:
        console.print(a_day(arguments.sites, arguments.articles, arguments.runs))


# --- speed


def speeds(seconds: float) -> Table:
    """Feed items and pages to articles, against trafilatura over the pages of the same articles."""
    table = Table(title="articles per second and core")
    for column in ("format", "from the feed", "from the page", "trafilatura, same pages", "feed ÷ trafilatura"):
        table.add_column(column, justify="left" if column == "format" else "right")
    for name, outlet in _outlets().items():
        own = list(islice(_stories(name, name), 60))
        pages = [_page(story, outlet) for story in own]
        work: dict[str, Callable[[], Sequence[object]]] = {
            "page": partial(_each, partial(_read, outlet), pages),
            "trafilatura": partial(_each, _trafilatura, pages),
        }
        if name in WHOLE_FEEDS:
            work["feed"] = partial(_articles, _feed(name, own), outlet)
        rates = _rates(work, seconds)
        ratio = f"{rates['feed'] / rates['trafilatura']:.1f}" if "feed" in rates else "-"
        table.add_row(
            name, *(f"{rates[of]:,.0f}" if of in rates else "-" for of in ("feed", "page", "trafilatura")), ratio
        )
    return table


def _articles(feed: Page, outlet: Outlet) -> list[Article]:
    found = [from_feed(candidate, outlet, feed.fetched) for candidate in read_feed(feed)]
    return [article for article in found if article is not None]


def _each(read: Callable[[Page], object], pages: Sequence[Page]) -> list[object]:
    return [read(page) for page in pages]


def _read(outlet: Outlet, page: Page) -> Article:
    return from_page(page, outlet)


def _trafilatura(page: Page) -> object:
    return trafilatura.bare_extraction(
        page.body, url=page.url, include_comments=False, include_tables=False, with_metadata=True
    )


def _rates(work: Mapping[str, Callable[[], Sequence[object]]], seconds: float) -> dict[str, float]:
    """Articles per second of each kind of work, done in turns: what else the machine does then weighs on all alike."""
    done, took = Counter[str](), Counter[str]()
    for job in work.values():
        job()  # what is loaded once is not measured
    while min(took[name] for name in work) < seconds * 1e9:
        for name, job in work.items():
            begun = time.process_time_ns()
            done[name] += len(job())
            took[name] += time.process_time_ns() - begun
    return {name: 1e9 * done[name] / took[name] for name in work}


# --- truth


@dataclass
class _Truth:
    """Sums over the articles of a format."""

    words: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    articles: int = 0

    def add(self, article: Article, story: Story) -> None:
        """Compare an article with the story that was printed."""
        printed = [" ".join(text.split()) for text in story.visible if not _PROMOTION.match(text)]
        found, wanted = Counter(article.body.split()), Counter(" ".join(printed).split())
        self.words["common"] += (found & wanted).total()
        self.words["found"] += found.total()
        self.words["wanted"] += wanted.total()
        self.articles += 1
        paragraphs = article.body.split("\n\n")
        self.right["paragraphs"] += paragraphs == printed
        self.right["title"] += article.title == story.title
        self.right["authors"] += article.authors == (story.author,)
        self.right["section"] += (article.section or "").casefold() == story.section.casefold()
        self.right["published"] += article.published == story.published.replace(microsecond=0)

    def row(self, *, byline: bool) -> Iterator[str]:
        """Cells: words, then shares; of author and section only where they are printed."""
        yield str(self.articles)
        yield f"{2 * self.words['common'] / (self.words['found'] + self.words['wanted']):.4f}"
        for name in ("paragraphs", "title", "published"):
            yield f"{self.right[name] / self.articles:.3f}"
        for name in ("authors", "section"):
            yield f"{self.right[name] / self.articles:.3f}" if byline else "-"


def truth() -> Table:
    """What is read, against what was printed."""
    table = Table(title="what is read, against what was printed: F1 of words; shares of articles")
    for column in ("format", "articles", "words", "same paragraphs", "title", "published", "authors", "section"):
        table.add_column(column, justify="left" if column == "format" else "right")
    for name, outlet in _outlets().items():
        own = list(islice(_stories(name, name), len(annotated())))
        if name in WHOLE_FEEDS:
            by_url = {canonical_url(BASE + formats.PAGES[name][0](story), outlet): story for story in own}
            of_feed = _score((article, by_url[article.url]) for article in _articles(_feed(name, own), outlet))
            table.add_row(f"{name}, feed", *of_feed.row(byline=True))
        of_pages = _score((from_page(_page(story, outlet), outlet), story) for story in own)
        table.add_row(f"{name}, page", *of_pages.row(byline=name not in _WITHOUT_BYLINE))
    return table


def _score(pairs: Iterable[tuple[Article, Story]]) -> _Truth:
    score = _Truth()
    for article, story in pairs:
        score.add(article, story)
    return score


# --- a day


@dataclass
class _Crawl:
    """One ``vigia crawl``."""

    seconds: float
    """Of the processor."""
    megabytes: float
    """At most."""
    requests: Counter[tuple[bool, str]]
    """By whether the site's feed carries the bodies, and what was asked for."""


def a_day(sites: int, articles: int, runs: int) -> Table:
    """Crawl a day of the newsroom."""
    named = {f"{SITES[n % len(SITES)]}_{n // len(SITES) + 1}": SITES[n % len(SITES)] for n in range(sites)}
    days = {
        name: list(islice(_stories(name, format_), n * articles // sites, (n + 1) * articles // sites))
        for n, (name, format_) in enumerate(named.items())
    }
    with tempfile.TemporaryDirectory() as folder, Newsroom(sites=named) as newsroom:
        environment = _environment(Path(folder), newsroom)
        crawls = []
        for run in range(1, runs + 1):
            for name, site in newsroom.sites.items():
                site.air(days[name][: len(days[name]) * run // runs], LISTED)
            crawls.append(_crawl(environment, newsroom.sites.values()))
            print(f"crawl {run} of {runs}: {crawls[-1].megabytes:.0f} MB, {crawls[-1].seconds:.0f} s", file=sys.stderr)
        kept = _kept(Path(folder) / "vigia.db")
    of_feeds = sum(len(own) for name, own in days.items() if named[name] in WHOLE_FEEDS)
    return _told(crawls, kept, of_feeds)


def _crawl(environment: dict[str, str], sites: Iterable[Site]) -> _Crawl:
    command = [VIGIA, "--log-level", "error", "crawl"]
    devnull = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(VIGIA, command, environment, file_actions=devnull)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, f"vigia crawl ended with {os.waitstatus_to_exitcode(status)}"
    requests: Counter[tuple[bool, str]] = Counter()
    for site in sites:
        names = {"/robots.txt": "robots.txt", ENTRY_POINTS[site.format][1]: "entry points"}
        requests.update((site.format in WHOLE_FEEDS, names.get(unquote(path), "pages")) for path, _ in site.requests)
        site.requests.clear()
    return _Crawl(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, requests)


def _kept(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        return int(connection.execute("select count(*) from articles").fetchone()[0])


def _told(crawls: Sequence[_Crawl], kept: int, of_feeds: int) -> Table:
    """``of_feeds``: articles of the sites whose feeds carry the bodies."""
    requests: Counter[tuple[bool, str]] = sum((crawl.requests for crawl in crawls), Counter())
    asked: Counter[str] = Counter()
    for (_, what), count in requests.items():
        asked[what] += count
    whole = sum(count for (carried, _), count in requests.items() if carried)
    peaks = [crawl.megabytes for crawl in crawls]
    later = [crawl.seconds for crawl in crawls[len(crawls) // 2 :]]
    table = Table("", "", title=f"a day in {len(crawls)} crawls, {kept:,} articles kept", show_header=False)
    table.add_row("peak memory, MB: first, last, most", f"{peaks[0]:.0f}, {peaks[-1]:.0f}, {max(peaks):.0f}")
    table.add_row("seconds of processor, whole day", f"{sum(crawl.seconds for crawl in crawls):.0f}")
    table.add_row("of a crawl in the second half of the day", f"{sum(later) / len(later):.1f}")
    table.add_row("requests", ", ".join(f"{count:,} {what}" for what, count in sorted(asked.items())))
    table.add_row("requests per new article", f"{asked.total() / kept:.2f}")
    table.add_row("where feeds carry the body", f"{whole / of_feeds:.2f}")
    return table


def _environment(folder: Path, newsroom: Newsroom) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("VIGIA_")}
    return own | {
        "VIGIA_HOME": str(folder),
        "VIGIA_OUTLETS_DIR": str(newsroom.write_outlets(folder / "outlets")),
        "VIGIA_ALLOW_PRIVATE_ADDRESSES": "1",
        "VIGIA_CRAWL_DELAY": "0",
        "VIGIA_REQUESTS_PER_HOUR": "0",
        "VIGIA_CONTACT": "benchmark@example.org",
    }


# --- what is printed


def _stories(site: str, format_: str) -> Iterator[Story]:
    """Stories without end, no two alike: the annotated articles again and again, each time with a number and another order."""
    number = 0
    while True:
        article = annotated()[number % len(annotated())]
        paragraphs = [part.strip() for part in article["body"].splitlines() if part.strip()]
        turn = number // len(annotated()) % len(paragraphs)
        yield Story(
            key=f"{site}-{number}",
            number=1_700_001 + number,
            site=format_,
            title=f"Caso {number}: {article['title']}",
            paragraphs=(
                *paragraphs[turn:],
                *paragraphs[:turn],
                f"El caso lleva el número {number} del archivo que la redacción de {site} ordena para esta prueba.",
            ),
            published=BEGIN + timedelta(seconds=number * 7),
        )
        number += 1


def _outlets() -> dict[str, Outlet]:
    """The shipped outlets whose formats the newsroom has, moved to one address."""
    host = BASE.partition("://")[2]
    pattern = host.replace(".", "[.]")
    return {
        name: replace(outlet, domain=host, hosts=(), article_url=f"^http://{pattern}{formats.ADDRESS_PATTERNS[name]}$")
        for name, outlet in load_outlets().items()
        if name in SITES
    }


def _page(story: Story, outlet: Outlet) -> Page:
    path_of, page_of = formats.PAGES[outlet.id]
    return _answer(BASE + path_of(story), "text/html; charset=utf-8", page_of(story, BASE))


def _feed(name: str, own: Sequence[Story]) -> Page:
    site = Site(name, BASE)
    site.air(own)
    entry = ENTRY_POINTS[name][1]
    return _answer(BASE + entry, "application/rss+xml; charset=utf-8", site.resources[entry].body.decode())


def _answer(url: str, kind: str, text: str) -> Page:
    return Page(
        url=url, status=200, headers={"content-type": kind}, body=text.encode(), fetched=BEGIN + timedelta(days=9)
    )


if __name__ == "__main__":
    main()
