"""``vigia article``: one article, its versions, where it was seen, and what was read out of it."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipeline.archive import Archive, FetchState
from pipeline.archive.keeping import VersionInfo
from pipeline.cli.base import CommandError, ExitCode, app, print_json, state
from pipeline.cli.collect import AsJson, known_outlets
from pipeline.cli.reporting import in_lima
from pipeline.records import Document, to_dict
from scrapers.items import article_id


@app.command()
def article(
    key: Annotated[str, typer.Argument(help="Id of an article, or its address.", metavar="ID")],
    versions: Annotated[
        bool, typer.Option("--versions", help="List its versions, and where each was read, instead of its text.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show how its text changed from version to version.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an article of the archive: its text, its versions, where it was seen, and what was read out of it."""
    with Archive.open(state.settings) as archive:
        shown = _Shown(archive, _id_of(key))
    if as_json:
        print_json(shown.as_dict(diff=diff))
        return
    shown.print_head()
    if versions or diff:
        shown.print_versions()
        if diff:
            shown.print_diff()
    else:
        shown.print_text()
        shown.print_reading()


def _id_of(key: str) -> str:
    if not key.startswith(("http://", "https://")):
        return key
    from scrapers.urls import canonical_url, same_site

    for outlet in known_outlets().values():
        try:
            if same_site(key, outlet):
                return article_id(outlet.identity(canonical_url(key, outlet)))
        except ValueError:
            break
    return article_id(key)


class _Shown:
    """What there is of an article."""

    def __init__(self, archive: Archive, key: str) -> None:
        self.versions: list[VersionInfo] = archive.keeping.versions(key)
        if not self.versions:
            message = f"there is no article {key} in the archive: vigia search finds ids and addresses"
            raise CommandError(message, ExitCode.CONFIGURATION)
        self.newest = self.versions[-1].article
        self.document: Document | None = archive.document(key)
        found: list[FetchState] = archive.fetch_states([self.newest.url])
        self.seen = found[0] if found else None

    def as_dict(self, *, diff: bool) -> dict[str, Any]:
        """Everything, as JSON."""
        shown: dict[str, Any] = {
            "article": to_dict(self.newest),
            "last_outcome": self.seen and self.seen.outcome.value,
            "last_met": self.seen and self.seen.at.isoformat(),
            "versions": [_version_dict(one) for one in self.versions],
            "story": self.document and self.document.story,
            "extraction": to_dict(self.document.extraction) if self.document else None,
        }
        return shown | ({"diffs": ["\n".join(lines) for lines in diffs(self.versions)]} if diff else {})

    def print_head(self) -> None:
        """What it is and where it was seen."""
        one, console = self.newest, state.console
        console.print(f"[bold]{escape(one.title)}[/bold]")
        console.print(f"{one.outlet} · {escape(one.url)}", highlight=False, soft_wrap=True)
        about = [f"published {in_lima(one.published) if one.published else 'at an unknown time'}"]
        about += [f"edited {in_lima(one.modified)}"] if one.modified else []
        about += [", ".join(one.authors)] if one.authors else []
        about += [one.section] if one.section else []
        console.print(escape(" · ".join(about)), highlight=False)
        met = f", last met {in_lima(self.seen.at)}: {self.seen.outcome.replace('_', ' ')}" if self.seen else ""
        console.print(f"id {one.id} · {len(self.versions)} version(s){met} (times are Lima's)", style="dim")

    def print_versions(self) -> None:
        """Each version, and where it was read."""
        for one in self.versions:
            where = one.source or ("the raw response was removed" if one.raw is None else "no such response")
            text = (
                f"\nversion {one.version}, fetched {in_lima(one.article.fetched)}: {len(one.article.text)} characters, "
                f"from the {one.article.body_source.replace('_', '-')} of {where}"
                f"\n  raw {one.raw or '·'}, text {one.article.content_hash[:12]}"
            )
            state.console.print(escape(text), highlight=False, soft_wrap=True)

    def print_diff(self) -> None:
        """How the text changed from version to version."""
        colours = {"+": "green", "-": "red", "@": "cyan"}
        for lines in diffs(self.versions):
            state.console.print()
            for line in lines:
                state.console.print(line, style=colours.get(line[:1]), markup=False, highlight=False, soft_wrap=True)

    def print_text(self) -> None:
        """The newest text."""
        state.console.print()
        state.console.print(self.newest.body, markup=False, highlight=False)

    def print_reading(self) -> None:
        """What was read out of it, in short."""
        state.console.print()
        for line in _reading(self.document):
            state.console.print(escape(line), highlight=False)


def _version_dict(one: VersionInfo) -> dict[str, Any]:
    return {
        "version": one.version,
        "fetched": one.article.fetched.isoformat(),
        "content_hash": one.article.content_hash,
        "body_source": one.article.body_source.value,
        "characters": len(one.article.text),
        "raw": one.raw,
        "source": one.source,
    }


def diffs(versions: Sequence[VersionInfo]) -> Iterator[list[str]]:
    """Unified differences of the text from each version to the next."""
    for old, new in pairwise(versions):
        yield list(
            difflib.unified_diff(
                old.article.text.split("\n"),
                new.article.text.split("\n"),
                f"version {old.version}",
                f"version {new.version}",
                old.article.fetched.isoformat(),
                new.article.fetched.isoformat(),
                n=1,
                lineterm="",
            )
        )


def _reading(document: Document | None) -> Iterator[str]:
    if document is None:
        yield "not read yet: vigia analyze"
        return
    triage = document.extraction.triage
    yield f"read as {triage.kind}, {'relevant' if triage.relevant else 'not relevant'} ({triage.score:.2f})"
    for event in document.extraction.events:
        parts = [
            event.crime_type,
            event.date and str(event.date.start),
            event.place and event.place.name,
            *(
                f"{money.currency} {money.min or money.max:,.0f} {money.role}"
                for money in event.money
                if money.max or money.min
            ),
            *(gang.name for gang in event.gangs),
        ]
        yield "  event: " + " · ".join(str(part) for part in parts if part)
    for claim in document.extraction.claims:
        yield f"  claim: {claim.text}"
    kinds = Counter(str(mention.label) for mention in document.extraction.mentions)
    if kinds:
        yield "  mentions: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    if document.story is not None and document.story != document.article.id:
        yield f"  the same text as article {document.story}"
