"""``vigia index`` and ``vigia search``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.cli.base import LIMA, ExitCode, app, expected_errors, print_json, state
from pipeline.cli.filters import (
    ArticleKindOption,
    BusinessOption,
    CrimeOption,
    GangOption,
    MaxAmountOption,
    MethodOption,
    MinAmountOption,
    OutletOption,
    PlaceOption,
    PrisonOption,
    RelevantOption,
    SinceOption,
    TextArgument,
    UntilOption,
    day_or_moment,
)
from pipeline.cli.reporting import conclude, shown_progress
from pipeline.index import (
    FACETS,
    Hit,
    IndexUnavailable,
    Kind,
    Query,
    QueryError,
    SearchIndex,
    SearchPage,
    Sort,
    WrongVersion,
    open_index,
)
from pipeline.index.names import Names, default_names
from pipeline.records import to_dict
from pipeline.work import working

expected_errors[QueryError] = ExitCode.CONFIGURATION
expected_errors[WrongVersion] = ExitCode.CONFIGURATION
expected_errors[IndexUnavailable] = ExitCode.PARTLY_FAILED

_MARK = "bold yellow"


@app.command()
def index(
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Load everything anew; searches see the old index until the new is complete."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The outcome as JSON.")] = False,
) -> None:
    """Bring the search index up to date with the archive.

    Only what is new or changed is loaded. A load that is killed is carried on by the next. Exit code 1 when the index refused
    a record; the others are in.
    """
    from pipeline.rebuild import rebuild_step
    from pipeline.run import index_step

    with shown_progress() as progress, working(state.settings, "index", progress=progress) as work:
        target = open_index(state.settings)
        try:
            if rebuild:
                rebuild_step(work, target)
            else:
                index_step(work, target)
        finally:
            target.close()
    conclude(work, as_json=as_json)


@app.command()
def search(
    text: TextArgument = "",
    kind: Annotated[Kind, typer.Option("--in", help="What to search.", show_default=True)] = Kind.ARTICLES,
    crime: CrimeOption = None,
    place: PlaceOption = None,
    gang: GangOption = None,
    business: BusinessOption = None,
    method: MethodOption = None,
    prison: PrisonOption = None,
    outlet: OutletOption = None,
    article_kind: ArticleKindOption = None,
    relevant: RelevantOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    min_amount: MinAmountOption = None,
    max_amount: MaxAmountOption = None,
    facet: Annotated[list[str] | None, typer.Option(help=f"Count by: {', '.join(FACETS)}.")] = None,
    size: Annotated[int, typer.Option(help="Hits on a page.", min=0)] = 10,
    page: Annotated[int, typer.Option(help="Which page.", min=1)] = 1,
    sort: Annotated[Sort | None, typer.Option(help="Order; by relevance if there are words, else newest.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON, whole records included.")] = False,
) -> None:
    """Search the articles, or the events, claims and incidents that were read out of them.

    Several values of one option: any of them. Several options: all of them.

    [bold]Examples:[/bold]

    vigia search 'cupos mototaxistas' --crime extorsion --place Comas --since 30d

    vigia search --in events --place 'La Libertad' --min-amount 1000 --facet gang --facet district

    vigia search '"Los Pulpos" (dinamita OR granada) -Trujillo' --sort newest
    """
    query = Query(
        text=text,
        kind=kind,
        crimes=tuple(crime or ()),
        places=tuple(place or ()),
        gangs=tuple(gang or ()),
        businesses=tuple(business or ()),
        methods=tuple(method or ()),
        prisons=tuple(prison or ()),
        outlets=tuple(outlet or ()),
        article_kinds=tuple(article_kind or ()),
        relevant=relevant,
        since=day_or_moment(since),
        until=day_or_moment(until),
        min_amount=min_amount,
        max_amount=max_amount,
        facets=tuple(facet or ()),
        size=size,
        offset=(page - 1) * size,
        sort=sort,
    )
    searched = open_index(state.settings)
    try:
        found = searched.search(query)
        hints = [] if found.total else _hints(searched, query)
    finally:
        searched.close()
    if as_json:
        print_json(_as_json(query, found, page))
    else:
        _Shown(query, found, page, default_names()).print(hints)


def _hints(searched: SearchIndex, query: Query) -> list[str]:
    """What may be wrong when nothing is found."""
    if not searched.count(Query(kind=query.kind)):
        return [f"there are no {query.kind} in the index: vigia run collects and reads, vigia index loads"]
    if not query.gangs:
        return []
    known = searched.search(Query(kind=query.kind, size=0, facets=("gang",), facet_size=1000)).facets["gang"].values
    names = default_names()
    near = [near for gang in query.gangs for near in names.near_gangs(gang, [value.value for value in known])]
    return [f"gangs of similar names: {', '.join(dict.fromkeys(near))}"] if near else []


def _as_json(query: Query, found: SearchPage, page: int) -> dict[str, Any]:
    return {
        "total": found.total,
        "page": page,
        "size": query.size,
        "hits": [to_dict(hit) for hit in found.hits],
        "facets": {name: to_dict(facet) for name, facet in found.facets.items()},
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    """An answer for people."""

    query: Query
    found: SearchPage
    page: int
    names: Names

    def print(self, hints: list[str]) -> None:
        console = state.console
        places = [self.names.place(place) for place in self.query.places]
        where = "; ".join(f"{self.names.place_label(code)} ({code})" for code in places)
        plural = self.query.kind if self.found.total != 1 else self.query.kind.removesuffix("s")
        console.print(f"[bold]{self.found.total}[/bold] {plural}" + (f" in {escape(where)}" if where else ""))
        for hint in hints:
            console.print(f"[yellow]{escape(hint)}[/yellow]")
        for hit in self.found.hits:
            console.print()
            for line in self._hit(hit):
                console.print(line)
        for name in self.found.facets:
            console.print()
            console.print(self._facet(name))
        shown = self.query.offset + len(self.found.hits)
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
        lines.append(Text(f"  {article['url']}", style="dim"))
        return lines

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
