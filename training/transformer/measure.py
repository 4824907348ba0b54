"""What a model is worth: F1 of its tags, how right its answers are, how sure it may be, how fast it reads."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nlp.transformer.reading import Reader
from nlp.transformer.schema import ARTICLE_QUESTIONS, SCHEMA
from nlp.transformer.seen import Seen
from training.transformer.articles import Annotated

_SURE = 0.9


@dataclass(slots=True)
class _Score:
    right: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def f1(self) -> float:
        return round(100 * 2 * self.right / (self.found + self.wanted), 1) if self.right else 0.0


def names(reader: Reader, texts: Sequence[Annotated]) -> dict[str, Any]:
    """F1 of the general classes on a corpus, spans exact."""
    scores = {label: _Score() for label in SCHEMA.general}
    for text in texts:
        found = {(seen.start, seen.end, seen.label) for seen in reader.read(text.text).general_spans()}
        wanted = {(span.start, span.end, span.label) for span in text.spans}
        for label, score in scores.items():
            score.right += sum(each[2] == label for each in found & wanted)
            score.found += sum(each[2] == label for each in found)
            score.wanted += sum(each[2] == label for each in wanted)
    return _table(scores) | {"without MISC": _all({k: v for k, v in scores.items() if k != "MISC"})}


def articles(reader: Reader, wanted: Sequence[Annotated]) -> dict[str, Any]:
    """On annotated articles: F1 of mentions (overlap and label, as the guide scores), share of right answers, of right sure mentions."""
    scores = {label: _Score() for label in SCHEMA.mentions}
    right, asked, sure, sure_right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for article in wanted:
        read = reader.read(article.text)
        _count_mentions(article, read.spans(), scores, sure, sure_right)
        for span in article.spans:
            for question, answer in span.answers.items():
                answers = read.answers(question, span.start, span.end)
                asked[question] += 1
                right[question] += _best(answers) == SCHEMA.questions[question][answer]
        for question in ARTICLE_QUESTIONS:
            asked[question] += 1
            right[question] += _best(read.article(question)) == SCHEMA.questions[question][article.answers[question]]
    return {
        "mentions": _table(scores),
        "answers": {question: round(100 * right[question] / asked[question], 1) for question in sorted(asked)},
        "sure": {label: f"{sure_right[label]} of {sure[label]}" for label in sorted(sure)},
    }


def _count_mentions(
    article: Annotated, seen: Sequence[Seen], scores: dict[str, _Score], sure: Counter[str], sure_right: Counter[str]
) -> None:
    taken: set[int] = set()
    for each in seen:
        match = next(
            (s for s in article.spans if s.label == each.label and s.start < each.end and each.start < s.end), None
        )
        words = article.text[each.start : each.end]
        repeated = match is None and any(
            s.label == each.label and article.text[s.start : s.end] == words for s in article.spans
        )
        if repeated:
            continue
        is_right = match is not None and id(match) not in taken
        scores[each.label].found += 1
        scores[each.label].right += is_right
        sure[each.label] += each.score >= _SURE
        sure_right[each.label] += each.score >= _SURE and is_right
        if match is not None and is_right:
            taken.add(id(match))
    for span in article.spans:
        scores[span.label].wanted += 1


def speed(reader: Reader, texts: Sequence[str]) -> dict[str, Any]:
    """Words per second of processor time on one core, and the seconds that reading alone took."""
    begun = time.process_time()
    for text in texts:
        reader.read(text).spans()
    seconds = time.process_time() - begun
    return {
        "words": sum(len(text.split()) for text in texts),
        "seconds": round(seconds, 1),
        "words_per_second": round(sum(len(t.split()) for t in texts) / seconds),
    }


def _best(answers: dict[str, float]) -> str:
    return max(answers, key=answers.__getitem__) if answers else ""


def _table(scores: dict[str, _Score]) -> dict[str, Any]:
    return {label: score.f1 for label, score in scores.items()} | {"all": _all(scores)}


def _all(scores: dict[str, _Score]) -> float:
    return _Score(
        sum(s.right for s in scores.values()),
        sum(s.found for s in scores.values()),
        sum(s.wanted for s in scores.values()),
    ).f1
