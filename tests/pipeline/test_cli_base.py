"""The frame of the command line: help, settings, errors as one line with an exit code, times as people write them."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pipeline import logs
from pipeline.archive import Archive, RunState
from pipeline.cli.app import app
from pipeline.cli.base import moment
from pipeline.settings import Settings
from scrapers.items import Outcome
from tests.pipeline.archive_samples import article, fetch

NOW = datetime(2025, 10, 14, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VIGIA_CONTACT", "test@example.org")
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level


def vigia(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def test_version_is_that_of_the_installed_package() -> None:
    result = vigia("--version")
    assert (result.exit_code, result.output) == (0, f"vigia {version('vigia')}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36h", NOW - timedelta(hours=36)),
        ("2d", NOW - timedelta(days=2)),
        ("3w", NOW - timedelta(days=21)),
        ("6m", NOW - timedelta(days=180)),
        (" 1Y ", NOW - timedelta(days=365)),
        ("2025-01-31", datetime(2025, 1, 31, 5, 0, tzinfo=UTC)),
        ("2025-01-31T10:00", datetime(2025, 1, 31, 15, 0, tzinfo=UTC)),
        ("2025-01-31T10:00Z", datetime(2025, 1, 31, 10, 0, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment(text, now=NOW) == expected


@given(st.text(max_size=12))
def test_any_other_text_is_no_moment_or_an_aware_one(text: str) -> None:
    with contextlib.suppress(typer.BadParameter):
        assert moment(text, now=NOW).tzinfo is UTC


@pytest.mark.parametrize("text", ["99999y", "9999-12-31T23:59", "", "-2d", "2 d ago"])
def test_a_time_that_is_none(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no time"):
        moment(text, now=NOW)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("crawl", "elcomerico"), 2, "error: no outlet 'elcomerico': did you mean elcomercio"),
        (("run", "nothing-like-it"), 2, "error: no outlet 'nothing-like-it': `vigia outlets` lists them all"),
        (("runs", "7"), 2, "error: there is no run 7: vigia runs lists them"),
        (("crawl", "--since", "soon"), 2, "'soon' is no time: write 36h, 2d, 3w or a date such as 2025-01-31"),
        (("--config", "nowhere.toml", "runs"), 2, "error: there is no configuration file nowhere.toml"),
        (("--log-level", "loud", "runs"), 2, "one of debug, info, warning, error"),
        (("craw",), 2, "No such command 'craw'"),
        (("read", "/dev/null"), 2, "error: there is no text in /dev/null"),
    ],
)
def test_errors_are_one_line_that_says_what_to_do(arguments: tuple[str, ...], code: int, message: str) -> None:
    result = vigia(*arguments)
    assert (result.exit_code, message in result.stderr) == (code, True), result.output
    assert "Traceback" not in result.output


def test_a_wrong_setting_names_key_and_file(tmp_path: Path) -> None:
    (tmp_path / "vigia.toml").write_text("[crawl]\ncontakt = 'x'")
    result = vigia("runs")
    assert result.exit_code == 2
    assert result.stderr == "error: vigia.toml: unknown key crawl.contakt: did you mean crawl.contact?\n"


def test_an_archive_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    result = vigia("runs")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: cannot make the folder")


def test_an_output_that_knows_no_accents_is_no_fault(tmp_path: Path) -> None:
    """As under cron with ``LC_ALL=C`` on old systems."""
    command = Path(sys.executable).with_name("vigia")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "VIGIA_HOME": str(tmp_path)}
    done = subprocess.run([command, "--help"], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Vig?a watches" in done.stdout


def test_debug_shows_where_an_error_arose() -> None:
    result = vigia("--log-level", "debug", "runs", "7")
    assert result.exception is not None
    assert str(result.exception) == "there is no run 7: vigia runs lists them"


def test_help_is_a_manual() -> None:
    text = " ".join(vigia("--help").output.split())
    for words in (
        "who demanded how much",
        "vigia run --since 2d",
        "Exit codes: 0 fine; 1 partly failed",
        "vigia doctor",
    ):
        assert words in text
    assert text.index("run Crawl") < text.index("search Search") < text.index("prune Remove")
    assert vigia().exit_code == 2


def test_runs_are_listed_and_told_in_full() -> None:
    assert vigia("runs").output == "no run yet: vigia run\n"
    with Archive.open(Settings(home=Path("home").absolute())) as archive:
        archive.begin_run("crawl")
        archive.record(fetch())
        archive.save_article(article(), None)
        archive.record(fetch(Outcome.NEW, url="https://diario.example.pe/1"))
        archive.record(fetch(Outcome.NO_TEXT, url="https://diario.example.pe/2", detail="[bold]no text[/bold]"))
        archive.end_run(RunState.FINISHED)
    (listed,) = json.loads(vigia("runs", "--json").output)
    assert (listed["id"], listed["state"], listed["command"]) == (1, "finished", "crawl")
    assert listed["counts"] == [
        {"stage": "crawl", "outlet": "diario", "outcome": "feed_read", "n": 1},
        {"stage": "crawl", "outlet": "diario", "outcome": "new", "n": 1},
        {"stage": "crawl", "outlet": "diario", "outcome": "no_text", "n": 1},
    ]
    assert "finished" in vigia("runs").output
    whole = json.loads(vigia("runs", "1", "--json").output)
    assert [issue["subject"] for issue in whole["issues"]] == ["https://diario.example.pe/2"]
    assert "no_text 200 diario https://diario.example.pe/2: [bold]no text[/bold]" in vigia("runs", "1").output


def test_outlets_that_ship_are_listed() -> None:
    reports = {report["id"]: report for report in json.loads(vigia("outlets", "--json").output)}
    assert len(reports) == 47
    assert (reports["elcomercio"]["state"], reports["elcomercio"]["reason"]) == ("new", "never asked")
    disabled = [report for report in reports.values() if not report["enabled"]]
    assert disabled
    assert all(report["state"] == "disabled" and report["reason"] for report in disabled)
    assert json.loads(vigia("outlets", "--state", "disabled", "--json").output) == disabled
    assert json.loads(vigia("outlets", "--state", "silent", "--json").output) == []
    assert "47 outlets" in vigia("outlets").output


def test_outlets_say_what_to_do_and_when_they_are_asked_again(tmp_path: Path) -> None:
    shipped = json.loads(vigia("outlets", "--json").output)
    feeds = [entry["url"] for report in shipped if report["id"] == "exitosa" for entry in report["entry_points"]]
    now = datetime.now(UTC).replace(microsecond=0)
    with Archive.open(Settings(home=tmp_path / "home")) as archive:
        for feed in feeds:
            archive.record(
                fetch(
                    Outcome.BLOCKED, outlet="exitosa", url=feed, status=403, at=now, not_before=now + timedelta(hours=3)
                )
            )
    [report] = json.loads(vigia("outlets", "--state", "blocked", "--json").output)
    assert (report["id"], datetime.fromisoformat(report["asked_again"])) == ("exitosa", now + timedelta(hours=3))
    assert "asked again" not in vigia("outlets", "--state", "new").output
    shown = vigia("outlets").output
    assert "asked again" in shown.splitlines()[0]
    assert "blocked: wait, or write to them: refusals are not got around; vigia outlets check exitosa --live" in shown
    assert "silent:" not in shown


def test_outlets_say_that_it_may_be_this_machine(tmp_path: Path) -> None:
    shipped = json.loads(vigia("outlets", "--json").output)
    feeds = [(one["id"], entry["url"]) for one in shipped if one["enabled"] for entry in one["entry_points"]]
    with Archive.open(Settings(home=tmp_path / "home")) as archive:
        for name, feed in feeds:
            archive.record(fetch(Outcome.NETWORK_ERROR, outlet=name, url=feed))
    shown = vigia("outlets").output
    assert "none of them could be reached: is this machine connected (network, DNS, proxy, firewall)?" in shown
    assert "failing: wait while the site is down" not in shown


def test_log_lines_cannot_be_forged(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    logging.getLogger("scrapers").info("title: %s", "a\n2025 ERROR forged\x1b[31m\u2028b")
    logging.getLogger("scrapy.core").info("not shown")
    logging.getLogger("scrapy.core").warning("shown")
    lines = capfd.readouterr().err.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO scrapers: title: a\\n2025 ERROR forged\\x1b[31m\\u2028b",
        "WARNING scrapy.core: shown",
    ]
