"""What happens to programmes by itself: holds end, notes that are late are chased."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system
from backend.programme import actions


@app.periodic(cron="* * * * *")
@app.task(name="programme.release_holds", queue="clock", queueing_lock="programme.release_holds")
def release_holds(timestamp: int) -> None:
    """Every minute: what was held too long is free again."""
    with system():
        actions.release_expired_holds()


@app.periodic(cron="*/15 * * * *")
@app.task(name="programme.chase_notes", queue="clock", queueing_lock="programme.chase_notes")
def chase_notes(timestamp: int) -> None:
    """Every quarter of an hour: remind departments of late notes, and notify the keeper."""
    with system():
        actions.chase_notes()
