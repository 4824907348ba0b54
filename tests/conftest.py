"""What tests of several rooms share: a real Elasticsearch, and invented cases that no clock judges."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.elasticsearch_node import NotInstalled, install, running

settings.register_profile("vigia", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vigia")


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """Address of an Elasticsearch: the one that ``VIGIA_TEST_ELASTICSEARCH_URL`` names, else a node of our own."""
    if given := os.environ.get("VIGIA_TEST_ELASTICSEARCH_URL"):
        yield given
        return
    needs_elasticsearch()
    with running() as (node,):
        yield node.url


def needs_elasticsearch() -> None:
    """Skip a test, saying why, where Elasticsearch cannot be had; under CI that is a failure."""
    try:
        install()
    except NotInstalled as error:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(str(error))
        pytest.skip(str(error))
