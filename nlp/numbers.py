"""Numbers as the Peruvian press writes them, found in folded text: ``50 000``, ``1.500,50``, ``2 mil 380``, ``medio millón``.

The text is folded first (``nlp.lexicon.fold_keeping_length``), so that offsets hold in the original. A lone ``un``, ``una``
or ``uno`` is an article as often as a number and is not found here. All patterns run in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from nlp.lexicon import LexiconError, read_table
from nlp.patterns import PatternTable, any_of
from nlp.phrases import words_of

_DIGITS = r"""(?<!\w)(?<!\d[.,])
    (?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d'’´′`]|[.,]\d{3})(?:[.,]\d{1,2}(?!\d))?   # 50 000 · 1 500,50
      |\d+(?:[.,'’´′`]\d+)*)                                          # 50000 · 1,500.50 · 19’505,138
    (?P<attached>mil|millones|k)?(?![^\W_])"""
_LONGEST = 24
"""Characters; a longer run of digits is no amount of anything."""
_JOINER = re.compile(r"[ \u00a0\u2009\u202f]{1,2}(?P<and>y[ \u00a0])?")
_SPACES = re.compile(r"[ \u00a0\u2009\u202f]")
_SEPARATOR = re.compile(r"[.,'’´′`]")
_KINDS = frozenset({"one", "unit", "teen", "ten", "hundred", "scale", "half", "group", "digits"})
_SMALLER = {"hundred": ("ten", "teen", "unit", "one"), "ten": ("unit", "one")}


class Number(NamedTuple):
    """A number at ``text[start:end]``."""

    start: int
    end: int
    value: float
    scale: float
    """1 000 or 1 000 000 when the number ends in that word, so that a bare number before it may share it; else 1."""
    vague: bool
    """Counted in tens, dozens or hundreds (``un centenar``): about so many."""
    digits: bool
    """Begins in digits."""


class _Atom(NamedTuple):
    start: int
    end: int
    value: float
    kind: str


@lru_cache(maxsize=4)
def find_numbers(folded: str) -> tuple[Number, ...]:
    """All numbers of a folded text, in order. The last few texts are kept: several recognizers ask for the same one."""
    atoms = list(_atoms(folded))
    found, index = [], 0
    while index < len(atoms):
        number, after = _compose(folded, atoms, index)
        if number is not None:
            found.append(number)
        index = max(after, index + 1)
    return tuple(found)


def digit_value(written: str) -> float | None:
    """Value of a number in digits. One or two digits after the last separator are decimals, three are thousands.

    ``None`` when it is no number: ``4.5.6``, or longer than any amount.
    """
    if len(written) > _LONGEST:
        return None
    plain = _SPACES.sub("", written)
    groups = _SEPARATOR.split(plain)
    if len(groups) == 1:
        return float(plain)
    whole, last = groups[:-1], groups[-1]
    grouped = len(groups[0]) <= 3 and all(len(group) == 3 for group in whole[1:])
    if len(last) == 3 and grouped and not groups[0].startswith("0"):
        return float("".join(groups))
    if len(groups) == 2 or (grouped and len(last) <= 2):
        return float("".join(whole) + "." + last)
    return None


@cache
def _numerals() -> Mapping[str, tuple[float, str]]:
    table = {}
    for row in read_table("numerals.csv", frozenset({"word", "value", "kind"})):
        if row["kind"] not in _KINDS:
            raise LexiconError(f"nlp/data/numerals.csv: kind {row['kind']!r} of {row['word']!r} is none of {_KINDS}")
        table[row["word"]] = (float(row["value"]), row["kind"])
    return table


@cache
def _pattern() -> PatternTable:
    return PatternTable([rf"(?P<digits>{_DIGITS})|{any_of(_numerals())}\b(?P<word>)"], flags=re.VERBOSE)


def _atoms(folded: str) -> Iterator[_Atom]:
    numerals = _numerals()
    for match in _pattern().finditer(words_of(folded)):
        if match["word"] is not None:
            value, kind = numerals[match.group()]
            yield _Atom(match.start(), match.end(), value, kind)
            continue
        attached = match["attached"] or ""
        end = match.end() - len(attached)
        written = digit_value(folded[match.start() : end])
        if written is not None:
            yield _Atom(match.start(), end, written, "digits")
            if attached:
                yield _Atom(end, match.end(), 1e6 if attached == "millones" else 1e3, "scale")


class _Sum:
    """A number while it is being put together: millions so far, thousands so far, and what is below."""

    __slots__ = ("millions", "part", "scale", "section", "smallest", "vague")

    def __init__(self) -> None:
        self.millions = 0.0
        self.section = 0.0
        self.part: float | None = None
        self.smallest = ""
        """Kind of the last word in ``part``."""
        self.scale = 1.0
        self.vague = False

    @property
    def value(self) -> float:
        return round(self.millions + self.section + (self.part or 0), 2)

    @property
    def limit(self) -> float:
        """What comes next must be smaller."""
        if self.section:
            return 1e3
        return 1e6 if self.millions else float("inf")

    def takes(self, atom: _Atom, conjunction: bool) -> bool:
        """Add an atom, if the grammar lets it follow."""
        if self.vague:
            return False
        if atom.kind == "half" and conjunction:
            return self._and_a_half()
        if atom.kind == "scale":
            return not conjunction and self._scaled(atom.value)
        if atom.kind == "group":
            return not conjunction and self._grouped(atom.value)
        return self._smaller(atom, conjunction)

    def _and_a_half(self) -> bool:
        if self.part is None and self.scale == 1.0:
            return False
        if self.part is not None:
            self.part += 0.5
        elif self.scale == 1e3:
            self.section += 500.0
        else:
            self.millions += self.scale / 2
        self.smallest = "half"
        return True

    def _scaled(self, scale: float) -> bool:
        if scale == 1e3:
            if self.section or (self.part or 0) * scale >= self.limit:
                return False
            self.section, self.part = (1.0 if self.part is None else self.part) * scale, None
        else:
            below = self.section + (self.part or 0)
            if not below or self.millions:
                return False
            self.millions, self.section, self.part = below * scale, 0.0, None
        self.scale, self.smallest = scale, ""
        return True

    def _grouped(self, size: float) -> bool:
        if self.part is None or self.millions or self.section:
            return False
        self.part, self.vague, self.scale = self.part * size, size not in (2.0, 12.0), 1.0
        return True

    def _smaller(self, atom: _Atom, conjunction: bool) -> bool:
        if self.part is None:
            fits = (
                not conjunction and (self.smallest != "half" or self.limit == float("inf")) and atom.value < self.limit
            )
            fits = fits and (self.limit == float("inf") or atom.value == int(atom.value))
        else:
            fits = atom.kind in _SMALLER.get(self.smallest, ()) and conjunction == (self.smallest == "ten")
        if fits:
            self.part, self.smallest, self.scale = (self.part or 0) + atom.value, atom.kind, 1.0
        return fits


def _compose(folded: str, atoms: Sequence[_Atom], index: int) -> tuple[Number | None, int]:
    """The longest number that begins at an atom, and the index of the atom after it."""
    total, first, after = _Sum(), atoms[index], index
    while after < len(atoms):
        if first.kind == "digits" and atoms[after].kind == "one":  # "S/ 50 mil un sicario mata": an article
            break
        joiner = _joined(folded, atoms, index, after)
        if joiner is None or not total.takes(atoms[after], joiner == "and"):
            break
        after += 1
    lone = after == index + 1 and first.kind in ("one", "half", "group")
    if after == index or lone:
        return None, after
    number = Number(
        start=first.start,
        end=atoms[after - 1].end,
        value=total.value,
        scale=total.scale if atoms[after - 1].kind == "scale" else 1.0,
        vague=total.vague,
        digits=first.kind == "digits",
    )
    return number, after


def _joined(folded: str, atoms: Sequence[_Atom], index: int, after: int) -> str | None:
    """How an atom hangs on the one before it: ``"and"``, ``"next"``, or ``None`` when it does not."""
    if after == index:
        return "next"
    left, right = atoms[after - 1].end, atoms[after].start
    if left == right and atoms[after].kind == "scale":
        return "next"
    match = _JOINER.fullmatch(folded, left, right) if right - left <= 4 else None
    if match is None:
        return None
    return "and" if match["and"] else "next"
