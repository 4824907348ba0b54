"""Which crime an event is, where one is the way of committing another or shares its sums with it, and how many events there are."""

from __future__ import annotations

import pytest

from nlp.events.officials import ask_for_money
from tests.nlp.conftest import Read
from tests.nlp.test_events import told

WHEN = "2025-06-12T08:00:00-05:00"


def crimes(read: Read, text: str) -> list[str]:
    """The types of the events of a text."""
    return [event.crime_type for event in read(WHEN, text).events]


@pytest.mark.parametrize(
    "title",
    [
        "Pisco: matan a heladero por robarle la venta del día",
        "Pisco: heladero muere al resistirse al robo de su triciclo",
        "Pisco: asesinan a heladero para quitarle su celular en un robo",
    ],
)
def test_who_is_killed_to_be_robbed_is_the_dead_of_a_robbery(read: Read, title: str) -> None:
    text = f"{title}\n\nUn heladero fue asesinado ayer en Pisco por dos sujetos que le robaron su dinero."
    (event,) = read(WHEN, text).events
    assert (event.crime_type, told(event)["counts"]) == ("robo_agravado", {"dead": 1})


def test_migrants_and_fares_make_no_kidnapping(read: Read) -> None:
    text = """Tacna: caen cuatro por tráfico de migrantes

    La Policía detuvo ayer en Tacna a cuatro personas por tráfico de migrantes. Llevaban a 17 extranjeros, que pagaban 90 dólares por cruzar."""
    assert crimes(read, text) == ["trafico_migrantes"]


def test_beasts_left_as_a_threat_are_not_killed_people(read: Read) -> None:
    text = """Jaén: dejan gallina degollada en ferretería y piden S/ 3 mil

    Extorsionadores dejaron ayer una gallina degollada en la puerta de una ferretería de Jaén y exigen S/ 3 mil a su dueño."""
    assert crimes(read, text) == ["extorsion"]


def test_what_extortionists_blow_up_is_an_extortion(read: Read) -> None:
    text = """Talara: extorsionadores detonan dinamita en cabina de internet

    Dos sujetos en moto lanzaron ayer el explosivo contra una cabina de internet en Talara y huyeron."""
    assert crimes(read, text) == ["extorsion"]


def test_arms_that_extortionists_are_caught_with_stay_arms(read: Read) -> None:
    text = """Ica: cae presunto extorsionador con una pistola

    La Policía detuvo ayer en Ica a un hombre por tenencia ilegal de armas. Llevaba una pistola con la serie borrada."""
    assert crimes(read, text) == ["tenencia_armas"]


@pytest.mark.parametrize(
    ("title", "asks"),
    [
        ("Tacna: siete años para policías que cobraban 50 dólares por bus", True),
        ("Prisión para juez que pidió 8 mil soles a un comerciante", True),
        ("Suboficial cae por dejar pasar camiones en Desaguadero", True),
        ("Policía captura a sujeto que pedía S/ 5 mil a bodeguero", False),
        ("Falso policía exigía dinero a choferes", False),
        ("Fiscal pide nueve meses de prisión para extorsionador", False),
    ],
)
def test_titles_say_whether_officials_asked_for_money(title: str, asks: bool) -> None:
    assert ask_for_money(title) is asks


def test_what_officials_ask_for_is_bribery_and_no_gang_of_the_body_took_part(read: Read) -> None:
    text = """Sullana: funcionario edil pedía S/ 2 mil a panadero para no clausurarlo

    Un funcionario de la municipalidad fue detenido ayer en Sullana cuando recibía S/ 2 mil de un panadero. El detenido trabajó antes en un
    local que era de la banda Los Sordos del Chira."""
    (event,) = read(WHEN, text).events
    assert (event.crime_type, event.gangs) == ("cohecho", ())


@pytest.mark.parametrize(
    "gang",
    [
        "contra la organización criminal “Los Verdes del Chira”, acusada de pedir coimas",
        "por integrar la banda Los Verdes del Chira",
    ],
)
def test_a_gang_of_officials_asks_for_their_bribes(read: Read, gang: str) -> None:
    text = f"""Sullana: policías pedían S/ 2 mil a chofer para no multarlo

    Seis policías fueron detenidos ayer en Sullana {gang}. Pedían S/ 2 mil de coima a un chofer."""
    (event,) = read(WHEN, text).events
    assert told(event)["gangs"] == ["Los Verdes del Chira"]


