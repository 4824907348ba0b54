"""Fit the weights that tell roles, and gangs' names and methods from other words, to annotated articles: ``python -m training.fit_roles money|person|business|method|gang FILE.jsonl … [--check]``.

A softmax regression over the features of ``nlp.recognizers.*.weighed``, written to ``nlp/data/*_role_weights.csv``. Weights are
drawn towards those of ``training/role_priors.csv`` (what is known beforehand: ``left1:falso`` tells a front). ``--check``
writes nothing and prints the share of right roles in files that the weights were not fitted to, one after the other, beside
that of the cues alone. Articles are lines of JSON with title, body, published_at, and mentions as text and nth occurrence;
of money there is ``training/marked_sums.txt`` besides.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp.recognizers import Context, text_of
from nlp.recognizers.businesses import read_businesses
from nlp.recognizers.businesses.lexicon import business_types
from nlp.recognizers.businesses.weighed import PARTS, Part
from nlp.recognizers.gangs import read_names
from nlp.recognizers.gangs.weighed import VERDICTS, Verdict
from nlp.recognizers.methods import read_methods
from nlp.recognizers.methods import weighed as methods
from nlp.recognizers.money import read_sums
from nlp.recognizers.money.tables import read_tables
from nlp.recognizers.persons import read_persons
from nlp.sentences import sentence_spans
from nlp.types import Business, Label, Method, MoneyRole, PersonRole
from nlp.weighing import C, Features, Weights
from training import softmax
from training.marked_sums import PUBLISHED, read_marked

DATA = Path("nlp/data")
PRIORS = Path(__file__).with_name("role_priors.csv")
MARKED = ".txt"
"""Ending of files that :mod:`training.marked_sums` reads: always fitted to, never checked on."""
Gold = tuple[int, int, str, str]
FEWEST = 3
"""Candidates that a feature must be seen in to get a weight."""
LEAST = 0.03
"""Features whose weights all stay under it are left out of the table."""
IN_EVERY_TEXT = ("sentence_splitter", "triage", "money_recognizer")
BEFORE = (
    *IN_EVERY_TEXT,
    *("date_recognizer", "count_recognizer", "prison_recognizer", "place_recognizer", "gang_recognizer"),
    "person_recognizer",
)
THEN = ("business_recognizer", "crime_recognizer", "method_recognizer")

Candidate = tuple[int, int, Features, str]
"""Offsets, what is seen, and what a repetition is known by: empty where each is annotated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[C]):
    """A kind of mention whose role is weighed."""

    label: Label
    roles: tuple[C, ...]
    candidates: Callable[[Doc], Iterable[Candidate]]
    table: Path
    hold: float = 2.0
    """How strongly weights are held to their priors, those without to 0."""
    otherwise: C | None = None
    """What a candidate is that no annotated mention overlaps; without it such candidates teach nothing. Repetitions teach nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Generic[C]):
    """A candidate that an annotated mention overlaps, and the role of that."""

    features: Features
    role: C


def _sums(doc: Doc) -> Iterator[Candidate]:
    for each in read_sums(text_of(doc), sentence_spans(doc), read_tables(), doc._.triage):
        yield each.amount.start, each.amount.end, each.features, ""


def _nobody(doc: Doc, start: int, end: int) -> bool:  # noqa: ARG001
    """No model is asked whom it sees."""
    return False


def _persons(doc: Doc) -> Iterator[Candidate]:
    for each in read_persons(doc, _nobody):
        yield each.name.start, each.name.end, each.features, ""


def _businesses(doc: Doc) -> Iterator[Candidate]:
    for mention, features in read_businesses(doc):
        assert isinstance(mention.value, Business)
        yield mention.start, mention.end, features, mention.value.category


def _names(doc: Doc) -> Iterator[Candidate]:
    if doc._.triage.relevant:
        for name, features in read_names(doc):
            yield name.start, name.end, features, ""


def _methods(doc: Doc) -> Iterator[Candidate]:
    for mention, features in read_methods(doc):
        assert isinstance(mention.value, Method)
        yield mention.start, mention.end, features, mention.value.type


_IS_ONE: Mapping[Label, str] = {Label.GANG: Verdict.GANG, Label.METHOD: methods.Verdict.METHOD}
TASKS: Mapping[str, Task[Any]] = {
    "money": Task(
        label=Label.MONEY,
        roles=tuple(MoneyRole),
        candidates=_sums,
        table=DATA / "money_role_weights.csv",
        hold=1.0,
    ),
    "person": Task(
        label=Label.PERSON, roles=tuple(PersonRole), candidates=_persons, table=DATA / "person_role_weights.csv"
    ),
    "business": Task(
        label=Label.BUSINESS,
        roles=PARTS,
        candidates=_businesses,
        table=DATA / "business_role_weights.csv",
        otherwise=Part.NOT,
    ),
    "method": Task(
        label=Label.METHOD,
        roles=methods.VERDICTS,
        candidates=_methods,
        table=DATA / "method_weights.csv",
        otherwise=methods.Verdict.NOT,
    ),
    "gang": Task(
        label=Label.GANG,
        roles=VERDICTS,
        candidates=_names,
        table=DATA / "gang_name_weights.csv",
        otherwise=Verdict.NOT,
    ),
}


def examples(task: Task[C], path: Path, nlp: Language) -> Iterator[Example[C]]:
    """The annotated mentions of a file that are found, as they are seen."""
    kind = type(task.roles[0])
    for text, published, gold in _marked(path) if path.suffix == MARKED else _articles(path, task.label):
        doc = nlp.make_doc(text)
        doc._.context = Context(published=published)
        for name, pipe in nlp.pipeline:
            if name in IN_EVERY_TEXT or doc._.triage.relevant:
                pipe(doc)
        known = {said for *_, said in gold if said}
        for start, end, features, said in task.candidates(doc):
            overlaps = [(min(end, e) - max(start, s), role) for s, e, role, _ in gold]
            length, role = max(overlaps, default=(0, ""))
            if length > 0:
                yield Example(features=features, role=kind(role))
            elif task.otherwise is not None and said not in known:
                yield Example(features=features, role=task.otherwise)


def _articles(path: Path, label: Label) -> Iterator[tuple[str, datetime, list[Gold]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text = f"{article['title']}\n\n{article['body']}"
        yield text, datetime.fromisoformat(article["published_at"]), list(annotated(text, article["mentions"], label))


def _marked(path: Path) -> Iterator[tuple[str, datetime, list[Gold]]]:
    for each in read_marked(path):
        yield each.text, PUBLISHED, [(start, end, role, "") for start, end, role in each.roles]


def annotated(text: str, mentions: Iterable[Mapping[str, Any]], label: Label) -> Iterator[Gold]:
    """Offsets and role of each annotated mention of a label, and what its repetitions are known by; gangs and methods have no role but that of being one."""
    for mention in mentions:
        if mention["label"] == label:
            start = -1
            for _ in range(mention.get("nth", 1)):
                start = text.index(mention["text"], start + 1)
            yield (
                start,
                start + len(mention["text"]),
                mention.get("role", _IS_ONE.get(label, "")),
                _said(mention, label),
            )


def _said(mention: Mapping[str, Any], label: Label) -> str:
    match label:
        case Label.BUSINESS:
            return business_types()[mention["business"]].category
        case Label.METHOD:
            return str(mention["method"])
        case _:
            return ""


def pipes(task: Task[Any]) -> Sequence[str]:
    """The components that have read a text when the task's own reads it; roles of sums and people are told after all names."""
    own = f"{task.label.lower()}_recognizer"
    every = (*BEFORE, *THEN)
    return every[: every.index(own)] if task.otherwise else BEFORE


