"""Sums without a currency that the model alone sees ("ahora son tres mil") -> mentions with the value that the rules' grammar reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc

from nlp.exchange import read_rates
from nlp.phrases import Covered, words_of
from nlp.recognizers import context_of, text_of
from nlp.recognizers.money import money_of
from nlp.recognizers.money.amounts import find_amounts
from nlp.recognizers.money.bare import ends_without_noun
from nlp.recognizers.money.periods import period_of
from nlp.recognizers.money.tables import read_tables
from nlp.sentences import sentence_spans
from nlp.transformer.arbiter import UNSURE, Read
from nlp.transformer.seen import Seen
from nlp.transformer.trust import Trust
from nlp.types import Label, Mention, Money, MoneyRole

_SOLES = "PEN"


def added_sums(doc: Doc, seen: Iterable[Seen], read: Read, trust: Trust, model: str) -> Iterator[Mention]:
    """Sums in soles for the spans that the model is sure enough of, where the rules have found nothing.

    Where the article tells sums in another currency too, nobody can say which one is meant, and nothing is added.
    """
    sure = [span for span in seen if span.label == Label.MONEY and span.score >= trust.add_above.get(span.label, 2.0)]
    told = [mention for mention in doc._.mentions if isinstance(mention.value, Money)]
    if not sure or any(mention.value.currency != _SOLES for mention in told):
        return
    text = text_of(doc)
    folded = words_of(text).folded
    taken = Covered(len(text), ((m.start, m.end) for m in doc._.mentions if m.label in {Label.MONEY, Label.DATE}))
    for span in sure:
        if taken.meets(span.start, span.end) or not ends_without_noun(folded, span.end):
            continue
        value = _value(doc, folded, span, read)
        if value is not None:
            yield Mention(
                label=Label.MONEY,
                start=span.start,
                end=span.end,
                text=text[span.start : span.end],
                value=value,
                source=f"transformer/{model}",
                score=round(min(span.score, UNSURE), 2),
            )


def _value(doc: Doc, folded: str, span: Seen, read: Read) -> Money | None:
    """What the number is worth; ``None`` when the span is not just one, or the model cannot tell what it was for."""
    tables = read_tables()
    words = f"{folded[span.start : span.end]} soles"
    amounts = [amount for amount in find_amounts(words, tables) if amount.end == len(words)]
    answers = read.answers("money_role", span.start, span.end)
    if len(amounts) != 1 or amounts[0].start != 0 or not answers:
        return None
    limits = next((s for s in sentence_spans(doc) if s[0] <= span.start < s[1]), (0, len(folded)))
    role = MoneyRole(max(answers, key=answers.__getitem__))
    period = period_of(folded, span.start, span.end, limits, tables)
    return money_of(amounts[0], role, period, context_of(doc).day.date(), read_rates())
