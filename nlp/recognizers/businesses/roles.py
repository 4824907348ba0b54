"""Whether a trade is named as one that is hit, as a front of criminals, or in passing; from the words of its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.phrases import Found, Words
from nlp.recognizers.businesses.lexicon import Near, Strength, Term, near, terms
from nlp.types import BusinessRole

_SMALL = re.compile(
    r"l[ao]s?|el|un[ao]s?|otr[ao]s?|cada|sus?|est[aeo]s?|esos|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|vari[ao]s|algun[ao]s"
    r"|much[ao]s|de|decenas|cientos|mas|\d+|conocid[ao]|jovenes|joven|pequen[ao]s|humildes?|reconocid[ao]"
)
_AND = re.compile(r"(?:,| [yeou])+ (?:(?:a|de|del|en|las?|los|el|un[ao]?|hasta) )*")
"""What stands between two trades of one list."""
_REACH = {Strength.WEAK: 5, Strength.VEHICLE: 4, Strength.DRIVER: 8, Strength.MARKET: 8}
"""Words between a trade that is not sure and what is done to it."""
_ATTACKED = frozenset({Near.ATTACK})
_SHADY = frozenset({Near.SHADY})
_STRUCK = frozenset({Near.ATTACK, Near.VICTIM})
_NOT_TRADES = frozenset({"hogar", "estado"})
_STATE_REACH = 2
_AIMED_REACH = 3
_WINDOW = 60
"""Words on each side of a trade beyond which nothing is said of it, however long the sentence."""
_FRONT_REACH = 6
_CAUGHT_AT = re.compile(
    r"\b(?:intervenid[oa]s?|intervin(?:o|ieron)|capturad[oa]s?|captur(?:o|aron)|detenid[oa]s?|detuv(?:o|ieron)|arrestad[oa]s?|rastre(?:o|aron)"
    r"|se (?:escond|ocult|refugi|hosped|aloj)\w+|oculto|ocultos|hospedad[oa]s?|alojad[oa]s?|pernoct\w+|llegar|rescat(?:o|aron|ad[oa]s?)|liber(?:o|aron|ad[oa]s?)|cautiv[oa]s?|cautiverio|abandonad[oa]s?)"
    r"(?: [^\s.,;:]+){0,8}? (?:en|a|dentro de|interior de|hasta)(?: (?:un|una|el|la))?(?: (?:lujos|exclusiv|conocid|modest|pequen)[oa])? ?\Z"
)
"""Before where somebody was caught, or stayed: "intervenidos la madrugada dentro de un hotel"."""
_STAYED = re.compile(
    r"(?: [^\s.,;:]+){0,5},? (?:en (?:el|la) (?:que|cual)|(?:en )?donde) (?:[^\s.,;:]+ ){0,3}?(?:hosped|aloj|escond|ocult|refugi|pernoct|habitacion|reservad)"
)
"""After where somebody stayed: "un hotel de la calle Sucre donde habían reservado tres habitaciones"."""
NEXT_DOOR = re.compile(
    r" (?:vecin[oa]s?|contigu[oa]s?|colindantes?|aledan[oa]s?|adyacentes?|(?:de al|del|de) (?:lado|costado|frente))\b"
)
"""After what stands beside the place that was struck, and was damaged with it at most."""
_WORKS = re.compile(r"bocaminas?|socavon(?:es)?|maquinarias?\b.*|dragas?")
_RAIDED = re.compile(
    r"\b(?:destru|incaut|intervin|interven|interdi|dinamit|inutiliz|hall|encontr|ubic|ilegal|clandestin|volaron|elimin|decomis|allan|operativo)"
)
"""Said of the works of illegal miners, which are nobody's business."""
_CAUGHT_REACH = 110
_DOES = re.compile(
    r"(?: de (?:taxi|combi|bus|mototaxi|aplicativo|colectivo|omnibus))?(?: ebrio)?(?:,? que|,? quien)? (?:asalt(?:aba|o)|rob(?:aba|o)|viol(?:aba|o)|abus\w+|estaf\w+"
    r"|mat(?:o|a)|asesin(?:o|a)|agred\w+|golpe(?:o|a)|atropell(?:o|a)|arroll(?:o|a)|secuestr(?:o|aba)|extorsionaba|captaba|acos\w+|ebrio)\b"
)
"""After who did it: "taxista que asaltaba a sus pasajeros"."""
_DONE_BY = re.compile(
    r"\b(?:por parte del?(?: un)?|(?:golpead|agredid|atropellad|asesinad|violad|ultrajad|arrollad|asaltad)[oa]s? por(?: el| un| su)?|fals[oa]s?"
    r"|(?:captur|deten|detien|detuv|arrest|conden|sentenci)\w+ (?:al|a un|a|contra un)|cae|cayo) \Z"
)
"""Before who did it, or was caught: "agredida por parte de un", "detienen a"."""
_DONE_BY_REACH = 40
_AT = re.compile(
    r"\b(?:en|dentro|interior|exteriores|afuera|afueras|puertas?|frontis|entrada|entr(?:o|aron)|ingres\w+|irrump\w+|llegaron|llego|apersonaron|acud\w+)"
    r"(?: (?:a|al|de|del|en|hasta))*(?: (?:un|una|el|la|este|ese|dicho|dicha|conocid[oa]|concurrid[oa]|reconocid[oa]|local|tipo|denominad[oa]))*[ “\"‘'«]*\Z"
)
"""Right before where something happened: "dentro del", "irrumpieron en un conocido"."""
_AT_REACH = 60
_OBJECT_REACH = 8
"""Words between an attack and the trade that it is aimed at: "atacaron a balazos ayer un restaurante"."""
_LISTED = 3
"""So many trades in one sentence of a crime report are a list of those hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The trades of a text, the words around them, and its sentences."""

    words: Words
    hits: tuple[Found[Term], ...]
    hit_firsts: tuple[int, ...]
    hit_ends: tuple[int, ...]
    cues: tuple[Found[Near], ...]
    firsts: tuple[int, ...]
    sentence_firsts: tuple[int, ...]
    """Index of the first word of each sentence."""


