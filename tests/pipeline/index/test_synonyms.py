"""Words that an operator adds to the table of synonyms."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.index import Query, QueryError, open_index
from pipeline.index.names import default_names
from pipeline.index.plan import Best, Phrase, Term, make
from pipeline.index.synonyms import synonyms
from pipeline.settings import Settings
from tests.pipeline.index.generated import article, document


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.csv"
    file.write_text("words,also\nvacuna|aporte voluntario,cupo\n", encoding="utf-8")
    return file


def test_they_are_added_to_those_that_ship(own: Path) -> None:
    table = synonyms(own).others
    assert table["vacun",] == (("aport", "voluntari"), ("cupo",))
    assert ("vacun",) not in table["cupo",]  # also: one way only
    assert table["cupo",] == synonyms().others["cupo",]


def test_a_search_uses_them_at_once(own: Path, tmp_path: Path) -> None:
    index = open_index(Settings(home=tmp_path, synonyms=own))
    index.replace_articles([document(article("a", "Piden un aporte voluntario", "A todos."))])
    assert index.count(Query(text="vacuna")) == 1
    assert index.count(Query(text="colaboración")) == 0
    own.write_text("words,also,note\ncolaboración|aporte voluntario,,como lo llaman\n", encoding="utf-8")
    os.utime(own, ns=(1, 1))
    assert index.count(Query(text="colaboración")) == 1
    assert index.count(Query(text="vacuna")) == 0
    index.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"word,also\na,b\n", "no table of synonyms"),
        (b"words,also\nvacuna,\n", "line 2: a row needs words that stand for each other"),
        (b"words,also\n,vacuna|cupo\n", "line 2: there is nothing under words"),
        (b"words,also\n\xff|b,\n", "cannot be read"),
        (b"words,also\n" + b"aa|bb,\n" * 2001, "2001 rows"),
    ],
)
def test_what_is_no_table(own: Path, content: bytes, said: str) -> None:
    own.write_bytes(content)
    with pytest.raises(QueryError, match=said):
        synonyms(own)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="cannot be read: No such file"):
        synonyms(tmp_path / "none.csv")


def test_a_phrase_that_holds_a_synonym_is_marked_but_not_looked_up() -> None:
    plan = make(Query(text="extorsión"), default_names())
    assert isinstance(plan.match, Best)
    words = {part.value for part, _ in plan.match.parts if isinstance(part, Term)}
    assert {"extorsion", "cupo"} <= words
    assert all(words.isdisjoint(part.words) for part, _ in plan.match.parts if isinstance(part, Phrase))
    assert ("cobr", "de", "cupo") in plan.marks.stem_phrases
