"""The registry of criminal groups that the press has named, and the linking of a name to one of its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nlp.lexicon import LexiconError, fold, read_table, split_cell

_ARTICLES = ("los ", "las ", "la ", "el ")
_SPELLINGS = {"bayobar": "bayovar", "ng": "nueva generacion", "ii": "2", "segunda": "2", "chuquis": "chukis"}
"""Ways to write one word, as the press varies them; keys and values are folded."""
_ONE_CITY = frozenset({"07", "15"})


class Needs(StrEnum):
    """How much must stand around a name of the registry before it is believed to be the group."""

    NOTHING = "nothing"
    CRIME = "crime"
    """The article tells crimes."""
    CUE = "cue"
    """The name is also an ordinary one: it needs a cue of its own, as an unknown name does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GangRow:
    """A row of ``gangs.csv``."""

    id: str
    name: str
    needs: Needs
    regions: frozenset[str]
    """UBIGEO codes of the regions where it was seen; empty when it acts anywhere, or when that is not known."""
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Rows by the key of each of their names, and the keys that are no gangs."""

    rows: dict[str, tuple[GangRow, ...]]
    not_gangs: dict[str, str]
    """Key -> what it is: place, company, music, sport, police, case, media, people or other."""
    not_gang_endings: dict[str, str]
    """The same by the last words of keys: what ends in "de la cumbia" makes music."""

    def other_thing(self, key: str) -> str | None:
        """What the name is known to be instead of a gang."""
        known = self.not_gangs.get(key)
        return known or next((kind for end, kind in self.not_gang_endings.items() if key.endswith(end)), None)


def key_of(name: str) -> str:
    """What two spellings of one name share: folded, without the article, the usual variants made one."""
    folded = fold(name)
    for article in _ARTICLES:
        if folded.startswith(article) and len(folded) > len(article):
            folded = folded[len(article) :]
            break
    return " ".join(_SPELLINGS.get(word, word) for word in folded.split())


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The tables.

    Raises:
        LexiconError: a table is missing or a row does not fit.
    """
    rows: dict[str, list[GangRow]] = defaultdict(list)
    columns = frozenset({"id", "name", "aliases", "type", "parent", "regions", "needs", "source"})
    for cells in read_table("gangs.csv", columns):
        row = _row(cells)
        for key in dict.fromkeys(key_of(name) for name in (row.name, *split_cell(cells["aliases"]))):
            rows[key].append(row)
    others = [(cells["name"], cells["kind"]) for cells in read_table("gang_false_positives.csv", _PAIR)]
    return Registry(
        rows={key: tuple(found) for key, found in rows.items()},
        not_gangs={key_of(name): kind for name, kind in others if not name.startswith("* ")},
        not_gang_endings={f" {fold(name)}": kind for name, kind in others if name.startswith("* ")},
    )


_PAIR = frozenset({"name", "kind"})


def _row(cells: dict[str, str]) -> GangRow:
    try:
        needs = Needs(cells["needs"])
    except ValueError:
        raise LexiconError(f"nlp/data/gangs.csv: {cells['id']}: needs is {cells['needs']!r}") from None
    regions = frozenset(split_cell(cells["regions"]))
    return GangRow(id=cells["id"], name=cells["name"], needs=needs, regions=regions, parent=cells["parent"] or None)


def link(key: str, regions: Collection[str]) -> GangRow | None:
    """The only row that a name can mean in an article about these regions; ``None`` when none or several can.

    A name that is known from other regions only is another gang of the same name. Lima and Callao are one city.
    """
    known = registry().rows.get(key, ())
    area = set(regions)
    if area & _ONE_CITY:
        area |= _ONE_CITY
    fitting = [row for row in known if not row.regions or not area or row.regions & area]
    return fitting[0] if len(fitting) == 1 else None
