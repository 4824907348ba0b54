"""How often a sum is due, by the words beside it."""

from __future__ import annotations

import re

from nlp.recognizers.money.tables import Tables
from nlp.types import MoneyPeriod

_AFTER = 58
_BEFORE = 48
_CLAUSE_END = re.compile(
    r"[.;:!?\n](?!\d)|, (?:y|pero|mientras|que|segun|quien)\b| y (?:luego|despues|a (?:las?|los))\b| de (?:sueldo|lunes)\b"
)
_OTHER_SUM = re.compile(r"\b(?:s/|us\$|\$|\d[\d.,]* (?:mil |millones )?(?:de )?(?:soles|dolares|euros|lucas))")
FARE = re.compile(r"\b(?:pasajes?|tarifa (?:del?|de la) (?:bus|metropolitano|corredor|tren|linea)|medio pasaje)\b")
"""A price in such a sentence is a fare, due per trip."""
_CLAUSE_START = re.compile(r"[.;!?\n]|, (?:y|pero|mientras)\b|\b(?:soles|dolares)\b|s/")


def period_of(folded: str, start: int, end: int, limits: tuple[int, int], tables: Tables) -> MoneyPeriod | None:
    """The period of the sum at ``folded[start:end]`` inside a sentence with ``limits``; ``None`` when nothing is said."""
    right = folded[end : min(limits[1], end + _AFTER)]
    for stop in (_CLAUSE_END.search(right), _OTHER_SUM.search(right)):
        if stop is not None:
            right = right[: stop.start()]
    found = [(match.start(), period) for pattern, period in tables.periods_after if (match := pattern.search(right))]
    if found:
        return min(found, key=lambda item: item[0])[1]
    return _before(folded[max(limits[0], start - _BEFORE) : start], tables)


def _before(left: str, tables: Tables) -> MoneyPeriod | None:
    stops = list(_CLAUSE_START.finditer(left))
    if stops:
        left = left[stops[-1].end() :]
    found = [(match.end(), period) for pattern, period in tables.periods_before for match in pattern.finditer(left)]
    return max(found, key=lambda item: item[0])[1] if found else None
