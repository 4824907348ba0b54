"""The tables of trades and of the words around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.phrases import PhraseTable
from nlp.types import Business


class Strength(StrEnum):
    """How much a word says by itself."""

    SURE = "sure"
    """Names a trade: *bodeguero*."""
    WEAK = "weak"
    """Names one only beside what is done to it: *obra*, *casa*."""
    VEHICLE = "vehicle"
    """A trade when it is attacked or charged, a means of transport otherwise: *combi*."""
    DRIVER = "driver"
    """Works in whichever transport the article is about: *choferes*."""
    MARKET = "market"
    """Names a trade in an article that speaks of a market: *puestos*."""
    COMPANY = "company"
    """A company known by name."""


class Near(StrEnum):
    """Kinds of ``business_cues.csv``."""

    ATTACK = "attack"
    """What is done to victims."""
    VICTIM = "victim"
    """What victims do and suffer."""
    OWNER = "owner"
    """Stands right before the trade of somebody who is hit."""
    FRONT = "front"
    SHADY = "shady"
    """Says that criminals do business: laundering, trafficking."""
    ASIDE = "aside"
    """Stands right before a thing that only marks a place or a means: *frente a*, *huyeron en*."""
    PASSED = "passed"
    """Stands right before a thing that somebody comes from, is taken to or pretends to be, which makes it nobody's victim:
    *retirado de un*, *trasladado a la*, *vestidos de*."""
    PLACE = "place"
    """The same, before words that are not sure to be trades: *en el*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What a word or a company's name says."""

    business: Business
    strength: Strength


@lru_cache(maxsize=1)
def business_types() -> dict[str, Business]:
    """Every type by its lemma.

    Raises:
        LexiconError: ``business_types.csv`` is missing or malformed.
    """
    rows = read_table("business_types.csv", frozenset({"lemma", "category", "ciiu"}))
    return {
        row["lemma"]: Business(type=row["lemma"], category=row["category"], ciiu=row["ciiu"] or None) for row in rows
    }


@lru_cache(maxsize=1)
def terms() -> PhraseTable[Term]:
    """Words for trades, and names of companies.

    Raises:
        LexiconError: a table is missing, or names an unknown type or strength.
    """
    rows = [*read_table("business_terms.csv", frozenset({"phrase", "lemma", "strength"}))]
    for row in read_table("companies.csv", frozenset({"name", "lemma"})):
        rows.append({"phrase": row["name"], "lemma": row["lemma"], "strength": Strength.COMPANY})
    return PhraseTable([(row["phrase"], _term(row)) for row in [*rows, *_sellers(rows)]])


def _sellers(known: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Whoever sells or makes a good: every head before every good, unless a row says more of the same words."""
    said = {row["phrase"] for row in known}
    rows = [*read_table("business_goods.csv", frozenset({"phrase", "kind", "lemma"}))]
    goods = [row for row in rows if row["kind"] == "good"]
    for head in (row["phrase"] for row in rows if row["kind"] == "head"):
        for good in goods:
            phrase = f"{head} {good['phrase']}"
            if phrase not in said:
                yield {"phrase": phrase, "lemma": good["lemma"], "strength": Strength.SURE}


def _term(row: dict[str, str]) -> Term:
    try:
        return Term(business=business_types()[row["lemma"]], strength=Strength(row["strength"]))
    except (KeyError, ValueError):
        raise LexiconError(f"nlp/data/business_terms.csv: {row['phrase']!r}: unknown lemma or strength") from None


@lru_cache(maxsize=1)
def near() -> PhraseTable[Near]:
    """What stands around trades.

    Raises:
        LexiconError: the table is missing or a kind is unknown.
    """
    rows = read_table("business_cues.csv", frozenset({"phrase", "kind"}))
    return PhraseTable([(row["phrase"], _kind(row)) for row in rows])


def _kind(row: dict[str, str]) -> Near:
    try:
        return Near(row["kind"])
    except ValueError:
        raise LexiconError(f"nlp/data/business_cues.csv: {row['phrase']!r}: kind is {row['kind']!r}") from None
