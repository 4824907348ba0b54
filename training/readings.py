"""Annotated articles as the assembler of events gets them: sentences and mentions, as read or as annotated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp.extract import load
from nlp.lexicon import read_table
from nlp.qualify import Sentence, qualify
from nlp.recognizers import Context, text_of
from nlp.sentences import sentence_spans
from nlp.types import (
    ArticleKind,
    Business,
    BusinessRole,
    Count,
    CountOf,
    DatePrecision,
    DateSpan,
    Gang,
    Label,
    Mention,
    Method,
    Money,
    MoneyPeriod,
    MoneyRole,
    Place,
    PlaceRole,
    Prison,
    Triage,
    Value,
)
from scrapers.outlet import load_outlets

_AFTER = "qualifier"
"""The component that makes sentences of mentions; those before it are run here."""
_OF_EVENTS = frozenset(
    {Label.MONEY, Label.PLACE, Label.GANG, Label.BUSINESS, Label.DATE, Label.COUNT, Label.METHOD, Label.PRISON}
)
_IN_ISO = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An annotated article, read up to its mentions."""

    article: dict[str, Any]
    """As annotated."""
    text: str
    published: datetime
    """In Lima."""
    region: str | None
    """What the outlet writes for."""
    triage: Triage
    relevant: bool
    kind: ArticleKind
    spans: tuple[tuple[int, int], ...]
    """Its sentences."""
    mentions: tuple[Mention, ...]

    def sentences(self) -> tuple[Sentence, ...]:
        """As the qualifier makes them."""
        return qualify(self.text, self.spans, self.mentions)

    def as_annotated(self) -> Reading:
        """The same with annotated mentions, relevance and kind; crimes, which nobody annotates, as read."""
        read = [mention for mention in self.mentions if mention.label not in _OF_EVENTS]
        given = annotated(self.article)
        mentions = tuple(sorted([*read, *given], key=lambda m: (m.start, m.end, m.label)))
        kind = ArticleKind(self.article["kind"])
        return replace(self, mentions=mentions, relevant=self.article["relevant"], kind=kind)


def readings(paths: Iterable[Path]) -> Iterator[Reading]:
    """The annotated articles of files, one article a line."""
    for article, doc in docs(paths, _AFTER):
        triage = doc._.triage
        yield Reading(
            article=article,
            text=text_of(doc),
            published=doc._.context.day,
            region=doc._.context.region,
            triage=triage,
            relevant=triage.relevant,
            kind=triage.kind,
            spans=tuple(sentence_spans(doc)),
            mentions=tuple(doc._.mentions),
        )


def docs(paths: Iterable[Path], before: str) -> Iterator[tuple[dict[str, Any], Doc]]:
    """The annotated articles of files with what the components read that stand ``before`` one of that name."""
    nlp = load()
    regions = {name: outlet.region for name, outlet in load_outlets(None).items()}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                article = json.loads(line)
                yield article, _read(nlp, article, regions.get(article["outlet"]), before)


def _read(nlp: Language, article: dict[str, Any], region: str | None, before: str) -> Doc:
    doc = nlp.make_doc(f"{article['title']}\n\n{article['body']}")
    published = datetime.fromisoformat(article["published_at"])
    doc._.context, doc._.mentions = Context(published=published, region=region), []
    for name, pipe in nlp.pipeline:
        if name == before:
            break
        pipe(doc)
    return doc


def annotated(article: dict[str, Any]) -> tuple[Mention, ...]:
    """The mentions that an article is annotated with, of the labels that events are made of."""
    return tuple(_annotated(f"{article['title']}\n\n{article['body']}", article["mentions"]))


def _annotated(text: str, mentions: Iterable[dict[str, Any]]) -> Iterator[Mention]:
    for mention in mentions:
        label = Label(mention["label"])
        if label not in _OF_EVENTS:
            continue
        start = -1
        for _ in range(mention.get("nth", 1)):
            start = text.index(mention["text"], start + 1)
        value = _value(label, mention)
        end = start + len(mention["text"])
        if value is not None:
            yield Mention(
                label=label, start=start, end=end, text=mention["text"], value=value, source="annotated", score=1.0
            )


def _value(label: Label, row: dict[str, Any]) -> Value | None:  # noqa: PLR0911 - one line for each label
    match label:
        case Label.MONEY:
            return Money(
                min=row["min"],
                max=row["max"],
                currency=row["currency"],
                period=MoneyPeriod(row["period"]) if row.get("period") else None,
                role=MoneyRole(row["role"]),
            )
        case Label.PLACE:
            return Place(name=row["text"], ubigeo=row["ubigeo"], role=PlaceRole(row["role"]))
        case Label.GANG:
            return Gang(name=row["gang"])
        case Label.BUSINESS:
            return Business(
                type=row["business"], category=_categories()[row["business"]], role=BusinessRole(row["role"])
            )
        case Label.DATE:
            return _span(row["value"])
        case Label.COUNT:
            return Count(value=row["value"], of=CountOf(row["of"]))
        case Label.METHOD:
            return Method(type=row["method"], facet="")
        case _:
            return Prison(name=row["prison"] or row["text"])


@lru_cache(maxsize=1)
def _categories() -> dict[str, str]:
    return {
        row["lemma"]: row["category"]
        for row in read_table("business_types.csv", frozenset({"lemma", "category", "ciiu"}))
    }


def _span(iso: str | None) -> DateSpan | None:
    if not iso:
        return None
    first, _, last = iso.partition("/")
    start = date.fromisoformat(first + "-01-01"[len(first) - 4 :])
    if last:
        precision = DatePrecision.WEEK if len(first) == len("2025-01-01") else DatePrecision.MONTH
        return DateSpan(start=start, end=_end(last), precision=precision)
    return DateSpan(start=start, end=_end(first), precision=_IN_ISO[len(first)])


def _end(iso: str) -> date:
    if len(iso) == len("2025"):
        return date(int(iso), 12, 31)
    if len(iso) == len("2025-01"):
        start = date.fromisoformat(iso + "-01")
        return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return date.fromisoformat(iso)
