from __future__ import annotations

from importlib.metadata import entry_points
from importlib.resources import files

import pytest
from spacy.language import Language
from thinc.api import Config

from nlp.extract import MODELS, ModelError, Models, load, loaded_models, pipeline_key
from nlp.transformer.store import shipped


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def config() -> Config:
    return Config().from_str((files("nlp") / "config.cfg").read_text(encoding="utf-8"))


def test_the_pipeline_is_the_one_that_config_cfg_shows(nlp: Language) -> None:
    assert nlp.pipe_names == config()["nlp"]["pipeline"]
    assert nlp.disabled == ["ner"]


def test_every_component_is_registered_and_used() -> None:
    factories = {entry.name for entry in entry_points(group="spacy_factories") if entry.value.startswith("nlp.")}
    blocks = {block["factory"] for block in config()["components"].values()}
    assert factories == blocks == set(config()["nlp"]["pipeline"])


def test_what_ran_is_what_is_recorded(nlp: Language) -> None:
    names = [model.name for model in loaded_models(nlp)]
    assert names[0] == "spacy"
    assert names[1] in MODELS
    assert names[2:] == ["vigia", shipped().name]
    assert all(model.version for model in loaded_models(nlp))
    assert pipeline_key(nlp) == " ".join(f"{m.name}={m.version}" for m in loaded_models(nlp))


def test_a_model_that_is_not_there_is_an_error_that_helps() -> None:
    with pytest.raises(ModelError, match="es_core_news_xxl is not installed: run 'make setup'"):
        load(Models(spanish="es_core_news_xxl"))
