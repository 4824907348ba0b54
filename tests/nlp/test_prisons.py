from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.gazetteer import gazetteer
from nlp.lexicon import read_table
from nlp.recognizers.prisons import find_prisons, named_prisons, prison_spans
from tests.nlp.marked import check, make_doc, parse_marked

EXAMPLES = [
    "Fue trasladado al [penal de Challapalca](PRISON id=challapalca ubigeo=230408), en Tacna.",
    "Los [penales de Huaral](PRISON id=huaral) y [Cochamarca](PRISON id=cochamarca) quedaron sin señal.",
    "Dirigía la red desde el [penal ex Río Seco](PRISON id=piura name=Piura).",
    "Irá al [penal El Milagro](PRISON id=trujillo ubigeo=130104) por nueve meses.",
    "Estuvo recluido en [Castro Castro](PRISON id=miguel_castro_castro source=prisons/name) hasta 2021.",
    "Un interno del [penal de máxima seguridad Ancón I](PRISON id=ancon_i) llamaba a los choferes.",
    "La joven cumple su pena en el [anexo de mujeres de Chorrillos](PRISON id=anexo_mujeres_chorrillos).",
    "Purga condena en el [penal de mujeres de Trujillo](PRISON id=mujeres_de_trujillo).",
    "El menor escapó de [Maranguita](PRISON id=maranguita) y volvió a robar.",
    "El adolescente fue llevado al [centro juvenil La Floresta](PRISON id=la_floresta).",
    "REQUISA EN EL [PENAL DE CHALLAPALCA](PRISON id=challapalca)",
    "Ordenan su ingreso al [establecimiento penitenciario de Ica](PRISON id=ica).",
    # two prisons stand in Ancón, two in San Juan de Lurigancho: which one is not told
    "Hallan celulares en el [penal de Ancón](PRISON id=null ubigeo=null name=Ancón).",
    # after words of being held, and in a list that a prison begins, a known name needs no head
    "Su jefe está preso en [El Milagro](PRISON id=trujillo source=prisons/held) y cobra desde allí.",
    "Hallaron un fusil en el pabellón 2 de [Quencoro](PRISON id=cusco).",
    "Las llamadas salen de [Ancón I](PRISON id=ancon_i), [Cambio Puente](PRISON id=chimbote) y [Huamancaca](PRISON id=huancayo).",
    "[](NONE)Los vecinos de El Milagro marcharon; los internos en Medicina de Lurín, también.",
    # a district's name that is a prison's too, where the talk is of prisoners, or after words for getting out or being moved
    "El INPE halló 48 teléfonos. Más de la mitad, en [Lurigancho](PRISON id=lurigancho source=prisons/bare).",
    "El sicario, un exinterno, había salido de [Cambio Puente](PRISON id=chimbote) en julio.",
    "Los presos cuentan que en [Socabaya](PRISON id=arequipa) se duerme por turnos.",
    "Pasó cuatro años en el ex [Río Seco](PRISON id=piura).",
    "[](NONE)Los reos fueron capturados en el distrito de Socabaya y en San Juan de Lurigancho.",
    "Lo mataron; había salido de [El Milagro](PRISON id=trujillo) en mayo y salió hace un mes de [Lurigancho](PRISON id=lurigancho).",
    "[](NONE)Los internos de ‘Los Malditos de Río Seco’ cobraban desde Picsi hasta Socabaya.",
    "[](NONE)El bus había salido de El Milagro a las ocho.",
    "[](NONE)Fue detenido en El Milagro y pasará nueve meses recluido lejos de su familia.",
    "[](NONE)La llamada salió de un penal de Lima; los 13 establecimientos penitenciarios de Arequipa y Puno están llenos.",
    "[](NONE)Dejaron una bala en el portón de la I.E.P. Santa Rosa de Grocio.",
    # no name
    "[](NONE)El penal fue intervenido y los internos del penal siguen sin visitas.",
    # an adjective
    "[](NONE)La Justicia Penal Especializada, la Corte Penal Especializada y el tribunal Penal Liquidador lo citaron.",
    "Educador del [Centro Juvenil de Diagnóstico y Rehabilitación de Lima](PRISON id=maranguita) cayó con droga.",
    "[](NONE)La Fiscalía Penal de Trujillo y la Sala Penal de Apelaciones del Callao rechazaron el pedido.",
    "[](NONE)El Código Penal del Perú castiga al que extorsiona; el juez penal de Huaura no respondió.",
    "[](NONE)Está en una prisión de Paraguay, a la espera de su extradición.",
    "[](NONE)El alcalde de Picsi y la vecina Carmen Castro Castro Ruiz inauguraron la pista de Socabaya.",
]


@pytest.mark.parametrize("marked", EXAMPLES)
def test_prisons(marked: str) -> None:
    text, _ = parse_marked(marked)
    check(marked, text, find_prisons(make_doc(text)))


def test_every_prison_is_found_by_each_of_its_names() -> None:
    columns = frozenset({"id", "name", "aliases", "alone", "bare", "kind", "held", "code"})
    for row in read_table("prisons.csv", columns):
        head = "centro juvenil" if row["kind"] == "juvenile" else "penal"
        for name in filter(None, (row["name"], *row["aliases"].split("|"))):
            if name[0].islower() or name.startswith(("Anexo", "Mujeres")):
                continue
            found = named_prisons(f"Está en el {head} {name}.")
            assert [named.prison.id for named in found] == [row["id"]], name


def test_every_prison_lies_in_a_district_of_the_gazetteer() -> None:
    for row in read_table("prisons.csv", frozenset({"id", "name", "aliases", "alone", "bare", "kind", "held", "code"})):
        assert len(row["code"]) == 6, row
        assert gazetteer().known(row["code"]), row


@given(st.text(alphabet="penal PENAL de El Milagro.,\n“”yª\u00a0\u202e", max_size=200))
def test_any_text(text: str) -> None:
    last = 0
    for start, end in prison_spans(text):
        assert last <= start < end <= len(text)
        last = end


@pytest.mark.parametrize(
    "unit", ["trasladado a Lurigancho ", "penal de ", "salió hace un mes de El Milagro en ", "el ex Río Seco, "]
)
def test_long_hostile_text_is_read(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    assert all(text[named.start : named.end] for named in named_prisons(text))
    assert time.process_time() - began < 10
