"""Areas that a sentence or a title speaks of: the country, codes of places, parts of the country that have no code."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.qualify import Sentence
from nlp.types import Place, PlaceRole

NATIONWIDE = re.compile(
    r"\b(?:(?:a (?:nivel|escala)|de alcance|en el ambito) nacional|(?:en|de)(?: todo)? el (?:pais|peru)|(?<!interior )del pais|en todo el territorio|(?:en|de) nuestro pais|(?:territorio|orden) nacional|el pais (?:registr|contabiliz|sum|acumul|report|cerr)\w*|en peru)\b"
)
REGIONS = re.compile(r"\bregiones\b")
"""In a title: the article is of the country, whatever places it names."""
MACRO_REGION = re.compile(
    r"[^,.;:]{0,60}?\b(?:en|del?|al) (?:el |la )?(?:sur|norte|centro|oriente|selva|sierra|costa)\b(?! de lima)"
)
"""After a figure: an area that no code stands for."""
AREA_WORDS = re.compile(
    r"\b(?:(?:en|de|para) (?:toda |todo )?(?:la|el|esta|este|esa|ese|dicha|dicho|aquella|aquel)|del) (?P<area>provincia|region|departamento|distrito)\b(?! (?:del?|policial|fiscal|judicial|minero|constitucional)\b)"
)
IN_AREA = re.compile(
    r"(?:\s(?:[^\W\d]+\s){0,3}de|[^.,;:\n]{0,70}\ben) (?:el |la |los |las )?(?:regi[oó]n |provincia |distrito |departamento |ciudad )?"
    r"(?:de |del )?$"
)


@lru_cache(maxsize=8192)
def coded(sentence: Sentence) -> tuple[tuple[int, str], ...]:
    """Starts and codes of the places of a sentence, but for datelines. Remembered: each figure of an article asks all."""
    return tuple(
        (m.start, m.value.ubigeo)
        for m in sentence.mentions
        if isinstance(m.value, Place) and m.value.ubigeo and m.value.role is not PlaceRole.DATELINE
    )
