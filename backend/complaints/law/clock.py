"""The clock of a stored complaint: from its row and its children to the three dates, and back into the row.

Only this file writes the dates. `deadlines` knows the law and no database; this knows both.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import Priority
from backend.complaints.law import deadlines
from backend.complaints.law.deadlines import DEFAULT_MATTER, RULES, Clock, Deadline, Matter, Policy, Regime
from backend.complaints.models import UNPAID, Complaint, ComplaintLine, Extension, FeeNotice
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.core.calendar import WorkingCalendar
from backend.core.errors import DomainError, ErrorCode
from backend.organization.calendar import working_calendar
from backend.organization.models import Category, User

DATES = ("raw_due_on", "legal_due_on", "target_on")
RESTARTED = "restarted_on"
CALENDAR = "calendar_version"
DAY = dt.timedelta(days=1)


def policy() -> Policy:
    return Policy(leave_counts=settings.LEAVE_MOVES_STATUTORY_DATES)


def matter_of(regime: Regime, matter: str | None) -> Matter:
    """The matter to store: the passed one, or the regime's default. INVALID if the regime does not know it."""
    if regime is Regime.SERVICE_REQUEST:
        return Matter.GENERAL
    chosen = Matter(matter) if matter else DEFAULT_MATTER.get(regime, Matter.GENERAL)
    if (regime, chosen) not in RULES:
        raise DomainError(
            ErrorCode.INVALID, _("This matter does not exist under the chosen legal regime."), "matter"
        )
    return chosen


def target_days(category: Category | None, priority: str) -> int:
    """The working days a service request may take: its category's, and less where it is pressing."""
    days = configured.SERVICE_TARGET_DAYS
    if category is not None and category.target_days is not None:
        days = category.target_days
    caps = {Priority.HIGH: configured.HIGH_TARGET_DAYS, Priority.URGENT: configured.URGENT_TARGET_DAYS}
    return min(days, caps.get(Priority(priority), days))


def clock_of(complaint: Complaint) -> Clock:
    """Everything the complaint's dates are made of, read from the row, its extension and its last fee notice.

    A case that was decided and reopened counts from the day of reopening, and from then on only an extension, fee
    notice or date of CİMER of that time counts, and a fee that is still open. A fee that lapsed counts no more.
    """
    starts_on = counted_from(complaint)
    extension = _extension(complaint, starts_on)
    return Clock(
        regime=Regime(complaint.regime),
        starts_on=starts_on,
        matter=Matter(complaint.matter),
        extension=extension,
        fee_notice=_fee_notice(complaint, starts_on),
        cimer_due_on=_shown_by_cimer(complaint, starts_on),
        sla_days=target_days(complaint.category, complaint.priority),
        waits=tuple((wait.lower, wait.upper - DAY) for wait in complaint.waits),
        policy=policy(),
    )


def counted_from(complaint: Complaint) -> dt.date:
    """The local day from which the case is counted: of its registration, or of its reopening after a decision."""
    restarted = complaint.deadline_inputs.get(RESTARTED)
    return dt.date.fromisoformat(restarted) if restarted else complaint.registered_on


def _shown_by_cimer(complaint: Complaint, starts_on: dt.date) -> dt.date | None:
    """CİMER's own date, unless the case was reopened after it had passed."""
    due_on = complaint.cimer_due_on
    return None if due_on and complaint.deadline_inputs.get(RESTARTED) and due_on < starts_on else due_on


def _has_moves(complaint: Complaint) -> bool:
    """Whether the law knows extension and fee for it; for the others nothing need be looked up."""
    rule = RULES.get((Regime(complaint.regime), Matter(complaint.matter)))
    return rule is not None and rule.extended_days is not None


def _extension(complaint: Complaint, starts_on: dt.date) -> deadlines.Extension | None:
    if not complaint.pk or not _has_moves(complaint):
        return None
    row = Extension.objects.filter(complaint=complaint.pk).first()
    return deadlines.Extension(row.granted_on, row.reason) if row and row.granted_on >= starts_on else None


