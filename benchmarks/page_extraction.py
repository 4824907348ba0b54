"""How well the text of real pages is found, and how fast, against plain trafilatura.

    python benchmarks/page_extraction.py FOLDER [--misses]

FOLDER holds pages and an ``index.json``: rows with ``file``, ``url``, strings that a body must hold (``gold_with``) and must not hold
(``gold_without``), ``title``, ``date``; or ``gold``, a file with whole bodies as fundus keeps them. The pages are not part of this repository.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import etree, html
from rich.console import Console
from rich.table import Table

from scrapers.dates import LIMA
from scrapers.items import Article, Page
from scrapers.layouts import PageError, from_page
from scrapers.markup import elements, parse_html, select, text_of
from scrapers.outlet import Outlet, OutletKind, load_outlets

_PROSE = 150
"""Characters of a paragraph that is no caption."""


@dataclass
class Score:
    """Sums over the pages of one extractor."""

    seconds: float = 0.0
    held: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    recall: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool, miss: str) -> None:
        self.asked[name] += 1
        self.held[name] += right
        if not right:
            self.misses.append(f"{name}: {miss}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what was not right")
    arguments = parser.parse_args()
    rows = json.loads((arguments.folder / "index.json").read_text(encoding="utf-8"))
    scores = {"vigia": Score(), "trafilatura": Score()}
    for row in rows:
        markup = (arguments.folder / row["file"]).read_bytes()
        for name, extract in (("vigia", _vigia), ("trafilatura", _trafilatura)):
            _score(scores[name], row, extract, markup, arguments.folder)
    _print(scores, len(rows), arguments.misses)


def _score(
    score: Score,
    row: dict[str, Any],
    extract: Callable[[bytes, str], tuple[str, str, str, str]],
    markup: bytes,
    folder: Path,
) -> None:
    started = time.perf_counter()
    url = row.get("url") or ""
    body, title, day, how = extract(markup, url if url.startswith("http") else _address(markup))
    score.seconds += time.perf_counter() - started
    squeezed = " ".join(body.split())
    where = f"{row['file']} [{how}]"
    posts = " ".join(text_of(post) for post in select(_tree(markup), "blockquote.twitter-tweet"))
    head = " ".join(re.findall(r'<meta[^>]{0,40}description"[^>]*>', markup.decode("utf-8", "replace")))
    for text in row.get("gold_with") or ():
        # The deck under the headline is no part of the body: feeds do not print it. Posts of social networks are none either.
        part = "must hold" if text not in head and text not in posts else "must hold: deck, post"
        score.count(part, " ".join(text.split()) in squeezed, f"{where}: {text[:80]}")
    prose = _prose(markup)
    for text in row.get("gold_without") or ():
        # A caption's or a tag's words that a paragraph has too say nothing of where the text came from.
        part = "must not hold" if not any(text in each for each in prose) else "must not hold: in prose"
        score.count(part, " ".join(text.split()) not in squeezed, f"{where}: {text[:80]}")
    if row.get("title"):
        score.count("title", _plain(title) == _plain(row["title"]), f"{where}: {title!r} for {row['title']!r}")
    if row.get("date"):
        score.count("date", day == row["date"], f"{where}: {day} for {row['date']}")
    if row.get("gold"):
        gold = _gold_body(folder, row)
        if gold:
            precision, recall = _words(body, gold)
            score.precision.append(precision)
            score.recall.append(recall)
            if min(precision, recall) < 0.95:
                score.misses.append(f"words: {where}: precision {precision:.3f} recall {recall:.3f}")


def _vigia(markup: bytes, url: str) -> tuple[str, str, str, str]:
    page = Page(url=url, status=200, headers={"content-type": "text/html"}, body=markup, fetched=datetime.now(UTC))
    try:
        article = from_page(page, _outlet(url))
    except PageError as error:
        return "", "", "", str(error)
    return article.body, article.title, _day(article), article.body_source.value


def _day(article: Article) -> str:
    """The day as the outlet's own clock says it; Lima's when it gives its dates in another form."""
    raw = article.published_raw or ""
    if article.published and re.match(r"\d{4}-\d{2}-\d{2}", raw):
        return raw[:10]
    return article.published.astimezone(LIMA).date().isoformat() if article.published else ""


def _trafilatura(markup: bytes, url: str) -> tuple[str, str, str, str]:
    document = trafilatura.bare_extraction(
        markup, url=url, include_comments=False, include_tables=False, with_metadata=True
    )
    if document is None or isinstance(document, dict):
        return "", "", "", "nothing"
    return document.text or "", document.title or "", document.date or "", "trafilatura"


_OUTLETS = {outlet.domain.removeprefix("www."): outlet for outlet in load_outlets().values()}


def _outlet(url: str) -> Outlet:
    host = (urlsplit(url).hostname or "example.org").removeprefix("www.")
    known = _OUTLETS.get(host)
    return known or Outlet(id="page", name=host, domain=host, kind=OutletKind.NATIONAL, confidence="low")


def _address(markup: bytes) -> str:
    found = re.search(rb'rel="?canonical"? href="?([^"> ]+)|property="og:url"\s+content="([^"]+)', markup)
    return (found[1] or found[2]).decode() if found else "https://example.org/a"


def _gold_body(folder: Path, row: dict[str, Any]) -> str:
    """The body that fundus' test case of the page's version gives."""
    versions = json.loads((folder / row["gold"]).read_text(encoding="utf-8"))
    keys = list(versions)
    pages = sorted(path.name for path in (folder / row["file"]).parent.glob("fundus_*.html"))
    version = versions[keys[pages.index(Path(row["file"]).name)]] if len(keys) == len(pages) else versions[keys[-1]]
    sections = {key: value for key, value in version.get("body", {}).items() if key != "summary"}  # the deck
    return "\n".join(_strings(sections))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(each)


def _tree(markup: bytes) -> etree._Element:
    root = parse_html(markup.decode("utf-8", "replace"))
    return root if root is not None else html.Element("html")


def _prose(markup: bytes) -> list[str]:
    """Paragraphs of running text, those below pictures left out."""
    paragraphs = elements(
        _tree(markup), "//p[not(ancestor::figure or ancestor::aside or ancestor::footer or ancestor::a)]"
    )
    return [text for each in paragraphs if len(text := " ".join(text_of(each).split())) >= _PROSE]


def _words(body: str, gold: str) -> tuple[float, float]:
    found, wanted = Counter(body.split()), Counter(gold.split())
    common = sum((found & wanted).values())
    return common / max(1, found.total()), common / max(1, wanted.total())


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _print(scores: dict[str, Score], pages: int, misses: bool) -> None:
    console = Console(width=160)
    table = Table("", *scores, title=f"{pages} pages")
    for name in ("must hold", "must hold: deck, post", "must not hold", "must not hold: in prose", "title", "date"):
        table.add_row(
            name,
            *(f"{s.held[name]}/{s.asked[name]} {s.held[name] / max(1, s.asked[name]):.3f}" for s in scores.values()),
        )
    for name in ("precision", "recall"):
        table.add_row(f"words: {name}", *(_mean(getattr(score, name)) for score in scores.values()))
    table.add_row("ms per page", *(f"{1000 * score.seconds / pages:.1f}" for score in scores.values()))
    console.print(table)
    if misses:
        for line in scores["vigia"].misses:
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.3f} ({len(values)})" if values else "-"


if __name__ == "__main__":
    main()
