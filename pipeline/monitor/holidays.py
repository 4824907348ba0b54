"""National holidays of Peru (D.L. 713 and the laws that changed it, as of 2026): newsrooms that rest on them are not silent."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

_FIXED: Final = (
    (1, 1),
    (5, 1),
    (6, 7),
    (6, 29),
    (7, 23),
    (7, 28),
    (7, 29),
    (8, 6),
    (8, 30),
    (10, 8),
    (11, 1),
    (12, 8),
    (12, 9),
    (12, 25),
)
"""Month and day."""


def is_holiday(day: date) -> bool:
    """Whether nobody has to work on a day."""
    return day in _holidays(day.year)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    sunday = easter(year)
    movable = (sunday - timedelta(days=3), sunday - timedelta(days=2))
    return frozenset((*(date(year, month, day) for month, day in _FIXED), *movable))
