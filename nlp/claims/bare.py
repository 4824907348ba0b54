"""Figures without a unit of their own: "fueron 2 075 en 2024", "La Libertad: 289", "Callao (214)", "71 de ellos".

They count what the figure before them counted. Only articles of figures are read for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.claims.bounds import bounded
from nlp.claims.quantities import free_numbers, without_former
from nlp.claims.units import Quantity, Unit, UnitClass, units
from nlp.numbers import Number
from nlp.qualify import Sentence
from nlp.types import Comparator, Money, Person, Place

_ENDS = re.compile(
    r"(?:\s(?:al dia|por dia|diari[oa]s|mensuales|al mes|en|entre|desde|hasta|durante|del? (?:20\d\d|esos|esas)|de (?:ellos|ellas)|a (?=\d[\d.,]*(?:\s(?:en|entre|al|durante)\b|[.,;)]))|y (?!medi[oa])|mas|menos"
    r"|est[ea]|es[ea]|aquel|el (?=20\d\d|ano|mes|primer)|al (?=cierre|termino|ano|mes)|l[ao]s (?=hech|registrad|reportad|presentad)|frente|fueron|son|eran|(?:registr|report|present|contabiliz)ad[oa]s)\b|[.,;)\]]|\s*$|\n)"
)
_NOT_BEFORE = re.compile(
    r"(?:\b(?:articulo|numero|n\.?°|nro\.?|km|kilometro|calle|avenida|av\.|linea|ruta|central|puesto|bloque|manzana|lote|zona|pabellon|edad|las?"
    r"|dias?|multiplic\w+ (?:casi )?por|tasa de|indice de|media de|s/\.?|us\$|\$)\s?|[-/:]|\d[ .,])$"
)
_OLDEST = 99
_NAME_BEFORE = re.compile(r"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+[,’'”]? \($")
_OPENS = re.compile(r"\(\s?$")
_LISTED = re.compile(r":\s$")
_SAID = re.compile(
    r"\b(?:con|hubo|fueron|eran?|son|van|suma(?:n|ron)?|registr\w+|acumul\w+|report\w+|cont\w+|tuvo|tiene|apenas|solo|a|de|habla de|hablan de"
    r"|las|los|baj\w+|sub\w+|otras|otros|lleg\w+|alcanz\w+|ser:a) $"
)
_OF_THEM = re.compile(r"\sde (?:ellos|ellas|esos|esas|estos|estas)\b")
_PART = re.compile(
    r" (?:de (?:ellos|ellas|esos|esas|estos|estas)\b|(?:(?:ya|se|no|fueron|han|siguen|estan) ){0,2}[^\W\d_]+(?:aron|ieron|an|en|idos|ados)\b)"
)
"""After a number: a part of those counted before, or what they did."""
_COMPARED = re.compile(
    r"\b(?:frente a|contra|que|superior a|inferior a|super\w+(?: a)?|por encima de|(?:doble|triple) de) (?:los|las) (?:apenas )?$"
)
"""Before a number that another is compared to."""
_OF_PLACE = re.compile(r" (?:de(?:l)?|para|a) (?:la |los |las )?")
_DID = re.compile(
    r" (?:(?:ya|se|no|nunca|fueron|eran|son|han|habian|siguen|estan) ){0,2}[^\W\d_]{3,}(?:aron|ieron|an|en|ian|[ai]d[oa]s?)\b"
    r"|,? (?:eran|son|fueron|por (?!cada\b|ciento\b|dia\b)[^\W\d_]{4,})\b"
)
"""After a number: what those did whom it counts."""
_BECAME = re.compile(r" (?:resultaron|quedaron|terminaron|acabaron|han resultado|han quedado) (?P<what>\w+s)\b")
"""After a number: what became of those whom it counts, which is what it counts."""
_NUMBER_OF = re.compile(
    r"\b(?:cifra|numero|cantidad|total) (?:\w+ )?de (?:los |las )?(?P<what>[^\W\d]{4,}s)\b(?P<befell> [^\W\d]{3,}[ai]d[oa]s\b)?[^.;\d]*$"
)
"""Before a number: what it counts ("la cifra de colegios extorsionados podría superar los 500")."""
_PART_BEFORE = re.compile(
    r"(?:^|[“«\"]|[,;] |\b(?:y|que|pero|solo|apenas|de los cuales|de las cuales) )(?:solo |apenas |otros |otras )?$"
)
_THEN = re.compile(
    r"\b(?:20\d\d|ano (?:pasado|anterior)|(?:mismo|igual|similar) (?:lapso|periodo|tramo)|ultim[oa]s? (?:mes|ano|\w+ (?:meses|anos)))\b[^.;\d]{0,30}"
    r"\b(?:fueron|eran|hubo|registr\w+|report\w+|sum\w+|cont\w+|son|van) (?:solo |apenas |unos |unas )?$"
)
"""Before a number: as many as the sentence before counted, at another time ("en 2023 fueron 22")."""
_IN_PLACE = re.compile(
    r"\sen (?:el |la |los |las )?(?:(?:provincia|distrito|region|departamento|ciudad) (?:de |del )?)?(?:la |el )?"
)
_OF_THESE = re.compile(
    r"(?:^|[,.;:“«\"] |\b(?:que|y) )(?:de|entre) (?:los|las|est[oa]s|es[oa]s|dich[oa]s|aquell[oa]s) (?:mas de |casi )?$"
)
"""Before a figure: those that follow are parts of it ("de las 553 denuncias, 61 llegaron a juicio")."""
_OF_THOSE = re.compile(r"\b(?:de|entre) (?:est[oa]s|es[oa]s|dich[oa]s|aquell[oa]s) (?:mas de |casi )?$")
"""Before a whole: it was told already."""
_OF_TOTAL = re.compile(r"\b(?:del|de este|de ese) total de (?:los |las )?(?P<what>[^\W\d]{4,}s)\b[^,;.\d]{0,60}, ")
"""Before figures: what they are parts of, without its number."""
_BECAUSE_OF = frozenset({"por", "contra", "mediante"})
"""Words behind which a noun tells what for, and not what is counted: "fueron capturados por distintos delitos"."""
LISTED_LINE = re.compile(r"\W{0,4}(?:[^\d:.]{3,40}|ano \d{4}|\d{4}): \d[\d.,  ]*(?: [^\W\d]+){0,2}\W{0,3}")
"""A line of a list: ``- La Libertad: 289``."""
_LINE = re.compile(r"[-*•·]\s?$")


def bare_figures(
    sentence: Sentence, folded: str, numbers: Sequence[Number], known: Sequence[Quantity], unit: Unit | None
) -> Iterator[Quantity]:
    """Numbers of a sentence that count what it named before, else ``unit``; those within ``known`` are told already."""
    if any(isinstance(m.value, Money) for m in sentence.mentions):
        return
    for number in without_former(free_numbers(numbers, sentence.mentions, folded), folded):
        if any(quantity.start <= number.start < quantity.end for quantity in known):
            continue
        before = folded[sentence.start : number.start]
        if not _ENDS.match(folded, number.end) or not _is_told(before, folded, number, sentence):
            continue
        named = named_before(before)
        counted = unit if unit is not None and named is not None and named.unit in ANY_CASE else named or unit
        if counted is None:
            continue
        yield _counted(number, counted, "bare", folded, sentence)


def _counted(number: Number, unit: Unit, form: str, folded: str, sentence: Sentence) -> Quantity:
    """A number without a noun of its own, with the words of the sentence that bound it."""
    start, low, high, comparator = bounded(number, folded)
    became = _BECAME.match(folded, number.end)
    unit = units().get(became["what"], unit) if became else unit
    return Quantity(
        start=max(start, sentence.start),
        end=number.end,
        core=number.end,
        low=low,
        high=high,
        comparator=comparator,
        unit=unit,
        form=form,
    )


def parts(
    sentence: Sentence,
    folded: str,
    numbers: Sequence[Number],
    known: Sequence[Quantity],
    first: Quantity | None,
    before: Unit | None,
) -> Iterator[Quantity]:
    """Some of those that the sentence counted ``first``, or the one ``before`` it: "33 de ellos", "y seis ya pagan"."""
    for number in free_numbers(numbers, sentence.mentions, folded):
        unit = first.unit if first is not None and first.end <= number.start else before
        if unit is None or any(quantity.start <= number.start < quantity.end for quantity in known):
            continue
        earlier = folded[sentence.start : number.start]
        part = _PART.match(folded, number.end) and _PART_BEFORE.search(earlier)
        if not part and not (_THEN.search(earlier) and _ENDS.match(folded, number.end)):
            continue
        yield _counted(number, unit, "part", folded, sentence)


def loose(
    sentence: Sentence, folded: str, text: str, numbers: Sequence[Number], known: Sequence[Quantity], unit: Unit | None
) -> Iterator[Quantity]:
    """Other numbers that may count what the sentence, or one before it, named; to be weighed, since most do not."""
    for number in without_former(free_numbers(numbers, sentence.mentions, folded), folded):
        before = folded[sentence.start : number.start]
        compared = _COMPARED.search(before) is not None
        if any(q.start <= number.start < q.end for q in known) or (_NOT_BEFORE.search(before) and not compared):
            continue
        if _is_age(number, folded, text, sentence):
            continue
        named = named_before(before)
        counted = unit if unit is not None and named is not None and named.unit in ANY_CASE else named or unit
        ends = _ENDS.match(folded, number.end) or _DID.match(folded, number.end)
        if counted is None or not (ends or compared or _is_of_place(number, folded, sentence)):
            continue
        yield _counted(number, counted, "loose", folded, sentence)


def of_whole(
    figures: Sequence[Quantity], told: Sequence[Quantity], folded: str, text: str, sentence: Sentence
) -> list[Quantity]:
    """The figures, those behind a whole that ``told`` has ("de las 553 denuncias, 61 …") as parts of it.

    A whole that was told before ("de esas 553 denuncias") is none of them.
    """
    whole = next((q for q in told if _OF_THESE.search(folded[sentence.start : q.start])), None)
    if whole is None:
        named = _OF_TOTAL.search(folded, sentence.start, sentence.end)
        return _parts_of(named, figures, text) if named else list(figures)
    again = _OF_THOSE.search(folded, sentence.start, whole.start) is not None
    return [
        replace(quantity, denominator=text[whole.start : whole.core]) if _is_part(quantity, whole) else quantity
        for quantity in figures
        if not (again and quantity is whole)
    ]


def _parts_of(named: re.Match[str], figures: Sequence[Quantity], text: str) -> list[Quantity]:
    """The figures, those behind "del total de denuncias," as parts of them."""
    return [
        replace(quantity, denominator=text[named.start("what") : named.end("what")])
        if quantity.start >= named.end() and quantity.form in PARTS and quantity.denominator is None
        else quantity
        for quantity in figures
    ]


def _is_part(quantity: Quantity, whole: Quantity) -> bool:
    alike = quantity.form in PARTS or quantity.unit.kind is whole.unit.kind
    return quantity.start > whole.end and quantity.denominator is None and alike


def _is_age(number: Number, folded: str, text: str, sentence: Sentence) -> bool:
    """``Luis Rojas (27)``: in brackets behind a name that is no place's."""
    if number.value > _OLDEST or not (folded.endswith("(", 0, number.start) and folded.startswith(")", number.end)):
        return False
    name = _NAME_BEFORE.search(text, sentence.start, number.start)
    return name is not None and not _follows(sentence, number.start - 1, Place)


