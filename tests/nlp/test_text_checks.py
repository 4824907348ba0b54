from __future__ import annotations

import pytest

from nlp.text_checks import MAX_CHARACTERS, text_flags

SPANISH = (
    "La Policía capturó en Comas a dos sujetos que exigían dinero a los dueños de una bodega. Según el coronel, la banda "
    "cobraba cupos desde hace meses y amenazaba a los comerciantes de la zona con dispararles si no pagaban."
)
ENGLISH = (
    "The police said on Monday that two men were arrested in the north of the city after they had asked the owner of a shop "
    "for money and that they are part of a gang which is known for its attacks on buses."
)
PORTUGUESE = (
    "A polícia informou que os dois homens foram presos na zona norte da cidade e que eles não têm relação com o crime. "
    "Segundo o delegado, a quadrilha também atuava em outros bairros e já havia ameaçado uma família."
)
QUECHUA = (
    "Kay llaqtapi runakuna ancha llakisqa kachkanku, chaymi huk punchaw wasinkunamanta lluqsirqanku. Mana allin runakuna "
    "qullqita mañakurqanku, hinaspa chay runakuna manchakurqanku. Paykuna nirqanku: ñuqanchik mana qullqiyuq kanchik."
)
CASES = [
    ("", ["empty"]),
    (" \n\t", ["empty"]),
    (SPANISH, []),
    ("Cayó en Comas", []),
    (ENGLISH, ["not_spanish"]),
    (PORTUGUESE, ["not_spanish"]),
    (QUECHUA, ["not_spanish"]),
    (SPANISH.upper(), ["all_caps"]),
    (f"<p>{SPANISH}</p>", ["html_left_in"]),
    (SPANISH.replace("í", "Ã\u00ad"), ["mojibake"]),
    (SPANISH + " \u202eabc", []),
    ((SPANISH.replace("í", "i").replace("ó", "o").replace("ñ", "n").replace("ú", "u") + " ") * 4, ["no_accents"]),
    (SPANISH * 1000, [f"truncated:{MAX_CHARACTERS}"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_flags(text: str, expected: list[str]) -> None:
    assert list(text_flags(text)) == expected
