"""How many people were caught where no number says it: "detuvieron a …", "… y su pareja fueron capturados"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.events.scenes import Scene
from nlp.numbers import find_numbers
from nlp.phrases import words_of
from nlp.qualify import Sentence
from nlp.recognizers.persons.parties import are_listed
from nlp.types import Count, CountOf, Label, Mention, Person, PersonRole

Found = tuple[Count, Mention]

_STATE = r"(?:detenid|capturad|arrestad|aprehendid|apresad|atrapad|intervenid)"
_THINGS = (
    r"(?:camioneta|vehiculo|auto|automovil|bus|omnibus|moto|motocicleta|mototaxi|embarcacion|avioneta|local|inmueble|vivienda|camion"
    r"|minivan|taxi|combi|carga|droga|cargamento|mercaderia|unidad)"
)
_WAS = r"(?<!no )(?<!nunca )(?<!nadie )(?<!ninguno )(?<!ninguna )(?<!habia )\b"
_CAUGHT = re.compile(
    rf"{_WAS}(?:(?:fue|quedo|resulto|termino|acabo|ha sido|cayo) (?:[^\W\d_]+ ){{0,2}}?{_STATE}[oa]"
    rf"|(?P<several>fueron|quedaron|resultaron|terminaron|acabaron|han sido|cayeron) (?:[^\W\d_]+ ){{0,2}}?{_STATE}[oa]s)\b"
)
"""One was caught, or several were."""
_CATCHES = re.compile(
    r"(?<!no )\b(?:detuv(?:o|ieron)|detien(?:e|en)|captur(?:o|aron|a|an|ar)|arrest(?:o|aron|a|an|ar)|apres(?:o|aron)"
    r"|aprehend(?:io|ieron)|interv(?:ino|inieron|iene|ienen)|atrap(?:o|aron|a|an)|detener)\b"
    r"(?: (?!(?:que|por|tras|cuando|frente|junto|cerca|al?)\b)[^\s.,;:]+){0,6} al? "
    r"(?!(?:l[oa]s|varios|varias|miembros|integrantes|presuntos|personas|sujetos|delincuentes)\b|\d"
    rf"|(?:(?:el|la|un|una|su) )?(?:{_THINGS}|banda|organizacion|red)\b)(?=\S)"
)
"""Somebody catches one: what follows names or describes whom."""
_AND_ANOTHER = re.compile(
    r"[^.;:]{0,110}? y (?:a )?(?:su|un|una|otr[oa]) (?!banda|organizacion|red|arma|moto|vehiculo|auto|camioneta|celular|pistola)[^\W\d_]+"
)
"""After one who was caught, or before several who were: another one."""
_CALLED = r"(?: ?\([^()\n]{1,40}\)|,? (?:(?:alias|\(a\)) )?[‘'“\"«][^‘’'“”\"«»\n]{2,25}[’'”\"»]){0,2}"
_AND_MORE = re.compile(
    rf"{_CALLED},? [ye] (?:a )?(?:(?:su|un|una|otr[oa]) (?!banda|organizacion|red\b)[^\W\d_]+|(?P<more>(?:otr[oa]s )?(?P<many>[^\W_]+))"
    r" (?:personas?|sujetos?|mas|varon(?:es)?|mujer(?:es)?|hombres|individuos|adolescentes|complices)\b)"
)
"""After the names in a row: one more without a name, or so many."""
_THEM = re.compile(
    r"(?<!no )\b(?:detuv(?:o|ieron)|detien(?:e|en)|captur(?:o|aron|a|an|ar)|arrest(?:o|aron|a|an|ar)|apres(?:o|aron)|aprehend(?:io|ieron)"
    r"|interv(?:ino|inieron|iene|ienen)|atrap(?:o|aron|a|an)|detener|sorprend(?:io|ieron))\b"
    r"(?: (?!(?:que|por|tras|cuando|frente|junto|cerca|con|al?)\b)[^\s.,;:]+){0,6} al? (?:(?!(?:que|de|del|contra)\b)[^\W\d_]+ ){0,5}\Z"
    r"|\b(?:fueron|quedaron|cayeron|caen|cayo|han sido)(?: [^\W\d_]+mente)?(?: (?:detenid|capturad|arrestad|aprehendid|apresad|atrapad)[oa]s?)? (?:en [^.,;:\n]{3,40} )?\Z"
    r"|\b(?:los|las) (?:\w+ )?(?:detenid|capturad|arrestad|intervenid|aprehendid)[oa]s (?:son|fueron identificad[oa]s como|han sido identificad[oa]s como"
    r"|responden a los nombres de):? \Z"
)
"""What stands right before the names of those who were caught: ``se detuvo a los presuntos implicados ``."""
_REACH = 140
"""Characters before a name within which that stands."""
_COUPLE = re.compile(r"(?:una )?pareja\b(?! (?:de|le|lo|la)\b)")
_THING = re.compile(rf"\b{_THINGS}\b[^.;]{{0,50}}$")
"""Before what befell it: no person."""
_LONG_AGO = re.compile(
    r" (?:en (?:[^\W\d_]+ )?(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)\b"
    r"|(?:en|el) (?:el )?(?:ano )?(?:20\d\d|pasado)\b|hace [^\W\d_]+ (?:meses|anos))"
)
"""After somebody was caught: another time."""
_SCORE = 0.6
_MOST = 50
"""Nobody names a few and counts more besides."""


def caught(scene: Scene, text: str) -> Found | None:
    """The people whom a scene tells to have been caught, one by one; the sentence that tells most of them is the evidence."""
    folded = words_of(text).folded
    found = [
        each
        for sentence in scene.sentences
        if not sentence.background
        for each in _in(sentence, text, folded, retold=not scene.main)
    ]
    return max(found, key=lambda each: (each[0].value, -each[1].start), default=None)


def _in(sentence: Sentence, text: str, folded: str, *, retold: bool) -> Iterator[Found]:
    for match in _CAUGHT.finditer(folded, sentence.start, sentence.end):
        another_time = not retold and _LONG_AGO.match(folded, match.end()) is not None
        if another_time or _THING.search(folded, sentence.start, match.start()):
            continue
        many = _several(sentence, folded, match.start()) if match["several"] else 1
        if many:
            yield _count(many, text, match)
    for match in _CATCHES.finditer(folded, sentence.start, sentence.end):
        couple = _COUPLE.match(folded, match.end()) is not None
        another = _AND_ANOTHER.match(folded, match.end(), sentence.end) is not None
        yield _count(max(1 + (couple or another), _listed(sentence, text, folded, match.end())), text, match)
    for mention in sentence.mentions:
        if _may_be_caught(mention) and (
            told := _THEM.search(folded, max(sentence.start, mention.start - _REACH), mention.start)
        ):
            yield _count(_listed(sentence, text, folded, mention.start), text, told)


def _listed(sentence: Sentence, text: str, folded: str, start: int) -> int:
    """How many are named in a row from ``start`` on, with those who stand behind the names without one."""
    row: list[Mention] = []
    for mention in sentence.mentions:
        if _may_be_caught(mention) and mention.start >= start:
            last = row[-1] if row else None
            if not (are_listed((last.start, last.end), mention.start, text) if last else mention.start == start):
                break
            row.append(mention)
    if not row:
        return 0
    more = _AND_MORE.match(folded, row[-1].end, sentence.end)
    return len(row) + (_number(folded, more) if more else 0)


def _number(folded: str, more: re.Match[str]) -> int:
    """How many more are told; one where no number stands."""
    value = next((each.value for each in find_numbers(folded) if each.start == more.start("many")), 1)
    return int(value) if 0 < value < _MOST else 1


def _several(sentence: Sentence, folded: str, end: int) -> int:
    """Of several who were caught, those named or described before."""
    before = folded[sentence.start : end]
    named = [m for m in sentence.mentions if _may_be_caught(m) and m.start < end]
    return len(named) if len(named) > 1 else 2 if _AND_ANOTHER.match(before) else 0


def _may_be_caught(mention: Mention) -> bool:
    return isinstance(mention.value, Person) and mention.value.role in (PersonRole.SUSPECT, PersonRole.OTHER)


def _count(many: int, text: str, match: re.Match[str]) -> Found:
    count = Count(value=many, of=CountOf.ARRESTED)
    start, end = match.span()
    told = text[start:end].rstrip()
    mention = Mention(
        label=Label.COUNT,
        start=start,
        end=start + len(told),
        text=told,
        value=count,
        source="events/caught",
        score=_SCORE,
    )
    return count, mention
