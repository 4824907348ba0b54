"""Answers of the index as people read them: hits with passages, or a table; facets beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.cli.base import LIMA, state
from pipeline.cli.reporting import in_lima
from pipeline.index import Hit, Kind, Query, SearchPage, syntax
from pipeline.index.amounts import Amounts
from pipeline.index.names import Names
from pipeline.refused import Refused

TABLE_WIDTH = 150
"""Columns that a table takes where there is no terminal to ask."""
MOST_TOLD = 8
"""Words of a hit that are shown because they tell what was asked for."""
_MARK = "bold yellow"


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer for people."""

    query: Query
    found: SearchPage
    page: int
    names: Names
    sums: Mapping[str, tuple[Amounts, ...]] = field(default_factory=dict)
    """Group -> its percentiles."""
    as_table: bool = False
    """One line a hit, without passages."""

    def print(self, hints: list[str]) -> None:
        """Show it on standard output; ``hints`` come first."""
        console = state.console
        written = syntax.fields(syntax.parse(self.query.text), "place")
        asked = dict.fromkeys((*self.query.places, *(field.value for field in written)))
        places = dict.fromkeys(self.names.place(place) for place in asked)
        where = "; ".join(f"{self.names.place_label(code)} ({code})" for code in places)
        plural = self.query.kind if self.found.total != 1 else self.query.kind.removesuffix("s")
        console.print(f"[bold]{self.found.total}[/bold] {plural}" + (f" in {escape(where)}" if where else ""))
        for hint in hints:
            console.print(f"[yellow]{escape(hint)}[/yellow]")
        if self.as_table and self.found.hits:
            console.print()
            console.print(self._table(), width=max(console.width, TABLE_WIDTH))
        for hit in () if self.as_table else self.found.hits:
            console.print()
            for line in self._hit(hit):
                console.print(line, soft_wrap=not console.is_terminal)
        for name, facet in self.found.facets.items():
            if facet.values or facet.missing:
                console.print()
                console.print(self._facet(name))
        for group, amounts in self.sums.items():
            console.print()
            console.print(_percentiles(group, amounts))
        shown = self.query.offset + len(self.found.hits)
        if not self.found.hits and 0 < self.found.total <= self.query.offset:
            console.print(f"the last page is --page {-(-self.found.total // self.query.size)}", style="yellow")
        if self.found.hits and shown < self.found.total:
            console.print(f"\n{self.query.offset + 1} to {shown}; more: --page {self.page + 1}", style="dim")

    def _hit(self, hit: Hit) -> list[Text]:
        article = _article_of(hit)
        head = Text(f"{_day(article['published'])}  {article['outlet']}  ", style="dim")
        head.append(article["title"], style="bold not dim")
        lines = [head]
        if facts := _facts(hit):
            lines.append(Text(f"  {facts}", style="cyan"))
        lines += [Text("  … ") + marked for marked in _passages(hit)]
        if told := _told(hit):
            lines.append(told)
        lines.append(Text(f"  {article['url']}", style="dim"))
        return lines

    def _table(self) -> Table:
        columns = _COLUMNS[self.query.kind]
        table = Table(header_style="bold", show_lines=False, box=SIMPLE)
        for name in columns:
            table.add_column(name, overflow="fold")
        for hit in self.found.hits:
            cells = _cells(hit, self.names)
            table.add_row(*(escape(cells.get(name) or "") for name in columns))
        return table

    def _facet(self, name: str) -> Table:
        facet = self.found.facets[name]
        table = Table(box=None, header_style="bold", pad_edge=False)
        table.add_column(name)
        table.add_column(str(self.query.kind), justify="right")
        for value in facet.values:
            label = value.label if value.label == value.value else f"{value.label} ({value.value})"
            table.add_row(escape(label), str(value.count))
        for label, count in (("others", facet.other), ("without", facet.missing)):
            if count:
                table.add_row(label, str(count), style="dim")
        return table


def _percentiles(group: str, amounts: Sequence[Amounts]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, title="soles demanded or paid", title_justify="left")
    for name in (group, "per"):
        table.add_column(name)
    for name in ("sums", "p25", "p50", "p75", "p90"):
        table.add_column(name, justify="right")
    for one in amounts:
        numbers = [f"{number:,.0f}" for number in (one.p25, one.p50, one.p75, one.p90)]
        table.add_row(escape(one.label), (one.period or "not told").removeprefix("per_"), str(one.sums), *numbers)
    return table


def refused_table(found: Sequence[Refused]) -> Table | str:
    """What an index refused, a line each."""
    if not found:
        return "the index has refused nothing"
    table = Table(header_style="bold", box=SIMPLE)
    for name in ("kind", "id", "tried", "reason"):
        table.add_column(name, overflow="fold")
    for one in found:
        table.add_row(one.kind, one.id, in_lima(one.at), escape(one.reason))
    return table


