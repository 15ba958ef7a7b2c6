"""What happens to reminders by themselves: each notifies its person in the morning of its day, and ended ones go."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.notifications import staff
from backend.organization.models import User
from backend.reminders import actions
from backend.reminders.models import Reminder

CHUNK = 1000


@app.periodic(cron="*/15 4-15 * * *")  # UTC: from 07:00 to 18:45 in Türkiye
@app.task(name="reminders.tell", queue="clock", queueing_lock="reminders.tell")
def tell_often(timestamp: int = 0) -> None:
    tell()


def tell() -> int:
    """Notify of reminders whose day has come, each once, a person in one text. Returns how many reminders."""
    with system():
        due = Reminder.objects.due().filter(notified_at__isnull=True, user__is_active=True)
        locked = due.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        rows = list(locked.select_related("user", "complaint")[:CHUNK])
        people: dict[User, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            people[row.user].append({"about": row.complaint, "reference": row.complaint.reference})
        for person, named in people.items():
            staff.post([person], "reminders/due", {"rows": named})
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(notified_at=timezone.now())
        return len(rows)


@app.periodic(cron="48 0 * * *")
@app.task(name="reminders.remove_old", queue="upkeep", queueing_lock="reminders.remove_old")
def remove_old(timestamp: int = 0) -> int:
    """03:48 local: what ended a week ago goes. Returns how many went."""
    with system():
        return actions.remove_old(timezone.now() - actions.KEPT)
