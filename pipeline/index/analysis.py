"""How text becomes search words: the same in the index templates' analyzers (``index_templates/analysis.json``) and here.

A word is a run of letters and digits. Its *exact* form is lower case without accents; its *stem* is that with the endings of
gender and number cut off, lightly. Elasticsearch does it when it indexes; this module does it for queries, for highlights and
for the embedded index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import tantivy

from pipeline.index import templates

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text and where it stands."""

    start: int
    end: int
    exact: str
    stem: str


@cache
def _settings() -> dict[str, Any]:
    analysis: dict[str, Any] = templates.read("analysis")["template"]["settings"]["index"]["analysis"]
    return analysis


@cache
def _folder() -> tantivy.TextAnalyzer:
    # tantivy's folding is a port of Lucene's table, which Elasticsearch uses.
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.ascii_fold()).build()


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    filters = _settings()["filter"]
    names = [name for name in _settings()["analyzer"]["vigia_text"]["filter"] if name in filters]
    rules = [filters[name] for name in names if filters[name]["type"] == "pattern_replace"]
    return tuple((re.compile(rule["pattern"]), rule["replacement"].replace("$", "\\")) for rule in rules)


@cache
def _longest() -> int:
    length: int = _settings()["filter"]["vigia_length"]["length"]
    return length


@lru_cache(maxsize=1 << 17)
def exact(word: str) -> str:
    """The exact form of a word: ``Extorsión`` -> ``extorsion``."""
    if word.isascii():
        return word.lower()[: _longest()]
    # Lower case character by character, as Lucene does it: no final sigma, no dot that becomes a character of its own.
    lowered = "".join(lower if len(lower := c.lower()) == 1 else lower[0] for c in word)
    return "".join(_folder().analyze(lowered))[: _longest()]


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The stem of a word: ``Mototaxistas`` -> ``mototaxist``."""
    form = exact(word)
    for pattern, replacement in _rules():
        form = pattern.sub(replacement, form)
    return _light(form)


def _light(word: str) -> str:
    """Savoy's light stemming of Spanish (CLEF 2001), the filter ``light_spanish``: endings -o -a -e, -os -as -es, -ces, -eses."""
    if len(word) < 5:
        return word
    if word[-1] in "oae":
        return word[:-1]
    if word.endswith("eses"):
        return word[:-2]
    if word.endswith("ces"):
        return word[:-3] + "z"
    return word[:-2] if word[-1] == "s" and word[-2] in "oae" else word


def words(text: str) -> Iterator[Word]:
    """The words of a text, with offsets."""
    for match in WORD.finditer(text):
        surface = match.group()
        yield Word(match.start(), match.end(), exact(surface), stem(surface))


def searched(text: str) -> tuple[str, str]:
    """The stems and the exact forms of a text's words, each with spaces between them, as an index takes them."""
    found = WORD.findall(text)
    return " ".join(map(stem, found)), " ".join(map(exact, found))


def exact_words(text: str) -> list[str]:
    """The exact forms of a text's words, in order."""
    return [*map(exact, WORD.findall(text))]


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [*map(stem, WORD.findall(text))]


@cache
def stop_words() -> frozenset[str]:
    """Exact forms of words that a query leaves out (``index_templates/stopwords.txt``)."""
    lines = templates.read_lines("stopwords.txt")
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
