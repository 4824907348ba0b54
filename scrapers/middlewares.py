"""What stands between the spider and the network: only the outlet's own sites, only public addresses, patience, and restraint."""

from __future__ import annotations

import ipaddress
import logging
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import CannotResolveHostError
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError
from w3lib.url import safe_url_string

from scrapers.items import Outcome
from scrapers.refusals import NETWORK_FAULTS, Refused, asked_pause, challenger_of, status_name
from scrapers.urls import is_web_address, same_site

logger = logging.getLogger(__name__)

FORBIDDEN_BEFORE_STOP: Final = 3
"""Answers of 403 after which a site is not asked again in the same crawl. One of 429 is enough."""
FAILURES_BEFORE_STOP: Final = 4
"""Addresses in a row that fail, retries included, after which a site is taken to be down."""


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def site_of(url: str) -> str:
    """The site whose requests wait for one another: host and port, without ``www.``."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


@dataclass(slots=True)
class _Health:
    """How a site has answered in this crawl."""

    forbidden: int = 0
    failures: int = 0
    last: str = ""
    stopped: Refused | None = None


class SiteMiddleware:
    """Keeps each request, and each hop of a redirect, on the outlet's own sites, and stops asking a site that refuses."""

    def __init__(self) -> None:
        self._health: dict[str, _Health] = defaultdict(_Health)

    @classmethod
    def from_crawler(cls, _crawler: Crawler) -> SiteMiddleware:
        """Scrapy's way to make one."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Raise :class:`Refused` for what lies elsewhere, or at a site that is not asked any more."""
        site = site_of(request.url)
        request.meta["download_slot"] = site
        if request.meta.get("robots"):
            return
        if not same_site(request.url, request.meta["outlet"]):
            raise Refused(Outcome.OFF_SITE, f"leads to {request.url[:200]}, outside the outlet's sites")
        if stopped := self._health[site].stopped:
            detail = f"not asked: {stopped.detail}"
            raise Refused(stopped.outcome, detail, not_before=stopped.not_before, for_now=True)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how a site answers."""
        if not request.meta.get("robots"):
            self._note(site_of(request.url), response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that a site does not answer."""
        if isinstance(exception, NETWORK_FAULTS) and not request.meta.get("robots"):
            self._failed(site_of(request.url), Outcome.NETWORK_ERROR, "without an answer")

    def _note(self, site: str, response: Response) -> None:
        health, status, until = self._health[site], response.status, asked_pause(response)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            detail = "the site asked for fewer requests (429) in this run"
            health.stopped = Refused(Outcome.BLOCKED, detail, not_before=until)
        elif until is not None:
            outcome = Outcome.BLOCKED if status == HTTPStatus.FORBIDDEN else Outcome.HTTP_ERROR
            detail = f"the site asked to be left alone ({status_name(status)}) until {until:%Y-%m-%d %H:%M} UTC"
            health.stopped = Refused(outcome, detail, not_before=until)
        elif status == HTTPStatus.FORBIDDEN or challenger_of(response):
            health.forbidden += 1
            if health.forbidden >= FORBIDDEN_BEFORE_STOP:
                how = "403" if status == HTTPStatus.FORBIDDEN else "with a page that keeps robots out"
                health.stopped = Refused(
                    Outcome.BLOCKED, f"the site answered {how} {health.forbidden} times in this run"
                )
        elif status >= 500:
            self._failed(site, Outcome.HTTP_ERROR, f"with {status_name(status)}")
            return
        else:
            health.failures = 0
            return
        if health.stopped:
            logger.warning("%s: %s; it is left alone until the next run", site, health.stopped.detail)

    def _failed(self, site: str, outcome: Outcome, how: str) -> None:
        health = self._health[site]
        health.failures += 1
        if health.failures >= FAILURES_BEFORE_STOP and health.stopped is None:
            health.stopped = Refused(outcome, f"{health.failures} addresses of the site ended {how} in this run")
            logger.warning("%s: %s; it is left alone until the next run", site, health.stopped.detail)


class LocationMiddleware:
    """Refuses redirects to what is no address of the web, before Scrapy fails on them."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Raise :class:`Refused` for a redirect that cannot be followed."""
        location = response.headers.get("Location")
        if 300 <= response.status < 400 and location:
            text = location.decode("latin-1")
            try:
                usable = is_web_address(urljoin(request.url, safe_url_string(text)))
            except ValueError:
                usable = False
            if not usable:
                detail = f"leads to {text[:200]!r}, which is no address of the web"
                raise Refused(Outcome.OFF_SITE, detail, response.status)
        return response


class AddressMiddleware:
    """Refuses hosts that stand for private, loopback or otherwise local addresses. Runs last, on every hop.

    The name is resolved here, and Scrapy's cache holds the answer, so the connection goes to the address that was checked.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._allowed: bool = crawler.settings.getbool("VIGIA_ALLOW_PRIVATE_ADDRESSES")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressMiddleware:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise :class:`Refused` for an address that is not public."""
        if self._allowed:
            return
        host = urlsplit(request.url).hostname or ""
        address = _literal(host)
        # Behind a proxy it is the proxy that resolves names.
        if address is None and not request.meta.get("proxy"):
            address = _literal(await _resolve(host))
        if address is not None and not _is_public(address):
            raise Refused(Outcome.OFF_SITE, f"leads to {host[:200]!r}, a private address ({address})")


async def _resolve(host: str) -> str:
    from twisted.internet import reactor  # the reactor is chosen when the crawl starts

    try:
        resolved: str = await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]  # twisted's stub is wrong
    except (DNSLookupError, UnicodeError) as error:
        raise CannotResolveHostError(str(error)) from error
    return resolved


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    within = _within(address) if isinstance(address, ipaddress.IPv6Address) else None
    if getattr(address, "is_site_local", False):  # an old private range that Python takes for a public one
        return False
    return all(each.is_global and not each.is_multicast for each in (within or address, within) if each is not None)


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, Teredo, translated (NAT64) or compatible."""
    if address in _NAT64 or (address.packed[:12] == bytes(12) and int(address) > 1):
        return ipaddress.IPv4Address(address.packed[12:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class BackoffMiddleware(RetryMiddleware):
    """Scrapy's retries, each with the site's pause doubled. Who says when to come again is not asked before."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # no spider
        """Try again what failed and may pass."""
        return response if asked_pause(response) is not None else super().process_response(request, response)

    def _retry(self, request: Request, reason: Any) -> Request | None:
        again: Request | None = super()._retry(request, reason)
        slot = self.crawler.engine.downloader.slots.get(request.meta["download_slot"])
        if again is not None and slot is not None:
            longest: float = self.crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
            slot.delay = max(slot.delay, min(slot.delay * 2, longest))
        return again


class PoliteThrottle(AutoThrottle):
    """Scrapy's AutoThrottle, which would forget a site's Crawl-delay."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if key is not None and slot is not None:
            asked = self.crawler.engine.downloader.per_slot_settings.get(key, {}).get("delay", 0.0)
            slot.delay = max(slot.delay, asked)
