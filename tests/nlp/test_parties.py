"""Who is told of together, and what the words before them say of all."""

from __future__ import annotations

import re

import pytest

from nlp.recognizers.persons.parties import agreed, parties, said_beside
from nlp.types import Label, Mention, Person, PersonRole

NAMES = re.compile(r"[A-Z]\w+ [A-Z]\w+(?: [A-Z]\w+)?")


def spans(text: str, *names: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for name in names:
        start = text.index(name, found[-1][1] if found else 0)
        found.append((start, start + len(name)))
    return found


@pytest.mark.parametrize(
    ("text", "names", "numbers"),
    [
        ("cayeron Ana Roca (34), Luis Soto y Eva Luna", ("Ana Roca", "Luis Soto", "Eva Luna"), [0, 0, 0]),
        ("cayeron Ana Roca e Inés Soto", ("Ana Roca", "Inés Soto"), [0, 0]),
        # a name that nobody has read does not end the list
        ("cayeron Ana Roca, Xyrel Quxu, Luis Soto y Eva Luna", ("Ana Roca", "Luis Soto", "Eva Luna"), [0, 0, 0]),
        (
            "cayeron Ana Roca (34), así como Luis Soto. Asimismo, Eva Luna",
            ("Ana Roca", "Luis Soto", "Eva Luna"),
            [0, 0, 0],
        ),
        # a list that goes on after what is said of one, and with who they are to each other
        (
            "cayeron Ana Roca, quien ya estuvo presa por robo; su prima, Eva Luna, y Luis Soto",
            ("Ana Roca", "Eva Luna", "Luis Soto"),
            [0, 0, 0],
        ),
        ("murieron Ana Roca y su hijo Luis Soto", ("Ana Roca", "Luis Soto"), [0, 0]),
        ("cayó Luis Soto, su esposa Ana Roca pidió justicia", ("Luis Soto", "Ana Roca"), [0, 1]),
        ("Ana Roca denunció a Luis Soto", ("Ana Roca", "Luis Soto"), [0, 1]),
        # who each of them is
        (
            "detuvo al mayor Luis Soto, jefe de logística, y a los suboficiales Ana Roca",
            ("Luis Soto", "Ana Roca"),
            [0, 0],
        ),
        ("cayeron Luis Soto Q. y los hermanos Ana Roca", ("Luis Soto Q", "Ana Roca"), [0, 0]),
        ("cayeron Luis Soto (31) y el encargado de cobrar, Ana Roca", ("Luis Soto", "Ana Roca"), [0, 0]),
        ("con Ana Roca (40), (a) “Gorda”, y a su conviviente Luis Soto", ("Ana Roca", "Luis Soto"), [0, 0]),
        ("cayó Luis Soto, que mató a su socio, y a Ana Roca la buscan", ("Luis Soto", "Ana Roca"), [0, 1]),
        # items of one list, under headings
        (
            "Son:\n• Ana Roca (40), alias “Gorda”. Cayó en Ate.\n\nPOLICÍAS\n• SB PNP Luis Soto",
            ("Ana Roca", "Luis Soto"),
            [0, 0],
        ),
        ("El testigo Ana Roca habló.\n• Luis Soto", ("Ana Roca", "Luis Soto"), [0, 1]),
        # one person named again
        ("Ana Roca denunció a Luis Soto. Ana Roca huyó", ("Ana Roca", "Luis Soto", "Ana Roca"), [0, 1, 0]),
        ("Habló Eva Luna. Cayeron Ana Roca y Eva Luna", ("Eva Luna", "Ana Roca", "Eva Luna"), [0, 0, 0]),
    ],
)
def test_people_told_of_together(text: str, names: tuple[str, ...], numbers: list[int]) -> None:
    assert parties(spans(text, *names), text) == numbers


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Los arrestados han sido identificados como Ana Roca y Luis Soto", PersonRole.SUSPECT),
        ("Los fallecidos fueron identificados como Ana Roca y Luis Soto", PersonRole.VICTIM),
        ("Los detenidos por balear a los heridos, que son Ana Roca y Luis Soto", None),
        (
            "Condenan al sicario por el asesinato del dirigente de construcción civil Ana Roca y Luis Soto",
            PersonRole.VICTIM,
        ),
        ("Los vecinos son Ana Roca y Luis Soto", None),
        ("Fueron atacados Ana Roca y Luis Soto (24), quien recibió dos balazos", PersonRole.VICTIM),
        ("Los detenidos son Ana Roca y Luis Soto, quien resultó herido", PersonRole.SUSPECT),
        ("Hablan de Ana Roca, de 32 años, detenida en su casa; y Luis Soto", PersonRole.SUSPECT),
        ("Se trata del alférez PNP Ana Roca y los suboficiales PNP Luis Soto (24), detenido ayer", PersonRole.SUSPECT),
        ("Fue acribillado por el sicario Ana Roca y Luis Soto", PersonRole.SUSPECT),
        ("Interrogan a Ana Roca, un joven delincuente que calla, y Luis Soto", PersonRole.SUSPECT),
        ("Conversamos con Ana Roca y Luis Soto, quien fue llevado al penal", None),
    ],
)
def test_the_words_before_a_list_speak_of_all(text: str, role: PersonRole | None) -> None:
    people = spans(text, "Ana Roca", "Luis Soto")
    assert said_beside(people, parties(people, text), text).get(0) is role


def test_a_shorter_name_is_of_the_only_longer_one_that_goes_through_it() -> None:
    text = "Iván José Roca Paz calla. Habla Iván Roca. Vino Luis Soto Paz con Luis Soto Inga, no Luis Soto."
    people = spans(text, "Iván José Roca Paz", "Iván Roca", "Luis Soto Paz", "Luis Soto Inga")
    people.append((text.rindex("Luis Soto"), text.rindex("Luis Soto") + len("Luis Soto")))
    assert parties(people, text) == [0, 0, 2, 3, 4]


def test_a_list_has_the_role_that_most_of_it_have() -> None:
    text = "cayeron Ana Roca, Luis Soto y Eva Luna. Habló Juan Paz"
    roles = (PersonRole.SUSPECT, PersonRole.SUSPECT, PersonRole.AUTHORITY, PersonRole.AUTHORITY)
    mentions = [
        Mention(
            label=Label.PERSON,
            start=start,
            end=end,
            text=text[start:end],
            value=Person(name=text[start:end], role=role),
            source="person/given_name",
            score=0.9,
        )
        for (start, end), role in zip(spans(text, "Ana Roca", "Luis Soto", "Eva Luna", "Juan Paz"), roles, strict=True)
    ]
    found = [mention.value.role for mention in agreed(mentions, text) if isinstance(mention.value, Person)]
    assert found == [PersonRole.SUSPECT] * 3 + [PersonRole.AUTHORITY]


@pytest.mark.parametrize(
    "unit", ["Ana Roca, ", "Ana Roca, quien vive, ", "Ana Roca (34), ", "A ", "los detenidos son ", "Ab Cd Ef Gh "]
)
def test_long_hostile_text_is_read(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    people = [match.span() for match in NAMES.finditer(text)]
    numbers = parties(people, text)
    assert len(numbers) == len(people)
    assert len(said_beside(people, numbers, text)) <= len(people)
