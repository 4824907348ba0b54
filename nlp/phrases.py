"""Many phrases looked up in a text at once, over its folded words: what the recognizers with large tables share.

The cost is a few dictionary look-ups for each word of the text, however many phrases there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from nlp.lexicon import fold_keeping_length

T = TypeVar("T")

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[ \u00a0\t'’\"“”‘«»-]{1,3}\Z")
"""What may stand between two words of one phrase: no comma, no end of paragraph."""

_REMEMBERED = 50_000
"""Words whose phrases a table remembers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text, folded, with their offsets into it."""

    text: str
    folded: str
    """As long as ``text``."""
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """A phrase in a text: offsets, index of its first word and of the word after it, and what the table says of it."""

    start: int
    end: int
    first: int
    after: int
    value: T


@lru_cache(maxsize=4)
def words_of(text: str) -> Words:
    """Cut a text into folded words. The last few texts are kept: one article passes several recognizers."""
    folded = fold_keeping_length(text)
    matches = list(_WORD.finditer(folded))
    return Words(
        text=text,
        folded=folded,
        words=tuple(m.group() for m in matches),
        starts=tuple(m.start() for m in matches),
        ends=tuple(m.end() for m in matches),
    )


class PhraseTable(Generic[T]):
    """Phrases, each with a value. A word of a phrase that ends in ``*`` stands for every word that begins so."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[tuple[tuple[str, ...], T]]] = defaultdict(list)
        self._begun: dict[str, list[tuple[tuple[str, ...], T]]] = defaultdict(list)
        for phrase, value in phrases:
            words = _words_of_phrase(phrase)
            target = self._begun if words[0].endswith("*") else self._exact
            target[words[0].rstrip("*")].append((words, value))
        for group in (*self._exact.values(), *self._begun.values()):
            group.sort(key=lambda entry: -len(entry[0]))
        self._lengths = tuple(sorted({len(stem) for stem in self._begun}, reverse=True))
        self._by_word: dict[str, tuple[list[tuple[tuple[str, ...], T]], ...]] = {}
        self._last: tuple[Words | None, tuple[Found[T], ...]] = (None, ())

    def find(self, words: Words) -> tuple[Found[T], ...]:
        """Phrases from left to right, the longest at each place, without overlap. The last answer is kept."""
        asked, answer = self._last
        if asked is not words:
            answer = tuple(self._find(words))
            self._last = words, answer
        return answer

    def _find(self, words: Words) -> Iterator[Found[T]]:
        index = 0
        while index < len(words.words):
            best = self._longest(words, index)
            if best is None:
                index += 1
                continue
            length, value = best
            yield Found(
                start=words.starts[index],
                end=words.ends[index + length - 1],
                first=index,
                after=index + length,
                value=value,
            )
            index += length

    def _longest(self, words: Words, index: int) -> tuple[int, T] | None:
        groups = self._groups(words.words[index])
        if not groups:
            return None
        best: tuple[int, T] | None = None
        for group in groups:
            for phrase, value in group:
                if best is not None and len(phrase) <= best[0]:
                    break
                if _fits(phrase, words, index):
                    best = len(phrase), value
                    break
        return best

    def _groups(self, word: str) -> tuple[list[tuple[tuple[str, ...], T]], ...]:
        """The groups of phrases that can begin with a word, the more specific stem first; remembered by word."""
        groups = self._by_word.get(word)
        if groups is None:
            stems = (word[:length] for length in self._lengths if length <= len(word))
            begun = (self._begun[stem] for stem in stems if stem in self._begun)
            groups = (*((self._exact[word],) if word in self._exact else ()), *begun)
            if len(self._by_word) >= _REMEMBERED:
                self._by_word.clear()
            self._by_word[word] = groups
        return groups


class Covered:
    """Characters of a text that are taken; asking costs no more than the stretch asked about, however many are taken."""

    def __init__(self, length: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._taken = bytearray(length)
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Take the characters from ``start`` to ``end``."""
        self._taken[start:end] = b"\x01" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        """Whether one of the characters from ``start`` to ``end`` is taken."""
        return self._taken.find(1, start, end) >= 0


def _words_of_phrase(phrase: str) -> tuple[str, ...]:
    words = tuple(re.findall(r"\w+\*?", fold_keeping_length(phrase)))
    if not words:
        raise ValueError(f"{phrase!r} holds no word")
    return words


def _fits(phrase: tuple[str, ...], words: Words, index: int) -> bool:
    if index + len(phrase) > len(words.words):
        return False
    for offset in range(1, len(phrase)):
        at = index + offset
        if not _same(phrase[offset], words.words[at]):
            return False
        if not _GAP.match(words.text, words.ends[at - 1], words.starts[at]):
            return False
    return True


def _same(pattern: str, word: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
