"""Readings of articles of which nobody knows when they were published.

They are read as of the moment that they were fetched, which may be years later. So what was resolved against that moment ("ayer",
"el 3 de marzo", "este año") is taken out again: only a day that is written with its year stands.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from nlp.types import Claim, Event, Extraction, Label
from pipeline.moments import LIMA

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_RATES = frozenset({"day", "week", "month", "year"})


def without_resolved_dates(extraction: Extraction, text: str) -> Extraction:
    """The same without dates of mentions and events, and periods of claims, that ``text`` does not write with a year."""
    today = extraction.published.astimezone(LIMA).date().isoformat()
    years = set(_YEAR.findall(text))
    return replace(
        extraction,
        mentions=tuple(m for m in extraction.mentions if m.label is not Label.DATE or _YEAR.search(m.text)),
        events=tuple(_event(event) for event in extraction.events),
        claims=tuple(_claim(claim, years, today) for claim in extraction.claims),
    )


def _event(event: Event) -> Event:
    dates = [each.text for each in event.evidence if each.field == "date"]
    if event.date is None or any(map(_YEAR.search, dates)):
        return event
    return replace(event, date=None, evidence=tuple(each for each in event.evidence if each.field != "date"))


def _claim(claim: Claim, years: Set[str], today: str) -> Claim:
    """Without its period, unless that is a usual rate, or its years are written and it does not run up to ``today``."""
    if claim.period is None or claim.period in _RATES:
        return claim
    written = years >= set(_YEAR.findall(claim.period))
    return claim if written and not claim.period.endswith(today) else replace(claim, period=None)
