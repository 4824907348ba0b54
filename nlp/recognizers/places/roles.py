"""What happened, or is, at a place: weighed evidence, shared among places that the text names together.

Each feature (:mod:`nlp.recognizers.places.role_features`) speaks for and against roles as ``nlp/data/place_role_weights.csv``
says; ``python -m training.fit_place_roles`` fits those weights to annotated articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.recognizers.places.role_features import PlaceSeen, RoleFeatures
from nlp.types import PlaceRole
from nlp.weighing import Matrix, Weights, read_weights

ROLES = tuple(PlaceRole)
SHARED = 0.8
"""How much the places of a list, or a place and the larger one around it, share one verdict: 0 not, 1 wholly."""


@lru_cache(maxsize=1)
def role_weights() -> Weights[PlaceRole]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("place_role_weights.csv", ROLES)


def tell_roles(places: Sequence[PlaceSeen], seen: RoleFeatures) -> list[PlaceRole]:
    """The role of each place of a text, in their order."""
    if not places:
        return []
    votes = shared(role_weights().votes(seen.all()), places)
    return [
        PlaceRole.DATELINE
        if seen.is_dateline(place.name.spot)
        else PlaceRole.CONTEXT
        if seen.tells_no_crime
        else ROLES[int(best)]
        for place, best in zip(places, votes.argmax(axis=1), strict=True)
    ]


def shared(votes: Matrix, places: Sequence[PlaceSeen]) -> Matrix:
    """Votes drawn towards the mean of those that a place is named together with: its list, the place around it."""
    company = [[index] for index in range(len(places))]
    for index, place in enumerate(places):
        for other in (place.name.parent, place.name.listed):
            if other is not None and company[index] is not company[other]:
                small, large = sorted((company[index], company[other]), key=len)
                large += small
                for member in small:
                    company[member] = large
    drawn = votes.copy()
    for members in {id(group): group for group in company if len(group) > 1}.values():
        drawn[members] = (1 - SHARED) * votes[members] + SHARED * votes[members].mean(axis=0)
    return drawn
