from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.recognizers.places import find_places
from nlp.recognizers.places.told import agreed_places
from nlp.types import ArticleKind, PlaceRole, Triage
from tests.nlp.marked import check, make_doc, parse_marked

SPANS = [
    # generic heads stay outside, whole names inside
    "Ocurrió en el distrito de [Comas](PLACE ubigeo=150110 level=district precision=district).",
    "Vive en el [Cercado de Lima](PLACE ubigeo=150101) desde niño.",
    "Balacera en [SJL](PLACE ubigeo=150132) y robo en [VMT](PLACE ubigeo=150143).",
    "Los vecinos de [Villa El Salvador](PLACE ubigeo=150142) marcharon.",
    "Cayó en el [Cercado de Tacna](PLACE ubigeo=230101), cerca del mercado.",
    "Atacaron un bus en la avenida [Agustín de la Rosa Toro](PLACE), en [San Borja](PLACE ubigeo=150130).",
    "Atacaron un local en la av. [Exequiel Cáceda](PLACE) N° 620, en [Comas](PLACE ubigeo=150110).",
    "Atacaron un bus en la avenida [Los Jazmines](PLACE ubigeo=150110), en [Comas](PLACE ubigeo=150110).",
    "El crimen fue en el cruce de las avenidas [Izaguirre](PLACE ubigeo=150117) y [Las Palmeras](PLACE ubigeo=150117), "
    "en [Los Olivos](PLACE ubigeo=150117).",
    "Balearon a un pescador en la caleta [Parachique](PLACE ubigeo=200801). Otro vive en [Vinocanchón](PLACE ubigeo=080104), en [Cusco](PLACE ubigeo=0801).",
    "Asaltaron una tienda de la calle [Jamaica](PLACE ubigeo=150110), en [Comas](PLACE ubigeo=150110).",
    "Balearon a un chofer en la losa de [José Gálvez](PLACE ubigeo=150143), [Villa María del Triunfo](PLACE ubigeo=150143).",
    "Balearon a un cobrador en el sector 2 de [Villa El Salvador](PLACE ubigeo=150142) y a otro en la avenida [2 de Mayo](PLACE).",
    "Llegaron al asentamiento humano [Cruz de Mayo](PLACE ubigeo=070106), en [Ventanilla](PLACE ubigeo=070106).",
    "Asaltaron a cambistas en el Barrio [Chino](PLACE ubigeo=150101) del [Cercado de Lima](PLACE ubigeo=150101), en la calle "
    "[Capón](PLACE ubigeo=150101).",
    "Una bodega fue baleada en el [Cercado](PLACE ubigeo=130101), a dos cuadras de la plaza de [Trujillo](PLACE ubigeo=1301).",
    "Asaltaron una casa de cambio en el [Cercado de Arequipa](PLACE ubigeo=040101). El local está en la avenida [Venezuela](PLACE ubigeo=040101). "
    "El auto fue robado en [San Juan de Miraflores](PLACE ubigeo=150133), en [Lima](PLACE ubigeo=1501).",
    "Quemaron un bus en la vía [Los Libertadores](PLACE ubigeo=110101), en [Ica](PLACE ubigeo=1101).",
    "Allanaron casas en [Huaycán](PLACE ubigeo=150103 precision=neighbourhood).",
    # capitals, lost accents
    "TERROR EN [SAN MARTIN DE PORRES](PLACE ubigeo=150135): QUEMAN TRES BUSES",
    "extorsion en [Jose Leonardo Ortiz](PLACE ubigeo=140105) a bodegueros",
    "[Comas](PLACE ubigeo=150110): detienen a dos sujetos",
    "Fue llevado a la comisaría de [Pueblo Libre](PLACE ubigeo=150121). El robo fue en [Lince](PLACE ubigeo=150116).",
    "Fue llevado a la comisaría de [Tres Cerros](PLACE ubigeo=150110), en [Comas](PLACE ubigeo=150110).",
    # set off at the beginning of a line, in capitals; regions of several words wherever they stand
    "Noche violenta\n\n[EL PORVENIR](PLACE ubigeo=130102). Un explosivo dañó un bus de [Trujillo](PLACE ubigeo=1301).",
    "El fenómeno creció. [La Libertad](PLACE ubigeo=13) concentra la mitad de los casos.",
    # a street lies in the city that the article tells; where it tells none, the street is left out
    "[](NONE)Huyeron por la calle Los Ceibos.",
    "Balearon a un hombre en [Sullana](PLACE ubigeo=2006). Huyeron por la calle [Los Ceibos](PLACE ubigeo=200601).",
    # abroad
    "Huyó a [Guayaquil](PLACE ubigeo=EC level=country), en [Ecuador](PLACE ubigeo=EC).",
    "Nació en [Maracaibo](PLACE ubigeo=VE) y llegó al [Perú](PLACE ubigeo=PE) hace seis años.",
    # territorial institutions hold a place
    "La comisaría de [Laredo](PLACE ubigeo=130106 role=context) recibió la denuncia.",
    "Así lo dispuso la Corte Superior de Justicia de [Ica](PLACE ubigeo=11).",
    # spellings of the press
    "Vive en el distrito de [Tambogrande](PLACE ubigeo=200114), no en [J. L. Bustamante y Rivero](PLACE ubigeo=040129).",
    # a city's name on a street; the streets of a city
    "Lo mataron en la avenida [Lima](PLACE ubigeo=150201), en pleno centro de [Barranca](PLACE ubigeo=150201).",
    "Marcharon por las avenidas de [Lima](PLACE ubigeo=1501) sin incidentes.",
    # regions beside each other are a list, though a district of the second bears the first one's name
    "Operaban en [La Libertad](PLACE ubigeo=13), [Áncash](PLACE ubigeo=02) y [Lambayeque](PLACE ubigeo=14).",
    # the text puts a name into a place where none of that name is known
    "Fue en la pampa [La Grama](PLACE ubigeo=131202), distrito de [Chao](PLACE ubigeo=131202).",
    "Viajaban a [Santa Cruz](PLACE ubigeo=BO), [Bolivia](PLACE ubigeo=BO).",
    "Huyeron a [Tacna](PLACE ubigeo=2301), [Chile](PLACE ubigeo=CL) y [Bolivia](PLACE ubigeo=BO).",
    # a landmark that the country has but once lies where it lies
    "Aterrizó en el aeropuerto [Jorge Chávez](PLACE ubigeo=070101) y siguió a [Arequipa](PLACE ubigeo=0401).",
    # a sector with the name of a city abroad
    "Cayó en el sector [Nápoles](PLACE ubigeo=130104), en [Huanchaco](PLACE ubigeo=130104).",
    # a letter names no zone
    "Fue en la zona L de [Huaycán](PLACE ubigeo=150103).",
    # where a route ends lies no street that it begins at
    "Cayó en [Comas](PLACE ubigeo=150110). Van de la avenida [Los Molles](PLACE ubigeo=150110) hasta el distrito de [Ancón](PLACE ubigeo=150102).",
    # a police station bears no city's name abroad
    # "una calle de" names no street
    "Cayó en [Comas](PLACE ubigeo=150110) y en una calle de [Santa Anita](PLACE ubigeo=150137), en [Lima](PLACE ubigeo=1501).",
    "Fue en [Arequipa](PLACE ubigeo=0401). Acudió la comisaría de [Santa Marta](PLACE ubigeo=040101).",
    # who holds an office somewhere is named next
    "Habló el exalcalde de [Julcán](PLACE ubigeo=1305) Manuel Poma, en [Trujillo](PLACE ubigeo=1301).",
    # a street lies where it crosses another, and where the article is, not where somebody comes from
    "Cayeron en [Pueblo Libre](PLACE ubigeo=150121). Dos jóvenes, procedentes del [Callao](PLACE ubigeo=07 role=origin), fueron detenidos en el cruce "
    "de la avenida [Los Sauces](PLACE ubigeo=150121) y el pasaje [Ignacio Vela](PLACE ubigeo=150121).",
    "Cayó en [Comas](PLACE ubigeo=150110), en el cruce de la Av. [Túpac Amaru](PLACE ubigeo=150110) con la Av. [Tacna](PLACE ubigeo=150110).",
    # a neighbourhood with the name of a region, a station with that of an avenue
    "Cayó en [Comas](PLACE ubigeo=150110), en la zona de [La Libertad](PLACE ubigeo=150110), y pasó a la comisaría de [Túpac Amaru](PLACE ubigeo=150110).",
    "Cayeron en la zona de [La Libertad](PLACE ubigeo=13).",
    # a street's name, without its head in the headline
    "Matan a un estibador en [Dos de Mayo](PLACE ubigeo=070101)\n\nLo mataron en la avenida [Dos de Mayo](PLACE ubigeo=070101), en el [Callao](PLACE ubigeo=07).",
    "La fiscal provincial de [Tacna](PLACE ubigeo=2301) Rosa Poma Vilca pidió prisión.",
    # a lower-case article after an institution
    "Asaltaron un grifo en [La Victoria](PLACE ubigeo=150115). Pasó a la Depincri de [la Victoria](PLACE ubigeo=150115).",
    # at the beginning of a sentence
    "Robos en [Trujillo](PLACE ubigeo=1301). [El Porvenir](PLACE ubigeo=130102), [La Esperanza](PLACE ubigeo=130105) y [Laredo](PLACE ubigeo=130106) suman diez.",
]

