"""Bytes -> text, whatever they were declared to be."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import decoding
from scrapers.decoding import Undecodable, decode
from tests.scrapers.pages_read import response

TEXT = "<p>Extorsión en Ñaña: “cupo” de S/ 500</p>"
PLAIN = "<p>Extorsión en Ñaña: cupo de S/ 500</p>"
META = '<meta charset="iso-8859-1">'


def encoded_twice(text: str) -> bytes:
    """UTF-8 taken for Windows-1252, as browsers read it, and encoded again."""
    undefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    return "".join(
        chr(byte) if byte in undefined else bytes([byte]).decode("cp1252") for byte in text.encode()
    ).encode()


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (TEXT.encode(), "text/html; charset=utf-8", TEXT),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        ((META + TEXT).encode(), "text/html", META + TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", TEXT),
        (TEXT.encode("cp1252"), "text/html", TEXT),
        (PLAIN.encode("latin-1"), "text/html; charset=ISO-8859-1", PLAIN),
        ((META + PLAIN).encode("latin-1"), "", META + PLAIN),
        (b'<?xml version="1.0" encoding="ISO-8859-15"?>' + PLAIN.encode("iso-8859-15"), "", f'<?xml version="1.0" encoding="ISO-8859-15"?>{PLAIN}'),
        (b"\xef\xbb\xbf" + TEXT.encode(), "", TEXT),
        (TEXT.encode("utf-16"), "", TEXT),
        (TEXT.encode("utf-16-le"), "text/html", TEXT),
        (TEXT.encode("utf-16-be"), "text/html", TEXT),
        (TEXT.encode() * 50 + b"\xc3", "", TEXT * 50 + "\N{REPLACEMENT CHARACTER}"),
        (PLAIN.encode("latin-1"), "text/html; charset=utf-7", PLAIN),
        (PLAIN.encode("latin-1"), "text/html; charset=punycode", PLAIN),
        (PLAIN.encode("latin-1"), "text/html; charset=zlib_codec", PLAIN),
        (TEXT.encode().decode("latin-1").encode(), "", TEXT),
        (encoded_twice(f"{TEXT} — en Áncash"), "", f"{TEXT} — en Áncash"),
        ("El título “São Paulo” y Â¡ya!".encode(), "", "El título “São Paulo” y Â¡ya!"),
        (gzip.compress(TEXT.encode(), mtime=0), "application/gzip", TEXT),
        (b"".join(gzip.compress(part.encode()) for part in (TEXT[:9], TEXT[9:])), "application/gzip", TEXT),
        (b"", "", ""),
    ],
)  # fmt: skip
def test_decode(body: bytes, kind: str, text: str) -> None:
    assert decode(response(body, kind=kind)) == text


def test_damaged_gzip() -> None:
    with pytest.raises(Undecodable, match="damaged"):
        decode(response(b"\x1f\x8b\x08\x00broken"))


def test_gzip_bomb_is_refused_without_unpacking_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LARGEST", 1_000_000)
    with pytest.raises(Undecodable, match="more than 1 MB"):
        decode(response(gzip.compress(b"\x00" * 20_000_000)))


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-16", "text/xml; charset=latin-1", "x; charset=ñ"]),
)
def test_any_bytes_give_text(body: bytes, kind: str) -> None:
    if not body.startswith(b"\x1f\x8b"):
        assert isinstance(decode(response(body, kind=kind)), str)
