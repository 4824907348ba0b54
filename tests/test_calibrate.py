from __future__ import annotations

import pytest

from training.calibrate import Bin, lines, verdict


@pytest.mark.parametrize(
    ("sure", "expected"),
    [
        (Bin(seen=9, right=9, whole=9), "too few"),
        (Bin(seen=10, right=9, whole=0), "kept"),
        (Bin(seen=20, right=17, whole=17), "broken"),
        (Bin(), "too few"),
    ],
)
def test_nine_in_ten_of_the_sure_ones(sure: Bin, expected: str) -> None:
    assert verdict(sure) == expected


def test_the_table_gives_counts_and_shares_by_bin() -> None:
    bins = {low: Bin() for low in (0.0, 0.5, 0.6, 0.7, 0.8)} | {0.9: Bin(seen=20, right=19, whole=10)}
    head, row = lines({"MONEY": bins})
    assert head.split() == ["label", "0.0+", "0.5+", "0.6+", "0.7+", "0.8+", "0.9+", "promise"]
    assert row.split() == ["MONEY", "-", "-", "-", "-", "-", "20:", "0.95", "/", "0.50", "kept"]
