"""Jobs that depend on rights: notifications of people (`permissions.notifications.sending`), and webhooks
(`permissions.complaints.webhooks`)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from backend.configuration.office import configured
from backend.core.session import system
from backend.notifications import actions
from backend.portals.webhooks import actions as webhook_actions
from permissions.complaints import webhooks
from permissions.notifications import sending
from permissions.organization import directory


@app.periodic(cron="* * * * *")
@app.task(name="notifications.deliver", queue="clock", queueing_lock="notifications.deliver")
def deliver(timestamp: int) -> None:
    """Every minute: send due notifications by mail and SMS."""
    sending.deliver()


@app.periodic(cron="40 0 * * *")
@app.task(name="notifications.remove_old", queue="upkeep", queueing_lock="notifications.remove_old")
def remove_old(timestamp: int) -> None:
    """03:40 local: what was seen more than NOTIFICATION_DAYS ago is removed."""
    with system():
        actions.remove_old(timezone.now() - dt.timedelta(days=configured.NOTIFICATION_DAYS))


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="directory.refresh", queue="clock", lock="directory.refresh", queueing_lock="directory.refresh"
)
def refresh_directory(timestamp: int = 0) -> None:
    """Every quarter of an hour: accounts and permissions follow the directory of the house, where one is set up."""
    directory.refresh()


@app.periodic(cron="* * * * *")
@app.task(name="webhooks.carry", queue="clock", lock="webhooks.carry", queueing_lock="webhooks.carry")
def carry_webhooks(timestamp: int = 0) -> None:
    """Every minute, and when a test or a delivery is to be sent again: what happened, to the servers of clients."""
    webhooks.carry()


@app.periodic(cron="50 0 * * *")
@app.task(name="webhooks.forget", queue="upkeep", queueing_lock="webhooks.forget")
def forget_webhooks(timestamp: int = 0) -> None:
    """03:50 local: deliveries of long ago are removed with their attempts."""
    with system():
        webhook_actions.forget(timezone.now() - dt.timedelta(days=webhook_actions.KEPT_DAYS))
