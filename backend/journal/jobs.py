"""Retention of the change feed: events are kept for a week at least, for absent subscribers."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.operation import job_worker
from backend.journal import change_feed


@app.periodic(cron="15 * * * *")
@app.task(name="journal.delete_change_events", queue="upkeep", queueing_lock="journal.delete_change_events")
def delete_change_events(timestamp: int = 0) -> int:
    """Every hour, and as a worker begins: weeks that ended a week ago are dropped, the next made. How many went."""
    return change_feed.keep()


job_worker.AT_THE_START.append(delete_change_events)