NOT_PLACES = [
    "[](NONE)Cayeron ‘Los Malditos de Bayóvar’ con dos granadas.",
    "[](NONE)La banda “La Jauría de Trujillo” pedía cupos.",
    "[](NONE)Un suboficial de la Policía Nacional del Perú (PNP) quedó herido.",
    "[](NONE)El Tren de Aragua mandó los mensajes.",
    "[](NONE)Asaltaron una agencia de Caja Huancayo.",
    "[](NONE)Alianza Lima goleó y Sport Huancayo empató.",
    "[](NONE)El suboficial Luis Morales Castilla declaró por tres horas.",
    "[](NONE)Según Rosa Trujillo Chota, le pedían dinero todos los días.",
    "[](NONE)El general Bolívar Salas dirigió la captura.",
    "[](NONE)Se cumplen los años de la batalla de Ayacucho.",
    "[](NONE)La independencia de los jueces y la esperanza de la victoria.",
    "[](NONE)La bancada de Perú Libre pidió la renuncia.",
    "Lo amenazaron vía WhatsApp y luego vía Facebook Live, en [Comas](PLACE ubigeo=150110).",
    "Dirigió la estrategia Barrio Seguro del Ministerio del Interior en [Ica](PLACE ubigeo=1101).",
    "[](NONE)La obra de José de San Martín se lee poco.",
    "[](NONE)El sector Salud compró vacunas para la zona Sur.",
    "[](NONE)Mala suerte: Asia y Santa ganaron.",
    "[](NONE)Estuvo en el penal de Lurigancho.",
    "[](NONE)Estudia en la Universidad Nacional Mayor de San Marcos.",
]

