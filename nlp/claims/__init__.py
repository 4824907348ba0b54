"""Attributed figures about many events: "451 denuncias por extorsión de enero a julio, según el Sidpol".

Every number that counts something is weighed (:mod:`nlp.claims.figures`), and of those that are claims the speaker, area and time
are chosen among what the article offers (:mod:`nlp.claims.options`). Claims are never added up.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc

from nlp.claims.article import Article
from nlp.claims.attribution import Said
from nlp.claims.bare import ANY_CASE, COUNTED, LISTED_LINE, PARTS, bare_figures, loose, named_before, of_whole, parts
from nlp.claims.beside import period_beside
from nlp.claims.cohesion import is_listed
from nlp.claims.figures import (
    MANY,
    PEOPLE,
    Figure,
    Passage,
    by_cues,
    figure_weights,
    is_act,
    is_of_traffic,
    likely_claims,
    stands_alone,
    weighable,
)
from nlp.claims.options import Choice, Field, Option, chosen, option_weights
from nlp.claims.periods import later, period_options
from nlp.claims.quantities import quantities
from nlp.claims.scopes import scope_beside, scope_options
from nlp.claims.shares import MORE, what_changes
from nlp.claims.speakers import Voices, speaker_beside, speaker_options
from nlp.claims.units import Quantity, Unit, UnitClass, units
from nlp.gazetteer import PERU
from nlp.numbers import Number, find_numbers
from nlp.phrases import words_of
from nlp.qualify import Sentence, Zone, tells_of_many
from nlp.recognizers import context_of, text_of
from nlp.types import ArticleKind, Claim, Crime, Evidence, Mention, Place, Triage

_MANY = 4
_RATE_REACH, _BALANCE_REACH = 80, 400
_CASES = frozenset({"casos", "hechos", "crimenes"})
"""Words for what has been counted."""
_CRIMES = "asesinatos"
"""What "crímenes" are elsewhere."""
_KILLING = "homicidio"
_DEAD = frozenset({"muertes", "desaparecidos"})
_FIGURES = 3
_CASES_OF_TITLE = 10
"""So many cases in a title are no single event's."""
_PERCENT = "%"
_COMPARED = re.compile(r"(?:con )?(?:respect[oa]|frente|en comparaci[oó]n|comparad[oa]|m[aá]s|menos)\b", re.IGNORECASE)
"""What growth or decline is measured against."""
_WHOLE = 0.85
"""Of claims with all that is chosen right so many are right in unit and denominator too."""
_NAMED_FOR = re.compile(r"\b[A-ZÁÉÍÓÚÑ]\w+ (?:del|de|en el) $")
_NOT_ONLY = re.compile(
    r"\b[Nn]o (?:es )?(?:s[oó]lo|solamente|[uú]nicamente) (?:ocurre |pasa |sucede )?(?:en|de) (?:el |la )?$|\b[Ff]uera de $"
)
"""Before a place: what is told is of others."""
_TOLD_CHANGE = re.compile(r"\b(?:pas(?:o|aron)|subi(?:o|eron)|baj(?:o|aron)|crec(?:io|ieron)|aument(?:o|aron)) de \d")


class Judge(Protocol):
    """Who decides between what was weighed; training answers from annotations instead."""

    def claims(self, figures: Sequence[Figure]) -> Sequence[Quantity]:
        """Which of the figures of a sentence are claims, in text order."""
        ...

    def choose(self, what: Field, quantity: Quantity, options: Sequence[Option]) -> Choice:
        """The value of a field of a claim."""
        ...


class Weighing:
    """Decides by the weights that ship."""

    def claims(self, figures: Sequence[Figure]) -> Sequence[Quantity]:
        """The likely ones."""
        return likely_claims(figures, figure_weights())

    def choose(self, what: Field, quantity: Quantity, options: Sequence[Option]) -> Choice:  # noqa: ARG002
        """The likeliest."""
        return chosen(options, option_weights(what))


