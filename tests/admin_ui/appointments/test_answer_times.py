"""An applicant exchanges their time for a free one by their link: the office confirms, or the principal's setting."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from backend.appointments import actions, links
from backend.appointments.models import AppointmentRequest, RequestLine
from backend.configuration.office import shown_with
from backend.core.session import system
from backend.outbox.models import Message
from backend.programme import actions as programme
from backend.programme.models import Entry, Principal
from tests.cast import Cast, signed_in
from tests.databases import CommittedDatabase
from tests.factories import at, make_citizen, make_entry, make_principal, make_request, refetch


def _next(weekday: int) -> dt.date:
    """A day of next week or the one after that is worked."""
    day = timezone.localdate() + dt.timedelta(days=7)
    while day.weekday() != weekday:
        day += dt.timedelta(days=1)
    return day


def given(principal: Principal, clock: str = "14:00") -> AppointmentRequest:
    request = make_request(principal, "Çok özel bir konu", applicant=make_citizen(email="ayse@example.org"))
    with system():
        starts = at(_next(1).isoformat(), clock)
        actions.approve(request, by=None, means="EMAIL", starts_at=starts, place="Makam", accept_unusual=True)
        return AppointmentRequest.objects.select_related("entry").get(pk=request.pk)


def address(request: AppointmentRequest) -> str:
    return f"/randevu/{links.token_for(request)}/"


def offered(text: str) -> list[str]:
    return re.findall(r'name="at" value="([^"]+)"', text)


@pytest.fixture
def approved(db: None) -> AppointmentRequest:
    return given(make_principal())


def test_a_handful_of_free_times_is_offered_without_a_word_of_what_is_there(db: None) -> None:
    principal = make_principal()
    request = given(principal)
    soon = timezone.localdate() + dt.timedelta(days=1)
    for number in range(10):
        day = soon + dt.timedelta(days=number)
        make_entry(principal, "Gizemli toplantı", at(day.isoformat(), "08:30"), 60)
    text = Client().get(address(request)).content.decode()
    times = [dt.datetime.fromisoformat(value) for value in offered(text)]
    assert len(times) == 6
    assert times == sorted(times)
    for moment in times:
        assert moment >= timezone.now() + dt.timedelta(hours=24), "not at short notice"
        assert moment.weekday() < 5
        assert dt.time(9, 30) <= moment.time() <= dt.time(16, 30)
        assert [other.date() for other in times].count(moment.date()) <= 2
    assert "Gizemli" not in text
    assert "Çok özel" not in text


def test_the_lunch_break_is_offered_only_where_the_setting_says_so(db: None) -> None:
    principal = make_principal()
    request = given(principal)
    for number in range(1, 30):
        day = (timezone.localdate() + dt.timedelta(days=number)).isoformat()
        if day != _next(1).isoformat():
            make_entry(principal, "Dolu", at(day, "08:00"), 240)
            make_entry(principal, "Dolu", at(day, "13:00"), 300)

    def lunches() -> set[dt.time]:
        page = Client().get(address(request)).content.decode()
        times = {dt.datetime.fromisoformat(value).timetz().replace(tzinfo=None) for value in offered(page)}
        return {time for time in times if dt.time(11, 31) <= time < dt.time(13)}

    assert lunches() == set()
    with shown_with({"LUNCH_IS_OFFERED": True}):
        found = lunches()
    assert found
    noon = at((timezone.localdate() + dt.timedelta(days=7)).isoformat(), "12:00")
    refused = Client().post(address(request), {"answer": "choose", "at": noon.isoformat()}).content.decode()
    assert "Seçtiğiniz saat sizin için ayrılmıştır" not in refused, (
        "nor is it taken when it is sent all the same"
    )
    with shown_with({"LUNCH_FROM": "13:00", "LUNCH_UNTIL": "12:00"}):
        assert lunches() == found, "a break that ends before it begins is none"


def test_the_chosen_time_is_held_and_waits_for_the_office(approved: AppointmentRequest) -> None:
    first = offered(Client().get(address(approved)).content.decode())[0]
    page = Client().post(address(approved), {"answer": "choose", "at": first})
    assert "Seçtiğiniz saat sizin için ayrılmıştır" in page.content.decode()
    now = refetch(approved)
    moment = dt.datetime.fromisoformat(first)
    with system():
        entry = Entry.objects.get(pk=now.entry_id)
        assert (entry.status, entry.starts_at, entry.place) == ("HELD", moment, "Makam")
        assert entry.hold_expires_at is not None
        assert entry.hold_expires_at <= moment - dt.timedelta(hours=1)
        assert [line.verb for line in RequestLine.objects.filter(request=now).order_by("id")][-2:] == [
            "refused",
            "chosen",
        ]
        mail = Message.objects.get(purpose="appointment_chosen")
    assert now.status == "NEW"
    assert f"{moment:%d.%m.%Y}" in now.wish
    assert "onaylandığında kesinleşecek" in mail.body
    assert refetch(approved.entry).status == "CANCELLED"
    assert Client().get(address(approved)).status_code == 404, "the earlier link is out of date"
    with system():
        fresh = AppointmentRequest.objects.select_related("entry").get(pk=now.pk)
    text = Client().get(address(fresh)).content.decode()
    assert "Bu saati kendiniz seçtiniz" in text
    Client().post(address(fresh), {"answer": "cancel"})
    assert refetch(now).status == "WITHDRAWN"
    assert refetch(entry).status == "RELEASED"


def test_the_office_finds_the_chosen_time_filled_in_and_confirms_it(cast: Cast) -> None:
    request = given(cast.mayors)
    first = offered(Client().get(address(request)).content.decode())[0]
    Client().post(address(request), {"answer": "choose", "at": first})
    office = signed_in(cast.secretary)
    page = f"/admin/appointments/appointmentrequest/{request.key}/"
    form = office.get(f"{page}change/?do=approve").content.decode()
    typed = re.search(r'name="starts_at" value="([^"]+)"', form)
    assert typed is not None
    now = refetch(request)
    values = {
        "starts_at": typed[1],
        "minutes": 30,
        "place": "Makam",
        "version": now.version,
        "means": "PHONE",
    }
    office.post(f"{page}approve/", values)
    now = refetch(request)
    assert now.status == "APPROVED"
    with system():
        assert Entry.objects.get(pk=now.entry_id).starts_at == dt.datetime.fromisoformat(first)


def test_a_choice_that_the_office_did_not_confirm_in_time_lapses(approved: AppointmentRequest) -> None:
    first = offered(Client().get(address(approved)).content.decode())[0]
    Client().post(address(approved), {"answer": "choose", "at": first})
    with system():
        Entry.objects.filter(status="HELD").update(hold_expires_at=timezone.now() - dt.timedelta(hours=1))
        programme.release_expired_holds()
        assert actions.lapse_proposals() == 1
    now = refetch(approved)
    assert (now.status, now.entry_id) == ("NEW", None)


def test_a_principal_may_let_applicants_move_at_once(db: None) -> None:
    request = given(make_principal(applicants_move=True))
    link = address(request)
    first = offered(Client().get(link).content.decode())[0]
    page = Client().post(link, {"answer": "choose", "at": first}).content.decode()
    assert "seçtiğiniz saate alınmıştır" in page
    now = refetch(request)
    assert (now.status, now.entry_id) == ("APPROVED", request.entry_id)
    assert refetch(request.entry).starts_at == dt.datetime.fromisoformat(first)
    assert Client().get(link).status_code == 200, "it is the same appointment"


def test_after_three_changes_the_office_speaks_with_them(db: None) -> None:
    request = given(make_principal(applicants_move=True))
    link = address(request)
    for _each in range(3):
        Client().post(link, {"answer": "choose", "at": offered(Client().get(link).content.decode())[-1]})
    text = Client().get(link).content.decode()
    assert offered(text) == []
    assert "Başka bir zaman istiyorum" in text or "wish" in text


def test_a_time_that_was_taken_meanwhile_is_told_with_new_times(approved: AppointmentRequest) -> None:
    first = offered(Client().get(address(approved)).content.decode())[0]
    with system():
        principal = Principal.objects.get(pk=approved.principal_id)
    make_entry(principal, "Araya giren", dt.datetime.fromisoformat(first))
    page = Client().post(address(approved), {"answer": "choose", "at": first}).content.decode()
    assert "bu saati az önce bir başkası seçti" in page
    assert first not in offered(page)
    assert len(offered(page)) == 6
    assert "Araya giren" not in page
    assert refetch(approved).status == "APPROVED", "theirs is unchanged"


@pytest.mark.parametrize(
    "value", ["", "x", "2027-01-12T14:00", "2020-01-01T10:00:00+03:00", "9999-12-31T23:59:59+00:00"]
)
def test_what_was_not_offered_is_not_given(approved: AppointmentRequest, value: str) -> None:
    page = Client().post(address(approved), {"answer": "choose", "at": value})
    assert page.status_code == 200
    assert refetch(approved).status == "APPROVED"
    assert refetch(approved.entry).status == "CONFIRMED"


def test_a_night_and_a_sunday_are_not_given_to_who_asks_for_them(approved: AppointmentRequest) -> None:
    sunday = (_next(6) + dt.timedelta(days=7)).isoformat()
    for value in (f"{sunday}T10:00:00+03:00", f"{_next(2).isoformat()}T23:00:00+03:00"):
        Client().post(address(approved), {"answer": "choose", "at": value})
    assert refetch(approved).status == "APPROVED"


def test_looking_at_times_takes_none(approved: AppointmentRequest) -> None:
    with system():
        before = Entry.objects.count()
    for _each in range(3):
        Client().get(address(approved))
    with system():
        assert Entry.objects.count() == before


def test_a_link_ends_with_its_appointment_as_if_it_had_never_been(approved: AppointmentRequest) -> None:
    with system():
        now = timezone.now()
        Entry.objects.filter(pk=approved.entry_id).update(
            starts_at=now - dt.timedelta(hours=1), ends_at=now - dt.timedelta(minutes=30)
        )
    page = Client().get(address(approved))
    assert page.status_code == 404
    assert page.content == Client().get("/randevu/x/").content


def test_of_two_who_choose_the_same_time_one_has_it(committed_db: CommittedDatabase) -> None:
    principal = make_principal()
    requests = [given(principal, clock) for clock in ("14:00", "15:00", "16:00")]
    first = offered(Client().get(address(requests[0])).content.decode())[0]
    pages: list[str] = []

    def press(request: AppointmentRequest) -> None:
        try:
            answer = Client().post(address(request), {"answer": "choose", "at": first})
            pages.append(answer.content.decode())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[request]) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("sizin için ayrılmıştır" in page for page in pages) == 1
    assert sum("az önce bir başkası seçti" in page for page in pages) == 2
    with system():
        moment = dt.datetime.fromisoformat(first)
        assert Entry.objects.filter(starts_at=moment, status="HELD").count() == 1
        assert AppointmentRequest.objects.filter(status="APPROVED").count() == 2


def test_the_office_sees_the_reminders_to_come_and_how_they_read(cast: Cast) -> None:
    request = given(cast.mayors)
    text = (
        signed_in(cast.secretary)
        .get(f"/admin/appointments/appointmentrequest/{request.key}/change/")
        .content.decode()
    )
    assert "Gönderilecek hatırlatmalar" in text
    for moment in ("Bir gün önce", "Aynı günün sabahı", "Bir saat önce"):
        assert moment in text
    assert "randevunuzu hatırlatırız" in text
    assert "/randevu/••••/" in text
    assert links.token_for(request) not in text
