"""Recognises the pages with which sites keep robots out, although they answer "200 OK": the reader of ``challenges.yaml``.

They are not got around. Unrecognised they would be taken for a feed that has changed, or worse, for the text of an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Final

import yaml

LARGEST: Final = 60_000
"""Bytes. Such pages hold next to nothing."""
_TITLE: Final = re.compile(rb"<title[^>]{0,200}>([^<]{1,200})")


def challenger(body: bytes) -> str | None:
    """Who keeps us out by this page: the name of a firewall; ``None``: it is no such page."""
    if not 0 < len(body) <= LARGEST:
        return None
    markup = body.lower()
    found = _TITLE.search(markup)
    title = " ".join(unescape(found[1].decode("utf-8", "replace")).lower().split()) if found else ""
    return next((sign.name for sign in _signs() if sign.is_on(title, markup)), None)


@dataclass(frozen=True, slots=True)
class _Sign:
    """How the pages of one firewall are known."""

    name: str
    titles: re.Pattern[str]
    marks: tuple[bytes, ...]

    def is_on(self, title: str, markup: bytes) -> bool:
        return self.titles.fullmatch(title) is not None or any(mark in markup for mark in self.marks)


@cache
def _signs() -> tuple[_Sign, ...]:
    table = yaml.safe_load(files("scrapers").joinpath("challenges.yaml").read_text(encoding="utf-8"))
    return tuple(
        _Sign(name, _whole(signs.get("title", ())), tuple(mark.encode() for mark in signs.get("markup", ())))
        for name, signs in table.items()
    )


def _whole(titles: Iterable[str]) -> re.Pattern[str]:
    """Titles that are one of these, with nothing behind it but the name of the site."""
    either = "|".join(map(re.escape, titles)) or "(?!)"
    return re.compile(rf"(?:{either})\W*(?: [|–—-] .{{1,60}})?")
