"""The one query that commands, programs and both backends speak. No backend's own language leaks upward."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from rapidfuzz import process

from pipeline.index.base import Kind, QueryError

LIMA = ZoneInfo("America/Lima")
MAXIMUM_SIZE = 1000
DEEPEST_PAGE = 10_000
"""Hits beyond this are read with ``scan``."""

FACETS: dict[str, str] = {
    "outlet": "outlet",
    "crime": "crimes",
    "place": "places",
    "region": "regions",
    "province": "provinces",
    "district": "districts",
    "gang": "gangs",
    "business": "businesses",
    "category": "business_categories",
    "method": "methods",
    "prison": "prisons",
    "role": "money_roles",
    "period": "money_periods",
    "day": "starts",
    "week": "starts",
    "month": "month",
    "year": "month",
    "kind": "article_kind",
    "modality": "modality",
    "unit": "unit",
}
"""Facets and the field that each counts; times come in their order, a week by its Monday. ``kind`` only articles have, ``modality`` only events, ``unit`` only claims."""
OWN_FACETS = {"kind": Kind.ARTICLES, "modality": Kind.EVENTS, "unit": Kind.CLAIMS}


DEFAULT_KM = 5.0
FARTHEST_KM = 1000.0
_NUMBER = r"(?P<number>\d{1,5}(?:[.,]\d{1,3})?)"
_UNIT = r"(?P<unit>kms?|kil[oó]metros?|m|metros)"
_WITH_DISTANCE = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<place>.*\S)\s*,\s*{_NUMBER}(?:\s*{_UNIT})?",
        rf"(?P<place>.*?\S)\s+(?:a\s+)?{_NUMBER}\s*{_UNIT}",
        rf"(?:a\s+)?{_NUMBER}\s*{_UNIT}\s+de\s+(?P<place>\S.*)",
    )
)


class Sort(StrEnum):
    """Order of hits. Equal ones come newest first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked. Several values of one filter: any of them; several filters: all of them.

    Places, gangs and prisons are given by name or by code. A region or province holds its districts.
    """

    text: str = ""
    """Words that must all be there; "phrases", -without, OR, prefix*, (groups), field:value. Empty: everything."""
    kind: Kind = Kind.ARTICLES
    outlets: tuple[str, ...] = ()
    crimes: tuple[str, ...] = ()
    """Types of crime, or families of them: ``extortion`` holds ``extorsion``, ``exigencia_extorsiva`` and others."""
    places: tuple[str, ...] = ()
    near: str | None = None
    """A place: only what happened in a district whose point lies within ``km`` of it."""
    km: float = DEFAULT_KM
    gangs: tuple[str, ...] = ()
    businesses: tuple[str, ...] = ()
    """Types of business, or their categories."""
    methods: tuple[str, ...] = ()
    prisons: tuple[str, ...] = ()
    article_kinds: tuple[str, ...] = ()
    """Only for articles."""
    relevant: bool | None = None
    """Only for articles: whether they report crime in Peru."""
    since: datetime | date | None = None
    """Of articles and claims the publication, of events and incidents the time told, else the publication. A date is a day in Lima."""
    until: datetime | date | None = None
    """Inclusive."""
    min_amount: float | None = None
    """Soles; sums of money that the crime was about."""
    max_amount: float | None = None
    like: str | None = None
    """Id of an entry of this kind: only others that share many of the words that tell it apart."""
    article_ids: tuple[str, ...] = ()
    """Only what these articles say."""
    sort: Sort | None = None
    """``None``: by relevance if there is text, else newest first."""
    fresh: datetime | None = None
    """Relevance fades with age as of this moment, usually now (``pipeline.index.freshness``)."""
    today: date | None = None
    """Day in Lima from which ``date:ayer`` in the text is told; ``None``: the day on which it is asked."""
    size: int = 20
    offset: int = 0
    after: str | None = None
    """:attr:`~pipeline.index.base.SearchPage.after` of the page before: pages without end, in the order of time."""
    facets: tuple[str, ...] = ()
    """Keys of :data:`FACETS`."""
    facet_size: int = 10
    highlight: bool = True

    def __post_init__(self) -> None:
        self._check_page()
        self._check_facets()
        self._check_ranges()
        if self.kind is not Kind.ARTICLES and (self.article_kinds or self.relevant is not None):
            raise QueryError("only articles can be filtered by their kind and relevance")

    @property
    def order(self) -> Sort:
        """The order asked for, or the one that fits."""
        return self.sort or (Sort.RELEVANCE if self.text.strip() or self.like else Sort.NEWEST)

    @property
    def begins_after(self) -> int | None:
        """Recency of the last entry of the page before; see ``after``."""
        return None if self.after is None else int(self.after)

    def _check_page(self) -> None:
        if not 0 <= self.size <= MAXIMUM_SIZE:
            raise QueryError(f"size must be between 0 and {MAXIMUM_SIZE}")
        if self.offset < 0 or self.offset + self.size > DEEPEST_PAGE:
            raise QueryError(f"pages reach to hit {DEEPEST_PAGE}: narrow the search, go on by after, or export it")
        if self.after is not None:
            if not re.fullmatch(r"\d{1,19}", self.after):
                raise QueryError(f"after is what the page before gave as such, not {self.after!r}")
            if self.offset or self.order is Sort.RELEVANCE:
                raise QueryError("after goes with the order newest or oldest, and without an offset")

    def _check_facets(self) -> None:
        for name in self.facets:
            if name not in FACETS:
                near = process.extractOne(name, FACETS.keys(), score_cutoff=60)
                raise QueryError(
                    f"there is no facet {name!r}: "
                    + (f"did you mean {near[0]}?" if near else f"there are {', '.join(FACETS)}")
                )
            if OWN_FACETS.get(name, self.kind) is not self.kind:
                raise QueryError(f"only {OWN_FACETS[name]} have the facet {name!r}")
        if not 1 <= self.facet_size <= MAXIMUM_SIZE:
            raise QueryError(f"facet_size must be between 1 and {MAXIMUM_SIZE}")

    def _check_ranges(self) -> None:
        checked_km(self.km)
        first_moment(self.fresh)
        if self.fresh is not None and self.sort in {Sort.NEWEST, Sort.OLDEST}:
            raise QueryError(f"either the freshest of what is relevant, or what is {self.sort}: not both")
        for amount in (self.min_amount, self.max_amount):
            if amount is not None and (math.isnan(amount) or amount < 0):
                raise QueryError("an amount must be a number of soles, 0 or more")
        if self.min_amount is not None and self.max_amount is not None and self.min_amount > self.max_amount:
            raise QueryError("the smallest amount is greater than the greatest")
        since, until = first_moment(self.since), last_moment(self.until)
        if since and until and since > until:
            raise QueryError("the search ends before it begins: since is after until")


def place_and_km(value: str) -> tuple[str, float]:
    """``Comas, 5km``, ``Comas a 5 km``, ``5 km de Comas`` -> the place and the distance; without one :data:`DEFAULT_KM`.

    Raises:
        QueryError: the distance is too great.
    """
    match = next((match for form in _WITH_DISTANCE if (match := form.fullmatch(value.strip()))), None)
    if match is None:
        return value, DEFAULT_KM
    unit = 1000 if (match["unit"] or "").lower() in {"m", "metros"} else 1
    return match["place"], checked_km(float(match["number"].replace(",", ".")) / unit)


def checked_km(km: float) -> float:
    """The distance.

    Raises:
        QueryError: it is none, or too great.
    """
    if not 0 < km <= FARTHEST_KM:
        raise QueryError(f"a distance must be more than 0 and at most {FARTHEST_KM:.0f} km")
    return km


def first_moment(day: datetime | date | None) -> datetime | None:
    """The beginning of a day in Lima, or the moment itself.

    Raises:
        QueryError: a time without its zone.
    """
    return _moment(day, time.min)


def last_moment(day: datetime | date | None) -> datetime | None:
    """The end of a day in Lima, to the millisecond, which is what an index keeps, or the moment itself."""
    return _moment(day, time(23, 59, 59, 999000))


def _moment(day: datetime | date | None, at: time) -> datetime | None:
    if isinstance(day, datetime):
        if day.utcoffset() is None:
            raise QueryError("a time in a query needs its zone")
        return day
    return None if day is None else datetime.combine(day, at, tzinfo=LIMA)
