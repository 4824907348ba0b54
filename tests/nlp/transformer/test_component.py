from __future__ import annotations

from datetime import UTC, datetime

from spacy.language import Language

from nlp.extract import Text, extract, extract_many, loaded_models
from nlp.transformer.store import shipped
from nlp.types import Gang, Label

PUBLISHED = datetime(2025, 6, 3, 15, tzinfo=UTC)
TEXT = (
    "Capturan a tres extorsionadores en Comas\n\nLa Policía detuvo en Comas a tres presuntos integrantes de Los Cernícalos de la Once,"
    " que exigían S/ 3 mil a un bodeguero. Walter Infante Rojas denunció el hecho."
)


def test_the_model_is_among_those_that_are_recorded(nlp: Language) -> None:
    found = extract(nlp, Text(text=TEXT, published=PUBLISHED))
    assert found.models == loaded_models(nlp)
    assert (found.models[-1].name, found.models[-1].version) == (shipped().name, shipped().version)


def test_mentions_are_where_their_words_are_and_named_by_a_source(nlp: Language) -> None:
    found = extract(nlp, Text(text=TEXT, published=PUBLISHED))
    assert all(TEXT[mention.start : mention.end] == mention.text for mention in found.mentions)
    assert all("/" in mention.source for mention in found.mentions)
    gangs = {mention.value.name for mention in found.mentions if isinstance(mention.value, Gang)}
    assert gangs == {"Los Cernícalos de la Once"}
    assert [mention.text for mention in found.mentions if mention.label is Label.PERSON] == ["Walter Infante Rojas"]


def test_an_article_that_triage_leaves_out_is_not_read_by_it(nlp: Language) -> None:
    text = "Alianza Lima goleó a Melgar\n\nEl delantero Hernán Barcos anotó dos goles en Matute."
    found = extract(nlp, Text(text=text, published=PUBLISHED))
    assert not found.triage.relevant
    assert not any("vigia-news-es" in mention.source for mention in found.mentions)


def test_workers_read_as_one_process_does(nlp: Language) -> None:
    texts = [Text(text=TEXT, published=PUBLISHED)] * 3
    assert list(extract_many(nlp, texts, processes=2)) == [extract(nlp, text) for text in texts]
