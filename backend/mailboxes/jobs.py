"""The mailboxes are read every minute, each by a job of its own, one after the other.

However many servers are slow, they take one slot of the worker: the other is for what leaves. A run has an end
(`fetching.SECONDS_A_RUN`), so each mailbox gets its turn.
"""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from backend.core.session import system
from backend.mailboxes.fetching import fetch as fetch_one
from backend.mailboxes.models import Mailbox


@app.task(name="mailboxes.fetch", queue="mailboxes")
def fetch(mailbox_id: int) -> int:
    """Fetch what is new in one mailbox."""
    return fetch_one(mailbox_id)


@app.periodic(cron="* * * * *")
@app.task(name="mailboxes.fetch_all", queue="clock", queueing_lock="mailboxes.fetch_all")
def fetch_all(timestamp: int = 0) -> int:
    """Every minute: a job for each mailbox that is in use and has none waiting; how many."""
    with system():
        mailboxes = list(Mailbox.objects.active().values_list("pk", flat=True))
    count = 0
    for mailbox_id in mailboxes:
        name = f"mailboxes.fetch:{mailbox_id}"
        try:
            with transaction.atomic():
                fetch.configure(lock="mailboxes.fetch", queueing_lock=name).defer(mailbox_id=mailbox_id)
        except AlreadyEnqueued:
            continue
        count += 1
    return count
