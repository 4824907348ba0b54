"""Articles annotated inline, turned into the JSON Lines of the annotation guide.

An article is a block of lines; blocks are parted by a line ``===``::

    @article id=tr-a-001 outlet=correo published=2025-03-04T10:00:00-05:00 kind=incident crimes=extorsion,banda_criminal
    [Comas|P 150110 incident]: piden [S/ 5 mil|M 5000 PEN month demanded] a dueño de [bodega|B bodega victim]

    Body, paragraphs parted by an empty line, with marks: [Los Rápidos|G Los Rápidos de Comas], [ayer|D 2025-03-03],
    [dos|C 2 arrested], [Juan Ruiz Pérez|PE suspect Chato,Flaco], [penal de Ancón I|PR Ancón I], [WhatsApp|ME amenaza_whatsapp].
    @event crime=extorsion date=2025-03-03 precision=day ubigeo=150110 gangs="Los Rápidos de Comas" businesses=bodega methods=amenaza_whatsapp money="5000 PEN month demanded" arrested=2
    @claim text="más de 500 bodegas" min=500 max=null comparator=over unit=bodegas subject=extorsion scope=15 period=2024 speaker="gremio de bodegueros"

``relevant=false`` stands in ``@article`` where it applies. Ranges of money are ``5000-10000``, ``-20000`` (up to), ``5000-`` (over);
a date may also be the ISO forms of the guide; ``null`` is no value. Lists are parted by commas, names and sums by ``;``.

usage: python -m training.marked FILE … > articles.jsonl
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MARK = re.compile(r"\[([^\[\]|]+)\|(M|P|G|B|PR|PE|ME|D|C)(?: ([^\[\]|]*))?\]")
_LABELS = {
    "M": "MONEY",
    "P": "PLACE",
    "G": "GANG",
    "B": "BUSINESS",
    "PR": "PRISON",
    "PE": "PERSON",
    "ME": "METHOD",
    "D": "DATE",
    "C": "COUNT",
}
_EVERY_OCCURRENCE = {"PLACE", "GANG", "MONEY"}


class MarkError(ValueError):
    """A block that is not well marked; the message names the article."""


def read_block(block: str) -> dict[str, Any]:
    """One article in the guide's form.

    Raises:
        MarkError: a line or mark does not fit, or a place, gang or sum that is marked once stands unmarked elsewhere.
    """
    head, *lines = block.strip("\n").split("\n")
    fields = _fields(head, "@article")
    first_row = next((at for at, line in enumerate(lines) if line.startswith("@")), len(lines))
    text, mentions, bare = _unmark("\n".join(lines[:first_row]).strip(), fields["id"])
    title, _, body = text.partition("\n")
    body = body.strip("\n")
    if f"{title}\n\n{body}" != text:
        raise MarkError(f"{fields['id']}: after the title comes one empty line")
    _check_occurrences(bare, mentions, fields["id"])
    rows = lines[first_row:]
    return {
        "id": fields["id"],
        "outlet": fields["outlet"],
        "published_at": fields["published"],
        "title": title,
        "body": body,
        "relevant": fields.get("relevant") != "false",
        "kind": fields["kind"],
        "crime_types": _list(fields.get("crimes")),
        "mentions": mentions,
        "events": [_event(_fields(row, "@event")) for row in rows if row.startswith("@event")],
        "claims": [_claim(_fields(row, "@claim")) for row in rows if row.startswith("@claim")],
    }


def _fields(line: str, kind: str) -> dict[str, str]:
    name, *pairs = shlex.split(line)
    if name != kind or any("=" not in pair for pair in pairs):
        raise MarkError(f"not a row of {kind} name=value …: {line[:80]}")
    return dict(pair.split("=", 1) for pair in pairs)


def _unmark(marked: str, article: str) -> tuple[str, list[dict[str, Any]], str]:
    text, bare, mentions, position = "", "", [], 0
    for mark in _MARK.finditer(marked):
        plain = marked[position : mark.start()]
        text, bare, position = text + plain, bare + plain, mark.end()
        surface = mark[1]
        label = _LABELS[mark[2]]
        mentions.append(
            {"label": label, "text": surface, "start": len(text), **_value(label, surface, mark[3], article)}
        )
        text += surface
        bare += "\x00" * len(surface)
    text, bare = text + marked[position:], bare + marked[position:]
    if broken := re.search(r".{0,40}[\[\]|].{0,40}", text):
        raise MarkError(f"{article}: a broken mark near {broken[0]!r}")
    for mention in mentions:
        mention["nth"] = _occurrence(text, mention["text"], mention.pop("start"))
    return text, mentions, bare


def _occurrence(text: str, surface: str, start: int) -> int:
    found, nth = -1, 0
    while found < start:
        found, nth = text.find(surface, found + 1), nth + 1
    return nth


def _check_occurrences(bare: str, mentions: list[dict[str, Any]], article: str) -> None:
    for surface in {mention["text"] for mention in mentions if mention["label"] in _EVERY_OCCURRENCE}:
        rest = re.search(rf"(?<!\w){re.escape(surface)}(?!\w)", bare)
        if rest:
            around = bare[max(0, rest.start() - 30) : rest.end() + 20]
            print(f"{article}: {surface!r} stands unmarked in {around!r}", file=sys.stderr)


def _value(label: str, surface: str, inside: str | None, article: str) -> dict[str, Any]:
    try:
        return _READERS[label](inside or surface)
    except (IndexError, ValueError) as error:
        raise MarkError(f"{article}: {label} {surface!r} has {inside!r}") from error


def _business(inside: str) -> dict[str, Any]:
    name, role = inside.rsplit(maxsplit=1)
    return {"business": name, "role": role}


def _person(inside: str) -> dict[str, Any]:
    role, _, aliases = inside.partition(" ")
    return {"role": role, "alias": _list(aliases)}


def _money(inside: str) -> dict[str, Any]:
    amount, currency, period, role = inside.split()
    low, dash, high = amount.partition("-")
    minimum, maximum = _number(low), _number(high if dash else low)
    return {"min": minimum, "max": maximum, "currency": currency, "period": _null(period), "role": role}


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "MONEY": _money,
    "PLACE": lambda inside: {"ubigeo": _null(inside.split()[0]), "role": inside.split()[1]},
    "GANG": lambda inside: {"gang": inside},
    "BUSINESS": _business,
    "PRISON": lambda inside: {"prison": _null(inside)},
    "PERSON": _person,
    "METHOD": lambda inside: {"method": inside.split()[0]},
    "DATE": lambda inside: {"value": inside.split()[0]},
    "COUNT": lambda inside: {"value": int(inside.split()[0]), "of": inside.split()[1]},
}


def _number(text: str | None) -> float | int | None:
    if text in (None, "", "null"):
        return None
    value = float(text)  # type: ignore[arg-type]
    return int(value) if value.is_integer() else value


def _null(text: str | None) -> str | None:
    return None if text in (None, "", "null") else text


def _list(text: str | None, comma: str = ",") -> list[str]:
    return [part.strip() for part in (text or "").split(comma) if part.strip() and part.strip() != "null"]


def _event(fields: dict[str, str]) -> dict[str, Any]:
    return {
        "crime_type": fields["crime"],
        "date": _null(fields.get("date")),
        "date_precision": fields.get("precision") or ("day" if _null(fields.get("date")) else "unknown"),
        "ubigeo": _null(fields.get("ubigeo")),
        "gangs": _list(fields.get("gangs"), ";"),
        "businesses": _list(fields.get("businesses")),
        "methods": _list(fields.get("methods")),
        "money": [_money(sum_) for sum_ in _list(fields.get("money"), ";")],
        "dead": int(fields.get("dead") or 0),
        "injured": int(fields.get("injured") or 0),
        "arrested": int(fields.get("arrested") or 0),
        "prison": _null(fields.get("prison")),
        "official_involvement": _null(fields.get("official")),
    }


def _claim(fields: dict[str, str]) -> dict[str, Any]:
    return {
        "text": fields["text"],
        "nth": int(fields.get("nth") or 1),
        "quantity_min": _number(fields.get("min")),
        "quantity_max": _number(fields.get("max")),
        "comparator": fields.get("comparator") or "exactly",
        "unit": fields["unit"],
        **{name: _null(fields.get(name)) for name in ("subject", "scope", "period", "speaker", "denominator")},
    }


def main(names: list[str]) -> None:
    """Print the articles of the named files."""
    for name in names:
        for block in re.split(r"^===+$", Path(name).read_text(encoding="utf-8"), flags=re.MULTILINE):
            if block.strip():
                print(json.dumps(read_block(block), ensure_ascii=False))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except MarkError as error:
        sys.exit(str(error))
