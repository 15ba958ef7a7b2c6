"""Forgetting who had a case open."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system
from backend.presence import actions


@app.periodic(cron="* * * * *")
@app.task(name="presence.forget", queue="upkeep", queueing_lock="presence.forget")
def forget(timestamp: int = 0) -> int:
    """Every minute: who has no case open any more leaves no trace. Returns how many went."""
    with system():
        return actions.forget()
