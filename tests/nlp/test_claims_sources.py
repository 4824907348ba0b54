"""Who is let speak by the words of a sentence."""

from __future__ import annotations

import pytest

from tests.nlp.conftest import Read


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("Este año hubo 310 denuncias en Lima, según informó el Crl. PNP Raúl Poma Inga en una reunión.", "Raúl Poma Inga"),
        ("Este año hubo 310 denuncias en Lima, según confirmaron dos dirigentes.", "dos dirigentes"),
        ("Este año la Diviac ha deshecho bandas; la Dirandro ha registrado 310 denuncias en Lima.", "Dirandro"),
        ("El Instituto de Estudios e Investigaciones informó que este año hubo 310 denuncias en Lima.", "Instituto de Estudios e Investigaciones"),
        ("La asociación que las agrupa estima que este año hubo 310 denuncias en Lima.", "asociación que las agrupa"),
        ("La medida nace de un informe policial según el cual este año hubo 310 denuncias en Lima.", "informe policial"),
        ("Los mandos dieron cuenta de 310 denuncias en Lima este año.", "mandos"),
        ("Este año hubo 310 denuncias en Lima, indicó hace poco un informe periodístico.", "informe periodístico"),
        ("En lo que va de mayo los mandos dieron cuenta de 310 denuncias en Lima.", "mandos"),
        ("Según el Sidpol, hay extorsión. “Son 310 denuncias en Lima este año”, comentó Luis Rojas Díaz, de la Fiscalía.", "Luis Rojas Díaz"),
        ("El informe da cuenta de 310 denuncias en Lima este año.", None),
        ("Según dijo, este año hubo 310 denuncias en Lima.", None),
        ("Con el homicidio del taxista Luis Rojas Díaz, este año son 310 los asesinatos en Lima.", None),
    ],
)  # fmt: skip
def test_sources(read: Read, words: str, speaker: str | None) -> None:
    text = f"Bodegas cierran por la extorsión\n\n{words}"
    told = [claim.speaker for claim in read("2025-08-09T09:00:00-05:00", text).claims]
    assert [name and name.split(", ")[0] for name in told] == [speaker]


def test_what_a_national_body_counts_is_of_the_country(read: Read) -> None:
    text = """Matan a bodeguero en Comas

    Un bodeguero fue asesinado ayer en Comas.

    Según el Observatorio de Criminalidad, en lo que va del año 310 bodegueros fueron asesinados."""
    assert [claim.scope for claim in read("2025-08-09T09:00:00-05:00", text).claims] == ["PE"]
