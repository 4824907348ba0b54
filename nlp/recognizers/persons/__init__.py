"""Full names of people -> :class:`~nlp.types.Person`, with role and nicknames.

A sequence of capitalised words (``names``) that begins with a known given name is a person, unless a street, a school or a
place bears it; one without needs an age, a nickname or a title beside it. Where that leaves it open, the entity recogniser of
the Spanish model decides; it reads only the sentences where it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from nlp.lexicon import fold
from nlp.phrases import Covered, Words, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.recognizers.gangs.evidence import surroundings
from nlp.recognizers.persons.aliases import aliases_of
from nlp.recognizers.persons.names import FullName, full_name, full_names, names, signs
from nlp.recognizers.persons.parties import in_office, parties, said_beside
from nlp.recognizers.persons.roles import Cues, cues_of, introduced, names_something_else, told_role
from nlp.recognizers.persons.weighed import (
    SPEAKS,
    PersonSeen,
    is_bystander,
    likeliest,
    person_features,
    person_weights,
)
from nlp.recognizers.situation import TOLD, Neighbours
from nlp.sentences import sentence_spans
from nlp.types import Label, Mention, Person, PersonRole
from nlp.weighing import Features

_ACCEPT, _MODEL = 0.7, 0.1
_BLOCKING = frozenset({Label.GANG, Label.PRISON})


SeesPerson = Callable[[Doc, int, int], bool]
"""Whether a model sees a person between two characters of a doc."""


def find_persons(doc: Doc, sees_person: SeesPerson) -> Iterator[Mention]:
    """Every full name of a person, in text order. Places, prisons and gangs found before it are respected."""
    people = read_persons(doc, sees_person)
    text = text_of(doc)
    spans = [(each.name.start, each.name.end) for each in people]
    numbers = parties(spans, text)
    shares = person_weights().probabilities([each.features for each in people], numbers)
    roles = [likeliest(share, each.features) for share, each in zip(shares, people, strict=True)]
    said = said_beside(spans, numbers, text)
    for seen, number in zip(people, numbers, strict=True):
        if seen.told is not None:
            said.setdefault(number, seen.told)
    officers = in_office(spans, numbers, text) - said.keys()
    for seen, weighed, number in zip(people, roles, numbers, strict=True):
        officer = number in officers and weighed is not PersonRole.SUSPECT
        role = PersonRole.AUTHORITY if officer else said.get(number, weighed)
        found = "person/given_name" if seen.name.known else "person/context"
        sure = TOLD if officer or number in said else SPEAKS if is_bystander(role, seen.features) else ""
        yield Mention(
            label=Label.PERSON,
            start=seen.name.start,
            end=seen.name.end,
            text=seen.name.text,
            value=Person(name=seen.name.text, role=role, aliases=seen.aliases),
            source=found + sure,
            score=round(min(seen.score, 0.97), 2),
        )


def read_persons(doc: Doc, sees_person: SeesPerson) -> list[PersonSeen]:
    """Every full name with what tells its role, in text order."""
    candidates = list(full_names(words_of(text_of(doc))))
    if not candidates:
        return []
    article = People(doc)
    people: list[PersonSeen] = []
    for candidate in candidates:
        name = _after_place(candidate, article.near, article.cues.words)
        aliases = aliases_of(article.cues.words.text, name.start, name.end)
        score = _score(name, article.cues, article.taken, has_alias=bool(aliases))
        if (
            _ACCEPT - _MODEL <= score < _ACCEPT
            and not _is_place(name, article.taken)
            and sees_person(doc, name.start, name.end)
        ):
            score = _ACCEPT
        if score >= _ACCEPT:
            told = article.told(name)
            features = article.features(name, told, has_alias=bool(aliases))
            people.append(PersonSeen(name=name, aliases=aliases, score=score, features=features, told=told))
    return people


class People:
    """What tells the parts that the people of a text play; to be asked before its mentions change."""

    def __init__(self, doc: Doc) -> None:
        words = words_of(text_of(doc))
        starts = [start for start, _ in sentence_spans(doc)]
        mentions = doc._.mentions or ()
        self._triage = doc._.triage
        self._tells_crime = (self._triage is not None and self._triage.relevant) or surroundings(
            words, starts
        ).tells_crime
        self.near = Neighbours(mentions)
        self.cues, self.taken = cues_of(words, starts), _taken(mentions, len(words.text))

    def features(self, name: FullName, told: PersonRole | None, *, has_alias: bool) -> Features:
        """What is seen of a name; whether it is one is not told."""
        return person_features(
            name, self.cues, self.near, self._triage, told, has_alias=has_alias, tells_crime=self._tells_crime
        )

    def told(self, name: FullName) -> PersonRole | None:
        """The role that the words around a name leave no doubt of, where crime is told of."""
        return told_role(name, self.cues) if self._tells_crime else None

    def is_nobody(self, start: int, end: int) -> bool:
        """Whether the words are the name of a street, a school…, whoever it is called after, or a signature."""
        words = self.cues.words
        name = full_name(words, start, end, 0.0)
        called = fold(name.text) in names().not_persons or fold(name.text.split()[-1]) in names().organisations
        return called or signs(words.text, start, end) or names_something_else(name, self.cues)

    def at(self, start: int, end: int) -> Person:
        """Whoever is named between two offsets, where another saw that it is somebody."""
        words = self.cues.words
        aliases = aliases_of(words.text, start, end)
        name = full_name(words, start, end, 0.0)
        features = self.features(name, self.told(name), has_alias=bool(aliases))
        (share,) = person_weights().probabilities([features])
        return Person(name=words.text[start:end], role=likeliest(share, features), aliases=aliases)


def _after_place(name: FullName, near: Neighbours, words: Words) -> FullName:
    """The name without the place that it follows: "el exalcalde de Julcán Manuel Poma"."""
    for mention in near.about(name.start):
        if mention.label is Label.PLACE and mention.start <= name.start < mention.end < name.end:
            left = full_name(words, mention.end + 1, name.end, name.score)
            given = fold(left.text.split()[0]) in names().given if left.text else False
            return left if given and left.after - left.first > 1 else name
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """Characters that other recognizers took before."""

    blocked: Covered
    places: Covered


def _taken(mentions: Sequence[Mention], length: int) -> _Taken:
    return _Taken(
        blocked=Covered(length, ((m.start, m.end) for m in mentions if m.label in _BLOCKING)),
        places=Covered(length, ((m.start, m.end) for m in mentions if m.label is Label.PLACE)),
    )


def _score(name: FullName, cues: Cues, taken: _Taken, *, has_alias: bool) -> float:
    if names_something_else(name, cues) or taken.blocked.meets(name.start, name.end):
        return 0.0
    shown = has_alias or name.age_after or introduced(name, cues)
    score = name.score + (0.35 if shown else 0.0)
    return score - 0.3 if not shown and _is_place(name, taken) else score


def _is_place(name: FullName, taken: _Taken) -> bool:
    return taken.places.meets(name.start, name.start + 1) and taken.places.meets(name.end - 1, name.end)


class ModelNames:
    """People as the entity recogniser of the Spanish model sees them (:data:`SeesPerson`), sentence by sentence.

    On whole articles it takes 40 % of the reading's time and changes next to nothing, so it is a disabled component of the
    pipeline and reads only the sentences with a name that nothing else decides. A pipeline without it sees nobody.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, doc: Doc, start: int, end: int) -> bool:
        """Whether a person is seen between the characters ``start`` and ``end``."""
        if "ner" not in self._nlp.component_names:
            return False
        left, right = next(span for span in sentence_spans(doc) if start < span[1])
        read = self._nlp.get_pipe("ner")(self._nlp.make_doc(text_of(doc)[left:right]))
        return any(
            entity.label_ == "PER" and left + entity.start_char < end and start < left + entity.end_char
            for entity in read.ents
        )


@Language.factory("person_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del name
    names()
    person_weights()
    return Recognizer(partial(find_persons, sees_person=ModelNames(nlp)))
