"""The text of a query: what it means, and where it is wrong."""

from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexicon import fold
from pipeline.index import QueryError, templates
from pipeline.index.names import default_names
from pipeline.index.plan import make
from pipeline.index.query import Query
from pipeline.index.syntax import FIELDS, And, Bare, Begins, Field, Node, Not, Or, Quoted, parse


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
        (
            'gang:"Los Pulpos" -place:Comas',
            And((Field("gang", "Los Pulpos", 0, 6), Not(Field("place", "Comas", 19, 25)))),
        ),
        ("date:mes pasado cupos", And((Field("date", "mes pasado", 0, 5, "cupos"), Bare("cupos")))),
        ("fecha:marzo 2025", Field("date", "marzo 2025", 0, 6)),
        ("date:ayer Comas", And((Field("date", "ayer", 0, 5, "Comas"), Bare("Comas")))),
        ("-date:última semana", Not(Field("date", "última semana", 1, 6))),
        ("amount:>5 mil soles Comas", And((Field("amount", ">5 mil soles", 0, 7, "Comas"), Bare("Comas")))),
        ("amount:1000 dos", And((Field("amount", "1000", 0, 7, "dos"), Bare("dos")))),
        ("near:Comas 3 km a1", And((Field("near", "Comas 3 km", 0, 5, "a1"), Bare("a1")))),
        ("near:Comas a 3km", Field("near", "Comas a 3km", 0, 5)),
        ("date:hoy OR date:ayer", Or((Field("date", "hoy", 0, 5), Field("date", "ayer", 12, 17)))),
        (
            "lugar:San Juan de Lurigancho cupos",
            And((Field("place", "San Juan de Lurigancho", 0, 6, "cupos"), Bare("cupos"))),
        ),
        ("place:Miraflores, Lima", Field("place", "Miraflores, Lima", 0, 6)),
        ("distrito:Santa Anita", Field("place", "distrito de Santa Anita", 0, 9)),
        ('place:"Santa" Anita', And((Field("place", "Santa", 0, 7), Bare("Anita")))),
        ("near:San Luis 3 km a1", And((Field("near", "San Luis 3 km", 0, 5, "a1"), Bare("a1")))),
        ("-banda:Los Pulpos dos", And((Not(Field("gang", "Los Pulpos", 1, 7, "dos")), Bare("dos")))),
        ("penal:El Milagro", Field("prison", "El Milagro", 0, 6)),
        ("delito:robo agravado OR x1", Or((Field("crime", "robo agravado", 0, 7), Bare("x1")))),
        ("place:Comas policía", And((Field("place", "Comas", 0, 6, "policía"), Bare("policía")))),
        ('date:"mes" pasado', And((Field("date", "mes", 0, 6), Bare("pasado")))),
        ("Place:Comas", Field("place", "Comas", 0, 6)),
        ("place:San Nada -x", And((Field("place", "San", 0, 6, "Nada"), Bare("Nada"), Not(Bare("x"))))),
        ("Método:granada", Field("method", "granada", 0, 7)),
        ("distrito:Trujillo", Field("place", "distrito de Trujillo", 0, 9)),
        ("distrito:130101", Field("place", "130101", 0, 9)),
        ('amount:>"10 mil"', Field("amount", '>"10 mil"', 0, 7)),
        ("gang:(a1 OR b2)", Or((Field("gang", "a1", 0, 6), Field("gang", "b2", 0, 12)))),
        (
            '-place:(San Luis OR (Ate -"El Agustino"))',
            Not(
                Or(
                    (
                        Field("place", "San Luis", 1, 8),
                        And((Field("place", "Ate", 1, 21), Not(Field("place", "El Agustino", 1, 27)))),
                    )
                )
            ),
        ),
        ("gang:(a1) b2", And((Field("gang", "a1", 0, 6), Bare("b2")))),
        ("a1 AND b2", And((Bare("a1"), Bare("b2")))),
        ("a1 NOT b2 c3", And((Bare("a1"), Not(Bare("b2")), Bare("c3")))),
        ("NOT (a1 OR b2)", Not(Or((Bare("a1"), Bare("b2"))))),
        ("a1 and not b2", And((Bare("a1"), Bare("and"), Bare("not"), Bare("b2")))),
        ("https://rpp.pe/x", Bare("https://rpp.pe/x")),
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
        ("a AND", 5),
        ("AND a", 0),
        ("a AND OR b", 6),
        ("a NOT", 5),
        ("NOT OR b", 4),
        ("!cupos", 0),
        ("a extorsi?n", 9),
        ("a extorsion~2", 11),
        ('"a b"~3', 5),
        ("a extorsion^2.5", 11),
        ("near:", 4),
        ("a crime:-extorsion", 8),
        ('"extors* x"', 7),
        ("método:", 6),
        ("place:(Comas", 6),
        ("place:()", 7),
        ("place:(Comas outlet:rpp)", 13),
        ("place:(Comas gang:(x))", 13),
        ("colour:(red OR blue)", 0),
        ("place:(Comas -)", 13),
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


@pytest.mark.parametrize(
    ("name", "hint"),
    [("bandas", "did you mean banda?"), ("titulo", "there are outlet, crime"), ("amonut", "did you mean amount?")],
)
def test_an_unknown_field_has_a_hint(name: str, hint: str) -> None:
    with pytest.raises(QueryError, match=re.escape(hint)):
        parse(f"{name}:x")


def test_every_other_name_of_a_field_is_of_a_field_that_is_there() -> None:
    rows = list(csv.DictReader(templates.read_lines("fields.csv")))
    assert {row["field"] for row in rows} <= set(FIELDS)
    assert not {row["name"] for row in rows} & set(FIELDS)
    assert {fold(row["name"]) for row in rows} == {row["name"] for row in rows}
    assert {(row["field"], row["level"]) for row in rows if row["level"]} == {
        ("place", level) for level in ("distrito", "provincia", "region")
    }


@given(st.text(alphabet=st.sampled_from('ab "()-*:OR\tñé“,gangplace15!ND'), max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    refused: list[int | None] = []
    try:
        make(Query(text=text), default_names())
    except QueryError as error:
        refused.append(error.position)
    assert all(position is None or 0 <= position <= len(text) for position in refused)
    assert not refused or text.strip()