LINKS = [
    # the text names the larger place
    "Murió en [El Porvenir](PLACE ubigeo=130102), en [Trujillo](PLACE ubigeo=1301).",
    "Ocurrió en [Miraflores](PLACE ubigeo=040110), [Arequipa](PLACE ubigeo=0401).",
    "El hecho fue en [Bellavista](PLACE ubigeo=200602), [Sullana](PLACE ubigeo=2006).",
    "En el distrito arequipeño de [Miraflores](PLACE ubigeo=040110) no hubo clases.",
    "Jugaron en [La Victoria](PLACE ubigeo=140106), el distrito chiclayano.",
    # company
    "Patrullan [La Victoria](PLACE ubigeo=150115), [El Agustino](PLACE ubigeo=150111) y [Santa Anita](PLACE ubigeo=150137).",
    "Robos en [El Porvenir](PLACE ubigeo=130102), [La Esperanza](PLACE ubigeo=130105) y "
    "[Florencia de Mora](PLACE ubigeo=130103).",
    # levels
    "La región [Piura](PLACE ubigeo=20 level=region) supera a [La Libertad](PLACE ubigeo=13).",
    "Viajó de [Piura](PLACE ubigeo=2001 level=province) a [Trujillo](PLACE ubigeo=1301).",
    "Fue en [Sullana](PLACE ubigeo=2006), [Piura](PLACE ubigeo=20).",
    "La provincia de [Huancayo](PLACE ubigeo=1201) y el distrito de [Huancayo](PLACE ubigeo=120101) son cosas distintas.",
    "El gobernador regional de [Cusco](PLACE ubigeo=08) respondió.",
    "Habló el jefe de la Región Policial [Piura](PLACE ubigeo=20).",
    "Las regiones más afectadas son [Lima](PLACE ubigeo=15), con 57 casos, [Piura](PLACE ubigeo=20), con 34, e [Ica](PLACE ubigeo=11).",
    "Se vio en los distritos de [Lima](PLACE ubigeo=1501) y en las nueve provincias de [Junín](PLACE ubigeo=12).",
    "Se vio en las provincias de [Trujillo](PLACE ubigeo=1301) y [Virú](PLACE ubigeo=1312).",
    # the only region that an article names
    "Su taller está en [Miraflores](PLACE ubigeo=040110). La denuncia llegó a la Divincri de [Arequipa](PLACE ubigeo=0401).",
    "Mataron a dos en [San Sebastián](PLACE ubigeo=080105). La PNP de [Cusco](PLACE ubigeo=0801) investiga.",
    # city of a district with another name
    "El bote salió de [Iquitos](PLACE ubigeo=160101) hacia [Pucallpa](PLACE ubigeo=250101).",
    "[Lima Norte](PLACE ubigeo=1501) y el [Callao](PLACE ubigeo=07) concentran los casos.",
]


