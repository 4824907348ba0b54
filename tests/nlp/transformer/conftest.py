from __future__ import annotations

import pytest
from spacy.language import Language

from nlp.extract import load
from nlp.transformer.reading import Reader
from nlp.transformer.store import read_shipped


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(read_shipped())


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The pipeline as it ships, with the transformer."""
    return load()
