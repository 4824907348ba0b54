"""Attributed figures about many events: "451 denuncias por extorsión de enero a julio, según el Sidpol".

A number is a claim when it counts cases, police work or businesses and its sentence says over which time, or when the whole
article is about figures; shares ("tres de cada diez") and what a gang takes in always are. Claims are never added up.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from nlp.claims.attribution import Said, scope_of, speaker_of
from nlp.claims.bare import ANY_CASE, COUNTED, LISTED_LINE, bare_figures, parts
from nlp.claims.periods import period_of
from nlp.claims.quantities import LARGE, Quantity, Unit, UnitClass, quantities, units
from nlp.numbers import Number, find_numbers
from nlp.phrases import words_of
from nlp.qualify import AGGREGATE, Sentence, Zone
from nlp.recognizers import context_of, text_of
from nlp.types import ArticleKind, Claim, Crime, Evidence, MoneyPeriod, MoneyRole, Triage

_BUSINESS_HIT = re.compile(
    r"\b(?:extorsion\w*|cupos?|pag(?:an|aban|aron|ando)|amenaz\w+|desembols\w+|victimas?|cerra\w+|afectad\w+|agraviad\w+|impus\w+|cuotas?|asesin\w+|murieron|muert[oa]s|atacad\w+|balead\w+|suspend\w+|abandon\w+"
    r"|robad\w+|denunci\w+|blanco)\b"
)
_CRIME_NEAR = re.compile(
    r"\b(?:extorsi\w+|cupos?|delit\w+|denunci\w+|homicid\w+|asesin\w+|crim\w+|robo\w*|victim\w+|insegurid\w+|secuestr\w+|sicari\w+|mafias?"
    r"|bandas?|violen\w+|deten\w+|armas?|agraviad\w+|decomis\w+|incaut\w+|drogas?|cocaina|destru\w+|invadid\w+|rescat\w+|captur\w+"
    r"|vigilancia|seguridad|internos|penales|paga[n]?|pagaban?|pagaron)\b"
)
_THERE_ARE = re.compile(
    r"\b(?:hay|existen|operan) (?:mas de |unos |unas |cerca de )?[\d.,]*\w* ?(?:sindicatos|bandas|mafias)\b"
)
_TURNOVER = re.compile(
    r"\b(?:muev[en]+|mov(?:ian|ieron|io)|operaciones sospechosas|perder[ai]a?n?|manej(?:a|an)|genera(?:n|ron|ria)?|recaud\w+|pierd[en]+|perdidas? anual\w*|cuesta(?:n)? a\w*|export(?:a|o|aron)|lav(?:a|o|aron)|entrega(?:n)?"
    r"|pag(?:a|an) (?:al ano|cada)|anuales|al ano|por ano|cada ano)\b"
)
_OF_ONE_CASE = (MoneyRole.BUDGET, MoneyRole.FINE, MoneyRole.REWARD, MoneyRole.RANSOM, MoneyRole.STOLEN, MoneyRole.PRICE)
_HOPED = re.compile(r"\b\w+aria[n]?\b|\bespera\w+\b|\bpretend\w+\b|\bbuscaba\w*\b")
_AVERAGE = re.compile(r"\b(?:promedio|en promedio|media de|mediana|(?:monto|cupo|pago|valor) (?:medio|mediano))\b")
_USUAL = (MoneyPeriod.DAY, MoneyPeriod.WEEK, MoneyPeriod.MONTH, MoneyPeriod.YEAR)
_CUTS = (MoneyRole.DEMANDED, MoneyRole.PAID, MoneyRole.INCOME, MoneyRole.DAMAGE, MoneyRole.OTHER)
_MANY = 4
_TOLD_CHANGE = re.compile(r"\b(?:pas(?:o|aron)|subi(?:o|eron)|baj(?:o|aron)|crec(?:io|ieron)|aument(?:o|aron)) de \d")
_NO_FIGURE = re.compile(r"\b(?:margen de error|ejecut\w+|presupuesto)\b")
_SAMPLE = re.compile(r"\b(?:encuest\w+|sondeo|entrevist\w+|muestra)\b[^.;]{0,90}\b(?:entre|a|de) $")
_MIN_CASES, _MIN_PEOPLE = 10, 200
_PEOPLE = frozenset({"personas", "víctimas", "ciudadanos", "escolares", "mineros"})
_PART_REACH = 200


def assemble(text: str, sentences: Sequence[Sentence], triage: Triage, today: date) -> tuple[Claim, ...]:
    """The claims of an article, in text order. ``today`` is the day of publication in Lima."""
    folded = words_of(text).folded
    read = [(sentence, *_figures_in(sentence, folded, text)) for sentence in sentences]
    figures = triage.kind is ArticleKind.STATISTICS or _many_shares(found for _, _, found in read)
    claims: list[Claim] = []
    unit: Unit | None = None
    main: Unit | None = None
    for sentence, numbers, found in read:
        told = folded[sentence.start : sentence.end]
        wanted = [q for q in found if _is_claim(q, told, sentence, figures, claims[-1] if claims else None)]
        told_here = next((q.unit for q in wanted if q.unit.kind in COUNTED and q.unit.unit not in ANY_CASE), unit)
        main = main or told_here
        counted = main if sentence.zone is Zone.HEADING else told_here
        if figures or _TOLD_CHANGE.search(told):
            wanted.extend(bare_figures(sentence, folded, numbers, found, counted if figures else None))
        else:
            known = unit if claims and _goes_on(claims[-1], sentence, sentences) else None
            first = next((q for q in wanted if q.unit.kind in COUNTED), None)
            wanted.extend(parts(sentence, folded, numbers, found, first, known))
        named = (q.unit for q in reversed(wanted) if q.unit.kind in COUNTED and q.unit.unit not in ANY_CASE)
        unit = next(named, unit)
        main = main or unit
        for quantity in sorted(wanted, key=lambda q: q.start):
            said = Said(
                position=sentence.index,
                start=quantity.start,
                end=quantity.core,
                money=quantity.money,
                cases=quantity.unit.kind is UnitClass.CASE,
                share=quantity.unit.kind is UnitClass.SHARE,
                figures=figures,
                before=claims[-1] if claims else None,
            )
            claims.append(_claim(quantity, said, sentences, text, triage, today))
    title_end = max((s.end for s in sentences if s.zone is Zone.TITLE), default=0)
    return tuple(_unrepeated(claims, title_end if figures else len(text)))


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


def _is_claim(quantity: Quantity, told: str, sentence: Sentence, figures: bool, before: Claim | None) -> bool:
    aggregate = AGGREGATE.search(told) is not None
    crime = _CRIME_NEAR.search(told) is not None
    amount = quantity.high if quantity.high is not None else quantity.low or 0.0
    kind = quantity.unit.kind
    rules = {
        UnitClass.SUM: _is_turnover(quantity, told, figures),
        UnitClass.OTHER: (figures and (aggregate or crime) and amount > 2) or (aggregate and crime and amount > 2),
        UnitClass.PART: figures and before is not None and before.start >= sentence.start - _PART_REACH,
        UnitClass.SHARE: (figures or crime) and not (_NO_FIGURE.search(told) and not crime),
        UnitClass.CASE: figures
        or (aggregate and amount > 1)
        or (amount >= _MIN_PEOPLE and crime if quantity.unit.unit in _PEOPLE else amount >= _MIN_CASES),
        UnitClass.BUSINESS: amount > 2 and (_is_hit(told, aggregate, amount) or _THERE_ARE.search(told) is not None),
    }
    if figures and _SAMPLE.search(told[: max(0, quantity.start - sentence.start)]):
        return False
    police_work = (figures and sentence.zone is Zone.BODY) or (aggregate and amount > 2)
    return rules.get(kind, police_work)


def _is_hit(told: str, aggregate: bool, amount: float) -> bool:
    return _BUSINESS_HIT.search(told) is not None and (aggregate or amount >= _MIN_CASES)


def _is_turnover(quantity: Quantity, told: str, figures: bool) -> bool:
    """What a gang takes in by the day, month or year; a usual or average cut; or a sum that a whole trade moves or loses."""
    money = quantity.money
    if money is None or _HOPED.search(told):
        return False
    if money.role is MoneyRole.INCOME and money.period is not None:
        return True
    if _AVERAGE.search(told) or (figures and money.period in _USUAL and money.role in _CUTS):
        return money.role not in (MoneyRole.BUDGET, MoneyRole.FINE, MoneyRole.REWARD)
    large = (money.max or money.min or 0) >= LARGE
    yearly = money.period is MoneyPeriod.YEAR
    return large and _TURNOVER.search(told) is not None and (yearly or money.role not in _OF_ONE_CASE)


def _unrepeated(claims: Sequence[Claim], end: int) -> Iterator[Claim]:
    """Claims without those before ``end`` that are told again: figures of the title by the body."""
    for claim in claims:
        again = claim.start < end and any(
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
        scope=scope_of(replace(said, speaker=speaker), sentences, text),
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
    """What a part or share is of: as told, else what the figure before was of, or counted."""
    if (
        quantity.denominator is None
        and said.before is not None
        and quantity.unit.kind in (UnitClass.PART, UnitClass.SHARE)
    ):
        return said.before.denominator or said.before.unit
    return quantity.denominator


def _subject(sentence: Sentence, triage: Triage) -> str | None:
    crimes = [m.value.type for m in sentence.mentions if isinstance(m.value, Crime)]
    return next(iter([*crimes, *triage.crime_types]), None)


class ClaimAssembler:
    """Sets ``doc._.claims``."""

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the claims of ``doc``."""
        doc._.claims = assemble(text_of(doc), doc._.sentences, doc._.triage, context_of(doc).day.date())
        return doc


@Language.factory("claim_assembler")
def create(nlp: Language, name: str) -> ClaimAssembler:
    """Make the component; reads the units."""
    del nlp, name
    units()
    return ClaimAssembler()
