from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.triage import evidence, triage
from nlp.types import ArticleKind

RELEVANT = [
    (
        "Comas: balean fachada de bodega cuyo dueño se negó a pagar cupo\n\nLa Policía investiga el ataque a balazos.",
        "incident",
    ),
    (
        "Villa El Salvador: cae banda que robaba autos\n\nAgentes de la Dirincri detuvieron a tres sujetos en Villa El Salvador.",
        "incident",
    ),
    (
        "Capturan a feminicida que había huido a Puno\n\nLa PNP detuvo al sujeto acusado de asesinar a su pareja.",
        "incident",
    ),
    (
        "Dictan prisión preventiva para ‘El Cojo’ por extorsión\n\nEl juzgado de Trujillo dictó nueve meses de prisión "
        "preventiva; la audiencia duró tres horas. La Corte Superior informó que fue condenado antes.",
        "judicial",
    ),
    (
        "Denuncias por extorsión crecieron 30 % en lo que va del año\n\nSegún la cifra del Sidpol, se registraron 18 mil "
        "denuncias por extorsión, un aumento de 30 % respecto al año pasado. El promedio es de 80 casos al día en el Perú.",
        "statistics",
    ),
    (
        "Matan a obrero; asaltan grifo; caen con ketes\n\n¡ACRIBILLADO!.- De seis tiros mataron a un obrero en San Pedro.\n\n"
        "GRIFEROS REDUCIDOS.- Tres encapuchados asaltaron un grifo y huyeron con 3 mil soles.\n\n"
        "* SIN AGUANTE. La Policía sorprendió a una pareja con 200 ketes.\n\nY AL FINAL.- Un sujeto fue detenido por robar una moto.",
        "roundup",
    ),
    (
        "Detienen a alcalde distrital de Huaral por presunta coima\n\nLa Fiscalía allanó su vivienda; es investigado por cohecho.",
        "incident",
    ),
    (
        "San Juan de Lurigancho es el distrito más extorsionado\n\nLa Policía reveló los casos de extorsión del año. Encabeza San "
        "Juan de Lurigancho con 1.163 denuncias. Le sigue Comas, con 597 casos reportados. Por otro lado, Santa Rosa tiene 18.",
        "statistics",
    ),
    ("Piden S/ 5 mil semanales a mototaxistas de Comas.\n\n", "incident"),
    (
        "Alcalde de Mala vive con escolta\n\nSujetos le pidieron US$ 20 000 a la semana por dejar trabajar a los obreros. "
        "En marzo recibió amenazas y balearon su casa.",
        "incident",
    ),
    (
        "Hallan granada en la puerta de un colegio en SJL\n\nLa directora recibió amenazas por WhatsApp. La UDEX la retiró.",
        "incident",
    ),
    (
        "Cae en Colombia cabecilla de Los Pulpos buscado por sicariato en Trujillo\n\nLa Policía de Colombia capturó en Cali al peruano, "
        "buscado por la PNP por la muerte de dos transportistas de Trujillo. Será traído a Lima.",
        "incident",
    ),
]
IRRELEVANT = [
    "Universitario mató el partido con un balazo de Valera\n\nEl delantero marcó el gol ante Sport Huancayo en el estadio.",
    "Guayaquil: asesinan a cinco personas\n\nGuayaquil (Ecuador).- Sicarios mataron a cinco en la ciudad ecuatoriana.",
    "Cali: balean local de transportistas que se negó a pagar extorsión\n\nSicarios dispararon en el occidente de Cali, en Colombia. La "
    "Policía Nacional de Colombia capturó a tres integrantes de la banda, que exigía 5 millones de pesos colombianos.",
    "Tres detenidos por el secuestro de un empresario\n\nLa policía de Tijuana, en México, detuvo a tres sujetos que pedían un rescate. El "
    "empresario mexicano fue liberado. Una de las víctimas había viajado a Lima el año pasado.",
    "Bus cae a un abismo en Ayacucho y deja 12 muertos\n\nEl despiste ocurrió en la carretera. La Sutran dijo que había SOAT.",
    "Netflix estrena serie sobre un asesino serial\n\nLa temporada tiene ocho episodios y el actor protagoniza a un sicario.",
    "Precios de los combustibles se disparan\n\n“Es un asalto a nuestros bolsillos”, dijo un taxista de Tacna en un grifo.",
    "Congreso debate moción de censura contra ministro\n\nLa bancada anunció sus votos. La premier pidió diálogo.",
    "Dengue: el asesino silencioso ya mató a 15 en San Martín\n\nEl zancudo avanza, según la Diresa; hay 6 mil contagiados.",
    "La selección peruana venció a Chile con un golazo\n\nEl arquero fue figura en las eliminatorias.",
    "Trabajadores piden S/ 300 mensuales de aumento a empresarios\n\nEl sindicato anunció una huelga.",
    "Club pide 2 millones de soles por el pase de su delantero\n\nEl mercado de fichajes se cierra a la semana.",
    "Hijos de víctimas de violencia política tendrán becas\n\nPronabec abrió 500 cupos para víctimas de terrorismo; los becarios "
    "postulan en línea.",
    "Descartan el relevo del coronel de la Diviac\n\nEl comandante general de la PNP dijo que el coronel seguirá. La fiscalía y "
    "el juez firmaron el acta del allanamiento. La Policía Nacional y el Mininter callaron; el general, también.",
    "Ministra niega denuncia\n\nLa denuncia es una mentira, dijo: se trata de una difamación. Denunciará al diario que la denunció.",
    "Receta de ceviche: cómo prepararlo en casa\n\nLimón, pescado y ají.",
    "",
]


