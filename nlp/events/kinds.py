"""Which crimes a scene tells, by the votes of its mentions: the types of one act are told apart from those of another.

An attack, explosives or arms are the means of an extortion, a robbery or a killing when the scene tells one; a killing and
an extortion in one scene are two events, each with its own arguments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from nlp.events.acts import is_act
from nlp.events.days import SURE_DATE
from nlp.events.officials import ask_for_money
from nlp.events.scenes import Scene, is_title
from nlp.events.votes import ENOUGH, TRIGGER, Ballot, count_votes, event_types, family_votes
from nlp.qualify import Sentence, Zone
from nlp.types import (
    Business,
    BusinessRole,
    Count,
    CountOf,
    DatePrecision,
    DateSpan,
    Mention,
    Money,
    MoneyRole,
)

_HINT = 0.3
_LEAST = {"killing": 0.6}
"""Votes that a gang's crime needs beside its capture: "sicarios" only says what it is known for."""
_TOLD = 0.6
"""Votes of words and sums beyond suppositions that an extortion needs beside a killing."""
_MEANS_OF_EXTORTION = frozenset({"attack", "arms", "threat"})
_MEANS = frozenset({"attack", "arms", "threat", "organisation"})
_LASTING = ("extortion", "kidnapping")
_BESIDE_EXTORTION = ("prison", "robbery")
"""Crimes that an extortion of the same people may be told beside, each an event."""
_WITH_MONEY = frozenset({"kidnapping", "trafficking", "fraud"})
"""Crimes in which sums are asked and paid without any extortion."""
_MISTAKEN_FOR = {"extortion": _WITH_MONEY, "kidnapping": _WITH_MONEY - {"kidnapping"}, "robbery": frozenset({"fraud"})}
"""By a crime that sums and counts speak of: those that have such sums and counts too."""
_TO_ROB = re.compile(
    r"\b(?:para|por) (?:robar|asaltar|quitar|arrebatar|despojar)(?:l[eao]s?)?\b"
    r"|\bresist\w+ (?:al?|a un|a ser) (?:el |un )?(?:robo|asalt|atrac)\w*"
    r"|\b(?:durante|en medio de|en|tras) (?:un|el) (?:(?:presunto|intento de|violento|frustrado) )*(?:robo|asalto|atraco)\b"
    r"|\b(?:impedir|evitar|frustrar) (?:el|un|ese|que le) (?:robo|asalto|atraco|roben|asalten)\b",
    re.IGNORECASE,
)
"""Why somebody was killed, or at what: a robbery."""
_LEAD = 2
"""The last paragraph of title and lead."""
_BRIBERY = "cohecho"
_ASKED_FOR = _WITH_MONEY | {"land", "goods"}


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
    deadly: bool = False
    """Whether somebody was killed."""


def told_events(
    scene: Scene, text: str, *, extortion_about: bool, sums: str | None, likeliest: bool, one: bool = False
) -> list[Told]:
    """The events of a scene, the one that its day and place belong to first.

    ``extortion_about``: the article tells of extortion somewhere, so that an attack in it is the threat made good.
    ``sums``: the crime that sums asked for or paid speak of (:func:`crime_of_sums`).
    ``likeliest``: the main scene, and one whose crime is numbered, tells something in any case, however few its votes.
    ``one``: the scene is an item of a roundup, and tells one event.
    """
    ballots = count_votes(scene, text, sums=sums)
    families = _done(family_votes(ballots), ballots)
    for family in _paid_for_another(scene, families, text):
        families.pop(family)
    if _is_gang_alone(families) and not any(ballot.said for ballot in _of_family("extortion", ballots)):
        families.pop("extortion", None)  # stickers on its houses only say what the gang is known for
    surely = likeliest and (scene.main or scene.numbered or one)
    chosen = _families(families) or (_likeliest(families) if surely else [])
    if _killed_to_rob(chosen, families, scene, text):
        return [replace(_told("robbery", ballots, first=True), type="robo_agravado", deadly=True)]
    chosen = _of_this_scene(chosen, families, ballots, scene, text)
    if one:
        chosen = chosen[:1]
    elif len(chosen) == 1 and scene.main and not _only_supposed("extortion", ballots):
        chosen = _beside_extortion(chosen[0], families, scene, text)
    told = [_told(family, ballots, first=position == 0) for position, family in enumerate(chosen)]
    if not told and extortion_about and scene.before is not None:
        return _of_victim(scene)
    if told and set(chosen) <= _MEANS_OF_EXTORTION and _is_threat_made_good(told[0], scene, text, extortion_about):
        return [_as_extortion(told[0])]
    return [replace(t, votes=t.votes + TRIGGER * (scene.numbered and t.first)) for t in told]


