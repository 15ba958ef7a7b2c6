"""Assignment of seats: by rule, or manually, with violations of the rule reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.events.models import Guest
from backend.journal.actions import record
from backend.organization.models import User
from backend.protocol import seating as rule
from backend.seating.actions.planning import require_open, settle_host, touch
from backend.seating.choices import SeatKind
from backend.seating.models import PlanRow, PlanSeat, SeatingPlan
from backend.seating.people import HOST, Who, attendees, companions, guests_of


@dataclass(frozen=True)
class Outcome:
    """What seating by rule came to."""

    seated: int
    standing: tuple[Who, ...]


def who_sits(seat: PlanSeat) -> Who:
    return Who(seat.guest_id, seat.companion)


@transaction.atomic
def seat_by_rule(plan: SeatingPlan, *, by: User | None, keep_by_hand: bool = True) -> Outcome:
    """Seat all attendees by rank. Manual seats stay, unless they are to be discarded."""
    require_open(plan)
    settle_host(plan)
    people = attendees(plan, guests_of(plan))
    known = {who.key for who in people}
    rows = list(plan.rows.all())
    stay = plan.seats.filter(kind=SeatKind.BLOCKED)
    kept: dict[Who, rule.Seat] = {}
    if keep_by_hand:
        by_hand = plan.seats.filter(by_hand=True).exclude(kind=SeatKind.BLOCKED)
        kept = {who_sits(s): rule.Seat(s.row_id, s.number) for s in by_hand if who_sits(s) in known}
    taken = [rule.Seat(seat.row_id, seat.number) for seat in stay]
    result = rule.seated(
        people,
        [row.ruled for row in rows],
        representation=plan.representation,
        kept=kept,  # type: ignore[arg-type]
        taken=taken,
    )
    items = [(cast(Who, who), cast(int, seat.line), seat.number) for who, seat in result.places.items()]
    plan.seats.exclude(kind=SeatKind.BLOCKED).delete()
    PlanSeat.objects.bulk_create(
        PlanSeat(
            plan=plan,
            row_id=row_id,
            number=number,
            kind=_kind(who),
            guest_id=who.guest,
            companion=who.companion,
            by_hand=who in kept,
        )
        for who, row_id, number in items
    )
    touch(plan)
    note = f"{len(result.places)}/{len(people)}"
    record(verb="seating_seated", about=plan, by=by, label=plan.event.reference, note=note)
    return Outcome(len(result.places), tuple(result.standing))  # type: ignore[arg-type]


def _kind(who: Who) -> SeatKind:
    if who.guest is None:
        return SeatKind.HOST
    return SeatKind.COMPANION if who.companion else SeatKind.GUEST


def _checked(plan: SeatingPlan, row: PlanRow, number: int) -> None:
    if row.plan_id != plan.pk or not 1 <= number <= row.seats or number in row.gaps:
        raise DomainError(ErrorCode.INVALID, _("There is no such seat."), "number")


@transaction.atomic
def move(
    plan: SeatingPlan,
    *,
    by: User | None,
    row: PlanRow,
    number: int,
    guest: Guest | None = None,
    companion: int = 0,
) -> PlanSeat:
    """Assign a seat manually: to a guest, a companion, or (without a guest) the host.

    A displaced person gets the freed seat, or none. INVALID for an unknown seat or person.
    """
    require_open(plan)
    settle_host(plan)
    _checked(plan, row, number)
    _check_person(plan, guest, companion)
    mine = plan.seats.filter(guest=guest, companion=companion).exclude(kind=SeatKind.BLOCKED).first()
    there = plan.seats.filter(row=row, number=number).first()
    if there is not None and mine is not None and there.pk == mine.pk:
        return mine
    if there is not None and there.kind == SeatKind.BLOCKED:
        raise DomainError(ErrorCode.CONFLICT, _("This seat is kept free. Give it back first."), "number")
    if there is not None:
        if mine is None:
            there.delete()
        else:  # the constraint is asked at the end: for a moment two sit on one seat
            there.row_id, there.number, there.by_hand = mine.row_id, mine.number, True
            there.save()
    seat = mine or PlanSeat(plan=plan, guest=guest, companion=companion)
    seat.row, seat.number, seat.by_hand = row, number, True
    seat.kind = _kind(Who(guest.pk if guest else None, companion))
    seat.save()
    touch(plan)
    return seat


def _check_person(plan: SeatingPlan, guest: Guest | None, companion: int) -> None:
    if guest is None:
        if not plan.hosts or plan.host_guest_id or companion:
            raise DomainError(ErrorCode.INVALID, _("Say who is to sit there."), "guest")
    elif guest.event_id != plan.event_id or not 0 <= companion <= max(
        companions(guest), int(guest.with_spouse)
    ):
        raise DomainError(ErrorCode.INVALID, _("This person is not on the list of the event."), "guest")


@transaction.atomic
def unseat(plan: SeatingPlan, *, by: User | None, seat: PlanSeat) -> None:
    """Clear a seat, also one that was kept free."""
    require_open(plan)
    if seat.plan_id != plan.pk:
        raise DomainError(ErrorCode.INVALID, _("There is no such seat."), "seat")
    seat.delete()
    touch(plan)


@transaction.atomic
def keep_free(plan: SeatingPlan, *, by: User | None, row: PlanRow, number: int) -> PlanSeat:
    """Reserve a seat: for a minister who may come, or for the camera. CONFLICT if it is taken."""
    require_open(plan)
    _checked(plan, row, number)
    if plan.seats.filter(row=row, number=number).exists():
        raise DomainError(ErrorCode.CONFLICT, _("Somebody sits there."), "number")
    seat = PlanSeat.objects.create(plan=plan, row=row, number=number, kind=SeatKind.BLOCKED, by_hand=True)
    touch(plan)
    return seat


def faults(plan: SeatingPlan) -> list[rule.Fault]:
    """What the rule says against the plan as it stands; keys are `Who`. GONE: has a seat and does not come."""
    people = attendees(plan, guests_of(plan))
    taken = plan.seats.exclude(kind=SeatKind.BLOCKED)
    places = {who_sits(seat): rule.Seat(seat.row_id, seat.number) for seat in taken}
    lines = [row.ruled for row in plan.rows.all()]
    known = {who.key for who in people}
    gone = [rule.Fault("GONE", who, who) for who in places if who not in known]
    return [*gone, *rule.faults(people, lines, places, plan.representation)]  # type: ignore[arg-type]


__all__ = ["HOST", "Outcome", "Who", "faults", "keep_free", "move", "seat_by_rule", "unseat", "who_sits"]
