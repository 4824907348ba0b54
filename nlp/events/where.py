"""Where an event happened: the place that most speaks for, among those that its scene names."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nlp.events.acts import tells_act
from nlp.events.kinds import Told
from nlp.events.scenes import Scene
from nlp.gazetteer import gazetteer
from nlp.qualify import Sentence, Zone
from nlp.types import DateSpan, Mention, Place, PlaceRole

Found = tuple[Place, Mention]

_LIST_LENGTH = 60
_NOWHERE = (None, "PE")
"""Codes that say nothing of where in Peru."""
_REGION, _PROVINCE, _DISTRICT = 2, 4, 6
"""Digits of codes."""
_PASSED = (PlaceRole.ROUTE, PlaceRole.ORIGIN, PlaceRole.PRISON)
"""Roles of places that nothing is told of."""
_SEVERAL = 3
"""Districts in one sentence that are a list: what is told is told of all."""
ACT_ROLES = (PlaceRole.INCIDENT, PlaceRole.OPERATION)
"""Roles of the places where something happened."""
_ROLE_WEIGHTS = {
    PlaceRole.INCIDENT: 2.5,
    PlaceRole.OPERATION: 1.8,
    PlaceRole.DATELINE: 1.2,
    PlaceRole.ROUTE: 0.3,
    PlaceRole.GANG_BASE: 0.3,
    PlaceRole.CONTEXT: 0.0,
}
"""How much the role of a place says that an event happened there; places of other roles are none of an event."""


def where(scene: Scene, told: Told, date: tuple[DateSpan, Mention] | None) -> Found | None:
    """Where it happened: the place that most speaks for, and as exact as places inside it allow.

    Every mention speaks for its place by its role, by where it stands and by what stands beside it, and half as much for
    the places inside it. Nothing is chosen where police acted in several regions at once, nor the whole country, nor another.
    """
    homes = _Homes(scene.sentences)
    known = [(m.value, m) for m in scene.mentions if isinstance(m.value, Place) and m.value.ubigeo not in _NOWHERE]
    acting = [found for found in known if found[0].role in ACT_ROLES]
    if date is not None and _spread([found for found in acting if homes.share(found[1], date[1])]):
        return None
    if any(_regions(found) >= _SEVERAL for found in homes.by_sentence(acting)):
        return None
    beside_date = 2.0 if told.family == "kidnapping" else 1.0  # where people are set free is told first
    weighed = [(found, _weight(homes, found, date, beside_date)) for found in known]
    candidates = [found for found, weight in weighed if weight > 0 and found[0].role in _ROLE_WEIGHTS]
    if not candidates:
        return None
    strongest = _strongest(weighed)
    support = {code: _support(code, strongest) for code in strongest}
    best = max(candidates, key=lambda found: (support[found[0].ubigeo or ""], -found[1].start))
    if _is_abroad(best[0]) or _is_vague(best[0]):
        return None
    exact = _most_exact(homes, known, best)
    listed = _listed_with(scene, exact)
    if listed is None:
        return exact
    return _titled_around(scene, known, exact) or _around(listed, exact)


class _Homes:
    """The sentences of a scene, and in which of them its mentions stand."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self._starts = [sentence.start for sentence in sentences]

    def of(self, mention: Mention) -> tuple[int, Sentence]:
        """The sentence of a mention of the scene, and its number."""
        at = bisect_right(self._starts, mention.start) - 1
        return at, self._sentences[at]

    def share(self, one: Mention, other: Mention) -> bool:
        """Whether two mentions stand in one sentence."""
        return self.of(one)[0] == self.of(other)[0]

    def by_sentence(self, found: Iterable[Found]) -> Iterable[list[Found]]:
        """What is found, by the sentence that it stands in."""
        parts: dict[int, list[Found]] = defaultdict(list)
        for each in found:
            parts[self.of(each[1])[0]].append(each)
        return parts.values()


def _listed_with(scene: Scene, found: Found) -> set[str] | None:
    """The districts of the lists that a district is named in, and nowhere else; ``None`` when it is named by itself."""
    value, _ = found
    districts: set[str] = set()
    for sentence in scene.sentences:
        places = [m.value for m in sentence.mentions if isinstance(m.value, Place)]
        named = {p.ubigeo for p in places if p.role not in _PASSED and p.ubigeo and len(p.ubigeo) == _DISTRICT}
        if any(place.ubigeo == value.ubigeo for place in places):
            if len(named) < _SEVERAL or sentence.zone is Zone.TITLE:
                return None
            districts |= named
    return districts if len(value.ubigeo or "") == _DISTRICT else None


