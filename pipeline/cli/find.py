"""``vigia index`` and ``vigia search``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from pipeline.archive import Archive
from pipeline.asked import Asked
from pipeline.cli.base import ExitCode, app, expected_errors, print_json, state
from pipeline.cli.filters import TextArgument, asking
from pipeline.cli.found import Shown, refused_table
from pipeline.cli.reporting import conclude, shown_progress
from pipeline.index import (
    FACETS,
    IndexUnavailable,
    Kind,
    Query,
    QueryError,
    SearchIndex,
    SearchPage,
    Sort,
    WrongVersion,
    open_index,
    syntax,
)
from pipeline.index.amounts import GROUPS, Amounts, find_amounts
from pipeline.index.flatten import gang_key
from pipeline.index.names import default_names
from pipeline.index.results import OF_PLACES
from pipeline.records import to_dict
from pipeline.work import working

expected_errors[QueryError] = ExitCode.CONFIGURATION
expected_errors[WrongVersion] = ExitCode.CONFIGURATION
expected_errors[IndexUnavailable] = ExitCode.PARTLY_FAILED


@app.command()
def index(
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Load everything anew; searches see the old index until the new is complete."),
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="List the records that this index refused, with its reasons; load nothing.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Load what is new or changed, and try again what this index refused.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The outcome, or the list of --failed, as JSON.")] = False,
) -> None:
    """Bring the search index up to date with the archive.

    Only what is new or changed is loaded. A load that is killed is carried on by the next. Exit code 1 when the index refused
    a record; the others are in. A refused record is not tried again before it changes, or --retry says so.
    """
    from pipeline.loading import index_step
    from pipeline.rebuild import rebuild_step
    from pipeline.refused import forget_refused

    if rebuild + failed + retry > 1:
        raise typer.BadParameter("choose one of --rebuild, --failed and --retry")
    if failed:
        _show_refused(as_json=as_json)
        return
    with shown_progress() as progress, working(state.settings, "index", progress=progress) as work:
        target = open_index(state.settings)
        try:
            if retry:
                forget_refused(work.archive, target)
            (rebuild_step if rebuild else index_step)(work, target)
        finally:
            target.close()
    conclude(work, as_json=as_json)


def _show_refused(*, as_json: bool) -> None:
    from pipeline.refused import find_refused

    searched = open_index(state.settings)
    try:
        with Archive.open(state.settings) as archive:
            found = find_refused(archive, searched)
    finally:
        searched.close()
    if as_json:
        print_json([to_dict(one) for one in found])
    else:
        state.console.print(refused_table(found))


@app.command()
@asking()
def search(
    text: TextArgument = "",
    kind: Annotated[Kind, typer.Option("--in", help="What to search.", show_default=True)] = Kind.ARTICLES,
    *,
    asked: Asked,
    facet: Annotated[list[str] | None, typer.Option(help=f"Count by: {', '.join(FACETS)}.")] = None,
    facet_size: Annotated[int, typer.Option(help="Values of a facet; of times the last ones.", min=1)] = 10,
    percentiles: Annotated[
        list[str] | None,
        typer.Option(help=f"Events, incidents: sums demanded or paid, p25 to p90, by: {', '.join(GROUPS)}."),
    ] = None,
    size: Annotated[int, typer.Option(help="Hits on a page.", min=0)] = 10,
    page: Annotated[int, typer.Option(help="Which page.", min=1)] = 1,
    sort: Annotated[Sort | None, typer.Option(help="Order; by relevance if there are words, else newest.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Relevance fades with age: halved after 30 days.")] = False,
    like: Annotated[str | None, typer.Option(help="Id of one: others that share the words that tell it apart.")] = None,
    after: Annotated[
        str | None, typer.Option(help="What --json gave as after: the page that follows, in the order of time.")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="One line a hit, without passages.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON, whole records included.")] = False,
) -> None:
    """Search the articles, or the events, claims and incidents that were read out of them.

    Several values of one option: any of them. Several options: all of them.

    [bold]Examples:[/bold]

    vigia search 'cupos mototaxistas' --crime extorsion --place Comas --since 30d

    vigia search --in events --place 'La Libertad' --min-amount 1000 --facet gang --facet district

    vigia search --in events --near Comas --km 10 --facet week --percentiles business --size 0

    vigia search '"Los Pulpos" (dinamita OR granada) -Trujillo' --sort newest
    """
    query = replace(asked, text=text).query(
        kind,
        facets=tuple(facet or ()),
        facet_size=facet_size,
        size=size,
        offset=(page - 1) * size,
        sort=sort,
        like=like,
        after=after,
        fresh=datetime.now(UTC) if fresh else None,
    )
    searched = open_index(state.settings)
    try:
        found = searched.search(query)
        names = default_names(state.settings.synonyms)
        sums = {group: find_amounts(searched, query, group, names) for group in percentiles or ()}
        hints = [] if found.total else _hints(searched, query)
    finally:
        searched.close()
    if as_json:
        print_json(_as_json(query, found, page, sums))
    else:
        Shown(query, found, page, names, sums, as_table=table).print(hints)


def _hints(searched: SearchIndex, query: Query) -> list[str]:
    """What may be wrong when nothing is found."""
    if not searched.count(Query(kind=query.kind)):
        return [f"there are no {query.kind} in the index: vigia run collects and reads, vigia index loads"]
    tree = syntax.parse(query.text)
    hints = [hint for name in _OPEN for hint in _similar(searched, query, name, tree)]
    hints += _unknown_words(searched, query, tree)
    hints += [
        f'{field.value} ends before {field.more}: a name of several words is written {field.name}:"{field.value} {field.more}"'
        for field in syntax.fields(tree, *syntax.FIELDS)
        if field.more and " " not in field.value  # one of several words was read whole
    ]
    if any(isinstance(leaf, syntax.Bare) and leaf.text in _LOWER for leaf in syntax.leaves(tree)):
        hints.append("OR, AND and NOT are written in capitals; or, and, not are words like any other")
    return hints


_OPEN = {"gang": "gangs", "outlet": "outlets", "prison": "prisons"}
"""Fields of which any name may be asked for, and the filter of each."""
_LOWER = frozenset({"or", "and", "not"})


def _similar(searched: SearchIndex, query: Query, name: str, tree: syntax.Node | None) -> Iterator[str]:
    """Names in the index that are like one that was asked for."""
    asked = [*getattr(query, _OPEN[name]), *(field.value for field in syntax.fields(tree, name))]
    if not asked:
        return
    known = _known(searched, query, name)
    same = {gang_key(wanted) for wanted in asked}
    near = [one for wanted in asked for one in default_names().similar(wanted, known) if gang_key(one) not in same]
    if near:
        yield f"{_OPEN[name]} of similar names: {', '.join(dict.fromkeys(near))}"
    elif unknown := [wanted for wanted in asked if gang_key(wanted) not in map(gang_key, known)]:
        yield f"no {query.kind} have the {name} {', '.join(unknown)}"


def _known(searched: SearchIndex, query: Query, name: str) -> list[str]:
    """The commonest values of a field."""
    there = searched.search(Query(kind=query.kind, size=0, facets=(name,), facet_size=1000)).facets[name].values
    return [value.value for value in there]


def _unknown_words(searched: SearchIndex, query: Query, tree: syntax.Node | None) -> Iterator[str]:
    """Words that nothing has, with words of gangs' and places' names that are like them."""
    words = [leaf.text for leaf in syntax.leaves(tree) if isinstance(leaf, syntax.Bare)][:MOST_WORDS]
    missing = [word for word in dict.fromkeys(words) if not searched.count(Query(kind=query.kind, text=word))]
    gangs = _known(searched, query, "gang") if missing else []
    for word in missing:
        near = default_names().near_word(word, gangs)
        yield f"no {query.kind} have {word}" + (f": did you mean {near}?" if near else "")


MOST_WORDS = 10
"""Words of a query that are looked up one by one when nothing is found."""


def _as_json(query: Query, found: SearchPage, page: int, sums: Mapping[str, tuple[Amounts, ...]]) -> dict[str, Any]:
    facets = {name: to_dict(facet) for name, facet in found.facets.items()}
    for name in OF_PLACES & facets.keys():
        for value in facets[name]["values"]:
            value["lat"], value["lon"] = default_names().point(value["value"]) or (None, None)
    told = {"percentiles": {group: [to_dict(one) for one in amounts] for group, amounts in sums.items()}}
    return {
        "total": found.total,
        "page": page,
        "size": query.size,
        "after": found.after,
        "hits": [to_dict(hit) for hit in found.hits],
        "facets": facets,
    } | (told if sums else {})
