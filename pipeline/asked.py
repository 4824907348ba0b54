"""A search as a person asks it, filters and all: what commands take, and what a saved search keeps.

Names of places, gangs and crimes stay as they were written, and times such as ``30d`` and ``date:ayer`` too: they are settled when it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, with_config

from pipeline.index import Kind, Query, QueryError
from pipeline.index.query import DEFAULT_KM
from pipeline.moments import LIMA, NoTime, day_or_moment


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Words and filters. The fields are those of :class:`pipeline.index.Query`, and mean the same."""

    text: str = ""
    crimes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    near: str | None = None
    km: float = DEFAULT_KM
    gangs: tuple[str, ...] = ()
    businesses: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    prisons: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    article_kinds: tuple[str, ...] = ()
    relevant: bool | None = None
    since: str | None = None
    """``30d``, ``12h``, ``2w`` before it is asked, or a date in Lima."""
    until: str | None = None
    """The same; a date is included."""
    min_amount: float | None = None
    max_amount: float | None = None

    def query(self, kind: Kind, *, now: datetime | None = None, **more: Any) -> Query:
        """The query for records of one kind; ``more`` are fields of it that are no filters: ``size``, ``facets`` …

        Raises:
            QueryError: it cannot be answered as it is written.
        """
        filters: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        for name in ("since", "until"):
            filters[name] = _moment(filters[name], now)
        return Query(kind=kind, today=now and now.astimezone(LIMA).date(), **filters, **more)


def _moment(text: str | None, now: datetime | None) -> datetime | date | None:
    if text is None:
        return None
    try:
        return day_or_moment(text, now=now)
    except NoTime as error:
        raise QueryError(str(error)) from error
