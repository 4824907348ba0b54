"""Who may have said a figure: everyone whom the sentences around it, or the article before it, let speak."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.claims.article import Article
from nlp.claims.attribution import Said, of_quotation, speaker_of
from nlp.claims.cohesion import is_listed
from nlp.claims.options import Choice, Option, merged
from nlp.claims.sources import (
    QUOTE_SAID,
    according_to,
    bodies_speaking,
    institutions_in,
    is_bare,
    kind_of,
    saying,
    speaks,
    with_office,
)
from nlp.lexicon import fold
from nlp.qualify import Sentence, Zone
from nlp.types import Mention, Person, PersonRole

_REACH = 6
"""Sentences of the paragraph on each side that are asked."""
_EARLIER = 10
"""Sentences before the paragraph that are asked."""
_LEAD = 3
_APPOSITION = re.compile(r", (?:(?:general|coronel|comandante|mayor|capitán|doctora?|señora?|don|doña|PNP|GRP) ){0,2}")
_LOCATED = re.compile(r"\b[Ee]n (?:el |la |los |las )?$")
"""Before an institution: something is done there."""
_MOST = 60
"""Of those who may be sources so many on each side are asked."""
_NEAR, _FAR = 25, 80
_STRUCK = re.compile(
    r"\b(?:herid|fallec|muert|muri|asesinad|acribillad|balead|baleó|cad[aá]ver|occis|secuestrad)", re.IGNORECASE
)
"""In a sentence where nobody speaks: who is a victim there is the source of no figure."""


_BEFELL = re.compile(
    r"\b(?:asesinatos?|homicidios?|muertes?|cr[ií]men(?:es)?|secuestros?|plagios?|atentados?|ataques?)(?: [^\W\d]+){0,2} (?:del?|contra)(?: (?:el|la))?(?: [^\W\d]+){0,2} $"
)
"""Before a person: what befell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Someone whom a sentence names; ``how``: as what speaks for its being a source."""

    start: int
    end: int
    who: str
    how: str


def named_in(sentence: Sentence, text: str) -> list[Named]:
    """Everyone in a sentence who may be a source, in text order."""
    told = text[sentence.start : sentence.end]
    speech = "speech" if speaks(told) else "silent"
    struck = speech == "silent" and _STRUCK.search(told) is not None
    people = [m for m in sentence.mentions if isinstance(m.value, Person)]
    spoken = [(s, e, who, "according") for s, e, who in according_to(sentence, text)]
    spoken += bodies_speaking(sentence, text)
    spoken += [
        (s, e, who, f"institution {'located' if _LOCATED.search(text, sentence.start, s) else speech}")
        for s, e, who in institutions_in(sentence, text)
    ]
    found = [
        Named(start=m.start, end=m.end, who=with_office(m.text, told), how=f"person {m.value.role} {speech}")
        for m in people
        if isinstance(m.value, Person)
        and not (struck and m.value.role is PersonRole.VICTIM)
        and not _BEFELL.search(text, sentence.start, m.start)
    ]
    for start, end, who, how in spoken:
        inside = next((m for m in people if start <= m.start and m.end <= end), None) or _apposed(end, people, text)
        name = with_office(inside.text, told) if inside else who
        found.append(Named(start=start, end=end, who=name, how=f"{how} bare" if is_bare(who) else how))
    return sorted(found, key=lambda one: (one.start, one.end))


def _apposed(end: int, people: Sequence[Mention], text: str) -> Mention | None:
    """Who is named right behind an office: "según el fiscal de Puno, Luis Rojas Díaz"."""
    return next((m for m in people if m.start > end and _APPOSITION.fullmatch(text, end, m.start)), None)


class Voices:
    """Everyone whom the sentences of an article name, each sentence read once."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._named: dict[int, list[Named]] = {}

    def of(self, index: int) -> list[Named]:
        """Those of one sentence."""
        if index not in self._named:
            self._named[index] = named_in(self.article.sentences[index], self.article.text)
        return self._named[index]


def speaker_beside(said: Said, voices: Voices) -> Choice | None:
    """Who nothing else can outweigh: the one named right behind the quotation that holds a figure, by the fullest name."""
    article = voices.article
    named = QUOTE_SAID.match(article.text, said.end, article.sentences[said.position].end)
    if named is None:
        return None
    who = named["who"]
    return Choice(value=_same(who, _fullest([who, *(one.who for _, one in _heard(said, voices))])), score=1.0)


