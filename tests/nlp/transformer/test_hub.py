"""A model of the transformers library, a tiny one built here. CI does not install torch; where it is missing this says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlp.extract import ModelError, Models, Text, extract, load, loaded_models

pytest.importorskip("torch", reason="the extra 'torch' is not installed: pip install -e '.[torch]'")
pytest.importorskip("transformers", reason="the extra 'torch' is not installed: pip install -e '.[torch]'")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one layer that takes every word but "de" for a person."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    target = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "de"]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", model_max_length=64
    )
    fast.save_pretrained(target)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=64,
        id2label={0: "O", 1: "I-PER"},
        label2id={"O": 0, "I-PER": 1},
    )
    model = BertForTokenClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([-9.0, 9.0]))
    model.save_pretrained(target)
    return target


def test_what_it_sees_is_added_and_named(folder: Path) -> None:
    nlp = load(Models(ner_model=str(folder)))
    text = Text(text="Policía capturó a extorsionador\n\nQuispe Mamani", published=datetime(2025, 1, 2, tzinfo=UTC))
    found = extract(nlp, text)
    assert str(folder) in {model.name for model in loaded_models(nlp)}
    assert "downgrade:rules" not in found.flags


def test_labels_are_mapped_by_the_settings(folder: Path) -> None:
    from nlp.transformer.hub import HubReader

    seen = HubReader(str(folder), {"PER": "GANG"}).read("Los Pulpos").spans()
    assert {each.label for each in seen} == {"GANG"}


@pytest.mark.parametrize(
    ("labels", "message"), [((("X", "PERSON"),), "map them"), ((("PER", "HUMAN"),), "HUMAN is no label")]
)
def test_a_map_that_fits_nothing_is_refused(folder: Path, labels: tuple[tuple[str, str], ...], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        load(Models(ner_model=str(folder), ner_labels=labels))


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(Models(ner_model=str(tmp_path / "nothing")))
