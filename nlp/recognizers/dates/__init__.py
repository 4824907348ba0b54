"""Date expressions, resolved to days in Lima against the publication.

``grammar`` holds how dates are written, ``calendar`` what they mean. All expressions are found; ``source`` names the kind,
and the score is low where the sentence speaks of a law, a birthday or a thing to come: which date belongs to which event is
decided when events are assembled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from nlp.lexicon import fold, read_table
from nlp.phrases import words_of
from nlp.recognizers import Recognizer, context_of, text_of
from nlp.recognizers.dates.calendar import Reading, kind_of, resolve
from nlp.recognizers.dates.grammar import Grammar, read_grammar
from nlp.sentences import sentence_spans
from nlp.types import DatePrecision, DateSpan, Label, Mention

_SCORES = {
    "numeric": 0.8, "days": 0.75, "date": 0.9, "dom": 0.9, "dayname": 0.9, "near": 0.95, "thispart": 0.93, "week": 0.7,
    "weekend": 0.75, "ago": 0.6, "back": 0.7, "thismonth": 0.5, "months": 0.3, "month": 0.6, "todate": 0.2, "half": 0.3,
    "yearname": 0.3, "year": 0.35, "next": 0.7, "dayonly": 0.7, "daynoted": 0.6,
}  # fmt: skip
"""How often an expression of a kind dates an incident."""
_FUTURE = re.compile(
    r"\b\w{2,}r(?:á|án|emos)\b|\bva[n]? a \w+r\b|\bpróxim[oa]s?\b|\ba realizarse\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:\w{2,}(?:ó|aron|ieron|aba|aban|ía|ían)|fue(?:ron)?|hubo|era|eran|hizo|tuvo|murió"
    r"|(?:ocurri|registra|asesina|deteni|captura|secuestra|halla|cometi|perpetra|balea|interveni|arresta|condena|incauta|denuncia)d[oa]s?)\b",
    re.IGNORECASE,
)
_AROUND = 90
_AHEAD_BEFORE = re.compile(r"\b(?:para|hasta)(?: el| este| la)? (?:proximo )?$")
_SINCE_BEFORE = re.compile(r"\b(?:desde|a partir de)(?: el| la| este)? $|\bdesde (?:la \w+ del? |el )$")
_BACKGROUND = re.compile(
    r"\b(?:ley|leyes|decreto|ordenanza|resolucion|constitucion|nacio|nacid[oa]|aniversario|eleccion\w*|censo|encuesta"
    r"|(?:en|durante) (?:todo )?el (?:mismo )?periodo|vigente|codigo penal|convocatoria|campeonato|torneo|edicion|comparacion|respecto)\b"
)
_MONTH_BEFORE = re.compile(
    r"\b(?:en|desde|durante|hasta|para|entre|y|a|mes de|de|del|este|pasado|ultimo|inicios de|fines de|finales de|mediados de|comienzos de|principios de) $"
)
_CAPITAL_BEFORE = re.compile(r"\b([A-ZÁÉÍÓÚÑ][a-záéíóúñ]+) \Z")
_CAPITAL_AFTER = re.compile(r" (?:al )?[A-ZÁÉÍÓÚÑ][a-záéíóúñ]")
_BEFORE_DAYS = frozenset(
    {"el", "este", "ultimo", "pasado", "proximo", "del", "ayer", "hoy", "anoche", "desde", "hasta"}
)
"""Words before a weekday that head lines write with a capital as well."""
_EVERY_BEFORE = re.compile(r"\b(?:cada|los|todos los|dia) $")
_NAME_BEFORE = re.compile(
    r"\b(?:av\.?|avenida|jr\.?|jiron|calle|plaza|parque|barrio|urb\.?|asociacion|colegio|i\.?e\.?|a\.? ?h\.?|distrito|movimiento|operacion|comite) (?:el |la )?$"
)
_VAGUE = frozenset({"ago", "back", "week", "month"})
_PRECISE_AFTER = re.compile(
    r", (?:(?:en )?la (?:madrugada|manana|tarde|noche) del? |el |este )?(?:\d{1,2} de |lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
)
"""``dos semanas atrás, la noche del domingo 4``: the day follows, the vague words add nothing."""
_REACH = 44


class DateFinder:
    """Finds the dates of a text; made once, with the grammar read."""

    def __init__(self) -> None:
        self._grammar: Grammar = read_grammar()
        rows = read_table("numerals.csv", frozenset({"word", "value", "kind"}))
        self._numerals: Mapping[str, int] = {
            r["word"]: int(float(r["value"])) for r in rows if r["kind"] in ("unit", "teen")
        }

    def find(self, text: str, sentences: Sequence[tuple[int, int]], today: date) -> Iterator[Mention]:
        """Date expressions in order; ``today`` is the day of publication in Lima."""
        words = words_of(text)
        folded = words.folded
        before: date | None = None
        year: int | None = None
        index = last = 0
        for match in self._grammar.core.finditer(words):
            while index < len(sentences) - 1 and sentences[index][1] <= match.start():
                index += 1
            limits = sentences[index] if sentences else (0, len(text))
            mention = self._mention(text, folded, match, limits, today, before, year)
            if mention is None or mention.start < last:
                continue
            last = mention.end
            if isinstance(mention.value, DateSpan):
                before = mention.value.end if mention.value.precision is DatePrecision.DAY else before
                year = mention.value.start.year
            yield mention

    def _mention(
        self,
        text: str,
        folded: str,
        match: re.Match[str],
        limits: tuple[int, int],
        today: date,
        before: date | None,
        year: int | None,
    ) -> Mention | None:
        kind = kind_of(match)
        if not _is_date(text, folded, match, kind):
            return None
        ahead = _ahead(text, folded, match, limits)
        reading = Reading(
            match=match,
            grammar=self._grammar,
            numerals=self._numerals,
            today=today,
            before=before,
            year_before=year,
            ahead=ahead,
            past=_PAST.search(text, max(limits[0], match.start() - _AROUND), min(limits[1], match.end() + _AROUND))
            is not None,
        )
        span = resolve(reading)
        if span is None:
            return None
        start, end = self._extended(folded, match, kind)
        score = _score(folded, match, kind, limits, ahead or span.start > today)
        return Mention(
            label=Label.DATE,
            start=start,
            end=end,
            text=text[start:end],
            value=span,
            source=f"dates/{kind}",
            score=score,
        )

    def _extended(self, folded: str, match: re.Match[str], kind: str) -> tuple[int, int]:
        """With the article and the part of the day that go with it."""
        start, end = match.span()
        if kind in ("date", "dom", "dayname", "near", "numeric"):
            left = max(0, start - _REACH)
            part = self._grammar.part_before.search(folded[left:start])
            if part is not None:
                start = left + part.start()
                if folded.startswith(("del ", "de "), start):
                    start = folded.index(" ", start) + 1
        after = self._grammar.part_after.match(folded, end)
        if after is not None and kind in ("date", "dayname", "near"):
            end = after.end()
        return start, end


def _is_date(text: str, folded: str, match: re.Match[str], kind: str) -> bool:
    """Not a street or a district (``28 de Julio``), not a month's name without anything before it."""
    left = folded[max(0, match.start() - 24) : match.start()]
    if kind == "dayname" and (_EVERY_BEFORE.search(left) or _is_in_name(text, *match.span("w_weekday"))):
        return False
    if kind in ("date", "month", "days", "months"):
        group = {"date": "e_month", "month": "t_month", "days": "s_to", "months": "r_month"}[kind]
        at = match.start(group)
        if (
            text[at].isupper()
            and not text[at : match.end(group)].isupper()
            and text[match.start()].isalnum()
            and at > match.start()
        ):
            return False
        if _NAME_BEFORE.search(left):
            return False
    if kind == "month" and not (match["t_year"] or match["t_rel"] or match["t_after"]):
        return text[match.start()].islower() and _MONTH_BEFORE.search(left) is not None
    return True