def fit(task: Task[C], members: Sequence[Example[C]]) -> Weights[C]:
    """Weights of a task."""
    features, roles = [each.features for each in members], [each.role for each in members]
    return softmax.fit(features, roles, task.roles, hold=task.hold, fewest=FEWEST, priors=priors(task))


def priors(task: Task[C]) -> dict[str, dict[str, float]]:
    """What is known beforehand of a task's features: by feature and role."""
    known: dict[str, dict[str, float]] = {}
    with PRIORS.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["task"] == task.label.lower():
                known.setdefault(row["feature"], {})[row["role"]] = float(row["weight"])
    return known


def right(weights: Weights[C], members: Sequence[Example[C]]) -> int:
    """How many roles come out right."""
    told = weights.decide([each.features for each in members])
    return sum(role is each.role for (role, _), each in zip(told, members, strict=True))


def by_cues(members: Sequence[Example[StrEnum]]) -> int:
    """How many roles are right by the cues alone."""
    return sum(f"verdict:{each.role}" in each.features for each in members)


def check(task: Task[C], parts: Sequence[Sequence[Example[C]]], always: Sequence[Example[C]]) -> str:
    """A line of figures: each file read by weights that were fitted to the others, and to ``always``."""
    hits = 0
    for index, part in enumerate(parts):
        others = [each for other, members in enumerate(parts) if other != index for each in members]
        hits += right(fit(task, [*others, *always]), part)
    total = sum(map(len, parts))
    cues = sum(map(by_cues, parts))
    return f"{task.label} {total}: roles right by cues {cues / total:.3f}, weighed, where not fitted {hits / total:.3f}"


def main(arguments: Sequence[str]) -> int:
    """Fit and write, or check."""
    paths = [Path(argument) for argument in arguments[1:] if not argument.startswith("--")]
    if not paths or arguments[0] not in TASKS:
        print(__doc__)
        return 2
    task = TASKS[arguments[0]]
    nlp = spacy.blank("es")
    for name in pipes(task):
        nlp.add_pipe(name)
    parts = [list(examples(task, path, nlp)) for path in paths if path.suffix != MARKED]
    always = [each for path in paths if path.suffix == MARKED for each in examples(task, path, nlp)]
    if "--check" in arguments:
        print(check(task, parts, always))
        return 0
    members = [each for part in [*parts, always] for each in part]
    weights = fit(task, members)
    softmax.write(weights, task.table, LEAST)
    print(
        f"{len(members)} examples, {right(weights, members) / len(members):.3f} right where fitted; {task.table} written"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
