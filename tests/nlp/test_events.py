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

DATELINES = """Fin de semana rojo en la costa: matan a mototaxista y queman una bodega

    Dos hechos sin relación entre sí dejaron los últimos días.

    CHICLAYO. El sábado por la noche, un sicario mató de seis balazos a un mototaxista en José Leonardo Ortiz. La viuda contó
    que le exigían 5 soles diarios.

    PIURA. El domingo, desconocidos quemaron la puerta de una bodega en el distrito de Catacaos. Al dueño le piden S/ 8 mil."""
CAPTIVITY = """Huancayo: liberan a hijo de ferretero

    Un joven fue liberado la madrugada de este lunes por sus captores en el distrito de Chilca, en Huancayo.

    La víctima había sido interceptada el sábado cuando salía de su casa en El Tambo. Los secuestradores pidieron 150 mil
    dólares de rescate."""
TRIAL = """Cadena perpetua para el sicario que mató a un notario de Huaraz

    La Corte Superior sentenció ayer a cadena perpetua a un sicario, autor de los balazos que el 11 de noviembre de 2021
    acabaron con la vida del notario en Huaraz."""
COMPLAINT = """Comerciantes de Huancayo denuncian cobro de cupos

    Comerciantes de una feria de El Tambo, en Huancayo, contaron que extorsionadores les exigen S/ 20 por puesto cada domingo.
    El presidente del gremio presentó ayer la denuncia en la Depincri."""
ANOTHER_GANG = """Paramonga: balean botica por no pagar S/ 8,000

    La noche del sábado, sujetos dispararon contra una botica en Paramonga. La dueña contó que Los Zorros de Paramonga le
    exigieron S/ 8,000.

    El año pasado pagó 2 mil soles a otro grupo, Los Injertos del Norte Chico."""
POLICY = """Ministro anuncia proyecto de ley contra extorsionadores

    El ministro del Interior anunció un proyecto de ley y un decreto de emergencia. El Congreso debatirá la norma y el plan
    del Ejecutivo contra el cobro de cupos en la construcción."""
TRAFFICKING = """Rescatan a doce menores de un bar en Punchana

    Doce adolescentes, víctimas de trata de personas, fueron rescatadas el viernes de un bar en el distrito de Punchana. Eran
    víctimas de explotación sexual; les pagaban 3 soles por cada jarra, según la fiscal de trata de personas."""

TWO_OPERATIONS = """Áncash: caen dos bandas dedicadas a la extorsión en Chimbote

    En un primer operativo, la Policía detuvo en Nuevo Chimbote a seis integrantes de la banda criminal “Los Lobos del Sur”,
    que exigían cupos a empresas constructoras.

    Por otro lado, dos hombres fueron detenidos por extorsión en Chimbote. A la dueña de una botica le exigían 100 mil soles.

    Además, en todo el país se detuvo a 665 personas en un día."""
LIVES = """Acribillan a chofer de la empresa El Rápido en San Martín de Porres

    Falsos pasajeros dispararon ayer contra el chofer de un bus de la empresa El Rápido, en San Martín de Porres. Fue llevado
    al hospital, donde permanece internado en estado delicado. Los transportistas pagan un cupo de 20 soles."""
MOTIVE = """Asesinan a taxista en Los Olivos

    Un taxista fue asesinado a balazos la noche del viernes 15 de marzo frente a su casa, en Los Olivos.

    Se cree que el crimen puede haberse cometido por un presunto cobro de cupos."""
WARNING = """Disparan a conductor de bus en San Juan de Lurigancho

    Dos sujetos dispararon ayer contra el conductor de un bus de la empresa Roma en San Juan de Lurigancho, a la que exigen
    el pago de cupos. Advirtieron que, de no cumplir, habría un chofer muerto."""

HEADED = """Comas: detonan un explosivo en la puerta de un local

    Dos sujetos detonaron un explosivo en la puerta de un local de Comas. El dueño es extorsionado por una banda criminal.

    Asesinan a padre de familia en Ate

    Dos sujetos en moto asesinaron a un padre de familia que se resistió al robo de su celular en Ate."""
