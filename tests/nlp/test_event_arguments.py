"""Which gang and which sum belong to which event, and which killing is told when an article tells an extortion too."""

from __future__ import annotations

import pytest

from nlp.events.votes import is_aggregate
from nlp.types import Crime, Label, Mention
from tests.nlp.conftest import Read
from tests.nlp.test_events import told

WHEN = "2025-06-12T08:00:00-05:00"

PARENT = """Tumbes: disparan contra combi por no pagar cupo

    Dos sujetos dispararon ayer contra una combi en Zarumilla. Los choferes contaron que la banda ‘Los Fieros de la Frontera’, {relation}
    ‘Los Choneros’, les exige S/ 15 por vuelta."""


@pytest.mark.parametrize(
    "relation", ["brazo de", "facción armada de", "célula que depende de", "grupo en guerra con", "rival de la banda"]
)
def test_the_gang_that_another_came_from_or_fights_with_took_no_part(read: Read, relation: str) -> None:
    (event,) = read(WHEN, PARENT.format(relation=relation)).events
    assert told(event)["gangs"] == ["Los Fieros de la Frontera"]


IMPOSTOR = """Ica: cae joven que extorsionaba a su tío

    La Policía capturó ayer en Ica a un joven que exigía S/ 4 000 a su tío, dueño de una ferretería. Le escribía haciéndose pasar por
    integrante de ‘Los Pulpos’.

    “Pague o Los Pulpos van a quemar su local”, decía uno de los mensajes."""


def test_a_gang_that_somebody_posed_as_took_no_part_wherever_it_is_named(read: Read) -> None:
    (event,) = read(WHEN, IMPOSTOR).events
    assert "gangs" not in told(event)
    assert told(event)["money"] == [(4000.0, "PEN", "demanded")]


RIVALS = """Ate: asesinan a cobrador de combi

    Un cobrador de combi fue asesinado ayer en Ate. La empresa pagaba cupos a ‘Los Sombríos de Ate’ y hace poco la amenazó otro grupo,
    ‘Los Cuervos de Vitarte’.

    La Policía atribuye el crimen a ‘Los Cuervos de Vitarte’."""


def test_of_several_gangs_the_one_that_is_blamed_has_killed(read: Read) -> None:
    killing = read(WHEN, RIVALS).events[0]
    assert (killing.crime_type, told(killing)["gangs"]) == ("homicidio", ["Los Cuervos de Vitarte"])


TIPS = """Huaral: caen siete extorsionadores de mototaxistas

    La Policía detuvo ayer en Huaral a siete personas que cobraban S/ 3 diarios a los mototaxistas. Un suboficial de la comisaría habría
    recibido S/ 600 al mes por avisar de los operativos."""


def test_what_an_official_took_for_a_favour_is_none_of_what_victims_paid(read: Read) -> None:
    (event,) = read(WHEN, TIPS).events
    assert [money.min for money in event.money] == [3.0]


ROBBED = """Sullana: asaltan grifo y se llevan S/ 12 mil

    Cuatro encapuchados asaltaron ayer un grifo en Sullana y se llevaron S/ 12 mil. El administrador contó que la semana pasada le
    exigieron S/ 700 al mes por no hacerle nada."""


def test_what_is_asked_for_beside_a_robbery_is_no_sum_of_the_robbery(read: Read) -> None:
    robbery = next(event for event in read(WHEN, ROBBED).events if event.crime_type.startswith("robo"))
    assert told(robbery)["money"] == [(12000.0, "PEN", "stolen")]


DIED = """Chincha: extorsionan a panaderos con balas en sobres

    Una banda exige S/ 50 semanales a los panaderos de Chincha Alta.

    El 3 de junio, en Pueblo Nuevo, un panadero que se negó a pagar fue atacado a balazos en su puerta. Murió en el hospital."""
REFUSED = """Extorsión en Chincha: S/ 50 semanales a cada panadero

    Una banda exige S/ 50 semanales a los panaderos de Chincha Alta.

    El 3 de junio un panadero que se negó a seguir pagando fue asesinado en su puerta, en Pueblo Nuevo."""
TOLL = """Chala: tres muertos en pelea por una mina

    Dos grupos de mineros se enfrentaron el martes con armas de fuego en Chala, en Caravelí, por un socavón. La Policía investiga a quienes
    cobran cupos en la zona."""


@pytest.mark.parametrize(
    ("text", "day"),
    [(DIED, "2025-06-03"), (REFUSED, "2025-06-03"), (TOLL, "2025-06-10")],
    ids=["died", "refused", "toll"],
)
def test_a_killing_has_its_day_to_itself(read: Read, text: str, day: str) -> None:
    killing, *others = read(WHEN, text).events
    assert killing.crime_type in ("homicidio", "sicariato")
    assert told(killing)["date"] == day
    assert all(event.crime_type == "extorsion" and event.date is None for event in others)


AGAIN = """Sicarios siembran el terror en Barranca

    Barranca vive días de miedo.

    El 2 de junio, un ferretero fue asesinado de dos balazos en su tienda de Barranca. Cuatro días más tarde, el 6 de junio, mataron a su
    contador cuando salía de misa en Supe."""