def assemble(
    text: str,
    sentences: Sequence[Sentence],
    triage: Triage,
    today: date,
    region: str | None = None,
    judge: Judge | None = None,
) -> tuple[Claim, ...]:
    """The claims of an article, in text order. ``today``: the day of publication in Lima; ``region``: the outlet's."""
    judge = judge or Weighing()
    sentences = [_without_names(sentence, text) for sentence in sentences]
    folded = words_of(text).folded
    read = [(sentence, *_figures_in(sentence, folded, text)) for sentence in sentences]
    figures = (
        triage.kind is ArticleKind.STATISTICS
        or _many_shares(found for _, _, found in read)
        or any(_heads_figures(sentence, found) for sentence, _, found in read)
        or _is_of_many_acts(read)
    )
    article = Article(sentences, text, today, region)
    voices = Voices(article)
    claims: list[Claim] = []
    latest: str | None = None
    counting = _Counting()
    for sentence, told_numbers, told_quantities in read:
        numbers = [each for each in told_numbers if not is_of_traffic(each.start, each.end, sentence, folded)]
        found = [each for each in told_quantities if not is_of_traffic(each.start, each.core, sentence, folded)]
        if len(numbers) < len(told_numbers):
            counting.last, counting.traffic = None, True
        if not numbers and not found:
            continue
        before = claims[-1] if claims else None
        passage = Passage(
            sentence=sentence,
            told=folded[sentence.start : sentence.end],
            text=text,
            triage=triage,
            today=today,
            figures=figures,
            before=before,
        )
        goes_on = before is not None and _goes_on(before, sentence, sentences)
        cued, others, counted = _candidates(passage, folded, numbers, found, counting, goes_on=goes_on)
        wanted = [
            _named(quantity, counted if figures else None, folded)
            for quantity in judge.claims(weighable(passage, [*cued, *others], cued))
        ]
        counting.tell(wanted)
        for each in wanted:
            quantity = _as_rate(each, claims[-1] if claims else None)
            said = Said(
                position=sentence.index,
                start=quantity.start,
                end=quantity.core,
                money=quantity.money,
                cases=quantity.unit.kind is UnitClass.CASE,
                share=quantity.unit.kind is UnitClass.SHARE,
                figures=figures,
                form=quantity.form,
                before=claims[-1] if claims else None,
                latest=latest,
            )
            claims.append(_claim(quantity, said, triage, judge, voices))
            latest = later(latest, claims[-1].period)
    title_end = max((s.end for s in sentences if s.zone is Zone.TITLE), default=0)
    return tuple(_unrepeated(claims, title_end if figures else len(text)))


@dataclass(slots=True)
class _Counting:
    """What figures without a unit of their own count."""

    last: Unit | None = None
    """The unit named last."""
    main: Unit | None = None
    """The article's first."""
    traffic: bool = False
    """What was counted last are accidents of traffic."""

    def tell(self, quantities: Sequence[Quantity]) -> None:
        """Take the units of a sentence's claims in."""
        self.last = next(_countable(quantities), self.last)
        self.traffic = self.traffic and not quantities
        self.main = self.main or self.last


def _without_names(sentence: Sentence, text: str) -> Sentence:
    mentions = tuple(mention for mention in sentence.mentions if not _names_no_area(mention, text))
    return sentence if len(mentions) == len(sentence.mentions) else replace(sentence, mentions=mentions)


def _names_no_area(mention: Mention, text: str) -> bool:
    """Whether a country is part of an institution's name ("Policía Nacional del Perú"), or figures are "no solo en Lima"."""
    value, near = mention.value, max(0, mention.start - 40)
    if not isinstance(value, Place):
        return False
    in_name = value.ubigeo == PERU and _NAMED_FOR.search(text, near, mention.start) is not None
    return in_name or _NOT_ONLY.search(text, near, mention.start) is not None


def _countable(quantities: Iterable[Quantity]) -> Iterator[Unit]:
    return (q.unit for q in quantities if q.unit.kind in COUNTED and q.unit.unit not in ANY_CASE)


