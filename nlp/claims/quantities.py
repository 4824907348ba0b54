"""Figures in a sentence that may be claims: a number with what it counts, a share, a sum of money that a gang makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.numbers import Number
from nlp.qualify import Sentence
from nlp.types import Comparator, Label, Mention, Money, MoneyRole

_SHARE = re.compile(r"\s?(?:%|por ciento\b)")
_OF_EACH = re.compile(r"(?P<one>\b(?:un|una|uno) )?(?:de|por) cada $")
_OVER = re.compile(
    r"\b(?:mas de|al menos|no menos de|por lo menos|superan? (?:los|las)|supero (?:los|las)|supera) (?:los |las |el )?$"
)
_UNDER = re.compile(r"\b(?:menos de|hasta) (?:los |las )?$")
_AROUND = re.compile(
    r"\b(?:unos|unas|cerca de|casi|alrededor de|aproximadamente|bordea(?:n)? (?:los|las)) (?:los |las |el )?$"
)
_BETWEEN = re.compile(r"\bentre (?:el )?$")
_AND = re.compile(r"\s?%?\s?y (?:el )?")
_NEXT_WORDS = re.compile(r"\s(\w+)(?:\s(\w+))?(?:\s(\w+))?")
_CRIME_TAIL = re.compile(
    r"\s(?:por|de|del delito de|por el delito de)\s(?:presunta |presunto )?(?!dia|mes|ano|semana|hora)(\w{4,})"
)
_LARGE = 1_000_000
"""A sum from here on may be that of a whole trade."""
_STOP_WORDS = frozenset(
    [
        "soles",
        "dolares",
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
    ]
)


class UnitClass(StrEnum):
    """What a unit stands for, which decides where a number of it is a claim."""

    CASE = "case"
    DEAD = "dead"
    FORCE = "force"
    SEIZURE = "seizure"
    BUSINESS = "business"
    SHARE = "share"
    SUM = "sum"
    OTHER = "other"
    """Any other plural noun: a claim only in articles of figures."""
    PART = "part"
    """A part of what was counted before: foreigners among those arrested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A row of ``claim_units.csv``."""

    unit: str
    subject: str | None
    kind: UnitClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A figure with its unit."""

    start: int
    end: int
    core: int
    """Where the figure itself ends; what a share is of stands between here and ``end``."""
    low: float | None
    high: float | None
    comparator: Comparator
    unit: Unit
    denominator: str | None = None
    money: Money | None = None


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Units by folded word.

    Raises:
        LexiconError: a class is unknown.
    """
    table = {}
    for row in read_table("claim_units.csv", frozenset({"word", "unit", "subject", "class"})):
        if row["class"] not in tuple(UnitClass):
            raise LexiconError(
                f"nlp/data/claim_units.csv: {row['word']!r}: class {row['class']!r} is none of {[*UnitClass]}"
            )
        table[row["word"]] = Unit(unit=row["unit"], subject=row["subject"] or None, kind=UnitClass(row["class"]))
    return table


def quantities(sentence: Sentence, folded: str, text: str, numbers: Sequence[Number]) -> Iterator[Quantity]:
    """Figures of a sentence, not those that are money, dates or places; ``numbers`` are those of the sentence."""
    free = [number for number in numbers if not _is_year(number) and not _taken(number, sentence.mentions)]
    skip = -1
    for position, number in enumerate(free):
        if number.start < skip:
            continue
        following = free[position + 1] if position + 1 < len(free) else None
        found = _of_each(number, following, folded, text) or _counted(number, following, folded, text)
        if found is not None:
            skip = found.end
            yield found
    yield from _one_of_each(sentence, folded, text, numbers)
    yield from _sums(sentence)


def _is_year(number: Number) -> bool:
    return number.digits and number.end - number.start == 4 and 1900 <= number.value <= 2100


def _taken(number: Number, mentions: Sequence[Mention]) -> bool:
    kinds = (Label.MONEY, Label.DATE, Label.PLACE)
    return any(m.label in kinds and m.start <= number.start < m.end for m in mentions)


def _counted(number: Number, following: Number | None, folded: str, text: str) -> Quantity | None:
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
    share = _SHARE.match(folded, end)
    if share:
        unit = Unit(unit="%", subject=None, kind=UnitClass.SHARE)
        core, (denominator, end) = share.end(), _denominator(text, share.end())
    else:
        after = _unit_after(folded, end)
        if after is None:
            return None
        unit, core = after
        denominator, end = None, core
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


def _bound(number: Number, folded: str) -> tuple[int, Comparator]:
    before = folded[max(0, number.start - 24) : number.start]
    for pattern, comparator in (
        (_BETWEEN, Comparator.BETWEEN),
        (_OVER, Comparator.OVER),
        (_UNDER, Comparator.UNDER),
        (_AROUND, Comparator.AROUND),
    ):
        match = pattern.search(before)
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
        if word is None or word in _STOP_WORDS or (best and word in ("en", "por", "que", "y", "de")):
            break
        if word in units():
            best = units()[word], match.end(group)
    if best is None:
        return _other_unit(match)
    tail = _CRIME_TAIL.match(folded, best[1])
    return (best[0], tail.end()) if tail and best[0].kind is UnitClass.CASE else best


def _other_unit(match: re.Match[str]) -> tuple[Unit, int] | None:
    word = match[1]
    if len(word) < 5 or not word.endswith("s") or word in _STOP_WORDS or not word.isalpha():
        return None
    return Unit(unit=word, subject=None, kind=UnitClass.OTHER), match.end(1)


def _of_each(number: Number, following: Number | None, folded: str, text: str) -> Quantity | None:
    """``tres de cada diez negocios``."""
    if following is None or not following.value:
        return None
    between = folded[number.end : following.start]
    if between.strip() not in ("de cada", "por cada"):
        return None
    return _share(number.start, following.end, number.value, following.value, text)


def _one_of_each(sentence: Sentence, folded: str, text: str, numbers: Sequence[Number]) -> Iterator[Quantity]:
    """``uno de cada tres``: a lone "uno" is no number elsewhere."""
    for number in numbers:
        match = _OF_EACH.search(folded, max(sentence.start, number.start - 16), number.start)
        if match and match["one"] and number.value:
            yield _share(match.start(), number.end, 1.0, number.value, text)


def _share(start: int, end: int, part: float, whole: float, text: str) -> Quantity:
    percent = round(100 * part / whole, 1)
    denominator, wide = _denominator(text, end)
    return Quantity(
        start=start,
        end=wide,
        core=end,
        low=percent,
        high=percent,
        comparator=Comparator.AROUND,
        unit=Unit(unit="%", subject=None, kind=UnitClass.SHARE),
        denominator=denominator,
    )


_DENOMINATOR = re.compile(
    r"\s(?:(?:de|del|de la|de los|de las|los|las)\s)?(?P<of>(?:más|menos|de aumento|de incremento)\b[^,.;:()“”\n]{0,80}|[^,.;:()“”\n]{3,70})"
)
_VERB = re.compile(
    r"\s(?:pag|fue|son|es|est[aá]|ha|han|admit|reconoc|sufr|se|no|report|afirm|cre|consider|en su|corresponde)\w*\b.*$"
)


def _denominator(text: str, end: int) -> tuple[str | None, int]:
    """What a share is of, up to its verb, and where that ends."""
    match = _DENOMINATOR.match(text, end)
    if match is None:
        return None, end
    of = _VERB.sub("", " " + match["of"])[1:].rstrip()
    return (of, match.start("of") + len(of)) if of else (match["of"].strip(), match.end("of"))


def _sums(sentence: Sentence) -> Iterator[Quantity]:
    """What a gang takes in, or a trade pays, by day, month or year."""
    for mention in sentence.mentions:
        value = mention.value
        if isinstance(value, Money) and (value.role is MoneyRole.INCOME or (value.max or value.min or 0) >= _LARGE):
            yield Quantity(
                start=mention.start,
                end=mention.end,
                core=mention.end,
                low=value.min,
                high=value.max,
                comparator=value.comparator,
                unit=Unit(unit=value.currency, subject="extorsion", kind=UnitClass.SUM),
                money=value,
            )
