"""Figures in a sentence that may be claims: a number with what it counts, a share, a sum of money that a gang makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from nlp.claims.shares import MANY_HEADS, each_of, fractions, of_each, one_of_each, whole_after
from nlp.claims.times import months
from nlp.claims.units import Quantity, Unit, UnitClass, units
from nlp.lexicon import read_table
from nlp.numbers import Number
from nlp.qualify import Sentence
from nlp.types import Business, Comparator, Label, Mention, Money

_SHARE = re.compile(r"\s?(?:%|por ciento\b)")
_OVER = re.compile(
    r"\b(?:mas del?|al menos|no menos de|por lo menos|por encima del?|(?:super|sobrepas|rebas)(?:an?|o|aron|aba|aban|aria|arian)) (?:a )?(?:los |las |el )?$"
)
_UNDER = re.compile(r"\b(?:menos del?|hasta|no llegan? al?|por debajo del?) (?:los |las )?$")
_AROUND = re.compile(
    r"\b(?:unos|unas|cerca del?|casi|alrededor del?|aproximadamente|un (?:aproximado|estimado) de|mas o menos|(?:bordea|ronda)(?:n)?(?: (?:los|las|el))?) (?:los |las |el )?$"
)
_DEFINITE = re.compile(r"\b(?:los|las) $")
_KNOWN = re.compile(
    r"[^.,;:()\d]{0,40}?(?: \([^()]{1,20}\))? (?:de(?:l)? (?:ano )?(?:20\d\d|pasado|anterior)\b|(?:registr|report|contabiliz)ad[oa]s\b)"
)
"""After a number: how many there were before, which others are compared to ("supera las 350 de 2024")."""
_BETWEEN = re.compile(r"\bentre (?:el )?$")
_AND = re.compile(r"\s?%?\s?y (?:el )?")
_NEXT_WORDS = re.compile(r"\s(\w+)(?:\s(\w+))?(?:\s(\w+))?")
_CRIME_TAIL = re.compile(
    r"\s(?:por|de|del delito de|por el delito de)\s(?:presunta |presunto )?(?!dia|mes|ano|semana|hora|cada)(\w{4,})"
)
_PER_HEAD = re.compile(r"\s(?:por cada|por) (?=\d|mil\b|cien)")
_ORDINAL_NOUN = r"(?P<ending>[oa]?) (?P<noun>\w{4,})(?: (?P<more>\w{4,}))?"
_CHANGES = re.compile(
    r"\b(?:pas|sub|baj|salt|crec|aument|descend|increment|cay|reduj|trep|disminuy)(?:a|o|an|aron|io|ieron|e|en|ron|ia|ian)? de $|\bal (?:pasar|subir|bajar|crecer|caer) de $"
)
_FORMER = re.compile(r"(?: [a-z]+)? a ")
_PART_OF = re.compile(r"\sde (?:los|las) (?=\d)")
_SHORTEST_NOUN = 5
"""Letters of a plural that may be what is counted."""
_ARRESTS = re.compile(r"\b(?:detuv\w+|deten\w+|captur\w+|arrest\w+)\b[^.;]{0,40}$")
"""Before a number of persons: they are those arrested."""
_PRESUMED = re.compile(r"\s(?:presunt|supuest|posibl|otr|nuev)(?:os|as|es)\b")
"""Between a number and what it counts."""
LARGE = 1_000_000
"""A sum from here on may be that of a whole trade."""
_BREAKS = frozenset({"y", "e", "o", "u", "en", "por", "que", "con", "contra"})
"""Words at which what is counted ends."""
_CAUGHT = frozenset({"personas", "delincuentes", "sujetos", "individuos", "sospechosos"})
_TOLD_SO = re.compile(
    r"(?:registr|report|present|contabiliz|ocurr|comet|produc|denunci|notific|record|consign)(?:ad|id)[oa]s"
)
"""What was counted before, and no unit: "las 22 mil registradas en 2024"."""
_STOP_WORDS = frozenset(
    [
        "soles",
        "dolares",
        "encuestas",
        "encuestados",
        "entrevistas",
        "hijos",
        "hijas",
        "primeros",
        "cuartas",
        "anos",
        "ano",
        "dias",
        "meses",
        "horas",
        "semanas",
        "minutos",
        "metros",
        "kilometros",
        "cuadras",
        "km",
        "diarios",
        "diarias",
        "mensuales",
        "semanales",
        "anuales",
        "veces",
        "puntos",
        "regiones",
        "distritos",
        "provincias",
        "departamentos",
        "ciudades",
        "paises",
        "zonas",
        "lugares",
    ]
)


@lru_cache(maxsize=1)
def _ordinals() -> tuple[re.Pattern[str], dict[str, int]]:
    """Ordinals by stem, and the pattern of one with its noun: ``el tercer asesinato``."""
    values = {row["word"]: int(row["value"]) for row in read_table("ordinals.csv", frozenset({"word", "value"}))}
    stems = "|".join(sorted(values, key=len, reverse=True))
    return re.compile(rf"\b(?P<stem>{stems}){_ORDINAL_NOUN}"), values


def without_former(numbers: Sequence[Number], folded: str) -> list[Number]:
    """Numbers with those that a change begins at taken into those it ends at: ``pasaron de 302 a 749`` is the one figure 749."""
    kept: list[Number] = []
    skip = False
    for number, following in zip_longest(numbers, numbers[1:]):
        if skip:
            skip = False
        elif following is not None and _is_change(number, following, folded):
            kept.append(following._replace(start=number.start))
            skip = True
        else:
            kept.append(number)
    return kept


def _is_change(number: Number, following: Number, folded: str) -> bool:
    between = folded[number.end : following.start]
    return (
        _FORMER.fullmatch(between) is not None
        and _CHANGES.search(folded, max(0, number.start - 30), number.start) is not None
    )


def quantities(sentence: Sentence, folded: str, text: str, numbers: Sequence[Number]) -> Iterator[Quantity]:
    """Figures of a sentence, not those that are money, dates or places; ``numbers`` are those of the sentence."""
    free = without_former(free_numbers(numbers, sentence.mentions, folded), folded)
    shares = list(one_of_each(sentence, folded, text, numbers))
    skip = -1
    for position, number in enumerate(free):
        if number.start < skip or any(share.start <= number.start < share.end for share in shares):
            continue
        following = free[position + 1] if position + 1 < len(free) else None
        found = (
            of_each(number, following, folded, text)
            or each_of(number, following, folded, text)
            or _counted(number, following, folded, text, sentence.mentions)
        )
        if found is not None:
            skip = found.end
            yield found
    yield from shares
    yield from fractions(sentence, folded, text)
    yield from _in_order(sentence, folded)
    yield from _sums(sentence)


def free_numbers(numbers: Sequence[Number], mentions: Sequence[Mention], folded: str) -> list[Number]:
    """Numbers that are no year, sum of money, date or part of a name."""
    return [
        number
        for number in numbers
        if not _taken(number, mentions) and (not is_year(number) or _is_of_month(number, folded))
    ]


def bounded(number: Number, folded: str) -> tuple[int, float | None, float | None, Comparator]:
    """Where a number begins with its bound words, the least and most that it says, and how."""
    start, comparator = _bound(number, folded)
    low = None if comparator is Comparator.UNDER else number.value
    high = None if comparator is Comparator.OVER else number.value
    return start, low, high, comparator


def is_year(number: Number) -> bool:
    """Four digits of this century or the last."""
    return number.digits and number.end - number.start == 4 and 1900 <= number.value <= 2100


def _is_of_month(number: Number, folded: str) -> bool:
    """``marzo (2030)``: four digits in brackets behind a month are a figure."""
    word = re.search(r"(\w+) \($", folded[max(0, number.start - 13) : number.start])
    return word is not None and word[1] in months() and folded.startswith(")", number.end)


def _taken(number: Number, mentions: Sequence[Mention]) -> bool:
    kinds = (Label.MONEY, Label.DATE, Label.PLACE)
    return any(m.label in kinds and m.start <= number.start < m.end for m in mentions)


def _counted(
    number: Number, following: Number | None, folded: str, text: str, mentions: Sequence[Mention]
) -> Quantity | None:
    """``entre 10 y 12 denuncias``, ``más de 60 homicidios``, ``28,9 %``."""
    start, comparator = _bound(number, folded)
    low: float | None = number.value
    high: float | None = number.value
    end = number.end
    if comparator is Comparator.BETWEEN:
        if following is None or not _AND.fullmatch(folded, end, following.start):
            comparator = Comparator.EXACTLY
        else:
            high, end = following.value, following.end
    denominator: str | None
    share = _SHARE.match(folded, end)
    rate = _of_many_heads(number, following, folded, text)
    if rate is not None:
        unit, core = rate
        denominator, end = unit.unit.removeprefix("por "), core
    elif share:
        unit = Unit(unit="%", subject=None, kind=UnitClass.SHARE)
        core, (denominator, end) = share.end(), whole_after(text, share.end())
    else:
        whole = _PART_OF.match(folded, end)
        at = following.end if whole and following else end
        presumed = _PRESUMED.match(folded, at)
        at = presumed.end() if presumed else at
        after = _unit_after(folded, at) or _business_after(at, mentions, text) or _other_unit(folded, at)
        if after is None:
            return None
        unit, core = after
        written = text[max(0, core - len(unit.unit)) : core].lower()
        if folded.endswith(unit.unit, 0, core):
            unit = replace(unit, unit=written)
        if unit.unit in _CAUGHT and _ARRESTS.search(folded, max(0, start - 60), start):
            unit = units()["detenidos"]
        denominator, end = (text[whole.end() : core], core) if whole else _per_head(following, folded, text, core)
    if comparator is Comparator.OVER:
        high = None
    elif comparator is Comparator.UNDER:
        low = None
    return Quantity(
        start=start,
        end=end,
        core=core,
        low=low,
        high=high,
        comparator=comparator,
        unit=unit,
        denominator=denominator,
    )


def _of_many_heads(number: Number, following: Number | None, folded: str, text: str) -> tuple[Unit, int] | None:
    """``15,2 por cada 100 mil habitantes``: a rate that counts the cases among so many, and where that ends."""
    match = _PER_HEAD.match(folded, number.end)
    if match is None or following is None or following.start != match.end() or following.value < MANY_HEADS:
        return None
    noun = _NEXT_WORDS.match(folded, following.end)
    end = noun.end(1) if noun else following.end
    return Unit(unit=f"por {text[following.start : end]}", subject=None, kind=UnitClass.SHARE), end


def _per_head(following: Number | None, folded: str, text: str, core: int) -> tuple[str | None, int]:
    """``251 denuncias por cada 100 mil habitantes``: what a rate is of, and where that ends."""
    match = _PER_HEAD.match(folded, core)
    if match is None or following is None or following.start != match.end():
        return None, core
    noun = _NEXT_WORDS.match(folded, following.end)
    end = noun.end(1) if noun else following.end
    return text[following.start : end], end


def _business_after(end: int, mentions: Sequence[Mention], text: str) -> tuple[Unit, int] | None:
    """A trade that a recognizer found right after the number: ``70 orquestas``."""
    for mention in mentions:
        if isinstance(mention.value, Business) and mention.start == end + 1 and text[end] == " ":
            return Unit(unit=mention.text, subject="extorsion", kind=UnitClass.BUSINESS), mention.end
    return None


def _bound(number: Number, folded: str) -> tuple[int, Comparator]:
    before = folded[max(0, number.start - 24) : number.start]
    for pattern, comparator in (
        (_BETWEEN, Comparator.BETWEEN),
        (_OVER, Comparator.OVER),
        (_UNDER, Comparator.UNDER),
        (_AROUND, Comparator.AROUND),
    ):
        match = pattern.search(before)
        if match and comparator is Comparator.OVER and _DEFINITE.search(match[0]) and _KNOWN.match(folded, number.end):
            break
        if match:
            return number.start - (len(before) - match.start()), comparator
    return number.start, Comparator.AROUND if number.vague else Comparator.EXACTLY


def _unit_after(folded: str, end: int) -> tuple[Unit, int] | None:
    """The unit among the next three words, the later of ``personas detenidas``; and where it ends."""
    match = _NEXT_WORDS.match(folded, end)
    if match is None:
        return None
    best: tuple[Unit, int] | None = None
    for group in (1, 2, 3):
        word = match[group]
        if (
            word is None
            or word in _STOP_WORDS
            or (best and word in ("en", "por", "que", "y", "de", "con", "contra", "a"))
        ):
            break
        if word in _BREAKS or word.isdigit():
            break
        if word in units():
            noun = match[group - 1] if group > 1 else None
            best = _joined(best, units()[word], word, noun), match.end(group)
        elif best and best[0].kind is UnitClass.BUSINESS:
            break
    if best is None:
        return None
    tail = _CRIME_TAIL.match(folded, best[1])
    return (best[0], tail.end()) if tail and best[0].kind is UnitClass.CASE else best


def _joined(before: tuple[Unit, int] | None, unit: Unit, word: str, noun: str | None) -> Unit:
    """``conductores asesinados``: people of whom the next word tells what befell them; "personas" adds nothing."""
    befell = unit.kind in (UnitClass.DEAD, UnitClass.FORCE) and word.endswith(("ados", "adas", "idos", "idas"))
    if before is None:
        people = noun is not None and len(noun) >= _SHORTEST_NOUN and noun.endswith("s")
        return replace(unit, unit=f"{noun} {word}") if befell and people else unit
    if unit.kind is UnitClass.DEAD and before[0].unit == "personas":
        return units()["asesinatos"]
    if before[0].kind is not UnitClass.BUSINESS:
        return unit
    return replace(unit, unit=f"{before[0].unit} {word}") if befell else before[0]


def _other_unit(folded: str, end: int) -> tuple[Unit, int] | None:
    match = _NEXT_WORDS.match(folded, end)
    word = match[1] if match else ""
    if (
        match is None
        or len(word) < _SHORTEST_NOUN
        or not word.endswith("s")
        or word in _STOP_WORDS
        or _TOLD_SO.fullmatch(word)
        or not word.isalpha()
    ):
        return None
    return Unit(unit=word, subject=None, kind=UnitClass.OTHER), match.end(1)


def _in_order(sentence: Sentence, folded: str) -> Iterator[Quantity]:
    """``es el cuarto asalto en lo que va de junio``: so many there have been, when a case or an arrest is counted."""
    pattern, values = _ordinals()
    for match in pattern.finditer(folded, sentence.start, sentence.end):
        unit, end = _singular(match["noun"]), match.end("noun")
        if match["more"] and (named := _singular(match["more"])):
            unit, end = named, match.end("more")
        if unit is None or unit.kind not in (UnitClass.CASE, UnitClass.DEAD, UnitClass.FORCE):
            continue
        value = float(values[match["stem"]])
        yield Quantity(
            start=match.start(),
            end=end,
            core=end,
            low=value,
            high=value,
            comparator=Comparator.EXACTLY,
            unit=unit,
            form="ordinal",
        )


def _singular(noun: str) -> Unit | None:
    """The unit that a singular noun counts."""
    plurals = (f"{noun}s", f"{noun}es", f"{noun[:-1]}nes" if noun.endswith("n") else "")
    return next((unit for plural in plurals if (unit := units().get(plural))), None)


def _sums(sentence: Sentence) -> Iterator[Quantity]:
    """What a gang takes in, or a trade pays, by day, month or year."""
    for mention in sentence.mentions:
        value = mention.value
        if isinstance(value, Money):
            yield Quantity(
                start=mention.start,
                end=mention.end,
                core=mention.end,
                low=value.min,
                high=value.max,
                comparator=value.comparator,
                unit=Unit(unit=value.currency, subject="extorsion", kind=UnitClass.SUM),
                money=value,
                form="sum",
            )
