from __future__ import annotations

import pytest

from nlp.types import Event
from tests.nlp.conftest import Read


def told(event: Event) -> dict[str, object]:
    """What an analyst reads of an event, without what is empty."""
    rows: dict[str, object] = {
        "crime": event.crime_type,
        "date": event.date.iso if event.date else None,
        "place": event.place.ubigeo if event.place else None,
        "gangs": [gang.name for gang in event.gangs],
        "victims": [business.type for business in event.businesses],
        "money": [(money.min, money.currency, str(money.role)) for money in event.money],
        "counts": {str(count.of): count.value for count in event.counts},
        "official": (str(event.official_involvement.status), event.official_involvement.office)
        if event.official_involvement
        else None,
    }
    return {name: value for name, value in rows.items() if value}


ATTACK = """Comas: disparan contra bus de empresa de transporte por no pagar cupo

    Sujetos en moto dispararon ayer contra un bus de la empresa El Veloz en la avenida Túpac Amaru, en Comas. El chofer
    resultó herido de bala en la pierna y fue llevado al hospital.

    Según los conductores, la banda criminal ‘Los Zorros del Norte’ les exige S/ 50 000 y un pago de S/ 10 diarios por unidad."""
ROUNDUP = """Fin de semana violento en el norte: un muerto en Chiclayo y una explosión en Piura

    La ola de violencia no da tregua.

    Un comerciante fue asesinado el sábado en el mercado Moshoqueque, en José Leonardo Ortiz, provincia de Chiclayo. Los
    sicarios huyeron en un auto negro.

    En otro hecho, el domingo por la noche desconocidos detonaron un explosivo en la puerta de una botica en el distrito de
    Castilla, en Piura. Al dueño le exigían 20 mil soles para no atentar contra su familia."""
KIDNAPPING = """Rescatan a empresario secuestrado en Los Olivos: pedían US$ 500 mil

    El empresario Julio Alarcón Vega, secuestrado el martes cuando salía de su casa en Los Olivos, fue rescatado anoche por
    la Dirincri en una vivienda de Puente Piedra. Los plagiarios exigían a la familia un rescate de 500 mil dólares.

    Cinco sujetos fueron detenidos, entre ellos un suboficial que habría dado información a la banda."""
COURT = """Dictan 30 años de cárcel para extorsionador que baleó colegio en Villa El Salvador

    El Poder Judicial condenó ayer a 30 años de prisión a Kevin Soto Huamán por extorsionar a la directora de un colegio
    particular de Villa El Salvador. La sentencia fija una reparación civil de S/ 50 000.

    Según la Fiscalía, el 14 de marzo de 2024 el sentenciado disparó contra la fachada del colegio luego de exigir S/ 30 000
    a la directora por medio de mensajes de WhatsApp."""
ROBBERY = """Asaltan grifo en Ate y se llevan 15 mil soles

    Tres delincuentes armados asaltaron esta tarde un grifo de la avenida Nicolás Ayllón, en Ate, y se llevaron 15 mil soles
    producto de las ventas.

    No se reportaron heridos."""
FIGURES = """Denuncias por extorsión aumentaron 30 % en lo que va del año

    En lo que va del 2025 se registraron 18 385 denuncias por extorsión en el Perú, según el Sidpol. La cifra representa un
    aumento de 30 % respecto al mismo periodo del 2024. Lima concentra 7 705 casos."""
DENIAL = """Alcalde de Chancay descarta que su municipio haya sido extorsionado

    El alcalde de Chancay negó que la municipalidad haya pagado cupos a bandas criminales. “No hemos recibido ninguna
    amenaza”, dijo."""

CASES = [
    (
        "an attack is the means of the extortion",
        "2025-10-15T08:00:00-05:00",
        ATTACK,
        [
            {
                "crime": "extorsion",
                "date": "2025-10-14",
                "place": "150110",
                "gangs": ["Los Zorros del Norte"],
                "victims": ["empresa de transporte"],
                "money": [(50000.0, "PEN", "demanded"), (10.0, "PEN", "demanded")],
                "counts": {"injured": 1},
            }
        ],
    ),
    (
        "two scenes of a roundup, and none for its summary",
        "2025-03-10T09:00:00-05:00",
        ROUNDUP,
        [
            {
                "crime": "sicariato",
                "date": "2025-03-08",
                "place": "140105",
                "victims": ["bodega"],
                "counts": {"dead": 1},
            },
            {
                "crime": "extorsion",
                "date": "2025-03-09",
                "place": "200104",
                "victims": ["botica"],
                "money": [(20000.0, "PEN", "demanded")],
            },
        ],
    ),
    (
        "a kidnapping and its outcome are one, dated at the abduction",
        "2025-07-03T12:00:00-05:00",
        KIDNAPPING,
        [
            {
                "crime": "secuestro",
                "date": "2025-07-01",
                "place": "150117",
                "money": [(500000.0, "USD", "ransom")],
                "counts": {"arrested": 5},
                "official": ("investigated", "un suboficial"),
            }
        ],
    ),
    (
        "the day of the crime, not of the sentence; the fine is not the crime's",
        "2025-06-18T15:00:00-05:00",
        COURT,
        [
            {
                "crime": "extorsion",
                "date": "2024-03-14",
                "place": "150142",
                "victims": ["colegio", "director de colegio"],
                "money": [(30000.0, "PEN", "demanded")],
            }
        ],
    ),
    (
        "a robbery",
        "2025-11-20T18:00:00-05:00",
        ROBBERY,
        [
            {
                "crime": "robo_agravado",
                "date": "2025-11-20",
                "place": "150103",
                "victims": ["grifo"],
                "money": [(15000.0, "PEN", "stolen")],
            }
        ],
    ),
    ("figures are no events", "2025-09-02T06:00:00-05:00", FIGURES, []),
    ("what is denied is no event", "2025-04-02T09:00:00-05:00", DENIAL, []),
]


@pytest.mark.parametrize(
    ("published", "text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_events(read: Read, published: str, text: str, expected: list[dict[str, object]]) -> None:
    assert [told(event) for event in read(published, text).events] == expected


def test_every_value_has_its_evidence(read: Read) -> None:
    extraction = read("2025-10-15T08:00:00-05:00", ATTACK)
    (event,) = extraction.events
    rows = {(row.field, row.index) for row in event.evidence}
    several = {
        "gangs": event.gangs,
        "businesses": event.businesses,
        "money": event.money,
        "methods": event.methods,
        "counts": event.counts,
    }
    single = {("trigger", 0), ("date", 0), ("place", 0)}
    assert rows == single | {(name, index) for name, values in several.items() for index in range(len(values))}


def test_the_same_text_gives_the_same_ids(read: Read) -> None:
    first, second = (read("2025-03-10T09:00:00-05:00", ROUNDUP).events for _ in range(2))
    assert [event.id for event in first] == [event.id for event in second]
    assert len({event.id for event in first}) == 2


def test_the_types_of_the_article_begin_with_those_of_its_events(read: Read) -> None:
    assert read("2025-03-10T09:00:00-05:00", ROUNDUP).triage.crime_types[:2] == ("sicariato", "extorsion")
