"""Threads of mail: one conversation in a mail program, a reply address that cannot be guessed, and no loop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.appointments import actions as appointments
from backend.appointments.choices import DeliveryMethod as AppointmentMeans
from backend.complaints.choices import DeliveryMethod
from backend.core.session import system
from backend.outbox import actions, jobs, threads
from backend.outbox.mail import message_id_of
from backend.outbox.models import Message
from backend.outbox.sms import TryAgain
from tests.backend.core.test_outbox import Sink, free_port
from tests.backend.stories import petition, replied, say
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_request, refetch

MAILBOX = "cevap@sancaktepe.example"
AYSE = "ayse@example.org"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A real mail server, and a mailbox to which replies go."""
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.REPLY_MAILBOX = MAILBOX
    yield handler
    controller.stop()


def sent_all() -> None:
    """Send what waits, the oldest first."""
    with system():
        waiting = list(
            Message.objects.filter(status="WAITING").order_by("created_at").values_list("pk", flat=True)
        )
    for pk in waiting:
        jobs.deliver(message_id=str(pk))


def post(matter: UUID | None = None, address: str = AYSE) -> Message:
    with system():
        return actions.post(
            channel="EMAIL",
            address=address,
            subject="Konu",
            body="Metin",
            purpose="test",
            matter=matter,
        )


def ids(mail: EmailMessage, name: str) -> list[str]:
    return str(mail[name] or "").split()


def test_the_mails_of_a_case_are_one_conversation(cast: Cast, sink: Sink) -> None:
    citizen = make_citizen(email=AYSE)
    case = petition(to=cast.fen, accepted_by=cast.fen_clerk, applicant=citizen, receipt=True)
    sent_all()
    say(case, "message", by=cast.fen_clerk, body="Hangi sokak?", means=DeliveryMethod.EMAIL)
    sent_all()
    replied(case, cast, means=DeliveryMethod.EMAIL)
    sent_all()
    receipt, question, answer = sink.mails
    keys = [str(mail["Message-ID"]) for mail in sink.mails]
    assert len(set(keys)) == 3
    assert (receipt["In-Reply-To"], receipt["References"]) == (None, None)
    assert (ids(question, "In-Reply-To"), ids(question, "References")) == (keys[:1], keys[:1])
    assert (ids(answer, "In-Reply-To"), ids(answer, "References")) == (keys[1:2], keys[:2])
    (tag,) = {threads.tag_in(str(mail["Reply-To"])) for mail in sink.mails}
    assert tag == threads.tag_of(case.key, AYSE)
    assert receipt["Reply-To"] == f"cevap+{tag}@sancaktepe.example"
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in sink.mails)
    body = receipt.get_body(["html"])
    assert body is not None
    assert f"{MAILBOX} adresine ulaşır" in body.get_content(), "the address is named without its tag"


def test_an_appointment_has_a_thread_too(cast: Cast, sink: Sink) -> None:
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    with system():
        for text in ("Belgelerinizi getiriniz.", "Kimliğinizi de."):
            appointments.message(refetch(request), by=None, body=text, means=AppointmentMeans.EMAIL)
    sent_all()
    first, second = sink.mails
    assert ids(second, "In-Reply-To") == [str(first["Message-ID"])]
    assert threads.tag_in(str(second["Reply-To"])) == threads.tag_of(request.key, AYSE)


def test_without_a_mailbox_for_replies_they_go_where_they_went(
    cast: Cast, sink: Sink, settings: Settings
) -> None:
    settings.REPLY_MAILBOX = ""
    case = uuid4()
    post(case), post(case)
    sent_all()
    first, second = sink.mails
    assert second["Reply-To"] == "ozelkalem@sancaktepe.example"
    assert ids(second, "References") == [str(first["Message-ID"])], "one conversation all the same"


def test_what_is_about_no_matter_is_no_thread(cast: Cast, sink: Sink) -> None:
    post(), post()
    sent_all()
    assert [mail["References"] for mail in sink.mails] == [None, None]
    assert {str(mail["Reply-To"]) for mail in sink.mails} == {"ozelkalem@sancaktepe.example"}


def test_another_address_and_another_case_are_other_threads(cast: Cast, sink: Sink) -> None:
    case, other = uuid4(), uuid4()
    post(case), post(case, "mehmet@example.org"), post(other)
    sent_all()
    assert len({str(mail["Reply-To"]) for mail in sink.mails}) == 3
    assert all(mail["References"] is None for mail in sink.mails)


def test_capitals_in_an_address_make_no_other_thread() -> None:
    case = uuid4()
    assert threads.tag_of(case, "Ayse@Example.org ") == threads.tag_of(case, AYSE)