def _is_in_name(text: str, start: int, end: int) -> bool:
    """Whether a weekday is a part of a name: "José Domingo Pérez", "Santo Domingo", "el programa Domingo al Día"."""
    if not text[start:end].istitle():
        return False
    before, after = _CAPITAL_BEFORE.search(text, max(0, start - 24), start), _CAPITAL_AFTER.match(text, end)
    return after is not None or (before is not None and fold(before[1]) not in _BEFORE_DAYS)


def _ahead(text: str, folded: str, match: re.Match[str], limits: tuple[int, int]) -> bool:
    left = folded[max(0, match.start() - 24) : match.start()]
    if _AHEAD_BEFORE.search(left):
        return True
    around = text[max(limits[0], match.start() - 90) : min(limits[1], match.end() + 60)]
    return _FUTURE.search(around) is not None


def _score(folded: str, match: re.Match[str], kind: str, limits: tuple[int, int], ahead: bool) -> float:
    score = _SCORES[kind]
    left = folded[max(0, match.start() - 24) : match.start()]
    if ahead:
        score *= 0.3
    if _SINCE_BEFORE.search(left) or (kind == "ago" and match["a_since"]):
        score *= 0.6 if kind == "date" else 0.4
    if kind in _VAGUE and _PRECISE_AFTER.match(folded, match.end()):
        score *= 0.4
    if kind == "next" and match["f_when"] == "antes":
        score *= 0.6
    if _BACKGROUND.search(folded, max(limits[0], match.start() - 80), min(limits[1], match.end() + 40)):
        score *= 0.4
    return round(score, 3)


@Language.factory("date_recognizer")
def create(nlp: Language, name: str) -> Recognizer:  # noqa: ARG001
    """Read the grammar and make the component."""
    finder = DateFinder()

    def find(doc: Doc) -> Iterator[Mention]:
        sentences = sentence_spans(doc)
        return finder.find(text_of(doc), sentences, context_of(doc).day.date())

    return Recognizer(find)
