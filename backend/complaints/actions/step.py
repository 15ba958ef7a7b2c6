"""What all actions are made of: the conditional move of the row, the lock, and the line of the story."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.choices import ENDS, RoutingRole, Status
from backend.complaints.law import clock
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.moves import Verb, complaint_action
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.journal.state_machine import StateMachine, changed_meanwhile
from backend.notifications import staff
from backend.organization.models import Department, User

DAY = dt.timedelta(days=1)
_saying = StateMachine(
    line=ComplaintLine,
    of="complaint",
    moves=complaint_action,
    moved=staff.settle,
    turns=frozenset({"responsible_department"}),
)
journal_line = _saying.write_line


def move(
    complaint: Complaint,
    verb: Verb,
    *,
    by: User | None,
    to: Status | None = None,
    note: str = "",
    department: Department | None = None,
    details: dict[str, Any] | None = None,
    undo: bool = False,
    **changes: Any,
) -> None:
    """Say the verb, as `StateMachine.move` does, with what follows from the states.

    Where a case waits no more, its target follows with a line of its own. `undo`: the line keeps what it changes, so
    that the step can be taken back (`recalling.undo`).
    """
    if undo:
        columns = [field.attname for field in Complaint._meta.concrete_fields if field.name in changes]
        kept = {column: getattr(complaint, column) for column in columns}
        details = {**(details or {}), "undo": kept, "undo_version": complaint.version + 1}
    before, after = Status(complaint.status), to or complaint_action.after(verb, complaint.status)
    values = _consequences(complaint, before, after)
    _saying.move(
        complaint, verb, by=by, to=to, note=note, details=details, line={"department": department},
        **{**values, **changes},
    )  # fmt: skip
    if "waits" in values:
        clock.recompute(complaint, "waited", by)


def hand_over_links(complaint: Complaint, to: Complaint) -> None:
    """Link to the other case, or to what that one is linked to, whatever is linked to this one."""
    leader = to.linked_to_id if to.linked_to_id not in (None, complaint.pk) else to.pk
    linked = Complaint.objects.filter(linked_to=complaint)
    linked.exclude(pk=leader).update(linked_to=leader)
    linked.update(linked_to=None)  # the leader itself, where it was linked the other way round


def _consequences(complaint: Complaint, before: Status, after: Status) -> dict[str, Any]:
    """What follows from the states alone: an end has a moment, a case that works on waits for nothing."""
    values: dict[str, Any] = {}
    if after in ENDS and before not in ENDS:
        values["closed_at"] = timezone.now()
    if after not in ENDS and before in ENDS:
        values["closed_at"] = None
    if after is Status.WAITING and before is not Status.WAITING:
        values["waiting_since"] = today()
    if before is Status.WAITING and after is not Status.WAITING:
        values |= {"waiting_for": "", "waiting_since": None}
        since = complaint.waiting_since
        if since and since < today():
            values["waits"] = [*complaint.waits, DateRange(since + DAY, today() + DAY)]
    return values


def taken_up(complaint: Complaint) -> Status:
    """The state in which a case that had ended goes on: with its last department, else with the office."""
    held = complaint.routings.live().filter(role=RoutingRole.RESPONSIBLE).exists()
    return Status.ASSIGNED if held else Status.TRIAGED


def hold(complaint: Complaint, verb: Verb) -> None:
    """Lock the row for a verb that only adds to the case, and check its state.

    Concurrent additions are fine, so the version is not compared.
    """
    row = Complaint.objects.select_for_update(of=("self",)).filter(pk=complaint.pk)
    match = row.values_list("status", "version").first()
    if match is None:
        raise changed_meanwhile()
    complaint.status, complaint.version = match
    moves.require(verb, complaint.status)


def claim(complaint: Complaint, verb: Verb) -> None:
    """Lock the row for a verb that writes its children first, if it is as the caller knows it."""
    moves.require(verb, complaint.status)
    row = Complaint.objects.select_for_update(of=("self",)).filter(
        pk=complaint.pk, status=complaint.status, version=complaint.version
    )
    if not row.values_list("pk").first():
        raise changed_meanwhile()


def must_be_open(department: Department, field: str) -> None:
    """INVALID, naming the successor, for a department that no longer exists."""
    if department.is_open():
        return
    current = department.current()
    if current is None:
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), field)
    raise DomainError(
        ErrorCode.INVALID,
        _("This department is closed; its successor is %(name)s.") % {"name": current.name},
        field,
    )
