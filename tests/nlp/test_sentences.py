from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from nlp.sentences import read_abbreviations, sentence_starts

CASES = [
    ("Pidió S/. 5,000 en la Av. Perú. Luego huyó.", ["Pidió S/. 5,000 en la Av. Perú. ", "Luego huyó."]),
    ("El Cmdte. Luis Bringas y el Crnl. Soto. Hubo dos.", ["El Cmdte. Luis Bringas y el Crnl. Soto. ", "Hubo dos."]),
    ("Fue a las 10 p. m. La Policía llegó.", ["Fue a las 10 p. m. ", "La Policía llegó."]),
    ("Cerró a las 10 p. m. del lunes.", ["Cerró a las 10 p. m. del lunes."]),
    ("“Uno maneja.” Dijo que no. «¿Y qué?», dijo.", ["“Uno maneja.” ", "Dijo que no. ", "«¿Y qué?», dijo."]),
    ("Título sin punto\n\nEl cuerpo. Sigue.", ["Título sin punto\n\n", "El cuerpo. ", "Sigue."]),
    ("EL OTRO CASO\nElvira dijo no.", ["EL OTRO CASO\n", "Elvira dijo no."]),
    ("1. CALLAO. El sábado cayó.", ["1. CALLAO. ", "El sábado cayó."]),
    ("Murió en 2024. La casa N.° 5 ardió.", ["Murió en 2024. ", "La casa N.° 5 ardió."]),
    ("¡Ya no! ¿Quién fue? Nadie sabe…", ["¡Ya no! ", "¿Quién fue? ", "Nadie sabe…"]),
    ("Habló J. C. Pérez. Calló.", ["Habló J. C. Pérez. ", "Calló."]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    bounds = [0, *sentence_starts(text, read_abbreviations()), len(text)]
    assert [text[start:end] for start, end in pairwise(bounds)] == expected


@cache
def blank() -> Language:
    nlp = spacy.blank("es")
    nlp.add_pipe("sentence_splitter")
    return nlp


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_every_character_stands_in_one_sentence(text: str) -> None:
    assert "".join(sentence.text_with_ws for sentence in blank()(text).sents) == text


def test_a_text_without_full_stops_is_cut_between_tokens() -> None:
    text = "Dijo que no. " + "Y luego otra vez " * 1_000
    sentences = [sentence.text_with_ws for sentence in blank()(text).sents]
    assert sentences[0] == "Dijo que no. "
    assert "".join(sentences) == text
    assert 2_900 < max(map(len, sentences)) <= 3_000
