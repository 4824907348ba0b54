"""Acts of another time that a report goes back to in a clause: "la banda, que en marzo asaltó una farmacia de …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from nlp.events.acts import is_act
from nlp.events.days import SURE_DATE
from nlp.events.kinds import tells_extortion
from nlp.events.scenes import Scene
from nlp.events.votes import ENOUGH, count_votes, family_votes, was_caught_for
from nlp.qualify import Sentence, Zone
from nlp.types import Business, BusinessRole, DatePrecision, DateSpan, Label, Mention, Place, PlaceRole, Value

_BEFORE, _HISTORY = timedelta(days=20), timedelta(days=180)
"""How long before the report the other act was; still earlier is history, unless somebody was caught for it before."""
_MOST = 4
"""A report that goes back more often is a chronicle of one matter."""
_DOUBTFUL_DATE = 0.04
"""A month in passing is seldom that of what an article is about, but often that of another act."""
_NEAR = 100
"""Characters between the time and the word for the act."""
_BEGINS = re.compile(r"[;:.“(—]|,? (?:que|quien|quienes|cuando|aunque|pero|mientras)\b")
_ENDS = re.compile(r"[;.”)—]|, (?:pero|aunque|mientras|hoy|ahora)\b")
_PLACES = (PlaceRole.INCIDENT, PlaceRole.OPERATION, PlaceRole.CONTEXT)
_LEAD, _LEADING = 1, 4
"""Paragraph in which nothing is gone back to; of an article in one paragraph, its first sentences, with the title."""


def with_retold(scenes: Sequence[Scene], text: str, published: date) -> list[Scene]:
    """The scenes, and one more for every act of another time told in a clause, whose mentions are no longer theirs."""
    every: list[Scene] = []
    for scene in scenes:
        clauses = list(islice(_retold(scene, text, published), _MOST + 1))
        told = [one for one in clauses if len(clauses) <= _MOST and _is_another(one, scene, text)]
        taken = {mention.start for one in told for mention in one.mentions}
        rest = [_without(sentence, taken) for sentence in scene.sentences]
        home = replace(scene, sentences=rest) if told else scene
        every += [home, *(replace(one, before=home) for one in told)]
    return every


def _is_another(told: Scene, scene: Scene, text: str) -> bool:
    """Whether a clause tells a crime, and not a day of the extortion that its scene tells: that has other victims, or is elsewhere."""
    if not any(votes >= ENOUGH for votes in family_votes(count_votes(told, text)).values()):
        return False
    rest = Scene(sentences=[s for s in scene.sentences if s.index != told.sentences[0].index])
    return not tells_extortion(scene, text) or bool(_victims(told) - _victims(rest)) or not _near(told, rest)


def _victims(scene: Scene) -> set[str]:
    values = (mention.value for mention in scene.mentions)
    return {value.type for value in values if isinstance(value, Business) and value.role is BusinessRole.VICTIM}


def _near(one: Scene, other: Scene) -> bool:
    """Whether no place of one scene lies outside of those of another."""
    inner, outer = (
        {m.value.ubigeo or "" for m in scene.mentions if isinstance(m.value, Place)} for scene in (one, other)
    )
    return all(any(code.startswith(known) or known.startswith(code) for known in outer) for code in inner)


def _without(sentence: Sentence, taken: set[int]) -> Sentence:
    kept = tuple(mention for mention in sentence.mentions if mention.start not in taken)
    return sentence if len(kept) == len(sentence.mentions) else replace(sentence, mentions=kept)


def _retold(scene: Scene, text: str, published: date) -> Iterator[Scene]:
    if not any(s.zone is not Zone.TITLE and s.paragraph <= _LEAD + 1 for s in scene.sentences if scene.main):
        return
    days = sorted(scene.days(), key=lambda day: day.start)[:2]
    for sentence in scene.sentences:
        if sentence.zone is not Zone.BODY:
            continue
        times = (m for m in sentence.mentions if m.label is Label.DATE and m.score >= _DOUBTFUL_DATE)
        others = ((m, m.value) for m in times if _is_other_time(m.value, days, published))
        told = (_clause(sentence, m, text, history=_is_old(day, published)) for m, day in others)
        clause = next((one for one in told if one is not None), None)
        if clause is not None:
            yield Scene(sentences=[clause], announced=True)


def _is_other_time(day: Value, first: Sequence[DateSpan], published: date) -> bool:
    """Whether a day or month is one before the report and before all other days of its scene, of which those are the ``first``."""
    if not isinstance(day, DateSpan) or day.precision not in (DatePrecision.DAY, DatePrecision.MONTH):
        return False
    return day.end < published - _BEFORE and all(other.start > day.end for other in first if other != day)


def _is_old(day: Value, published: date) -> bool:
    return isinstance(day, DateSpan) and day.end < published - _HISTORY


def _clause(sentence: Sentence, when: Mention, text: str, *, history: bool) -> Sentence | None:
    """The part of a sentence that tells an act together with its time, if it tells whom or where it hit.

    In the lead, and where the time is ``history``, an act that somebody was caught for then.
    """
    acts = [m for m in sentence.mentions if is_act(m) and _between(m, when, text) is not None]
    if not acts:
        return None
    act = min(acts, key=lambda m: _between(m, when, text) or 0)
    first, last = min(act.start, when.start), max(act.end, when.end)
    begins = [match.end() for match in _BEGINS.finditer(text, sentence.start, first)]
    ends = _ENDS.search(text, last, sentence.end)
    start, end = (begins or [sentence.start])[-1], ends.start() if ends else sentence.end
    sure = replace(when, score=max(when.score, SURE_DATE))
    mentions = tuple(sure if m is when else m for m in sentence.mentions if start <= m.start < end)
    if not any(map(_tells_whom_or_where, mentions)):
        return None
    leads = sentence.paragraph <= _LEAD and sentence.index < _LEADING
    if (leads or history) and not any(was_caught_for(text, mention.start) for mention in acts):
        return None
    return replace(sentence, start=start, end=end, mentions=mentions, cues=())


def _between(act: Mention, when: Mention, text: str) -> int | None:
    """Characters between an act and a time, when nothing parts them."""
    start, end = min(act.end, when.end), max(act.start, when.start)
    return end - start if end - start <= _NEAR and not re.search(r"[;:.]", text[start:end]) else None


def _tells_whom_or_where(mention: Mention) -> bool:
    value = mention.value
    hit = isinstance(value, Business) and value.role is BusinessRole.VICTIM
    return hit or (isinstance(value, Place) and value.role in _PLACES)
