"""Many regular expressions looked up in a text at once: at each word only those are tried that can begin with it.

Of a long alternation, ``re`` tries each part at every word of a text, though next to none begins as the word does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from re import _constants as kinds  # type: ignore[attr-defined]  # how `re` reads an expression has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from nlp.lexicon import fold_keeping_length
from nlp.phrases import Words

_LONGEST = 5
"""Letters of a beginning that are told apart."""
_REMEMBERED = 20_000
"""Words whose expressions a table remembers."""
_NUMBER = "number_"
_DIGIT = "0"
"""Stands for a number, whatever its digits."""
_NO_WORD = "\n"
"""Stands for every character that is neither letter nor digit, and for what is not known."""

Beginnings = frozenset[str]


class PatternTable(dict[str, re.Pattern[str] | None]):
    """Expressions that begin with a letter or digit, where a word begins: folded word -> those to be tried at it.

    Of several that match at a word the first counts.
    """

    def __init__(
        self, expressions: Sequence[str], *, after: str = "", flags: re.RegexFlag = re.NOFLAG, cased: bool = False
    ) -> None:
        """``after`` is what must follow, whichever it is; ``cased``: they are over the text as printed, not folded.

        Raises:
            ValueError: an expression can begin with neither a letter nor a digit.
        """
        super().__init__()
        self._expressions, self._after, self._flags, self._cased = expressions, after, flags, cased
        self._begun: dict[str, set[int]] = defaultdict(set)
        for number, expression in enumerate(expressions):
            for beginning in beginnings(expression, flags):
                self._begun[beginning].add(number)
        self._compiled: dict[tuple[int, ...], re.Pattern[str] | None] = {(): None}

    def finditer(self, words: Words, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches within ``words.folded[start:end]`` from left to right, without overlap."""
        text = words.text if self._cased else words.folded
        end = len(text) if end is None else end
        first, after = bisect_left(words.starts, start), bisect_left(words.starts, end)
        patterns = list(map(self.__getitem__, words.words[first:after]))
        for at, pattern in compress(zip(words.starts[first:after], patterns, strict=True), patterns):
            if at >= start and pattern is not None and (match := pattern.match(text, at, end)):
                start = match.end()
                yield match

    def search(self, words: Words, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first of the matches."""
        return next(self.finditer(words, start, end), None)

    def __missing__(self, word: str) -> re.Pattern[str] | None:
        key = _DIGIT if word[:1].isdecimal() else word[:_LONGEST]
        found = (self._begun.get(key[:length], ()) for length in range(len(key) + 1))
        numbers = tuple(sorted(set().union(*found)))
        if numbers not in self._compiled:
            alternatives = "|".join(f"(?:{self._expressions[number]})" for number in numbers)
            self._compiled[numbers] = re.compile(rf"(?:{alternatives}){self._after}", self._flags)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[word] = self._compiled[numbers]
        return self[word]


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
    """How the first word of a match can begin, folded; the empty string when anyhow.

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
    known = {beginning or each for beginning in before for each in characters if not each.isalpha()}
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
            found.add("")
        else:
            found.add(_NO_WORD)
    return found


def _kind_of(character: str) -> str:
    character = fold_keeping_length(character)
    return _DIGIT if character.isdecimal() else character if character.isalpha() else _NO_WORD
