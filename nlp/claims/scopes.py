"""Which area a figure may be of: the places around it, what contains them, the speaker's own area, the country, none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp.claims.areas import AREA_WORDS, IN_AREA, MACRO_REGION, NATIONWIDE, REGIONS, coded
from nlp.claims.article import Article
from nlp.claims.attribution import Said, same_paragraph, scope_of
from nlp.claims.bare import PARTS
from nlp.claims.cohesion import Bond, bond
from nlp.claims.enumerations import partner
from nlp.claims.options import Choice, Option, merged
from nlp.claims.sources import is_national, kind_of
from nlp.gazetteer import PERU
from nlp.lexicon import fold, fold_keeping_length
from nlp.numbers import find_numbers
from nlp.qualify import Sentence, Zone
from nlp.types import Label, Place, PlaceRole

_REACH = 5
"""Sentences before the figure's that are asked."""
_LEAD = 2
_OFFICE_REACH = 60
"""Characters between a place and who speaks for it."""
_LABEL = re.compile(r"\s?[(:,]?\s?(?:con |sum\w+ |registr\w+ |concentr\w+ |acumul\w+ |tuvo |a |fueron )?\W{0,2}")
"""Between a place and its figure in a list: ``Callao (214)``, ``Piura, con 78``."""
_JOINED = re.compile(r",? (?:y|e) (?:el |la )?|, ")
_CAPITAL = re.compile(
    r"\b(?:en|de) la capital\b(?! (?:de|del|liberten|piuran|arequipen|cusquen|loretan|region))|\bla capital (?:registr|concentr|sum)"
)
_CALLED = (
    (
        "1501",
        re.compile(
            r"\b(?<!fuera de )(?:la|esta) capital\b(?! (?:de|del|liberten|piuran|arequipen|cusquen|loretan|region))"
        ),
    ),
    ("07", re.compile(r"\b(?:la |esta )?(?:provincia constitucional|primer puerto)\b(?! del callao)")),
)
"""Areas that are told without their name."""
_PART_OF_COUNTRY = re.compile(
    r"\b(?:el|del|al) (?:sur|norte|centro|oriente)\b(?! (?:de lima|chico))|\b(?:macrorregion|amazonia|vraem|selva|altiplano)\b"
    r"|\b(?:tres|cuatro|cinco|seis|siete|ocho|nueve|diez) regiones\b"
)
"""An article may be of an area that no code stands for."""
_MACRO_BEFORE = re.compile(
    r"\ben (?:el|la) (?:sur|norte|centro|oriente|interior|selva|sierra|costa)\b(?! de lima)(?: del (?:pais|peru))?,?[^.,;:\d]{0,35}$"
)
"""Right before a figure: an area that no code stands for."""
_OF_PERU = re.compile(r"\b[A-ZÁÉÍÓÚÑ]\w+ (?:del|de|en el) Perú\b")
"""The name of a national institution."""
_NATIONWIDE_REACH = 60
"""Characters between a figure and "en todo el país"."""
_TOGETHER = re.compile(
    r"\b(?:concentran|reunen|suman|acumulan|representan|agrupan|registran) (?:juntas |juntos )?(?:mas |casi |cerca )?(?:del? )?(?:el |un )?$"
)
"""Before a share that several places make up."""
_JUST_BEHIND = re.compile(r",? (?:es decir, |o sea, )?(?:un |el )?")
_MORE_THAN = re.compile(r" (?:mas|menos)\b|,? (?:respecto|frente|en comparacion)\b")
_APART = re.compile(r"[;.:\d]")
_FEW_REGIONS = 3
_METROPOLIS = "1501"
_DIGITS = (2, 4)
_LETTERS = {2: "region", 4: "province", 6: "district"}


