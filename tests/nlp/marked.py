"""Annotated examples, written inline: ``Piden [S/ 5 mil](MONEY min=5000 max=5000 currency=PEN) en [Comas](PLACE ubigeo=150110)``.

``parse_marked`` gives the bare text and what is to be found in it; ``check`` compares it with mentions as complete sets:
a mention too many fails like a mention too few. Of each mention, the fields that its mark names are compared.
A mark that is not closed, an unknown label, an unknown or repeated field: refused. A text in which nothing is to be found
says so by ``[](NONE)``, so that forgotten marks do not pass for a negative example. ``\\[`` is a bracket of the text itself.

Fields are those of the value's record (``nlp.types``); ``null`` is ``None``, values of a tuple are joined by ``|``,
a value with spaces stands in double quotes; ``value`` of a DATE is its ISO form; ``source`` is the mention's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp import types
from nlp.recognizers import LIMA, Context
from nlp.types import DateSpan, Label, Mention

PUBLISHED = datetime(2025, 10, 15, 18, 0, tzinfo=LIMA)
"""A Wednesday: when the examples were published, unless they say otherwise."""

VALUES = {
    Label.MONEY: types.Money,
    Label.PLACE: types.Place,
    Label.GANG: types.Gang,
    Label.BUSINESS: types.Business,
    Label.CRIME: types.Crime,
    Label.PRISON: types.Prison,
    Label.PERSON: types.Person,
    Label.METHOD: types.Method,
    Label.DATE: types.DateSpan,
    Label.COUNT: types.Count,
}

_MARK = re.compile(r"\[(?P<surface>[^\[\]]*)\]\((?P<inside>[^()]*)\)")
_FIELD = re.compile(r'\s+(?P<name>[a-z_]+)=(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))')


class MarkError(ValueError):
    """An example that is not well marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A mention that is to be found."""

    label: Label
    start: int
    end: int
    text: str
    fields: tuple[tuple[str, str], ...]


def parse_marked(marked: str) -> tuple[str, tuple[Expected, ...]]:
    """The bare text and the mentions to be found in it.

    Raises:
        MarkError: a mark is broken, names an unknown label or field, or there is none.
    """
    text, expected, position, none = "", [], 0, False
    for mark in _MARK.finditer(marked.replace("\\[", "\x01").replace("\\]", "\x02")):
        text += _plain(mark.string[position : mark.start()], marked)
        position = mark.end()
        if mark["inside"] == "NONE" and not mark["surface"]:
            none = True
            continue
        label, named = _inside(mark["inside"], marked)
        surface = _plain(mark["surface"], marked)
        if not surface:
            raise MarkError(f"a mark without text in {marked!r}")
        expected.append(
            Expected(label=label, start=len(text), end=len(text) + len(surface), text=surface, fields=named)
        )
        text += surface
    text += _plain(marked.replace("\\[", "\x01").replace("\\]", "\x02")[position:], marked)
    if none == bool(expected):
        raise MarkError(f"mark what is to be found, or write [](NONE): {marked!r}")
    return text, tuple(expected)


def _plain(piece: str, marked: str) -> str:
    if "[" in piece or "]" in piece:
        raise MarkError(f"a bracket that is no mark (write \\[ if it belongs to the text) in {marked!r}")
    return piece.replace("\x01", "[").replace("\x02", "]")


def _inside(inside: str, marked: str) -> tuple[Label, tuple[tuple[str, str], ...]]:
    name, _, _ = inside.partition(" ")
    if name not in Label.__members__:
        raise MarkError(f"unknown label {name!r} in {marked!r}")
    label, position, named = Label[name], len(name), {}
    known = {field.name for field in fields(VALUES[label])} | {"source"} | ({"value"} if label is Label.DATE else set())
    while position < len(inside):
        match = _FIELD.match(inside, position)
        if match is None:
            raise MarkError(f"not name=value: {inside[position:]!r} in {marked!r}")
        if match["name"] not in known or match["name"] in named:
            raise MarkError(f"unknown or repeated field {match['name']!r} of {label} in {marked!r}")
        named[match["name"]] = match["quoted"] if match["quoted"] is not None else match["plain"]
        position = match.end()
    return label, tuple(sorted(named.items()))


def described(mention: Mention, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The named fields of a mention, as an example writes them."""
    return tuple((name, _written(_field(mention, name))) for name in names)


def _field(mention: Mention, name: str) -> object:
    if name == "source":
        return mention.source
    if name == "value" and isinstance(mention.value, DateSpan):
        return mention.value.iso
    return getattr(mention.value, name)


def _written(value: object) -> str:
    match value:
        case None:
            return "null"
        case float():
            return f"{value:.4f}".rstrip("0").rstrip(".")
        case tuple():
            return "|".join(_written(part) for part in value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def check(marked: str, text: str, mentions: Iterable[Mention]) -> None:
    """Assert that ``mentions``, found in ``text``, are exactly those that ``marked`` marks, in any order."""
    _, expected = parse_marked(marked)
    wanted = {(e.start, e.end): e for e in expected}
    found = []
    for mention in sorted(mentions, key=lambda m: (m.start, m.end, m.label)):
        assert text[mention.start : mention.end] == mention.text, f"offsets of {mention} do not give its text"
        assert 0 <= mention.score <= 1, mention
        twin = wanted.get((mention.start, mention.end))
        names = [name for name, _ in twin.fields] if twin and twin.label is mention.label else []
        found.append((mention.label.value, mention.start, mention.text, described(mention, names)))
    assert found == [(e.label.value, e.start, e.text, e.fields) for e in expected], marked


@cache
def blank(*factories: str) -> Language:
    """A pipeline of a sentence splitter and the factories, without a trained model."""
    nlp = spacy.blank("es")
    nlp.add_pipe("sentence_splitter")
    for name in factories:
        nlp.add_pipe(name)
    return nlp


def make_doc(text: str, *factories: str, published: datetime = PUBLISHED, region: str | None = None) -> Doc:
    """A doc with its context, sentences split, read by the factories."""
    nlp = blank(*factories)
    doc = nlp.make_doc(text)
    doc._.context = Context(published=published, region=region)
    for _, pipe in nlp.pipeline:
        doc = pipe(doc)
    return doc


def find(marked: str, factory: str, *, published: datetime = PUBLISHED, region: str | None = None) -> None:
    """Read the text of an example with one recognizer and ``check`` what it found."""
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, factory, published=published, region=region)._.mentions or [])
