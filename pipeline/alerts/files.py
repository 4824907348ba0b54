"""Alerts in files: an Atom feed, which is written anew and takes its name when it is complete, and JSON Lines, which grow.

Both are only ever written over what Vigía wrote: another file of that name stays as it is.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

from lxml import etree
from lxml.builder import ElementMaker

from pipeline.alerts.records import Alert
from pipeline.alerts.telling import headline, plain, told
from pipeline.records import to_dict
from pipeline.sending import NotSent

ENTRIES: Final = 100
"""Newest alerts that a feed shows."""
_ATOM: Final = "http://www.w3.org/2005/Atom"
_E: Final = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
_GENERATOR: Final = "Vigía"
_HEAD: Final = 500
"""Bytes of a feed within which it says whose it is."""
_OURS: Final = b'{"schema": "vigia.alert/'
_TAIL: Final = 1 << 20
"""Bytes at the end of JSON Lines that are looked through for what was written before a kill."""


def write_feed(path: Path, alerts: Sequence[Alert]) -> None:
    """Write an Atom feed (RFC 4287) of alerts, newest first, in the place of the one there.

    Raises:
        NotSent: it cannot be written, or another file of that name is there.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        if path.exists() and not _is_ours(path):
            raise NotSent("a file of this name is there that is no feed of Vigía: name another")
        part.unlink(missing_ok=True)
        with part.open("xb") as out:
            out.write(feed(str(path), alerts))
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise NotSent(f"cannot be written: {error.strerror}") from error


def _is_ours(path: Path) -> bool:
    with path.open("rb") as there:
        head = there.read(_HEAD)
    return not head or f"<generator>{_GENERATOR}</generator>".encode() in head


def feed(name: str, alerts: Sequence[Alert]) -> bytes:
    """The feed itself; ``name`` makes its id."""
    root = _E.feed(
        _E.generator(_GENERATOR),  # first, where it is looked for before the file is written over
        _E.id(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'vigia:{name}')}"),
        _E.title("Vigía: " + ", ".join(sorted({alert.search for alert in alerts}))),
        _E.updated(max(alert.at for alert in alerts).isoformat()),
        _E.author(_E.name("Vigía")),
        *map(_entry, alerts),
    )
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _entry(alert: Alert) -> etree._Element:
    urls = dict.fromkeys(one.article.url for one in alert.incident.events)
    links = [plain(url) for url in urls if url.startswith(("http://", "https://"))]
    entry: etree._Element = _E.entry(
        _E.id(f"urn:uuid:{alert.id}"),
        _E.title(headline(alert.incident)),
        _E.updated(alert.at.isoformat()),
        _E.category(term=alert.search),
        *(_E.link(rel="related" if number else "alternate", href=url) for number, url in enumerate(links)),
        _E.content(told(alert), type="text"),
    )
    return entry


def append_lines(path: Path, alerts: Sequence[Alert]) -> None:
    """Append alerts to a file, one JSON a line. A line that a kill has cut short is taken out, and what is there stays out.

    Raises:
        NotSent: it cannot be written, or holds something else.
    """
    try:
        with path.open("a+b") as out:
            there = _mended(out)
            lines = [line for alert in alerts if alert.id.encode() not in there for line in (_line(alert),)]
            out.write(b"".join(lines))
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise NotSent(f"cannot be written: {error.strerror}") from error


def _line(alert: Alert) -> bytes:
    return json.dumps(to_dict(alert), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _mended(out: BinaryIO) -> bytes:
    """The end of the file, which ends with a whole line from now on."""
    out.seek(0)
    head = out.read(len(_OURS))
    if head != _OURS[: len(head)]:
        raise NotSent("a file of this name is there that holds no alerts of Vigía: name another")
    size = out.seek(0, os.SEEK_END)
    out.seek(max(0, size - _TAIL))
    tail = out.read()
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        out.truncate(size - len(tail) + whole)
    return tail[:whole]
