"""Who may read the metrics."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import constant_time_compare


def bears_metrics_token(authorization: str) -> bool:
    """Return whether this header names METRICS_TOKEN; without that setting nothing does."""
    return bool(settings.METRICS_TOKEN) and constant_time_compare(
        authorization, f"Bearer {settings.METRICS_TOKEN}"
    )
