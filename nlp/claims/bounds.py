"""What bounds a figure: the words before it that make it a least or a most, a rough figure or the beginning of a range."""

from __future__ import annotations

import re

from nlp.numbers import Number
from nlp.types import Comparator

_OVER = re.compile(
    r"\b(?:mas del?|al menos|no menos de|por lo menos|por encima del?|(?:super|sobrepas|rebas)(?:an?|o|aron|aba|aban|ar|aria|arian|ando|ado|e|en)) (?:a )?(?:los |las |el |un )?$"
)
_PASSES = re.compile(r"\bpas(?:an?|aban?) de (?:los |las )$|\bpas(?:an|aban) de $")
"""Before a number: more than so many, unless a change begins there."""
_UNDER = re.compile(
    r"\b(?:menos del?|(?<!lleva )(?<!llevan )(?<!van )(?<!suma )(?<!suman )hasta(?: en)?|no llegan? al?|por debajo del?) (?:los |las |el |un )?$"
)
_AROUND = re.compile(
    r"\b(?:unos|unas|cerca del?|casi|alrededor del?|aproximadamente|un (?:aproximado|estimado) de|mas o menos|(?:bordea|ronda)(?:n)?(?: (?:los|las|el))?|cercan[oa]s? a) (?:los |las |el |un )?$"
)
_DEFINITE = re.compile(r"\b(?:los|las) $")
_KNOWN = re.compile(
    r"[^.,;:()\d]{0,40}?(?: \([^()]{1,20}\))? (?:de(?:l)? (?:ano )?(?:20\d\d|pasado|anterior)\b|(?:registr|report|contabiliz)ad[oa]s\b)"
)
"""After a number: how many there were before, which others are compared to ("supera las 350 de 2024")."""
_BETWEEN = re.compile(r"\bentre (?:el )?$")


def bounded(number: Number, folded: str) -> tuple[int, float | None, float | None, Comparator]:
    """Where a number begins with its bound words, the least and most that it says, and how."""
    start, comparator = bound_before(number, folded)
    low = None if comparator is Comparator.UNDER else number.value
    high = None if comparator is Comparator.OVER else number.value
    return start, low, high, comparator


def bound_before(number: Number, folded: str) -> tuple[int, Comparator]:
    """Where a number begins with its bound words, and how they bound it."""
    before = folded[max(0, number.start - 24) : number.start]
    for pattern, comparator in (
        (_BETWEEN, Comparator.BETWEEN),
        (_OVER, Comparator.OVER),
        (_UNDER, Comparator.UNDER),
        (_AROUND, Comparator.AROUND),
    ):
        match = pattern.search(before)
        if match and comparator is Comparator.OVER and _DEFINITE.search(match[0]) and _KNOWN.match(folded, number.end):
            break
        if match:
            return number.start - (len(before) - match.start()), comparator
    passed = _PASSES.search(before)
    if passed and " a " not in folded[number.start : number.end]:
        return number.start - (len(before) - passed.start()), Comparator.OVER
    return number.start, Comparator.AROUND if number.vague else Comparator.EXACTLY
