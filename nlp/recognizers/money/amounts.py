"""Sums of money in folded text: numbers with their units, joined to ranges, with the words that bound them.

What a sum was for and how often it is due is told elsewhere (``roles``, ``periods``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nlp.numbers import Number, find_numbers
from nlp.phrases import words_of
from nlp.recognizers.money.bare import Bare, bare_score, ends_without_noun, means_thousands, other_currency
from nlp.recognizers.money.tables import Tables, Unit
from nlp.types import Comparator

_SYMBOL_REACH = 7
_BOUND_REACH = 26

_GAP = re.compile(
    r"""[ \u00a0]?(?:
        (?P<to>a|hasta|y[ ]hasta|al|a[ ]los|hasta[ ]los)
      | (?P<and>y(?:[ ](?:los|mas[ ]de|casi|unos|cerca[ ]de))?)
      | (?P<or>[ou])
      | (?P<dash>[-–—])
    )[ \u00a0]?""",
    re.VERBOSE,
)
_OPENER = re.compile(r"\b(?P<opener>entre|desde|de)(?: (?:los|las|unos))?[ \u00a0]$")
_PASSED = re.compile(
    r"\b(?:pas(?:o|a|an|ado|aron|ara|aran|ar|aba|aria|arian)|(?:sub|baj|rebaj|aument|elev|increment|reduc|reduj|crec|trep)[^\W\d_]+)(?: (?:[^\W\d_]+ ){0,5})$"
)
_PASSED_REACH = 60
_NOT_MONEY_AFTER = re.compile(
    r" ?%|[:/]\d| por ciento| ?°|[-–]\d(?![\d.,]* ?(?:mil |millones de )?(?:soles|dolares|euros)\b)| a\. ?m| p\. ?m"
)
_SUBUNIT = re.compile(r"(?: con| y|,)? $")
_BARE_SUBUNIT = " con "
"""``dos soles con cincuenta``: the hundredths go without their unit."""
_HUNDREDTHS = 100
_THOUSAND = 1000
_NO_LONE = re.compile(
    r"\b(?:ni|sin|bajo|como|hay|hizo|hace|hacia|del|al|con|el|no (?:l[aeo]s? |nos |me )?[^\W\d_]+(?: mas)?) $"
)
_LONE_REACH = 24
_NO_LONE_AFTER = re.compile(r" (?:de|radiante|intenso|abrasador|fuerte|que|brillante|sofocante|naciente)\b")
_MONEY_NEAR = re.compile(
    r"\b(?:cupos?|pag\w+|cobr\w+|exig\w+|ped\w+|pid\w+|entreg\w+|soles|s/|cuest\w+|plata|dinero|extors\w+|cuotas?|pasajes?|yape\w*|deposit\w+)"
)
_FARE_AFTER = re.compile(r" (?:por|diari[oa]s?|semanal(?:es)?|al dia|cada|la vuelta)\b")
_NEAR = 90
_SOLES = Unit(currency="PEN", multiplier=1.0, kind="word")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum or range at ``text[start:end]``; an open bound is ``None``."""

    start: int
    end: int
    min: float | None
    max: float | None
    currency: str
    comparator: Comparator
    rule: str
    score: float


class _Quantity(NamedTuple):
    """A number that may be money: with its unit, if it has one."""

    start: int
    end: int
    number: float
    scale: float
    unit: Unit | None
    rule: str

    @property
    def value(self) -> float:
        return round(self.number * (self.unit.multiplier if self.unit else 1.0), 2)


def find_amounts(folded: str, tables: Tables) -> list[Amount]:
    """All sums of money of a folded text, in order.

    ``diez lucas`` is short for ten thousand where the text tells ten thousand too.
    """
    amounts = list(_amounts(folded, tables))
    told = {(amount.min, amount.max) for amount in amounts if amount.rule != "slang"}
    return [
        replace(amount, min=more[0], max=more[1])
        if amount.rule == "slang" and (more := _thousandfold(amount)) in told
        else amount
        for amount in amounts
    ]


def _thousandfold(amount: Amount) -> tuple[float | None, float | None]:
    low, high = amount.min, amount.max
    return None if low is None else low * _THOUSAND, None if high is None else high * _THOUSAND


