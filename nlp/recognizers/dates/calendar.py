"""Date expressions resolved to days in Lima, against the day of publication: what has happened lies before it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.recognizers.dates.grammar import Grammar
from nlp.types import DatePrecision, DateSpan

_WORDS = {
    "un": 1, "una": 1, "uno": 1, "primero": 1, "1ro": 1, "1°": 1, "1º": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "treinta": 30, "treinta y uno": 31, "par de": 2, "un par de": 2,
}  # fmt: skip
_DAYS_OF = {"hour": 0, "day": 1, "week": 7, "fortnight": 15}
_THAT = frozenset({"mismo", "ese", "aquel", "dicho", "referido"})
"""``del mismo año``: the one told before."""
_OLDEST = 1950
_SOON = timedelta(days=21)
"""A day without a year that is not told as past, and is so near, is to come: "paro del 10 de octubre"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is known when an expression is resolved."""

    match: re.Match[str]
    grammar: Grammar
    numerals: Mapping[str, int]
    today: date
    """Day of publication in Lima."""
    before: date | None
    """The last single day told before in the text."""
    year_before: int | None
    """The last year told before in the text."""
    ahead: bool
    """The sentence speaks of the future."""
    past: bool = True
    """It tells of something past."""

    def __getitem__(self, group: str) -> str | None:
        return self.match[group]

    def number(self, group: str) -> int | None:
        """A number in digits or words; ``None`` when the group did not take part."""
        written = self.match[group]
        if written is None:
            return None
        return int(written) if written.isdecimal() else _WORDS.get(written, self.numerals.get(written, 0))

    def month(self, group: str) -> int:
        """Number of a month's name."""
        return self.grammar.months[self.match[group] or ""]

    def weekday(self, group: str) -> int | None:
        """Number of a weekday's name, Monday 0."""
        return self.grammar.weekdays.get(self.match[group] or "")

    def year(self, group: str, relative: str) -> int | None:
        """A year in digits, or as ``año pasado``; ``None`` when it is not told."""
        if self.match[group]:
            return int(self.match[group] or 0)
        told = self.match[relative]
        if told is None:
            return None
        if told.split()[0] in _THAT:
            return self.year_before
        return self.today.year - (1 if "pasado" in told else 0)


def resolve(reading: Reading) -> DateSpan | None:
    """The days that an expression stands for; ``None`` when there are no such days (31 de febrero)."""
    kind = kind_of(reading.match)
    try:
        span = _RESOLVERS[kind](reading)
    except (ValueError, OverflowError):  # no such day: 31/02/2025
        return None
    return span if span is not None and _OLDEST <= span.start.year <= reading.today.year + 10 else None


def kind_of(match: re.Match[str]) -> str:
    """Name of the alternative that matched."""
    return match.lastgroup or ""


def day_span(day: date) -> DateSpan:
    """A single day."""
    return DateSpan(start=day, end=day)


def _span(start: date, end: date, precision: DatePrecision) -> DateSpan:
    return DateSpan(start=start, end=end, precision=precision)


def _month_span(year: int, month: int) -> DateSpan:
    return _span(date(year, month, 1), _last(year, month), DatePrecision.MONTH)


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year_span(year: int) -> DateSpan:
    return _span(date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR)


def _numeric(reading: Reading) -> DateSpan | None:
    for prefix in ("n", "d", "i"):
        if reading[f"{prefix}_day"]:
            year = int(reading[f"{prefix}_year"] or 0)
            year += 2000 if year < 100 else 0
            return day_span(date(year, int(reading[f"{prefix}_month"] or 0), int(reading[f"{prefix}_day"] or 0)))
    return None


def _date(reading: Reading) -> DateSpan | None:
    day, month = reading.number("e_day") or 0, reading.month("e_month")
    year = reading.year("e_year", "e_rel")
    if year is not None:
        return day_span(date(year, month, day))
    return day_span(_closest(reading, month, day, reading.weekday("e_weekday"), bool(reading["e_future"])))


