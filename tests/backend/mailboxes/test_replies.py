"""What the applicants' calendars answer to an appointment: it is done as their page would, once, and by no one else."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.mime.base import MIMEBase
from typing import Any

import icalendar
import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest
from backend.calendars.replies import LONGEST, reply_in
from backend.core.session import system
from backend.mailboxes.choices import Status as MailStatus
from backend.outbox.models import Message
from tests.backend.mailboxes.test_settling import (  # noqa: F401 - fixtures of each test
    AYSE,
    GENUINE,
    REPLIES,
    Post,
    box,
    heard,
    post,
    sink,
)
from tests.cast import Cast
from tests.days import DAY
from tests.factories import at, make_citizen, make_request, refetch

PROVED = {"Authentication_Results": GENUINE}


@pytest.fixture
def request_(cast: Cast, settings: Settings) -> AppointmentRequest:
    """An appointment that was given by e-mail."""
    settings.REPLY_MAILBOX = REPLIES
    row = make_request(cast.mayors, "Özel konu", applicant=make_citizen(email=AYSE))
    with system():
        actions.approve(row, by=None, means="EMAIL", starts_at=at(DAY, "14:00"), place="Makam")
    return row


def invitation() -> Any:
    """The event that was sent last."""
    with system():
        message = Message.objects.exclude(calendar="").order_by("-created_at")[0]
    (event,) = icalendar.Calendar.from_ical(message.calendar).walk("VEVENT")
    return event


def answered(
    answer: str,
    *,
    sender: str = AYSE,
    attendee: str = AYSE,
    to: str = "",
    stamp: dt.datetime | None = None,
    event: Any = None,
    comment: str = "",
    **changes: str,
) -> EmailMessage:
    """The mail of a calendar program, as Google's writes it: the same answer within the text and as a file."""
    asked = event or invitation()
    calendar, reply = icalendar.Calendar(), icalendar.Event()
    calendar.add("prodid", "-//Takvim//TR")
    calendar.add("version", "2.0")
    calendar.add("method", "REPLY")
    reply.add("uid", str(asked["UID"]))
    reply.add("dtstamp", stamp or timezone.now())
    reply.add("sequence", int(asked["SEQUENCE"]))
    reply.add("attendee", f"mailto:{attendee}", parameters={"PARTSTAT": answer, "CN": "Ayşe Işık"})
    if comment:
        reply.add("comment", comment)
    calendar.add_component(reply)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = f"Ayşe Işık <{sender}>", f"{answer}: Randevu"
    mail["To"] = to or str(asked["ORGANIZER"]).removeprefix("mailto:")
    mail["Message-ID"] = f"<{answer}-{timezone.now().timestamp()}@example.org>"
    for name, value in changes.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Ayşe Işık daveti yanıtladı.")
    mail.make_mixed()
    for kind in ("text/calendar", "application/ics"):
        part = MIMEBase(*kind.split("/"), method="REPLY")
        part.set_payload(calendar.to_ical())
        if kind == "application/ics":
            part.add_header("Content-Disposition", "attachment", filename="invite.ics")
        mail.attach(part)
    return mail


def lines(row: AppointmentRequest, verb: str) -> int:
    with system():
        return row.lines.filter(verb=verb).count()


def test_the_invitation_asks_and_its_answer_comes_to_us(request_: AppointmentRequest) -> None:
    event = invitation()
    assert str(event["ORGANIZER"]).startswith(f"mailto:{REPLIES.partition('@')[0]}+")
    assert dict(event["ATTENDEE"].params) == {
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }


def test_without_a_mailbox_no_answer_is_asked_for(cast: Cast) -> None:
    row = make_request(cast.mayors, "Özel konu", applicant=make_citizen(email=AYSE))
    with system():
        actions.approve(row, by=None, means="EMAIL", starts_at=at(DAY, "14:00"), place="Makam")
    assert invitation()["ATTENDEE"].params["RSVP"] == "FALSE"