def _amounts(folded: str, tables: Tables) -> Iterator[Amount]:
    """The sums as they are written, in order."""
    quantities = _with_subunits(folded, sorted(_quantities(folded, tables), key=lambda q: q.start))
    index, last_end, currency, sentence = 0, 0, "PEN", 0
    last: tuple[int, float] | None = None
    while index < len(quantities):
        one = quantities[index]
        other = quantities[index + 1] if index + 1 < len(quantities) else None
        if "\n" in folded[sentence : one.start] or ". " in folded[sentence : one.start]:
            currency = "PEN"
        sentence = one.start
        amount = _range(folded, one, other, tables) if other is not None else None
        step = 2 if amount is not None else 1
        if amount is None:
            amount = _single(folded, one, tables, currency, last)
        if amount is not None and amount.start >= last_end:
            yield amount
            last_end, currency = amount.end, amount.currency
            last = amount.end, amount.max or amount.min or 0.0
        index += step


def _quantities(folded: str, tables: Tables) -> Iterator[_Quantity]:
    for number in find_numbers(folded):
        quantity = _quantity(folded, number, tables)
        if quantity is not None:
            yield quantity
    for match in tables.lone.finditer(words_of(folded)):
        unit = tables.units[match["unit"]]
        before = folded[max(0, match.start() - _LONE_REACH) : match.start()]
        if _NO_LONE.search(before) or _NO_LONE_AFTER.match(folded, match.end()):
            continue
        half = match["one"].startswith("medi")
        if unit.kind == "cued_slang" and (half or not _cued(folded, match.start(), match.end())):
            continue
        yield _Quantity(
            start=match.start(),
            end=match.end(),
            number=0.5 if half else 1.0,
            scale=1.0,
            unit=unit,
            rule="lone",
        )


def _quantity(folded: str, number: Number, tables: Tables) -> _Quantity | None:
    if number.vague and not folded.startswith(" de ", number.end):
        return None
    symbol = tables.symbol_before.search(folded[max(0, number.start - _SYMBOL_REACH) : number.start])
    after = tables.unit_after.match(folded, number.end)
    if after is not None and after["of"] and number.value < 1e6 and number.scale < 1e6 and not number.vague:
        after = None
    unit = rule = None
    start, end = number.start, number.end
    if symbol is not None:
        if symbol["unit"] == "$" and other_currency(folded, number.start, number.end):
            return None
        unit, rule = tables.units[symbol["unit"]], "symbol"
        start = max(0, number.start - _SYMBOL_REACH) + symbol.start()
    if after is not None:
        named = tables.units[after["unit"] or after["sign"]]
        if unit is None and named.kind == "cued_slang" and not _cued(folded, number.start, after.end()):
            return None
        if unit is None or named.currency == unit.currency:
            end = after.end()
        if unit is None:
            unit, rule = named, "slang" if named.kind.endswith("slang") else "word"
    elif unit is None and _NOT_MONEY_AFTER.match(folded, number.end):
        return None
    return _Quantity(
        start=start,
        end=end,
        number=number.value,
        scale=number.scale,
        unit=unit,
        rule=rule or "bare",
    )


def _cued(folded: str, start: int, end: int) -> bool:
    """Money is spoken of just before, or a fare or rate follows."""
    return bool(_MONEY_NEAR.search(folded, max(0, start - _NEAR), start) or _FARE_AFTER.match(folded, end))


def _with_subunits(folded: str, quantities: Sequence[_Quantity]) -> list[_Quantity]:
    """``3 soles con 20 céntimos`` as one quantity."""
    joined: list[_Quantity] = []
    for quantity in quantities:
        last = joined[-1] if joined else None
        if last is not None and quantity.start < last.end:
            continue
        if last is not None and (_is_subunit(folded, last, quantity) or _is_bare_subunit(folded, last, quantity)):
            value = last.value + (quantity.value if quantity.unit else quantity.value / _HUNDREDTHS)
            unit = replace(last.unit, multiplier=1.0) if last.unit else None
            joined[-1] = last._replace(end=quantity.end, number=value, unit=unit, scale=1.0)
        else:
            joined.append(quantity)
    return joined


def _is_subunit(folded: str, whole: _Quantity, part: _Quantity) -> bool:
    if whole.unit is None or part.unit is None or part.unit.multiplier != 0.01 or whole.unit.multiplier < 1:
        return False
    same = whole.unit.currency == part.unit.currency
    return same and _SUBUNIT.fullmatch(folded, whole.end, part.start) is not None


