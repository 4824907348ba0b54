"""A text laid out for finding names: its folded words with what their letters, gaps and sentences say."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import compress

from spacy.tokens import Doc

from nlp.phrases import Words, words_of
from nlp.recognizers import text_of

_INSIDE = re.compile(r"[ \u00a0]{1,2}|[-–/]|[ \u00a0][\"“‘'«]|[\"”’'»][ \u00a0]|['’]")
_DOT = re.compile(r"\.[ \u00a0]?")
_BREAK = re.compile(r"[.!?:;…\n|•]|[-–—][ \u00a0]|[\"“«‘(¿¡\[]")
_OPENING = 12
"""Characters that may stand before the first word of a line."""
FUNCTION_WORDS = frozenset(
    [
        "a",
        "al",
        "ante",
        "bajo",
        "con",
        "contra",
        "de",
        "del",
        "desde",
        "durante",
        "en",
        "entre",
        "hacia",
        "hasta",
        "para",
        "por",
        "segun",
        "sin",
        "sobre",
        "tras",
        "via",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "unos",
        "unas",
        "y",
        "e",
        "o",
        "u",
        "ni",
        "que",
        "como",
        "cuando",
        "donde",
        "mientras",
        "si",
        "no",
        "su",
        "sus",
        "este",
        "esta",
        "estos",
        "estas",
        "ese",
        "esa",
        "hoy",
        "ayer",
        "ahora",
        "asi",
        "solo",
        "tambien",
        "ademas",
        "luego",
        "despues",
        "antes",
        "pero",
        "aunque",
        "porque",
        "pues",
        "sino",
        "lo",
        "le",
        "se",
        "ya",
    ]
)
CONNECTORS = frozenset(["de", "del", "la", "las", "los", "el", "y"])
"""Small words inside names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Words of a text and the sentences that they stand in."""

    words: Words
    upper: tuple[bool, ...]
    """Whether a word begins with a capital or a digit."""
    shouted: tuple[bool, ...]
    """Whether a word stands in a run of capitals, so that its capital says nothing."""
    sentences: tuple[int, ...]
    """Character offsets at which sentences begin."""

    @property
    def text(self) -> str:
        """The text itself."""
        return self.words.text

    def surface(self, index: int) -> str:
        """A word as written."""
        return self.words.text[self.words.starts[index] : self.words.ends[index]]

    def gap(self, left: int) -> str:
        """What stands between a word and the next."""
        return self.words.text[self.words.ends[left] : self.words.starts[left + 1]]

    def joined(self, left: int) -> bool:
        """Whether a word and the next can belong to one name."""
        if left < 0 or left + 1 >= len(self.words.words):
            return False
        gap = self.gap(left)
        if gap == " " or _INSIDE.fullmatch(gap):
            return True
        short = self.words.ends[left] - self.words.starts[left] <= 2
        return short and _DOT.fullmatch(gap) is not None

    def adjacent(self, left: int) -> bool:
        """Whether only a space stands between a word and the next."""
        return 0 <= left < len(self.words.words) - 1 and self.gap(left) in (" ", "\u00a0")

    def initial(self, index: int) -> bool:
        """Whether a word begins a sentence, a line or a quotation: its capital says little."""
        return index == 0 or _BREAK.search(self.gap(index - 1)) is not None

    def sentence(self, offset: int) -> int:
        """Number of the sentence at a character offset."""
        return max(0, bisect_right(self.sentences, offset) - 1)

    def begins_line(self, offset: int) -> bool:
        """Whether nothing but spaces and opening marks stands between the beginning of a line and an offset."""
        before = self.text[max(0, offset - _OPENING) : offset].rpartition("\n")
        return (bool(before[1]) or offset < _OPENING) and not before[2].strip(" \t\u00a0¡¿“\"‘'«-–—*•·#0123456789.)")


def lay_out(doc: Doc) -> Layout:
    """The layout of a doc whose sentences are known."""
    text = text_of(doc)
    words = words_of(text)
    upper = tuple(text[start].isupper() or text[start].isdigit() for start in words.starts)
    capitals = [
        first and text[start:end].isupper() for first, start, end in zip(upper, words.starts, words.ends, strict=True)
    ]
    marks = doc.to_array(["SENT_START", "IDX"])  # doc.sents makes an object for every token
    sentences = tuple(marks[marks[:, 0] == 1, 1].tolist()) if len(doc) else ()
    return Layout(words=words, upper=upper, shouted=_shouted(words, capitals), sentences=sentences)


def _shouted(words: Words, capitals: list[bool]) -> tuple[bool, ...]:
    """Words of lines in which nearly all letters are capitals, or of runs of three words in capitals."""
    shouted, count = [False] * len(capitals), len(capitals)
    end = 0
    for begin in compress(range(count), capitals):
        if begin < end:
            continue
        end = next((at for at in range(begin, count) if not capitals[at]), count)
        run = range(begin, end)
        if sum(words.ends[i] - words.starts[i] for i in run) > 5 and (len(run) > 2 or _own_line(words, begin, end)):
            shouted[begin:end] = [True] * len(run)
    return tuple(shouted)


def _own_line(words: Words, begin: int, end: int) -> bool:
    before = words.text[words.ends[begin - 1] : words.starts[begin]] if begin else "\n"
    after = words.text[words.ends[end - 1] : words.starts[end]] if end < len(words.starts) else "\n"
    return "\n" in before and "\n" in after