def test_accepted_is_i_will_come_once(cast: Cast, post: Post, request_: AppointmentRequest) -> None:  # noqa: F811
    mail = post.arrives(answered("ACCEPTED"))
    assert (mail.status, mail.appointment_request_id) == (MailStatus.JOINED, request_.pk)
    row = refetch(request_)
    assert row.coming_confirmed_at is not None
    assert row.status == "APPROVED"
    again = post.arrives(answered("ACCEPTED"))
    assert again.status == MailStatus.JOINED
    assert refetch(request_).coming_confirmed_at == row.coming_confirmed_at
    assert lines(request_, "coming_confirmed") == 1
    assert "appointments/wrote" not in heard(cast.secretary), "there is nothing to be done"


def test_declined_takes_it_back_once(cast: Cast, post: Post, request_: AppointmentRequest) -> None:  # noqa: F811
    assert post.arrives(answered("DECLINED", **PROVED)).status == MailStatus.JOINED
    assert refetch(request_).status == "WITHDRAWN"
    with system():
        event = Message.objects.exclude(calendar="").count()
    assert event == 1
    assert post.arrives(answered("DECLINED")).status == MailStatus.JOINED
    assert lines(request_, "withdrawn") == 1


def test_declined_from_an_address_that_was_not_proved_is_looked_at(
    cast: Cast,
    post: Post,  # noqa: F811
    request_: AppointmentRequest,
) -> None:
    """A forwarded invitation has the address of the answer in it: it may say yes, and takes nothing back."""
    mail = post.arrives(answered("DECLINED"))
    assert (mail.status, refetch(request_).status) == (MailStatus.JOINED, "APPROVED")
    assert "appointments/wrote" in heard(cast.secretary)


def test_what_is_written_with_a_yes_is_read(cast: Cast, post: Post, request_: AppointmentRequest) -> None:  # noqa: F811
    words = "Beş kişi geleceğiz, biri tekerlekli sandalye ile."
    mail = post.arrives(answered("ACCEPTED", comment=words))
    assert refetch(request_).coming_confirmed_at is not None
    assert mail.written.startswith(words)
    assert "davet" in mail.written
    assert "appointments/wrote" in heard(cast.secretary)


def test_one_who_said_yes_may_say_no(post: Post, request_: AppointmentRequest) -> None:  # noqa: F811
    now = timezone.now()
    post.arrives(answered("ACCEPTED", stamp=now))
    post.arrives(answered("DECLINED", stamp=now + dt.timedelta(minutes=1), **PROVED))
    assert refetch(request_).status == "WITHDRAWN"


def test_an_answer_that_was_overtaken_by_a_later_one_is_looked_at(
    cast: Cast,
    post: Post,  # noqa: F811
    request_: AppointmentRequest,
) -> None:
    now = timezone.now()
    post.arrives(answered("ACCEPTED", stamp=now))
    late = post.arrives(answered("DECLINED", stamp=now - dt.timedelta(minutes=1), **PROVED))
    assert (late.status, refetch(request_).status) == (MailStatus.JOINED, "APPROVED")
    assert "appointments/wrote" in heard(cast.secretary)


@pytest.mark.parametrize("answer", ["TENTATIVE", "ACCEPTED", "DECLINED"])
def test_what_is_about_a_former_time_or_no_plain_answer_is_looked_at(
    answer: str,
    cast: Cast,
    post: Post,  # noqa: F811
    request_: AppointmentRequest,
) -> None:
    mail = answered(answer, **PROVED)
    if answer != "TENTATIVE":
        with system():
            row = AppointmentRequest.objects.select_related("entry", "principal").get(pk=request_.pk)
            actions.reschedule(row, by=cast.secretary, starts_at=at(DAY, "15:00"))
    assert post.arrives(mail).status == MailStatus.JOINED
    row = refetch(request_)
    assert (row.status, row.coming_confirmed_at) == ("APPROVED", None)
    assert "appointments/wrote" in heard(cast.secretary)


@pytest.mark.parametrize(
    "facts",
    [
        {"sender": "baska@example.org"},
        {"sender": "baska@example.org", "attendee": "baska@example.org"},
        {"Authentication_Results": "imap.sancaktepe.example; dmarc=fail"},
        {"to": REPLIES},  # without the tag it takes what proves the sender
        {"to": REPLIES, "sender": "baska@example.org", "Authentication_Results": GENUINE},
    ],
)
def test_one_that_may_be_forged_does_nothing_and_waits(
    facts: dict[str, Any],
    post: Post,  # noqa: F811
    request_: AppointmentRequest,
) -> None:
    for answer in ("ACCEPTED", "DECLINED"):
        mail = post.arrives(answered(answer, **facts))
        assert mail.status == MailStatus.WAITING
    row = refetch(request_)
    assert (row.status, row.coming_confirmed_at) == ("APPROVED", None)


