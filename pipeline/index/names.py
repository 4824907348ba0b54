"""Names that people type -> codes that the index holds, by the tables of ``nlp/data/``; and codes -> names for people.

A name that fits several places is an error that lists them with their codes; an unknown one is an error with what it is near to.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, TypeVar

from rapidfuzz import fuzz, process

from nlp.gazetteer import Gazetteer, contains, gazetteer
from nlp.gazetteer import Kind as Reads
from nlp.lexicon import fold, split_cell
from nlp.types import ArticleKind, Precision
from pipeline.index import analysis
from pipeline.index.base import QueryError
from pipeline.index.flatten import ARTICLE_WORDS, gang_key
from pipeline.index.synonyms import Stems, Synonyms, synonyms

T = TypeVar("T")

NEAR = 75.0
"""How alike (0 to 100) a name must be to be offered."""
LIKE = 65.0
"""How alike, letter by letter, a value out of a table must be."""
FEW = 12
"""Values of a table that an error lists."""
PROMINENT = 10
"""How many times as prominent as the next a place must be to be meant by its bare name."""
_DISTRICT_DIGITS = 6
_FIRST_READINGS = frozenset({Reads.ADMIN, Reads.ALIAS, Reads.COUNTRY})
_OTHER_READINGS = frozenset({Reads.CAPITAL, Reads.LOCALITY})


class Names:
    """The tables, read at first use, and synonyms; ``own_synonyms`` is a file of more of them."""

    def __init__(self, own_synonyms: Path | None = None) -> None:
        self._own_synonyms = own_synonyms
        self._around: dict[tuple[str, float], tuple[str, ...]] = {}

    @property
    def synonyms(self) -> Synonyms:
        """What words of a query stand for.

        Raises:
            QueryError: the operator's file is none.
        """
        return synonyms(self._own_synonyms)

    def place(self, text: str) -> str:
        """The code of a place given by code or by name (``Comas``, ``150110``, ``Miraflores, Lima``, ``provincia de Trujillo``).

        A name that a district shares with the province or region around it means the larger one; of several places of one
        name a region is meant, else one that is much more prominent than the others.

        Raises:
            QueryError: unknown, or the name of several places.
        """
        text = text.strip()
        if text.isdigit() or (len(text) == 2 and text.isupper()):
            return self._place_by_code(text)
        name, _, around = (part.strip() for part in text.partition(","))
        codes = self._codes(name)
        if around:
            above = self.place(around)
            codes = [code for code in codes if contains(above, code) and code != above]
        largest = [code for code in codes if not any(code != other and contains(other, code) for other in codes)]
        if chosen := self._most_prominent(largest):
            return chosen
        raise self._no_place(text, largest)

    def place_label(self, code: str) -> str:
        """A place's name with what it lies in: ``Comas, Lima``; the code itself when it is unknown."""
        if not self._gazetteer.known(code):
            return code
        name = self._gazetteer.site(code).name
        above = {4: code[:2], 6: code[:4]}.get(len(code)) if code.isdigit() else None
        around = self._gazetteer.site(above).name if above and self._gazetteer.known(above) else name
        return name if around == name else f"{name}, {around}"

    def within(self, place: str, km: float) -> tuple[str, ...]:
        """Codes of the districts whose own point lies at most so far from a place; a district is near itself.

        A district of which only its province's point is known is near nothing else: it may be anywhere in there.

        Raises:
            QueryError: as :meth:`place`; or the place has no point.
        """
        code = self.place(place)
        if self._gazetteer.site(code).lat is None:
            raise QueryError(f"{self.place_label(code)} has no point on the map, so nothing is near it")
        if (code, km) not in self._around:
            around = [other for other in self._pointed if (self._gazetteer.km(code, other) or 0.0) <= km]
            self._around[code, km] = tuple(sorted({*around, code} if len(code) == _DISTRICT_DIGITS else around))
        return self._around[code, km]

    def point(self, code: str) -> tuple[float, float] | None:
        """Latitude and longitude of a place, if known."""
        site = self._gazetteer.site(code) if self._gazetteer.known(code) else None
        return None if site is None or site.lat is None or site.lon is None else (site.lat, site.lon)

    def gang(self, name: str) -> tuple[str, ...]:
        """Keys of a gang: its registry id if a name or alias of the registry is given, and its own name.

        Raises:
            QueryError: it is no name.
        """
        key = gang_key(name)
        if key in ARTICLE_WORDS:
            raise QueryError(f"{name!r} is no name of a gang")
        known = tuple(f"id:{gang_id}" for gang_id in self._gangs.get(key, ()))
        return (*known, key)

    def outlet(self, name: str) -> str:
        """Id of an outlet: its own, or what its name comes to when it is written as one word without accents (``La República``)."""
        written = name.strip().lower()
        return written if _ID.fullmatch(written) else fold(written).replace(" ", "")

    def prison(self, name: str) -> tuple[str, ...]:
        """Keys of a prison: its registry id if a name or alias of the registry is given, and its own name.

        The beginning of names stands for all of them: ``Ancón`` is Ancón I and Ancón II.
        """
        key = _prison_key(name)
        ids = self._prisons.get(key) or [
            prison_id for known, ids in self._prisons.items() if known.startswith(f"{key} ") for prison_id in ids
        ]
        return (*dict.fromkeys(f"id:{prison_id}" for prison_id in ids), key)

    def crime(self, name: str) -> tuple[str, ...]:
        """Ids of the types of crime that are meant: by id or Spanish label, or a family of them (``extortion``).

        What is no exact name is looked for as :meth:`_Choice.pick` says: here as for businesses and methods.

        Raises:
            QueryError: there is none like it.
        """
        return self._crimes.pick(name, self.synonyms)

    def business(self, name: str) -> tuple[tuple[str, str], ...]:
        """Fields and values of types of business, given by name or a word for them, or of categories of them.

        Raises:
            QueryError: there is none like it.
        """
        return self._businesses.pick(name, self.synonyms)

    def method(self, name: str) -> tuple[str, ...]:
        """Ids of methods.

        Raises:
            QueryError: there is none like it.
        """
        return self._methods.pick(name, self.synonyms)

    def article_kind(self, name: str) -> tuple[str, ...]:
        """A kind of article.

        Raises:
            QueryError: there is none like it.
        """
        return self._article_kinds.pick(name, self.synonyms)

    def knows(self, field: str, name: str) -> bool:
        """Whether the tables have this whole name for a field of the query language; a plural will do for a crime or a trade."""
        match field:
            case "place" | "near":  # also with what it lies in: Miraflores, Lima
                return all(self._codes(part.strip()) for part in name.split(",", 1))
            case "gang":
                return gang_key(name) in self._gangs
            case "prison":
                return _prison_key(name) in self._prisons
            case "crime" | "business" | "method" | "kind":
                return self._choices[field].has(name)
            case _:
                return False

    def similar(self, name: str, known: Iterable[str]) -> list[str]:
        """Names out of ``known`` that resemble the name of a gang, a prison or an outlet."""
        found = process.extract(
            gang_key(name), list(known), processor=gang_key, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3
        )
        return [near for near, _, _ in found]

    def near_word(self, word: str, gangs: Iterable[str]) -> str | None:
        """A name of a place, or a word of some gangs' names, that differs from a word in little."""
        key = fold(word)
        known = {part for gang in gangs for part in gang_key(gang).split()} | set(self._gazetteer.keys())
        found = process.extractOne(key, sorted(known - {key}), scorer=fuzz.ratio, score_cutoff=NEAR)
        return found[0].title() if found else None

    def _place_by_code(self, code: str) -> str:
        if self._gazetteer.known(code):
            return code
        raise QueryError(f"there is no place with the code {code}: INEI codes have 2, 4 or 6 digits (15, 1501, 150110)")

    def _codes(self, text: str) -> list[str]:
        """Codes that a name can stand for; localities and capitals only if no district, province or region has it."""
        level, name = _level_said(text)
        readings = self._gazetteer.readings(fold(name))
        for kinds in (_FIRST_READINGS, _OTHER_READINGS):
            codes = dict.fromkeys(r.code for r in readings if r.kind in kinds and level in {None, len(r.code)})
            if codes:
                return list(codes)
        return []

    def _most_prominent(self, codes: list[str]) -> str | None:
        regions = [code for code in codes if len(code) == 2 and code.isdigit()]
        ranked = regions or sorted(codes, key=self._prominence, reverse=True)
        if len(ranked) > 1 and self._prominence(ranked[0]) < PROMINENT * max(self._prominence(ranked[1]), 1):
            return None
        return ranked[0] if ranked else None

    def _prominence(self, code: str) -> int:
        """Inhabitants of the place, or of the capital of the province that it lies in: what a reader would think of."""
        around = [part for part in (code, code[:4]) if self._gazetteer.known(part)]
        return max((self._gazetteer.site(part).population for part in around), default=0)

    def _no_place(self, text: str, codes: list[str]) -> QueryError:
        if codes:
            candidates = "; ".join(f"{self.place_label(code)} ({code})" for code in sorted(codes)[:12])
            return QueryError(f"there are several places called {text!r}: give the code of one of {candidates}")
        found = process.extract(fold(text), self._gazetteer.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=5)
        codes = [code for name, _, _ in found for code in self._codes(name)]
        near = list(dict.fromkeys(f"{self.place_label(code)} ({code})" for code in codes))[:3]
        return QueryError(
            f"there is no place called {text!r}" + (f": did you mean {' or '.join(near)}?" if near else "")
        )

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return gazetteer()

    @cached_property
    def _pointed(self) -> tuple[str, ...]:
        """Codes of the districts that have a point of their own."""
        sites = (self._gazetteer.site(row["code"]) for row in _rows("places.csv") if row["level"] == "district")
        return tuple(site.code for site in sites if site.lat is not None and site.precision is Precision.DISTRICT)

    @cached_property
    def _gangs(self) -> dict[str, tuple[str, ...]]:
        return _by_name(_rows("gangs.csv"), gang_key)

    @cached_property
    def _prisons(self) -> dict[str, tuple[str, ...]]:
        return _by_name(_rows("prisons.csv"), fold)

    @property
    def _choices(self) -> Mapping[str, _Choice[Any]]:
        return {
            "crime": self._crimes,
            "business": self._businesses,
            "method": self._methods,
            "kind": self._article_kinds,
        }

    @cached_property
    def _article_kinds(self) -> _Choice[str]:
        return _Choice("kind", {kind.value: (kind.value,) for kind in ArticleKind})

    @cached_property
    def _crimes(self) -> _Choice[str]:
        families: dict[str, tuple[str, ...]] = {}
        for row in _rows("crime_families.csv"):
            families[row["family"]] = (*families.get(row["family"], ()), row["crime_type"])
        rows = list(_rows("crime_types.csv"))
        types = {name: (row["id"],) for row in rows for name in (row["label"], row["id"])}
        return _Choice("crime", families | types)

    @cached_property
    def _businesses(self) -> _Choice[tuple[str, str]]:
        rows = list(_rows("business_types.csv"))
        found: dict[str, tuple[tuple[str, str], ...]] = {
            row["phrase"]: (("businesses", row["lemma"]),) for row in _rows("business_terms.csv")
        }
        found |= {branch: _of_categories(names) for branch, names in _branches(row["category"] for row in rows).items()}
        found |= {row["category"]: _of_categories([row["category"]]) for row in rows}
        return _Choice("business", found | {row["lemma"]: (("businesses", row["lemma"]),) for row in rows})

    @cached_property
    def _methods(self) -> _Choice[str]:
        return _Choice("method", {row["id"]: (row["id"],) for row in _rows("methods.csv")})


