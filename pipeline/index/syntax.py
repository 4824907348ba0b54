"""The text of a query -> a tree: words, "phrases", prefix*, -without, OR, (groups), field:value, field:(groups).

Words side by side must all be there. Errors point at the character.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from rapidfuzz import fuzz, process

from nlp.lexicon import fold
from pipeline.index import templates
from pipeline.index.base import QueryError
from pipeline.index.names import words_of_name
from pipeline.index.ranges import words_of_value

FIELDS = ("outlet", "crime", "place", "gang", "business", "method", "prison", "kind", "near", "amount", "date")
"""Fields that can be asked for by ``field:value``; of ``near`` the value is ``Comas`` or ``"Comas, 5km"``,
of ``amount`` and ``date`` a range (``pipeline.index.ranges``)."""
MAXIMUM_LENGTH = 2000
MAXIMUM_DEPTH = 20
MAXIMUM_CLAUSES = 200
SHORTEST_PREFIX = 2
ANY = "*"
"""Value of a field that stands for any."""
LIKE = 65.0
"""How alike (0 to 100) the name of a field must be to be offered."""


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
    begins: int
    """Where its value does."""
    more: str = ""
    """Words after a value without quotation marks: perhaps they belong to it."""


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
    | (?P<field>-?[^\W\d]\w*:)(?!//)(?:
          "(?P<quoted_value>[^"]*)"
        | (?P<value>\[[^]"]*\]|[<>]=?\s*(?:"[^"]*"|[^\s()"]+)|[^\s()"]+)
        | (?P<group>(?=\()))
    | (?P<phrase>-?"[^"]*")
    | (?P<word>[^\s()"]+)
    | (?P<stray>")
    )""",
    re.VERBOSE,
)
_TYPOGRAPHIC = str.maketrans("“”«»„", '"""""')
"""Quotes as the press, and telephones, write them."""
_OR, _AND, _NOT = frozenset({"OR", "O"}), frozenset({"AND"}), frozenset({"NOT"})
_QUESTION = re.compile(r"\w\?\w")
_FOREIGN = re.compile(r"(?:^|(?<=\w))([~^])[\d.]*$")
"""Signs of other query languages: nearness of letters or words, and weight."""
_LETTERS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    value: str
    at: int
    begins: int = 0
    """Where a field's value does."""
    quoted: bool = False
    """Whether it stands in quotation marks."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """The field that a group in parentheses belongs to."""

    name: str
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


def leaves(node: Node | None) -> Iterator[Bare | Begins | Quoted | Field]:
    """The words, phrases and fields of a tree."""
    match node:
        case None:
            return
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield node


def fields(node: Node | None, *names: str) -> Iterator[Field]:
    """The parts of a tree that ask for some fields."""
    yield from (leaf for leaf in leaves(node) if isinstance(leaf, Field) and leaf.name in names)


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
            name = "scope" if kind == "group" else "field"
            found.append(_Token(name, match["field"], match[kind], start, match.start(kind), kind == "quoted_value"))
        else:
            found.append(_Token(kind, match[kind], "", start))
        at = match.end()
    return found


class _Parser:
    """Recursive descent; OR binds less than standing side by side, NOT and the minus most of all."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens, self._length, self._next = tokens, length, 0
        self._scope: _Scope | None = None

    def parse(self) -> Node:
        node = self._any(0)
        if self._next < len(self._tokens):
            raise QueryError("this parenthesis was never opened", self._tokens[self._next].at)
        return node

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _any(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while (token := self._peek()) and _is(token, _OR):
            self._next += 1
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Node:
        parts: list[Node] = []
        while (token := self._peek()) and token.kind != "close" and not _is(token, _OR):
            if _is(token, _AND) and parts:
                self._next += 1
                self._needs_words(self._peek())
            else:
                parts.append(self._one(depth))
        if not parts:
            self._needs_words(token)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _needs_words(self, token: _Token | None) -> None:
        if token is None or token.kind == "close" or _is(token, _OR | _AND):
            at = token.at if token else self._length
            raise QueryError("something is missing here: OR, AND, NOT and parentheses need words beside them", at)

    def _one(self, depth: int) -> Node:
        token = self._peek()
        self._needs_words(token)
        assert token is not None
        self._next += 1
        if _is(token, _NOT):
            self._needs_words(self._peek())
            return Not(self._one(depth))
        negated = token.text.startswith("-") and len(token.text) > 1
        node = self._within(token, depth, negated=negated)
        return Not(node) if negated else node

    def _within(self, token: _Token, depth: int, *, negated: bool) -> Node:
        if token.kind == "open":
            return self._group(token, depth)
        if token.kind == "scope":
            return self._scoped(token, depth, token.at + int(negated))
        if self._scope is None:
            leaf = _leaf(token, negated=negated)
            return self._with_words_ahead(leaf) if isinstance(leaf, Field) and not token.quoted else leaf
        words = self._name_from(token) if token.kind == "word" else token.text
        return _in_scope(token, words[int(negated) :], self._scope, token.at + int(negated))

    def _name_from(self, token: _Token) -> str:
        """A name of several words within a field's parentheses: ``place:(San Luis OR Comas)``."""
        further = self._words_ahead()
        self._next += len(further.split())
        return f"{token.text} {further}".strip()

    def _with_words_ahead(self, field: Field) -> Field:
        """A field without quotation marks: ``place:San Luis`` and ``date:mes pasado`` go on as long as they are a name or a
        range, and what else follows is noted.
        """
        ahead = self._words_ahead().split()
        for own_words in (words_of_name, words_of_value):
            own = own_words(field.name, field.value, ahead)
            self._next += own
            field, ahead = replace(field, value=" ".join((field.value, *ahead[:own]))), ahead[own:]
        return replace(field, more=" ".join(ahead))

    def _words_ahead(self) -> str:
        ahead = takewhile(lambda token: token.kind == "word" and _joins(token.text), self._tokens[self._next :])
        return " ".join(token.text for token in ahead)

    def _scoped(self, token: _Token, depth: int, at: int) -> Node:
        """``field:(one OR another)``: everything within the parentheses is a value of the field."""
        name = token.text.removeprefix("-")[:-1]
        _known(name, at)
        if self._scope is not None:
            raise QueryError(f"{name}: cannot stand within the parentheses of {self._scope.name}:", at)
        self._scope = _Scope(name, at)
        opened = self._peek()
        assert opened is not None  # the parenthesis that the token looked ahead to
        self._next += 1
        node = self._group(opened, depth)
        self._scope = None
        return node

    def _group(self, token: _Token, depth: int) -> Node:
        if depth >= MAXIMUM_DEPTH:
            raise QueryError(f"parentheses go at most {MAXIMUM_DEPTH} deep", token.at)
        node = self._any(depth + 1)
        if self._peek() is None:
            raise QueryError("this parenthesis is not closed", token.at)
        self._next += 1
        return node


def _is(token: _Token, operators: frozenset[str]) -> bool:
    return token.kind == "word" and token.text in operators


def _leaf(token: _Token, *, negated: bool) -> Node:
    shift = token.at + int(negated)
    text = token.text[int(negated) :]
    if token.kind == "field":
        return _field(text[:-1], token.value, shift, token.begins)
    return _phrase(text, shift) if token.kind == "phrase" else _word(text, shift)


def _joins(word: str) -> bool:
    return word not in _OR | _AND | _NOT and not word.startswith(("-", "<", ">"))


def _in_scope(token: _Token, text: str, scope: _Scope, at: int) -> Node:
    if token.kind == "field":
        raise QueryError(f"{text} cannot stand within the parentheses of {scope.name}:", at)
    if token.kind == "phrase":
        return _field(scope.name, text[1:-1], scope.at, at + 1)
    return _field(scope.name, text, scope.at, at)


def _known(name: str, at: int) -> tuple[str, str]:
    """The field that a name stands for, and the level of places that it says: ``distrito`` -> ``place``, ``distrito``."""
    known = _names().get(fold(name))
    if known is None:
        near = process.extractOne(fold(name), list(_names()), scorer=fuzz.ratio, score_cutoff=LIKE)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FIELDS)}"
        raise QueryError(f"there is no field {name!r}: {hint}", at)
    return known


