"""Measure the gazetteer against INEI's list: ``python -m benchmarks.gazetteer_error LIST.csv``.

The list has the columns ``ubigeo_inei, distrito, lat, lon`` (the point of the district's capital). Printed: codes missing
and in excess, names that differ, and the error of the points by what the gazetteer says that they stand for.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

from nlp.lexicon import fold
from training.build_gazetteer import OUTPUT, Point, km


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a table."""
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def main(path: Path) -> None:
    """Print the report."""
    truth = {row["ubigeo_inei"]: row for row in read(path)}
    ours = {row["code"]: row for row in read(OUTPUT) if row["level"] == "district"}
    print(
        f"{len(ours)} districts; missing {sorted(truth.keys() - ours.keys())}; in excess {sorted(ours.keys() - truth.keys())}"
    )
    errors = defaultdict(list)
    for code in sorted(truth.keys() & ours.keys()):
        one, other = truth[code], ours[code]
        if fold(one["distrito"]) != fold(other["name"]):
            print(f"  {code}: {one['distrito']} there, {other['name']} here")
        here = Point(float(other["lat"]), float(other["lon"]))
        error = km(here, Point(float(one["lat"]), float(one["lon"])))
        errors[other["precision"], other["source"]].append((error, code))
    for (precision, source), found in sorted(errors.items()):
        figures = sorted(error for error, _ in found)
        p95 = quantiles(figures, n=20)[-1] if len(figures) > 1 else figures[0]
        worst = max(found)
        print(
            f"{precision:9} {len(figures):5}  median {median(figures):7.2f} km  p95 {p95:7.2f} km  worst {worst[0]:7.2f} km ({worst[1]})  {source}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
