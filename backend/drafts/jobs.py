"""Cleaning of drafts that were left."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.drafts import actions


@app.periodic(cron="42 0 * * *")
@app.task(name="drafts.remove_old", queue="upkeep", queueing_lock="drafts.remove_old")
def remove_old(timestamp: int = 0) -> int:
    """03:42 local: texts that were left four weeks ago go; they may mention citizens. Returns how many went."""
    with system():
        return actions.remove_old(timezone.now() - actions.KEPT)
