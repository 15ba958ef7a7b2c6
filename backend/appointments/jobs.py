"""What happens to requests by itself: proposals lapse."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.appointments import actions
from backend.core.session import system


@app.periodic(cron="* * * * *")
@app.task(name="appointments.lapse_proposals", queue="clock", queueing_lock="appointments.lapse_proposals")
def lapse_proposals(timestamp: int) -> None:
    """Every minute: who did not answer in time waits for the office again."""
    with system():
        actions.lapse_proposals()
