"""How sure it is that a string is a gang's name: what stands before and after it, in its sentence and in the article.

The cues are the table ``nlp/data/gang_heads.csv``; a kind of cue counts only when nothing but its fillers
("de la", "presunta", "denominada") stands between it and the name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.phrases import Covered, Found, Words
from nlp.recognizers.crimes import crime_cues
from nlp.recognizers.gangs.cues import Cue, heads, is_filler, stems
from nlp.recognizers.gangs.names import Name
from nlp.recognizers.gangs.registry import Needs, registry

ACCEPT = 0.55
"""A name at or above this is a gang's."""
NOT_BY_ITSELF = -0.5
"""A name that stands for a case here; a gang's when the article shows it elsewhere."""
HARD = -1.0
"""Evidence that no other evidence outweighs."""
_GAP_WORDS = 6
_COPULA = re.compile(r"\b(?:es|son|era|eran|ser[ií]an?)\s(?:una|un|la|otra)\s(?:\w+\s)?\Z")
_SHORT_ACRONYM = 3
_OPENS = re.compile(r"[.;\n!?:“\"«‘]")
_BREAK = re.compile(r"[.;\n!?]")
_BEFORE = {Cue.HEAD: 0.6, Cue.MEMBER: 0.55, Cue.NAMING: 0.4, Cue.ACT: 0.3, Cue.ARREST: 0.3}
_GANG_NOUNS = frozenset({Cue.HEAD, Cue.BAND, Cue.MEMBER})
_PROPER = 0.26
_REACTS = frozenset({Cue.ACT, Cue.NAMING, Cue.ACT_AFTER, Cue.GROUP})
_GROUPS = frozenset({Cue.HEAD, Cue.MEMBER, Cue.GROUP, Cue.FOLLOWER})
_NICKNAME = re.compile(
    r"(?:chin[ao]|loc[ao]|negr[ao]|chol[ao]|gord[ao]|flac[ao]|chat[ao]|viej[ao]|ti[ao]|doctora?|profe|jef[ae]|reina|rey|ruc[ao])\b"
)
_SOMEBODY = re.compile(
    r"\b(?:lider|cabecilla|jefe|mandamas|autor|responsable|sospechoso|sujeto|delincuente|sicario|detenido)\b[^.;:,\n]{0,60}\b(?:seria|es|era|fue)[ “\"‘'«]*\Z"
    r"|\b(?:declar|cont|relat|narr|manifest|coment|inform)(?:o|aron|aba|aban) a \Z|\bdij(?:o|eron) a \Z"
)
_SOMEBODY_REACH = 100
_WEAK_BEFORE = {Cue.GROUP: 0.4, Cue.FOLLOWER: 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Everything about an article that names are judged by, computed once."""

    words: Words
    cues: tuple[Found[frozenset[Cue]], ...]
    cue_firsts: tuple[int, ...]
    crime_starts: tuple[int, ...]
    context_starts: tuple[int, ...]
    gang_starts: tuple[int, ...]
    """Offsets of the nouns that mean gangs and their members."""
    sentence_starts: tuple[int, ...]
    tells_crime: bool
    places: Covered
    """Characters that are known to name places."""
    firms: tuple[int, ...]
    """Indexes of the words after a noun for a firm, a crew, a club or a school: what they name is so throughout the article."""


def surroundings(
    words: Words, sentence_starts: Sequence[int], *, places: Covered | None = None, relevant: bool = False
) -> Surroundings:
    """Find the cues of a text. ``sentence_starts`` are offsets, ascending; ``relevant``: it is known to tell crimes."""
    cues = heads().find(words)
    crimes = crime_cues(words)
    told = {words.words[found.first] for found in crimes}
    told |= {words.words[found.first] for found in cues if found.value & {Cue.HEAD, Cue.BAND, Cue.MEMBER, Cue.CONTEXT}}
    return Surroundings(
        words=words,
        cues=cues,
        cue_firsts=tuple(found.first for found in cues),
        crime_starts=tuple(found.start for found in crimes),
        context_starts=tuple(found.start for found in cues if Cue.CONTEXT in found.value),
        gang_starts=tuple(found.start for found in cues if found.value & _GANG_NOUNS),
        sentence_starts=tuple(sentence_starts),
        tells_crime=relevant or len(told) >= 3,
        places=places or Covered(len(words.text)),
        firms=tuple(found.after for found in cues if Cue.OTHER in found.value and words.words[found.first] in _FIRMS),
    )


def judge(name: Name, around: Surroundings) -> float:
    """Evidence that this occurrence is a gang, from :data:`HARD` to about 2; :data:`ACCEPT` is enough."""
    crime_near = crime_in_sentence(name.start, name.end, around)
    in_crime = crime_near or around.tells_crime or context_in_sentence(name.start, name.end, around)
    before, after = (
        _settled(cues, in_crime=in_crime) for cues in (cues_before(name, around), cues_after(name, around))
    )
    if _known_as_other(name, before) or (not before & _GANG_NOUNS and is_firm(name.key, around)):
        return HARD
    if Cue.OTHER in before or Cue.OTHER in after or _part_of_longer_name(name, around.words):
        return HARD
    if Cue.CASE in before:
        return NOT_BY_ITSELF
    if not name.plural and (Cue.ALIAS in before or _is_somebody(name, around.words)):
        return HARD
    if not name.plural and Cue.HEAD in before and not _headed(name, around.words):
        before = before - {Cue.HEAD}
    nicknamed = name.quoted and not name.plural and _like_nickname(name)
    if (nicknamed or not (name.plural or (name.quoted and name.article))) and not _introduced(
        name, before, after, around
    ):
        return 0.0
    score = _shape(name, around) + (0.2 if crime_near else 0.0) + _familiar(name, around)
    if is_proper(name, around):
        score += _proper(name, before | after, around)
    score += max((_BEFORE.get(cue, 0.0) for cue in before), default=0.0)
    if name.text[0].isupper():
        score += max((_WEAK_BEFORE.get(cue, 0.0) for cue in before), default=0.0)
    score += (0.56 if name.bare else 0.5) if Cue.HEAD in after else 0.35 if Cue.GROUP in after and crime_near else 0.0
    return score + (0.3 if Cue.ACT_AFTER in after else 0.0)


def _is_somebody(name: Name, words: Words) -> bool:
    """Whether a singular is the nickname of somebody, or the paper that was told: "el líder sería ‘X’", "contaron a El X"."""
    return _SOMEBODY.search(words.folded, max(0, name.start - _SOMEBODY_REACH), name.start) is not None


def is_firm(key: str, around: Surroundings) -> bool:
    """Whether the article calls a firm, a crew, a club or a school so: "la empresa de transportes El Mandarino"."""
    parts = key.split()
    starts = (at for first in around.firms for at in (first, first + 1))
    return any(list(around.words.words[at : at + len(parts)]) == parts for at in starts)


_FIRMS = frozenset(
    {
        "empresa",
        "empresas",
        "compania",
        "constructora",
        "consorcio",
        "orquesta",
        "agrupacion",
        "conjunto",
        "cooperativa",
    }
    | {"club", "equipo", "academia", "colegio", "restaurante", "discoteca", "linea", "sindicato", "inmobiliaria"}
)
_UNMISTAKABLE = frozenset({"place", "case", "media"})
_ORDINARY = frozenset({"company", "police", "people", "other"})


def _known_as_other(name: Name, before: set[Cue]) -> bool:
    """Whether the name is known to be something else's, and nothing says that here it is a gang's after all."""
    what = registry().other_thing(name.key)
    if what is None or what in _UNMISTAKABLE:
        return what is not None and (what == "case" or not (Cue.HEAD in before and name.quoted))
    if what in _ORDINARY and name.plural and before & {Cue.HEAD, Cue.MEMBER}:
        return False
    return not (Cue.HEAD in before and name.quoted)


_WHERE = re.compile(r"\b(?:en|desde|hasta|hacia)\s\Z", re.IGNORECASE)
_OF = re.compile(r"\bde\s\Z", re.IGNORECASE)
_INSIDE = re.compile(r"[\w,:)”\"’»]\s\Z")


def is_proper(name: Name, around: Surroundings) -> bool:
    """Whether a capital article within a sentence shows that an unquoted string is a name, and no place's."""
    text = around.words.text
    if name.quoted or not name.article or not name.text[0].isupper() or name.text.isupper():
        return False
    if _in_place(name, around):
        return False
    before = text[max(0, name.start - 7) : name.start]
    return _INSIDE.search(before) is not None and _WHERE.search(before) is None


def _in_place(name: Name, around: Surroundings) -> bool:
    """Whether a place's name begins where this one does, its article left out."""
    begin = around.words.starts[name.first + (1 if name.article and not name.quoted else 0)]
    return around.places.meets(begin, begin + 1)


def _registered_bare(name: Name, around: Surroundings) -> bool:
    """Whether it is a name of several words from the registry, written as a proper one: "que Barrio King quiere"."""
    return around.tells_crime and " " in name.key and name.key in registry().rows and not _in_place(name, around)


def _proper(name: Name, cues: set[Cue], around: Surroundings) -> float:
    """What a proper name is worth in an article about crime; after "de", only where the sentence speaks of gangs."""
    if not around.tells_crime:
        return 0.0
    gang_near = _gang_near(name, around)
    if _OF.search(around.words.text, max(0, name.start - 4), name.start) and not gang_near and not cues:
        return 0.0
    return _PROPER + (0.2 if gang_near else 0.0)


def _gang_near(name: Name, around: Surroundings) -> bool:
    return _starts_beside(around.gang_starts, name.start, name.end, around)


def _headed(name: Name, words: Words) -> bool:
    """Whether a singular name follows its head at once: "la banda ‘Chato’", not "la banda de ‘Chato’" or "la banda, ‘Chato’"."""
    before = words.text[max(0, name.start - 4) : name.start]
    return not re.search(r",\W*\Z|\b(?:de|del)\b\W*\Z", before)


_NAMED_SO = re.compile(r"(?: (?:de|del|la|las|los|el|denominad\w|llamad\w|conocid\w))*(?: como)?[ :,]{0,2}[ “\"«‘']*")
"""What may stand between a noun and the name of the thing that it means."""
_CRIME_ONLY = frozenset({Cue.NAMING, Cue.ACT, Cue.GROUP, Cue.FOLLOWER})


def _settled(cues: set[Cue], *, in_crime: bool) -> set[Cue]:
    """The cues that count: outside of crime, only those that mean gangs by themselves."""
    if not in_crime:
        return cues - _CRIME_ONLY - {Cue.BAND}
    return cues - {Cue.BAND} | ({Cue.HEAD} if Cue.BAND in cues else set())


def _introduced(name: Name, before: set[Cue], after: set[Cue], around: Surroundings) -> bool:
    """Whether a name without a plural article has the cue that it then needs."""
    if name.bare:
        return _bare_introduced(name, after, around)
    if name.quoted and name.article and not name.plural and _like_nickname(name):
        return bool((before | after) & _GROUPS) or known_without_cue(name.key, around)
    if known_without_cue(name.key, around) or Cue.HEAD in before or (Cue.HEAD in after and name.article):
        return True
    if name.text.count(" ") >= 2 and (before | after) & _REACTS and is_proper(name, around):
        return True
    if _registered_bare(name, around):
        return True
    return _has_stem(name) or (name.article and Cue.MEMBER in before and not name.quoted)


def _bare_introduced(name: Name, after: set[Cue], around: Surroundings) -> bool:
    """Whether capitalised words without an article are explained: "X, facción de …", "Malditos de …"."""
    if not around.tells_crime or _in_place(name, around):
        return False
    return Cue.HEAD in after or _has_stem(name) or _registered_bare(name, around)


def _like_nickname(name: Name) -> bool:
    """Whether a quoted singular is rather a person's nickname: "La Tía", "El Loco Aldair"."""
    return _NICKNAME.match(name.key) is not None


def _has_stem(name: Name) -> bool:
    """Whether the name begins with a word that only gangs bear, and goes on: "Malditos de …", "Clan …"."""
    first, _, rest = name.key.partition(" ")
    return bool(rest) and first in stems() and (name.quoted or name.article or name.text[0].isupper())


def known_without_cue(key: str, around: Surroundings) -> bool:
    """Whether the registry knows the name so well that it needs no cue of its own in this article."""
    needs = {row.needs for row in registry().rows.get(key, ())}
    return bool(needs) and (needs == {Needs.NOTHING} or (Needs.CUE not in needs and around.tells_crime))


def _shape(name: Name, around: Surroundings) -> float:
    if name.quoted:
        told = name.plural and name.text[:1] == "L" and name.text[4:5].isupper() and around.tells_crime
        return (0.16 if told else 0.0) + (0.4 if name.plural else 0.2 if name.article else 0.0)
    return 0.15 if name.plural and name.text[0].isupper() else 0.0


def _familiar(name: Name, around: Surroundings) -> float:
    if known_without_cue(name.key, around):
        return 0.5
    if _has_stem(name):
        return 0.4 if around.tells_crime or crime_in_sentence(name.start, name.end, around) else 0.0
    if name.key not in registry().rows:
        return 0.0
    return 0.4 if not name.quoted and not name.plural and _registered_bare(name, around) else 0.15


def cues_before(name: Name, around: Surroundings) -> set[Cue]:
    """Kinds of the cues that end before the name with nothing but fillers between."""
    cues: set[Cue] = set()
    index = bisect_left(around.cue_firsts, name.first) - 1
    while index >= 0:
        found = around.cues[index]
        if name.first - found.after > _GAP_WORDS or not _only_fillers(around.words, found.after, name.first):
            break
        if found.after <= name.first:
            direct = _NAMED_SO.fullmatch(around.words.folded, found.end, name.start) is not None
            cues |= found.value if direct else found.value - {Cue.OTHER}
        index -= 1
    return cues


def cues_after(name: Name, around: Surroundings) -> set[Cue]:
    """Kinds of the cues that follow: an apposition after a comma, or the verb whose subject the name is."""
    words = around.words
    cues: set[Cue] = set()
    for found in around.cues[bisect_left(around.cue_firsts, name.after) :]:
        if found.first - name.after > _GAP_WORDS or not _only_fillers(words, name.after, found.first):
            break
        gap = words.text[name.end : found.start]
        if _apposition(gap) or _COPULA.search(gap):
            cues |= found.value & {Cue.HEAD, Cue.BAND, Cue.GROUP}
            cues |= found.value & {Cue.OTHER} if _says_what_it_is(name, found, words) else set()
        cues |= found.value & {Cue.ACT_AFTER}
    return cues


def _says_what_it_is(name: Name, found: Found[frozenset[Cue]], words: Words) -> bool:
    """Whether a noun of another thing is the name's own apposition, not the place's in "Los X de Bellavista, distrito …"."""
    nested = " de " in name.text and found.value & {Cue.OTHER} and words.words[found.first] in _PLACE_NOUNS
    return not nested and words.text[found.start].islower()


_PLACE_NOUNS = frozenset(
    (
        "distrito",
        "provincia",
        "sector",
        "zona",
        "barrio",
        "urbanizacion",
        "caserio",
        "comunidad",
        "asentamiento",
        "playa",
    )
)


def _apposition(gap: str) -> bool:
    return re.match(r"[”\"»’']?\s*[,(–—]", gap) is not None


def _only_fillers(words: Words, first: int, after: int) -> bool:
    """Whether only fillers, and no end of a sentence, stand before word ``after`` from word ``first`` on."""
    begin = words.ends[first - 1] if first else 0
    end = words.starts[after] if after < len(words.starts) else len(words.text)
    if _BREAK.search(words.text, begin, end):
        return False
    return all(is_filler(word) for word in words.words[first:after])


def _part_of_longer_name(name: Name, words: Words) -> bool:
    """Whether a capitalised word stands right before, as in "Constructora Los Sauces"; a sentence may begin so."""
    if name.quoted or name.first == 0:
        return False
    at = name.first - 1
    previous = words.text[words.starts[at] : words.ends[at]]
    if words.text[words.ends[at] : name.start] != " " or not previous[0].isupper():
        return False
    if len(previous) > _SHORT_ACRONYM and previous.isupper() and not name.text.isupper():
        return True  # «ETMURSA Los Rayos»
    starts_sentence = at == 0 or _OPENS.search(words.text, words.ends[at - 1], words.starts[at]) is not None
    return not starts_sentence


def crime_in_sentence(start: int, end: int, around: Surroundings) -> bool:
    """Whether a word for a crime stands in the sentence of these offsets, outside of them."""
    return _starts_beside(around.crime_starts, start, end, around)


def context_in_sentence(start: int, end: int, around: Surroundings) -> bool:
    """Whether a word of violence or police work stands in the sentence of these offsets, outside of them."""
    return _starts_beside(around.context_starts, start, end, around)


def _starts_beside(offsets: tuple[int, ...], start: int, end: int, around: Surroundings) -> bool:
    starts = around.sentence_starts
    at = bisect_right(starts, start) - 1
    begin = starts[at] if at >= 0 else 0
    close = starts[at + 1] if at + 1 < len(starts) else len(around.words.text)
    in_sentence = bisect_left(offsets, close) - bisect_left(offsets, begin)
    in_span = bisect_left(offsets, end) - bisect_left(offsets, start)
    return in_sentence > in_span
