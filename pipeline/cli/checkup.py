"""What ``vigia doctor`` looks at. Nothing is made or changed by looking."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlalchemy.engine import make_url

from pipeline.alerts.records import shown_target
from pipeline.archive import Archive, ArchiveError, RunState
from pipeline.cli.keep import GIGABYTE, size
from pipeline.cli.reporting import in_lima
from pipeline.index import IndexState, IndexUnavailable, Kind, open_index
from pipeline.settings import Settings

LITTLE: Final = GIGABYTE
"""Bytes free below which the disk is soon full: some days of raw responses and index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. A ``note`` is worth knowing; an ``error`` keeps something from working."""

    subject: str
    state: Literal["ok", "note", "error"]
    text: str


def examine(settings: Settings) -> list[Finding]:
    """Look at everything."""
    key = None
    findings = [*_settings(settings), *_outlets(settings)]
    models, key = _models(settings)
    findings += models
    findings += _archive(settings, key)
    findings += _index(settings)
    return findings


def _settings(settings: Settings) -> Iterator[Finding]:
    yield _home(settings.home)
    if settings.crawl.contact:
        yield Finding(subject="contact", state="ok", text=settings.crawl.contact)
    else:
        yield Finding(
            subject="contact", state="note", text="not set: outlets cannot reach you; set VIGIA_CONTACT to an address"
        )
    if settings.crawl.allow_private_addresses:
        text = "outlets on private addresses are allowed (VIGIA_ALLOW_PRIVATE_ADDRESSES): for tests only"
        yield Finding(subject="safety", state="note", text=text)


def _home(home: Path) -> Finding:
    """The folder of the data, and what is free on its disk."""
    there = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    text = f"{home}, {size(free)} free on its disk"
    if not os.access(there, os.W_OK):
        return Finding(subject="home", state="error", text=f"{home} cannot be written to by this user: set VIGIA_HOME")
    return Finding(subject="home", state="ok" if free >= LITTLE else "error" if not free else "note", text=text)


def _outlets(settings: Settings) -> Iterator[Finding]:
    from scrapers.outlet import OutletError, load_outlets

    try:
        known = load_outlets(settings.outlets_dir).values()
    except OutletError as error:
        yield Finding(subject="outlets", state="error", text=str(error))
        return
    enabled = [outlet for outlet in known if outlet.enabled]
    guesses = sum(outlet.guess_only for outlet in enabled)
    text = f"{len(known)} known, {len(enabled)} enabled"
    yield Finding(
        subject="outlets",
        state="note" if guesses else "ok",
        text=text + (f", {guesses} of them by entry points that nobody has seen answer" if guesses else ""),
    )


def _models(settings: Settings) -> tuple[list[Finding], str | None]:
    """Findings, and the key of what would be read with."""
    from nlp.extract import MODELS, ModelError, downgrades, load, loaded_models, pipeline_key

    try:
        nlp = load(settings.nlp.models)
    except ModelError as error:
        return [Finding(subject="models", state="error", text=str(error))], None
    models = loaded_models(nlp)
    loaded = ", ".join(f"{model.name} {model.version}" for model in models)
    findings = [Finding(subject="models", state="ok", text=f"loaded: {loaded}")]
    if MODELS[0] not in {model.name for model in models}:
        text = f"{MODELS[0]} is not in use: names of people and companies are found less often; make setup fetches it"
        findings.append(Finding(subject="models", state="note", text=text))
    findings += [
        Finding(subject="models", state="error", text=f"the rules read alone: {why}") for why in downgrades(nlp)
    ]
    if not settings.nlp.transformer:
        findings.append(
            Finding(subject="models", state="note", text="the transformer is switched off (nlp.transformer)")
        )
    return findings, pipeline_key(nlp)


def _archive(settings: Settings, key: str | None) -> Iterator[Finding]:
    if (file := archive_file(settings)) is not None and not file.exists():
        yield Finding(subject="archive", state="note", text=f"{file} is not there yet: vigia run makes it")
        return
    try:
        with Archive.open(settings) as archive:
            yield from _contents(archive, settings, key)
    except ArchiveError as error:
        yield Finding(subject="archive", state="error", text=str(error))


def _contents(archive: Archive, settings: Settings, key: str | None) -> Iterator[Finding]:
    numbers = archive.numbers()
    counted = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in numbers.items())
    yield Finding(subject="archive", state="ok", text=f"{settings.archive_name}: {counted}")
    if key is not None and (waiting := archive.count_pending_analysis(key)):
        text = f"{waiting} article(s) are not read, or by other models or rules: vigia analyze"
        yield Finding(subject="archive", state="note", text=text)
    if rejects := archive.rejects():
        text = f"{len(rejects)} record(s) were rejected; the last: {rejects[-1].stage} {rejects[-1].id}: {rejects[-1].reason}"
        yield Finding(subject="rejects", state="note", text=text)
    yield from _alerts(archive)
    for run in archive.runs(1):
        good = run.state in {RunState.FINISHED, RunState.OUT_OF_TIME, RunState.RUNNING}
        text = f"{run.command}, {in_lima(run.started)} (Lima): {run.state.replace('_', ' ')}"
        yield Finding(subject="last run", state="ok" if good else "note", text=text)


def _alerts(archive: Archive) -> Iterator[Finding]:
    searches = archive.alerting.searches()
    if searches:
        yield Finding(subject="alerts", state="ok", text=f"{len(searches)} saved search(es)")
    for search in searches:
        if search.error is not None:
            text = f"the saved search {search.name} is broken: {search.error}; save it anew with --replace"
            yield Finding(subject="alerts", state="error", text=text)
    for waiting in archive.outbox.waiting():
        if waiting.attempts:
            text = (
                f"{waiting.alerts} wait for {shown_target(waiting.target)}, which failed {waiting.attempts} time(s): "
            )
            yield Finding(subject="alerts", state="error", text=f"{text}{waiting.error}")


def _index(settings: Settings) -> Iterator[Finding]:
    if settings.elasticsearch.url is None and not settings.index_dir.exists():
        yield Finding(subject="index", state="note", text="no embedded index yet: vigia index makes it")
        return
    try:
        index = open_index(settings)
        try:
            there = index.describe()
        finally:
            index.close()
    except IndexUnavailable as error:
        yield Finding(subject="index", state="error", text=str(error))
        return
    counted = ", ".join(f"{n} {kind}" for kind, n in there.counts.items())
    text = f"{there.backend} {there.version}, templates {there.templates}, {there.where}: {counted}"
    yield Finding(subject="index", state="ok", text=text)
    if there.lifecycle is not None:
        kept = settings.elasticsearch.lifecycle.told in there.lifecycle
        yield Finding(subject="lifecycle", state="ok" if kept else "note", text=there.lifecycle)
    if there.health not in {None, "green"}:
        text = (
            f"{there.health}: copies of the index are missing, a node may be down; nothing is lost while it is yellow"
        )
        yield Finding(subject="index", state="note" if there.health == "yellow" else "error", text=text)
    yield from _behind(settings, there)


def _behind(settings: Settings, there: IndexState) -> Iterator[Finding]:
    if (file := archive_file(settings)) is not None and not file.exists():
        return
    try:
        with Archive.open(settings) as archive:
            yield from _compared(archive, there)
    except ArchiveError:
        return  # said above


def _compared(archive: Archive, there: IndexState) -> Iterator[Finding]:
    """An index that has taken all that the archive holds has as many of each kind: no more, and no fewer."""
    if waiting := archive.count_pending_index(there.target):
        text = f"{waiting} article(s) of the archive are not in it: vigia index"
        yield Finding(subject="index", state="note", text=text)
        return
    refused = any(reject.stage.endswith(f":{there.target}") for reject in archive.rejects())
    if there.lifecycle is not None or refused or next(archive.pending_incidents(there.target), None):
        return
    numbers = archive.numbers()
    for kind, table in _TABLES.items():
        if there.counts[kind] != numbers[table]:
            text = (
                f"it holds {there.counts[kind]} {kind}, the archive {numbers[table]}: unless a load is on, "
                "vigia index --rebuild makes it anew"
            )
            yield Finding(subject="index", state="note", text=text)


_TABLES = {Kind.ARTICLES: "extractions", Kind.EVENTS: "events", Kind.CLAIMS: "claims", Kind.INCIDENTS: "incidents"}
"""Kinds of entry and what the archive calls them; an article is indexed when it was read."""


def archive_file(settings: Settings) -> Path | None:
    """The file of an SQLite archive."""
    url = make_url(settings.archive_url)
    return Path(url.database) if url.drivername == "sqlite" and url.database else None
