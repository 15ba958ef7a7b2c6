"""What the sweeps over two worlds share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def unlimited(settings: Any) -> None:
    """What is asked together is large, and a refusal for its size would tell nothing of the rows."""
    settings.GRAPHQL_LIMITS = settings.GRAPHQL_LIMITS | {"tokens": 10**6, "fields": 10**6, "cost": 10**9}
