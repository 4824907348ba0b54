"""Where events are lost: between the mentions and the event, or before.

    python -m benchmarks.event_losses --scorer SCORE.PY --gold FILE… [--held-out NAME…] [--list FIELD|missing|spurious]

The assembler is given the mentions as read, then those that people annotated; the scorer compares both with the events
annotated. For each: events aligned, right in the five core fields, and how many would be if one field were always right.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluate import HELD_OUT
from nlp.events import assemble
from nlp.events.bearing import weighed
from pipeline.predictions import event_row
from training.readings import Reading, readings

Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scorer", type=Path, required=True, help="the scorer, a Python file")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="annotated articles")
    parser.add_argument("--held-out", nargs="*", default=list(HELD_OUT), help="stems of the files held out")
    parser.add_argument("--list", help="events that fail in a field, 'missing' or 'spurious' (development only)")
    arguments = parser.parse_args()
    scorer = load_scorer(arguments.scorer)
    for part in ("development", "held out"):
        files = [file for file in arguments.gold if (file.stem in arguments.held_out) == (part == "held out")]
        read = list(readings(files))
        shown = arguments.list if part == "development" else None
        print(f"{part}, mentions as read:     {losses(scorer, read, shown)}")
        print(f"{part}, mentions as annotated: {losses(scorer, [one.as_annotated() for one in read], None)}")
    return 0


def load_scorer(path: Path) -> Any:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assembled(read: Reading) -> list[Row]:
    """The events of an article in the guide's form."""
    if not read.relevant:
        return []
    sentences, _ = weighed(read.sentences(), read.text, read.kind, read.published.date())
    return [event_row(event) for event in assemble(read.text, sentences, read.kind, read.published)]


def losses(scorer: Any, read: Iterable[Reading], shown: str | None) -> str:
    """A line of figures; events that fail as ``shown`` says are printed."""
    wrong: Counter[str] = Counter()
    only: Counter[str] = Counter()
    gold = found = aligned = right = 0
    for one in read:
        events, seen = one.article["events"], assembled(one)
        gold, found = gold + len(events), found + len(seen)
        pairs = scorer.align_events(events, seen)
        aligned += len(pairs)
        for i, j, fields in pairs:
            failed = [name for name in scorer.CORE if not fields[name]]
            wrong.update(failed)
            only.update(failed if len(failed) == 1 else [])
            right += not failed
            if shown in failed:
                print(f"{one.article['id']} {one.kind} {failed}\n   gold {_core(events[i])}\n   got  {_core(seen[j])}")
        _list_alone(shown, one, events, {i for i, _, _ in pairs}, "missing")
        _list_alone(shown, one, seen, {j for _, j, _ in pairs}, "spurious")
    total = max(1, gold + found)
    fields = "  ".join(f"{name} {1 - wrong[name] / max(1, aligned):.2f} (alone {only[name]})" for name in scorer.CORE)
    return f"gold {gold} found {found}  aligned F1 {2 * aligned / total:.3f}  all five F1 {2 * right / total:.3f} | {fields}"


def _list_alone(shown: str | None, one: Reading, events: Sequence[Row], paired: set[int], what: str) -> None:
    if shown == what:
        for index in sorted(set(range(len(events))) - paired):
            print(f"{one.article['id']} {one.kind} {what} {_core(events[index])}")


def _core(event: Row) -> Row:
    names = ("crime_type", "trigger", "date", "ubigeo", "gangs", "money", "businesses")
    return {name: event[name] for name in names if event.get(name)}


if __name__ == "__main__":
    sys.exit(main())
