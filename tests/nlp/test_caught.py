"""How many people an event has as caught, said by numbers or one by one."""

from __future__ import annotations

import pytest

from tests.nlp.conftest import Read

ROBBERY = """Breña: asaltan bodega a mano armada

    Sujetos con pistolas asaltaron ayer una bodega en Breña y se llevaron la caja. {caught}"""


@pytest.mark.parametrize(
    ("caught", "many"),
    [
        ("La Policía detuvo horas después a Nilo Tafur Rengifo (31).", 1),
        ("La Policía detuvo a Nilo Tafur Rengifo y Saúl Ugaz Paredes cuando escapaban.", 2),
        ("Los agentes capturaron en la avenida Brasil a Nilo Tafur Rengifo, alias ‘Manco’, y a su hermano.", 2),
        ("Agentes capturaron a Nilo Tafur Rengifo, que tenía requisitoria vigente desde abril.", 0),
        ("Serenos capturaron a un requisitoriado que estaba entre los asaltantes.", 1),
        ("Una mujer de 25 años y su pareja fueron detenidos por los serenos.", 2),
        ("Nilo Tafur Rengifo, Saúl Ugaz Paredes y Joel Inga Rojas fueron capturados por vecinos.", 3),
        ("Dos ciudadanos chilenos, identificados como Nilo Tafur y Saúl Ugaz, fueron capturados.", 2),
        ("Los serenos capturaron a un varón y a una mujer que huían en mototaxi.", 2),
        ("La Policía detuvo al cabecilla, Nilo Tafur Rengifo, y a otros seis asaltantes.", 7),
        ("La Policía capturó a un ladrón que había golpeado con un fierro a dos clientes.", 1),
        ("Agentes capturaron a Nilo Tafur Rengifo, Saúl Ugaz Paredes y a un menor de edad.", 3),
        ("Horas después, ambos fueron finalmente detenidos.", 2),
        ("Allí se detuvo a dos individuos con parte del dinero.", 2),
        # those named in a row, with who they are
        ("Por ello se detuvo a los presuntos implicados Nilo Tafur Rengifo (41), y Saúl Ugaz Paredes (19).", 2),
        ("Allí fueron arrestados Nilo Tafur Rengifo (43) y su vástago de 16 años.", 2),
        ("Cayeron Nilo Tafur Rengifo (29), ‘Manco’, y seis personas más.", 7),
        (
            "Los detenidos son Nilo Tafur Rengifo (35), de Ilo; Saúl Ugaz Paredes (29), y el ciudadano chileno Joel Inga Rojas.",
            3,
        ),
        (
            "Los serenos sorprendieron a Nilo Tafur Rengifo (40), (a) “Manco”, y a su conviviente Saúl Ugaz Paredes (44).",
            2,
        ),
        # nobody, or no person, or long ago
        ("Nadie ha sido detenido.", 0),
        ("La camioneta, que tenía lunas oscuras, fue intervenida.", 0),
        ("Una moto se detuvo frente al local.", 0),
        ("Uno de ellos, Nilo Tafur Rengifo, fue detenido en marzo por lo mismo.", 0),
    ],
)
def test_people_are_caught_one_by_one_too(read: Read, caught: str, many: int) -> None:
    event = read("2025-06-12T08:00:00-05:00", ROBBERY.format(caught=caught)).events[0]
    assert sum(count.value for count in event.counts if count.of == "arrested") == many