@pytest.mark.parametrize("marked", SPANS + NOT_PLACES + LINKS)
def test_places(marked: str) -> None:
    text, _ = parse_marked(marked)
    check(marked, text, find_places(make_doc(text)))


def test_unsure_means_none_and_keeps_the_candidates() -> None:
    (mention,) = find_places(make_doc("El bus cayó a un abismo en el distrito de San Pedro."))
    assert mention.value.ubigeo is None
    assert set(mention.value.candidates) >= {"021409", "050617", "080607"}
    assert (mention.value.lat, mention.value.level, mention.value.precision) == (None, None, None)


@pytest.mark.parametrize(("region", "code"), [("14", "140106"), ("1501", "150115"), (None, "150115")])
def test_the_region_of_the_outlet_decides(region: str | None, code: str) -> None:
    found = list(find_places(make_doc("Matan a un mecánico en el distrito de La Victoria.", region=region)))
    assert [mention.value.ubigeo for mention in found] == [code]


def test_one_name_is_one_place_in_an_article() -> None:
    text = (
        "Pánico en Miraflores\n\nUna bomba estalló en Miraflores. El distrito de Miraflores, en Arequipa, está de luto."
    )
    found = [mention.value.ubigeo for mention in find_places(make_doc(text))]
    assert found == ["040110", "040110", "040110", "0401"]


def test_the_ends_of_a_route_hold_no_street_of_another_sentence() -> None:
    text = "Explosión en Chiclayo\n\nLa empresa cubre la ruta Chiclayo - Cutervo. El local está en la calle Los Ficus, cuadra tres."
    found = {mention.text: mention.value.ubigeo for mention in find_places(make_doc(text))}
    assert found["Los Ficus"] == "140101"


