"""Places known by the word before them: "avenida …", "asentamiento humano …", "cruce de … y …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nlp.gazetteer import Gazetteer, Kind
from nlp.lexicon import fold, read_table
from nlp.recognizers.places.evidence import ABBREVIATIONS, heads
from nlp.recognizers.places.layout import CONNECTORS, FUNCTION_WORDS, Layout
from nlp.recognizers.places.spot import Spot

OPEN_KINDS = frozenset({"street", "road", "crossing", "quarter", "zone", "site", "post"})
_LONGEST = 6
_LONGEST_ALIAS = 3
"""Words: ``Cercado de Lima``."""
_LOWER_ONLY = frozenset(
    {"hacienda", "comunidad", "sector", "cooperativa", "complejo", "invasion", "etapa", "zona", "valle"}
)
"""Heads that are one in lower case only: "ministro de Hacienda" names no estate."""
_DETERMINERS = frozenset({"la", "una", "esta", "esa", "aquella", "dicha", "otra", "misma", "cada"})
_BETWEEN = frozenset(
    {"de", "del", "la", "las", "los", "el", "humano", "humanos", "poblado", "joven", "llamado", "llamada", "denominado"}
    | {"denominada", "internacional", "jiron", "avenida", "av", "jr", "calle"}
)
_NUMBER_SIGNS = ("N°", "Nº", "N.°", "N.º", "Nro")
_AND = re.compile(r"[ \u00a0](?:y|e|con|,)[ \u00a0]|,[ \u00a0]")


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    """Words that make no name by themselves after a head: "zona Sur", "sector Salud"."""
    return frozenset(fold(row["word"]) for row in read_table("place_no_names.csv", frozenset({"word"})))


_PLACED = (Kind.ADMIN, Kind.ALIAS, Kind.LOCALITY)
"""What a numbered part may be said to lie in."""


def headed(layout: Layout, gazetteer: Gazetteer, masked: bytearray, taken: frozenset[int]) -> Iterator[Spot]:
    """Names after a head; ``taken`` are the first words of gazetteer names, whose own words are no heads ("Puente Piedra")."""
    words = layout.words.words
    index = 0
    while index < len(words):
        kind = heads().get(words[index])
        if kind not in OPEN_KINDS or index in taken or layout.shouted[index] or _is_no_head(layout, index):
            index += 1
            continue
        last = index
        for spot in _names(layout, gazetteer, index, kind):
            if not any(masked[spot.start : spot.end]):
                yield spot
            last = spot.after - 1
        index = max(last, index) + 1


def _is_no_head(layout: Layout, index: int) -> bool:
    """Whether a word that could be a head is part of a name, or a preposition: "vía WhatsApp" is no road."""
    words = layout.words.words
    preposition = (
        words[index] == "via" and not layout.upper[index] and (not index or words[index - 1] not in _DETERMINERS)
    )
    return preposition or _inside_name(layout, index)


def _inside_name(layout: Layout, index: int) -> bool:
    """Whether a capitalised head is part of a name: "Real Plaza Trujillo" is no square."""
    if not layout.upper[index]:
        return False
    words = layout.words.words
    if words[index] in _LOWER_ONLY and not layout.initial(index):
        return True
    return layout.adjacent(index - 1) and layout.upper[index - 1] and words[index - 1] not in FUNCTION_WORDS


def _names(layout: Layout, gazetteer: Gazetteer, head: int, kind: str) -> Iterator[Spot]:
    first = _start(layout, gazetteer, head)
    plural = layout.words.words[head].endswith(("es", "as", "ones", "cios")) or kind == "crossing"
    while first is not None:
        after = _end(layout, gazetteer, first, kind)
        if after is None or (after == first + 1 and _is_acronym(layout, first)):
            return
        yield _spot(layout, gazetteer, head, first, after, "street" if kind == "crossing" else kind)
        first = _next(layout, after) if plural else None


def _is_acronym(layout: Layout, index: int) -> bool:
    surface = layout.surface(index)
    return surface.isupper() and surface.isalpha() and not layout.shouted[index] and len(surface) > 1


def _start(layout: Layout, gazetteer: Gazetteer, head: int) -> int | None:
    """First word of the name after a head: capitalised, with nothing but small words between."""
    words, index = layout.words.words, head + 1
    while index < len(words) and index - head <= 4:
        if not (
            layout.joined(index - 1) or (words[index - 1] in ABBREVIATIONS and layout.gap(index - 1) in (". ", "."))
        ):
            return None
        if layout.upper[index] and words[index] not in _BETWEEN:
            return index
        if words[index] not in _BETWEEN and gazetteer.home_of(words[index]) is None:
            return None
        if layout.upper[index] and words[index] in CONNECTORS and not layout.shouted[index]:
            return index
        index += 1
    return None


def _end(layout: Layout, gazetteer: Gazetteer, first: int, kind: str) -> int | None:
    """Word after the name that begins at a word; ``None`` when it makes no name."""
    words, after = layout.words.words, first + 1
    if len(words[first]) == 1 and words[first].isalpha():
        return None  # "zona L de …", "manzana J"
    limit = min(len(words), first + _LONGEST)
    while after < limit and layout.joined(after - 1) and not layout.gap(after - 1).strip():
        ahead = after
        while ahead < limit and words[ahead] in CONNECTORS and not layout.upper[ahead] and layout.adjacent(ahead):
            ahead += 1
        if ahead >= limit or not layout.upper[ahead]:
            break
        if ahead > after and (words[after] == "y" or (words[ahead] in _no_names() and not _goes_on(layout, ahead))):
            break
        if _is_number_sign(layout, ahead):
            break
        if layout.shouted[ahead] and not layout.shouted[first]:
            break
        if ahead > after and not _of_one_name(layout, gazetteer, first, after, ahead):
            break
        after = ahead + 1
    if after == first + 1 and (
        _names_nothing(gazetteer, words[first], kind)
        or layout.surface(first)[0].isdigit()
        or words[first] in CONNECTORS
    ):
        return None
    return after


def _goes_on(layout: Layout, index: int) -> bool:
    """Whether another capitalised word follows at once: "Agustín de la Rosa Toro"."""
    return layout.adjacent(index) and layout.upper[index + 1] and layout.surface(index + 1).isalpha()


def _is_number_sign(layout: Layout, index: int) -> bool:
    """Whether a word is the letter of a house number: "avenida Grau N° 620"."""
    return layout.text.startswith(_NUMBER_SIGNS, layout.words.starts[index])


def _names_nothing(gazetteer: Gazetteer, word: str, kind: str) -> bool:
    """Whether a word makes no name by itself: "zona Lima" does not, "avenida Lima" does."""
    return word in _no_names() and not (kind in ("street", "crossing") and gazetteer.readings(word))


def _of_one_name(layout: Layout, gazetteer: Gazetteer, first: int, after: int, ahead: int) -> bool:
    """Whether "de" joins one name ("Próceres de la Independencia") rather than places it ("avenida Perú de San Martín")."""
    words = layout.words.words
    if layout.surface(first)[0].isdigit():  # "28 de Julio", but not "sector 2 de Villa El Salvador"
        names = (" ".join(words[ahead : ahead + length]) for length in range(1, _LONGEST_ALIAS + 1))
        return not any(
            reading.kind in _PLACED and not reading.trap for name in names for reading in gazetteer.readings(name)
        )
    small, known = words[after:ahead], gazetteer.readings(words[ahead])
    if words[ahead] in ("el", "la", "los", "las"):  # "cerro Cruz Blanca de El Porvenir"
        known = tuple(r for length in (2, 3) for r in gazetteer.readings(" ".join(words[ahead : ahead + length])))
        return not any(reading.kind is Kind.ADMIN for reading in known)
    if any(reading.kind is Kind.ADMIN and not reading.trap for reading in known):
        return False
    longer = (" ".join(words[ahead : ahead + length]) for length in range(2, _LONGEST_ALIAS + 1))
    if any(reading.kind is Kind.ALIAS and not reading.trap for name in longer for reading in gazetteer.readings(name)):
        return False
    return len(small) > 1 or after - first == 1


def _next(layout: Layout, after: int) -> int | None:
    """First word of a name joined to one that ends before a word."""
    words = layout.words
    if after >= len(words.words):
        return None
    stretch = words.text[words.ends[after - 1] : words.ends[after - 1] + 3]
    match = _AND.match(stretch)
    if match is None:
        return None
    index = after + 1 if words.words[after] in ("y", "e", "con") else after
    if index >= len(words.words) or not layout.upper[index] or words.words[index] in heads():
        return None
    return index


def _spot(layout: Layout, gazetteer: Gazetteer, head: int, first: int, after: int, kind: str) -> Spot:
    key = " ".join(layout.words.words[first:after])
    whole = gazetteer.readings(
        f"{layout.words.words[head]} {key}"
    )  # "aeropuerto Jorge Chávez" is no street of that name
    start, end = layout.words.starts[first], layout.words.ends[after - 1]
    return Spot(
        key=key,
        start=start,
        end=end,
        first=first,
        after=after,
        readings=whole or gazetteer.readings(key),
        sentence=layout.sentence(start),
        belief=0.8,
        head=kind,
        open=True,
    )
