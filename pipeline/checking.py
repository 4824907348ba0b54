"""Live looks at outlets, for ``vigia outlets check`` and ``vigia canary``: what they answer now, judged against their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pipeline.settings import Settings
from pipeline.stop import kept_signals

if TYPE_CHECKING:
    from scrapers.check import EntrySeen, OutletSeen, PageSeen
    from scrapers.outlet import Outlet

CANARY_SECONDS: Final = 900.0
"""For all outlets together: sites answer side by side, and a slow one must not hold up the day."""


class Song(StrEnum):
    """What became of an outlet's canary."""

    OK = "ok"
    """An article came through whole."""
    FAILED = "failed"
    UNPROVEN = "unproven"
    """Nothing came, from an outlet of which no entry point was ever seen to answer."""
    NOT_ASKED = "not_asked"
    """The time was up, or it may not be asked now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """One article of an outlet, followed from its entry point to its text."""

    outlet: str
    song: Song
    url: str | None = None
    """Of the article."""
    title: str | None = None
    published: datetime | None = None
    characters: int = 0
    """Of its body."""
    source: str | None = None
    """Where the text was read from."""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """An outlet beside its file."""

    outlet: str
    entries: tuple[dict[str, Any], ...]
    pages: tuple[dict[str, Any], ...]
    announced: tuple[str, ...]
    advice: tuple[dict[str, str], ...]
    """``key`` of the file, ``change`` to make, and ``why``."""
    complete: bool
    """Whether it could be asked to the end."""


def check_outlets(settings: Settings, outlets: Sequence[Outlet], *, now: datetime | None = None) -> list[Checkup]:
    """Ask each entry point of outlets once, and one article's page. Works once in a process."""
    from scrapers.advice import advice

    seen = _ask(settings, outlets, one=False, seconds=None)
    return [
        Checkup(
            outlet=each.outlet.id,
            entries=tuple(map(_entry, each.entries)),
            pages=tuple(map(_page, each.pages)),
            announced=each.announced,
            advice=tuple(map(asdict, advice(each, now=now or datetime.now(UTC)))),
            complete=not each.postponed,
        )
        for each in seen
    ]


def sing(settings: Settings, outlets: Sequence[Outlet], *, seconds: float | None = CANARY_SECONDS) -> list[Canary]:
    """Follow one article of each outlet. Works once in a process."""
    seen = {each.outlet.id: each for each in _ask(settings, outlets, one=True, seconds=seconds)}
    return [_canary(outlet, seen.get(outlet.id)) for outlet in outlets]


def _ask(settings: Settings, outlets: Sequence[Outlet], *, one: bool, seconds: float | None) -> list[OutletSeen]:
    from scrapers.crawl import CrawlOptions, check

    options = CrawlOptions(
        contact=settings.crawl.contact,
        allow_private_addresses=settings.crawl.allow_private_addresses,
        max_seconds=seconds,
        log_level=settings.log_level,
        delay=settings.crawl.delay,
        requests_per_hour=settings.crawl.requests_per_hour,
        rest=settings.crawl.rest,
    )
    with kept_signals():
        return check(outlets, options, one=one)


def _canary(outlet: Outlet, seen: OutletSeen | None) -> Canary:
    from scrapers.advice import faults

    if seen is None:
        return Canary(outlet=outlet.id, song=Song.NOT_ASKED, faults=("the time was up",))
    found, page = faults(seen), seen.page
    article = (page.article or page.fed) if page is not None else None
    song = Song.FAILED if found else Song.OK
    if found and seen.postponed:
        song = Song.NOT_ASKED
    elif found and outlet.guess_only and article is None:
        song = Song.UNPROVEN
    if article is None:
        return Canary(outlet=outlet.id, song=song, url=page.url if page else None, faults=found)
    return Canary(
        outlet=outlet.id,
        song=song,
        url=article.url,
        title=article.title,
        published=article.published,
        characters=len(article.body),
        source=article.body_source.value,
        faults=found,
    )


def _entry(seen: EntrySeen) -> dict[str, Any]:
    """An answer as JSON has it."""
    return {
        "kind": seen.entry.kind.value,
        "url": seen.entry.url,
        "guess": seen.entry.guess,
        "outcome": seen.outcome.value,
        "status": seen.status,
        "detail": seen.detail,
        "answered": seen.answered,
        "listed": seen.listed,
        "articles": seen.articles,
        "whole": seen.whole,
        "newest": seen.newest.isoformat() if seen.newest else None,
        "oldest": seen.oldest.isoformat() if seen.oldest else None,
    }


def _page(seen: PageSeen) -> dict[str, Any]:
    article = seen.article
    return {
        "url": seen.url,
        "outcome": "read" if article else seen.outcome.value,
        "detail": seen.detail,
        "title": article.title if article else None,
        "published": article.published.isoformat() if article and article.published else None,
        "authors": list(article.authors) if article else [],
        "section": article.section if article else None,
        "characters": len(article.body) if article else 0,
        "source": article.body_source.value if article else None,
        "access": article.access.value if article else None,
        "missing": list(seen.missing),
    }