def _is_bare_subunit(folded: str, whole: _Quantity, part: _Quantity) -> bool:
    if whole.unit is None or part.unit is not None or whole.rule == "bare" or whole.unit.multiplier != 1:
        return False
    between = folded[whole.end : part.start]
    return between == _BARE_SUBUNIT and 1 <= part.value < _HUNDREDTHS and ends_without_noun(folded, part.end)


def _range(folded: str, one: _Quantity, other: _Quantity, tables: Tables) -> Amount | None:
    """Two quantities as one range, if the words between and before them make it one."""
    if other.start - one.end > 12 or other.start < one.end:
        return None
    gap = _GAP.fullmatch(folded, one.end, other.start)
    opener = _OPENER.search(folded, max(0, one.start - 14), one.start)
    if gap is not None and (gap["or"] or gap["dash"]):
        opener = None  # "una renta de 25 o 30 mil soles"
    if gap is None or not _joins(folded, one, other, gap, opener):
        return None
    unit, score = other.unit or one.unit, 0.95
    if unit is None:
        bare = bare_score(folded, _bare(other, opener.start() if opener else one.start), tables)
        if bare is None or (opener is None and gap["or"] is None):
            return None
        unit, score = _SOLES, bare
    elif other.unit is None and not ends_without_noun(folded, other.end):  # "S/ 20 a 300 comerciantes"
        return None
    low = one.number
    if one.scale == 1.0 and other.scale > 1.0 and low < other.number / other.scale:
        low *= other.scale
    lowest = round(low * (one.unit or unit).multiplier, 2)
    highest = round(other.number * unit.multiplier, 2)
    if lowest >= highest or (one.unit and other.unit and one.unit.currency != other.unit.currency):
        return None
    return Amount(
        start=opener.start("opener") if opener else one.start,
        end=other.end,
        min=lowest,
        max=highest,
        currency=unit.currency,
        comparator=Comparator.BETWEEN,
        rule="range",
        score=score,
    )


def _bare(quantity: _Quantity, anchor: int) -> Bare:
    return Bare(anchor=anchor, start=quantity.start, end=quantity.end, value=quantity.number, scale=quantity.scale)


def _joins(folded: str, one: _Quantity, other: _Quantity, gap: re.Match[str], opener: re.Match[str] | None) -> bool:
    if gap["and"]:
        return opener is not None and opener["opener"] == "entre"
    if gap["or"]:
        return one.unit is None or other.unit is None
    if gap["dash"]:
        return True
    # "pasará de S/ 1.50 a S/ 3.50" tells two prices
    named = other.unit and (one.unit or one.scale > 1.0)
    return not (opener and named and _PASSED.search(folded, max(0, one.start - _PASSED_REACH), opener.start()))


def _single(
    folded: str, quantity: _Quantity, tables: Tables, currency: str, last: tuple[int, float] | None
) -> Amount | None:
    start, end = quantity.start, quantity.end
    left = max(0, start - _BOUND_REACH)
    before = tables.bound_before.search(folded[left:start])
    after = tables.bound_after.match(folded, end)
    phrase = before or after
    value = quantity.value
    bound = tables.bounds[phrase["phrase"]] if phrase else None
    if quantity.unit is None:
        anchor = left + before.start() if before else start
        bare = _bare(quantity, anchor)
        score = bare_score(folded, bare, tables, last)
        if score is None:
            return None
        value *= _THOUSAND if means_thousands(folded, last, bare) else 1
    else:
        currency = quantity.unit.currency
        score = {"symbol": 0.99, "word": 0.98, "slang": 0.9, "lone": 0.85}[quantity.rule]
    if bound is not None and bound.inside:
        start, end = (left + before.start("phrase"), end) if before else (start, after.end() if after else end)
    low, high, comparator = _bounded(value, bound.bound if bound else "exact")
    return Amount(
        start=start,
        end=end,
        min=low,
        max=high,
        currency=currency,
        comparator=comparator,
        rule=quantity.rule,
        score=score,
    )


def _bounded(value: float, bound: str) -> tuple[float | None, float | None, Comparator]:
    match bound:
        case "min":
            return value, None, Comparator.OVER
        case "max":
            return None, value, Comparator.UNDER
        case "around":
            return value, value, Comparator.AROUND
        case _:
            return value, value, Comparator.EXACTLY
