from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from nlp import workers
from nlp.extract import MODELS, Models, Text, extract, extract_many, loaded_models
from nlp.text_checks import MAX_CHARACTERS
from nlp.types import Label
from nlp.workers import WorkerError, read_in_processes

PUBLISHED = datetime(2025, 10, 15, 18, 0, tzinfo=UTC)
RULES = Models(transformer=False)
EXTORTION = "Comas: disparan contra bodega\n\nSujetos en moto dispararon ayer contra una bodega en Comas. Al dueño le exigían S/ 5 mil."
SPORT = "Universitario goleó a Cristal\n\nEl delantero marcó dos goles en el estadio Monumental de Ate. La entrada costó S/ 30."


def text(content: str) -> Text:
    return Text(text=content, published=PUBLISHED)


def downgrade(nlp: Language) -> tuple[str, ...]:
    model = loaded_models(nlp)[1].name
    return () if model == MODELS[0] else (f"downgrade:{model}",)


def test_an_extraction_says_what_it_was_made_of(nlp: Language) -> None:
    found = extract(nlp, text(EXTORTION))
    assert found.text_hash == hashlib.sha256(EXTORTION.encode()).hexdigest()
    assert (found.published, found.models, found.flags) == (PUBLISHED, loaded_models(nlp), downgrade(nlp))
    assert [event.crime_type for event in found.events] == ["extorsion"]
    for mention in found.mentions:
        assert EXTORTION[mention.start : mention.end] == mention.text
    for event in found.events:
        for row in event.evidence:
            assert EXTORTION[row.start : row.end] == row.text


def test_an_irrelevant_text_keeps_places_and_money_only(nlp: Language) -> None:
    found = extract(nlp, text(SPORT))
    assert (found.triage.relevant, found.events, found.claims) == (False, (), ())
    assert {mention.label for mention in found.mentions} <= {Label.MONEY, Label.PLACE, Label.GANG, Label.PERSON}
    assert [mention.text for mention in found.mentions if mention.label is Label.MONEY] == ["S/ 30"]


def test_an_irrelevant_text_keeps_the_toll_that_it_tells(nlp: Language) -> None:
    toll = "Choque de bus deja nueve muertos\n\nNueve personas murieron ayer y otras 21 resultaron heridas. El bus llevaba 40 pasajeros."
    found = extract(nlp, text(toll))
    counts = [mention for mention in found.mentions if mention.label not in (Label.MONEY, Label.PLACE)]
    assert not found.triage.relevant
    assert {(mention.label, mention.text) for mention in counts} == {
        (Label.COUNT, "nueve"), (Label.COUNT, "Nueve"), (Label.COUNT, "21"),
    }  # fmt: skip


def test_the_same_text_gives_the_same_extraction(nlp: Language) -> None:
    assert extract(nlp, text(EXTORTION)) == extract(nlp, text(EXTORTION))


def test_many_in_batches_are_as_one_by_one(nlp: Language) -> None:
    texts = [text(content) for content in (EXTORTION, SPORT, "", EXTORTION.upper(), SPORT)]
    assert list(extract_many(nlp, texts, batch_size=2)) == [extract(nlp, one) for one in texts]


def test_many_in_processes_are_in_order(nlp: Language) -> None:
    texts = [text(f"{content} {number}") for number in range(6) for content in (EXTORTION, SPORT)]
    assert list(extract_many(nlp, texts, processes=2, batch_size=2)) == list(extract_many(nlp, texts))


