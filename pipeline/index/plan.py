"""A query -> what to look for, in terms that both backends have: words of the index, phrases, prefixes, ranges.

Stemming, stop words, synonyms and the names of places and gangs are settled here, once; a backend only translates the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from nlp.lexicon import fold
from pipeline.index import analysis, ranges, syntax
from pipeline.index.base import Kind, QueryError
from pipeline.index.flatten import ARTICLE_WORDS, gang_key, milliseconds
from pipeline.index.likeness import enough
from pipeline.index.names import Names
from pipeline.index.query import LIMA, Query, first_moment, last_moment, place_and_km
from pipeline.index.synonyms import Synonyms

SYNONYM_WEIGHT = 0.6
"""A synonym counts less than the word itself."""
TITLE_WEIGHT = 1.0
"""What a word in the title adds to its weight in the text, of which the title is a part."""
TEXT, EXACT, TITLE = "text", "text.exact", "title"
FACTS = frozenset({
    "crimes", "place_codes", "districts", "gang_keys", "businesses", "business_categories", "methods", "prison_keys",
    "amounts", "amounts_usd",
})  # fmt: skip
"""Fields whose values some words of an article tell."""
_TIMES = frozenset({"starts", "ends"})
_DATED = frozenset({Kind.EVENTS, Kind.INCIDENTS})
"""Kinds of entry whose time is told by words; of articles and claims it is that of publication."""
SCORED = frozenset({TEXT, EXACT, TITLE})
"""Fields whose words make an entry relevant; the others only choose."""


@dataclass(frozen=True, slots=True)
class Term:
    """Entries that have a word, or a value, in a field."""

    field: str
    value: str | bool


@dataclass(frozen=True, slots=True)
class OneOf:
    """Entries that have any of these values in a field, however many they are; no relevance."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Entries that have words in this order."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Entries that have a word, or a value, that begins so; all are equally relevant."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Range:
    """Entries with a number between bounds, both inclusive; ``None`` is no bound."""

    field: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class All:
    """Entries that match every part."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Entries that match some part; relevance is the sum."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Entries that match some part; relevance is that of the best, each part weighted."""

    parts: tuple[tuple[Clause, float], ...]


