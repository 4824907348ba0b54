"""How often a sum is due, by the words beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from nlp.numbers import find_numbers
from nlp.patterns import number_of
from nlp.recognizers.money.amounts import Amount
from nlp.recognizers.money.tables import Tables
from nlp.types import MoneyPeriod

_AFTER = 58
_BEFORE = 48
_CLAUSE_END = re.compile(
    r"[.;:!?\n](?!\d)|, (?:y|pero|mientras|que|segun|quien)\b|\b(?:ademas de|junto con)\b"
    r"| y (?:(?:unas?|l[ao]s?) )?(?:pagos?|cuotas?|cupos?|mensualidad(?:es)?|montos?|aportes?|abonos?)\b"
    r"| y (?:luego|despues|se|un|una|el|las?|los|a (?:las?|los)|\w+(?:aban?|aron|ieron|[^aeiou]an))\b| de lunes\b|\d ?%|\b(?:interes(?:es)?|tasas?|este diario)\b"
)
_OTHER_SUM = re.compile(r"\b(?:s/|us\$|\$|\d[\d.,]* (?:mil |millones )?(?:de )?(?:soles|dolares|euros|lucas))")
FARE = re.compile(
    r"\b(?:pasajes?|boletos? (?:del?|de la|urbano|subio|cuesta|costaba)|tarifa (?:del?|de la) (?:bus|metropolitano|corredor|tren|linea)|medio pasaje)\b"
)
"""A price in such a sentence is a fare, due per trip."""
_CLAUSE_START = re.compile(r"[.;!?\n]|, (?:y|pero|mientras)\b|\b(?:soles|dolares)\b|s/")


_JOINED = re.compile(r",? (?:y|e|o|u|hasta) (?:de )?|, ?|/")
_ABBREVIATED = re.compile(r"(?:mlls?|mls|mill)\.")
_TURNS = re.compile(r"(?:,| y| e) ")
_SO_MUCH = re.compile(
    r",? (?:\w+ ){0,3}?(?:a|en|de|hasta|unos|son|eran|suman|piden|pedian|cobran|cobraban|pagan|pagaban)? ?"
)
"""Between a period and the sum after it that is due so often: ``al año a``, ``al mes llegaban hasta``."""
_AND = re.compile(r" (?:y|mas) (?:de |otr[oa]s )?$")
_ALIKE = 6.0
"""Sums of one row that differ no more than so much are due alike: not ``25 mil y 300 semanales``."""
_ROW = 120
"""Characters between two sums of one row, at most."""
_PAID_ONCE = re.compile(
    r"\b(?:unic[oa]|inicial|inicio|entrada|inscri\w+|matricula|adelanto|multa|recompensa|sueldo|tope|en total|al contado"
    r"|prestamo|deuda|deposit\w+|feriados?|fiestas?|navidad|ano nuevo)\b"
)


def periods_of(
    folded: str, amounts: Sequence[Amount], sentences: Sequence[tuple[int, int]], tables: Tables
) -> list[MoneyPeriod | None]:
    """The period of each sum, ``None`` when nothing is said. ``sentences`` are the limits of each sum's own sentence.

    What is said of one of two sums that are joined, ``S/ 10 o S/ 20 diarios``, is said of both; and what is said of the first
    of a row, ``S/ 200 semanales a los puestos y S/ 350 a las tiendas``, of those after it.
    """
    found: list[MoneyPeriod | None] = []
    told = 0
    for amount, (begin, stop) in zip(amounts, _between(amounts, sentences), strict=True):
        before = _before(folded, max(begin, told), amount.start, tables)
        after = _after(folded, amount.end, stop, tables)
        if after and _is_of_next(folded, amount.end, after, stop):
            found.append(before)
            continue
        found.append(after.period if after else before)
        told = after.end if after else told
    for index in reversed(range(len(amounts) - 1)):
        one, other = amounts[index], amounts[index + 1]
        if _JOINED.fullmatch(folded, one.end, other.start) and _alike(one, other):
            found[index] = found[index] or found[index + 1]
    for index in range(1, len(amounts)):
        if found[index] is None and _in_row(folded, amounts, sentences, index):
            found[index] = found[index - 1]
    return found


def _in_row(folded: str, amounts: Sequence[Amount], sentences: Sequence[tuple[int, int]], index: int) -> bool:
    """Whether a sum goes on a row with the one before it."""
    one, other = amounts[index - 1], amounts[index]
    return (
        sentences[index - 1] == sentences[index]
        and other.start - one.end <= _ROW
        and _alike(one, other)
        and _PAID_ONCE.search(folded, one.end, other.start) is None
    )


def _between(amounts: Sequence[Amount], sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What belongs to each sum of its sentence: up to where the next one begins."""
    for index, (start, end) in enumerate(sentences):
        following = amounts[index + 1].start if index + 1 < len(amounts) else end
        yield start, max(min(end, following), amounts[index].end)


def _alike(one: Amount, other: Amount) -> bool:
    low, high = sorted((one.max or one.min or 0.0, other.max or other.min or 0.0))
    return one.currency == other.currency and high <= low * _ALIKE


def period_of(folded: str, start: int, end: int, limits: tuple[int, int], tables: Tables) -> MoneyPeriod | None:
    """The period of the sum at ``folded[start:end]`` inside a sentence with ``limits``; ``None`` when nothing is said."""
    after = _after(folded, end, limits[1], tables)
    return after.period if after else _before(folded, limits[0], start, tables)


class _Told(NamedTuple):
    """A period with the words that tell it."""

    period: MoneyPeriod
    start: int
    end: int


def _is_of_next(folded: str, end: int, told: _Told, stop: int) -> bool:
    """Whether the period told after a sum stands before the next one: ``a la semana 50 soles y al mes 200``."""
    return (
        _TURNS.fullmatch(folded, end, told.start) is not None and _SO_MUCH.fullmatch(folded, told.end, stop) is not None
    )


def _after(folded: str, end: int, stop: int, tables: Tables) -> _Told | None:
    if _ABBREVIATED.fullmatch(folded, folded.rfind(" ", 0, end) + 1, end + 1):
        end += 1
    right = folded[end : _other_number(folded, end, min(stop, end + _AFTER))]
    for cut in (_CLAUSE_END.search(right), _OTHER_SUM.search(right)):
        if cut is not None:
            right = right[: cut.start()]
    match = tables.periods_after.all.search(right)
    if match is None:
        return None
    return _Told(tables.periods_after.rows[number_of(match)][1], end + match.start(), end + match.end())


def _other_number(folded: str, end: int, stop: int) -> int:
    """Where a number joined by ``y`` begins, of which the rest is said: ``mil soles de inicio y quinientos cada quincena``."""
    numbers = find_numbers(folded)
    index = bisect_left(numbers, end, key=lambda number: number.start)
    while index < len(numbers) and numbers[index].start < stop:
        if _AND.search(folded, end, numbers[index].start):
            return numbers[index].start
        index += 1
    return stop


def _before(folded: str, begin: int, start: int, tables: Tables) -> MoneyPeriod | None:
    """The period told before a sum, from ``begin``: what is said of the sum before it is not said of this one."""
    left = folded[max(begin, start - _BEFORE) : start].rstrip()
    stops = list(_CLAUSE_START.finditer(left))
    if stops:
        left = left[stops[-1].end() :]
    if not tables.periods_before.all.search(left):
        return None
    rows = tables.periods_before.rows
    return max(
        ((match.end(), period) for pattern, period in rows for match in pattern.finditer(left)), key=itemgetter(0)
    )[1]
