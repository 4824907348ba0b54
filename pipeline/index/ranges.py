"""Ranges in the text of a query: ``amount:>1000``, ``amount:"US$ 5 mil"``, ``date:2025-10``, ``date:[2025-01 TO marzo-2025]``;
days told from today too: ``date:ayer``, ``date:7d``, ``date:"semana pasada"`` (``pipeline.index.relative``).

Errors point into the value, at the bound that is wrong.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NoReturn

from nlp.lexicon import fold_keeping_length, read_table
from nlp.numbers import find_numbers
from pipeline.index.base import QueryError
from pipeline.index.query import place_and_km
from pipeline.index.relative import last_days, told_days

Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Sums:
    """Bounds, inclusive, of sums of money; ``None`` is no bound."""

    low: float | None
    high: float | None
    currency: str = "PEN"
    """``PEN`` or ``USD``."""


@dataclass(frozen=True, slots=True)
class _Bound:
    text: str
    at: int
    """Where it stands in the value."""


@dataclass(frozen=True, slots=True)
class _Between:
    """What is written of a range."""

    low: _Bound | None
    high: _Bound | None
    sign: str = ""
    """``>`` …; then ``low`` is the bound."""


_FORMS = tuple(
    re.compile(form, re.VERBOSE | re.IGNORECASE)
    for form in (
        r"\s*(?P<sign>>=|<=|>|<)\s*(?P<low>\S.*?)\s*",
        r"\s*\[\s*(?P<low>\S.*?)\s+TO\s+(?P<high>\S.*?)\s*\]\s*",
        r"\s*(?P<low>\S.*?)?\s*\.\.\s*(?P<high>\S.*?)?\s*",
    )
)
_CONTINUES = re.compile(
    r"\d|(?:del?|a|atras|pasad[oa]|ultim[oa]|fin|esta?|dias?|semanas?|mes(?:es)?|anos?|mil|millon(?:es)?|soles?|dolares|usd|pen"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre"
    r"|octubre|noviembre|diciembre|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|km|kilometros|metros)\b"
)
"""Words by which a value may go on."""
_OPEN = "*"
_CURRENCIES = frozenset({"PEN", "USD"})
_UNIT_AFTER_DIGIT = re.compile(r"(?<=\d)(?!mil|k\b)(?=[a-z])")
_DATES = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?",
        r"(?:(?P<day>\d{1,2})[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
        r"(?:(?P<day>\d{1,2})[- ](?:de )?)?(?P<name>[a-z]+)[- ](?:del? )?(?P<year>\d{4})",
    )
)


def sums(value: str) -> Sums:
    """Bounds of sums: in soles, unless dollars are written.

    Raises:
        QueryError: it is no range of sums, or an empty one.
    """
    asked = _between(value)
    low, high = (None if bound is None else _sum(bound) for bound in (asked.low, asked.high))
    currencies = {currency for bound in (low, high) if bound for currency in [bound[1]] if currency}
    if len(currencies) > 1:
        raise QueryError("both ends of a range are of one currency")
    currency = next(iter(currencies), "PEN")
    least, most = low and low[0], high and high[0]
    if asked.sign and low:
        least, most = _compared(asked.sign, low[0])
    if least is not None and most is not None and least > most:
        raise QueryError("the smallest amount is greater than the greatest")
    return Sums(least, most, currency)


def days(value: str, today: date) -> Days:
    """First and last day, inclusive; a month or year stands for all its days, and ``7d`` for those from then until today.

    Raises:
        QueryError: it is no range of days, or an empty one.
    """
    asked = _between(value)
    if asked.sign and asked.low:
        return _beyond(asked.sign, *_span(asked.low, today))
    begin = None if asked.low is None else _span(asked.low, today)[0]
    end = None if asked.high is None else _span(asked.high, today)[1]
    if asked.low is asked.high and asked.low and last_days(fold_keeping_length(asked.low.text)):
        end = today
    if begin is not None and end is not None and begin > end:
        raise QueryError("the dates end before they begin")
    return begin, end


def words_of_value(field: str, value: str, ahead: Sequence[str]) -> int:
    """How many of the words that follow a value without quotation marks belong to it: ``date:mes pasado``, ``amount:>5 mil soles``,
    ``near:Comas 3 km``. As many as make a range of it.
    """
    if not ahead or field not in _MAKES_RANGE or not _CONTINUES.match(fold_keeping_length(ahead[0])):
        return 0
    lengths = range(min(len(ahead), _LONGEST_VALUE), 0, -1)
    return next((n for n in lengths if _MAKES_RANGE[field](value, " ".join(ahead[:n]))), 0)


def _makes_sum(value: str, further: str) -> bool:
    return _is_read(lambda: sums(f"{value} {further}"))


def _makes_date(value: str, further: str) -> bool:
    return _is_read(lambda: days(f"{value} {further}", datetime.now(UTC).date()))


def _makes_distance(value: str, further: str) -> bool:
    return _is_read(lambda: place_and_km(f"{value} {further}")) and place_and_km(f"{value} {further}")[0] == value


def _is_read(read: Callable[[], object]) -> bool:
    try:
        read()
    except QueryError:
        return False
    return True


_MAKES_RANGE: Mapping[str, Callable[[str, str], bool]] = {
    "amount": _makes_sum,
    "date": _makes_date,
    "near": _makes_distance,
}
_LONGEST_VALUE = 6
"""Words that follow and may belong to a value."""


def _between(value: str) -> _Between:
    value = value.replace('"', " ")
    for form in _FORMS:
        if (match := form.fullmatch(value)) and any(match.group(1, 2)):
            parts = match.groupdict()
            low, high = (_bound(match, name) if parts.get(name) else None for name in ("low", "high"))
            return _Between(low, high, parts.get("sign") or "")
    only = None if value.strip() == _OPEN else _Bound(value.strip(), len(value) - len(value.lstrip()))
    return _Between(only, only)


def _bound(match: re.Match[str], name: str) -> _Bound | None:
    return None if match[name] == _OPEN else _Bound(match[name], match.start(name))


def _compared(sign: str, bound: float) -> tuple[float | None, float | None]:
    match sign:
        case ">":
            return math.nextafter(bound, math.inf), None
        case ">=":
            return bound, None
        case "<":
            return None, math.nextafter(bound, -math.inf)
        case _:
            return None, bound


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


def _sum(bound: _Bound) -> tuple[float, str]:
    """A sum, and its currency, empty when none is written."""
    folded = _UNIT_AFTER_DIGIT.sub(" ", fold_keeping_length(bound.text))
    numbers = find_numbers(folded)
    if len(numbers) == 1:
        around = (folded[: numbers[0].start], folded[numbers[0].end :])
        units = [unit for part in around if (unit := part.strip().removeprefix("de ").strip())]
        currency = "" if not units else _units().get(units[0], "?")
        if len(units) <= 1 and currency in {"", *_CURRENCIES}:
            return numbers[0].value, currency
    raise QueryError(
        f'{bound.text!r} is no sum: write amount:1500, amount:>1000, amount:>=US$500, amount:"10 mil" '
        "or amount:[1000 TO 5000]",
        bound.at,
    )


def _span(bound: _Bound, today: date) -> tuple[date, date]:
    """First and last day that a bound stands for; of ``7d`` the day so long ago."""
    folded = fold_keeping_length(bound.text)
    try:
        if ago := last_days(folded):
            return today - ago, today - ago
    except OverflowError:
        raise QueryError(f"{bound.text!r} is before any day that there is", bound.at) from None
    return _written(bound, folded) or told_days(folded, today) or _no_date(bound)


def _written(bound: _Bound, folded: str) -> tuple[date, date] | None:
    match = next((match for form in _DATES if (match := form.fullmatch(folded))), None)
    month = None if match is None else _month(match)
    if match is None or month == 0:
        return None
    try:
        return _days_of(int(match["year"]), month, _number(match["day"]))
    except ValueError as error:  # calendar's own error is one too
        raise QueryError(f"{bound.text!r} is no date: {error}", bound.at) from error


def _no_date(bound: _Bound) -> NoReturn:
    raise QueryError(
        f"{bound.text!r} is no date: write date:2025, date:2025-10, date:marzo-2025, date:31/10/2025, date:ayer, date:7d, "
        'date:"semana pasada", date:>=2025-10-31 or date:[2025-01 TO 2025-03]',
        bound.at,
    )


def _days_of(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _month(match: re.Match[str]) -> int | None:
    """Number of the month; 0 for a word that is none."""
    if name := match.groupdict().get("name"):
        return _months().get(name, 0)
    return _number(match["month"])


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


@cache
def _months() -> Mapping[str, int]:
    rows = read_table("date_words.csv", frozenset({"word", "kind", "value"}))
    return {row["word"]: int(row["value"]) for row in rows if row["kind"] == "month"}


@cache
def _units() -> Mapping[str, str]:
    """Words and signs of whole units of money -> currency."""
    rows = read_table("money_units.csv", frozenset({"unit", "currency", "multiplier", "kind"}))
    return {row["unit"]: row["currency"] for row in rows if float(row["multiplier"]) == 1}