_POINTS = re.compile(
    r"\b(?:aqui|alli|ahi|alla|aca|en (?:la|esta|esa|dicha) (?:zona|ciudad|jurisdiccion|localidad|urbe)|en (?:el|este|ese|dicho) (?:sector|lugar|penal|establecimiento|mercado|complejo))\b(?! del?\b)"
)
"""Words that point at a place named before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A figure whose area is asked for, and what is seen of its sentence whatever the option."""

    said: Said
    here: Sentence
    told: str
    """The sentence, folded."""
    places: Sequence[tuple[str, str]]
    """Where places stand, with their codes."""
    spoken: Sequence[tuple[str, str]]
    """Codes of the speaker's own areas, with how they are told."""
    part: str
    """Where the article speaks of a part of the country: in its ``title``, ``lead`` or ``nowhere``."""
    area: str | None
    """"provincia", where the sentence says "en la provincia"."""
    regions: frozenset[str]
    """Codes of the regions that the article names as such: "la región Piura"."""

    section: str
    """Whether what stands above the figure under its heading names a place: ``placed``, ``placeless``, else ``headless``."""

    @property
    def points(self) -> bool:
        """Whether the sentence points at a place that was named before."""
        return _POINTS.search(self.told) is not None

    @property
    def state(self) -> str:
        """What the article is."""
        return "figures" if self.said.figures else "story"

    @property
    def own(self) -> bool:
        """Whether the sentence names a place."""
        return any(where.startswith("own") for where, _ in self.places)


def scope_beside(said: Said, article: Article) -> Choice | None:
    """An area that nothing else can outweigh: the country beside "en todo el país", none behind "en el norte" and its like."""
    here = article.sentences[said.position]
    macro = _MACRO_BEFORE.search(article.folded, here.start, said.start)
    if macro is not None and not any(macro.start() < spot.end <= said.start for spot in _spots(here, article)):
        return Choice(value=None, score=1.0)
    if _is_told_nationwide(said, here, article):
        return Choice(value=PERU, score=1.0)
    return _of_joint_share(said, here, article) or _of_growth(said, here, article)


def _of_joint_share(said: Said, here: Sentence, article: Article) -> Choice | None:
    """What several places that make up a share together lie in: "Lima, La Libertad y Piura concentran el 69 %"."""
    codes = [spot.code for spot in _spots(here, article) if spot.end <= said.start]
    together = said.share and _TOGETHER.search(article.folded, here.start, said.start) is not None
    if not together or len(codes) < 2 or not all(code.isdigit() for code in codes):
        return None
    shared = next((digits for digits in (4, 2) if len({code[:digits] for code in codes}) == 1), 0)
    return Choice(value=codes[0][:shared] or PERU, score=1.0)


def _of_growth(said: Said, here: Sentence, article: Article) -> Choice | None:
    """The area of the figure right before a share that tells how much more that is: "1 320 asesinatos, 18 % más que en 2024"."""
    before = said.before
    if before is None or not said.share or before.start < here.start:
        return None
    behind = _JUST_BEHIND.fullmatch(article.folded, before.end, said.start)
    more = behind is not None and _MORE_THAN.match(article.folded, said.end, here.end)
    return Choice(value=before.scope, score=1.0) if more else None


def _is_told_nationwide(said: Said, here: Sentence, article: Article) -> bool:
    """Whether the sentence names the whole country right before a figure, or behind one that is no share of it."""
    for match in NATIONWIDE.finditer(article.folded, here.start, here.end):
        before = match.end() <= said.start
        first, last = (match.end(), said.start) if before else (said.end, match.start())
        labelled = article.folded.startswith(")", said.end)
        if (not before and (said.share or labelled)) or not 0 <= last - first <= _NATIONWIDE_REACH:
            continue
        spots = any(first < spot.end and spot.start < last for spot in _spots(here, article))
        if not spots and not _APART.search(article.folded, first, last):
            return True
    return False


def scope_options(said: Said, article: Article) -> list[Option]:
    """The areas that a figure may be of, with what speaks for each. ``region``: what the outlet writes for."""
    here = article.sentences[said.position]
    told = article.told(here)
    area = AREA_WORDS.search(told)
    asked = _Asked(
        said=said,
        here=here,
        told=told,
        places=list(_places(said, article)),
        spoken=_spoken_area(said.speaker, article),
        part=_part_told(article),
        area=area["area"] if area else None,
        section=_section(here, article),
        regions=frozenset(code for code in _codes(article) if len(code) == _DIGITS[0] and code.isdigit()),
    )
    cue, how = scope_of(said, article)
    names = ["cue", f"cue {how}", f"cue {how} {asked.state}", f"cue {asked.state}", f"cue size {_size(cue)}"]
    options = [
        *_of_places(asked),
        *_of_company(asked, article),
        _of_country(asked, article),
        _of_nothing(asked),
        _option(cue, [*names, f"cue {how} size {_size(cue)}"]),
    ]
    return merged(options)


