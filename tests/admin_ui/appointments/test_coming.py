"""An applicant says by their link that they come; mail and page say where, how long and what to bring."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from backend.appointments import actions, links
from backend.appointments.models import AppointmentRequest
from backend.core.localtime import today
from backend.core.session import system
from backend.core.words.dates import moment_meant
from backend.outbox.jobs import deliver
from backend.outbox.models import Message
from backend.programme.models import Principal
from tests.cast import Cast, signed_in
from tests.days import DAY, dotted
from tests.factories import at, make_citizen, make_request, refetch


def given(cast: Cast, means: str = "EMAIL", **place: object) -> AppointmentRequest:
    request = make_request(cast.mayors, "Özel konu", applicant=make_citizen(email="ayse@example.org"))
    with system():
        actions.approve(
            request, by=None, means=means, starts_at=at(DAY, "14:00"), **{"place": "Makam", **place}
        )
        return AppointmentRequest.objects.select_related("entry").get(pk=request.pk)


def address(request: AppointmentRequest) -> str:
    with system():
        row = AppointmentRequest.objects.select_related("entry").get(pk=request.pk)
        return f"/randevu/{links.token_for(row)}/"


def test_i_will_come_is_the_first_answer_and_is_kept(cast: Cast) -> None:
    request = given(cast)
    page = Client().get(address(request)).content.decode()
    assert page.index('value="come"') < page.index("<details") < page.index('value="choose"')
    assert page.count("ok-primary") == 1
    answer = Client().post(address(request), {"answer": "come"}).content.decode()
    assert "Sizi bekliyoruz" in answer
    row = refetch(request)
    assert row.coming_confirmed_at is not None
    assert row.status == "APPROVED"
    again = Client().get(address(request)).content.decode()
    assert 'value="come"' not in again
    assert "Geleceğinizi bildirdiniz" in again
    with system():
        assert row.lines.filter(verb="coming_confirmed", actor=None).count() == 1
    assert (
        Client().post(address(request), {"answer": "come"}).status_code == 200
    )  # the second press changes nothing
    with system():
        assert row.lines.filter(verb="coming_confirmed").count() == 1
    board = signed_in(cast.secretary).get("/admin/appointments/board/").content.decode()
    assert "gelecek</span>" in board


def test_another_time_is_confirmed_anew(cast: Cast) -> None:
    request = given(cast)
    Client().post(address(request), {"answer": "come"})
    with system():
        row = AppointmentRequest.objects.select_related("entry", "principal").get(pk=request.pk)
        actions.reschedule(row, by=cast.secretary, starts_at=at(DAY, "15:00"))
    assert refetch(request).coming_confirmed_at is None
    assert 'value="come"' in Client().get(address(request)).content.decode()


def test_the_office_records_it_by_telephone(cast: Cast) -> None:
    request = given(cast)
    url = f"/admin/appointments/appointmentrequest/{request.key}/confirm_coming/"
    answer = signed_in(cast.secretary).post(url, {"version": refetch(request).version})
    assert answer.status_code == 302
    assert refetch(request).coming_confirmed_at is not None


def test_page_and_mail_say_where_how_long_and_what_to_bring(cast: Cast) -> None:
    request = given(cast)
    page = Client().get(address(request)).content.decode()
    with system():
        message = Message.objects.get(purpose="appointment_approved")
    for text in (page, message.body):
        assert settings.MUNICIPALITY_ADDRESS in text
        assert "Makam" in text
        assert "30 dakika" in text
        assert "imlik belge" in text
    assert "Özel konu" not in page
    assert 'href="tel:' in page, "a telephone calls by a press"
    assert "openstreetmap" not in page, "nobody learns of the place unless the installation names a map"
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14)").get(address(request)).content.decode()
    assert 'href="geo:0,0?q=' in phone


def test_a_meeting_outside_names_its_own_place_alone(cast: Cast) -> None:
    request = given(cast, place="Kültür merkezi")
    page = Client().get(address(request)).content.decode()
    facts = page.partition('class="ok-facts"')[2].partition("</dl>")[0]
    assert "Kültür merkezi" in facts
    assert settings.MUNICIPALITY_ADDRESS not in facts, "the house stands at the foot of the page alone"


def test_the_mail_carries_the_appointment_for_ones_calendar(cast: Cast) -> None:
    given(cast)
    with system():
        message = Message.objects.get(purpose="appointment_approved")
    deliver(str(message.pk))
    (sent,) = mail.outbox
    (name, content, kind) = next(one for one in sent.attachments if str(one[0]).endswith(".ics"))
    assert (name, kind) == ("randevu.ics", "text/calendar; method=REQUEST")
    text = str(content).replace("\r\n ", "")
    assert f"DTSTART;TZID=Europe/Istanbul:{DAY.replace('-', '')}T140000" in text
    assert "Makam" in text
    assert "Özel konu" not in text


def test_what_is_moved_or_cancelled_moves_and_goes_in_ones_calendar_too(cast: Cast) -> None:
    request = given(cast)
    with system():
        row = AppointmentRequest.objects.select_related("entry", "principal").get(pk=request.pk)
        actions.reschedule(row, by=cast.secretary, starts_at=at(DAY, "15:00"))
        row = AppointmentRequest.objects.select_related("entry", "principal").get(pk=request.pk)
        actions.cancel(row, by=cast.secretary, reason="Toplantı uzadı")
        kinds = ("approved", "moved", "cancelled")
        given_, moved, cancelled = (Message.objects.get(purpose=f"appointment_{kind}") for kind in kinds)
    assert _line(given_, "UID") == _line(moved, "UID") == _line(cancelled, "UID")
    numbers = [int(_line(one, "SEQUENCE")) for one in (given_, moved, cancelled)]
    assert numbers == sorted(set(numbers)), "each is newer than the one before"
    assert [_line(one, "METHOD") for one in (given_, moved, cancelled)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [_line(one, "STATUS") for one in (moved, cancelled)] == ["CONFIRMED", "CANCELLED"]
    assert "T150000" in cancelled.calendar
    assert "Toplantı uzadı" not in cancelled.calendar, "the reason stays in the house"
    deliver(str(cancelled.pk))
    (part,) = [one for one in mail.outbox[-1].message().walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "CANCEL"


def _line(message: Message, name: str) -> str:
    """The value of one line of its calendar file."""
    lines = message.calendar.replace("\r\n ", "").splitlines()
    return next(line.partition(":")[2] for line in lines if line.startswith(f"{name}:"))


def test_a_short_message_stays_short_and_without_a_file(cast: Cast, settings: object) -> None:
    given(cast, means="PHONE")
    with system():
        assert not Message.objects.filter(purpose="appointment_approved").exists()


def test_the_page_has_the_same_file_while_the_appointment_stands(cast: Cast) -> None:
    request = given(cast)
    link = address(request)
    answer = Client().get(f"{link}randevu.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content
    assert answer["Cache-Control"].startswith("max-age=0")
    with system():
        row = AppointmentRequest.objects.select_related("entry", "principal").get(pk=request.pk)
        actions.cancel(row, by=cast.secretary, reason="Program", means="UNTOLD")
    assert Client().get(f"{link}randevu.ics").status_code == 404
    assert Client().get("/randevu/x/randevu.ics").status_code == 404


@pytest.mark.parametrize("word", ["refuse", "cancel"])
def test_what_was_given_back_is_offered_to_no_calendar(cast: Cast, word: str) -> None:
    request = given(cast)
    assert "randevu.ics" in Client().get(address(request)).content.decode()
    assert "randevu.ics" not in Client().post(address(request), {"answer": word}).content.decode()


@pytest.mark.parametrize("at_once", [True, False])
def test_another_time_is_as_long_and_goes_into_the_calendar_once_it_stands(cast: Cast, at_once: bool) -> None:
    with system():
        Principal.objects.filter(pk=cast.mayors.pk).update(applicants_move=at_once)
    request = given(cast)
    link = address(request)
    times = re.findall(r'name="at" value="([^"]+)"', Client().get(link).content.decode())
    page = Client().post(link, {"answer": "choose", "at": times[-1]}).content.decode()
    assert "30 dakika" in page
    assert ("randevu.ics" in page) is at_once
    assert Client().get(f"{link}randevu.ics").status_code == (200 if at_once else 404)


@pytest.mark.parametrize("word", ["come", "refuse", "cancel"])
def test_a_reader_of_mails_decides_nothing(cast: Cast, word: str) -> None:
    request = given(cast)
    Client().get(f"{address(request)}?answer={word}")
    assert refetch(request).coming_confirmed_at is None
    assert dotted() in Client().get(address(request)).content.decode()


def test_a_card_offers_two_verbs_and_three_free_times(cast: Cast) -> None:
    request = make_request(cast.mayors, "Okul bahçesi")
    client = signed_in(cast.secretary)
    board = client.get("/admin/appointments/board/").content.decode()
    card = next(one for one in board.split("<article")[1:] if request.reference in one)
    shown, more = card.split("<details")
    assert shown.count("do=approve&amp;at=") == 3
    assert more.count("?do=") == 4
    link = re.search(r'href="([^"]*do=approve&amp;at=[^"]*)"', card)
    assert link
    page = client.get(link[1].replace("&amp;", "&")).content.decode()
    time = re.search(r'name="starts_at" value="([^"]+)"', page)
    assert time
    assert (at := moment_meant(time[1])) is not None
    assert at.date() > today()


def test_cards_show_no_free_time_before_the_wished_day_nor_to_who_may_not_give_one(cast: Cast) -> None:
    make_request(cast.mayors, "Okul bahçesi", wished_from=today() + dt.timedelta(days=60))
    assert (
        "do=approve&amp;at="
        not in signed_in(cast.secretary).get("/admin/appointments/board/").content.decode()
    )
    make_request(cast.mayors, "Başka")
    assert (
        "do=approve&amp;at="
        not in signed_in(cast.office_head).get("/admin/appointments/board/").content.decode()
    )
