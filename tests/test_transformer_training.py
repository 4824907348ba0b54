"""The parts of the training that make its data; they need no torch."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from nlp.transformer.decode import spans_of
from nlp.transformer.schema import SCHEMA
from nlp.transformer.store import read_shipped
from nlp.transformer.windows import cut, windows
from nlp.types import Label
from training.transformer.articles import Annotated, Span, read_articles, read_conll, split
from training.transformer.examples import IGNORED, OVERLAP, examples
from training.transformer.vary import Names, vary

ARTICLES = read_articles(sorted(Path("tests/newsroom/articles").glob("*.jsonl")))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_str(read_shipped().tokenizer)


def between(article: Annotated) -> list[str]:
    """What stands between the spans."""
    edges = [0, *(edge for span in article.spans for edge in (span.start, span.end)), len(article.text)]
    return [article.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]


def test_variants_keep_all_but_the_names() -> None:
    names, dice = Names.of(ARTICLES), random.Random(7)
    changed = 0
    for article in ARTICLES:
        other = vary(article, names, dice)
        assert between(other) == between(article)
        assert [(s.label, s.answers) for s in other.spans] == [(s.label, s.answers) for s in article.spans]
        for mine, theirs in zip(other.spans, article.spans, strict=True):
            words, before = other.text[mine.start : mine.end], article.text[theirs.start : theirs.end]
            assert words == before or mine.label in {Label.GANG, Label.PERSON, Label.PLACE}
            changed += words != before
    assert changed > 100


def test_one_gang_gets_one_name() -> None:
    text = "Cayó Los Xx de Ate. Los Xx mataron. La Policía busca a Los Xx de Ate."
    spans = tuple(
        Span(at, at + len(words), "GANG", "Los Xx de Ate")
        for words, at in (("Los Xx de Ate", 5), ("Los Xx", 20), ("Los Xx de Ate", 55))
    )
    names = Names(gangs=("La Jauría",), persons=("Ana Roca",), districts=("Comas",))
    told = {vary(Annotated("a", text, spans, {}), names, random.Random(seed)).text for seed in range(30)}
    assert told == {
        text,
        "Cayó La Jauría. La Jauría mataron. La Policía busca a La Jauría.",
        "Cayó La Jauría de Comas. La Jauría mataron. La Policía busca a La Jauría de Comas.",
    }


def test_the_split_does_not_depend_on_what_else_there_is() -> None:
    fit, chosen = split(ARTICLES)
    assert {a.id for a in fit} | {a.id for a in chosen} == {a.id for a in ARTICLES}
    assert {a.id for a in split(ARTICLES[::2])[1]} <= {a.id for a in chosen}
    assert 0 < len(chosen) < len(fit) / 3


def test_tags_of_windows_are_the_spans_of_the_article(tokenizer: Tokenizer) -> None:
    """Each window taken by itself: its tagged pieces, as text, are the annotated names that lie in it."""
    labels = {"GANG", "PERSON", "MONEY"}
    checked = 0
    for article in ARTICLES[:20]:
        pieces = cut(tokenizer, article.text)
        plan = windows(len(pieces), overlap=OVERLAP)
        for window, made in zip(plan, examples(tokenizer, [article]), strict=True):
            assert made.tags[0] == made.tags[-1] == IGNORED
            assert np.all(made.general == IGNORED)
            tags = np.where(made.tags[1:-1] == IGNORED, 0, made.tags[1:-1])
            starts, ends = pieces.starts[window.start : window.end], pieces.ends[window.start : window.end]
            found = {
                (int(starts[first]), int(ends[last - 1]), label)
                for first, last, label in spans_of(tags, SCHEMA.tags)
                if label in labels and first > 0 and last < len(tags)
            }
            wanted = {
                (span.start, span.end, span.label)
                for span in article.spans
                if span.label in labels and starts[0] < span.start and span.end <= starts[-1]
            }
            assert found == wanted
            checked += len(wanted)
    assert checked > 100


def test_a_trade_that_is_named_again_is_neither_right_nor_wrong(tokenizer: Tokenizer) -> None:
    text = "Una bodega fue atacada; la bodega cerró."
    (window,) = examples(tokenizer, [Annotated("a", text, (Span(4, 10, "BUSINESS"),), {})])
    pieces = cut(tokenizer, text)
    first, again = pieces.between(4, 10), pieces.between(27, 33)
    assert window.tags[1 + first.start] == SCHEMA.tags.begin("BUSINESS")
    assert np.all(window.tags[1 + again.start : 1 + again.stop] == IGNORED)


def test_corpora_of_two_columns(tmp_path: Path) -> None:
    file = tmp_path / "corpus.tsv"
    file.write_text("Ana B-PER\nRoca I-PER\nvive O\nen O\nLima B-LOC\n. O\n\nEl O\nlunes B-DATE\n", encoding="utf-8")
    (text,) = read_conll(file)
    assert text.text == "Ana Roca vive en Lima. El lunes"
    assert [(text.text[s.start : s.end], s.label) for s in text.spans] == [("Ana Roca", "PER"), ("Lima", "LOC")]
    assert text.general
