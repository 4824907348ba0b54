"""Finds the paragraphs of a plain text in the markup of its page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from scrapers.markup import Block
from scrapers.noise import folded, load_noise

_SHORTEST = 20
"""Letters from which a block in the text cannot be there by chance."""
_PIECE = 20
_COVERED = 0.8
"""Part of the text's letters that its paragraphs must have, and of a paragraph's that must be in the text."""
_MISSED = 0.25
"""Beyond this part, running text among the paragraphs that the text does not have says that it was cut short."""
_PROSE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """The blocks of a page that make up a text."""

    blocks: tuple[Block, ...] = ()
    """Empty when the page does not hold the text."""
    whole: bool = False
    """Whether the text goes to the end of what the page prints among these blocks."""


def attested(text: str, blocks: Sequence[Block]) -> Attested:
    """The blocks that a text attests, each once, with the headings and short lines between them."""
    letters = _letters(text)
    chosen: dict[int, int] = {}
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        key = _letters(block.text)
        if len(key) >= _SHORTEST and key not in seen and _holds(letters, key):
            seen.add(key)
            chosen[number] = len(key)
    if not chosen or sum(chosen.values()) < _COVERED * len(letters):
        return Attested()
    home = _home(blocks, chosen)
    beside = {number for number, block in enumerate(blocks) if block.parent is home} - set(chosen)
    between = {number for number in beside if min(chosen) < number < max(chosen)}
    short = {n for n in between if blocks[n].heading or _letters(blocks[n].text) in letters}
    short |= {n for n in beside if n > max(chosen) and _closes(blocks[n], letters)}
    short |= {number for number in beside if load_noise().is_unfinished(blocks[number].text)}
    # "LEE TAMBIÉN" tells what the title below it is, although the text does not hold the label.
    short |= {number - 1 for number in chosen if number and load_noise().is_pointer(blocks[number - 1].text)}
    missed = sum(
        len(block.text) for number, block in enumerate(blocks) if number not in chosen and _is_prose(block, home)
    )
    return Attested(
        blocks=tuple(blocks[number] for number in sorted({*chosen, *short})),
        whole=missed <= _MISSED * len(text),
    )


def _closes(block: Block, letters: str) -> bool:
    """Whether a block below the last long one is a sentence of the text: “No hubo heridos.”"""
    return block.text.endswith((".", "!", "?", "”", '"')) and _letters(block.text) in letters and not block.linked


def _holds(letters: str, key: str) -> bool:
    """Whether a text holds a block, but for a word or two that are printed in one place only."""
    if key in letters:
        return True
    pieces = [key[start : start + _PIECE] for start in range(0, len(key) - _PIECE + 1, _PIECE)]
    return len(pieces) >= 3 and sum(piece in letters for piece in pieces) >= _COVERED * len(pieces)


def _home(blocks: Sequence[Block], chosen: dict[int, int]) -> etree._Element | None:
    """What holds most of the attested text."""
    weights: Counter[etree._Element | None] = Counter()
    for number, length in chosen.items():
        weights[blocks[number].parent] += length
    return weights.most_common(1)[0][0]


def _is_prose(block: Block, home: etree._Element | None) -> bool:
    running = block.parent is home and not block.linked and len(block.text) >= _PROSE
    return running and not load_noise().is_noise(block.text)


def _letters(text: str) -> str:
    """Letters and digits alone: texts differ in spaces, quotes and dashes from one print to the other."""
    return re.sub(r"[\W_]+", "", folded(text))