def _is_of_place(number: Number, folded: str, sentence: Sentence) -> bool:
    """``nueve del Callao``."""
    return any(
        isinstance(m.value, Place) and m.start > number.end and _OF_PLACE.fullmatch(folded, number.end, m.start)
        for m in sentence.mentions
    )


def named_before(before: str) -> Unit | None:
    """What the sentence says it counts, without a number: "las denuncias pasaron de 302 a 749"."""
    words = re.findall(r"\w+", before)
    found = (
        units().get(word)
        for index, word in reversed([*enumerate(words)])
        if word.endswith("s") and not _BECAUSE_OF & {*words[max(0, index - 2) : index]}
    )
    known = next((unit for unit in found if unit is not None and unit.kind in (UnitClass.CASE, UnitClass.DEAD)), None)
    number = _NUMBER_OF.search(before)
    if known is not None or number is None:
        return known
    unit = units().get(number["what"]) or Unit(unit=number["what"], subject=None, kind=UnitClass.OTHER)
    return replace(unit, unit=f"{unit.unit}{number['befell']}") if number["befell"] else unit


def _is_told(before: str, folded: str, number: Number, sentence: Sentence) -> bool:
    if _OF_THEM.match(folded, number.end) or _stands_for_place(folded, number, sentence):
        return True
    if _OPENS.search(before):
        return folded[number.end : number.end + 1] == ")" and _follows(sentence, number.start - 1, Place)
    if _LISTED.search(before):
        return _follows(sentence, number.start - 2, Place) or number.end + 1 >= sentence.end
    if _NOT_BEFORE.search(before):
        return False
    if _follows(sentence, number.start, Person):
        return False
    return (
        _SAID.search(before) is not None
        or bounded(number, folded)[3] is not Comparator.EXACTLY
        or _LINE.search(before) is not None
    )


def _stands_for_place(folded: str, number: Number, sentence: Sentence) -> bool:
    """``nueve en la provincia de Pataz``."""
    return any(
        isinstance(m.value, Place) and m.start - number.end >= 0 and _IN_PLACE.fullmatch(folded, number.end, m.start)
        for m in sentence.mentions
    )


def _follows(sentence: Sentence, position: int, kind: type) -> bool:
    """Whether a mention of that kind ends right before a position."""
    return any(isinstance(m.value, kind) and position - 2 <= m.end <= position for m in sentence.mentions)


PARTS = frozenset({"part", "bare", "loose"})
"""Forms of figures that may count what the one before counted."""
COUNTED = frozenset({UnitClass.CASE, UnitClass.DEAD, UnitClass.FORCE, UnitClass.BUSINESS})
"""Classes whose unit later figures may leave out."""
ANY_CASE = frozenset({"casos", "víctimas"})
"""Units that stand for the one told before."""
