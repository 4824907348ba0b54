"""The text of a query: what it means, and where it is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index import QueryError
from pipeline.index.names import default_names
from pipeline.index.plan import make
from pipeline.index.query import Query
from pipeline.index.syntax import And, Bare, Begins, Field, Node, Not, Or, Quoted, parse


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  ", None),
        ("cupos", Bare("cupos")),
        ("cupos Comas", And((Bare("cupos"), Bare("Comas")))),
        ("a1 OR b2 c3", Or((Bare("a1"), And((Bare("b2"), Bare("c3")))))),
        ("(a1 OR b2) c3", And((Or((Bare("a1"), Bare("b2"))), Bare("c3")))),
        ("or o", And((Bare("or"), Bare("o")))),
        ("-cupos", Not(Bare("cupos"))),
        ('-"a b" -(c d)', And((Not(Quoted("a b")), Not(And((Bare("c"), Bare("d"))))))),
        ("“Los Pulpos” «de Trujillo»", And((Quoted("Los Pulpos"), Quoted("de Trujillo")))),
        ("extors*", Begins("extors")),
        ("coche-bomba S/5", And((Bare("coche-bomba"), Bare("S/5")))),
        ('gang:"Los Pulpos" -place:Comas', And((Field("gang", "Los Pulpos", 0), Not(Field("place", "Comas", 19))))),
        ("Place:Comas", Field("place", "Comas", 0)),
        ('"a"b"c"', And((Quoted("a"), Bare("b"), Quoted("c")))),
        ("22:30", Bare("22:30")),
        ("Lima: capturan", And((Bare("Lima:"), Bare("capturan")))),
    ],
)
def test_trees(text: str, tree: Node | None) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('cupos "Los Pulpos', 6),
        ('""', 0),
        ('x "!!"', 2),
        ("(cupos", 0),
        ("cupos)", 5),
        ("()", 1),
        ("a OR", 4),
        ("OR a", 0),
        ("a OR OR b", 5),
        ("*cupos", 0),
        ("cu*pos", 2),
        ("c*", 1),
        ("a -", 2),
        ("?!", 0),
        ("gangs:x", 0),
        ("xyz -color:red", 5),
        ("gang:", 4),
        ('gang:""', 5),
        ("(" * 25 + "a" + ")" * 25, 20),
        ("a " * 300, 400),
        ("a" * 3000, 2000),
    ],
)
def test_errors_point_at_the_character(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.position == position
    assert str(caught.value).endswith(f"(character {position + 1} of the query)")


@given(st.text(alphabet=st.sampled_from('ab "()-*:OR\tñé“,gangplace15'), max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    refused: list[int | None] = []
    try:
        make(Query(text=text), default_names())
    except QueryError as error:
        refused.append(error.position)
    assert all(position is None or 0 <= position <= len(text) for position in refused)
    assert not refused or text.strip()
