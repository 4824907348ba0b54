"""HTML or plain text -> canonical text. The only place where text is normalised.

Canonical text is Unicode NFC without control and invisible characters; paragraphs are separated by an empty line and hold
no line breaks; lines that promote other articles, captions, credits and paragraphs said twice are gone. Every offset in the
system refers to such a text, so a change here makes new versions of articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from scrapers.markup import INVISIBLE, Block, blocks_of, parse_html, text_of
from scrapers.noise import load_noise

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

_EMPTY_LINE = re.compile(r"\n\s*\n")
_PARAGRAPH_LINE = re.compile(r"[.!?…”\"»:)]$|^.{0,50}$")
"""A line that ends a sentence, or is too short to have been wrapped: a heading."""
_HAS_BLOCKS = re.compile(r"<(?:p|div|br|li|h[1-6]|section|article|blockquote|td|q)\b", re.IGNORECASE)
_ESCAPED_BLOCKS = re.compile(r"&lt;(?:p|div|br)\b[^&]{0,200}&gt;", re.IGNORECASE)
"""Markup that was escaped once too often, as some feeds have it."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31});", re.IGNORECASE)
_DOUBLED_FROM = 40
"""Characters from which a paragraph that was there before is a repetition and not a coincidence."""
_QUOTED_FROM = 60
_QUOTES = "“”\"«»‘’'.…, "
_MOST_PARAGRAPHS = 500
"""Of an article; in a longer text nobody looks for pull quotes."""

_SENTENCE = 80
"""Characters from which a link that ends with a full stop is a sentence and no headline."""
_READ_MORE = 40
"""Characters of a link that is no headline and may say "Leer más"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Canonical text, and what the paragraphs that were cut from it said."""

    text: str
    unfinished: bool
    """The outlet says that it is still being written."""
    truncated: bool
    """It ends with "Leer más", "[…]" or the like."""


def html_to_text(markup: str, outlet: Outlet) -> str:
    """Canonical text of an HTML fragment or page. Never raises; no text gives an empty string."""
    return read_html(markup, outlet).text


def clean(text: str, outlet: Outlet) -> str:
    """Canonical form of plain text. Idempotent.

    Empty lines separate paragraphs; where there are none, every line is a paragraph. Where there are, lines that end a sentence
    and short ones end a paragraph, and others are wrapped.
    """
    return read_text(text, outlet).text


def read_html(markup: str, outlet: Outlet) -> Reading:
    """As :func:`html_to_text`, with what was said beside the text."""
    if not _HAS_BLOCKS.search(markup) and _ESCAPED_BLOCKS.search(markup):
        markup = unescape(markup)
    if not _HAS_BLOCKS.search(markup):
        return read_text(_without_tags(markup), outlet)
    root = parse_html(markup)
    return read_blocks(blocks_of(root, outlet) if root is not None else (), outlet)


def read_blocks(blocks: Iterable[Block], outlet: Outlet) -> Reading:
    """Canonical text of blocks; those that are nothing but links to other articles are left out."""
    return _canonical(((block.text, block.linked, block.heading) for block in blocks), outlet)


def read_text(text: str, outlet: Outlet) -> Reading:
    """As :func:`clean`, with what was said beside the text."""
    return _canonical(((paragraph, False, False) for paragraph in _paragraphs(text)), outlet)


def one_line(text: str | None) -> str:
    """A title, name or tag: NFC, without tags, entities, line breaks and invisible characters."""
    if not text:
        return ""
    return normalised(_without_tags(text) if "<" in text or _ENTITY.search(text) else text)


def normalised(text: str) -> str:
    """A run of text in NFC, with single spaces and without invisible characters."""
    composed = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    return " ".join(composed.split())


def _paragraphs(text: str) -> Iterator[str]:
    lines = "\n".join(text.splitlines())
    if not _EMPTY_LINE.search(lines):
        yield from lines.split("\n")
        return
    wrapped: list[str] = []
    for line in lines.split("\n"):
        wrapped.append(line)
        if not line.strip() or _PARAGRAPH_LINE.search(line):
            yield " ".join(wrapped)
            wrapped.clear()
    yield " ".join(wrapped)


def _canonical(paragraphs: Iterable[tuple[str, bool, bool]], outlet: Outlet) -> Reading:
    """Canonical text of paragraphs, each with whether it is nothing but links and whether it is a heading."""
    noise, own_noise = load_noise(), _compiled(outlet.noise)
    kept: list[str] = []
    seen: set[str] = set()
    unfinished, announced, last = False, False, ""
    for raw, linked, heading in paragraphs:
        text = normalised(raw)
        noisy = noise.is_noise(text)
        paragraph, cut = _cut(text if noisy else noise.without_asides(text), outlet.cut_after)
        if paragraph and (not linked or len(paragraph) <= _READ_MORE):
            last = paragraph
        mark = noise.is_unfinished(paragraph)
        unfinished = unfinished or mark
        pointer = linked and not (len(paragraph) >= _SENTENCE and paragraph.endswith("."))
        title = announced and not heading and noise.is_title_below(paragraph)
        noisy = noisy or (paragraph is not text and noise.is_noise(paragraph))
        dropped = bool(noisy or pointer or mark or title or own_noise.search(paragraph))
        announced = dropped and (announced or noise.is_pointer(paragraph))
        if not dropped and _is_new(paragraph, kept, seen):
            kept.append(paragraph)
        if cut:
            break
    return Reading(text=_without_pull_quotes(kept), unfinished=unfinished, truncated=noise.is_truncated(last))


def _without_pull_quotes(paragraphs: list[str]) -> str:
    """The text of paragraphs without those that are printed once more inside of another one."""
    text = "\n\n".join(paragraphs)
    for paragraph in paragraphs if len(paragraphs) <= _MOST_PARAGRAPHS else ():
        core = paragraph.strip(_QUOTES)
        if len(core) >= _QUOTED_FROM and text.count(core) > 1:
            paragraphs = [each for each in paragraphs if each is not paragraph]
            text = "\n\n".join(paragraphs)
    return text


def _is_new(paragraph: str, kept: list[str], seen: set[str]) -> bool:
    """Whether a paragraph says something, and something else than those before it."""
    if not paragraph or (kept and kept[-1] == paragraph):
        return False
    key = paragraph.casefold()
    if len(paragraph) < _DOUBLED_FROM:
        return True
    doubled = key in seen
    seen.add(key)
    return not doubled


def _cut(paragraph: str, mark: str | None) -> tuple[str, bool]:
    """A paragraph up to the outlet's end mark, and whether the mark was there."""
    found = re.search(mark, paragraph) if mark else None
    return (paragraph[: found.start()].rstrip(), True) if found else (paragraph, False)


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)


def _without_tags(markup: str) -> str:
    """The text of inline markup. A lone "<" in plain text is text."""
    if not re.search(r"<[a-z/!]", markup, re.IGNORECASE):
        return unescape(markup)
    root = parse_html(f"<div>{markup}</div>")
    return text_of(root) if root is not None else ""
