"""Alerts as the last step of a run: what is new of incidents, which saved searches find it, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.alerts.delivery import deliver
from pipeline.alerts.matching import match_news
from pipeline.alerts.news import note_news
from pipeline.index.names import default_names
from pipeline.work import Work

STAGE: Final = "alerts"
KEPT: Final = timedelta(days=90)
"""How long alerts stay that everybody has got."""


def alerts_step(work: Work, *, seconds: float | None = None) -> None:
    """Match what is new, and send what waits. ``seconds``: that sending may take."""
    now = datetime.now(UTC)
    if not work.archive.merging.settled():
        work.left.append("alerts wait until stories and incidents are up to date: vigia analyze")
    elif note_news(work.archive.alerting, work.stop, now=now) is None:
        work.left.append("some incidents wait to be matched by saved searches")
    else:
        _match(work, now)
    delivered = deliver(work.archive.outbox, work.settings.notify, work.stop, now=now, seconds=seconds)
    _count(work, "delivered", delivered.alerts)
    work.problems += delivered.problems
    if delivered.left:
        work.left.append(f"{delivered.left} alert(s) wait to be sent")
    work.archive.alerting.forget(now - KEPT)


def _match(work: Work, now: datetime) -> None:
    matched = match_news(work.archive.alerting, work.stop, now=now, names=default_names(work.settings.synonyms))
    _count(work, "matched", matched.alerts)
    if matched.stopped:
        work.left.append("some incidents wait to be matched by saved searches")
    for name, error in matched.broken.items():
        work.problems.append(
            f"the saved search {name} is broken: {error}; save it anew with --replace: it goes on from where it broke"
        )
    for incident, reason in matched.refused:
        work.problems.append(f"the incident {incident} cannot be matched by saved searches: {reason}")


def _count(work: Work, outcome: str, n: int) -> None:
    if n:
        work.archive.count(STAGE, "", outcome, n)
