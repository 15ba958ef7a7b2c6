"""Forgetting calls whose end the exchange never announced."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system
from backend.telephone import calls


@app.periodic(cron="*/15 * * * *")
@app.task(name="telephone.forget", queue="upkeep", queueing_lock="telephone.forget")
def forget(timestamp: int = 0) -> int:
    """Every fifteen minutes: what rang long ago leaves no trace. Returns how many went."""
    with system():
        return calls.forget()
