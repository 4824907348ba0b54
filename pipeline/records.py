"""The records that are kept and handed out, and their one codec to and from JSON.

``encode`` and ``decode`` go by pydantic type adapters with unknown keys refused, so that a file of another schema version
is an error and never a silent loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from nlp.lexicon import fold
from nlp.types import Business, BusinessRole, Claim, Event, Extraction, Person, PersonRole, Value
from scrapers.items import Article

SCHEMA_VERSION = "1.0"
"""Version of every record that is exported; the major part changes when a field goes or changes its meaning."""

PUBLIC_ROLES = frozenset({PersonRole.SUSPECT, PersonRole.AUTHORITY})
"""Roles of people whose names exports may give, as the press's word."""

T = TypeVar("T")


class RecordError(ValueError):
    """JSON that is not a record of this schema version."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """The version of an article that a record was read from. ``content_hash`` pins the text that offsets refer to."""

    id: str
    outlet: str
    url: str
    title: str
    published: datetime | None
    content_hash: str
    private: tuple[str, ...] = ()
    """Names in this article that are left out of exports: of victims, witnesses and bystanders."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article and what was read out of it."""

    article: Article
    extraction: Extraction
    story: str | None = None
    """Id of the group of near-identical articles that it belongs to: the id of the earliest of them."""

    @property
    def ref(self) -> ArticleRef:
        """The article in short."""
        article = self.article
        return ArticleRef(
            id=article.id,
            outlet=article.outlet,
            url=article.url,
            title=article.title,
            published=article.published,
            content_hash=article.content_hash,
            private=private_names(self.extraction),
        )


def private_names(extraction: Extraction) -> tuple[str, ...]:
    """Names of everybody who is neither a suspect nor an authority, and of the businesses that are victims; longest first."""
    names: set[str] = set()
    for mention in extraction.mentions:
        match mention.value:
            case Person() as person if person.role not in PUBLIC_ROLES:
                names.update((mention.text, person.name, *person.aliases))
            case Business(role=BusinessRole.VICTIM) as business:
                names.update(proper_names(mention.text, business))
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def proper_names(text: str, business: Business) -> tuple[str, ...]:
    """The own name within a mention of a business: ``Doña Anita`` of ``bodega Doña Anita``; of ``Bodegueros``, nothing.

    A capitalised word that begins like the business's type is the trade at the head of a sentence, and no name.
    """
    stems = {word[:5] for word in fold(business.type).split()}
    words = text.split()
    for position, word in enumerate(words):
        if word[:1].isupper() and fold(word)[:5] not in stems:
            return (" ".join(words[position:]),)
    return ()


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """An event with the article that tells it. The article's text stays in the archive."""

    event: Event
    article: ArticleRef

    @property
    def key(self) -> str:
        """``article.event``: an event's own id repeats where two addresses carry one text."""
        return f"{self.article.id}.{self.event.id}"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord:
    """A claim with the article that reports it."""

    claim: Claim
    article: ArticleRef


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """One value of an incident and the keys of the events that attest it."""

    value: Value
    """The value."""
    events: tuple[str, ...]
    """Keys, ``article.event``, of the events that say so."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The events of several articles that tell the same fact. Conflicting values all stay, each with its sources."""

    id: str
    """Key of its earliest event."""
    crime_type: str
    events: tuple[EventRecord, ...]
    """In order of publication; taking one out and merging again undoes a merge."""
    dates: tuple[Attested, ...] = ()
    places: tuple[Attested, ...] = ()
    gangs: tuple[Attested, ...] = ()
    businesses: tuple[Attested, ...] = ()
    money: tuple[Attested, ...] = ()
    methods: tuple[Attested, ...] = ()
    counts: tuple[Attested, ...] = ()
    score: float = 0.0


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode(record: object) -> bytes:
    """A record as compact JSON, UTF-8."""
    return _adapter(type(record)).dump_json(record)


def to_dict(record: object) -> dict[str, Any]:
    """A record as JSON-ready dictionaries and lists."""
    dumped: dict[str, Any] = _adapter(type(record)).dump_python(record, mode="json")
    return dumped


def decode(kind: type[T], data: bytes | str) -> T:
    """The record that ``encode`` wrote.

    Raises:
        RecordError: not JSON, or not a record of this kind.
    """
    try:
        return _adapter(kind).validate_json(data)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise _misfit(kind, error) from error


def from_dict(kind: type[T], data: dict[str, Any]) -> T:
    """The record that ``to_dict`` took apart.

    Raises:
        RecordError: not a record of this kind.
    """
    try:
        return _adapter(kind).validate_python(data)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise _misfit(kind, error) from error


def _misfit(kind: type[Any], error: ValidationError) -> RecordError:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return RecordError(f"not a {kind.__name__}: {where or 'document'}: {first['msg']}")


def json_schema(kind: type[Any]) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a record."""
    return _adapter(kind).json_schema(mode="serialization")