def test_a_rival_that_is_named_after_a_gang_takes_none_of_its_part(read: Read) -> None:
    text = """Comas: choferes de mototaxi pagan S/ 5 diarios

    Los mototaxistas de Comas denunciaron ayer que la banda ‘Los Tercos de Collique’ les exige S/ 5 diarios, mientras que otra organización les pide más."""
    (event,) = read(WHEN, text).events
    assert told(event)["gangs"] == ["Los Tercos de Collique"]


@pytest.mark.parametrize(
    "sentence",
    [
        "El local funciona desde hace 12 años.",
        "La familia, que vende pan hace 12 años, pide ayuda.",
        "Hace dos semanas otra bodega sufrió un ataque similar.",
    ],
)
def test_how_long_something_has_been_so_and_what_happened_to_others_dates_nothing(read: Read, sentence: str) -> None:
    text = f"Chincha: exigen S/ 900 a dueño de panadería\n\nExtorsionadores exigen S/ 900 al dueño de una panadería de Chincha Alta y balearon su puerta. {sentence}"
    (event,) = read(WHEN, text).events
    assert event.date is None


def test_a_programme_that_is_called_for_a_day_dates_nothing(read: Read) -> None:
    text = """Trujillo: exigen S/ 3 mil a cantante

    Según el programa Domingo al Día, una banda exige S/ 3 mil a una cantante de Trujillo."""
    assert all(event.date is None for event in read(WHEN, text).events)


def test_a_fourth_attack_goes_on_where_none_was_counted_before(read: Read) -> None:
    text = """Surco: detonan explosivo en bodega y exigen S/ 7 mil

    Un sujeto detonó un explosivo en la puerta de una bodega de Santiago de Surco.

    CUARTO ATAQUE CONTRA LA BODEGA

    Desde el 2 de enero de 2025 los dueños reciben mensajes en los que se les exige S/ 7 mil."""
    (event,) = read(WHEN, text).events
    assert [money.min for money in event.money] == [7000.0]


def test_how_the_victim_was_taken_the_day_before_is_the_same_kidnapping(read: Read) -> None:
    text = """Ate: rescatan a comerciante secuestrado

    La noche del martes 10 de junio la Policía rescató a un comerciante en una casa de Ate y detuvo a tres secuestradores.

    Este había sido secuestrado un día antes en San Luis y sus captores pedían un rescate de S/ 400 mil."""
    (event,) = read(WHEN, text).events
    assert (event.date and event.date.iso, [money.min for money in event.money]) == ("2025-06-09", [400000.0])


def test_an_operation_in_many_regions_is_nowhere(read: Read) -> None:
    text = """Cae red de tráfico de armas

    La madrugada del jueves 5 de junio la Policía detuvo a 20 personas por tenencia ilegal de armas.

    Los agentes allanaron cinco casas en Tacna, detuvieron a cuatro sujetos en Piura y capturaron a otros tres en Iquitos."""
    assert all(event.place is None for event in read(WHEN, text).events)


def test_what_an_official_took_to_speed_up_an_inquiry_is_no_sum_of_the_victims(read: Read) -> None:
    text = """Breña: mototaxistas pagan cupo de S/ 4

    Los mototaxistas de Breña denunciaron ayer que les exigen S/ 4 diarios. También denunciaron que un oficial habría cobrado S/ 700 a
    la asociación Los Amigos para acelerar la investigación."""
    (event,) = read(WHEN, text).events
    assert [money.min for money in event.money] == [4.0]


def test_a_gang_that_was_broken_up_at_a_place_is_told_though_no_day_and_nobody_caught_is(read: Read) -> None:
    text = """Áncash: desbaratan dos bandas

    En un primer operativo los agentes lograron la desarticulación de la banda criminal ‘Los Sogueros del Sur’, que exigía pagos extorsivos a
    obras, en Nuevo Chimbote."""
    (event,) = read(WHEN, text).events
    assert (told(event)["place"], told(event)["gangs"]) == ("021809", ["Los Sogueros del Sur"])


