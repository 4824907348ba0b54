"""Sentences that announce another scene: by a cue phrase, by a heading that tells a matter of its own, by a dateline."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import IntEnum, auto
from functools import lru_cache

from nlp.events.acts import KILLINGS, triggers
from nlp.lexicon import LexiconError, fold, read_table
from nlp.phrases import PhraseTable, words_of
from nlp.qualify import Sentence, Zone

_DATELINE = re.compile(
    r"(?:\d{1,2}[.)] |[-•–*] ?)?[¡¿]?[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ ,]{3,40}(?: \([^)]{3,30}\))?[!?]?\s?(?:\.\s?[-–—]|[-–—:.]) ?"
)
_CUE_REACH = 40
_COUNTED = (
    *("tercer", "tercera", "cuarto", "cuarta", "quinto", "quinta", "sexto", "sexta", "séptimo", "séptima"),
    *("octavo", "octava", "noveno", "novena", "décimo", "décima"),
)
_ORDINALS = ("primer", "primera", "segundo", "segunda", *_COUNTED, "otro", "otra")
_FOLDED_COUNTED, _FOLDED_ORDINALS = frozenset(map(fold, _COUNTED)), frozenset(map(fold, _ORDINALS))
_MATTERS = KILLINGS | (
    {"secuestro", "violacion"}
    | {"robo", "robo_agravado", "hurto", "hurto_agravado", "trata", "trata_agravada", "trafico_migrantes", "tid"}
)
"""Crimes that a heading tells as another matter, unlike threats, attacks and arms, which are means of what went before."""
_COUNTS_UP = re.compile(r"\b(?:es|era|fue|ser[ií]a|trat(?:a|aba|ar[ií]a) del?)\s(?:el\s|la\s)?$", re.IGNORECASE)
"""Before a cue that numbers what was told instead of going on to another: "es el tercer ataque del mes"."""


class Opening(IntEnum):
    """How surely a sentence begins another scene, the surest last."""

    DAY_OR_PLACE = auto()
    """When it tells a day or a place: "días antes"."""
    MATTER = auto()
    """At the beginning of a paragraph that tells a crime or arrests too: "por otro lado"."""
    CRIME = auto()
    """The same, and it names the crime itself: "el segundo ataque"."""
    DATELINE = auto()
    """In any case: it begins with a place."""


_OPENINGS = {"no": Opening.DAY_OR_PLACE, "yes": Opening.MATTER, "crime": Opening.CRIME}


@lru_cache(maxsize=1)
def scene_cues() -> PhraseTable[Opening]:
    """Phrases that announce another scene; those that do ``alone`` need no day and no place beside them.

    In the table ``#`` stands for any of :data:`_ORDINALS`.

    Raises:
        LexiconError: a row says something else than yes, no or crime.
    """
    rows = list(read_table("scene_cues.csv", frozenset({"phrase", "alone", "note"})))
    for row in rows:
        if row["alone"] not in _OPENINGS:
            raise LexiconError(
                f"nlp/data/scene_cues.csv: {row['phrase']!r}: alone is {row['alone']!r}, not one of {[*_OPENINGS]}"
            )
    return PhraseTable(
        [
            (row["phrase"].replace("#", ordinal), _OPENINGS[row["alone"]])
            for row in rows
            for ordinal in (_ORDINALS if "#" in row["phrase"] else ("",))
        ]
    )


def openers_of(sentences: Sequence[Sentence], text: str) -> dict[int, Opening]:
    """Sentences that announce another scene: by a cue phrase near their beginning or in the heading, or by a dateline."""
    cues = list(_cues(text))
    starts = [start for start, _ in cues]
    openers: dict[int, Opening] = {}
    previous: Sentence | None = None
    announced: list[Opening] = []
    known: set[str] = set()
    for sentence in sentences:
        reach = (bisect_left(starts, sentence.start), bisect_left(starts, sentence.start + _CUE_REACH))
        near = [opening for _, opening in cues[slice(*reach)]]
        fresh = previous is None or previous.paragraph != sentence.paragraph
        previous = sentence
        if sentence.zone is Zone.HEADING:
            own_matter = text[sentence.start] != "¿" and (triggers(sentence) & _MATTERS) - known
            announced = [*near, *([Opening.MATTER] if own_matter else [])]
            continue
        known |= triggers(sentence)
        dateline = fresh and sentence.paragraph > 1 and bool(_DATELINE.match(text, sentence.start))
        openings = [*near, *announced, *([Opening.DATELINE] if dateline else [])]
        if openings:
            openers[sentence.index] = max(openings)
        announced = []
    return openers


def _cues(text: str) -> Iterator[tuple[int, Opening]]:
    """Cue phrases with their starts. A third one or a later one goes on to another only where others were counted before it."""
    counting = False
    for found in scene_cues().find(words_of(text)):
        if _COUNTS_UP.search(text, max(0, found.start - _CUE_REACH), found.start):
            continue
        first = fold(text[found.start : found.end].split(maxsplit=1)[0])
        if counting or first not in _FOLDED_COUNTED:
            yield found.start, found.value
            counting = counting or first in _FOLDED_ORDINALS