@pytest.mark.parametrize(("text", "kind"), RELEVANT)
def test_crime_in_peru_is_relevant(text: str, kind: str) -> None:
    found = triage(text)
    assert (found.relevant, found.kind) == (True, ArticleKind(kind)), found.reasons


@pytest.mark.parametrize("text", IRRELEVANT)
def test_other_news_is_not(text: str) -> None:
    found = triage(text)
    assert (found.relevant, found.kind) == (False, ArticleKind.OTHER), found.reasons


def test_accents_and_case_do_not_matter() -> None:
    text = RELEVANT[0][0]
    assert triage(text.upper()).score == triage(text).score


def test_the_reasons_name_the_cues_and_what_weighed_most() -> None:
    reasons = triage("Cae sicario en Comas\n\nLa Policía lo detuvo.").reasons
    assert reasons[:3] == ("crime: sicari* 9.0", "process: detuvo 3.0", "process: policia 1.5")
    assert [reason.split(":")[0] for reason in reasons[3:]] == ["weighed"] * 3


def test_words_that_are_no_cues_decide_too() -> None:
    """Politicians talk of crime and police all day: their words weigh against it."""
    minister = "Congreso interpela al ministro del Interior\n\nLa bancada presentó la moción. El premier y el presidente del Congreso, de "
    minister += "distintos partidos, discutieron en el pleno sobre la policía y la fiscalía; el voto de confianza será el jueves."
    found, groups = evidence(minister)
    assert any(name.startswith("word ") for name in found)
    assert groups["process"]
    assert not triage(minister).relevant


def test_the_kind_is_weighed_among_all_kinds() -> None:
    """The same crime as a report, and as figures."""
    report = "Balean a chofer en Comas\n\nSujetos en moto dispararon ayer contra el chofer por no pagar cupo. La Policía llegó al lugar."
    figures = "Extorsión creció 40 % en Comas\n\nSegún el Sidpol se registraron 597 denuncias por extorsión, un aumento de 40 % respecto al año pasado."
    assert [triage(text).kind for text in (report, figures)] == [ArticleKind.INCIDENT, ArticleKind.STATISTICS]


@given(st.text(max_size=300))
def test_any_text_is_decided(text: str) -> None:
    found = triage(text)
    assert 0.0 <= found.score <= 1.0
    assert found.relevant == (found.score >= 0.5)
