"""How a crime was done -> :class:`~nlp.types.Method`: channel, weapon, symbolic threat, payment.

A word that also has an innocent sense (*moto*, *carta*, *diarios*) counts only beside what ``nlp/data/method_terms.csv``
says that it needs: a crime in its sentence, or a sum of money.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from nlp.lexicon import LexiconError, read_table
from nlp.phrases import Covered, Found, PhraseTable, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.recognizers.crimes import crime_cues
from nlp.recognizers.gangs.evidence import Surroundings, context_in_sentence, crime_in_sentence, surroundings
from nlp.recognizers.methods.weighed import VERDICTS, Verdict, method_features, method_weights
from nlp.recognizers.situation import Neighbours
from nlp.sentences import sentence_spans
from nlp.types import Label, Mention, Method, Money, MoneyRole
from nlp.weighing import Features

LIKELY = 0.45
"""Likelihood from which a word is said to tell how the crime was done."""
_MONEY = re.compile(
    r"(?:S/|US\$|\$|\bsoles\b|\bd[oó]lares\b|\blucas\b|\bcupos?\b|\bcuotas?\b|\bpag|\bcobr|\brenta\b|\bsol\b|\d\smil\b)"
)
_BLOCKING = frozenset({Label.GANG, Label.PERSON})
_POSSESSION = frozenset({"tenencia", "posesion", "porte", "trafico"})
"""First words, folded, of the crimes whose names hold a method's word."""
_WAGES = re.compile(
    r"alquiler|sueldo|salario|jornal|pasaje|dieta|remuneraci|tarifa|factur|gana[nb]?|resguardo|inversi", re.IGNORECASE
)
_EXTORTION = frozenset({"extorsion", "exigencia_extorsiva", "prestamo_extorsivo"})
_EXTORTION_CUES = 3
_MONEY_REACH = 45
"""Characters between a word of payment and the sum that it belongs to."""
_BESIDE = 22
"""Characters between a sum and the word for its period."""
_STOP = re.compile(r"[.;:\n(]|\d")
_TAKEN = frozenset({MoneyRole.DEMANDED, MoneyRole.PAID, MoneyRole.LOAN})
_NOT_TAKEN = frozenset(
    {MoneyRole.PRICE, MoneyRole.BUDGET, MoneyRole.FINE, MoneyRole.REWARD, MoneyRole.STOLEN, MoneyRole.SEIZED}
)
_BULLET = re.compile(r"(?:balas?|municion(?:es)?|proyectil(?:es)?|cartuchos?|casquillos?)\b(?! de dinamita)")
_ENVELOPE = re.compile(r"\b(?:sobres?|cartas?|notas?|hojas?|papel(?:es|ito)?|manuscritos?|collar)\b[^.;:()]*\Z")
_WITH_NOTE = re.compile(
    r"[^.;:()]{0,20}?\b(?:y|junto a|con) (?:una?|la) (?:carta|nota|hoja|papel|manuscrito|mensaje|foto|numero)\b"
)
_DENIED = re.compile(
    r"\b(?:no (?:hubo|hubieron|hay|habia|se (?:registr|report|escuch|produj|us|utiliz)\w+)|sin|ningun[oa]?|tampoco hubo) (?:\w+ ){0,2}\Z"
)
"""Right before what did not happen: "no hubo disparos", "sin hacer un solo disparo"."""
_DENIED_REACH = 48
_DRONE = "dron"
_POLICE_WATCH = re.compile(
    r"\b(?:apoyo|ayuda|equipos?|empleo|patrull\w+|seguimiento|vigilancia|videovigilancia|monitoreo|serenazgo|polici\w+|pnp|efectivos|agentes|camaras)\b[^.;\n]{0,70}\Z"
)
_CRIMINALS = re.compile(
    r"\b(?:extorsionador|delincuen|banda|mafia|hampon|criminal|miner|sicari|narco|incaut|decomis|hall|amenaz)\w*[^.;\n]{0,70}\Z"
)
"""Before a drone: who flies it, police or criminals; one that is seized was the criminals'."""
_DRONE_REACH = 90
_CASH = "pago_efectivo"
_TAKEN_OR_FOUND = re.compile(
    r"\b(?:incaut|decomis|hall|encontr|sustra|sustrajo|sustrajeron|rob(?:o|aron|ado|ar)|llev(?:o|aron|arse)|despoj|arrebat|apoder|recuper|escap|huy|fug|en su poder|botin|hurt)"
)
_PAYS = re.compile(r"\b(?:pag|entreg|exig|pid|deposit|abon|cobr|cup)")
_POST = 40
"""Characters between a bullet and the paper that it comes with."""
_CAPITALISED_PLACE = frozenset({"granada", "granadas", "avellana", "carta", "machete"})
"""Words that are names when they are capitalised within a sentence: Granada, Machete."""


