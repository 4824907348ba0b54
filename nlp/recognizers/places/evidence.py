"""What the words beside a name say for and against its being a place."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.gazetteer import Gazetteer
from nlp.lexicon import fold, read_table
from nlp.recognizers.persons.names import names
from nlp.recognizers.places.layout import CONNECTORS, FUNCTION_WORDS, Layout

PLACE_HEADS = frozenset({"district", "province", "city", "region", "town", "centre"})
"""Kinds of heads that are said of administrative places."""
REFUSED = -1.0
"""Belief in a name that is part of another, maybe a person's: the same name elsewhere is doubted too."""
NESTED = -0.5
"""Belief in a name inside the name of a company, club or gang."""
ABBREVIATIONS = frozenset({"av", "avs", "avda", "jr", "jrs", "ca", "psje", "pje", "urb", "hh"})
_LEFT = 6
"""Words before a name over which a longer name may reach."""
_PREPOSITIONS = {
    "en": 0.25,
    "desde": 0.15,
    "hacia": 0.15,
    "hasta": 0.1,
    "de": 0.1,
    "del": 0.1,
    "a": 0.05,
    "para": 0.1,
    "entre": 0.05,
}
_NATIVE = re.compile(
    r"(?:natural(?:es)?|oriund[oa]s?|procedentes?|provenientes?|vecin[oa]s?|habitantes|poblador(?:es)?|nacid[oa]s?) (?:de|en) \Z"
)
_COME_FROM = re.compile(
    r"\b(?:natural(?:es)?|oriund[oa]s?|procedentes?|provenientes?|nacid[oa]s?) (?:del?|en)(?: la| el)? \Z"
)
"""Before where somebody comes from, which is not where it happened."""
_OF_OFFICES = frozenset({"provincial", "regional", "distrital", "superior", "adjunto", "adjunta"})
"""Adjectives between an office and its place: "fiscal provincial de Tacna"."""
_SET_OFF = re.compile(r": |\s?\.\s?[-–—]|\. (?=[A-ZÁÉÍÓÚÑ])|, \d{1,2} (?:de )?[a-z]{3}|, [a-z]{3}\. \d")
"""After a name that heads a line."""
_DIRECTIONS = frozenset({"Norte", "Sur", "Este", "Oeste", "Centro"})
_ARTICLES = CONNECTORS - {"y"}
_REGIONAL = re.compile(
    r"(?:\b(?:macro ?r?|macro )?region policial|\bcorte superior(?: de justicia)?|\bdistrito (?:fiscal|judicial)|\bgobierno regional)(?: del?)? \Z"
)
"""Before the name of what is an institution's region: "Región Policial Piura"."""
_NATIONAL = re.compile(
    r"\b(?:policia(?: nacional)?|fuerzas? (?:policiales|armadas|aerea)|ejercito|marina(?: de guerra)?|bomberos(?: voluntarios)?|banco central de reserva"
    r"|congreso(?: de la republica)?|republica|poder judicial|ministerio publico|universidad \w+|colegio de \w+|instituto \w+) del \Z"
)
"""Before the country in the name of what belongs to all of it, and to no place: "Policía Nacional del Perú"."""
_UNIVERSITY = re.compile(r"\buniversidad (?:\w+ ){0,3}de \Z")
"""Before the saint that a university is named after; "Universidad Nacional de Trujillo" names its city."""
_CONTAINED = re.compile(r"\b(distritos|provincias) del? \Z")
_AMONG_REGIONS = re.compile(r"\b(?:regiones|departamentos|a nivel regional)\b[^.;:\n]*\Z")
"""Before a name in a list of regions: "las regiones más afectadas son Lima, Piura …"."""
_GOES_ON = re.compile(r"(?:,| y| e| o)\s[A-ZÁÉÍÓÚ]")
"""After a name of a list: "las provincias de Trujillo y Virú" names provinces, "las provincias de Junín" a region."""
_APPOSITION = re.compile(r",\s(?:el |la )?(?:distrito|provincia|barrio|sector|urbanizacion)\s(\w+)")
"""After a name: "La Victoria, el distrito chiclayano"."""


@lru_cache(maxsize=1)
def heads() -> dict[str, str]:
    """Kind of each generic head, by folded word."""
    return {fold(row["head"]): row["kind"] for row in read_table("place_heads.csv", frozenset({"head", "kind"}))}


