"""What programs were answered is kept for a day, in case they ask again."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app

from backend.core.session import system


@app.periodic(cron="5 * * * *")
@app.task(name="portals.forget_answers", queue="upkeep", queueing_lock="portals.forget_answers")
def forget_answers(timestamp: int = 0) -> int:
    """Every hour: answers older than a day, which hold personal data, are removed. How many."""
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT app.forget_answers()")
        return int(cursor.fetchone()[0])
