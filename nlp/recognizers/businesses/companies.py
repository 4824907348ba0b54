"""Companies that only their name tells: "la empresa El Mandarino", "la línea 41", "Mico SAC", "Expreso Los Zorzales"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from nlp.patterns import PatternTable
from nlp.phrases import words_of

_CAP = r"(?!S\.? ?A\b)[A-ZÁÉÍÓÚÑ][\w&'’-]*"
_NAME = rf"{_CAP}(?: (?:(?:de|del|y|la|los|las) ){{0,2}}(?:{_CAP}|\d+)){{0,9}}"
_HEADED = PatternTable(
    [
        rf"(?P<head>[eE]mpresas?|[fF]irma|[cC]ompañía|[lL]ínea|[rR]uta)(?: denominada| llamada)?,? "
        rf"(?:[“\"«‘'](?P<quoted>[^“”\"«»‘’'\n]{{2,40}})[”\"»’']|(?P<name>{_NAME}|\d{{1,3}}[A-Z]?\b))"
    ],
    cased=True,
)
_FORM = re.compile(r" (?:S\.? ?A\.? ?C\.?|SAC|S\. ?A\.|E\.? ?I\.? ?R\.? ?L\.?|EIRL|S\.? ?R\.? ?L\.?)(?!\w)")
_LEGAL = re.compile(rf"(?P<name>{_NAME}){_FORM.pattern}")
_CARRIERS = PatternTable(
    [rf"(?:Expreso|Transportes|Turismo) (?!Metropolitan|Terrestre|Urban)(?:L[oa]s )?{_NAME}"], cased=True
)
"""Companies of transport by the first word of their names: "Expreso Los Zorzales"."""
_LINES = frozenset({"línea", "ruta"})


class Company(StrEnum):
    """What a company's name tells of it."""

    LINE = "line"
    """A line of public transport."""
    CARRIER = "carrier"
    NAMED = "named"


def named_companies(text: str) -> Iterator[tuple[int, int, Company]]:
    """Offsets of each company's name, and what it tells."""
    for match in _HEADED.finditer(words_of(text)):
        group = "quoted" if match.group("quoted") else "name"
        name, is_line = match.group(group), match.group("head").lower() in _LINES
        if is_line != name[0].isdigit() and (not is_line or group == "name"):
            continue  # "la ruta Comas-Chorrillos" names places, "la empresa 41" nothing
        yield match.start(group), match.end(group), Company.LINE if is_line else Company.NAMED
    yield from ((match.start(), match.end(), Company.CARRIER) for match in _CARRIERS.finditer(words_of(text)))
    if _FORM.search(text):  # few texts have one, and names are many
        yield from ((match.start(), match.end(), Company.NAMED) for match in _LEGAL.finditer(text))
