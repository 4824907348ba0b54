from __future__ import annotations

import pytest

from nlp.transformer.reading import Reader
from nlp.transformer.store import read_shipped


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(read_shipped())
