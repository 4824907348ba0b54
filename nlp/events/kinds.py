"""Which crimes a scene tells: mentions vote for types, and the types of one act are told apart from those of another.

An attack, explosives or arms are the means of an extortion, a robbery or a killing when the scene tells one; a killing and
an extortion in one scene are two events, each with its own arguments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from nlp.events.scenes import SURE_DATE, Scene
from nlp.lexicon import LexiconError, read_table
from nlp.qualify import Sentence, Zone
from nlp.types import (
    Business,
    BusinessRole,
    Count,
    CountOf,
    Crime,
    DatePrecision,
    DateSpan,
    Gang,
    Mention,
    Method,
    Modality,
    Money,
    MoneyRole,
    Polarity,
)

_TRIGGER, _TERM, _MONEY, _PAID, _METHOD = 1.0, 0.35, 1.2, 0.9, 0.5
_ENOUGH = 0.9
"""Votes that a type needs to be told by a scene."""
_HINT = 0.3
_TOLD = 0.6
"""Votes of words and sums beyond suppositions that an extortion needs beside a killing."""
_TITLE_FACTOR = 1.5
_UNSURE = (Modality.THREATENED, Modality.HYPOTHETICAL)
_MEANS_OF_EXTORTION = frozenset({"attack", "arms", "threat"})
_NUMBER_BEFORE = re.compile(
    r"(?:\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cien|mil|varios|varias|decenas de"
    r"|cientos de|miles de|casos de))\s+$",
    re.IGNORECASE,
)
_COUNTED_CASES = re.compile(
    r"\b(?:denuncias|casos|v[ií]ctimas|delitos) (?:por|de)(?: el delito de)?\s+[‘'\"“«]?$", re.IGNORECASE
)
_RECORD = re.compile(
    r"\b(?:antecedentes|denuncias|requisitorias?|historial|prontuario|reincidentes?|procesos) (?:\w+ ){0,2}(?:por|de) [^.;:\n]{0,110}$",
    re.IGNORECASE,
)
"""Before a crime that somebody is known for, which is not what the article tells."""
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
_CHARGES_BEGIN = re.compile(
    r"\b(?:delitos?(?: contra el patrimonio)?(?: de| como)?|dedicad[oa]s? (?:a|al)|se dedica\w* (?:a|al)|(?:acusad|investigad|sindicad)[oa]s? (?:de|por))\b",
    re.IGNORECASE,
)
"""What follows in the sentence is what somebody is charged with or known for."""
_NEXT_CHARGE = 25
"""Characters to the next crime of such a list."""
_MEANS = frozenset({"attack", "arms", "threat", "organisation"})
_LASTING = ("extortion", "kidnapping")
_BESIDE_EXTORTION = ("prison", "robbery")
"""Crimes that an extortion of the same people may be told beside, each an event."""
_WITH_MONEY = frozenset({"kidnapping", "trafficking", "fraud"})
"""Crimes in which sums are asked and paid without any extortion."""
_BRIBERY = "cohecho"
_ASKED_FOR = _WITH_MONEY | {"land", "goods"}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event that a scene tells."""

    type: str
    family: str
    trigger: Mention
    """The mention that tells it best."""
    sentence: Sentence
    """Where the trigger stands."""
    votes: float
    first: bool
    """Whether day, place, people and counts of the scene are its own; an extortion behind a killing is the other one."""


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
class _Ballot:
    votes: float = 0.0
    told: float = 0.0
    """Of the votes, those that are more than supposed, planned or threatened."""
    said: float = 0.0
    """Of those, the ones of words and sums."""
    best: tuple[float, Mention, Sentence] | None = None

    def add(self, weight: float, mention: Mention, sentence: Sentence) -> None:
        self.votes += weight
        if sentence.modality(mention) not in _UNSURE:
            self.told += weight
            self.said += weight * isinstance(mention.value, Crime | Money)
        if self.best is None or weight > self.best[0]:
            self.best = weight, mention, sentence


