"""Places as written -> :class:`~nlp.types.Place` with its code: spot the names, believe or not, link, tell the role.

``spot`` finds names of the gazetteer, ``headed`` those known by the word before them, ``belief`` decides which of them are
places here, ``nlp.link`` which place each one is, ``roles`` what happened there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from nlp.gazetteer import Kind, gazetteer
from nlp.link import Link, Name, link
from nlp.recognizers import Recognizer, context_of
from nlp.recognizers.places.belief import ENOUGH, Believed, believed
from nlp.recognizers.places.headed import headed
from nlp.recognizers.places.layout import Layout, lay_out
from nlp.recognizers.places.role_features import PlaceSeen, RoleFeatures
from nlp.recognizers.places.roles import role_weights, tell_roles
from nlp.recognizers.places.spot import Spot, spots
from nlp.recognizers.places.told import HEADED, told_roles
from nlp.recognizers.prisons import prison_spans
from nlp.recognizers.situation import TOLD
from nlp.types import Label, Mention, Place, PlaceRole

_SOME_STREET = re.compile(r"\b(?:una|otra|las|varias|algunas) (?:calles?|avenidas?|esquinas?|plazas?) del? \Z")


def find_places(doc: Doc) -> Iterator[Mention]:
    """Places, in text order."""
    layout, places, links, features = read_places(doc)
    told = [None] * len(places) if features.tells_no_crime else told_roles(places, layout, prison_spans(layout.text))
    for place, linked, role, sure in zip(places, links, tell_roles(places, features), told, strict=True):
        if linked.site is not None or linked.candidates:
            yield _mention(layout.text, place.name.spot, linked, sure or role, TOLD if sure else "")


def read_places(doc: Doc) -> tuple[Layout, list[PlaceSeen], list[Link], RoleFeatures]:
    """The places of a doc with their links, and the features that tell their roles."""
    region = context_of(doc).region
    layout = lay_out(doc)
    prisons = prison_spans(layout.text)
    found = _spotted(layout, prisons)
    kept = _kept(believed(found, layout.text, region))
    links = link([_name(kept, index) for index in range(len(kept))], gazetteer(), region)
    places = [
        PlaceSeen(
            name=name,
            code=None if linked.site is None else linked.site.code,
            level=None if linked.site is None else linked.site.level,
        )
        for name, linked in zip(kept, links, strict=True)
    ]
    return layout, places, links, RoleFeatures(layout, places, prisons, doc._.triage, doc._.mentions or ())


def _spotted(layout: Layout, prisons: Sequence[tuple[int, int]]) -> list[Spot]:
    """Names of the gazetteer and names after a head, in text order; of two that overlap the longer, but a known one first."""
    masked = bytearray(len(layout.text))
    for start, end in prisons:
        masked[start:end] = b"\x01" * (end - start)
    known = _centres(list(spots(layout, gazetteer(), masked)), layout)
    heads_in_names = frozenset(spot.first for spot in known if spot.belief >= 0 and spot.after - spot.first > 1)
    opened = {spot.first: spot for spot in headed(layout, gazetteer(), masked, heads_in_names)}
    covered = {index: spot for spot in opened.values() for index in range(spot.first, spot.after)}
    merged = [spot for spot in known if spot.first not in covered or _stands(spot, covered[spot.first], layout)]
    taken = {index for spot in merged for index in range(spot.first, spot.after)}
    merged.extend(spot for spot in opened.values() if taken.isdisjoint(range(spot.first, spot.after)))
    return sorted(merged, key=lambda spot: spot.start)


def _centres(found: Sequence[Spot], layout: Layout) -> list[Spot]:
    """ "Cercado de Tacna" is one name: the district at the centre of the city."""
    merged: list[Spot] = []
    for spot in found:
        last = merged[-1] if merged else None
        if last is not None and last.key == "cercado" and layout.text[last.end : spot.start] in (" de ", " del "):
            merged[-1] = spot._replace(
                start=last.start, first=last.first, head="centre", belief=max(spot.belief, ENOUGH)
            )
        else:
            merged.append(spot)
    return merged


def _stands(known: Spot, opened: Spot, layout: Layout) -> bool:
    """Whether a name of the gazetteer stands against the name after a head that covers it."""
    same = known.first == opened.first and known.after == opened.after
    if same and known.belief >= ENOUGH and opened.head == "post":  # a police station bears the name of its district
        return any(reading.kind not in (Kind.ABROAD, Kind.COUNTRY) for reading in known.readings)
    if same and not known.open and _SOME_STREET.search(layout.words.folded, max(0, known.start - 24), known.start):
        return True  # "una calle de Santa Anita" is any street there
    if same and known.belief >= ENOUGH and not known.open:
        placed = known.linked or opened.head in ("zone", "road")
        near = [r for r in known.readings if known.linked or r.kind not in (Kind.ABROAD, Kind.COUNTRY)]
        return placed and any(not reading.trap or len(reading.code) == 2 for reading in near)
    return known.first == opened.first and known.after > opened.after


def _kept(names: Sequence[Believed]) -> list[Believed]:
    """Names believed enough, their references to each other renumbered."""
    kept = [index for index, name in enumerate(names) if name.spot.belief >= ENOUGH]
    number = {old: new for new, old in enumerate(kept)}
    return [
        Believed(
            spot=names[old].spot,
            parent=number.get(names[old].parent) if names[old].parent is not None else None,  # type: ignore[arg-type]
            listed=number.get(names[old].listed) if names[old].listed is not None else None,  # type: ignore[arg-type]
        )
        for old in kept
    ]


def _name(names: Sequence[Believed], index: int) -> Name:
    spot = names[index].spot
    return Name(
        key=spot.key,
        readings=spot.readings,
        sentence=spot.sentence,
        position=spot.start,
        parent=names[index].parent,
        listed=names[index].listed,
        level=spot.level,
        head=spot.head,
        open=spot.open,
        within=spot.within,
        origin=spot.origin,
    )


def _mention(text: str, spot: Spot, linked: Link, role: PlaceRole, sure: str) -> Mention:
    site = linked.site
    place = Place(
        name=text[spot.start : spot.end],
        ubigeo=None if site is None else site.code,
        level=None if site is None else site.level,
        lat=None if site is None else site.lat,
        lon=None if site is None else site.lon,
        precision=None if site is None else site.precision,
        role=role,
        candidates=linked.candidates,
    )
    rule = HEADED if spot.open else "places/gazetteer"
    return Mention(
        label=Label.PLACE,
        start=spot.start,
        end=spot.end,
        text=place.name,
        value=place,
        source=f"{rule}{sure}",
        score=round(min(spot.belief, 0.97) * linked.score, 3),
    )


@Language.factory("place_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the gazetteer and the weights of roles."""
    del nlp, name
    gazetteer()
    role_weights()
    return Recognizer(find_places)
