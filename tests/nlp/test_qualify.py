from __future__ import annotations

import pytest

from nlp.qualify import Zone, qualify
from nlp.types import Crime, Label, Mention, Modality, Polarity


def trigger(text: str, word: str) -> Mention:
    start = text.index(word)
    value = Crime(type="extorsion")
    return Mention(label=Label.CRIME, start=start, end=start + len(word), text=word, value=value, source="t", score=1.0)


SAID = [
    ("Título\n\nLa banda extorsionó a un panadero.", "extorsionó", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nEl presunto sicario habría extorsionado a dos.", "extorsionado", Modality.ALLEGED, Polarity.POSITIVE),
    ("Título\n\nSegún la denuncia, lo extorsionaron.", "extorsionaron", Modality.ALLEGED, Polarity.POSITIVE),
    ("Título\n\nLo amenazaron con matar a su hijo.", "matar", Modality.THREATENED, Polarity.POSITIVE),
    ("Título\n\nPodría ser asesinado si vuelve.", "asesinado", Modality.HYPOTHETICAL, Polarity.POSITIVE),
    ("Título\n\nSe cree que fue un presunto cobro de cupos.", "cobro", Modality.HYPOTHETICAL, Polarity.POSITIVE),
    ("Título\n\nDe no cumplir, habría un chofer muerto.", "muerto", Modality.THREATENED, Polarity.POSITIVE),
    ("Título\n\nEl empresario no fue secuestrado.", "secuestrado", Modality.ASSERTED, Polarity.NEGATIVE),
    ("Título\n\nLa empresa negó que la extorsionen.", "extorsionen", Modality.ASSERTED, Polarity.NEGATIVE),
    ("Título\n\nNo hubo heridos, pero balearon la puerta.", "balearon", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nLo asesinaron; no se sabe quién.", "asesinaron", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nSujetos no identificados dispararon.", "dispararon", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nSin mediar palabra lo mataron.", "mataron", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nTerminó sin ser asaltado.", "asaltado", Modality.ASSERTED, Polarity.NEGATIVE),
    ("Título\n\nSe negó a pagar y fue asesinado.", "asesinado", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nUn chofer que se negó a dar más fue asesinado.", "asesinado", Modality.ASSERTED, Polarity.POSITIVE),
    ("Título\n\nLo balearon por no dar el cupo.", "cupo", Modality.ASSERTED, Polarity.POSITIVE),
]


@pytest.mark.parametrize(("text", "word", "modality", "polarity"), SAID)
def test_modality_and_polarity(text: str, word: str, modality: Modality, polarity: Polarity) -> None:
    mention = trigger(text, word)
    (_, sentence) = qualify(text, [(0, 8), (8, len(text))], [mention])
    assert sentence.mentions == (mention,)
    assert (sentence.modality(mention), sentence.polarity(mention, text)) == (modality, polarity)


BACKGROUND = [
    ("Fue asesinado ayer.", False),
    ("Hace un año había sido detenido por robo.", True),
    ("Registra antecedentes por hurto.", True),
    ("Años atrás operaron allí ‘Los Chalecos’.", True),
    ("Los Pulpos suelen firmar cada ataque.", True),
    ("No es la primera vez que los extorsionan.", True),
    ("Uno de ellos registra denuncias por robo.", True),
    ("Este asesinato se suma a otro del mismo día.", True),
]


@pytest.mark.parametrize(("text", "background"), BACKGROUND)
def test_background(text: str, background: bool) -> None:
    (sentence,) = qualify(text, [(0, len(text))], [])
    assert sentence.background is background


def test_zones_and_paragraphs() -> None:
    lines = [
        "Cae banda en Comas\n\n",
        "La Policía capturó a dos. ",
        "Eran hermanos.\n\n",
        "LEE TAMBIÉN: ¿Cuánto cuesta un seguro? ",
        "Desde S/ 45\n\n",
        "OTRO GOLPE EN SURCO\n\n",
        "Cayó otro.",
    ]
    text = "".join(lines)
    spans, start = [], 0
    for line in lines:
        spans.append((start, start + len(line)))
        start += len(line)
    assert [(s.zone, s.paragraph) for s in qualify(text, spans, [])] == [
        (Zone.TITLE, 0),
        (Zone.BODY, 1),
        (Zone.BODY, 1),
        (Zone.ASIDE, 2),
        (Zone.ASIDE, 2),
        (Zone.HEADING, 3),
        (Zone.BODY, 4),
    ]


def test_a_paragraph_that_goes_back_stays_there() -> None:
    lines = ["Título\n\n", "No es la primera vez. ", "En 2021 pagaban a otra banda.\n", "La Policía investiga."]
    text = "".join(lines)
    ends = [sum(map(len, lines[: n + 1])) for n in range(len(lines))]
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    assert [sentence.background for sentence in qualify(text, spans, [])] == [False, True, True, False]
