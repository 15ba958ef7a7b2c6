"""Retention of the change feed: events are kept for a week for absent subscribers."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system
from backend.journal import change_feed


@app.periodic(cron="15 * * * *")
@app.task(name="journal.delete_change_events", queue="upkeep", queueing_lock="journal.delete_change_events")
def delete_change_events(timestamp: int = 0) -> int:
    """Every hour: happenings older than a week are removed. How many."""
    with system():
        return change_feed.forget()