def test_what_was_taken_back_or_never_left_is_not_named(cast: Cast, sink: Sink) -> None:
    case = uuid4()
    recalled, refused, left = post(case), post(case), post(case)
    with system():
        Message.objects.filter(pk=recalled.pk).update(status=Message.Status.RECALLED)
    sink.answer = "550 no"
    jobs.deliver(message_id=str(refused.pk))
    sink.answer = "250 OK"
    sent_all()
    post(case)
    sent_all()
    assert ids(sink.mails[-1], "References") == [message_id_of(left)]


def test_a_long_thread_names_its_first_mail_and_its_last_ones(
    cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_AN_HOUR", 1000)
    case = uuid4()
    for _number in range(40):
        post(case)
    sent_all()
    keys = [str(mail["Message-ID"]) for mail in sink.mails]
    named = ids(sink.mails[-1], "References")
    assert named == [keys[0], *keys[39 - threads.KEPT + 1 : 39]]
    assert len(named) == threads.KEPT
    assert ids(sink.mails[-1], "In-Reply-To") == [keys[38]]


def test_what_was_received_stands_in_its_place_and_adds_no_header(
    cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = uuid4()
    post(case)
    sent_all()
    (first,) = sink.mails
    received = [
        (timezone.now() + dt.timedelta(hours=1), "<antwort@example.org>"),
        (timezone.now() + dt.timedelta(hours=2), "<a@b>\nBcc: baskasi@example.org"),
        (timezone.now() + dt.timedelta(hours=3), "keine Kennung"),
    ]
    monkeypatch.setattr(threads, "RECEIVED", [lambda message: received])
    post(case)
    sent_all()
    answer = sink.mails[-1]
    assert ids(answer, "References") == [str(first["Message-ID"]), "<antwort@example.org>"]
    assert (ids(answer, "In-Reply-To"), answer["Bcc"]) == (["<antwort@example.org>"], None)


def test_nobody_makes_a_tag_without_the_key_of_the_installation(cast: Cast) -> None:
    case = uuid4()
    stored = post(case).thread
    with override_settings(SECRET_KEY="another key, as long as it has to be"):
        assert threads.tag_of(case, AYSE) != stored
    assert threads.tag_of(case, AYSE) == stored


@pytest.mark.parametrize(
    ("address", "tag"),
    [
        ("cevap+abcdefghij234567abcd@sancaktepe.example", "abcdefghij234567abcd"),
        ("CEVAP+ABCDEFGHIJ234567ABCD@SANCAKTEPE.EXAMPLE", "abcdefghij234567abcd"),
        (" cevap+x+abcdefghij234567abcd@sancaktepe.example ", "abcdefghij234567abcd"),
        ("cevap+abcdefghij234567abc@sancaktepe.example", ""),
        ("cevap+abcdefghij234567abcde@sancaktepe.example", ""),
        ("cevap+abcdefghij234567abc1@sancaktepe.example", ""),
        ("cevap@sancaktepe.example", ""),
        ("abcdefghij234567abcd", ""),
        ("cevap+abcdefghij234567abcd", ""),
        ("", ""),
        ("+@", ""),
    ],
)
def test_the_tag_of_an_address(address: str, tag: str) -> None:
    assert threads.tag_in(address) == tag


def test_more_than_thirty_mails_an_hour_wait_and_are_not_lost(cast: Cast, sink: Sink) -> None:
    case = uuid4()
    for _number in range(jobs.MOST_AN_HOUR):
        post(case)
    sent_all()
    last, other, private = post(case), post(case, "mehmet@example.org"), post()
    with pytest.raises(TryAgain):
        jobs.deliver(message_id=str(last.pk))
    jobs.deliver(message_id=str(other.pk))
    jobs.deliver(message_id=str(private.pk))
    assert (refetch(last).status, refetch(last).attempts) == (Message.Status.WAITING, 0)
    assert refetch(other).status == refetch(private).status == Message.Status.SENT
    with system():
        Message.objects.update(sent_at=timezone.now() - dt.timedelta(hours=1, minutes=1))
    jobs.deliver(message_id=str(last.pk))
    assert refetch(last).status == Message.Status.SENT


def test_a_tag_says_nothing_of_what_it_is_about(cast: Cast) -> None:
    case = make_complaint(receipt=True)
    with system():
        message = Message.objects.get()
    assert len(message.thread) == threads.LETTERS
    assert not any(part in message.thread for part in (case.key.hex[:6], case.reference, message.address[:5]))