def told_events(
    scene: Scene, text: str, *, extortion_about: bool, sums: str | None, likeliest: bool, one: bool = False
) -> list[Told]:
    """The events of a scene, the one that its day and place belong to first.

    ``extortion_about``: the article tells of extortion somewhere, so that an attack in it is the threat made good.
    ``sums``: the crime that sums asked for or paid speak of (:func:`crime_of_sums`).
    ``likeliest``: the main scene tells something in any case, however few its votes.
    ``one``: the scene is an item of a roundup, and tells one event.
    """
    ballots = count_votes(scene, text, sums=sums)
    families = _done(family_votes(ballots), ballots)
    if _paid_for_another(scene, families, text):
        families.pop("extortion", None)
    chosen = _families(families) or (_likeliest(families) if likeliest and (scene.main or one) else [])
    if "killing" in chosen and _is_remembered(scene, text):
        families.pop("killing")
        chosen = _families(families) or _likeliest(families)
    if "kidnapping" in chosen and _titled("robbery", "kidnapping", scene, text, words_only=True):
        chosen = ["robbery"]
    if "killing" in chosen and "extortion" in chosen:
        if _titled("extortion", "killing", scene, text) and not _is_dated("killing", scene, text):
            chosen = ["extortion"]
        elif _only_supposed("extortion", ballots):
            chosen = ["killing"]
    if one:
        chosen = chosen[:1]
    elif len(chosen) == 1 and scene.main and not _only_supposed("extortion", ballots):
        chosen = _beside_extortion(chosen[0], families, scene, text)
    threat_made_good = extortion_about and (scene.main or _has_victims(scene))
    if threat_made_good and chosen and set(chosen) <= _MEANS_OF_EXTORTION:
        return [_as_extortion(_told(chosen[0], ballots, first=True))]
    return [_told(family, ballots, first=position == 0) for position, family in enumerate(chosen)]


def _beside_extortion(family: str, families: Mapping[str, float], scene: Scene, text: str) -> list[str]:
    """The crime of a family, and an extortion told beside what the title tells: phones found in a prison, a robbery before it."""
    for other in _BESIDE_EXTORTION:
        told = (
            family in (other, "extortion") and min(families.get(other, 0.0), families.get("extortion", 0.0)) >= _ENOUGH
        )
        if told and _titles(other, scene, text):
            return [other, "extortion"]
    return [family]


def _is_dated(family: str, scene: Scene, text: str) -> bool:
    """Whether a sentence tells a crime of a family together with its day."""
    for sentence in scene.sentences:
        told = family_votes(count_votes(Scene(sentences=[sentence]), text))
        days = (m.value for m in sentence.mentions if isinstance(m.value, DateSpan) and m.score >= SURE_DATE)
        if told.get(family, 0.0) >= _ENOUGH and any(day.precision is DatePrecision.DAY for day in days):
            return True
    return False


def _is_remembered(scene: Scene, text: str) -> bool:
    """Whether the title tells an attack or arms, and nobody is counted as dead: the killing is another one that is mentioned."""
    dead = any(isinstance(m.value, Count) and m.value.of is CountOf.DEAD for m in scene.mentions)
    return scene.main and not dead and any(_titled(means, "killing", scene, text) for means in ("attack", "arms"))


def _has_victims(scene: Scene) -> bool:
    return any(isinstance(m.value, Business) and m.value.role is BusinessRole.VICTIM for m in scene.mentions)


def _only_supposed(family: str, ballots: Mapping[str, _Ballot]) -> bool:
    """Whether no word and no sum tells a crime for sure: it is what a killing may have been for."""
    return sum(ballot.said for ballot in _of_family(family, ballots)) < _TOLD


