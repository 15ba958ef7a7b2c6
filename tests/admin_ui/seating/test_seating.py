"""The pages of halls and seating plans: written as rows, seated by a press, moved by choice, printed and frozen."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.session import system
from backend.events.models import Event
from backend.seating import actions
from backend.seating.models import Hall, PlanSeat, SeatingPlan
from tests.cast import Cast, signed_in
from tests.days import day
from tests.factories import at, make_event, make_guest, make_hall, make_plan, refetch

PLANS, HALLS = "/admin/seating/seatingplan/", "/admin/seating/hall/"


def _text(response: Any) -> str:
    return response.content.decode()


def _do(client: Any, plan: SeatingPlan, deed: str, **data: Any) -> Any:
    return client.post(f"{PLANS}{plan.key}/do/{deed}/", {"version": refetch(plan).version, **data})


def _event(cast: Cast) -> Event:
    return make_event(cast.mayors, "29 Ekim resepsiyonu", kind="RECEPTION")


def test_a_hall_is_written_row_by_row_or_all_alike(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    rows = {
        "label": ["A", "M1", ""],
        "kind": ["ROW", "TABLE", "ROW"],
        "seats": ["12", "8", ""],
        "gaps": ["6, 7", "", ""],
        "aisles": ["", "", ""],
        "front": ["yes", "no", "no"],
    }
    assert client.post(f"{HALLS}new/", {"name": "Salon", "is_active": "on", **rows}).status_code == 302
    with system():
        first = Hall.objects.get().rows.get(label="A")
        assert (first.seats, first.gaps, first.is_front) == (12, [6, 7], True)
    alike = {"name": "Meydan", "is_active": "on", "row_count": "3", "seat_count": "20"}
    assert client.post(f"{HALLS}new/", alike).status_code == 302
    with system():
        assert list(Hall.objects.get(name="Meydan").rows.values_list("label", "seats")) == [
            ("A", 20),
            ("B", 20),
            ("C", 20),
        ]
    for half in ({"row_count": "3", "seat_count": "20", "name": ""}, {"row_count": "", "seat_count": "20"}):
        answer = client.post(f"{HALLS}new/", alike | half)
        assert answer.status_code == 200
        assert 'role="alert"' in _text(answer)
        assert f'name="row_count" value="{half["row_count"]}"' in _text(answer)
        assert 'name="seat_count" value="20"' in _text(answer)
    wrong = _text(client.post(f"{HALLS}new/", {"name": "Bozuk", **rows, "gaps": ["x", "", ""]}))
    assert 'role="alert"' in wrong
    assert 'value="M1"' in wrong
    assert signed_in(cast.park_clerk).post(f"{HALLS}new/", alike).status_code in (403, 404)


def test_a_plan_is_begun_at_the_event_and_the_guests_are_seated(cast: Cast) -> None:
    event, hall, client = _event(cast), make_hall(), signed_in(cast.secretary)
    make_guest(event, "Ilgın", "Şen", rank=1, title="Kaymakam", with_spouse=True, companions=1)
    late = make_guest(event, "Ümit", "Işık", rank=2)
    page = _text(client.get(f"/admin/events/event/{event.key}/change/"))
    assert f"{PLANS}begin/{event.key}/" in page
    given = {"hall": str(hall.key), "hosts": "on", "representation": "AFTER_EQUALS"}
    assert client.post(f"{PLANS}begin/{event.key}/", given).status_code == 302
    with system():
        plan = SeatingPlan.objects.get()
    assert _do(client, plan, "seat", keep="yes").status_code == 302
    page = _text(client.get(f"{PLANS}{plan.key}/change/"))
    assert "A-6: Kaymakam Ilgın ŞEN" in page
    with system():
        row = plan.rows.get(label="B")
    assert _do(client, plan, "move", who=str(late.key), row=str(row.key), number="3").status_code == 302
    with system():
        assert PlanSeat.objects.get(guest=late).row == row
    free = {"who": str(late.key), "row": str(row.key), "number": "4"}
    assert _do(client, plan, "block", **free).status_code == 302
    refused = _do(client, plan, "move", **free)
    assert "Bu koltuk boş tutuluyor" in _text(refused)
    assert _do(client, plan, "unseat", **free).status_code == 302
    stale = client.post(f"{PLANS}{plan.key}/do/seat/", {"version": "1"})
    assert 'role="alert"' in _text(stale)


def test_the_form_of_a_national_day_begins_without_a_host(cast: Cast) -> None:
    """5442 m.31, 2012/3073."""
    client = signed_in(cast.secretary)
    make_hall()
    pages: dict[str, str] = {}
    for kind, title in (("NATIONAL_DAY", "29 Ekim"), ("CULTURE", "Konser")):
        event = make_event(cast.mayors, title, kind=kind, starts_at=at(day(150 + len(pages))))
        pages[kind] = _text(client.get(f"{PLANS}begin/{event.key}/"))
    assert "mülki amir başkanlık eder" in pages["NATIONAL_DAY"]
    box = {kind: re.search(r'<input[^>]*name="hosts"[^>]*>', page) for kind, page in pages.items()}
    assert {kind: "checked" in found[0] for kind, found in box.items() if found} == {
        "NATIONAL_DAY": False,
        "CULTURE": True,
    }


def test_papers_are_printed_and_a_frozen_plan_is_opened_with_a_reason(cast: Cast) -> None:
    event, client = _event(cast), signed_in(cast.secretary)
    make_guest(event, "Ilgın", "Şen", rank=1, title="Kaymakam")
    plan = make_plan(event)
    _do(client, plan, "seat")
    for kind in ("plan", "front", "labels", "cards"):
        answer = client.get(f"{PLANS}{plan.key}/paper/{kind}/")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"{PLANS}{plan.key}/paper/other/").status_code == 404
    assert _do(client, plan, "freeze").status_code == 302
    page = _text(client.get(f"{PLANS}{plan.key}/change/"))
    assert refetch(plan).digest[:16] in page
    assert 'id="move"' not in page
    assert 'role="alert"' in _text(_do(client, plan, "reopen", reason=""))
    assert _do(client, plan, "reopen", reason="Bakan geliyor").status_code == 302
    assert refetch(plan).frozen_at is None


def test_a_plan_is_hidden_from_departments(cast: Cast) -> None:
    event = _event(cast)
    make_guest(event, "Gizem", "Saklı")
    plan = make_plan(event)
    client = signed_in(cast.park_clerk)
    for address in ("change/", "edit/", "paper/cards/", "do/seat/"):
        assert client.get(f"{PLANS}{plan.key}/{address}").status_code == 404
        assert client.post(f"{PLANS}{plan.key}/{address}").status_code == 404


def test_the_page_asks_no_more_for_more_guests(cast: Cast) -> None:
    event, client = _event(cast), signed_in(cast.secretary)
    plan = make_plan(event)
    counts = []
    for more in (2, 15):
        for n in range(more):
            make_guest(event, f"Konuk{more}", f"Bir{n}", rank=n + 1)
        with system():
            actions.seat_by_rule(refetch(plan), by=None)
        client.get(f"{PLANS}{plan.key}/change/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{PLANS}{plan.key}/change/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
