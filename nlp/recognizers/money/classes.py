"""What kind of thing a word beside a sum says: asking, paying, stealing, a price, a reward. ``money_word_classes.csv`` tells.

Words that were never seen in training are known by their class.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table

_TABLE = "money_word_classes.csv"
_WORD, _BEGINNING = "word", "beginning"
_LETTERS = 3
"""Letters that stand for a word, its forms and its kin."""


@lru_cache(maxsize=8192)
def names_of(word: str) -> tuple[str, ...]:
    """What a folded word is known by besides itself: its first letters and its classes."""
    if word.isdigit():
        return ()
    return (f"{word[:_LETTERS]}-", *(f"is {name}" for name in classes_of(word)))


def classes_of(word: str) -> tuple[str, ...]:
    """The classes of a folded word: those of the word, else those of its longest beginning that has any."""
    words, beginnings = read_classes()
    if word in words:
        return words[word]
    return next((beginnings[word[:end]] for end in range(len(word), 1, -1) if word[:end] in beginnings), ())


@lru_cache(maxsize=1)
def read_classes() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Classes by whole word, and by beginning.

    Raises:
        LexiconError: a row does not fit.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {_WORD: {}, _BEGINNING: {}}
    for row in read_table(_TABLE, frozenset({"word", "class", "kind"})):
        if row["kind"] not in found:
            raise LexiconError(f"nlp/data/{_TABLE}: kind {row['kind']!r} is neither {_WORD} nor {_BEGINNING}")
        of_kind = found[row["kind"]]
        of_kind[row["word"]] = (*of_kind.get(row["word"], ()), row["class"])
    return found[_WORD], found[_BEGINNING]
