"""Which figures are claims: weighed evidence from the figure, its sentence and the article.

The cues of :func:`by_cues` are one feature among others. What each says stands in ``nlp/data/claim_figure_weights.csv``;
``python -m training.fit_claims figure`` fits it to annotated articles.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from nlp.claims.periods import times_told
from nlp.claims.quantities import LARGE
from nlp.claims.sources import speaks
from nlp.claims.units import Quantity, Unit, UnitClass
from nlp.patterns import PatternTable
from nlp.phrases import words_of
from nlp.qualify import Sentence, Zone, tells_of_many
from nlp.types import Claim, Count, Label, MoneyPeriod, MoneyRole, Triage
from nlp.weighing import Features, Weights, read_weights, words_around

_BUSINESS_HIT = re.compile(
    r"\b(?:extorsion\w*|cupos?|pag(?:an|aban|aron|ando)|amenaz\w+|desembols\w+|victimas?|cerra\w+|afectad\w+|agraviad\w+|impus\w+|cuotas?|asesin\w+|murieron|muert[oa]s|atacad\w+|balead\w+|suspend\w+|abandon\w+"
    r"|robad\w+|denunci\w+|blanco)\b"
)
_CRIME_NEAR = PatternTable(
    [
        r"(?:extorsi\w+|cupos?|delit\w+|denunci\w+|homicid\w+|asesin\w+|crim\w+|robo\w*|victim\w+|insegurid\w+|secuestr\w+|sicari\w+|mafias?"
        r"|bandas?|violen\w+|deten\w+|armas?|agraviad\w+|decomis\w+|incaut\w+|drogas?|cocaina|destru\w+|invadid\w+|rescat\w+|captur\w+"
        r"|vigilancia|seguridad|internos|penales|paga[n]?|pagaban?|pagaron)\b"
    ]
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
_NO_FIGURE = re.compile(r"\b(?:margen de error|ejecut\w+|presupuesto)\b")
_NO_EVENTS = re.compile(
    r"\b(?:(?:agrup|reun|represent|congreg|aglutin)(?:a|an|e|en) (?:a )?(?:(?:mas de|cerca de|unos|unas|casi) )?(?:las |los )?"
    r"|(?:margen de error|nivel de confianza)[^.;,\d]{0,15}|muestra de (?:mas de |unas |unos |cerca de )?)$"
)
_SAMPLE = re.compile(r"\b(?:encuest\w+|sondeo|entrevist\w+|muestra)\b[^.;]{0,90}\b(?:entre|a|de) $")
_MIN_CASES, _MIN_PEOPLE = 10, 200
PEOPLE = frozenset({"personas", "víctimas", "ciudadanos", "escolares", "mineros"})
_PART_REACH = 200
_AHEAD = re.compile(r"[^.,;:\d]{0,30}?\b\w{2,}(?:[aei]r(?:á|án))\b")
"""After a figure: what those whom it counts are about to do."""
_LETTER = re.compile(r"\w")
_QUOTES = re.compile(r"“[^”]*$|«[^»]*$")
_ATTRIBUTES = PatternTable(
    [
        r"(?:segun|de acuerdo (?:con|a)|estim\w+|calcul\w+|inform\w+|precis\w+|registr\w+|contabiliz\w+|report\w+|sostien\w+"
        r"|sostuv\w+|asegur\w+|afirm\w+|revel\w+|record\w+|indic\w+|señal\w+|senal\w+|refiri\w+|admit\w+|reconoc\w+|advert\w+|advirt\w+|dijo|dice"
        r"|cuenta|cifra|suma\w*|acumul\w+)\b"
    ]
)
_TRAFFIC = r"\b(?:accidentes?(?: automovilisticos?)? (?:de (?:transito|carretera)|vial(?:es)?|en (?:la )?(?:carretera|pista|via)s?)|siniestros? (?:de transito|vial(?:es)?)|siniestros|atropellos|volcaduras|despistes)\b"
_THEN_TRAFFIC = re.compile(rf"(?:(?! y se )[^.;:\d]){{0,60}}?(?:\d+ )?{_TRAFFIC}")
_TRAFFIC_THEN = re.compile(rf"{_TRAFFIC}(?:(?! y )[^.;:\d]){{0,40}}$")
_TRAFFIC_REACH = 80
_LEAD = 2
LIKELY, SURE, BESIDE = 0.3, 0.9, 0.6
"""A figure at least so likely to be a claim is one; what counts more acts than one event has is so sure, and others beside it."""
_ACTS = (UnitClass.CASE, UnitClass.FORCE, UnitClass.DEAD, UnitClass.SEIZURE, UnitClass.PART)
MANY = 50
_NO_ACTS = PEOPLE | {
    "policías",
    "internos",
    "reos",
    "presos",
    "reclusos",
    "requisitoriados",
    "rescatados",
    "rescatadas",
    "agraviados",
}
"""Units of which many may be at one place."""


class Standing(StrEnum):
    """Whether a figure is a claim."""

    CLAIM = "claim"
    OTHER = "other"


STANDINGS = tuple(Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Where figures are weighed: a sentence of an article."""

    sentence: Sentence
    told: str
    """The sentence, folded."""
    text: str
    triage: Triage
    today: date
    """Of publication."""
    figures: bool
    """The article is one of figures."""
    before: Claim | None
    """The claim before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A quantity that may be a claim, with what speaks for and against it."""

    quantity: Quantity
    features: Features