def test_the_event_alone_joins_a_sender_who_was_proved(post: Post, request_: AppointmentRequest) -> None:  # noqa: F811
    mail = post.arrives(answered("ACCEPTED", to=REPLIES, Authentication_Results=GENUINE))
    assert mail.status == MailStatus.JOINED
    assert refetch(request_).coming_confirmed_at is not None


def test_an_answer_in_anothers_name_is_a_message_of_its_sender(
    cast: Cast,
    post: Post,  # noqa: F811
    request_: AppointmentRequest,
) -> None:
    mail = post.arrives(answered("DECLINED", attendee="baska@example.org"))
    assert (mail.status, refetch(request_).status) == (MailStatus.JOINED, "APPROVED")
    assert "appointments/wrote" in heard(cast.secretary)


def test_a_program_that_answers_for_the_applicant_is_heard(post: Post, request_: AppointmentRequest) -> None:  # noqa: F811
    """Some calendar programs mark their mails as a machine's."""
    mail = post.arrives(answered("ACCEPTED", Auto_Submitted="auto-generated"))
    assert mail.status == MailStatus.JOINED
    assert refetch(request_).coming_confirmed_at is not None


CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\n%sBEGIN:VEVENT\r\nUID:a@b\r\nDTSTAMP:20240124T100000Z\r\n"
    b"SEQUENCE:%s\r\nATTENDEE;PARTSTAT=%s:mailto:a@b.example\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_answers_are_read() -> None:
    reply = reply_in(CALENDAR % (b"", b"2", b"accepted", b"COMMENT:Geliyorum\r\n"))
    assert reply is not None
    assert (reply.uid, reply.sequence, reply.answer, reply.comment) == ("a@b", 2, "ACCEPTED", "Geliyorum")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"REPLY",
        b"\xff\xfe REPLY",
        CALENDAR % (b"", b"x", b"ACCEPTED", b""),
        CALENDAR % (b"", b"1", b"DELEGATED", b""),
        CALENDAR % (b"", b"1", b"ACCEPTED", b"ATTENDEE;PARTSTAT=DECLINED:mailto:c@d.example\r\n"),
        (CALENDAR % (b"", b"1", b"ACCEPTED", b"")).replace(b"REPLY", b"REQUEST\r\nX-A:REPLY"),
        (CALENDAR % (b"", b"1", b"ACCEPTED", b"")).replace(b"DTSTAMP:20240124T100000Z", b"DTSTAMP:yesterday"),
        *(
            (CALENDAR % (b"", b"1", b"ACCEPTED", b"")).replace(
                b"DTSTAMP:20240124T100000Z", b"DTSTAMP" + stamp
            )
            for stamp in (
                b":00010101T000000Z",
                b";TZID=Europe/Istanbul:00010101T000000",
                b":99991231T235959Z",
            )
        ),
        CALENDAR % (b"BEGIN:VEVENT\r\nUID:z\r\nEND:VEVENT\r\n", b"1", b"ACCEPTED", b""),
        CALENDAR % (b"", b"1", b"ACCEPTED", b"X-LONG:" + b"x" * LONGEST + b"\r\n"),
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + b"BEGIN:VEVENT\r\n" * 2000,
    ],
)
def test_what_is_no_answer_of_one_person_to_one_event_is_none(content: bytes) -> None:
    assert reply_in(content) is None


def test_what_was_answered_in_days_to_come_is_none() -> None:
    """Any later answer would count as overtaken."""
    for days, is_one in ((0, True), (2, False)):
        stamp = f"{timezone.now() + dt.timedelta(days=days):%Y%m%dT%H%M%SZ}".encode()
        content = (CALENDAR % (b"", b"1", b"ACCEPTED", b"")).replace(b"20240124T100000Z", stamp)
        assert (reply_in(content) is not None) == is_one
