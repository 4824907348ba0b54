"""Feeds and JSON Lines: valid whatever the press writes, and whole whenever a process is killed."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.gazetteer import gazetteer
from nlp.types import Polarity
from pipeline.alerts.delivery import mail_of
from pipeline.alerts.files import append_lines, feed, write_feed
from pipeline.alerts.records import Alert, Span
from pipeline.alerts.telling import headline, plain, told
from pipeline.export.records import ExportedIncident, exported
from pipeline.incidents import merge
from pipeline.records import Incident, to_dict
from pipeline.sending import NotSent
from tests.pipeline.export_records import EVENT_RECORD

ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2025, 10, 15, 18, tzinfo=UTC)


def _shown(incident: Incident) -> ExportedIncident:
    shown = exported(incident, gazetteer())
    assert isinstance(shown, ExportedIncident)
    return shown


(INCIDENT,) = map(_shown, merge([EVENT_RECORD], {}))


def alert(number: int = 1, text: str = "extorsionan a […]", title: str | None = None) -> Alert:
    """An alert of the incident."""
    incident = INCIDENT
    if title is not None:
        (event,) = incident.events
        gangs = tuple(replace(gang, value=replace(gang.value, name=title)) for gang in incident.gangs)  # type: ignore[arg-type]
        article = replace(event.article, title=title)
        incident = replace(incident, gangs=gangs, events=(replace(event, article=article),))
    source = incident.events[0].article
    span = Span(
        field="trigger",
        start=7,
        end=36,
        text=text,
        article_id=source.id,
        url=source.url,
        content_hash=source.content_hash,
    )
    return Alert(
        id=f"00000000-0000-4000-8000-{number:012d}",
        search="una",
        at=AT,
        news="new",
        changed=(),
        spans=(span,),
        incident=incident,
    )


def test_an_alert_in_words() -> None:
    assert told(alert()) == (
        "Extorsión · Comas, Lima · 14/10/2025 · Los Halcones de Prueba · bodega · S/ 5,000 por semana exigidos\n"
        "Nuevo. 1 nota.\n"
        "  https://ejemplo.pe/lima/nota-1\n"
        "    hecho: «extorsionan a […]» (caracteres 7-36)\n"
        "  Aviso 00000000-0000-4000-8000-000000000001"
    )
    changed = replace(alert(), news="changed", changed=("money", "counts"))
    assert told(changed).split("\n")[1] == "Cambió: monto, víctimas o detenidos. 1 nota."


def test_what_is_denied_says_so() -> None:
    (event,) = INCIDENT.events
    denied = replace(INCIDENT, events=(replace(event, event=replace(event.event, polarity=Polarity.NEGATIVE)),))
    assert headline(denied).startswith("Extorsión · desmentido · Comas, Lima")


def test_a_feed() -> None:
    root = ET.fromstring(feed("/srv/una.xml", [alert(2), alert(1)]))
    assert root.tag == f"{ATOM}feed"
    assert [child.tag.removeprefix(ATOM) for child in root] == [
        "generator", "id", "title", "updated", "author", "entry", "entry",
    ]  # fmt: skip
    assert root.findtext(f"{ATOM}updated") == "2025-10-15T18:00:00+00:00"
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == "urn:uuid:00000000-0000-4000-8000-000000000002"
    assert entry.findtext(f"{ATOM}title") == headline(INCIDENT)
    assert entry.findtext(f"{ATOM}content") == told(alert(2))
    assert [(link.get("rel"), link.get("href")) for link in entry.iter(f"{ATOM}link")] == [
        ("alternate", "https://ejemplo.pe/lima/nota-1")
    ]


HOSTILE = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"']]>\x00\x0b\x1b\u202e\u2028\ufffe\r\n\ud800")),
    max_size=60,
)


@given(HOSTILE, HOSTILE)
def test_a_feed_is_xml_whatever_the_press_writes(text: str, title: str) -> None:
    one = alert(text=text, title=title)
    root = ET.fromstring(feed("/srv/una.xml", [one]))
    entries = list(root.iter(f"{ATOM}entry"))
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [headline(one.incident)]
    assert entries[0].findtext(f"{ATOM}content") == told(one)


@given(HOSTILE, HOSTILE)
def test_an_email_is_one_whatever_the_press_writes(text: str, title: str) -> None:
    message = mail_of([alert(text=text, title=title)], "ana@example.org", "vigia@example.org")
    assert message["Subject"] == "Vigía: 1 aviso de «una»"
    assert bytes(message).partition(b"\n\n")[0].count(b"\n") == 8
    assert sorted(message.keys()) == [
        "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject",
        "To",
    ]  # fmt: skip


@given(HOSTILE)
def test_plain_text_is_one_printable_line(text: str) -> None:
    assert plain(text).isprintable()
    assert plain(plain(text)) == plain(text)


@given(HOSTILE)
def test_lines_are_json_whatever_the_press_writes(text: str) -> None:
    (line,) = _written([alert(text=text)]).split(b"\n")[:-1]
    assert json.loads(line)["id"] == alert().id


def _written(alerts: list[Alert], before: bytes = b"") -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alerts.jsonl"
        if before:
            file.write_bytes(before)
        append_lines(file, alerts)
        return file.read_bytes()


def test_lines_grow() -> None:
    once = _written([alert(1)])
    assert [json.loads(line) for line in once.splitlines()] == [to_dict(alert(1))]
    assert _written([alert(2)], once) == once + _written([alert(2)])


def test_what_is_in_the_file_is_not_written_twice() -> None:
    both = _written([alert(1), alert(2)])
    assert _written([alert(2), alert(3)], both) == both + _written([alert(3)])


def test_a_line_that_was_cut_short_is_written_anew() -> None:
    whole = _written([alert(1), alert(2)])
    first = whole.index(b"\n") + 1
    for cut in {*range(1, 40), first - 1, first, first + 1, first + 30, len(whole) - 1}:
        assert _written([alert(1), alert(2)], whole[:cut]) == whole, cut


@pytest.mark.parametrize("content", [b"dear diary\n", b'{"other": 1}\n', b"\n", b"\xff\xfe"])
def test_another_file_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    for name, write in (("a.jsonl", append_lines), ("f.xml", write_feed)):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(NotSent, match="a file of this name is there"):
            write(file, [alert()])
        assert file.read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "f.xml"]


def test_a_feed_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "una.xml"
    file.touch()
    write_feed(file, [replace(alert(1), search="x" * 3000)])
    write_feed(file, [alert(2)])
    assert file.read_bytes() == feed(str(file), [alert(2)])
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("write", [append_lines, write_feed])
def test_a_folder_that_is_gone(tmp_path: Path, write: object) -> None:
    with pytest.raises(NotSent, match="cannot be written: No such file or directory"):
        write(tmp_path / "gone" / "x", [alert()])  # type: ignore[operator]
