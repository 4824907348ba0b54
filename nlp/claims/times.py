"""The times that a sentence names: intervals of days, by a grammar of months, years and parts of them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from nlp.lexicon import read_table
from nlp.numbers import find_numbers
from nlp.patterns import PatternTable
from nlp.phrases import words_of

_HINT = PatternTable(
    [
        r"(?:20[0-3]\d|anos?|mes|meses|horas|dias|semanas|lo que va|(?:bi|(?:cua)?tri|se)mestre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|set?iembre|octubre|noviembre|diciembre)\b"
    ]
)
"""A sentence without any of these tells no time that the grammar reads."""
_PARTS = {"bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6, "mitad": 6}
_ORDINALS = {"primer": 0, "primera": 0, "segunda": 1, "segundo": 1, "tercer": 2, "cuarto": 3, "ultimo": -1}
_NEW_YEAR = (1, 10)
"""Until then what happened "en el año" did so in the last one."""
_HALF_A_MONTH = 15
"""Until then "mayo fue el mes más violento" is of the last May."""
YEAR = r"(?:20[0-3]\d)"
_OF_YEAR = rf"(?:,? (?:(?:de(?:l)?|en) (?:ano )?|(?={YEAR}\b))(?P<{{0}}>{YEAR}|este (?:mismo )?ano|presente ano|mismo ano|(?:ese|dicho|aquel) (?:mismo )?ano|pasado|ano pasado|ano anterior|ano))?"
_THAT_YEAR = re.compile(r"(?:ese|dicho|aquel) (?:mismo )?ano|mismo ano")
_MONTH_BEFORE = frozenset({"anterior", "previo"})
"""Behind "mes": the one before the month that the sentence named last, else before that of the publication."""
Told = Mapping[str, str | None]
"""Groups of a match of the grammar."""
Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days that a stretch of a sentence names; offsets within the sentence."""

    start: int
    end: int
    first: date
    last: date
    rule: str
    """Name of the rule of the grammar that read it."""

    @property
    def iso(self) -> str:
        """``2025-01-01/2025-07-31``."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """Months by their folded names."""
    rows = read_table("date_words.csv", frozenset({"word", "kind", "value"}))
    return {row["word"]: int(row["value"]) for row in rows if row["kind"] == "month"}


def names_month(folded: str) -> bool:
    """Whether a folded name holds a month: ``veintiseis de octubre``."""
    return any(word in months() for word in folded.split())


@lru_cache(maxsize=1)
def _grammar() -> tuple[tuple[str, re.Pattern[str]], ...]:
    month = rf"(?:{'|'.join(months())})"
    no_month = "".join(rf"(?<!\b{name} )" for name in months())  # "marzo (2030)" is a figure
    weekday = r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
    day = r"(?:el |del )?(?:(?P<{0}>\d{{1,2}}) de |(?:el )?mes(?:es)? de )?"
    return (
        (
            "days",
            re.compile(
                rf"\b(?:entre|del?|desde) (?:el )?(?P<d1>\d{{1,2}}) (?:y|al?|hasta) (?:el )?(?P<d2>\d{{1,2}}) de (?P<m2>{month}){_OF_YEAR.format('y2')}\b"
            ),
        ),
        (
            "months",
            re.compile(
                rf"\b(?:entre|desde|del?) (?:los )?{day.format('d1')}(?P<m1>{month}){_OF_YEAR.format('y1')} (?:y|al?|hasta) (?:fines de )?"
                rf"{day.format('d2')}(?P<m2>{month}){_OF_YEAR.format('y2')}\b"
            ),
        ),
        (
            "part",
            re.compile(rf"\b(?P<nth>{'|'.join(_ORDINALS)}) (?P<part>{'|'.join(_PARTS)}){_OF_YEAR.format('y2')}\b"),
        ),
        ("months", re.compile(rf"\b(?P<m1>{month}) ?[-–] ?(?P<m2>{month}){_OF_YEAR.format('y2')}\b")),
        ("first", re.compile(rf"\b(?:primeros (?P<n>\w+)|(?P<n2>\w+) primeros) meses{_OF_YEAR.format('y2')}")),
        ("first", re.compile(rf"\bprimer mes{_OF_YEAR.format('y2')}")),
        (
            "first_days",
            re.compile(rf"\bprimer[oa]s (?P<n>\w+) (?P<unit>dias|semanas){_OF_YEAR.format('y2')}\b(?! del? )"),
        ),
        ("first_days", re.compile(rf"\b(?P<n>\w+) (?P<unit>dias|semanas) de(?:l)? (?:ano )?(?P<y2>{YEAR}|ano)\b")),
        ("last", re.compile(r"\b(?:ultim|pasad|reciente)[oa]s (?P<n>\w+) (?P<unit>horas|dias|semanas|meses|anos)\b")),
        ("last", re.compile(r"\b(?P<n>\w+) (?:ultim|pasad)[oa]s (?P<unit>horas|dias|semanas|meses|anos)\b")),
        ("within", re.compile(r"\ben (?:apenas |solo |menos de )?(?P<n>\w+) (?P<unit>dias|semanas|meses|anos)\b")),
        ("last", re.compile(r"\b(?P<n>\w+) (?P<unit>dias|semanas|meses|anos) (?:previos|anteriores|pasados)\b")),
        ("last", re.compile(r"\b(?:ultimo|pasado) (?P<unit>mes)\b")),
        ("last", re.compile(r"\bultimo (?P<unit>ano)\b")),
        (
            "so_far",
            re.compile(
                rf"\b(?:en )?lo que va de(?:l)? (?:presente |este )?(?:ano )?(?P<y2>{YEAR}|ano|\b)(?! ?(?:{month}|(?:(?:la|el|esta|este) )?(?:\w+ )?(?:mes|semana|dia|jornada|gestion|gobierno|siglo|decada)\b))"
            ),
        ),
        ("month_so_far", re.compile(rf"\b(?:en )?lo que va de(?:l mes de)? (?P<m2>{month})\b")),
        (
            "this_month",
            re.compile(
                rf"\b(?:lo que va del|en lo que va de este|(?:en|durante) (?:este|el presente)) (?:presente )?mes\b(?! de {month})"
            ),
        ),
        (
            "since_year",
            re.compile(
                rf"\b(?:entre|de(?:sde)?) (?:el )?(?:ano )?(?P<y1>{YEAR}) (?:y|al?|hasta) (?:(?:fines|mediados) de |el mes de )?(?P<m2>{month}){_OF_YEAR.format('y2')}\b"
            ),
        ),
        (
            "until",
            re.compile(
                rf"\b(?:hasta(?: (?:el )?(?:cierre|fin|fines|finales|termino|mediados|quincena) de(?:l mes de)?)?|al cierre de|al?)(?: (?:ayer|hoy|este|(?:el )?(?:pasado|ultimo)),?)?(?: (?:el )?{weekday},?)? {day.format('d2')}(?P<m2>{month}){_OF_YEAR.format('y2')}\b"
            ),
        ),
        (
            "since",
            re.compile(
                rf"\bdesde (?:fines de |inicios de )?{day.format('d1')}(?P<m1>{month}){_OF_YEAR.format('y1')}\b"
            ),
        ),
        ("year", re.compile(rf"\b(?:desde|en|del?) (?:todo )?(?:el )?(?:ano )?(?P<y2>{YEAR}),? cuando\b")),
        ("year", re.compile(rf"{no_month}\((?:en )?(?:el )?(?P<y2>{YEAR})\)")),
        ("year", re.compile(rf"\b(?P<y2>{YEAR})(?= ?[(:] ?\d)")),
        ("year", re.compile(rf"\bano [^,.;:\d]{{1,40}}, (?P<y2>{YEAR}),")),
        ("since", re.compile(rf"\bdesde (?:el )?(?:ano )?(?P<y1>{YEAR})\b")),
        ("years", re.compile(rf"\b(?:entre (?:el )?|de(?:l)? )?(?P<y1>{YEAR}) (?:y|al?) (?:el )?(?P<y2>{YEAR})\b")),
        (
            "month",
            re.compile(
                rf"(?<!semana )(?<!quincena )\b(?:en|durante|de|el pasado) (?P<m2>{month}){_OF_YEAR.format('y2')}\b(?! y {month}\b| ?\(\d)"
            ),
        ),
        (
            "month_done",
            re.compile(
                rf"(?:^|[.,;:“] ?|\b(?:que|mes de) )(?P<m2>{month}) (?:cerro|es(?: el| hasta)|termino|concluyo|acabo|dejo|registr\w+|report\w+|sum(?:o|a)|acumul\w+|fue|ha sido|tuvo)\b(?P<y2>)?"
            ),
        ),
        ("since_last_year", re.compile(r"\bdesde (?:el )?ano (?:pasado|anterior)\b")),
        ("year", re.compile(r"\b(?:el|del) ano (?:pasado|anterior)\b")),
        (
            "so_far",
            re.compile(
                r"\b(?:desde (?:inicios|comienzos|principios) de(?:l)? |inicia\w* el )?(?:este|presente) ano\b|\bdesde (?:inicios|comienzos|principios|que (?:empezo|comenzo|inicio)) (?:de |del |el )?ano\b|\b(?P<past>en el ano)\b(?! (?:pasado|anterior|20))|\bdel ano\b(?! (?:pasado|anterior|20))|\bel ano que (?:termina|acaba|se va|culmina)\b"
            ),
        ),
        ("year", re.compile(rf"\b(?P<y2>{_THAT_YEAR.pattern})\b")),
        ("last_month", re.compile(r"\b(?:el|del|al) mes (?:pasado|(?P<m2>anterior|previo))\b")),
        (
            "year",
            re.compile(
                rf"\b(?:en|durante|de|del|el|este|todo|cerro|cierra|para|campana|temporada) (?:el |este |todo )?(?:el )?(?:ano )?(?P<y2>{YEAR})\b"
            ),
        ),
    )


@lru_cache(maxsize=256)
def spans_in(folded: str, today: date) -> tuple[Span, ...]:
    """Spans of a folded sentence in the order of the grammar; of those that overlap the first counts.

    The last ones are kept: each figure of an article asks its sentences again.
    """
    if not _HINT.search(words_of(folded)):
        return ()
    found: list[Span] = []
    untold: list[tuple[int, int]] = []
    for name, pattern in _grammar():
        for match in pattern.finditer(folded):
            taken = [*((span.start, span.end) for span in found), *untold]
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            told = _told_before(match, folded)
            if told is None:
                untold.append(match.span())
                continue
            days = _days(name, told, today)
            if days is not None and days[0] <= days[1] and days[0] <= today:
                found.append(Span(start=match.start(), end=match.end(), first=days[0], last=days[1], rule=name))
    return tuple(found)


def _told_before(match: re.Match[str], folded: str) -> Told | None:
    """The groups of a match, what points back ("ese año", "el mes anterior") as the year or month that the sentence named last.

    ``None`` when it named no such year.
    """
    told = match.groupdict()
    for group, words in told.items():
        if words and _THAT_YEAR.fullmatch(words):
            named = re.findall(rf"\b{YEAR}\b", folded[: match.start()])
            if not named:
                return None
            told[group] = named[-1]
        elif words in _MONTH_BEFORE:
            told[group] = next(
                (word for word in reversed(re.findall(r"\w+", folded[: match.start()])) if word in months()), None
            )
    return told


def _days(name: str, told: Told, today: date) -> Days | None:
    resolve = _RESOLVERS.get(name)
    return resolve(told, today) if resolve else _of_months(name, told, today)


def _so_far(told: Told, today: date) -> Days | None:
    begun = (today.month, today.day) <= _NEW_YEAR
    year = _year(told.get("y2"), today) or (today.year - 1 if begun and told.get("past") else today.year)
    return date(year, 1, 1), today if year == today.year else date(year, 12, 31)


def _this_month(told: Told, today: date) -> Days | None:  # noqa: ARG001 - all resolvers take the day
    return today.replace(day=1), today


def _month_so_far(told: Told, today: date) -> Days | None:
    first = date(today.year, months()[told["m2"] or ""], 1)
    return first, min(today, day_of(first.year, first.month, None, last=True))


def _since_year(told: Told, today: date) -> Days | None:
    last = months()[told["m2"] or ""]
    return date(int(told["y1"] or 0), 1, 1), _not_ahead(
        day_of(_year(told.get("y2"), today) or today.year, last, None, last=True), today
    )


def _years(told: Told, today: date) -> Days | None:  # noqa: ARG001 - all resolvers take the day
    return date(int(told["y1"] or 0), 1, 1), date(int(told["y2"] or 0), 12, 31)


def _whole_year(told: Told, today: date) -> Days | None:
    year = _year(told.get("y2"), today) or today.year - 1
    return date(year, 1, 1), today if year == today.year else date(year, 12, 31)


def _of_months(name: str, told: Told, today: date) -> Days | None:
    first, last = months().get(told.get("m1") or ""), months().get(told.get("m2") or "")
    named = _year(told.get("y2"), today) or _year(told.get("y1"), today)
    if name == "since":
        year = named or (today.year if (first or 1) <= today.month else today.year - 1)
        return day_of(year, first or 1, told.get("d1")), today
    assert last is not None
    year = named or (today.year if last <= today.month else today.year - 1)
    end = day_of(year, last, told.get("d2"), last=True)
    if name == "until":
        return date(year, 1, 1), end
    if name == "month_done" and end > today and today.day <= _HALF_A_MONTH:
        return date(year - 1, last, 1), day_of(year - 1, last, None, last=True)
    if name in ("month", "month_done"):
        return date(year, last, 1), min(end, today) if year == today.year else end
    assert first is not None
    began = _year(told.get("y1"), today) or (year if first <= last else year - 1)
    return day_of(began, first, told.get("d1")), _not_ahead(end, today)


def _not_ahead(end: date, today: date) -> date:
    """The end of a month that is still running is the day of publication, until its last but one day."""
    running = (end.year, end.month) == (today.year, today.month) and (end - today).days > 1
    return today if running else end


def day_of(year: int, month: int, day: str | None, *, last: bool = False) -> date:
    """A day of a month, as far as the month goes; without one its first, or its ``last``."""
    length = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, length if last else 1)
    return date(year, month, max(1, min(int(day), length)))


def _year(told: str | None, today: date) -> int | None:
    if told is None:
        return None
    if told.isdigit():
        return int(told)
    return today.year - 1 if told.endswith(("pasado", "anterior")) else today.year


def _recent(told: Told, today: date) -> Days | None:
    number, unit = told.get("n"), told["unit"] or ""
    if unit in ("mes", "ano"):
        return _months_before(today, 12 if unit == "ano" else 1), today
    found = find_numbers(number or "")
    if not found or not 0 < found[0].value <= 100:
        return None
    count = int(found[0].value)
    if unit == "horas":
        return today - timedelta(days=-(-count // 24)), today
    if unit in ("dias", "semanas"):
        return today - timedelta(days=count * (7 if unit == "semanas" else 1)), today
    return _months_before(today, count * (12 if unit == "anos" else 1)), today


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _part(told: Told, today: date) -> Days | None:
    length, place = _PARTS[told["part"] or ""], _ORDINALS[told["nth"] or ""]
    place = 12 // length - 1 if place < 0 else place
    if (place + 1) * length > 12:
        return None
    year = _year(told.get("y2"), today)
    first, last = place * length + 1, place * length + length
    if year is None:
        year = (
            today.year if last < today.month or day_of(today.year, last, None, last=True) <= today else today.year - 1
        )
    return date(year, first, 1), day_of(year, last, None, last=True)


def _days_of_month(told: Told, today: date) -> Days | None:
    """``entre el 1 y el 19 de enero``."""
    days = _of_months("month", {"m2": told["m2"], "y2": told.get("y2")}, today)
    if days is None:
        return None
    year, month = days[0].year, days[0].month
    return day_of(year, month, told["d1"]), day_of(year, month, told["d2"])


def _first_days(told: Told, today: date) -> Days | None:
    """``los primeros 40 días de 2025``, ``20 días del año``."""
    found = find_numbers(told["n"] or "")
    if not found or not 1 < found[0].value <= 366:
        return None
    first = date(_year(told.get("y2"), today) or today.year, 1, 1)
    return first, first + timedelta(days=int(found[0].value) * (7 if told["unit"] == "semanas" else 1) - 1)


def _first_months(told: Told, today: date) -> Days | None:
    """``los diez primeros meses del año``, ``el primer mes de 2026``."""
    number = told.get("n") or told.get("n2")
    found = find_numbers(number) if number else ()
    months = int(found[0].value) if found else 1
    if (number and not found) or not 1 <= months <= 12:
        return None
    year = _year(told.get("y2"), today)
    if year is None:
        year = today.year if day_of(today.year, months, None, last=True) <= today else today.year - 1
    return date(year, 1, 1), day_of(year, months, None, last=True)


def shifted(span: Span, year: str) -> str:
    """The same part of another year."""
    shift = span.first.year - (int(year) if year.isdigit() else span.first.year - 1)
    start, end = (_in_year(day, day.year - shift) for day in (span.first, span.last))
    return f"{start.isoformat()}/{end.isoformat()}"


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=year)


def _last_month(told: Told, today: date) -> Days | None:
    """``el mes pasado``, ``el mes previo`` to the one named in ``m2``."""
    named = _of_months("month", told, today) if told.get("m2") else None
    last = (named[0] if named else today.replace(day=1)) - timedelta(days=1)
    return last.replace(day=1), last


def _since_last_year(told: Told, today: date) -> Days | None:  # noqa: ARG001 - all resolvers take the day
    return date(today.year - 1, 1, 1), today


_RESOLVERS: Mapping[str, Callable[[Told, date], Days | None]] = {
    "last": _recent,
    "within": _recent,
    "so_far": _so_far,
    "month_so_far": _month_so_far,
    "this_month": _this_month,
    "part": _part,
    "first": _first_months,
    "first_days": _first_days,
    "days": _days_of_month,
    "since_year": _since_year,
    "years": _years,
    "year": _whole_year,
    "last_month": _last_month,
    "since_last_year": _since_last_year,
}
"""The days of a match, by the name of its rule in the grammar; rules of months are resolved by :func:`_of_months`."""
