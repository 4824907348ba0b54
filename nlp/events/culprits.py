"""The gangs that took part in what a scene tells, as against those that are compared, remembered, posed as or fought with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from nlp.events.acts import tells_act, triggers
from nlp.events.kinds import Told
from nlp.events.scenes import Scene, is_title, lays_at_door, meant
from nlp.events.votes import event_types
from nlp.lexicon import LexiconError, fold, read_table
from nlp.phrases import PhraseTable, words_of
from nlp.qualify import Sentence
from nlp.types import Gang, Mention, Money, MoneyRole

Found = tuple[Gang, Mention]

_COMPARED = re.compile(
    r"\b(?:rival|disput|confund|nacid|compite|competencia|ni .{1,40} ni|desbaratad|hip[oó]tesis|pelea[n]? (?:el|la|por)"
    r"|quitar(?:le|les)? el control)",
    re.IGNORECASE,
)
_POSED_AS = re.compile(
    r"\bhac(?:erse|i[eé]ndose|[ií]an?|en?) pasar por|\bfing(?:[ií]a[ns]?|iendo|i[oó]) ser|\bimitador|\bnombre ajeno|\bnada que ver\b",
    re.IGNORECASE,
)
"""In a sentence: its gang is one that somebody posed as, wherever it is named."""
_OF_ANOTHER = re.compile(
    r"\b(?:descart|nada (?:que|tiene)|no (?:hay|habr[ií]a) (?:relaci[oó]n|v[ií]nculo)"
    r"|v[ií]ctimas?\b[^.;,]{0,20}\b(?:pertenec|integra|formaba|era[n]? (?:miembro|integrante)))",
    re.IGNORECASE,
)
"""In a sentence: its gang is said to have had no part, or a part in something else."""
_ANOTHER = re.compile(
    r"\botr[ao] (?:grupo|banda|organizaci[oó]n)\b(?! (?:que )?se (?:present|identific|autodenomin))", re.IGNORECASE
)
"""Before a gang in its sentence: it is said to be another one, and not to have come up itself."""
_SAME_HANDS = re.compile(
    r"\b(?:(?:la|esa) misma (?:banda|firma|letra|organizaci[oó]n|gente|mafia|gavilla|red)"
    r"|los mismos (?:sujetos|hampones|extorsionadores|delincuentes|criminales)|(?:ser[ií]an|son|fueron) los mismos|se les? (?:atribuye|imputa)n?)\b",
    re.IGNORECASE,
)
"""In a sentence: those did it too whom the article is about."""
_LINK = re.compile(
    r"(?:\s\w+){0,2}?\s(?:del?|a|con|por|contra)(?:\s(?:la|las|los|el|del?|extint[oa]|banda|megabanda|organizaci[oó]n|criminal|delictiva|transnacional))*"
    r"\s[‘'\"“«]?"
)
"""Between what one gang is to another and that other's name: "facción armada del", "rival de la banda"."""
_BRIBERY = "cohecho"
"""The crime of officials, in which a gang that the body names is the one they were to catch or to warn."""
_ASKS_ITSELF = re.compile(
    r"[”\"’'»]?,? (?:(?:que|la cual|quienes) (?:exig|ped|cobr|solicit|recib)|(?:acusad|sindicad|señalad|dedicad|integrad|conformad|compuest)[oa]s?\b)",
    re.IGNORECASE,
)
_BELONGS = re.compile(
    r"\b(?:integra(?:r|ban?|r[ií]an?)|conforma(?:r|ban?|r[ií]an?)|pertenec\w+)\b[^.;:]*$", re.IGNORECASE
)
"""After, and before, a gang of officials themselves."""
_BESIDE_NAME = 70
_LINKS = frozenset(("de", "del", "el", "la", "las", "los"))


class Relation(StrEnum):
    """What a gang is to the one that is told of."""

    BESIDE = "beside"
    """The one that it came from, belongs to or fights with."""
    FORMER = "former"
    """The one that those who did it once belonged to."""


@lru_cache(maxsize=1)
def gang_relations() -> PhraseTable[Relation]:
    """Words for what one gang is to another, or to those who left it.

    Raises:
        LexiconError: ``gang_relations.csv`` is missing or malformed.
    """
    rows = list(read_table("gang_relations.csv", frozenset({"phrase", "says", "note"})))
    for row in rows:
        if row["says"] not in tuple(Relation):
            raise LexiconError(
                f"nlp/data/gang_relations.csv: {row['phrase']!r} says {row['says']!r}, not one of {[*Relation]}"
            )
    return PhraseTable([(row["phrase"], Relation(row["says"])) for row in rows])


