"""The commands as a user types them, against the newsroom: crawl, outlets, analyze, run, doctor."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.index import Kind, Query, open_index
from tests import postgres_server
from tests.newsroom.content import SITES
from tests.newsroom.server import Newsroom, Resource
from tests.pipeline.newsroom_home import Home
from tests.pipeline.test_notify import Hook, serving

SINCE = ("--since", "2015-01-01")


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def home(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the newsroom was crawled and indexed once."""
    made = Home.make(tmp_path_factory.mktemp("cli"), newsroom)
    done = made.vigia("run", *SINCE)
    assert done.code == 0, done.out + done.err
    return made


def test_outlets_tell_how_they_are_doing(home: Home) -> None:
    reports = home.vigia("outlets", "--json").json
    assert {report["id"]: report["state"] for report in reports} == dict.fromkeys(SITES, "new")
    assert all(report["last_success"] and report["articles"] for report in reports)


def test_a_crawl_of_one_outlet_asks_only_that(home: Home, newsroom: Newsroom) -> None:
    before = Counter(outlet for outlet, _, _ in newsroom.requests())
    done = home.vigia("crawl", "larepublica", *SINCE, "--json")
    assert done.code == 0
    after = Counter(outlet for outlet, _, _ in newsroom.requests())
    assert set(after - before) == {"larepublica"}
    assert {count["outlet"] for count in done.json["run"]["counts"]} == {"larepublica"}


def test_analyze_has_nothing_left_to_do_and_can_do_all_again(home: Home) -> None:
    content = home.content()
    assert home.vigia("analyze", "--json").json["run"]["counts"] == []
    again = home.vigia("analyze", "--all", "--json").json
    assert sum(count["n"] for count in again["run"]["counts"]) == content["numbers"]["extractions"]
    assert home.content() == content


def test_doctor_tells_what_is_there(home: Home) -> None:
    done = home.vigia("doctor", "--json")
    assert done.code == 0
    found = {(finding["subject"], finding["state"]): finding["text"] for finding in done.json}
    assert "es_core_news" in found["models", "ok"]
    assert found["contact", "ok"] == "test@example.org"
    assert "not in it" not in str(found)
    assert ("last run", "ok") in found


def test_doctor_sees_an_index_that_lacks_or_has_what_the_archive_has_not(home: Home) -> None:
    """Nothing waits to be loaded, and yet they differ: a load that was cut off, or somebody else's hand."""
    index = open_index(home.settings)
    events = list(index.scan(Query(kind=Kind.EVENTS)))
    index.delete(Kind.EVENTS, [events[0].id])
    index.close()
    assert f"it holds {len(events) - 1} events, the archive {len(events)}" in home.vigia("doctor").out.replace(
        "\n", " "
    )
    assert home.vigia("index", "--rebuild").code == 0
    assert "it holds" not in home.vigia("doctor").out


def test_doctor_makes_nothing_and_says_what_is_missing(tmp_path: Path) -> None:
    home = Home.make(tmp_path, VIGIA_CONTACT="")
    done = home.vigia("doctor")
    assert done.code == 0, done.err
    assert "vigia run makes it" in done.out
    assert "set VIGIA_CONTACT" in done.out
    assert not (tmp_path / "home").exists()


def test_doctor_on_what_does_not_work(tmp_path: Path) -> None:
    home = Home.make(
        tmp_path,
        VIGIA_MODEL="es_core_news_none",
        VIGIA_DATABASE_URL="postgresql://vigia@127.0.0.1:9/vigia",
        VIGIA_ELASTICSEARCH_URL="http://127.0.0.1:9",
    )
    done = home.vigia("doctor", "--json")
    assert done.code == 1
    errors = [finding["subject"] for finding in done.json if finding["state"] == "error"]
    assert errors == ["models", "archive", "index"]


def test_a_run_whose_index_is_away_keeps_the_rest_and_the_next_run_makes_up_for_it(
    newsroom: Newsroom, tmp_path: Path, home: Home
) -> None:
    other = Home.make(tmp_path, newsroom)
    done = other.vigia("run", *SINCE, VIGIA_ELASTICSEARCH_URL="http://127.0.0.1:9")
    assert done.code == 1
    assert "nothing is lost, the next run indexes it" in done.out
    assert other.vigia("run", *SINCE).code == 0
    assert other.content() == home.content()


