"""Methods: how a crime was done, and the innocent senses of the same words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexicon import fold, read_table
from nlp.recognizers.methods import method_types, read_methods
from nlp.types import Method
from tests.nlp.marked import check, make_doc, parse_marked

CRIME = " Los delincuentes exigían cupos; la extorsión crece y los sicarios también."

EXAMPLES = [
    "Dejaron un [cartucho de dinamita](METHOD type=explosivo_dinamita facet=arma/explosivo) en la puerta.",
    "Lanzaron una [granada](METHOD type=explosivo_granada).",
    "Llegó por [WhatsApp](METHOD type=amenaza_whatsapp facet=canal) un texto.",
    "Le [dispararon](METHOD type=arma_fuego) [a bordo de una moto](METHOD type=sicarios_moto facet=movilidad).",
    "El jefe ordena [desde el penal](METHOD type=desde_penal facet=origen).",
    "Pidieron yapear por [Yape](METHOD type=pago_yape facet=pago).".replace("yapear por", "pagar por"),
    "Les exigían veinte soles [semanales](METHOD type=pago_semanal facet=periodicidad).",
    "Dejaron una [corona de flores](METHOD type=arreglo_funebre) y [stickers](METHOD type=sticker).",
    "Son préstamos del sistema ‘[gota a gota](METHOD type=gota_a_gota)’.",
    "Recibió un sobre con dos [municiones](METHOD type=amenaza_bala) y una amenaza.",
    "Los ejecutaron [a quemarropa](METHOD type=arma_fuego) en la mina.",
    # innocent senses, and what did not happen
    "No hubo disparos en el asalto.[](NONE)",
    "Asaltaron el local sin hacer un solo disparo.[](NONE)",
    "Un sujeto apodado ‘Cuchillo’ estaría detrás.[](NONE)",
    "El distrito de Granada está en Amazonas.[](NONE)",
    "Paga novecientos soles de alquiler al mes.[](NONE)",
    "Compró una moto nueva para su hijo.[](NONE)",
    "Lo leyó en los diarios de la capital.[](NONE)",
    "Responderá por tenencia ilegal de armas.[](NONE)",
    "Los agentes ubicaron la casa con apoyo de un dron.[](NONE)",
    "Los extorsionadores grabaron la obra con un [dron](METHOD type=dron).",
    "Un hombre del volante perdió su carro.[](NONE)",
    "Pagan cinco soles por moto en el paradero.[](NONE)",
    "Los ladrones huyeron con dinero en efectivo y dos laptops.[](NONE)",
    "En la casa se incautó dinero en efectivo, unos S/ 900.[](NONE)",
    "Le exigieron S/ 900 [en efectivo](METHOD type=pago_efectivo).",
]


@pytest.mark.parametrize("marked", EXAMPLES)
def test_methods_of_a_crime_report(marked: str) -> None:
    marked += CRIME
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "method_recognizer")._.mentions or [])


@pytest.mark.parametrize(
    ("told", "method"),
    [
        ("Dejaron en la puerta una bala y una foto de su hija.", "amenaza_bala"),
        ("En el sobre manila había tres municiones.", "amenaza_bala"),
        ("Fue alcanzado por una bala; en la mano tenía la carta.", "arma_fuego"),
        ("Hallaron un cuaderno. Recibió una bala en el pecho.", "arma_fuego"),
    ],
)
def test_bullets_that_are_sent_are_a_threat(told: str, method: str) -> None:
    found = read_methods(make_doc(told + CRIME, "method_recognizer"))
    (bullet,) = (m for m, _ in found if m.text.startswith(("bala", "munici")))
    assert isinstance(bullet.value, Method)
    assert bullet.value.type == method


def test_a_text_without_crime_has_no_methods() -> None:
    assert not make_doc("Vende motos, machetes y cuchillos; cobra por Yape.", "method_recognizer")._.mentions


def test_every_phrase_stands_once_and_every_method_has_one() -> None:
    rows = list(read_table("method_terms.csv", frozenset({"phrase", "method", "needs"})))
    phrases = [fold(row["phrase"].replace("*", "xyz")) for row in rows]
    assert sorted({phrase for phrase in phrases if phrases.count(phrase) > 1}) == []
    assert {row["method"] for row in rows} == set(method_types())


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            ["moto ", "extorsión ", "disparos ", "S/ 5 ", "diarios ", "sicarios ", ". ", "\n\n", "Granada "]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_text_is_read(text: str) -> None:
    for mention in make_doc(text, "method_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text
