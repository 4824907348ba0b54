"""Which numbers of an article count something that it tells, and what: weighed evidence from all that has been read of it.

The rules of :mod:`nlp.recognizers.counts` read numbers wherever they stand, since events need them; many are of stock, staff,
or figures over many events. What each feature says stands in ``nlp/data/count_weights.csv``; ``python -m training.fit_counts``
fits those weights to annotated articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from nlp.phrases import Covered, words_of
from nlp.qualify import Sentence, Zone, tells_of_many
from nlp.recognizers.counts import CountFinder, Numeral, as_count, numerals
from nlp.recognizers.situation import Neighbours, company
from nlp.types import ArticleKind, Claim, Count, CountOf, Event, Label, Mention
from nlp.weighing import Features, Weights, read_weights, words_beside

LIKELY = 0.3
"""Likelihood from which a number is said to count something."""
_TAKEN = frozenset({Label.MONEY, Label.DATE, Label.PRISON, Label.GANG, Label.PERSON, Label.PLACE, Label.COUNT})
"""A number inside one of these counts nothing else."""
_SIZES = ((1, "one"), (2, "two"), (9, "few"), (30, "tens"), (99, "many"), (999, "hundreds"))
_LETTERS = 6
"""Letters that stand for a noun and its forms."""
_ITEM = re.compile(r"(?:^|\n)[ \t]*(?:[-•*·–]|\d+[.)])[ \t]*\Z")
_WORD = re.compile(r"\w")
_TRUST = 0.85
"""What a likelihood is worth: people differ in which numbers they call counts. Of 63 with a likelihood of .9 and more 48 were
annotated, in 192 articles that were held out."""


class Verdict(StrEnum):
    """What a number counts; all but the last are those of :class:`~nlp.types.CountOf`."""

    DEAD = CountOf.DEAD
    INJURED = CountOf.INJURED
    ARRESTED = CountOf.ARRESTED
    KIDNAPPED = CountOf.KIDNAPPED
    VEHICLES = CountOf.VEHICLES
    COMPLAINTS = CountOf.COMPLAINTS
    MEMBERS = CountOf.MEMBERS
    SHOTS = CountOf.SHOTS
    OTHER = CountOf.OTHER
    NOTHING = "nothing"


VERDICTS = tuple(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number with the count that it would be, and what speaks for and against its being one."""

    mention: Mention
    """As the rules read it; where they read nothing, as one of something other."""
    features: Features


@lru_cache(maxsize=1)
def count_weights() -> Weights[Verdict]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("count_weights.csv", VERDICTS)


def counted(numbers: Sequence[Numbered]) -> Iterator[Mention]:
    """The numbers that likely count something, scored by their likelihood.

    What they count the rules tell; where those read nothing but a number, the likeliest is told.
    """
    shares = count_weights().probabilities([number.features for number in numbers])
    for number, share in zip(numbers, shares, strict=True):
        likely = 1.0 - float(share[-1])
        value = number.mention.value
        assert isinstance(value, Count)
        if likely >= LIKELY:
            of = value.of if value.of is not CountOf.OTHER else CountOf(VERDICTS[int(share[:-1].argmax())])
            yield replace(number.mention, value=replace(value, of=of), score=round(_TRUST * likely, 3))


def numbered(
    text: str,
    kind: ArticleKind,
    sentences: Sequence[Sentence],
    events: Iterable[Event],
    claims: Iterable[Claim],
    finder: CountFinder,
) -> Iterator[Numbered]:
    """The numbers that may count something, in text order."""
    words = words_of(text)
    folded = words.folded
    used = {row.start for event in events for row in event.evidence if row.field == "counts"}
    figures = Covered(len(text), ((claim.start, claim.end) for claim in claims))
    last = max((sentence.paragraph for sentence in sentences), default=0)
    told: set[int] = set()
    for sentence, mentions in _by_sentence(text, folded, sentences, finder):
        place = _of_place(folded, sentence, last, kind)
        near = Neighbours(sentence.mentions)
        for mention in mentions:
            value = mention.value
            assert isinstance(value, Count)
            names = [
                *place,
                *_of_number(text, folded, mention, finder),
                *_of_reading(mention, sentence, kind),
                *(["used", f"used {value.of}"] if mention.start in used else []),
                *(["claimed", f"claimed {kind}"] if figures.meets(mention.start, mention.end) else []),
                *(["told before"] if value.value in told else []),
            ]
            told.add(value.value)
            span = mention.start, mention.end, (sentence.start, sentence.end)
            features = {
                **words_beside(words, *span),
                **company(near.about(mention.start), *span),
                **dict.fromkeys(names, 1.0),
                "score": mention.score,
            }
            yield Numbered(mention=mention, features=features)


def _by_sentence(
    text: str, folded: str, sentences: Sequence[Sentence], finder: CountFinder
) -> Iterator[tuple[Sentence, list[Mention]]]:
    """The numbers of each sentence: those that the rules read, and the others that stand in no name or sum."""
    numbers = numerals(folded)
    named = (m for sentence in sentences for m in sentence.mentions if m.label in _TAKEN)
    taken = Covered(len(text), ((m.start, m.end) for m in named))
    at = 0
    for sentence in sentences:
        read = [m for m in sentence.mentions if m.label is Label.COUNT]
        while at < len(numbers) and numbers[at].start < sentence.end:
            number = numbers[at]
            at += 1
            if number.start < sentence.start or taken.meets(number.start, number.end):
                continue
            if _may_count(number, folded, finder):
                read.append(as_count(text, folded, number, CountOf.OTHER, "number", 0.0))
        if read:
            yield sentence, sorted(read, key=lambda mention: mention.start)


def _may_count(number: Numeral, folded: str, finder: CountFinder) -> bool:
    """``un`` is a number before things that are often counted one by one."""
    return not number.lone or finder.noun(folded, number.end)[0] == "shots"


def _of_place(folded: str, sentence: Sentence, last: int, kind: ArticleKind) -> list[str]:
    if sentence.zone is not Zone.BODY:
        zone = sentence.zone.value
    else:
        zone = "lead" if sentence.paragraph <= 2 else "end" if sentence.paragraph >= last - 1 else "body"
    names = ["bias", f"kind {kind}", f"zone {zone}", f"zone {zone} {kind}"]
    if sentence.background:
        names.append("background")
    if tells_of_many(folded[sentence.start : sentence.end]):
        names.append("aggregate")
    return names


def _of_number(text: str, folded: str, mention: Mention, finder: CountFinder) -> Iterator[str]:
    value = mention.value
    assert isinstance(value, Count)
    noun, end = finder.noun(folded, mention.end)
    size = next((name for most, name in _SIZES if value.value <= most), "thousands")
    yield f"noun {noun}"
    yield f"size {size}"
    yield f"size {size} {noun}"
    yield "digits" if folded[mention.start].isdigit() else "word"
    if noun is not None:
        yield f"head {folded[mention.end : end].rsplit(maxsplit=1)[-1][:_LETTERS]}"
    if _ITEM.search(text, max(0, mention.start - 8), mention.start):
        yield "item"


def _of_reading(mention: Mention, sentence: Sentence, kind: ArticleKind) -> Iterator[str]:
    value = mention.value
    assert isinstance(value, Count)
    yield mention.source
    yield f"{mention.source} {value.of}"
    yield f"{value.of} {kind}"
    yield f"modality {sentence.modality(mention)}"
