from __future__ import annotations

import pytest

from nlp.furniture import Furniture, find_furniture, told, without_furniture
from nlp.types import Label, Mention, Method, Place

TITLE = "Cae banda en Comas\n\n"
FOUND = [
    ("LEE TAMBIÉN: Ica: ¿cuánto cuesta un seguro? Desde S/ 45", Furniture.LINK),
    ("PUEDES LEER ► Piura: dictan prisión preventiva para un policía", Furniture.LINK),
    ("Mira aquí: Cómo denunciar por teléfono", Furniture.LINK),
    ("Todas las noticias en tu celular ¡Únete aquí a nuestro canal de WhatsApp!", Furniture.PROMO),
    ("Síguenos en Facebook", Furniture.PROMO),
    ("Foto: Canal Norte / Rosa Ccori", Furniture.CREDIT),
    ("06-03-2025", Furniture.PROMO),
    ("Actualizado el 6 de marzo de 2025, 10:30 a. m.", Furniture.PROMO),
]


@pytest.mark.parametrize(("line", "kind"), FOUND)
def test_lines_that_are_furniture(line: str, kind: Furniture) -> None:
    text = f"{TITLE}{line}\nLos capturados son tres."
    (stretch,) = find_furniture(text)
    assert (text[stretch.start : stretch.end].strip(), stretch.kind) == (line, kind)


NEWS = [
    "Lee y escribe poco, dijo de él su madre: vive en Ate.",
    "Mira a la cámara y dispara: así actuó el sicario.",
    "La banda enviaba sus amenazas por un canal de WhatsApp.",
    "Video muestra ataque: los sicarios huyeron en moto.",
    "Ver a su hijo le costó S/ 200.",
    "Captura: dos sujetos cayeron anoche con una granada en Ate.",
    "Las fotos del negocio llegaron por WhatsApp.",
]


@pytest.mark.parametrize("line", NEWS)
def test_news_is_no_furniture(line: str) -> None:
    assert find_furniture(f"{TITLE}{line}") == ()


def test_a_title_that_runs_into_the_text_ends_before_it() -> None:
    text = f"{TITLE}LEE TAMBIÉN: Alcalde de Pisco pide más patrulleros{'El jefe policial dio detalles del operativo. ' * 6}"
    (stretch,) = find_furniture(text)
    assert text[stretch.start : stretch.end] == "LEE TAMBIÉN: Alcalde de Pisco pide más patrulleros"


def test_titles_joined_seam_to_seam_are_furniture_up_to_a_sentence() -> None:
    titles = (
        "Ventanilla: falsos repartidores asaltan bodega y dejan herida a una ancianaComas: combi sin frenos choca contra un grifo"
        "Ministro viajará a Piura para supervisar la entrega de patrulleros y módulos a las comisarías de la región"
    )
    for beginning in ("LEE TAMBIÉN", "LEE TAMBIÉN ", "TE PUEDE INTERESAR: "):
        text = f"Un título\n\nEl conserje fue golpeado. {beginning}{titles}"
        (stretch,) = find_furniture(text)
        assert text[stretch.start : stretch.end] == beginning + titles
        (stretch,) = find_furniture(f"{text}El agresor fue detenido. No tiene antecedentes.")
        assert text[stretch.start :] == beginning + titles


def test_a_line_of_nothing_but_titles_is_furniture() -> None:
    line = (
        "Panamericana: masiva salida de viajeros causa congestión (VIDEO)Puno: dieciséis escolares intoxicados tras el desayuno (VIDEO)"
        "Hombre resulta herido en la mano durante asalto en heladería de El AgustinoAsí fue el robo en un chifa del Callao (VIDEO)VER MÁS"
    )
    (stretch,) = find_furniture(f"{TITLE}Cayeron tres sujetos.\n\n{line}\n\nSon investigados.")
    assert stretch.kind is Furniture.LINK
    assert find_furniture(f"{TITLE}{line.replace('(VIDEO)', '. ')}") == ()


def test_titles_listed_under_a_link_phrase() -> None:
    text = f"{TITLE}Te puede interesar\nChoque en Ate\nDetienen a un juez\nLos agentes hallaron dos granadas."
    assert [text[s.start : s.end] for s in find_furniture(text)] == [
        "Te puede interesar",
        "Choque en Ate",
        "Detienen a un juez",
    ]


def test_credits_of_pictures() -> None:
    text = f"{TITLE}Hallaron dos granadas. (Foto: Rosa Quispe / Andina) Fueron retiradas. | Fuente: RPP"
    assert [text[s.start : s.end] for s in find_furniture(text)] == ["(Foto: Rosa Quispe / Andina)", "| Fuente: RPP"]
    tweet = f"{TITLE}Hay cuatro detenidos pic.twitter.com/aB3 — Rosa Quispe (@rosaq) March 21, 2024 La PNP sigue allí."
    assert [tweet[s.start : s.end] for s in find_furniture(tweet)] == [
        "pic.twitter.com/aB3 — Rosa Quispe (@rosaq) March 21, 2024"
    ]
    blanked = without_furniture(text)
    assert len(blanked) == len(text)
    assert "Rosa" not in blanked
    assert "Fueron retiradas." in blanked


def test_titles_of_others_name_places_but_no_methods() -> None:
    text = f"{TITLE}LEE TAMBIÉN: Ica: amenazan por WhatsApp a un panadero\n\nLo amenazaron por WhatsApp. Síguenos en WhatsApp."
    place, method = Place(name="Ica", ubigeo="11"), Method(type="amenaza_whatsapp", facet="channel")
    mentions = [
        Mention(label=label, start=start, end=start + len(word), text=word, value=value, source="t", score=1.0)
        for label, word, value in ((Label.PLACE, "Ica", place), (Label.METHOD, "WhatsApp", method))
        for start in range(len(text))
        if text.startswith(word, start)
    ]
    kept = told(text, mentions)
    assert [(m.text, m.start) for m in kept] == [("Ica", text.index("Ica")), ("WhatsApp", text.index("WhatsApp. S"))]
