"""Numbers of people and things: how many were killed, hurt, caught or taken, how many shots, vehicles, complaints.

A number counts what the noun after it names; what happened to people is told by a participle or a verb of the same sentence.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp.lexicon import LexiconError, read_table
from nlp.numbers import find_numbers
from nlp.patterns import PatternTable
from nlp.phrases import words_of
from nlp.recognizers import Recognizer, text_of
from nlp.sentences import sentence_spans
from nlp.types import Comparator, Count, CountOf, Label, Mention

_PEOPLE = frozenset({"person", "officers", "suspect", "members"})
_THINGS = frozenset({"arms", "goods"})
"""Classes of things that are all counted as ``other``; how often they are told of one event differs."""
_CLASSES = frozenset({of.value for of in CountOf} | _PEOPLE | _THINGS)
_STATES = frozenset({"dead", "injured", "arrested", "kidnapped"})
_HARMED = _STATES - {"dead"}
"""What a participle tells of people whom no noun of the table names; what died may be an animal, or a figure of speech."""
_REACH = 90
_WINDOW = 400
"""Characters of the sentence that are read on either side of a number."""
_HALF_DISTANCE = 30.0
_ENOUGH = 0.3
_RIGHT_BEFORE = 0.6
_ENOUGH_OF_SUSPECTS = 0.18
"""``intervino un auto en el que iban tres presuntos miembros``: a verb further off will do."""
_MOST = 10_000_000

_WORD = re.compile(r"[^\W\d_]+")
_BAD_BEFORE = re.compile(
    r"[:/.,-]$|\b(?:kilometro|km|ruta|linea|art|articulo|ley|nro|numero|pabellon|grupo|piso|lote|cuadra|calle|avenida|mz|cada|s/\.?|us\$|\$) ?$"
)
_BAD_AFTER = re.compile(
    r"[:/%°-]|[.,]\d| ?(?:anos|%|por ciento|soles|dolares|s/|a\. ?m|p\. ?m|horas|minutos|metros|km|kilometros|de la (?:manana|tarde|noche|madrugada)|de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|set|sep|oct|nov|dic)\w*)"
)
_LONE = PatternTable([r"(?P<one>un|una|uno|ambos|ambas) "])
_PRONOUN = re.compile(r" (?:de (?:ellos|ellas|los suyos|sus integrantes|estos)|mas\b)")
_OF_THEM = re.compile(r" (?:mas\b|de [\"'‘“«]?[a-z])")
"""After a number without a noun: some of a gang's people."""
_ONE_OF = re.compile(r" de (?:los|las|sus)\b")
_TIMES = re.compile(r" veces\b")
_FIRED = re.compile(r"\bdispar\w+ (?:\w+ ){0,2}$|\bbale\w+ (?:\w+ ){0,2}$")
_THE = re.compile(r"\b(?:l[oa]s|otr[oa]s) $")
_PERSONAL = re.compile(r"\ba (?:los |las |otros |otras |al menos |unos |mas de )?$")
_HURT = PatternTable(
    [
        r"(?<!nadie )(?:(?:result|qued|termin)(?:o|aron|ando)|dejandol[oa]|l[oa] dej(?:o|aron)) (?:\w+mente )?(?P<state>herid[oa]|lesionad[oa])\b"
    ]
)
_AGGREGATE = re.compile(
    r"\b(?:en lo que va|(?:al|por) (?:ano|dia|mes|semana)|diari[oa]s|mensual\w*|anual\w*|(?<!sin )(?<!el )(?<!un )registr(?:a|an|o|aron|aban|ado|ados)|cifras?"
    r"|estadistic\w*|acumul\w+|conteo|encuesta|sum(?:o|an|aron|a)|en (?:el )?(?:ano )?20\d\d|en \w+ (?:anos|meses)|cada ano"
    r"|ultim[oa]s (?:\w+ )?(?:meses|anos|semanas)|desde (?:enero|20\d\d)|en total|por cada|promedio|a nivel nacional|en el (?:peru|pais))\b"
)
"""The figure is one over many events."""
_HAPPENED = re.compile(
    r"\b(?:quem|incendi|atac|balea|asalt|rob|incaut|decomis|recuper|hall|encontr|reten|retuv|intercept|embosc|dispar|inmoviliz|intervin|custodia|allan|arroj|deton|lanz|dej|exhib|encontr)\w*"
)
_LOADED = re.compile(r"\b(?:pistola|revolver|arma|cacerina|cargador|escopeta|fusil|carabina)[^,.;]* con $")
"""``una pistola con siete balas``: what it is loaded with is not counted for itself."""
_PART = re.compile(r" de (?:ell[oa]s|los|las|estos|estas)\b")
_PART_BEFORE = re.compile(
    r"\b(?:entre (?:ell[oa]s|los que|estos)|incluid[oa]s?|incluyendo|de los cuales|de las cuales),? (?:figuran? |hay |estan? )?(?:a )?$"
)
_APPOSED = re.compile(r" [^\W\d_]+(?: [^\W\d_]+)?, ")
_WHO_THEY_ARE = re.compile(
    r"(?: [^\W\d_]+){0,2}(?:,| identificad[oa]s? como\b)[^.;\n]{1,200}?,? (?=(?:fue|fueron|quedo|quedaron|resulto|resultaron|terminaron|han sido)\b)"
)
"""Between people and what befell them: ``dos hombres, identificados como … y …, fueron capturados``."""
_DONE_TO = re.compile(
    r"\b(?:que|quien|quienes|tras|luego de|acusad[oa]s? de) (?:[^\W\d_]+ ){0,3}?"
    r"(?:asalt|rob|asesin|mat|extorsion|secuestr|agred|atac|amenaz|viol|abus|estaf|golpe|despoj|hir|captab|explot|ultraj)(?:o|io|aron|ieron|aban?|ian?|ado|ido|ar(?:le|les)?|ir|er) "
)
"""Between those who were caught and the people to whom they did something: ``capturan a un ladrón que asaltó a dos jóvenes``."""
_AGENT = re.compile(r"\b(?:por|ataque de|asalto de|disparos de) (?:los |al menos |unos |otros )?$")
"""Before those who did it: ``fue atacado por dos sujetos``."""
_OF_ONE = re.compile(
    r"(?:fue|ha sido|resulto|quedo|termino|acabo|murio|fallecio|recibio|sufrio|cayo|cae|tiene)\b(?! por)|[^\W\d_]+(?:id|ad|ert)[oa]$"
)
"""A cue that tells of one person, so not of several counted before it; but for ``han muerto``."""
_NEXT = re.compile(r" (?:y|pero|mientras)\b|[,;]")
"""Begins what is said of others; ``fue detenido … junto a otros cuatro`` is said of all."""
_OF_ONE_BEFORE = re.compile(r"(?:fue|ha sido|resulto|quedo|termino|murio|fallecio)\b")
"""The same before the number: ``uno falleció y las otras dos personas están estables``."""
_HAVE = re.compile(r"\b(?:han|habian|habrian|hayan|hubieran) $")
_TIMES_OVER = {"doble": 2, "triple": 3, "cuadruple": 4, "quintuple": 5}
_MULTIPLE = PatternTable(
    [rf"(?P<times>{'|'.join(_TIMES_OVER)}) (?:homicidio|asesinato|sicariato|feminicidio|parricidio)\b"]
)
_BECAME = re.compile(
    r"(?: mas| restantes| ultimos| primeros)? (?:(?:fueron|quedaron|resultaron|terminaron|acabaron|estan|siguen|han sido) (?:[a-z]+mente )?"
    r"(?:(?P<injured>herid[oa]s|lesionad[oa]s|hospitalizad[oa]s|internad[oa]s)|(?P<arrested>detenid[oa]s|capturad[oa]s|intervenid[oa]s|arrestad[oa]s|aprehendid[oa]s)"
    r"|(?P<dead>asesinad[oa]s|acribillad[oa]s|ultimad[oa]s))|(?P<dead_>murieron|fallecieron|perdieron la vida)|(?P<arrested_>cayeron|caen|fueron puest[oa]s a disposicion|se les (?:incaut|decomis|hall|encontr)\w+|los (?:atrap|captur|detuv)\w+))\b"
)
"""After a number without a noun: ``otros dos quedaron heridos``, ``los tres fueron detenidos``."""
_SEIZING = re.compile(
    r"\b(?:incaut|decomis|hall|encontr|recuper|allan|destru|inutiliz|rescat|exhib|requis|descubr|ubic|localiz|desbarat)\w+"
)
_QUOTES = frozenset("\"'‘“«")
_ANY_NOUN = re.compile(r" (?P<noun>[^\W\d_]{3,}s)\b")
_MEASURE = re.compile(
    r"(?:anos?|mes(?:es)?|dias?|horas?|minutos|segundos|semanas|metros|kilometros|centimetros|milimetros|grados|puntos|veces"
    r"|soles|dolares|euros|pesos|centimos|agentes|efectivos|policias|fiscales|militares|peritos|cuadras|pisos|lunes|martes"
    r"|miercoles|jueves|viernes|las|los|unos|unas|otros|otras|mas|menos|dos|tres|seis|entonces|ellas|ellos)$"
)
_NUMBERED = re.compile(
    r"\b(?:\d+|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|varios|varias|ningun|sin) $"
)
"""Before a cue: it tells of others, ``200 policías y hay cuatro detenidos``, or of none."""
_COMPARATOR = re.compile(
    r"\b(?:(?P<over>mas de|al menos|por lo menos|no menos de|superan? l[oa]s|minimo)|(?P<around>unos|unas|cerca de|casi|alrededor de|aproximadamente)|(?P<under>menos de|hasta)) (?:l[oa]s )?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    of: str
    side: str
    weight: float


class Numeral(NamedTuple):
    """A number that may count something; ``lone``: an article as likely as a number; ``vague``: about so many."""

    start: int
    end: int
    value: int
    lone: bool
    vague: bool

    @property
    def many(self) -> bool:
        """Whether a verb of theirs is in the plural; ``una veintena`` and ``un total de veinte`` may have either."""
        return self.value > 1 and not self.vague


class CountFinder:
    """Finds the counts of a text; made once, with the tables read."""

    def __init__(self) -> None:
        rows = [(row["pattern"], row["of"]) for row in read_table("count_nouns.csv", frozenset({"pattern", "of"}))]
        self._nouns, self._noun_of = _alternation("count_nouns.csv", rows)
        cues = list(read_table("count_cues.csv", frozenset({"pattern", "of", "side", "weight"})))
        self._cues, _ = _alternation("count_cues.csv", [(row["pattern"], row["of"]) for row in cues])
        self._cue_of: Mapping[int, _Cue] = {
            index: _Cue(of=row["of"], side=row["side"], weight=float(row["weight"]))
            for index, row in enumerate(cues, 1)
        }
        self._modifiers = frozenset(row["word"] for row in read_table("count_modifiers.csv", frozenset({"word"})))

    def find(self, text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        """Counts in order of the text. ``sentences`` are the offsets of the sentences, in order."""
        yield from _without_breakdowns(text, list(self._all(text, sentences)))

    def _all(self, text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        folded = words_of(text).folded
        index = 0
        singles: set[int] = set()
        for number in numerals(folded):
            while index < len(sentences) - 1 and sentences[index][1] <= number.start:
                index += 1
            limits = sentences[index] if sentences else (0, len(text))
            around = max(limits[0], number.start - _WINDOW), min(limits[1], number.end + _WINDOW)
            found = self._counted(folded, number, around)
            if found is not None:
                of, rule, score = found
                if of is CountOf.INJURED:
                    singles.add(limits[0])
                yield as_count(text, folded, number, of, rule, score)
        yield from self._hurt(text, folded, sentences, singles)
        yield from _multiple(text, folded)

    def _counted(self, folded: str, number: Numeral, limits: tuple[int, int]) -> tuple[CountOf, str, float] | None:
        if _TIMES.match(folded, number.end):
            fired = _FIRED.search(folded, max(limits[0], number.start - 40), number.start)
            return (CountOf.SHOTS, "times", 0.85) if fired and not number.lone else None
        noun, end = self.noun(folded, number.end)
        if noun is None:
            return self._without_noun(folded, number, limits) or _seized(folded, number, limits)
        if _is_part(folded, number, noun, limits):
            return self._governed(folded, number, limits)
        return (
            self._people(folded, number, noun, end, limits)
            if noun in _PEOPLE
            else _things(folded, number, noun, limits)
        )

    def _people(
        self, folded: str, number: Numeral, noun: str, end: int, limits: tuple[int, int]
    ) -> tuple[CountOf, str, float] | None:
        suspected = noun in ("suspect", "members")
        state = self._state(folded, number, end, limits, _ENOUGH_OF_SUSPECTS if suspected else _ENOUGH)
        if state is not None and state[0] in _STATES - {"arrested"}:
            agents = _AGENT.search(folded, max(0, number.start - 20), number.start)
            if agents or (suspected and state[1] < _ENOUGH):
                state = None
        if noun == "officers" and state is not None and state[0] == "arrested" and state[1] < _RIGHT_BEFORE:
            state = None  # those who catch, but for "detuvieron a dos policías"
        if state is not None and (not number.lone or _surely_one(folded, number, state)):
            most = 0.7 if number.lone else 0.95  # "la muerte de una mujer" may be any woman's
            score = 0.4 if _AGGREGATE.search(folded, *limits) else round(min(most, 0.55 + state[1] / 2), 3)
            return CountOf(state[0]), "state", score
        if number.lone:
            return None
        if noun == "members":
            return CountOf.MEMBERS, "noun", 0.7
        return CountOf.OTHER, "noun", 0.45 if noun == "suspect" else 0.4

    def noun(self, folded: str, position: int) -> tuple[str | None, int]:
        """Class of the noun that a number counts, and where it ends; modifiers are stepped over."""
        for _ in range(5):
            if position >= len(folded) or folded[position] not in " \u00a0":
                return None, position
            if folded[position + 1 : position + 2] in _QUOTES:  # tres ‘causas’
                position += 1
            match = self._nouns.match(folded, position + 1)
            if match is not None:
                noun = self._noun_of[match.lastindex or 1]
                after = self._nouns.match(folded, match.end() + 1) if noun in _PEOPLE else None
                if after is not None and self._noun_of[after.lastindex or 1] in _STATES:
                    return self._noun_of[after.lastindex or 1], after.end()
                return noun, match.end()
            word = _WORD.match(folded, position + 1)
            if word is None or word.group() not in self._modifiers:
                return None, position
            position = word.end()
        return None, position

    def _without_noun(self, folded: str, number: Numeral, limits: tuple[int, int]) -> tuple[CountOf, str, float] | None:
        """``capturó a 26 de ellos``, ``caen cuatro de 'Los Injertos'``, ``dos custodios resultaron heridos``: the verb tells."""
        if (became := self._became(folded, number, limits)) is not None:
            return became
        noun = _ANY_NOUN.match(folded, number.end)
        measured = noun is not None and _MEASURE.match(noun["noun"]) is not None
        personal = _PERSONAL.search(folded, max(limits[0], number.start - 16), number.start)
        if (
            personal is not None
            and not measured
            and (_PRONOUN.match(folded, number.end) or _WORD.match(folded, number.end + 1))
        ):
            state = self._state(folded, number, number.end, (max(limits[0], personal.start() - 24), number.end))
            if state and state[1] >= 0.5 and (not number.lone or _ONE_OF.match(folded, number.end)):
                return CountOf(state[0]), "verb", 0.6
        if number.lone:
            return None
        if _OF_THEM.match(folded, number.end):
            return self._governed(folded, number, limits)
        if noun is None or measured:
            return None
        state = self._state(folded, number, noun.end(), (number.start, min(limits[1], noun.end() + 30)))
        return (CountOf(state[0]), "verb", 0.6) if state and state[0] in _HARMED and state[1] >= 0.6 else None

    def _became(self, folded: str, number: Numeral, limits: tuple[int, int]) -> tuple[CountOf, str, float] | None:
        """``otros dos quedaron heridos``, ``los tres irán a la Fiscalía``: a verb right after the number."""
        if number.lone:
            return None
        if verb := _BECAME.match(folded, number.end):
            return CountOf((verb.lastgroup or "").rstrip("_")), "verb", 0.8
        if not _THE.search(folded, max(limits[0], number.start - 12), number.start):
            return None
        found = self._cues.match(folded, number.end + 1, limits[1])
        cue = self._cue_of[found.lastindex or 1] if found else None
        return (CountOf(cue.of), "verb", 0.7) if cue is not None and cue.side != "before" else None

    def _governed(self, folded: str, number: Numeral, limits: tuple[int, int]) -> tuple[CountOf, str, float] | None:
        """``capturaron a dos de los cobradores``, ``hirió a dos de los captores``: a verb right before the number."""
        state = self._state(folded, number, number.end, (max(limits[0], number.start - 40), number.end), _RIGHT_BEFORE)
        return (CountOf(state[0]), "verb", 0.6) if state and state[0] in _STATES else None

    def _hurt(self, text: str, folded: str, sentences: Sequence[tuple[int, int]], told: set[int]) -> Iterator[Mention]:
        """``resultó herida``, where the sentence has not counted the injured; ``told`` are the starts of those that have.

        The mention is the ``una`` of ``una menor que pasaba resultó herida``, else the participle.
        """
        words = words_of(text)
        for match in _HURT.finditer(words):
            index = bisect.bisect_right(sentences, (match.start(), len(text) + 1)) - 1
            start = sentences[index][0] if sentences else 0
            if start in told:
                continue
            ones = [
                one.span("one")
                for one in _LONE.finditer(words, max(start, match.start() - _REACH), match.start())
                if self.noun(folded, one.end("one"))[0] == "person"
            ]
            first, end = ones[-1] if ones else match.span("state")
            hurt = Numeral(start=first, end=end, value=1, lone=True, vague=False)
            yield as_count(text, folded, hurt, CountOf.INJURED, "state", 0.6)

    def _state(
        self, folded: str, number: Numeral, end: int, limits: tuple[int, int], enough: float = _ENOUGH
    ) -> tuple[str, float] | None:
        """What befell the people counted, with the weight of the nearest cue of the sentence."""
        told = _WHO_THEY_ARE.match(folded, end, limits[1])
        resumed = told.end() if told else end
        left, right = max(limits[0], number.start - _REACH), min(limits[1], resumed + _REACH)
        several = number.many and not folded.endswith("total de ", left, number.start)
        best: tuple[str, float] | None = None
        for match in self._cues.finditer(folded, left, right):
            cue = self._cue_of[match.lastindex or 1]
            before = match.end() <= number.start
            if (not before and match.start() < end) or cue.side not in ("any", "before" if before else "after"):
                continue
            if before and several and _OF_ONE_BEFORE.match(match.group()) and _NEXT.match(folded, match.end()):
                continue
            if not before and (
                _NUMBERED.search(folded, end, match.start())
                or (several and _OF_ONE.match(match.group()) and not _HAVE.search(folded, end, match.start()))
            ):
                continue
            if (
                before and number.lone and folded[match.end() : number.start] == " y "
            ):  # murieron y un menor quedó herido
                continue
            if before and cue.of == "arrested" and _DONE_TO.search(folded, match.end(), number.start):
                continue
            distance = number.start - match.end() if before else match.start() - end
            if match.start() >= resumed:
                distance = match.start() - resumed
            weight = cue.weight / (1.0 + distance / _HALF_DISTANCE)
            if best is None or weight > best[1]:
                best = cue.of, weight
        return best if best is not None and best[1] >= enough else None


def _multiple(text: str, folded: str) -> Iterator[Mention]:
    """``triple homicidio``: so many dead."""
    for match in _MULTIPLE.finditer(words_of(text)):
        value = _TIMES_OVER[match["times"]]
        number = Numeral(start=match.start(), end=match.end("times"), value=value, lone=False, vague=False)
        yield as_count(text, folded, number, CountOf.DEAD, "multiple", 0.7)


def _seized(folded: str, number: Numeral, limits: tuple[int, int]) -> tuple[CountOf, str, float] | None:
    """Things of any name where the police seize, raid or destroy: ``incautaron 40 balones``."""
    noun = _ANY_NOUN.match(folded, number.end)
    if noun is None or number.lone or _MEASURE.match(noun["noun"]):
        return None
    if not _SEIZING.search(folded, max(limits[0], number.start - _REACH), number.start):
        return None
    return CountOf.OTHER, "seized", 0.35 if _AGGREGATE.search(folded, *limits) else 0.45


def _is_part(folded: str, number: Numeral, noun: str, limits: tuple[int, int]) -> bool:
    """``cinco de los detenidos``, ``entre ellos un menor``: some of those that are counted already."""
    if _PART_BEFORE.search(folded, max(limits[0], number.start - 40), number.start):
        return True
    return noun in _PEOPLE | _STATES and _PART.match(folded, number.end) is not None


def _things(folded: str, number: Numeral, noun: str, limits: tuple[int, int]) -> tuple[CountOf, str, float] | None:
    """Things, and people named by what befell them: ``dos muertos``."""
    if number.lone and noun not in _STATES:
        return None
    of = CountOf.OTHER if noun in _THINGS else CountOf(noun)
    return of, "noun", _noun_score(folded, noun, number, limits)


def _surely_one(folded: str, number: Numeral, state: tuple[str, float]) -> bool:
    """``detuvo … a una mujer``: the article counts when the verb is close, or governs it by ``a``."""
    personal = _PERSONAL.search(folded, max(0, number.start - 16), number.start)
    return state[1] >= 0.6 or (state[0] == "arrested" and personal is not None)


def _noun_score(folded: str, noun: str, number: Numeral, limits: tuple[int, int]) -> float:
    """People hurt or caught are counted of one event; things only where something happens to them."""
    if _AGGREGATE.search(folded, *limits):
        return 0.4
    if noun in _STATES or noun == "shots":
        return 0.92
    if noun == "arms" and _LOADED.search(folded, max(0, number.start - 40), number.start):
        return 0.4
    happened = _HAPPENED.search(folded, max(limits[0], number.start - _REACH), min(limits[1], number.end + _REACH))
    if happened:
        return 0.55 if noun == "goods" else 0.7
    return {"arms": 0.6, "goods": 0.35}.get(noun, 0.45)


def _without_breakdowns(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """``seis extranjeros, cuatro varones y dos mujeres``: parts that add up to a count told before are not told again."""
    told: set[int] = set()
    last: tuple[int, int] | None = None
    skip = -1
    for index, mention in enumerate(mentions):
        if index == skip:
            continue
        value = mention.value
        if isinstance(value, Count) and value.of not in (CountOf.OTHER, CountOf.VEHICLES):
            if last is not None and value.value < last[1] and _APPOSED.fullmatch(text, last[0], mention.start):
                continue
            if index + 1 < len(mentions) and _adds_up(mention, mentions[index + 1], told):
                skip = index + 1
                continue
            told.add(value.value)
            last = mention.end, value.value
        yield mention


def _adds_up(one: Mention, other: Mention, told: set[int]) -> bool:
    near = other.start - one.end < 40
    both = isinstance(one.value, Count) and isinstance(other.value, Count)
    return near and both and one.value.value + other.value.value in told  # type: ignore[union-attr]


def _alternation(table: str, rows: Sequence[tuple[str, str]]) -> tuple[re.Pattern[str], dict[int, str]]:
    for pattern, of in rows:
        if of not in _CLASSES:
            raise LexiconError(f"nlp/data/{table}: {of!r} of {pattern!r} is none of {', '.join(sorted(_CLASSES))}")
    compiled = re.compile(rf"\b(?:{'|'.join(f'(?:{pattern})()' for pattern, _ in rows)})(?!\w)")
    if compiled.groups != len(rows):
        raise LexiconError(f"nlp/data/{table}: a pattern holds a group that captures; write (?:…)")
    return compiled, {index: of for index, (_, of) in enumerate(rows, 1)}


@lru_cache(maxsize=4)
def numerals(folded: str) -> tuple[Numeral, ...]:
    """Whole numbers of a folded text, in its order, without times, dates, shares, measures and numbers of things.

    The last few texts are kept.
    """
    return tuple(sorted(_numerals(folded), key=lambda one: one.start))


def _numerals(folded: str) -> Iterator[Numeral]:
    for number in find_numbers(folded):
        if number.value != int(number.value) or not 0 < number.value < _MOST:
            continue
        end = number.end + 3 if number.vague and folded.startswith(" de", number.end) else number.end
        if _BAD_AFTER.match(folded, end) or _BAD_BEFORE.search(folded[max(0, number.start - 12) : number.start]):
            continue
        yield Numeral(start=number.start, end=number.end, value=int(number.value), lone=False, vague=number.vague)
    for match in _LONE.finditer(words_of(folded)):
        both = match["one"].startswith("amb")
        yield Numeral(start=match.start(), end=match.end("one"), value=2 if both else 1, lone=not both, vague=False)


def as_count(text: str, folded: str, number: Numeral, of: CountOf, rule: str, score: float) -> Mention:
    """The number as a count, with the bound that stands before it; ``rule`` is named as its source."""
    bound = _COMPARATOR.search(folded[max(0, number.start - 22) : number.start])
    comparator = Comparator(bound.lastgroup) if bound and bound.lastgroup else Comparator.EXACTLY
    if number.vague and comparator is Comparator.EXACTLY:
        comparator = Comparator.AROUND
    return Mention(
        label=Label.COUNT,
        start=number.start,
        end=number.end,
        text=text[number.start : number.end],
        value=Count(value=number.value, of=of, comparator=comparator),
        source=f"counts/{rule}",
        score=score,
    )


@Language.factory("count_recognizer")
def create(nlp: Language, name: str) -> Recognizer:  # noqa: ARG001
    """Read the tables and make the component."""
    finder = CountFinder()

    def find(doc: Doc) -> Iterator[Mention]:
        return finder.find(text_of(doc), sentence_spans(doc))

    return Recognizer(find)
