"""Who says a figure and for which area, by cue words: read in its sentence, else taken over from what stands before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from nlp.claims.areas import AREA_WORDS, IN_AREA, MACRO_REGION, NATIONWIDE, REGIONS, coded
from nlp.claims.article import Article
from nlp.claims.sources import is_national
from nlp.gazetteer import PERU
from nlp.qualify import Sentence, Zone
from nlp.types import Claim, Money

_QUOTE_REACH = 400
_QUOTATION = 4_000
"""Characters of the longest quotation."""
_LATER = 6
"""Sentences below a title that are asked."""
_LEAD = 3
_LIST = 3
"""So many regions in a sentence are a list, and none of them the area of what follows."""
_AREA_DIGITS = {"provincia": 4, "region": 2, "departamento": 2, "distrito": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where a figure stands, and what the one before it was taken for."""

    position: int
    """Index of its sentence."""
    start: int
    end: int
    money: Money | None = None
    figures: bool = False
    """The article is one of figures: area and time hold until others are named."""
    cases: bool = False
    """It counts cases."""
    share: bool = False
    """It is a share of something."""
    form: str = "counted"
    """How it is told: ``part`` of what was counted before, with what it counts …"""
    speaker: str | None = None
    """Who says it, when that is known."""
    before: Claim | None = None
    latest: str | None = None
    """Of the times of the figures before it, the one that ends last: a year that it was compared with is soon over."""

    def standing(self, article: Article) -> str:
        """Where the figure before stands: in the sentence, the paragraph or elsewhere."""
        here = article.sentences[self.position]
        if self.before is None or self.before.start >= here.start:
            return "sentence"
        return "paragraph" if self.before.start >= article.paragraph_span(here)[0] else "elsewhere"


def speaker_of(said: Said, article: Article) -> tuple[str | None, str]:
    """Who says a figure by its cue words, and where that is told: in its sentence, else before it in the paragraph.

    Among figures the source that the article names first goes on; elsewhere none does from one paragraph to the next. For a
    title it comes later.
    """
    for where, listed in _asked(said, article):
        for sentence in listed:
            found = article.speaker_in(sentence)
            if found:
                return found, where
    return None, "nowhere"


def _asked(said: Said, article: Article) -> Iterator[tuple[str, Sequence[Sentence]]]:
    here = article.sentences[said.position]
    yield "quotation", of_quotation(said, article)
    yield "sentence", [here]
    yield "paragraph", [s for s in article.before(here) if s.zone is Zone.BODY]
    first = article.first_source if said.figures else None
    if first is not None and first.paragraph < here.paragraph:
        yield "earlier", [first]
    yield "after", [s for s in article.after(here) if s.zone is Zone.BODY]
    if here.zone is Zone.TITLE:
        yield "later", [*islice((s for s in article.body if s.paragraph > here.paragraph), _LATER)]


def of_quotation(said: Said, article: Article) -> list[Sentence]:
    """Where a quotation ends that a figure stands in: its speaker is named after it."""
    text = article.text
    opened = text.rfind("“", max(0, article.sentences[said.position].start - _QUOTE_REACH), said.start)
    closed = text.find("”", opened, opened + _QUOTATION) if opened >= 0 else -1
    if closed < said.end or "\n" in text[opened:closed]:
        return []
    ends = (s for s in islice(article.sentences, said.position, None) if closed < s.end)
    return [s for s in islice(ends, 1) if s.start <= closed]


def scope_of(said: Said, article: Article) -> tuple[str | None, str]:
    """Code of the area of a figure by its cue words, and how it was told.

    The place that it is said to be in, else the one before it, else that of the article.
    """
    here = article.sentences[said.position]
    told = article.told(here)
    places = coded(here)
    after = [code for start, code in places if start >= said.end and IN_AREA.match(article.text[said.end : start])]
    national = NATIONWIDE.search(told)
    before = [(start, code) for start, code in places if start < said.start]
    area = AREA_WORDS.search(told)
    if after:
        return after[0], "in"
    if national and not (before and here.start + national.start() < before[-1][0]):
        return PERU, "national"
    if MACRO_REGION.match(told, said.end - here.start):
        return None, "macro region"
    if area and not said.figures:
        return _widened(area["area"], said, article, places), f"around {len(places)}"
    if before:
        return before[-1][1], "before"
    return _taken_over(said, article, alone=not places)


def _taken_over(said: Said, article: Article, *, alone: bool) -> tuple[str | None, str]:
    """The area of a figure whose sentence names none before it. ``alone``: it names no place at all."""
    if said.figures:
        return main_area(article), "article"
    if said.before is not None and same_paragraph(said, article):
        return said.before.scope, "as before"
    if said.speaker is not None and alone and is_national(said.speaker):
        return PERU, "speaker"
    return _area_before(said, article), "earlier"


@lru_cache(maxsize=2)
def main_area(article: Article) -> str:
    """What an article of figures is about: the one area of its title, else of its first sentences, else the country."""
    for sentence in (*article.titles, *article.body[:_LEAD]):
        told = article.told(sentence)
        if NATIONWIDE.search(told) or (sentence.zone is Zone.TITLE and REGIONS.search(told)):
            return PERU
        codes = list(dict.fromkeys(code for _, code in coded(sentence)))
        if codes:
            wide = {code[:2] for code in codes}
            return min(codes, key=len) if len(wide) == 1 else PERU
    return PERU


def _widened(area: str, said: Said, article: Article, places: Sequence[tuple[int, str]]) -> str | None:
    """The province or region ("en la provincia") around the place that the sentence, or one before it, speaks of."""
    digits = _AREA_DIGITS[area]
    codes = [code for start, code in places if start < said.start and len(code) >= digits and code.isdigit()]
    code = codes[-1] if codes else _area_before(said, article, digits)
    return code[:digits] if code.isdigit() else code


def _area_before(said: Said, article: Article, digits: int = 0) -> str:
    """The area that sentences before speak of: for counts of cases that of the title, else the nearest; lists name none.

    ``digits``: the fewest that its code must have.
    """
    earlier = [s for s in article.sentences[max(0, said.position - 4) : said.position] if s.zone is Zone.BODY]
    order = (
        (*article.titles, *reversed(earlier)) if said.figures or said.cases else (*reversed(earlier), *article.titles)
    )
    for sentence in order:
        codes = [code for _, code in coded(sentence) if len(code) >= digits]
        if codes and len({code[:2] for code in codes}) < _LIST:
            return codes[0]
    return PERU


def same_paragraph(said: Said, article: Article) -> bool:
    """Whether a figure before it stands in the same paragraph."""
    if said.before is None:
        return False
    here = article.sentences[said.position]
    start, end = article.paragraph_span(here)
    return start <= said.before.start < end
