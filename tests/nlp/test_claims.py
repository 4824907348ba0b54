from __future__ import annotations

import pytest

from nlp.types import Claim
from tests.nlp.conftest import Read


def said(claim: Claim) -> tuple[object, ...]:
    return (
        claim.text,
        claim.quantity_min,
        claim.quantity_max,
        claim.unit,
        claim.scope,
        claim.period,
        claim.denominator,
        claim.speaker,
    )


FIGURES = """Denuncias por extorsión aumentaron 30 % en lo que va del año

    En lo que va del 2025 se registraron 18 385 denuncias por extorsión en el Perú, según el Sidpol. La cifra representa un
    aumento de 30 % respecto al mismo periodo del 2024.

    Lima concentra 7 705 casos. Uno de cada tres comerciantes de Trujillo ha sido víctima de extorsión, de acuerdo con la
    Cámara de Comercio."""
HOMICIDES = """Asesinan a taxista en Trujillo

    Un taxista fue asesinado anoche en Trujillo. En lo que va del año se registran más de 60 homicidios en la región La
    Libertad, informó la Policía Nacional."""
RATE = """Empresarios de Trujillo piden ayuda contra la extorsión

    El coronel PNP Raúl Poma Inga informó que en la provincia de Trujillo se registran entre 10 y 12 denuncias por día."""
NONE = """Capturan a dos sujetos con tres pistolas en Comas

    La Policía detuvo ayer a dos sujetos con tres pistolas en Comas. Iban a asaltar una bodega."""

CASES = [
    (
        "an article of figures",
        "2025-09-02T06:00:00-05:00",
        FIGURES,
        [
            (
                "18 385 denuncias por extorsión",
                18385,
                18385,
                "denuncias",
                "PE",
                "2025-01-01/2025-09-02",
                None,
                "Sidpol",
            ),
            (
                "30 % respecto al mismo periodo del 2024",
                30,
                30,
                "%",
                "PE",
                "2025-01-01/2025-09-02",
                "respecto al mismo periodo del 2024",
                "Sidpol",
            ),
            ("7 705 casos", 7705, 7705, "casos", "1501", "2025-01-01/2025-09-02", None, "Sidpol"),
            (
                "Uno de cada tres comerciantes de Trujillo",
                33.3,
                33.3,
                "%",
                "1301",
                "2025-01-01/2025-09-02",
                "comerciantes de Trujillo",
                "Cámara de Comercio",
            ),
        ],
    ),
    (
        "a figure beside an incident",
        "2022-09-19T18:30:00-05:00",
        HOMICIDES,
        [("más de 60 homicidios", 60, None, "homicidios", "13", "2022-01-01/2022-09-19", None, "Policía Nacional")],
    ),
    (
        "a usual rate",
        "2025-09-02T06:00:00-05:00",
        RATE,
        [("entre 10 y 12 denuncias", 10, 12, "denuncias", "1301", "day", None, "Raúl Poma Inga, PNP")],
    ),
    ("the counts of an incident are no claims", "2025-09-02T06:00:00-05:00", NONE, []),
]


@pytest.mark.parametrize(
    ("published", "text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_claims(read: Read, published: str, text: str, expected: list[tuple[object, ...]]) -> None:
    assert [said(claim) for claim in read(published, text).claims] == expected
