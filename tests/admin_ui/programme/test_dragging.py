"""Anything is dragged by the verb of what it belongs to: an appointment asks first what its applicant will read."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.events.models import Event, EventPart
from backend.outbox.models import Message
from backend.programme.choices import Frequency
from backend.programme.models import Entry
from backend.programme.recurrence import Pattern
from tests.cast import Cast, signed_in
from tests.days import DAY, date, day
from tests.factories import at, make_citizen, make_entry, make_event, make_request, refetch

WEEK = {"start": day(-1), "end": day(6)}


def pieces(client: Client) -> dict[str, dict[str, Any]]:
    answer = client.get("/admin/programme/events/", WEEK)
    return {piece["title"]: piece for piece in json.loads(answer.content)["events"] if piece["title"]}


def drag(client: Client, piece: dict[str, Any], start: str, end: str, **data: Any) -> Any:
    given = {"starts_at": start, "ends_at": end, "version": piece["extendedProps"]["version"], **data}
    return client.post(f"/admin/programme/entry/{piece['id']}/drag/", given)


def undo(client: Client, piece: dict[str, Any], answer: Any, **data: Any) -> Any:
    url = reverse("admin:programme_entry_drag", args=[piece["id"]])
    return client.post(url, {**answer.json()["undo"], **data})


def granted(cast: Cast, **person: Any) -> AppointmentRequest:
    citizen = make_citizen(first_name="Ayten", last_name="Güler", **person)
    row = make_request(cast.mayors, applicant=citizen)
    with system():
        return appointments.approve(row, by=cast.secretary, starts_at=at(DAY), means="PHONE")


def test_a_move_is_said_and_undone(cast: Cast) -> None:
    entry, client = make_entry(cast.mayors, "Encümen", at(DAY, "14:00")), signed_in(cast.secretary)
    piece = pieces(client)["Encümen"]
    answer = drag(client, piece, f"{DAY}T13:00", f"{DAY}T13:30")
    assert answer.json()["sentence"] == "“Encümen” taşındı: 14.00 → 13.00"
    assert refetch(entry).starts_at == at(DAY, "13:00")
    assert undo(client, piece, answer).json()["sentence"] == "“Encümen” taşındı: 13.00 → 14.00"
    assert refetch(entry).starts_at == at(DAY, "14:00")
    assert undo(client, piece, answer).status_code == 409  # an old page undoes nothing


def test_an_appointment_asks_first_with_what_the_applicant_will_read(cast: Cast) -> None:
    row, client = granted(cast, email="ayten@example.org"), signed_in(cast.secretary)
    piece = next(one for title, one in pieces(client).items() if "Okul bahçesi" in title)
    assert piece["editable"]
    answer = drag(client, piece, f"{DAY}T15:00", f"{DAY}T15:30").json()
    assert answer["ask"] == "confirm"
    assert "15.00" in answer["question"]
    assert "15.00" in answer["text"]
    assert answer["means"] == "EMAIL"
    with system():
        assert refetch(row).entry.starts_at == at(DAY)
        assert not Message.objects.filter(purpose="appointment_moved").exists()
    done = drag(client, piece, f"{DAY}T15:00", f"{DAY}T15:30", confirmed="on", means="EMAIL")
    assert done.json()["done"]
    with system():
        assert refetch(row).entry.starts_at == at(DAY, "15:00")
        message = Message.objects.get(purpose="appointment_moved")
    assert answer["text"].split("\n")[0] in message.body
    again = undo(client, piece, done)
    assert again.json()["ask"] == "confirm"  # the applicant reads of it once more
    assert undo(client, piece, done, confirmed="on", means="UNTOLD").json()["done"]
    with system():
        assert refetch(row).entry.starts_at == at(DAY)
        assert Message.objects.filter(purpose="appointment_moved").count() == 1


def test_who_has_no_address_is_told_by_telephone(cast: Cast) -> None:
    row, client = granted(cast, email=""), signed_in(cast.secretary)
    piece = next(one for title, one in pieces(client).items() if "Okul bahçesi" in title)
    assert drag(client, piece, f"{DAY}T15:00", f"{DAY}T15:30").json()["means"] == "PHONE"
    assert drag(client, piece, f"{DAY}T15:00", f"{DAY}T15:30", confirmed="on").json()["done"]
    with system():
        notice = RequestNotice.objects.filter(request=row).latest("pk")
    assert (notice.kind, notice.means) == ("MOVED", "PHONE")


def test_an_appointment_is_refused_as_by_its_own_form(cast: Cast) -> None:
    granted(cast)
    make_entry(cast.mayors, "Bütçe toplantısı", at(DAY, "15:00"), 60)
    client = signed_in(cast.secretary)
    piece = next(one for title, one in pieces(client).items() if "Okul bahçesi" in title)
    answer = drag(client, piece, f"{DAY}T15:00", f"{DAY}T15:30")
    assert answer.status_code == 409
    assert "Bütçe toplantısı" in answer.json()["sentence"]
    assert len(answer.json()["free"]) == 3


def test_a_part_of_an_event_is_moved_at_the_event(cast: Cast) -> None:
    event = make_event(cast.mayors, "Park açılışı", starts_at=at(DAY, "11:00"))
    client = signed_in(cast.secretary)
    piece = next(one for title, one in pieces(client).items() if "Park açılışı" in title)
    assert piece["editable"]
    assert drag(client, piece, f"{DAY}T16:00", f"{DAY}T17:00").json()["ask"] == "confirm"
    done = drag(client, piece, f"{DAY}T16:00", f"{DAY}T17:00", confirmed="on")
    assert done.json()["done"]
    with system():
        part = EventPart.objects.get(event=event)
        assert part.starts_at == at(DAY, "16:00")
        assert Entry.objects.get(pk=part.entry_id).starts_at == at(DAY, "16:00")
    assert undo(client, piece, done, confirmed="on").json()["done"]
    with system():
        assert EventPart.objects.get(event=event).starts_at == at(DAY, "11:00")


def test_what_may_not_be_moved_does_not_lift(cast: Cast) -> None:
    row, event = granted(cast), make_event(cast.mayors, "Park açılışı", starts_at=at(DAY, "11:00"))
    with system():
        Event.objects.filter(pk=event.pk).update(status="CANCELLED")
        AppointmentRequest.objects.filter(pk=row.pk).update(status="CLOSED")
    shown = pieces(signed_in(cast.secretary))
    for asked in ("editable", "startEditable", "durationEditable"):  # the calendar asks the last two first
        assert [one[asked] for one in shown.values()] == [False] * len(shown)
    assert len(shown) == 2
    piece = next(one for title, one in shown.items() if "Okul bahçesi" in title)
    assert drag(
        signed_in(cast.secretary), piece, f"{DAY}T15:00", f"{DAY}T15:30", confirmed="on"
    ).status_code in (403, 409)


def test_a_series_asks_with_its_name_and_both_times_and_comes_back(cast: Cast) -> None:
    def hours() -> set[int]:
        with system():
            rows = list(Entry.objects.filter(title="Birim toplantısı"))
        return {row.starts_at.astimezone(ISTANBUL).hour for row in rows}

    pattern = Pattern(frequency=Frequency.WEEKLY, until=date(16))
    first = make_entry(cast.mayors, "Birim toplantısı", at(DAY), series=pattern)
    client = signed_in(cast.secretary)
    piece = pieces(client)["Birim toplantısı"]
    asked = drag(client, piece, f"{DAY}T13:00", f"{DAY}T13:30").json()
    assert asked["ask"] == "reach"
    assert "“Birim toplantısı”" in asked["question"]
    assert "10.00 → 13.00" in asked["question"]
    done = drag(client, piece, f"{DAY}T13:00", f"{DAY}T13:30", reach="FOLLOWING")
    assert hours() == {13}
    assert undo(client, piece, done).json()["done"]
    assert hours() == {10}
    assert refetch(first).starts_at == at(DAY)


def test_who_may_only_read_drags_nothing(cast: Cast) -> None:
    granted(cast)
    make_event(cast.mayors, "Park açılışı", starts_at=at(DAY, "11:00"))
    shown = pieces(signed_in(cast.fen_head))
    assert not any(one["editable"] for one in shown.values())


def test_more_rows_cost_no_more_queries(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    granted(cast)
    make_event(cast.mayors, "Park açılışı", starts_at=at(DAY, "11:00"))
    pieces(client)
    with CaptureQueriesContext(connection) as few:
        pieces(client)
    for number in range(3):
        row = make_request(cast.mayors, f"Konu {number}")
        with system():
            appointments.approve(
                row, by=cast.secretary, starts_at=at(day(number + 1), "14:00"), means="PHONE"
            )
        make_event(cast.mayors, f"Tören {number}", starts_at=at(day(number + 1), "16:00"))
    with CaptureQueriesContext(connection) as many:
        assert len(pieces(client)) == 8
    assert len(many) == len(few)
