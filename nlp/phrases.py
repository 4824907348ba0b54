"""Many phrases looked up in a text at once, over its folded words: what the recognizers with large tables share.

The cost is a few dictionary look-ups for each word of the text, however many phrases and tables there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain, islice
from typing import Any, Generic, NamedTuple, TypeVar

from nlp.lexicon import fold_keeping_length

T = TypeVar("T")

_WORD = re.compile(r"(\w+)")
_GAP = re.compile(r"[ \u00a0\t'’\"“”‘«»-]{1,3}\Z")
"""What may stand between two words of one phrase: no comma, no end of paragraph."""

_SENTENCE = 1_000
"""Characters: longer texts are no sentences, and few are kept."""
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
    begun: dict[int, Any] = field(repr=False, compare=False)
    """What :mod:`nlp.patterns` has found to begin where, by how many tables it knew."""


class Found(NamedTuple, Generic[T]):
    """A phrase in a text: offsets, index of its first word and of the word after it, and what the table says of it."""

    start: int
    end: int
    first: int
    after: int
    value: T


def words_of(text: str) -> Words:
    """Cut a text into folded words. The last ones are kept: one article, and each sentence, passes many hands."""
    return _words_of_sentence(text) if len(text) <= _SENTENCE else _words_of_text(text)


@lru_cache(maxsize=4)
def _words_of_text(text: str) -> Words:
    folded = fold_keeping_length(text)
    words, starts, ends, begun = _cut(folded)
    return Words(text=text, folded=folded, words=words, starts=starts, ends=ends, begun=begun)


_words_of_sentence = lru_cache(maxsize=256)(_words_of_text.__wrapped__)


@lru_cache(maxsize=4)
def _cut(folded: str) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], dict[int, Any]]:
    """Words, starts, ends, and room for what begins where; kept: a folded text and its original share them."""
    parts = _WORD.split(folded)  # gap, word, gap, …, word, gap
    ends = tuple(accumulate(map(len, parts)))
    return tuple(parts[1::2]), ends[:-1:2], ends[1::2], {}


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
        for index, group in self._begun(words):
            if index < after:
                continue
            for phrase, value in group:
                if len(phrase) == 1 or _fits(phrase, words, index):
                    after = index + len(phrase)
                    yield Found(words.starts[index], words.ends[after - 1], index, after, value)
                    break

    def _begun(self, words: Words) -> Iterable[Begun[T]]:
        if self._number is not None:
            return _begun_in_all(words.text, len(_INDEX.tables))[self._number]
        following = zip(words.words, _seconds(words.words), strict=True)
        begun = [(index, self._beginnings.of(word), second) for index, (word, second) in enumerate(following)]
        return [(index, group) for index, b, second in begun if b is not None and (group := b.before(second))]


class _Beginning(Generic[T]):
    """The phrases that begin with one word, by their second: few words that begin a phrase are followed by the rest of it."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        self.entries = sorted(entries, key=lambda entry: -len(entry[0]))
        self.before_any: Group[T] = [entry for entry in self.entries if not _literal_second(entry)]
        """Those of one word, and those whose second is a stem."""
        known: dict[str, list[Entry[T]]] = {_literal_second(entry): [] for entry in self.entries}
        for entry in self.entries:
            second = _literal_second(entry)
            for word in (second,) if second else known:
                known[word].append(entry)
        self.before_known: Mapping[str, Group[T]] = known

    def before(self, word: str) -> Group[T]:
        """The phrases that may go on with a word, the longest first; those of one word may stand before any."""
        return self.before_known.get(word, self.before_any)


def _literal_second(entry: Entry[T]) -> str:
    """The second word; empty when there is none, or a stem."""
    phrase = entry[0]
    return "" if len(phrase) == 1 or phrase[1].endswith("*") else phrase[1]


class _Beginnings(Generic[T]):
    """The phrases of a table by their first words."""

    def __init__(self, exact: dict[str, _Beginning[T]], begun: dict[str, _Beginning[T]]) -> None:
        self._exact, self._begun = exact, begun
        self._lengths = tuple(sorted({len(stem) for stem in begun}, reverse=True))

    def of(self, word: str) -> _Beginning[T] | None:
        """What can begin with a word; of phrases as long as each other those with the word itself first, then the longer stem."""
        if not self._lengths:
            return self._exact.get(word)
        stems = (word[:length] for length in self._lengths if length <= len(word))
        found = [self._begun[stem] for stem in stems if stem in self._begun]
        if word in self._exact:
            found.insert(0, self._exact[word])
        if len(found) < 2:
            return found[0] if found else None
        return _Beginning(entry for beginning in found for entry in beginning.entries)


Begun = tuple[int, Group[T]]
"""A word by its index, and the phrases that may begin with it and go on with the next."""
_Begun = Sequence[tuple[int, Group[Any]]]
"""Tables by their numbers, and their phrases that begin with two words."""
_Seconds = tuple[Mapping[str, _Begun], _Begun]
"""The same of one word: by the second, and before any other."""


class _Index(dict[str, _Seconds]):
    """Word -> the phrases of all tables that begin with it. Two look-ups serve all tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Beginnings[Any]] = []

    def add(self, table: _Beginnings[Any]) -> int:
        """Take in a table, and tell its number."""
        self.clear()
        self.tables.append(table)
        return len(self.tables) - 1

    def __missing__(self, word: str) -> _Seconds:
        begun = [(number, found) for number, table in enumerate(self.tables) if (found := table.of(word)) is not None]
        seconds = {second for _, found in begun for second in found.before_known}
        known = {
            second: tuple((number, group) for number, found in begun if (group := found.before(second)))
            for second in seconds
        }
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = known, tuple((number, found.before_any) for number, found in begun if found.before_any)
        return self[word]


_INDEX = _Index()


@lru_cache(maxsize=4)
def _begun_in_all(text: str, tables: int) -> Sequence[Sequence[Begun[Any]]]:
    """The words that begin phrases, for each of so many tables."""
    words = words_of(text).words
    found: list[list[Begun[Any]]] = [[] for _ in range(tables)]
    begun = zip(map(_INDEX.__getitem__, words), _seconds(words), strict=True)
    for index, ((known, before_any), second) in enumerate(begun):
        for number, group in known.get(second, before_any):
            found[number].append((index, group))
    return found


def _seconds(words: Sequence[str]) -> Iterator[str]:
    """The word after each; the last has an empty one."""
    return chain(islice(words, 1, None), ("",) if words else ())


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
