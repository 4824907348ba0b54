"""Cue words of an article: what it seems to be about, by group and with how much weight.

Cues stand in ``nlp/data/triage_cues.csv`` by group: what speaks for crime and for police or court work, what speaks for
sport, show business, accidents, politics…, and which side of the border it is. A cue counts most in the title, more in the
first paragraph than further down, and a repeated one hardly more than one that stands alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicon import LexiconError, fold_keeping_length, read_table, split_cell

_WORD = re.compile(r"\w+")
LEAD_WORDS = 70
_WORDS_READ = 700
"""What an article is about stands in its first paragraphs; beyond, archives and "read also" blocks dilute it."""
_TITLE, _LEAD, _BODY = 3.0, 1.5, 0.7
_SIDES = frozenset({"foreign", "peru"})
_MAX_BODY_HITS = 3
_KNOWN_WORDS = 200_000

Sums = Mapping[str, float]
Payload = tuple[str, float, str]
"""Group, weight and cue."""
Phrase = tuple[tuple[str, ...], Payload]
"""The words after the first, and what it means."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """The cues that begin with a word."""

    alone: tuple[Payload, ...]
    by_second: dict[str, tuple[Phrase, ...]]
    """Phrases by their second word: most words that begin a phrase are not followed by the rest of it."""
    stemmed: tuple[Phrase, ...]
    """Phrases whose second word is a stem."""


class _CueIndex(dict[str, _Entry | None]):
    """First word -> the cues that begin with it, ``None`` for most; words are resolved when first met."""

    def __init__(self, cues: list[tuple[str, Payload]]) -> None:
        super().__init__()
        self._exact: dict[str, list[Phrase]] = defaultdict(list)
        self._stems: dict[str, list[Phrase]] = defaultdict(list)
        for cue, payload in cues:
            first, *rest = re.findall(r"\w+\*?", fold_keeping_length(cue))
            (self._stems if first.endswith("*") else self._exact)[first.rstrip("*")].append((tuple(rest), payload))
        self._lengths = sorted({len(stem) for stem in self._stems}, reverse=True)

    def __missing__(self, word: str) -> _Entry | None:
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                found += self._stems.get(word[:length], ())
        entry = _entry(found) if found else None
        if len(self) < _KNOWN_WORDS:
            self[word] = entry
        return entry


def _entry(phrases: list[Phrase]) -> _Entry:
    by_second: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        rest = phrase[0]
        if rest and not rest[0].endswith("*"):
            by_second[rest[0]] = (*by_second.get(rest[0], ()), phrase)
    return _Entry(
        alone=tuple(payload for rest, payload in phrases if not rest),
        by_second=by_second,
        stemmed=tuple(phrase for phrase in phrases if phrase[0] and phrase[0][0].endswith("*")),
    )


@lru_cache(maxsize=1)
def cue_index() -> _CueIndex:
    """The table of cues.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    cues = []
    for row in read_table("triage_cues.csv", frozenset({"group", "weight", "cues"})):
        try:
            weight = float(row["weight"])
        except ValueError:
            raise LexiconError(f"nlp/data/triage_cues.csv: {row['weight']!r} is no weight") from None
        cues += [(cue, (row["group"], weight, cue)) for cue in split_cell(row["cues"])]
    return _CueIndex(cues)


@dataclass(slots=True)
class _Tally:
    """Hits of one cue by zone."""

    weight: float
    title: int = 0
    lead: int = 0
    body: int = 0

    @property
    def value(self) -> float:
        zones = _TITLE * min(self.title, 1) + _LEAD * min(self.lead, 1) + _BODY * min(self.body, _MAX_BODY_HITS)
        return self.weight * zones


@dataclass(frozen=True, slots=True)
class Opening:
    """What triage reads of an article: its title and its first words."""

    title: str
    """Folded."""
    body: str
    """Folded."""
    title_words: list[str]
    body_words: list[str]


def opening(text: str) -> Opening:
    """Of a text that is title, empty line, body."""
    title, _, body = text.partition("\n\n")
    title, body = fold_keeping_length(title), fold_keeping_length(body[: _WORDS_READ * 8])
    return Opening(title, body, _WORD.findall(title), _WORD.findall(body)[:_WORDS_READ])


def weigh(read: Opening, body: str) -> dict[str, dict[str, float]]:
    """Value of every cue found, by group. ``body`` as printed."""
    index = cue_index()
    tallies: dict[Payload, _Tally] = {}
    for _, payload in _hits(index, read.title_words):
        tallies.setdefault(payload, _Tally(payload[1])).title += 1
    for position, payload in _hits(index, read.body_words):
        tally = tallies.setdefault(payload, _Tally(payload[1]))
        if position < LEAD_WORDS:
            tally.lead += 1
        else:
            tally.body += 1
    groups: dict[str, dict[str, float]] = defaultdict(dict)
    for (group, _, cue), tally in tallies.items():
        groups[group][cue] = tally.value
    if (items := count_items(body)) > 1:
        groups["kind_roundup"]["items under datelines"] = _TITLE * items
    if demands := _demands(read.title, read.body):
        groups["crime"]["a sum is demanded"] = demands
    return groups


