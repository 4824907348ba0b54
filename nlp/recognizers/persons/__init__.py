"""Full names of people -> :class:`~nlp.types.Person`, with role and nicknames.

A sequence of capitalised words (``names``) that begins with a known given name is a person, unless a street, a school or a
place bears it; one without needs an age, a nickname or a title beside it. The entity recogniser of the model is a weak cue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from nlp.phrases import Covered, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.recognizers.gangs.evidence import surroundings
from nlp.recognizers.persons.aliases import aliases_of
from nlp.recognizers.persons.names import FullName, full_names, names
from nlp.recognizers.persons.roles import Cues, cues_of, introduced, names_something_else, role_of
from nlp.sentences import sentence_spans
from nlp.types import Label, Mention, Person

_ACCEPT = 0.6
_BLOCKING = frozenset({Label.GANG, Label.PRISON})


def find_persons(doc: Doc) -> Iterator[Mention]:
    """Every full name of a person, in text order. Places, prisons and gangs found before it are respected."""
    words = words_of(text_of(doc))
    candidates = list(full_names(words))
    if not candidates:
        return
    starts = [start for start, _ in sentence_spans(doc)]
    cues = cues_of(words, starts)
    tells_crime = (doc._.triage is not None and doc._.triage.relevant) or surroundings(words, starts).tells_crime
    taken = _taken(doc, len(words.text))
    for name in candidates:
        aliases = aliases_of(words.text, name.start, name.end)
        score = _score(name, cues, taken, has_alias=bool(aliases))
        if score >= _ACCEPT:
            role = role_of(name, cues, has_alias=bool(aliases), tells_crime=tells_crime)
            yield Mention(
                label=Label.PERSON,
                start=name.start,
                end=name.end,
                text=name.text,
                value=Person(name=name.text, role=role, aliases=aliases),
                source="person/given_name" if name.known else "person/context",
                score=round(min(score, 0.97), 2),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """Characters that the model holds for people, and that other recognizers took before."""

    persons: Covered
    blocked: Covered
    places: Covered


def _taken(doc: Doc, length: int) -> _Taken:
    mentions = doc._.mentions or ()
    return _Taken(
        persons=Covered(length, ((ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == "PER")),
        blocked=Covered(length, ((m.start, m.end) for m in mentions if m.label in _BLOCKING)),
        places=Covered(length, ((m.start, m.end) for m in mentions if m.label is Label.PLACE)),
    )


def _score(name: FullName, cues: Cues, taken: _Taken, *, has_alias: bool) -> float:
    if names_something_else(name, cues) or taken.blocked.meets(name.start, name.end):
        return 0.0
    shown = has_alias or name.age_after or introduced(name, cues)
    score = name.score + (0.35 if shown else 0.0)
    score += 0.1 if taken.persons.meets(name.start, name.end) else 0.0
    if not shown and taken.places.meets(name.start, name.start + 1) and taken.places.meets(name.end - 1, name.end):
        score -= 0.3
    return score


@Language.factory("person_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del nlp, name
    names()
    return Recognizer(find_persons)
