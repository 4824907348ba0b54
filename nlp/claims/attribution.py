"""Who says a figure and for which area: read in its sentence, else taken over from what stands before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import fold_keeping_length, read_table
from nlp.qualify import Sentence, Zone
from nlp.types import Claim, Money, Person, PersonRole, Place

_SAYS = (
    r"(?:inform|report|precis|detall|indic|señal|asegur|afirm|explic|revel|advirti|admiti|record|cont|refiri|agreg|añadi|manifest|alert"
    r"|registr|declar|matiz|grafic|sostuv|dij|estim|calcul|sosten|sostiene|dice|present|respond|lament|coment|denunci|reconoc|destac)"
)
_SPEECH = re.compile(rf"\b{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)?\b")
_ACCORDING = re.compile(
    r"(?:[Ss]egún|[Dd]e acuerdo (?:con|a)|[Cc]onforme a|[Ee]n palabras de|[Dd]atos de|[Cc]ifras de|[Rr]eporte de|[Ii]nforme de"
    r"|[Ff]uente:)\s(?:(?:datos|cifras|información|reportes|un informe|el reporte|el balance|fuentes) (?:de|del) )?"
    r"(?:(?:el|la|los|las|un|una|su|del)\s)?(?P<who>[^,.;:()“”\n]{3,80})"
)
_WHO_END = re.compile(r"\s(?:que|quien|quienes|en el|en la|en lo|entre|desde|hasta|se|solo|hay|hubo|ya)\b.*$")
_INSTITUTION = re.compile(
    r"\b(?:[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+)(?:\s(?:(?:de|del|de la|de los|y|para|contra la|contra el)\s)?[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+){0,6}"
)
_NATIONWIDE = re.compile(r"\b(?:a nivel nacional|en (?:todo )?el (?:pais|peru)|en todo el territorio|en peru)\b")
_GENERIC = re.compile(
    r"(?:balance|informe|reporte|cifras|datos|estad[ií]sticas|registros?|fuentes?|versi[oó]n|ley|ellos|ellas|estos|esto|la cual)\b",
    re.IGNORECASE,
)
_POLICE_COUNT = re.compile(r"\b(?:conteo|cifras?|datos|estad[ií]sticas?|registros?|reportes?) policial(?:es)?\b")
_ARTICLE = re.compile(r"^(?:El|La|Los|Las|Un|Una)\s")
_AREA = re.compile(
    r"\ben (?:la|el|esta|este|dicha|dicho|toda la|todo el) (?P<area>provincia|region|departamento|distrito)\b(?! de)"
)
_AREA_DIGITS = {"provincia": 4, "region": 2, "departamento": 2, "distrito": 6}
_IN = re.compile(
    r"(?:\s(?:[^\W\d]+\s){0,3}de|[^.;\n]{0,70}\ben) (?:el |la |los |las )?(?:regi[oó]n |provincia |distrito |departamento |ciudad )?"
    r"(?:de |del )?$"
)


@lru_cache(maxsize=1)
def _institutions() -> tuple[str, ...]:
    rows = read_table("speakers.csv", frozenset({"pattern", "note"}))
    return tuple(sorted((row["pattern"] for row in rows), key=len, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where a figure stands, and what the one before it was taken for."""

    position: int
    """Index of its sentence."""
    start: int
    end: int
    money: Money | None = None
    figures: bool = False
    """The article is one of figures: area and time hold until others are named."""
    cases: bool = False
    """It counts cases."""
    before: Claim | None = None


def speaker_of(said: Said, sentences: Sequence[Sentence], text: str) -> str | None:
    """Who says a figure: named in its sentence, or before in the paragraph, or just after, or earlier; for a title, later."""
    here = sentences[said.position]
    body = [s for s in sentences if s.zone is Zone.BODY]
    before = [s for s in body if s.paragraph == here.paragraph and s.index < here.index]
    after = [s for s in body if s.paragraph == here.paragraph and s.index > here.index]
    earlier = [s for s in body if s.paragraph < here.paragraph][-6:]
    later = [s for s in body if s.paragraph > here.paragraph][:6] if here.zone is Zone.TITLE else []
    order = (*reversed(earlier), *after) if said.figures else (*after, *reversed(earlier))
    for sentence in (here, *reversed(before), *order, *later):
        found = named_speaker(sentence, text)
        if found:
            return found
    return None


def named_speaker(sentence: Sentence, text: str) -> str | None:
    """The speaker that a sentence names, as written: after "según", who speaks, or whose figures they are."""
    told = text[sentence.start : sentence.end]
    according = _ACCORDING.search(told)
    if according:
        who = _WHO_END.sub("", according["who"]).strip()
        if who and not _GENERIC.match(who):
            return who
    if _SPEECH.search(told):
        people = [
            m.text for m in sentence.mentions if isinstance(m.value, Person) and m.value.role is not PersonRole.SUSPECT
        ]
        if people:
            office = _institution(told.replace(people[0], ""))
            return f"{people[0]}, {office}" if office else people[0]
    if _POLICE_COUNT.search(told):
        return "Policía Nacional"
    return _institution(told)


def _institution(told: str) -> str | None:
    known = next((name for name in _institutions() if re.search(rf"\b{re.escape(name)}\b", told)), None)
    if known is None:
        return None
    longer = next((match[0] for match in _INSTITUTION.finditer(told) if known in match[0]), known)
    return _ARTICLE.sub("", longer)


def scope_of(said: Said, sentences: Sequence[Sentence], text: str) -> str | None:
    """Code of the area of a figure: the place that it is said to be in, else the one before it, else that of the title."""
    here = sentences[said.position]
    told = fold_keeping_length(text[here.start : here.end])
    places = _coded(here)
    after = [code for start, code in places if start >= said.end and _IN.match(text[said.end : start])]
    if after:
        return after[0]
    if _NATIONWIDE.search(told):
        return "PE"
    before = [code for start, code in places if start < said.start]
    if before:
        return before[-1]
    if said.before is not None and (said.figures or same_paragraph(said, sentences)):
        return said.before.scope
    area = _AREA.search(told)
    found = _area_before(said, sentences)
    return found[: _AREA_DIGITS[area["area"]]] if area and found.isdigit() else found


def _area_before(said: Said, sentences: Sequence[Sentence]) -> str:
    """The area that sentences before speak of: for counts of cases that of the title, else the nearest."""
    earlier = [s for s in sentences[max(0, said.position - 4) : said.position] if s.zone is Zone.BODY]
    title = [s for s in sentences if s.zone is Zone.TITLE]
    order = (*title, *reversed(earlier)) if said.figures or said.cases else (*reversed(earlier), *title)
    return next((code for sentence in order for _, code in _coded(sentence)), "PE")


def _coded(sentence: Sentence) -> list[tuple[int, str]]:
    return [(m.start, m.value.ubigeo) for m in sentence.mentions if isinstance(m.value, Place) and m.value.ubigeo]


def same_paragraph(said: Said, sentences: Sequence[Sentence]) -> bool:
    """Whether the figure before stands in the same paragraph."""
    assert said.before is not None
    here = sentences[said.position]
    return any(s.start <= said.before.start < s.end and s.paragraph == here.paragraph for s in sentences)
