"""Halls and seating plans through GraphQL."""

from __future__ import annotations

from typing import Any

from backend.core.session import system
from backend.events.models import Event
from backend.seating import actions as seating
from backend.seating.models import SeatingPlan
from backend.seating.rows import RowSpec
from schema.core.nodes import MODELS, encode
from tests.cast import Cast
from tests.days import day
from tests.factories import at, make_event, make_guest, make_hall, make_plan
from tests.schema.client import Asking

PLAN = """
id version hosts frozenAt digest viewerCan rows { id label isFront taken { id number kind byHand companion
  guest { title person { fullName } } } }
"""
READ = f"query ($event: ID!) {{ seatingPlan(event: $event) {{ {PLAN} }} }}"


def _id(row: Any) -> str:
    return str(encode(MODELS[type(row)], row.key))


def _say(user: Any, name: str, **given: Any) -> Any:
    kind = name[0].upper() + name[1:]
    kind = "SeatingPlan" if name == "seatingPlanFreeze" else kind
    query = (
        f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ plan {{ {PLAN} }}"
        " faults { kind guest other } errors { code field } } }"
    )
    return Asking(user).data(query, input=given)[name]


def _seats(plan: Any) -> dict[str, str]:
    return {
        f"{row['label']}{seat['number']}": seat["guest"]["person"]["fullName"]
        if seat["guest"]
        else seat["kind"]
        for row in plan["rows"]
        for seat in row["taken"]
    }


def _event(cast: Cast) -> Event:
    event = make_event(cast.mayors, "29 Ekim resepsiyonu", kind="RECEPTION")
    make_guest(event, "Ilgın", "Şen", rank=1, title="Kaymakam")
    make_guest(event, "Ümit", "Işık", rank=2, title="İlçe Müftüsü")
    return event


def test_a_plan_is_begun_seated_moved_and_frozen(cast: Cast) -> None:
    event, hall = _event(cast), make_hall()
    begun = _say(cast.secretary, "seatingPlanBegin", event=_id(event), hall=_id(hall))
    assert begun["errors"] == []
    plan = begun["plan"]
    assert plan["viewerCan"] == ["CHANGE"]
    seated = _say(cast.secretary, "seatingPlanSeat", id=plan["id"])
    assert seated["faults"] == []
    assert _seats(seated["plan"]) == {"A5": "HOST", "A6": "Ilgın ŞEN", "A4": "Ümit IŞIK"}
    mufti = next(s for s in seated["plan"]["rows"][0]["taken"] if s["number"] == 6)
    with system():
        guest = event.guests.order_by("pk")[0]
    moved = _say(
        cast.secretary,
        "seatingPlanMove",
        id=plan["id"],
        row=plan["rows"][1]["id"],
        number=1,
        guest=_id(guest),
    )
    assert mufti["byHand"] is False
    assert [fault["kind"] for fault in moved["faults"]] == ["BEHIND"]
    assert moved["faults"][0]["guest"] == _id(guest)
    old = _say(cast.secretary, "seatingPlanSeat", id=plan["id"], version=1)
    assert old["errors"] == [{"code": "CONFLICT", "field": "version"}]
    frozen = _say(cast.secretary, "seatingPlanFreeze", id=plan["id"])["plan"]
    assert len(frozen["digest"]) == 64
    refused = _say(cast.secretary, "seatingPlanSeat", id=plan["id"])
    assert refused["errors"] == [{"code": "WRONG_STATE", "field": None}]
    opened = _say(cast.secretary, "seatingPlanReopen", id=plan["id"], reason="Bakan geliyor")
    assert opened["plan"]["digest"] == ""


def test_a_plan_is_read_by_who_sees_the_guests_and_by_nobody_else(cast: Cast) -> None:
    event = _event(cast)
    make_plan(event)
    assert Asking(cast.secretary).data(READ, event=_id(event))["seatingPlan"]["rows"]
    assert Asking(cast.park_clerk).data(READ, event=_id(event))["seatingPlan"] is None
    plan = Asking(cast.secretary).data(READ, event=_id(event))["seatingPlan"]
    refused = _say(cast.park_clerk, "seatingPlanSeat", id=plan["id"])
    assert refused["errors"] == [{"code": "NOT_FOUND", "field": "id"}]


def test_a_hall_is_kept_by_the_office_and_read_by_everybody(cast: Cast) -> None:
    save = (
        "mutation ($input: HallSaveInput!) { hallSave(input: $input) {"
        " hall { name rows { label seats kind gaps } } errors { code field } } }"
    )
    given = {"name": "Meydan", "rows": [{"label": "1", "seats": 8, "kind": "TABLE", "gaps": [8]}]}
    kept = Asking(cast.secretary).data(save, input=given)["hallSave"]
    assert kept["hall"]["rows"] == [{"label": "1", "seats": 8, "kind": "TABLE", "gaps": [8]}]
    (error,) = Asking(cast.secretary).data(save, input=given | {"rows": []})["hallSave"]["errors"]
    assert error == {"code": "REQUIRED", "field": "rows"}
    assert Asking(cast.park_clerk).data(save, input=given)["hallSave"]["errors"][0]["code"] == "FORBIDDEN"
    halls = Asking(cast.park_clerk).data("{ halls { totalCount nodes { name } } }")["halls"]
    assert halls == {"totalCount": 1, "nodes": [{"name": "Meydan"}]}


ROWS = """query ($event: ID!, $first: Int, $after: String) { seatingRows(event: $event, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { label seats gaps taken(first: 40) {
    number kind companion byHand guest { id title person { fullName } } } } } }"""


def test_a_hall_of_twelve_hundred_seats_is_read_page_by_page_within_the_limits(cast: Cast) -> None:
    event = _event(cast)
    make_plan(event, [RowSpec(f"M{n}", 8, kind="TABLE") for n in range(1, 151)])
    with system():
        seating.seat_by_rule(SeatingPlan.objects.get(), by=None)
    labels: list[str] = []
    after, pages = None, 0
    while pages < 9:
        found = Asking(cast.secretary).data(ROWS, event=_id(event), first=50, after=after)["seatingRows"]
        labels += [row["label"] for row in found["nodes"]]
        after, pages = found["pageInfo"]["endCursor"], pages + 1
        if pages == 1:
            names = [
                seat["guest"]["person"]["fullName"] for seat in found["nodes"][0]["taken"] if seat["guest"]
            ]
            assert set(names) == {"Ilgın ŞEN", "Ümit IŞIK"}
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert (pages, found["totalCount"]) == (3, 150)
    assert labels == [f"M{n}" for n in range(1, 151)]
    hidden = Asking(cast.park_clerk).data(ROWS, event=_id(event), first=50)["seatingRows"]
    assert (hidden["totalCount"], hidden["nodes"]) == (0, [])


def test_at_a_national_day_the_principal_is_no_host_unless_one_says_so(cast: Cast) -> None:
    """5442 m.31, 2012/3073: the mülki amir presides."""
    hall = make_hall()
    for number, (kind, said, hosts) in enumerate(
        [("NATIONAL_DAY", {}, False), ("NATIONAL_DAY", {"hosts": True}, True), ("CULTURE", {}, True)]
    ):
        event = make_event(cast.mayors, f"Gün {number}", kind=kind, starts_at=at(day(150 + number)))
        begun = _say(cast.secretary, "seatingPlanBegin", event=_id(event), hall=_id(hall), **said)
        assert (begun["errors"], begun["plan"]["hosts"]) == ([], hosts)
