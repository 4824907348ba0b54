"""Mentions and qualified sentences -> the events that an article tells.

The article is cut into scenes (:mod:`nlp.events.scenes`): what happened at one place and time. Each scene gives one event,
or two when a killing and an extortion are told together (:mod:`nlp.events.kinds`); an item of a roundup always one. Its
fields are filled from the mentions of its sentences (:mod:`nlp.events.fields`, :mod:`nlp.events.when`,
:mod:`nlp.events.where`), each with the characters that it came from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from spacy.language import Language
from spacy.tokens import Doc

from nlp.events.bearing import date_weights, weighed
from nlp.events.culprits import gang_relations
from nlp.events.fields import evidence_of, make_event
from nlp.events.kinds import Told, crime_of_sums, lasting_crimes, tells_extortion, told_events
from nlp.events.openings import scene_cues
from nlp.events.retold import with_retold
from nlp.events.scenes import Scene, cut, is_same_story
from nlp.events.votes import event_types, was_caught_for
from nlp.events.where import ACT_ROLES
from nlp.qualify import Sentence, Zone
from nlp.recognizers import context_of, text_of
from nlp.types import ArticleKind, CountOf, Crime, DatePrecision, DateSpan, Event, Label

_SINCE_HEARING = timedelta(days=60)
_RECENT = timedelta(days=60)
_FRESH, _HISTORY = timedelta(days=14), timedelta(days=180)
_PROVINCE = 4
_CHARGES = frozenset({"cohecho", "lavado"})
"""Crimes that politics is full of: no event without sums or arrests."""
_GANGS = frozenset({"banda_criminal", "organizacion_criminal"})
_ENOUGH_TOLD = 0.6
"""Score that an event without a day needs outside of a roundup."""
_GANG_TOLD = 0.5
"""The same of what a gang did at a place that is told as that of the act."""
_MOST_GANGS = 3
"""An article that names more and no day tells who is active where, and no event."""
_WELL_TOLD = 0.75
"""The same where no place is named as that of the act."""
_WITHOUT_EVENTS = (ArticleKind.STATISTICS,)
_TALKS = (ArticleKind.JUDICIAL, ArticleKind.EXPLAINER, ArticleKind.OTHER)
"""Kinds of articles that speak of a crime at length where nothing happened: what the law says of it, what a judge thinks."""
_TITLE_WEIGHT, _FEWEST = 3.0, 1.5
_HEARING = re.compile(
    r"\b(?:conden(?:ó|aron|an|a)|sentenci(?:ó|aron|an|a)|dict(?:ó|aron|an|a)|impuso|impusieron|dispuso|orden(?:ó|aron)|resolvi(?:ó|eron)"
    r"|declar(?:ó|aron) (?:in)?fundad|juzgado|audiencia|lectura de sentencia)\b",
    re.IGNORECASE,
)


def assemble(text: str, sentences: Sequence[Sentence], kind: ArticleKind, published: datetime) -> tuple[Event, ...]:
    """The events of an article, in the order of their triggers. Articles of figures tell none."""
    if kind in _WITHOUT_EVENTS:
        return ()
    if kind is ArticleKind.JUDICIAL:
        sentences = [_without_hearing(sentence, text, published) for sentence in sentences]
    roundup = kind is ArticleKind.ROUNDUP
    recent = (published - _RECENT).date() if kind is ArticleKind.INCIDENT else None
    scenes = cut(sentences, text, roundup=roundup, recent=recent)
    if kind is ArticleKind.INCIDENT:
        scenes = with_retold(scenes, text, published.date())
    if not roundup:
        scenes = _joined(scenes, text)
    sums = crime_of_sums(scenes, text)
    extortion_about = any(tells_extortion(scene, text, sums) for scene in scenes)
    of_incidents = kind not in (ArticleKind.POLICY, ArticleKind.EXPLAINER)
    told: list[tuple[Scene, Told]] = []
    extorts: dict[int, bool] = {}
    for scene in scenes:
        found = told_events(
            scene,
            text,
            extortion_about=extortion_about and (scene.before is None or extorts.get(id(scene.before), True)),
            sums=sums,
            likeliest=of_incidents,
            one=roundup or scene.before is not None,
        )
        extorts[id(scene)] = not found or any(t.family == "extortion" for t in found)
        told += [(scene, t) for t in found]
    if not roundup:
        _gather(scenes, [scene for scene, _ in told])
    made = [
        (scene, make_event(text, scene, t, published, alone=sum(other is scene for other, _ in told) == 1))
        for scene, t in told
        if not (_told_elsewhere(scene, t, told) or _is_summary(scene, told, roundup=roundup))
    ]
    in_passing = frozenset(
        event.id for scene, event in made if scene.before is not None or was_caught_for(text, event.evidence[0].start)
    )
    events = [event for _, event in made]
    if roundup:
        events = _dated_by_title(events, scenes[0])
    complete = [event for event in events if _is_complete(event, kind)]
    if kind is ArticleKind.INCIDENT:
        complete = _without_history(complete, published, in_passing)
    return tuple(_arrests_once(complete, in_passing))


def _without_history(events: Sequence[Event], published: datetime, in_passing: Set[str]) -> list[Event]:
    """Events without those of long ago that the report of a fresh one, or of one of no day, goes back to.

    ``in_passing``: ids of those that stand beside it, as what was done to others or to the same victims before, or what
    somebody was caught for before.
    """
    recent = (published - _FRESH).date()
    fresh = any(event.date is not None and event.date.end >= recent for event in events)
    if not fresh and not (events and events[0].date is None):
        return list(events)
    begin = (published - _HISTORY).date()
    return [event for event in events if event.date is None or event.date.end >= begin or event.id in in_passing]


def _joined(scenes: Sequence[Scene], text: str) -> list[Scene]:
    """Scenes that tell days of one extortion or kidnapping are one scene; those that are announced as another never."""
    joined: list[Scene] = []
    lasting: list[tuple[Scene, set[str]]] = []
    for scene in scenes:
        crimes = lasting_crimes(scene, text)
        known = () if scene.announced else lasting
        home = next(((one, others) for one, others in known if _is_one_story(one, scene, crimes & others)), None)
        if home is None:
            joined.append(scene)
            lasting += [(scene, crimes)] if crimes else []
        else:
            home[0].add(scene.sentences)
            home[1].update(crimes)
    return joined


def _is_one_story(one: Scene, scene: Scene, crimes: Set[str]) -> bool:
    return bool(crimes) and is_same_story(one, scene, moves="kidnapping" in crimes)


def _gather(scenes: Sequence[Scene], telling: Sequence[Scene]) -> None:
    """What stretches tell that tell no event is part of the one told before, unless they are announced as another matter."""
    home: Scene | None = None
    for scene in scenes:
        if any(scene is one for one in telling):
            home = scene
        elif home is not None and not scene.announced:
            home.add(scene.sentences)


def _without_hearing(sentence: Sentence, text: str, published: datetime) -> Sentence:
    """In reports from court, a day shortly before the report is that of the hearing, not of the crime."""
    if not _HEARING.search(text[sentence.start : sentence.end]):
        return sentence
    hearing = (published - _SINCE_HEARING).date()
    kept = (m for m in sentence.mentions if not (isinstance(m.value, DateSpan) and m.value.end >= hearing))
    return replace(sentence, mentions=tuple(kept))


def _dated_by_title(events: Sequence[Event], main: Scene) -> list[Event]:
    """Items of a roundup that tell no day have the one of its title: ``Lunes negro``, ``Violento martes``."""
    days = [m for s in main.sentences if s.zone is Zone.TITLE for m in s.mentions if isinstance(m.value, DateSpan)]
    if len(days) != 1 or days[0].value.kind != "date" or days[0].value.precision is not DatePrecision.DAY:
        return list(events)
    day, given = days[0].value, evidence_of("date", days[0])
    return [event if event.date else replace(event, date=day, evidence=(*event.evidence, given)) for event in events]


def _is_complete(event: Event, kind: ArticleKind) -> bool:
    """Whether enough is told to be an event: a day, arrests in a report, or a place and enough besides; a day and a place in an
    article on policy; for a gang by itself, its name and a day, or arrests.
    """
    if kind is ArticleKind.POLICY and (event.date is None or event.place is None):
        return False
    arrests = any(count.of is CountOf.ARRESTED for count in event.counts)
    who_is_where = event.date is None and len(event.gangs) > _MOST_GANGS
    if who_is_where or (event.crime_type in _CHARGES and not (event.money or arrests)):
        return False
    caught_for_it = arrests and kind in (ArticleKind.INCIDENT, ArticleKind.JUDICIAL)
    if event.date is not None or event.crime_type in _GANGS or caught_for_it:
        named = bool(event.gangs) or event.crime_type not in _GANGS
        return arrests or (event.date is not None and named)
    if event.place is None:
        return kind is ArticleKind.INCIDENT and bool(event.gangs) and bool(event.money) and event.score >= _ENOUGH_TOLD
    beside = event.place.role not in ACT_ROLES
    if beside and kind in _TALKS and not (event.gangs or event.money or event.counts):
        return False
    caught = bool(event.gangs) and arrests
    least = _WELL_TOLD if beside and not (event.businesses or event.gangs) else _ENOUGH_TOLD
    least = _GANG_TOLD if event.gangs and not beside else least
    return kind is ArticleKind.ROUNDUP or caught or event.score >= least


def _is_summary(scene: Scene, told: Sequence[tuple[Scene, Told]], *, roundup: bool) -> bool:
    """Whether title and lead only announce what several scenes tell."""
    others = [
        o for o, t in told if o is not scene and o.before is None and t.first and (roundup or o.announced or o.days())
    ]
    own = any(len(code) > _PROVINCE for code in scene.places()) if roundup else bool(scene.days())
    return scene.main and not own and len(others) > 1


def _told_elsewhere(scene: Scene, told: Told, others: Sequence[tuple[Scene, Told]]) -> bool:
    """Whether an extortion that stands behind a killing is told at length in a scene of its own."""
    return not told.first and any(
        other.family == told.family and other.first and other_scene is not scene and other_scene.before is None
        for other_scene, other in others
    )


def _arrests_once(events: Sequence[Event], in_passing: Set[str]) -> list[Event]:
    """Arrests stay on the first event that counts so many: the same people are not caught twice, but at another time."""
    seen: set[int] = set()
    kept = []
    for event in events:
        told = set() if event.id in in_passing else seen
        counts = tuple(c for c in event.counts if c.of is not CountOf.ARRESTED or c.value not in told)
        seen |= {count.value for count in event.counts if count.of is CountOf.ARRESTED}
        kept.append(event if counts == event.counts else replace(event, counts=counts))
    return kept


def crime_types(events: Sequence[Event], sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """What an article is about: the types of its events, then those that its words name often or high up."""
    weights: dict[str, float] = defaultdict(float)
    for sentence in sentences:
        zone = _TITLE_WEIGHT if sentence.zone is Zone.TITLE else 1.0
        for mention in sentence.mentions:
            if isinstance(mention.value, Crime):
                weights[mention.value.type] += zone * mention.score
    strongest = max(weights.values(), default=0.0)
    named = [
        kind
        for kind, weight in sorted(weights.items(), key=lambda item: -item[1])
        if weight >= max(_FEWEST, strongest / 3)
    ]
    return tuple(dict.fromkeys([event.crime_type for event in events] + named))


class EventAssembler:
    """Sets ``doc._.events``, and the scores of dates to how likely they are those of incidents."""

    def __call__(self, doc: Doc) -> Doc:
        """Assemble the events of ``doc``."""
        published = context_of(doc).day
        doc._.sentences, dates = weighed(doc._.sentences, text_of(doc), doc._.triage.kind, published.date())
        doc._.mentions = [dates.get(m.start, m) if m.label is Label.DATE else m for m in doc._.mentions]
        doc._.events = assemble(text_of(doc), doc._.sentences, doc._.triage.kind, published)
        doc._.triage = replace(doc._.triage, crime_types=crime_types(doc._.events, doc._.sentences))
        return doc


@Language.factory("event_assembler")
def create(nlp: Language, name: str) -> EventAssembler:
    """Make the component; reads the tables."""
    del nlp, name
    event_types()
    scene_cues()
    gang_relations()
    date_weights()
    return EventAssembler()