def _article_of(hit: Hit) -> dict[str, Any]:
    article: dict[str, Any] = (
        hit.source["events"][0]["article"] if hit.kind is Kind.INCIDENTS else hit.source["article"]
    )
    return article


def _day(published: str | None) -> str:
    return datetime.fromisoformat(published).astimezone(LIMA).strftime("%Y-%m-%d") if published else "no date   "


def _passages(hit: Hit) -> list[Text]:
    found = []
    for passage in hit.highlights:
        text = Text(passage.text.replace("\n", " "))
        for start, end in passage.marks:
            text.stylize(_MARK, start - passage.start, end - passage.start)
        found.append(text)
    return found


def _told(hit: Hit) -> Text | None:
    """The words that tell what was asked for; in passages of articles they are marked already."""
    words = dict.fromkeys((one.field, one.text) for one in hit.told) if hit.kind is not Kind.ARTICLES else {}
    if not words:
        return None
    line = Text("  told by ", style="dim")
    for number, (name, text) in enumerate([*words][:MOST_TOLD]):
        line.append((" · " if number else "") + f"{name} ")
        line.append(text.replace("\n", " "), style=f"{_MARK} not dim")
    return line


def _facts(hit: Hit) -> str:
    """An event, claim or incident in one line."""
    match hit.kind:
        case Kind.EVENTS:
            return _event_line(hit.source["event"])
        case Kind.INCIDENTS:
            reports = len({record["article"]["id"] for record in hit.source["events"]})
            return f"{_event_line(hit.source['events'][0]['event'])} · {reports} article{'s' if reports > 1 else ''}"
        case Kind.CLAIMS:
            claim = hit.source["claim"]
            return " · ".join(part for part in (claim["text"], claim["speaker"], claim["scope"]) if part)
        case _:
            return ""


_COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.ARTICLES: ("published", "outlet", "title"),
    Kind.EVENTS: ("date", "crime", "place", "business", "money", "gang", "outlet"),
    Kind.INCIDENTS: ("date", "crime", "place", "business", "money", "gang", "articles"),
    Kind.CLAIMS: ("published", "claim", "scope", "speaker", "outlet"),
}


def _cells(hit: Hit, names: Names) -> dict[str, str | None]:
    """Columns of a table's row."""
    article = _article_of(hit)
    cells = {"published": _day(article["published"]), "outlet": article["outlet"], "title": article["title"]}
    match hit.kind:
        case Kind.EVENTS:
            return cells | _event_cells(hit.source["event"], names)
        case Kind.INCIDENTS:
            reports = len({record["article"]["id"] for record in hit.source["events"]})
            return cells | _event_cells(hit.source["events"][0]["event"], names) | {"articles": str(reports)}
        case Kind.CLAIMS:
            claim = hit.source["claim"]
            scope = claim["scope"] and names.place_label(claim["scope"])
            return cells | {"claim": claim["text"], "scope": scope, "speaker": claim["speaker"]}
        case _:
            return cells


def _event_cells(event: dict[str, Any], names: Names) -> dict[str, str | None]:
    place, told = event["place"], event["date"]
    doubts = [] if event["modality"] == "asserted" else [event["modality"]]
    doubts += [] if event["polarity"] == "positive" else ["denied"]
    return {
        "date": told and (told["start"] if told["start"] == told["end"] else f"{told['start']}/{told['end']}"),
        "crime": event["crime_type"] + (f" ({', '.join(doubts)})" if doubts else ""),
        "place": place and (names.place_label(place["ubigeo"]) if place["ubigeo"] else place["name"]),
        "business": ", ".join(business["type"] for business in event["businesses"]),
        "money": "; ".join(_sum(money) for money in event["money"]),
        "gang": ", ".join(gang["name"] for gang in event["gangs"]),
    }


def _event_line(event: dict[str, Any]) -> str:
    place, told = event["place"], event["date"]
    parts = [
        event["crime_type"] + ("" if event["polarity"] == "positive" else " (denied)"),
        "" if event["modality"] == "asserted" else event["modality"],
        place["name"] if place else "",
        told["start"] if told else "",
        ", ".join(gang["name"] for gang in event["gangs"]),
        ", ".join(business["type"] for business in event["businesses"]),
        ", ".join(_sum(money) for money in event["money"]),
    ]
    return " · ".join(part for part in parts if part)


def _sum(money: dict[str, Any]) -> str:
    low, high = money["min"], money["max"]
    if low is not None and high is not None:
        bounds = f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    else:
        bounds = f"over {low:,.0f}" if low is not None else f"up to {high or 0:,.0f}"
    period = f" per {money['period']}" if money["period"] and money["period"] != "once" else ""
    return f"{money['currency']} {bounds}{period} {money['role']}"