def _candidates(
    passage: Passage,
    folded: str,
    numbers: Sequence[Number],
    found: Sequence[Quantity],
    counting: _Counting,
    *,
    goes_on: bool,
) -> tuple[list[Quantity], list[Quantity], Unit | None]:
    """Figures of a sentence that its cue words make claims, other ones, and what those without a unit count.

    ``goes_on``: the sentence before it, in the same paragraph, told a claim.
    """
    sentence = passage.sentence
    many = passage.figures or tells_of_many(passage.told) or _is_balance(passage)
    seized = [] if many else [quantity for quantity in found if quantity.unit.kind is UnitClass.SEIZURE]
    found = [
        quantity for quantity in found if quantity not in seized
    ]  # "incautaron diez celulares" is of one operation
    cued = [quantity for quantity in found if by_cues(quantity, passage)]
    here = next(_countable(cued), counting.last)
    counting.main = counting.main or here
    counted = counting.main if sentence.zone is Zone.HEADING else here
    if counting.traffic and not cued:
        numbers = ()
    if passage.figures or _TOLD_CHANGE.search(passage.told):
        cued.extend(bare_figures(sentence, folded, numbers, found, counted if passage.figures else None))
    else:
        first = next((q for q in cued if q.unit.kind in COUNTED), None)
        cued.extend(parts(sentence, folded, numbers, found, first, counting.last if goes_on else None))
    others = [quantity for quantity in found if quantity not in cued]
    others.extend(loose(sentence, folded, passage.text, numbers, [*cued, *others, *seized], counted))
    told = [*cued, *others]
    cued, others = (of_whole(figures, told, folded, passage.text, sentence) for figures in (cued, others))
    start = passage.sentence.start
    cued, others = ([q for q in found if not stands_alone(q.start - start, passage.told)] for found in (cued, others))
    return cued, others, counted


def _is_balance(passage: Passage) -> bool:
    """Whether what is seized goes on a balance: arrests and gangs of many operations were counted right before."""
    before = passage.before
    counted = next((unit for unit in units().values() if before is not None and unit.unit == before.unit), None)
    return (
        before is not None
        and counted is not None
        and counted.kind in (UnitClass.FORCE, UnitClass.SEIZURE)
        and passage.sentence.start - before.end < _BALANCE_REACH
    )


def _named(quantity: Quantity, unit: Unit | None, folded: str) -> Quantity:
    """Among figures "casos" and "hechos" without more are of what has been counted."""
    known = unit is not None and unit.kind in (UnitClass.CASE, UnitClass.DEAD) and unit.unit not in PEOPLE
    word = folded[folded.rfind(" ", 0, quantity.core) + 1 : quantity.core]
    bare = word in _CASES and quantity.end == quantity.core and quantity.unit.unit in (word, _CRIMES)
    return replace(quantity, unit=unit) if unit is not None and known and bare else quantity


