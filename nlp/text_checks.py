"""What is odd about a text before it is read: flags such as ``not_spanish``, in one pass over its beginning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from nlp.lexicon import read_table, split_cell

MAX_CHARACTERS = 200_000
"""Longer texts are read up to here and flagged ``truncated:200000``. The longest press articles have 60,000."""

_SAMPLE = 8_000
_WORD = re.compile(r"[^\W\d_]+")
_HTML = re.compile(
    r"</?(?:p|div|a|br|span|script|style|strong|em|b|i|h[1-6]|ul|li|img|figure|iframe)(?:\s[^<>]{0,300})?/?>|&(?:nbsp|amp|quot|[a-z]{1,6}acute|#\d{2,5});",
    re.IGNORECASE,
)
_MOJIBAKE = re.compile(r"Ã[\u0080-\u00bf¡-¿\u0192\u201a-\u2122]|â€|\ufffd")
_ACCENTED = re.compile(r"[áéíóúñüÁÉÍÓÚÑÜ]")


@cache
def _function_words() -> dict[str, frozenset[str]]:
    rows = read_table("function_words.csv", frozenset({"language", "words"}))
    return {row["language"]: frozenset(split_cell(row["words"])) for row in rows}


def is_spanish(text: str) -> bool:
    """Whether function words of Spanish outnumber those of its neighbours; short texts get the benefit of the doubt."""
    return _is_spanish(_WORD.findall(text[:_SAMPLE]))


def _is_spanish(told: Sequence[str]) -> bool:
    words, total = Counter(map(str.lower, told)), len(told)
    if total < 20:
        return True
    shares = {
        language: sum(words[word] for word in members & words.keys()) / total
        for language, members in _function_words().items()
    }
    spanish = shares.pop("es")
    return spanish >= 0.08 and spanish >= max(shares.values())


def _capitals(words: Iterable[str]) -> int:
    """How many letters of words are capitals."""
    return sum(sum(map(str.isupper, word)) for word in words if not word.islower())


def text_flags(text: str) -> Iterator[str]:
    """Flags of a text, in alphabetical order but for ``empty``, which stands alone."""
    if not text.strip():
        yield "empty"
        return
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample)
    letters = "".join(words)
    if len(letters) >= 100 and _capitals(words) > 0.7 * len(letters):
        yield "all_caps"
    if _HTML.search(sample):
        yield "html_left_in"
    if _MOJIBAKE.search(sample):
        yield "mojibake"
    if len(letters) >= 600 and not _ACCENTED.search(letters):
        yield "no_accents"
    if not _is_spanish(words):
        yield "not_spanish"
    if len(text) > MAX_CHARACTERS:
        yield f"truncated:{MAX_CHARACTERS}"
