"""Reminders by the job runner: each once, none late, none of a time that was given up, nothing confidential."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from backend.appointments import actions as appointments
from backend.appointments import jobs as appointment_jobs
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.calendars import actions as calendars
from backend.calendars import jobs as calendar_jobs
from backend.core.session import elevated, system
from backend.outbox.models import Message
from backend.programme import actions as programme
from backend.programme.reminders import Moment, span
from permissions.core import scope
from tests.cast import Cast
from tests.days import DAY, day, dotted
from tests.factories import (
    at,
    make_citizen,
    make_entry,
    make_principal,
    make_public_day,
    make_request,
    refetch,
)

WEDNESDAY = day(1)


def given(starts: dt.datetime, principal=None, **citizen) -> AppointmentRequest:
    """A request whose appointment was given long before, told by telephone."""
    applicant = make_citizen(**({"email": "ayse@example.org"} | citizen))
    request = make_request(principal or make_principal(), "Çok özel bir konu", applicant=applicant)
    with system():
        appointments.approve(request, by=None, means="PHONE", starts_at=starts, place="Makam")
        RequestNotice.objects.update(notified_at=at("2026-11-01"))
    return request


def sent() -> list[Message]:
    with system():
        return list(Message.objects.filter(purpose="appointment_reminder").order_by("created_at"))


@pytest.mark.parametrize(
    ("moment", "now"),
    [
        ("DAY_BEFORE", at(DAY, "16:00")),
        ("MORNING", at(WEDNESDAY, "08:00")),
        ("HOUR_BEFORE", at(WEDNESDAY, "13:00")),
    ],
)
def test_an_applicant_is_reminded_at_each_moment_once(db: None, moment: str, now: dt.datetime) -> None:
    request = given(at(WEDNESDAY, "14:00"))
    assert appointments.remind_applicants(now - dt.timedelta(minutes=1)) == 0
    assert appointments.remind_applicants(now) == 1
    assert appointments.remind_applicants(now) == 0
    assert appointments.remind_applicants(now + dt.timedelta(minutes=5)) == 0
    (message,) = sent()
    assert message.address == "ayse@example.org"
    assert f"{dotted(1)} Çarşamba günü saat 14.00" in message.body
    assert "/randevu/" in message.body
    assert "Çok özel" not in message.subject + message.body
    with system():
        notice = RequestNotice.objects.get(request=request, kind="REMINDER")
    assert notice.message_id == message.pk, "the office sees on the request what was sent"
    assert notice.notified_by is None


def test_a_whole_day_brings_three_and_no_minute_brings_a_second(db: None) -> None:
    given(at(WEDNESDAY, "14:00"))
    now, told = at(DAY, "12:00"), 0
    while now < at(WEDNESDAY, "15:00"):
        told += appointments.remind_applicants(now)
        with system():  # the clock of the test is not that of the rows
            RequestNotice.objects.filter(kind="REMINDER").update(notified_at=now - dt.timedelta(hours=4))
        now += dt.timedelta(minutes=10)
    assert told == 3
    assert len({message.pk for message in sent()}) == 3


def test_a_worker_that_was_down_is_late_by_a_little_or_says_nothing(db: None) -> None:
    given(at(WEDNESDAY, "14:00"))
    assert appointments.remind_applicants(at(DAY, "23:00")) == 0, "in the night nobody is reminded"
    assert appointments.remind_applicants(at(WEDNESDAY, "11:30")) == 0, "the morning is over"
    assert appointments.remind_applicants(at(WEDNESDAY, "13:30")) == 0, "it is no hour any more"
    assert appointments.remind_applicants(at(WEDNESDAY, "13:15")) == 1


def test_of_a_time_that_was_given_up_nobody_is_reminded(db: None) -> None:
    request = given(at(WEDNESDAY, "14:00"))
    with system():
        appointments.reschedule(request, by=None, means="PHONE", starts_at=at(day(3), "11:00"))
        RequestNotice.objects.update(notified_at=at("2026-11-01"))
    assert appointments.remind_applicants(at(DAY, "16:00")) == 0
    assert appointments.remind_applicants(at(day(2), "16:00")) == 1
    with system():
        appointments.cancel(refetch(request), by=None, reason="Hastalık", means="UNTOLD")
    assert appointments.remind_applicants(at(day(3), "08:00")) == 0


def test_who_was_told_a_moment_ago_is_not_reminded_as_well(db: None) -> None:
    request = given(at(WEDNESDAY, "14:00"))
    with system():
        RequestNotice.objects.filter(request=request).update(notified_at=at(DAY, "15:00"))
    assert appointments.remind_applicants(at(DAY, "16:00")) == 0


def test_an_early_appointment_is_not_told_an_hour_before_in_the_quiet_hours() -> None:
    assert span(Moment.HOUR_BEFORE, at(WEDNESDAY, "08:30")) is None
    assert span(Moment.MORNING, at(WEDNESDAY, "08:30")) is None
    assert span(Moment.DAY_BEFORE, at(WEDNESDAY, "08:30")) is not None
    assert span(Moment.HOUR_BEFORE, at(WEDNESDAY, "21:30")) is None


def test_without_an_address_and_without_a_gateway_nobody_is_reminded(db: None, settings) -> None:
    given(at(WEDNESDAY, "14:00"), email="", phone="+905321112233")
    assert appointments.remind_applicants(at(DAY, "16:00")) == 0
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"
    assert appointments.remind_applicants(at(DAY, "16:00")) == 1
    assert sent()[0].channel == "SMS"


def test_a_place_on_the_public_day_is_reminded_of_too(db: None) -> None:
    principal = make_principal()
    session = make_public_day(principal, day(2))
    request = make_request(principal, applicant=make_citizen(email="ali@example.org"))
    with system():
        appointments.assign_to_public_day(request, by=None, session=session, means="PHONE")
        RequestNotice.objects.update(notified_at=at("2026-11-01"))
    assert appointments.remind_applicants(at(day(1), "16:30")) == 1
    assert f"{dotted(2)} Perşembe günü saat 10.30" in sent()[0].body


def test_one_whose_mail_cannot_be_written_does_not_keep_the_others_from_theirs(db: None) -> None:
    principal = make_principal()
    given(at(WEDNESDAY, "10:00"), principal, email="", phone="")
    given(at(WEDNESDAY, "14:00"), principal)
    assert appointments.remind_applicants(at(DAY, "16:00")) == 1


def test_the_jobs_run_as_the_worker_runs_them(db: None) -> None:
    appointment_jobs.remind(0)
    calendar_jobs.remind(0)


# -- keepers and principals ------------------------------------------------------------------------------------
def mails(person) -> list[str]:
    with system():
        rows = Message.objects.filter(address=person.email, purpose__startswith="staff_programme")
        return [f"{row.subject}\n{row.body}" for row in rows.order_by("created_at")]


def with_address(cast: Cast) -> Cast:
    with system():
        for person in (cast.secretary, cast.mayor, cast.fen_clerk):
            person.email = f"{person.username}@example.org"
            person.save(update_fields=["email"])
    return cast


def choose(person, *moments: str) -> None:
    with scope.session(person), elevated():
        calendars.choose_reminders(by=person, moments=moments)


def test_the_keeper_and_the_principal_have_the_day_in_the_morning_once(cast: Cast) -> None:
    with_address(cast)
    make_entry(
        cast.mayors, "Muhtarlar toplantısı", at(WEDNESDAY, "14:00"), by=cast.secretary, place="Meclis salonu"
    )
    for _each in range(2):
        calendars.remind_staff(at(WEDNESDAY, "08:00"))
    (mail,) = mails(cast.secretary)
    assert mail.splitlines()[0] == f"{dotted(1)} Çarşamba günü programı"
    assert "14.00–14.30  Muhtarlar toplantısı (Meclis salonu)" in mail
    assert len(mails(cast.mayor)) == 1
    assert mails(cast.fen_clerk) == [], "keeps another programme, which is empty"
    assert calendars.remind_staff(at(WEDNESDAY, "12:00")) == 0


def test_each_chooses_and_none_at_all_is_a_choice(cast: Cast) -> None:
    with_address(cast)
    make_entry(cast.mayors, "Toplantı", at(WEDNESDAY, "14:00"), by=cast.secretary)
    choose(cast.secretary, "DAY_BEFORE", "HOUR_BEFORE")
    choose(cast.mayor)
    for now in (at(DAY, "16:05"), at(WEDNESDAY, "08:00"), at(WEDNESDAY, "13:00"), at(WEDNESDAY, "13:01")):
        calendars.remind_staff(now)
    assert len(mails(cast.secretary)) == 2
    assert f"{dotted(1)} 14.00–14.30  Belediye Başkanı: Toplantı" in mails(cast.secretary)[1]
    assert mails(cast.mayor) == []


@pytest.mark.parametrize("moment", ["DAY_BEFORE", "MORNING", "HOUR_BEFORE"])
def test_nothing_confidential_is_told_not_even_to_its_reader(cast: Cast, moment: str) -> None:
    with_address(cast)
    make_entry(cast.mayors, "Gizli görüşme", at(WEDNESDAY, "14:00"), by=cast.secretary, readers=(cast.mayor,))
    for person in (cast.secretary, cast.mayor):
        choose(person, moment)
    for now in (at(DAY, "16:00"), at(WEDNESDAY, "08:00"), at(WEDNESDAY, "13:00")):
        assert calendars.remind_staff(now) == 0
    with system():
        assert not Message.objects.exists()


def test_a_moved_and_a_cancelled_entry_are_told_as_they_are(cast: Cast) -> None:
    with_address(cast)
    choose(cast.secretary, "HOUR_BEFORE")
    entry = make_entry(cast.mayors, "Toplantı", at(WEDNESDAY, "14:00"), by=cast.secretary)
    with scope.session(cast.secretary), elevated():
        programme.move_to(entry, by=cast.secretary, starts_at=at(WEDNESDAY, "16:00"), accept_unusual=True)
    assert calendars.remind_staff(at(WEDNESDAY, "13:00")) == 0
    assert calendars.remind_staff(at(WEDNESDAY, "15:00")) == 1
    with scope.session(cast.secretary), elevated():
        entry = programme.cancel(refetch(entry), by=cast.secretary, reason="Yoğunluk")
    assert calendars.remind_staff(at(WEDNESDAY, "15:05")) == 0


def test_who_keeps_it_no_longer_hears_nothing(cast: Cast) -> None:
    with_address(cast)
    make_entry(cast.mayors, "Toplantı", at(WEDNESDAY, "14:00"), by=cast.secretary)
    with system():
        cast.secretary.is_active = False
        cast.secretary.save(update_fields=["is_active"])
    calendars.remind_staff(at(WEDNESDAY, "08:00"))
    assert mails(cast.secretary) == []
    assert len(mails(cast.mayor)) == 1


def test_somebody_who_asks_learns_nothing_of_who_is_reminded(cast: Cast) -> None:
    from django.db import connection

    with_address(cast)
    for person in (cast.secretary, cast.administrator, cast.outsider):
        with scope.session(person), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM app.reminded()")
            assert cursor.fetchone() == (0,)


def test_the_link_of_a_reminder_cancels(db: None) -> None:
    request = given(at(WEDNESDAY, "14:00"))
    appointments.remind_applicants(at(DAY, "16:00"))
    address = sent()[0].body.split("/randevu/")[1].split()[0]
    Client().post(f"/randevu/{address}", {"answer": "cancel"})
    assert refetch(request).status == "WITHDRAWN"
