"""What tests of several rooms share: a real Elasticsearch, and invented cases that no clock judges."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import HealthCheck, settings

from tests.elasticsearch_node import NotInstalled, install, running
from tests.shared_server import shared

settings.register_profile("vigia", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vigia")


_kept = ExitStack()
"""Servers that this process has started or uses."""


def pytest_sessionfinish() -> None:
    """Stop the servers here: in a fixture, the wait for the other workers would count as the last test's time."""
    _kept.close()


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of an Elasticsearch: the one that ``VIGIA_TEST_ELASTICSEARCH_URL`` names, else a node of all workers."""
    if given := os.environ.get("VIGIA_TEST_ELASTICSEARCH_URL"):
        return given
    needs_elasticsearch()
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return _kept.enter_context(shared(folder / "elasticsearch", _node))


@contextmanager
def _node() -> Iterator[str]:
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
