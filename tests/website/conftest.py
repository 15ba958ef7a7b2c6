"""The citizens' site with its client, as an installation starts it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command

from website import api


@pytest.fixture
def site(db: None) -> Iterator[None]:
    """The client of the site and its documents; nothing is kept of an earlier test's."""
    api.forget()
    call_command("website_client", stdout=StringIO())
    yield
    api.forget()