def _fee_notice(complaint: Complaint, starts_on: dt.date) -> deadlines.FeeNotice | None:
    if not complaint.pk or not _has_moves(complaint):
        return None
    counts = UNPAID | Q(paid_on__gte=starts_on)
    row = FeeNotice.objects.filter(counts, complaint=complaint.pk).order_by("-id").first()
    return fee_notice(row) if row else None


def fee_notice(row: FeeNotice) -> deadlines.FeeNotice:
    """A stored fee notice as the law sees it."""
    return deadlines.FeeNotice(row.notified_on, row.paid_on, row.due_on)


def is_statutory(complaint: Complaint) -> bool:
    """Whether a law, and not only the municipality's own target, sets the date."""
    return complaint.regime != Regime.SERVICE_REQUEST


def is_petition(complaint: Complaint) -> bool:
    """Whether Law 3071 applies to it, CİMER's petitions included."""
    rule = RULES.get((Regime(complaint.regime), Matter(complaint.matter)))
    return rule is not None and rule.progress_notice


def dates(complaint: Complaint, calendar: WorkingCalendar | None = None) -> dict[str, Any]:
    """The values that the complaint's date fields should have now, by field name. Nothing is written."""
    calendar = calendar or working_calendar()
    computed = deadlines.compute(clock_of(complaint), calendar)
    return as_fields(computed, calendar, restarted_on=complaint.deadline_inputs.get(RESTARTED))


def as_fields(
    computed: Deadline, calendar: WorkingCalendar, *, restarted_on: str | None = None
) -> dict[str, Any]:
    """While a fee has stopped the clock the target is the last day to pay: a case always has a next date.

    The inputs keep by which version of the table of holidays it was computed.
    """
    inputs = computed.inputs | {CALENDAR: calendar.version}
    inputs |= {RESTARTED: restarted_on} if restarted_on else {}
    return {
        "raw_due_on": computed.raw,
        "legal_due_on": computed.legal,
        "target_on": computed.target or computed.payment_due,
        "deadline_inputs": inputs,
    }


def changes(
    complaint: Complaint, calendar: WorkingCalendar | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(fields to write, details of the story line); both empty if nothing changes.

    A later target also resets the warnings of the earlier one.
    """
    new = dates(complaint, calendar)
    moved = {field: value for field, value in new.items() if value != getattr(complaint, field)}
    if not moved or (moved.keys() == {"deadline_inputs"} and _are_alike(complaint, new)):
        return {}, {}
    if new["target_on"] > complaint.target_on:
        moved["escalation"] = 0
    return moved, {"dates": {field: [_iso(getattr(complaint, field)), _iso(new[field])] for field in DATES}}


def _are_alike(complaint: Complaint, new: dict[str, Any]) -> bool:
    """Whether the inputs differ by the version of the table alone: then the dates are still those of the older one."""
    return complaint.deadline_inputs | {CALENDAR: None} == new["deadline_inputs"] | {CALENDAR: None}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def recompute(
    complaint: Complaint, why: str, by: User | None, calendar: WorkingCalendar | None = None
) -> bool:
    """Bring the dates up to date; if anything moved, write one line with old and new dates and return True.

    `why` is a code that the line keeps (`leave_changed`, `holiday_corrected`, `inputs_changed`, `waited`). The
    row must be locked by the caller.
    """
    moved, result = changes(complaint, calendar)
    if not moved:
        return False
    moved["version"] = complaint.version + 1
    Complaint.objects.filter(pk=complaint.pk).update(**moved)
    for field, value in moved.items():
        setattr(complaint, field, value)
    ComplaintLine.objects.create(
        complaint=complaint,
        verb=EventType.RECOMPUTED,
        actor=by,
        from_status=complaint.status,
        to_status=complaint.status,
        details=result | {"why": why, CALENDAR: complaint.deadline_inputs.get(CALENDAR, 0)},
    )
    return True
