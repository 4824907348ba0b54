"""Words for crimes: what tells an act, what only names a topic; the tables behind them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexicon import fold, read_table
from nlp.phrases import words_of
from nlp.recognizers.crimes import crime_cues, crime_types
from nlp.types import Crime
from tests.nlp.marked import check, make_doc, parse_marked

EXAMPLES = [
    "Los [extorsionadores](CRIME type=extorsion source=crime/term) [les exigían](CRIME type=extorsion source=crime/trigger) dinero.",
    "[Balearon](CRIME type=homicidio_tentativa penal_code=106|108|16 iccs=0102) la fachada y [asesinaron](CRIME type=homicidio) al dueño.",
    "Investigan una [extorsión](CRIME type=extorsion penal_code=200 iccs=02051 source=crime/term).",
    "[Secuestraron](CRIME type=secuestro penal_code=152) a un ganadero; el [cobro de cupos](CRIME type=extorsion) sigue.",
    "Dejaron una [carta extorsiva](CRIME type=exigencia_extorsiva penal_code=200-A).",
    "[Préstamos gota a gota](CRIME type=prestamo_extorsivo) y [lavado de activos](CRIME type=lavado).",
    "Fue detenido por [tenencia ilegal de armas de fuego](CRIME type=tenencia_armas penal_code=279-G).",
    "[ACRIBILLAN](CRIME type=homicidio) A COBRADOR; hubo un [TIROTEO](CRIME type=homicidio_tentativa).",
    "El alcalde inauguró una losa deportiva.[](NONE)",
    "[](NONE)",
]


@pytest.mark.parametrize("marked", EXAMPLES)
def test_crimes_of_a_text(marked: str) -> None:
    text, _ = parse_marked(marked)
    check(marked, text, make_doc(text, "crime_recognizer")._.mentions or [])


@pytest.mark.parametrize(
    ("text", "event"),
    [("extorsionaron", True), ("extorsión", False), ("sicario", False), ("le exigen", True), ("cobraban cupos", True),
     ("homicidios", False), ("asesinato", True), ("robos", False), ("asaltaron", True), ("cupos", False)],
)  # fmt: skip
def test_an_act_is_told_from_a_topic(text: str, event: bool) -> None:
    assert [found.value.event for found in crime_cues(words_of(text))] == [event]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Les pedían S/ 20 diarios por cada combi.", True),
        ("Dueños de bodegas pagan: les cobran una cuota cada semana.", True),
        ("La Fiscalía le pedía explicaciones por su patrimonio.", False),
        ("Los padres le exigieron al alcalde que renuncie. Costó S/ 20 mil.", False),
    ],
)
def test_what_is_asked_for_is_extortion_only_if_it_is_money(text: str, told: bool) -> None:
    mentions = make_doc(text, "crime_recognizer")._.mentions or []
    assert [(m.value.type, m.source) for m in mentions] == ([("extorsion", "crime/trigger")] if told else [])


def test_every_trigger_stands_once() -> None:
    phrases = [
        fold(row["phrase"].replace("*", "xyz"))
        for row in read_table("crime_triggers.csv", frozenset({"phrase", "type", "part", "event"}))
    ]
    repeated = sorted({phrase for phrase in phrases if phrases.count(phrase) > 1})
    assert repeated == []


def test_every_type_has_a_code_but_disappearance() -> None:
    bare = {name for name, crime in crime_types().items() if crime.penal_code is None or crime.iccs is None}
    assert bare == {"desaparicion"}
    assert crime_types()["sicariato"] == Crime(type="sicariato", penal_code="108-C", iccs="0101")


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for mention in make_doc(text, "crime_recognizer")._.mentions or []:
        assert text[mention.start : mention.end] == mention.text
