"""Gangs: known and unknown, how the press introduces them, what is none, variants joined, links to the registry."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.recognizers.gangs.registry import key_of, link, registry
from nlp.types import Gang, Label
from tests.nlp.conftest import Read
from tests.nlp.marked import check, make_doc, parse_marked

FOUND = [
    # heads, quoted and not, with what names them
    'La Policía capturó a tres miembros de la banda criminal “[Los Zarpazos](GANG name="Los Zarpazos" id=null source=gang/cues)”.',
    'Cayó la organización criminal denominada [Los Zarpazos del Cerro](GANG name="Los Zarpazos del Cerro").',
    "[](NONE)Balearon el bus de la empresa de transportes El Mandarino. La banda de extorsionadores atacó a dos choferes de ‘El Mandarino’.",
    "[](NONE)Extorsionan a empresas de mototaxis, entre ellas «Cristo Viene» y «ETMURSA Los Rayos», según la Policía.",
    "La PNP desarticuló a ‘[Los Malvados de Quebrada Honda](GANG)’ tras una extorsión.",
    "Los extorsionadores integraban «[Las Sombras de la Cuadra 6](GANG)», según la Fiscalía.",
    "El presunto cabecilla de [Los Zarpazos](GANG) fue detenido por sicariato en Ate.",
    "Los sicarios pertenecen a la organización criminal [Barrio Azul](GANG), dijo el coronel.",
    # apposition after the name
    "Era un supuesto integrante de la banda criminal [Los Santos](GANG), dijo la PNP tras la extorsión.",
    "[Los Zarpazos](GANG), banda dedicada al cobro de cupos, amenazó al chofer.",
    # headlines
    "Caen ‘[Los Zarpazos de Ñaña](GANG)’ con celulares y una libreta",
    # listed with one that is accepted
    "Se disputan los cupos “[Los Zarpazos](GANG)” y “[Los Navajeros](GANG)” en Comas.",
    # a stem that only gangs bear
    "Así cobraban [Los Malditos de Quebrada Honda](GANG) los cupos a los mototaxistas.",
    # a capital article within a sentence of a crime report
    "El dirigente fue asesinado y su hijo, baleado; los extorsionó [Los Zarpazos del Cerro](GANG), banda de sicarios. "
    'Nadie acusa a [Los Zarpazos](GANG name="Los Zarpazos del Cerro").',
    "Mataron a un chofer y balearon a otro. Una banda los extorsiona y otra los amenaza: pagan a [Los Trompos](GANG).",
    # nouns in lower case within quotes, and the article outside of them
    "Cayeron “[Los zarpazos del cono sur](GANG)”, banda criminal dedicada a la extorsión.",
    "Extorsionan en Ate: los sicarios serían de los “[Zarpazos](GANG)”, banda que asesina por encargo.",
    "Cae la banda criminal denominada “[Los Tiznados malosos del Alambre](GANG)”, que extorsionaba.",
    'Extorsionaban integrantes de "[Los Zarpazos](GANG)", "[Los navajeros de Los Sauces](GANG)" y "[La Gran Sombra](GANG)".',
    # a threat that names its sender
    "Balearon y extorsionaron al bodeguero y mataron a su perro. “Te hablo de ‘[La Gran Estirpe](GANG)’: deposita”, decía.",
    # no article, but an apposition that tells
    "Dos sicarios asesinaron a un chofer extorsionado. Lo amenazaba [Noche Brava](GANG), facción de una banda criminal.",
    # foreign groups, wherever they are named
    'El [Tren de Aragua](GANG name="Tren de Aragua" id=tda source=gang/registry) nació en una cárcel.',
    "Dos hombres extorsionaban a nombre de [Los Gallegos](GANG id=gallegos), facción del [Tren de Aragua](GANG id=tda).",
    "La extorsión la firma [DESA](GANG name=DESA id=antitren) y los asesinatos también; mataron a dos choferes.",
]

NONE = [
    "El alcalde de Los Olivos denunció una extorsión en Las Lomas.[](NONE)",
    "Los Shapis tocaron en el aniversario; hubo un robo en la puerta.[](NONE)",
    "La orquesta ‘Los Celajes’ fue extorsionada y su local, baleado.[](NONE)",
    "Extorsionan a la empresa de transportes Los Celajes y queman un bus.[](NONE)",
    "Constructora Los Celajes denunció que le exigen cupos.[](NONE)",
    "Balearon a un hombre en el cruce de las avenidas Perú y Los Celajes.[](NONE)",
    "Motorizados de Los Halcones capturaron a los extorsionadores.[](NONE)",
    "Llegaron Los Halcones de la Policía Nacional del Perú tras los disparos de la banda.[](NONE)",
    "Cayó alias ‘El Zurdo’, sicario y extorsionador.[](NONE)",
    "Capturan al cabecilla de la banda, ‘Zurdo’, por extorsión.[](NONE)",
    "Los Sánchez denunciaron la extorsión ante la comisaría; fueron amenazados.[](NONE)",
    "Por la extorsión se allanaron las comisarías de Los Ranchos y de Los Molles.[](NONE)",
    "La banda peruana “Los Celajes” lanza su disco.[](NONE)",
    "La agrupación ‘Los Luceros de la Cumbia’ fue extorsionada y su bus, baleado.[](NONE)",
    "El teatro presentará «Las sombras de la otra orilla».[](NONE)",
    "Dictaron la conferencia denominada “La Cadena Rota”, contra la trata de personas y el asesinato.[](NONE)",
    "“Los vecinos tienen miedo”, dicen tras el asesinato.[](NONE)",
    "“Los vamos a bajar del escenario”: la banda exige cupos y amenaza con sicarios.[](NONE)",
    "Los Chankas vencieron con un disparo al ángulo.[](NONE)",
    "El caso “Los Celajes” llegó al fiscal por extorsión.[](NONE)",
    "Cae ‘La Tía Zoila’, que extorsionaba y amenazaba; también cayó un sicario.[](NONE)",
    "Extorsionan, balean y asesinan en la ruta a Los Celajes, urbanización de Ate.[](NONE)",
    "Vecinos de Los Celajes, urbanización de Ate, fueron asaltados.[](NONE)",
    "Los Productores de Naranjillo, cooperativa, informaron de un robo.[](NONE)",
    "Según contaron a El Zonal los extorsionados, la banda mató a dos choferes.[](NONE)",
    "El líder de la organización criminal sería ‘El Monarca’, que extorsionaba y amenazaba.[](NONE)",
    "[](NONE)",
]


@pytest.mark.parametrize("marked", [*FOUND, *NONE])
def test_gangs_of_a_text(marked: str) -> None:
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "gang_recognizer")._.mentions or [])


def test_a_name_accepted_once_is_found_wherever_it_stands() -> None:
    marked = (
        'CAEN CUATRO\n\nLa PNP capturó por extorsión a cuatro de la banda “[Los Zarpazos de Ñaña](GANG name="Los Zarpazos de Ñaña")”.\n\n'
        '[LOS ZARPAZOS](GANG name="Los Zarpazos de Ñaña")\n\n'
        'Para los vecinos, [los Zarpazos](GANG name="Los Zarpazos de Ñaña") son de otro barrio. El negocio de '
        '[Los Zarpazos](GANG name="Los Zarpazos de Ñaña") terminó.'
    )
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "gang_recognizer")._.mentions or [])


def test_the_same_pattern_with_another_place_is_another_gang() -> None:
    marked = (
        'La banda “[Los Malditos de Ñaña](GANG name="Los Malditos de Ñaña")” y la banda '
        '“[Los Malditos de Morón](GANG name="Los Malditos de Morón")” cobran cupos y extorsionan a choferes. '
        "Nadie sabe cuáles de los Malditos mataron al cobrador."
    )
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "gang_recognizer")._.mentions or [])


def test_a_faction_of_the_registry_is_not_joined_with_its_parent() -> None:
    text = "La extorsión la disputan las bandas ‘Los Pulpos’ y ‘Los Pulpos Nueva Generación’, dijo la PNP."
    names = [
        m.value for m in make_doc(text, "gang_recognizer", region="13")._.mentions or [] if isinstance(m.value, Gang)
    ]
    assert [(gang.name, gang.id) for gang in names] == [
        ("Los Pulpos", "pulpos"),
        ("Los Pulpos Nueva Generación", "pulpos_ng"),
    ]


def test_a_headline_in_capitals_is_shown_in_mixed_case() -> None:
    text = "CAE LA BANDA CRIMINAL “LOS ZARPAZOS DE ÑAÑA” POR EXTORSIÓN"
    (mention,) = make_doc(text, "gang_recognizer")._.mentions or []
    assert mention.text == "LOS ZARPAZOS DE ÑAÑA"
    assert mention.value == Gang(name="Los Zarpazos de Ñaña", id=None)


@pytest.mark.parametrize(
    ("name", "regions", "found"),
    [
        ("Los Malditos del Norte", {"15"}, "malditos_norte_lima"),
        ("Los Malditos del Norte", {"14"}, "malditos_norte_cix"),
        ("Los Malditos del Norte", {"04"}, None),
        ("Los Malditos del Norte", set(), None),
        ("La Gran Alianza", {"13"}, "gran_alianza"),
        ("La Gran Alianza", {"07"}, "gran_alianza_carab"),
        ("los malditos de bayobar", {"15"}, "malditos_bayovar"),
        ("Los Malditos de Bayóvar", {"20"}, None),
        ("Los Compadres NG", {"13"}, "compadres_ng"),
        ("Tren de Aragua", {"23"}, "tda"),
        ("TdA", set(), "tda"),
        ("Los Injertos", {"15"}, "injertos_cn"),
        ("Los Injertos del Rímac", {"15"}, "injertos_rimac"),
        ("Los Nunca Vistos", {"15"}, None),
    ],
)
def test_linking_needs_one_row_and_no_contradiction(name: str, regions: set[str], found: str | None) -> None:
    row = link(key_of(name), regions)
    assert (row.id if row else None) == found


def test_an_unknown_region_of_the_article_falls_back_to_the_outlets() -> None:
    text = "Caen cinco de la banda ‘Los Malditos del Norte’ por extorsión."
    found = {
        region: make_doc(text, "gang_recognizer", region=region)._.mentions[0].value.id for region in ("14", "15", None)
    }
    assert found == {"14": "malditos_norte_cix", "15": "malditos_norte_lima", None: None}


def test_the_registry_is_sound() -> None:
    rows = {row.id: row for found in registry().rows.values() for row in found}
    assert {row.parent for row in rows.values() if row.parent} <= set(rows)
    assert all(code.isdigit() and 1 <= int(code) <= 25 for row in rows.values() for code in row.regions)
    shared = {key: {row.id for row in found} for key, found in registry().rows.items() if len(found) > 1}
    assert shared == {
        "gran alianza": {"gran_alianza", "gran_alianza_carab"},
        "malditos del norte": {"malditos_norte_lima", "malditos_norte_cix"},
    }
    assert not set(registry().rows) & set(registry().not_gangs)


PIECES = st.sampled_from(
    [
        "banda criminal ",
        "“",
        "”",
        "'",
        "Los ",
        "LOS ",
        "la ",
        "Malditos ",
        "de ",
        "Ñaña",
        " y ",
        ", ",
        ". ",
        "\n\n",
        "extorsión ",
        "S/ 5",
        "(a) ",
        "İ",
        "ﬁ",
        "\u202e",
    ]
)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_read_and_offsets_slice_back(text: str) -> None:
    mentions = make_doc(text, "gang_recognizer")._.mentions or []
    spans = [(m.start, m.end) for m in mentions]
    assert spans == sorted(spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    for mention in mentions:
        assert mention.label is Label.GANG
        assert text[mention.start : mention.end] == mention.text
        assert 0 <= mention.score <= 1


@pytest.mark.parametrize(
    "piece", ["Los A ", "“Los ", "banda de los ", "Los Malditos de ", "Los", "Los Abcd de Efg, banda criminal, "]
)
def test_hostile_text_comes_to_an_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for mention in make_doc(text, "gang_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("sentence", "gang"),
    [
        ("Los cobradores, dicen los choferes, son de Los Trompos del Puente.", "Los Trompos del Puente"),
        ("El remitente se presenta como de La Marea Brava y exige dos mil soles.", "La Marea Brava"),
        ("La gente de ‘Los Trompos’ pasa los viernes a cobrar el cupo.", "Los Trompos"),
        ("La compra se hizo en Los Sauces, a dos cuadras del paradero.", None),
        ("El partido entre Los Sauces FC y El Progreso se suspendió.", None),
    ],
)
def test_in_an_article_about_extortion_all_that_is_seen_of_a_name_is_weighed(
    read: Read, sentence: str, gang: str | None
) -> None:
    text = (
        "Extorsionan a mototaxistas de Comas\n\nSujetos armados exigen el pago de cupos de S/ 5 diarios a los mototaxistas "
        f"de Comas y amenazan con matarlos. {sentence} La Policía investiga el caso por extorsión."
    )
    told = read("2025-10-15T08:00:00-05:00", text)
    assert [m.text for m in told.mentions if m.label is Label.GANG] == ([gang] if gang else [])
