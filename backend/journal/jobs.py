"""Retention of the change feed: events are kept for a week at least, for absent subscribers."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.journal import change_feed


@app.periodic(cron="15 * * * *")
@app.task(name="journal.delete_change_events", queue="upkeep", queueing_lock="journal.delete_change_events")
def delete_change_events(timestamp: int = 0) -> int:
    """Every hour: weeks that ended a week ago are dropped, the next ones made. How many were dropped."""
    return change_feed.keep()
