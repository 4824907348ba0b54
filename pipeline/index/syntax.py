"""The text of a query -> a tree: words, "phrases", prefix*, -without, OR, (groups), field:value.

Words side by side must all be there. Errors point at the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import process

from pipeline.index.base import QueryError

FIELDS = ("outlet", "crime", "place", "gang", "business", "method", "prison", "kind", "near", "amount", "date")
"""Fields that can be asked for by ``field:value``; of ``near`` the value is ``Comas`` or ``"Comas, 5km"``,
of ``amount`` and ``date`` a range (``pipeline.index.ranges``)."""
MAXIMUM_LENGTH = 2000
MAXIMUM_DEPTH = 20
MAXIMUM_CLAUSES = 200
SHORTEST_PREFIX = 2


@dataclass(frozen=True, slots=True)
class Bare:
    """A word as typed; it may hold several words of the index (``S/5,000``)."""

    text: str


@dataclass(frozen=True, slots=True)
class Begins:
    """Words that begin so."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in this order, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a field."""

    name: str
    value: str
    at: int
    """Where it stands in the query."""


@dataclass(frozen=True, slots=True)
class Not:
    """What may not be there."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: tuple[Node, ...]


Node = Bare | Begins | Quoted | Field | Not | And | Or

_TOKEN = re.compile(
    r"""
    \s*(?:
      (?P<open>-?\()
    | (?P<close>\))
    | (?P<field>-?[A-Za-z_]+:)(?:"(?P<quoted_value>[^"]*)"|(?P<value>\[[^]"]*\]|[<>]=?\s*[^\s()"]+|[^\s()"]+))
    | (?P<phrase>-?"[^"]*")
    | (?P<word>[^\s()"]+)
    | (?P<stray>")
    )""",
    re.VERBOSE,
)
_TYPOGRAPHIC = str.maketrans("“”«»„", '"""""')
"""Quotes as the press, and telephones, write them."""
_LETTERS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    value: str
    at: int


def parse(text: str) -> Node | None:
    """The tree of a query text; ``None`` for an empty one.

    Raises:
        QueryError: with the position of what is wrong.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise QueryError(f"a query has at most {MAXIMUM_LENGTH} characters", MAXIMUM_LENGTH)
    tokens = _tokens(text.translate(_TYPOGRAPHIC))
    if len(tokens) > MAXIMUM_CLAUSES:
        raise QueryError(f"a query has at most {MAXIMUM_CLAUSES} words", tokens[MAXIMUM_CLAUSES].at)
    return _Parser(tokens, len(text)).parse() if tokens else None


def fields(node: Node | None, name: str) -> Iterator[Field]:
    """The parts of a tree that ask for a field."""
    match node:
        case Field(name=found) if found == name:
            yield node
        case Not(part):
            yield from fields(part, name)
        case And(parts) | Or(parts):
            for part in parts:
                yield from fields(part, name)
        case _:
            return


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    end = len(text.rstrip())
    at = 0
    while at < end:
        match = _TOKEN.match(text, at)
        assert match is not None  # every character but white space begins one of the alternatives
        kind = str(match.lastgroup)
        start = match.start("field") if match["field"] else match.start(kind)
        if kind == "stray":
            raise QueryError("this quotation mark is not closed", start)
        if match["field"]:
            value = match["quoted_value"] if match["quoted_value"] is not None else match["value"]
            found.append(_Token("field", match["field"], value, start))
        else:
            found.append(_Token(kind, match[kind], "", start))
        at = match.end()
    return found


class _Parser:
    """Recursive descent; OR binds less than standing side by side."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens, self._length, self._next = tokens, length, 0

    def parse(self) -> Node:
        node = self._any(0)
        if self._next < len(self._tokens):
            raise QueryError("this parenthesis was never opened", self._tokens[self._next].at)
        return node

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _any(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while (token := self._peek()) and _is_or(token):
            self._next += 1
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Node:
        parts: list[Node] = []
        while (token := self._peek()) and token.kind != "close" and not _is_or(token):
            self._next += 1
            parts.append(self._one(token, depth))
        if not parts:
            at = token.at if token else self._length
            raise QueryError("something is missing here: OR and parentheses need words on both sides", at)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, token: _Token, depth: int) -> Node:
        negated = token.text.startswith("-") and len(token.text) > 1
        node = self._group(token, depth) if token.kind == "open" else _leaf(token, negated)
        return Not(node) if negated else node

    def _group(self, token: _Token, depth: int) -> Node:
        if depth >= MAXIMUM_DEPTH:
            raise QueryError(f"parentheses go at most {MAXIMUM_DEPTH} deep", token.at)
        node = self._any(depth + 1)
        if self._peek() is None:
            raise QueryError("this parenthesis is not closed", token.at)
        self._next += 1
        return node


def _is_or(token: _Token) -> bool:
    return token.kind == "word" and token.text in {"OR", "O"}


def _leaf(token: _Token, negated: bool) -> Node:
    shift = token.at + int(negated)
    text = token.text[int(negated) :]
    if token.kind == "field":
        return _field(text[:-1], token.value, shift)
    if token.kind == "phrase":
        if not _LETTERS.search(text):
            raise QueryError("there is no word between these quotation marks", shift)
        return Quoted(text[1:-1])
    return _word(text, shift)


def _field(name: str, value: str, at: int) -> Node:
    if name.lower() not in FIELDS:
        near = process.extractOne(name.lower(), FIELDS, score_cutoff=60)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FIELDS)}"
        raise QueryError(f"there is no field {name!r}: {hint}", at)
    if not _LETTERS.search(value):
        raise QueryError(f"{name}: needs a value", at + len(name) + 1)
    return Field(name.lower(), value, at)


def _word(text: str, at: int) -> Node:
    star = text.find("*")
    if star >= 0:
        if star != len(text) - 1:
            raise QueryError("a * can only end a word", at + star)
        letters = text[:-1]
        if len(_LETTERS.findall(letters)) < SHORTEST_PREFIX:
            raise QueryError(f"at least {SHORTEST_PREFIX} letters must come before a *", at + star)
        return Begins(letters)
    if not _LETTERS.search(text):
        raise QueryError(f"{text!r} is no word", at)
    if text.endswith(":") and text[:-1].lower() in FIELDS:
        raise QueryError(f"{text} needs a value right after it", at + len(text) - 1)
    return Bare(text)
