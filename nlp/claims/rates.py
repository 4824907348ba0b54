"""Usual rates that a sentence tells: so many by the day, week, month or year."""

from __future__ import annotations

import re

_RATE_WORDS = {
    "day": r"por dia|al dia(?! \d)|(?<!este )(?<!este mismo )(?<!nuestro )diari[oa]s?|cada dia|cada 24 horas|diariamente|(?:cada|por) jornada",
    "week": "por semana|a la semana|semanal(?:es)?|cada semana",
    "month": "por mes|al mes|mensual(?:es)?|cada mes",
    "year": "por ano|al ano|anual(?:es)?|cada ano",
}
RATES = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in _RATE_WORDS.items())
ANY_RATE = re.compile(rf"\b(?:{'|'.join(_RATE_WORDS.values())})\b")
AVERAGE = re.compile(
    r"\bpromedio (?P<rate>diario|semanal|mensual|anual|por (?:dia|semana|mes|ano))\b(?:[^.;()\d]|20\d\d){0,90}$"
)
"""Before a figure: it is that rate's, however far its noun stands."""
