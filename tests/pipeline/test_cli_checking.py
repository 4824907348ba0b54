"""``vigia outlets check`` and ``vigia canary`` as a user types them, against the newsroom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline.cli.base import ExitCode
from tests.newsroom.content import SITES
from tests.newsroom.server import Newsroom, Resource
from tests.pipeline.newsroom_home import Home
from tests.pipeline.receivers import Hook, Post, serving


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def home(newsroom: Newsroom, tmp_path: Path) -> Home:
    return Home.make(tmp_path, newsroom)


def test_every_canary_of_the_newsroom_sings_and_nothing_is_stored(home: Home, newsroom: Newsroom) -> None:
    done = home.vigia("canary", "--json")
    assert done.code == ExitCode.FINE, done.out + done.err
    assert {bird["outlet"]: (bird["song"], bird["faults"]) for bird in done.json} == dict.fromkeys(SITES, ("ok", []))
    assert all(bird["title"] and bird["published"] and bird["characters"] > 200 for bird in done.json)
    asked = [(outlet, path) for outlet, path, _ in newsroom.requests()]
    assert len(asked) == 3 * len(SITES)  # robots.txt, the entry point, one page
    assert not Path(home.environment["VIGIA_HOME"]).exists()


def test_a_canary_that_does_not_sing_is_told_of(newsroom: Newsroom, tmp_path: Path) -> None:
    hook, post = Hook(), Post()
    newsroom.sites["rpp"].resources["/rss"] = Resource(
        "text/html", b"<!doctype html><html><title>Volvemos</title></html>"
    )
    with serving(hook), serving(post):
        home = Home.make(
            tmp_path,
            newsroom,
            VIGIA_NOTIFY_WEBHOOK_URL=hook.url,
            VIGIA_NOTIFY_EMAIL_TO="ana@example.org",
            VIGIA_NOTIFY_SMTP_PORT=str(post.port),
        )
        done = home.vigia("canary", "rpp", "andina", "--notify")
        assert home.vigia("canary", "andina", "--notify").code == ExitCode.FINE
    assert done.code == ExitCode.PARTLY_FAILED
    assert "1 failed, 1 ok" in done.out
    fault = f"{newsroom.sites['rpp'].base}/rss: not a feed 200: expected a feed, got an HTML page ('Volvemos')"
    ((_, body),) = hook.got
    assert [(bird["outlet"], bird["song"], bird["faults"]) for bird in json.loads(body)["canaries"]] == [
        ("rpp", "failed", [fault])
    ]
    (mail,) = post.got
    assert "Subject: Vigia: no article came through of 1 outlet(s)" in str(mail)


def test_outlets_that_nobody_ever_saw_answer_do_not_fail_the_canary(home: Home, newsroom: Newsroom) -> None:
    path = Path(home.environment["VIGIA_OUTLETS_DIR"]) / "rpp.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["entry_points"][0] |= {"url": f"{newsroom.sites['rpp'].base}/feed", "status": "guess"}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    done = home.vigia("canary", "rpp", "--json")
    assert (done.code, done.json[0]["song"]) == (ExitCode.FINE, "unproven")


def test_check_tells_what_to_change(home: Home, newsroom: Newsroom) -> None:
    base = newsroom.sites["rpp"].base
    path = Path(home.environment["VIGIA_OUTLETS_DIR"]) / "rpp.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["entry_points"] = [{"kind": "feed", "url": f"{base}/viejo", "status": "checked"}, {"kind": "feed", "url": f"{base}/rss", "status": "guess"}]  # fmt: skip
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    done = home.vigia("outlets", "check", "rpp", "--live", "--json")
    assert done.code == ExitCode.PARTLY_FAILED
    (found,) = done.json
    assert [(one["key"], one["change"]) for one in found["advice"]][:2] == [
        (f"entry_points: {base}/viejo", "take it out, or write its new address"),
        (f"entry_points: {base}/rss", "status: checked"),
    ]
    assert [(entry["outcome"], entry["articles"]) for entry in found["entries"]] == [
        ("http_error", 0),
        ("feed_read", 11),
    ]
    assert found["pages"][0]["source"] == "selector"
    shown = home.vigia("outlets", "check", "rpp", "--live")
    assert (
        f"entry_points: {base}/viejo: take it out, or write its new address (http error 404: 404 Not Found)"
        in shown.out
    )
    assert "1 outlets asked; 1 differ from their files" in shown.out


def test_without_live_nobody_is_asked(home: Home, newsroom: Newsroom) -> None:
    assert home.vigia("outlets", "check", "--json").json == []
    assert list(newsroom.requests()) == []
    shipped = home.vigia("outlets", "check", "wayka", "--json", VIGIA_OUTLETS_DIR="").json
    assert [(row["outlet"], row["url"]) for row in shipped] == [("wayka", "https://wayka.pe/feed/")]


def test_an_outlet_that_does_not_exist(home: Home) -> None:
    done = home.vigia("outlets", "check", "rpo", "--live")
    assert (done.code, "did you mean rpp?" in done.err) == (ExitCode.CONFIGURATION, True)
