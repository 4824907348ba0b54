"""Sentences -> scenes: stretches of an article that tell of one place and time.

A new scene begins where a sentence that tells an act names a day or a place which the scene so far excludes, or where a
cue such as "en otro hecho" or a dateline says so. A paragraph after a side scene goes to the scene that it shares most with.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from nlp.events.acts import KILLINGS, tells_act, tells_crime, triggers
from nlp.events.days import SAME_TIME, days_of, excludes_days
from nlp.events.openings import Opening, openers_of
from nlp.events.passing import clauses, surely_dated, told_in_passing, with_their_dates
from nlp.qualify import Sentence, Zone
from nlp.types import (
    Business,
    DatePrecision,
    DateSpan,
    Gang,
    Mention,
    Money,
    Place,
    PlaceRole,
)

_ATTRIBUTES = re.compile(
    r"\b(?:apunta[n]? a|atribuy\w+|(?:ser[ií]an?|es|son) (?:obra )?de|obra de|autor[ií]a de|se (?:trata|tratar[ií]a) de|firmad\w+ por|se presentan? como"
    r"|se identific\w+ como|responsables? (?:a|de)|pertenecer[ií]an? a|integrar[ií]an?|vinculad\w+ (?:a|con)|estar[ií]an? detr[aá]s|detr[aá]s (?:de|del) "
    r"(?:ataque|crimen|atentado|robo|asalto)) $|\b(?:apunta|atribuye|sospecha)\b.{0,40}$",
    re.IGNORECASE,
)
"""Before a gang's name: what was told is laid at its door, whatever else it did, and when."""
_SCENE_ROLES = (PlaceRole.INCIDENT, PlaceRole.OPERATION)
_SAME_CRIME = re.compile(
    r"(?:el|la|este|esta|dicho|dicha) (?:crimen|asesinato|homicidio|ataque|atentado|robo|asalto|atraco|hurto|secuestro|plagio|rapto|hecho|suceso|incidente|explosi[oó]n"
    r"|detonaci[oó]n|balacera|tiroteo)(?: (?:de|contra|a) [^.;,]{1,40})?,? (?:ocurr|se (?:registr|produj|perpetr|dio)|sucedi|tuvo lugar|fue perpetrad|aconteci)",
    re.IGNORECASE,
)
"""At the beginning of a sentence that tells more of the crime that was told: "El asalto ocurrió el lunes"."""

_SAME_VICTIM = re.compile(
    r"(?:[ée]ste|[ée]sta|[ée]l|ella|l[ao] v[ií]ctima|el (?:agraviado|empresario|comerciante|menor|joven)|la (?:agraviada|empresaria|comerciante|menor|joven))"
    r" (?:hab[ií]a sido|habr[ií]a sido|fue) (?:secuestrad|plagiad|raptad|interceptad|retenid|llevad)",
    re.IGNORECASE,
)
"""At the beginning of a sentence that tells how the victim told of before was taken: "Este había sido secuestrado un día antes"."""


