"""What part a named person plays, as the words of ``nlp/data/person_cues.csv`` in the same sentence say; ``weighed`` decides."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.phrases import Found, PhraseTable, Words
from nlp.recognizers.persons.names import FullName
from nlp.types import PersonRole

_REACH = 14
"""Words between a cue and a name beyond which the cue says nothing."""
_WINDOW = 25
"""Words on each side of a name within which its cues are looked for."""
_TITLE_GAP = re.compile(
    r"(?:[\s.,()–-]|PNP|FAP|EP|MP|de|del|la|el|los|en|retiro|(?:provincial|regional|distrital|penal|ambiental|superior|suprem[oa]|anticorrupción|antidrogas|adjunt[oa]|interin[oa]|titular|p[úu]blic[oa]|privad[oa]|particular|estatal|nacional|emblem[áa]tic[oa]))*\Z"
)
_APPOSITION = re.compile(
    r"(?:\s?\(\d{1,2}[^)]{0,8}\))?,\s(?:(?:el|la|un|una|actual|quien es|entonces|flamante|nuevo|exjefe)\s)*\Z"
)
_OFFICE_GAP = re.compile(r"(?: [^\s,.;:()]+){0,7}, ")
_LONG_OFFICE_GAP = re.compile(r" (?:del?|de la|de las|de los) (?:[^\s,.;:()]+ ){2,24}?[^\s,.;:()]+, ")
"""An office told at length: "el juez del Tercer Juzgado de … de la Corte Superior de Justicia del Callao, …"."""
STREETS = re.compile(
    r"\b(?:avenidas?|avs?\.|calles?|jir[oó]n(?:es)?|jr\.|urb\.|urbanizaci[oó]n|cruce de|esquina de)\s"
    r"(?:(?:de|la|las|los|el|y|con|[A-ZÁÉÍÓÚÑ]\w*)\s){0,8}\Z"
)
_ROLES = {role.value for role in PersonRole}
_VICTIM_IDENTIFIED = re.compile(
    r"(?<!de la )(?<!de las )(?<!del )(?<!de los )\b(?:victimas?|fallecid[oa]s?|occis[oa]s?|muert[oa]s|finad[oa]s?|herid[oa]s?|agraviad[oa]s?|cadaver(?:es)?|cuerpos?|difunt[oa]s?"
    r"|desaparecid[oa]s?|secuestrad[oa]s?|rescatad[oa]s?|lesionad[oa]s?|plagiad[oa]s?)\b"
    r"[^.;:\n]{0,45}\b(?:identific\w+|reconocid[oa]s?|respondia\w*)\b[^.;:\n]*\Z"
)
_IDENTIFIED = re.compile(r"\bidentificad[oa]s?\b[^.;:\n]*\Z")
_IS_VICTIM = re.compile(
    r"(?<!\bde )\b(?:la|una) (?:otra )?victima,? \Z|\bel (?:blanco|objetivo)(?: del ataque)?(?:,[^,.;:\n]{3,40},)? (?:era|fue|seria) \Z"
    r"|\b(?:fue|fueron) (?:asesinad|acribillad|balead|ultimad|victimad|secuestrad|plagiad)[oa]s?(?:, (?!por\b)[^,.;:\n]{3,60},)? \Z"
)
_IS_ACCUSED = re.compile(
    r"\b(?:acusad[oa]|imputad[oa]|detenid[oa]|capturad[oa]|plagiari[oa]|secuestradora?|sicari[oa]|delincuente|asaltante|ladron|ladrona|hampon|cabecilla"
    r"|extorsionadora?|agresor|agresora|coacusad[oa]|feminicida|captor|raptor),? \Z"
)
"""Right before somebody who is called so, whatever befell them."""
_ASKS = re.compile(
    r"(?:,[^.;:\n]{3,90},|,)? (?:pide|pidio|exige|exigio|plantea|planteo|propone|propuso|considera|considero|lamenta|lamento|saluda|saludo"
    r"|rechaza|rechazo|dice|afirma|asegura|sostiene|advierte|anuncia|niega|nego)\b"
)
_BLOW = (
    r"(?:(?:fue(?:ron)?|ha sido|han sido|resulto|resultaron|terminaron|quedaron) (?:\w+ ){0,2}"
    r"(?:asesinad|acribillad|balead|ultimad|atacad|secuestrad|plagiad|herid|muert|ejecutad|victima)"
    r"|murio|murieron|fallecio|fallecieron|perdio la vida|perdieron la vida"
    r"|desaparecio (?:el|la|desde|hace|cuando|al|en)\b)"
)
_STRUCK = re.compile(rf"[^.;:\n]{{0,160}}?\b{_BLOW}")
_STRUCK_AT_ONCE = re.compile(rf"(?:\s?\([^()\n]{{1,30}}\),?)?(?:,? [^.;:\n]{{3,110}},)? {_BLOW}")
_IT_IS = re.compile(
    r"\s*(?:se trata(?:ba|ria)? de(?:l| la| los hermanos)?|(?:es|son|era|eran)|(?:fue|fueron|ha sido|han sido) identificad[oa]s? como"
    r"|(?:la policia|los? (?:agentes?|policias?|efectivos?)|las autoridades|la fiscalia) l[oa]s? identific(?:o|aron) como)(?: \w+){0,2} \Z"
)
"""Begins a sentence that names whom the sentence before speaks of."""
_LAST_SPOKEN_OF = re.compile(
    r".*\b(?:(?P<victim>muert[oa]s?|fallecid[oa]s?|fallecio|murio|victimas?|herid[oa]s?|cadaver|cuerpos?|asesinad[oa]s?|mataron|asesinaron|acribillad[oa]s?"
    r"|balead[oa]s?|secuestrad[oa]s?|secuestraron|rescatad[oa]s?|occis[oa]|agraviad[oa]s?)"
    r"|(?P<suspect>(?:agentes|policias?|patrulla|efectivos|ronderos|serenos|vecinos)\b[^.;\n]{0,40}\breduj(?:o|eron)|detenid[oa]s?|capturad[oa]s?|detuv\w+|detienen?|capturan?|capturaron|capturo|caen|arrestad[oa]s?|intervenid[oa]s?|intervinieron|cayo|cayeron|presunt[oa]s?|cabecilla"
    r"|autor(?:es)?|sospechos[oa]s?|delincuentes?|sicarios?|prision))\b",
    re.DOTALL,
)
_OBJECT = (
    r"(?: (?!(?:que|quien|quienes|cuando|donde|tras|por|luego|mientras|para|y)\b)[^\s.,;:]+){0,12}? al?"
    r"(?: (?!del\b|que\b|anos\b|de (?!primera|segunda|tercera|la pnp))[^\s.,;:]+){0,5} ?\Z"
)
"""From a verb to the name that is its object: ``detuvo ayer en Comas al suboficial``."""
_CAUGHT_BEFORE = re.compile(
    r"\b(?:detuv(?:o|ieron)|detiene[n]?|captur(?:o|aron|an?|ar)|arrest(?:o|aron|an?|ar)|intervin(?:o|ieron)|intervien?e[n]?"
    r"|aprehend(?:io|ieron|en)|atrap(?:o|aron|an)|recaptur(?:o|aron|an)|detener|deteniendo|capturando|conden(?:o|aron|an?)|sentenci(?:o|aron|an?))"
    + _OBJECT
)
_ACCUSED_BY = re.compile(
    r"\b(?:acus(?:o|aron|an)|sindic(?:o|aron|an)|imput(?:o|aron|an)) (?:\w+mente )?al? (?:\w+ ){0,3}\Z"
)
_STRUCK_BEFORE = re.compile(
    r"\b(?:mat(?:o|aron|an|ar)|asesin(?:o|aron|an|ar)|acribill(?:o|aron|an)|bale(?:o|aron|an)|ultim(?:aron|an)|secuestr(?:o|aron|an|ar)"
    r"|rapt(?:o|aron|an)|hirieron|hirio|hieren|plagiaron|asaltaron|extorsionaron)" + _OBJECT
)
_DID_IT = re.compile(
    r"(?:\s?\([^()\n]{1,30}\),?)?(?: y (?:[^\s.,;:()]+ ){1,4}[^\s.,;:()]+(?:\s?\([^()\n]{1,30}\))?)?(?:,? [^.;:\n]{3,90},)?"
    r" (?:(?:habria[n]? |presuntamente )?(?:exigia[n]?|exigio|exigieron|cobraba[n]?|extorsionaba[n]?|amenazaba[n]?|lideraba[n]?|encabezaba[n]?|integraba[n]?)"
    r"|habia[n]? (?:exigido|pedido|cobrado|amenazado|extorsionado)|confes(?:o|aron)"
    r"|(?:fue|fueron|ha sido|han sido|sera|seran|quedo|quedaron|resulto|resultaron|termino|terminaron|acabo|acabaron)"
    r" (?:detenid|capturad|intervenid|arrestad|aprehendid|condenad|sentenciad|recapturad|esposad|enmarrocad)[oa]s?"
    r"|(?:fue|fueron) reducid[oa]s? por (?:l[oa]s? )?(?:policia|policias|agentes|efectivos|serenos|vecinos|pobladores|ronderos|comuneros))\b"
    r"(?! (?:justicia|seguridad|garantias|proteccion|ayuda|auxilio|apoyo|mayor|mas|que|a l[ao]s? (?:autoridad|policia|gobierno|fiscalia)|al (?:gobierno|ministro|estado)|la (?:renuncia|presencia)))"
)
"""After the name of somebody who did it, or was caught: "exigía", "fueron capturados"."""
_ASKED_FOR_MONEY = re.compile(
    r"(?:\s?\([^()\n]{1,30}\),?)? (?:le|les|me|nos) (?:habia[n]? (?:solicitado|exigido|pedido|requerido)|solicit(?:o|aba)|exig(?:io|ia)|p(?:idio|edia))"
    r" (?:\w+ ){0,3}(?:s/|us\$|soborno|coima|cupo|dinero|[\d.,]+ (?:mil|soles|dolares)|mil soles|soles)"
)
"""After the name of who wanted money of somebody: "le había solicitado 12 mil soles"."""
_AMONG_SUSPECTS = re.compile(
    r"\b(?:imputad|detenid|investigad|involucrad|implicad|capturad|acusad|procesad|sentenciad|condenad|recapturad)[oa]s?\b[^.;:\n]{0,20}"
    r"(?:\bentre (?:ellos|ellas|los que|quienes)\b[^.;:\n,]{0,20}|\b(?:esta|estan|figura|figuran|son|se trata del?)\b)"
    r"[^.;:\n]{0,14}(?:coronel|comandante|mayor|capitan|teniente|alferez|suboficial|superior|tecnico|brigadier|fiscal|juez|jueza|alcalde|regidor)?"
    r"(?: de (?:primera|segunda|tercera))?(?: pnp)? \Z"
)
_SAYING = (
    r"(?:dijo|informo|senalo|indico|confirmo|explico|preciso|manifesto|sostuvo|detallo|aseguro|expreso|comento|refirio|afirmo|destaco|advirtio|anuncio"
    r"|agrego|revelo|declaro|resalto|anadio|subrayo|alerto|recalco|remarco|recordo|insistio|enfatizo|puntualizo|acoto|opino|reitero|exhorto|cuestiono"
    r"|dice|informa|senala|indica|confirma|explica|precisa|manifiesta|sostiene|detalla|asegura|comenta|refiere|afirma|destaca|advierte|anade|subraya"
    r"|relata|narra|recuerda|enfatiza|cuenta(?! con\b))"
)
"""How reports give what somebody says, in the past tense and in the present."""
_SAYS = re.compile(rf"(?:,[^.;:\n]{{3,90}},|,)? (?:tambien )?(?:{_SAYING}|vinculo)\b")
_SAID_BY = re.compile(
    rf"\b(?:{_SAYING}|denuncio|lamento|conto|relato|segun|en palabras de|de acuerdo (?:con|a))"
    r"(?: \(?[^\s.,;:()\n]+\)?){0,12}?,? \Z"
)
"""Before who is the source: "dijo el presidente del gremio, …", "según …"."""
_SOURCE_REACH = 130
_RIGHT_BEFORE = 40
_KIN = r"(?:madre|padre|herman[oa]|espos[oa]|viud[oa]|conviviente|hij[oa]|ti[oa]|prim[oa]|abuel[oa]|suegr[oa]|cunad[oa]|familiar)"
_ONLOOKER = rf"(?:\bsu {_KIN},?|\b(?:el|la|un|una) (?:{_KIN}|amig[oa]) del? [^.;:,\n]{{2,40}},|\b(?:(?:madre|padre) de familia|vecin[oa]|testigo|pobladora?|profesora?|docente)(?: del? [^.;:,\n]{{2,40}},|,)?)"
_ONLOOKER_BEFORE = re.compile(rf"{_ONLOOKER} \Z")
"""Before one of the family, a neighbour, a teacher: "su madre, ", "la hermana de la víctima, "."""
_GUILD_BEFORE = re.compile(
    r"\b(?:president[ea]|vocer[oa]|portavoz|representante|secretari[oa] general|director(?:a)?(?: ejecutiv[oa])?) (?:de la|de los|del|de) (?:gremio|asociacion|federacion"
    r"|camara|sindicato|confederacion|union|coordinadora|alianza|sociedad)\b[^.;:()\n]{0,80}?,? \Z"
)
"""Before who speaks for a guild: "la presidenta del gremio, "."""
_TELLS = re.compile(r",?(?:[^.;:\n]{3,60},)? (?:denuncio|lamento|conto|relato|narro|pidio|clamo|exigio|rogo|reclamo)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCue:
    """A row of the table. ``kind`` is a role, ``title`` (any person follows) or ``not_person`` (none does)."""

    kind: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The cues of a text."""

    words: Words
    found: tuple[Found[PersonCue], ...]
    firsts: tuple[int, ...]
    sentence_starts: tuple[int, ...]