def _goes_on(before: Claim, sentence: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Whether the figure before stands in the sentence before, in the same paragraph."""
    last = sentences[sentence.index - 1] if sentence.index else None
    return last is not None and last.paragraph == sentence.paragraph and last.start <= before.start < last.end


def _figures_in(sentence: Sentence, folded: str, text: str) -> tuple[list[Number], list[Quantity]]:
    listed = sentence.zone is Zone.HEADING and LISTED_LINE.fullmatch(folded, sentence.start, sentence.end)
    if sentence.zone is Zone.ASIDE or (sentence.zone is Zone.HEADING and not listed):
        return [], []
    numbers = find_numbers(folded)
    starts = [number.start for number in numbers]
    inside = list(numbers[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)])
    return inside, sorted(quantities(sentence, folded, text, inside), key=lambda q: q.start)


def _many_shares(found: Iterable[Sequence[Quantity]]) -> bool:
    """Whether an article is one of figures whatever its kind: it tells several shares."""
    return sum(q.unit.kind is UnitClass.SHARE and not q.fraction for told in found for q in told) >= _MANY


def _heads_figures(sentence: Sentence, found: Iterable[Quantity]) -> bool:
    """Whether a title counts cases or arrests: "Chimbote acumula 260 denuncias"."""
    return sentence.zone is Zone.TITLE and any(
        is_act(q.unit)
        and q.unit.unit not in _DEAD
        and (q.high or q.low or 0) >= (_CASES_OF_TITLE if q.unit.kind is UnitClass.CASE else MANY)
        for q in found
    )


def _is_of_many_acts(read: Iterable[tuple[Sentence, Sequence[Number], Sequence[Quantity]]]) -> bool:
    """Whether the body tells several figures of more cases, arrests or gangs than one event has."""
    told = (q for sentence, _, found in read if sentence.zone is Zone.BODY for q in found)
    return sum(is_act(q.unit) and q.form == "counted" and (q.high or q.low or 0) >= MANY for q in told) >= _FIGURES


def _unrepeated(claims: Sequence[Claim], end: int) -> Iterator[Claim]:
    """Claims without those before ``end`` that are told again: figures of the title by the body."""
    last = {_told_by(claim): claim.start for claim in claims}
    for claim in claims:
        if claim.start >= end or last[_told_by(claim)] == claim.start:
            yield claim


def _told_by(claim: Claim) -> tuple[float | None, float | None, str]:
    """What a repetition of a claim has too: killings have several names."""
    return claim.quantity_min, claim.quantity_max, _KILLING if claim.subject == _KILLING else claim.unit


def _claim(
    quantity: Quantity,
    said: Said,
    triage: Triage,
    judge: Judge,
    voices: Voices,
) -> Claim:
    article, text = voices.article, voices.article.text
    here = article.sentences[said.position]
    before = said.before if is_listed(said, article) else None  # whose source and time a list goes on with
    speaker = speaker_beside(said, voices) or judge.choose(Field.SPEAKER, quantity, speaker_options(said, voices))
    speaker = replace(speaker, value=before.speaker) if before else speaker
    said = replace(said, speaker=speaker.value)
    scope = scope_beside(said, article) or judge.choose(Field.SCOPE, quantity, scope_options(said, article))
    beside = period_beside(said, article)
    period = beside or judge.choose(Field.PERIOD, quantity, period_options(said, article))
    period = replace(period, value=before.period) if before and not beside else period
    told = text[quantity.start : quantity.end]
    told_before = article.folded[here.start : quantity.start]
    subject = quantity.unit.subject or _subject(here, triage)
    return Claim(
        id=hashlib.sha256(f"{quantity.start}\0{quantity.end}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[
            :16
        ],
        text=told,
        start=quantity.start,
        end=quantity.end,
        quantity_min=quantity.low,
        quantity_max=quantity.high,
        comparator=quantity.comparator,
        unit=quantity.unit.unit,
        subject=subject,
        scope=scope.value,
        period=period.value,
        denominator=_whole(quantity, said, told_before),
        speaker=speaker.value,
        evidence=(
            Evidence(
                field="quantity",
                index=0,
                start=quantity.start,
                end=quantity.end,
                text=told,
                source=f"claim/{quantity.unit.kind}",
                score=quantity.score,
            ),
        ),
        score=round(_WHOLE * quantity.score * speaker.score * scope.score * period.score, 3),
    )


def _whole(quantity: Quantity, said: Said, told: str) -> str | None:
    """What a part or share is of: as told, else what the sentence names before it, what the figure before was of, or counted.

    Of growth ("27 % más que en 2024") it is what was counted, so far as that is told, with what it is compared with.
    ``told``: the folded sentence up to the figure.
    """
    before, share = said.before, quantity.unit.kind is UnitClass.SHARE
    counted = None if before is None or before.unit == _PERCENT else before.unit
    named = named_before(told) if share else None
    counted = named.unit if named is not None else counted
    whole = None if quantity.denominator in MORE else quantity.denominator
    if whole is None and before is not None and (share or quantity.unit.kind is UnitClass.PART):
        whole = (None if named else before.denominator) or counted
    elif whole is not None and counted is not None and _COMPARED.match(whole):
        whole = f"{counted} {whole}"
    if whole is None and share:
        whole = counted or what_changes(told)
    return whole


def _as_rate(quantity: Quantity, before: Claim | None) -> Quantity:
    """A figure without a unit right behind a rate as one: "251 por cada 100 mil habitantes, seguida de Tumbes, con 148"."""
    if before is None or quantity.form not in PARTS or quantity.start - before.end > _RATE_REACH:
        return quantity
    if not before.denominator or not before.denominator.endswith("habitantes"):
        return quantity
    return replace(quantity, unit=replace(quantity.unit, unit=before.unit), denominator=before.denominator)


def _subject(sentence: Sentence, triage: Triage) -> str | None:
    crimes = [m.value.type for m in sentence.mentions if isinstance(m.value, Crime)]
    return next(iter([*crimes, *triage.crime_types]), None)


class ClaimAssembler:
    """Sets ``doc._.claims``."""

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the claims of ``doc``."""
        context = context_of(doc)
        doc._.claims = assemble(text_of(doc), doc._.sentences, doc._.triage, context.day.date(), context.region)
        return doc


@Language.factory("claim_assembler")
def create(nlp: Language, name: str) -> ClaimAssembler:
    """Make the component; reads the units."""
    del nlp, name
    units()
    return ClaimAssembler()
