"""``vigia alerts``: saved searches that tell of what is new."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.alerts.delivery import mail_of
from pipeline.alerts.essence import RULES
from pipeline.alerts.matching import stand
from pipeline.alerts.news import note_news
from pipeline.alerts.records import (
    DEFAULT_WITHIN,
    EMAIL,
    FEED,
    JSONL,
    WEBHOOK,
    Alert,
    AlertError,
    SavedSearch,
    checked_name,
    email_target,
    file_target,
    shown_target,
    webhook_target,
)
from pipeline.alerts.step import alerts_step
from pipeline.alerts.telling import told
from pipeline.alerts.trial import trial
from pipeline.archive import Archive
from pipeline.archive.alerting import StoredSearch
from pipeline.asked import Asked
from pipeline.cli.base import CommandError, ExitCode, app, expected_errors, print_json, state
from pipeline.cli.collect import AsJson, MaxMinutes
from pipeline.cli.filters import OF_ARTICLES, TextArgument, asking
from pipeline.cli.reporting import conclude, shown_progress
from pipeline.index.names import default_names
from pipeline.moments import NoTime
from pipeline.records import decode, encode, to_dict
from pipeline.sending import Mailer, NotSent, post_json
from pipeline.stop import Stop
from pipeline.work import working

expected_errors[AlertError] = ExitCode.CONFIGURATION
expected_errors[NoTime] = ExitCode.CONFIGURATION

alerts = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(
    alerts,
    name="alerts",
    help="Saved searches: be told by e-mail, webhook, feed or file of every incident that is new, or changed in what matters.",
)
Name = Annotated[str, typer.Argument(help="Name of the saved search.", metavar="NAME")]
_ANY_AGE = "any"


def find_stored(archive: Archive, name: str) -> StoredSearch:
    """A saved search by its name.

    Raises:
        CommandError: there is none.
    """
    stored = archive.alerting.search(name)
    if stored is None:
        raise CommandError(f"there is no saved search {name!r}: vigia alerts list", ExitCode.CONFIGURATION)
    return stored


@alerts.command()
@asking(without=OF_ARTICLES)
def add(
    name: Annotated[
        str, typer.Argument(help="Its name: small letters, digits, - and _, as cupos-comas.", metavar="NAME")
    ],
    text: TextArgument = "",
    *,
    asked: Asked,
    email: Annotated[list[str] | None, typer.Option(help="Tell this address.", metavar="ADDRESS")] = None,
    webhook: Annotated[
        list[str] | None, typer.Option(help="POST each alert as JSON, signed as notices are.", metavar="URL")
    ] = None,
    feed: Annotated[list[Path] | None, typer.Option(help="Keep an Atom feed in this file.", metavar="FILE")] = None,
    jsonl: Annotated[
        list[Path] | None, typer.Option(help="Append each alert to this file as a line of JSON.", metavar="FILE")
    ] = None,
    within: Annotated[
        str,
        typer.Option(
            help="Only incidents whose latest report is not older than this when it comes in: 7d, 24h, 4w; any: of any age.",
            metavar="TIME",
        ),
    ] = DEFAULT_WITHIN,
    replacing: Annotated[
        bool,
        typer.Option("--replace", help="Put it in the place of the one of this name, which goes on from where it was."),
    ] = False,
) -> None:
    """Save a search. It is asked of every incident that comes in from now on, or changes in crime, place, gang, business, money,
    method, counts of victims and arrests, prison, officials, or is denied. One more article on the same is no news.

    Words and filters are those of vigia search. Times such as --since 30d are counted from when it is asked.

    [bold]Example:[/bold]  vigia alerts add cupos-comas mototaxistas --crime extorsion --place Comas --email ana@example.org
    """
    targets = (
        *(email_target(one) for one in email or ()),
        *(webhook_target(one, allow_http=state.settings.notify.allow_http) for one in webhook or ()),
        *(file_target(FEED, one) for one in feed or ()),
        *(file_target(JSONL, one) for one in jsonl or ()),
    )
    if not targets:
        raise AlertError("say who is to be told: --email, --webhook, --feed or --jsonl")
    saved = SavedSearch(
        name=checked_name(name),
        asked=replace(asked, text=text),
        targets=tuple(dict.fromkeys(targets)),
        within=None if within == _ANY_AGE else within,
    )
    stand("", saved, now=datetime.now(UTC), names=default_names(state.settings.synonyms))
    _save(saved, replacing=replacing)
    shown = ", ".join(map(shown_target, saved.targets))
    state.console.print(f"saved: of what is new from now on, {escape(name)} tells {escape(shown)}", highlight=False)


def _save(saved: SavedSearch, *, replacing: bool) -> None:
    _begin()
    record, now = encode(saved).decode(), datetime.now(UTC)
    with Archive.open(state.settings) as archive:
        if replacing:
            done = archive.alerting.replace_search(saved.name, record, saved.targets)
            done = done or archive.alerting.add_search(str(uuid.uuid4()), saved.name, record, at=now)
        else:
            done = archive.alerting.add_search(str(uuid.uuid4()), saved.name, record, at=now)
    if not done:
        raise AlertError(f"there is a saved search {saved.name} already: give another name, or --replace")


def _begin() -> None:
    """The first time: what is there now is no news."""
    with Archive.open(state.settings) as archive:
        begun = archive.alerting.rules() == RULES
    if not begun:
        with shown_progress() as progress, working(state.settings, "alerts", progress=progress) as work:
            if note_news(work.archive.alerting, work.stop, now=datetime.now(UTC)) is None:
                raise CommandError("stopped before what is there was looked through: do it again")


@alerts.command("test")
def try_out(
    name: Name,
    since: Annotated[
        str | None,
        typer.Option(help="Look at incidents reported since: 30d, 48h. Without it, as far back as it looks."),
    ] = None,
    limit: Annotated[int, typer.Option(help="How many of the newest to show.", min=1)] = 10,
    send: Annotated[
        bool, typer.Option("--send", help="Send the newest one, as a trial, to its e-mail addresses and webhooks.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a saved search would tell of the incidents that are in the archive. Nothing is noted; with --send one is sent."""
    with Archive.open(state.settings) as archive:
        saved = decode(SavedSearch, find_stored(archive, name).record)
        if since is not None:
            saved = replace(saved, within=since)
        total, found = trial(
            archive, saved, now=datetime.now(UTC), names=default_names(state.settings.synonyms), limit=limit
        )
    if as_json:
        print_json({"total": total, "alerts": [to_dict(alert) for alert in found]})
    else:
        for alert in found:
            state.console.print(told(alert), markup=False, highlight=False, soft_wrap=True)
        state.console.print(f"{total} incident(s) found", highlight=False)
    if send:
        _send_one(saved, found)