@lru_cache(maxsize=1)
def _table() -> PhraseTable[PersonCue]:
    rows = read_table("person_cues.csv", frozenset({"phrase", "kind", "weight"}))
    return PhraseTable([(row["phrase"], _cue(row)) for row in rows])


def _cue(row: dict[str, str]) -> PersonCue:
    if row["kind"] not in _ROLES | {"title", "not_person"}:
        raise LexiconError(f"nlp/data/person_cues.csv: {row['phrase']!r}: kind is {row['kind']!r}")
    return PersonCue(kind=row["kind"], weight=float(row["weight"]))


def cues_of(words: Words, sentence_starts: Sequence[int]) -> Cues:
    """Find the cues of a text. ``sentence_starts`` are offsets, ascending."""
    found = _table().find(words)
    return Cues(
        words=words, found=found, firsts=tuple(each.first for each in found), sentence_starts=tuple(sentence_starts)
    )


def names_something_else(name: FullName, cues: Cues) -> bool:
    """Whether the name is a street's, a school's, a ship's…: their noun stands right before it."""
    text = cues.words.text
    if STREETS.search(text, max(0, name.start - 80), name.start):
        return True
    cue = _right_before(name, cues)
    return cue is not None and cue.kind == "not_person"


def introduced(name: FullName, cues: Cues) -> bool:
    """Whether a title, a rank or "identificado como" stands right before the name."""
    cue = _right_before(name, cues)
    return cue is not None and cue.kind not in ("not_person", PersonRole.WITNESS)


