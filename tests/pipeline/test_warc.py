"""Raw responses: what is written is read back byte for byte, and a torn file harms nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from pipeline.archive.warc import Pointer, RawMissing, WarcFolder
from scrapers.items import Exchange
from tests.pipeline.archive_samples import exchange


def write(folder: Path, *exchanges: Exchange, last: Pointer | None = None, **options: int) -> list[Pointer]:
    writer = WarcFolder(folder, **options)
    pointers = []
    for one in exchanges:
        last = writer.write(one, last)
        pointers.append(last)
    writer.close()
    return pointers


def read(folder: Path, pointer: Pointer) -> Exchange:
    return WarcFolder(folder).read(pointer.file, pointer.offset)


def stored(one: Exchange) -> Exchange:
    """An exchange as it comes back: with the length of its body."""
    headers = [header for header in one.response_headers if header[0] not in {"Content-Length", "Transfer-Encoding"}]
    return replace(one, response_headers=[*headers, ("Content-Length", str(len(one.body)))])


def test_exchanges_come_back_by_their_pointers(tmp_path: Path) -> None:
    exchanges = [exchange(b"\x00\xff\r\n\r\nWARC/1.1\r\n" * n) for n in (0, 1, 1000)]
    pointers = write(tmp_path, *exchanges)
    assert [read(tmp_path, pointer) for pointer in pointers] == [stored(one) for one in exchanges]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_files_are_sound_warc_with_requests(tmp_path: Path) -> None:
    (pointer, _) = write(tmp_path, exchange(), exchange(b"2", url="https://diario.example.pe/ñandú?q=a b"))
    path = tmp_path / pointer.file
    checker = Checker(type("Options", (), {"inputs": [str(path)], "verbose": False}))
    assert checker.process_all() == 0
    with path.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["warcinfo", "response", "request", "response", "request"]


def test_headers_are_true_of_the_body_that_is_kept(tmp_path: Path) -> None:
    headers = [("Transfer-Encoding", "chunked"), ("Content-Length", "9"), ("X-Odd", "two\r\nlines")]
    (pointer,) = write(tmp_path, exchange(b"12345", response_headers=headers))
    assert read(tmp_path, pointer).response_headers == [("X-Odd", "two lines"), ("Content-Length", "5")]


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    pointers = write(tmp_path, *[exchange(os.urandom(600)) for _ in range(4)], max_bytes=1500)
    assert len({pointer.file for pointer in pointers}) > 1
    assert all(len(read(tmp_path, pointer).body) == 600 for pointer in pointers)


def test_the_next_writer_goes_on_in_a_sound_file(tmp_path: Path) -> None:
    (first,) = write(tmp_path, exchange())
    (second,) = write(tmp_path, exchange(b"2"), last=first)
    assert second.file == first.file
    assert second.offset == first.offset + first.length


@pytest.mark.parametrize("tear", [-1, -20, 3, 400], ids=lambda tear: f"{tear:+d}")
def test_the_next_writer_leaves_a_torn_file_alone(tmp_path: Path, tear: int) -> None:
    """Killed while it wrote: what follows the last known record is half a record, or one that nobody knows of."""
    first, second = write(tmp_path, exchange(), exchange(b"2"))
    path = tmp_path / first.file
    data = path.read_bytes()
    path.write_bytes(data[:tear] if tear < 0 else data + data[first.offset : first.offset + tear])
    known = first if tear < 0 else second
    (third,) = write(tmp_path, exchange(b"3"), last=known)
    assert third.file != first.file
    assert read(tmp_path, first).body == exchange().body
    assert read(tmp_path, third).body == b"3"


def test_what_is_gone_or_no_record_is_told(tmp_path: Path) -> None:
    (pointer,) = write(tmp_path, exchange())
    with pytest.raises(RawMissing, match="no readable response"):
        read(tmp_path, replace(pointer, offset=pointer.offset + 1))
    with pytest.raises(RawMissing, match="no readable response"):
        read(tmp_path, replace(pointer, offset=0))
    (tmp_path / pointer.file).unlink()
    with pytest.raises(RawMissing, match="is gone"):
        read(tmp_path, pointer)


def test_a_writer_that_failed_does_not_write_behind_its_torn_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = WarcFolder(tmp_path)
    first = writer.write(exchange(), None)

    def full(_record: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(writer, "_write_record", full)
        with pytest.raises(OSError, match="No space left"):
            writer.write(exchange(b"2"), first)
    (tmp_path / first.file).write_bytes((tmp_path / first.file).read_bytes() + b"torn")
    third = writer.write(exchange(b"3"), first)
    writer.close()
    assert third.file != first.file
    assert read(tmp_path, third).body == b"3"


@settings(max_examples=60)
@given(
    body=st.binary(max_size=2000),
    reason=st.text(max_size=20),
    value=st.text(max_size=40),
    path=st.text(max_size=30),
)
def test_any_response_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, reason: str, value: str, path: str
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    one = exchange(body, url="https://diario.example.pe/" + path, reason=reason, response_headers=[("X-Any", value)])
    (pointer,) = write(folder, one)
    back = read(folder, pointer)
    assert (back.body, back.status) == (body, 200)