ROLES = [
    "La Policía detuvo a tres sujetos en [Comas](PLACE role=operation).",
    "Mataron a balazos a un cambista en [Comas](PLACE role=incident).",
    "El detenido es natural de [Sullana](PLACE role=origin).",
    "Los Gallos de Pelea, banda que opera en [Ventanilla](PLACE role=gang_base), pedían cupos.",
    "El colectivo iba rumbo a [Huaral](PLACE role=route) cuando le cerraron el paso.",
    "Purga pena en el penal de Lurigancho, en [SJL](PLACE role=prison).",
    "Reunión de alcaldes\n\n[CHICLAYO](PLACE role=dateline).- Los alcaldes se reunieron ayer.",
    "La temperatura bajará en [Puno](PLACE role=context).",
    # the words right before leave no doubt, for those named in one breath either
    "Un sujeto que asaltaba a taxistas fue intervenido en el cruce de la avenida [Brasil](PLACE role=operation) con la calle [Los Ficus](PLACE role=operation), "
    "en [Pueblo Libre](PLACE role=operation).",
    "Los serenos de [Comas](PLACE role=context) capturaron a un ladrón que asaltó a un taxista.",
    "Tras el asalto, los heridos fueron llevados al hospital Cayetano Heredia de [San Martín de Porres](PLACE role=context).",
    "Los sicarios estaban enquistados en el cerro [Cabras](PLACE role=gang_base) de [Trujillo](PLACE role=gang_base).",
    "Fue recluido en el penal San Francisco de Asís, en [Puerto Maldonado](PLACE role=prison).",
    "Fue detenido por robar un celular en el parque [Los Ficus](PLACE role=incident) de [Comas](PLACE role=incident).",
    "Dos sujetos dispararon contra un chofer en la avenida [Los Ficus](PLACE role=incident), en [Comas](PLACE role=incident).",
    "El sujeto que asaltó a un taxista fue capturado por personal del serenazgo (GIR) antes de llegar al jirón [Los Ficus](PLACE role=operation), en "
    "[Comas](PLACE role=operation).",
    "Estaban enquistados en el cerro [Cruz Blanca](PLACE role=gang_base) de [El Porvenir](PLACE role=gang_base), en [Trujillo](PLACE role=gang_base).",
    "El agresor no vive en el distrito, sino en [San Isidro](PLACE role=origin).",
    "El crimen ocurrió anoche en la urbanización [Los Ficus](PLACE role=incident), en [Comas](PLACE role=incident).",
    "Los capturados son naturales de [Ica](PLACE role=origin) y [Pisco](PLACE role=origin).",
]


@pytest.mark.parametrize("marked", ROLES)
def test_roles(marked: str) -> None:
    text, _ = parse_marked(marked)
    check(marked, text, find_places(make_doc(text)))


def test_a_place_that_heads_a_part_of_a_round_up_has_the_role_of_its_first_sentence() -> None:
    doc = make_doc(
        "Noche violenta en Piura\n\nHubo dos crímenes.\n\n- SULLANA. El sábado un sicario mató a balazos a un cambista."
    )
    doc._.triage = Triage(relevant=True, kind=ArticleKind.ROUNDUP, score=0.95)
    assert [mention.value.role for mention in find_places(doc)][1:] == ["incident"]


def test_places_of_an_article_that_is_not_about_crime_are_context() -> None:
    doc = make_doc("Dispararon fuegos artificiales en Comas.")
    doc._.triage = Triage(relevant=False, kind=ArticleKind.OTHER, score=0.1)
    assert [mention.value.role for mention in find_places(doc)] == ["context"]


WORDS = st.sampled_from(
    [
        "San",
        "Juan",
        "de",
        "la",
        "Victoria",
        "Lima",
        "LIMA",
        "en",
        "El",
        "avenida",
        "Av.",
        "jirón",
        "distrito",
        "“",
        "”",
        "‘",
        "(",
        ")",
        ",",
        ".",
        "\n",
        "-",
        "y",
        "Los",
        "penal",
        "Piura",
        "28",
        "Julio",
        "\xa0",
        "ñ",
        "é",
    ]
)


@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=40).map(" ".join)))
@settings(max_examples=150)
def test_any_text(text: str) -> None:
    found = list(find_places(make_doc(text)))
    for mention in found:
        assert text[mention.start : mention.end] == mention.text == mention.value.name
        assert 0 <= mention.score <= 1
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert found == list(find_places(make_doc(text)))


@pytest.mark.parametrize(
    "text",
    ["San Juan de " * 3000, "avenida " * 4000, "Los Olivos, " * 1500, "LIMA " * 4000, "(" * 9000, "en " * 9000],
)
def test_hostile_texts_are_read(text: str) -> None:
    assert all(mention.text for mention in find_places(make_doc(text)))


def test_streets_that_cross_have_one_role() -> None:
    text = "Chocó en el cruce de la avenida Los Ficus con el jirón Las Lomas, en Comas."
    crossing = [
        replace(mention, value=replace(mention.value, role=role))
        for mention, role in zip(
            find_places(make_doc(text)), (PlaceRole.CONTEXT, PlaceRole.OPERATION, PlaceRole.CONTEXT), strict=True
        )
    ]
    assert [mention.value.role for mention in agreed_places(crossing, text)] == ["operation", "operation", "context"]