def _titled_around(scene: Scene, known: Sequence[Found], found: Found) -> Found | None:
    """The only province or region in the title, if a district lies in it."""
    titles = [sentence for sentence in scene.sentences if sentence.zone is Zone.TITLE]
    titled = [one for one in known if any(title.start <= one[1].start < title.end for title in titles)]
    if len({value.ubigeo for value, _ in titled}) != 1:
        return None
    inner = found[0].ubigeo or ""
    return next((one for one in titled if one[0].ubigeo != inner and inner.startswith(one[0].ubigeo or "?")), None)


def _around(districts: set[str], found: Found) -> Found | None:
    """The province, or else the region, that all of the districts lie in."""
    value, mention = found
    inner = value.ubigeo or ""
    around = (inner[:length] for length in (_PROVINCE, _REGION))
    code = next((c for c in around if gazetteer().known(c) and all(d.startswith(c) for d in districts)), None)
    if code is None:
        return None
    site = gazetteer().site(code)
    named = replace(value, name=site.name, ubigeo=code, level=site.level)
    return replace(named, lat=site.lat, lon=site.lon, precision=site.precision), mention


def _is_abroad(place: Place) -> bool:
    return not (place.ubigeo or "").isdigit()


def _is_vague(place: Place) -> bool:
    """Whether a place is a region that is only mentioned: that of a police division, of an office."""
    return place.role is PlaceRole.CONTEXT and len(place.ubigeo or "") == _REGION


def _weight(homes: _Homes, found: Found, date: tuple[DateSpan, Mention] | None, beside_date: float) -> float:
    """How strongly a mention says that its place is where it happened; ``beside_date`` more in the sentence of the day."""
    value, mention = found
    weight = _ROLE_WEIGHTS.get(value.role, 0.0)
    order, sentence = homes.of(mention)
    weight += 1.0 if sentence.zone is Zone.TITLE else max(0.0, 1.0 - 0.2 * order)
    weight += 0.5 * tells_act(sentence) - 1.0 * sentence.background
    if date is not None and homes.share(mention, date[1]):
        weight += beside_date
    return weight


def _support(code: str, strongest: Mapping[str, float]) -> float:
    return sum(
        weight if other == code else 0.5 * weight for other, weight in strongest.items() if code.startswith(other)
    )


def _strongest(weighed: Sequence[tuple[Found, float]]) -> dict[str, float]:
    """By code, the weight of its strongest mention and a little for every other."""
    by_code: dict[str, list[float]] = defaultdict(list)
    for (value, _), weight in weighed:
        by_code[value.ubigeo or ""].append(weight)
    return {code: max(weights) + 0.3 * (len(weights) - 1) for code, weights in by_code.items()}


def _spread(found: Sequence[Found]) -> bool:
    """Whether police acted in several regions at once ("en Lima y Callao"): no one place is where it happened."""
    codes = {value.ubigeo[:2] for value, _ in found if value.role is PlaceRole.OPERATION and value.ubigeo}
    close = len(codes) > 1 and found[-1][1].start - found[0][1].end <= _LIST_LENGTH
    return close and all(value.role is PlaceRole.OPERATION for value, _ in found)


def _regions(found: Iterable[Found]) -> int:
    """In how many regions police acted."""
    return len({v.ubigeo[:_REGION] for v, _ in found if v.role is PlaceRole.OPERATION and v.ubigeo})


def _most_exact(homes: _Homes, known: Sequence[Found], best: Found) -> Found:
    """The first district inside a province or region, if that is what ``best`` is; a mere mention will do beside it or beside an act."""
    around = {homes.of(mention)[0] for value, mention in known if value.ubigeo == best[0].ubigeo}
    for value, mention in known:
        inner, outer = value.ubigeo or "", best[0].ubigeo or ""
        if value.role in _PASSED or not inner.startswith(outer) or len(inner) <= len(outer):
            continue
        at, sentence = homes.of(mention)
        said_with_act = value.role is PlaceRole.CONTEXT and tells_act(sentence)
        if value.role in ACT_ROLES or said_with_act or at in around:
            best = value, mention
    return best
