from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.resolve import resolve, whole_names
from nlp.types import Business, Count, CountOf, Crime, Gang, Label, Mention, Method, Money, Person, Place, Prison

VALUES = {
    Label.MONEY: Money(min=1, max=1, currency="PEN"),
    Label.PLACE: Place(name="x"),
    Label.GANG: Gang(name="x"),
    Label.BUSINESS: Business(type="x", category="x"),
    Label.CRIME: Crime(type="extorsion"),
    Label.PRISON: Prison(name="x"),
    Label.PERSON: Person(name="x"),
    Label.METHOD: Method(type="x", facet="x"),
    Label.COUNT: Count(value=2, of=CountOf.DEAD),
}
TEXT = "Los Malditos de Bayóvar piden S/ 50 mil al mercado Nueva Esperanza"


def mention(label: Label, surface: str, score: float = 0.9) -> Mention:
    start = TEXT.index(surface)
    value = VALUES[label]
    return Mention(
        label=label, start=start, end=start + len(surface), text=surface, value=value, source="t", score=score
    )


CASES = [
    ("a place in a gang's name", [(Label.GANG, "Los Malditos de Bayóvar"), (Label.PLACE, "Bayóvar")], [0]),
    ("a weak gang gives way to a place", [(Label.GANG, "Bayóvar", 0.3), (Label.PLACE, "Bayóvar")], [1]),
    ("a count in a sum", [(Label.MONEY, "S/ 50 mil"), (Label.COUNT, "50 mil")], [0]),
    ("the longer of one label", [(Label.MONEY, "50 mil"), (Label.MONEY, "S/ 50 mil", 0.5)], [1]),
    ("the surer of two as long", [(Label.PLACE, "Bayóvar", 0.5), (Label.PLACE, "Bayóvar", 0.8)], [1]),
    (
        "a trade shares its words with a place",
        [(Label.BUSINESS, "mercado Nueva Esperanza"), (Label.PLACE, "Nueva Esperanza")],
        [0, 1],
    ),
    ("a place in a company's name", [(Label.BUSINESS, "Nueva Esperanza"), (Label.PLACE, "Esperanza")], [0]),
    ("methods share their words with sums", [(Label.MONEY, "S/ 50 mil"), (Label.METHOD, "mil")], [0, 1]),
    ("crimes are not in names", [(Label.GANG, "Los Malditos de Bayóvar"), (Label.CRIME, "Malditos")], [0]),
    ("a person is no place", [(Label.PLACE, "Nueva"), (Label.PERSON, "Nueva Esperanza")], [1]),
    ("neighbours stay", [(Label.GANG, "Los Malditos de Bayóvar"), (Label.MONEY, "S/ 50 mil")], [0, 1]),
]


@pytest.mark.parametrize(("given_", "kept"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_winners(given_: list[tuple[Label, str, float]], kept: list[int]) -> None:
    mentions = [mention(*row) for row in given_]
    expected = sorted((mentions[index] for index in kept), key=lambda m: (m.start, m.end, m.label))
    assert list(resolve(mentions, len(TEXT))) == expected
    assert list(resolve(reversed(mentions), len(TEXT))) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(VALUES)), st.integers(0, 40), st.integers(1, 12), st.floats(0, 1)), max_size=30
    )
)
def test_no_overlap_within_a_label(rows: list[tuple[Label, int, int, float]]) -> None:
    mentions = [
        Mention(
            label=Label(label),
            start=start,
            end=start + length,
            text="x" * length,
            value=VALUES[Label(label)],
            source="t",
            score=score,
        )
        for label, start, length, score in rows
    ]
    kept = resolve(mentions, 60)
    assert set(kept) <= set(mentions)
    for one in kept:
        for other in kept:
            if one is not other and one.label is other.label:
                assert one.end <= other.start or other.end <= one.start
    assert resolve(kept, 60) == kept


@pytest.mark.parametrize(
    ("text", "name", "stands"),
    [
        ("Vive en la av. Rosa Merino.", "Rosa Merino", False),
        ("Habló Rosa Merino.", "Rosa Merino", True),
        ("Habló Rosa Merinos.", "Rosa Merino", False),
        ("dijoRosa Merino.", "Rosa Merino", False),
    ],
)
def test_names_are_whole_and_no_street_s(text: str, name: str, stands: bool) -> None:
    start = text.index(name)
    person = Mention(
        label=Label.PERSON,
        start=start,
        end=start + len(name),
        text=name,
        value=Person(name=name),
        source="t",
        score=0.9,
    )
    assert bool(whole_names(text, [person])) is stands


def test_surnames_alone_are_no_full_name() -> None:
    text = "Walter Ortiz Acosta habló. Ortiz Acosta se fue."
    spans = [(0, 19), (27, 39)]
    people = [
        Mention(label=Label.PERSON, start=a, end=b, text=text[a:b], value=Person(name=text[a:b]), source="t", score=0.9)
        for a, b in spans
    ]
    assert [person.text for person in whole_names(text, people)] == ["Walter Ortiz Acosta"]