@dataclass(slots=True)
class _Gist:
    """What has been told in a scene so far: kept beside its sentences, so that long articles are not read again and again."""

    places: set[str] = field(default_factory=set)
    days: dict[DateSpan, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    begun: bool = False
    is_operation: bool = False

    def learn(self, sentences: Sequence[Sentence]) -> None:
        """Take in more sentences."""
        for sentence in sentences:
            if sentence.zone is not Zone.TITLE:
                self.places |= _places(sentence)
            self.days |= dict.fromkeys(days_of(sentence))
            self.begun = self.begun or sentence.zone is Zone.BODY
            self.is_operation = self.is_operation or _is_list(sentence)
        self.names |= _names(sentences)


@dataclass(slots=True)
class Scene:
    """Sentences that tell of one place and time, in text order."""

    sentences: list[Sentence] = field(default_factory=list)
    main: bool = False
    """Whether it holds the title."""
    brief: bool = False
    """Whether it began inside a paragraph: the next paragraph goes back to what was told before."""
    announced: bool = False
    """Whether a cue phrase or a dateline says that it is another one."""
    numbered: bool = False
    """Whether the cue names its crime: "el segundo ataque"."""
    before: Scene | None = None
    """The scene in which it is told in passing: what was done on another day to the same victims or to others."""
    elsewhere: frozenset[Hashable] = frozenset()
    """What mentions of the title mean that belongs to other scenes."""
    _gist: _Gist = field(default_factory=_Gist, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._gist.learn(self.sentences)

    def add(self, sentences: Sequence[Sentence]) -> None:
        """Go on with more sentences; they may stand anywhere in the text."""
        goes_on = not self.sentences or self.sentences[-1].index < sentences[0].index
        self.sentences += sentences
        if not goes_on:
            self.sentences.sort(key=lambda sentence: sentence.index)
        self._gist.learn(sentences)

    @property
    def mentions(self) -> list[Mention]:
        """Its mentions, in text order, without those of the title that belong to other scenes."""
        return [
            mention
            for sentence in self.sentences
            for mention in sentence.mentions
            if sentence.zone is not Zone.TITLE or meant(mention) not in self.elsewhere
        ]

    def places(self) -> Set[str]:
        """Codes of the places where it happened, according to the body."""
        return self._gist.places

    def days(self) -> Sequence[DateSpan]:
        """When it happened, as far as days are told."""
        return tuple(self._gist.days)

    def names(self) -> Set[str]:
        """What tells the stories of an article apart: its gangs, trades and districts."""
        return self._gist.names

    @property
    def begun(self) -> bool:
        """Whether anything but the title has been told."""
        return self._gist.begun

    @property
    def is_operation(self) -> bool:
        """Whether places are those of one operation in many places."""
        return self._gist.is_operation


def is_title(sentence: Sentence) -> bool:
    """Whether a sentence is the title."""
    return sentence.zone is Zone.TITLE


def cut(sentences: Sequence[Sentence], text: str, *, roundup: bool = False, recent: date | None = None) -> list[Scene]:
    """The scenes of an article; the first holds the title. Asides belong to none.

    In a ``roundup`` another district is another scene; elsewhere only another province is. ``recent``: the first day of what
    is news; a paragraph that tells an act of before then goes back to another one, though the news has no day.
    """
    openers = openers_of(sentences, text)
    if not roundup:
        sentences = [clause for sentence in with_their_dates(sentences, text) for clause in clauses(sentence, text)]
    passing = frozenset[int]() if roundup else told_in_passing(sentences, text)
    main = Scene(main=True)
    scenes = [main]
    current = main
    for paragraph in _paragraphs(sentences):
        if paragraph[0].zone is Zone.TITLE:
            main.add(paragraph)
            continue
        current = _home(scenes, current, paragraph)
        headings: list[Sentence] = []
        for position, sentence in enumerate(paragraph):
            if sentence.zone is Zone.HEADING:
                headings.append(sentence)
                continue
            start = position == len(headings)
            goes_back = start and recent is not None and _goes_back(current, sentence, recent)
            aside = sentence.start in passing
            if (
                aside
                or goes_back
                or _opens(current, sentence, paragraph[position:], openers, text, start=start, roundup=roundup)
            ):
                known = None if roundup or aside else _known(scenes, sentence)
                current = known or Scene(
                    brief=aside or position > len(headings),
                    announced=aside or sentence.index in openers or _kills_again(current, sentence),
                    numbered=openers.get(sentence.index) is Opening.CRIME,
                    before=(current.before or current) if aside else None,
                )
                if known is None:
                    scenes.append(current)
            current.add([*headings, surely_dated(sentence) if aside else sentence])
            headings = []
    main.elsewhere = _of_others(scenes)
    return scenes


def is_same_story(one: Scene, other: Scene, *, moves: bool = False) -> bool:
    """Whether two scenes of an article may be days of one story: nothing announces another, and places and gangs agree.

    ``moves``: it goes on from place to place, as a kidnapping does.
    """
    gangs, others = ({m.value for m in scene.mentions if isinstance(m.value, Gang)} for scene in (one, other))
    apart = gangs and others and not gangs & others
    return not (other.announced or apart or (not moves and _excludes_places(one.places(), other.places())))


def _paragraphs(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Sentences by paragraph, a heading with the paragraph under it; without asides."""
    groups: list[list[Sentence]] = []
    number = -1
    for sentence in sentences:
        if sentence.zone is Zone.ASIDE:
            continue
        under_heading = bool(groups) and groups[-1][-1].zone is Zone.HEADING
        if sentence.paragraph != number and not under_heading:
            groups.append([])
        groups[-1].append(sentence)
        number = sentence.paragraph
    return groups


def _of_others(scenes: Sequence[Scene]) -> frozenset[Hashable]:
    """Values that the title shares with side scenes and not with the body of the main one.

    A gang or a sum that stands alone in the title is the main scene's, whoever else is said to have dealt with it.
    """
    own = {meant(m) for s in scenes[0].sentences if s.zone is not Zone.TITLE for m in s.mentions}
    others = {meant(mention) for scene in scenes[1:] for mention in scene.mentions}
    in_title = {m.value for s in scenes[0].sentences if s.zone is Zone.TITLE for m in s.mentions}
    gangs = {value for value in in_title if isinstance(value, Gang)}
    sums = {value for value in in_title if isinstance(value, Money)}
    alone = (gangs if len(gangs) == 1 else set()) | (sums if len(sums) == 1 else set())
    return frozenset(others - own - alone)


def meant(mention: Mention) -> Hashable:
    """What two mentions of one thing share: of a place, its code, whatever role it has in the sentence."""
    value = mention.value
    return value.ubigeo if isinstance(value, Place) and value.ubigeo else value


def _opens(
    current: Scene,
    sentence: Sentence,
    ahead: Sequence[Sentence],
    openers: Mapping[int, Opening],
    text: str,
    *,
    start: bool,
    roundup: bool,
) -> bool:
    """Whether a sentence begins another scene.

    ``ahead``: it and what follows in its paragraph; ``start``: it begins its paragraph; ``roundup``: as for :func:`cut`.
    """
    opening = openers.get(sentence.index)
    if not current.begun or opening is Opening.DATELINE or _SAME_VICTIM.match(text, sentence.start, sentence.end):
        return current.begun and opening is Opening.DATELINE
    days, places = days_of(sentence), _places(sentence)
    if _is_announced(opening, ahead, start=start, told=bool(days or places)):
        return True
    goes_on = _SAME_CRIME.match(text, sentence.start, sentence.end) is not None or _attributes(sentence, text)
    if sentence.paragraph <= 1 or (not roundup and goes_on):
        return False
    other_day = excludes_days(current.days(), days, tolerance=SAME_TIME)
    if other_day and (start or places - current.places() or _kills_again(current, sentence)):
        return tells_act(sentence)
    if not start or _is_list(sentence) or current.is_operation:
        return False
    elsewhere = _is_item(current, ahead) if roundup else _other_province(current.places(), places)
    return elsewhere and any(tells_act(following) for following in ahead)


def _kills_again(current: Scene, sentence: Sentence) -> bool:
    """Whether a sentence tells a killing after another one: nobody is killed twice, on one day and on another."""
    killed = [one for one in current.sentences if one.zone is Zone.BODY and days_of(one) and triggers(one) & KILLINGS]
    return bool(killed and triggers(sentence) & KILLINGS) and excludes_days(
        current.days(), days_of(sentence), tolerance=SAME_TIME
    )


def _goes_back(current: Scene, sentence: Sentence, recent: date) -> bool:
    """Whether a sentence tells an act of long ago after one without a day."""
    days = days_of(sentence)
    told = any(tells_act(one) for one in current.sentences if one.zone is Zone.BODY)
    return (
        current.main
        and told
        and not current.days()
        and bool(days)
        and tells_act(sentence)
        and all(day.precision is DatePrecision.DAY and day.end < recent for day in days)
    )


def _is_announced(opening: Opening | None, ahead: Sequence[Sentence], *, start: bool, told: bool) -> bool:
    """Whether a cue begins another scene. ``told``: a day or a place is told beside it."""
    if opening is None or told:
        named = opening is Opening.CRIME and start
        return opening is not None and (named or any(tells_act(following) for following in ahead))
    return opening in (Opening.MATTER, Opening.CRIME) and start and any(tells_crime(following) for following in ahead)


def _attributes(sentence: Sentence, text: str) -> bool:
    """Whether a sentence lays what was told before at a gang's door."""
    return any(lays_at_door(sentence, m, text) for m in sentence.mentions if isinstance(m.value, Gang))


def lays_at_door(sentence: Sentence, gang: Mention, text: str) -> bool:
    """Whether a sentence says of a ``gang`` in it that what was told is its work."""
    return _ATTRIBUTES.search(text[sentence.start : gang.start].rstrip("‘'\"“«")) is not None


def _is_item(current: Scene, ahead: Sequence[Sentence]) -> bool:
    """Whether a paragraph of a roundup is another item: elsewhere, or the first one after a lead that names no district."""
    places = {code for sentence in ahead for code in _places(sentence)}
    after_lead = current.main and _districts(places) and not _districts(current.places())
    return bool(after_lead) or _excludes_places(current.places(), places)


def _districts(codes: Set[str]) -> set[str]:
    return {code for code in codes if len(code) > 4}


def _other_province(known: Set[str], new: Set[str]) -> bool:
    """Whether places lie in none of the provinces known: victims of one gang live in many districts of a province."""
    return _excludes_places({code[:4] for code in known}, {code[:4] for code in new})


def _is_list(sentence: Sentence) -> bool:
    return len(_places(sentence)) > 2


def _excludes_places(known: Set[str], new: Set[str]) -> bool:
    if not known or not new:
        return False
    return not any(one.startswith(other) or other.startswith(one) for one in known for other in new)


@lru_cache(maxsize=8192)
def _places(sentence: Sentence) -> frozenset[str]:
    return frozenset(
        mention.value.ubigeo
        for mention in sentence.mentions
        if isinstance(mention.value, Place)
        and mention.value.role in _SCENE_ROLES
        and mention.value.ubigeo is not None
        and len(mention.value.ubigeo) >= 4
    )


def _known(scenes: Sequence[Scene], sentence: Sentence) -> Scene | None:
    """An earlier scene that has both the day and the place of a sentence: the article comes back to it."""
    days, places = days_of(sentence), _places(sentence)
    if not days or not places:
        return None
    for scene in scenes:
        same_day = scene.days() and not excludes_days(scene.days(), days)
        same_place = scene.places() and not _excludes_places(scene.places(), places)
        if same_day and same_place:
            return scene
    return None


def _home(scenes: Sequence[Scene], current: Scene, paragraph: Sequence[Sentence]) -> Scene:
    """The scene that a new paragraph goes on with: the one it shares most names with, else the one before it."""
    if current.before is not None:
        current = current.before
    names = _names(paragraph)
    shared = [(len(names & scene.names()), scene is current, -i) for i, scene in enumerate(scenes)]
    best = max(shared)
    if best[0]:
        return scenes[-best[2]]
    if current.brief:
        return scenes[max(0, scenes.index(current) - 1)]
    return current


def _names(sentences: Sequence[Sentence]) -> set[str]:
    names: set[str] = set()
    for sentence in sentences:
        for mention in sentence.mentions:
            match mention.value:
                case Gang(name=name):
                    names.add(name)
                case Business(category=category):
                    names.add(category)
                case Place(ubigeo=str(code)) if len(code) == 6:
                    names.add(code)
                case _:
                    pass
    return names
