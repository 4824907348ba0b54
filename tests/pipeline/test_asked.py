"""Searches as people ask them."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from pipeline.asked import Asked
from pipeline.cli.filters import OF_ARTICLES, OPTIONS, asking
from pipeline.index import Kind, Query, QueryError
from pipeline.records import decode, encode

NOW = datetime(2025, 10, 14, 12, tzinfo=UTC)
EVERYTHING = Asked(
    text="cupos",
    crimes=("extorsion",),
    places=("Comas", "15"),
    near="Trujillo",
    km=12.5,
    gangs=("Los Pulpos",),
    businesses=("mototaxi",),
    methods=("explosivo_dinamita",),
    prisons=("Challapalca",),
    outlets=("rpp",),
    article_kinds=("incident",),
    relevant=False,
    since="2d",
    until="2025-10-14",
    min_amount=100.0,
    max_amount=2000.0,
)


def test_every_filter_has_its_option() -> None:
    assert ["text", *OPTIONS] == [field.name for field in fields(Asked)]
    assert OPTIONS.keys() >= OF_ARTICLES


def test_it_becomes_the_query_of_the_same_fields() -> None:
    assert EVERYTHING.query(Kind.ARTICLES, now=NOW, size=7) == Query(
        text="cupos",
        kind=Kind.ARTICLES,
        crimes=("extorsion",),
        places=("Comas", "15"),
        near="Trujillo",
        km=12.5,
        gangs=("Los Pulpos",),
        businesses=("mototaxi",),
        methods=("explosivo_dinamita",),
        prisons=("Challapalca",),
        outlets=("rpp",),
        article_kinds=("incident",),
        relevant=False,
        since=datetime(2025, 10, 12, 12, tzinfo=UTC),
        until=date(2025, 10, 14),
        today=date(2025, 10, 14),
        min_amount=100.0,
        max_amount=2000.0,
        size=7,
    )
    assert Asked().query(Kind.EVENTS) == Query(kind=Kind.EVENTS)


def test_it_can_be_kept() -> None:
    assert decode(Asked, encode(EVERYTHING)) == EVERYTHING


@pytest.mark.parametrize("since", ["soon", "2025-02-31"])
def test_a_time_that_is_none(since: str) -> None:
    with pytest.raises(QueryError, match=r"is no (time|date)"):
        Asked(since=since).query(Kind.EVENTS)


def test_options_of_a_command() -> None:
    app, got = typer.Typer(), []

    @app.command()
    @asking(without=OF_ARTICLES)
    def command(text: str, *, asked: Asked, size: Annotated[int, typer.Option()] = 3) -> None:
        got.append((text, asked, size))

    line = "x --crime a --crime b --near Comas --since 30d --min-amount 5 --size 4"
    assert CliRunner().invoke(app, line.split()).exit_code == 0
    assert CliRunner().invoke(app, ["x"]).exit_code == 0
    assert got == [
        ("x", Asked(crimes=("a", "b"), near="Comas", since="30d", min_amount=5.0), 4),
        ("x", Asked(), 3),
    ]
    assert CliRunner().invoke(app, ["x", "--kind", "incident"]).exit_code == 2
