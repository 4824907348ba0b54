"""Conversion at the rate of the month, and the refreshing of the table."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nlp.exchange import Rates, main, read_download, read_rates, refreshed
from nlp.lexicon import LexiconError

RATES = Rates({"USD": ((2024 * 12 + 0, 4.0), (2024 * 12 + 2, 2.0)), "EUR": ((2024 * 12, 5.0),)})


@pytest.mark.parametrize(
    ("currency", "target", "day", "converted"),
    [
        ("PEN", "PEN", date(1990, 1, 1), 100),
        ("USD", "PEN", date(2024, 1, 31), 400),
        ("USD", "PEN", date(2024, 2, 1), 400),  # February has no row: January's rate holds
        ("USD", "PEN", date(2024, 3, 1), 200),
        ("PEN", "USD", date(2024, 1, 1), 25),
        ("EUR", "USD", date(2024, 1, 1), 125),
        ("USD", "PEN", date(2023, 12, 31), None),
        ("USD", "PEN", date(2027, 1, 1), None),
        ("MXN", "PEN", date(2024, 1, 1), None),
    ],
)
def test_convert(currency: str, target: str, day: date, converted: float | None) -> None:
    assert RATES.convert(100, currency, target, day) == converted


def test_the_table_that_ships_covers_the_last_years_plausibly() -> None:
    rates = read_rates()
    for year in range(2010, 2027):
        soles = rates.convert(1, "USD", "PEN", date(year, 6, 15))
        assert soles is not None
        assert 2.4 < soles < 4.3


JSON = json.dumps({"periods": [{"name": "Ene.2026", "values": ["3.36"]}, {"name": "Set.2026", "values": ["n.d."]}]})


@pytest.mark.parametrize("content", [JSON, "Mes/Año;TC\nEne26;3.36\nSet26;n.d.\n", '"Mes","TC"\n"Ene 2026","3.36"\n'])
def test_a_download_of_the_bank_is_read(content: str) -> None:
    assert read_download(content) == {"2026-01": 3.36}


def test_a_file_without_rates_is_refused() -> None:
    with pytest.raises(ValueError, match="PN01210PM"):
        read_download("<html></html>")


def test_refresh_writes_a_table_with_the_new_months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "download.json", tmp_path / "rates.csv"
    source.write_text(JSON, encoding="utf-8")
    assert main(["refresh", str(source), "--output", str(target)]) == 0
    assert "2026-01,USD,3.3600,month," in target.read_text(encoding="utf-8")
    assert "1 months written" in capsys.readouterr().out
    assert len(refreshed({}).splitlines()) + 1 == len(target.read_text(encoding="utf-8").splitlines())


def test_refresh_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refresh", str(tmp_path / "missing.json")]) == 2
    assert "missing.json" in capsys.readouterr().err


def test_a_broken_row_names_the_table() -> None:
    from nlp.exchange import _rates

    with pytest.raises(LexiconError, match=r"exchange_rates\.csv"):
        _rates([{"month": "2024", "currency": "USD", "pen": "x"}])
