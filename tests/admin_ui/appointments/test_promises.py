"""“Verilen sözler”: recorded with the outcome of a meeting, listed by date, kept by whoever is responsible."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, Promise
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog
from tests.cast import Cast, signed_in
from tests.days import DAY, day, dotted
from tests.factories import at, make_citizen, make_request, refetch

LIST = reverse("admin:appointments_promise_changelist")
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def settled(cast: Cast) -> AppointmentRequest:
    request = make_request(cast.mayors, applicant=make_citizen("Şule", "Çınar"))
    with system():
        AppointmentRequest.objects.filter(pk=request.pk).update(status="SETTLED", outcome="PROMISED")
    return refetch(request)


def promise(
    request: AppointmentRequest, text: str = "Bank konulacak", days: int = 5, **facts: Any
) -> Promise:
    with system():
        row = AppointmentRequest.objects.get(pk=request.pk)
        return actions.promise(row, by=None, text=text, due_on=today() + days * ONE_DAY, **facts)


def page_of(row: Promise) -> str:
    return reverse("admin:appointments_promise_change", args=[row.key])


def do(client: Client, row: Promise, verb: str, **data: Any) -> Any:
    version = str(refetch(row).version)
    return client.post(
        reverse("admin:appointments_promise_act", args=[row.key, verb]), {"version": version} | data
    )


def test_the_outcome_and_what_was_promised_are_one_step(cast: Cast) -> None:
    request = make_request(cast.mayors)
    with system():
        actions.approve(request, by=None, means="PHONE", starts_at=at(DAY, "10:00"))
    url = f"/admin/appointments/appointmentrequest/{request.key}/complete/"
    with freeze_time(f"{DAY}T11:00:00+03:00"):
        client = signed_in(cast.secretary)
        given = {"version": "2", "outcome": "PROMISED", "note": "Görüşüldü", "promised": "Bank konulacak"}
        body = client.post(url, given).content.decode()
        assert "ne zamana kadar tutulacağını giriniz" in body
        assert refetch(request).status == "APPROVED"
        past = client.post(url, given | {"promised_until": day(-1)}).content.decode()
        assert "geçmişte olamaz" in past
        assert refetch(request).status == "APPROVED"
        given |= {"promised_until": day(8), "promised_department": cast.park.code}
        answer = client.post(url, given)
        assert answer.status_code == 302
        body = client.get(answer["Location"]).content.decode()
    assert "Bank konulacak" in body
    assert dotted(8) in body
    with system():
        assert Promise.objects.get().department == cast.park


def test_the_list_shows_what_is_open_due_and_late(cast: Cast, settled: AppointmentRequest) -> None:
    for text, days in (("Yakın söz", 3), ("Uzak söz", 40), ("Geciken söz", 0)):
        promise(settled, text, days)
    with system():
        Promise.objects.filter(text="Geciken söz").update(due_on=today() - ONE_DAY)
    client = signed_in(cast.secretary)

    def shown(tab: str) -> set[str]:
        body = client.get(LIST, {"tab": tab}).content.decode()
        return {text for text in ("Yakın söz", "Uzak söz", "Geciken söz") if text in body}

    assert shown("open") == {"Yakın söz", "Uzak söz", "Geciken söz"}
    assert shown("due") == {"Yakın söz"}
    assert shown("late") == {"Geciken söz"}
    assert shown("ended") == set()
    assert "Şule ÇINAR" in client.get(LIST).content.decode()
    with system():
        assert AccessLog.objects.filter(reader=cast.secretary, purpose="admin: promises").exists()
    desk = client.get("/admin/").content.decode()
    assert "Geciken söz" in desk
    assert "Uzak söz" not in desk


def test_the_department_sees_and_keeps_its_promise_without_who_it_was_made_to(
    cast: Cast, settled: AppointmentRequest
) -> None:
    row = promise(settled, department=cast.park)
    promise(settled, "Başkasının sözü")
    client = signed_in(cast.park_clerk)
    for url in (LIST, "/admin/", page_of(row)):
        body = client.get(url).content.decode()
        assert "Bank konulacak" in body
        assert "Şule" not in body
        assert settled.reference not in body
        assert "Başkasının sözü" not in body
    assert do(client, row, "withdraw", note="x").status_code == 403
    assert do(client, row, "keep", note="Konuldu").status_code == 302
    assert refetch(row).status == "KEPT"
    other = signed_in(cast.fen_clerk)
    assert other.get(page_of(row)).status_code == 404
    assert do(other, row, "keep").status_code == 404
    assert "Bank konulacak" not in other.get(LIST, {"tab": "all"}).content.decode()


def test_a_promise_is_corrected_broken_and_opened_again(cast: Cast, settled: AppointmentRequest) -> None:
    row, client = promise(settled), signed_in(cast.secretary)
    later = {"text": "Bank ve çöp kutusu", "due_on": str(today() + 9 * ONE_DAY), "department": cast.fen.code}
    assert do(client, row, "correct", **later).status_code == 302
    assert (refetch(row).text, refetch(row).department_id) == ("Bank ve çöp kutusu", cast.fen.pk)
    assert do(client, row, "break", note="Ödenek yok").status_code == 302
    assert "Ödenek yok" in client.get(page_of(row)).content.decode()
    assert do(client, row, "reopen").status_code == 302
    assert refetch(row).status == "OPEN"
    stale = client.post(
        reverse("admin:appointments_promise_act", args=[row.key, "keep"]), {"version": "1"}
    ).content.decode()
    assert "siz açtıktan sonra değişti" in stale
    assert refetch(row).status == "OPEN"


def test_the_list_asks_the_same_number_of_questions_whatever_its_length(
    cast: Cast, settled: AppointmentRequest
) -> None:
    client, counts = signed_in(cast.secretary), []
    client.get(LIST)
    for many in (2, 12):
        for number in range(many):
            promise(settled, f"{many} {number}", department=cast.park)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