@cache
def _names() -> Mapping[str, tuple[str, str]]:
    """Names of fields, also the Spanish ones (``index_templates/fields.csv``)."""
    others = csv.DictReader(templates.read_lines("fields.csv"))
    return {name: (name, "") for name in FIELDS} | {row["name"]: (row["field"], row["level"]) for row in others}


def _field(name: str, value: str, at: int, begins: int) -> Node:
    field, level = _known(name, at)
    if not _LETTERS.search(value) and value != ANY:
        raise QueryError(f"{name}: needs a value", begins - (value == ""))
    if value.startswith(("-", "!")):
        raise QueryError(f"{value[0]} cannot begin a value: what is not wanted is written -{name}:{value[1:]}", begins)
    if level and value != ANY and not value.strip().isdigit():
        return Field(field, f"{level} de {value.strip()}", at, begins)
    return Field(field, value, at, begins)


def _phrase(text: str, at: int) -> Node:
    if not _LETTERS.search(text):
        raise QueryError("there is no word between these quotation marks", at)
    if "*" in text:
        raise QueryError("a * means nothing within quotation marks: words there are as written", at + text.index("*"))
    return Quoted(text[1:-1])


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
    if inner := _QUESTION.search(text):
        raise QueryError("a ? stands for no letter: only a * at the end of a word does", at + inner.start() + 1)
    if foreign := _FOREIGN.search(text):
        raise QueryError(
            f"{foreign[1]} means nothing here: words count by relevance, and are found in all their forms",
            at + foreign.start(1),
        )
    if text.startswith("!"):
        raise QueryError(f"what is not wanted is written -{text[1:]}", at)
    if text.endswith(":") and fold(text) in _names():
        raise QueryError(f"{text} needs a value right after it", at + len(text) - 1)
    return Bare(text)
