"""Many expressions at once find what one long alternation of them finds, however few of them are tried at a word."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.patterns import PatternTable, beginnings, number_of, numbered
from nlp.phrases import words_of

EXPRESSIONS = [
    r"paga\w* de",
    r"(?:se )?pag(?:o|aron)",
    r"pag\w+",
    r"\d{1,2}(?: de)? pagos?",
    r"(?:1ro|un) pago",
    r"[dp]e[a-c]?",
]
TABLE = PatternTable(numbered(EXPRESSIONS), after=r"(?!\w)")
ALTERNATION = re.compile(rf"\b(?:{'|'.join(f'(?:{each})()' for each in EXPRESSIONS)})(?!\w)")


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (r"exig\w*", {"exig"}),
        (r"cupos?", {"cupo", "cupos"}),
        (r"(?:ped|pid)(?:ia|en)", {"pedia", "peden", "pidia", "piden"}),
        (r"(?:se )?llev(?:o|a)", {"se\n", "llevo", "lleva"}),
        (r"(?<!\d)(?:\d{1,2}|uno) de", {"0", "uno\n"}),
        (r"ba*c", {"ba", "bc"}),
        (r"extorsion", {"extor"}),
        (r"s/ ?\d", {"s\n"}),
        (r"\w+ de", {""}),
    ],
)
def test_how_an_expression_can_begin(expression: str, found: set[str]) -> None:
    assert beginnings(expression) == found


@pytest.mark.parametrize("expression", ["‘?impuesto", "[^a]b", "(?:a)?", ".a", "-"])
def test_what_can_begin_outside_words_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="begins with neither a letter nor a digit"):
        PatternTable([expression])


@given(
    st.lists(st.sampled_from(["se", "pago", "pagaron", "pagan", "de", "pe", "12", "1", "ro", "un", ", ", "\n"])),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_it_finds_what_the_alternation_finds(parts: list[str], start: int, end: int) -> None:
    text = " ".join(parts)
    found = [(match.span(), number_of(match)) for match in TABLE.finditer(words_of(text), start, end)]
    assert found == [(match.span(), (match.lastindex or 0) - 1) for match in ALTERNATION.finditer(text, start, end)]
