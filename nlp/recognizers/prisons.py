"""Names of prisons -> :class:`~nlp.types.Prison`: after a head ("penal de …"), or alone where the name is a prison's only.

"el penal" by itself names none. A place inside a prison's name is no place of its own: ``prison_spans`` tells the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from nlp.gazetteer import Kind, gazetteer
from nlp.lexicon import fold, read_table, split_cell
from nlp.patterns import PatternTable
from nlp.phrases import Covered, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.types import Label, Mention, Prison

_HEAD = PatternTable(
    [
        r"""
    (?P<head>
        (?P<penal>penal(?:es)?)
      | establecimientos?[^\S\n]+penitenciarios? | centros?[^\S\n]+penitenciarios? | complejo[^\S\n]+penitenciario | (?<!i\.)e\.?[^\S\n]?p\.
      | reclusorio | presidio
      | (?P<juvenile>centro[^\S\n]+juvenil(?:[^\S\n]+de[^\S\n]+(?:diagnóstico[^\S\n]+y[^\S\n]+)?rehabilitación)? | correccional | reformatorio)
      | (?P<weak>cárcel(?:es)? | prisi[oó]n(?:es)?)
      | (?P<annex>anexo(?=[^\S\n]+(?:de[^\S\n]+)?mujeres))
    )
    (?:[^\S\n]+modelo)?
    (?:[^\S\n]+de[^\S\n]+(?:máxima|alta|mediana|mínima)[^\S\n]+seguridad)?
    (?:[^\S\n]+(?:de[^\S\n]+|para[^\S\n]+)?(?P<women>mujeres)|[^\S\n]+(?:de[^\S\n]+|para[^\S\n]+)?varones)?
    (?:[^\S\n]+(?-i:del?|DEL?|la|el|en|llamad[oa])){0,3}
    [^\S\n]+["“‘'«]?(?:ex[^\S\n]+)?(?=(?-i:[A-ZÁÉÍÓÚÑ]))
    """
    ],
    flags=re.VERBOSE | re.IGNORECASE,
    cased=True,
)
_HELD = PatternTable(
    [
        r"(?:pres[oa]s?|recluid[oa]s?|intern[oa]s?|reclus[oa]s?|encarcelad[oa]s?|en cana|celdas?|requisas?|prisión preventiva"
        r"|pabell[oó]n(?:es)?(?: (?:N\.? ?°? ?)?\d{1,2}| [A-D])?)[ \u00a0](?:en|de|desde)[ \u00a0](?-i:el[ \u00a0](?:de[ \u00a0]|ex[ \u00a0])?)?"
        r"(?=(?-i:[A-ZÁÉÍÓÚÑ]))"
    ],
    flags=re.IGNORECASE,
    cased=True,
)
"""Words of being held, after which the name of a prison needs no head: "preso en El Milagro", "el pabellón 2 de Quencoro"."""
_INSIDE = re.compile(
    r"\b(?:INPE|pabell[oó]n|pabellones|celdas?|reclus[oa]s?|ex-?intern[oa]s?|intern[oa]s|reos?|ex-?reos?|pres[oa]s?|penales|carcel\w+"
    r"|requisas?|hacinamiento|excarcel\w+|cumplió (?:su )?condena)\b(?! de [A-ZÁÉÍÓÚÑ])",
    re.IGNORECASE,
)
"""Words of life in prison; a prison that has its own name beside the word is another one."""
_ENTERED = re.compile(
    r"\b(?:hab[ií]a salido|sali[oó](?: hace [^,.;\n]{3,25}?)?|traslad\w+(?: en \w+)?|recluid[oa]s?|internad[oa]s?|fugad[oa]s?|fug(?:ó|aron)"
    r"|llevad[oa]s?|enviad[oa]s?|derivad[oa]s?|estuvo [^,.;\n]{3,20}?|visita(?:ba)? a su \w+|encarcelad[oa]s?) (?:de|desde|a|en|hacia) \Z",
    re.IGNORECASE,
)
_TOWARDS = re.compile(
    r"(?:\b(?:en|desde|de|a|hacia)[ \u00a0](?:el[ \u00a0](?:de[ \u00a0])?)?|[:,][ \u00a0]|\by[ \u00a0])\Z",
    re.IGNORECASE,
)
_OF_PLACE = re.compile(
    r"\b(?:distrito|sector|centro poblado|zona|barrio|vecin[oa]s|pobladores|pueblo|caser[ií]o|mercado|comisar[ií]a|municipalidad|municipio"
    r"|alcalde(?:sa)?|playa|balneario|avenida|jir[oó]n|calle|urbanizaci[oó]n|parroquia|juzgado|corte|fiscal[ií]a|San Juan|puente|[oó]valo|campo|cerro)"
    r"(?: \w+)?(?: del?)? \Z",
    re.IGNORECASE,
)
_WITHIN_NAME = re.compile(r"[A-ZÁÉÍÓÚÑ]\w+ del? \Z")
_RELEASED = re.compile(r"\bsali[oó] hace [^,.;\n]{0,12}\b(?:d[ií]as|semanas?|mes|meses|años?) de \Z", re.IGNORECASE)
_WENT_OUT = re.compile(r"\b(?:hab[ií]a salido|sali[oó]) de \Z", re.IGNORECASE)
_SINCE = re.compile(
    r" (?:en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|set?iembre|octubre|noviembre|diciembre|(?:el )?20\d\d)|el \d{1,2} de)\b"
)
"""People come out of prison in a month; buses leave a place at an hour."""
_ONCE = re.compile(r"\b(?:el )?ex \Z")
_TALK = 150
"""Characters around a bare name in which prisoners are spoken of."""
_UPPER = re.compile(r"[A-ZÁÉÍÓÚÑ]")
_NAME = re.compile(r"[A-ZÁÉÍÓÚÑ]\w*(?:[ \u00a0](?:del?[ \u00a0](?:l[ao]s?[ \u00a0])?)?[A-ZÁÉÍÓÚÑ][\w]*){0,4}")
_AND = re.compile(
    r"(?:,[ \u00a0]+|,?[ \u00a0]+[yeo][ \u00a0]+)(?:del?\s+|el\s+(?:de\s+)?|la\s+)?[\"“‘'«]?(?:ex\s+)?(?=[A-ZÁÉÍÓÚÑ])"
)
_WORD = re.compile(r"\w+")
_LAST_WORD = re.compile(r"\w+(?=[ \u00a0]\Z)")
_LOOK_BACK = 24
"""Characters in which the word before a head is looked for."""
_ADJECTIVE_OF = frozenset(
    [
        "fiscalia",
        "juzgado",
        "juzgados",
        "sala",
        "salas",
        "codigo",
        "derecho",
        "proceso",
        "procesos",
        "materia",
        "accion",
        "denuncia",
        "responsabilidad",
        "via",
        "corporativa",
        "provincial",
        "unipersonal",
        "colegiado",
        "juez",
        "jueza",
        "lo",
        "ley",
        "legislacion",
        "politica",
        "reforma",
        "politico",
        "sistema",
        "caso",
        "especializada",
        "superior",
        "transitoria",
        "permanente",
        "nacional",
        "apelaciones",
        "persecucion",
        "justicia",
        "ambito",
        "instancia",
    ]
)
"""After these words "penal" is an adjective: "Fiscalía Penal de Trujillo" is no prison."""
_LONGEST = 5
_BEFORE_LONE_NAME = frozenset(
    ["en", "de", "del", "a", "al", "desde", "hacia", "hasta", "por", "para", "y", "o", "penal", "ex"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name found in the text, with the prison that it is, if one is known."""

    start: int
    end: int
    prison: Prison
    rule: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Register:
    headed: dict[str, Prison]
    """By folded name, after a head."""
    juvenile: dict[str, Prison]
    alone: PatternTable
    """Names that need no head."""
    bare: PatternTable
    """Names of places that need none where the talk is of prisoners."""


@lru_cache(maxsize=1)
def _register() -> _Register:
    headed: dict[str, Prison] = {}
    juvenile: dict[str, Prison] = {}
    alone: list[str] = []
    bare: list[str] = []
    for row in read_table("prisons.csv", frozenset({"id", "name", "aliases", "alone", "bare", "kind", "held", "code"})):
        prison = Prison(name=row["name"], id=row["id"], ubigeo=row["code"])
        target = juvenile if row["kind"] == "juvenile" else headed
        for name in (row["name"], *split_cell(row["aliases"])):
            target.setdefault(fold(name), prison)
        alone.extend(split_cell(row["alone"]))
        bare.extend(split_cell(row["bare"]))
    return _Register(
        headed=headed,
        juvenile=juvenile,
        alone=_any_of(alone, re.IGNORECASE),
        bare=_any_of(bare),
    )


def _any_of(names: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> PatternTable:
    ordered = sorted(names, key=len, reverse=True)
    return PatternTable([re.escape(name) for name in ordered], after=r"(?!\w)", flags=flags, cased=True)


@lru_cache(maxsize=8)
def named_prisons(text: str) -> tuple[Named, ...]:
    """All names of prisons in a text, in its order, without overlap."""
    words = words_of(text)
    found: list[Named] = []
    for match in _HEAD.finditer(words):
        if not _is_head(match, text):
            continue
        found.extend(_after_head(match, text))
    taken = Covered(len(text), ((named.start, named.end) for named in found))
    for match in _register().alone.finditer(words):
        if _may_stand_alone(match, text) and not taken.meets(match.start(), match.end()):
            key = fold(match.group())
            prison = _register().headed.get(key) or _register().juvenile[key]
            found.append(Named(start=match.start(), end=match.end(), prison=prison, rule="name", score=0.85))
            if more := _AND.match(text, match.end()):
                found.extend(_listed(text, more.end()))
    for match in _HELD.finditer(words):
        found.extend(_listed(text, match.end()))
    bare = list(_register().bare.finditer(words))
    of_prisoners = bool(bare) and _INSIDE.search(text) is not None
    for match in bare:
        if _among_prisoners(match, text, of_prisoners=of_prisoners):
            prison = _register().headed[fold(match.group())]
            found.append(Named(start=match.start(), end=match.end(), prison=prison, rule="bare", score=0.75))
    return tuple(_apart(found))


def _listed(text: str, position: int) -> Iterator[Named]:
    """Known prisons that are named one after the other from a position on."""
    while _UPPER.match(text, position):
        end, prison = _name_at(text, position, (), juvenile=False)
        if prison is None:
            return
        yield Named(start=position, end=end, prison=prison, rule="held", score=0.8)
        more = _AND.match(text, end)
        if more is None:
            return
        position = more.end()


def _apart(found: Iterable[Named]) -> Iterator[Named]:
    """In text order, of those that overlap the longest."""
    last = 0
    for named in sorted(found, key=lambda named: (named.start, -named.end)):
        if named.start >= last:
            yield named
            last = named.end


def _is_head(match: re.Match[str], text: str) -> bool:
    before = _LAST_WORD.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    if before is None:
        return True
    if before.group() == "un" or before.group().isdigit():  # one of those that lie there, or all of them
        return False
    if not match["penal"]:
        return True
    capital = before.group()[0].isupper() and match["penal"].islower()
    return fold(before.group()) not in _ADJECTIVE_OF and not (capital and fold(before.group()) not in _BEFORE_HEAD)


_BEFORE_HEAD = frozenset(["el", "en", "del", "al", "desde", "los", "dos", "y", "de", "hallan", "por", "otro", "dicho"])


def _after_head(match: re.Match[str], text: str) -> Iterator[Named]:
    juvenile = bool(match["juvenile"])
    prefixes = (
        ("anexo mujeres ", "anexo de ") if match["annex"] else ("mujeres de ", "mujeres ") if match["women"] else ()
    )
    position, first = match.end(), True
    while True:
        end, prison = _name_at(text, position, prefixes, juvenile=juvenile)
        if prison is None and (
            not first or match["weak"] or match["annex"] or not end or not _may_be_prison(text[position:end])
        ):
            return
        if not end:
            return
        start = match.start("head") if first else position
        value = prison or Prison(name=text[position:end])
        yield Named(start=start, end=end, prison=value, rule="head", score=0.95 if prison else 0.7)
        more = _AND.match(text, end)
        if more is None or not match["head"].lower().endswith("es"):
            return
        position, first = more.end(), False


def _name_at(text: str, position: int, prefixes: tuple[str, ...], *, juvenile: bool) -> tuple[int, Prison | None]:
    """End of the name that begins at a position and the prison that it is; 0 when there is no name."""
    register = _register()
    table = register.juvenile if juvenile else register.headed
    ends, cursor = [], position
    for _ in range(_LONGEST):
        word = _WORD.match(text, cursor)
        if word is None:
            break
        ends.append(word.end())
        cursor = word.end() + 1 if text[word.end() : word.end() + 1] in (" ", "\u00a0") else len(text)
    for end in reversed(ends):
        key = fold(text[position:end])
        for prefix in (*prefixes, ""):
            prison = table.get(prefix + key)
            if prison is not None:
                return end, prison
    name = _NAME.match(text, position)
    return (name.end(), None) if name else (0, None)


def _may_be_prison(name: str) -> bool:
    """An unknown name after a head: a place of Peru, or something that is no country, city abroad or office."""
    readings = gazetteer().readings(fold(name))
    if readings:
        return any(reading.kind in (Kind.ADMIN, Kind.ALIAS, Kind.CAPITAL, Kind.LOCALITY) for reading in readings)
    return fold(name).split()[0] not in _NOT_NAMES


_NOT_NAMES = frozenset(
    [
        "nacional",
        "apelaciones",
        "transitoria",
        "permanente",
        "corporativa",
        "supraprovincial",
        "especial",
        "especializada",
        "especializado",
        "liquidador",
        "unipersonal",
        "colegiado",
        "superior",
        "provincial",
        "mixto",
        "inpe",
        "estado",
        "peru",
    ]
)


def _may_stand_alone(match: re.Match[str], text: str) -> bool:
    if not _UPPER.match(text, match.start()):
        return False
    before = text[: match.start()].rstrip(" \u00a0\"“‘'«(")[-20:].split()
    after = text[match.end() : match.end() + 2]
    if len(after) == 2 and after[0] == " " and after[1].isupper():
        return False
    if not before:
        return True
    last = before[-1]
    return fold(last) in _BEFORE_LONE_NAME or last[-1] in ".,;:-–)"


def _among_prisoners(match: re.Match[str], text: str, *, of_prisoners: bool) -> bool:
    """Whether a place's name is its prison's: the talk is of prisoners, or in an article ``of_prisoners`` somebody is moved there."""
    start, end = match.span()
    begin = max(0, start - 60)
    named = _OF_PLACE.search(text, begin, start) or _WITHIN_NAME.search(text, begin, start)
    if named or text[end : end + 2].strip("- ")[:1].isupper() or text.startswith(" hasta ", end):
        return False
    if _ONCE.search(text, begin, start) or _RELEASED.search(text, begin, start):
        return True
    if _WENT_OUT.search(text, begin, start) and _SINCE.match(text, end):
        return True
    if not _TOWARDS.search(text, begin, start):
        return False
    if _ENTERED.search(text, begin, start):
        return of_prisoners
    line = text.rfind("\n", max(0, start - _TALK), start) + 1
    after = text.find("\n", end, end + _TALK)
    around = max(line, start - _TALK), after if after >= 0 else end + _TALK
    return _INSIDE.search(text, *around) is not None


def prison_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where names of prisons stand: places inside them are none."""
    return tuple((named.start, named.end) for named in named_prisons(text))


def find_prisons(doc: Doc) -> Iterator[Mention]:
    """Names of prisons, in text order."""
    text = text_of(doc)
    for named in named_prisons(text):
        yield Mention(
            label=Label.PRISON,
            start=named.start,
            end=named.end,
            text=text[named.start : named.end],
            value=named.prison,
            source=f"prisons/{named.rule}",
            score=named.score,
        )


@Language.factory("prison_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads ``prisons.csv``."""
    del nlp, name
    _register()
    return Recognizer(find_prisons)
