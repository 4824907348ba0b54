import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy import COVER, cover

COVERED = [
    ("Llamaron desde el 987 654 321 a la víctima", "Llamaron desde el […] a la víctima"),
    ("Escriba al +51 987654321.", "Escriba al […]."),
    ("al 044-223344 de la comisaría", "al […] de la comisaría"),
    ("el auto de placa ABC-123 huyó", "el auto de placa […] huyó"),
    ("una moto de placa 1234-5B", "una moto de placa […]"),
    ("vehículo de placa de rodaje A1B234", "vehículo de placa de rodaje […]"),
    ("con DNI 45678912, fue hallado", "con DNI […], fue hallado"),
    ("en la avenida Túpac Amaru 1250, Comas", "en la […], Comas"),
    ("en el jirón Los Álamos N.° 345", "en el […]"),
    ("su casa en la Mz. B Lote 14 de Bayóvar", "su casa en la […] de Bayóvar"),
]
KEPT = [
    "Pidieron S/ 50 000 y luego S/ 987 654",
    "La avenida Túpac Amaru fue cerrada",
    "El 12 de octubre de 2025 murieron 3 personas",
    "27 000 denuncias en 2025",
    "Ley 32183 y artículo 200 del Código Penal",
    "bus de la línea 41",
]


@pytest.mark.parametrize(("text", "expected"), COVERED)
def test_what_exposes_a_person_is_covered(text: str, expected: str) -> None:
    assert cover(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_what_exposes_nobody_stays(text: str) -> None:
    assert cover(text) == text


def test_names_are_covered_as_whole_words() -> None:
    assert cover("Ana Rojas, madre de Mariana Rojas", ("Ana Rojas",)) == f"{COVER}, madre de Mariana Rojas"


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_taken(text: str, names: list[str]) -> None:
    cover(text, sorted(names, key=len, reverse=True))
