"""Counts of people and things by what befell them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.recognizers.counts import CountFinder
from nlp.types import Count
from tests.nlp.marked import find, make_doc


@pytest.mark.parametrize(
    "marked",
    [
        "El ataque dejó [tres](COUNT value=3 of=dead comparator=exactly source=counts/noun) muertos.",
        "Murieron [dos](COUNT value=2 of=dead source=counts/state) personas.",
        "Sicarios asesinaron a [cuatro](COUNT value=4 of=dead) hombres.",
        "Hay [24](COUNT value=24 of=dead) víctimas mortales y más de [30](COUNT value=30 of=injured comparator=over) heridos.",
        "Hubo [un](COUNT value=1 of=injured) policía herido y [cuatro](COUNT value=4 of=arrested) detenidos.",
        "[Una](COUNT value=1 of=injured) pasajera resultó herida.",
        "Carmen Rivas Tello (46) resultó [herida](COUNT value=1 of=injured).",
        "Rescatan a [nueve](COUNT value=9 of=other) mujeres en un bar.",
        "La Policía capturó a [seis](COUNT value=6 of=arrested) integrantes de la banda.",
        "Detuvieron a [trece](COUNT value=13 of=arrested) presuntos miembros.",
        "Cayeron [38](COUNT value=38 of=arrested) presuntos miembros de la red.",
        "La Policía capturó a [26](COUNT value=26 of=arrested) de ellos.",
        "Detuvieron a [tres](COUNT value=3 of=arrested) albañiles en Ate.",
        "Dictan prisión preventiva para [siete](COUNT value=7 of=arrested) investigados.",
        "La Policía detuvo en el barrio, a [una](COUNT value=1 of=arrested) mujer.",
        "[Dos](COUNT value=2 of=arrested) ciudadanos chilenos, identificados como Nilo Tafur y Saúl Ugaz Ríos, fueron capturados.",
        "Capturan a [un](COUNT value=1 of=arrested) delincuente que había asaltado a [dos](COUNT value=2 of=other) escolares.",
        "Las cámaras capturaron el momento en que un sujeto golpea al portero.[](NONE)",
        "Fueron detenidas [dos](COUNT value=2 of=arrested) personas.",
        "Fue sorprendida por un auto del que bajaron [cuatro](COUNT value=4 of=other) sujetos armados.",
        # those who catch are not those who are caught, nor does the state of others tell theirs
        "Participaron [200](COUNT value=200 of=other) policías y hay [cuatro](COUNT value=4 of=arrested) detenidos.",
        "La Diviac detuvo a [tres](COUNT value=3 of=arrested) policías.",
        "Los [dos](COUNT value=2 of=arrested) delincuentes fueron llevados a la dependencia policial.",
        "[Tres](COUNT value=3 of=injured) pasajeros fueron llevados al hospital.",
        "Detienen a [siete](COUNT value=7 of=arrested) sujetos implicados en la muerte de [9](COUNT value=9 of=dead) mineros.",
        "Son sospechosos de matar a [nueve](COUNT value=9 of=dead) obreros y dejar heridos a otros [17](COUNT value=17 of=injured) trabajadores.",
        # 'último' is no killing
        "La noche del último lunes, cuando un hombre dejó el explosivo, huyó.[](NONE)",
        "El sicario ultimó a [dos](COUNT value=2 of=dead) hombres en Comas.",
        "Dispararon, asesinando a [dos](COUNT value=2 of=dead) personas y dejando heridas, por lo menos, a [cuatro](COUNT value=4 of=injured) personas.",
        "Hallaron los cuerpos de [tres](COUNT value=3 of=dead) hombres.",
        "Secuestraron a [dos](COUNT value=2 of=kidnapped) empresarios.",
        "La banda tiene [doce](COUNT value=12 of=members) integrantes.",
        "Quemaron [dos](COUNT value=2 of=vehicles) buses.",
        "Los peritos contaron [siete](COUNT value=7 of=shots) disparos.",
        "Le dispararon [cuatro](COUNT value=4 of=shots) veces.",
        "La región registró [27 000](COUNT value=27000 of=complaints) denuncias.",
        "Hallaron [215](COUNT value=215 of=other) envoltorios.",
        "Allanaron cerca de [medio centenar](COUNT value=50 of=other comparator=around) de viviendas.",
        "[Ambos](COUNT value=2 of=arrested) sujetos fueron detenidos.",
        "Caen [cuatro](COUNT value=4 of=arrested) de ‘Los Zorros del Cono’.",
        "Cae ‘Zarco’ y [seis](COUNT value=6 of=arrested) más.",
        "Capturaron a [uno](COUNT value=1 of=arrested) de los atacantes.",
        "Otros [dos](COUNT value=2 of=injured) custodios resultaron heridos.",
        "Uno murió y otros [dos](COUNT value=2 of=injured) quedaron heridos.",
        "Los [tres](COUNT value=3 of=arrested) fueron detenidos en Comas.",
        "Los [tres](COUNT value=3 of=arrested) irán a la Fiscalía.",
        "Caen [seis](COUNT value=6 of=arrested) de Sangre Nueva.",
        "Capturaron a [dos](COUNT value=2 of=arrested) de los cobradores.",
        "[Tres](COUNT value=3 of=other) ‘causas’ fugaron en moto.",
        "A los [tres](COUNT value=3 of=arrested) se les incautaron celulares.",
        "[Cinco](COUNT value=5 of=arrested) caen por cobrar cupo.",
        "[Dos](COUNT value=2 of=arrested) de sus cómplices cayeron el lunes.",
        "[Dos](COUNT value=2 of=dead) ingenieros fueron acribillados.",
        "El ataque dejó heridos a [un](COUNT value=1 of=injured) hombre y [una](COUNT value=1 of=injured) mujer.",
        # robbers overpower people too
        "Los hampones redujeron a los [tres](COUNT value=3 of=other) empleados.",
        # who did it was not hurt, nor are several what one was; "último" kills nobody
        "Fue atacado por [dos](COUNT value=2 of=other) sujetos, que lo dejaron gravemente [herido](COUNT value=1 of=injured).",
        "[Dos](COUNT value=2 of=other) sujetos llegaron en moto y el comerciante fue asesinado.",
        "La noche del último miércoles, [dos](COUNT value=2 of=other) sujetos armados entraron.",
        "Ana falleció y las otras [dos](COUNT value=2 of=other) personas están estables.",
        "Fue detenido el jefe junto a otros [cuatro](COUNT value=4 of=arrested) integrantes.",
        "El ataque de [tres](COUNT value=3 of=other) sicarios dejó heridos a [dos](COUNT value=2 of=injured) vendedoras.",
        "[Dos](COUNT value=2 of=injured) de esos trabajadores resultaron heridos.",
        "También se hirió a [dos](COUNT value=2 of=injured) de los captores.",
        "Mantuvieron secuestrado a [un](COUNT value=1 of=kidnapped) trabajador.",
        "El [triple](COUNT value=3 of=dead source=counts/multiple) homicidio ocurrió en un bar.",
        "Ultimaron a [dos](COUNT value=2 of=dead) hombres.",
        "[Cuatro](COUNT value=4 of=dead) personas han muerto.",
        "Un total de [25](COUNT value=25 of=dead) personas perdió la vida.",
        "[Seis](COUNT value=6 of=dead) personas murieron y [un](COUNT value=1 of=injured) menor quedó herido.",
        "[Un](COUNT value=1 of=injured) vigilante fue golpeado, dejándolo herido.",
        "Vecinos redujeron a [dos](COUNT value=2 of=arrested) delincuentes.",
        "[Un](COUNT value=1 of=injured) soldado recibió un disparo en la pierna.",
        "[Una](COUNT value=1 of=injured) menor que pasaba por ahí resultó herida.",
    ],
)
def test_counts(marked: str) -> None:
    find(marked, "count_recognizer")


@pytest.mark.parametrize(
    "text",
    [
        "Tres años después, a las 8:00 horas, en la ruta 26.",
        "Un hombre y una mujer caminaban por la calle.",
        "Nadie resultó herido.",
        "Fue asesinado a tres cuadras de su casa.",
        "Tres hechos y ningún detenido.",
        "Le enviaron una captura de su página.",
        "El bus se detuvo ante el semáforo y uno de los asaltantes subió.",
        "Sufrió una herida en el cuello.",
        "Uno de cada ocho detenidos es menor.",
        "El 35 % de los detenidos quedó libre.",
        "Pagó S/ 20 por dos boletos.",
        "Placa ARK-082, ley 32108, kilómetro 14.",
    ],
)
def test_what_is_no_count(text: str) -> None:
    find(text + "[](NONE)", "count_recognizer")


def test_parts_of_a_count_are_not_told_again() -> None:
    find(
        "Detuvieron a [15](COUNT value=15 of=arrested) extranjeros. Son trece colombianos y dos venezolanos detenidos. "
        "Cinco de los detenidos tienen antecedentes.",
        "count_recognizer",
    )


@pytest.mark.parametrize(
    "text", ["En lo que va del año hubo 60 homicidios.", "El 2024 se registraron 1,400 detenidos en el país."]
)
def test_figures_over_many_events_score_low(text: str) -> None:
    (mention,) = make_doc(text, "count_recognizer")._.mentions
    assert mention.score < 0.5


@given(st.text(alphabet=" 0123456789.,unadostrecmhiv%/", max_size=160))
def test_any_text_gives_counts_inside_it(text: str) -> None:
    for mention in make_doc(text, "count_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text
        assert isinstance(mention.value, Count)
        assert mention.value.value > 0


@pytest.mark.parametrize("unit", ["1", "1 ", "un ", "tres detenidos ", "a una ", "resultó herido ", "detuvo a "])
def test_long_hostile_text_is_read(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    mentions = CountFinder().find(text, [(0, len(text))])
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
