"""Many phrases looked up in a text at once, over its folded words: what the recognizers with large tables share.

The cost is a few dictionary look-ups for each word of the text, however many phrases and tables there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from nlp.lexicon import fold_keeping_length

T = TypeVar("T")

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[ \u00a0\t'’\"“”‘«»-]{1,3}\Z")
"""What may stand between two words of one phrase: no comma, no end of paragraph."""

_REMEMBERED = 50_000
"""Words whose phrases are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a text, folded, with their offsets into it."""

    text: str
    folded: str
    """As long as ``text``."""
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class Found(NamedTuple, Generic[T]):
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
    spans = [match.span() for match in _WORD.finditer(folded)]
    return Words(
        text=text,
        folded=folded,
        words=tuple(_WORD.findall(folded)),
        starts=tuple(start for start, _ in spans),
        ends=tuple(end for _, end in spans),
    )


Entry = tuple[tuple[str, ...], T]
Group = Sequence[Entry[T]]
"""Phrases with one beginning and their values, the longest first."""


class PhraseTable(Generic[T]):
    """Phrases, each with a value. A word of a phrase that ends in ``*`` stands for every word that begins so."""

    def __init__(self, phrases: Iterable[tuple[str, T]], *, for_one_text: bool = False) -> None:
        """A table is remembered for good, unless it is made for one text."""
        exact: dict[str, list[Entry[T]]] = defaultdict(list)
        begun: dict[str, list[Entry[T]]] = defaultdict(list)
        for phrase, value in phrases:
            words = _words_of_phrase(phrase)
            target = begun if words[0].endswith("*") else exact
            target[words[0].rstrip("*")].append((words, value))
        self._beginnings = _Beginnings(
            *({word: _Beginning(group) for word, group in t.items()} for t in (exact, begun))
        )
        self._number = None if for_one_text else _INDEX.add(self._beginnings)
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
        for index, begun in self._begun(words):
            if index < after:
                continue
            best = _longest(begun, words, index)
            if best is not None:
                phrase, value = best
                after = index + len(phrase)
                yield Found(words.starts[index], words.ends[after - 1], index, after, value)

    def _begun(self, words: Words) -> Iterable[Begun[T]]:
        if self._number is not None:
            return _begun_in_all(words.text, len(_INDEX.tables))[self._number]
        return [(index, begun) for index, word in enumerate(words.words) if (begun := self._beginnings.of(word))]


class _Beginning(Generic[T]):
    """The phrases that begin with one word, by their second: few words that begin a phrase are followed by the rest of it."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        group = sorted(entries, key=lambda entry: -len(entry[0]))
        self._before_any = [entry for entry in group if not _literal_second(entry)]
        self._before: dict[str, list[Entry[T]]] = {_literal_second(entry): [] for entry in group}
        for entry in group:
            second = _literal_second(entry)
            for word in (second,) if second else self._before:
                self._before[word].append(entry)

    def before(self, word: str) -> Group[T]:
        """The phrases that may go on with a word, the longest first; those of one word may stand before any."""
        return self._before.get(word, self._before_any)


def _literal_second(entry: Entry[T]) -> str:
    """The second word; empty when there is none, or a stem."""
    phrase = entry[0]
    return "" if len(phrase) == 1 or phrase[1].endswith("*") else phrase[1]


class _Beginnings(Generic[T]):
    """The phrases of a table by their first words."""

    def __init__(self, exact: dict[str, _Beginning[T]], begun: dict[str, _Beginning[T]]) -> None:
        self._exact, self._begun = exact, begun
        self._lengths = tuple(sorted({len(stem) for stem in begun}, reverse=True))

    def of(self, word: str) -> tuple[_Beginning[T], ...]:
        """What can begin with a word: the word itself, then the more specific stem first."""
        stems = (word[:length] for length in self._lengths if length <= len(word))
        begun = (self._begun[stem] for stem in stems if stem in self._begun)
        return (*((self._exact[word],) if word in self._exact else ()), *begun)


Begun = tuple[int, tuple[_Beginning[T], ...]]
"""A word by its index, and what can begin with it."""


class _Index(dict[str, Sequence[Begun[Any]]]):
    """Word -> the tables by their numbers in which phrases begin with it. One look-up of a word serves all tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Beginnings[Any]] = []

    def add(self, table: _Beginnings[Any]) -> int:
        """Take in a table, and tell its number."""
        self.clear()
        self.tables.append(table)
        return len(self.tables) - 1

    def __missing__(self, word: str) -> Sequence[Begun[Any]]:
        found = tuple((number, begun) for number, table in enumerate(self.tables) if (begun := table.of(word)))
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = found
        return found


_INDEX = _Index()


@lru_cache(maxsize=4)
def _begun_in_all(text: str, tables: int) -> Sequence[Sequence[Begun[Any]]]:
    """The words that begin phrases, for each of so many tables."""
    words = words_of(text).words
    found: list[list[Begun[Any]]] = [[] for _ in range(tables)]
    for index, tables_begun in enumerate(map(_INDEX.__getitem__, words)):
        for number, begun in tables_begun:
            found[number].append((index, begun))
    return found


def _longest(beginnings: Iterable[_Beginning[T]], words: Words, index: int) -> Entry[T] | None:
    second = words.words[index + 1] if index + 1 < len(words.words) else ""
    best: Entry[T] | None = None
    for beginning in beginnings:
        for entry in beginning.before(second):
            if best is not None and len(entry[0]) <= len(best[0]):
                break
            if len(entry[0]) == 1 or _fits(entry[0], words, index):
                best = entry
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
        left, right = words.ends[at - 1], words.starts[at]
        if not (words.text[left:right] == " " or _GAP.match(words.text, left, right)):
            return False
    return True
