"""What leaves the programmes by itself: reminders for those who keep them and whose they are."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.calendars import actions


@app.periodic(cron="* * * * *")
@app.task(name="calendars.remind", queue="clock", queueing_lock="calendars.remind")
def remind(timestamp: int) -> None:
    """Every minute: send the programmes of tomorrow or today that are due, and reminders of what begins in an
    hour."""
    actions.remind_staff()