@dataclass(frozen=True, slots=True)
class Never:
    """Entries that do not match; no relevance of its own."""

    part: Clause


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Entries that match so many of the parts; relevance is the sum."""

    number: int
    parts: tuple[Clause, ...]


Clause = Term | OneOf | Phrase | Prefix | Range | All | Any | Best | Never | AtLeast


@dataclass(frozen=True, slots=True)
class Marks:
    """What highlights mark."""

    stems: frozenset[str] = frozenset()
    stem_phrases: frozenset[tuple[str, ...]] = frozenset()
    phrases: frozenset[tuple[str, ...]] = frozenset()
    prefixes: tuple[str, ...] = ()
    facts: tuple[Clause, ...] = ()
    """Places, gangs, sums …: the words that tell them are marked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query, settled."""

    match: Clause | None
    """What the text asks for, with relevance; ``None``: everything."""
    prefer: tuple[Clause, ...]
    """What makes an entry more relevant without being asked for."""
    filters: tuple[Clause, ...]
    """What an entry must be besides; no relevance."""
    marks: Marks

    @property
    def ranked(self) -> bool:
        """Whether relevance tells entries apart."""
        return self.match is not None and any(isinstance(c, Term | Phrase) for c in _scored(self.match))


def make(query: Query, names: Names, like: Sequence[str] = ()) -> Plan:
    """The plan of a query. ``like`` are the stems that what it is to be like is told by (``pipeline.index.likeness``).

    Raises:
        QueryError: the text cannot be read, or names a place that is unknown or one of several.
    """
    tree = syntax.parse(query.text)
    if query.kind is not Kind.ARTICLES and (field := next(syntax.fields(tree, "kind"), None)):
        raise QueryError("only articles can be filtered by their kind", field.at)
    today = query.today or datetime.now(UTC).astimezone(LIMA).date()
    parts = [] if tree is None else [_clause(tree, _Sense(names, today))]
    if query.like is not None:
        alike = AtLeast(enough(len(like)), tuple(Term(TEXT, stem) for stem in like))
        parts.append(alike if like else OneOf("id", ()))  # like what has no words of its own nothing is
    match = None if not parts else parts[0] if len(parts) == 1 else All(tuple(parts))
    filters = tuple(_filters(query, names))
    marks = _marks(match, filters, dated=query.kind in _DATED)
    prefer = tuple(Best(((Term(TITLE, stem), TITLE_WEIGHT),)) for stem in sorted(_own_stems(tree)))
    return Plan(match=match and _brief(match), prefer=prefer if match else (), filters=filters, marks=marks)


@dataclass(frozen=True, slots=True)
class _Sense:
    """What the words of a query are taken for."""

    names: Names
    today: date


def _clause(node: syntax.Node, sense: _Sense) -> Clause:
    match node:
        case syntax.And(parts):
            return _all(parts, sense)
        case syntax.Or(parts):
            return Any(tuple(_clause(part, sense) for part in parts))
        case syntax.Not(part):
            return Never(_clause(part, sense))
        case syntax.Field():
            return _named(node, sense)
        case _:
            return _leaf(node, sense.names.synonyms)


def _leaf(node: syntax.Bare | syntax.Begins | syntax.Quoted, synonyms: Synonyms) -> Clause:
    match node:
        case syntax.Bare():
            return next(iter(_words([node], synonyms)), None) or _as_written(node)
        case syntax.Quoted(text):
            return Phrase(EXACT, tuple(analysis.exact_words(text)))
        case syntax.Begins(text):
            *before, last = analysis.exact_words(text)
            return All((Phrase(EXACT, tuple(before)), Prefix(EXACT, last))) if before else Prefix(EXACT, last)


def _named(node: syntax.Field, sense: _Sense) -> Clause:
    try:
        if node.name in _RANGES:
            return _RANGES[node.name](node.value, sense)
        if node.value.endswith(syntax.ANY) and (beginning := _beginning(node.name, node.value[:-1])):
            return beginning
        return _one(_field(node.name, node.value, sense.names))
    except QueryError as error:
        longer = f'; a name of several words is written {node.name}:"{node.value} {node.more}"' if node.more else ""
        raise QueryError(error.said + longer, node.begins + (error.position or 0)) from error


def _beginning(name: str, value: str) -> Prefix | None:
    """Any value of a field, or any name of a gang or prison that begins so; other fields' names are whole."""
    if not value.strip():
        return Prefix(_COLUMNS[name], "")
    key = _KEYS[name](value) if name in _KEYS else ""
    return Prefix(_COLUMNS[name], key) if key and key not in ARTICLE_WORDS else None


_COLUMNS = {
    "outlet": "outlet",
    "crime": "crimes",
    "place": "place_codes",
    "gang": "gang_keys",
    "business": "businesses",
    "method": "methods",
    "prison": "prison_keys",
    "kind": "article_kind",
}
_KEYS: dict[str, Callable[[str], str]] = {"gang": gang_key, "prison": fold}


def _near(place: str, km: float, names: Names) -> Clause:
    return OneOf("districts", names.within(place, km))


def _between_days(value: str, sense: _Sense) -> Clause:
    first, last = ranges.days(value, sense.today)
    return _time(first, last) or All((Range("starts", _ANY_TIME, None),))  # [* TO *]: whatever has a date


def _time(first: datetime | date | None, last: datetime | date | None) -> All | None:
    """What may have happened between two days; ``None``: at any time."""
    bounds: list[Clause] = []
    if first is not None:
        bounds.append(Range("ends", milliseconds(first_moment(first)), None))
    if last is not None:
        bounds.append(Range("starts", None, milliseconds(last_moment(last))))
    return All(tuple(bounds)) if bounds else None


