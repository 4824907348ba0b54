"""Addresses: one article, one canonical URL; and which addresses belong to an outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from scrapers.markup import INVISIBLE

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

LONGEST_URL: Final = 2_000
"""Characters; no article has a longer address."""
_FEWEST_WORDS: Final = 4
"""Words of a title in an address from which on two of them can be compared."""
_SHARED: Final = 1 / 3
"""Part of their words that addresses of one article share at least, when its title was changed."""
_TITLE_WORD = re.compile(r"[a-z]{3,}")
_VARIANT = re.compile(r"^(?:(?:www|m|mobile|movil|amp|wap)\.)+")
_FORM = re.compile(
    r"^(?:/amp)+(?=/.)|(?:/(?:amp|embed|feed|print|imprimir|comment-page-\d+|index\.html?))+/?$"
    r"|(?<=.)(?:\.amp)+(?=(?:\.html?)?/?$)|(?<=/)amp\.html?/?$|/?(?:%20|%0[9AD]|%C2%A0|%E2%80%8B)+(?=/?$)",
    re.IGNORECASE,
)
"""What an address has more than the article's: AMP, to embed it, its comments' feed and further sheets, to print it, the name of a
file, blanks at the end."""
_SLASHES = re.compile(r"/{2,}")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_FILE = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_SAFE = re.compile(r"[\w.~:/?#@!$&'()*+,;=-]+", re.ASCII)
"""An address in which there is nothing to encode."""


class AddressError(ValueError):
    """A text that is no address of the web: not http or https, no host, or user and password before the host."""


def canonical_url(url: str, outlet: Outlet) -> str:
    """The one address of an article of an outlet, however it was linked.

    Scheme and host become the outlet's, AMP, mobile and printed forms the plain one; what need not be percent-encoded is not;
    fragment, tracking and other query parameters go, the outlet's ``path_rewrites`` are applied. Of the forms with and without
    ``www.``, a slash at the end and capitals it is the one that the outlet's ``article_url`` knows. Addresses of other sites
    keep their host. Idempotent.

    Raises:
        AddressError: not an address of the web.
    """
    parts = _split(url)
    path = _path(parts.path, outlet)
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] in outlet.keep_query])
    if not _is_own(parts, outlet):
        return urlunsplit((parts.scheme, _netloc(parts), path, query, ""))
    scheme, slashes = _scheme(parts, outlet), list(_slashes(path, outlet))
    paths = (*slashes, *map(str.lower, slashes))
    forms = (urlunsplit((scheme, host, form, query, "")) for form in paths for host in _hosts(parts, outlet))
    usual = next(forms)
    return usual if outlet.is_article(usual) else next(filter(outlet.is_article, forms), usual)


def same_site(url: str, outlet: Outlet) -> bool:
    """Whether an address lies on the outlet's own hosts, those below them and their ``www`` and mobile forms included."""
    try:
        parts = _split(url)
    except AddressError:
        return False
    return _is_own(parts, outlet)


def may_be_same(url: str, other: str) -> bool:
    """Whether two addresses can be of one article: those that end in titles with next to no word in common cannot."""
    titles = [frozenset(_TITLE_WORD.findall(_last_part(each))) for each in (url, other)]
    shorter = min(map(len, titles))
    return shorter < _FEWEST_WORDS or len(titles[0] & titles[1]) >= _SHARED * shorter


def _last_part(url: str) -> str:
    return _FILE.sub("", urlsplit(url).path.rstrip("/").rpartition("/")[2].lower())


def is_web_address(url: str) -> bool:
    """Whether a text is an absolute address of the web that :func:`canonical_url` takes."""
    try:
        _split(url)
    except AddressError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host name, without port, is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    """The parts of an absolute address, percent-encoded as browsers do.

    Raises:
        AddressError: not http or https, no host, a port that is none, or user and password before the host.
    """
    try:
        parts = urlsplit(url if _SAFE.fullmatch(url) else safe_url_string(INVISIBLE.sub("", url).strip()))
        usable = parts.scheme in _PORTS and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise AddressError(f"not an address of a web page: {url[:200]!r}")
    return parts


def _netloc(parts: SplitResult) -> str:
    """Host in lower case, with its port unless it is the usual one."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    return host if parts.port in {None, _PORTS[parts.scheme]} else f"{host}:{parts.port}"


def _bare(netloc: str) -> str:
    return _VARIANT.sub("", netloc)


def _is_own(parts: SplitResult, outlet: Outlet) -> bool:
    netloc, own = _bare(_netloc(parts)), _own_hosts((outlet.domain, *outlet.hosts))
    return netloc in own or any(netloc.endswith(f".{host}") for host in own)


@lru_cache(maxsize=512)
def _own_hosts(hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_bare, hosts))


def _scheme(parts: SplitResult, outlet: Outlet) -> str:
    """``https`` when any of the outlet's entry points has it; this machine is spoken to as it was linked."""
    if is_loopback(parts.hostname or ""):
        return parts.scheme
    plain = outlet.entry_points and not any(entry.url.startswith("https:") for entry in outlet.entry_points)
    return "http" if plain else "https"


def _hosts(parts: SplitResult, outlet: Outlet) -> Iterator[str]:
    """Host names that the canonical address may have, the usual one first.

    A name of the same registration stays (a subdomain may be a site of its own); another one is an old name of the outlet.
    """
    netloc, domain = _netloc(parts), _bare(outlet.domain)
    if _bare(netloc).endswith(f".{domain}"):
        yield _bare(netloc)
        yield netloc
        return
    yield outlet.domain
    yield domain
    yield f"www.{domain}"


def _path(path: str, outlet: Outlet) -> str:
    plain = _SLASHES.sub("/", _ESCAPE.sub(_unescaped, path.split(";", 1)[0]))
    if "/." in plain:
        plain = urlsplit(urljoin("http://any/", plain)).path  # "..", "."
    while (shorter := _SLASHES.sub("/", _FORM.sub("", plain))) != plain:
        plain = shorter
    for pattern, replacement in outlet.path_rewrites:
        plain = re.sub(pattern, replacement, plain)
    return plain if plain.startswith("/") else f"/{plain}"


def _unescaped(escape: re.Match[str]) -> str:
    """A character that need not be percent-encoded (RFC 3986, 2.3) as it is, another one in the usual form."""
    plain = chr(int(escape[0][1:], 16))
    return plain if plain.isascii() and (plain.isalnum() or plain in "-._~") else escape[0].upper()


def _slashes(path: str, outlet: Outlet) -> Iterator[str]:
    """A path without and with a slash at its end, the form that is usual at the outlet first."""
    without = path.rstrip("/")
    if not without or _FILE.search(without):
        yield without or "/"
        return
    usual = outlet.layout in {"arc", "wordpress"}
    yield from (f"{without}/", without) if usual else (without, f"{without}/")
