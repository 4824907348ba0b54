"""What part a named person plays, by all that is seen of the name: the verdict of the cues, the words around it, the article.

``nlp/data/person_role_weights.csv`` says what each feature speaks for; ``python -m training.fit_roles person`` fits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nlp.recognizers.persons.names import FullName
from nlp.recognizers.persons.roles import Cues, is_source, role_by_cues, role_scores, sentence_of
from nlp.recognizers.situation import Neighbours, company, situation
from nlp.types import PersonRole, Triage
from nlp.weighing import Features, Row, Weights, read_weights, words_around

ROLES = tuple(PersonRole)
SPEAKS = ", speaks"
"""Ends that of a source of whom nothing more is said: no model makes a suspect of it."""
_SOURCE = "source"
_CUES = {role: f"cue:{role}" for role in (PersonRole.VICTIM, PersonRole.SUSPECT)}
_STRONGEST = 3.0
"""A cue of this weight counts 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeen:
    """A full name with what tells its role."""

    name: FullName
    aliases: tuple[str, ...]
    score: float
    features: Features
    told: PersonRole | None = None
    """The role of which the words around the name leave no doubt."""


@lru_cache(maxsize=1)
def person_weights() -> Weights[PersonRole]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("person_role_weights.csv", ROLES)


def is_bystander(role: PersonRole, features: Features) -> bool:
    """Whether somebody only gives what is said."""
    return _SOURCE in features and role not in _CUES


def likeliest(share: Row, features: Features) -> PersonRole:
    """The likeliest role of a name by the probability of each. A source is neither hurt nor accused where nothing says so."""
    spared = {role for role, cue in _CUES.items() if _SOURCE in features and cue not in features}
    return max((role for role in ROLES if role not in spared), key=lambda role: share[ROLES.index(role)])


def person_features(
    name: FullName,
    cues: Cues,
    mentions: Neighbours,
    triage: Triage | None,
    told: PersonRole | None,
    *,
    has_alias: bool,
    tells_crime: bool,
) -> Features:
    """The features of one name."""
    sentence = sentence_of(name.start, cues)
    scores = role_scores(name, cues, has_alias=has_alias)
    by_cues = role_by_cues(name, cues, scores, told, has_alias=has_alias, tells_crime=tells_crime)
    return {
        **words_around(cues.words, name.start, name.end, sentence),
        **situation(cues.words.text, name.start, name.end, triage),
        **company(mentions.within(*sentence), name.start, name.end, sentence),
        **{f"cue:{role}": min(score / _STRONGEST, 1.0) for role, score in scores.items() if score},
        f"verdict:{by_cues}": 1.0,
        **({_SOURCE: 1.0} if is_source(name, cues) else {}),
        f"alias:{has_alias}": 1.0,
        f"age:{name.age_after}": 1.0,
        f"tells_crime:{tells_crime}": 1.0,
    }
