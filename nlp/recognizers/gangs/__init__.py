"""Criminal groups, known and unknown -> :class:`~nlp.types.Gang`.

Strings of the right shape (``names``) are judged by what stands around them (``evidence``) and, in articles about crime, by all
that is seen of them (``weighed``); a name accepted once is then
found wherever it stands in the article, its shorter forms are joined to the fullest one, and the fullest one is linked to
the ``registry`` when only one row can be meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.phrases import Covered, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.recognizers.gangs.evidence import (
    ACCEPT,
    HARD,
    NOT_BY_ITSELF,
    Surroundings,
    is_proper,
    judge,
    known_without_cue,
    surroundings,
)
from nlp.recognizers.gangs.names import Name, names_in
from nlp.recognizers.gangs.occurrences import Occurrence, fullest_names, occurrences_of, registered_in, shortened_keys
from nlp.recognizers.gangs.registry import key_of, link, registry
from nlp.recognizers.gangs.weighed import Verdict, gang_weights, name_features
from nlp.recognizers.situation import Neighbours
from nlp.sentences import sentence_spans
from nlp.types import Gang, Label, Mention, Place
from nlp.weighing import Features

_SURE = 1.05
_LIKELY = 0.6
"""Odds from which a string is taken for a gang's name: wrong is worse than missing."""
_MOST = 100
"""No article names more gangs; a text that seems to is no article."""


def find_gangs(doc: Doc) -> Iterator[Mention]:
    """Every mention of a gang, in text order. Uses the sentences, and the places found before it to link names."""
    around = _surroundings(doc)
    words = around.words
    candidates = names_in(words)
    judged = [(name, judge(name, around)) for name in candidates]
    scores = _accepted(_weighed(doc, judged, around), around)
    if not scores:
        return
    full = fullest_names(scores)
    found = occurrences_of(words, candidates, full)
    shortened = shortened_keys(scores)
    rejected = {(name.start, name.end) for name, score in judged if name.key not in shortened and score == HARD}
    kept = [occurrence for occurrence in found if (occurrence.start, occurrence.end) not in rejected]
    regions = regions_named(doc, words.text, kept)
    for occurrence in kept:
        yield _mention(words.text, occurrence, scores, regions)


def read_names(doc: Doc) -> list[tuple[Name, Features]]:
    """The strings of a text that could be gangs' names and are not known to be something else's, with what tells them."""
    around = _surroundings(doc)
    judged = [(name, judge(name, around)) for name in names_in(around.words)]
    known = Neighbours(doc._.mentions or ())
    return [(name, name_features(name, score, around, known, doc._.triage)) for name, score in judged if score > HARD]


def _surroundings(doc: Doc) -> Surroundings:
    text = text_of(doc)
    return surroundings(
        words_of(text),
        [start for start, _ in sentence_spans(doc)],
        places=Covered(len(text), ((m.start, m.end) for m in doc._.mentions or () if m.label is Label.PLACE)),
        relevant=doc._.triage is not None and doc._.triage.relevant,
    )


def _weighed(doc: Doc, judged: list[tuple[Name, float]], around: Surroundings) -> list[tuple[Name, float]]:
    """The judgements, weighed anew where an article is known to tell crimes; elsewhere the cues decide."""
    triage, known = doc._.triage, Neighbours(doc._.mentions or ())
    if triage is None or not triage.relevant:
        return judged
    open_ = [
        (index, name, score)
        for index, (name, score) in enumerate(judged)
        if score > (HARD if name.plural else NOT_BY_ITSELF)
    ]
    features = [name_features(name, score, around, known, triage) for _, name, score in open_]
    result = list(judged)
    for (index, name, score), (verdict, odds) in zip(open_, gang_weights().decide(features), strict=True):
        if verdict is Verdict.GANG and odds >= _LIKELY:
            result[index] = name, ACCEPT + (odds - _LIKELY) / (1.0 - _LIKELY) * (_SURE - ACCEPT)
        elif score >= ACCEPT:
            result[index] = name, 0.0
    return result


def _accepted(judged: list[tuple[Name, float]], around: Surroundings) -> dict[str, float]:
    """Keys of the names that are gangs, with the best evidence for each."""
    scores: dict[str, float] = {}
    for name, score in _coordinated(judged, around):
        if score >= ACCEPT:
            scores[name.key] = max(score, scores.get(name.key, 0.0))
    for name in _longer(judged, scores):
        scores.setdefault(name.key, ACCEPT)
    for key in registered_in(around.words):
        if key not in scores and known_without_cue(key, around):
            scores[key] = 0.9
    return dict(sorted(scores.items(), key=lambda entry: -entry[1])[:_MOST])


def _longer(judged: list[tuple[Name, float]], scores: dict[str, float]) -> list[Name]:
    """Names that go on from an accepted one ("Los X" and "Los X de la Cuadra 6"), and are nothing else's."""
    return [
        name
        for name, score in judged
        if name.plural
        and score > HARD
        and any(f" {link} " in name.key for link in ("de", "del"))
        and _begins_with(name, scores)
    ]


def _begins_with(name: Name, scores: dict[str, float]) -> bool:
    words = name.key.split()
    return any(" ".join(words[:length]) in scores for length in range(1, len(words)))


def _coordinated(judged: list[tuple[Name, float]], around: Surroundings) -> list[tuple[Name, float]]:
    """The same, where an accepted name vouches for a quoted or plural one that it is listed with ("‘Los A’ y ‘Los B’")."""
    result = list(judged)
    order = range(1, len(result))
    for index, other in [*((i, i - 1) for i in order), *((i - 1, i) for i in reversed(order))]:
        name, score = result[index]
        neighbour, strong = result[other]
        if 0.0 <= score < ACCEPT <= strong and name.article and (name.quoted or name.plural or is_proper(name, around)):
            left, right = sorted((name, neighbour), key=lambda each: each.start)
            between = around.words.text[left.end : right.start].strip(" “”\"«»‘’'")
            if between in {",", "y", "e", "o", "u", ", y", "o a", "y a", "y de", "o de", "ni", "contra", "; y"}:
                result[index] = (name, ACCEPT)
    return result


def regions_named(doc: Doc, text: str, found: Iterable[Occurrence]) -> frozenset[str]:
    """Regions of Peru that the article names outside gangs' names; else the one that the outlet writes for."""
    inside = Covered(len(text), ((gang.start, gang.end) for gang in found))
    codes = {
        mention.value.ubigeo[:2]
        for mention in doc._.mentions or ()
        if isinstance(mention.value, Place)
        and mention.value.ubigeo is not None
        and mention.value.ubigeo[:1].isdigit()
        and not inside.meets(mention.start, mention.end)
    }
    if not codes and doc._.context is not None and doc._.context.region:
        return frozenset({doc._.context.region[:2]})
    return frozenset(codes)


def _mention(text: str, found: Occurrence, scores: dict[str, float], regions: frozenset[str]) -> Mention:
    row = link(found.full_key, regions) or link(key_of(found.name), regions)
    known = "registry" if found.full_key in registry().rows else "cues"
    score = max(scores.get(found.full_key, 0.0), scores.get(found.key, 0.0))
    return Mention(
        label=Label.GANG,
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        value=Gang(name=found.name, id=row.id if row else None),
        source=f"gang/{known}",
        score=round(min(0.98, 0.7 + 0.28 * min(1.0, max(0.0, score - ACCEPT) / (_SURE - ACCEPT))), 2),
    )


@Language.factory("gang_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del nlp, name
    registry()
    gang_weights()
    return Recognizer(find_gangs)