def _right_before(name: FullName, cues: Cues) -> PersonCue | None:
    index = bisect_left(cues.firsts, name.first) - 1
    if index < 0:
        return None
    found = cues.found[index]
    gap = cues.words.text[found.end : name.start]
    beside = len(gap) < 30 and "," not in gap and "\n" not in gap
    return found.value if beside and _TITLE_GAP.match(gap) else None


def role_scores(name: FullName, cues: Cues, *, has_alias: bool) -> Mapping[PersonRole, float]:
    """How strong and near the cues of each role are."""
    scores: dict[PersonRole, float] = defaultdict(float)
    if has_alias:
        scores[PersonRole.SUSPECT] += 2.5
    for found in _in_sentence(name, cues):
        if found.value.kind in _ROLES and not name.first <= found.first < name.after:
            role = PersonRole(found.value.kind)
            scores[role] = max(scores[role], _strength(name, found, cues))
    return scores


def role_by_cues(
    name: FullName,
    cues: Cues,
    scores: Mapping[PersonRole, float],
    told: PersonRole | None,
    *,
    has_alias: bool,
    tells_crime: bool,
) -> PersonRole:
    """The role that the shape of the sentence (``told``) or the strongest cues tell; ``other`` when nothing tells."""
    authority = scores.get(PersonRole.AUTHORITY, 0.0) >= 1.5
    if not tells_crime:
        return PersonRole.AUTHORITY if authority else PersonRole.OTHER
    if told is not None:
        return told
    if authority and _SAYS.match(cues.words.folded, name.end):
        return PersonRole.AUTHORITY
    speaks = not has_alias and (_SAYS.match(cues.words.folded, name.end) or _ASKS.match(cues.words.folded, name.end))
    left = {role: score for role, score in scores.items() if not (speaks and role is PersonRole.SUSPECT)}
    best = max(left, key=lambda role: left[role], default=PersonRole.OTHER)
    return best if left.get(best, 0.0) >= 0.6 else PersonRole.OTHER


