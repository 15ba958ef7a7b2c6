"""What happens to invitations by itself: unanswered ones lapse."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system
from backend.invitations import actions


@app.periodic(cron="5 * * * *")
@app.task(name="invitations.lapse", queue="clock", queueing_lock="invitations.lapse")
def lapse(timestamp: int) -> None:
    """Every hour: whose day to answer is over, and what has begun, was not answered in time."""
    with system():
        actions.lapse()
