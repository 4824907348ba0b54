"""Times as people write them: ``36h`` ago, ``2d``, ``3w``, ``6m``, ``1y``, or a date in Lima."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LIMA: Final = ZoneInfo("America/Lima")
_AGO: Final = re.compile(r"(\d{1,5})\s*([hdwmy])", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAYS: Final = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}


class NoTime(ValueError):
    """A text that is no time; the message says how one is written."""


def moment(text: str, *, now: datetime | None = None) -> datetime:
    """A moment (aware UTC): ``36h``, ``2d``, ``3w``, ``6m`` (of 30 days), ``1y`` ago, or a date in Lima.

    Raises:
        NoTime: neither.
    """
    now = now or datetime.now(UTC)
    try:
        if _AGO.fullmatch(text.strip()):
            return now - duration(text)
        parsed = datetime.fromisoformat(text.strip())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=LIMA)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoTime(f"{text!r} is no time: write 36h, 2d, 3w or a date such as 2025-01-31") from None


def duration(text: str) -> timedelta:
    """``36h``, ``2d``, ``3w`` … as a length of time.

    Raises:
        NoTime: it is none.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago is None:
        raise NoTime(f"{text!r} is no length of time: write 36h, 2d or 3w")
    return timedelta(days=int(ago[1]) * _DAYS[ago[2].lower()])


def day_or_moment(text: str, *, now: datetime | None = None) -> datetime | date:
    """A day in Lima, whole, for a date; else the moment.

    Raises:
        NoTime: neither.
    """
    if _DAY.fullmatch(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError as error:
            raise NoTime(f"{text!r} is no date: {error}") from error
    return moment(text, now=now)