def test_nobody_is_killed_twice(read: Read) -> None:
    events = read(WHEN, AGAIN).events
    assert [told(event)["date"] for event in events] == ["2025-06-02", "2025-06-06"]


NUMBERED = """Noche violenta deja tres muertos en el norte

    Tres hombres murieron a balazos entre el sábado y el domingo.

    El primer ataque se registró la noche del sábado en Sullana, donde un mecánico recibió cinco tiros. Murió camino al hospital.

    Segundo ataque

    El segundo ataque ocurrió la tarde del domingo en Castilla: dos pescadores fueron acribillados cerca del cementerio."""


def test_numbered_crimes_are_events_of_their_own(read: Read) -> None:
    events = read("2025-06-09T08:00:00-05:00", NUMBERED).events
    assert [(told(event)["date"], told(event)["place"]) for event in events] == [
        ("2025-06-07", "2006"),
        ("2025-06-08", "200104"),
    ]


COUNTED = """Ate: dinamitan taller de calzado por no pagar cupo

    Desconocidos dinamitaron ayer un taller de calzado en Ate. Al dueño le exigen S/ 8 000.

    Es el tercer atentado contra el taller desde enero. Los vecinos de Ate piden patrullaje."""


def test_a_crime_that_is_only_numbered_is_the_one_that_was_told(read: Read) -> None:
    (event,) = read(WHEN, COUNTED).events
    assert told(event)["money"] == [(8000.0, "PEN", "demanded")]


CAUGHT = """Caen asaltantes de casa de cambio en Juliaca

    La Policía detuvo esta madrugada en Juliaca a tres sujetos acusados de asaltar una casa de cambio.

    El asalto ocurrió el lunes, cuando encañonaron a la cajera y se llevaron S/ 90 mil."""
IN_FORCE = """Queman colectivo en Virú

    Extorsionadores quemaron un colectivo en Virú, según los choferes, a quienes cobran S/ 10 diarios.

    Virú fue declarada en emergencia por los ataques de extorsionadores desde el 2 de junio."""
COMPLAINED = """Chiclayo: piden S/ 20 mil a dueño de ferretería

    Extorsionadores exigen S/ 20 mil al dueño de una ferretería de Chiclayo.

    El martes, la familia denunció a los extorsionadores ante la Policía."""


def test_a_crime_has_the_day_on_which_it_occurred_rather_than_that_of_the_arrests(read: Read) -> None:
    (event,) = read(WHEN, CAUGHT).events
    assert told(event)["date"] == "2025-06-09"


SAID_ON = """Chorrillos: cuatro músicos baleados en concierto

    Cuatro músicos fueron heridos de bala en Chorrillos, informó la Policía Nacional este miércoles. Los disparos
    contra la orquesta se oyeron la noche del domingo."""


def test_a_crime_has_the_day_on_which_it_occurred_rather_than_that_on_which_it_was_told(read: Read) -> None:
    (event,) = read(WHEN, SAID_ON).events
    assert told(event)["date"] == "2025-06-08"


@pytest.mark.parametrize("text", [IN_FORCE, COMPLAINED], ids=["in force", "complaint"])
def test_days_of_measures_and_complaints_date_nothing(read: Read, text: str) -> None:
    (event,) = read(WHEN, text).events
    assert event.date is None


SPELLED = """Comas: ‘La Batería de Chucky’ exige S/ 5 mil a colegio

    La directora de un colegio de Comas recibió un mensaje de ‘La Batería del Chucky’, que le exige S/ 5 mil."""


def test_a_gang_that_is_spelled_in_two_ways_is_one(read: Read) -> None:
    (event,) = read(WHEN, SPELLED).events
    assert len(event.gangs) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Dos sujetos abrieron fuego ayer contra los obreros de una obra en Nepeña. El ataque terminó con dos muertes y la obra, paralizada.",
        "La Policía investiga el doble homicidio ocurrido ayer en una obra de Nepeña.",
    ],
)
def test_an_attack_has_the_dead_that_it_led_to(read: Read, body: str) -> None:
    killing = read(WHEN, f"Nepeña: ataque a balazos en una obra\n\n{body}").events[0]
    assert [count.value for count in killing.counts if count.of == "dead"] == [2]


RECORDS = [
    ("El sujeto fue detenido en abril del 2025 por robar gaseosas.", True),
    ("Había sido capturado hace dos años tras robar una moto.", True),
    ("El sujeto fue detenido ayer por robar gaseosas.", False),
    ("El sujeto fue detenido en Breña por robar gaseosas.", False),
]


@pytest.mark.parametrize(("text", "old"), RECORDS)
def test_what_somebody_was_caught_for_long_ago_is_a_record(text: str, old: bool) -> None:
    start = text.index("robar")
    crime = Mention(
        label=Label.CRIME, start=start, end=start + 5, text="robar", value=Crime(type="robo"), source="t", score=1.0
    )
    assert is_aggregate(crime, text) is old