_ANY_TIME = -(1 << 50)
_RANGES: dict[str, Callable[[str, _Sense], Clause]] = {
    "near": lambda value, sense: _near(*place_and_km(value), sense.names),
    "amount": lambda value, _: _between_sums(value),
    "date": _between_days,
}


def _between_sums(value: str) -> Clause:
    """Sums are never negative, so a range without bounds still asks for some sum."""
    asked = ranges.sums(value)
    return Range(_IN[asked.currency], 0.0 if asked.low is None else asked.low, asked.high)


_IN = {"PEN": "amounts", "USD": "amounts_usd"}


def _all(parts: tuple[syntax.Node, ...], sense: _Sense) -> Clause:
    clauses: list[Clause] = []
    for plain, group in groupby(parts, key=lambda part: isinstance(part, syntax.Bare)):
        if plain:
            clauses += _words([part for part in group if isinstance(part, syntax.Bare)], sense.names.synonyms)
        else:
            clauses += [_clause(part, sense) for part in group]
    clauses = clauses or [_as_written(part) for part in parts if isinstance(part, syntax.Bare)]
    return clauses[0] if len(clauses) == 1 else All(tuple(clauses))


def _as_written(word: syntax.Bare) -> Clause:
    return _words_of(tuple(analysis.stems(word.text)))


def _words(run: list[syntax.Bare], synonyms: Synonyms) -> list[Clause]:
    """Clauses of words side by side: synonyms of the longest phrases first, stop words left out; none if all are stop words."""
    groups = [tuple(analysis.stems(word.text)) for word in run]
    told = [any(w not in analysis.stop_words() for w in analysis.exact_words(word.text)) for word in run]
    clauses: list[Clause] = []
    at = 0
    while at < len(run):
        length = _synonym_at(groups, at, synonyms)
        if length:
            key = tuple(stem for group in groups[at : at + length] for stem in group)
            kept = [g for g, tell in zip(groups[at : at + length], told[at:], strict=False) if tell]
            clauses.append(_with_synonyms(kept, synonyms.others[key]))
        elif told[at]:
            clauses.append(_words_of(groups[at]))
        at += max(length, 1)
    return clauses


def _synonym_at(groups: list[tuple[str, ...]], at: int, synonyms: Synonyms) -> int:
    """How many words from here on have synonyms together; 0: none."""
    for length in range(min(synonyms.longest, len(groups) - at), 0, -1):
        if tuple(stem for group in groups[at : at + length] for stem in group) in synonyms.others:
            return length
    return 0


def _with_synonyms(kept: list[tuple[str, ...]], alternatives: Iterable[tuple[str, ...]]) -> Clause:
    own = [_words_of(group) for group in kept]
    first = own[0] if len(own) == 1 else All(tuple(own))
    others = [(_words_of(words), SYNONYM_WEIGHT) for words in alternatives]
    return Best(((first, 1.0), *others))


def _brief(clause: Clause) -> Clause:
    """The clause without the phrases that hold a word which is looked for besides: they find nothing more, and phrases are dear."""
    match clause:
        case All(parts):
            return All(tuple(map(_brief, parts)))
        case Any(parts):
            return Any(tuple(map(_brief, parts)))
        case AtLeast(number, parts):
            return AtLeast(number, tuple(map(_brief, parts)))
        case Never(part):
            return Never(_brief(part))
        case Best(parts):
            words = {part.value for part, _ in parts if isinstance(part, Term)}
            return Best(
                tuple(
                    (part, weight)
                    for part, weight in parts
                    if not isinstance(part, Phrase) or words.isdisjoint(part.words)
                )
            )
        case _:
            return clause


def _words_of(stems: tuple[str, ...]) -> Clause:
    return Term(TEXT, stems[0]) if len(stems) == 1 else Phrase(TEXT, stems)


