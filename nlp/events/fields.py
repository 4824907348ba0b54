"""The fields of an event from the mentions of its scene, each with its evidence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from nlp.events.caught import caught
from nlp.events.culprits import gangs_of
from nlp.events.involvement import official_involvement
from nlp.events.kinds import Told
from nlp.events.scenes import Scene
from nlp.events.sums import sums_of
from nlp.events.when import when
from nlp.events.where import ACT_ROLES, where
from nlp.phrases import words_of
from nlp.prune import is_threatened
from nlp.qualify import Sentence, tells_of_many
from nlp.types import (
    Business,
    BusinessRole,
    Count,
    CountOf,
    DateSpan,
    Event,
    Evidence,
    Mention,
    Method,
    Place,
    PlaceRole,
    Prison,
)

T = TypeVar("T")
Found = tuple[T, Mention]

_CRIMES_AFTER = re.compile(
    r"\s(?:\w+\s)?(?:muertes|homicidios|asesinatos|crímenes|feminicidios|secuestros|plagios|atentados|casos|denuncias)\b"
)
_LED_TO = re.compile(
    r"\b(?:dej(?:ó|a|aron|ando)|termin(?:ó|aron) con|caus(?:ó|aron)|ocasion(?:ó|aron)|saldo de)\s\Z", re.IGNORECASE
)
"""Before the dead of one event: "terminó con dos muertes"."""
_ADDS = re.compile(r"\W*(?:ademas|asimismo|tambien|del mismo modo|de igual (?:forma|manera)|igualmente)\b")
"""At the beginning of a sentence: it adds to what the one before tells."""

_AND = re.compile(r"(?: [^\W\d_]+){1,4} y (?:a )?(?:otr[oa]s )?")
"""Between two numbers of people who were caught together."""
_AND_OTHERS = re.compile(r" y (?:a )?(?P<others>otr[oa]s )?\Z")
_MORE = re.compile(r" (?:(?:personas|sujetos|hombres|mujeres|individuos) )?más\b")
"""After a number of others than somebody told of before it: "y seis personas más"."""
_STOP = re.compile(r"[.;\n]")
_SURE_COUNT = 0.5
_MULTIPLES = frozenset({"doble", "triple", "cuádruple"})
"""Said of one crime, they number its dead as surely as a figure does."""
_LENDER = "prestamista"
"""Where loans are the crime, lenders are those who commit it, however they are spoken of."""
_EVENT_COUNTS = (CountOf.DEAD, CountOf.INJURED, CountOf.ARRESTED, CountOf.KIDNAPPED, CountOf.SHOTS, CountOf.VEHICLES)


def make_event(text: str, scene: Scene, told: Told, published: datetime, *, alone: bool = True) -> Event:
    """The event that ``told`` stands for, with the arguments that the scene gives it. ``alone``: it is the scene's only one."""
    own = told.first
    date = when(scene, told, text, published) if own else None
    place = _place(scene, told, date)
    gangs = gangs_of(scene, told, text)
    money = sums_of(scene, told, text, {gang for gang, _ in gangs}, alone=alone)
    victims = _victims(scene, told)
    if told.type == "prestamo_extorsivo" or any(method.type == "gota_a_gota" for method, _ in _values(scene, Method)):
        victims = [found for found in victims if found[0].type != _LENDER]
    businesses = list(_unique(victims, key=lambda business: business.type))
    methods = list(_unique(_values(scene, Method), key=lambda method: method.type))
    counts = list(_counts(scene, text)) if own else []
    if own and told.deadly and not _dead(counts):
        counts.insert(0, (Count(value=1, of=CountOf.DEAD), told.trigger))
    if own:
        counts = _with_caught(counts, caught(scene, text))
    prison = next(_prisons(scene, text), None)
    elsewhere = any(value.role in ACT_ROLES for value, _ in _values(scene, Place))
    if place is None and not elsewhere and prison is not None and prison[0].ubigeo is not None:
        place = Place(name=prison[0].name, ubigeo=prison[0].ubigeo, role=PlaceRole.PRISON), prison[1]
    evidence = [evidence_of("trigger", told.trigger)]
    for name, found in (("date", date), ("place", place), ("prison", prison)):
        if found is not None:
            evidence.append(evidence_of(name, found[1]))
    for name, several in (
        ("gangs", gangs),
        ("businesses", businesses),
        ("money", money),
        ("methods", methods),
        ("counts", counts),
    ):
        evidence += [evidence_of(name, mention, index) for index, (_, mention) in enumerate(several)]
    involvement = official_involvement(scene, text)
    if involvement is not None:
        evidence.append(involvement[1])
    return Event(
        id=_event_id(text, told),
        crime_type="homicidio" if told.family == "attack" and _dead(counts) else told.type,
        trigger=told.trigger.text,
        date=date[0] if date else None,
        place=place[0] if place else None,
        gangs=tuple(value for value, _ in gangs),
        businesses=tuple(value for value, _ in businesses),
        money=tuple(value for value, _ in money),
        methods=tuple(value for value, _ in methods),
        counts=tuple(value for value, _ in counts),
        prison=prison[0] if prison else None,
        official_involvement=involvement[0] if involvement else None,
        modality=told.sentence.modality(told.trigger),
        polarity=told.sentence.polarity(told.trigger, text),
        evidence=tuple(evidence),
        score=_score(told, has_date=date is not None, has_place=place is not None),
    )


def _place(scene: Scene, told: Told, date: Found[DateSpan] | None) -> Found[Place] | None:
    """Where it happened, for a victim told of in passing at least where what went before did."""
    found = where(scene, told, date)
    return found if found or scene.before is None else _place(scene.before, told, None)