def _of_places(asked: _Asked) -> Iterator[Option]:
    """The places around the figure, and what contains them."""
    state, own, source = asked.state, asked.own, kind_of(asked.said.speaker)
    kin = f"beside region {any(len(code) == _DIGITS[0] and code.isdigit() for _, code in coded(asked.here))}"
    for where, code in asked.places:
        beside, size = where.split()[0], _size(code)
        names = ["somewhere", f"at {where}", f"at {where} {state}", f"at {where} own {own}", f"size {size}"]
        names += [f"{state} size {size}", f"at {where} size {size}", f"{source} size {size}"]
        names += [f"at {beside} {source} own {own}", f"{beside} size {size} {kin}"]
        names.append(f"{beside} size {size} region named {code[:2] in asked.regions}")
        yield _option(code, names)
        for digits in _DIGITS:
            if code.isdigit() and len(code) > digits:
                wide = _LETTERS[digits]
                around = f"{wide} around {beside}"
                names = ["around", around, f"{around} {state}", f"{around} own {own}", f"{around} of {size}"]
                names += [f"{wide} told {asked.area}", f"{wide} around {source}"]
                names += [f"{around} of {size} {kin}", f"{around} of {size} {source}"]
                names.append(f"{around} of {size} region named {code[:2] in asked.regions}")
                yield _option(code[:digits], names)


def _of_company(asked: _Asked, article: Article) -> Iterator[Option]:
    """The area of the figure before, when it is carried on; the speaker's; what places share; the capital; the outlet's."""
    state, own, said, region = asked.state, asked.own, asked.said, article.region
    tie = bond(said, article)
    carried = same_paragraph(said, article) and (said.form in PARTS or tie is not Bond.NONE)
    if carried and said.before is not None:
        names = [
            "before",
            f"before {said.form}",
            f"before {said.form} own {own}",
            f"before {tie}",
            f"before {tie} own {own}",
        ]
        yield _option(said.before.scope, names)
    if said.before is not None:
        voice = "same" if said.before.speaker == said.speaker else "another"
        near = f"{said.standing(article)} {voice} voice own {own}"
        names = [f"carried {near}", f"carried {near} {state}", f"carried {near} {said.form}"]
        yield _option(said.before.scope, names)
    for code, how in asked.spoken:
        yield _option(code, ["somewhere", f"speaker {how}", f"speaker {how} {state}", f"speaker {how} own {own}"])
    for code, size in _common(asked.here):
        yield _option(code, ["around", f"common {size}", f"common {size} {state}"])
    if _CAPITAL.search(asked.told):
        yield _option(_METROPOLIS, ["somewhere", "capital told", f"capital own {own}"])
    if region is not None:
        yield _option(region, ["somewhere", "outlet", f"outlet {state}", f"outlet own {own}"])


def _of_country(asked: _Asked, article: Article) -> Option:
    said, state, own = asked.said, asked.state, asked.own
    source, national = kind_of(said.speaker), is_national(said.speaker) if said.speaker else None
    kind = "share" if said.share else "money" if said.money else "cases" if said.cases else "other"
    told_title = [article.told(sentence) for sentence in article.titles]
    nationwide = any(NATIONWIDE.search(each) or REGIONS.search(each) for each in told_title)
    local = any(coded(sentence) for sentence in article.titles)
    found = NATIONWIDE.search(asked.told)
    regions = min(len(_regions(article)), _FEW_REGIONS)
    names = [state, kind, f"own {own}", f"speaker {national}", f"speaker {national} own {own}", f"{source} own {own}"]
    names += [f"{source} {state}", f"told {found is not None}", f"title {nationwide}", f"area {asked.area is not None}"]
    names += [
        f"outlet {article.region is None}",
        f"outlet {article.region is None} speaker {national}",
        f"spoken {bool(asked.spoken)}",
    ]
    names += [f"title local {local} {state}", f"title local {local} speaker {national}"]
    names += [f"part {asked.part}", f"part {asked.part} own {own}"]
    names += [
        f"section {asked.section} own {own}",
        f"section {asked.section} {source} own {own}",
        f"points {asked.points}",
    ]
    named = _OF_PERU.search(article.text, asked.here.start, asked.here.end) is not None
    names += [f"institution {named}", f"institution {named} own {own}", f"institution {named} title local {local}"]
    names += [f"regions {regions} {state}", f"regions {regions} own {own}", f"regions {regions} speaker {national}"]
    if found is not None:
        side = "before" if asked.here.start + found.start() < said.start else "after"
        names.append(f"told {side} own {own}")
    return _option(PERU, ["country", *(f"country {name}" for name in names)])


