"""Which days sentences tell, and whether they can be those of one thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import lru_cache

from nlp.qualify import Sentence
from nlp.types import DatePrecision, DateSpan

SURE_DATE = 0.45
"""Below it, a date is rather that of a law, of the beginning of an investigation or of a thing to come."""
SAME_TIME = timedelta(days=1)


@lru_cache(maxsize=8192)
def days_of(sentence: Sentence) -> tuple[DateSpan, ...]:
    """The dates that a sentence tells for sure."""
    return tuple(
        mention.value
        for mention in sentence.mentions
        if isinstance(mention.value, DateSpan)
        and mention.score >= SURE_DATE
        and mention.value.precision is not DatePrecision.UNKNOWN
    )


def excludes_days(
    known: Collection[DateSpan], new: Collection[DateSpan], *, tolerance: timedelta = timedelta(0)
) -> bool:
    """Whether none of the new dates can be one of those known; not where either are missing."""
    if not known or not new:
        return False
    return all(one.start > other.end + tolerance or other.start > one.end + tolerance for one in known for other in new)


def covered(days: Iterable[DateSpan], *, around: int = 0) -> set[int]:
    """The days that dates cover, with so many before and after each, by number."""
    return {
        number for day in days for number in range(day.start.toordinal() - around, day.end.toordinal() + around + 1)
    }
