"""How strongly the mentions of a scene speak for each type of crime.

Words that tell a crime count most, then sums, methods and tolls; what is denied, counted, remembered, supposed or charged counts
for less or nothing. The types and their families stand in ``nlp/data/event_types.csv``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.events.days import SURE_DATE
from nlp.events.scenes import Scene
from nlp.lexicon import LexiconError, read_table
from nlp.qualify import Sentence, Zone
from nlp.types import Count, CountOf, Crime, DateSpan, Gang, Mention, Method, Modality, Money, MoneyRole, Polarity

TRIGGER, _TERM, _MONEY, _PAID, _METHOD = 1.0, 0.35, 1.2, 0.9, 0.5
ENOUGH = 0.9
"""Votes that a type needs to be told by a scene."""
_TITLE_FACTOR = 1.5
_UNSURE = (Modality.THREATENED, Modality.HYPOTHETICAL)
_NUMBER_BEFORE = re.compile(
    r"(?:\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cien|mil|varios|varias|decenas de"
    r"|cientos de|miles de|casos de))\s+$",
    re.IGNORECASE,
)
_UNITS = re.compile(
    r"(?:kilos?|kilogramos|kg|gramos|toneladas|paquetes|ladrillos|envoltorios|ketes|bolsas|plantones|plantas)\b",
    re.IGNORECASE,
)
"""In these drugs are counted, not crimes: "cuatro kilos de cocaína"."""
_COUNTED_CASES = re.compile(
    r"\b(?:denuncias|casos|v[ií]ctimas|delitos) (?:por|de)(?: el delito de)?\s+[‘'\"“«]?$", re.IGNORECASE
)
_RECORD = re.compile(
    r"\b(?:antecedentes|denuncias|requisitorias?|historial|prontuario|reincidentes?|procesos) (?:\w+ ){0,2}(?:por|de) [^.;:\n]{0,110}$",
    re.IGNORECASE,
)
"""Before a crime that somebody is known for, which is not what the article tells."""
_CAUGHT_BEFORE = re.compile(
    r"\b(?:fue|fueron|ya estuvo|estuvo|(?:hab[ií]an?|ha|han) sido) (?:\w+ )?(?:detenid|capturad|intervenid|retenid|apresad|arrestad|recluid|pres)[oa]s? "
    r"(?:en (?:\w+ )?(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)\b|(?:en|el) (?:el )?(?:año )?(?:20\d\d|pasado)"
    r"|hace \w+ (?:meses|años))[^.;:\n]{0,30}? (?:por|tras|luego de|cuando) [^.;:\n]{0,40}$",
    re.IGNORECASE,
)
"""Before a crime that somebody was caught for months or years ago: part of a record, and none of the news."""
_SERVES = re.compile(
    r", (?:quien (?:fue |ya )?)?(?:sentenciad|condenad|recluid|pres)[oa]s?\b[^.;,\n]{0,50} por (?:(?:el )?delito de )?$",
    re.IGNORECASE,
)
"""Before a crime that somebody serves a sentence for: "el interno, sentenciado a 30 años por secuestro, …"."""
_THREATENED = re.compile(r"\bamenaz[^\W\d_]+ [^.;,\n]{0,40}?\bcon (?:el |un |la )?$", re.IGNORECASE)
"""Before a crime that is threatened with by its name: "amenazan con el secuestro de sus hijos"."""
_USED_FOR = re.compile(
    r"\b(?:utiliz|us|emple)(?:a|an|ado|ada|ados|adas)\b (?:\w+ ){0,2}(?:para|en) (?:la |el )?$", re.IGNORECASE
)
"""Before a crime that a thing is commonly used for: "explosivo … utilizado para minería ilegal"."""
_RIDDLED = re.compile(r"acribill", re.IGNORECASE)
"""A word for shooting at somebody or something: a killing, unless the victim lives or was a thing."""
_THING_AFTER = re.compile(
    r"\w*(?: a balazos)? (?:a |contra )?(?:la |el |las |los |un |una |su |sus )?"
    r"(?:fachadas?|puertas?|port[oó]n|casas?|viviendas?|local|negocio|tienda|bus|buses|veh[ií]culos?|camionetas?|autos?)\b",
    re.IGNORECASE,
)
_BEAST_BEFORE = re.compile(
    r"\b(?:perr[oa]|gat[oa]|gallin[oa]|gallo|pollo|cuy|chancho|cerdo|rata|paloma|cordero|oveja|vaca|toro|caballo|cabra|conejo|pat[oa]|animal)(?:e?s)?\b[^.;,]{0,20}$"
)
"""Before a word for how somebody was killed: a beast, left as a threat. With a capital it may be somebody's nickname."""
_BEASTLY = re.compile(r"(?:degoll|decapit|descuartiz|ahorcad|mutilad|muert)", re.IGNORECASE)
_LIVES = re.compile(
    r"\b(?:herid\w+|sobrevivi\w+|se recuper\w+|fuera de peligro|internad[oa]s?|hospitalizad[oa]s?|cuidados intensivos|uci"
    r"|estado (?:delicado|grave|cr[ií]tico|reservado|estable)|lucha por su vida)\b",
    re.IGNORECASE,
)
_DEATH = re.compile(
    r"\b(?:mur(?:i[oó]|ieron)|muer[et]\w*|fallec\w+|deceso|sin vida|(?:la|sus?) vidas?|cad[aá]ver\w*|cuerpos?|occisos?|mortal\w*"
    r"|autopsia|morgue|deudos|viuda|sepeli\w+|vel(?:orio|atorio|ado)|asesin\w+|homicid\w+|crimen|mata\w*|mató)\b",
    re.IGNORECASE,
)
_DIED = re.compile(
    r"(?<!no )\b(?:mur(?:i[oó]|ieron)|falleci(?:[oó]|eron)|perdi(?:[oó]|eron) la vida|salvarle la vida|dej(?:[oó]|aron) de existir"
    r"|(?:cuerpos?|cad[aá]ver(?:es)?)\b[^.;]{0,80}\b(?:hallad|encontrad|apareci)\w+|(?:hallad|encontrad)[oa]s? sin vida)\b",
    re.IGNORECASE,
)
"""Somebody's death: with an attack or shots beside it, a killing."""
_SOON = 3
"""Sentences, that of the attack included, in which its victim is said to have died."""
_CHARGES_BEGIN = re.compile(
    r"\b(?:delitos?(?: contra el patrimonio)?(?: de| como)?|dedicad[oa]s? (?:a|al)|se dedica\w* (?:a|al)|(?:acusad|investigad|sindicad)[oa]s? (?:de|por))\b",
    re.IGNORECASE,
)
"""What follows in the sentence is what somebody is charged with or known for."""
_NEXT_CHARGE = 25
"""Characters to the next crime of such a list."""
_EXTORTION_METHODS = (
    "amenaza",
    "pago_",
    "cupo_plaza",
    "chalequeo",
    "sticker",
    "arreglo_funebre",
    "animal_muerto",
    "desde_penal",
)
_MONEY_VOTES = {
    MoneyRole.RANSOM: "secuestro",
    MoneyRole.STOLEN: "robo_agravado",
}
_METHOD_VOTES = {
    "gota_a_gota": "prestamo_extorsivo",
    "tarjetas_prestamo": "prestamo_extorsivo",
    "secuestro_extorsivo": "secuestro",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A row of ``event_types.csv``."""

    type: str
    family: str
    rank: int
    """Which of two types of the same strength names the event: the higher."""


@lru_cache(maxsize=1)
def event_types() -> dict[str, EventType]:
    """The types that an event can have, by id.

    Raises:
        LexiconError: a rank is no number.
    """
    types = {}
    for row in read_table("event_types.csv", frozenset({"type", "family", "rank", "note"})):
        if not row["rank"].isdigit():
            raise LexiconError(f"nlp/data/event_types.csv: {row['type']}: rank {row['rank']!r} is no number")
        types[row["type"]] = EventType(type=row["type"], family=row["family"], rank=int(row["rank"]))
    return types


@dataclass(slots=True)
class Ballot:
    """The votes for one type."""

    votes: float = 0.0
    """All of them."""
    told: float = 0.0
    """Of the votes, those that are more than supposed, planned or threatened."""
    said: float = 0.0
    """Of those, the ones of words and sums."""
    best: tuple[float, Mention, Sentence] | None = None
    """The strongest, with its mention and sentence."""

    def add(self, weight: float, mention: Mention, sentence: Sentence) -> None:
        """Take in the vote of a mention."""
        self.votes += weight
        if sentence.modality(mention) not in _UNSURE:
            self.told += weight
            self.said += weight * isinstance(mention.value, Crime | Money)
        if self.best is None or weight > self.best[0]:
            self.best = weight, mention, sentence


def count_votes(
    scene: Scene, text: str, *, words_only: bool = False, sums: str | None = "extorsion"
) -> dict[str, Ballot]:
    """Votes of the mentions of a scene by crime type; denied ones have none, background and threats count half.

    ``words_only``: of words that name or tell a crime, not of sums, methods and counts. ``sums``: the
    crime that sums asked for or paid speak of.
    """
    ballots: dict[str, Ballot] = defaultdict(Ballot)
    for index, sentence in enumerate(scene.sentences):
        factor = _factor(sentence, main=scene.main)
        charges = _charges(sentence, text)
        for mention in sentence.mentions:
            if words_only and not isinstance(mention.value, Crime):
                continue
            told = [(kind, weight) for kind, weight in _votes(mention, sums, sentence) if kind in event_types()]
            if _is_deadly(mention, scene.sentences[index : index + _SOON], text):
                told = [("homicidio", TRIGGER)]
            charged = mention.start in charges
            if not told or _is_of_beast(mention, text):
                continue
            if sentence.polarity(mention, text) is Polarity.NEGATIVE or (
                not charged and is_aggregate(mention, text, retold=not scene.main)
            ):
                continue
            unsure = isinstance(mention.value, Crime | Count) and sentence.modality(mention) in _UNSURE
            riddled = _RIDDLED.match(mention.text) is not None
            attack_only = riddled and (_THING_AFTER.match(text, mention.end) or _is_survived(scene, text))
            for named, weight in told:
                kind = "homicidio_tentativa" if attack_only else named
                killing = event_types()[kind].family == "killing"
                if killing and (unsure or charged):
                    continue
                remembered = killing and scene.main and sentence.background
                votes = min(weight, _TERM) if charged else weight
                ballots[kind].add(votes * factor * (0.5 if unsure or remembered else 1.0), mention, sentence)
    return ballots


def family_votes(ballots: Mapping[str, Ballot]) -> dict[str, float]:
    """Votes by family of crime."""
    families: dict[str, float] = defaultdict(float)
    for kind, ballot in ballots.items():
        families[event_types()[kind].family] += ballot.votes
    return families


def _charges(sentence: Sentence, text: str) -> set[int]:
    """Starts of the crimes in a list of what somebody is charged with or known for; none of them is told by itself."""
    several = sum(isinstance(mention.value, Crime) for mention in sentence.mentions) > 1
    begin = _CHARGES_BEGIN.search(text, sentence.start, sentence.end) if several else None
    if begin is None:
        return set()
    end, listed = begin.end(), dict[int, str]()
    for mention in sentence.mentions:
        if isinstance(mention.value, Crime) and end <= mention.start <= end + _NEXT_CHARGE:
            end = mention.end
            listed[mention.start] = mention.value.type
    families = {event_types()[kind].family for kind in listed.values() if kind in event_types()}
    return set(listed) if len(families) > 1 else set()


def _is_deadly(mention: Mention, told: Sequence[Sentence], text: str) -> bool:
    """Whether somebody died of an attack, as one of the sentences says that tell it, or of the shots that the first of them counts."""
    match mention.value:
        case Crime(type="homicidio_tentativa" | "lesiones_graves"):
            body = [sentence for sentence in told if sentence.zone is told[0].zone is Zone.BODY]
            return any(_DIED.search(text, sentence.start, sentence.end) for sentence in body or told[:1])
        case Count(of=CountOf.SHOTS):
            return _DIED.search(text, told[0].start, told[0].end) is not None
        case _:
            return False


def _is_of_beast(mention: Mention, text: str) -> bool:
    """Whether it is a beast that was killed: "una gallina degollada"."""
    if not isinstance(mention.value, Crime) or not _BEASTLY.match(mention.text):
        return False
    return _BEAST_BEFORE.search(text, max(0, mention.start - 40), mention.start) is not None


def _is_survived(scene: Scene, text: str) -> bool:
    """Whether somebody was hurt and nobody is said to have died."""
    told = [text[sentence.start : sentence.end] for sentence in scene.sentences]
    return any(map(_LIVES.search, told)) and not any(map(_DEATH.search, told))


def _factor(sentence: Sentence, *, main: bool) -> float:
    if sentence.zone is Zone.TITLE:
        return _TITLE_FACTOR
    dated = any(isinstance(mention.value, DateSpan) and mention.score >= SURE_DATE for mention in sentence.mentions)
    if not sentence.background or (dated and not main):
        return 1.0
    return 0.5


def is_aggregate(mention: Mention, text: str, *, retold: bool = False) -> bool:
    """Whether a crime is counted ("ocho homicidios por encargo", "112 denuncias por…"): a figure is no event.

    Nor is what somebody was caught for in another year, unless it is ``retold`` as an act of its own.
    """
    if not isinstance(mention.value, Crime):
        return False
    plural = mention.text.split()[0].endswith("s") and not _UNITS.match(mention.text)
    return _counted_before(text, mention.start, plural=plural) or (not retold and was_caught_for(text, mention.start))


@lru_cache(maxsize=256)
def _counted_before(text: str, start: int, *, plural: bool) -> bool:
    """The same of the crime at ``start``. The last answers are kept: the crimes of a scene are counted again and again."""
    before = text[max(0, start - 40) : start]
    told = text[max(0, start - 150) : start]
    if _RECORD.search(told) or _SERVES.search(told) or _THREATENED.search(told) or _USED_FOR.search(before):
        return True
    return _COUNTED_CASES.search(before) is not None or (plural and _NUMBER_BEFORE.search(before) is not None)


@lru_cache(maxsize=256)
def was_caught_for(text: str, start: int) -> bool:
    """Whether the crime at ``start`` is one that somebody was caught for at another time. The last answers are kept."""
    return _CAUGHT_BEFORE.search(text[max(0, start - 150) : start]) is not None


def _votes(mention: Mention, sums: str | None, sentence: Sentence) -> list[tuple[str, float]]:
    match mention.value:
        case Crime(type=kind):
            vote = kind, TRIGGER if mention.source.endswith("trigger") else _TERM
        case Money(role=MoneyRole.DEMANDED | MoneyRole.PAID as role) if sums is not None:
            vote = sums, _PAID if role is MoneyRole.PAID else _MONEY
        case Money(role=MoneyRole.LOAN) if sums == "extorsion":
            vote = "prestamo_extorsivo", _MONEY
        case Money(role=role) if role in _MONEY_VOTES:
            vote = _MONEY_VOTES[role], _MONEY
        case Method(type=kind) if kind in _METHOD_VOTES or kind.startswith(_EXTORTION_METHODS):
            vote = _METHOD_VOTES.get(kind, "extorsion"), _METHOD
        case Count(of=CountOf.KIDNAPPED):
            vote = "secuestro", _MONEY
        case Count(of=CountOf.DEAD):
            vote = "homicidio", TRIGGER if sentence.zone is Zone.TITLE else _METHOD
        case Count(of=CountOf.SHOTS):
            vote = "homicidio_tentativa", _TERM
        case Gang() | Count(of=CountOf.ARRESTED):
            vote = "banda_criminal", _METHOD
        case _:
            return []
    return [vote]
