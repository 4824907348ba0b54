"""What of an index moves and goes by itself: its entries divided by the year of publication, under a lifecycle policy.

The age of a year's index counts from the end of the year (``index.lifecycle.origination_date``), so that nothing goes that is
younger than the settings say. What is corrected and grows is put anew, and its older form taken out, whatever year that lies in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from pipeline.index import templates
from pipeline.index.flatten import milliseconds
from pipeline.index.query import LIMA, first_moment
from pipeline.settings import LifecycleSettings

NOT_MANAGED = "this server has no lifecycle management: nothing moves or goes by itself"
NOT_ALLOWED = "our account may not set a lifecycle policy (privilege manage_ilm): nothing moves or goes by itself"
_FORBIDDEN = 403
_UNKNOWN = "no handler found"
"""What a server says to a request that it does not know."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """A policy as set, and whether the server keeps to it."""

    client: Elasticsearch
    name: str
    settings: LifecycleSettings

    def install(self) -> str | None:
        """Put the policy; why it cannot be, for people, if so."""
        try:
            self.client.ilm.put_lifecycle(name=self.name, policy=self._policy())
        except ApiError as error:
            return _refusal(error)
        return None

    def told(self) -> str:
        """What moves and goes, for people; only looked at."""
        try:
            self.client.ilm.get_lifecycle(name=self.name)
        except NotFoundError:
            return f"{self.settings.told}, as soon as something is loaded (vigia index)"
        except ApiError as error:
            return _refusal(error)
        return f"{self.settings.told} (policy {self.name})"

    def index_settings(self, year: int) -> dict[str, Any]:
        """Settings of the index of a year."""
        ends = milliseconds(first_moment(date(year + 1, 1, 1)))
        return {"lifecycle": {"name": self.name, "origination_date": ends}}

    def _policy(self) -> dict[str, Any]:
        policy = templates.read("lifecycle")
        for phase, days in (("warm", self.settings.warm_after), ("delete", self.settings.delete_after)):
            if days is None:
                del policy["phases"][phase]
            else:
                policy["phases"][phase]["min_age"] = f"{days}d"
        return policy


def year_of(published: int | None) -> int | None:
    """The year in Lima of a moment in milliseconds since 1970."""
    return None if published is None else datetime.fromtimestamp(published / 1000, UTC).astimezone(LIMA).year


def _refusal(error: ApiError) -> str:
    """Why there is no policy.

    Raises:
        ApiError: for no reason that lies in lifecycle management.
    """
    if error.meta.status == _FORBIDDEN:
        return NOT_ALLOWED
    if _UNKNOWN in str(error.body):
        return NOT_MANAGED
    raise error
