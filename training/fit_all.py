"""Fit every table of weights anew to all annotated articles but the held-out ones: ``python -m training.fit_all [--others CORPUS.tsv]``.

Some ten minutes on two cores, most of them for claims. Triage, which needs other news beside, is left as it is without ``--others``
(:mod:`training.fit_triage`). What is fitted stands on what was fitted before it, so the order counts: mentions, then what is made of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.evaluate import HELD_OUT

ROOT = Path(__file__).parents[1]
FOLDERS = ("tests/newsroom/articles", "training/articles")
ROLES = ("money", "person", "business", "method", "gang")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--others", type=Path, help="news that reports no crime in Peru, as for training.fit_triage")
    for step in steps(parser.parse_args().others):
        subprocess.run([sys.executable, "-m", *step], check=True, cwd=ROOT)  # noqa: S603 our own modules and files


def articles() -> list[str]:
    """The files to fit to."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).glob("*.jsonl"))]
    return [str(file) for file in files if file.stem not in HELD_OUT]


def steps(others: Path | None) -> Iterator[list[str]]:
    """Module and arguments of each step, in order."""
    files = articles()
    if others is not None:
        yield ["training.fit_triage", *files, "--others", str(others.resolve())]
    for role in ROLES:
        yield ["training.fit_roles", role, *files, *(["training/marked_sums.txt"] if role == "money" else [])]
    for module in ("training.fit_place_roles", "training.fit_counts", "training.fit_dates", "training.fit_claims"):
        yield [module, *files]


if __name__ == "__main__":
    main()