def _closest(reading: Reading, month: int, day: int, weekday: int | None, ahead: bool) -> date:
    """The year that fits a day without one: that of its weekday, else the last one, or the next when it lies ahead."""
    today = reading.today
    years = [year for year in (today.year, today.year - 1, today.year + 1) if _exists(year, month, day)]
    if not years:
        raise ValueError(f"no such day: {day}/{month}")
    if weekday is not None:
        fitting = [date(year, month, day) for year in years if date(year, month, day).weekday() == weekday]
        if fitting:
            return min(fitting, key=lambda one: abs((one - today).days))
    past = [date(year, month, day) for year in years if date(year, month, day) <= today]
    coming = [date(year, month, day) for year in years if date(year, month, day) > today]
    soon = bool(coming) and not reading.past and min(coming) - today <= _SOON
    if coming and (ahead or reading.ahead or soon):
        return min(coming)
    return max(past) if past else min(coming)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _day_of_month(reading: Reading) -> DateSpan | None:
    today, day = reading.today, reading.number("o_day") or 0
    if "pasado" in (reading["o_rel"] or ""):
        last = today.replace(day=1) - timedelta(days=1)
        return day_span(last.replace(day=day))
    return day_span(today.replace(day=day))


def _days(reading: Reading) -> DateSpan | None:
    first, last, month = reading.number("s_day") or 0, reading.number("s_last") or 0, reading.month("s_to")
    told = reading["s_year"]
    end = date(int(told), month, last) if told else _closest(reading, month, last, None, False)
    start = date(end.year, reading.month("s_month") if reading["s_month"] else month, first)
    if start > end:
        start = start.replace(year=end.year - 1)
    precision = DatePrecision.DAY if (end - start).days <= 1 else DatePrecision.WEEK
    return _span(start, end, precision if (end - start).days <= 14 else DatePrecision.MONTH)


def _weekday(reading: Reading) -> DateSpan | None:
    today, weekday = reading.today, reading.weekday("w_weekday") or 0
    words = f"{reading['w_before'] or ''} {reading['w_after'] or ''}"
    if reading["w_day"]:
        return _weekday_and_day(today, weekday, int(reading["w_day"] or 0))
    back = (today.weekday() - weekday) % 7
    if "proximo" in words or (reading.ahead and "pasado" not in words and "ultimo" not in words):
        return day_span(today + timedelta(days=-back + 7 if back else (7 if "proximo" in words else 0)))
    if back == 0 and ("pasado" in words or "ultimo" in words):
        back = 7
    return day_span(today - timedelta(days=back))


def _weekday_and_day(today: date, weekday: int, number: int) -> DateSpan | None:
    """``sábado 7``: the closest day that is both; ``None`` when the number counts something else."""
    near = (today + timedelta(days=step) for step in range(-62, 32))
    fitting = [day for day in near if day.day == number and day.weekday() == weekday]
    return day_span(min(fitting, key=lambda day: (day > today, abs((day - today).days)))) if fitting else None


def _near(reading: Reading) -> DateSpan | None:
    if reading["h_month"]:  # "hoy, 9 de setiembre": the article may be printed later
        return day_span(_closest(reading, reading.month("h_month"), reading.number("h_day") or 0, None, False))
    return day_span(reading.today + timedelta(days=reading.grammar.days[reading["h_word"] or ""]))


def _this_part(reading: Reading) -> DateSpan | None:
    return day_span(reading.today)


def _week(reading: Reading) -> DateSpan | None:
    monday = reading.today - timedelta(days=reading.today.weekday())
    if not reading["k_this"]:
        monday -= timedelta(days=7)
    return _span(monday, monday + timedelta(days=6), DatePrecision.WEEK)


def _weekend(reading: Reading) -> DateSpan | None:
    saturday = reading.today - timedelta(days=(reading.today.weekday() - 5) % 7)
    return _span(saturday, saturday + timedelta(days=1), DatePrecision.DAY)


def _ago(reading: Reading) -> DateSpan | None:
    return _counted_back(reading, reading.number("a_number") or 0, reading.grammar.units[reading["a_unit"] or ""])


def _back(reading: Reading) -> DateSpan | None:
    return _counted_back(reading, reading.number("b_number") or 0, reading.grammar.units[reading["b_unit"] or ""])


def _counted_back(reading: Reading, number: int, unit: str) -> DateSpan | None:
    today = reading.today
    if unit == "year":
        return _year_span(today.year - number)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - number
        year, month = divmod(months, 12)
        if number > 1:
            return _month_span(year, month + 1)
        same = date(year, month + 1, min(today.day, _last(year, month + 1).day))
        return _span(same, same, DatePrecision.WEEK)
    day = today - timedelta(days=number * _DAYS_OF[unit] + (1 if unit == "hour" and number > 24 else 0))
    precision = DatePrecision.WEEK if unit in ("week", "fortnight") and number > 1 else DatePrecision.DAY
    return _span(day, day, precision)


