"""What programs were answered is kept for a day, in case they ask again; what clients used is added up."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.portals.models import ApiToken, ClientAttempt, ClientHour

ATTEMPTS, TOKENS, HOURS = dt.timedelta(days=30), dt.timedelta(days=7), dt.timedelta(days=400)
"""How long it is kept who asked for a token, a token after its end, and what was used in an hour."""
_ADD_UP = """
WITH ended AS (
    DELETE FROM portals_clientminute WHERE minute < date_trunc('minute', now()) - interval '5 minutes'
    RETURNING client_id, date_trunc('hour', minute) AS hour, requests, cost, errors, refused
)
INSERT INTO portals_clienthour AS h (client_id, hour, requests, cost, errors, refused)
SELECT client_id, hour, sum(requests), sum(cost), sum(errors), sum(refused) FROM ended GROUP BY client_id, hour
ON CONFLICT (client_id, hour) DO UPDATE
   SET requests = h.requests + excluded.requests, cost = h.cost + excluded.cost,
       errors = h.errors + excluded.errors, refused = h.refused + excluded.refused
"""


@app.periodic(cron="5 * * * *")
@app.task(name="portals.forget_answers", queue="upkeep", queueing_lock="portals.forget_answers")
def forget_answers(timestamp: int = 0) -> int:
    """Every hour: answers older than a day, which hold personal data, are removed. How many."""
    with system(), connection.cursor() as cursor:
        cursor.execute("SELECT app.forget_answers()")
        return int(cursor.fetchone()[0])


@app.periodic(cron="7 * * * *")
@app.task(name="portals.add_up_use", queue="upkeep", queueing_lock="portals.add_up_use")
def add_up_use(timestamp: int = 0) -> int:
    """Every hour: the minutes that are over become hours, each counted once. How many hours were written."""
    with system(), connection.cursor() as cursor:
        cursor.execute(_ADD_UP)
        return int(cursor.rowcount)


@app.periodic(cron="23 2 * * *")
@app.task(name="portals.forget_use", queue="upkeep", queueing_lock="portals.forget_use")
def forget_use(timestamp: int = 0) -> int:
    """Every night: what is older than it is kept goes. A token of OAuth 2 goes a week after its end; one that a person
    issued stays in the list. How many rows."""
    now = timezone.now()
    with system():
        gone = [
            ApiToken.objects.filter(
                client__isnull=False, created_by__isnull=True, expires_at__lt=now - TOKENS
            ).delete(),
            ClientAttempt.objects.filter(at__lt=now - ATTEMPTS).delete(),
            ClientHour.objects.filter(hour__lt=now - HOURS).delete(),
        ]
    return sum(count for count, _each in gone)
