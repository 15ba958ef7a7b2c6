"""A plan is begun with the rows of a hall, changed while it is open, and frozen when it goes to print."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required
from backend.events.blueprints import civil_authority_presides
from backend.events.choices import UPCOMING
from backend.events.models import Event, Guest
from backend.journal.actions import record
from backend.organization.models import User
from backend.protocol.choices import Representation
from backend.seating.choices import SeatKind
from backend.seating.models import Hall, PlanRow, PlanSeat, SeatingPlan
from backend.seating.people import principal_on_list, words
from backend.seating.rows import MOST_SEATS, RowSpec, checked, specs_of


class Facts(TypedDict, total=False):
    hosts: bool
    host_guest: Guest | None
    includes_unanswered: bool
    representation: str


def require_open(plan: SeatingPlan) -> None:
    """WRONG_STATE where it is frozen, or its event is over."""
    if plan.event.status not in UPCOMING:
        message = _("This event is over or was cancelled: its plan stays as it is.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if plan.frozen_at is not None:
        message = _("This plan is frozen, as it was printed. Open it again first.")
        raise DomainError(ErrorCode.WRONG_STATE, message)


def touch(plan: SeatingPlan, **changes: Any) -> None:
    """Write it with a new version; its row is locked by who says the verb."""
    plan.version += 1
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.save(update_fields=["version", *changes])


def settle_host(plan: SeatingPlan) -> None:
    """Nobody sits twice: a principal on the list hosts as that guest, and who hosts no more leaves the middle."""
    if plan.hosts and plan.host_guest is None:
        plan.host_guest = principal_on_list(plan.event)
        plan.save(update_fields=["host_guest"])
    if plan.hosts and plan.host_guest is None:
        return
    in_the_middle = plan.seats.filter(kind=SeatKind.HOST)
    if plan.hosts and not plan.seats.filter(guest=plan.host_guest, companion=0).exists():
        in_the_middle.update(kind=SeatKind.GUEST, guest=plan.host_guest)
    else:
        in_the_middle.delete()


@transaction.atomic
def begin(event: Event, *, by: User | None, hall: Hall, **facts: Unpack[Facts]) -> SeatingPlan:
    """Begin the plan of an event with the rows of a hall. DUPLICATE where it has one already.

    The principal hosts unless the mülki amir presides at the event (5442 m.31; 2012/3073); `hosts` says otherwise.
    """
    # Two who begin at once: the second waits here and reads the first one's plan.
    Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if SeatingPlan.objects.filter(event=event).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This event has a seating plan already."), "event")
    plan = SeatingPlan(event=event, hall=hall, begun_by=by, hosts=not civil_authority_presides(event))
    require_open(plan)
    for name, value in _checked(event, dict(facts)).items():
        setattr(plan, name, value)
    plan.save()
    settle_host(plan)
    _write_rows(plan, specs_of(hall.rows.all()))
    record(verb="seating_begun", about=plan, by=by, label=event.reference, note=hall.name)
    return plan


def _checked(event: Event, facts: dict[str, Any]) -> dict[str, Any]:
    """Validated facts of a plan."""
    if unknown := set(facts) - set(Facts.__annotations__):
        raise TypeError(f"no facts of a plan: {', '.join(sorted(unknown))}")
    host: Guest | None = facts.get("host_guest")
    if host is not None and host.event_id != event.pk:
        raise DomainError(ErrorCode.INVALID, _("The host is on the list of another event."), "host_guest")
    if "representation" in facts:
        facts["representation"] = choice(Representation, facts["representation"], "representation")
    return facts


@transaction.atomic
def change(plan: SeatingPlan, *, by: User | None, **facts: Unpack[Facts]) -> None:
    """Change the host, the seated guests and the places of representatives. Seats of guests stay until it is seated
    anew."""
    require_open(plan)
    touch(plan, **_checked(plan.event, dict(facts)))
    settle_host(plan)
    record(
        verb="seating_changed", about=plan, by=by, label=plan.event.reference, note=", ".join(sorted(facts))
    )


@transaction.atomic
def set_rows(plan: SeatingPlan, *, by: User | None, rows: Iterable[RowSpec]) -> None:
    """Put up other rows for this event. Who sat on a seat that is no more has none."""
    require_open(plan)
    _write_rows(plan, rows)
    touch(plan)
    record(verb="seating_rows_set", about=plan, by=by, label=plan.event.reference)


def _write_rows(plan: SeatingPlan, rows: Iterable[RowSpec]) -> None:
    """Rows are known by their name: those that stay keep who sits there."""
    facts = checked(rows)
    stored = {row.label: row for row in plan.rows.all()}
    plan.rows.exclude(label__in=[one["label"] for one in facts]).delete()
    for fact in facts:
        row = stored.get(fact["label"]) or PlanRow(plan=plan)
        for name, value in fact.items():
            setattr(row, name, value)
        row.save()
        gone = [*row.gaps, *range(row.seats + 1, MOST_SEATS + 1)]
        row.taken.filter(number__in=gone).delete()


@transaction.atomic
def freeze(plan: SeatingPlan, *, by: User | None) -> str:
    """Freeze the plan; returns the SHA-256 of its content. REQUIRED for an empty plan."""
    require_open(plan)
    if not plan.seats.filter(guest__isnull=False).exists():
        raise DomainError(ErrorCode.REQUIRED, _("Nobody is seated yet."), "id")
    settle_host(plan)
    digest = hashlib.sha256(canonical(plan).encode()).hexdigest()
    touch(plan, frozen_at=timezone.now(), frozen_by=by, digest=digest)
    record(verb="seating_frozen", about=plan, by=by, label=plan.event.reference, note=digest[:12])
    return digest


@transaction.atomic
def reopen(plan: SeatingPlan, *, by: User | None, reason: str) -> None:
    """Open a frozen plan again, with a reason: what was printed of it is void."""
    why = required(reason, "reason", _("Say why the printed plan is changed."), 300)
    if plan.frozen_at is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This plan is not frozen."))
    old = plan.digest
    touch(plan, frozen_at=None, frozen_by=None, digest="")
    note = f"{old[:12]}; {why}"
    record(verb="seating_reopened", about=plan, by=by, label=plan.event.reference, note=note)


def canonical(plan: SeatingPlan) -> str:
    """Canonical JSON of a plan, hashed to detect changes."""
    seats: dict[int, list[Any]] = {}
    for seat in _in_order(plan):
        value = words(plan, seat.guest, seat.companion)
        seats.setdefault(seat.row_id, []).append(
            [seat.number, seat.kind, value.title, value.name, value.note]
        )
    rows = [[row.label, row.kind, row.seats, row.gaps, seats.get(row.pk, [])] for row in plan.rows.all()]
    return json.dumps([plan.event.reference, rows], ensure_ascii=False, separators=(",", ":"))


def _in_order(plan: SeatingPlan) -> Any:
    rows = PlanSeat.objects.filter(plan=plan).select_related("guest__person")
    return rows.order_by("row__position", "number")