def speaker_options(said: Said, voices: Voices) -> list[Option]:
    """Whom a figure may be of, with what speaks for each; and nobody."""
    article = voices.article
    here = article.sentences[said.position]
    told = article.text[here.start : here.end]
    heard = list(_heard(said, voices))
    fullest = _fullest([one.who for _, one in heard])
    cue, told_at = speaker_of(said, article)
    quoted = bool(of_quotation(said, article))
    state = f"{'figures' if said.figures else 'story'}{' quoted' if quoted else ''}"
    here_says = {one.how.split()[0] for where, one in heard if where.startswith("own")}
    verb = saying(told)
    spokesman = said.before.speaker if said.before is not None else None
    counted = "cases" if said.cases else "share" if said.share else "money" if said.money else "other"
    options = []
    for where, one in heard:
        kind = kind_of(fullest[one.who])
        names = ["someone", one.how, f"at {where}", f"at {where} {one.how}", f"at {where} {state}", f"kind {kind}"]
        names += [f"at {where} {verb}", f"at {where} alone {not here_says}", f"kind {kind} {counted}"]
        names += [f"at {where.split()[0]} {kind}", f"at {where.split()[0]} {verb} {kind}", f"kind {kind} {state}"]
        names += [
            f"at {where.split()[0]} {'silent' if one.how.endswith('silent') else 'spoken'} alone {not here_says} {verb}"
        ]
        value = fullest[one.who]
        if spokesman is not None and not where.startswith("own") and spokesman.endswith(f", {value}"):
            value = spokesman
        options.append(Option(value=value, features=dict.fromkeys(names, 1.0)))
    if cue is not None:
        options.append(
            Option(
                value=_same(cue, fullest) or cue,
                features=dict.fromkeys(
                    [
                        "someone",
                        "cue",
                        f"cue {told_at}",
                        f"cue {told_at} {state}",
                        f"cue {kind_of(cue)}",
                        f"cue bare {is_bare(cue)}",
                    ],
                    1.0,
                ),
            )
        )
    if said.before is not None and said.before.speaker is not None:
        alone, spoken = not here_says, any(how not in {"institution", "person"} for how in here_says)
        near = said.standing(article)
        names = [
            "someone",
            f"before {near}",
            f"before {near} {verb}",
            f"before {near} {state}",
            f"before {near} {said.form}",
        ]
        names += [
            f"before {near} alone {alone}",
            f"before {near} {verb} alone {alone} spoken {spoken}",
            f"before {near} quoted {quoted}",
        ]
        if is_listed(said, article):
            names.append("listed")
        value = _same(said.before.speaker, fullest) or said.before.speaker
        options.append(Option(value=value, features=dict.fromkeys(names, 1.0)))
    nobody = ["nobody", f"nobody {state}", f"nobody cue {cue is None}", f"nobody {verb}", f"nobody {counted}"]
    nobody += [
        f"nobody {verb} alone {not here_says}",
        f"nobody {verb} {state}",
        *(f"nobody here {how}" for how in here_says),
    ]
    nobody += [f"nobody of {min(len({option.value for option in options}), 4)}"]
    options.append(Option(value=None, features=dict.fromkeys(nobody, 1.0)))
    return merged(options)


def _heard(said: Said, voices: Voices) -> Iterator[tuple[str, Named]]:
    """Everyone who may speak, with where: in the sentence, the quotation, the paragraph, before it, the title."""
    sentences = voices.article.sentences
    here = sentences[said.position]
    quotation = {sentence.index for sentence in of_quotation(said, voices.article)} - {here.index}
    first = max(0, here.index - _REACH - _EARLIER)
    leads = [sentence.index for sentence in voices.article.body[:_LEAD]]
    before: list[tuple[str, Named]] = []
    for index in sorted({*leads, *range(first, min(len(sentences), here.index + _REACH + 1))}):
        sentence = sentences[index]
        if sentence.zone in (Zone.ASIDE, Zone.HEADING) and index != here.index:
            continue
        gap = index - here.index
        same = sentence.paragraph == here.paragraph
        if gap > 2 and not same and here.zone is not Zone.TITLE:
            continue
        for one in voices.of(index):
            if index == here.index:
                where = _place_in_sentence(one, said)
            elif index in quotation:
                where = "quotation"
            elif gap > 0:
                where = "after paragraph" if same else "after"
            else:
                where = f"paragraph {min(-gap, 3)}" if same else "lead" if index in leads else "earlier"
            before.append((where, one))
    yield from _with_nearest(_nearest(before, said), said)


def _nearest(heard: Sequence[tuple[str, Named]], said: Said) -> list[tuple[str, Named]]:
    """Those nearest to the figure on each side: hardly an article has more, and the time stays linear."""
    at = bisect_left(heard, said.start, key=lambda each: each[1].start)
    return [*heard[max(0, at - _MOST) : at], *heard[at : at + _MOST]]


def _with_nearest(heard: Sequence[tuple[str, Named]], said: Said) -> Iterator[tuple[str, Named]]:
    """The same, and the last who was named before the figure's sentence once more."""
    yield from heard
    own = [one for where, one in heard if where.startswith("own")]
    for side, ranked in (
        ("before", [one for one in reversed(own) if one.end <= said.start]),
        ("after", [one for one in own if one.start >= said.end]),
    ):
        yield from ((f"ranked {side} {index}", one) for index, one in enumerate(ranked[:2]))
    if len({one.who for one in own}) == 1:
        yield "ranked only", own[0]
    last = [one for where, one in heard if one.start < said.start and not where.startswith("own")]
    if last:
        yield "last", last[-1]
        spoke = [one for one in last if not one.how.endswith("silent")]
        if spoke:
            yield "last speaking", spoke[-1]


def _place_in_sentence(one: Named, said: Said) -> str:
    side = "before" if one.start < said.start else "after"
    gap = said.start - one.end if side == "before" else one.start - said.end
    return f"own {side} {'near' if gap <= _NEAR else 'mid' if gap <= _FAR else 'far'}"


def _fullest(names: Iterable[str]) -> dict[str, str]:
    """For each name the fullest that holds all its words: ``Rengifo Cruz`` is ``Adolfo Rengifo Cruz, Región Policial``."""
    known = {name: _words(name) for name in names}
    return {
        name: max(
            (other for other in known if words <= known[other]), key=lambda other: (len(known[other]), len(other))
        )
        for name, words in known.items()
    }


def _words(name: str) -> frozenset[str]:
    """Words of a name without the office behind it."""
    return frozenset(re.findall(r"\w+", fold(name.split(", ", maxsplit=1)[0])))


def _same(name: str, fullest: dict[str, str]) -> str | None:
    """The name in its fullest form, if the options hold it."""
    words = _words(name)
    return next((full for other, full in fullest.items() if words and words <= _words(other)), None)
