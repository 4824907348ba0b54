"""Stories and incidents of what has changed in the archive since they were made.

However articles arrive, and in however many parts, the outcome is that of all of them at once: each story and each incident
depends only on what was published before and near it, so that work spreads from a change as far as it alters anything.
Memory holds one window of signatures, and the events of some days of one crime family in one province.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pipeline.grouping import REACH, Facts, Grouping, crime_families, order, profile_of
from pipeline.incidents import incident_of

if TYPE_CHECKING:
    from pipeline.archive import Change, Merging, Placed, Signed
    from pipeline.dedupe import Signature
    from pipeline.stop import Stop

RULES_VERSION: Final = 1
"""To be raised whenever the same articles make other stories or incidents than before."""
STORIES_AT_ONCE: Final = 2000
"""Articles after which stories are written."""


def merge_changes(merging: Merging, stop: Stop) -> int | None:
    """Bring stories and incidents up to date; how many incidents are new, others or gone.

    It takes the time that it needs, and only a signal stops it: then ``None``, and the next time goes on from there.
    """
    rules = _rules()
    if merging.rules() != rules:
        merging.begin_anew(rules)
    if not _settle_stories(merging, stop):
        return None
    while not stop.signalled:
        if merging.regroup(REACH, decide) is None:
            return _write_incidents(merging, stop)
    return None


def _write_incidents(merging: Merging, stop: Stop) -> int | None:
    written = 0
    while not stop.signalled:
        some = merging.rewrite_incidents(incident_of)
        if some is None:
            return written
        written += some
    return None


def decide(placed: Sequence[Placed], chosen: Collection[int]) -> dict[str, str]:
    """Key of event -> id of its incident, for the events of the chosen days; the others are where they were before."""
    grouping = Grouping()
    decided: dict[str, str] = {}
    for one in sorted(placed, key=lambda one: order(one.published, one.article_id, one.event.id)):
        facts = Facts(one.key, one.article_id, one.story, profile_of(one.event))
        if one.day in chosen:
            decided[one.key] = grouping.decide(facts)
        else:
            grouping.keep(facts, one.incident)
    return decided


def _rules() -> str:
    families = json.dumps(sorted(crime_families().items())).encode()
    return f"{RULES_VERSION}:{hashlib.sha256(families).hexdigest()[:16]}"


def _settle_stories(merging: Merging, stop: Stop) -> bool:
    while (first := next(merging.changes(), None)) is not None:
        if stop.signalled or not _Stretch(merging, stop, first.dated).settle():
            return False
    return True


class _Stretch:
    """Articles in order of publication, from a change on until no article within reach ahead has changed."""

    def __init__(self, merging: Merging, stop: Stop, start: datetime) -> None:
        from pipeline.dedupe import WINDOW, StoryWindow

        self._merging, self._stop, self._start, self._reach = merging, stop, start, WINDOW
        self._window = StoryWindow()
        self._changes: Iterator[Change] = merging.changes()
        self._ahead = next(self._changes, None)
        self._last: datetime | None = None
        """The newest change that was passed, be it of a signature or of a story."""
        self._found: dict[str, str] = {}

    def settle(self) -> bool:
        """Find their stories; false when stopped before the end."""
        for number, signed in enumerate(self._merging.signatures(self._before(self._start)), start=1):
            self._pass_changes(signed.dated)
            if self._last is not None and signed.dated - self._last <= self._reach:
                self._decide(signed)
            elif self._ahead is not None and self._ahead.dated - signed.dated <= self._reach:
                self._window.keep(self._signature(signed), signed.story or signed.article_id)
            else:
                self._write(self._ahead.dated if self._ahead else None)
                return True
            if number % STORIES_AT_ONCE == 0 and not self._write_part(signed.dated):
                return False
        self._write(None)  # changes beyond the last article bear on none
        return True

    def _pass_changes(self, until: datetime) -> None:
        while self._ahead is not None and self._ahead.dated <= until:
            self._last = self._ahead.dated
            self._ahead = next(self._changes, None)

    def _decide(self, signed: Signed) -> None:
        story = self._window.find(self._signature(signed))
        if story != signed.story:
            self._found[signed.article_id] = story
            self._last = signed.dated

    def _write_part(self, moment: datetime) -> bool:
        done = self._before(moment)
        self._write(done)
        return not (self._stop.signalled and done > self._start)  # else the next time would come no further

    def _write(self, until: datetime | None) -> None:
        self._merging.save_stories(self._found, until)
        self._found.clear()

    def _before(self, moment: datetime) -> datetime:
        try:
            return moment - self._reach
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)

    @staticmethod
    def _signature(signed: Signed) -> Signature:
        from pipeline.dedupe import Signature

        return Signature(article_id=signed.article_id, published=signed.dated, hashes=signed.signature)