def scene(words: Words, sentence_starts: Sequence[int]) -> Scene:
    """Find the trades and cues of a text. ``sentence_starts`` are offsets, ascending."""
    cues = near().find(words)
    hits = terms().find(words)
    return Scene(
        words=words,
        hits=hits,
        hit_firsts=tuple(hit.first for hit in hits),
        hit_ends=tuple(hit.end for hit in hits),
        cues=cues,
        firsts=tuple(cue.first for cue in cues),
        sentence_firsts=tuple(bisect_left(words.starts, start) for start in sentence_starts),
    )


def role_of(hit: Found[Term], around: Scene, *, extortion: bool) -> BusinessRole | None:
    """The part that this trade plays here; ``None`` when the word is no trade here.

    ``extortion``: the article is about extortion, so that a trade named without more is a victim's.
    """
    sentence = _sentence(hit, around)
    cues = _cues_between(*sentence, around)
    trade = hit.value.strength not in _REACH or hit.value.strength is Strength.VEHICLE
    if trade and any(cue.value is Near.FRONT and 0 <= hit.first - cue.after <= _FRONT_REACH for cue in cues):
        return BusinessRole.FRONT
    struck = _distance(hit, cues, _ATTACKED if hit.value.business.category in _NOT_TRADES else _STRUCK)
    aside = _right_before(hit, cues, Near.ASIDE, around)
    if hit.value.strength in _REACH:
        aside = aside or _right_before(hit, cues, Near.PLACE, around)
        hit_too = _is_hit(hit, struck, sentence, around) or (extortion and _beside_sure(hit, around))
        return BusinessRole.VICTIM if not aside and hit_too else None
    shady = _distance(hit, cues, _SHADY)
    if shady is not None and (struck is None or shady < struck):
        return BusinessRole.FRONT
    if aside:
        return BusinessRole.CONTEXT if struck is not None and struck <= _AIMED_REACH else None
    if struck is not None or extortion or _listed(sentence, around) or _struck_beside(sentence, around):
        return BusinessRole.VICTIM
    return BusinessRole.CONTEXT


def is_passed(hit: Found[Term], around: Scene) -> bool:
    """Whether the trade only tells where somebody was, came from, stayed or was caught, what police raided, or whom robbers pretended to be."""
    cues = _cues_between(*_sentence(hit, around), around)
    if _right_before(hit, cues, Near.PASSED, around):
        return True
    folded = around.words.folded
    if _WORKS.fullmatch(folded, hit.start, hit.end) and _is_raided(hit, around):
        return True
    caught = _CAUGHT_AT.search(folded, max(0, hit.start - _CAUGHT_REACH), hit.start)
    return caught is not None or _STAYED.match(folded, hit.end) is not None


def does_it(folded: str, start: int, end: int) -> bool:
    """Whether somebody is named by a trade as the one who did it, or was caught: no crime hit the trade."""
    return (
        _DOES.match(folded, end) is not None
        or _DONE_BY.search(folded, max(0, start - _DONE_BY_REACH), start) is not None
    )


def _is_raided(hit: Found[Term], around: Scene) -> bool:
    first, after = _sentence(hit, around)
    starts, ends = around.words.starts, around.words.ends
    return _RAIDED.search(around.words.folded, starts[first], ends[after - 1]) is not None


