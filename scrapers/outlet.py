"""What is known about an outlet, as validated data: ``outlets/<id>.yaml`` in, :class:`Outlet` out.

One file per outlet, data only. An unknown key, a regular expression or CSS selector that does not compile, a disabled outlet
without its reason: each is an :class:`OutletError` naming file and key.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import yaml
from cssselect import SelectorError
from cssselect.xpath import HTMLTranslator
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails

Layout = Literal["arc", "glr", "wordpress", "json_ld", "andina", "gobpe", "generic"]
"""How the pages are built: a key of ``scrapers.layouts.LAYOUTS``."""

_FILE_ID: Final = re.compile(r"[a-z0-9][a-z0-9_]*")


class OutletError(ValueError):
    """An outlet file that is wrong, or an outlet that does not exist; the message names file and key, or near matches."""


class EntryKind(StrEnum):
    """What answers at an entry point, hence how it is read."""

    FEED = "feed"
    """RSS or Atom."""
    NEWS_SITEMAP = "news_sitemap"
    """Sitemap, with or without the news extension, or an index of such."""
    LISTING = "listing"
    """HTML page with links to articles."""
    GOBPE_API = "gobpe_api"
    """JSON sheet of gob.pe's search."""
    WP_JSON = "wp_json"
    """JSON list of WordPress posts."""


class OutletKind(StrEnum):
    """What sort of outlet it is."""

    NATIONAL = "national"
    REGIONAL = "regional"
    OFFICIAL = "official"
    INVESTIGATIVE = "investigative"


