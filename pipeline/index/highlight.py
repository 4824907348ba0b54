"""Passages of a text with the words of a query marked: one way for every backend, over the text as it was printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.index import analysis
from pipeline.index.base import Highlight
from pipeline.index.plan import Marks

PASSAGES = 3
WIDTH = 220
"""Characters of a passage, about."""
_MOST_MARKS = 200
_LONGEST_TEXT = 200_000
"""Characters of a text that are looked through."""


def highlight(text: str, marks: Marks, told: Iterable[tuple[int, int]] = ()) -> tuple[Highlight, ...]:
    """The passages that hold most of the different words found, in the order of the text; none if no word is in it.

    ``told`` are spans of the text that are marked besides, because they tell what was asked for.
    """
    text = text[:_LONGEST_TEXT]
    found = _apart({*_found(text, marks), *(span for span in told if span[1] <= len(text))})[:_MOST_MARKS]
    passages: list[Highlight] = []
    shown: set[str] = set()
    while found and len(passages) < PASSAGES:
        best = max(found, key=lambda span: (_worth(text, found, span[0], shown), -span[0]))
        inside = [span for span in found if best[0] <= span[0] and span[1] <= best[0] + WIDTH] or [best]
        shown.update(analysis.stem(text[start:end]) for start, end in inside)
        passages.append(_passage(text, inside))
        low, high = passages[-1].start, passages[-1].start + len(passages[-1].text)
        found = [span for span in found if span[1] <= low or span[0] >= high]
    return tuple(sorted(passages, key=lambda passage: passage.start))


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order; of those that overlap the longest."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _found(text: str, marks: Marks) -> Iterator[tuple[int, int]]:
    matches = [*analysis.WORD.finditer(text)]
    surfaces = [match.group() for match in matches]
    stems, exact = [*map(analysis.stem, surfaces)], [*map(analysis.exact, surfaces)]
    wanted = {at for at, stem in enumerate(stems) if stem in marks.stems}
    if marks.prefixes:
        wanted |= {at for at, word in enumerate(exact) if word.startswith(marks.prefixes)}
    wanted.update(_phrases(stems, marks.stem_phrases), _phrases(exact, marks.phrases))
    yield from (matches[at].span() for at in wanted)


def _phrases(forms: list[str], phrases: frozenset[tuple[str, ...]]) -> Iterator[int]:
    """Places of the words of phrases."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    for at, form in enumerate(forms) if by_first else ():
        for phrase in by_first.get(form, ()):
            if tuple(forms[at : at + len(phrase)]) == phrase:
                yield from range(at, at + len(phrase))


def _worth(text: str, found: list[tuple[int, int]], start: int, shown: set[str]) -> tuple[int, int]:
    """How many words not shown yet, and how many in all, a passage that begins here would show."""
    stems = [analysis.stem(text[a:b]) for a, b in found if start <= a and b <= start + WIDTH]
    return len(set(stems) - shown), len(stems)


def _passage(text: str, inside: list[tuple[int, int]]) -> Highlight:
    """The words with as much around them as there is room, cut at white space and within the paragraph."""
    first, last = inside[0][0], inside[-1][1]
    room = max(WIDTH - (last - first), 0)
    paragraph = text.rfind("\n\n", 0, first)
    start = max(first - room // 2, paragraph + 2 if paragraph >= 0 else 0)
    if start and not text[start - 1].isspace():
        space = _next_space(text, start, first)
        start = space if space is not None else first
    end = min(start + WIDTH, len(text)) if start + WIDTH > last else last
    stop = text.find("\n\n", last)
    end = min(end, stop) if stop >= 0 else end
    if end < len(text) and not text[end].isspace():
        end = max(text.rfind(" ", last, end), last)
    return Highlight(start=start, text=text[start:end], marks=tuple(inside))


def _next_space(text: str, start: int, limit: int) -> int | None:
    for at in range(start, limit):
        if text[at].isspace():
            return at + 1
    return None
