"""Fit the weights of triage to annotated articles: ``python -m training.fit_triage FILE.jsonl … --others CORPUS.tsv [--check]``.

Regressions (``training.softmax``) over the features of :mod:`nlp.triage`, written to ``nlp/data/triage_weights.csv`` (crime in Peru or
not) and ``nlp/data/triage_kind_weights.csv`` (the kind of an article of crime). Most annotated articles report crime, most of what a
crawl brings does not: ``--others`` is a corpus of other news in columns, a word a line and an empty line after a sentence, such as
AnCora's (CC BY 4.0), whose sentences are taken together as articles. ``--check`` writes nothing and prints figures of articles left
out of the fit in parts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nlp.furniture import without_furniture
from nlp.triage import evidence
from nlp.triage.weighed import KINDS, RELEVANCE, Relevance
from nlp.types import ArticleKind
from nlp.weighing import C, Features, Weights
from training import softmax

RELEVANCE_TABLE, KIND_TABLE = Path("nlp/data/triage_weights.csv"), Path("nlp/data/triage_kind_weights.csv")
HOLD = 0.5
"""How strongly weights are drawn towards 0."""
FEWEST = 4
"""Articles that a feature must be seen in to get a weight."""
PARTS = 5
_LEAST = 0.02
_SENTENCES = 14
"""Sentences of other news that make an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article; ``kind`` is ``None`` if it reports no crime in Peru."""

    features: Features
    kind: ArticleKind | None

    @property
    def relevance(self) -> Relevance:
        """Whether it does."""
        return Relevance.OTHER if self.kind is None else Relevance.CRIME


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", help="annotated articles")
    parser.add_argument("--others", type=Path, required=True, help="other news, in columns")
    parser.add_argument("--check", action="store_true", help="write nothing, print figures")
    options = parser.parse_args(arguments)
    members = [example for path in options.files for example in examples(path)]
    others = [Example(features=_seen(text), kind=None) for text in other_news(options.others)]
    if options.check:
        print(check(members, others))
        return 0
    softmax.write(relevance([*members, *others]), RELEVANCE_TABLE, _LEAST)
    softmax.write(kinds(members), KIND_TABLE, _LEAST)
    print(f"{len(members)} articles, {len(others)} of other news; {RELEVANCE_TABLE} and {KIND_TABLE} written")
    return 0


def examples(path: Path) -> Iterator[Example]:
    """The articles of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        kind = ArticleKind(article["kind"]) if article["relevant"] else None
        yield Example(features=_seen(f"{article['title']}\n\n{article['body']}"), kind=kind)


def other_news(corpus: Path) -> Iterator[str]:
    """Texts of a corpus in columns; the first sentence of each stands for its title."""
    sentences = map(_words, corpus.read_text(encoding="utf-8").split("\n\n"))
    while together := list(islice(sentences, _SENTENCES)):
        title, *rest = together
        yield f"{title}\n\n{' '.join(rest)}"


def relevance(members: Sequence[Example]) -> Weights[Relevance]:
    """What tells crime in Peru from other news."""
    return _fit(members, [each.relevance for each in members], RELEVANCE)


def kinds(members: Sequence[Example]) -> Weights[ArticleKind]:
    """What tells the kinds of articles of crime from each other."""
    of_crime = [each for each in members if each.kind is not None]
    return _fit(of_crime, [each.kind for each in of_crime if each.kind is not None], KINDS)


def check(members: Sequence[Example], others: Sequence[Example]) -> str:
    """Figures, where not fitted."""
    right = wrong = missed = kinds_right = of_crime = 0
    for part in range(PARTS):
        left = [each for index, each in enumerate(members) if index % PARTS != part]
        tested = members[part::PARTS]
        told = relevance([*left, *others]).decide([each.features for each in tested])
        said = kinds(left).decide([each.features for each in tested])
        for each, (relevant, _), (kind, _) in zip(tested, told, said, strict=True):
            right += relevant is each.relevance is Relevance.CRIME
            wrong += relevant is Relevance.CRIME and each.kind is None
            missed += relevant is Relevance.OTHER and each.kind is not None
            kinds_right += kind is each.kind
            of_crime += each.kind is not None
    f1 = 2 * right / (2 * right + wrong + missed)
    return f"relevance: {wrong} too many, {missed} missed, F1 {f1:.3f}; kind right {kinds_right / of_crime:.3f}"


def _fit(members: Sequence[Example], wanted: Sequence[C], classes: tuple[C, ...]) -> Weights[C]:
    return softmax.fit([each.features for each in members], wanted, classes, hold=HOLD, fewest=FEWEST)


def _seen(text: str) -> Features:
    return evidence(without_furniture(text))[0]


def _words(sentence: str) -> str:
    return " ".join(line.split("\t", 1)[0] for line in sentence.splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
