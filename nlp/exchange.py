"""Exchange rates of the sol by month, from ``nlp/data/exchange_rates.csv``; and a way to bring that table up to date.

``python -m nlp.exchange refresh FILE`` reads a download of the BCRP's series PN01210PM (interbank rate, monthly average,
soles per dollar), as JSON or CSV from its statistics site, and writes the table with its dollar rows replaced.
"""

from __future__ import annotations

import argparse
import bisect
import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from nlp.lexicon import LexiconError, fold, read_table

COLUMNS = ("month", "currency", "pen", "quality", "source")
_TABLE = "exchange_rates.csv"
_CARRIED = 24
"""Months for which the last known rate stands in for a missing one."""
_NAMES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)} | {"sep": 9}
_PERIOD = re.compile(r"(?P<month>[a-z]{3}) ?(?P<year>\d{4}|\d{2})")
_SOURCE = "BCRP, interbank rate, average of the month (PN01210PM)"


@dataclass(frozen=True, slots=True)
class Rates:
    """Soles for one unit of each currency, by month."""

    series: Mapping[str, Sequence[tuple[int, float]]]
    """Currency -> (months since year 0, soles), in order. A rate holds until the next one."""

    def soles(self, currency: str, day: date) -> float | None:
        """Soles for one unit in the month of ``day``; ``None`` before the first and long after the last known rate."""
        if currency == "PEN":
            return 1.0
        rows, month = self.series.get(currency, ()), day.year * 12 + day.month - 1
        index = bisect.bisect_right(rows, (month, float("inf"))) - 1
        if index < 0 or month - rows[index][0] > _CARRIED:
            return None
        return rows[index][1]

    def convert(self, amount: float, currency: str, target: str, day: date) -> float | None:
        """An amount in another currency, to two decimals; ``None`` when a rate is missing."""
        if currency == target:
            return amount
        one, other = self.soles(currency, day), self.soles(target, day)
        return None if one is None or other is None else round(amount * one / other, 2)


@lru_cache(maxsize=1)
def read_rates() -> Rates:
    """The rates that ship with this package, read once.

    Raises:
        LexiconError: a row does not fit.
    """
    return _rates(read_table(_TABLE, frozenset(COLUMNS)))


def _rates(rows: Iterable[Mapping[str, str]]) -> Rates:
    series: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        try:
            year, month = row["month"].split("-")
            series.setdefault(row["currency"], []).append((int(year) * 12 + int(month) - 1, float(row["pen"])))
        except ValueError:
            raise LexiconError(f"nlp/data/{_TABLE}: not a month and a rate: {row['month']}, {row['pen']}") from None
    return Rates({currency: sorted(months) for currency, months in series.items()})


def read_download(content: str) -> dict[str, float]:
    """Month (``2025-10``) -> soles per dollar, from a download of the series; months without a figure are left out.

    Raises:
        ValueError: neither the site's JSON nor its CSV.
    """
    rates = {}
    for period, figure in _downloaded(content):
        match = _PERIOD.fullmatch(fold(period))
        if match is None or match["month"] not in _MONTHS:
            continue
        year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        try:
            rates[f"{year}-{_MONTHS[match['month']]:02}"] = float(figure)
        except ValueError:  # "n.d.": no figure for that month
            continue
    if not rates:
        raise ValueError("no monthly rates in the file: download series PN01210PM from the BCRP as JSON or CSV")
    return rates


def _downloaded(content: str) -> list[tuple[str, str]]:
    if content.lstrip().startswith("{"):
        periods = json.loads(content).get("periods", [])
        return [(str(period["name"]), str(period["values"][0])) for period in periods]
    delimiter = ";" if content.count(";") > content.count(",") else ","
    return [(row[0], row[1]) for row in csv.reader(io.StringIO(content), delimiter=delimiter) if len(row) > 1]


def refreshed(rates: Mapping[str, float]) -> str:
    """The table as CSV, with the dollar rows of the months in ``rates`` replaced or added."""
    rows = [
        row for row in read_table(_TABLE, frozenset(COLUMNS)) if row["currency"] != "USD" or row["month"] not in rates
    ]
    for month, soles in rates.items():
        rows.append({"month": month, "currency": "USD", "pen": f"{soles:.4f}", "quality": "month", "source": _SOURCE})
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: (row["currency"] != "USD", row["currency"], row["month"])))
    return out.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: ``refresh FILE [--output TABLE]``."""
    parser = argparse.ArgumentParser(prog="python -m nlp.exchange", description="Exchange rates of the sol.")
    commands = parser.add_subparsers(dest="command", required=True)
    refresh = commands.add_parser("refresh", help="bring the dollar rates up to date from a BCRP download")
    refresh.add_argument("file", type=Path, help="series PN01210PM, JSON or CSV")
    refresh.add_argument("--output", type=Path, help="table to write (default: the one in the package)")
    options = parser.parse_args(arguments)
    try:
        rates = read_download(options.file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2
    target = options.output or Path(str(files("nlp") / "data" / _TABLE))
    target.write_text(refreshed(rates), encoding="utf-8")
    print(f"{len(rates)} months written to {target}, the last one {max(rates)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