@pytest.mark.parametrize(
    "told",
    [
        "los Malditos de Chao exigieron 500 soles a 40 mototaxistas de El Porvenir y mataron a Juan Pérez con una granada, ",
        "la Policía de Comas registró 451 denuncias entre enero y julio, ",
        "Según el Sidpol hubo 451 denuncias por extorsión en Trujillo entre enero y julio, 33 % más que en 2024.\n\n",
    ],
)
def test_what_is_told_again_and_again_is_read_in_time_by_its_length(nlp: Language, told: str) -> None:
    short, long = (text(f"{EXTORTION}\n\n{told * (length // len(told))}") for length in (5_000, 20_000))
    extract(nlp, short)
    began = time.process_time()
    extract(nlp, short)
    middle = time.process_time()
    extract(nlp, long)
    assert time.process_time() - middle < 10 * (middle - began)


def test_a_date_without_a_zone_is_refused(nlp: Language) -> None:
    naive = Text(text=SPORT, published=datetime(2025, 1, 1))
    with pytest.raises(ValueError, match=r"Text\.published has no time zone"):
        extract(nlp, naive)


def test_a_worker_that_dies_names_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", _die)
    with pytest.raises(WorkerError, match=r"a worker died \(exit code 9\) on the text 'Comas: disparan contra bodega"):
        list(read_in_processes(RULES, [text(EXTORTION)], processes=1, batch_size=1))


def test_a_worker_that_fails_names_its_text() -> None:
    naive = Text(text=SPORT, published=datetime(2025, 1, 1))
    with pytest.raises(WorkerError, match=r"a worker failed on the text 'Universitario(?s:.)*has no time zone"):
        list(read_in_processes(RULES, [text(EXTORTION), naive], processes=1, batch_size=2))


def _die(_: Models, connection: object) -> None:
    connection.recv()  # type: ignore[attr-defined]
    os._exit(9)


ODD = [
    ("empty", ""),
    ("spaces", " \n\n\t "),
    ("a million digits", "1" * 1_000_000),
    ("one long word", "ñ" * 300_000),
    ("only brackets", "(((((" * 5_000),
    ("only quotes", "‘“«" * 5_000),
    ("only capitals", ("LOS MALDITOS DE COMAS " * 300)),
    ("numbers and dots", "1.000.000," * 20_000),
    ("full stops", ". " * 5_000),
    ("a run of full stops", "." * 200_000),
    ("capitals without a stop", "EXTORSION EN COMAS DICE LA POLICIA " * 1_000),
    ("sums without a stop", "extorsión en Comas por S/ 5 mil, " * 1_000),
    ("line ends", "\n" * 50_000),
    ("right to left", "\u202eextorsión\u202c en Comas " * 100),
    ("mojibake", "ExtorsiÃ³n en TrujÃ\xadllo " * 100),
    ("markup", "<p>Extorsión</p><script>x</script> " * 200),
    ("a lone surrogate", "Extorsión \ud800 en Comas"),
    ("zero bytes", "Extorsión\0en\0Comas"),
]


@pytest.mark.parametrize("content", [case[1] for case in ODD], ids=[case[0] for case in ODD])
def test_odd_texts_are_read_and_flagged(nlp: Language, content: str) -> None:
    found = extract(nlp, text(content))
    assert (f"truncated:{MAX_CHARACTERS}" in found.flags) == (len(content) > MAX_CHARACTERS)
    assert ("empty" in found.flags) == (not content.strip())
    assert all(content[mention.start : mention.end] == mention.text for mention in found.mentions)


PIECES = [
    "Comas",
    "S/ 5 mil",
    "extorsión",
    "ayer",
    "‘Los Zorros de Ate’",
    "asesinaron",
    "penal",
    "12",
    "según",
    "\n\n",
    ". ",
    "¿",
    "20 %",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40))
def test_any_text_can_be_read(nlp: Language, pieces: list[str]) -> None:
    content = " ".join(pieces)
    found = extract(nlp, text(content))
    for mention in found.mentions:
        assert content[mention.start : mention.end] == mention.text
        assert 0.0 <= mention.score <= 1.0
    for event in found.events:
        assert all(content[row.start : row.end] == row.text for row in event.evidence)
    for claim in found.claims:
        assert content[claim.start : claim.end] == claim.text
