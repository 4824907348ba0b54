"""What happened, or is, at a place, by the cues of its sentence (``nlp/data/place_cues.csv``)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.recognizers.places.belief import Believed
from nlp.recognizers.places.layout import Layout
from nlp.recognizers.places.spot import Spot
from nlp.types import ArticleKind, PlaceLevel, PlaceRole, Triage

_WHERE = frozenset({"touching", "before", "sentence"})
_BEFORE = 45
"""Characters before a place in which a cue that must come before it is looked for."""
_HALF = 60
"""Distance, in characters, at which a cue of the sentence counts half."""
_REACH = 400
"""Characters beyond which a cue says nothing."""
_HALF_OF_TITLE = 400
_OPENS = 4
"""Characters of the body within which a dateline begins; set off later, a place heads a part of a round-up."""
_CONTEXT = 0.6
"""Weight of ``context`` before any cue."""
_SHARED = frozenset({PlaceRole.ORIGIN, PlaceRole.ROUTE, PlaceRole.GANG_BASE, PlaceRole.OPERATION})
_TOUCHING = 6
"""Characters that may stand between a cue and the place that it touches ("natural de la …")."""
_DATELINE = re.compile(r"(?:\s?\([^()\n]{2,30}\))?\s?(?:\.\s?[-–—]|\.\s?\([^()\n]{2,40}\)\s?[.-]|\s[-–—]\s|:\s)")

_STOP = re.compile(r"\. (?=[A-ZÁÉÍÓÚÑ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    role: PlaceRole
    where: str
    weight: float


@lru_cache(maxsize=1)
def _cues() -> tuple[re.Pattern[str], dict[str, _Cue]]:
    """One pattern with a group for each cue, so that a sentence is read once."""
    parts, cues = [], {}
    for number, row in enumerate(read_table("place_cues.csv", frozenset({"cue", "role", "where", "weight"}))):
        if row["where"] not in _WHERE:
            raise LexiconError(
                f"nlp/data/place_cues.csv: {row['cue']}: where is {row['where']!r}, not one of {sorted(_WHERE)}"
            )
        cues[f"c{number}"] = _Cue(role=PlaceRole(row["role"]), where=row["where"], weight=float(row["weight"]))
        parts.append(f"(?P<c{number}>{row['cue']})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"), cues


_TELLS = frozenset({ArticleKind.INCIDENT, ArticleKind.ROUNDUP, ArticleKind.JUDICIAL})
"""Kinds of articles that tell what happened somewhere."""
_PRIOR = {PlaceLevel.DISTRICT: 0.7, PlaceLevel.PROVINCE: 0.4}
"""Weight of ``incident`` before any cue, in such an article."""
_DULL = 0.6
"""Cues count less in articles that do not tell one event."""


class Roles:
    """The roles of the places of one text; ``triage`` is its triage, if that was done."""

    def __init__(self, layout: Layout, prisons: tuple[tuple[int, int], ...], triage: Triage | None) -> None:
        self._layout, self._prisons = layout, prisons
        self._relevant = triage is None or triage.relevant
        self._tells = triage is not None and triage.kind in _TELLS
        self._dull = triage is not None and triage.kind not in _TELLS
        self._title_end = layout.text.find("\n")
        self._first_line = self._title_end + 2
        self._found: dict[int, list[tuple[int, int, _Cue]]] = {}

    def roles(self, names: Sequence[Believed], levels: Sequence[PlaceLevel | None]) -> list[PlaceRole]:
        """The role of each place. What is listed shares a role; so does a larger place with the one that it is named for."""
        roles = [self._role(name.spot, level) for name, level in zip(names, levels, strict=True)]
        for index, name in enumerate(names):
            if name.listed is not None and roles[name.listed] in _SHARED:
                roles[index] = roles[name.listed]
        for index, name in enumerate(names):
            if name.parent is not None and not names[name.parent].spot.institution:
                roles[name.parent] = roles[index]
        return roles

    def _role(self, spot: Spot, level: PlaceLevel | None) -> PlaceRole:
        """Its strongest cue decides, ``context`` when there is none."""
        heading = self._is_heading(spot)
        if heading and self._first_line <= spot.start < self._first_line + _OPENS:
            return PlaceRole.DATELINE
        if not self._relevant or spot.institution:
            return PlaceRole.CONTEXT
        scores: dict[PlaceRole, float] = defaultdict(float)
        scores[PlaceRole.CONTEXT] = _CONTEXT
        if self._tells:
            scores[PlaceRole.INCIDENT] = _PRIOR.get(level or PlaceLevel.DISTRICT, 0.0)
        if any(0 <= spot.start - end <= 8 for _, end in self._prisons):
            scores[PlaceRole.PRISON] = 3.0
        for start, end, cue in self._cues_near(spot, heading=heading):
            weight = self._weight(cue, start, end, spot)
            scores[cue.role] = max(scores[cue.role], weight)
        return max(scores, key=lambda role: scores[role])

    def _is_heading(self, spot: Spot) -> bool:
        """Whether a paragraph of the body begins with the place, set off from its text: "CHICLAYO.- …"."""
        text = self._layout.text
        if not (spot.start > self._title_end > 0 and self._layout.begins_line(spot.start)):
            return False
        shouted = text[spot.start : spot.end].isupper() and _STOP.match(text, spot.end) is not None
        return shouted or (_DATELINE.match(text, spot.end) is not None and text[spot.end] in ".( -–—")

    def _cues_near(self, spot: Spot, *, heading: bool) -> Iterator[tuple[int, int, _Cue]]:
        """Cues of the sentence of a place; of the next one, too, when the place heads a paragraph."""
        for number in range(spot.sentence, spot.sentence + (2 if heading else 1)):
            found = self._of_sentence(number)
            near = bisect_left(found, spot.start - _REACH, key=lambda item: item[0])
            yield from found[near : bisect_left(found, spot.end + _REACH, key=lambda item: item[0])]

    def _weight(self, cue: _Cue, start: int, end: int, spot: Spot) -> float:
        before = spot.start - end
        match cue.where:
            case "touching":
                return cue.weight if 0 <= before <= _TOUCHING else 0.0
            case "before":
                return cue.weight if 0 <= before <= _BEFORE else 0.0
            case _:
                distance = max(before, start - spot.end, 0)
                half = _HALF_OF_TITLE if spot.start < self._title_end else _HALF
                return cue.weight * half / (half + distance) * (_DULL if self._dull else 1.0)

    def _of_sentence(self, number: int) -> list[tuple[int, int, _Cue]]:
        if number not in self._found:
            starts = self._layout.sentences
            begin = starts[number] if number < len(starts) else len(self._layout.text) if number else 0
            end = starts[number + 1] if number + 1 < len(starts) else len(self._layout.text)
            pattern, cues = _cues()
            matches = pattern.finditer(self._layout.words.folded, begin, end)
            self._found[number] = [(m.start(), m.end(), cues[m.lastgroup]) for m in matches if m.lastgroup]
        return self._found[number]
