"""Businesses: trades however they are said, companies, the part they play, what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexicon import fold, read_table
from nlp.recognizers.businesses.lexicon import business_types
from tests.nlp.marked import check, make_doc, parse_marked

CRIME = " La extorsión y los cupos crecen, los sicarios amenazan."

EXAMPLES = [
    "Extorsionan a [bodeguero](BUSINESS type=bodega category=comercio_minorista ciiu=4711 role=victim) de Comas.",
    "La dueña de una [cevichería](BUSINESS type=cevichería role=victim) recibió una granada.",
    "Balearon la [pollería El Cisne](BUSINESS type=pollería role=victim) y un [chifa](BUSINESS type=chifa role=victim).",
    'Piden cupos a [dirigentes de construcción civil](BUSINESS type="construcción civil" role=victim).',
    "Los [mototaxistas](BUSINESS type=mototaxi role=victim) de Ate pagan dos soles.",
    "Amenazan a un [colegio particular](BUSINESS type=colegio category=educacion role=victim).",
    "Queman [combi](BUSINESS type=combi role=victim) en Ate.",
    "La granada de los extorsionadores rajó las lunas de una [ferretería](BUSINESS role=context) vecina.",
    "Un falso [colectivo](BUSINESS type=colectivo role=front) asaltaba pasajeros.",
    "Seudosindicatos de [construcción civil](BUSINESS role=front) cobran.",
    "Lavaban el dinero con una [discoteca](BUSINESS type=discoteca role=front).",
    "Atacaron a la empresa [El Jilguero](BUSINESS type=mototaxi role=victim source=business/named) y sus [mototaxistas](BUSINESS) pararon.",
    'Disparan contra la línea [41](BUSINESS type="empresa de transporte" source=business/named) en Ate.',
    "Los [mototaxistas](BUSINESS) de [Zorzal SAC](BUSINESS type=mototaxi) dejaron de salir por la extorsión.",
    'En la lista figuran [veterinarias](BUSINESS role=victim), [librerías](BUSINESS role=victim) y [dentistas](BUSINESS type="clínica dental" role=victim).',
    'Dispararon a dos [buses](BUSINESS type="empresa de transporte"); los [choferes](BUSINESS type="empresa de transporte") fueron amenazados.',
    "Exigen dinero a los [comerciantes del mercado](BUSINESS type=mercado role=victim).",
    "Amenazan a una [vendedora de jugos](BUSINESS type=juguería role=victim) de Ate.",
    "Los cupos alcanzan a [grifos](BUSINESS), [boticas](BUSINESS) y [colegios](BUSINESS type=colegio role=victim).",
    "EXTORSIONAN A [BODEGUERO](BUSINESS type=bodega role=victim) DE COMAS",
    "Hacen la ruta Comas-Chorrillos y van por la ruta Ancón.[](NONE)",
    "Detonan explosivo en un [local de gigantografías](BUSINESS type=imprenta role=victim) por la extorsión.",
    'Extorsionan a [Expreso Los Zorzales](BUSINESS type="empresa de transporte" role=victim), dijo el Ministerio de Transportes y Comunicaciones.',
    "Piden cupo a los [imprenteros](BUSINESS type=imprenta role=victim) y a un [agroexportador](BUSINESS type=agroexportadora role=victim) de Ica.",
    "Piden cupo a un [negocio de extintores](BUSINESS type=ferretería role=victim) de Ate.",
    # who did it, or was caught, is named by a trade
    "Detienen a un taxista que asaltaba a sus pasajeros. El taxista calló.[](NONE)",
    "Una inspectora fue agredida por un chofer de combi en Ate.[](NONE)",
    "Cae falso médico que pedía cupos.[](NONE)",
    # in passing, and where somebody was, came from or was caught
    "Los asaltantes fueron intervenidos dentro de un hotel de Ate.[](NONE)",
    "Los asaltantes se refugiaron en un lujoso hotel de Ate.[](NONE)",
    "La Policía los siguió hasta el hotel de Ate donde habían reservado dos habitaciones.[](NONE)",
    "El operativo destruyó tres bocaminas e inutilizó maquinaria pesada.[](NONE)",
    "Perdió su dinero tras retirar dinero de una entidad bancaria.[](NONE)",
    "Los asaltantes, vestidos como obreros de construcción civil, huyeron.[](NONE)",
    "Lo balearon en la calle, a una cuadra del coliseo de gallos.[](NONE)",
    'Asaltan una [casa de cambios](BUSINESS type="casa de cambio" role=victim) de Ate.',
    "Balearon el [restaurante Dayana](BUSINESS type=restaurante role=victim). Una mujer murió.",
    "El herido salía del banco con su esposa.[](NONE)",
    "Los sujetos escaparon en mototaxi.[](NONE)",
    "El herido fue llevado al colegio por su tía; no habló con nadie.[](NONE)",
    "Puso la denuncia ante la comisaría.[](NONE)",
    "La Autoridad de Transporte Urbano multó a uno.[](NONE)",
    "LEE TAMBIÉN: Extorsionan a bodeguero[](NONE)",
]


PLACES = [
    # where people were killed or held, which is nobody's loss
    "Mataron a un joven dentro de un [restaurante](BUSINESS role=context) de Ica. El [restaurante](BUSINESS role=context) cerró.",
    "Sicarios entraron a una [discoteca](BUSINESS role=context) y asesinaron a dos hermanos.",
    "Asesinaron al dueño de un [restaurante](BUSINESS role=victim) en su [restaurante](BUSINESS role=victim), ayer.",
    "Asesinaron a un hombre en la avenida Grau, cerca de una botica.[](NONE)",
]


@pytest.mark.parametrize("marked", PLACES)
def test_a_place_where_people_are_killed_is_no_victim(marked: str) -> None:
    marked += " El homicidio es investigado; a la víctima la asesinaron sicarios."
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "business_recognizer")._.mentions or [])


@pytest.mark.parametrize("marked", EXAMPLES)
def test_businesses_of_a_crime_report(marked: str) -> None:
    marked += "\n\n" + CRIME
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "business_recognizer")._.mentions or [])


@pytest.mark.parametrize(
    "text", ["", "La bodega vende pan y el mototaxista espera.", "Subió el precio del gas en los grifos de Tacna."]
)
def test_a_text_without_crime_has_no_victims(text: str) -> None:
    assert not make_doc(text, "business_recognizer")._.mentions


def test_every_phrase_stands_once_and_every_type_has_one() -> None:
    rows = list(read_table("business_terms.csv", frozenset({"phrase", "lemma", "strength"})))
    phrases = [fold(row["phrase"]) for row in rows]
    assert sorted({phrase for phrase in phrases if phrases.count(phrase) > 1}) == []
    assert {row["lemma"] for row in rows} == set(business_types())


def test_classes_of_activity_have_four_digits() -> None:
    assert [b.type for b in business_types().values() if b.ciiu and not (len(b.ciiu) == 4 and b.ciiu.isdigit())] == []


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                "bodega ",
                "extorsión ",
                "cupos ",
                "sicarios ",
                "empresa ",
                "El Jilguero ",
                "SAC ",
                ". ",
                "\n\n",
                "frente a ",
                "falso ",
                "“",
                "”",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_text_is_read_without_overlap(text: str) -> None:
    end = 0
    for mention in make_doc(text, "business_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        end = mention.end
