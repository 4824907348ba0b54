"""Mentions that mean nothing by themselves -> out: dates of no incident, counts of anything that a claim already tells.

Dates and counts are read everywhere, because claims need the first as periods and the second as figures; as mentions, an
analyst wants those of incidents. An article that reports no crime has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from nlp.qualify import Sentence, Zone
from nlp.types import Claim, Count, CountOf, Event, Label, Mention, Modality

_SURE = 0.45
"""Likelihood from which a date is kept that no event is dated by (:mod:`nlp.events.bearing`)."""
_SURE_COUNT = 0.5
_OF_INCIDENTS = frozenset({Label.DATE, Label.COUNT})


def prune(
    mentions: Iterable[Mention], sentences: Sequence[Sentence], events: Sequence[Event], claims: Sequence[Claim]
) -> Iterator[Mention]:
    """The mentions that stay, in their order."""
    used = {(row.field, row.start) for event in events for row in event.evidence}
    asides = [(s.start, s.end) for s in sentences if s.zone is Zone.ASIDE]
    told = [(claim.start, claim.end) for claim in claims]
    threats = {m.start for s in sentences for m in s.mentions if is_threatened(m, s)}
    for mention in mentions:
        match mention.label:
            case Label.DATE:
                stays = ("date", mention.start) in used or (mention.score >= _SURE and not _inside(mention, asides))
            case Label.COUNT:
                vague = isinstance(mention.value, Count) and mention.value.of is CountOf.OTHER
                idle = (
                    mention.score < _SURE_COUNT
                    or mention.start in threats
                    or _inside(mention, asides)
                    or (vague and _inside(mention, told))
                )
                stays = ("counts", mention.start) in used or not idle
            case _:
                stays = True
        if stays:
            yield mention


def is_threatened(mention: Mention, sentence: Sentence) -> bool:
    """Whether dead or injured are only threatened with: "dejaremos un chofer muerto"."""
    hurt = isinstance(mention.value, Count) and mention.value.of in (CountOf.DEAD, CountOf.INJURED)
    return hurt and sentence.modality(mention) is Modality.THREATENED


def _inside(mention: Mention, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in spans)


class Pruner:
    """Leaves in ``doc._.mentions`` what an analyst wants."""

    def __call__(self, doc: Doc) -> Doc:
        """Prune the mentions of ``doc``."""
        mentions = doc._.mentions
        if not doc._.triage.relevant:
            mentions = [mention for mention in mentions if mention.label not in _OF_INCIDENTS]
        doc._.mentions = list(prune(mentions, doc._.sentences, doc._.events, doc._.claims))
        return doc


@Language.factory("pruner")
def create(nlp: Language, name: str) -> Pruner:
    """Make the component."""
    del nlp, name
    return Pruner()
