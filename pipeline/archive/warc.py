"""Raw responses in WARC files: one gzip member per record, appended, rotated by size, each found again by file and offset.

A process that is killed while it writes leaves a torn record at the end of its file. The next writer sees that the file does
not end where the archive's last pointer says and leaves it alone: what was pointed to stays readable, nothing is written
behind a torn record.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.items import Exchange

MAX_BYTES: Final = 500 * 1024 * 1024
"""A file that has reached this size is followed by a new one."""
_SOFTWARE: Final = "Vigia"
_PLAIN: Final = "".join(map(chr, range(0x20, 0x7F)))


class RawMissing(LookupError):
    """The raw response of a pointer is not there, or not readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where the records of an exchange are."""

    file: str
    """Name within the folder of raw responses."""
    offset: int
    length: int
    """Bytes of its records, response and request."""

    def __str__(self) -> str:
        return f"{self.file}#{self.offset}"


class WarcFolder:
    """A folder of WARC files: one writer appends, any number read."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None
        self._writer: WARCWriter | None = None

    def write(self, exchange: Exchange, last: Pointer | None) -> Pointer:
        """Append an exchange; it is in the file when this returns. ``last`` is the newest pointer that the archive knows."""
        if self._file is None or self._file.tell() >= self._max_bytes:
            self._open(last)
        assert self._file is not None
        file, offset = self._file, self._file.tell()
        try:
            for record in _records(exchange):
                self._write_record(record)
            file.flush()
        except BaseException:
            self._abandon()
            raise
        return Pointer(file=Path(file.name).name, offset=offset, length=file.tell() - offset)

    def read(self, file: str, offset: int) -> Exchange:
        """The exchange at a pointer.

        Raises:
            RawMissing: no such file, or no readable exchange there.
        """
        path = self._folder / file
        try:
            with path.open("rb") as stream:
                stream.seek(offset)
                records = iter(ArchiveIterator(stream))
                return _exchange(records)
        except FileNotFoundError:
            raise RawMissing(f"the raw response is gone: there is no file {path}") from None
        except (StopIteration, ArchiveLoadFailed, EOFError, OSError, ValueError, KeyError, AttributeError) as error:
            raise RawMissing(f"no readable response at {path}#{offset}: {error}") from error

    def sizes(self) -> dict[str, int]:
        """Files and their bytes, oldest first."""
        return {path.name: path.stat().st_size for path in sorted(self._folder.glob("vigia-*.warc.gz"))}

    def copy(self, file: str, kept: Sequence[Pointer]) -> list[Pointer]:
        """A new file with some exchanges of a file, in their order; it is on the disk when this returns."""
        stem, generation = generation_of(file)
        name = f"{stem}-p{generation + 1}.warc.gz"
        moved: list[Pointer] = []
        with (self._folder / file).open("rb") as source, (self._folder / name).open("wb") as target:
            _write_info(WARCWriter(target, gzip=True, warc_version="1.1"), name)
            for pointer in kept:
                source.seek(pointer.offset)
                moved.append(Pointer(file=name, offset=target.tell(), length=pointer.length))
                target.write(source.read(pointer.length))
            target.flush()
            os.fsync(target.fileno())
        return moved

    def remove(self, file: str) -> None:
        """Delete a file."""
        (self._folder / file).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file that is written to, with its bytes on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._file = self._writer = None

    def _abandon(self) -> None:
        """Leave a file that may end in half a record."""
        file, self._file, self._writer = self._file, None, None
        if file is not None:
            with contextlib.suppress(OSError):  # what could not be written cannot be flushed either
                file.close()

    def _open(self, last: Pointer | None) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._intact(last) or self._new_path()
        self._file = path.open("ab")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        if self._file.tell() == 0:
            _write_info(self._writer, path.name)
            self._file.flush()

    def _intact(self, last: Pointer | None) -> Path | None:
        """The file of the newest pointer, if it ends right behind that and is not full."""
        if last is None:
            return None
        path, end = self._folder / last.file, last.offset + last.length
        return path if end < self._max_bytes and path.is_file() and path.stat().st_size == end else None

    def _new_path(self) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        return self._folder / f"vigia-{stamp}-{os.getpid()}.warc.gz"

    def _write_record(self, record: _Record) -> None:
        assert self._writer is not None
        self._writer.write_record(
            self._writer.create_warc_record(
                record.url,
                record.kind,
                payload=io.BytesIO(record.payload),
                length=len(record.payload),
                http_headers=record.headers,
                warc_headers_dict={"WARC-Date": record.date},
            )
        )


def generation_of(file: str) -> tuple[str, int]:
    """What a file's name begins with, and how often it was rewritten with fewer exchanges."""
    found = re.fullmatch(r"(.*?)(?:-p(\d+))?\.warc\.gz", file)
    return (found[1], int(found[2] or 0)) if found else (file, 0)


def _write_info(writer: WARCWriter, name: str) -> None:
    writer.write_record(writer.create_warcinfo_record(name, {"software": _SOFTWARE, "format": "WARC File Format 1.1"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    url: str
    kind: str
    headers: StatusAndHeaders
    payload: bytes
    date: str


def _records(exchange: Exchange) -> tuple[_Record, _Record]:
    date = exchange.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    url = _ascii(exchange.url)
    response = StatusAndHeaders(
        f"{exchange.status} {_ascii(exchange.reason)}", _as_stored(exchange), protocol="HTTP/1.1"
    )
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = [
        ("Host", parts.netloc),
        *((_ascii(name), _ascii(value)) for name, value in exchange.request_headers.items()),
    ]
    request = StatusAndHeaders(f"{target} HTTP/1.1", sent, protocol="GET", is_http_request=True)
    return (
        _Record(url=url, kind="response", headers=response, payload=exchange.body, date=date),
        _Record(url=url, kind="request", headers=request, payload=b"", date=date),
    )


def _as_stored(exchange: Exchange) -> list[tuple[str, str]]:
    """Response headers that are true of the body as it is kept: with its length, and no longer in chunks."""
    kept = [
        (_ascii(name), _ascii(value))
        for name, value in exchange.response_headers
        if name.lower() not in {"content-length", "transfer-encoding"}
    ]
    return [*kept, ("Content-Length", str(len(exchange.body)))]


def _ascii(text: str) -> str:
    """In one line, other characters than ASCII's percent-encoded: a record's headers know no others."""
    return quote(" ".join(text.split()), safe=_PLAIN, errors="replace")


def _exchange(records: ArchiveIterator) -> Exchange:
    response = next(records)
    headers = response.http_headers
    status, _, reason = headers.statusline.partition(" ")
    url, at = response.rec_headers["WARC-Target-URI"], response.rec_headers["WARC-Date"]
    body = response.raw_stream.read()
    request = next(records).http_headers
    return Exchange(
        url=url,
        request_headers={name: value for name, value in request.headers if name != "Host"},
        status=int(status),
        reason=reason,
        response_headers=list(headers.headers),
        body=body,
        at=datetime.fromisoformat(at),
    )
