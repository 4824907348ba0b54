"""Bytes of a response -> text, whatever they were declared to be."""

from __future__ import annotations

import re
import zlib

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from scrapers.items import Page

LARGEST = 50_000_000
"""Bytes up to which a compressed body is unpacked; far above any feed or page."""

_GZIP = b"\x1f\x8b"
_SAFE = re.compile(r"utf-?(?:8|16|32)(?:[-_]?[bl]e)?|iso8859-\d+|latin-?1|cp125\d|mac-roman|ascii", re.IGNORECASE)
_REPLACED = "\N{REPLACEMENT CHARACTER}"


class Undecodable(ValueError):
    """Compressed data that is damaged, or that unpacks to more than any article or feed."""


def decode(page: Page) -> str:
    """The text of a response. Bytes that mean nothing become U+FFFD.

    What is valid UTF-8 is UTF-8, whatever header and document declare: outlets that declare something else have moved and
    forgot to say so. A body in gzip is unpacked.

    Raises:
        Undecodable: damaged or excessive gzip.
    """
    body = _unpacked(page.body) if page.body.startswith(_GZIP) else page.body
    encoding, mark = read_bom(body)
    if encoding and mark:
        return body[len(mark) :].decode(encoding, "replace")
    if encoding := _wide(body[:4]):
        return body.decode(encoding, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode(_declared(page, body) or _guess(body), "replace")


def _unpacked(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = unpacker.decompress(body, LARGEST)
    except zlib.error as error:
        raise Undecodable(f"damaged gzip data: {error}") from error
    if not (data or unpacker.eof):
        raise Undecodable("damaged gzip data: it ends before it begins")
    if unpacker.unconsumed_tail:
        raise Undecodable(f"gzip data that unpacks to more than {LARGEST // 1_000_000} MB")
    return data


def _wide(start: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of markup is zero."""
    zeros = [byte == 0 for byte in start]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else None


def _declared(page: Page, body: bytes) -> str | None:
    """The declared encoding, unless it is UTF-8 (which the body is not) or none that a page may ask for."""
    for name in (
        http_content_type_encoding(page.headers.get("content-type")),
        html_body_declared_encoding(body[:4096]),
    ):
        if name and _SAFE.fullmatch(name) and not name.lower().startswith("utf"):
            return name
    return None


def _guess(body: bytes) -> str:
    """UTF-8 with a few damaged bytes, else Windows-1252."""
    damaged = body.decode("utf-8", "replace").count(_REPLACED)
    high = sum(1 for byte in body[:200_000] if byte > 127)
    return "utf-8" if damaged * 10 < high else "cp1252"