def _own_stems(node: syntax.Node | None) -> set[str]:
    """Stems of the words that are asked for, without their synonyms."""
    match node:
        case syntax.Bare(text):
            return {
                analysis.stem(w) for w in analysis.WORD.findall(text) if analysis.exact(w) not in analysis.stop_words()
            }
        case syntax.And(parts) | syntax.Or(parts):
            return {stem for part in parts for stem in _own_stems(part)}
        case _:
            return set()


def _filters(query: Query, names: Names) -> Iterator[Clause]:
    for name, wanted in (
        ("outlet", query.outlets),
        ("crime", query.crimes),
        ("place", query.places),
        ("gang", query.gangs),
        ("business", query.businesses),
        ("method", query.methods),
        ("prison", query.prisons),
        ("kind", query.article_kinds),
    ):
        if wanted:
            yield _one([clause for value in wanted for clause in _field(name, value, names)])
    if query.near is not None:
        yield _near(query.near, query.km, names)
    if query.article_ids:
        yield _one([Term("article_id", value) for value in query.article_ids])
    if query.like is not None:
        yield Never(Term("id", query.like))
    if query.relevant is not None:
        yield Term("relevant", query.relevant)
    yield from _ranges(query)


def _ranges(query: Query) -> Iterator[Clause]:
    if time := _time(query.since, query.until):
        yield time
    if query.min_amount is not None or query.max_amount is not None:
        yield Range("amounts", query.min_amount, query.max_amount)


def _field(name: str, value: str, names: Names) -> list[Clause]:
    """Clauses any of which an entry with this value of a field matches."""
    return [Term(field, text) for field, text in _VALUES[name](names, value)]


_VALUES: dict[str, Callable[[Names, str], list[tuple[str, str]]]] = {
    "outlet": lambda names, value: [("outlet", names.outlet(value))],
    "crime": lambda names, value: [("crimes", crime) for crime in names.crime(value)],
    "place": lambda names, value: [("place_codes", names.place(value))],
    "gang": lambda names, value: [("gang_keys", key) for key in names.gang(value)],
    "business": lambda names, value: list(names.business(value)),
    "method": lambda names, value: [("methods", method) for method in names.method(value)],
    "prison": lambda names, value: [("prison_keys", key) for key in names.prison(value)],
    "kind": lambda names, value: [("article_kind", kind) for kind in names.article_kind(value)],
}


def _one(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else Any(tuple(clauses))


def _children(clause: Clause) -> tuple[Clause, ...]:
    match clause:
        case All(parts) | Any(parts) | AtLeast(_, parts):
            return parts
        case Best(parts):
            return tuple(part for part, _ in parts)
        case _:
            return ()


def _scored(clause: Clause) -> Iterator[Clause]:
    """The clause and all beneath it that make it match: nothing under a ``Never``."""
    yield clause
    for part in _children(clause):
        yield from _scored(part)


def _marks(match: Clause | None, filters: Sequence[Clause], *, dated: bool) -> Marks:
    """``dated``: whether words of the article tell when it happened."""
    found = [] if match is None else list(_scored(match))
    asked = dict.fromkeys(part for clause in (*filters, *found) for part in _scored(clause))
    phrases: Iterable[Phrase] = [c for c in found if isinstance(c, Phrase)]
    return Marks(
        stems=frozenset(str(c.value) for c in found if isinstance(c, Term) and c.field == TEXT),
        stem_phrases=frozenset(c.words for c in phrases if c.field == TEXT),
        phrases=frozenset(c.words for c in phrases if c.field == EXACT),
        prefixes=tuple(c.prefix for c in found if isinstance(c, Prefix) and c.field == EXACT),
        facts=tuple(c for c in asked if _is_fact(c) or (dated and _is_time(c))),
    )


def _is_fact(clause: Clause) -> bool:
    return isinstance(clause, Term | OneOf | Prefix | Range) and clause.field in FACTS


def _is_time(clause: Clause) -> bool:
    """Whether it is a clause of :func:`_time`."""
    parts = clause.parts if isinstance(clause, All) else ()
    return bool(parts) and all(isinstance(part, Range) and part.field in _TIMES for part in parts)
