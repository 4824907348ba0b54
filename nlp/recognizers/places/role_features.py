"""What the text shows of a place that bears on its role: the cues around its name, and where in the article it stands.

Cues stand in ``nlp/data/place_role_cues.csv`` by group. Every feature is a name and a value from 0 to 1; what a feature
says for each role stands in ``nlp/data/place_role_weights.csv``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.gazetteer import PERU, contains
from nlp.lexicon import read_table
from nlp.phrases import Found, PhraseTable
from nlp.recognizers.places.belief import Believed
from nlp.recognizers.places.evidence import ABBREVIATIONS, heads
from nlp.recognizers.places.layout import CONNECTORS, Layout
from nlp.recognizers.places.spot import Spot
from nlp.types import ArticleKind, Count, DateSpan, Mention, Money, PlaceLevel, Triage
from nlp.weighing import Features, words_around

_HALF = 50
"""Distance, in characters, at which a cue of the sentence counts half."""
_REACH = 300
_CROSSED = ("zone:", "level:", "title:", "lead:")
"""Features that mean another thing in articles that tell what happened."""
_CLAUSE_END = re.compile(r"[;:()—«»“”]|, | y | pero | mientras | aunque | donde | que ")
_PREPOSITIONS = frozenset(
    {"en", "de", "del", "a", "al", "desde", "hasta", "hacia", "entre", "por", "para", "con", "y", "e"}
)
_DATELINE = re.compile(
    r"(?:\s?\([^()\n]{2,30}\)|, [A-ZÁÉÍÓÚÑ][\wáéíóúñ ]{2,20})?\s?"
    r"(?:\.\s?[-–—]|\.\s?\([^()\n]{2,40}\)\s?[.-]|\s[-–—]\s|:\s|,? \d{1,2} (?:de )?[a-z]{3,10}\b|, [a-z]{3}\. \d)"
)
_STOP = re.compile(r"\. (?=[A-ZÁÉÍÓÚÑ¿¡0-9\"“])")
_SURE = 0.5
_FAMILY = {
    **dict.fromkeys(("kill", "shoot", "explode", "extort", "rob", "kidnap"), "act"),
    **dict.fromkeys(("arrest", "raid", "seize"), "police"),
    **dict.fromkeys(("stats", "policy", "court", "says", "expert"), "talk"),
}
"""What groups of cues have in common."""
_TELLS = frozenset({ArticleKind.INCIDENT, ArticleKind.ROUNDUP, ArticleKind.JUDICIAL})
"""Kinds of articles that tell what happened somewhere."""


@lru_cache(maxsize=1)
def _cues() -> PhraseTable[str]:
    rows = read_table("place_role_cues.csv", frozenset({"cue", "group"}))
    return PhraseTable([(row["cue"], row["group"]) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSeen:
    """A place of the text as far as it is known before its role."""

    name: Believed
    code: str | None
    level: PlaceLevel | None


class RoleFeatures:
    """Features of the places of one text; ``mentions`` are those that other recognizers found so far."""

    def __init__(
        self,
        layout: Layout,
        places: Sequence[PlaceSeen],
        prisons: Sequence[tuple[int, int]],
        triage: Triage | None,
        mentions: Sequence[Mention],
    ) -> None:
        self._layout, self._places, self._prisons, self._triage = layout, places, prisons, triage
        self._tells = triage is not None and triage.relevant and triage.kind in _TELLS
        text = layout.text
        self._title_end = max(0, text.find("\n"))
        self._lines = [0, *(m.end() for m in re.finditer(r"\n+", text))]
        self._titled = "\n" in text
        self._cues = _cues().find(layout.words)
        self._cue_starts = [cue.start for cue in self._cues]
        self._mentions = sorted((m for m in mentions if _telling(m)), key=lambda m: m.start)
        self._mention_starts = [m.start for m in self._mentions]
        self._keys = Counter(place.name.spot.key for place in places)
        self._title_codes = [p.code for p in places if p.code and p.name.spot.start < self._title_end]
        self._lead_codes = [
            p.code
            for p in places
            if p.code and p.name.spot.start >= self._title_end and self._line(p.name.spot.start) == 1
        ]
        self._listed = {p.name.listed for p in places if p.name.listed is not None}
        self._held = {p.name.parent for p in places if p.name.parent is not None}

    @property
    def tells_no_crime(self) -> bool:
        """Whether the article is known to report no crime: its places are named in passing."""
        return self._triage is not None and not self._triage.relevant

    def all(self) -> list[Features]:
        """The features of each place, in order."""
        seen: set[str] = set()
        found: list[Features] = []
        for index, place in enumerate(self._places):
            features = {"bias": 1.0}
            features.update(self._article())
            features.update(self._position(place, first=place.name.spot.key not in seen))
            features.update(self._name(index, place))
            if self._tells:
                features.update(
                    {f"told:{name}": value for name, value in features.items() if name.startswith(_CROSSED)}
                )
            features.update(self._surroundings(place.name.spot))
            if place.name.listed is not None:
                features.update(_inherited(found[place.name.listed]))
            seen.add(place.name.spot.key)
            found.append(features)
        return found

    def is_dateline(self, spot: Spot) -> bool:
        """Whether the body begins with the place, set off from its text: "CHICLAYO.- …"."""
        return self._line(spot.start) == 1 and self._is_heading(spot)

    def _article(self) -> Features:
        if self._triage is None:
            return {}
        if not self._triage.relevant:
            return {"article:irrelevant": 1.0, "article:score": self._triage.score}
        return {f"article:{self._triage.kind}": 1.0, "article:score": self._triage.score}

    def _line(self, offset: int) -> int:
        """Number of the line at an offset; the title, if there is one, is 0, the first paragraph 1."""
        return bisect_right(self._lines, offset) - self._titled

    def _is_heading(self, spot: Spot) -> bool:
        text = self._layout.text
        if not (spot.start > self._title_end > 0 and self._layout.begins_line(spot.start)):
            return False
        if _STOP.match(text, spot.end) is not None:
            return True
        return _DATELINE.match(text, spot.end) is not None

    def _position(self, place: PlaceSeen, *, first: bool) -> Features:
        spot, line = place.name.spot, self._line(place.name.spot.start)
        zone = "title" if line == 0 else "lead" if line == 1 else "body"
        found = {f"zone:{zone}": 1.0}
        if self._is_heading(spot):
            found["heading"] = 1.0  # of a part of its own, wherever it stands
        elif zone == "body":
            found["late"] = (line - 1) / max(1, len(self._lines) - 2)
        if self._layout.text.startswith(": ", spot.end) and self._layout.begins_line(spot.start):
            found[f"titled:{zone}"] = 1.0
        if self._keys[spot.key] > 1:
            found["repeated"] = min(1.0, (self._keys[spot.key] - 1) / 3)
        if first:
            found["first"] = 1.0
        found.update(self._against("title", place, self._title_codes) if line else {})
        found.update(self._against("lead", place, self._lead_codes) if line > 1 else {})
        return found

    def _against(self, zone: str, place: PlaceSeen, codes: Sequence[str]) -> Features:
        """How a place lies to those of the title or lead: the same, inside, around, near, far; none there."""
        if not codes:
            return {f"{zone}:none": 1.0}
        if place.code is None:
            return {f"{zone}:unknown": 1.0}
        relations = {_relation(place.code, other) for other in codes}
        best = next(relation for relation in ("same", "inside", "around", "near", "far") if relation in relations)
        return {f"{zone}:{best}": 1.0}

    def _name(self, index: int, place: PlaceSeen) -> Features:
        spot = place.name.spot
        level = place.level or PlaceLevel.DISTRICT
        found = {f"level:{level}": 1.0}
        if place.code == PERU:
            found["peru"] = 1.0
        if spot.institution:
            found["institution"] = 1.0
        if spot.head is not None:
            found[f"head:{spot.head}"] = 1.0
        if spot.open:
            found["open"] = 1.0
        if place.name.listed is not None or index in self._listed:
            found["listed"] = 1.0
        if place.name.parent is not None:
            found["inner"] = 1.0
        if index in self._held:
            found["outer"] = 1.0
        if any(0 <= spot.start - end <= 8 for _, end in self._prisons):
            found["after_prison"] = 1.0
        return found

    def _surroundings(self, spot: Spot) -> Features:
        """Cues and other mentions of the sentence; of the next one, too, when the place heads a paragraph."""
        begin, end = self._sentence(spot.sentence)
        if self._is_heading(spot):
            end = self._sentence(spot.sentence + 1)[1]
        found = self._before(spot)
        if self._triage is not None and self._triage.relevant:
            found.update(words_around(self._layout.words, spot.start, spot.end, self._sentence(spot.sentence)))
        for name, value in self._said(spot, begin, end):
            found[name] = max(found.get(name, 0.0), value)
        for mention in self._mentions_in(begin, end):
            found[f"with:{_kind_of(mention)}"] = 1.0
        if begin <= self._lines[bisect_right(self._lines, spot.start) - 1]:
            found["opens"] = 1.0
        return found

    def _said(self, spot: Spot, begin: int, end: int) -> Iterator[tuple[str, float]]:
        """Groups of the cues between two offsets: on which side, whether in the same clause, the nearest, one that touches."""
        left, right = self._clause(spot, begin, end)
        anchor = self._anchor(spot)
        nearest: tuple[int, str] | None = None
        for cue in self._cues_in(max(begin, spot.start - _REACH), min(end, spot.end + _REACH)):
            if cue.first < spot.after and cue.after > spot.first:
                continue
            before = cue.end <= spot.start
            distance = spot.start - cue.end if before else cue.start - spot.end
            for group in _groups(cue.value):
                yield f"{'before' if before else 'after'}:{group}", _HALF / (_HALF + distance)
                if left <= cue.start < right:
                    yield f"clause:{group}", _HALF / (_HALF + distance)
            if before and cue.after > anchor:
                yield f"touch:{cue.value}", 1.0
            if nearest is None or distance < nearest[0]:
                nearest = distance, cue.value
        if nearest is not None:
            yield from ((f"near:{group}", 1.0) for group in _groups(nearest[1]))

    def _clause(self, spot: Spot, begin: int, end: int) -> tuple[int, int]:
        """Offsets of the clause that a place stands in."""
        text = self._layout.text
        after = _CLAUSE_END.search(text, spot.end, end)
        left = max((m.end() for m in _CLAUSE_END.finditer(text, begin, spot.start)), default=begin)
        return left, after.start() if after else end

    def _before(self, spot: Spot) -> Features:
        word = self._layout.words.words[spot.first - 1] if self._layout.adjacent(spot.first - 1) else ""
        if spot.head is None and word in CONNECTORS - {"y", "de", "del"} and self._layout.adjacent(spot.first - 2):
            word = self._layout.words.words[spot.first - 2]
        prep = self._preposition(spot)
        return {f"prep:{prep}": 1.0} if prep else {"prep:none": 1.0}

    def _preposition(self, spot: Spot) -> str | None:
        """The preposition before a place and its head."""
        words = self._layout.words.words
        index = self._anchor(spot)
        for at in range(min(index + 1, spot.first - 1), spot.first):
            if words[at] in _PREPOSITIONS:
                return words[at]
        return None

    def _anchor(self, spot: Spot) -> int:
        """Index of the last word before a place that is no head, article or preposition of it."""
        words, index = self._layout.words.words, spot.first - 1
        while index >= 0 and spot.first - index < 8 and self._layout.joined(index):
            word = words[index]
            if (
                word not in CONNECTORS
                and word not in _PREPOSITIONS
                and word not in heads()
                and word not in ABBREVIATIONS
            ):
                break
            index -= 1
        return index

    def _sentence(self, number: int) -> tuple[int, int]:
        starts, length = self._layout.sentences, len(self._layout.text)
        begin = starts[number] if number < len(starts) else length if number else 0
        return begin, starts[number + 1] if number + 1 < len(starts) else length

    def _cues_in(self, begin: int, end: int) -> Sequence[Found[str]]:
        return self._cues[bisect_left(self._cue_starts, begin) : bisect_left(self._cue_starts, end)]

    def _mentions_in(self, begin: int, end: int) -> Sequence[Mention]:
        return self._mentions[bisect_left(self._mention_starts, begin) : bisect_left(self._mention_starts, end)]


def _groups(group: str) -> tuple[str, ...]:
    return (group, _FAMILY[group]) if group in _FAMILY else (group,)


def _inherited(before: Features) -> Features:
    """What stands before the first of a list is said of all: "natural de Ica y Pisco"."""
    return {name: value for name, value in before.items() if name.startswith("touch:")}


def _telling(mention: Mention) -> bool:
    return isinstance(mention.value, DateSpan | Count | Money) and mention.score >= _SURE


def _kind_of(mention: Mention) -> str:
    match mention.value:
        case Count(of=of):
            return f"count_{of}"
        case Money(role=role):
            return f"money_{role}"
        case DateSpan(precision=precision):
            return f"date_{precision}"
        case _:
            return "other"


def _relation(code: str, other: str) -> str:
    if code == other:
        return "same"
    if contains(other, code):
        return "inside"
    if contains(code, other):
        return "around"
    return "near" if code[:4] == other[:4] and code.isdigit() else "far"