def places_of(around: Scene) -> frozenset[str]:
    """Categories of the trades that are but places where something happened: "asesinado dentro de un", nowhere "el dueño de un", "balearon un"."""
    folded = around.words.folded
    at = [hit for hit in around.hits if _AT.search(folded, max(0, hit.start - _AT_REACH), hit.start)]
    meant = (hit for hit in around.hits if hit not in at and (_is_owned(hit, around) or _is_attacked(hit, around)))
    return frozenset(map(_category, at)).difference(map(_category, meant))


def _is_attacked(hit: Found[Term], around: Scene) -> bool:
    cues = _cues_between(*_sentence(hit, around), around)
    return any(cue.value is Near.ATTACK and 0 <= hit.first - cue.after <= _OBJECT_REACH for cue in cues)


def _category(hit: Found[Term]) -> str:
    return hit.value.business.category


def _is_owned(hit: Found[Term], around: Scene) -> bool:
    return _right_before(hit, _cues_between(*_sentence(hit, around), around), Near.OWNER, around)


def _beside_sure(hit: Found[Term], around: Scene) -> bool:
    """Whether the word is listed with a sure trade: "grifos, boticas y colegios"."""
    if hit.value.strength is not Strength.WEAK or hit.value.business.category in _NOT_TRADES:
        return False
    at = bisect_left(around.hit_firsts, hit.first)
    neighbours = [(around.hits[at - 1], hit)] if at else []
    neighbours += [(hit, around.hits[at + 1])] if at + 1 < len(around.hits) else []
    return any(
        Strength.SURE in (one.value.strength, other.value.strength)
        and _AND.fullmatch(around.words.folded, one.end, other.start) is not None
        for one, other in neighbours
    )


def _is_hit(hit: Found[Term], struck: int | None, sentence: tuple[int, int], around: Scene) -> bool:
    """Whether a word that is not sure to be a trade is near enough to what is done to it."""
    owned = _is_owned(hit, around)
    if struck is None:
        return owned and hit.value.strength is Strength.WEAK and _struck_beside(sentence, around)
    category = hit.value.business.category
    if category == "hogar":
        return owned and struck <= _AIMED_REACH
    if category == "estado":
        return struck <= _STATE_REACH
    return owned or struck <= _REACH[hit.value.strength]


def _struck_beside(sentence: tuple[int, int], around: Scene) -> bool:
    """Whether the sentence before or after says that somebody is hit."""
    at = bisect_right(around.sentence_firsts, sentence[0])
    before = around.sentence_firsts[at - 2] if at >= 2 else 0
    after = around.sentence_firsts[at + 1] if at + 1 < len(around.sentence_firsts) else len(around.words.words)
    before, after = max(before, sentence[0] - _WINDOW), min(after, sentence[1] + _WINDOW)
    return any(cue.value in _STRUCK for cue in _cues_between(before, after, around))


def _cues_between(first: int, after: int, around: Scene) -> Sequence[Found[Near]]:
    return around.cues[bisect_left(around.firsts, first) : bisect_left(around.firsts, after)]


def _sentence(hit: Found[Term], around: Scene) -> tuple[int, int]:
    at = bisect_right(around.sentence_firsts, hit.first)
    first = around.sentence_firsts[at - 1] if at else 0
    after = around.sentence_firsts[at] if at < len(around.sentence_firsts) else len(around.words.words)
    return max(first, hit.first - _WINDOW), min(after, hit.after + _WINDOW)


def _distance(hit: Found[Term], cues: Sequence[Found[Near]], kinds: frozenset[Near]) -> int | None:
    """Words between the trade and the nearest word that says that somebody is hit."""
    gaps = [
        hit.first - cue.after if cue.after <= hit.first else cue.first - hit.after
        for cue in cues
        if cue.value in kinds and (cue.after <= hit.first or cue.first >= hit.after)
    ]
    return min(gaps, default=None)


def _right_before(hit: Found[Term], cues: Sequence[Found[Near]], kind: Near, around: Scene) -> bool:
    for cue in cues:
        if cue.value is kind and 0 <= hit.first - cue.after <= 3:
            between = around.words.words[cue.after : hit.first]
            if all(_SMALL.fullmatch(word) for word in between):
                return True
    return False


def _listed(sentence: tuple[int, int], around: Scene) -> bool:
    first, after = sentence
    hits = around.hits[bisect_left(around.hit_firsts, first) : bisect_left(around.hit_firsts, after)]
    inside = [each for each in hits if each.value.strength is Strength.SURE]
    return len({each.value.business.type for each in inside}) >= _LISTED
