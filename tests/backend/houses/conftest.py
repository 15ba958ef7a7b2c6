"""Two houses, made once, and a process that serves them while a test runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from backend import houses
from tests.backend.houses import pair as making
from tests.backend.houses.pair import Pair
from tests.databases import TestDatabases


@pytest.fixture(scope="session")
def made(
    test_databases: TestDatabases,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Pair]:
    with django_db_blocker.unblock():
        pair = making.build(test_databases, tmp_path_factory.mktemp("houses"))
        yield pair
        with pair.wired():
            for name in pair.databases:
                with houses.inside(pair[name]):
                    connections.close_all()
        for name in pair.databases.values():
            test_databases.drop(name)


@pytest.fixture
def pair(made: Pair, django_db_blocker: DjangoDbBlocker) -> Iterator[Pair]:
    """Both, served by this process."""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), made.wired():
        yield made
    logging.disable(logging.NOTSET)