def _done(votes: dict[str, float], ballots: Mapping[str, _Ballot]) -> dict[str, float]:
    """The votes without those for what was only planned or supposed, if anything else is told."""
    done = {family: sum_ for family, sum_ in votes.items() if any(b.told for b in _of_family(family, ballots))}
    return done or votes


def _of_family(family: str, ballots: Mapping[str, _Ballot]) -> Iterator[_Ballot]:
    return (ballot for kind, ballot in ballots.items() if event_types()[kind].family == family)


def _titled(family: str, other: str, scene: Scene, text: str, *, words_only: bool = False) -> bool:
    """Whether the title tells one crime and not the ``other``: that is then what went before, a threat or a means."""
    told = _title_votes(scene, text, words_only=words_only)
    return told.get(family, 0.0) >= _HINT > told.get(other, 0.0)


def _titles(family: str, scene: Scene, text: str) -> bool:
    """Whether the title tells a crime by words."""
    return _title_votes(scene, text, words_only=True).get(family, 0.0) >= _HINT


def _title_votes(scene: Scene, text: str, *, words_only: bool) -> dict[str, float]:
    title = Scene(sentences=[sentence for sentence in scene.sentences if sentence.zone is Zone.TITLE])
    return family_votes(count_votes(title, text, words_only=words_only))


def _paid_for_another(scene: Scene, families: Mapping[str, float], text: str) -> bool:
    """Whether money changes hands in another crime: sums make no extortion where no word tells one."""
    if "extortion" not in families:
        return False
    spoken = family_votes(count_votes(scene, text, words_only=True))
    own = max((spoken.get(family, 0.0) for family in _WITH_MONEY), default=0.0)
    return own >= _ENOUGH and own > spoken.get("extortion", 0.0)


def tells_extortion(scene: Scene, text: str) -> bool:
    """Whether a scene tells an extortion by words or by a demand for money."""
    return family_votes(count_votes(scene, text)).get("extortion", 0.0) >= _ENOUGH


def crime_of_sums(scenes: Sequence[Scene], text: str) -> str | None:
    """The crime that sums asked for or paid in an article speak of, if any.

    Bribery where its words outweigh those of extortion; else extortion where words or methods speak of it, or where somebody
    demands money and nothing is named that money is asked for besides, such as the sale of another's land.
    """
    spoken: defaultdict[str, float] = defaultdict(float)
    bribery = 0.0
    hinted: set[str] = set()
    for scene in scenes:
        ballots = count_votes(scene, text, words_only=True)
        bribery += ballots[_BRIBERY].votes
        for family, votes in family_votes(ballots).items():
            spoken[family] += votes
        hinted |= family_votes(count_votes(scene, text, sums=None)).keys()
    if bribery > max(spoken["extortion"], *(spoken[family] for family in _ASKED_FOR)):
        return _BRIBERY
    demanded = any(
        isinstance(m.value, Money) and m.value.role is MoneyRole.DEMANDED for scene in scenes for m in scene.mentions
    )
    possible = "extortion" in hinted or (demanded and not bribery and not any(spoken[family] for family in _ASKED_FOR))
    return "extorsion" if possible else None


def lasting_crimes(scene: Scene, text: str) -> set[str]:
    """Crimes told by a scene that go on over days."""
    votes = family_votes(count_votes(scene, text))
    return {family for family in _LASTING if votes.get(family, 0.0) >= _ENOUGH}


def family_votes(ballots: Mapping[str, _Ballot]) -> dict[str, float]:
    """Votes by family of crime."""
    families: dict[str, float] = defaultdict(float)
    for kind, ballot in ballots.items():
        families[event_types()[kind].family] += ballot.votes
    return families


def _as_extortion(told: Told) -> Told:
    return replace(told, type="extorsion", family="extortion")


