"""The table ``nlp/data/gang_heads.csv``: the words that introduce gangs, and those that introduce what bears like names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, fold_keeping_length, read_table
from nlp.phrases import PhraseTable


class Cue(StrEnum):
    """Kinds of cue in ``gang_heads.csv``."""

    HEAD = "head"
    """A noun that means a gang: *banda criminal*."""
    BAND = "band"
    """A noun that means one where crime is told, and elsewhere musicians or partisans: *banda*, *facción*."""
    GROUP = "group"
    """A noun that may mean one: *grupo*, *red*."""
    MEMBER = "member"
    """A noun that means a member of one: *cabecilla*."""
    FOLLOWER = "follower"
    """A noun that may mean one: *integrante*, *líder*."""
    NAMING = "naming"
    ACT = "act"
    """What is done by or to gangs, said before the name."""
    ARREST = "arrest"
    """An act that befalls gangs in headlines: *caen ‘Los X’*."""
    ACT_AFTER = "act_after"
    OTHER = "other"
    """A noun that means something else that bears such names: a company, an orchestra, a street."""
    CASE = "case"
    """The prosecution's name of a case, which may be a gang's: *caso ‘Los X’*."""
    ALIAS = "alias"
    """Says that a person's nickname follows."""
    FILLER = "filler"
    STEM = "stem"
    """First word of names that only gangs bear."""
    CONTEXT = "context"
    """A word that shows that the article is about crime."""


@lru_cache(maxsize=1)
def _table() -> dict[Cue, tuple[str, ...]]:
    phrases: dict[Cue, list[str]] = defaultdict(list)
    for row in read_table("gang_heads.csv", frozenset({"phrase", "kind"})):
        try:
            phrases[Cue(row["kind"])].append(row["phrase"])
        except ValueError:
            raise LexiconError(f"nlp/data/gang_heads.csv: {row['phrase']!r}: kind is {row['kind']!r}") from None
    return {cue: tuple(found) for cue, found in phrases.items()}


@lru_cache(maxsize=1)
def heads() -> PhraseTable[frozenset[Cue]]:
    """The cues that are looked for in texts."""
    kinds: dict[str, set[Cue]] = defaultdict(set)
    for cue, phrases in _table().items():
        if cue not in (Cue.FILLER, Cue.STEM):
            for phrase in phrases:
                kinds[phrase].add(cue)
    return PhraseTable(_frozen(kinds))


def _frozen(kinds: dict[str, set[Cue]]) -> Iterator[tuple[str, frozenset[Cue]]]:
    for phrase, cues in kinds.items():
        yield phrase, frozenset(cues)


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    words = (fold_keeping_length(phrase).replace("*", r"\w*") for phrase in _table()[Cue.FILLER] if " " not in phrase)
    return re.compile("|".join(words))


@lru_cache(maxsize=4096)
def is_filler(word: str) -> bool:
    """Whether the folded word may stand between a cue and the name."""
    return _fillers().fullmatch(word) is not None


@lru_cache(maxsize=1)
def stems() -> frozenset[str]:
    """Folded first words of names that only gangs bear."""
    return frozenset(fold_keeping_length(phrase) for phrase in _table()[Cue.STEM])
