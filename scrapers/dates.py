"""Dates as outlets write them -> aware UTC. Times without a zone are Lima's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import dateparser

LIMA = ZoneInfo("America/Lima")
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Nothing was published on the web before; zero dates (1970, 0001) are placeholders."""
TOLERANCE = timedelta(days=1)
"""How far ahead of our clock a date may be: outlets' clocks and zones are not always right."""

_NEVER = re.compile(r"(?:^|\s)-0001\b")
"""The year of what PHP makes of a date of zeros."""
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_MERIDIEM = re.compile(r"\b([ap])\.?\s*m\b\.?", re.IGNORECASE)
_MONTH_DOT = re.compile(r"(?<=[a-zé]{3})\.(?=\s|$|,)", re.IGNORECASE)
_SEPTEMBER = re.compile(r"\bset(?:iembre)?\b", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:Lima|Callao|Perú|Peru|Publicado|Actualizado|Fecha|el|a las)\b:?|(?<=:\d\d)\s*(?:hrs?|horas|h)\b",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s+[-–—|·•]\s+|[|·•,]|\s{2,}")
_WITHOUT_YEAR = re.compile(r"^(?!.*\b\d{4}\b)(?!.*\d{1,2}[/-]\d{1,2}[/-]\d{2}\b).*$", re.DOTALL)
_DATE = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\b(?:ene|jan|feb|mar|abr|apr|may|jun|jul|ago|aug|set|sep|oct|nov|dic|dec|hace\b)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:hace|ago)\b", re.IGNORECASE)
_TIME = re.compile(r"\d:\d{2}|\d\s?[ap]m\b|\b(?:hace|ago)\b", re.IGNORECASE)
_LONGEST = 100


def to_utc(raw: str | None, *, now: datetime) -> datetime | None:
    """The moment that a date means, in UTC; ``None`` when it is none, lies ahead of ``now`` by over a day, or before the web.

    Understands RFC 822, ISO 8601, Unix time, and Spanish dates as the press prints them. A date without a year
    ("12:12 | Lima, feb. 15.") is the last such day before ``now``; a day without a time is its midnight in Lima.

    Args:
        raw: the date as the outlet wrote it.
        now: aware; when it was read.
    """
    text = " ".join((raw or "").split())
    if not text or len(text) > _LONGEST or _NEVER.search(text):
        return None
    try:
        moment = _iso(text) or _rfc822(text) or _epoch(text) or _spanish(text, now)
        if moment is None:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LIMA)
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if EARLIEST <= moment <= now + TOLERANCE else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    # By RFC 5322 "-0000" is UTC, of an unknown local zone.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None and text.endswith("-0000") else moment


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)


def _spanish(text: str, now: datetime) -> datetime | None:
    if not _DATE.search(text):
        return None
    plain = _MERIDIEM.sub(r"\1m", text)
    plain = _SEPTEMBER.sub("septiembre", _MONTH_DOT.sub("", plain))
    plain = " ".join(_SEPARATORS.sub(" ", _PLACE.sub(" ", plain)).rstrip(".").split())
    base = now.astimezone(LIMA).replace(tzinfo=None, microsecond=0)
    # Only a date without a year depends on the day on which it is read.
    return _parsed(plain, base.replace(second=0) if _WITHOUT_YEAR.match(plain) else None)


@lru_cache(maxsize=1024)
def _parsed(text: str, base: datetime | None) -> datetime | None:
    settings: dict[str, Any] = {"DATE_ORDER": "DMY", "PREFER_DATES_FROM": "past"}
    if not _RELATIVE.search(text):
        settings["REQUIRE_PARTS"] = ["day", "month"]
    if base is not None:
        settings["RELATIVE_BASE"] = base
    moment = dateparser.parse(text, languages=["es", "en"], settings=settings)
    if moment is None or _TIME.search(text):
        return moment
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
