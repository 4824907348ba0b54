"""Whether scores are honest: per label the share of mentions that are right, by bin of confidence.

    python training/calibrate.py --scorer SCORE.py GOLD.jsonl PREDICTED.jsonl [GOLD.jsonl PREDICTED.jsonl …]

Predictions are those of ``vigia extract``. The scorer at ``--scorer`` pairs them with the annotations: right is a mention that
pairs with one of the same label, or a claim of which all is; whether its fields are right too stands beside. A label keeps the promise when, of its
mentions with a confidence of 0.9 and more, nine in ten are right.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
SURE = 0.9
FEWEST = 10
"""Fewer sure mentions than this prove nothing."""


@dataclass(slots=True)
class Bin:
    """Mentions of one label with about the same confidence."""

    seen: int = 0
    right: int = 0
    whole: int = 0
    """With all fields right."""


def load_scorer(path: Path) -> ModuleType:
    """The scorer, as a module."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcomes(scorer: Any, gold: dict[str, Any], seen: dict[str, Any]) -> Iterator[tuple[str, float, bool, bool]]:
    """Label, confidence, right or not, and whole or not, of each mention of an article; repetitions do not count.

    A claim is right when all its fields are.
    """
    text = scorer.devset.text_of(gold)
    for label in scorer.LABELS:
        wanted = [m for m in gold["mentions"] if m["label"] == label]
        found = [m for m in seen.get("mentions", []) if m["label"] == label]
        if label in scorer.FIRST_OCCURRENCE:
            pairs, repeats = scorer.pair_repeated(label, wanted, found, text)
        else:
            pairs, repeats = scorer.pair(wanted, found), set()
        partner = {j: wanted[i] for i, j in pairs}
        for j, mention in enumerate(found):
            if j not in repeats:
                match = partner.get(j)
                whole = match is not None and all(scorer.fields(label, match, mention).values())
                yield label, mention["score"], match is not None, whole
    claims = seen.get("claims", [])
    told = {j: i for i, j in scorer.pair(gold["claims"], claims)}
    for j, claim in enumerate(claims):
        whole = j in told and all(scorer.claim_fields(gold["claims"][told[j]], claim).values())
        yield "CLAIM", claim["score"], whole, whole


def measure(scorer: Any, pairs: Iterable[tuple[Path, Path]]) -> dict[str, dict[float, Bin]]:
    """Bins by label and lower bound."""
    table: dict[str, dict[float, Bin]] = defaultdict(lambda: {low: Bin() for low in BINS})
    for gold_path, seen_path in pairs:
        seen = {article["id"]: article for article in _articles(seen_path)}
        for gold in _articles(gold_path):
            scorer.devset.faults(gold)
            for label, score, right, whole in outcomes(scorer, gold, seen.get(gold["id"], {})):
                one = table[label][max(low for low in BINS if low <= max(score, 0.0))]
                one.seen, one.right, one.whole = one.seen + 1, one.right + right, one.whole + whole
    return table


def _articles(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def lines(table: dict[str, dict[float, Bin]]) -> Iterator[str]:
    """The table as text: mentions, and of them right / with all fields right."""
    yield "label      " + "".join(f"{f'{low:.1f}+':>20}" for low in BINS) + "   promise"
    for label, bins in sorted(table.items()):
        cells = "".join(
            f"{f'{one.seen}: {one.right / one.seen:.2f} / {one.whole / one.seen:.2f}' if one.seen else '-':>20}"
            for one in bins.values()
        )
        yield f"{label:11}{cells}   {verdict(bins[SURE])}"


def verdict(sure: Bin) -> str:
    """Whether nine in ten of the sure mentions are right."""
    if sure.seen < FEWEST:
        return "too few"
    return "kept" if sure.right >= SURE * sure.seen else "broken"


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scorer", type=Path, required=True, help="score.py of the annotation guide")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="annotations and predictions, in pairs")
    options = parser.parse_args(arguments)
    if len(options.files) % 2:
        parser.error("files come in pairs: annotations, predictions")
    pairs = [(options.files[i], options.files[i + 1]) for i in range(0, len(options.files), 2)]
    print("\n".join(lines(measure(load_scorer(options.scorer), pairs))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