def _of_nothing(asked: _Asked) -> Option:
    """No code stands for it: "en el sur", or several regions."""
    macro = MACRO_REGION.match(asked.told, asked.said.end - asked.here.start) is not None
    regions = {code[:2] for _, code in coded(asked.here)}
    before = _MACRO_BEFORE.search(asked.told, 0, asked.said.start - asked.here.start) is not None
    names = [asked.state, f"macro {macro}", f"own {asked.own}", f"regions {min(len(regions), 4)}"]
    names += [f"area {asked.area is not None}", f"part {asked.part}", f"part {asked.part} own {asked.own}"]
    names += [f"part {asked.part} {asked.state}"]
    if before:
        names.append("macro before")
    return _option(None, ["nowhere", *(f"nowhere {name}" for name in names)])


def _section(here: Sentence, article: Article) -> str:
    section = article.section(here)
    return ("placed" if any(coded(sentence) for sentence in section) else "placeless") if section else "headless"


@lru_cache(maxsize=2)
def _regions(article: Article) -> frozenset[str]:
    """Codes of the regions, and of other countries, in which an article names places."""
    return frozenset(code[:2] for code in _codes(article))


@lru_cache(maxsize=2)
def _codes(article: Article) -> frozenset[str]:
    """Codes of all places that an article names."""
    return frozenset(code for sentence in article.sentences for _, code in coded(sentence))


@lru_cache(maxsize=2)
def _part_told(article: Article) -> str:
    for where, listed in (("title", article.titles), ("lead", article.body[:_LEAD])):
        if any(_PART_OF_COUNTRY.search(article.folded, sentence.start, sentence.end) for sentence in listed):
            return where
    return "nowhere"


def _common(here: Sentence) -> Iterator[tuple[str, str]]:
    """The province or region that several places of the sentence share."""
    codes = {code for _, code in coded(here)}
    for digits in _DIGITS:
        shared = {code[:digits] for code in codes}
        if len(codes) > 1 and len(shared) == 1 and all(code.isdigit() and len(code) > digits for code in codes):
            yield shared.pop(), _LETTERS[digits]


def _option(code: str | None, names: Sequence[str]) -> Option:
    return Option(value=code, features=dict.fromkeys(names, 1.0))


def _size(code: str | None) -> str:
    if code is None:
        return "none"
    return _LETTERS.get(len(code), "other") if code.isdigit() else "country" if code == PERU else "abroad"


def _places(said: Said, article: Article) -> Iterator[tuple[str, str]]:
    """Codes of places with where they stand: beside the figure, before, in the paragraph, the title, the lead."""
    here = article.sentences[said.position]
    yield from _own_places(said, here, article)
    earlier = [s for s in article.sentences[max(0, here.index - _REACH) : here.index] if s.zone is Zone.BODY]
    nearest = True
    for sentence in reversed(earlier):
        codes = [code for _, code in coded(sentence)]
        where = "paragraph" if sentence.paragraph == here.paragraph else "earlier"
        for index, code in enumerate(codes):
            yield f"{where} {'first' if index == 0 else 'last' if index == len(codes) - 1 else 'mid'}", code
            yield f"{where} role", code
        if codes and nearest:
            nearest = False
            yield "nearest first", codes[0]
            yield "nearest last", codes[-1]
            if len(codes) == 1:
                yield "nearest only", codes[0]
    yield from _main_places(article)


@lru_cache(maxsize=2)
def _main_places(article: Article) -> Sequence[tuple[str, str]]:
    """Codes of the places of the title and the lead, with where they stand, and the one that is named most."""
    found = []
    for sentence in article.titles:
        codes = [code for _, code in coded(sentence)]
        found += [(f"title {'only' if len(codes) == 1 else 'one'}", code) for code in codes]
    for sentence in article.body[:_LEAD]:
        found += [
            (f"lead {'first' if not index else 'other'}", code) for index, (_, code) in enumerate(coded(sentence))
        ]
    counted = Counter(code for sentence in article.sentences for _, code in coded(sentence))
    if counted:
        found.append(("most", max(counted, key=lambda code: counted[code])))
    return found


class _Spot(NamedTuple):
    """Where a sentence names an area, by its name or as "la capital"."""

    start: int
    end: int
    code: str
    role: PlaceRole


