"""Overlaps between mentions -> one winner each, so that no stretch of text is counted as two things.

A mention is dropped when it overlaps one of a stronger class: a number inside a sum is no count, a place inside a gang's
or company's name is no place. Within one label the longest wins, then the one with the higher score. Common nouns for a
business may share their words with a place ("mercado Nueva Esperanza"); methods and crimes share theirs with most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum

from spacy.language import Language
from spacy.tokens import Doc

from nlp.furniture import told
from nlp.phrases import Covered
from nlp.recognizers import text_of
from nlp.recognizers.persons.roles import STREETS
from nlp.types import Label, Mention

_WEAK = 0.5
"""A gang or person below this score gives way to a place."""


_WHOLE = frozenset({Label.GANG, Label.PERSON})
_CUT = re.compile(r"[^\W_][^\W_]")
"""Two letters on both sides of an end of a name."""


class _Class(IntEnum):
    """Mentions in order of strength."""

    MONEY = 0
    DATE = 1
    PRISON = 2
    GANG = 3
    PERSON = 4
    COMPANY = 5
    PLACE = 6
    WEAK_NAME = 7
    TRADE = 8
    COUNT = 9
    METHOD = 10
    CRIME = 11


_NAMES = frozenset({_Class.MONEY, _Class.DATE, _Class.PRISON, _Class.GANG, _Class.PERSON, _Class.WEAK_NAME})
_BLOCKED_BY: Mapping[_Class, frozenset[_Class]] = {
    **dict.fromkeys(_NAMES, frozenset(_Class) - {_Class.TRADE, _Class.METHOD, _Class.CRIME}),
    _Class.COMPANY: _NAMES | {_Class.COMPANY},
    _Class.PLACE: _NAMES | {_Class.COMPANY, _Class.PLACE},
    _Class.TRADE: _NAMES | {_Class.COMPANY, _Class.TRADE},
    _Class.COUNT: _NAMES | {_Class.COMPANY, _Class.PLACE, _Class.COUNT},
    _Class.METHOD: frozenset({_Class.GANG, _Class.PERSON, _Class.METHOD}),
    _Class.CRIME: frozenset({_Class.GANG, _Class.PERSON, _Class.CRIME}),
}


def resolve(mentions: Iterable[Mention], length: int) -> tuple[Mention, ...]:
    """The mentions that stand, in text order. ``length`` is that of the text in characters."""
    taken: dict[_Class, Covered] = {}
    kept = []
    for mention in sorted(mentions, key=_strength):
        kind = _class(mention)
        blocked_by = _BLOCKED_BY[kind]
        if any(kind in blocked_by and covered.meets(mention.start, mention.end) for kind, covered in taken.items()):
            continue
        if kind not in taken:
            taken[kind] = Covered(length)
        taken[kind].add(mention.start, mention.end)
        kept.append(mention)
    return tuple(sorted(kept, key=lambda mention: (mention.start, mention.end, mention.label)))


def whole_names(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions without names that are cut within a word, people whom a street is named after, and bare surnames.

    Surnames by themselves ("Ortiz Acosta") only go back to somebody named in full.
    """
    found = list(mentions)
    full = {mention.text for mention in found if mention.label is Label.PERSON}
    return [m for m in found if m.label not in _WHOLE or _is_whole(text, m, full)]


def _is_whole(text: str, mention: Mention, full: Iterable[str]) -> bool:
    if (mention.start and _CUT.match(text, mention.start - 1)) or _CUT.match(text, mention.end - 1):
        return False
    if mention.label is not Label.PERSON:
        return True
    surnames = any(name.endswith(f" {mention.text}") for name in full)
    return not surnames and STREETS.search(text, max(0, mention.start - 80), mention.start) is None


def _strength(mention: Mention) -> tuple[int, int, float, int]:
    return _class(mention), mention.start - mention.end, -mention.score, mention.start


def _class(mention: Mention) -> _Class:
    match mention.label:
        case Label.BUSINESS:
            named = mention.text[:1].isupper() and not mention.text.isupper() and " " in mention.text.strip()
            return _Class.COMPANY if named else _Class.TRADE
        case Label.GANG | Label.PERSON if mention.score < _WEAK:
            return _Class.WEAK_NAME
        case label:
            return _Class[label.value]


class Resolver:
    """Replaces ``doc._.mentions`` by those that stand."""

    def __call__(self, doc: Doc) -> Doc:
        """Resolve the overlaps in ``doc``; what only page furniture names is left out."""
        text = text_of(doc)
        doc._.mentions = list(resolve(whole_names(text, told(text, doc._.mentions)), len(text)))
        return doc


@Language.factory("resolver")
def create(nlp: Language, name: str) -> Resolver:
    """Make the component."""
    del nlp, name
    return Resolver()
