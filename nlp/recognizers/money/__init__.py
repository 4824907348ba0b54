"""Sums of money: how much, in which currency, how often, and what for.

``amounts`` finds the sums and ranges, ``periods`` and ``roles`` read the words around them, ``weighed`` decides what a sum was
for, ``tables`` holds what they know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from nlp.exchange import Rates, read_rates
from nlp.phrases import words_of
from nlp.recognizers import Beliefs, Recognizer, beliefs_of, context_of, text_of
from nlp.recognizers.money.amounts import Amount, find_amounts
from nlp.recognizers.money.periods import FARE, periods_of
from nlp.recognizers.money.roles import roles_of
from nlp.recognizers.money.tables import Tables, read_tables
from nlp.recognizers.money.weighed import Sum, money_weights, sum_features
from nlp.sentences import sentence_spans
from nlp.types import Label, Mention, Money, MoneyPeriod, MoneyRole, Triage

_OPENS_CONVERSION = re.compile(
    r"(?:\s\w+){0,2}(?:\s?\(|, (?=o sea|es decir|unos|cerca|casi|aprox|alrededor|equivalen))"
    r"(?:(?:o sea|es decir|unos|cerca de|casi|aproximadamente|alrededor de|equivalentes? a|algo m[aá]s de),? )*",
    re.IGNORECASE,
)


def find_money(
    text: str,
    sentences: Sequence[tuple[int, int]],
    day: date,
    tables: Tables,
    rates: Rates,
    triage: Triage | None = None,
    beliefs: Beliefs | None = None,
) -> Iterator[Mention]:
    """Sums of money of a text, in order; converted at the rates of the month of ``day``.

    ``sentences`` are the offsets of the sentences, in order. ``beliefs`` gets the probability of each role.
    """
    sums = read_sums(text, sentences, tables, triage)
    weights = money_weights()
    votes = weights.probabilities([each.features for each in sums])
    converted = [at for at in range(1, len(sums)) if _is_conversion(sums[at - 1].amount, sums[at].amount, text)]
    for at in converted:
        votes[at] = votes[at - 1]
    roles = [(weights.classes[int(row.argmax())], float(row.max())) for row in votes]
    if beliefs is not None:
        for each, row in zip(sums, votes, strict=True):
            beliefs[Label.MONEY, each.amount.start] = dict(zip(weights.classes, map(float, row), strict=True))
    folded = words_of(text).folded
    periods = [
        MoneyPeriod.PER_TRIP
        if each.period is None and role is MoneyRole.PRICE and FARE.search(folded, *each.sentence)
        else each.period
        for each, (role, _) in zip(sums, roles, strict=True)
    ]
    periods = _repeated([each.amount for each in sums], periods)
    for at in converted:
        periods[at] = periods[at - 1]
    for each, (role, confidence), period in zip(sums, roles, periods, strict=True):
        amount = each.amount
        yield Mention(
            label=Label.MONEY,
            start=amount.start,
            end=amount.end,
            text=text[amount.start : amount.end],
            value=money_of(amount, role, period, day, rates),
            source=f"money/{amount.rule}",
            score=round(amount.score * (0.9 + 0.1 * confidence), 3),
        )


def _is_conversion(before: Amount, amount: Amount, text: str) -> bool:
    """Whether an amount is the one before it, in brackets or after a comma in another currency: it has the same role and is due as often."""
    beside = _OPENS_CONVERSION.fullmatch(text, before.end, amount.start) is not None
    return beside and before.currency != amount.currency


def read_sums(text: str, sentences: Sequence[tuple[int, int]], tables: Tables, triage: Triage | None) -> list[Sum]:
    """Every sum of a text with what tells its role, in order."""
    folded = words_of(text).folded
    amounts = list(find_amounts(folded, tables))
    limits = _limits(amounts, sentences, len(text))
    periods = periods_of(folded, amounts, limits, tables)
    repeated = _repeated(amounts, periods)
    regular = [period not in (None, MoneyPeriod.ONCE) for period in repeated]
    verdicts = roles_of(text, folded, limits, amounts, regular, tables.cues, tables.topics)
    return [
        Sum(
            amount=amount,
            sentence=limit,
            period=period,
            features=sum_features(words_of(text), amount, limit, told, verdict, triage),
        )
        for amount, limit, period, told, verdict in zip(amounts, limits, periods, repeated, verdicts, strict=True)
    ]


def _limits(amounts: Sequence[Amount], sentences: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The sentence of each amount; one that a sentence end cuts through gets both."""
    limits, index = [], 0
    for amount in amounts:
        while index < len(sentences) - 1 and sentences[index][1] <= amount.start:
            index += 1
        start, end = sentences[index] if sentences else (0, length)
        after = index
        while end < amount.end and after < len(sentences) - 1:
            after += 1
            end = sentences[after][1]
        limits.append((start, max(end, amount.end)))
    return limits


def _repeated(amounts: Sequence[Amount], periods: Sequence[MoneyPeriod | None]) -> list[MoneyPeriod | None]:
    """A sum that is told again without its period keeps it, when the article gives it one only."""
    told: dict[tuple[float | None, float | None, str], set[MoneyPeriod]] = {}
    for amount, period in zip(amounts, periods, strict=True):
        if period is not None:
            told.setdefault((amount.min, amount.max, amount.currency), set()).add(period)
    completed = []
    for amount, period in zip(amounts, periods, strict=True):
        known = told.get((amount.min, amount.max, amount.currency), set())
        completed.append(next(iter(known)) if period is None and len(known) == 1 else period)
    return completed


def money_of(amount: Amount, role: MoneyRole, period: MoneyPeriod | None, day: date, rates: Rates) -> Money:
    """The value of a sum, converted at the rates of the month of ``day``."""

    def convert(bound: float | None, currency: str) -> float | None:
        return None if bound is None else rates.convert(bound, amount.currency, currency, day)

    return Money(
        min=amount.min,
        max=amount.max,
        currency=amount.currency,
        period=period,
        role=role,
        comparator=amount.comparator,
        min_pen=convert(amount.min, "PEN"),
        max_pen=convert(amount.max, "PEN"),
        min_usd=convert(amount.min, "USD"),
        max_usd=convert(amount.max, "USD"),
    )


@Language.factory("money_recognizer")
def create(nlp: Language, name: str) -> Recognizer:  # noqa: ARG001
    """Read the tables and make the component."""
    tables, rates = read_tables(), read_rates()
    money_weights()

    def find(doc: Doc) -> Iterator[Mention]:
        sentences = sentence_spans(doc)
        day = context_of(doc).day.date()
        return find_money(text_of(doc), sentences, day, tables, rates, doc._.triage, beliefs_of(doc))

    return Recognizer(find)
