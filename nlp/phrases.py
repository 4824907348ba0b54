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


Entry = tuple[tuple[str, ...], T]
Group = list[Entry[T]]
"""Phrases with one beginning and their values, the longest first."""


class PhraseTable(Generic[T]):
    """Phrases, each with a value. A word of a phrase that ends in ``*`` stands for every word that begins so."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        exact: dict[str, Group[T]] = defaultdict(list)
        begun: dict[str, Group[T]] = defaultdict(list)
        for phrase, value in phrases:
            words = _words_of_phrase(phrase)
            target = begun if words[0].endswith("*") else exact
            target[words[0].rstrip("*")].append((words, value))
        for group in (*exact.values(), *begun.values()):
            group.sort(key=lambda entry: -len(entry[0]))
        self._groups = _Groups(dict(exact), dict(begun))
        self._last: tuple[Words | None, tuple[Found[T], ...]] = (None, ())

    def find(self, words: Words) -> tuple[Found[T], ...]:
        """Phrases from left to right, the longest at each place, without overlap. The last answer is kept."""
        asked, answer = self._last
        if asked is not words:
            answer = tuple(self._find(words))
            self._last = words, answer
        return answer

    def _find(self, words: Words) -> Iterator[Found[T]]:
        after = 0
        for index, groups in enumerate(map(self._groups.__getitem__, words.words)):
            if not groups or index < after:
                continue
            best = _longest(groups, words, index)
            if best is not None:
                length, value = best
                after = index + length
                yield Found(start=words.starts[index], end=words.ends[after - 1], first=index, after=after, value=value)


class _Groups(dict[str, tuple[Group[T], ...]]):
    """Word -> the groups of phrases that can begin with it, the more specific stem first; remembered by word."""

    def __init__(self, exact: dict[str, Group[T]], begun: dict[str, Group[T]]) -> None:
        super().__init__()
        self._exact, self._begun = exact, begun
        self._lengths = tuple(sorted({len(stem) for stem in begun}, reverse=True))

    def __missing__(self, word: str) -> tuple[Group[T], ...]:
        stems = (word[:length] for length in self._lengths if length <= len(word))
        begun = (self._begun[stem] for stem in stems if stem in self._begun)
        groups = (*((self._exact[word],) if word in self._exact else ()), *begun)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = groups
        return groups


def _longest(groups: tuple[Group[T], ...], words: Words, index: int) -> tuple[int, T] | None:
    best: tuple[int, T] | None = None
    for group in groups:
        for phrase, value in group:
            if best is not None and len(phrase) <= best[0]:
                break
            if len(phrase) == 1 or _fits(phrase, words, index):
                best = len(phrase), value
                break
    return best


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
    """Whether the words after the first stand in the text, in order and on one line."""
    if index + len(phrase) > len(words.words):
        return False
    for at, pattern in enumerate(phrase[1:], index + 1):
        word = words.words[at]
        if word != pattern and not (pattern[-1] == "*" and word.startswith(pattern[:-1])):
            return False
        if not _GAP.match(words.text, words.ends[at - 1], words.starts[at]):
            return False
    return True