def _spots(here: Sentence, article: Article) -> list[_Spot]:
    named = [
        _Spot(m.start, m.end, m.value.ubigeo, m.value.role)
        for m in here.mentions
        if isinstance(m.value, Place) and m.value.ubigeo
    ]
    called = [
        _Spot(match.start(), match.end(), code, PlaceRole.CONTEXT)
        for code, pattern in _CALLED
        for match in pattern.finditer(article.folded, here.start, here.end)
        if not any(spot.start < match.end() and match.start() < spot.end for spot in named)
    ]
    return sorted([*named, *called])


def _own_places(said: Said, here: Sentence, article: Article) -> Iterator[tuple[str, str]]:
    text, mentions = article.text, _spots(here, article)
    before = [m for m in mentions if m.end <= said.start]
    after = [m for m in mentions if m.start >= said.end]
    numbers = [n for n in find_numbers(article.folded) if here.start <= n.start < here.end]
    turn = _in_turn(said, here, mentions, article)
    for mention in mentions:
        code = mention.code
        side = "before" if mention in before else "after"
        gap = text[mention.end : said.start] if side == "before" else text[said.end : mention.start]
        yield f"own {side}", code
        if turn is not None:
            yield f"own {'in' if mention is turn else 'out of'} turn", code
        yield f"own {side} {'near' if len(gap) < 20 else 'mid' if len(gap) < 60 else 'far'}", code
        yield f"own {side} figures {min(len(re.findall(r'[0-9][0-9.,]*', gap)), 2)}", code
        yield f"own role {mention.role}", code
        yield f"own count {min(len(mentions), 3)}", code
        labels = IN_AREA.match(gap) if side == "after" else _LABEL.fullmatch(fold_keeping_length(gap))
        if labels and (turn is None or mention is turn):
            yield "own in" if side == "after" else "own label", code
        if re.search(r"[;.]", gap):
            yield f"own {side} other clause", code
        clean = f"numbers {min(sum(1 for n in numbers if mention.end <= n.start < said.start or said.end <= n.start < mention.start), 2)}"
        yield f"own {side} {clean}", code
        if mention is (before[-1] if before else None):
            yield "own last before", code
            yield f"own last before {clean}", code
            yield f"own last before {'some after' if after else 'none after'}", code
        if mention is (after[0] if after else None):
            yield "own first after", code
            yield f"own first after {clean}", code
            yield f"own first after {'some before' if before else 'none before'}", code
        following = next((m for m in mentions if m.start > mention.end), None)
        preceding = next((m for m in reversed(mentions) if m.end < mention.start), None)
        if following is not None and _JOINED.fullmatch(text[mention.end : following.start]):
            yield f"own {side} joined first", code
        elif preceding is not None and _JOINED.fullmatch(text[preceding.end : mention.start]):
            yield f"own {side} joined last", code
        if not re.search(r"\w{3,}", text[here.start : mention.start]):
            yield "own opens", code


def _in_turn(said: Said, here: Sentence, mentions: Sequence[_Spot], article: Article) -> _Spot | None:
    """The place of a figure in a row of places and figures."""
    stretches = [(m.start - here.start, m.end - here.start) for m in mentions]
    folded = article.told(here)
    found = partner(said.start - here.start, said.end - here.start, folded, stretches)
    return mentions[found] if found is not None else None


@lru_cache(maxsize=256)
def _spoken_area(speaker: str | None, article: Article) -> Sequence[tuple[str, str]]:
    """Areas in the name or beside the name of who speaks: ``Región Policial La Libertad``."""
    if not speaker:
        return []
    name = f" {fold(speaker)} "
    person = fold(speaker.split(", ", maxsplit=1)[0])
    return [
        (place.code, "name" if f" {place.name} " in name else "office")
        for place in _told_places(article)
        if f" {place.name} " in name or any(each in person for each in place.beside)
    ]


class _ToldPlace(NamedTuple):
    """A place that an article names, with the people whom it is named beside; names are folded."""

    code: str
    name: str
    beside: frozenset[str]


@lru_cache(maxsize=2)
def _told_places(article: Article) -> Sequence[_ToldPlace]:
    """Each once, in text order."""
    found: dict[_ToldPlace, None] = {}
    for sentence in article.sentences:
        people = [m for m in sentence.mentions if m.label is Label.PERSON]
        for mention in sentence.mentions:
            if isinstance(mention.value, Place) and mention.value.ubigeo:
                beside = frozenset(fold(m.text) for m in people if abs(m.start - mention.end) < _OFFICE_REACH)
                found[_ToldPlace(mention.value.ubigeo, fold(mention.text), beside)] = None
    return list(found)
