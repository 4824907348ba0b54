"""Mentions that mean nothing by themselves -> out: dates of no incident, numbers that count nothing of what is told.

Dates and counts are read everywhere, because claims need the first as periods and events the second; as mentions, an analyst
wants those of incidents (:mod:`nlp.counting` weighs the numbers). An article that reports no crime in Peru has no dates, and
of counts only the people who died, were hurt or caught: the toll of an accident, the arrests of a police abroad.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from nlp.counting import count_weights, counted, numbered
from nlp.qualify import Sentence, Zone
from nlp.recognizers import text_of
from nlp.recognizers.counts import CountFinder
from nlp.types import Count, CountOf, Event, Label, Mention, Modality

_SURE = 0.45
"""Likelihood from which a date is kept that no event is dated by (:mod:`nlp.events.bearing`)."""
_SURELY_TOLD = 0.75
"""Score of a count from which it is kept in an article that reports no crime, where nothing weighs it."""
_TOLL = frozenset({CountOf.DEAD, CountOf.INJURED, CountOf.ARRESTED})


def prune(
    mentions: Iterable[Mention], sentences: Sequence[Sentence], events: Sequence[Event], counts: Iterable[Mention]
) -> Iterator[Mention]:
    """The mentions that stay, in their order; of counts those of ``counts`` that are no threat and in no aside."""
    dated = {row.start for event in events for row in event.evidence if row.field == "date"}
    asides = [(s.start, s.end) for s in sentences if s.zone is Zone.ASIDE]
    threats = {m.start for s in sentences for m in s.mentions if is_threatened(m, s)}
    others = [mention for mention in mentions if mention.label is not Label.COUNT]
    for mention in sorted([*others, *counts], key=lambda m: (m.start, m.end, m.label)):
        match mention.label:
            case Label.DATE:
                stays = mention.start in dated or (mention.score >= _SURE and not _inside(mention, asides))
            case Label.COUNT:
                stays = mention.start not in threats and not _inside(mention, asides)
            case _:
                stays = True
        if stays:
            yield mention


def _is_aside(mention: Mention) -> bool:
    """Whether a number means nothing in an article that reports no crime."""
    value = mention.value
    return isinstance(value, Count) and not (value.of in _TOLL and mention.score >= _SURELY_TOLD)


def is_threatened(mention: Mention, sentence: Sentence) -> bool:
    """Whether dead or injured are only threatened with: "dejaremos un chofer muerto"."""
    hurt = isinstance(mention.value, Count) and mention.value.of in (CountOf.DEAD, CountOf.INJURED)
    return hurt and sentence.modality(mention) is Modality.THREATENED


def _inside(mention: Mention, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in spans)


class Pruner:
    """Leaves in ``doc._.mentions`` what an analyst wants."""

    def __init__(self, finder: CountFinder) -> None:
        self._finder = finder

    def __call__(self, doc: Doc) -> Doc:
        """Prune the mentions of ``doc``."""
        if not doc._.triage.relevant:
            doc._.mentions = [
                mention for mention in doc._.mentions if mention.label is not Label.DATE and not _is_aside(mention)
            ]
            return doc
        read = doc._.sentences, doc._.events
        numbers = numbered(text_of(doc), doc._.triage.kind, *read, doc._.claims, self._finder)
        doc._.mentions = list(prune(doc._.mentions, *read, counted(list(numbers))))
        return doc


@Language.factory("pruner")
def create(nlp: Language, name: str) -> Pruner:
    """Make the component; reads the tables of counts."""
    del nlp, name
    count_weights()
    return Pruner(CountFinder())
