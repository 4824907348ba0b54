"""Quality of the reading on annotated articles, by the scorer of the annotation guide.

    python -m benchmarks.evaluate --scorer SCORE.PY --gold FOLDER|FILE… [--held-out NAME] [--errors LABEL] [--json]

``vigia extract`` reads every file; the scorer compares. Articles in the files named ``--held-out`` (stems) are those that
rules are not tuned on; both figures are printed, side by side. Folders are searched for ``*.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HELD_OUT = ("organised_crime", "heldout_a", "heldout_b", "heldout_c")
"""Stems of the files that nobody reads while writing rules."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scorer", type=Path, required=True, help="the scorer, a Python file")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="annotated articles")
    parser.add_argument("--held-out", nargs="*", default=list(HELD_OUT), help="stems of the files held out")
    parser.add_argument(
        "--errors", help="list the errors of a label, of events, claims or relevance (development only)"
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    arguments = parser.parse_args()
    files = [file for path in arguments.gold for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    missing = [str(path) for path in (arguments.scorer, *files) if not path.is_file()]
    if missing or not files:
        parser.error(
            f"not there: {', '.join(missing) or 'annotated articles (*.jsonl)'}; name them with SCORER=… and DEVSET=…"
        )
    parts = {
        "development": [file for file in files if file.stem not in arguments.held_out],
        "held out": [file for file in files if file.stem in arguments.held_out],
    }
    figures = {
        name: score(arguments.scorer, members, arguments.errors if name == "development" else None)
        for name, members in parts.items()
        if members
    }
    if arguments.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def score(scorer: Path, gold: list[Path], errors: str | None) -> dict[str, dict[str, Any]]:
    """Rows of the scorer by label."""
    with tempfile.TemporaryDirectory() as folder:
        together, predicted = Path(folder) / "gold.jsonl", Path(folder) / "predicted.jsonl"
        together.write_text(
            "".join(file.read_text(encoding="utf-8").rstrip("\n") + "\n" for file in gold), encoding="utf-8"
        )
        vigia = [sys.executable, "-c", "from pipeline.cli import main; main()"]
        subprocess.run([*vigia, "extract", str(together), "--out", str(predicted)], check=True)
        command = [sys.executable, str(scorer), str(together), str(predicted), "--json"]
        done = subprocess.run(
            command + (["--errors", errors] if errors else []), check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
    rows: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return rows


def show(figures: dict[str, dict[str, dict[str, Any]]]) -> None:
    """One table for each part: how many there are, how many were found, and how many with all fields right."""
    console = Console(width=None if sys.stdout.isatty() else 220)
    for name, rows in figures.items():
        table = Table("", "gold", "found", "precision", "recall", "F1", "all fields F1", "fields", title=name)
        for label, row in rows.items():
            fields = "  ".join(f"{key[:-9]} {value:.2f}" for key, value in row.items() if key.endswith("_accuracy"))
            figures_ = [f"{row[key]:.3f}" for key in ("precision", "recall", "f1", "all_fields_f1")]
            table.add_row(label, str(row["gold"]), str(row["predicted"]), *figures_, fields)
        console.print(table)


if __name__ == "__main__":
    sys.exit(main())
