"""What happens by itself: proposals lapse, applicants are reminded of appointments, the house of promises."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q
from procrastinate.contrib.django import app

from backend.appointments import actions
from backend.appointments.choices import Reminder
from backend.appointments.models import Promise
from backend.configuration.office import configured
from backend.core.localtime import today
from backend.core.session import system
from backend.notifications import staff
from backend.notifications.staff import Mails, Recipient
from backend.organization.calendar import working_calendar
from backend.programme.keepers import keepers


@app.periodic(cron="* * * * *")
@app.task(name="appointments.lapse_proposals", queue="clock", queueing_lock="appointments.lapse_proposals")
def lapse_proposals(timestamp: int) -> None:
    """Every minute: who did not answer in time waits for the office again."""
    with system():
        actions.lapse_proposals()


@app.periodic(cron="* * * * *")
@app.task(name="appointments.remind", queue="clock", queueing_lock="appointments.remind")
def remind(timestamp: int) -> None:
    """Every minute: who has an appointment tomorrow, today or in an hour."""
    actions.remind_applicants()


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="appointments.report_undelivered", queue="clock", queueing_lock="appointments.report_undelivered"
)
def report_undelivered(timestamp: int) -> None:
    """Every quarter of an hour: what did not reach applicants, for who calls them instead."""
    actions.report_undelivered()


@app.periodic(cron="20 5 * * *")
@app.task(name="appointments.remind_promises", queue="clock", queueing_lock="appointments.remind_promises")
def remind_promises_daily(timestamp: int) -> None:
    remind_promises()


def remind_promises() -> int:
    """Remind of open promises that are near (PROMISE_WARNING_DAYS working days) or late, each once; returns how
    many. Keepers of the programme read the number of the request or the day of the meeting; the responsible
    department, which may see the promise alone, reads only how many there are and when. Confidential promises are
    left out."""
    with system():
        day = today()
        near = working_calendar().add_working_days(day, configured.PROMISE_WARNING_DAYS, with_leave=True)
        wanted = Q(due_on__lt=day, reminded__lt=Reminder.LATE) | Q(
            due_on__lte=near, reminded__lt=Reminder.NEAR
        )
        rows = Promise.objects.open().filter(wanted)
        rows = rows.select_related("request", "entry", "person", "department")
        matches = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("due_on", "pk"))
        _write(matches)
        for row in matches:
            row.reminded = Reminder.LATE if row.is_late else Reminder.NEAR
        Promise.objects.bulk_update(matches, ["reminded"])
        return len(matches)


def _write(rows: list[Promise]) -> None:
    """One mail to each of them names all that concerns them."""
    mails: Mails = defaultdict(list)
    known: dict[int, list[Recipient]] = {}
    for row in rows:
        place = row.request or row.entry
        assert place is not None  # noqa: S101 - the table asks for one of them
        principal = place.principal_id
        if principal not in known:
            known[principal] = staff.recipients(None, *keepers(principal)) or staff.heads(
                staff.private_office()
            )
        values = {"on": row.due_on, "is_late": row.is_late, "about": row}
        for one in known[principal]:
            mails[one].append(values | {"place": str(place)})
        department = row.department.current() if row.department else None
        others = staff.heads(department) + staff.recipients(None, row.person)
        for one in dict.fromkeys(others):
            if one not in known[principal]:
                mails[one].append(values)
    for one, named in mails.items():
        staff.post([one], "appointments/promises_due", {"rows": named})
