"""What happens to programmes by itself: holds end."""

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