def is_source(name: FullName, cues: Cues) -> bool:
    """Whether the sentence gives what somebody says: who speaks is hardly who was hurt, or did it."""
    folded = cues.words.folded
    begin, _ = sentence_of(name.start, cues)
    after = _SAYS.match(folded, name.end) or _ASKS.match(folded, name.end)
    return after is not None or _SAID_BY.search(folded, max(begin, name.start - _SOURCE_REACH), name.start) is not None


def told_role(name: FullName, cues: Cues) -> PersonRole | None:
    """The role of somebody hurt, caught or looking on that the shape of the sentence tells, whatever cues stand in it."""
    folded = cues.words.folded
    before = folded[sentence_of(name.start, cues)[0] : name.start]
    if _is_hurt(name, cues, before):
        return PersonRole.VICTIM
    if _IT_IS.match(before) and (role := _spoken_of_before(name, cues)):
        return role
    if _is_accused(name, cues, before):
        return PersonRole.SUSPECT
    if not (is_source(name, cues) or _TELLS.match(folded, name.end)):
        return None
    reach = max(0, len(before) - _SOURCE_REACH)
    if _ONLOOKER_BEFORE.search(before, reach):
        return PersonRole.WITNESS
    return PersonRole.OTHER if _GUILD_BEFORE.search(before, reach) else None


