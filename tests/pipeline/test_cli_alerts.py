"""``vigia alerts`` over a real archive; once as a process of its own."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.archive import Archive
from pipeline.cli.app import app
from tests.pipeline.alerts.world import arrive, report
from tests.pipeline.index.generated import place
from tests.pipeline.newsroom_home import Done, Home
from tests.pipeline.receivers import Hook, Post, serving


class Here(Home):
    """A home whose commands run in this process, which is quicker."""

    def vigia(self, *arguments: str, **more: str) -> Done:
        result = CliRunner().invoke(app, list(arguments), env=self.environment | more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Done(code=result.exit_code, out=result.stdout, err=result.stderr)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.chdir(tmp_path)
    handlers, level = logging.root.handlers[:], logging.root.level
    yield Here.make(tmp_path)
    logging.root.handlers[:], logging.root.level = handlers, level


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    with serving(server):
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    server = Post()
    with serving(server):
        yield server


def add(home: Home, *arguments: str, name: str = "una") -> Done:
    return home.vigia("alerts", "add", name, *arguments)


def bring(home: Home, *slugs: str, **facts: object) -> None:
    with Archive.open(home.settings) as archive:
        arrive(archive, *(report(slug, date=None, published=None, **facts) for slug in slugs))


def counts(done: Done) -> dict[str, int]:
    return {count["outcome"]: count["n"] for count in json.loads(done.out)["run"]["counts"]}


def test_a_round(tmp_path: Path) -> None:
    home = Home.make(tmp_path)
    file = tmp_path / "a.jsonl"
    bring(home, "before")
    done = add(home, "cupos", "--crime", "extorsion", "--place", "Lima", "--jsonl", str(file), "--feed", "f.xml")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"saved: of what is new from now on, una tells feed:{tmp_path}/f.xml, jsonl:{file}\n"
    assert counts(home.vigia("alerts", "run", "--json")) == {}
    bring(home, "after", "other")
    bring(home, "north", place=place("130104"))
    done = home.vigia("alerts", "run", "--json")
    assert (done.code, counts(done)) == (0, {"matched": 2, "delivered": 4})
    assert {json.loads(line)["search"] for line in file.read_text(encoding="utf-8").splitlines()} == {"una"}
    assert (tmp_path / "f.xml").read_text(encoding="utf-8").count("<entry>") == 2
    assert "alerts:" not in home.vigia("alerts", "run").out
    (listed,) = home.vigia("alerts", "list", "--json").json
    del listed["created"]
    assert listed == {
        "name": "una",
        "asked": "cupos --crime extorsion --place Lima",
        "within": "7d",
        "targets": [f"feed:{tmp_path}/f.xml", f"jsonl:{file}"],
        "error": None,
        "broken": None,
        "alerts": 2,
        "waiting": 0,
    }
    assert home.vigia("alerts", "show", "una", "--json").json["asked"] == listed["asked"]
    assert "cupos --crime extorsion --place Lima" in home.vigia("alerts", "show", "una").out
    made = home.vigia("alerts", "deliveries", "una", "--json").json
    assert [(one["search"], one["settled"] is None, one["attempts"]) for one in made] == [("una", False, 1)] * 4
    assert home.vigia("alerts", "deliveries", "--waiting").out == "no alert yet\n"
    assert home.vigia("alerts", "remove", "una").out == "removed: una\n"
    assert home.vigia("alerts", "list").out == "no search is saved yet: vigia alerts add\n"
    assert home.vigia("alerts", "remove", "una").code == 2


def test_a_trial_tells_what_is_there_and_can_be_sent(home: Home, hook: Hook, post: Post) -> None:
    mail = {"VIGIA_NOTIFY_SMTP_HOST": "127.0.0.1", "VIGIA_NOTIFY_SMTP_PORT": str(post.port)}
    bring(home, "a", "b")
    add(home, "--place", "Comas", "--webhook", hook.url, "--email", "ana@example.org", "--jsonl", "a.jsonl")
    done = home.vigia("alerts", "test", "una", "--limit", "1", "--json")
    assert (done.json["total"], len(done.json["alerts"])) == (2, 1)
    told = home.vigia("alerts", "test", "una").out
    assert told.count("Extorsión · Comas, Lima · bodega\nNuevo. 1 nota.\n") == 2
    assert told.endswith("2 incident(s) found\n")
    done = home.vigia("alerts", "test", "una", "--send", **mail)
    assert (done.code, len(hook.got), len(post.got)) == (0, 1, 1)
    assert home.vigia("alerts", "deliveries", "--json").json == []
    hook.status = 500
    done = home.vigia("alerts", "test", "una", "--send", **mail)
    assert (done.code, "not sent to webhook" in done.err, len(post.got)) == (1, True, 2)


def test_what_fails_is_told_everywhere(home: Home, hook: Hook) -> None:
    hook.status = 500
    add(home, "--webhook", hook.url + "/geheim")
    add(home, "--crime", "robo", "--jsonl", "a.jsonl", name="rota")
    with Archive.open(home.settings) as archive:
        record = archive.alerting.search("rota")
        assert record is not None
        archive.alerting.replace_search("rota", record.record.replace("robo", "robho"), ["jsonl:a"])
    bring(home, "a")
    done = home.vigia("alerts", "run")
    assert done.code == 1
    assert "alerts could not be delivered to webhook:http://127.0.0.1:" in done.out
    assert "the saved search rota is broken: there is no crime 'robho': did you mean robo" in done.out
    checked = home.vigia("doctor").out
    assert "the saved search rota is broken: there is no crime" in checked
    assert "which failed 1 time(s): answered 500" in checked
    assert "broken since" in home.vigia("alerts", "list").out
    assert "failed 1 time(s): answered 500" in home.vigia("alerts", "deliveries", "--waiting").out
    assert home.vigia("alerts", "run").code == 1
    hook.status = 200
    assert add(home, "--crime", "robo", "--jsonl", "a.jsonl", "--replace", name="rota").code == 0
    done = home.vigia("alerts", "run", "--retry", "--json")
    assert (done.code, counts(done)) == (0, {"delivered": 1})
    everything = " ".join(home.vigia("alerts", *line).out for line in (["list"], ["deliveries"], ["show", "una"]))
    assert "geheim" not in everything + checked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--crime", "robo"], "say who is to be told: --email, --webhook, --feed or --jsonl"),
        (["--email", "ana"], "'ana' is no e-mail address"),
        (["--email", "ana@example.org\nBcc: todos@example.org"], "is no e-mail address"),
        (["--email", "ana@example.org,beto@example.org"], "is no e-mail address"),
        (["--email", "Ana <ana@example.org>"], "is no e-mail address"),
        (["--webhook", "http://hooks.example.org/x"], "or set notify.allow_http"),
        (["--webhook", "https://u:p@hooks.example.org/x"], "holds no user and password"),
        (["--webhook", "https://h.example/" + "x" * 1000], "too many characters"),
        (["--feed", "/nowhere/at/all.xml"], "there is no folder /nowhere/at"),
        (["--jsonl", "."], "is no file"),
        (["--jsonl", "a\nb.jsonl"], "cannot be printed"),
        (["--place", "Comaz", "--jsonl", "a"], "did you mean Comas"),
        (['"cupos', "--jsonl", "a"], "this quotation mark is not closed (character 1 of the query)"),
        (["--within", "soon", "--jsonl", "a"], "is no length of time: write 36h, 2d or 3w"),
        (["--kind", "incident", "--jsonl", "a"], "No such option"),
    ],
)
def test_a_search_that_cannot_be_saved(home: Home, arguments: list[str], said: str) -> None:
    done = add(home, *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.replace("│", " ").split())
    assert home.vigia("alerts", "list", "--json").json == []


@pytest.mark.parametrize("name", ["../x", "Una", "", "a b", "-a", "x" * 65, "a\n"])
def test_a_name_that_is_none(home: Home, name: str) -> None:
    assert add(home, "--jsonl", "a.jsonl", name=name).code == 2


def test_a_name_is_given_once(home: Home) -> None:
    assert add(home, "--jsonl", "a.jsonl").code == 0
    done = add(home, "--jsonl", "b.jsonl")
    assert (done.code, "there is a saved search una already" in done.err) == (2, True)
    assert add(home, "--jsonl", "b.jsonl", "--replace").code == 0
    for command in ("show", "test", "deliveries"):
        done = home.vigia("alerts", command, "nadie")
        assert (done.code, "there is no saved search 'nadie': vigia alerts list" in done.err) == (2, True)


def test_without_encryption_by_decision(home: Home) -> None:
    assert add(home, "--webhook", "http://hooks.example.org/x").code == 2
    allowed = home.vigia("alerts", "add", "una", "--webhook", "http://hooks.example.org/x", VIGIA_NOTIFY_ALLOW_HTTP="1")
    assert allowed.out == "saved: of what is new from now on, una tells webhook:http://hooks.example.org/…\n"