def _regex(pattern: str) -> str:
    try:
        re.compile(f"(?:{pattern})")  # as part of a larger one: no flags at the start
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _css(selector: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from None
    return selector


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValueError(f"not a URL: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and a host")
    if re.search(r"[\s{}\x00-\x1f]", url):
        raise ValueError("holds white space or a placeholder; write a whole address")
    return url


PLACEHOLDERS: Final = {
    "YYYY-MM-DD": "a day",
    "YYYY": "its year",
    "MM": "its month",
    "DD": "its day of the month",
    "from": "first day of a month, or of what is wanted of it",
    "until": "last day of the same",
    "from_dmy": "first day as DD-MM-YYYY",
    "until_dmy": "last day as DD-MM-YYYY",
    "day_before": "the day before the first",
    "day_after": "the day after the last",
    "page": "number of the sheet, from 1",
}
"""What an archive's address may hold in braces. With ``{DD}`` or ``{YYYY-MM-DD}`` there is one address for each day, else for each month."""


def _template(url: str) -> str:
    names = re.findall(r"\{([^{}]*)\}", url)
    unknown = [name for name in names if name not in PLACEHOLDERS]
    if unknown:
        raise ValueError(f"unknown placeholder {{{unknown[0]}}}; known are {', '.join(PLACEHOLDERS)}")
    if not set(names) - {"page", "YYYY"}:
        raise ValueError("needs a placeholder for the day or month, such as {YYYY-MM-DD}")
    _address(re.sub(r"\{[^{}]*\}", "1", url))
    return url


Pattern = Annotated[str, AfterValidator(_regex)]
Css = Annotated[str, AfterValidator(_css)]
Address = Annotated[str, AfterValidator(_address)]
Template = Annotated[str, AfterValidator(_template)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d+)?$")]
Reliance = Literal["checked", "guess"]
_STRICT: Final = ConfigDict(extra="forbid", hide_input_in_errors=True)


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """An address where the outlet announces its articles."""

    kind: EntryKind
    url: Address
    status: Reliance
    """``checked``: seen to answer, by a capture or probe; ``guess``: inferred, or listed by others without a sign of a check."""
    note: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePoint:
    """Addresses where the outlet lists what it published on a past day or in a past month; for backfills only."""

    kind: EntryKind
    """How an answer is read."""
    url: Template
    """With placeholders: see :data:`PLACEHOLDERS`."""
    status: Reliance
    earliest: date | None = None
    """The archive begins here."""
    days_back: Annotated[int, Field(gt=0)] | None = None
    """It holds only the last so many days."""
    note: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where things are on an article's page. Tried after feed, JSON-LD and CMS data, before the general extractor."""

    body: Css | None = None
    """The elements that hold the body, in document order."""
    title: Css | None = None
    published: Css | None = None
    """Element whose ``datetime`` or ``content`` attribute, else text, is the date."""
    authors: Css | None = None
    remove: tuple[Css, ...] = ()
    """Taken out before the body is read: cards, galleries, related links."""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a healthy crawl brings; ``None`` when nobody has counted."""

    articles_per_day: Annotated[float, Field(gt=0)] | None = None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet. Every key but ``id`` is a key of its file, whose name is the id."""

    id: str
    name: str
    domain: Host
    """Host of its articles; may carry a port."""
    hosts: tuple[Host, ...] = ()
    """Other hosts of the same outlet."""
    region: Annotated[str, Field(pattern=r"^\d{2}(\d{2}){0,2}$")] | None = None
    """UBIGEO code of the area that it covers; ``None`` when that is the country, or no single region."""
    kind: OutletKind
    enabled: bool = True
    disabled_reason: str | None = None
    confidence: Literal["high", "medium", "low"]
    """How sure the facts in the file are."""
    layout: Layout = "generic"
    entry_points: tuple[EntryPoint, ...] = ()
    archives: tuple[ArchivePoint, ...] = ()
    """Ways into the past; each is asked."""
    article_url: Pattern | None = None
    """Searched in canonical URLs: what does not match is no article. ``None``: everything on the outlet's hosts may be one.

    A group named ``id`` is the outlet's own number of the article, which stays when title and section in the address change.
    """
    article_url_status: Reliance | None = None
    selectors: Selectors = field(default_factory=Selectors)
    noise: tuple[Pattern, ...] = ()
    """Lines of the body that match are cut, beyond those that are cut everywhere."""
    minimum_body: Annotated[int, Field(ge=0)] = 600
    """Characters. A shorter body from a feed is taken for a summary, and the page is fetched."""
    cut_after: Pattern | None = None
    """The body ends here; the match itself is cut too."""
    keep_query: tuple[str, ...] = ()
    """Query parameters that belong to the canonical URL."""
    path_rewrites: tuple[tuple[Pattern, str], ...] = ()
    """Regular expression and replacement, applied to the path of a URL to make it canonical."""
    poll_minutes: Annotated[int, Field(ge=5)] = 60
    """``vigia run`` asks again not sooner than this; its feed holds at least as much."""
    expect: Expected = field(default_factory=Expected)
    notes: tuple[str, ...] = ()
    """Facts and traps, for people."""

    @property
    def guess_only(self) -> bool:
        """Whether no entry point was ever seen to answer."""
        return all(entry.status == "guess" for entry in self.entry_points)

    def identity(self, canonical_url: str) -> str:
        """What is one and the same in all addresses of an article: the outlet's own number of it, else the canonical URL."""
        found = re.search(self.article_url, canonical_url) if self.article_url is not None else None
        number = found.groupdict().get("id") if found is not None else None
        return canonical_url if number is None else f"{self.id}:{number}"

    def is_article(self, canonical_url: str) -> bool:
        """Whether a canonical URL has the form of this outlet's articles."""
        return self.article_url is None or re.search(self.article_url, canonical_url) is not None


class _NoDuplicates(yaml.SafeLoader):
    """YAML that refuses a key given twice, where PyYAML would silently keep the last."""


def _mapping(loader: _NoDuplicates, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in seen:
            mark = key_node.start_mark
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice or is no key", mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_NoDuplicates.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_outlets(folder: Path | None = None) -> dict[str, Outlet]:
    """All outlets by id, in alphabetical order: of a folder, else those that ship with Vigía.

    Raises:
        OutletError: no such folder, no outlet in it, or a file that is wrong.
    """
    place: Traversable = files("scrapers") / "outlets" if folder is None else folder
    if not place.is_dir():
        raise OutletError(f"{place}: no such folder of outlet files")
    outlets: dict[str, Outlet] = {}
    for path in sorted(place.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".yml"):
            raise OutletError(f"{path}: outlet files end in .yaml; rename it")
        if path.name.endswith(".yaml"):
            outlet = _read(path)
            outlets[outlet.id] = outlet
    if not outlets:
        raise OutletError(f"{place}: holds no outlet file (*.yaml)")
    return outlets


def _read(path: Traversable) -> Outlet:
    name = path.name.removesuffix(".yaml")
    if not _FILE_ID.fullmatch(name):
        raise OutletError(f"{path}: the name is the outlet's id: small letters, digits and _ only")
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_NoDuplicates)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise OutletError(f"{path}: not YAML in UTF-8: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise OutletError(f"{path}: must be a mapping of keys to values")
    if "id" in data:
        raise OutletError(f"{path}: id: leave it out, the file's name is the id")
    try:
        outlet = _ADAPTER.validate_python(data | {"id": name})
    except ValidationError as error:
        raise OutletError("\n".join(_explain(path, detail) for detail in error.errors())) from None
    for key, fault in _faults(outlet):
        raise OutletError(f"{path}: {key}: {fault}")
    return outlet


def _explain(path: Traversable, detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"]) or "(file)"
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "string_type":
        message += '; quote it ("02")'
    if detail["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        message = "unknown key"
    return f"{path}: {key}: {message}"


def _faults(outlet: Outlet) -> Iterator[tuple[str, str]]:
    if not outlet.enabled and not outlet.disabled_reason:
        yield "disabled_reason", "say why the outlet is disabled"
    if outlet.enabled and outlet.disabled_reason:
        yield "disabled_reason", "the outlet is enabled; take the reason out, or write enabled: false"
    if outlet.enabled and not outlet.entry_points:
        yield "entry_points", "an enabled outlet needs at least one"
    if (outlet.article_url is None) != (outlet.article_url_status is None):
        yield "article_url_status", "give it if, and only if, there is an article_url"
    if outlet.kind is OutletKind.NATIONAL and outlet.region is not None:
        yield "region", "a national outlet has none"
    urls = [entry.url for entry in outlet.entry_points]
    urls += [archive.url for archive in outlet.archives]
    for url in urls:
        if urls.count(url) > 1:
            yield "entry_points", f"{url} is given twice"


def select_outlets(outlets: Mapping[str, Outlet], ids: Sequence[str]) -> list[Outlet]:
    """The outlets with these ids, in that order, each once; all that are enabled when no id is given.

    An outlet that is named is taken even if it is disabled: that is how one tries it.

    Raises:
        OutletError: an unknown id (the message lists near matches), or a named outlet without any entry point.
    """
    if not ids:
        return [outlet for outlet in outlets.values() if outlet.enabled]
    chosen: list[Outlet] = []
    for name in dict.fromkeys(ids):
        outlet = outlets.get(name)
        if outlet is None:
            raise OutletError(_unknown(name, outlets))
        if not outlet.entry_points:
            raise OutletError(f"outlet {name!r} has no entry point to crawl: {outlet.disabled_reason}")
        chosen.append(outlet)
    return chosen


def _unknown(name: str, outlets: Mapping[str, Outlet]) -> str:
    by_name = {outlet.name.casefold(): outlet.id for outlet in outlets.values()}
    near = difflib.get_close_matches(name.casefold(), [*outlets, *by_name], n=4, cutoff=0.6)
    suggestions = list(dict.fromkeys(by_name.get(each, each) for each in near))
    hint = f"did you mean {', '.join(suggestions)}?" if suggestions else "`vigia outlets` lists them all"
    return f"no outlet {name!r}: {hint}"


_ADAPTER: Final = TypeAdapter(Outlet)
