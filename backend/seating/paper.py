"""What is printed of a plan: the plan itself, the front rows, a label for every seat, a card for every name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.localtime import moment_text
from backend.documents import typesetting
from backend.seating.choices import SeatKind
from backend.seating.models import PlanRow, PlanSeat, SeatingPlan
from backend.seating.people import words

PAPERS = ("plan", "front", "labels", "cards")
TITLES = {
    "plan": _("Seating plan"),
    "front": _("List of the front row"),
    "labels": _("Labels for the seats"),
    "cards": _("Name cards"),
}


def pdf(plan: SeatingPlan, paper: str) -> bytes:
    """One of `PAPERS`, as PDF/A-2a and PDF/UA-1. The plan bears TASLAK until it is frozen."""
    return typesetting.pdf(f"seating/print/{paper}.typ", values(plan, paper))


def pages(plan: SeatingPlan, paper: str) -> list[bytes]:
    """Render the PDF as PNG pages."""
    return typesetting.pages(f"seating/print/{paper}.typ", values(plan, paper))


def name_of(paper: str) -> str:
    """What a paper is called, in Turkish."""
    with translation.override("tr"):
        return str(TITLES[paper])


def values(plan: SeatingPlan, paper: str) -> dict[str, Any]:
    """What the template prints. Paper is Turkish, in whatever language the pages are read."""
    with translation.override("tr"):
        return _values(plan, paper)


def _values(plan: SeatingPlan, paper: str) -> dict[str, Any]:
    rows = list(plan.rows.all())
    seats: dict[int, dict[int, PlanSeat]] = {row.pk: {} for row in rows}
    for seat in plan.seats.select_related("guest__person"):
        seats[seat.row_id][seat.number] = seat
    event = plan.event
    common = {
        "title": f"{TITLES[paper]}: {event.title}",
        "municipality": configured.MUNICIPALITY_NAME,
        "event": event.title,
        "when": " · ".join(filter(None, [moment_text(event.starts_at), event.place])),
        "head": configured.MUNICIPALITY_NAME,
        "is_draft": plan.frozen_at is None,
        "foot": _foot(plan),
    }
    if paper in ("labels", "cards"):
        return {**common, "cards": _cards(plan, rows, seats)}
    shown = [row for row in rows if row.is_front] if paper == "front" else rows
    widest = max((row.seats for row in shown), default=1)
    lines = [
        {
            "label": row.label,
            "indent": (widest - row.seats) // 2,
            "seats": [
                _seat(plan, row, number, seats[row.pk].get(number)) for number in range(1, row.seats + 1)
            ],
        }
        for row in shown
    ]
    return {**common, "lines": lines, "standing": []}


def _foot(plan: SeatingPlan) -> str:
    """Until it is frozen that it is a draft; afterwards since when, and the beginning of its digest."""
    if plan.frozen_at is None:
        return f"{plan.event.reference} · taslak · {moment_text(timezone.now())}"
    return f"{plan.event.reference} · {moment_text(plan.frozen_at)} · SHA-256 {plan.digest[:16]}…"


def _seat(plan: SeatingPlan, row: PlanRow, number: int, seat: PlanSeat | None) -> dict[str, Any]:
    value = words(plan, seat.guest, seat.companion) if seat and seat.kind != SeatKind.BLOCKED else None
    return {
        "number": str(number),
        "gap": number in row.gaps,
        "blocked": bool(seat and seat.kind == SeatKind.BLOCKED),
        "title": _titled(value.title, value.note) if value else "",
        "name": value.name if value else "",
    }


def _titled(title: str, note: str) -> str:
    return f"{title} ({note})" if title and note else title or note


def _cards(
    plan: SeatingPlan, rows: Iterable[PlanRow], seats: dict[int, dict[int, PlanSeat]]
) -> list[dict[str, str]]:
    """From the front, in order of the seats."""
    items = []
    for row in rows:
        for number, seat in sorted(seats[row.pk].items()):
            if seat.kind == SeatKind.BLOCKED:
                continue
            value = words(plan, seat.guest, seat.companion)
            place = f"{row.get_kind_display()} {row.label} · Koltuk {number}"
            title = "" if seat.companion else value.title  # the card of a spouse bears the own name alone
            items.append({"seat": place, "title": title, "name": value.name, "note": value.note})
    return items
