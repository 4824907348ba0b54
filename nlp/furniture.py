"""Page furniture that was left in a text: links to other articles, promotions of the outlet, credits of pictures.

None of it is said by the article. Promotions and credits mean nothing; the title behind a link names places and gangs, but
tells nothing of this article's events. The phrases stand in ``nlp/data/page_furniture.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, fold_keeping_length, read_table
from nlp.patterns import PatternTable
from nlp.phrases import PhraseTable, words_of
from nlp.types import Label, Mention, Person, PersonRole, Place, PlaceRole

_LONGEST_TITLE = 220
"""A line that begins as a link and is longer holds more than the title of another article."""
_LISTED_TITLES = 8
_LISTED_SEAMS = 3
_LONG_LINE = re.compile(r"^.{200,}$", re.MULTILINE)
_NAMED_IN_TITLES = frozenset({Label.MONEY, Label.PLACE, Label.GANG, Label.PERSON})
_SEAM = re.compile(r"(?<=[a-záéíóúñ”’»)])(?=[¿¡“‘]?[A-ZÁÉÍÓÚÑ][a-záéíóúñ])")
"""Where a title runs into what comes after it: a small letter before a capital ("…en PisacEl alcalde")."""
_TITLE_END = re.compile(rf"(?:[.!?…][”’»\")]*(?=\s)|{_SEAM.pattern})")
"""End of a title that runs into the text: a full stop or a seam."""
_SENTENCE_END = re.compile(r"[.!?…][”’»\")]*(?=\s|$)")
_STAMP = re.compile(
    r"^(?:(?:publicado|actualizado|fecha)(?: el)? ?:? ?)?(?:\d{1,2}[-/.]\d{1,2}[-/.]20\d\d|\d{1,2} de [a-z]{4,10} del? 20\d\d)"
    r"(?:[ ,|·-]*(?:a las )?\d{1,2}[:h]\d\d(?: ?(?:hrs?|[ap]\.? ?m\.?))?)?\.?$",
    re.MULTILINE,
)
"""A line that only tells when the article was published."""
_CLOSED = re.compile(r"[.;:,…”»\"]$")


class Furniture(StrEnum):
    """What a stretch of page furniture is."""

    LINK = "link"
    """A pointer to another article, with its title."""
    PROMO = "promo"
    """The outlet speaks of itself."""
    CREDIT = "credit"
    """Whose picture or post it is."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text that is furniture."""

    start: int
    end: int
    kind: Furniture


@dataclass(frozen=True, slots=True)
class _Patterns:
    link: re.Pattern[str]
    loud_link: re.Pattern[str]
    promo: PhraseTable[Furniture]
    credited: PatternTable
    """Words of credits, without which a text has only those of posts, ``(@…)``."""
    credit: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    phrases: dict[Furniture, list[str]] = {kind: [] for kind in Furniture}
    for row in read_table("page_furniture.csv", frozenset({"phrase", "kind"})):
        if row["kind"] not in tuple(Furniture):
            raise LexiconError(f"nlp/data/page_furniture.csv: {row['kind']!r} is not one of {[*Furniture]}")
        phrases[Furniture(row["kind"])].append(row["phrase"])
    link = _any_of(phrases[Furniture.LINK])
    loud = "|".join(re.escape(p.upper()) for p in phrases[Furniture.LINK] if " " in p)
    credit = _any_of(phrases[Furniture.CREDIT])
    return _Patterns(
        link=re.compile(
            rf"^[ \t>►▶•*\\-]{{0,4}}(?:{link})\b(?: (?:aqui|tambien|ademas|la nota|el video|completa|en vivo)){{0,2}} ?(?:[:|►▶»>]|$)",
            re.MULTILINE,
        ),
        loud_link=re.compile(rf"(?:{loud})(?: ?[:|►▶]| ?(?=[¿¡“‘\"]?[A-ZÁÉÍÓÚÑ][a-záéíóúñ]))"),
        promo=PhraseTable([(phrase, Furniture.PROMO) for phrase in phrases[Furniture.PROMO]]),
        credited=PatternTable([rf"(?:{credit}) ?:"]),
        credit=re.compile(
            rf"^(?:{credit}) ?: ?[^\s.]+(?: [^\s.]+){{0,4}}$|\((?:{credit}) ?: ?[^()\n]{{1,80}}\)|[|/] ?(?:{credit}) ?: ?[^|\n]{{1,80}}$"
            r"|(?:pic\.twitter\.com/\w+ ?)?[—–-] ?[^()\n—–]{2,50} \(@\w{2,20}\) \w{3,10} \d{1,2}, 20\d\d",
            re.MULTILINE,
        ),
    )


