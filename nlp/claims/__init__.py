"""Attributed figures about many events: "451 denuncias por extorsión de enero a julio, según el Sidpol".

A number is a claim when it counts cases, police work or businesses and its sentence says over which time, or when the whole
article is about figures; shares ("tres de cada diez") and what a gang takes in always are. Claims are never added up.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from nlp.claims.attribution import Said, scope_of, speaker_of
from nlp.claims.periods import period_of
from nlp.claims.quantities import Quantity, UnitClass, quantities, units
from nlp.numbers import find_numbers
from nlp.phrases import words_of
from nlp.qualify import AGGREGATE, Sentence, Zone
from nlp.recognizers import context_of
from nlp.types import ArticleKind, Claim, Crime, Evidence, MoneyRole, Triage

_BUSINESS_HIT = re.compile(
    r"\b(?:extorsion\w*|cupos?|pag(?:an|aban|aron|ando)|amenaz\w+|desembols\w+|victimas?|cerra\w+|afectad\w+|agraviad\w+|impus\w+|cuotas?)\b"
)
_CRIME_NEAR = re.compile(
    r"\b(?:extorsi\w+|cupos?|delit\w+|denunci\w+|homicid\w+|asesin\w+|crim\w+|robo\w*|victim\w+|insegurid\w+|secuestr\w+|sicari\w+|mafias?"
    r"|bandas?|violen\w+|deten\w+|armas?|agraviad\w+)\b"
)
_THERE_ARE = re.compile(
    r"\b(?:hay|existen|operan) (?:mas de |unos |unas |cerca de )?[\d.,]*\w* ?(?:sindicatos|bandas|mafias)\b"
)
_TURNOVER = re.compile(
    r"\b(?:muev[en]+|genera(?:n|ron|ria)?|recaud\w+|pierd[en]+|perdidas? anual\w*|cuesta(?:n)? a\w*|export(?:a|o|aron)|lav(?:a|o|aron)|entrega(?:n)?"
    r"|pag(?:a|an) (?:al ano|cada)|anuales|al ano|por ano|cada ano)\b"
)
_OF_ONE_CASE = (MoneyRole.BUDGET, MoneyRole.FINE, MoneyRole.REWARD, MoneyRole.RANSOM, MoneyRole.STOLEN, MoneyRole.PRICE)
_HOPED = re.compile(r"\b\w+aria[n]?\b|\bespera\w+\b|\bpretend\w+\b|\bbuscaba\w*\b")
_MIN_CASES, _MIN_PEOPLE = 10, 200
_PEOPLE = frozenset({"personas", "víctimas", "ciudadanos", "escolares", "mineros"})
_PART_REACH = 200


def assemble(text: str, sentences: Sequence[Sentence], triage: Triage, today: date) -> tuple[Claim, ...]:
    """The claims of an article, in text order. ``today`` is the day of publication in Lima."""
    claims: list[Claim] = []
    folded = words_of(text).folded
    numbers = find_numbers(folded)
    starts = [number.start for number in numbers]
    for position, sentence in enumerate(sentences):
        if sentence.zone in (Zone.ASIDE, Zone.HEADING):
            continue
        inside = numbers[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        told = folded[sentence.start : sentence.end]
        for quantity in sorted(quantities(sentence, folded, text, inside), key=lambda q: q.start):
            if _is_claim(quantity, told, sentence, triage, claims[-1] if claims else None):
                said = Said(
                    position=position,
                    start=quantity.start,
                    end=quantity.core,
                    money=quantity.money,
                    cases=quantity.unit.kind is UnitClass.CASE,
                    figures=triage.kind is ArticleKind.STATISTICS,
                    before=claims[-1] if claims else None,
                )
                claims.append(_claim(quantity, said, sentences, text, triage, today))
    return tuple(_unrepeated(claims))


def _is_claim(quantity: Quantity, told: str, sentence: Sentence, triage: Triage, before: Claim | None) -> bool:
    figures = triage.kind is ArticleKind.STATISTICS
    aggregate = AGGREGATE.search(told) is not None
    crime = _CRIME_NEAR.search(told) is not None
    amount = quantity.high if quantity.high is not None else quantity.low or 0.0
    kind = quantity.unit.kind
    rules = {
        UnitClass.SUM: _is_turnover(quantity, told),
        UnitClass.OTHER: figures and aggregate and crime and amount > 2,
        UnitClass.PART: figures and before is not None and before.start >= sentence.start - _PART_REACH,
        UnitClass.SHARE: figures or crime,
        UnitClass.CASE: figures
        or (aggregate and amount > 1)
        or amount >= (_MIN_PEOPLE if quantity.unit.unit in _PEOPLE else _MIN_CASES),
        UnitClass.BUSINESS: amount > 2 and (_is_hit(told, aggregate, amount) or _THERE_ARE.search(told) is not None),
    }
    police_work = (figures and sentence.zone is Zone.BODY) or (aggregate and amount > 2)
    return rules.get(kind, police_work)


def _is_hit(told: str, aggregate: bool, amount: float) -> bool:
    return _BUSINESS_HIT.search(told) is not None and (aggregate or amount >= _MIN_CASES)


def _is_turnover(quantity: Quantity, told: str) -> bool:
    """What a gang takes in by the day, month or year; or a sum that a whole trade moves or loses."""
    money = quantity.money
    if money is None or _HOPED.search(told):
        return False
    if money.role is MoneyRole.INCOME and money.period is not None:
        return True
    return _TURNOVER.search(told) is not None and money.role not in _OF_ONE_CASE


def _unrepeated(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Claims without those of the title that the body tells again."""
    for claim in claims:
        again = any(
            other.start > claim.start
            and (other.quantity_min, other.quantity_max, other.unit)
            == (claim.quantity_min, claim.quantity_max, claim.unit)
            for other in claims
        )
        if not again:
            yield claim


def _claim(
    quantity: Quantity, said: Said, sentences: Sequence[Sentence], text: str, triage: Triage, today: date
) -> Claim:
    speaker = speaker_of(said, sentences, text)
    told = text[quantity.start : quantity.end]
    subject = quantity.unit.subject or _subject(sentences[said.position], triage)
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
        scope=scope_of(said, sentences, text),
        period=period_of(said, sentences, text, today),
        denominator=_whole(quantity, said),
        speaker=speaker,
        evidence=(
            Evidence(
                field="quantity",
                index=0,
                start=quantity.start,
                end=quantity.end,
                text=told,
                source=f"claim/{quantity.unit.kind}",
                score=0.8,
            ),
        ),
        score=0.75 if speaker else 0.55,
    )


def _whole(quantity: Quantity, said: Said) -> str | None:
    if quantity.unit.kind is UnitClass.PART and said.before is not None:
        return said.before.denominator or said.before.unit
    return quantity.denominator


def _subject(sentence: Sentence, triage: Triage) -> str | None:
    crimes = [m.value.type for m in sentence.mentions if isinstance(m.value, Crime)]
    return next(iter([*crimes, *triage.crime_types]), None)


class ClaimAssembler:
    """Sets ``doc._.claims``."""

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the claims of ``doc``."""
        doc._.claims = assemble(doc.text, doc._.sentences, doc._.triage, context_of(doc).day.date())
        return doc


@Language.factory("claim_assembler")
def create(nlp: Language, name: str) -> ClaimAssembler:
    """Make the component; reads the units."""
    del nlp, name
    units()
    return ClaimAssembler()
