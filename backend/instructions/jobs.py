"""Jobs of instructions: reminders to assignees, and escalation of late ones."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from procrastinate.contrib.django import app

from backend.configuration.office import configured
from backend.core.calendar import WorkingCalendar
from backend.core.localtime import local_date, today
from backend.core.session import system
from backend.instructions.actions.notifications import doers
from backend.instructions.choices import Status, Warned
from backend.instructions.models import Instruction, InstructionLine
from backend.instructions.story import EventType
from backend.notifications import staff
from backend.notifications.staff import Mails, Recipient
from backend.organization.calendar import working_calendar
from backend.organization.models import Department, User

logger = logging.getLogger(__name__)


@app.periodic(cron="25 5 * * *")
@app.task(name="instructions.warn", queue="clock", queueing_lock="instructions.warn")
def warn_daily(timestamp: int) -> None:
    warn()


def warn() -> int:
    """Warn of open instructions; returns how many warnings were written.

    Each level warns once. Near (INSTRUCTION_WARNING_DAYS working days) and not acknowledged for
    INSTRUCTION_UNSEEN_DAYS -> head of the department and responsible person; late -> also the deputy mayor of the
    department and the office. For confidential ones the readers replace the office. One mail per recipient, by
    number.
    """
    with system():
        mails: Mails = defaultdict(list)
        calendar = working_calendar()
        count = _open(mails, calendar) + _confidential(mails, calendar)
        for one, rows in mails.items():
            staff.post([one], "instructions/warning", {"rows": rows})
        return count


@dataclass
class Due:
    """What decides over a warning, of an instruction that may be confidential."""

    pk: int
    reference: str
    due_on: dt.date
    status: str
    addressed_at: dt.datetime
    warned: int
    department: Department
    person: User | None
    others: list[Recipient]
    """Further recipients of late warnings: the office, or the readers."""
    is_confidential: bool = False

    def levels(self, calendar: WorkingCalendar) -> list[Warned]:
        """The warnings that are due today and not yet sent."""
        day, result = today(), []
        near = calendar.add_working_days(day, configured.INSTRUCTION_WARNING_DAYS, with_leave=True)
        if self.due_on < day:
            result.append(Warned.LATE)
        elif self.due_on <= near:
            result.append(Warned.NEAR)
        since = local_date(self.addressed_at)
        seen_by = calendar.add_working_days(since, configured.INSTRUCTION_UNSEEN_DAYS, with_leave=True)
        if self.status == Status.GIVEN and seen_by < day:
            result.append(Warned.UNSEEN)
        return [level for level in result if not self.warned & level]

    def recipients(self, level: Warned) -> list[Recipient]:
        result = doers(self.department, self.person)
        if level is Warned.LATE:
            current = self.department.current()
            result += staff.recipients(None, current.deputy_mayor if current else None) + self.others
        return list(dict.fromkeys(result))

    def notify(self, level: Warned, mails: Mails) -> None:
        values = {"reference": self.reference, "on": self.due_on, "level": level.name}
        values |= {
            "department": self.department.short_name,
            "about": Instruction(pk=self.pk, is_confidential=self.is_confidential),
        }
        for recipient in self.recipients(level):
            mails[recipient].append(values)


def _open(mails: Mails, calendar: WorkingCalendar) -> int:
    near = calendar.add_working_days(today(), configured.INSTRUCTION_WARNING_DAYS, with_leave=True)
    rows = Instruction.objects.carried().filter(Q(due_on__lte=near) | Q(status=Status.GIVEN))
    rows = rows.filter(is_confidential=False).select_related("department", "person", "given_by")
    office = staff.heads(staff.private_office())
    lines, changed = [], []
    for row in rows.select_for_update(of=("self",), skip_locked=True).order_by("due_on", "pk"):
        due = Due(
            row.pk,
            row.reference,
            row.due_on,
            row.status,
            row.addressed_at,
            row.warned,
            row.department,
            row.person,
            office + staff.recipients(None, row.given_by),
        )
        for level in _told(due, mails, calendar):
            row.warned |= level
            changed.append(row)
            lines.append(
                InstructionLine(
                    instruction=row,
                    verb=EventType.WARNED,
                    from_status=row.status,
                    to_status=row.status,
                    details={"level": level.name},
                )
            )
    Instruction.objects.bulk_update(changed, ["warned"])
    InstructionLine.objects.bulk_create(lines)
    return len(lines)


def _told(due: Due, mails: Mails, calendar: WorkingCalendar) -> Iterable[Warned]:
    """Select the warnings to send; those without recipients are retried tomorrow."""
    for level in due.levels(calendar):
        if not due.recipients(level):
            logger.warning("instruction warning without recipient", extra={"level": level.name})
            continue
        due.notify(level, mails)
        yield level


def _confidential(mails: Mails, calendar: WorkingCalendar) -> int:
    """The same of those that the house has no eyes for: the database tells number, date and whose they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.confidential_instructions()")
        rows = cursor.fetchall()
    people = User.objects.in_bulk({pk for row in rows for pk in [row[7], *row[8]] if pk})
    departments = Department.objects.in_bulk({row[6] for row in rows})
    count = 0
    for pk, reference, due_on, status, since, warned, department, person, readers in rows:
        others = staff.recipients(None, *(people.get(reader) for reader in readers))
        due = Due(
            pk,
            reference,
            due_on,
            status,
            since,
            warned,
            departments[department],
            people.get(person),
            others,
            is_confidential=True,
        )
        for level in due.levels(calendar):
            if due.recipients(level) and _mark(pk, level):
                due.notify(level, mails)
                count += 1
    return count


def _mark(pk: int, level: Warned) -> bool:
    """Mark the warning as sent; False if it was already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.confidential_warned(%s, %s, %s)", [pk, level.value, level.name])
        return bool(cursor.fetchone()[0])