def count_items(body: str) -> int:
    """How many paragraphs of a body, as printed, stand under a place or a catchword of their own."""
    return len(_ITEM.findall(body))


def _hits(index: _CueIndex, words: list[str]) -> Iterator[tuple[int, Payload]]:
    """Cues in their order. A longer cue hides the shorter ones of its group that begin at the same word.

    A place name inside a longer one is none: Villa El Salvador is not abroad.
    """
    found = [(position, entry) for position, entry in enumerate(map(index.__getitem__, words)) if entry is not None]
    following = [*words[1:], ""]
    named_until = 0
    for position, entry in found:
        phrases = entry.by_second.get(following[position], ())
        groups: set[str] = set()
        if phrases or entry.stemmed:
            fitting = [p for p in (*phrases, *entry.stemmed) if _follows(words, position + 1, p[0])]
            for rest, payload in sorted(fitting, key=lambda phrase: -len(phrase[0])):
                if payload[0] not in groups and not (payload[0] in _SIDES and position < named_until):
                    groups.add(payload[0])
                    yield position, payload
                    if payload[0] in _SIDES:
                        named_until = max(named_until, position + 1 + len(rest))
        for payload in entry.alone:
            if payload[0] not in groups and not (payload[0] in _SIDES and position < named_until):
                groups.add(payload[0])
                yield position, payload


def _follows(words: list[str], start: int, rest: tuple[str, ...]) -> bool:
    if start + len(rest) > len(words):
        return False
    return all(
        word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
        for pattern, word in zip(rest, words[start : start + len(rest)], strict=True)
    )


_ITEM = re.compile(
    r"^(?:[-•–*]+ ?|\d{1,2}[.)] )?(?:[¡¿]?[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ ,()]{2,42}[!?]? ?(?:\.[-–—]?|[-–—:]) ?(?=\S)|\*\*[A-ZÁÉÍÓÚÑ][\w ]{2,30}: )",
    re.MULTILINE,
)
"""A paragraph under a place or a catchword of its own: two of them are items of a roundup."""
_DEMAND = re.compile(
    r"\b(?:piden?|pid(?:io|ieron|iendo)|pedian?|exig(?:en?|io|ieron|ian?|iendo|ir)|(?:quieren|querian|quisieron) cobrar)"
    r"\b[^.;:\n]{0,40}?(?:(?:s/|us\$|\$) ?\.? ?\d|\d[\d.,]* (?:mil |millones de )?(?:soles|dolares|lucas)|\bmil (?:soles|dolares|lucas))"
)
_VICTIM = re.compile(
    r"\b(?:semanal\w*|diari[oa]s?|mensual\w*|a la semana|al mes|al dia|por (?:cada )?(?:carro|puesto|unidad|vehiculo|vuelta|local)|"
    r"(?:a|les?)\b.{0,20}\b(?:mototaxist|comerciant|transportist|bodeguer|chofer|conductor|empresari|colectiver|taxist|dueñ|duen|obrer"
    r"|constructor|ganader|agricultor|pescador|panader|ambulant|propietari|minero|ferreter|bodega|tienda|restaurant|colegio|mercado|botica|farmacia"
    r"|hostal|discoteca|orquesta|cantante|cooperativa|armador|cambista|prestamista)\w*)"
)
_LAWFUL_DEMAND = re.compile(
    r"\b(?:sueldo|salari|aumento|reparacion civil|indemnizacion|presupuest|multa|bono|impuesto|congreso|credito|prestamo|subsidi|canon"
    r"|fiscal|procuradur|club|fich[ao]|pase|entrada|reembols|devoluc|devuelv)\w*"
)
_DEMAND_REACH = 90
_DEMAND_WEIGHT, _DEMAND_OF_VICTIM = 1.0, 2.0


def _demands(title: str, body: str) -> float:
    """Value of sums that are asked of somebody, more if a period or a trade stands near and nothing lawful is asked."""
    value = 0.0
    for zone, part in ((_TITLE, title), (_LEAD, body)):
        found = 0.0
        for match in _DEMAND.finditer(part):
            around = part[match.start() : match.end() + _DEMAND_REACH]
            if not _LAWFUL_DEMAND.search(part[max(0, match.start() - _DEMAND_REACH) : match.end() + _DEMAND_REACH]):
                found = max(found, _DEMAND_OF_VICTIM if _VICTIM.search(around) else _DEMAND_WEIGHT)
        value += zone * found
    return value