def _families(votes: Mapping[str, float]) -> list[str]:
    """Families of crime that are events of their own."""
    enough = {family for family, sum_ in votes.items() if sum_ >= _ENOUGH}
    acts = enough - _MEANS
    if not acts:
        hinted = {family for family, sum_ in votes.items() if sum_ >= _HINT} - _MEANS
        if enough == {"organisation"} and hinted:  # a gang that was caught with drugs was caught for drugs
            return [max(hinted, key=lambda family: (votes[family], _rank(family)))]
        ranked = sorted(enough, key=lambda family: (-_rank(family), family))
        return ranked[:1]
    if "kidnapping" in acts and votes["kidnapping"] >= votes.get("extortion", 0.0):
        return ["kidnapping"]
    if acts >= {"killing", "extortion"}:
        return ["killing", "extortion"]
    return [max(acts, key=lambda family: (votes[family] + _rank(family) / 100, family))]


def _likeliest(votes: dict[str, float]) -> list[str]:
    """What the main scene of an article on crime most likely tells, when no family has votes enough."""
    acts = {family: sum_ for family, sum_ in votes.items() if family != "organisation"} or votes
    return [max(acts, key=lambda family: (acts[family] + _rank(family) / 1000, family))] if acts else []


def _rank(family: str) -> int:
    return max(row.rank for row in event_types().values() if row.family == family)


def _told(family: str, ballots: dict[str, _Ballot], *, first: bool) -> Told:
    members = {kind: ballot for kind, ballot in ballots.items() if event_types()[kind].family == family}
    kind = max(members, key=lambda name: (members[name].votes + event_types()[name].rank / 100, name))
    if family == "killing" and "sicariato" in members:
        kind = "sicariato"
    best = max((ballot.best for ballot in members.values() if ballot.best), key=lambda best: (best[0], -best[1].start))
    votes = sum(ballot.votes for ballot in members.values())
    return Told(type=kind, family=family, trigger=best[1], sentence=best[2], votes=votes, first=first)


def count_votes(
    scene: Scene, text: str, *, words_only: bool = False, sums: str | None = "extorsion"
) -> dict[str, _Ballot]:
    """Votes of the mentions of a scene by crime type; denied ones have none, background and threats count half.

    ``words_only``: of words that name or tell a crime, not of sums, methods and counts. ``sums``: the
    crime that sums asked for or paid speak of.
    """
    ballots: dict[str, _Ballot] = defaultdict(_Ballot)
    for sentence in scene.sentences:
        factor = _factor(sentence, main=scene.main)
        charges = _charges(sentence, text)
        for mention in sentence.mentions:
            if words_only and not isinstance(mention.value, Crime):
                continue
            told = [(kind, weight) for kind, weight in _votes(mention, sums) if kind in event_types()]
            charged = mention.start in charges
            if not told:
                continue
            if sentence.polarity(mention, text) is Polarity.NEGATIVE or (not charged and is_aggregate(mention, text)):
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


def is_aggregate(mention: Mention, text: str) -> bool:
    """Whether a crime is counted ("ocho homicidios por encargo", "112 denuncias por…"): a figure is no event."""
    if not isinstance(mention.value, Crime):
        return False
    return _counted_before(text, mention.start, plural=mention.text.split()[0].endswith("s"))


@lru_cache(maxsize=256)
def _counted_before(text: str, start: int, *, plural: bool) -> bool:
    """The same of the crime at ``start``. The last answers are kept: the crimes of a scene are counted again and again."""
    before = text[max(0, start - 40) : start]
    if _RECORD.search(text, max(0, start - 150), start) or _USED_FOR.search(before):
        return True
    return _COUNTED_CASES.search(before) is not None or (plural and _NUMBER_BEFORE.search(before) is not None)


def _votes(mention: Mention, sums: str | None) -> list[tuple[str, float]]:
    match mention.value:
        case Crime(type=kind):
            vote = kind, _TRIGGER if mention.source.endswith("trigger") else _TERM
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
            vote = "homicidio", _METHOD
        case Gang() | Count(of=CountOf.ARRESTED):
            vote = "banda_criminal", _METHOD
        case _:
            return []
    return [vote]