HELD = """Roban medio millón de soles de agencia de Caja Trujillo en Barranca

    Siete delincuentes entraron el viernes a la agencia, en Barranca, y se llevaron medio millón de soles. Los clientes
    estuvieron secuestrados media hora."""
SEVERAL_DISTRICTS = """Prisión preventiva para diez presuntos miembros de ‘Los Injertos del Cono Norte’

    El Poder Judicial dictó 36 meses de prisión preventiva contra diez integrantes de ‘Los Injertos del Cono Norte’, acusados
    de extorsionar a empresas de transporte en los distritos de Comas, Carabayllo, Independencia y Los Olivos."""
SHOOTING = """Ataque a balazos en restaurante de Bellavista

    Sicarios atacaron a balazos el domingo un restaurante de Bellavista, en el Callao. El ataque dejó una mujer fallecida y
    dos heridas."""

CHARGED = """Detienen a 27 presuntos integrantes de organizaciones criminales en Chincha

    Un total de 27 personas fueron detenidas esta madrugada en Chincha. Habrían cometido los delitos de extorsión, homicidio
    calificado y robo."""
PLANNED = """Cae banda con armamento de guerra en Chincha

    La Policía capturó el miércoles en Pueblo Nuevo, Chincha, a siete sujetos con armamento de guerra.

    La banda pretendía perpetrar el secuestro de empresarios y asaltar un banco."""