def test_a_run_in_pieces_comes_to_the_same(newsroom: Newsroom, tmp_path: Path, home: Home) -> None:
    other = Home.make(tmp_path, newsroom)
    first = other.vigia("run", *SINCE, "--max-minutes", "0.01", "--json")
    assert (first.code, first.json["run"]["state"]) == (0, "out_of_time")
    assert first.json["left"]
    assert other.vigia("run", *SINCE).code == 0
    assert other.content() == home.content()


def test_postgresql_comes_to_the_same(newsroom: Newsroom, tmp_path: Path, home: Home) -> None:
    if postgres_server.programs() is None:
        pytest.skip(postgres_server.MISSING)
    with postgres_server.server() as url:
        other = Home.make(tmp_path, newsroom, VIGIA_DATABASE_URL=url)
        done = other.vigia("run", *SINCE)
        assert done.code == 0, done.out + done.err
        assert other.content() == home.content()
        assert not (other.settings.home / "vigia.db").exists()


def test_the_next_edition_changes_what_changed_and_nothing_else(tmp_path: Path) -> None:
    with Newsroom(edition=1) as newsroom:
        home = Home.make(tmp_path, newsroom)
        assert home.vigia("run", *SINCE).code == 0
        before = home.content()
        newsroom.publish(2)
        done = home.vigia("run", *SINCE, "--json")
    assert done.code == 0
    after = home.content()
    changed = [key for key, versions in after["versions"].items() if before["versions"].get(key, versions) != versions]
    counted = sum(count["n"] for count in done.json["run"]["counts"] if count["outcome"] == "changed")
    assert len(changed) == counted > 0
    kept = [key for key in before["documents"] if key not in changed]
    assert {key: after["documents"][key] | {"story": None} for key in kept} == {
        key: before["documents"][key] | {"story": None} for key in kept
    }


def test_an_outlet_that_does_worse_is_told_of_in_summary_exit_code_list_and_notice(tmp_path: Path) -> None:
    hook = Hook()
    with Newsroom() as newsroom, serving(hook):
        home = Home.make(tmp_path, newsroom, VIGIA_NOTIFY_WEBHOOK_URL=hook.url)
        assert home.vigia("crawl", "rpp", *SINCE).code == 0
        site = newsroom.sites["rpp"]
        site.resources["/rss"] = Resource("text/html", b"<!doctype html><html><title>Volvemos pronto</title></html>")
        done = home.vigia("crawl", "rpp", *SINCE, "--json")
        listed = home.vigia("outlets", "--state", "changed", "--json").json
        assert home.vigia("outlets", "--state", "silent", "--json").json == []
        newsroom.publish(2)
        recovered = home.vigia("crawl", "rpp", *SINCE)
    assert done.code == 1
    (change,) = done.json["changes"]
    assert (change["outlet"], change["before"], change["after"], change["worse"]) == ("rpp", "new", "changed", True)
    assert [(one["id"], one["state"], one["reason"]) for one in listed] == [("rpp", "changed", change["reason"])]
    assert "not a feed" in change["reason"]
    assert recovered.code == 0
    assert "rpp: changed -> new" in recovered.out
    told = [json.loads(body)["changes"] for _, body in hook.got]
    assert [[(one["before"], one["after"]) for one in changes] for changes in told] == [
        [("new", "changed")],
        [("changed", "new")],
    ]


def test_a_machine_that_is_cut_off_says_so_and_blames_no_outlet(tmp_path: Path) -> None:
    hook = Hook()
    with Newsroom() as newsroom:
        home = Home.make(tmp_path, newsroom, VIGIA_NOTIFY_WEBHOOK_URL=hook.url)
        assert home.vigia("crawl", "rpp", *SINCE).code == 0
    with serving(hook):
        runs = [home.vigia("crawl", "rpp", "exitosa", "andina", "--json") for _ in range(3)]
    assert [run.code for run in runs] == [1, 1, 1]
    assert {tuple(run.json["changes"]) for run in runs} == {()}
    assert all("none of 3 outlets could be reached: is this machine connected" in str(run.json) for run in runs)
    assert hook.got == []
