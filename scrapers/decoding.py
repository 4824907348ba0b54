"""Bytes of a response -> text, whatever they were declared to be."""

from __future__ import annotations

import re
import zlib

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from scrapers.items import Page

LARGEST = 20_000_000
"""Bytes up to which a compressed body is unpacked, as for feeds that are sent plain."""

_GZIP = b"\x1f\x8b"
_SAFE = re.compile(r"utf-?(?:8|16|32)(?:[-_]?[bl]e)?|iso8859-\d+|latin-?1|cp125\d|mac-roman|ascii", re.IGNORECASE)
_CONTINUED = "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
_DOUBLE = re.compile(f"[\u00c2-\u00df]{_CONTINUED}|[\u00e0-\u00ef]{_CONTINUED}{{2}}|[\u00f0-\u00f4]{_CONTINUED}{{3}}")
_LEADS = "ÃÂâ"
"""How what was encoded twice begins in Spanish: letters and signs, quotes and dashes. A text without them is not searched."""
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
    return _repaired(_text(page, _unpacked(page.body) if page.body.startswith(_GZIP) else page.body))


def _text(page: Page, body: bytes) -> str:
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
    """What gzip holds, of all its members when there are several in a row."""
    data = b""
    while body.startswith(_GZIP):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            data += unpacker.decompress(body, LARGEST + 1 - len(data))
        except zlib.error as error:
            raise Undecodable(f"damaged gzip data: {error}") from error
        if not (data or unpacker.eof):
            raise Undecodable("damaged gzip data: it ends before it begins")
        if unpacker.unconsumed_tail or len(data) > LARGEST:
            raise Undecodable(f"gzip data that unpacks to more than {LARGEST // 1_000_000} MB")
        body = unpacker.unused_data
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


def _repaired(text: str) -> str:
    """Undo UTF-8 that was taken for Windows-1252 and encoded again ("ExtorsiÃ³n"), where a text is full of it."""
    if not any(lead in text for lead in _LEADS):
        return text
    found = len(_DOUBLE.findall(text))
    if found < 3 or found < sum(map(text.count, "áéíóúñ")):
        return text
    return _DOUBLE.sub(_once, text)


def _once(found: re.Match[str]) -> str:
    try:
        return b"".join(_byte(char) for char in found[0]).decode()
    except UnicodeError:
        return found[0]


def _byte(char: str) -> bytes:
    """The byte that was taken for a character; C1 controls stand for bytes that Windows-1252 leaves undefined."""
    return bytes([ord(char)]) if ord(char) < 256 else char.encode("cp1252")


def _guess(body: bytes) -> str:
    """UTF-8 with a few damaged bytes, else Windows-1252."""
    damaged = body.decode("utf-8", "replace").count(_REPLACED)
    high = sum(1 for byte in body[:200_000] if byte > 127)
    return "utf-8" if damaged * 10 < high else "cp1252"
