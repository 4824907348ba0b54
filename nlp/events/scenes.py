"""Sentences -> scenes: stretches of an article that tell of one place and time.

A new scene begins where a sentence that tells an act names a day or a place which the scene so far excludes, or where a
cue such as "en otro hecho" or a dateline says so. A paragraph after a side scene goes to the scene that it shares most with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from nlp.lexicon import read_table
from nlp.phrases import PhraseTable, words_of
from nlp.qualify import Sentence, Zone
from nlp.types import (
    ArticleKind,
    Business,
    CountOf,
    Count,
    Crime,
    DatePrecision,
    DateSpan,
    Gang,
    Mention,
    Money,
    MoneyRole,
    Place,
    PlaceRole,
)

_DATELINE = re.compile(r"(?:\d{1,2}\. )?[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ ]{3,40}(?: \([^)]{3,30}\))?\s?(?:\.\s?[-–—]|[-–—:.]) ?")
_SCENE_ROLES = (PlaceRole.INCIDENT, PlaceRole.OPERATION)
ACT_MONEY = (
    MoneyRole.DEMANDED,
    MoneyRole.PAID,
    MoneyRole.RANSOM,
    MoneyRole.STOLEN,
    MoneyRole.SEIZED,
    MoneyRole.LOAN,
)
_ACT_COUNTS = (CountOf.DEAD, CountOf.INJURED, CountOf.ARRESTED, CountOf.KIDNAPPED)
_SAME_TIME = timedelta(days=1)


@dataclass(slots=True)
class Scene:
    """Sentences that tell of one place and time, in text order."""

    sentences: list[Sentence] = field(default_factory=list)
    main: bool = False
    """Whether it holds the title."""

    @property
    def mentions(self) -> list[Mention]:
        """All mentions, in text order."""
        return [mention for sentence in self.sentences for mention in sentence.mentions]

    def places(self) -> set[str]:
        """Codes of the places where it happened."""
        return {code for sentence in self.sentences for code in _places(sentence)}

    def days(self) -> list[DateSpan]:
        """When it happened, as far as days are told."""
        return [day for sentence in self.sentences for day in _days(sentence)]


@lru_cache(maxsize=1)
def scene_cues() -> PhraseTable[str]:
    """Phrases that announce another scene."""
    rows = read_table("scene_cues.csv", frozenset({"phrase", "note"}))
    return PhraseTable([(row["phrase"], row["phrase"]) for row in rows])


def tells_act(sentence: Sentence) -> bool:
    """Whether a sentence tells something that was done, as against a comment on it."""
    return any(_is_act(mention) for mention in sentence.mentions)


def _is_act(mention: Mention) -> bool:
    match mention.value:
        case Crime():
            return mention.source.endswith("trigger")
        case Money(role=role):
            return role in ACT_MONEY
        case Count(of=of):
            return of in _ACT_COUNTS
        case _:
            return False


def cut(sentences: Sequence[Sentence], text: str, kind: ArticleKind, published: datetime) -> list[Scene]:
    """The scenes of an article; the first holds the title. Asides belong to none."""
    del kind, published
    openers = _openers(sentences, text)
    main = Scene(main=True)
    scenes = [main]
    current = main
    paragraph = 0
    for position, sentence in enumerate(sentences):
        if sentence.zone is Zone.ASIDE:
            continue
        if sentence.zone is Zone.TITLE:
            main.sentences.append(sentence)
            continue
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            current = _home(scenes, current, [s for s in sentences[position:] if s.paragraph == paragraph])
        if sentence.zone is not Zone.HEADING and _opens(current, sentence, opener=sentence.index in openers):
            current = _known(scenes, sentence) or Scene()
            if current not in scenes:
                scenes.append(current)
        current.sentences.append(sentence)
    return scenes


def _openers(sentences: Sequence[Sentence], text: str) -> set[int]:
    """Sentences that announce another scene, by a cue phrase near their beginning, in a heading before, or by dateline."""
    starts = [found.start for found in scene_cues().find(words_of(text))]
    openers: set[int] = set()
    previous: Sentence | None = None
    announced = False
    for sentence in sentences:
        near = any(sentence.start <= start < sentence.start + 40 for start in starts)
        if sentence.zone is Zone.HEADING:
            announced = near
            previous = sentence
            continue
        fresh = previous is None or previous.paragraph != sentence.paragraph
        if near or announced or (fresh and sentence.paragraph > 1 and _DATELINE.match(text, sentence.start)):
            openers.add(sentence.index)
        announced = False
        previous = sentence
    return openers


def _opens(current: Scene, sentence: Sentence, *, opener: bool) -> bool:
    told = any(tells_act(s) for s in current.sentences if s.zone is not Zone.TITLE)
    if not told or not tells_act(sentence):
        return False
    if _excludes_days(current.days(), _days(sentence)):
        return True
    elsewhere = _excludes_places(current.places(), _places(sentence))
    return elsewhere and (opener or not _is_list(sentence)) or (opener and _own_facts(current, sentence))


def _own_facts(current: Scene, sentence: Sentence) -> bool:
    """Whether an announced scene brings a day or place of its own."""
    return bool(_places(sentence) - current.places()) or bool(_days(sentence))


def _is_list(sentence: Sentence) -> bool:
    return len(_places(sentence)) > 2


def _excludes_days(known: list[DateSpan], new: list[DateSpan]) -> bool:
    if not known or not new:
        return False
    return all(
        one.start > other.end + _SAME_TIME or other.start > one.end + _SAME_TIME for one in known for other in new
    )


def _excludes_places(known: set[str], new: set[str]) -> bool:
    if not known or not new:
        return False
    return not any(one.startswith(other) or other.startswith(one) for one in known for other in new)


def _places(sentence: Sentence) -> set[str]:
    return {
        mention.value.ubigeo
        for mention in sentence.mentions
        if isinstance(mention.value, Place)
        and mention.value.role in _SCENE_ROLES
        and mention.value.ubigeo is not None
        and len(mention.value.ubigeo) >= 4
    }


def _days(sentence: Sentence) -> list[DateSpan]:
    return [
        mention.value
        for mention in sentence.mentions
        if isinstance(mention.value, DateSpan) and mention.value.precision is not DatePrecision.UNKNOWN
    ]


def _known(scenes: Sequence[Scene], sentence: Sentence) -> Scene | None:
    """An earlier scene that has both the day and the place of a sentence: the article comes back to it."""
    days, places = _days(sentence), _places(sentence)
    if not days or not places:
        return None
    for scene in scenes:
        same_day = scene.days() and not _excludes_days(scene.days(), days)
        same_place = scene.places() and not _excludes_places(scene.places(), places)
        if same_day and same_place:
            return scene
    return None


def _home(scenes: Sequence[Scene], current: Scene, paragraph: Sequence[Sentence]) -> Scene:
    """The scene that a new paragraph goes on with: the one it shares most names with, else the one before it."""
    names = _names(paragraph)
    shared = [(len(names & _names(scene.sentences)), scene is current, -i) for i, scene in enumerate(scenes)]
    best = max(shared)
    return scenes[-best[2]] if best[0] else current


def _names(sentences: Sequence[Sentence]) -> set[str]:
    names: set[str] = set()
    for sentence in sentences:
        for mention in sentence.mentions:
            match mention.value:
                case Gang(name=name):
                    names.add(name)
                case Business(category=category):
                    names.add(category)
                case Place(ubigeo=str(code)) if len(code) == 6:
                    names.add(code)
                case _:
                    pass
    return names
