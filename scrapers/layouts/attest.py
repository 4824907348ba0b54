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
_COVERED = 0.8
"""Part of the text's letters that its paragraphs must have."""
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
        if len(key) >= _SHORTEST and key not in seen and key in letters:
            seen.add(key)
            chosen[number] = len(key)
    if not chosen or sum(chosen.values()) < _COVERED * len(letters):
        return Attested()
    home = _home(blocks, chosen)
    between = (number for number in range(min(chosen), max(chosen)) if blocks[number].parent is home)
    short = {n for n in between if blocks[n].heading or _letters(blocks[n].text) in letters}
    missed = sum(
        len(block.text) for number, block in enumerate(blocks) if number not in chosen and _is_prose(block, home)
    )
    return Attested(
        blocks=tuple(blocks[number] for number in sorted({*chosen, *short})),
        whole=missed <= _MISSED * len(text),
    )


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