@lru_cache(maxsize=1)
def figure_weights() -> Weights[Standing]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("claim_figure_weights.csv", STANDINGS)


def likely_claims(figures: Sequence[Figure], weights: Weights[Standing]) -> list[Quantity]:
    """Those that are claims; of two that overlap the likelier."""
    shares = weights.probabilities([figure.features for figure in figures])
    many = any("many" in figure.features for figure in figures)
    chances = [
        max(float(row[STANDINGS.index(Standing.CLAIM)]), _least(figure) if many else 0.0)
        for figure, row in zip(figures, shares, strict=True)
    ]
    order = sorted(range(len(figures)), key=lambda index: -chances[index])
    kept: list[Quantity] = []
    for index in order:
        quantity = figures[index].quantity
        if chances[index] >= LIKELY and not any(q.start < quantity.end and quantity.start < q.end for q in kept):
            kept.append(replace(quantity, score=chances[index]))
    return sorted(kept, key=lambda quantity: quantity.start)


def _least(figure: Figure) -> float:
    """The least likelihood of a figure in a sentence that counts more acts than one event has."""
    if "many" in figure.features:
        return SURE
    return BESIDE if figure.quantity.unit.kind in _ACTS and figure.quantity.form in ("counted", "part") else 0.0


def weighable(passage: Passage, candidates: Iterable[Quantity], by_cues: Iterable[Quantity]) -> list[Figure]:
    """The candidates of a sentence with their features; ``by_cues``: those of them that the cues take for claims."""
    cued = {(quantity.start, quantity.end) for quantity in by_cues}
    listed = list(candidates)
    shared = dict.fromkeys(_of_passage(passage, len(listed)), 1.0)
    words = words_of(passage.text)
    bounds = (passage.sentence.start, passage.sentence.end)
    return [
        Figure(
            quantity=quantity,
            features={
                **words_around(words, quantity.start, quantity.core, bounds),
                **shared,
                **dict.fromkeys(_of_quantity(quantity, passage), 1.0),
                f"verdict:{(quantity.start, quantity.end) in cued}": 1.0,
            },
        )
        for quantity in listed
    ]


def stands_alone(start: int, told: str) -> bool:
    """Whether a number is no figure of many events, whatever it counts: members of a guild, the error of a survey."""
    return _NO_EVENTS.search(told, 0, start) is not None


def is_of_traffic(start: int, end: int, sentence: Sentence, folded: str) -> bool:
    """Whether a figure counts accidents of traffic, or what they left behind."""
    after = _THEN_TRAFFIC.match(folded, end, sentence.end)
    return (
        after is not None
        or _TRAFFIC_THEN.search(folded, max(sentence.start, start - _TRAFFIC_REACH), start) is not None
    )


def _of_passage(passage: Passage, figures: int) -> Iterator[str]:
    sentence, before = passage.sentence, passage.before
    yield "bias"
    yield f"kind:{passage.triage.kind}"
    yield f"figures:{passage.figures}"
    yield f"zone:{sentence.zone}{':lead' if sentence.zone is Zone.BODY and sentence.paragraph <= _LEAD else ''}"
    yield f"in sentence:{min(figures, 4)}"
    yield f"speaker:{speaks(passage.text[sentence.start : sentence.end])}"
    yield f"attributed:{_attributes(passage.told)}"
    yield f"aggregate:{tells_of_many(passage.told)}"
    yield f"crime:{_tells_crime(passage.told)}"
    yield f"time:{times_told(passage.told, passage.today)}"
    yield f"background:{sentence.background}"
    if before is None:
        yield "before:none"
    else:
        yield f"before:{'sentence' if before.start >= sentence.start else 'near' if before.start >= sentence.start - _PART_REACH else 'far'}"
    labels = {mention.label for mention in sentence.mentions}
    yield from (f"with:{label}" for label in (Label.DATE, Label.GANG, Label.PERSON, Label.PLACE) if label in labels)