REMEMBERED = """Ica: comandante sufre atentado con explosivo en su vivienda

    El asesinato de un periodista no es el único crimen de estos días. Un comandante fue sorprendido la noche del 17 de enero
    por un atentado con explosivo en su casa de Parcona, en Ica."""

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
    (
        "items under datelines are one event each, with the sums of their own; the title is none of them",
        "2025-03-10T09:00:00-05:00",
        DATELINES,
        [
            {
                "crime": "sicariato",
                "date": "2025-03-08",
                "place": "140105",
                "victims": ["mototaxi"],
                "money": [(5.0, "PEN", "demanded")],
                "counts": {"dead": 1, "shots": 6},
            },
            {
                "crime": "extorsion",
                "date": "2025-03-09",
                "place": "200105",
                "victims": ["bodega"],
                "money": [(8000.0, "PEN", "demanded")],
            },
        ],
    ),
    (
        "a kidnapping has the earliest day of its story",
        "2021-07-05T12:00:00-05:00",
        CAPTIVITY,
        [
            {
                "crime": "secuestro",
                "date": "2021-07-03",
                "place": "120114",
                "victims": ["ferretería"],
                "money": [(150000.0, "USD", "ransom")],
            }
        ],
    ),
    (
        "in court, the day of the hearing is left out, not that of the crime",
        "2024-06-04T12:00:00-05:00",
        TRIAL,
        [{"crime": "sicariato", "date": "2021-11-11", "place": "0201", "victims": ["notaría"], "counts": {"dead": 1}}],
    ),
    (
        "the day of a complaint dates no crime",
        "2020-02-25T12:00:00-05:00",
        COMPLAINT,
        [
            {
                "crime": "extorsion",
                "place": "120114",
                "victims": ["mercado", "puesto de mercado"],
                "money": [(20.0, "PEN", "demanded")],
            }
        ],
    ),
    (
        "what was paid to another gang is not of this event",
        "2024-10-28T12:00:00-05:00",
        ANOTHER_GANG,
        [
            {
                "crime": "extorsion",
                "date": "2024-10-26",
                "place": "150202",
                "gangs": ["Los Zorros de Paramonga"],
                "victims": ["botica"],
                "money": [(8000.0, "PEN", "demanded")],
            }
        ],
    ),
    (
        "another operation is another event, though no day and no district tell them apart; figures of the country are none",
        "2026-02-16T12:00:00-05:00",
        TWO_OPERATIONS,
        [
            {
                "crime": "extorsion",
                "place": "021809",
                "gangs": ["Los Lobos del Sur"],
                "victims": ["construcción civil"],
                "counts": {"arrested": 6},
            },
            {
                "crime": "extorsion",
                "place": "021801",
                "victims": ["botica"],
                "money": [(100000.0, "PEN", "demanded")],
                "counts": {"arrested": 2},
            },
        ],
    ),
    (
        "whoever is shot at and lives was not killed",
        "2025-08-14T12:00:00-05:00",
        LIVES,
        [
            {
                "crime": "extorsion",
                "date": "2025-08-13",
                "place": "150135",
                "victims": ["empresa de transporte"],
                "money": [(20.0, "PEN", "paid")],
            }
        ],
    ),
    (
        "what a killing may have been for is no event",
        "2024-03-16T12:00:00-05:00",
        MOTIVE,
        [
            {
                "crime": "homicidio",
                "date": "2024-03-15",
                "place": "150117",
                "victims": ["taxi"],
                "counts": {"dead": 1},
            }
        ],
    ),
    (
        "nobody died of a threat",
        "2024-10-03T12:00:00-05:00",
        WARNING,
        [{"crime": "extorsion", "date": "2024-10-02", "place": "150132", "victims": ["empresa de transporte"]}],
    ),
    (
        "a heading tells another matter",
        "2019-03-15T12:00:00-05:00",
        HEADED,
        [
            {"crime": "extorsion", "place": "150110"},
            {"crime": "homicidio", "place": "150103", "counts": {"dead": 1}},
        ],
    ),
    (
        "those held during a robbery were not kidnapped",
        "2015-10-03T12:00:00-05:00",
        HELD,
        [
            {
                "crime": "robo_agravado",
                "date": "2015-10-02",
                "place": "1502",
                "victims": ["cooperativa"],
                "money": [(500000.0, "PEN", "stolen")],
            }
        ],
    ),
    (
        "what is told of several districts happened in their province",
        "2026-02-10T12:00:00-05:00",
        SEVERAL_DISTRICTS,
        [
            {
                "crime": "extorsion",
                "place": "1501",
                "gangs": ["Los Injertos del Cono Norte"],
                "victims": ["empresa de transporte"],
                "counts": {"arrested": 10},
            }
        ],
    ),
    (
        "an attack that somebody died of is a killing",
        "2025-08-18T12:00:00-05:00",
        SHOOTING,
        [
            {
                "crime": "homicidio",
                "date": "2025-08-17",
                "place": "070102",
                "victims": ["restaurante"],
                "counts": {"dead": 1, "injured": 2},
            }
        ],
    ),
    (
        "what a gang is charged with does not make as many events, and nobody dead",
        "2021-11-19T18:00:00-05:00",
        CHARGED,
        [{"crime": "extorsion", "date": "2021-11-19", "place": "1102", "counts": {"arrested": 27}}],
    ),
    (
        "what was planned did not happen",
        "2014-09-25T12:00:00-05:00",
        PLANNED,
        [
            {
                "crime": "banda_criminal",
                "date": "2014-09-24",
                "place": "110207",
                "counts": {"arrested": 7},
            }
        ],
    ),
    (
        "a killing that is only mentioned is not the attack that is told",
        "2025-01-23T12:00:00-05:00",
        REMEMBERED,
        [{"crime": "tenencia_explosivos", "date": "2025-01-17", "place": "110106"}],
    ),
    ("a policy is no event", "2025-03-10T09:00:00-05:00", POLICY, []),
    (
        "what changes hands in trafficking is no extortion",
        "2022-10-11T09:00:00-05:00",
        TRAFFICKING,
        [{"crime": "trata", "date": "2022-10-07", "place": "160108", "money": [(3.0, "PEN", "paid")]}],
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


TITLED = """Extorsionadores exigen S/ 20 mil a dueña de pollería en Breña

    Desde ayer una banda exige S/ 20 mil a la dueña de una pollería de Breña.

    Los mismos sujetos asesinaron a un cobrador."""
LASTING = """Barranca: extorsionan a dueño de grifo y le piden S/ 50 mil

    El lunes 3 de noviembre desconocidos dispararon contra un grifo de Barranca. Le exigían 50 mil soles.

    El viernes 14 de noviembre los extorsionadores le exigieron otros 10 mil soles en Barranca."""
ANOTHER = LASTING.replace("El viernes 14", "En otro hecho, el viernes 14").replace(
    "le exigieron", "exigieron a una botica"
)


def test_a_killing_beside_an_extortion_that_alone_is_titled_is_no_event(read: Read) -> None:
    assert [event.crime_type for event in read("2025-11-20T10:00:00-05:00", TITLED).events] == ["extorsion"]


def test_days_of_one_extortion_are_one_event(read: Read) -> None:
    (event,) = map(told, read("2025-11-20T10:00:00-05:00", LASTING).events)
    assert (event["date"], event["money"]) == (
        "2025-11-03",
        [(50000, "PEN", "demanded"), (10000, "PEN", "demanded")],
    )


FLOOR = LASTING.replace("otros 10 mil soles", "no menos de 50 mil soles")


def test_a_bound_that_is_given_as_a_sum_too_is_no_sum_of_its_own(read: Read) -> None:
    (event,) = map(told, read("2025-11-20T10:00:00-05:00", FLOOR).events)
    assert event["money"] == [(50000, "PEN", "demanded")]


TWO_GANGS = """Asesinan a jalador de colectivos en Puente Nuevo, El Agustino

    Un jalador fue asesinado a balazos ayer en Puente Nuevo, en El Agustino.

    Los Pitufos de la Menacho y Los Sucios de Puente Nuevo cobran cupos en el paradero, según la Policía."""
SIGNED = """Independencia: lanzan granada contra casa de dirigente

    Sujetos lanzaron una granada la madrugada del 2 de noviembre contra la casa de un dirigente de mototaxistas en
    Independencia, al que exigen S/ 10 mil.

    El 20 de octubre llegó el primer mensaje. Los delincuentes se presentan como ‘Los Chotanos de Payet’."""


def test_of_two_gangs_none_is_said_to_have_killed(read: Read) -> None:
    (killing, *_) = read("2025-11-20T10:00:00-05:00", TWO_GANGS).events
    assert (killing.crime_type, killing.gangs) == ("homicidio", ())


def test_what_tells_no_event_of_its_own_is_of_the_one_before(read: Read) -> None:
    (event,) = map(told, read("2025-11-03T10:00:00-05:00", SIGNED).events)
    assert (event["date"], event["gangs"]) == ("2025-11-02", ["Los Chotanos de Payet"])


PHONES = """Hallan celulares en penal de Huancayo con los que se extorsionaba a comerciantes

    Durante una requisa en el penal de Huancayo, agentes del INPE hallaron ayer doce celulares. Con ellos los internos
    extorsionaban a comerciantes del distrito de Chilca, a los que exigían S/ 500 al mes."""
DATED = """Extorsionadores exigen S/ 20 mil a dueña de pollería en Breña

    Una banda exige S/ 20 mil a la dueña de una pollería de Breña.

    El lunes 3 de noviembre los mismos sujetos asesinaron a un mozo del local."""


def test_phones_in_a_prison_and_the_extortion_told_beside_are_two(read: Read) -> None:
    assert [event.crime_type for event in read("2025-11-20T10:00:00-05:00", PHONES).events] == ["fuga", "extorsion"]


def test_a_killing_with_its_day_is_an_event_whatever_the_title_tells(read: Read) -> None:
    types = [event.crime_type for event in read("2025-11-20T10:00:00-05:00", DATED).events]
    assert types == ["homicidio", "extorsion"]


LONG_AGO = """Trujillo: atentado con explosivos deja tres heridos

    Un atentado con explosivos en la avenida Perú, en Trujillo, dejó tres heridos. La explosión se oyó en toda la ciudad.

    La madrugada del 20 de enero de este año detonaron otro explosivo al lado de la Fiscalía. La Policía señaló entonces a la
    organización criminal “Los Compadres”."""
FORMER = """Trujillo: detonan dinamita en casa de madre de ‘Bolaños’

    La noche del 14 de agosto detonaron dinamita en una casa de Trujillo, cuya dueña es madre de un exintegrante de la banda
    criminal Los Pulpos."""


def test_an_act_of_long_ago_does_not_date_the_news(read: Read) -> None:
    (event,) = map(told, read("2025-08-15T10:00:00-05:00", LONG_AGO).events)
    assert event == {"crime": "tenencia_explosivos", "place": "130101", "counts": {"injured": 3}}


def test_the_gang_that_a_victim_once_belonged_to_did_not_do_it(read: Read) -> None:
    (event,) = read("2025-08-17T10:00:00-05:00", FORMER).events
    assert event.gangs == ()


def test_an_extortion_announced_as_another_is_another_event(read: Read) -> None:
    events = map(told, read("2025-11-20T10:00:00-05:00", ANOTHER).events)
    assert [event["date"] for event in events] == ["2025-11-03", "2025-11-14"]


def test_threats_records_and_history_are_no_events(read: Read) -> None:
    text = """San Juan de Lurigancho: amenazan a empresa de transporte

    Los extorsionadores amenazan con matar a los choferes de una empresa de transporte de San Juan de Lurigancho si no reciben
    S/ 40 000. La carta, hallada ayer, la firman ‘Los Indomables de SJL’: “De lo contrario, dejaremos un chofer muerto”.

    La banda estaría dedicada a la extorsión de comerciantes. Un detenido registra denuncias por robo agravado, homicidio y
    tráfico ilícito de drogas.

    No es la primera vez. En 2021 pagaban cupos a la banda ‘Los Hijos del Trueno’. En noviembre de 2023, sicarios asesinaron a
    un cobrador de la empresa en Chorrillos."""
    (event,) = read("2024-10-03T12:00:00-05:00", text).events
    assert told(event) == {
        "crime": "extorsion",
        "date": "2024-10-02",
        "place": "150132",
        "gangs": ["Los Indomables de SJL"],
        "victims": ["empresa de transporte"],
        "money": [(40000.0, "PEN", "demanded")],
    }


def test_arrests_of_many_gangs_are_those_of_no_event(read: Read) -> None:
    text = """Chorrillos: cae banda criminal ‘Los Caribeños del Cerro’ que extorsionaba a bodegueros

    La PNP detuvo ayer a seis integrantes de la banda criminal ‘Los Caribeños del Cerro’ en Chorrillos.

    En la jornada se logró la desarticulación de 10 bandas criminales y la detención de 122 personas."""
    (event,) = read("2025-10-03T12:00:00-05:00", text).events
    assert told(event)["counts"] == {"arrested": 6}


def test_members_of_a_gang_caught_at_a_place_are_an_event_without_a_day(read: Read) -> None:
    text = """SJL: PNP capturó a dos presuntos integrantes de ‘Los Zarpazos del Cerro’

    Agentes capturaron a dos presuntos integrantes de la banda ‘Los Zarpazos del Cerro’, que estaría dedicada a la extorsión de
    comerciantes y paraderos de mototaxis en San Juan de Lurigancho. Se incautó un revólver."""
    (event,) = read("2025-09-09T12:00:00-05:00", text).events
    assert told(event) == {
        "crime": "extorsion",
        "place": "150132",
        "gangs": ["Los Zarpazos del Cerro"],
        "victims": ["mototaxi"],
        "counts": {"arrested": 2},
    }


CAUGHT_BEFORE = """Pueblo Libre: serenos capturan a ladrones de taxistas

    Los serenos capturaron a un varón que le robó la billetera a un taxista en Pueblo Libre, tras fingir ser pasajero.

    Uno de ellos ya había sido detenido en febrero por asaltar bajo la misma modalidad."""


def test_a_month_in_which_somebody_was_caught_before_dates_nothing(read: Read) -> None:
    (event,) = read("2025-10-14T08:00:00-05:00", CAUGHT_BEFORE).events
    assert (event.crime_type, event.date) == ("robo", None)


OPERATION = """Trujillo: más de 200 policías intervienen casas de ‘Los Pulpos’

    Un megaoperativo contra la banda de extorsionadores se realizó esta madrugada en El Porvenir, en Trujillo.

    Participaron 200 policías y hay cuatro detenidos."""


def test_officers_who_took_part_in_an_operation_are_neither_caught_nor_involved(read: Read) -> None:
    (event,) = read("2025-10-14T08:00:00-05:00", OPERATION).events
    assert told(event)["counts"] == {"arrested": 4}
    assert event.official_involvement is None


DYNAMITE = """Trujillo: explosión destruye una vivienda y deja cinco heridos

    Delincuentes detonaron la noche del jueves un artefacto explosivo frente a una vivienda de la avenida Perú, en Trujillo.

    “Es un explosivo que es utilizado para minería ilegal”, dijo el ministro."""


def test_what_a_thing_is_commonly_used_for_is_no_event(read: Read) -> None:
    (event,) = read("2025-08-15T08:00:00-05:00", DYNAMITE).events
    assert event.crime_type == "tenencia_explosivos"


NOTE = """SJL: sicarios balean a conductor de la empresa Santa Rita

    La noche del martes, un conductor de la empresa de transportes Santa Rita fue atacado a balazos en San Juan de Lurigancho.

    "Les dejo un muerto"

    Los extorsionadores dejaron una nota. Exigen el pago de un cupo de 10 soles por chofer."""


def test_a_death_that_is_only_threatened_with_is_none(read: Read) -> None:
    events = read("2025-09-24T08:00:00-05:00", NOTE).events
    assert [event.crime_type for event in events] == ["extorsion"]
    assert "dead" not in told(events[0]).get("counts", {})  # type: ignore[operator]


SETTLING = """Callao: cuatro muertos en balacera dentro de una combi

    Un sicario mató ayer a cuatro personas en una combi en el Callao.

    Se trataría de un ajuste de cuentas, pues dos de las víctimas pertenecerían a la organización criminal ‘Los Vilcas’."""


def test_the_gang_that_victims_belonged_to_is_not_the_one_that_did_it(read: Read) -> None:
    (event,) = read("2024-10-08T08:00:00-05:00", SETTLING).events
    assert (event.crime_type, event.gangs) == ("sicariato", ())


BRIBE = """Suboficial pedía coima a taxistas en el peaje de Chilca

    Un suboficial fue grabado ayer en el peaje de Chilca, en Cañete, cuando pedía coima a un taxista. Según la Fiscalía, el agente
    exigía S/ 200 a cada chofer para dejarlo pasar. Será investigado por el delito de cohecho pasivo propio."""
CONTRACTS = """Fiscalía investiga a gobernador por presunta colusión en obra de Huaraz

    La Fiscalía investiga al gobernador regional por colusión agravada en la obra del hospital de Huaraz. Según la acusación, el gerente de
    la constructora solicitó S/ 856,568.30 a un proveedor en marzo del 2024 y recibió S/ 50 mil en efectivo."""
COUNTRY = """Extorsionadores no descansan en el Perú

    En el Perú, los extorsionadores exigen pagos a bodegueros por WhatsApp y amenazan con explosivos, advirtió un gremio."""


@pytest.mark.parametrize("text", [BRIBE, CONTRACTS])
def test_sums_asked_for_by_officials_are_no_extortion(read: Read, text: str) -> None:
    assert "extorsion" not in {event.crime_type for event in read("2026-03-03T08:00:00-05:00", text).events}


def test_a_bribe_that_is_asked_for_is_bribery(read: Read) -> None:
    (event,) = read("2026-03-03T08:00:00-05:00", BRIBE).events
    assert told(event)["crime"] == "cohecho"
    assert told(event)["money"] == [(200.0, "PEN", "demanded")]


def test_nothing_happened_in_the_whole_country(read: Read) -> None:
    assert read("2026-03-03T08:00:00-05:00", COUNTRY).events == ()


LAW = """Extorsión se castiga hasta con cadena perpetua, recuerda jueza

    La jueza de la Corte Superior de Justicia de Lima, Rosa Poma Vilca, advirtió sobre las penas por el delito de extorsión. Según el
    Código Penal, van de diez a quince años de prisión, y hasta la cadena perpetua si se usan explosivos.

    “Por ejemplo, el extorsionador observa una botica a la que le va bien y exige al dueño que pague cada mes”, explicó la magistrada."""
DROPS = """Prestamistas de ‘gota a gota’ balean a comerciante en Ica

    Prestamistas de ‘gota a gota’ dispararon ayer contra un comerciante de Ica que no quiso pagar S/ 500 de intereses. Según la Policía, se
    investigan más de 300 muertes ligadas a esos préstamos."""
PROM = """Extorsionadores piden 30 soles por alumno para permitir fiesta de promoción

    La banda “Los Zorros Nueva Generación” exige 30 soles por alumno a los padres de familia de un colegio, bajo amenaza de volar el local
    de la fiesta. Los extorsionadores les escribieron por WhatsApp."""


def test_what_the_law_says_of_a_crime_is_no_event(read: Read) -> None:
    assert read("2026-03-03T08:00:00-05:00", LAW).events == ()


def test_crimes_that_are_counted_are_not_the_dead_of_an_event(read: Read) -> None:
    (event,) = read("2026-03-03T08:00:00-05:00", DROPS).events
    assert "counts" not in told(event)


def test_what_a_gang_demands_is_an_event_wherever_it_is(read: Read) -> None:
    (event,) = read("2026-03-03T08:00:00-05:00", PROM).events
    assert told(event)["gangs"] == ["Los Zorros Nueva Generación"]
    assert "place" not in told(event)


TERRITORY = """Quién manda en las minas de Pataz

    En el distrito de Pataz, en La Libertad, operan La Jauría, Los Pulpos, Los Ochenta y Los Malditos de Río Seco, bandas dedicadas a la extorsión y al
    sicariato, según la Policía. Cobran cupos a los mineros artesanales y se disputan los socavones."""


def test_who_is_active_where_is_no_event(read: Read) -> None:
    assert read("2026-03-03T08:00:00-05:00", TERRITORY).events == ()


def test_lenders_are_no_victims_where_loans_are_the_crime(read: Read) -> None:
    (event,) = read("2026-03-03T08:00:00-05:00", DROPS).events
    assert "prestamista" not in told(event).get("victims", [])  # type: ignore[operator]


PUBLISHED = "2026-03-10T08:00:00-05:00"
AGAIN = """Ventanilla: dejan granada en bodega que no paga cupo

    Un sujeto dejó ayer una granada en la puerta de una bodega de Ventanilla. Al dueño le exigen S/ 8 000.

    No es el primer ataque. El {day} los extorsionadores ya habían disparado contra la fachada.

    El comerciante pidió garantías a la Policía."""


def test_another_attack_on_the_same_victim_is_an_event_of_its_day(read: Read) -> None:
    again = {"crime": "extorsion", "date": "2026-02-03", "place": "070106", "victims": ["bodega"]}
    assert told(read(PUBLISHED, AGAIN.format(day="3 de febrero")).events[1]) == again


def test_an_attack_of_the_same_day_is_the_same_event(read: Read) -> None:
    assert len(read(PUBLISHED, AGAIN.format(day="9 de marzo")).events) == 1


IN_PASSING = """Comas: balean ferretería por no pagar cupo

    Dos sujetos balearon ayer la fachada de una ferretería de Comas. Al dueño le exigen S/ 8 000.

    {others}

    La Policía revisa las cámaras de la zona."""


def test_victims_told_of_in_passing_are_events_of_their_own(read: Read) -> None:
    others = (
        "No es el primer caso. En enero, una heladería de Carabayllo pagó S/ 2 000, y en febrero el dueño de un chifa"
        " de Los Olivos rechazó un pedido de S/ 5 000."
    )
    main, first, second = (told(event) for event in read(PUBLISHED, IN_PASSING.format(others=others)).events)
    assert main["victims"] == ["ferretería"]
    assert first == {
        "crime": "extorsion",
        "date": "2026-01",
        "place": "150106",
        "victims": ["juguería"],
        "money": [(2000, "PEN", "paid")],
    }
    assert second == {
        "crime": "extorsion",
        "date": "2026-02",
        "place": "150117",
        "victims": ["chifa"],
        "money": [(5000, "PEN", "demanded")],
    }


@pytest.mark.parametrize(
    "others",
    [
        "El cabecilla fue detenido el 20 de febrero dentro de un hostal de Comas.",
        "La ferretería ya había pagado S/ 2 000 en febrero.",
        "Una botica de la zona cerró por miedo.",
    ],
)
def test_where_somebody_was_caught_and_who_was_told_of_before_is_no_other_victim(read: Read, others: str) -> None:
    assert len(read(PUBLISHED, IN_PASSING.format(others=others)).events) == 1


def test_a_date_in_front_of_what_happened_is_its_day(read: Read) -> None:
    chronicle = """Ancón: balean bus de empresa que no paga cupo

    Un sujeto disparó ayer contra un bus de una empresa de transporte en Ancón. Le exigen S/ 50 000.

    CRONOLOGÍA

    12 de enero. Detonan dinamita en la cochera de la empresa.

    2 de febrero. Queman un bus en Puente Piedra."""
    events = [(event.date.iso if event.date else None, event.crime_type) for event in read(PUBLISHED, chronicle).events]
    assert events[1:] == [("2026-01-12", "extorsion"), ("2026-02-02", "extorsion")]


CAUGHT_SOMEWHERE = """Detienen a trabajador que llevaba droga en un pollo a la brasa

    Un trabajador de un albergue fue detenido con droga escondida en un pollo a la brasa, según el coronel Nilo Tafur Rengifo, de la División Este
    de la Región Policial Áncash.

    El intervenido será procesado por tráfico ilícito de drogas."""


def test_who_is_caught_in_a_report_is_caught_for_something_wherever_it_was(read: Read) -> None:
    (event,) = read("2025-06-12T08:00:00-05:00", CAUGHT_SOMEWHERE).events
    assert told(event) == {"crime": "tid", "counts": {"arrested": 1}}


def test_attacks_that_each_have_their_day_are_events_of_their_own(read: Read) -> None:
    others = (
        "En el mes hubo además disparos contra una discoteca de Carabayllo (día 4), una granada en un hostal de Los Olivos"
        " (día 6) y una ráfaga en la puerta de una botica de Ancón (día 2)."
    )
    events = read(PUBLISHED, IN_PASSING.format(others=others)).events[1:]
    days = [(event.date.iso if event.date else None, event.place.ubigeo if event.place else None) for event in events]
    assert days == [("2026-03-04", "150106"), ("2026-03-06", "150117"), ("2026-03-02", "150102")]


DISMISSED = """Fiscalía investiga a ministro por abuso de autoridad

    La Fiscalía inició diligencias contra el ministro del Interior por el cese de un general de la Policía.

    El 22 de enero, el Gobierno dio por concluido su cargo y lo culpó del avance del crimen organizado."""
COURT_DAY = """Exgobernador de Moquegua irá a juicio por coimas

    El exgobernador de Moquegua irá a juicio por haber recibido S/ 2 millones en coimas de una constructora en 2014.

    El 30 de octubre del 2023, la jueza dio inicio a las audiencias."""


def test_crime_in_general_is_no_gang_that_did_something(read: Read) -> None:
    assert not read("2024-03-26T12:00:00-05:00", DISMISSED).events


def test_the_day_of_a_judge_is_not_that_of_the_crime(read: Read) -> None:
    assert all(told(event).get("date") != "2023-10-30" for event in read("2024-03-26T12:00:00-05:00", COURT_DAY).events)


def test_the_gang_of_an_article_did_in_passing_what_is_laid_at_its_door(read: Read) -> None:
    others = (
        "Los extorsionadores son de ‘Los Zorros del Norte’. En enero {whose} dejó una granada en una botica de Ancón."
    )
    for whose, gangs in (("la misma banda", ["Los Zorros del Norte"]), ("un desconocido", [])):
        event = read(PUBLISHED, IN_PASSING.format(others=others.format(whose=whose))).events[1]
        assert [gang.name for gang in event.gangs] == gangs
