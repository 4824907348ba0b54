"""Words, stems and synonyms; and that Elasticsearch makes the same of a text."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.index import analysis
from pipeline.index.synonyms import synonyms, templates
from tests.pipeline.index.generated import documents


@pytest.mark.parametrize(
    ("text", "exact", "stems"),
    [
        ("Extorsión, EXTORSIONES", "extorsion extorsiones", "extorsion extorsion"),
        ("cupo cupos", "cupo cupos", "cupo cupo"),
        ("mototaxistas mototaxista", "mototaxistas mototaxista", "mototaxist mototaxist"),
        ("taxis combis mototaxis", "taxis combis mototaxis", "taxi combi mototaxi"),
        ("jefe jefes red redes mes meses voz voces", "jefe jefes red redes mes meses voz voces", "jef jef red red mes mes voz voz"),
        ("días día años año", "dias dia anos ano", "dia dia ano ano"),
        ("caso casos casa casas", "caso casos casa casas", "caso caso casa casa"),
        ("S/.5,000 Ñusta-Güero's", "s 5 000 nusta guero s", "s 5 000 nust guer s"),
        ("straße Œuvre ĳ", "strasse oeuvre ij", "strass oeuvr ij"),
        ("", "", ""),
        ("x" * 150, "x" * 100, "x" * 100),
    ],
)  # fmt: skip
def test_words(text: str, exact: str, stems: str) -> None:
    assert analysis.exact_words(text) == exact.split()
    assert analysis.stems(text) == stems.split()


@given(st.text())
def test_offsets_slice_back(text: str) -> None:
    words = list(analysis.words(text))
    assert [analysis.exact(text[word.start : word.end]) for word in words] == [word.exact for word in words]
    assert all(before.end < after.start for before, after in itertools.pairwise(words))
    assert all(word.exact and word.stem and not word.exact[0].isspace() for word in words)


def test_synonyms_stand_for_each_other() -> None:
    def others(text: str) -> set[str]:
        return {" ".join(words) for words in synonyms().others[tuple(analysis.stems(text))]}

    assert "chalequeo"[:-1] in others("extorsión")
    assert {"extorsion", "cobr de cupo"} <= others("cupo")
    assert "prestam extorsiv" in others("gota a gota")
    assert others("plagio") == {"secuestr"}
    assert "plagi" not in others("secuestro")


def test_synonyms_have_no_empty_and_no_useless_entries() -> None:
    for key, others in synonyms().others.items():
        assert key
        assert all(others)
        assert key not in others


def test_stop_words_are_folded() -> None:
    assert {analysis.exact(word) for word in analysis.stop_words()} == analysis.stop_words()


@pytest.fixture(scope="module")
def analyzers(elasticsearch_url: str) -> Iterator[tuple[Elasticsearch, str]]:
    """An index with the shipped analyzers."""
    name = f"analysis-{secrets.token_hex(4)}"
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.create(index=name, settings=templates.read("analysis")["template"]["settings"])
        yield client, name
        client.indices.delete(index=name)


def _analyzed(client: Elasticsearch, index: str, analyzer: str, text: str) -> list[str]:
    return [token["token"] for token in client.indices.analyze(index=index, analyzer=analyzer, text=text)["tokens"]]


@pytest.mark.elasticsearch
def test_elasticsearch_makes_the_same_of_the_press(analyzers: tuple[Elasticsearch, str]) -> None:
    texts = [one.article.text for one in documents(60)]
    endings = ["", "s", "es", "os", "as", "a", "o", "e", "ces", "eses", "is", "us", "ción", "ciones", "ías", "úes"]
    texts.append(
        " ".join(stem + ending for stem in ("a", "bó", "tre", "cási", "prése", "extorsí") for ending in endings)
    )
    text = "\n".join(texts)[:200_000]
    client, index = analyzers
    for at in range(0, len(text), 20_000):  # an answer holds at most 10,000 words
        part = text[at : at + 20_000]
        assert _analyzed(client, index, "vigia_text", part) == analysis.stems(part)
        assert _analyzed(client, index, "vigia_exact", part) == analysis.exact_words(part)


@pytest.mark.elasticsearch
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", max_codepoint=0x24FF), min_size=1, max_size=400))
def test_elasticsearch_makes_the_same_of_any_text(analyzers: tuple[Elasticsearch, str], text: str) -> None:
    client, index = analyzers
    assert _analyzed(client, index, "vigia_text", text) == analysis.stems(text)
    assert _analyzed(client, index, "vigia_exact", text) == analysis.exact_words(text)
