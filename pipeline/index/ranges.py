"""Ranges in the text of a query: ``amount:>1000``, ``amount:[1000 TO 5000]``, ``date:2025-10``, ``date:>=2025-03-15``."""

from __future__ import annotations

import calendar
import math
import re
from datetime import date, timedelta

from pipeline.index.base import QueryError

Amounts = tuple[float | None, float | None]
Days = tuple[date | None, date | None]

_BETWEEN = re.compile(r"\[\s*(?P<low>\S+)\s+TO\s+(?P<high>\S+)\s*\]", re.IGNORECASE)
_COMPARED = re.compile(r"(?P<sign>>=|<=|>|<)\s*(?P<bound>\S+)")
_OPEN = "*"
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,15}(?:\.\d{1,2})?")
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


def amounts(value: str) -> Amounts:
    """Bounds, inclusive, of sums in soles.

    Raises:
        QueryError: it is no range of sums, or an empty one.
    """
    value = value.strip()
    if match := _COMPARED.fullmatch(value):
        bound = _number(match["bound"])
        low_high: dict[str, Amounts] = {
            ">": (math.nextafter(bound, math.inf), None),
            ">=": (bound, None),
            "<": (None, math.nextafter(bound, -math.inf)),
            "<=": (None, bound),
        }
        return low_high[match["sign"]]
    if match := _BETWEEN.fullmatch(value):
        low, high = (None if text == _OPEN else _number(text) for text in (match["low"], match["high"]))
        if low is not None and high is not None and low > high:
            raise QueryError("the smallest amount is greater than the greatest")
        return low, high
    exact = _number(value)
    return exact, exact


def days(value: str) -> Days:
    """First and last day, inclusive; a month or year stands for all its days.

    Raises:
        QueryError: it is no range of days, or an empty one.
    """
    value = value.strip()
    if match := _COMPARED.fullmatch(value):
        first, last = _span(match["bound"])
        return _beyond(match["sign"], first, last)
    if match := _BETWEEN.fullmatch(value):
        begin = None if match["low"] == _OPEN else _span(match["low"])[0]
        end = None if match["high"] == _OPEN else _span(match["high"])[1]
        if begin is not None and end is not None and begin > end:
            raise QueryError("the dates end before they begin")
        return begin, end
    return _span(value)


def _beyond(sign: str, first: date, last: date) -> Days:
    day = timedelta(days=1)
    try:
        match sign:
            case ">":
                return last + day, None
            case ">=":
                return first, None
            case "<":
                return None, first - day
            case _:
                return None, last
    except OverflowError:
        raise QueryError("there is no day beyond this date") from None


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise QueryError(
            f"{text!r} is no sum: write amount:1500, amount:>1000, amount:<=1,000.50 or amount:[1000 TO 5000]"
        )
    return float(text.replace(",", ""))


def _span(text: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise QueryError(
            f"{text!r} is no date: write date:2025, date:2025-10, date:>=2025-10-31 or date:[2025-01 TO 2025-03]"
        )
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError as error:  # calendar's own error is one too
        raise QueryError(f"{text!r} is no date: {error}") from error
