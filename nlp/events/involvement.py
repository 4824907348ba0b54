"""Officials who are said to take part in the crime, with the legal status of that. Unsure means none."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.events.scenes import Scene
from nlp.lexicon import read_table
from nlp.phrases import PhraseTable, words_of
from nlp.qualify import Zone
from nlp.types import Evidence, LegalStatus, OfficialInvolvement

_PART = re.compile(
    r"entre los (?:investigados|detenidos|implicados|imputados|capturados)|habr[ií]an? (?:recibido|avisado|colaborado|filtrado"
    r"|brindado|dado|cobrado|facilitado|participado|integrado)|(?:detenid|intervenid|capturad|investigad|implicad|acusad|condenad"
    r"|sentenciad|procesad)[oa]s?\b|integraban?\b|ser[ií]an? (?:parte|miembro|integrante)|vinculad[oa]s? (?:a|con)\b|(?:uno|una|dos|tres"
    r"|cuatro|cinco|seis|siete|ocho|nueve|diez|\d+) de ellos|a cambio de dinero|en complicidad",
    re.IGNORECASE,
)
_OTHER_SIDE = re.compile(
    r"\b(?:capturaron|detuvieron|intervinieron|incautaron|hallaron|inform[oó]|indic[oó]|explic[oó]|señal[oó]|cont[oó]|dijo"
    r"|sostuvo|jefe|jefa|herid|disfraz|civil|a cargo|lleg|persigu|custodia|resguard|participaron|participó|participan|intervinieron)\w*",
    re.IGNORECASE,
)
_STATUS = (
    (LegalStatus.CONVICTED, re.compile(r"\b(?:condenad|sentenciad|conden[oó]|sentenci[oó])", re.IGNORECASE)),
    (LegalStatus.CHARGED, re.compile(r"\b(?:acusad[oa]s?|procesad|imputad|prisi[oó]n preventiva)", re.IGNORECASE)),
    (
        LegalStatus.INVESTIGATED,
        re.compile(r"\b(?:investigad|detenid|intervenid|capturad|allan|caen|cayeron|implicad)", re.IGNORECASE),
    ),
)
_NEAR = 60


@lru_cache(maxsize=1)
def _offices() -> PhraseTable[str]:
    rows = read_table("offices.csv", frozenset({"phrase", "note"}))
    return PhraseTable([(row["phrase"], row["phrase"]) for row in rows])


def official_involvement(scene: Scene, text: str) -> tuple[OfficialInvolvement, Evidence] | None:
    """An office next to words for a part in the crime, in a sentence where officials do not appear on the other side."""
    offices = [(found.start, found.end) for found in _offices().find(words_of(text))]
    for sentence in scene.sentences:
        named = [(start, end) for start, end in offices if sentence.start <= start < sentence.end]
        told = text[sentence.start : sentence.end]
        if not named or sentence.zone in (Zone.HEADING, Zone.ASIDE) or _OTHER_SIDE.search(told):
            continue
        for start, end in named:
            near = text[max(sentence.start, start - _NEAR) : min(sentence.end, end + _NEAR)]
            if _PART.search(near):
                return _involvement(told, text, start, end)
    return None


def _involvement(told: str, text: str, start: int, end: int) -> tuple[OfficialInvolvement, Evidence]:
    status = next((status for status, pattern in _STATUS if pattern.search(told)), LegalStatus.ALLEGED)
    office = text[start:end]
    evidence = Evidence(
        field="official_involvement",
        index=0,
        start=start,
        end=end,
        text=office,
        source=f"event/involvement_{status}",
        score=0.6,
    )
    return OfficialInvolvement(status=status, office=office), evidence
