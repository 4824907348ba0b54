"""Who says a figure and for which area: read in its sentence, else taken over from what stands before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.gazetteer import PERU
from nlp.lexicon import read_table
from nlp.phrases import words_of
from nlp.qualify import Sentence, Zone
from nlp.types import Claim, Money, Person, PersonRole, Place, PlaceRole

_SAYS = (
    r"(?:inform|report|precis|detall|indic|señal|asegur|afirm|explic|revel|advirti|admiti|record|cont|refiri|agreg|añadi|manifest|alert"
    r"|registr|declar|matiz|grafic|sostuv|dij|dic|estim|calcul|sosten|sostien|present|respond|lament|coment|denunci|reconoc|destac"
    r"|confirm|concluy|subray|opin|consider|describ|proyect|contabiliz|refier|apunt|atribuy|cifr|document|detect|identific|public|manej|cuent|cre|argument"
    r"|recib|atend|desarticul|vincul|acumul|report|recogi|revel|destac|adviert|calcul|conoc)"
)
_SPEECH = re.compile(rf"\b{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)?\b")
_NAMED = r"(?!(?:El|La|Los|Las|Se|Le|Les|Lo|No|Un|Una|Su|Sus|En|Ya|Al|Como|Así|Quien|Esto|Eso|Todo|Asimismo|También)\b)[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+(?:\s(?:(?:de|del|de la|de los|de las|y|para|contra la|contra el)\s)?[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+){0,7}"
_BODY_SAYS = re.compile(
    rf"(?:^|(?<=[.,;:“\"] )|(?<=[yY] ))(?:(?:[Ee]l|[Ll]a|[Ll]os|[Ll]as)\s)?(?P<who>{_NAMED}(?:\s\([^()]{{2,20}}\))?)\s(?:le |lo |la |se |ya |también )?{_SAYS}"
    rf"(?:ó|o|a|e|ió|aron|an|ieron|en)\b"
)
_SAYS_BODY = re.compile(
    rf"\b{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)\s(?:el|la|los|las)\s(?P<who>{_NAMED}(?:\s\([^()]{{2,20}}\))?)"
)
_FOR = re.compile(r"Para (?:el|la|los|las) ")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_ACRONYM = re.compile(r"\s\((?P<short>[A-ZÁÉÍÓÚÑ][\wÁÉÍÓÚÑáéíóúñ-]{1,14})\)")
_ACCORDING = re.compile(
    r"(?:[Ss]egún|[Dd]e acuerdo (?:con|a)|[Cc]onforme a|[Ee]n palabras de|[Dd]atos de|[Cc]ifras de|[Rr]eporte de|[Ii]nforme de"
    r"|[Ff]uente:)\s(?:(?:datos|cifras|información|reportes|un informe|el reporte|el balance|fuentes) (?:de|del) )?"
    r"(?:(?:el|la|los|las|un|una|su|del)\s)?(?P<who>[^,.;:()“”\n]{3,80})"
)
_WHO_END = re.compile(r"\s(?:que|quien|quienes|en el|en la|en lo|entre|desde|hasta|se|solo|hay|hubo|ya)\b.*$")
_INSTITUTION = re.compile(
    r"\b(?:[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+)(?:\s(?:(?:de|del|de la|de los|y|para|contra la|contra el)\s)?[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+){0,6}"
)
_NATIONWIDE = re.compile(
    r"\b(?:(?:a (?:nivel|escala)|de alcance|en el ambito) nacional|(?:en|de)(?: todo)? el (?:pais|peru)|del pais|en todo el territorio|en peru)\b"
)
_GENERIC = re.compile(
    r"(?:balance|bolet[ií]n|informe|recuento|conteo|tesis|gremio|entidad|instituci[oó]n|organizaci[oó]n$|organismo|medio|titular|voceros?|voceras?|presidente|presidenta"
    r"|director|directora|contador|mism[oa]s?|propi[oa]s?|dich[oa]s?|citad[oa]s?|sondeo$|encuesta$|reporte|cifras|datos|estad[ií]sticas|registros?|fuentes?"
    r"|versi[oó]n|ley|ellos|ellas|estos|esto|la cual)\b",
    re.IGNORECASE,
)
_POLICE_COUNT = re.compile(r"\b(?:conteo|cifras?|datos|estad[ií]sticas?|registros?|reportes?) policial(?:es)?\b")
_QUOTE_REACH = 400
_ARTICLE = re.compile(r"^(?:El|La|Los|Las|Un|Una)\s")
_MACRO_REGION = re.compile(
    r"[^,.;:]{0,60}?\b(?:en|del?|al) (?:el |la )?(?:sur|norte|centro|oriente|selva|sierra|costa)\b(?! de lima)"
)
"""After a figure: an area that no code stands for."""
_AREA = re.compile(
    r"\b(?:en|de) (?:la|el|esta|este|dicha|dicho|toda la|todo el) (?P<area>provincia|region|departamento|distrito)\b(?! del?\b)"
)
_LIST = 3
"""So many regions in a sentence are a list, and none of them the area of what follows."""
_AREA_DIGITS = {"provincia": 4, "region": 2, "departamento": 2, "distrito": 6}
_IN = re.compile(
    r"(?:\s(?:[^\W\d]+\s){0,3}de|[^.,;:\n]{0,70}\ben) (?:el |la |los |las )?(?:regi[oó]n |provincia |distrito |departamento |ciudad )?"
    r"(?:de |del )?$"
)


@lru_cache(maxsize=1)
def _national() -> tuple[str, ...]:
    rows = read_table("speakers.csv", frozenset({"pattern", "reach", "note"}))
    return tuple(row["pattern"] for row in rows if row["reach"] == PERU)


@lru_cache(maxsize=1)
def _institutions() -> tuple[str, ...]:
    rows = read_table("speakers.csv", frozenset({"pattern", "reach", "note"}))
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
    share: bool = False
    """It is a share of something."""
    speaker: str | None = None
    """Who says it, when that is known."""
    before: Claim | None = None


def speaker_of(said: Said, sentences: Sequence[Sentence], text: str) -> str | None:
    """Who says a figure: named in its sentence, else before it in the paragraph.

    Among figures the source that the article names first goes on; elsewhere none does from one paragraph to the next. For a
    title it comes later.
    """
    here = sentences[said.position]
    body = [s for s in sentences if s.zone is Zone.BODY]
    before = [s for s in body if s.paragraph == here.paragraph and s.index < here.index]
    after = [s for s in body if s.paragraph == here.paragraph and s.index > here.index]
    earlier = [s for s in body if s.paragraph < here.paragraph]
    later = [s for s in body if s.paragraph > here.paragraph][:6] if here.zone is Zone.TITLE else []
    order = (*earlier, *after) if said.figures else (*after,)
    for sentence in (*_of_quotation(said, sentences, text), here, *reversed(before), *order, *later):
        found = named_speaker(sentence, text)
        if found:
            return found
    return None


def _of_quotation(said: Said, sentences: Sequence[Sentence], text: str) -> list[Sentence]:
    """Where a quotation ends that a figure stands in: its speaker is named after it."""
    opened = text.rfind("“", max(0, sentences[said.position].start - _QUOTE_REACH), said.start)
    closed = text.find("”", opened) if opened >= 0 else -1
    if closed < said.end or "\n" in text[opened:closed]:
        return []
    return [s for s in sentences[said.position :] if s.start <= closed < s.end]


def named_speaker(sentence: Sentence, text: str) -> str | None:
    """The speaker that a sentence names, as written: after "según", who speaks, or whose figures they are."""
    told = text[sentence.start : sentence.end]
    unquoted = _QUOTED.sub(lambda match: " " * len(match[0]), told)
    according = _ACCORDING.search(told)
    if according:
        who = _WHO_END.sub("", according["who"]).strip()
        if who and not _GENERIC.match(who):
            return _with_acronym(who, told, according.start("who"))
    if according or _SPEECH.search(told) or _FOR.match(told):
        people = [
            m.text for m in sentence.mentions if isinstance(m.value, Person) and m.value.role is not PersonRole.SUSPECT
        ]
        if people:
            office = _institution(told.replace(people[0], ""))
            return f"{people[0]}, {office}" if office else people[0]
    if _POLICE_COUNT.search(told):
        return "Policía Nacional"
    for pattern in (_BODY_SAYS, _SAYS_BODY):
        body = pattern.search(unquoted)
        if body and not _is_place(sentence, sentence.start + body.start("who"), sentence.start + body.end("who")):
            return body["who"]
    subject = _subjects().search(unquoted)
    return subject["who"] if subject else _institution(unquoted)


@lru_cache(maxsize=1)
def _subjects() -> re.Pattern[str]:
    """Who speaks without a name: ``el gremio de transportistas contabiliza``, ``los armadores de Loreto denuncian``."""
    heads = "|".join(row["word"] for row in read_table("speaker_heads.csv", frozenset({"word"})))
    return re.compile(
        rf"(?:^|(?<=[.,;:“\"] )|(?<=[yY] )|(?<=año )|(?<=\d ))(?:[Ee]l|[Ll]a|[Ll]os|[Ll]as) (?P<who>(?:{heads})(?: [^\s,.;:“”]+){{0,8}}?)"
        rf"(?:, [^,.;:“”]{{3,60}},)? (?:(?:ha|han|le|les|ya|también|solo) ){{0,2}}{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en|ado|ido)\b"
    )


def _is_place(sentence: Sentence, start: int, end: int) -> bool:
    return any(isinstance(m.value, Place) and m.start <= start and end <= m.end for m in sentence.mentions)


def _with_acronym(who: str, told: str, start: int) -> str:
    """``Sistema de Denuncias (Sidpol)``: later sentences use either."""
    short = _ACRONYM.match(told, start + len(who))
    return f"{who}{short[0]}" if short else who


def _institution(told: str) -> str | None:
    known = next(
        (name for name in _institutions() if name in told and re.search(rf"\b{re.escape(name)}\b", told)), None
    )
    if known is None:
        return None
    longer = next((match for match in _INSTITUTION.finditer(told) if known in match[0]), None)
    if longer is None:
        return known
    return _ARTICLE.sub("", _with_acronym(longer[0], told, longer.start()))


def scope_of(said: Said, sentences: Sequence[Sentence], text: str) -> str | None:
    """Code of the area of a figure: the place that it is said to be in, else the one before it, else that of the article."""
    here = sentences[said.position]
    told = words_of(text).folded[here.start : here.end]
    places = _coded(here)
    after = [code for start, code in places if start >= said.end and _IN.match(text[said.end : start])]
    national = _NATIONWIDE.search(told)
    before = [(start, code) for start, code in places if start < said.start]
    area = _AREA.search(told)
    if after:
        scope: str | None = after[0]
    elif national and not (before and here.start + national.start() < before[-1][0]):
        scope = PERU
    elif _MACRO_REGION.match(told, said.end - here.start):
        scope = None
    elif area and not said.figures:
        scope = _widened(area["area"], said, sentences, places)
    elif before:
        scope = before[-1][1]
    else:
        scope = _taken_over(said, sentences, text, alone=not places)
    return scope


def _taken_over(said: Said, sentences: Sequence[Sentence], text: str, *, alone: bool) -> str | None:
    """The area of a figure whose sentence names none before it. ``alone``: it names no place at all."""
    if said.figures:
        return _main_area(sentences, text)
    if said.before is not None and same_paragraph(said, sentences):
        return said.before.scope
    if said.speaker is not None and alone and _is_national(said.speaker):
        return PERU
    return _area_before(said, sentences)


def _widened(area: str, said: Said, sentences: Sequence[Sentence], places: Sequence[tuple[int, str]]) -> str | None:
    """The province or region ("en la provincia") around the place that the sentence, or one before it, speaks of."""
    digits = _AREA_DIGITS[area]
    codes = [code for start, code in places if start < said.start and len(code) >= digits and code.isdigit()]
    code = codes[-1] if codes else _area_before(said, sentences, digits)
    return code[:digits] if code.isdigit() else code


def _is_national(speaker: str) -> bool:
    """Whether figures of such an institution are of the country, unless another area is named."""
    return any(re.search(rf"\b{re.escape(name)}\b", speaker) for name in _national())


def _main_area(sentences: Sequence[Sentence], text: str) -> str:
    """What an article of figures is about: the one area of its title, else of its first sentences, else the country."""
    title = [s for s in sentences if s.zone is Zone.TITLE]
    lead = [s for s in sentences if s.zone is Zone.BODY][:3]
    for sentence in (*title, *lead):
        if _NATIONWIDE.search(words_of(text).folded[sentence.start : sentence.end]):
            return PERU
        codes = list(dict.fromkeys(code for _, code in _coded(sentence)))
        if codes:
            wide = {code[:2] for code in codes}
            return min(codes, key=len) if len(wide) == 1 else "PE"
    return PERU


def _area_before(said: Said, sentences: Sequence[Sentence], digits: int = 0) -> str:
    """The area that sentences before speak of: for counts of cases that of the title, else the nearest; lists name none.

    ``digits``: the fewest that its code must have.
    """
    earlier = [s for s in sentences[max(0, said.position - 4) : said.position] if s.zone is Zone.BODY]
    title = [s for s in sentences if s.zone is Zone.TITLE]
    order = (*title, *reversed(earlier)) if said.figures or said.cases else (*reversed(earlier), *title)
    for sentence in order:
        codes = [code for _, code in _coded(sentence) if len(code) >= digits]
        if codes and len({code[:2] for code in codes}) < _LIST:
            return codes[0]
    return PERU


def _coded(sentence: Sentence) -> list[tuple[int, str]]:
    return [
        (m.start, m.value.ubigeo)
        for m in sentence.mentions
        if isinstance(m.value, Place) and m.value.ubigeo and m.value.role is not PlaceRole.DATELINE
    ]


def same_paragraph(said: Said, sentences: Sequence[Sentence]) -> bool:
    """Whether the figure before stands in the same paragraph."""
    assert said.before is not None
    here = sentences[said.position]
    return any(s.start <= said.before.start < s.end and s.paragraph == here.paragraph for s in sentences)