def test_what_a_sentence_is_about_is_no_trafficking(read: Read) -> None:
    text = "Ica: cae cabecilla\n\nSe trata de alias ‘Rulo’, que fue detenido ayer en Ica con una pistola."
    assert all(mention.text != "trata" for mention in read(WHEN, text).mentions)


def test_others_that_were_caught_a_week_ago_date_nothing(read: Read) -> None:
    text = """Breña: cae sujeto que cobraba S/ 3 diarios a verduleros

    La Policía capturó en Breña a un sujeto que cobraba S/ 3 diarios a los verduleros de un mercado. Hace una semana los vecinos atraparon a
    otros tres presuntos extorsionadores."""
    (event,) = read(WHEN, text).events
    assert event.date is None


def test_a_kidnapping_goes_on_from_place_to_place(read: Read) -> None:
    text = """Ica: liberan a agricultor secuestrado

    Un agricultor fue secuestrado el lunes 2 de junio en Parcona, en Ica. Sus captores pedían S/ 90 mil de rescate.

    El domingo 8 de junio los secuestradores liberaron al agricultor en Pisco."""
    (event,) = read(WHEN, text).events
    assert (event.crime_type, event.date and event.date.iso) == ("secuestro", "2025-06-02")


def test_the_only_sum_of_the_title_is_the_main_event_s_though_another_is_told_with_it(read: Read) -> None:
    text = """Dejan dinamita en zapatería y exigen S/ 8 mil

    Un sujeto dejó ayer una dinamita en la puerta de una zapatería de Tarma, cuyo dueño está siendo extorsionado.

    Mientras que en la provincia de Jaén una mujer denunció que le exigen S/ 8 mil para dejarla trabajar."""
    first = read(WHEN, text).events[0]
    assert [money.min for money in first.money] == [8000.0]


def test_sums_of_a_way_of_committing_a_crime_are_none_of_an_event(read: Read) -> None:
    text = """Huaral: exigen S/ 6 mil a colegio

    Extorsionadores exigen desde ayer S/ 6 mil a un colegio de Huaral. La modalidad es conocida: mensajes y exigencias de entre S/ 2 mil y
    S/ 9 mil."""
    (event,) = read(WHEN, text).events
    assert [money.min for money in event.money] == [6000.0]


def test_a_gang_that_asks_for_money_beside_a_robbery_did_not_rob(read: Read) -> None:
    text = """Huaura: asaltan grifo

    Cuatro sujetos asaltaron ayer un grifo en Huaura y se llevaron la caja. El dueño contó que la banda ‘Los Oxidados de Vegueta’ le exige S/ 400
    al mes."""
    robbery = next(event for event in read(WHEN, text).events if event.crime_type.startswith("robo"))
    assert robbery.gangs == ()


def test_a_surely_told_month_dates_a_crime_rather_than_the_day_of_a_press_release(read: Read) -> None:
    text = """Condenan a mujer por trata de personas

    Un juzgado de Puno condenó a una mujer por trata de personas. De acuerdo con lo actuado, en marzo de 2023 la sentenciada captó a una joven en Juliaca.

    Puno, 10 de junio de 2025."""
    (event,) = read(WHEN, text).events
    assert told(event)["date"] == "2023-03"


def test_the_day_that_something_is_said_to_have_happened_on_needs_no_other_word_for_it(read: Read) -> None:
    text = """Sechura: exigen S/ 2 mil a pescadores

    Los pescadores de Sechura decidieron ayer no zarpar: les exigen S/ 2 mil por lancha. El hecho se produjo la noche del 3 de junio."""
    (event,) = read(WHEN, text).events
    assert told(event)["date"] == "2025-06-03"


def test_trafficking_is_found_behind_its_article(read: Read) -> None:
    text = "Puno: caen tres por la trata de personas\n\nLa Policía detuvo ayer en Puno a tres personas dedicadas a la trata de personas."
    assert crimes(read, text) == ["trata"]