def _is_hurt(name: FullName, cues: Cues, before: str) -> bool:
    if _IS_ACCUSED.search(before, max(0, len(before) - _RIGHT_BEFORE)):
        return False
    folded = cues.words.folded
    return bool(
        _IS_VICTIM.search(before, max(0, len(before) - _SOURCE_REACH))
        or _VICTIM_IDENTIFIED.search(before)
        or _STRUCK_AT_ONCE.match(folded, name.end)
        or _STRUCK_BEFORE.search(before)
        or (_IDENTIFIED.search(before) and _STRUCK.match(folded, name.end))
    )


def _is_accused(name: FullName, cues: Cues, before: str) -> bool:
    folded = cues.words.folded
    return bool(
        _IS_ACCUSED.search(before, max(0, len(before) - _RIGHT_BEFORE))
        or _AMONG_SUSPECTS.search(before)
        or _CAUGHT_BEFORE.search(before)
        or _ACCUSED_BY.search(before)
        or _DID_IT.match(folded, name.end)
        or _ASKED_FOR_MONEY.match(folded, name.end)
    )


def _spoken_of_before(name: FullName, cues: Cues) -> PersonRole | None:
    """Whom the sentence before that of the name speaks of last: "Mataron a un minero. Se trata de …"."""
    at = bisect_right(cues.sentence_starts, name.start) - 1
    if at < 1:
        return None
    told = _LAST_SPOKEN_OF.match(cues.words.folded, cues.sentence_starts[at - 1], cues.sentence_starts[at])
    return PersonRole(told.lastgroup) if told and told.lastgroup else None


def sentence_of(start: int, cues: Cues) -> tuple[int, int]:
    """Offsets of the sentence that an offset lies in."""
    at = bisect_right(cues.sentence_starts, start)
    begin = cues.sentence_starts[at - 1] if at else 0
    end = cues.sentence_starts[at] if at < len(cues.sentence_starts) else len(cues.words.text)
    return begin, end


def _in_sentence(name: FullName, cues: Cues) -> Sequence[Found[PersonCue]]:
    begin, end = sentence_of(name.start, cues)
    words = cues.words
    low = max(bisect_left(words.starts, begin), name.first - _WINDOW)
    high = min(bisect_left(words.starts, end), name.after + _WINDOW)
    return cues.found[bisect_left(cues.firsts, low) : bisect_left(cues.firsts, high)]


def _strength(name: FullName, found: Found[PersonCue], cues: Cues) -> float:
    text = cues.words.text
    before = found.after <= name.first
    gap = text[found.end : name.start] if before else text[name.end : found.start]
    distance = name.first - found.after if before else found.first - name.after
    if not before and _looks_on(found, cues.words):
        return 0.0
    if found.value.kind == PersonRole.AUTHORITY:
        return _authority(found.value.weight, gap, before=before)
    if distance > _REACH:
        return 0.0
    return found.value.weight * (1 - distance / (_REACH + 2)) * (0.9 if not before else 1.0)


def _looks_on(found: Found[PersonCue], words: Words) -> bool:
    """Whether a cue speaks of the name after it only: "prisión contra …", "mataron a …"."""
    first, last = words.words[found.first], words.words[found.after - 1]
    return last == "contra" or (last == "a" and first.endswith("n"))


def _authority(weight: float, gap: str, *, before: bool) -> float:
    """A title counts right before the name ("coronel PNP"), or across its office ("el director de la Diresa, …")."""
    if len(gap) > 60:
        return weight * 0.6 if before and _LONG_OFFICE_GAP.fullmatch(gap) else 0.0
    if not before:
        return weight if _APPOSITION.match(gap) else 0.0
    if "," not in gap:
        return weight if _TITLE_GAP.match(gap) else 0.0
    return weight * 0.6 if _OFFICE_GAP.fullmatch(gap) else 0.0
