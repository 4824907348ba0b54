"""Words for crimes -> :class:`~nlp.types.Crime`: events and topics, each with its article of the Penal Code.

Which words tell an act and which only name a topic stands in ``nlp/data/crime_triggers.csv``; the event assembler
reads the same table through :func:`crime_cues`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from nlp.lexicon import LexiconError, read_table
from nlp.phrases import Found, PhraseTable, Words, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.types import Crime, Label, Mention


class Part(StrEnum):
    """What a phrase is: a ``trigger`` tells or names one act, a ``term`` names a kind of crime, a criminal or a thing.

    A ``demand`` is a trigger where it is money that is asked for: "le pedían explicaciones" tells no crime. ``none`` are words
    in another sense: "se trata de".
    """

    TRIGGER = "trigger"
    TERM = "term"
    DEMAND = "demand"
    NONE = "none"


_MONEY = re.compile(
    r"s/|\$|\b(?:soles?|dolares|lucas|dinero|plata|cupos?|cuotas?|pag(?:o|os|ar|ue|uen|ara|aran)|montos?|sumas?|efectivo|cantidad(?:es)?|rescate|mil"
    r"|millon(?:es)?|porcentaje|comision(?:es)?|peajes?|colaboracion(?:es)?|semanal\w*|mensual\w*|diarios?|diarias?)\b"
)
_BEFORE, _AFTER = 60, 110
_STOP = re.compile(r"[.;\n](?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrimeCue:
    """What a phrase of ``crime_triggers.csv`` says."""

    crime: Crime
    part: Part
    event: bool
    """Whether the phrase, asserted in a sentence, is enough for an event."""


@lru_cache(maxsize=1)
def crime_types() -> dict[str, Crime]:
    """Every crime type by its id.

    Raises:
        LexiconError: ``crime_types.csv`` is missing or malformed.
    """
    columns = frozenset({"id", "label", "penal_code", "iccs"})
    return {
        row["id"]: Crime(type=row["id"], penal_code=row["penal_code"] or None, iccs=row["iccs"] or None)
        for row in read_table("crime_types.csv", columns)
    }


@lru_cache(maxsize=1)
def _cues() -> PhraseTable[CrimeCue]:
    columns = frozenset({"phrase", "type", "part", "event"})
    return PhraseTable([(row["phrase"], _cue(row)) for row in read_table("crime_triggers.csv", columns)])


def _cue(row: dict[str, str]) -> CrimeCue:
    if row["type"] not in crime_types() or row["part"] not in tuple(Part) or row["event"] not in ("yes", "no"):
        raise LexiconError(f"nlp/data/crime_triggers.csv: {row['phrase']!r}: unknown type, part or event")
    return CrimeCue(crime=crime_types()[row["type"]], part=Part(row["part"]), event=row["event"] == "yes")


def crime_cues(words: Words) -> tuple[Found[CrimeCue], ...]:
    """Words for crimes in a text, from left to right, the longest phrase at each place."""
    return tuple(found for found in _cues().find(words) if found.value.part is not Part.NONE)


def find_crimes(doc: Doc) -> Iterator[Mention]:
    """Every word for a crime, act or topic."""
    text = text_of(doc)
    words = words_of(text)
    for found in crime_cues(words):
        part = found.value.part
        if part is Part.DEMAND:
            if not _asks_money(words.folded, found.start, found.end):
                continue
            part = Part.TRIGGER
        yield Mention(
            label=Label.CRIME,
            start=found.start,
            end=found.end,
            text=text[found.start : found.end],
            value=found.value.crime,
            source=f"crime/{part}",
            score=0.9 if found.value.event else 0.7,
        )


def _asks_money(folded: str, start: int, end: int) -> bool:
    """Whether money is spoken of around a demand, in its sentence."""
    before = _STOP.split(folded[max(0, start - _BEFORE) : start])[-1]
    after = _STOP.split(folded[end : end + _AFTER], maxsplit=1)[0]
    return _MONEY.search(after) is not None or _MONEY.search(before) is not None


@Language.factory("crime_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del nlp, name
    _cues()
    return Recognizer(find_crimes)