def _branches(categories: Iterable[str]) -> Mapping[str, list[str]]:
    """First word of categories' names -> all of them: ``transporte`` is more than its companies."""
    found: dict[str, list[str]] = defaultdict(list)
    for category in dict.fromkeys(categories):
        found[category.partition("_")[0]].append(category)
    return {branch: names for branch, names in found.items() if len(names) > 1}


def _of_categories(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(("business_categories", name) for name in names)


@cache
def default_names(own_synonyms: Path | None = None) -> Names:
    """The names of the shipped tables, and the synonyms that ship with those of a file."""
    return Names(own_synonyms)


def words_of_name(field: str, value: str, ahead: Sequence[str]) -> int:
    """How many of the words that follow a value without quotation marks belong to it, because together they are a name that
    the tables have: ``place:San Juan de Lurigancho``, ``gang:Los Pulpos``. As many as make one.
    """
    known = default_names()
    return next(
        (
            n
            for n in range(min(len(ahead), _LONGEST_NAME), 0, -1)
            if known.knows(field, f"{value} {' '.join(ahead[:n])}")
        ),
        0,
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    lines = (files("nlp") / "data" / table).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(lines)


def _by_name(rows: Iterable[Mapping[str, str]], key: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for name in (row["id"], row["name"], *split_cell(row["aliases"])):
            found[key(name)][row["id"]] = None
    return {name: tuple(ids) for name, ids in found.items()}


_PRISON_HEAD = re.compile(
    r"^(?:el |la )?(?:penal|carcel|e ?p|(?:establecimiento|centro|complejo) penitenciario) (?:de |del )?(?=\w)"
)
"""Words before a prison's name, folded."""


def _prison_key(name: str) -> str:
    return _PRISON_HEAD.sub("", fold(name))


_LONGEST_NAME = 6
"""Words of a name that may follow its first one."""
_ID = re.compile(r"[a-z0-9_]+")
_LEVEL_WORDS = {
    "region": 2,
    "departamento": 2,
    "provincia": 4,
    "distrito": 6,
}


def _level_said(name: str) -> tuple[int | None, str]:
    """``provincia de Trujillo`` -> (4, ``Trujillo``)."""
    first, _, rest = name.partition(" ")
    level = _LEVEL_WORDS.get(fold(first))
    if level is None or not rest:
        return None, name
    return level, rest.removeprefix("de ").strip()


class _Choice(Generic[T]):
    """What can be meant by a name, and by names like it but for capitals, accents, underscores and plurals."""

    def __init__(self, what: str, values: Mapping[str, tuple[T, ...]]) -> None:
        self._what, self._values = what, values
        self._folded = {_key(name): name for name in values}
        self._stemmed: dict[Stems, str] = {}
        for key, name in self._folded.items():
            self._stemmed.setdefault(tuple(analysis.stems(key)), name)

    def has(self, name: str) -> bool:
        """Whether this is a whole name."""
        key = _key(name)
        return key in self._folded or tuple(analysis.stems(key)) in self._stemmed

    def pick(self, name: str, synonyms: Synonyms) -> tuple[T, ...]:
        """What is meant: by its name, or a synonym of it; else all whose names begin with these words; else the one that has them.

        Raises:
            QueryError: there is none of this name; those like it are offered.
        """
        key = _key(name)
        if key in self._folded:
            return self._values[self._folded[key]]
        stems = tuple(analysis.stems(key))
        for same in (stems, *synonyms.others.get(stems, ())):
            if same in self._stemmed:
                return self._values[self._stemmed[same]]
        if not stems or not (found := self._beginning(stems) or self._only_one_with(stems)):
            raise self._unknown(name, key)
        return found

    def _beginning(self, stems: Stems) -> tuple[T, ...]:
        names = [name for words, name in self._stemmed.items() if words[: len(stems)] == stems]
        return tuple(dict.fromkeys(value for name in names for value in self._values[name]))

    def _only_one_with(self, stems: Stems) -> tuple[T, ...]:
        found = {self._values[name] for words, name in self._stemmed.items() if set(stems) <= set(words)}
        return found.pop() if len(found) == 1 else ()

    def _unknown(self, name: str, key: str) -> QueryError:
        longer = [name for name in self._folded if len(key) > 2 and name.startswith(key)]
        alike = process.extract(key, list(self._folded), scorer=fuzz.ratio, score_cutoff=LIKE, limit=3)
        near = (*longer, *(like for like, _, _ in alike), *self._with_word_like(key))
        offered = [self._folded[like] for like in dict.fromkeys(near)][:3]
        if offered:
            hint = f": did you mean {' or '.join(offered)}?"
        else:
            hint = f": there are {', '.join([*self._values][:FEW])}" + (" …" if len(self._values) > FEW else "")
        return QueryError(f"there is no {self._what} {name!r}{hint}")

    def _with_word_like(self, key: str) -> list[str]:
        """Names of several words one of which is like this one: ``granda`` and ``explosivo_granada``."""
        words = {word for name in self._folded for word in name.split()}
        near = process.extractOne(key, sorted(words), scorer=fuzz.ratio, score_cutoff=NEAR)
        return [name for name in self._folded if near is not None and near[0] in name.split()]


def _key(name: str) -> str:
    return fold(name.replace("_", " "))