def _this_month(reading: Reading) -> DateSpan | None:
    first = reading.today.replace(day=1)
    if not reading["m_this"]:
        first = (first - timedelta(days=1)).replace(day=1)
    return _month_span(first.year, first.month)


def _month(reading: Reading) -> DateSpan | None:
    month, year = reading.month("t_month"), reading.year("t_year", "t_rel")
    if year is not None:
        return _month_span(year, month)
    ahead = reading["t_after"] == "proximo" or (reading.ahead and not reading["t_after"])
    last = reading.today.year if month <= reading.today.month else reading.today.year - 1
    if reading["t_after"] in ("pasado", "ultimo") and month == reading.today.month:
        last -= 1
    return _month_span(last + 1 if ahead and month != reading.today.month else last, month)


def _months(reading: Reading) -> DateSpan | None:
    first, last = reading.month("r_month"), reading.month("r_last")
    year = reading.year("r_year", "r_rel")
    if year is None:
        year = reading.today.year if last <= reading.today.month else reading.today.year - 1
    start = int(reading["r_first"] or (year if first <= last else year - 1))
    end = date(year, last, reading.number("r_day") or 1) if reading["r_day"] else _last(year, last)
    return _span(date(start, first, 1), end, DatePrecision.MONTH)


def _to_date(reading: Reading) -> DateSpan | None:
    year = int(reading["z_year"] or reading["z_same"] or reading.today.year)
    end = reading.today if year == reading.today.year else date(year, 12, 31)
    return _span(date(year, 1, 1), end, DatePrecision.YEAR)


def _half(reading: Reading) -> DateSpan | None:
    year = reading.year("q_year", "q_rel") or reading.today.year
    months = 6 if reading["q_what"] == "semestre" else 3
    number = {"primer": 0, "segundo": 1, "tercer": 2, "cuarto": 3, "ultimo": 12 // months - 1}[reading["q_which"] or ""]
    if number * months >= 12:
        return None
    return _span(date(year, number * months + 1, 1), _last(year, (number + 1) * months), DatePrecision.MONTH)


def _year_name(reading: Reading) -> DateSpan | None:
    return _year_span(reading.today.year - (1 if reading["y_last"] else 0))


def _year(reading: Reading) -> DateSpan | None:
    return _year_span(int(reading["x_year"] or 0))


def _next(reading: Reading) -> DateSpan | None:
    if reading.before is None:
        return None
    if reading["f_word"]:
        step = 1 if reading["f_word"] == "siguiente" else -1
    else:
        days = 7 if (reading["f_unit"] or "").startswith("semana") else 1
        step = days * (reading.number("f_number") or 0) * (-1 if reading["f_when"] == "antes" else 1)
    return day_span(reading.before + timedelta(days=step))


def _day_only(reading: Reading) -> DateSpan | None:
    """``el 21``: of the month of the day told before, or of the next one, so that it comes after that day and has come."""
    before, number = reading.before, int(reading["v_day"] or 0)
    if before is None:
        return None
    following = (before + timedelta(days=step) for step in range(1, 31))
    day = next((day for day in following if day.day == number), None)
    return None if day is None or day > reading.today else day_span(day)


def _day_noted(reading: Reading) -> DateSpan | None:
    """``(día 14)``: the last such day."""
    number = int(reading["u_day"] or 0)
    past = (reading.today - timedelta(days=step) for step in range(31))
    day = next((day for day in past if day.day == number), None)
    return None if day is None else day_span(day)


_RESOLVERS: Mapping[str, Callable[[Reading], DateSpan | None]] = {
    "numeric": _numeric,
    "days": _days,
    "date": _date,
    "dom": _day_of_month,
    "dayname": _weekday,
    "near": _near,
    "thispart": _this_part,
    "week": _week,
    "weekend": _weekend,
    "ago": _ago,
    "back": _back,
    "thismonth": _this_month,
    "months": _months,
    "month": _month,
    "todate": _to_date,
    "half": _half,
    "yearname": _year_name,
    "year": _year,
    "next": _next,
    "dayonly": _day_only,
    "daynoted": _day_noted,
}