def _victims(scene: Scene, told: Told) -> list[Found[Business]]:
    """The businesses that were struck: those of the scene, or else of the one that its attack is another one of."""
    own = [found for found in _values(scene, Business) if found[0].role is BusinessRole.VICTIM]
    return _victims(scene.before, told) if scene.before and not own and told.family == "extortion" else own


def _dead(counts: Iterable[Found[Count]]) -> bool:
    return any(count.of is CountOf.DEAD and count.value for count, _ in counts)


def _event_id(text: str, told: Told) -> str:
    key = f"{told.type}\0{told.trigger.start}\0{told.trigger.end}\0{text}"
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def evidence_of(name: str, mention: Mention, index: int = 0) -> Evidence:
    """The characters that a field came from."""
    return Evidence(
        field=name,
        index=index,
        start=mention.start,
        end=mention.end,
        text=mention.text,
        source=mention.source,
        score=mention.score,
    )


def _score(told: Told, *, has_date: bool, has_place: bool) -> float:
    base = 0.45 + 0.1 * min(told.votes, 3.0) + 0.1 * has_date + 0.1 * has_place
    return round(min(0.95, base * (0.6 + 0.4 * told.trigger.score)), 3)


def _values(scene: Scene, kind: type[T]) -> Iterator[Found[T]]:
    for mention in scene.mentions:
        if isinstance(mention.value, kind):
            yield mention.value, mention


def _unique(found: Iterable[Found[T]], key: Callable[[T], object]) -> Iterator[Found[T]]:
    seen: set[object] = set()
    for value, mention in found:
        if key(value) not in seen:
            seen.add(key(value))
            yield value, mention


def _counts(scene: Scene, text: str) -> Iterator[Found[Count]]:
    """The largest number of each kind: parts of a total are said after it. Figures over many events and doubtful ones count for none."""
    single = list(_of_one(scene, text))
    if scene.main:
        single = [sentence for sentence in single if not sentence.background]
    mentions = [mention for sentence in single for mention in sentence.mentions if not is_threatened(mention, sentence)]
    for of in _EVENT_COUNTS:
        found = [
            (m.value, m)
            for m in mentions
            if isinstance(m.value, Count) and m.value.of is of and _is_sure(m) and not _is_figure(m, text)
        ]
        if found:
            added = _added(found, text) if of is CountOf.ARRESTED else found
            yield max(added, key=lambda item: (item[0].value, -item[1].start))


def _with_caught(counts: Sequence[Found[Count]], one_by_one: Found[Count] | None) -> list[Found[Count]]:
    """The counts, with those caught ``one_by_one`` where no number tells them, or none but that of one among several."""
    numbered = sum(count.value for count, _ in counts if count.of is CountOf.ARRESTED)
    if one_by_one is None or numbered > 1 or one_by_one[0].value <= numbered:
        return list(counts)
    return [*(found for found in counts if found[0].of is not CountOf.ARRESTED), one_by_one]


def _added(found: Iterable[Found[Count]], text: str) -> Iterator[Found[Count]]:
    """Counts of those who were caught: such that an "y" joins are one, and who is named before "y otros seis" is one more."""
    total: Found[Count] | None = None
    end = 0
    for count, mention in found:
        if total is not None and _AND.fullmatch(text, end, mention.start):
            total = replace(total[0], value=total[0].value + count.value), total[1]
        else:
            if total is not None:
                yield total
            alone = end == 0 or _STOP.search(text, end, mention.start) is not None
            total = replace(count, value=count.value + (alone and _is_beside_named(text, mention))), mention
        end = mention.end
    if total is not None:
        yield total


def _is_beside_named(text: str, mention: Mention) -> bool:
    """Whether a number counts others than somebody told of before it: "‘Chato’ y otros seis", "… y seis más"."""
    named = _AND_OTHERS.search(text, max(0, mention.start - 20), mention.start)
    return named is not None and (named["others"] is not None or _MORE.match(text, mention.end) is not None)


def _is_sure(mention: Mention) -> bool:
    return mention.score >= _SURE_COUNT or mention.text.lower() in _MULTIPLES


def _is_figure(mention: Mention, text: str) -> bool:
    """Whether crimes are counted, not people: "más de 300 muertes" are those of many events, "300 muertos" may be of one, as is what it led to."""
    return _CRIMES_AFTER.match(text, mention.end) is not None and _LED_TO.search(text, 0, mention.start) is None


def _of_one(scene: Scene, text: str) -> Iterator[Sentence]:
    """Sentences whose figures are those of one event; one that adds to figures over many ("además, …") goes on with those."""
    many = False
    paragraph = -1
    for sentence in scene.sentences:
        told = words_of(text).folded[sentence.start : sentence.end]
        goes_on = many and sentence.paragraph == paragraph and _ADDS.match(told) is not None
        many, paragraph = goes_on or tells_of_many(told), sentence.paragraph
        if not many:
            yield sentence


_FROM_INSIDE = ("orden", "cárcel", "celda", "reclu", "interno", "preso", "llamad", "dirig", "desde")


def _prisons(scene: Scene, text: str) -> Iterator[Found[Prison]]:
    """Prisons that the crime was directed from."""
    for sentence in scene.sentences:
        told = text[sentence.start : sentence.end].lower()
        if any(word in told for word in _FROM_INSIDE):
            yield from ((m.value, m) for m in sentence.mentions if isinstance(m.value, Prison))
