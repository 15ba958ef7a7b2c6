"""An appointment by mail, from the wish to the answer of the applicant's calendar: no one types anything twice."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from typing import Any

import icalendar
from django.utils import timezone

from backend.core.session import system
from backend.mailboxes.models import Mailbox
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import DAY
from tests.journeys.mail.test_by_mail import (  # noqa: F401 - `post` is a fixture
    AYSE,
    Post,
    on_the_desk,
    post,
    reply_to,
    says,
    written,
)
from tests.schema.client import Asking

STATE = "query ($i: ID!) { node(id: $i) { ... on AppointmentRequest { status comingConfirmedAt } } }"


def event_in(mail: Message) -> Any:
    """The appointment that a mail brings for the calendar."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    (event,) = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return event


def calendar_answers(mail: Message, answer: str, sender: str = AYSE) -> EmailMessage:
    """What the applicant's calendar program sends once they press a button in it."""
    asked = event_in(mail)
    calendar, event = icalendar.Calendar(), icalendar.Event()
    for name, value in (("version", "2.0"), ("prodid", "-//Takvim//TR"), ("method", "REPLY")):
        calendar.add(name, value)
    for name in ("UID", "SEQUENCE", "ORGANIZER"):
        event[name] = asked[name]
    event.add("dtstamp", timezone.now())
    event.add("attendee", f"mailto:{AYSE}", parameters={"PARTSTAT": answer})
    calendar.add_component(event)
    message = written(f"{answer}: {mail['Subject']}", "")
    message.replace_header("From", f"Ayşe Işık <{sender}>")
    message.replace_header("To", str(asked["ORGANIZER"]).removeprefix("mailto:"))
    part = MIMEBase("text", "calendar", method="REPLY")
    part.set_payload(calendar.to_ical())
    message.make_mixed()
    message.attach(part)
    return message


def test_an_appointment_by_mail_comes_back_from_the_calendar(cast: Cast, post: Post) -> None:  # noqa: F811
    with system():
        Mailbox.objects.update(purpose="APPOINTMENTS")
    post.brings(written("Nezaket ziyareti", "Sayın Başkanımızı beş kişi ziyaret etmek istiyoruz."))
    office = Asking(cast.secretary)
    facts = {"principal": global_id(cast.mayors), "kind": "COURTESY", "partySize": 5}
    seen = "inboundMessage { appointmentRequest { id } }"
    made = says(office, "inboundMessageMakeRequest", on_the_desk(office)["id"], seen, **facts)
    request = made["inboundMessage"]["appointmentRequest"]["id"]
    post.takes()

    says(office, "appointmentApprove", request, startsAt=f"{DAY}T14:00", means="EMAIL", place="Makam")
    invitation = post.takes()
    assert f"{DAY.replace('-', '')}T140000" in event_in(invitation).to_ical().decode()

    forged = calendar_answers(invitation, "DECLINED", "baska@posta.example")
    assert post.brings(forged).status == "WAITING"
    assert office.data(STATE, i=request)["node"]["status"] == "APPROVED"

    assert post.brings(calendar_answers(invitation, "ACCEPTED")).status == "JOINED"
    state = office.data(STATE, i=request)["node"]
    assert state["status"] == "APPROVED"
    assert state["comingConfirmedAt"] is not None

    says(office, "appointmentReschedule", request, startsAt=f"{DAY}T15:00")
    moved = post.takes()
    assert office.data(STATE, i=request)["node"]["comingConfirmedAt"] is None
    late = calendar_answers(invitation, "DECLINED")
    assert post.brings(late).status == "JOINED"
    assert office.data(STATE, i=request)["node"]["status"] == "APPROVED", "it was about the former time"

    assert post.brings(reply_to(moved, "Bir kişi daha geleceğiz.")).status == "JOINED"
    assert post.brings(calendar_answers(moved, "DECLINED")).status == "JOINED"
    assert office.data(STATE, i=request)["node"]["status"] == "WITHDRAWN"
