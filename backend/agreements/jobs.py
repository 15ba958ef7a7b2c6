"""What happens to agreements by itself: the house is reminded before one ends and of obligations, and one whose last
day passed has ended. A mail names numbers and days and nothing of what was agreed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import F
from procrastinate.contrib.django import app

from backend.agreements.actions import lapse, write_line
from backend.agreements.choices import Status, Warned
from backend.agreements.models import Agreement, Obligation
from backend.agreements.story import EventType
from backend.core.localtime import today
from backend.core.session import system
from backend.notifications import staff
from backend.notifications.staff import Mails, Recipient

NEAR = dt.timedelta(days=14)


@app.periodic(cron="40 5 * * *")
@app.task(name="agreements.warn", queue="clock", queueing_lock="agreements.warn")
def warn_daily(timestamp: int) -> None:
    warn()


def warn() -> int:
    """Warn the head of the department and the office of agreements that end soon and of obligations that are near
    or late, once each; end expired agreements. Returns how many warnings were written."""
    with system():
        mails: Mails = defaultdict(list)
        office = staff.heads(staff.private_office())
        count = _renewals(mails, office) + _obligations(mails, office)
        for row in (
            Agreement.objects.in_force().filter(valid_until__lt=today()).select_for_update(skip_locked=True)
        ):
            lapse(row)
        for one, rows in mails.items():
            staff.post([one], "agreements/warning", {"rows": rows})
        return count


def _renewals(mails: Mails, office: list[Recipient]) -> int:
    rows = Agreement.objects.to_renew().select_related("department").order_by("valid_until", "pk")
    count = 0
    for row in rows.select_for_update(of=("self",), skip_locked=True):
        if row.warned & Warned.RENEWAL:
            continue
        to = list(dict.fromkeys(staff.heads(row.department.current()) + office))
        if not to:
            continue
        values = {"reference": row.reference, "on": row.valid_until, "what": "RENEWAL", "about": row}
        for one in to:
            mails[one].append(values)
        Agreement.objects.filter(pk=row.pk).update(warned=F("warned").bitor(Warned.RENEWAL))
        write_line(row, EventType.WARNED, by=None, details={"until": str(row.valid_until)})
        count += 1
    return count


def _obligations(mails: Mails, office: list[Recipient]) -> int:
    rows = Obligation.objects.filter(
        done_on__isnull=True,
        is_warned=False,
        due_on__lte=today() + NEAR,
        agreement__status=Status.IN_FORCE,
    ).select_related("agreement", "department", "agreement__department")
    count = 0
    for row in rows.select_for_update(of=("self",), skip_locked=True).order_by("due_on", "pk"):
        whose = row.department or row.agreement.department
        to = list(dict.fromkeys(staff.heads(whose.current()) + office))
        values = {"reference": row.agreement.reference, "on": row.due_on, "what": "OBLIGATION"}
        for one in to:
            mails[one].append(values | {"about": row.agreement})
        Obligation.objects.filter(pk=row.pk).update(is_warned=bool(to))
        count += bool(to)
    return count