@lru_cache(maxsize=1)
def frames() -> dict[str, str]:
    """What a word before a name makes of it, by folded word: ``institution``, ``public``, ``name``, ``gang``, ``person``."""
    return {fold(row["word"]): row["frame"] for row in read_table("place_frames.csv", frozenset({"word", "frame"}))}


class Evidence:
    """The surroundings of the words ``first`` to ``after`` of a text."""

    def __init__(self, layout: Layout, gazetteer: Gazetteer, first: int, after: int) -> None:
        self._layout, self._gazetteer, self._first, self._after = layout, gazetteer, first, after
        self._start, self._end = layout.words.starts[first], layout.words.ends[after - 1]
        self._before = layout.words.words[first - 1] if layout.adjacent(first - 1) else ""
        self.within: str | None = None
        """Code of the place that an adjective names ("distrito arequipeño de …")."""
        self.linked = False
        """Whether "de" stands between the head and the name."""
        self.head = self._find_head()
        """Kind of the generic head before the name."""
        self.frame = self._find_frame()
        """What the words before the name make of it."""
        self.origin = _COME_FROM.search(layout.words.folded, max(0, self._start - 24), self._start) is not None
        """Whether somebody is said to come from there."""
        if match := _APPOSITION.match(layout.words.folded, self._end):
            self.within = gazetteer.home_of(match[1]) or self.within

    def _find_head(self) -> str | None:
        folded = self._layout.words.folded
        capital = folded[self._start : self._end] == "lima"
        if not capital and _REGIONAL.search(folded, max(0, self._start - 40), self._start):
            return "region"
        container = _CONTAINED.search(folded, max(0, self._start - 24), self._start)
        if container and (capital or not _GOES_ON.match(self._layout.text, self._end)):
            return "region" if container[1] == "provincias" else "province"
        head = self._find_word()
        if head is None and not (capital and self._before == "en"):
            among = _AMONG_REGIONS.search(folded, max(0, self._start - 180), self._start)
            return "region" if among else None
        return head

    def _find_word(self) -> str | None:
        words, layout, index = self._layout.words.words, self._layout, self._first - 1
        while index >= 0 and words[index] in _ARTICLES and layout.adjacent(index):
            self.linked = self.linked or words[index] in ("de", "del")
            index -= 1
        if index > 0 and layout.adjacent(index) and (home := self._gazetteer.home_of(words[index])):
            self.within = home
            index -= 1
        if index < 0:
            return None
        dotted = words[index] in ABBREVIATIONS and layout.gap(index) in (". ", ".")
        return heads().get(words[index]) if layout.joined(index) or dotted else None

    def _find_frame(self) -> str | None:
        """Look left over the words that can belong to one long name."""
        words, layout = self._layout.words.words, self._layout
        for index in range(self._first - 1, max(-1, self._first - 1 - _LEFT), -1):
            if not layout.adjacent(index):
                return None
            frame, direct = frames().get(words[index]), index == self._first - 1
            if self._frames(frame, index, direct=direct):
                return frame
            joins = words[index] in CONNECTORS or words[index] == "por" or words[index] in _OF_OFFICES
            if not (layout.upper[index] or joins) or layout.initial(index):
                return None
        return None

    def _frames(self, frame: str | None, index: int, *, direct: bool) -> bool:
        match frame:
            case None:
                return False
            case "person":
                return direct
            case "institution" | "event":
                return True
            case "gang":
                return self._layout.upper[index]
            case _:
                return direct or self._layout.upper[index]

    def refusal(self, *, trap: bool) -> float | None:
        """A belief below zero when the name is part of another name."""
        if self._layout.shouted[self._first]:
            return None
        direct = self._before not in CONNECTORS
        if self.frame in ("name", "gang", "event") or (self.frame in ("public", "person") and direct):
            return None if self.head else REFUSED if self.frame == "person" else NESTED
        if self._part_of_longer():
            return REFUSED
        if trap and _UNIVERSITY.search(self._layout.words.folded, max(0, self._start - 60), self._start):
            return NESTED
        if self._of_the_nation():
            return NESTED
        return NESTED if self._in_gang() or self._in_quotes() or (trap and self._in_name()) else None

    def _of_the_nation(self) -> bool:
        folded = self._layout.words.folded
        country = folded[self._start : self._end] == "peru"
        return country and _NATIONAL.search(folded, max(0, self._start - 50), self._start) is not None

    def _in_quotes(self) -> bool:
        """ "“Saqueadores de Ilabaya”": a name in quotes that ends in the place."""
        layout, text = self._layout, self._layout.text
        if text[self._end : self._end + 1] not in ("”", '"', "’", "'", "»") or self._before not in ("de", "del"):
            return False
        for index in range(self._first - 2, max(-1, self._first - _LEFT), -1):
            start = layout.words.starts[index]
            if layout.upper[index] and text[start - 1 : start] in ("“", '"', "‘", "'", "«"):
                return True
            if not layout.adjacent(index - 1):
                return False
        return False

    def _in_name(self) -> bool:
        """ "José de San Martín", "Ministerio de La Victoria": a capitalised word, then "de", inside a sentence."""
        layout, last = self._layout, self._first - 1
        if self.frame or self.head or self._before not in ("de", "del") or not layout.adjacent(last - 1):
            return False
        word = layout.words.words[last - 1]
        named = layout.upper[last - 1] and not layout.initial(last - 1) and not self._gazetteer.readings(word)
        return named and not self._after_site(last - 1)

    def _after_site(self, index: int) -> bool:
        """Whether the capitalised words up to one are the name of a site: "cerro Cruz Blanca de El Porvenir" lies there."""
        layout = self._layout
        for at in range(index, max(-1, index - _LEFT), -1):
            if not layout.upper[at]:
                return layout.words.words[at] in heads()
            if not layout.adjacent(at - 1):
                return False
        return False

    def _part_of_longer(self) -> bool:
        """A capitalised word right before or after, that is no head and no small word that begins a sentence.

        Who holds an office there may be named next: "el alcalde de Julcán Manuel Poma".
        """
        layout, first, after = self._layout, self._first, self._after
        if layout.adjacent(after - 1) and layout.upper[after] and not layout.shouted[after]:
            surface = layout.surface(after)
            word = layout.words.words[after]
            officer = self.frame == "institution" and self._before in _ARTICLES and word in names().given
            if not (officer or surface[0].isdigit() or word in heads() or surface in _DIRECTIONS):
                return True
        if not layout.adjacent(first - 1) or not layout.upper[first - 1] or layout.shouted[first - 1]:
            return False
        word = layout.words.words[first - 1]
        if word in ("la", "las", "los"):
            return True  # "Las Bambas" is not Bambas
        if layout.initial(first - 1) and layout.words.words[first] in _ARTICLES:
            return False  # "Patrullan La Victoria": any word is capitalised there, and no surname begins so
        known = word in FUNCTION_WORDS or word in heads() or frames().get(word) == "institution"
        return not known and not layout.surface(first - 1)[0].isdigit()

    def _in_gang(self) -> bool:
        """ "Los Malditos de Bayóvar": "Los" and capitals, then "de"."""
        layout, words, last = self._layout, self._layout.words.words, self._first - 1
        if last < 1 or words[last] not in ("de", "del") or self.frame or self.head:
            return False
        for index in range(last - 1, max(-1, last - _LEFT), -1):
            if not layout.adjacent(index) or not (layout.upper[index] or words[index] in _ARTICLES):
                return False
            if not layout.upper[index] or index == last - 1:
                continue
            if words[index] in ("los", "las") or (words[index] in ("la", "el") and self._quoted(index)):
                return not self._gazetteer.readings(" ".join(words[index:last]))
        return False

    def _quoted(self, index: int) -> bool:
        start = self._layout.words.starts[index]
        return start > 0 and self._layout.text[start - 1] in "“\"‘'«"

    def weight(self, *, trap: bool) -> float:
        """Sum of what speaks for and against; ``trap``: the name is also a word or a person's."""
        total = (
            0.6 if self.head in PLACE_HEADS else 0.3 if self.head is not None or self.frame == "institution" else 0.0
        )
        total += _PREPOSITIONS.get(self._before, 0.0)
        if _NATIVE.search(self._layout.words.folded, max(0, self._start - 20), self._start):
            total += 0.4
        if self._titled():
            return total + 0.2
        single = self._after - self._first == 1
        if self._layout.initial(self._first) and not self.head:
            total -= 0.2 if single else 0.05
        if self._layout.shouted[self._first] and (single or trap):
            total -= 0.15
        return total if self._layout.upper[self._first] else total - 0.3

    def _titled(self) -> bool:
        """ "Comas: …", "EL PORVENIR. A las 11 …", "Quito, 11 ene (EFE).-" at the beginning of a line."""
        return _SET_OFF.match(self._layout.text, self._end) is not None and self._layout.begins_line(self._start)
