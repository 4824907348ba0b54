"""The newsroom's web servers: one per site on loopback, each with its own port, robots.txt, ETags and request log."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from tests.newsroom import formats
from tests.newsroom.content import SITES, Story, stories

ENTRY_POINTS: dict[str, tuple[str, str]] = {
    "elcomercio": ("feed", "/arc/outboundfeeds/rss/?outputType=xml"),
    "larepublica": ("feed", "/rss/home.xml"),
    "diariodechimbote": ("feed", "/feed/"),
    "rpp": ("feed", "/rss"),
    "correo": ("news_sitemap", "/sitemap/news/edicion/?outputType=xml"),
    "exitosa": ("listing", "/actualidad/"),
    "gobpe": ("gobpe_api", "/busquedas.json?contenido[]=noticias&institucion[]=mininter&sort_by=recent&sheet=1"),
    "andina": ("feed", "/agencia/rss.aspx"),
}
"""Kind and address of the one entry point that each site has."""

ROBOTS = "User-agent: *\nDisallow: /privado/\n"
FORBIDDEN_PATH = "/privado/nota-interna-n9999999"
"""Linked from Exitosa's list and disallowed by robots.txt."""

OUTLET_FILES = Path(__file__).parents[2] / "scrapers" / "outlets"


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address answers."""

    content_type: str
    body: bytes

    @property
    def etag(self) -> str:
        """Strong validator of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass
class Site:
    """One outlet as played on one port. ``requests`` logs (path, status) of all that was answered."""

    outlet: str
    base: str
    format: str = ""
    """The outlet whose formats it has, its own unless another is named."""
    requests: list[tuple[str, int]] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.format = self.format or self.outlet

    def publish(self, edition: int) -> None:
        """Put an edition on the air."""
        self.air([story for story in stories(edition) if story.site == self.outlet])

    def air(self, own: Sequence[Story], listed: int | None = None) -> None:
        """Put stories on the air; the entry point lists the newest of them, all unless their number is given."""
        path_of, page_of = formats.PAGES[self.format]
        resources = {
            path_of(story): Resource("text/html; charset=utf-8", page_of(story, self.base).encode()) for story in own
        }
        newest_first = sorted(own, key=lambda story: story.published, reverse=True)[:listed]
        kind, entry = ENTRY_POINTS[self.format]
        resources[entry] = Resource(_CONTENT_TYPES[kind], self._entry_point(newest_first).encode())
        resources["/robots.txt"] = Resource("text/plain; charset=utf-8", ROBOTS.encode())
        self.resources = resources

    def _entry_point(self, newest_first: Sequence[Story]) -> str:
        path_of, _ = formats.PAGES[self.format]
        pairs = [(story, self.base + path_of(story)) for story in newest_first]
        match self.format:
            case "correo":
                return formats.news_sitemap(pairs)
            case "exitosa":
                return formats.listing(pairs, [self.base + FORBIDDEN_PATH])
            case "gobpe":
                return formats.gobpe_sheet(pairs)
            case outlet:
                return formats.feed(outlet, self.base, [_ITEMS[outlet](story, self.base) for story in newest_first])


_CONTENT_TYPES = {
    "feed": "application/rss+xml; charset=utf-8",
    "news_sitemap": "application/xml; charset=utf-8",
    "listing": "text/html; charset=utf-8",
    "gobpe_api": "application/json; charset=utf-8",
}
_ITEMS = {
    "elcomercio": formats.arc_item,
    "larepublica": formats.glr_item,
    "diariodechimbote": formats.wordpress_item,
    "rpp": formats.rpp_item,
    "andina": formats.andina_item,
}


class Newsroom:
    """All sites, running. Use as a context manager; ``base_port`` 0 takes free ports.

    ``sites`` names them and the outlets whose formats they have: by default each of ``SITES`` its own.
    """

    def __init__(self, base_port: int = 0, edition: int = 1, sites: Mapping[str, str] | None = None) -> None:
        self._servers: list[ThreadingHTTPServer] = []
        self.sites: dict[str, Site] = {}
        for offset, (outlet, format_) in enumerate((sites or {site: site for site in SITES}).items()):
            server = ThreadingHTTPServer(("127.0.0.1", base_port + offset if base_port else 0), _Handler)
            site = Site(outlet, f"http://127.0.0.1:{server.server_address[1]}", format_)
            server.daemon_threads = True
            server.site = site  # type: ignore[attr-defined]
            self._servers.append(server)
            self.sites[outlet] = site
        self.publish(edition)

    def publish(self, edition: int) -> None:
        """Put an edition on the air at all sites."""
        for site in self.sites.values():
            site.publish(edition)

    def __enter__(self) -> Newsroom:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def write_outlets(self, folder: Path) -> Path:
        """Write the outlet files with this newsroom's addresses in place of the real ones; return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for site in self.sites.values():
            outlet = _relocated(
                yaml.safe_load((OUTLET_FILES / f"{site.format}.yaml").read_text(encoding="utf-8")), site
            )
            text = yaml.safe_dump(outlet, allow_unicode=True, sort_keys=False)
            (folder / f"{site.outlet}.yaml").write_text(text, encoding="utf-8")
        return folder

    def requests(self) -> Iterator[tuple[str, str, int]]:
        """(outlet, path, status) of every request so far."""
        for outlet, site in self.sites.items():
            for path, status in list(site.requests):
                yield outlet, path, status


def _relocated(outlet: dict[str, Any], site: Site) -> dict[str, Any]:
    kind, entry = ENTRY_POINTS[site.format]
    host = urlsplit(site.base).netloc
    pattern = formats.ADDRESS_PATTERNS[site.format]
    return outlet | {
        "domain": host,
        "hosts": [],
        "enabled": True,
        "disabled_reason": None,
        "entry_points": [{"kind": kind, "url": site.base + entry, "status": "checked", "note": "local newsroom"}],
        "article_url": f"^http://{host.replace('.', '[.]')}{pattern}$",
        "article_url_status": "checked",
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        resource = site.resources.get(unquote(self.path)) or site.resources.get(urlsplit(self.path).path)
        if resource is None:
            self._answer(site, 404, Resource("text/html; charset=utf-8", b"<html><body><h1>404</h1></body></html>"))
        elif self.headers.get("If-None-Match") == resource.etag:
            self._answer(site, 304, Resource(resource.content_type, b""), etag=resource.etag)
        else:
            self._answer(site, 200, resource, etag=resource.etag)

    def _answer(self, site: Site, status: int, resource: Resource, etag: str | None = None) -> None:
        site.requests.append((self.path, status))
        self.send_response(status)
        self.send_header("Content-Type", resource.content_type)
        if etag:
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        self.wfile.write(resource.body)

    def log_message(self, format: str, *args: object) -> None:
        """The site's own log is enough."""