def _any_of(phrases: list[str]) -> str:
    return "|".join(sorted((re.escape(fold_keeping_length(phrase)) for phrase in phrases), key=len, reverse=True))


@lru_cache(maxsize=4)
def find_furniture(text: str) -> tuple[Stretch, ...]:
    """The furniture in a text, in text order. The title, which is the first line, holds none."""
    body = text.find("\n")
    if body < 0:
        return ()
    words = words_of(text)
    folded = words.folded
    patterns = _patterns()
    found: list[Stretch] = []
    if "(@" in folded or patterns.credited.search(words):
        found += [Stretch(m.start(), m.end(), Furniture.CREDIT) for m in patterns.credit.finditer(folded, body)]
    found += [Stretch(m.start(), m.end(), Furniture.PROMO) for m in _STAMP.finditer(folded, body)]
    found += [
        Stretch(m.start(), m.end(), Furniture.LINK) for m in _LONG_LINE.finditer(text, body) if _lists_titles(m.group())
    ]
    found += (_sentence_around(text, f.start, f.end) for f in patterns.promo.find(words) if f.start > body)
    for match in (*patterns.link.finditer(folded, body), *patterns.loud_link.finditer(text, body)):
        found += _link(text, match)
    apart: list[Stretch] = []
    for stretch in sorted(found, key=lambda stretch: (stretch.start, -stretch.end)):
        if not apart or stretch.start >= apart[-1].end:
            apart.append(stretch)
    return tuple(apart)


def _sentence_around(text: str, start: int, end: int) -> Stretch:
    first = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    ends = [at for at in (text.find("\n", end), text.find(". ", end)) if at >= 0]
    return Stretch(first, min(ends, default=len(text)), Furniture.PROMO)


def _link(text: str, match: re.Match[str]) -> Iterator[Stretch]:
    """The title after a link phrase; the titles on the next lines when the phrase stands alone."""
    end = _line_end(text, match.end())
    if text[match.end() : end].strip():
        yield Stretch(match.start(), _titles_end(text, match.end(), end), Furniture.LINK)
        return
    yield Stretch(match.start(), end, Furniture.LINK)
    for _ in range(_LISTED_TITLES):
        start, end = end + 1, _line_end(text, end + 1)
        line = text[start:end].strip()
        if start >= len(text) or _CLOSED.search(line) or len(line) > _LONGEST_TITLE:
            return
        if line:
            yield Stretch(start, end, Furniture.LINK)


def _titles_end(text: str, start: int, end: int) -> int:
    """Where the titles of a line end: the first, and those joined to it seam to seam, up to what has a full stop."""
    first = _TITLE_END.search(text, start + 1, end) if end - start > _LONGEST_TITLE else None
    at = first.end() if first else end
    while at < end:
        seam = _SEAM.search(text, at + 1, end)
        after = seam.end() if seam else end
        if _SENTENCE_END.search(text, at, after):
            break
        at = after
    return at


def _lists_titles(line: str) -> bool:
    """Whether a line is nothing but titles of other articles, seam to seam."""
    return len(_SENTENCE_END.findall(line)) <= 1 and len(_SEAM.findall(line)) >= _LISTED_SEAMS


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def without_furniture(text: str) -> str:
    """The text with its furniture blanked, as long as it was."""
    for stretch in find_furniture(text):
        blank = re.sub(r"[^\n]", " ", text[stretch.start : stretch.end])
        text = f"{text[: stretch.start]}{blank}{text[stretch.end :]}"
    return text


def told(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that the article makes, or that the titles of others make of what is not the article's own."""
    stretches = find_furniture(text)
    kept = []
    for mention in mentions:
        within = next((s for s in stretches if s.start <= mention.start < s.end), None)
        if within is None:
            kept.append(mention)
        elif within.kind is Furniture.LINK and mention.label in _NAMED_IN_TITLES:
            kept.append(_only_named(mention))
    return kept


def _only_named(mention: Mention) -> Mention:
    """The mention without a part in what the article tells."""
    match mention.value:
        case Place():
            return replace(mention, value=replace(mention.value, role=PlaceRole.CONTEXT))
        case Person():
            return replace(mention, value=replace(mention.value, role=PersonRole.OTHER))
        case _:
            return mention
