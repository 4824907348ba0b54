"""What outlets print inside an article that is not part of it: the reader of ``noise.yaml``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

_ACCENTS = re.compile("[\u0300-\u036f]+")
_ASIDE = r"(?:[^()\[\]]|\([^()]{0,80}\)){5,250}[)\]]"
_TITLE = r"[^.!?]{10,200}"
_LABEL = 60
_HEADLINE = 25
_SHORTEST, _CAPTION = 5, 250
_POST = 700
_SIGNATURE = 120
_LEADING_SYMBOLS = re.compile(r"^[^\w(@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The patterns of ``noise.yaml``, compiled. Text is compared in lower case, without accents and leading symbols."""

    longest: int
    """Characters up to which a paragraph is looked at."""
    elements: frozenset[str]
    """Names of elements that hold no running text."""
    wrappers: frozenset[str]
    """Names of elements that hold none unless they hold most of the text."""
    boxes: re.Pattern[str]
    """Classes and ids of boxes beside the text."""
    lines: re.Pattern[str]
    words: re.Pattern[str]
    tails: re.Pattern[str]
    pointers: re.Pattern[str]
    posts: re.Pattern[str]
    asides: re.Pattern[str]
    endings: re.Pattern[str]
    shortcodes: re.Pattern[str]
    datelines: re.Pattern[str]
    unfinished: re.Pattern[str]
    truncated: re.Pattern[str]
    missing: re.Pattern[str]

    def is_noise(self, paragraph: str) -> bool:
        """Whether a paragraph promotes another article, credits a picture or the like."""
        if len(paragraph) > self.longest:
            return self._is_post(paragraph)
        text = plain(paragraph)
        if not text or self.lines.match(text) or self.datelines.fullmatch(text) or self.words.search(text):
            return True
        return self._is_credit(text) or self.is_pointer(paragraph) or self._is_post(paragraph)

    def is_pointer(self, paragraph: str) -> bool:
        """Whether a paragraph is a label that announces other articles, and nothing else."""
        return len(paragraph) <= _LABEL and self.pointers.fullmatch(plain(paragraph)) is not None

    def is_title_below(self, paragraph: str) -> bool:
        """Whether a paragraph below such a label can be one of the titles that it announces: no sentence, no short heading."""
        return _HEADLINE <= len(paragraph) <= self.longest and paragraph[-1].isalnum()

    def without_asides(self, paragraph: str) -> str:
        """A paragraph without shortcodes and without links to other articles, in brackets or at its end."""
        if "[" in paragraph:
            paragraph = " ".join(self.shortcodes.sub(" ", paragraph).split())
        if ":" in paragraph or "|" in paragraph:
            paragraph = self.asides.sub(lambda found: found["mark"] or " ", paragraph)
            paragraph = self.endings.sub("", paragraph).strip()
        return paragraph

    def _is_credit(self, text: str) -> bool:
        found = self.tails.search(text)
        return found is not None and _SHORTEST <= found.start() <= _CAPTION

    def _is_post(self, paragraph: str) -> bool:
        end = paragraph[-_SIGNATURE:]
        if len(paragraph) > _POST or not ("@" in end or "pic." in end):
            return False
        return self.posts.search(folded(end)) is not None

    def is_dateline(self, paragraph: str) -> bool:
        """Whether a paragraph is nothing but the date of the article."""
        return len(paragraph) <= self.longest and self.datelines.fullmatch(plain(paragraph)) is not None

    def is_unfinished(self, paragraph: str) -> bool:
        """Whether a paragraph says that the article is still being written."""
        return len(paragraph) <= self.longest and self.unfinished.match(plain(paragraph)) is not None

    def is_missing(self, headline: str) -> bool:
        """Whether a headline says that there is no article."""
        return len(headline) <= self.longest and self.missing.fullmatch(plain(headline)) is not None

    def is_truncated(self, paragraph: str) -> bool:
        """Whether a last paragraph says that the text goes on elsewhere."""
        return self.truncated.search(folded(paragraph[-80:])) is not None


def folded(text: str) -> str:
    """Lower case without accents, for comparing."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))


@lru_cache(maxsize=8)  # each paragraph is looked at several times in a row
def plain(paragraph: str) -> str:
    """A paragraph as the patterns see it: folded, without leading bullets and emojis."""
    return _LEADING_SYMBOLS.sub("", folded(paragraph))


@cache
def load_noise() -> Noise:
    """The patterns that ship with this room."""
    table: dict[str, Any] = yaml.safe_load(files("scrapers").joinpath("noise.yaml").read_text(encoding="utf-8"))
    cues = f"(?:{_either(table['cues'])})\\s*(?:[:|>»]|\\W*$)"
    whole = f"(?:{_either(table['lines'])})\\s*$"
    return Noise(
        longest=table["longest"],
        elements=frozenset(table["elements"]),
        wrappers=frozenset(table["wrappers"]),
        boxes=re.compile("".join(table["boxes"].split()), re.IGNORECASE),
        lines=re.compile(f"{cues}|{_either(table['openings'])}|{_either(table['biographies'])}|{whole}"),
        words=re.compile(_either(table["words"])),
        tails=re.compile(f"(?:{_either(table['tails'])})\\s*$"),
        pointers=re.compile(f"(?:{_either(table['pointers'])})\\W*"),
        posts=re.compile(_either(table["posts"])),
        asides=re.compile(f"\\s*(?:{_either(table['asides'])}){_ASIDE}\\s*(?P<mark>[.,;:])?", re.IGNORECASE),
        endings=re.compile(f"(?<=\\S )(?:{_either(table['endings'])}){_TITLE}$"),
        shortcodes=re.compile(_either(table["shortcodes"])),
        datelines=re.compile(_either(table["datelines"])),
        unfinished=re.compile(_either(table["unfinished"])),
        truncated=re.compile(_either(table["truncated"])),
        missing=re.compile(_either(table["missing"])),
    )


def _either(patterns: list[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)