def _send_one(saved: SavedSearch, found: list[Alert]) -> None:
    if not found:
        raise CommandError("nothing was found that could be sent: try a greater --since", ExitCode.CONFIGURATION)
    settings, trial_alert = state.settings.notify, replace(found[0], id=str(uuid.uuid4()))
    failed = False
    for target in saved.targets:
        kind, _, where = target.partition(":")
        try:
            if kind == EMAIL:
                with Mailer(settings) as mailer:
                    mailer.send(mail_of([trial_alert], where, settings.email_from))
            elif kind == WEBHOOK:
                headers = {"Idempotency-Key": trial_alert.id}
                post_json(where, encode(trial_alert), secret=settings.webhook_secret, headers=headers)
            else:
                continue
            state.errors.print(f"sent to {escape(shown_target(target))}", highlight=False)
        except NotSent as error:
            failed = True
            state.errors.print(
                f"[red]not sent to {escape(shown_target(target))}:[/red] {escape(str(error))}", highlight=False
            )
    if failed:
        raise typer.Exit(ExitCode.PARTLY_FAILED)


@alerts.command()
def remove(name: Name) -> None:
    """Remove a saved search, and its alerts with it, those that wait to be delivered too."""
    with Archive.open(state.settings) as archive:
        find_stored(archive, name)
        archive.alerting.remove_search(name)
    state.console.print(f"removed: {escape(name)}", highlight=False)


@alerts.command("run")
def run_alerts(
    at_once: Annotated[
        bool, typer.Option("--retry", help="Try what could not be delivered again now, and not when its pause is over.")
    ] = False,
    max_minutes: MaxMinutes = None,
    as_json: AsJson = False,
) -> None:
    """Match what is new, and deliver what waits; vigia run does the same at its end.

    Exit code 1 when a saved search is broken or something could not be delivered; it waits and is tried again.
    """
    stop = Stop(max_minutes and max_minutes * 60)
    with shown_progress() as progress, working(state.settings, "alerts", stop=stop, progress=progress) as work:
        if at_once:
            work.archive.outbox.hurry()
        alerts_step(work)
    conclude(work, as_json=as_json)
