"""Figures told in a row, each with what it is of: "610 en 2017, 840 en 2018", "Lima con 70, Callao con 20"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from nlp.claims.quantities import is_year
from nlp.numbers import find_numbers

Stretch = tuple[int, int]
"""Where something stands."""
_SHORTEST = 4
"""Markers and figures in turn: two pairs."""
_ENDS_RANGE = re.compile(r"\bentre (?:el |los |las )?\d[\d.,]*(?: (?:mil|millones))? ?%? y (?:el |los |las )?$")
"""Before the upper bound of a range: both are one figure."""
_STRONG, _WEAK = re.compile(r"[;.:]"), re.compile(r",|\b[ye]\b")


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure, or a marker of one, in a sentence."""

    span: Stretch
    marks: bool
    index: int
    """Among its like."""


def partner(start: int, end: int, folded: str, markers: Sequence[Stretch]) -> int | None:
    """Index of the marker (a time, a place) of the figure ``folded[start:end]``; ``None`` when they are not told in turn.

    ``folded``: the sentence; ``markers``: in text order. Where figures and markers take turns, pairs are what stands closer:
    what the weaker marks separate, else what begins.
    """
    figures = [
        (number.start, number.end)
        for number in find_numbers(folded)
        if not is_year(number)
        and not any(first <= number.start < last for first, last in markers)
        and not _ENDS_RANGE.search(folded, 0, number.start)
    ]
    own = next((index for index, (first, _) in enumerate(figures) if start <= first < end), None)
    if own is None:
        return None
    word = folded.find("respectivamente", start)
    if word >= 0:
        listed = [span for span in figures if span[0] < word]
        return own if len(listed) == len(markers) else None
    return _in_turn(own, figures, markers, folded)


def _in_turn(own: int, figures: Sequence[Stretch], markers: Sequence[Stretch], folded: str) -> int | None:
    told = sorted(
        [_Told(span, False, index) for index, span in enumerate(figures)]
        + [_Told(span, True, index) for index, span in enumerate(markers)],
        key=lambda one: one.span,
    )
    at = next(place for place, one in enumerate(told) if not one.marks and one.index == own)
    first = last = at
    while first > 0 and told[first - 1].marks != told[first].marks:
        first -= 1
    while last + 1 < len(told) and told[last + 1].marks != told[last].marks:
        last += 1
    if last - first + 1 < _SHORTEST:
        return None
    beside = at - 1 if _marked_before(told[first : last + 1], folded) else at + 1
    if not first <= beside <= last or _is_joined(told, beside):
        return None
    return told[beside].index


def _is_joined(told: Sequence[_Told], place: int) -> bool:
    """Whether another marker stands beside one: "Lima y Callao (40)" is of both."""
    return any(told[other].marks for other in (place - 1, place + 1) if 0 <= other < len(told))


def _marked_before(run: Sequence[_Told], folded: str) -> bool:
    """Whether markers stand before their figures."""
    gaps: dict[bool, list[int]] = {True: [], False: []}
    for one, following in pairwise(run):
        between = folded[one.span[1] : following.span[0]]
        gaps[one.marks].append(2 if _STRONG.search(between) else 1 if _WEAK.search(between) else 0)
    behind_marker, behind_figure = fmean(gaps[True]), fmean(gaps[False])
    return run[0].marks if behind_marker == behind_figure else behind_marker < behind_figure
