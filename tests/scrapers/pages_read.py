"""What the tests of this folder share: outlets, responses, and the expected articles of ``pages/``."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scrapers.items import Article, Page, article_id, hash_of, text_of
from scrapers.outlet import Outlet, OutletKind, Selectors, load_outlets

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2025, 10, 15, 15, 0, tzinfo=UTC)

ANY = Outlet(id="diario", name="Diario de Prueba", domain="diario.pe", kind=OutletKind.REGIONAL, confidence="low")
"""An outlet of which nothing is known."""


@cache
def shipped() -> dict[str, Outlet]:
    """The outlets that ship."""
    return load_outlets()


def outlet(**changes: Any) -> Outlet:
    """The plain outlet with other settings; ``remove`` is a selector's."""
    if "remove" in changes:
        changes["selectors"] = Selectors(remove=changes.pop("remove"))
    return replace(ANY, **changes)


def response(body: str | bytes, url: str = "https://diario.pe/lima/una-nota", kind: str = "text/html") -> Page:
    """A response with this body, encoded in UTF-8 when it is text."""
    data = body.encode() if isinstance(body, str) else body
    return Page(url=url, status=200, headers={"content-type": kind}, body=data, fetched=NOW)


def names() -> list[str]:
    """Names of the pages that come with an expected article."""
    return sorted(path.stem for path in PAGES.glob("*.html"))


def expected(name: str) -> tuple[Page, Outlet, Article]:
    """A page of ``pages/``, its outlet, and the article that it holds."""
    given = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    body = (PAGES / "body.txt").read_text(encoding="utf-8").strip()
    page = response((PAGES / f"{name}.html").read_bytes(), given.pop("requested"))
    outlet_ = shipped()[given["outlet"]]
    given |= {
        "id": article_id(outlet_.identity(given["url"])),
        "body": body,
        "fetched": NOW,
        "content_hash": hash_of(text_of(given["title"], body)),
    }
    return page, outlet_, TypeAdapter(Article).validate_python(given)
