"""Days that are told from today: ``7d``, ``última semana``, ``últimos 3 meses``; ``ayer``, ``el lunes``, ``mes pasado``, ``marzo``."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from pipeline.moments import NoTime, duration

if TYPE_CHECKING:
    from nlp.recognizers.dates import DateFinder

_SPAN = re.compile(r"(?P<number>\d{1,5}) ?(?P<unit>[dwmy])")
_LAST = re.compile(
    r"(?:(?:el|la) )?ultim[oa] (?P<one>dia|semana|mes|ano)"
    r"|(?:l[oa]s )?ultim[oa]s (?P<number>\d{1,4}) (?P<unit>dias|semanas|meses|anos)"
)
_UNITS = {"d": "d", "s": "w", "m": "m", "a": "y"}
"""First letter of a Spanish unit -> the unit as ``pipeline.moments`` has it."""
_BEFORE = ("", "el ", "la ", "en ")
"""What stands before a date in running text, and may be left out in a query."""


def last_days(folded: str) -> timedelta | None:
    """``7d``, ``2w``, ``ultima semana``, ``ultimos 3 meses``: how long ago it began; ``None`` for anything else."""
    if span := _SPAN.fullmatch(folded):
        written = f"{span['number']}{span['unit']}"
    elif told := _LAST.fullmatch(folded):
        written = f"{told['number'] or 1}{_UNITS[(told['unit'] or told['one'])[0]]}"
    else:
        return None
    try:
        return duration(written)
    except NoTime:
        return None


def told_days(words: str, today: date) -> tuple[date, date] | None:
    """First and last day that words stand for, read as in an article of today; ``None`` when they stand for none."""
    for before in _BEFORE:
        text = before + words.replace("-", " ")
        for mention in _finder().find(text, (), today):
            if mention.start <= len(before) and mention.end == len(text) and mention.value.kind == "date":
                return mention.value.start, mention.value.end
    return None


@cache
def _finder() -> DateFinder:
    from nlp.recognizers.dates import DateFinder  # it loads spaCy, which most searches do without

    return DateFinder()
