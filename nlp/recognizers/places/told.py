"""The role of a place that the words right before it leave no doubt of: "fue detenido en", "natural de", "los serenos de"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.phrases import words_of
from nlp.recognizers.places.layout import Layout
from nlp.recognizers.places.role_features import PlaceSeen
from nlp.recognizers.situation import TOLD
from nlp.types import Mention, Place, PlaceRole

_REACH, _AFTER = 160, 80
"""Characters before and after a place that are looked at."""
_NEAR = 40
"""Characters within which names belong together."""
_WAY = (
    r"(?:(?:en|a|por|cerca|frente|desde|dentro|inmediaciones|alrededores|altura|interseccion|cruce|exteriores|interior|del?|al|el|la|los|las|con|una?|pleno|plena"
    r"|cuadra|kilometro|km|[\d.]+|distrito|provincia|region|ciudad|centro|poblado|caserio|sector|zona|barrio|avenidas?|avs?|calles?|jiron(?:es)?|jrs?|pasaje|urbanizacion"
    r"|urb|asentamiento|humano|carretera|esquina|mercado|parque|plaza|cerro|puente|anexo|valle|cono|parte|alta|jurisdiccion|localidad|vivienda|inmueble|casa|hotel"
    r"|hostal|grifo|local|manzana|mz|lote|menor|[a-z])[ .,]+){0,12}\Z"
)
"""From a preposition to the name: "en el cruce de la avenida "."""
_IN = r"(?:en|por|cerca|frente|a la altura|desde|antes de llegar) "
_CAUGHT = r"(?:capturad|detenid|intervenid|arrestad|aprehendid|retenid|atrapad|reducid|recapturad)[oa]s?"
_CATCH = r"(?:captur(?:o|aron|an|a)|detuv(?:o|ieron)|detienen?|intervin(?:o|ieron)|intervienen?|arrest(?:o|aron|an|a)|aprehend(?:io|ieron))"
_TIME = r"(?: a las? \d{1,2}(?:[:.]\d\d)?(?: ?[ap]\. ?m\.| horas)?)?"
_BY = r"por (?!(?:(?:el|la|los|las|un|una|varios) )?(?:personal|agentes?|efectivos|policias?|serenos?|serenazgo|vecinos|miembros|detectives|ronderos))"
"""What for, not by whom."""
_FREE = _TIME + rf"(?: (?!{_BY}|(?:que|cuando|donde|tras|luego|mientras|para|20\d\d)\b)[^\s.,;:]+){{0,16}}?"
"""Words of one clause."""
_OPERATION = re.compile(
    rf"\b(?:(?:fue|fueron|ha sido|han sido|son|es|quedo|quedaron|ser) (?:\w+ )?{_CAUGHT}{_FREE}|{_CATCH}{_FREE}"
    rf"|(?:mega)?operativos?(?! contra)(?: \w+)?{_FREE}|allan(?:o|aron|an|ad[oa]s?){_FREE}|allanamientos?{_FREE}) {_IN}{_WAY}"
)
_PAST = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:ano|mes|semana)s? (?:pasad[oa]|anterior|antes|despues|atras)\b|\bhace (?:\w+ )?(?:anos|meses)\b|\ben lo que va\b"
    r"|\b(?:segundo|tercer|cuarto|quinto|otro|otra)\b"
)
"""In a clause that tells of another time, or counts."""
_STOP = re.compile(r"[.;:\n]")
_ORIGIN = re.compile(
    rf"\b(?:natural(?:es)?|oriund[oa]s?|procedentes?|provenientes?) (?:del?|en) {_WAY}|\bno (?:vive|reside|radica)n? en [^.;:\n]{{3,60}},? sino en {_WAY}"
)
_GOODS = re.compile(
    r"\b(?:contenedor|cargamento|mercaderia|droga|camion|bus|vuelo|nave|carga)\w*\b[^.;:\n]{0,40}\bproced[^.;:\n]*\Z"
)
_BASE = re.compile(
    rf"\b(?:banda|organizacion|red|mafia|clan|agrupacion|faccion|integrantes)\b[^.;:\n]{{0,80}}\b(?<!no )(?:opera|operan|operaba|operaban|operaria|delinqu\w+) {_IN}{_WAY}"
    rf"|\b(?:enquistad|atrincherad|afincad)[oa]s? {_IN}{_WAY}"
)
_CONTEXT = re.compile(
    r"\b(?:serenos?|serenazgo|seguridad ciudadana|municipalidad(?: distrital| provincial)?|comuna|fiscalizacion) del? (?:la |el |los |las )?"
    r"(?:(?:municipalidad|comuna)(?: distrital| provincial)? del? |distrito de )?(?:la |el |los |las )?\Z"
    r"|\b(?:trasladad|llevad|conducid|derivad|evacuad)[oa]s?(?: [^\s.;:]+){0,8}? (?:hospital|clinica|morgue|comisaria|dependencia|sede|depincri|divincri|complejo|nosocomio|fiscalia|posta)"
    rf"(?: [^\s.,;:]+){{0,4}}? (?:del?|en) {_WAY}"
)
_BLOW = (
    r"(?:mat(?:o|aron|an)|asesin(?:o|aron|an)|acribill(?:o|aron|an)|bale(?:o|aron|an)|rob(?:o|aron|an)|asalt(?:o|aron|an)|secuestr(?:o|aron|an)|atac(?:o|aron|an)"
    r"|dispar(?:o|aron|an)|deton(?:o|aron|an)|incendi(?:o|aron|an)|quem(?:o|aron|an)|hirieron|raptaron|interceptaron"
    r"|(?:fue|fueron) (?:asesinad|acribillad|balead|ultimad|asaltad|atacad|secuestrad|raptad)[oa]s?)"
)
_INCIDENT = re.compile(
    r"\b(?:hecho|ilicito|crimen|asesinato|homicidio|ataque|atentado|asalto|robo|incidente|suceso|balacera|tiroteo|explosion|secuestro|feminicidio)s?\b(?: [^\s.,;:]+){0,4}?"
    rf" (?:ocurri(?:o|eron)|sucedi(?:o|eron)|se registr(?:o|aron)|se produj(?:o|eron)|tuvo lugar|se perpetr(?:o|aron)|fue perpetrado)(?: [^\s.;:]+){{0,10}}? {_IN}{_WAY}"
    r"|\b(?:por|tras) (?:presuntamente |haber )?(?:rob|asalt|mat|asesin|dispar|atac|agred|secuestr|bale|deton|incendi|quem|hurt|arrebat)(?:ar|ado|ir|ido)\w*"
    rf"{_FREE} (?:en|de|del) {_WAY}"
    rf"|(?<!\bel )(?<!\bun )(?<!\bdel )\b{_BLOW}{_FREE} (?:en|cerca|frente|a la altura) {_WAY}"
)
_OF_PRISON = re.compile(r",? (?:en|de) (?:el |la )?(?:distrito de |provincia de |ciudad de )?")
"""Between a prison and where it lies."""
_BREATH = re.compile(
    r" ?(?:,|[–/-]|\(|,? (?:y|e|con|en|del?)\b|, (?:distrito|provincia|region) del?\b)(?: ?(?:en|del?|el|la|distrito|provincia|region|ciudad|jurisdiccion|avenida|av\.|jiron"
    r"|jr\.|calle|pasaje))* ?"
)
"""Between places that are named in one breath: where one lies in the other, or both are listed."""

HEADED = "places/head"
"""Begins the source of a street, quarter or site that its head makes one."""
_CROSSED = re.compile(r",? (?:y|e|con) (?:(?:el|la) )?(?:(?:avenida|avd?a?\.|jiron|jr\.|calle|ca\.|pasaje|ps?je\.) )?")


def told_roles(
    places: Sequence[PlaceSeen], layout: Layout, prisons: Sequence[tuple[int, int]]
) -> list[PlaceRole | None]:
    """For each place the role that the words before it tell, or else that of the one that it is named in one breath with."""
    ends, folded = [end for _, end in prisons], layout.words.folded
    told: list[PlaceRole | None] = []
    for index, place in enumerate(places):
        start = place.name.spot.start
        role = _told(folded, layout.sentences[place.name.spot.sentence], start)
        at = bisect_right(ends, start) - 1
        if role is None and at >= 0 and start - ends[at] < _NEAR and _OF_PRISON.fullmatch(folded, ends[at], start):
            role = PlaceRole.PRISON
        if role is None and index and _in_one_breath(folded, places[index - 1].name.spot.end, start):
            role = told[index - 1]
        told.append(role)
    return told


def agreed_places(mentions: Sequence[Mention], text: str) -> Iterator[Mention]:
    """The mentions, streets that cross with one role: that of which words leave no doubt, or else that which is more than context."""
    folded = words_of(text).folded
    places = sorted((m for m in mentions if isinstance(m.value, Place)), key=lambda m: m.start)
    role_of: dict[int, PlaceRole] = {}
    for group in _groups(places, folded):
        roles = Counter(mention.value.role for mention in group if isinstance(mention.value, Place))
        likeliest = max(roles, key=lambda role: (roles[role], role is not PlaceRole.CONTEXT))
        sure = next((m.value.role for m in group if m.source.endswith(TOLD) and isinstance(m.value, Place)), None)
        role_of.update(dict.fromkeys((mention.start for mention in group), sure or likeliest))
    for mention in mentions:
        value = mention.value
        if isinstance(value, Place) and role_of[mention.start] is not value.role:
            yield replace(mention, value=replace(value, role=role_of[mention.start]))
        else:
            yield mention


def _groups(places: Sequence[Mention], folded: str) -> Iterator[list[Mention]]:
    group: list[Mention] = []
    for mention in places:
        crosses = (
            mention.source.startswith(HEADED)
            and bool(group)
            and _CROSSED.fullmatch(folded, group[-1].end, mention.start)
        )
        if group and not (crosses and group[-1].source.startswith(HEADED)):
            yield group
            group = []
        group.append(mention)
    if group:
        yield group


def _in_one_breath(folded: str, end: int, start: int) -> bool:
    return start - end < _NEAR and _BREATH.fullmatch(folded, end, start) is not None


def _told(folded: str, sentence: int, start: int) -> PlaceRole | None:
    begin = max(0, sentence, start - _REACH)
    before = folded[max(begin, folded.rfind("\n", begin, start) + 1, folded.rfind("”", begin, start) + 1) : start]
    if _ORIGIN.search(before):
        return None if _GOODS.search(before) else PlaceRole.ORIGIN
    if _CONTEXT.search(before):
        return PlaceRole.CONTEXT
    if _BASE.search(before):
        return PlaceRole.GANG_BASE
    if _PAST.search(before) or _PAST.search(_STOP.split(folded[start : start + _AFTER], maxsplit=1)[0]):
        return None
    if _INCIDENT.search(before):
        return PlaceRole.INCIDENT
    return PlaceRole.OPERATION if _OPERATION.search(before) else None
