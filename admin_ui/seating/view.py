"""A seating plan as its page draws it: rows of seats, who has none, and what the rule says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from backend.contacts.models import Citizen
from backend.core.words.text import tr_upper
from backend.events.models import Event, Guest
from backend.protocol.seating import Fault
from backend.seating.actions.placing import faults, who_sits
from backend.seating.choices import SeatKind
from backend.seating.models import PlanRow, PlanSeat, SeatingPlan
from backend.seating.people import HOST, Who, Words, attendees, guests_of, words
from permissions.core import scope

READ_LOG = "admin: seating plan"
FAULTS_SHOWN = 12


def drawn(plan: SeatingPlan) -> dict[str, object]:
    """Everything the page shows of the seats, in a number of questions that no row adds to."""
    guests = guests_of(plan)
    scope.log_access(_known(guests), READ_LOG)
    people = [cast(Who, who.key) for who in attendees(plan, guests)]
    rows = list(plan.rows.all())
    seats = list(plan.seats.select_related("guest__person", "row"))
    by_guest: dict[int, Guest] = {guest.pk: guest for guest in guests}
    by_guest |= {seat.guest.pk: seat.guest for seat in seats if seat.guest}

    def words_of(who: Who) -> Words:
        return words(plan, by_guest.get(who.guest) if who.guest else None, who.companion)

    seat_of = {
        who_sits(seat): f"{seat.row.label}-{seat.number}" for seat in seats if seat.kind != SeatKind.BLOCKED
    }
    against = faults(plan)
    wrong = {fault.other if fault.kind == "BEHIND" else fault.key for fault in against}
    everybody = [
        {
            "who": token(who, by_guest),
            "title": words_of(who).title,
            "name": words_of(who).name,
            "seat": seat_of.get(who, ""),
        }
        for who in dict.fromkeys([*people, *seat_of])
    ]
    lines = [_line(row, [s for s in seats if s.row_id == row.pk], words_of, by_guest, wrong) for row in rows]
    return {
        "lines": lines,
        "everybody": everybody,
        "standing": [one for one in everybody if not one["seat"]],
        "seated": len(seat_of),
        "expected": len(people),
        "by_hand": sum(seat.by_hand and seat.kind != SeatKind.BLOCKED for seat in seats),
        "free": sum(row.seats - len(row.gaps) for row in rows) - len(seats),
        "breaches": _sentences(against, words_of),
    }


def seating_url(event: Event, *, may_begin: bool) -> str:
    """Where the seating plan of an event is, or is begun; empty where there is none for the viewer."""
    plan = scope.visible(SeatingPlan).filter(event=event).first()
    if plan is not None:
        return reverse("admin:seating_seatingplan_change", args=[plan.key])
    return reverse("admin:seating_seatingplan_begin", args=[event.key]) if may_begin else ""


def _known(guests: Iterable[Guest]) -> list[int]:
    """Whom the viewer is shown, of those whom they may know; the rest is named by what the list says."""
    wanted = [guest.person_id for guest in guests]
    return list(scope.visible(Citizen).filter(pk__in=wanted).values_list("pk", flat=True))


def token(who: Who, guests: dict[int, Guest]) -> str:
    """Token of a person in a form: “host”, the key of a guest, or the key with the number of a companion."""
    if who == HOST:
        return "host"
    key = str(guests[who.guest].key) if who.guest else ""
    return f"{key}:{who.companion}" if who.companion else key


def _line(
    row: PlanRow, taken: list[PlanSeat], value: Any, guests: dict[int, Guest], wrong: set[Any]
) -> dict[str, object]:
    by_number = {seat.number: seat for seat in taken}
    items = []
    for number in range(1, row.seats + 1):
        seat = by_number.get(number)
        one: dict[str, object] = {"number": number, "gap": number in row.gaps, "aisle": number in row.aisles}
        if seat is not None and seat.kind == SeatKind.BLOCKED:
            one["blocked"] = True
        elif seat is not None:
            who = who_sits(seat)
            result = value(who)
            one |= {
                "who": token(who, guests),
                "title": result.title,
                "name": result.name,
                "initials": initials(result.name or result.title),
                "by_hand": seat.by_hand,
                "fault": who in wrong,
                "hint": " · ".join(filter(None, [result.title, result.name, result.note])),
            }
        items.append(one)
    return {"row": row, "seats": items}


def initials(name: str) -> str:
    """What a seat says where its name has no room: the first letters of the first and the last word, AE."""
    parts = [part for part in name.replace("Sayın ", "").split() if part[0].isalpha()]
    return tr_upper("".join(part[0] for part in dict.fromkeys((parts[0], parts[-1])))) if parts else ""


def _sentences(against: list[Fault], value: Any) -> list[str]:
    """Describe the violations of the seating rule: each person once with the number of higher ranks behind them;
    the rest as a count."""
    behind: dict[Any, list[Fault]] = {}
    for fault in against:
        if fault.kind == "BEHIND":
            behind.setdefault(fault.other, []).append(fault)
    lines = [_sentence(fault, value) for fault in against if fault.kind != "BEHIND"]
    lines += [_too_well(faults, value) for faults in behind.values()]
    if more := len(lines) - FAULTS_SHOWN:
        lines = lines[:FAULTS_SHOWN] + ([_("and %(n)d more") % {"n": more}] if more > 0 else [])
    return lines


def _too_well(found: list[Fault], value: Any) -> str:
    names = {"one": _named(value(found[0].key)), "other": _named(value(found[0].other)), "n": len(found) - 1}
    if len(found) == 1:
        return _("%(other)s sits before %(one)s, who is of higher rank.") % names
    return _("%(other)s sits before %(one)s and %(n)d more, who are of higher rank.") % names


def _sentence(fault: Fault, value: Any) -> str:
    one, other = value(fault.key), value(fault.other)
    names = {"one": _named(one), "other": _named(other)}
    if fault.kind == "GONE":
        return _("%(one)s has a seat and does not come.") % names
    if fault.kind == "APART":
        return _("%(one)s does not sit next to %(other)s.") % names
    return _("%(one)s has no seat, while %(other)s, of lower rank, has one.") % names


def _named(value: Words) -> str:
    return f"{value.name} ({value.title})" if value.title else value.name
