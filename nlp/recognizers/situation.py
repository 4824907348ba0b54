"""Where a candidate stands, as features: the article, the part of it, and what else its sentence names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from nlp.types import Business, Count, Mention, Money, Person, Triage
from nlp.weighing import Features

TOLD = ", role told"
"""Ends the source of a mention of whose role the words beside it tell: no model knows better."""
_LEAD = 350
"""Characters after the title that make the lead."""
_OF_ARTICLE = 0.7
"""What holds for the whole article tells so much less of one candidate."""
_CRIMES = 3
_BESIDE = 12
"""Mentions that are looked at on either side of a candidate."""


def situation(text: str, start: int, end: int, triage: Triage | None) -> Features:
    """Features of ``text[start:end]`` by its article and the part of it; with the bias that every candidate has."""
    title = max(0, text.find("\n"))
    part = "title" if end <= title else "lead" if start < title + _LEAD else "body"
    found = {"bias": 1.0, f"part:{part}": 1.0}
    if triage is not None:
        found[f"kind:{triage.kind}"] = found[f"relevant:{triage.relevant}"] = 1.0
        found.update({f"crime:{crime}": _OF_ARTICLE for crime in triage.crime_types[:_CRIMES]})
    return found


class Neighbours:
    """The mentions of a text by where they stand: those about a place cost no more however many there are."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._mentions = sorted(mentions, key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self._mentions]

    def about(self, start: int) -> list[Mention]:
        """The mentions next to an offset, on either side."""
        at = bisect_left(self._starts, start)
        return self._mentions[max(0, at - _BESIDE) : at + _BESIDE]

    def within(self, begin: int, end: int) -> list[Mention]:
        """The mentions that begin between two offsets."""
        return self._mentions[bisect_left(self._starts, begin) : bisect_left(self._starts, end)]


def company(mentions: Iterable[Mention], start: int, end: int, sentence: tuple[int, int]) -> Features:
    """Features of ``text[start:end]`` by the other mentions of its sentence."""
    return {
        f"with:{mention.label}{_role(mention)}": 1.0
        for mention in mentions
        if sentence[0] <= mention.start
        and mention.end <= sentence[1]
        and not (mention.start < end and start < mention.end)
    }


def _role(mention: Mention) -> str:
    match mention.value:
        case Money(role=role) | Person(role=role) | Business(role=role):
            return f":{role}"
        case Count(of=of):
            return f":{of}"
        case _:
            return ""
