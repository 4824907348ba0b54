"""What is new of the incidents that have changed since the last time: judged, and entered as news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from pipeline.alerts.essence import RULES, Judgement, judge
from pipeline.archive import PendingIncident
from pipeline.archive.alerting import Alerting, News
from pipeline.stop import Stop

AT_ONCE: Final = 200
"""Incidents that are judged in one transaction."""
_FIRST: Final = f"first:{RULES}"
_AFRESH: Final = f"afresh:{RULES}"


def note_news(alerting: Alerting, stop: Stop, *, now: datetime) -> int | None:
    """Judge what has changed; the number of news. ``None`` when stopped: the next time goes on from there.

    The first time, what is there is no news. After a change of the rules only incidents that are wholly new are.
    """
    phase = _phase(alerting)
    pending, written = alerting.pending(), 0
    while batch := list(islice(pending, AT_ONCE)):
        if stop.due():
            return None
        written += _note(alerting, batch, phase, now)
    if phase != RULES:
        alerting.set_rules(RULES)
    return written


def _phase(alerting: Alerting) -> str:
    entered = alerting.rules()
    if entered in {RULES, _FIRST, _AFRESH}:
        assert entered is not None
        return entered
    phase = _FIRST if entered is None or entered.startswith("first:") else _AFRESH
    alerting.set_rules(phase, afresh=True)
    return phase


def _note(alerting: Alerting, batch: Sequence[PendingIncident], phase: str, now: datetime) -> int:
    here = [one.incident for one in batch if one.incident is not None]
    articles = {record.article.id for incident in here for record in incident.events}
    before = {one.key: one for one in alerting.told(articles)}
    judged: list[Judgement] = []
    for incident in here:
        ids = {record.article.id for record in incident.events}
        judged.append(judge(incident, [one for one in before.values() if one.article_id in ids]))
        for key in judged[-1].spent:
            del before[key]
    news = [one.news for one in judged if one.news is not None and _is_told(one.news, phase)]
    alerting.save_news(
        {one.id: one.revision for one in batch},
        news,
        [told for one in judged for told in one.told],
        [key for one in judged for key in one.spent],
        at=now,
    )
    return len(news)


def _is_told(news: News, phase: str) -> bool:
    return phase == RULES or (phase == _AFRESH and news.is_new)
