"""What happened, or is, at a place: weighed evidence, shared among places that the text names together.

Each feature (:mod:`nlp.recognizers.places.role_features`) speaks for and against roles as ``nlp/data/place_role_weights.csv``
says; ``python -m training.fit_place_roles`` fits those weights to annotated articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nlp.lexicon import LexiconError, read_table
from nlp.recognizers.places.role_features import Features, PlaceSeen, RoleFeatures
from nlp.types import PlaceRole

ROLES = tuple(PlaceRole)
SHARED = 0.8
"""How much the places of a list, or a place and the larger one around it, share one verdict: 0 not, 1 wholly."""

Votes = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWeights:
    """What each feature says for each role, in the order of ``ROLES``."""

    rows: dict[str, int]
    table: Votes

    def votes(self, features: Sequence[Features]) -> Votes:
        """One row for each place; the highest is its role. Unknown features say nothing."""
        votes = np.zeros((len(features), len(ROLES)))
        for index, found in enumerate(features):
            known = [(self.rows[name], value) for name, value in found.items() if name in self.rows]
            if known:
                rows, values = zip(*known, strict=True)
                votes[index] = np.asarray(values) @ self.table[list(rows)]
        return votes


@lru_cache(maxsize=1)
def role_weights() -> RoleWeights:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    rows: dict[str, int] = {}
    table: list[list[float]] = []
    for row in read_table("place_role_weights.csv", frozenset({"feature", *ROLES})):
        try:
            table.append([float(row[role]) for role in ROLES])
        except ValueError:
            raise LexiconError(f"nlp/data/place_role_weights.csv: {row['feature']}: a weight is no number") from None
        rows[row["feature"]] = len(rows)
    return RoleWeights(rows=rows, table=np.array(table))


def tell_roles(places: Sequence[PlaceSeen], seen: RoleFeatures) -> list[PlaceRole]:
    """The role of each place of a text, in their order."""
    if not places:
        return []
    votes = shared(role_weights().votes(seen.all()), places)
    return [
        PlaceRole.DATELINE if seen.is_dateline(place.name.spot) else ROLES[int(best)]
        for place, best in zip(places, votes.argmax(axis=1), strict=True)
    ]


def shared(votes: Votes, places: Sequence[PlaceSeen]) -> Votes:
    """Votes drawn towards the mean of those that a place is named together with: its list, the place around it."""
    company = list(range(len(places)))
    for index, place in enumerate(places):
        for other in (place.name.parent, place.name.listed):
            if other is not None:
                one, two = company[index], company[other]
                company = [one if member == two else member for member in company]
    drawn = votes.copy()
    for group in {member for member in company if company.count(member) > 1}:
        members = [index for index, member in enumerate(company) if member == group]
        drawn[members] = (1 - SHARED) * votes[members] + SHARED * votes[members].mean(axis=0)
    return drawn
