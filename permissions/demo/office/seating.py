"""Halls, and the seating plan of the next 29 Ekim reception: its guests by precedence, two seats kept free."""

from __future__ import annotations

from backend.core.session import system
from backend.events.models import Event
from backend.organization.models import User
from backend.seating import actions
from backend.seating.models import Hall, SeatingPlan
from backend.seating.rows import RowSpec

BIG, SMALL = "Kültür Merkezi Büyük Salon", "Nikâh Sarayı (masalı)"
AISLE = [10, 11]


def load_once() -> None:
    """What is not there yet."""
    with system():
        by = User.objects.get(username="sekreter")
        if not Hall.objects.exists():
            _halls(by)
        event = Event.objects.filter(template="republic_day").order_by("starts_at").last()
        if event is None or SeatingPlan.objects.exists():
            return
        plan = actions.begin(event, by=by, hall=Hall.objects.get(name=BIG), includes_unanswered=True)
        front = plan.rows.order_by("position")[1]
        for number in (1, front.seats):
            actions.keep_free(plan, by=by, row=front, number=number)
        actions.seat_by_rule(plan, by=by)


def _halls(by: User) -> None:
    rows = [RowSpec("A", 14, aisles=[7], is_front=True), RowSpec("B", 18, aisles=[9], is_front=True)]
    rows += [RowSpec(label, 20, gaps=AISLE) for label in "CDEFGHIJK"]
    actions.save_hall(by=by, name=BIG, rows=rows, place="Sarıgazi, Demokrasi Caddesi")
    tables = [RowSpec(f"Masa {n}", 10, kind="TABLE", is_front=n == 1) for n in range(1, 13)]
    actions.save_hall(by=by, name=SMALL, rows=tables, place="Yenidoğan")
