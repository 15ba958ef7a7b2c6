"""What wakes up by itself and must know who sees what: people are told (`permissions.notifying`)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.notifications import actions
from permissions import notifying


@app.periodic(cron="* * * * *")
@app.task(name="notifications.deliver", queue="clock", queueing_lock="notifications.deliver")
def deliver(timestamp: int) -> None:
    """Every minute: what people are to be told now, by mail and SMS."""
    notifying.deliver()


@app.periodic(cron="40 0 * * *")
@app.task(name="notifications.remove_old", queue="upkeep", queueing_lock="notifications.remove_old")
def remove_old(timestamp: int) -> None:
    """03:40 local: what was seen more than NOTIFICATION_DAYS ago is removed."""
    with system():
        actions.remove_old(timezone.now() - dt.timedelta(days=settings.NOTIFICATION_DAYS))
