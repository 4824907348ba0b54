from __future__ import annotations

import re

import pytest

from nlp.claims.enumerations import partner


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("610 casos en [2017], 840 en [2018] y 1 205 en [2019]", ["2017", "2018", "2019"]),
        ("en [2021] hubo 2 065, en [2022] se reportaron 1 508 y en [2023] fueron 1 533", ["2021", "2022", "2023"]),
        ("[lima], con 570 denuncias, seguida de [la libertad] con 346", ["lima", "la libertad"]),
        ("1 163 en el pais; [madre de dios] es tercera, con 9 %, detras de [lima] (28 %)", [None, "madre de dios", "lima"]),
        ("en [cajamarca], [piura] y [tumbes] subio 179 %, 88 % y 84 %, respectivamente", ["cajamarca", "piura", "tumbes"]),
        ("en [lima] hubo 40 casos", [None]),
        ("[lima] y [callao] (40), [piura] (20)", [None, "piura"]),
        ("en [2024] entre 30 y 32 boticas, en [2025] 45", ["2024", None, "2025"]),
    ],
)  # fmt: skip
def test_partners(told: str, expected: list[str | None]) -> None:
    marks = [match.span() for match in re.finditer(r"\[[^\]]+\]", told)]
    numbers = [match.span() for match in re.finditer(r"(?<![\[\d])\d[\d ]*\d|(?<![\[\d])\d", told)]
    found = [partner(start, end, told, marks) for start, end in numbers]
    assert [None if index is None else told[slice(*marks[index])].strip("[]") for index in found] == expected
