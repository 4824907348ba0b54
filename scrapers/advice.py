"""What an outlet answers, compared with what its file says. Pure.

:func:`advice` is for people who look after the files: what to change in them. :func:`faults` is the daily question: does one
article still come through whole?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scrapers.check import EntrySeen, OutletSeen, PageSeen
from scrapers.dates import LIMA
from scrapers.items import Article, BodySource, Outcome
from scrapers.outlet import EntryKind, Outlet

MOSTLY: Final = 0.5
"""Part of what an entry point lists that must have the form of an article."""
ALIKE: Final = 0.6
"""Part of the words of a feed's text that the page's must hold, and the other way round."""
OLD: Final = timedelta(days=14)
"""An entry point whose newest article is older is asleep."""
SHORT: Final = 200
"""Characters below which a text is hardly an article."""
_ENOUGH: Final = 5
"""Articles from which a rhythm can be told."""
_LATER: Final = "try again later, and from another network, before changing anything"
_REMEDIES: Final = {
    Outcome.NETWORK_ERROR: _LATER,
    Outcome.BLOCKED: _LATER,
    Outcome.FORBIDDEN_BY_ROBOTS: "take it out: it is not collected",
    Outcome.FEED_EMPTY: "nothing, if it is new; look again tomorrow",
}
"""What to do about an entry point, whatever it lists."""
_FORMS: Final = frozenset({EntryKind.FEED, EntryKind.NEWS_SITEMAP, EntryKind.WP_JSON, EntryKind.GOBPE_API})
"""Kinds of entry points that list articles and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to change in an outlet's file, or to look at."""

    key: str
    """Of the file."""
    change: str
    """What to write."""
    why: str


def advice(seen: OutletSeen, *, now: datetime) -> tuple[Advice, ...]:
    """What to change in the file of an outlet; nothing when it agrees with what was seen."""
    found = [one for entry in seen.entries for one in _of_entry(entry, now)]
    if any(not entry.good for entry in seen.entries):
        found += [
            Advice(key="entry_points", change=f"try {url}", why="the site itself names it") for url in seen.announced
        ]
    found += _of_addresses(seen)
    found += _of_pace(seen)
    if seen.page is not None:
        found += _of_page(seen.outlet, seen.page)
    return tuple(found)


def faults(seen: OutletSeen) -> tuple[str, ...]:
    """Why no article of an outlet comes through whole; nothing when one does."""
    if seen.postponed:
        return ("not asked to the end: night rest, or the budget of the hour",)
    page = seen.page
    if page is None:
        return tuple(f"{entry.entry.url}: {_told(entry)}" for entry in seen.entries) or ("no entry point",)
    article = page.article or page.fed
    if article is None:
        return (f"{page.url}: {page.outcome.replace('_', ' ')}: {page.detail}",)
    return tuple(f"{page.url}: {fault}" for fault in (*_thin(article), *_apart(page)))


# --- entry points


def _of_entry(seen: EntrySeen, now: datetime) -> Iterator[Advice]:
    url, day = seen.entry.url, now.astimezone(LIMA).date()
    if seen.answered is not None:
        yield Advice(key=f"entry_points: {url}", change=f"url: {seen.answered}", why="that is where it answers now")
    if not seen.good:
        yield Advice(key=f"entry_points: {url}", change=_remedy(seen), why=_told(seen))
        return
    if seen.entry.guess:
        note = f"note: checked {day}: {seen.articles} articles, {seen.whole} with their whole text"
        yield Advice(key=f"entry_points: {url}", change="status: checked", why=note)
    if seen.newest is not None and now - seen.newest > OLD:
        asleep = f"its newest article is of {seen.newest.astimezone(LIMA).date()}"
        yield Advice(key=f"entry_points: {url}", change="take it out, or find out where it went", why=asleep)


