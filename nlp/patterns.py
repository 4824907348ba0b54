"""Many regular expressions looked up in a text at once: at each word only those are tried that can begin with it.

Of a long alternation, ``re`` tries each part at every word of a text, though next to none begins as the word does. Here one
look-up for each word of the text serves all tables of expressions.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice
from re import _constants as kinds  # type: ignore[attr-defined]  # how `re` reads an expression has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from nlp.lexicon import fold_keeping_length
from nlp.phrases import Words

_LONGEST = 5
"""Letters of a beginning that are told apart."""
_REMEMBERED = 50_000
"""Words whose expressions are remembered."""
_NUMBER = "number_"
_DIGIT = "0"
"""Stands for a number, whatever its digits."""
_ANY = ""
"""Stands for any character of a word."""
_NO_WORD = "\n"
"""Stands for every character that no word holds; after a beginning: the word ends there."""

Beginnings = frozenset[str]


class PatternTable:
    """Expressions that begin with a letter or digit, where a word begins. Of several that match at a word the first counts.

    A table is remembered for good.
    """

    def __init__(
        self, expressions: Sequence[str], *, after: str = "", flags: re.RegexFlag = re.NOFLAG, cased: bool = False
    ) -> None:
        """``after`` is what must follow, whichever it is; ``cased``: they are over the text as printed, not folded.

        Raises:
            ValueError: an expression can begin with neither a letter nor a digit.
        """
        self._expressions, self._after, self._flags, self._cased = expressions, after, flags, cased
        self._compiled: dict[tuple[int, ...], re.Pattern[str]] = {}
        self._number = _INDEX.add(self, [beginnings(expression, flags) for expression in expressions])

    def finditer(self, words: Words, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches within ``words.folded[start:end]`` from left to right, without overlap."""
        text = words.text if self._cased else words.folded
        end = len(text) if end is None else end
        begun = _begun(words).get(self._number, ())
        for at, pattern in islice(begun, bisect_left(begun, (start,)), None):
            if at >= end:
                return
            if at >= start and (match := pattern.match(text, at, end)):
                start = match.end()
                yield match

    def search(self, words: Words, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first of the matches."""
        return next(self.finditer(words, start, end), None)

    def only(self, numbers: tuple[int, ...]) -> re.Pattern[str]:
        """Some of the expressions as one, in their order."""
        if numbers not in self._compiled:
            alternatives = "|".join(f"(?:{self._expressions[number]})" for number in numbers)
            self._compiled[numbers] = re.compile(rf"(?:{alternatives}){self._after}", self._flags)
        return self._compiled[numbers]


_Begun = Sequence[tuple[int, re.Pattern[str]]]
"""Where words begin, with what is to be tried there; or tables by their numbers, with the same."""


class _Index(dict[str, _Begun]):
    """Word -> the tables that hold expressions which can begin with it, with these."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[PatternTable] = []
        self._begun: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def add(self, table: PatternTable, begun: Sequence[Beginnings]) -> int:
        """Take in a table with the beginnings of each of its expressions, and tell its number."""
        self.clear()
        self.tables.append(table)
        for number, each in enumerate(begun):
            for beginning in each:
                self._begun[beginning].append((len(self.tables) - 1, number))
        return len(self.tables) - 1

    def __missing__(self, word: str) -> _Begun:
        key = _DIGIT if word[:1].isdecimal() else word[:_LONGEST]
        beginnings = (*(key[:length] for length in range(len(key) + 1)), word + _NO_WORD)
        found: dict[int, set[int]] = defaultdict(set)
        for table, number in chain.from_iterable(self._begun.get(beginning, ()) for beginning in beginnings):
            found[table].add(number)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = tuple((table, self.tables[table].only(tuple(sorted(found[table])))) for table in found)
        return self[word]


_INDEX = _Index()


def _begun(words: Words) -> Mapping[int, _Begun]:
    """The words at which each table has something to try."""
    known = len(_INDEX.tables)
    if known not in words.begun:
        found: dict[int, list[tuple[int, re.Pattern[str]]]] = defaultdict(list)
        to_try = list(map(_INDEX.__getitem__, words.words))
        for start, begun in compress(zip(words.starts, to_try, strict=True), to_try):
            for table, pattern in begun:
                found[table].append((start, pattern))
        words.begun[known] = found
    begun_in_all: Mapping[int, _Begun] = words.begun[known]
    return begun_in_all


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first: what several begin with is tried once."""
    rests: dict[str, set[str]] = defaultdict(set)
    for word in words:
        rests[word[:1]].add(word[1:])
    ends = rests.pop("", None) is not None
    branches = "|".join(f"{re.escape(first)}{any_of(rest)}" for first, rest in sorted(rests.items()))
    return f"(?:{branches}){'?' if ends else ''}" if branches else ""


def numbered(expressions: Iterable[str]) -> list[str]:
    """The expressions, so that :func:`number_of` can tell which one has matched; they must not hold groups with names."""
    return [f"(?:{expression})(?P<{_NUMBER}{number}>)" for number, expression in enumerate(expressions)]


def number_of(match: re.Match[str]) -> int:
    """Which of the expressions has matched, from 0."""
    return int((match.lastgroup or "").removeprefix(_NUMBER))


def beginnings(expression: str, flags: re.RegexFlag = re.NOFLAG) -> Beginnings:
    """How the first word of a match can begin, folded, a line end behind it where it must end; the empty string when anyhow.

    Raises:
        ValueError: a match can begin with neither a letter nor a digit.
    """
    settled, whole = _read(parser.parse(expression, flags), frozenset({""}))
    if _NO_WORD in settled or "" in whole:
        raise ValueError(f"{expression!r} can match what begins with neither a letter nor a digit")
    return settled | whole


def _read(items: Iterable[tuple[Any, Any]], before: Beginnings) -> tuple[Beginnings, Beginnings]:
    """What goes on from ``before`` to a beginning that is settled, and what the next items go on from."""
    settled: Beginnings = frozenset()
    for kind, what in items:
        ended, before = _read_one(kind, what, before)
        settled |= ended
    return settled, before


def _read_one(kind: Any, what: Any, before: Beginnings) -> tuple[Beginnings, Beginnings]:
    if kind in (kinds.AT, kinds.ASSERT, kinds.ASSERT_NOT):
        return frozenset(), before
    if kind is kinds.SUBPATTERN:
        return _read(what[-1], before)
    if kind is kinds.BRANCH:
        read = [_read(branch, before) for branch in what[1]]
        return frozenset().union(*(ended for ended, _ in read)), frozenset().union(*(whole for _, whole in read))
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        fewest, most, part = what
        ended, whole = _read(part, before)
        if most > 1:
            ended, whole = ended | whole, frozenset()
        return ended, whole if fewest else whole | before
    characters = _characters(what) if kind is kinds.IN else _characters([(kind, what)])
    longer = {beginning + each for beginning in before for each in characters if each.isalpha()}
    known = {
        beginning + _NO_WORD if beginning and each == _NO_WORD else beginning or each
        for beginning in before
        for each in characters
        if not each.isalpha()
    }
    long_enough = {each for each in longer if len(each) == _LONGEST}
    return frozenset(known | long_enough), frozenset(longer - long_enough)


def _characters(members: Iterable[tuple[Any, Any]]) -> set[str]:
    """The letters that a class stands for; other characters by their kind."""
    found: set[str] = set()
    for kind, what in members:
        if kind is kinds.LITERAL:
            found.add(_kind_of(chr(what)))
        elif kind is kinds.RANGE:
            found.update(_kind_of(chr(code)) for code in range(what[0], what[1] + 1))
        elif kind is kinds.CATEGORY and what is kinds.CATEGORY_DIGIT:
            found.add(_DIGIT)
        elif kind is kinds.CATEGORY and what is kinds.CATEGORY_WORD:
            found.add(_ANY)
        elif kind is kinds.CATEGORY and what is kinds.CATEGORY_SPACE:
            found.add(_NO_WORD)
        else:
            found.update((_ANY, _NO_WORD))
    return found


def _kind_of(character: str) -> str:
    character = fold_keeping_length(character)
    if character.isalpha():
        return character
    return _DIGIT if character.isdecimal() else _ANY if character.isalnum() or character == "_" else _NO_WORD
