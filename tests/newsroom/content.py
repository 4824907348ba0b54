"""What the newsroom publishes: the annotated articles, shared out among its sites, some of them with a history."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).parent / "articles"

SITES = ("elcomercio", "larepublica", "diariodechimbote", "rpp", "correo", "exitosa", "gobpe", "andina")
"""Outlets that the newsroom plays, by the id of their file in ``scrapers/outlets/``."""

_PRINTED_BY = {"pnp": "gobpe", "mpfn": "gobpe", "pj": "gobpe", "diariocorreo": "correo"}
_EDITED_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as a site publishes it at one moment."""

    key: str
    """Id of the annotated article that it was made from."""
    number: int
    """Number that sites put into its address."""
    site: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    modified: datetime | None = None
    author: str = "Redacción de prueba"
    section: str = "Policiales"
    tags: tuple[str, ...] = ("Inseguridad", "Extorsión")
    locked: bool = False
    """Only the first paragraph is shown."""
    unfinished: bool = False

    @property
    def slug(self) -> str:
        """The title as an address."""
        plain = unicodedata.normalize("NFKD", self.title).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")

    @property
    def visible(self) -> tuple[str, ...]:
        """The paragraphs that a reader without a subscription sees."""
        return self.paragraphs[:1] if self.locked else self.paragraphs


@cache
def annotated() -> tuple[dict[str, Any], ...]:
    """The annotated articles, in the form of the annotation guide."""
    lines = (
        line for path in sorted(ARTICLES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()
    )
    return tuple(json.loads(line) for line in lines if line.strip())


def stories(edition: int = 1) -> Iterator[Story]:
    """All stories as they stand in an edition.

    Edition 1 holds an unfinished article and a locked one; in edition 2 the unfinished one is complete and another one was edited.
    """
    for number, article in enumerate(annotated()):
        site = _PRINTED_BY.get(article["outlet"], article["outlet"])
        story = Story(
            key=article["id"],
            number=1_700_001 + number,
            site=site if site in SITES else SITES[number % len(SITES)],
            title=article["title"],
            paragraphs=tuple(part.strip() for part in article["body"].splitlines() if part.strip()),
            published=datetime.fromisoformat(article["published_at"]),
        )
        yield _with_history(story, edition)


def _first_of(site: str, position: int) -> str:
    """Key of the n-th story of a site, for the stories that have a history."""
    keys = []
    for number, article in enumerate(annotated()):
        outlet = _PRINTED_BY.get(article["outlet"], article["outlet"])
        if (outlet if outlet in SITES else SITES[number % len(SITES)]) == site:
            keys.append(article["id"])
    return str(keys[position])


@cache
def unfinished_key() -> str:
    """The story that is still being written in edition 1."""
    return _first_of("elcomercio", 0)


@cache
def locked_key() -> str:
    """The story behind a paywall."""
    return _first_of("elcomercio", 1)


@cache
def edited_key() -> str:
    """The story that edition 2 corrects."""
    return _first_of("larepublica", 0)


def _with_history(story: Story, edition: int) -> Story:
    if story.key == unfinished_key():
        if edition == 1:
            return replace(story, unfinished=True, paragraphs=story.paragraphs[:2])
        return replace(story, modified=story.published + _EDITED_AFTER)
    if story.key == locked_key():
        return replace(story, locked=True)
    if story.key == edited_key() and edition > 1:
        added = "Actualización: la Policía confirmó horas después que continúa la búsqueda de los responsables."
        return replace(story, paragraphs=(*story.paragraphs, added), modified=story.published + _EDITED_AFTER)
    return story
