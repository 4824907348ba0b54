"""The role of a place that the words right before it leave no doubt of: "fue detenido en", "natural de", "los serenos de"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.recognizers.places.role_features import PlaceSeen
from nlp.types import PlaceRole

_REACH = 160
"""Characters before a place that are looked at."""
_WAY = (
    r"(?:(?:en|a|por|cerca|frente|desde|dentro|inmediaciones|alrededores|altura|interseccion|cruce|exteriores|interior|del?|al|el|la|los|las|con|una?|pleno|plena"
    r"|cuadra|kilometro|km|[\d.]+|distrito|provincia|region|ciudad|centro|poblado|caserio|sector|zona|barrio|avenidas?|avs?|calles?|jiron(?:es)?|jrs?|pasaje|urbanizacion"
    r"|urb|asentamiento|humano|carretera|esquina|mercado|parque|plaza|cerro|puente|anexo|valle|cono|parte|alta|jurisdiccion|localidad|vivienda|inmueble|casa|hotel"
    r"|hostal|grifo|local)[ .,]+){0,12}\Z"
)
"""From a preposition to the name: "en el cruce de la avenida "."""
_IN = r"(?:en|por|cerca|frente|a la altura|desde) "
_CAUGHT = r"(?:capturad|detenid|intervenid|arrestad|aprehendid|retenid|atrapad|reducid|recapturad)[oa]s?"
_CATCH = r"(?:captur(?:o|aron|an|a)|detuv(?:o|ieron)|detienen?|intervin(?:o|ieron)|intervienen?|arrest(?:o|aron|an|a)|aprehend(?:io|ieron))"
_FREE = r"(?: (?!(?:que|cuando|donde|tras|por|luego|mientras|para|20\d\d)\b)[^\s.,;:]+){0,8}?"
"""Words of one clause."""
_OPERATION = re.compile(
    rf"\b(?:(?:fue|fueron|ha sido|han sido|son|es|quedo|quedaron|ser) (?:\w+ )?{_CAUGHT}{_FREE}|{_CATCH}{_FREE}"
    rf"|(?:mega)?operativos?(?! contra)(?: \w+)?{_FREE}|allan(?:o|aron|an|ad[oa]s?){_FREE}|allanamientos?{_FREE}) {_IN}{_WAY}"
)
_PAST = re.compile(r"\b(?:19|20)\d\d\b|\banos? (?:pasado|antes|despues|atras)\b|\bhace (?:\w+ )?(?:anos|meses)\b")
"""In a clause that tells of another time."""
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
_INCIDENT = re.compile(
    r"\b(?:hecho|ilicito|crimen|asesinato|homicidio|ataque|atentado|asalto|robo|incidente|suceso|balacera|tiroteo|explosion|secuestro|feminicidio)s?\b(?: [^\s.,;:]+){0,4}?"
    rf" (?:ocurri(?:o|eron)|sucedi(?:o|eron)|se registr(?:o|aron)|se produj(?:o|eron)|tuvo lugar|se perpetr(?:o|aron)|fue perpetrado)(?: [^\s.;:]+){{0,10}}? {_IN}{_WAY}"
)


def told_roles(places: Sequence[PlaceSeen], folded: str) -> list[PlaceRole | None]:
    """For each place the role that the words before it tell, or else that of the one that it is named in one breath with."""
    told: list[PlaceRole | None] = []
    for index, place in enumerate(places):
        role = _told(folded, place.name.spot.start)
        if role is None:
            before = [other for other in (place.name.listed, index - 1) if other is not None and 0 <= other < index]
            role = next(
                (told[other] for other in before if told[other] is not None and _joined(places, other, index)), None
            )
        told.append(role)
    return told


def _joined(places: Sequence[PlaceSeen], other: int, index: int) -> bool:
    """Whether a place is listed with one before it, or the text puts that one into it."""
    return places[index].name.listed == other or places[other].name.parent == index


def _told(folded: str, start: int) -> PlaceRole | None:
    begin = max(0, start - _REACH)
    sentence = max(folded.rfind(mark, begin, start) for mark in (". ", "\n", "? ", "! ", "”", "» "))
    before = folded[max(begin, sentence + 1) : start]
    if _ORIGIN.search(before):
        return None if _GOODS.search(before) else PlaceRole.ORIGIN
    if _CONTEXT.search(before):
        return PlaceRole.CONTEXT
    if _BASE.search(before):
        return PlaceRole.GANG_BASE
    if _OPERATION.search(before):
        return None if _PAST.search(before) else PlaceRole.OPERATION
    if _INCIDENT.search(before):
        return None if _PAST.search(before) else PlaceRole.INCIDENT
    return None
