"""Fit ``nlp/data/place_role_weights.csv`` to annotated articles: ``python -m training.fit_place_roles FILE.jsonl … [--check]``.

A softmax regression over the features of :mod:`nlp.recognizers.places.role_features`. Weights are drawn towards those of
``training/place_role_priors.csv`` (what is known beforehand: "natural de" tells an origin) and of all others towards 0, so
that few annotated articles suffice. ``--check`` writes nothing and prints the accuracy on articles left out of the fit, in
ten parts. Articles are lines of JSON with title, body, published_at, outlet, and mentions as text and nth occurrence.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language

from nlp.recognizers import Context
from nlp.recognizers.places import read_places
from nlp.recognizers.places.role_features import PlaceSeen
from nlp.recognizers.places.roles import ROLES, shared
from nlp.types import PlaceRole
from nlp.weighing import Features, Weights
from scrapers.outlet import load_outlets
from training import softmax

OUTPUT = Path("nlp/data/place_role_weights.csv")
PRIORS = Path(__file__).with_name("place_role_priors.csv")
HOLD = 4.0
"""How strongly weights are held to their priors."""
BEFORE = ("sentence_splitter", "triage", "money_recognizer", "date_recognizer", "count_recognizer", "prison_recognizer")
"""Components that places are read after."""
IN_EVERY_TEXT = BEFORE[:3]
FEWEST = 3
"""Places that a feature must be seen of to get a weight."""
PARTS = 10
SMALL = 0.03
"""Features whose weights all stay under it are left out of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The places of one article; ``roles`` are ``None`` where no annotated place overlaps."""

    places: Sequence[PlaceSeen]
    features: Sequence[Features]
    roles: Sequence[PlaceRole | None]
    datelines: Sequence[bool]


def examples(paths: Iterable[Path]) -> Iterator[Example]:
    """The annotated articles, read by the pipeline up to its places."""
    nlp = spacy.blank("es")
    for name in BEFORE:
        nlp.add_pipe(name)
    regions = {name: outlet.region for name, outlet in load_outlets(None).items()}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                article = json.loads(line)
                yield _example(nlp, article, regions.get(article["outlet"]))


def _example(nlp: Language, article: dict[str, object], region: str | None) -> Example:
    text = f"{article['title']}\n\n{article['body']}"
    doc = nlp.make_doc(text)
    doc._.context = Context(published=datetime.fromisoformat(str(article["published_at"])), region=region)
    for name, pipe in nlp.pipeline:
        if name in IN_EVERY_TEXT or doc._.triage.relevant:
            pipe(doc)
    _, places, _, seen = read_places(doc)
    gold = list(_annotated(text, article["mentions"]))
    return Example(
        places=places,
        features=seen.all(),
        roles=[_role(gold, place.name.spot.start, place.name.spot.end) for place in places],
        datelines=[seen.is_dateline(place.name.spot) for place in places],
    )


def _annotated(text: str, mentions: object) -> Iterator[tuple[int, int, PlaceRole]]:
    assert isinstance(mentions, list)
    for mention in mentions:
        if mention["label"] == "PLACE":
            start = -1
            for _ in range(mention.get("nth", 1)):
                start = text.index(mention["text"], start + 1)
            yield start, start + len(mention["text"]), PlaceRole(mention["role"])


def _role(gold: Iterable[tuple[int, int, PlaceRole]], start: int, end: int) -> PlaceRole | None:
    best = max(((min(end, e) - max(start, s), role) for s, e, role in gold), key=lambda item: item[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def fit(articles: Sequence[Example]) -> Weights[PlaceRole]:
    """Weights of the features, each held to its prior."""
    known = [(f, r) for a in articles for f, r in zip(a.features, a.roles, strict=True) if r is not None]
    features, roles = zip(*known, strict=True)
    return softmax.fit(features, roles, ROLES, hold=HOLD, fewest=FEWEST, priors=_priors())


def _priors() -> dict[str, dict[str, float]]:
    known: dict[str, dict[str, float]] = {}
    with PRIORS.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            known.setdefault(row["feature"], {})[row["role"]] = float(row["weight"])
    return known


def right(weights: Weights[PlaceRole], articles: Iterable[Example]) -> tuple[int, int]:
    """Places whose role comes out right, and places."""
    hits = total = 0
    for article in articles:
        if not article.places:
            continue
        best = shared(weights.votes(article.features), article.places).argmax(axis=1)
        for index, role in enumerate(article.roles):
            told = PlaceRole.DATELINE if article.datelines[index] else ROLES[int(best[index])]
            hits += role is not None and told is role
            total += role is not None
    return hits, total


def check(articles: Sequence[Example]) -> float:
    """Share of right roles in articles that the weights were not fitted to."""
    order = np.random.RandomState(0).permutation(len(articles))
    hits = total = 0
    for part in range(PARTS):
        out = {int(index) for index in order[part::PARTS]}
        weights = fit([article for index, article in enumerate(articles) if index not in out])
        here = right(weights, [articles[index] for index in out])
        hits, total = hits + here[0], total + here[1]
    return hits / max(1, total)


def main(arguments: Sequence[str]) -> int:
    """Fit and write, or check."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if not paths:
        print(__doc__)
        return 2
    articles = list(examples(paths))
    if "--check" in arguments:
        print(f"{len(articles)} articles, roles right where not fitted: {check(articles):.3f}")
        return 0
    weights = fit(articles)
    softmax.write(weights, OUTPUT, SMALL)
    hits, total = right(weights, articles)
    print(f"{len(articles)} articles, {total} places, {hits / max(1, total):.3f} right where fitted; {OUTPUT} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
