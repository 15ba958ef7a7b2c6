"""One directory for a file of tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.backend.organization.sign_on import slapd


@pytest.fixture(scope="module")
def _server() -> Iterator[slapd.Directory]:
    with slapd.running() as directory:
        yield directory


@pytest.fixture
def house(_server: slapd.Directory, settings: Any) -> slapd.Directory:
    """A running, empty directory that the product is set up to read."""
    _server.clear()
    settings.SIGN_ON_LDAP = _server.settings()
    return _server