def _remedy(seen: EntrySeen) -> str:
    if seen.outcome in _REMEDIES:
        return _REMEDIES[seen.outcome]
    if seen.listed and seen.elsewhere:
        return f"domain or hosts: it lists {', '.join(seen.elsewhere)}"
    if seen.listed:
        return f"article_url: it must match {', '.join(seen.strangers)}"
    if seen.outcome is Outcome.BROKEN and seen.entry.kind is EntryKind.LISTING:
        return "look at the page, then mend article_url, or write its new address"
    return "take it out, or write its new address"


def _told(seen: EntrySeen) -> str:
    if seen.listed:
        return f"lists {seen.listed} addresses, none of which has the form of an article"
    status = f" {seen.status}" if seen.status and seen.outcome is not Outcome.FEED_EMPTY else ""
    return f"{seen.outcome.replace('_', ' ')}{status}" + (f": {seen.detail}" if seen.detail else "")


def _of_addresses(seen: OutletSeen) -> Iterator[Advice]:
    counted = [each for each in seen.entries if each.good and each.entry.kind in _FORMS]
    for entry in counted:
        if entry.articles < MOSTLY * (entry.listed - len(entry.elsewhere)):
            examples = ", ".join(entry.strangers)
            why = f"{entry.entry.url} lists {entry.listed} addresses, {entry.articles} of the form of an article"
            yield Advice(key="article_url", change=f"match these too, if they are articles: {examples}", why=why)
    if counted and seen.outlet.article_url_status == "guess":
        why = f"it matches {sum(each.articles for each in counted)} addresses that are listed"
        yield Advice(key="article_url_status", change="checked", why=why)


def _of_pace(seen: OutletSeen) -> Iterator[Advice]:
    """A feed that holds less than the time between two looks at it loses articles."""
    feeds = [each for each in seen.entries if each.entry.kind is EntryKind.FEED and each.articles >= _ENOUGH]
    spans = [each.newest - each.oldest for each in feeds if each.newest is not None and each.oldest is not None]
    widest = max(spans, default=timedelta())
    minutes = int(widest.total_seconds() // 60)
    if minutes and minutes < 2 * seen.outlet.poll_minutes:
        shorter = max(5, minutes // 2)
        if shorter < seen.outlet.poll_minutes:
            yield Advice(
                key="poll_minutes", change=str(shorter), why=f"its feeds hold the articles of {minutes} minutes only"
            )


# --- pages


def _of_page(outlet: Outlet, page: PageSeen) -> Iterator[Advice]:
    if page.article is None:
        change = (
            "remove, selectors or layout, if the page shows a text" if page.outcome is Outcome.NO_TEXT else "see why"
        )
        yield Advice(key="selectors", change=change, why=f"{page.url}: {page.outcome.replace('_', ' ')}: {page.detail}")
        return
    for missing in page.missing:
        yield Advice(key="selectors", change=f"mend {missing}", why=f"it finds nothing in {page.url}")
    if page.layout is not None and page.layout != outlet.layout and outlet.layout == "generic":
        yield Advice(key="layout", change=page.layout, why=f"{page.url} is built that way")
    if page.article.body_source is BodySource.TRAFILATURA:
        why = f"in {page.url} the text was found by guesswork (trafilatura)"
        yield Advice(key="selectors", change="body: the element that holds the text", why=why)
    for fault in (*_thin(page.article), *_apart(page)):
        yield Advice(key="selectors", change="look at the page", why=f"{page.url}: {fault}")


def _thin(article: Article) -> Iterator[str]:
    if article.published is None:
        yield f"no usable date (as written: {article.published_raw!r})"
    if len(article.body) < SHORT:
        yield f"a text of {len(article.body)} characters"


def _apart(page: PageSeen) -> Iterator[str]:
    """Whether the page gives another text than the feed."""
    if page.article is None or page.fed is None or page.article.body_source is BodySource.FEED:
        return
    here, there = Counter(page.article.body.split()), Counter(page.fed.body.split())
    common = (here & there).total()
    if common < ALIKE * min(here.total(), there.total()):
        yield f"the page and the feed give different texts ({here.total()} and {there.total()} words, {common} in common)"
    elif here.total() < ALIKE * there.total() and page.article.access.value == "free":
        yield f"the page gives {here.total()} words of the feed's {there.total()}"
