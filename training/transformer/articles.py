"""Annotated articles as the training wants them: a text and its marked spans with answers; and AnCora's sentences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp.transformer.schema import ROLE_QUESTIONS, SCHEMA
from nlp.types import Label

_DEV_SHARE = 8
"""One article of eight is for choosing, never for fitting: which, its id tells, so that new ones change nothing."""
_EVENT_LABELS = {
    Label.GANG: ("gangs", "gang"),
    Label.BUSINESS: ("businesses", "business"),
    Label.METHOD: ("methods", "method"),
}
_GENERAL = {Label.PERSON: "PER", Label.PLACE: "LOC"}


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of a text. ``answers`` holds the right answer's number by question."""

    start: int
    end: int
    label: str
    name: str = ""
    """The gang's fullest name, or the words."""
    answers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with all that the model is taught about it."""

    id: str
    text: str
    spans: tuple[Span, ...]
    answers: dict[str, int]
    """Of the questions about the article."""
    general: bool = False
    """Whether the labels are the general ones."""
    places: dict[str, str] = field(default_factory=dict)
    """UBIGEO by the text of a place."""


def read_articles(paths: Iterable[Path]) -> list[Annotated]:
    """The articles of JSON Lines files in the annotation guide's form; repeated ids once."""
    found: dict[str, Annotated] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                article = _article(json.loads(line))
                found.setdefault(article.id, article)
    return list(found.values())


def split(articles: Iterable[Annotated]) -> tuple[list[Annotated], list[Annotated]]:
    """Articles to fit, and those to choose by (temperatures, trust)."""
    fit, chosen = [], []
    for article in articles:
        number = int(hashlib.sha256(article.id.encode()).hexdigest()[:8], 16)
        (chosen if number % _DEV_SHARE == 0 else fit).append(article)
    return fit, chosen


def _article(row: dict[str, Any]) -> Annotated:
    text = f"{row['title']}\n\n{row['body']}"
    spans = tuple(_span(text, mention, row.get("events") or ()) for mention in row["mentions"])
    places = {mention["text"]: mention["ubigeo"] or "" for mention in row["mentions"] if mention["label"] == "PLACE"}
    return Annotated(
        id=row["id"],
        text=text,
        spans=_once(spans),
        answers={
            "relevant": int(row["relevant"]),
            "kind": SCHEMA.questions["kind"].index(row["kind"]),
        },
        places=places,
    )


def _once(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In text order; where two overlap, a method, which shares its words with others, gives way."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.label == Label.METHOD, span.start, -span.end)):
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))


def _span(text: str, mention: dict[str, Any], events: Iterable[dict[str, Any]]) -> Span:
    start = -1
    for _ in range(mention.get("nth", 1)):
        start = text.index(mention["text"], start + 1)
    label = Label(mention["label"])
    answers = {}
    if question := ROLE_QUESTIONS.get(label):
        answers[question] = SCHEMA.questions[question].index(mention["of" if label is Label.COUNT else "role"])
    if label is Label.MONEY:
        answers["money_period"] = SCHEMA.questions["money_period"].index(mention.get("period") or "none")
    if (inside := _in_event(label, mention, events)) is not None:
        answers["in_event"] = int(inside)
    return Span(start, start + len(mention["text"]), label, mention.get("gang") or mention["text"], answers)


def _in_event(label: Label, mention: dict[str, Any], events: Iterable[dict[str, Any]]) -> bool | None:
    """Whether a mention is an argument of an event; ``None`` where the annotation does not tell."""
    match label:
        case Label.PLACE if mention["ubigeo"]:
            return any(event.get("ubigeo") == mention["ubigeo"] for event in events)
        case Label.DATE:
            return any(event.get("date") == mention["value"] for event in events)
        case Label.MONEY:
            sums = [(sum_["min"], sum_["max"]) for event in events for sum_ in event.get("money") or ()]
            return (mention["min"], mention["max"]) in sums
        case Label.GANG | Label.BUSINESS | Label.METHOD:
            fields, key = _EVENT_LABELS[label]
            return any(mention[key] in (event.get(fields) or ()) for event in events)
        case Label.COUNT if mention["of"] in {"dead", "injured", "arrested"}:
            return any(event.get(mention["of"]) == mention["value"] for event in events)
        case _:
            return None


def read_conll(path: Path) -> list[Annotated]:
    """Sentences of a corpus of two columns (word, tag), five in a row as one text; labels that are not general are left out."""
    found = []
    batch: list[list[tuple[str, str]]] = []
    for sentence in _sentences(path):
        batch.append(sentence)
        if len(batch) == 5:
            found.append(_joined(f"{path.stem}-{len(found)}", batch))
            batch = []
    return [*found, _joined(f"{path.stem}-{len(found)}", batch)] if batch else found


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    sentence: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8", errors="replace").splitlines(), ""]:
        parts = line.split()
        if len(parts) >= 2:
            known = parts[-1][2:] in SCHEMA.general
            sentence.append((parts[0], parts[-1] if known else "O"))
        elif sentence:
            yield sentence
            sentence = []


def _joined(name: str, sentences: list[list[tuple[str, str]]]) -> Annotated:
    text, spans, begun = "", [], -1
    label = ""
    for sentence in sentences:
        for word, tag in [*sentence, ("", "O")]:
            if begun >= 0 and not tag.startswith("I-"):
                spans.append(Span(begun, len(text), label))
                begun = -1
            if not word:
                continue
            text += "" if not text or word in {",", ".", ";", ":", ")"} or text.endswith("(") else " "
            if tag.startswith("B-") or (tag.startswith("I-") and begun < 0):
                begun, label = len(text), tag[2:]
            text += word
    return Annotated(name, text, tuple(spans), {}, general=True)
