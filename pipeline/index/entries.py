"""The flat entries of the index, one class per kind. The whole record goes along as ``record``.

The fields are those of the templates in ``index_templates/``: a test holds the two equal. Times are milliseconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from pipeline.index.base import Kind

LONGEST_VALUE = 8000
"""Characters: Lucene holds 32,766 bytes in one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry has."""

    id: str
    revision: int | None = None
    """Of the record in the archive; ``None`` when whoever loads does not say."""
    article_id: tuple[str, ...]
    """Articles that it was read from."""
    outlet: tuple[str, ...]
    url: str | None = None
    title: str
    text: str
    """What words are looked for in: an article's text; of others the title and the words that they came from."""
    published: int | None
    starts: int | None
    """First moment at which it may have happened; of articles and claims the publication."""
    ends: int | None
    month: str | None
    """``2025-10``: month of ``starts`` in Lima."""
    recency: int
    """Order of publication, with a tie-breaker made of the id: hardly two entries share it."""
    crimes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Codes as linked."""
    place_codes: tuple[str, ...] = ()
    """Those codes with all that lie above them: district, province, region, ``PE``."""
    regions: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    location: tuple[float, float] | None = None
    """Latitude and longitude of the first place that has them."""
    gangs: tuple[str, ...] = ()
    gang_keys: tuple[str, ...] = ()
    """Folded names without article words, and ``id:…`` of those in the registry."""
    businesses: tuple[str, ...] = ()
    business_categories: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    prisons: tuple[str, ...] = ()
    prison_keys: tuple[str, ...] = ()
    amounts: tuple[float, ...] = ()
    """Bounds, in soles, of the sums that the crime was about."""
    amounts_usd: tuple[float, ...] = ()
    """The same in dollars."""
    money_roles: tuple[str, ...] = ()
    money_periods: tuple[str, ...] = ()
    record: bytes
    """The whole record, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEntry(Entry):
    """An article."""

    section: str | None
    access: str
    story: str | None
    article_kind: str
    relevant: bool
    relevance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry(Entry):
    """An event of one article."""

    modality: str
    polarity: str
    date_precision: str | None
    official_involvement: str | None
    dead: int | None
    injured: int | None
    arrested: int | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry(Entry):
    """A claim of one article. Its scope is its place, its subject its crime."""

    unit: str
    comparator: str
    quantity_min: float | None
    quantity_max: float | None
    period: str | None
    speaker: str | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEntry(Entry):
    """An incident."""

    reports: int
    """Articles that tell it."""
    score: float


ENTRIES: dict[Kind, type[Entry]] = {
    Kind.ARTICLES: ArticleEntry,
    Kind.EVENTS: EventEntry,
    Kind.CLAIMS: ClaimEntry,
    Kind.INCIDENTS: IncidentEntry,
}
_NAMES = {entry: tuple(field.name for field in fields(entry)) for entry in ENTRIES.values()}
_GET = {entry: attrgetter(*names) for entry, names in _NAMES.items()}


def values(entry: Entry) -> dict[str, Any]:
    """The fields of an entry that have a value.

    Raises:
        ValueError: a name or other single value is longer than an index can hold.
    """
    found = {}
    kind = type(entry)
    for name, value in zip(_NAMES[kind], _GET[kind](entry), strict=True):
        if value is None or value == ():
            continue
        if isinstance(value, tuple) and isinstance(value[0], str) and (longest := max(map(len, value))) > LONGEST_VALUE:
            raise ValueError(f"{name} has a value of {longest} characters; an index holds at most {LONGEST_VALUE}")
        found[name] = value
    return found