@pytest.mark.parametrize(
    "said", ["remarcó el último jueves el coronel", "dijo ayer el alcalde", "sostuvo este viernes el gremio"]
)
def test_the_day_on_which_something_was_said_dates_nothing(read: Read, said: str) -> None:
    text = f"""Sullana: exigen S/ 2 mil a panadero

    Extorsionadores exigen S/ 2 mil a un panadero de Sullana y lo amenazan por WhatsApp. “Vamos a capturarlos”, {said}."""
    (event,) = read(WHEN, text).events
    assert event.date is None


KNOWN_FOR = """Megaoperativo en Trujillo: caen cuatro de ‘Los Zorros de Wichanzao’

    La Policía intervino esta madrugada casas de ‘Los Zorros de Wichanzao’ en La Esperanza, Trujillo, y detuvo a cuatro sujetos. Las
    viviendas tenían stickers de la banda criminal y afiches de sus sicarios."""


def test_a_gang_with_stickers_is_caught_for_being_a_gang(read: Read) -> None:
    (event,) = read("2025-06-12T08:00:00-05:00", KNOWN_FOR).events
    assert event.crime_type == "banda_criminal"


@pytest.mark.parametrize(
    ("told_so", "crime"),
    [
        (
            "Un conductor agredió a golpes ayer a un portero en Breña. El portero quedó con descanso médico.",
            "lesiones_graves",
        ),
        ("Un hombre golpeó a su conviviente ayer en Breña y le rompió la nariz.", "lesiones_graves"),
        ("Un sujeto agredió a policías ayer en Breña cuando le pedían sus documentos.", "violencia_autoridad"),
        ("La Policía halló ayer en Breña droga camuflada en latas de leche.", "tid"),
        ("Un hombre fue detenido ayer en Breña cuando llevaba cuatro kilos de marihuana en una maleta.", "tid"),
        ("Un sujeto que llevaba cuatro kilos de cocaína fue capturado ayer en Breña.", "tid"),
        ("La Policía halló ayer en Breña un fumadero sobre un comedor.", "microcomercializacion"),
        (
            "La Policía detuvo ayer en Breña a una mujer que pagaba en el mercado con soles falsos.",
            "falsificacion_moneda",
        ),
        ("Los vecinos de Breña denunciaron el intento de rapto de un escolar ayer a mediodía.", "secuestro"),
        ("Unos encapuchados se llevaron ayer a un joven de su casa en Breña y piden rescate.", "secuestro"),
        ("La Policía halló ayer en Breña un bus con municiones ocultas en costales de limón.", "tenencia_armas"),
        (
            "Unos obreros hallaron tres cuerpos ayer en un terreno de Breña. La Policía investiga los crímenes.",
            "homicidio",
        ),
        ("Un camión que había sido robado en Ica fue hallado ayer en Breña.", "robo"),
        ("Los malhechores entraron ayer por la ventana de un jardín de Breña y se apoderaron de sus juguetes.", "robo"),
        ("Un falso masajista fue detenido ayer en Breña por tocamientos a una paciente.", "violacion"),
    ],
)
def test_crimes_of_every_day_are_events(read: Read, told_so: str, crime: str) -> None:
    assert crimes(read, f"Breña: denuncian nuevo delito\n\n    {told_so}") == [crime]


@pytest.mark.parametrize(
    "aside",
    [
        "Las llamadas las hacía un interno del penal de Ancón, sentenciado a 30 años por secuestro.",
        "A quien no paga lo amenazan con el secuestro de sus hijos.",
    ],
)
def test_what_somebody_serves_a_sentence_for_or_threatens_with_is_not_what_happened(read: Read, aside: str) -> None:
    assert crimes(
        read,
        f"Breña: exigen S/ 8 000 a ferretero\n\n    Ayer exigieron S/ 8 000 a un ferretero de Breña.\n\n    {aside}",
    ) == ["extorsion"]


def test_what_somebody_paid_another_makes_no_extortion_of_a_beating(read: Read) -> None:
    text = """Urubamba: regidor golpeó a su esposa

    El regidor golpeó a su esposa con una botella ayer en Urubamba. Ella contó que una vez él le pagó 500 soles a un técnico para que
    borre su denuncia, y que dispararon contra su casa."""
    assert "extorsion" not in crimes(read, text)
