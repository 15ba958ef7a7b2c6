"""The mailboxes are read every minute and when their server says that something came, each by a job of its own, one
after the other.

However many servers are slow, they take one slot of the worker: the other is for what leaves. A run has an end
(`fetching.SECONDS_A_RUN`), so each mailbox gets its turn.
"""

from __future__ import annotations

import datetime as dt
import threading

from django.db.models import Count, Min
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from backend.core.localtime import local_date
from backend.core.operation import job_worker
from backend.core.operation.worker import defer_once
from backend.core.session import system
from backend.letters import actions as letters
from backend.mailboxes import actions
from backend.mailboxes.choices import Fault
from backend.mailboxes.fetching import fetch as fetch_one
from backend.mailboxes.imap import idle
from backend.mailboxes.models import InboundMessage, Mailbox
from backend.notifications import staff
from backend.organization.models import User

PASSING = frozenset({Fault.LINE, Fault.ANSWER, Fault.PROVIDER})
PATIENCE = dt.timedelta(minutes=15)
"""So long what may pass by itself is not reported."""


@app.task(name="mailboxes.fetch", queue="mailboxes")
def fetch(mailbox_id: int) -> int:
    """Fetch what is new in one mailbox, and notify of what waits, or of why it cannot be read."""
    began_at = timezone.now()
    count = fetch_one(mailbox_id)
    if count:
        report_waiting(mailbox_id, began_at)
    report_fault(mailbox_id)
    return count


def report_waiting(mailbox_id: int, since: dt.datetime) -> int:
    """Notify the unit of a mailbox, once for all, of mails that were fetched since then and joined nothing; how many
    those are."""
    with system():
        mailbox = Mailbox.objects.select_related("department").get(pk=mailbox_id)
        fetched = InboundMessage.objects.waiting().filter(mailbox=mailbox, fetched_at__gte=since)
        found = fetched.aggregate(count=Count("pk"), oldest=Min("received_at"))
        if found["count"]:
            facts = {"count": found["count"], "since": local_date(found["oldest"])}
            staff.post(staff.unit(mailbox.department), "mailboxes/waiting", facts)
        return int(found["count"])


def report_fault(mailbox_id: int) -> bool:
    """Notify who manages mailboxes, once, of one that cannot be read; whether that was due. One that is not connected
    yet says so by itself."""
    with system():
        row = Mailbox.objects.active().exclude(fault="").filter(pk=mailbox_id).first()
        if row is None or row.failing_since is None or not row.is_connected:
            return False
        since, now = row.failing_since, timezone.now()
        if row.fault in PASSING and since > now - PATIENCE:
            return False
        if row.fault_reported_at is not None and row.fault_reported_at >= since:
            return False
        Mailbox.objects.filter(pk=row.pk).update(fault_reported_at=now)
        managers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
        with translation.override("tr"):
            facts = {"name": row.name, "fault": str(row.get_fault_display()), "since": local_date(since)}
        staff.post(staff.recipients(None, *managers), "mailboxes/failing", facts)
        return True


@app.periodic(cron="* * * * *")
@app.task(name="mailboxes.fetch_all", queue="clock", queueing_lock="mailboxes.fetch_all")
def fetch_all(timestamp: int = 0) -> int:
    """Every minute: a job for each mailbox that is in use and has none waiting; how many."""
    with system():
        mailboxes = list(Mailbox.objects.active().values_list("pk", flat=True))
    return sum(map(wake, mailboxes))


def wake(mailbox_id: int) -> bool:
    """Have one mailbox read as soon as may be; whether no job was waiting for that already."""
    name = f"mailboxes.fetch:{mailbox_id}"
    return defer_once(fetch.configure(lock="mailboxes.fetch", queueing_lock=name), mailbox_id=mailbox_id)


def wait(ending: threading.Event) -> None:
    """Along with the jobs of a worker: wait at the servers that say when something comes."""
    idle.serve(ending, wake)


@app.periodic(cron="*/5 * * * *")
@app.task(name="mailboxes.report_undelivered", queue="clock", queueing_lock="mailboxes.report_undelivered")
def report_undelivered(timestamp: int = 0) -> int:
    """Every five minutes: letters, and what was written about them and to partners, that did not arrive."""
    return letters.report_undelivered() + actions.report_undelivered()


job_worker.COMPANIONS.append(wait)
