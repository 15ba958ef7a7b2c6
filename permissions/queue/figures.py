"""What the office did in a period besides the applications: appointments, halk günü, events, instructions, promises.

Each line counts what the viewer sees and was received, held or issued in the period, as it stands today.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils.functional import Promise as Text
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import UNDECIDED, PromiseStatus, SessionStatus, VisitStatus
from backend.appointments.choices import Status as RequestStatus
from backend.appointments.models import AppointmentRequest, Promise, PublicDaySession
from backend.core.localtime import ISTANBUL, midnight, today
from backend.events.choices import Status as EventStatus
from backend.events.models import Event
from backend.instructions.choices import CARRIED
from backend.instructions.choices import Status as InstructionStatus
from backend.instructions.models import Instruction
from permissions.core import scope

CAME = (VisitStatus.ARRIVED, VisitStatus.IN, VisitStatus.OUT)


@dataclass(frozen=True)
class Work:
    """One kind of work: `counts` by name in the order of `LINES`, the first of them all there was."""

    name: str
    counts: dict[str, int]


TITLES: dict[str, Text] = {
    "appointments": _("Appointment requests received"),
    "public_days": _("Public days held"),
    "events": _("Events that begin in the period"),
    "instructions": _("Instructions issued"),
    "promises": _("Promises made"),
}
LINES: dict[str, dict[str, Text]] = {
    "appointments": {
        "all": _("All requests"),
        "settled": _("Settled, with what came of it"),
        "declined": _("Declined"),
        "absent": _("Did not come"),
        "waiting": _("To be decided"),
    },
    "public_days": {"all": _("Days held"), "places": _("Places on them"), "came": _("Came")},
    "events": {
        "all": _("Events"),
        "held": _("Took place"),
        "coming": _("Planned or announced"),
        "cancelled": _("Cancelled"),
    },
    "instructions": {
        "all": _("All instructions"),
        "in_time": _("Reported as done in time"),
        "late": _("Reported as done after the last day"),
        "overdue": _("Not done, the last day is over"),
        "withdrawn": _("Instruction withdrawn"),
    },
    "promises": {
        "all": _("All promises"),
        "kept": _("Kept"),
        "broken": _("Not kept"),
        "overdue": _("Open, the day is over"),
        "open": _("Open"),
    },
}


def work_of(first: dt.date, last: dt.date) -> list[Work]:
    """The figures of each kind of which the viewer sees any, in six statements at any number of rows."""
    span = (midnight(first), midnight(last + dt.timedelta(days=1)))
    counted = {
        "appointments": _appointments(span),
        "public_days": _public_days(first, last),
        "events": _events(span),
        "instructions": _instructions(span),
        "promises": _promises(span),
    }
    return [
        Work(name, {line: counts[line] or 0 for line in LINES[name]})
        for name, counts in counted.items()
        if counts["all"]
    ]


Span = tuple[dt.datetime, dt.datetime]


def _within(model: Any, field: str, span: Span) -> Any:
    return scope.visible(model).filter(**{f"{field}__gte": span[0], f"{field}__lt": span[1]}).order_by()


def _of(*statuses: str) -> Count:
    return Count("pk", filter=Q(status__in=statuses))


def _appointments(span: Span) -> dict[str, int]:
    found: dict[str, int] = _within(AppointmentRequest, "registered_at", span).aggregate(
        all=Count("pk"),
        settled=_of(RequestStatus.SETTLED),
        declined=_of(RequestStatus.DECLINED),
        absent=_of(RequestStatus.NO_SHOW),
        waiting=_of(*UNDECIDED),
    )
    return found


def _public_days(first: dt.date, last: dt.date) -> dict[str, int]:
    """Sessions of programmes that the viewer keeps, the office's all, and of their requests those that they see."""
    until, viewer = min(last, today()), scope.current_viewer()
    days = scope.visible(PublicDaySession).filter(day__gte=first, day__lte=until)
    held: Any = days.exclude(status=SessionStatus.CANCELLED).order_by()
    if not viewer.sees_all:
        held = held.filter(principal__in=viewer.kept)
    visitors: Any = scope.visible(AppointmentRequest).filter(visit__session__in=held)
    found: dict[str, int] = visitors.order_by().aggregate(
        places=Count("pk"), came=Count("pk", filter=Q(visit__status__in=CAME))
    )
    return found | {"all": held.count()}


def _events(span: Span) -> dict[str, int]:
    found: dict[str, int] = _within(Event, "starts_at", span).aggregate(
        all=Count("pk"),
        held=_of(EventStatus.HELD, EventStatus.CLOSED),
        coming=_of(EventStatus.PLANNED, EventStatus.ANNOUNCED),
        cancelled=_of(EventStatus.CANCELLED),
    )
    return found


def _instructions(span: Span) -> dict[str, int]:
    rows = _within(Instruction, "said_at", span).annotate(done_on=TruncDate("done_at", tzinfo=ISTANBUL))
    done = Q(status__in=[InstructionStatus.DONE, InstructionStatus.ACCEPTED])
    found: dict[str, int] = rows.aggregate(
        all=Count("pk"),
        in_time=Count("pk", filter=done & Q(done_on__lte=F("due_on"))),
        late=Count("pk", filter=done & Q(done_on__gt=F("due_on"))),
        overdue=Count("pk", filter=Q(status__in=CARRIED, due_on__lt=today())),
        withdrawn=_of(InstructionStatus.WITHDRAWN),
    )
    return found


def _promises(span: Span) -> dict[str, int]:
    is_open, day = Q(status=PromiseStatus.OPEN), today()
    found: dict[str, int] = _within(Promise, "made_at", span).aggregate(
        all=Count("pk"),
        kept=_of(PromiseStatus.KEPT),
        broken=_of(PromiseStatus.BROKEN),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=day)),
        open=Count("pk", filter=is_open & Q(due_on__gte=day)),
    )
    return found
