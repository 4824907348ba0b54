"""The README and the command line agree; every outlet and command is told of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from typer.main import get_command

from pipeline.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, Any]:
    """Commands by name; those of a group with the group's name before their own."""
    found: dict[str, Any] = {}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", {})
        found |= {name: command} | {f"{name} {own}": one for own, one in below.items()}
    return found


def test_every_command_of_the_readme_exists_and_every_command_is_in_the_readme() -> None:
    told = set(re.findall(r"\| `vigia (\w+)", README))
    assert told == {name for name in commands() if " " not in name}
    assert [name for name in commands() if " " in name and f"vigia {name}" not in README] == []


def test_every_command_and_every_option_has_help() -> None:
    bare = [
        f"{name} {parameter.name}"
        for name, command in commands().items()
        for parameter in command.params
        if parameter.name != "help" and not getattr(parameter, "help", None)
    ]
    assert bare == []
    assert [name for name, command in commands().items() if not command.help] == []


def test_options_in_the_readme_exist() -> None:
    lines = [line for line in README.splitlines() if "vigia " in line and "--" in line and "cron" not in line]
    known = {name: {opt for one in command.params for opt in one.opts} for name, command in commands().items()}
    for line in lines:
        for name, below, rest in re.findall(r"vigia (\w+)( \w+)?([^`|#>]*)", line):
            command = name + below if name + below in known else name
            if command in known:
                for option in re.findall(r"--[a-z-]+", rest):
                    assert option in known[command], f"vigia {command} has no {option}: {line}"


def test_make_targets_of_the_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    text = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`?make ([a-z]+)`?", text)) <= targets | {"it", "the"}


def test_the_number_of_outlets_is_the_readmes() -> None:
    outlets = list((ROOT / "scrapers" / "outlets").glob("*.yaml"))
    assert f"# {len(outlets)} outlets" in README


def test_every_table_tells_where_it_comes_from() -> None:
    folder = ROOT / "nlp" / "data"
    told = set(re.findall(r"`([\w.]+)`", (folder / "ORIGINS.md").read_text(encoding="utf-8")))
    assert {path.name for path in folder.iterdir() if path.suffix in (".csv", ".zip")} - told == set()