def _of_victim(scene: Scene) -> list[Told]:
    """The extortion of a victim told of in passing, of which nothing but the victim's refusal speaks."""
    acts = ((mention, sentence) for sentence in scene.sentences for mention in sentence.mentions if is_act(mention))
    return [
        Told(type="extorsion", family="extortion", trigger=trigger, sentence=sentence, votes=0.0, first=True)
        for trigger, sentence in islice(acts, 1)
    ]


def _of_this_scene(
    chosen: list[str], families: dict[str, float], ballots: Mapping[str, Ballot], scene: Scene, text: str
) -> list[str]:
    """The crimes without those that the scene only goes back to, or only supposes."""
    if "killing" in chosen and _is_remembered(scene, text):
        families.pop("killing")
        chosen = _families(families) or _likeliest(families)
    if "kidnapping" in chosen and _titled("robbery", "kidnapping", scene, text, words_only=True):
        chosen = ["robbery"]
    if "killing" in chosen and "extortion" in chosen:
        if _titled("extortion", "killing", scene, text) and not _is_dated("killing", scene, text):
            return ["extortion"]
        if _only_supposed("extortion", ballots):
            return ["killing"]
    return chosen


def _is_threat_made_good(means: Told, scene: Scene, text: str, extortion_about: bool) -> bool:
    """Whether an attack is part of an extortion: the article tells of one, or extortionists are those who the title tells did it."""
    if extortion_about and (scene.main or scene.before is not None or _has_victims(scene)):
        return True
    return scene.main and means.type != "tenencia_armas" and _titles("extortion", scene, text)


def _beside_extortion(family: str, families: Mapping[str, float], scene: Scene, text: str) -> list[str]:
    """The crime of a family, and an extortion told beside what the title tells: phones found in a prison, a robbery before it."""
    for other in _BESIDE_EXTORTION:
        told = (
            family in (other, "extortion") and min(families.get(other, 0.0), families.get("extortion", 0.0)) >= ENOUGH
        )
        if told and _titles(other, scene, text):
            return [other, "extortion"]
    return [family]


def _is_dated(family: str, scene: Scene, text: str) -> bool:
    """Whether a sentence, with the next one of its paragraph, tells a crime of a family together with its day."""
    for index, sentence in enumerate(scene.sentences):
        near = [one for one in scene.sentences[index : index + 2] if one.paragraph == sentence.paragraph]
        told = family_votes(count_votes(Scene(sentences=near), text))
        days = (m.value for m in sentence.mentions if isinstance(m.value, DateSpan) and m.score >= SURE_DATE)
        if told.get(family, 0.0) >= ENOUGH and any(day.precision is DatePrecision.DAY for day in days):
            return True
    return False


def _is_remembered(scene: Scene, text: str) -> bool:
    """Whether the title tells an attack or arms, and nobody is counted as dead: the killing is another one that is mentioned."""
    dead = any(isinstance(m.value, Count) and m.value.of is CountOf.DEAD for m in scene.mentions)
    return scene.main and not dead and any(_titled(means, "killing", scene, text) for means in ("attack", "arms"))


def _has_victims(scene: Scene) -> bool:
    return any(isinstance(m.value, Business) and m.value.role is BusinessRole.VICTIM for m in scene.mentions)


def _only_supposed(family: str, ballots: Mapping[str, Ballot]) -> bool:
    """Whether no word and no sum tells a crime for sure: it is what a killing may have been for."""
    return sum(ballot.said for ballot in _of_family(family, ballots)) < _TOLD


def _done(votes: dict[str, float], ballots: Mapping[str, Ballot]) -> dict[str, float]:
    """The votes without those for what was only planned or supposed, if anything else is told."""
    done = {family: sum_ for family, sum_ in votes.items() if any(b.told for b in _of_family(family, ballots))}
    return done or votes


def _of_family(family: str, ballots: Mapping[str, Ballot]) -> Iterator[Ballot]:
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


