"""What a saved search would tell of incidents that are in the archive already."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from nlp.gazetteer import gazetteer
from pipeline.alerts.matching import AT_ONCE, Sifted, stand
from pipeline.alerts.records import Alert, SavedSearch, spans_of
from pipeline.archive import Archive
from pipeline.archive.alerting import News, NewsItem
from pipeline.index.names import Names

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def trial(archive: Archive, saved: SavedSearch, *, now: datetime, names: Names, limit: int) -> tuple[int, list[Alert]]:
    """How many incidents it finds, and alerts of those that were reported last.

    Raises:
        QueryError: the search cannot be answered as it is written.
    """
    standing = stand("", saved, now=now, names=names)
    incidents, total = archive.incidents(), 0
    newest: list[Alert] = []
    while batch := list(islice(incidents, AT_ONCE)):
        news = [
            NewsItem(seq=number, at=now, news=News(incident=one.id, is_new=True), incident=one)
            for number, one in enumerate(batch, start=1)
        ]
        sifted = Sifted(news, gazetteer())
        for item, spans in sifted.found(standing):
            total += 1
            newest.append(
                Alert(
                    id=str(uuid.uuid4()),
                    search=saved.name,
                    at=now,
                    news="new",
                    changed=(),
                    spans=spans_of(spans),
                    incident=sifted.testimony(item).shown,
                )
            )
        newest = sorted(newest, key=_reported, reverse=True)[:limit]
    return total, newest


def _reported(alert: Alert) -> datetime:
    return max((one.article.published for one in alert.incident.events if one.article.published), default=_LONG_AGO)