class Needs(StrEnum):
    """What must stand around a word."""

    SURE = "sure"
    CRIME = "crime"
    MONEY = "money"
    NEVER = "never"
    """Holds the word in another sense: *hombre del volante*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTerm:
    """What a phrase says, and what it needs."""

    method: Method
    needs: Needs


@lru_cache(maxsize=1)
def method_types() -> dict[str, Method]:
    """Every method by its id.

    Raises:
        LexiconError: ``methods.csv`` is missing or malformed.
    """
    rows = read_table("methods.csv", frozenset({"id", "facet"}))
    return {row["id"]: Method(type=row["id"], facet=row["facet"]) for row in rows}


@lru_cache(maxsize=1)
def _terms() -> PhraseTable[MethodTerm]:
    rows = read_table("method_terms.csv", frozenset({"phrase", "method", "needs"}))
    return PhraseTable([(row["phrase"], _term(row)) for row in rows])


def _term(row: dict[str, str]) -> MethodTerm:
    try:
        return MethodTerm(method=method_types()[row["method"]], needs=Needs(row["needs"]))
    except (KeyError, ValueError):
        raise LexiconError(f"nlp/data/method_terms.csv: {row['phrase']!r}: unknown method or needs") from None


def find_methods(doc: Doc) -> Iterator[Mention]:
    """Every word for a method that tells how a crime was done, in text order."""
    seen = read_methods(doc)
    shares = method_weights().probabilities([features for _, features in seen])
    for (mention, _), share in zip(seen, shares, strict=True):
        likely = float(share[VERDICTS.index(Verdict.METHOD)])
        if likely >= LIKELY:
            yield replace(mention, score=round(likely, 3))


def read_methods(doc: Doc) -> list[tuple[Mention, Features]]:
    """Every word for a method in an article that tells crimes, with what tells whether it is one, in text order."""
    words = words_of(text_of(doc))
    sentences = sentence_spans(doc)
    starts = [start for start, _ in sentences]
    around = surroundings(words, starts)
    triage = doc._.triage
    if not (triage.relevant if triage is not None else around.tells_crime):
        return []
    extortion = sum(cue.value.crime.type in _EXTORTION for cue in crime_cues(words)) >= _EXTORTION_CUES
    known = doc._.mentions or ()
    names = Covered(len(words.text), ((m.start, m.end) for m in known if m.label in _BLOCKING))
    sums = _sums(doc)
    crimes = {found.first: found.after for found in crime_cues(words) if words.words[found.first] in _POSSESSION}
    near = Neighbours(known)
    told: set[str] = set()
    seen: list[tuple[Mention, Features]] = []
    for found in _terms().find(words):
        if found.value.needs is Needs.NEVER or names.meets(found.start, found.end):
            continue
        if _within(found, crimes) or _is_name(found, around) or _is_cash_of_robbers(found, around):
            continue
        if _is_drone_of_police(found, words.folded):
            continue
        if _DENIED.search(words.folded, max(0, found.start - _DENIED_REACH), found.start):
            continue
        mention = Mention(
            label=Label.METHOD,
            start=found.start,
            end=found.end,
            text=words.text[found.start : found.end],
            value=_method(found, words.folded),
            source=f"method/{found.value.needs}",
            score=0.0,
        )
        signs = _signs(found, around, sums, extortion=extortion)
        sentence = sentences[bisect_right(starts, found.start) - 1]
        seen.append((mention, method_features(words, mention, signs, near.about(found.start), sentence, triage, told)))
    return seen


def _method(found: Found[MethodTerm], folded: str) -> Method:
    """``un sobre con dos municiones``, ``una bala y una nota``: bullets that are sent are a threat, not a weapon."""
    if _BULLET.match(folded, found.start) and (
        _ENVELOPE.search(folded, max(0, found.start - _POST), found.start)
        or _WITH_NOTE.match(folded, found.end, found.end + _POST)
    ):
        return method_types()["amenaza_bala"]
    return found.value.method


def _signs(found: Found[MethodTerm], around: Surroundings, sums: Sequence[_Sum], *, extortion: bool) -> Iterator[str]:
    fits = _fits(found, around, sums, extortion=extortion)
    yield f"fits:{fits}"
    yield f"needs:{found.value.needs} {fits}"
    beside = _beside(found, sums, around.words.text)
    if beside is not None:
        yield f"sum:{beside.taken}"
    if crime_in_sentence(found.start, found.end, around):
        yield "crime"
    if context_in_sentence(found.start, found.end, around):
        yield "context"


def _within(found: Found[MethodTerm], crimes: Mapping[int, int]) -> bool:
    """Whether the word is part of the name of a crime: "tenencia ilegal de armas"."""
    return any(crimes.get(found.first - back, 0) >= found.after for back in range(1, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sum:
    """A sum of money: its offsets, and whether victims pay it; ``None`` when its role does not tell."""

    start: int
    end: int
    taken: bool | None


def _sums(doc: Doc) -> tuple[_Sum, ...]:
    return tuple(
        _Sum(
            start=mention.start,
            end=mention.end,
            taken=True if mention.value.role in _TAKEN else False if mention.value.role in _NOT_TAKEN else None,
        )
        for mention in doc._.mentions or ()
        if isinstance(mention.value, Money)
    )


def _beside(found: Found[MethodTerm], sums: Sequence[_Sum], text: str) -> _Sum | None:
    """The sum whose period the word tells: "S/ 15 diarios", "cuota semanal de S/ 500"."""
    near = bisect_left(sums, found.start, key=lambda each: each.start)
    for each in sums[max(0, near - 1) : near + 1]:
        if each.start <= found.start < each.end:
            return each
        gap = text[each.end : found.start] if each.end <= found.start else text[found.end : each.start]
        if len(gap) <= _BESIDE and not _STOP.search(gap):
            return each
    return None


def _fits(found: Found[MethodTerm], around: Surroundings, sums: Sequence[_Sum], *, extortion: bool) -> bool:
    text = around.words.text
    match found.value.needs:
        case Needs.SURE:
            return True
        case Needs.NEVER:
            return False
        case Needs.CRIME:
            return crime_in_sentence(found.start, found.end, around) or context_in_sentence(
                found.start, found.end, around
            )
        case Needs.MONEY:
            beside = _beside(found, sums, text)
            if beside is not None and beside.taken is not None:
                return beside.taken
            begin, end = _sentence(found.start, around)
            low, high = max(begin, found.start - _MONEY_REACH), min(end, found.end + _MONEY_REACH)
            if _MONEY.search(text, low, high) is None:
                return False
            told = crime_in_sentence(found.start, found.end, around)
            return told or (extortion and _WAGES.search(text, begin, end) is None)


def _is_cash_of_robbers(found: Found[MethodTerm], around: Surroundings) -> bool:
    """Whether cash is what was stolen or seized, not how victims pay: "se llevaron dinero en efectivo"."""
    if found.value.method.type != _CASH:
        return False
    sentence = _sentence(found.start, around)
    folded = around.words.folded
    return _TAKEN_OR_FOUND.search(folded, *sentence) is not None and _PAYS.search(folded, *sentence) is None


def _is_drone_of_police(found: Found[MethodTerm], folded: str) -> bool:
    if found.value.method.type != _DRONE:
        return False
    before = folded[max(0, found.start - _DRONE_REACH) : found.start]
    return _POLICE_WATCH.search(before) is not None and _CRIMINALS.search(before) is None


def _is_name(found: Found[MethodTerm], around: Surroundings) -> bool:
    """``Granada``, ‘Cuchillo’: a single word that is a name when it is capitalised within a sentence."""
    text = around.words.text[found.start : found.end]
    if not text.istitle() or found.after - found.first != 1 or found.start in around.sentence_starts:
        return False
    return around.words.words[found.first] in _CAPITALISED_PLACE or _nicknamed(found.start, around.words.text)


def _nicknamed(start: int, text: str) -> bool:
    """Whether a word opens a quotation within a sentence: "un sujeto apodado ‘Cuchillo’"."""
    return (
        text[max(0, start - 1) : start] in tuple("“\"‘'«")
        and text[max(0, start - 3) : start - 1].strip()[-1:].isalpha()
    )


def _sentence(start: int, around: Surroundings) -> tuple[int, int]:
    at = bisect_right(around.sentence_starts, start)
    begin = around.sentence_starts[at - 1] if at else 0
    end = around.sentence_starts[at] if at < len(around.sentence_starts) else len(around.words.text)
    return begin, end


@Language.factory("method_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del nlp, name
    _terms()
    method_weights()
    return Recognizer(find_methods)
