"""Full names of people -> :class:`~nlp.types.Person`, with role and nicknames.

A sequence of capitalised words (``names``) that begins with a known given name is a person, unless a street, a school or a
place bears it; one without needs an age, a nickname or a title beside it. The entity recogniser of the model is a weak cue.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.phrases import words_of
from nlp.recognizers import Recognizer
from nlp.recognizers.gangs.evidence import surroundings
from nlp.recognizers.persons.aliases import aliases_of
from nlp.recognizers.persons.names import FullName, full_names, names
from nlp.recognizers.persons.roles import Cues, cues_of, introduced, names_something_else, role_of
from nlp.types import Label, Mention, Person

_ACCEPT = 0.6
_BLOCKING = frozenset({Label.GANG, Label.PRISON})


def find_persons(doc: Doc) -> Iterator[Mention]:
    """Every full name of a person, in text order. Places, prisons and gangs found before it are respected."""
    words = words_of(doc.text)
    candidates = list(full_names(words))
    if not candidates:
        return
    starts = [sentence.start_char for sentence in doc.sents]
    cues = cues_of(words, starts)
    tells_crime = (doc._.triage is not None and doc._.triage.relevant) or surroundings(words, starts).tells_crime
    persons = [(entity.start_char, entity.end_char) for entity in doc.ents if entity.label_ == "PER"]
    for name in candidates:
        aliases = aliases_of(words.text, name.start, name.end)
        score = _score(name, cues, doc, persons, has_alias=bool(aliases))
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


def _score(name: FullName, cues: Cues, doc: Doc, persons: list[tuple[int, int]], *, has_alias: bool) -> float:
    if names_something_else(name, cues):
        return 0.0
    shown = has_alias or name.age_after or introduced(name, cues)
    score = name.score + (0.35 if shown else 0.0)
    score += 0.1 if any(start < name.end and name.start < end for start, end in persons) else 0.0
    for mention in doc._.mentions or ():
        if mention.start < name.end and name.start < mention.end:
            if mention.label in _BLOCKING:
                return 0.0
            if mention.label is Label.PLACE and not shown:
                score -= 0.3 if mention.start <= name.start and name.end <= mention.end else 0.1
    return score


@Language.factory("person_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del nlp, name
    names()
    return Recognizer(find_persons)
