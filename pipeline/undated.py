"""Readings of articles of which nobody knows when they were published.

They are read as of the moment that they were fetched, which may be years later. So what was resolved against that moment ("ayer",
"el 3 de marzo", "este año") is taken out again: only a day that is written with its year stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nlp.types import Claim, Event, Evidence, Extraction, Label

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_RATES = frozenset({"day", "week", "month", "year"})


def without_resolved_dates(extraction: Extraction) -> Extraction:
    """The same without dates of mentions and events, and periods of claims, that are not written with a year."""
    return replace(
        extraction,
        mentions=tuple(m for m in extraction.mentions if m.label is not Label.DATE or _YEAR.search(m.text)),
        events=tuple(_event(event) for event in extraction.events),
        claims=tuple(_claim(claim) for claim in extraction.claims),
    )


def _event(event: Event) -> Event:
    if event.date is None or _says_year(event.evidence, "date"):
        return event
    return replace(event, date=None, evidence=_without(event.evidence, "date"))


def _claim(claim: Claim) -> Claim:
    if claim.period is None or claim.period in _RATES or _says_year(claim.evidence, "period"):
        return claim
    return replace(claim, period=None, evidence=_without(claim.evidence, "period"))


def _says_year(evidence: Iterable[Evidence], field: str) -> bool:
    return any(_YEAR.search(each.text) for each in evidence if each.field == field)


def _without(evidence: Iterable[Evidence], field: str) -> tuple[Evidence, ...]:
    return tuple(each for each in evidence if each.field != field)
