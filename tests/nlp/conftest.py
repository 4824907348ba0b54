"""The pipeline, loaded once for all tests of reading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from spacy.language import Language

from nlp.extract import Models, Text, extract, load
from nlp.types import Extraction

Read = Callable[[str, str], Extraction]


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The rules, on the Spanish model that is installed; what the transformer adds is tested in ``transformer``."""
    return load(Models(transformer=False))


@pytest.fixture(scope="session")
def read(nlp: Language) -> Read:
    """Read a text published at an ISO time; the lines of a paragraph may be wrapped and indented."""

    def _read(published: str, text: str) -> Extraction:
        paragraphs = [" ".join(line.strip() for line in part.splitlines()) for part in text.strip().split("\n\n")]
        return extract(nlp, Text(text="\n\n".join(paragraphs), published=datetime.fromisoformat(published)))

    return _read
