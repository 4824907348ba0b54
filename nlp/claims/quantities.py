"""Figures in a sentence that may be claims: a number with what it counts, a share, a sum of money that a gang makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from nlp.claims.bounds import bound_before
from nlp.claims.shares import MANY_HEADS, each_of, fractions, of_each, one_of_each, whole_after
from nlp.claims.times import months
from nlp.claims.units import Quantity, Unit, UnitClass, units
from nlp.lexicon import read_table
from nlp.numbers import Number
from nlp.patterns import PatternTable
from nlp.phrases import words_of
from nlp.qualify import Sentence
from nlp.types import Business, Comparator, Label, Mention, Money

_SHARE = re.compile(r"\s?(?:%|por ciento\b)")
_AND = re.compile(r"\s?%?\s?(?:y|al?) (?:(?P<bound>mas|menos|hasta|cerca|unos|unas)(?: de)? )?(?:el )?")
"""Between the bounds of a range: "entre 5.000 y más de 10.000" has no upper one."""
_NEXT_WORDS = re.compile(r"\s(\w+)(?:\s(\w+))?(?:\s(\w+))?")
_CRIME_TAIL = re.compile(
    r"\s(?:por|de|del delito de|por el delito de)\s(?:presunta |presunto )?(?!dia|mes|ano|semana|hora|cada)(\w{4,})"
)
_NO_CRIME = frozenset(
    {"este", "esta", "estos", "estas", "esos", "esas", "dicho", "dicha", "ellos", "ellas", "todo", "toda"}
)
"""Words that a crime is pointed at with, not named."""
_PER_HEAD = re.compile(r"\s(?:por cada|por) (?=\d|mil\b|cien)")
_FOR_EACH = re.compile(
    r"\bpor cada (?P<of>[^\W\d][^,.;:\d]{2,40}?),? (?:hay|existen|habria|son|quedan)(?: (?:otr[oa]s|unos|unas|cerca de|mas de))* $"
)
"""Before a number: what there are so many for each of."""
_ONE_FOR = re.compile(r"\b(?:un|una|solo un|solo una) (?P<of>[^\W\d]{4,}) por cada $")
_ORDINAL_NOUN = r"(?P<ending>[oa]?) (?P<noun>\w{4,})(?: (?P<more>\w{4,}))?"
_CHANGES = re.compile(
    r"\b(?:pas|sub|baj|salt|crec|aument|descend|increment|cay|reduj|trep|disminuy)(?:a|o|an|aron|io|ieron|e|en|ron|ia|ian)? de $|\bal (?:pasar|subir|bajar|crecer|caer) de $"
)
_FORMER = re.compile(r"(?: [a-z]+)? a ")
_PART_OF = re.compile(r"\sde (?:un total de|los|las|sus|est[oa]s|es[oa]s) ")
_COUNTS_LATER = re.compile(
    r"\b(?:suma[n]?|son|serian|van|fueron|(?:llega\w*|ascend\w+|asciend\w+|elev\w+|sub\w+|aument\w+) a) (?:ya )?$"
)
"""Before a number whose noun stands behind it with its article: "suman 15 los choferes", "eleva a 30 el número de muertos"."""
_NUMBER_OF = re.compile(r"\s(?:los|las|(?:el (?:numero|total)|la (?:cifra|cantidad)) de(?: los| las)?)\b")
_SHORTEST_NOUN = 5
"""Letters of a plural that may be what is counted."""
_ARRESTS = re.compile(r"\b(detuv\w+|deten\w+|captur\w+|arrest\w+|atrap\w+)\b[^.;]{0,40}$")
"""Before a number of persons: they are those arrested."""
_JAILED = re.compile(r" (?:(?:fueron )?(?:puest|enviad)[oa]s )?(?:tras (?:las )?rejas|en prision|a prision)\b")
"""Behind people: they were caught."""
_SLAIN_AFTER = re.compile(
    r"(?: (?:y|e|o) \w+| \w+[^ao]s)? (?:(?:fueron|han sido|habian sido|resultaron|murieron) )(?P<slain>asesinad[oa]s|baleados|acribillados)\b"
)
_SLAIN_BEFORE = re.compile(
    r"\b(?:fueron|han sido|habian sido|murieron) (?P<slain>asesinad[oa]s|acribillados) (?:al menos |mas de |unos |ya )?$"
)
"""Around people: what befell them."""
_PRESUMED = re.compile(r"\s(?:presunt|supuest|posibl|otr|nuev)(?:os|as|es)\b")
"""Between a number and what it counts."""
LARGE = 1_000_000
"""A sum from here on may be that of a whole trade."""
_BREAKS = frozenset({"y", "e", "o", "u", "en", "por", "que", "con", "contra"})
"""Words at which what is counted ends."""
_CAUGHT = frozenset(
    {"personas", "delincuentes", "sujetos", "individuos", "sospechosos"}
    | {"extorsionadores", "sicarios", "requisitoriados", "requisitoriadas", "burriers"}
)
_WERE = frozenset({"fueron", "son", "eran", "serian", "resultaron", "quedaron"})
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
        "habitantes",
        "residentes",
    ]
)


_AGED = ", de "
"""Between a name and an age: "Ana Roca Paz, de 30, alias …"."""
_SO_FAR = re.compile(
    r"\b(?:desde|en lo que va|(?:del?|este|esta|en el|ultim[oa]s) (?:ano|mes|semana|\d{4})|durante|en \d{4}|en (?:menos de )?\w+ (?:dias|semanas|meses))\b"
)
"""After an ordinal: since when so many are counted."""
_SO_FAR_REACH = 90


@lru_cache(maxsize=1)
def _ordinals() -> tuple[PatternTable, dict[str, int]]:
    """Ordinals by stem, and the pattern of one with its noun: ``el tercer asesinato``."""
    values = {row["word"]: int(row["value"]) for row in read_table("ordinals.csv", frozenset({"word", "value"}))}
    stems = "|".join(sorted(values, key=len, reverse=True))
    return PatternTable([rf"(?P<stem>{stems}){_ORDINAL_NOUN}"]), values


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
    yield from _in_order(sentence, folded, text)
    yield from _sums(sentence)


def free_numbers(numbers: Sequence[Number], mentions: Sequence[Mention], folded: str) -> list[Number]:
    """Numbers that are no year, sum of money, date, age or part of a name."""
    people = {mention.end for mention in mentions if mention.label is Label.PERSON}
    return [
        number
        for number in numbers
        if not _taken(number, mentions)
        and (not is_year(number) or _is_of_month(number, folded))
        and not (folded.endswith(_AGED, 0, number.start) and number.start - len(_AGED) in people)
    ]


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
    start, comparator = bound_before(number, folded)
    low: float | None = number.value
    high: float | None = number.value
    end = number.end
    if comparator is Comparator.BETWEEN:
        joined = _AND.fullmatch(folded, end, following.start) if following else None
        if joined is None or following is None:
            comparator = Comparator.EXACTLY
        else:
            high, end = None if joined["bound"] == "mas" else following.value, following.end
    share = _SHARE.match(folded, end)
    named = _of_many_heads(number, following, folded, text)
    if named is None and share:
        unit = Unit(unit="%", subject=None, kind=UnitClass.SHARE)
        named = _Counted(unit, share.end(), *whole_after(text, share.end()))
    named = named or _with_noun(start, end, following, folded, text, mentions)
    if named is None:
        return None
    if comparator is Comparator.OVER:
        high = None
    elif comparator is Comparator.UNDER:
        low = None
    return Quantity(
        start=start,
        end=named.end,
        core=named.core,
        low=low,
        high=high,
        comparator=comparator,
        unit=named.unit,
        denominator=named.denominator,
    )


class _Counted(NamedTuple):
    """What a number counts."""

    unit: Unit
    core: int
    """Where the unit ends."""
    denominator: str | None
    end: int
    """Where what it is of ends."""


def _with_noun(
    start: int, end: int, following: Number | None, folded: str, text: str, mentions: Sequence[Mention]
) -> _Counted | None:
    """The noun of the number ``folded[start:end]``, and what it is a part of or so many are for."""
    whole = _PART_OF.match(folded, end)
    of_many = whole is not None and following is not None and whole.end() == following.start
    at = following.end if of_many and following else _noun_of(start, end, folded)
    later = at != end and not of_many
    presumed = _PRESUMED.match(folded, at)
    at = presumed.end() if presumed else at
    after = _unit_after(folded, at) or _business_after(at, mentions, text)
    after = after or (None if later else _other_unit(folded, at))
    if after is None:
        return None
    unit, core = after
    if folded.endswith(unit.unit, 0, core):
        unit = replace(unit, unit=text[max(0, core - len(unit.unit)) : core].lower())
    caught = _ARRESTS.search(folded, max(0, start - 60), start) if unit.unit in _CAUGHT else None
    if unit.kind in (UnitClass.BUSINESS, UnitClass.OTHER, UnitClass.CASE) and _JAILED.match(folded, core):
        unit = units()["detenidos"]
    elif unit.kind in (UnitClass.BUSINESS, UnitClass.OTHER) and (slain := _slain(start, core, folded)):
        unit = replace(unit, unit=f"{unit.unit} {slain}", kind=UnitClass.DEAD)
    if caught is not None:
        unit = units()["capturados" if caught[1].startswith("captur") else "detenidos"]
    if whole and of_many:
        return _Counted(unit, core, text[whole.end() : core], core)
    denominator, end = _per_head(following, folded, text, core)
    return _Counted(unit, core, denominator or _for_each(start, folded, text), end)


def _slain(start: int, end: int, folded: str) -> str | None:
    """``fueron asesinados 31 choferes``, ``139 choferes y cobradores fueron asesinados``."""
    found = _SLAIN_BEFORE.search(folded, max(0, start - 50), start) or _SLAIN_AFTER.match(folded, end)
    return found["slain"] if found else None


def _of_many_heads(number: Number, following: Number | None, folded: str, text: str) -> _Counted | None:
    """``15,2 por cada 100 mil habitantes``: a rate that counts the cases among so many."""
    match = _PER_HEAD.match(folded, number.end)
    if match is None or following is None or following.start != match.end() or following.value < MANY_HEADS:
        return None
    noun = _NEXT_WORDS.match(folded, following.end)
    end = noun.end(1) if noun else following.end
    heads = text[following.start : end]
    return _Counted(Unit(unit=f"por {heads}", subject=None, kind=UnitClass.SHARE), end, heads, end)


def _per_head(following: Number | None, folded: str, text: str, core: int) -> tuple[str | None, int]:
    """``251 denuncias por cada 100 mil habitantes``: what a rate is of, and where that ends."""
    match = _PER_HEAD.match(folded, core)
    if match is None or following is None or following.start != match.end():
        return None, core
    noun = _NEXT_WORDS.match(folded, following.end)
    end = noun.end(1) if noun else following.end
    return text[following.start : end], end


def _for_each(start: int, folded: str, text: str) -> str | None:
    """``por cada denuncia hay nueve casos callados``, ``un custodio por cada 94 presos``: what there are so many for."""
    near = max(0, start - 80)
    match = _FOR_EACH.search(folded, near, start) or _ONE_FOR.search(folded, near, start)
    return text[match.start("of") : match.end("of")] if match else None


def _business_after(end: int, mentions: Sequence[Mention], text: str) -> tuple[Unit, int] | None:
    """A trade that a recognizer found right after the number: ``70 orquestas``."""
    for mention in mentions:
        if isinstance(mention.value, Business) and mention.start == end + 1 and text[end] == " ":
            return Unit(unit=mention.text, subject="extorsion", kind=UnitClass.BUSINESS), mention.end
    return None


def _noun_of(start: int, end: int, folded: str) -> int:
    """Where the noun of the number ``folded[start:end]`` is looked for: behind it, or behind the article that it has there."""
    later = _NUMBER_OF.match(folded, end)
    verb = _COUNTS_LATER.search(folded, max(0, start - 24), start) if later else None
    return later.end() if later and verb else end


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
            unit = _who_were(match[1], noun, units()[word])
            best = _joined(best, unit, word, noun), match.end(group)
        elif best and best[0].kind is UnitClass.BUSINESS:
            break
    if best is None:
        return None
    tail = _CRIME_TAIL.match(folded, best[1])
    names_crime = tail is not None and tail[1] not in _NO_CRIME and tail[1] not in months()
    return (best[0], tail.end()) if tail and names_crime and best[0].kind is UnitClass.CASE else best


def _who_were(first: str, verb: str | None, unit: Unit) -> Unit:
    """``320 instituciones fueron víctimas``: what befell those whom the noun before the verb names."""
    people = len(first) >= _SHORTEST_NOUN and first.endswith("s")
    return replace(unit, unit=first) if people and verb in _WERE and unit.kind is not UnitClass.PART else unit


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


def _in_order(sentence: Sentence, folded: str, text: str) -> Iterator[Quantity]:
    """``es el cuarto asalto en lo que va de junio``: so many there have been, when a case or an arrest is counted."""
    pattern, values = _ordinals()
    for match in pattern.finditer(words_of(folded), sentence.start, sentence.end):
        unit, end = _singular(match["noun"]), match.end("noun")
        if match["more"] and (named := _singular(match["more"])):
            unit, end = (
                replace(named, unit=f"{_plural(text[match.start('noun') : match.end('noun')].lower())} {named.unit}"),
                match.end("more"),
            )
        if unit is None or unit.kind not in (UnitClass.CASE, UnitClass.DEAD, UnitClass.FORCE):
            continue
        if unit.kind is UnitClass.FORCE and not _SO_FAR.search(folded, end, min(sentence.end, end + _SO_FAR_REACH)):
            continue  # "una tercera banda le exige lo mismo"
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


def _plural(noun: str) -> str:
    """``musico``: "musicos", ``defensor``: "defensores"."""
    return f"{noun}s" if noun[-1] in "aeiou" else f"{noun[:-1]}ces" if noun.endswith("z") else f"{noun}es"


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
