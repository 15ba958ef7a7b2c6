"""What happened is told at once, and kept for a week for whoever was away."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system
from backend.journal import happenings


@app.periodic(cron="15 * * * *")
@app.task(name="journal.forget_happenings", queue="upkeep", queueing_lock="journal.forget_happenings")
def forget_happenings(timestamp: int = 0) -> int:
    """Every hour: happenings older than a week are removed. How many."""
    with system():
        return happenings.forget()