def _killed_to_rob(chosen: Sequence[str], families: Mapping[str, float], scene: Scene, text: str) -> bool:
    """Whether title or lead say that somebody was killed at a robbery: by the Penal Code (art. 189) the robbery is the crime."""
    killed = families.get("killing", 0.0) >= ENOUGH and families.get("robbery", 0.0) >= _HINT
    if not (killed and scene.main and {"killing", "robbery"} & set(chosen)):
        return False
    beginning = [sentence for sentence in scene.sentences if sentence.paragraph <= _LEAD]
    return any(_TO_ROB.search(text, sentence.start, sentence.end) for sentence in beginning)


def _paid_for_another(scene: Scene, families: Mapping[str, float], text: str) -> list[str]:
    """Crimes of which only sums and counts speak, where words tell another one that has such sums and counts."""
    spoken = family_votes(count_votes(scene, text, words_only=True))

    def told_instead(family: str) -> bool:
        other = max(spoken.get(one, 0.0) for one in _MISTAKEN_FOR[family])
        least = other if family == "extortion" else _HINT
        return other >= ENOUGH and spoken.get(family, 0.0) < least

    return [family for family in _MISTAKEN_FOR if family in families and told_instead(family)]


def tells_extortion(scene: Scene, text: str, sums: str | None = "extorsion") -> bool:
    """Whether a scene tells an extortion by words or by a demand for money. ``sums``: the crime that sums speak of."""
    return family_votes(count_votes(scene, text, sums=sums)).get("extortion", 0.0) >= ENOUGH


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
    titles = [text[s.start : s.end] for scene in scenes for s in scene.sentences if is_title(s)]
    if spoken["extortion"] <= TRIGGER and any(map(ask_for_money, titles)):
        return _BRIBERY
    demanded = any(
        isinstance(m.value, Money) and m.value.role is MoneyRole.DEMANDED for scene in scenes for m in scene.mentions
    )
    possible = "extortion" in hinted or (demanded and not bribery and not any(spoken[family] for family in _ASKED_FOR))
    return "extorsion" if possible else None


def lasting_crimes(scene: Scene, text: str) -> set[str]:
    """Crimes told by a scene that go on over days."""
    votes = family_votes(count_votes(scene, text))
    return {family for family in _LASTING if votes.get(family, 0.0) >= ENOUGH}


def _as_extortion(told: Told) -> Told:
    return replace(told, type="extorsion", family="extortion")


def _families(votes: Mapping[str, float]) -> list[str]:
    """Families of crime that are events of their own."""
    enough = {family for family, sum_ in votes.items() if sum_ >= ENOUGH}
    acts = enough - _MEANS
    if not acts:
        hinted = {family for family, sum_ in votes.items() if sum_ >= _LEAST.get(family, _HINT)} - _MEANS
        if _is_gang_alone(votes) and hinted:  # a gang that was caught with drugs was caught for drugs
            return [max(hinted, key=lambda family: (votes[family], _rank(family)))]
        ranked = sorted(enough, key=lambda family: (-_rank(family), family))
        return ranked[:1]
    if "kidnapping" in acts and votes["kidnapping"] >= votes.get("extortion", 0.0):
        return ["kidnapping"]
    if acts >= {"killing", "extortion"}:
        return ["killing", "extortion"]
    return [max(acts, key=lambda family: (votes[family] + _rank(family) / 100, family))]


def _is_gang_alone(votes: Mapping[str, float]) -> bool:
    """Whether nothing but a gang is told for sure."""
    return {family for family, sum_ in votes.items() if sum_ >= ENOUGH} == {"organisation"}


def _likeliest(votes: dict[str, float]) -> list[str]:
    """What the main scene of an article on crime most likely tells, when no family has votes enough."""
    acts = {family: sum_ for family, sum_ in votes.items() if family != "organisation"} or votes
    return [max(acts, key=lambda family: (acts[family] + _rank(family) / 1000, family))] if acts else []


def _rank(family: str) -> int:
    return max(row.rank for row in event_types().values() if row.family == family)


def _told(family: str, ballots: dict[str, Ballot], *, first: bool) -> Told:
    members = {kind: ballot for kind, ballot in ballots.items() if event_types()[kind].family == family}
    kind = max(members, key=lambda name: (members[name].votes + event_types()[name].rank / 100, name))
    if family == "killing" and "sicariato" in members:
        kind = "sicariato"
    best = max((ballot.best for ballot in members.values() if ballot.best), key=lambda best: (best[0], -best[1].start))
    votes = sum(ballot.votes for ballot in members.values())
    return Told(
        type=kind,
        family=family,
        trigger=best[1],
        sentence=best[2],
        votes=votes,
        first=first,
        deadly=family == "killing",
    )
