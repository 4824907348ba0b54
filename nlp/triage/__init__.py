"""Does a text report crime in Peru, and in which form? Decided before the costly part.

Cue words (:mod:`nlp.triage.cues`) and every other word (:mod:`nlp.triage.weighed`) are weighed together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from heapq import nlargest

from spacy.language import Language
from spacy.tokens import Doc

from nlp.furniture import without_furniture
from nlp.recognizers import text_of
from nlp.triage.cues import count_items, cue_index, opening, weigh
from nlp.triage.weighed import KINDS, features, kind_weights, says_crime
from nlp.types import ArticleKind, Triage
from nlp.weighing import Features

_COUNTER_GROUPS = ("sport", "show", "traffic", "disaster", "health", "economy", "education")
_ENOUGH = 4.0
"""Evidence of cues that is enough by itself."""
_PROCESS_ALONE = 3.0
"""Words of police and courts weigh no more than this beyond those of crime: an office that changes its head is no crime."""
_ABROAD, _MOSTLY = 6.0, 0.85
_HARDLY_HERE = 0.5
"""What an article names of Peru, against what it names of other countries, below which its crime has no Peruvian side."""
_ONLY_ABROAD = 0.1
"""The highest score of such an article."""
_MOST_NAMED = 3
_MANY_ITEMS = 4
"""Paragraphs under places or catchwords of their own that no report of one incident has."""


def evidence(text: str) -> tuple[Features, dict[str, dict[str, float]]]:
    """What the decision is weighed from, and the cues found, by group. ``text`` is title, empty line, body."""
    read, body = opening(text), text.partition("\n\n")[2]
    groups = weigh(read, body)
    sums = {group: sum(cues.values()) for group, cues in groups.items()}
    margin = _of_cues(sums) - _ENOUGH
    return features(read, body, sums, margin, abroad=_is_abroad(sums)), groups


def triage(text: str) -> Triage:
    """Whether a text (title, empty line, body) is about crime in Peru, and of which kind.

    About which crimes, the event assembler adds.
    """
    found, groups = evidence(text)
    says = says_crime()
    weighed = {name: value * says[name] for name, value in found.items() if name in says}
    score = 1 / (1 + math.exp(-sum(weighed.values())))
    if "abroad" in found and _is_hardly_here({group: sum(cues.values()) for group, cues in groups.items()}):
        score = min(score, _ONLY_ABROAD)
    relevant = score >= 0.5
    kind = KINDS[int(kind_weights().votes([found])[0].argmax())] if relevant else ArticleKind.OTHER
    if kind is ArticleKind.INCIDENT and count_items(text.partition("\n\n")[2]) >= _MANY_ITEMS:
        kind = ArticleKind.ROUNDUP
    return Triage(
        relevant=relevant,
        kind=kind,
        score=round(score, 3),
        reasons=(*_cues_named(groups, abroad="abroad" in found), *_features_named(weighed)),
    )


def _is_abroad(sums: Mapping[str, float]) -> bool:
    foreign = sums.get("foreign", 0.0)
    return foreign > _ABROAD and foreign > _MOSTLY * sums.get("peru", 0.0)


def _is_hardly_here(sums: Mapping[str, float]) -> bool:
    return sums.get("peru", 0.0) < _HARDLY_HERE * sums.get("foreign", 0.0)


def _of_cues(sums: Mapping[str, float]) -> float:
    """How much the cues say for crime."""
    against = max(sums.get(group, 0.0) for group in _COUNTER_GROUPS)
    crime = sums.get("crime", 0.0)
    return (
        crime
        + min(0.5 * sums.get("process", 0.0), _PROCESS_ALONE + crime)
        - sums.get("metaphor", 0.0)
        - 0.6 * against
        - 0.7 * sums.get("politics", 0.0)
    )


def _cues_named(groups: Mapping[str, Mapping[str, float]], *, abroad: bool) -> Iterator[str]:
    if abroad:
        yield "abroad"
    for group in ("crime", "process", "metaphor", "politics", *_COUNTER_GROUPS, "foreign"):
        cues = sorted(groups.get(group, {}).items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMED]
        for cue, value in cues:
            yield f"{group}: {cue} {value:.1f}"


def _features_named(weighed: Mapping[str, float]) -> Iterator[str]:
    """Those that say most, whichever way."""
    for name, value in nlargest(_MOST_NAMED, weighed.items(), key=lambda item: abs(item[1])):
        yield f"weighed: {name} {value:+.1f}"


class TriageComponent:
    """Sets ``doc._.triage``."""

    def __call__(self, doc: Doc) -> Doc:
        """Decide on the text of ``doc``."""
        doc._.triage = triage(without_furniture(text_of(doc)))
        return doc


@Language.factory("triage")
def create(nlp: Language, name: str) -> TriageComponent:
    """Make the component; reads the tables."""
    del nlp, name
    cue_index()
    says_crime()
    kind_weights()
    return TriageComponent()
