"""Articles told of other gangs, people and districts, so that the model learns how they are spoken of and not who they are."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.types import Label
from training.transformer.articles import Annotated, Span

_GANGS = Path(__file__).with_name("invented_gangs.csv")
_DISTRICT_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Names:
    """What names are taken from."""

    gangs: tuple[str, ...]
    """Names without a place, with their article."""
    persons: tuple[str, ...]
    districts: tuple[str, ...]

    @classmethod
    def of(cls, articles: Iterable[Annotated]) -> Names:
        """People and districts of the articles; invented gangs."""
        articles = list(articles)
        with _GANGS.open(encoding="utf-8", newline="") as file:
            gangs = tuple(row["name"] for row in csv.DictReader(file))
        persons = {s.name for a in articles if not a.general for s in a.spans if s.label == Label.PERSON}
        districts = {name for a in articles for name, code in a.places.items() if len(code) == _DISTRICT_DIGITS}
        return cls(
            gangs, tuple(sorted(persons)), tuple(sorted(name for name in districts if name.istitle() or " " in name))
        )


def vary(article: Annotated, names: Names, dice: random.Random) -> Annotated:
    """The article with each name of a gang, person and district exchanged, or kept, throughout."""
    if article.general:
        return article
    exchanged: dict[tuple[str, str], str] = {}
    return _rewritten(article, [_other(span, article, names, exchanged, dice) for span in article.spans])


def _other(
    span: Span, article: Annotated, names: Names, exchanged: dict[tuple[str, str], str], dice: random.Random
) -> str | None:
    words = article.text[span.start : span.end]
    key = (span.label, span.name)
    match span.label:
        case Label.GANG:
            if key not in exchanged:
                exchanged[key] = _gang(names, dice) if dice.random() < 0.6 else ""
            full = exchanged[key]
            return (full if words == span.name else full.partition(" de ")[0]) or None
        case Label.PERSON:
            if key not in exchanged:
                exchanged[key] = dice.choice(names.persons) if dice.random() < 0.5 else ""
            return exchanged[key] or None
        case Label.PLACE if len(article.places.get(words, "")) == _DISTRICT_DIGITS and words in names.districts:
            if key not in exchanged:
                exchanged[key] = dice.choice(names.districts) if dice.random() < 0.3 else ""
            return exchanged[key] or None
        case _:
            return None


def _gang(names: Names, dice: random.Random) -> str:
    name = dice.choice(names.gangs)
    if dice.random() < 0.35:
        return f"{name} de {dice.choice(names.districts)}"
    return name


def _rewritten(article: Annotated, words: list[str | None]) -> Annotated:
    parts: list[str] = []
    spans = []
    at = length = 0
    for span, other in zip(article.spans, words, strict=True):
        between, told = article.text[at : span.start], other or article.text[span.start : span.end]
        start = length + len(between)
        spans.append(replace(span, start=start, end=start + len(told)))
        parts += (between, told)
        at, length = span.end, start + len(told)
    return replace(article, text="".join([*parts, article.text[at:]]), spans=tuple(spans))