def gangs_of(scene: Scene, told: Told, text: str) -> list[Found]:
    """The gangs of an event, each at its first mention; of several that may have killed, the one that is blamed, or none.

    What is told in passing is the work of the gang that the article is about where it says so.
    """
    gangs = _gangs_told(scene, told, text)
    told_of = scene.before
    if gangs or told_of is None or not any(_SAME_HANDS.search(text, s.start, s.end) for s in scene.sentences):
        return gangs
    theirs = _gangs_told(told_of, told, text)
    return theirs if len(theirs) == 1 else []


def _gangs_told(scene: Scene, told: Told, text: str) -> list[Found]:
    found: dict[str, Found] = {}
    for value, mention in _taking_part(scene, text):
        if told.family == "robbery" and _only_extorts(mention, scene):
            continue
        found.setdefault(_spelled(value.name), (value, mention))
    gangs = list(found.values())
    if told.type == _BRIBERY:
        return [found for found in gangs if found[1].start < _title_end(scene) or _is_their_own(found[1], text)]
    if told.family == "killing" and len(gangs) > 1 and not any(m.start < _title_end(scene) for _, m in gangs):
        gangs = [found for found in gangs if _is_blamed(found[0], scene, text)]
        return gangs if len(gangs) == 1 else []
    return gangs


def _is_their_own(gang: Mention, text: str) -> bool:
    """Whether the words beside a gang say that it asks for bribes itself, or that those who do belong to it."""
    before = max(0, gang.start - _BESIDE_NAME)
    return _ASKS_ITSELF.match(text, gang.end) is not None or _BELONGS.search(text, before, gang.start) is not None


def _only_extorts(gang: Mention, scene: Scene) -> bool:
    """Whether the sentence of a gang tells that it asks for money, and no robbery."""
    sentence = next(s for s in scene.sentences if s.start <= gang.start < s.end)
    asks = any(isinstance(m.value, Money) and m.value.role is MoneyRole.DEMANDED for m in sentence.mentions)
    told = {event_types()[kind].family for kind in triggers(sentence) if kind in event_types()}
    return not is_title(sentence) and (asks or "extortion" in told) and "robbery" not in told


def _spelled(name: str) -> str:
    """What two spellings of a name share: "Batería de Loco", "La Batería del Loco"."""
    return " ".join(word for word in fold(name).split() if word not in _LINKS)


def _taking_part(scene: Scene, text: str) -> Iterator[Found]:
    """Gangs that are named in the title, or else with an act or without being merely compared or remembered."""
    title_end = _title_end(scene)
    named = [(m.value, m, s) for s in scene.sentences for m in s.mentions if isinstance(m.value, Gang)]
    in_title = any(mention.start < title_end for _, mention, _ in named)
    names = {value.name for value, _, _ in named}
    posed = {value.name for value, _, s in named if _POSED_AS.search(text, s.start, s.end)}
    for value, mention, sentence in named:
        relation = _relation(mention, sentence, text)
        if value.name in posed or relation is Relation.FORMER or (relation and len(names) > 1):
            continue
        if is_title(sentence):
            takes_part = meant(mention) not in scene.elsewhere
        else:
            takes_part = _links(sentence, mention, text, only=len(names) == 1, in_title=in_title)
        if takes_part:
            yield value, mention


def _relation(gang: Mention, sentence: Sentence, text: str) -> Relation | None:
    """What a gang is to another one, as the words just before it say."""
    for found in gang_relations().find(words_of(text)):
        if sentence.start <= found.start < gang.start and _LINK.fullmatch(text, found.end, gang.start):
            return found.value
    return None


def _is_blamed(gang: Gang, scene: Scene, text: str) -> bool:
    """Whether a sentence lays what happened at the door of a gang."""
    return any(lays_at_door(s, m, text) for s in scene.sentences for m in s.mentions if m.value == gang)


def _links(sentence: Sentence, gang: Mention, text: str, *, only: bool, in_title: bool) -> bool:
    """Whether a sentence says that its gang took part. The ``only`` gang of a scene needs no act beside it."""
    told = text[sentence.start : sentence.end]
    if _OF_ANOTHER.search(told) or _ANOTHER.search(text, sentence.start, gang.start):
        return False
    compared = _COMPARED.search(told) is not None
    if only and not compared:
        return True
    return not sentence.background and (tells_act(sentence) or not (in_title or compared))


def _title_end(scene: Scene) -> int:
    return max((sentence.end for sentence in scene.sentences if is_title(sentence)), default=0)