def _of_quantity(quantity: Quantity, passage: Passage) -> Iterator[str]:
    kind, money = quantity.unit.kind, quantity.money
    amount = quantity.high if quantity.high is not None else quantity.low or 0.0
    size = "sum" if money else f"{min(int(math.log10(amount)), 4) if amount >= 1 else 0}{'' if amount > 2 else ' few'}"
    yield f"class:{kind}"
    yield f"class:{kind} figures:{passage.figures}"
    yield f"class:{kind} attributed:{_attributes(passage.told)}"
    yield f"class:{kind} size:{size}"
    yield f"unit:{quantity.unit.unit}"
    yield f"size:{size}"
    yield f"comparator:{quantity.comparator}"
    yield f"form:{quantity.form}"
    yield f"form:{quantity.form} figures:{passage.figures}"
    yield f"fraction:{quantity.fraction}"
    yield f"denominator:{quantity.denominator is not None}"
    start = quantity.start - passage.sentence.start
    if _is_of_many(quantity, amount, passage):
        yield "many"
    if _AHEAD.match(passage.text, quantity.core, passage.sentence.end):
        yield "ahead"
    if _QUOTES.search(passage.text, passage.sentence.start, quantity.start):
        yield "quoted"
    if not _LETTER.search(passage.told[:start]):
        yield "opens"
    if _SAMPLE.search(passage.told[: max(0, start)]):
        yield "sample"
    if money is not None:
        yield f"money:{money.role}"
        yield f"money:{money.role} {money.period}"
        yield f"per:{money.period}"
        yield f"large:{amount >= LARGE}"
        if _AVERAGE.search(passage.told):
            yield "average"
    for mention in passage.sentence.mentions:
        if isinstance(mention.value, Count) and mention.start < quantity.end and quantity.start < mention.end:
            yield f"count:{mention.value.of}"


def _is_of_many(quantity: Quantity, amount: float, passage: Passage) -> bool:
    """Whether the body counts more cases, arrests or gangs than one event has: "1384 personas arrestadas"."""
    acts = is_act(quantity.unit) and quantity.form == "counted"
    return acts and amount >= MANY and passage.sentence.zone is Zone.BODY


def is_act(unit: Unit) -> bool:
    """Whether a unit counts cases, arrests or gangs, not those who are at one place."""
    return unit.kind in (UnitClass.CASE, UnitClass.FORCE) and unit.unit not in _NO_ACTS


def by_cues(quantity: Quantity, passage: Passage) -> bool:
    """Whether the words of its sentence make a figure a claim, by what it counts."""
    told, sentence, figures, before = passage.told, passage.sentence, passage.figures, passage.before
    if figures and _SAMPLE.search(told[: max(0, quantity.start - sentence.start)]):
        return False
    aggregate, crime = tells_of_many(told), _tells_crime(told)
    amount = quantity.high if quantity.high is not None else quantity.low or 0.0
    kind, people = quantity.unit.kind, quantity.unit.unit in PEOPLE
    rules: Mapping[UnitClass, Callable[[], bool]] = {
        UnitClass.SUM: lambda: _is_turnover(quantity, told, figures),
        UnitClass.OTHER: lambda: amount > 2 and figures + aggregate + crime > 1,
        UnitClass.PART: lambda: figures and before is not None and before.start >= sentence.start - _PART_REACH,
        UnitClass.SHARE: lambda: crime or (figures and _NO_FIGURE.search(told) is None),
        UnitClass.CASE: lambda: (
            figures
            or (aggregate and amount > 1)
            or (amount >= _MIN_PEOPLE and crime if people else amount >= _MIN_CASES)
        ),
        UnitClass.BUSINESS: lambda: (
            amount > 2 and (_is_hit(told, aggregate, amount) or _THERE_ARE.search(told) is not None)
        ),
    }
    if kind in rules:
        return rules[kind]()
    return (figures and sentence.zone is Zone.BODY) or (aggregate and amount > 2)


@lru_cache(maxsize=64)
def _tells_crime(told: str) -> bool:
    """Whether a folded sentence speaks of crime. The last answers are kept: each of its figures asks."""
    return _CRIME_NEAR.search(words_of(told)) is not None


@lru_cache(maxsize=64)
def _attributes(told: str) -> bool:
    """Whether a folded sentence lays what it tells at somebody's door; kept likewise."""
    return _ATTRIBUTES.search(words_of(told)) is not None


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
